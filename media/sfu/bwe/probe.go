package bwe

import (
	"time"

	"gonghui/media/sfu/twcc"
)

// Probe is a burst to be sent: Bytes of it at Rate, all marked with Number.
type Probe struct {
	Number uint16
	Rate   int // bits a second
	Bytes  int
}

// Of probes.
const (
	probeTime   = 15 * time.Millisecond // how long one lasts at its rate
	probeLeast  = 5                     // packets that must come for a result
	probeWait   = time.Second           // until it is judged by what came
	probeEvery  = 2 * time.Second
	probeSeldom = 8 * time.Second // after several that showed nothing
	idleAfter   = time.Second     // without feedback
)

// prober plans probes and reads their results. One is under way at a time.
type prober struct {
	number   uint16
	rate     int
	began    time.Duration
	under    bool
	wait     time.Duration
	next     time.Duration
	packets  int
	bytes    int
	first    time.Duration // came
	last     time.Duration
	firstOut time.Duration
	lastOut  time.Duration
	headIn   int // bytes of the packet that came first
}

// Probe plans one when need, in bits a second, is more than the estimate and the path is at ease; false otherwise. The caller
// sends it at once.
func (e *Estimator) Probe(need int, now time.Duration) (Probe, bool) {
	p := &e.probes
	target := e.Target()
	// Where nothing is sent nothing is heard, and what was last known tells nothing any more: a probe does.
	idle := now-e.heard > idleAfter
	if idle && p.under && now-p.began > 2*probeWait {
		p.under = false
	}
	if need <= target || e.trend.state != normal && !idle || e.fraction > lossLow || p.under || now < p.next || e.fallen && now-e.fell < quiet || target >= e.opt.Max {
		return Probe{}, false
	}
	rate := min(need+need/10, 2*target, e.opt.Max)
	if p.number++; p.number == 0 {
		p.number = 1
	}
	*p = prober{number: p.number, rate: rate, began: now, under: true, wait: max(p.wait, probeEvery), next: p.next}
	return Probe{p.number, rate, max(rate/8*int(probeTime/time.Millisecond)/1000, probeLeast*1200)}, true
}

// came takes a packet of a probe.
func (p *prober) came(k twcc.Packet) {
	if !p.under || k.Probe != p.number {
		return
	}
	if p.packets == 0 {
		p.first, p.last, p.firstOut, p.lastOut, p.headIn = k.At, k.At, k.Sent, k.Sent, k.Bytes
	}
	if k.At < p.first {
		p.first, p.headIn = k.At, k.Bytes
	}
	p.last, p.lastOut = max(p.last, k.At), max(p.lastOut, k.Sent)
	p.firstOut = min(p.firstOut, k.Sent)
	p.packets++
	p.bytes += k.Bytes
}

// result is the rate at which a probe came, once all of it should have.
func (p *prober) result(now time.Duration) (float64, bool) {
	if !p.under || now-p.began < probeWait/4 {
		return 0, false
	}
	if p.packets < probeLeast && now-p.began < probeWait {
		return 0, false
	}
	p.under = false
	p.next = now + p.wait
	// Arrivals are told to a quarter of a millisecond: a fast path lets all come at one moment.
	over := max(p.last-p.first, time.Millisecond)
	if p.packets < probeLeast {
		p.wait = min(2*p.wait, probeSeldom)
		return 0, false
	}
	// n packets bound n-1 gaps: the first one's bytes came before them.
	rate := float64(p.bytes-p.headIn) * 8 / over.Seconds()
	if rate < 0.9*float64(p.rate) {
		// The path was full: what came is what it carries.
		p.wait = min(2*p.wait, probeSeldom)
		return 0.95 * rate, true
	}
	p.wait = probeEvery
	return float64(p.rate), true
}
