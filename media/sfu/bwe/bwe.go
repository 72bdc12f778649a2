// Package bwe estimates how much one receiver can be sent, from transport-wide feedback: by the growth of the packets' delay and by
// their loss (draft-ietf-rmcat-gcc-02), raised faster by probes: short bursts of packets that are not needed. All times are given,
// none is read; the same feedback gives the same estimate.
package bwe

import (
	"time"

	"gonghui/media/sfu/twcc"
)

// Constants of the draft and of browsers.
const (
	beta      = 0.85 // of what arrives, after overuse
	lossHigh  = 0.10 // above it the estimate falls
	lossLow   = 0.02 // below it it may rise
	lossEvery = 200 * time.Millisecond
	quiet     = time.Second // after a fall, before a probe
)

// Options bound an estimate, in bits a second.
type Options struct {
	Start, Min, Max int
}

// Estimator is the estimate for one receiver.
type Estimator struct {
	opt    Options
	trend  trend
	acked  acked
	delay  float64 // by delay, bits a second
	loss   float64 // by loss
	rose   time.Duration
	fell   time.Duration
	fallen bool
	link   float64 // what arrived at the last overuse, smoothed: near it the estimate rises slowly
	rtt    time.Duration
	heard  time.Duration // the last feedback came

	// loss
	lost, came int
	counted    time.Duration
	fraction   float64

	probes prober
}

// New begins with opt.Start.
func New(opt Options) *Estimator {
	return &Estimator{opt: opt, delay: float64(opt.Start), loss: float64(opt.Max)}
}

// Moved begins anew on another path: no more is taken for granted there than at the start, and no more than the one before carried.
func (e *Estimator) Moved() {
	start, probe := min(e.Target(), e.opt.Start), e.probes.number
	*e = *New(e.opt)
	e.delay, e.probes.number = float64(start), probe
}

// Target is the estimate in bits a second.
func (e *Estimator) Target() int {
	return int(max(float64(e.opt.Min), min(e.delay, e.loss, float64(e.opt.Max))))
}

// ByDelay is the estimate without what is lost: where packets are lost by chance, as on a bad radio link, it is what the path carries.
func (e *Estimator) ByDelay() int {
	return int(min(max(e.delay, float64(e.opt.Min)), float64(e.opt.Max)))
}

// squeezed is how long after an overuse losses are taken for its doing.
const squeezed = 5 * time.Second

// Squeezed tells whether the path was full lately: what is lost then is lost because too much was sent.
func (e *Estimator) Squeezed(now time.Duration) bool {
	return e.trend.state == over || e.fallen && now-e.fell < squeezed
}

// Loss is the part of the packets that was lost lately, 0 to 1.
func (e *Estimator) Loss() float64 { return e.fraction }

// RTT is the shortest time from sending to feedback in the last one; 0 before the first.
func (e *Estimator) RTT() time.Duration { return e.rtt }

// Feedback takes what became of packets, in the order of sending.
func (e *Estimator) Feedback(packets []twcc.Packet, now time.Duration) {
	if len(packets) == 0 {
		return
	}
	e.heard = now
	newest := time.Duration(-1)
	for _, p := range packets {
		if !p.Received {
			e.lost++
			continue
		}
		e.came++
		e.trend.add(p.Sent, p.At)
		e.acked.add(p.At, p.Bytes)
		newest = max(newest, p.Sent)
		if p.Probe != 0 {
			e.probes.came(p)
		}
	}
	if newest >= 0 {
		e.rtt = max(now-newest, time.Millisecond)
	}
	if rate, ok := e.probes.result(now); ok && e.trend.state != over {
		// A probe that got through shows room, one that did not shows nothing: the delay has told already.
		if rate > e.delay {
			e.delay = min(rate, float64(e.opt.Max))
			e.loss = max(e.loss, e.delay)
			e.rose = now
		}
	}
	e.byDelay(now)
	e.byLoss(now)
	e.delay = max(float64(e.opt.Min), min(e.delay, float64(e.opt.Max)))
}

func (e *Estimator) byDelay(now time.Duration) {
	switch e.trend.state {
	case over:
		// Once a round trip: what is sent after a fall has to be seen first.
		if e.fallen && now-e.fell < e.rtt+100*time.Millisecond {
			return
		}
		target := e.delay * beta
		if e.acked.known {
			target = min(e.delay, beta*e.acked.rate)
			if e.link == 0 || e.acked.rate < e.link*0.7 || e.acked.rate > e.link*1.3 {
				e.link = e.acked.rate
			}
			e.link += 0.05 * (e.acked.rate - e.link)
		}
		e.delay, e.fell, e.fallen, e.rose = target, now, true, now
	case under:
		e.rose = now // the queue empties: wait
	case normal:
		passed := min(max(now-e.rose, 0), time.Second).Seconds()
		e.rose = now
		// It rises only while it is used: an estimate that nobody tests says nothing.
		ceiling := e.opt.Max
		if e.acked.known {
			ceiling = int(1.5*e.acked.rate) + 10_000
		}
		if e.delay >= float64(ceiling) {
			return
		}
		grown := e.delay * (1 + 0.08*passed)
		if e.link > 0 && e.acked.known && e.acked.rate > 0.7*e.link && e.acked.rate < 1.3*e.link {
			// One packet more a round trip.
			grown = e.delay + max(1200*8/(e.rtt+100*time.Millisecond).Seconds(), 4000)*passed
		}
		e.delay = min(grown, max(e.delay, float64(ceiling)))
	}
}

func (e *Estimator) byLoss(now time.Duration) {
	if now-e.counted < lossEvery || e.lost+e.came < 10 {
		return
	}
	passed := min(max(now-e.counted, 0), time.Second).Seconds()
	e.counted = now
	fraction := float64(e.lost) / float64(e.lost+e.came)
	e.lost, e.came = 0, 0
	e.fraction += 0.5 * (fraction - e.fraction)
	switch {
	case e.fraction > lossHigh:
		at := min(e.loss, e.delay)
		e.loss = max(at*(1-0.5*e.fraction*min(passed/0.3, 1)), float64(e.opt.Min))
	case e.fraction < lossLow:
		e.loss = min(max(e.loss*(1+0.08*passed), e.delay), float64(e.opt.Max))
	}
}

// Congested tells whether a queue grows now.
func (e *Estimator) Congested() bool { return e.trend.state == over }
