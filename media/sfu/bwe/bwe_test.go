package bwe

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gonghui/media/sfu/twcc"
)

// link is a bottleneck with a queue, in virtual time.
type link struct {
	capacity func(time.Duration) int // bits a second
	delay    time.Duration
	jitter   time.Duration
	loss     float64
	queue    time.Duration                     // longest
	busy     func(time.Duration) time.Duration // until when a receiver that is busy now does not read
	free     time.Duration                     // when the queue is empty
	rng      *rand.Rand
}

// carry tells when a packet comes; false when it is lost.
func (l *link) carry(bytes int, now time.Duration) (time.Duration, bool) {
	if l.loss > 0 && l.rng.Float64() < l.loss {
		return 0, false
	}
	start := max(l.free, now)
	if start-now > l.queue {
		return 0, false
	}
	l.free = start + time.Duration(float64(bytes*8)/float64(l.capacity(now))*float64(time.Second))
	at := l.free + l.delay
	if l.busy != nil {
		at = l.busy(at)
	}
	if l.jitter > 0 {
		at += time.Duration(l.rng.Int64N(int64(l.jitter)))
	}
	return at, true
}

// run sends for a time what the estimate allows, at most what the application has, and returns the estimate each 100 ms.
func run(l *link, e *Estimator, app int, long time.Duration) (targets []int, probes int) {
	const step = 5 * time.Millisecond
	type flight struct {
		twcc.Packet
		back time.Duration
	}
	var all []flight
	credit := 0.0
	offset := 7 * time.Hour // the receiver's clock
	for now := time.Duration(0); now < long; now += step {
		send := func(bytes int, probe uint16, at time.Duration) {
			f := flight{Packet: twcc.Packet{Sent: at, Bytes: bytes, Probe: probe}}
			arrive, ok := l.carry(bytes, at)
			f.Received, f.At, f.back = ok, arrive+offset, max(arrive, at)
			all = append(all, f)
		}
		credit += float64(min(e.Target(), app)) * step.Seconds() / 8
		for credit >= 1000 {
			credit -= 1000
			send(1000, 0, now)
		}
		if p, ok := e.Probe(app, now); ok {
			probes++
			for sent := 0; sent < p.Bytes; sent += 1200 {
				send(1200, p.Number, now+time.Duration(float64(sent*8)/float64(p.Rate)*float64(time.Second)))
			}
		}
		if now%(100*time.Millisecond) == 0 && now > 0 {
			var told []twcc.Packet
			all = slices.DeleteFunc(all, func(f flight) bool {
				if f.back+l.delay > now {
					return false
				}
				told = append(told, f.Packet)
				return true
			})
			e.Feedback(told, now)
			targets = append(targets, e.Target())
		}
	}
	return targets, probes
}

func mean(v []int) int {
	sum := 0
	for _, x := range v {
		sum += x
	}
	return sum / max(len(v), 1)
}

func constant(bps int) func(time.Duration) int { return func(time.Duration) int { return bps } }

var options = Options{Start: 300_000, Min: 30_000, Max: 10_000_000}

func TestFindsTheBottleneck(t *testing.T) {
	for name, c := range map[string]struct {
		link link
		app  int
		low  float64 // of the capacity
		high float64
	}{
		"300 kbit/s":                  {link{capacity: constant(300_000), delay: 30 * time.Millisecond}, 5_000_000, 0.6, 1.1},
		"1 Mbit/s":                    {link{capacity: constant(1_000_000), delay: 30 * time.Millisecond}, 5_000_000, 0.65, 1.1},
		"3 Mbit/s":                    {link{capacity: constant(3_000_000), delay: 20 * time.Millisecond}, 5_000_000, 0.65, 1.1},
		"1 Mbit/s, 150 ms away":       {link{capacity: constant(1_000_000), delay: 75 * time.Millisecond}, 5_000_000, 0.6, 1.1},
		"1 Mbit/s, jitter of 10 ms":   {link{capacity: constant(1_000_000), delay: 30 * time.Millisecond, jitter: 10 * time.Millisecond}, 5_000_000, 0.5, 1.15},
		"1 Mbit/s, 1 % lost":          {link{capacity: constant(1_000_000), delay: 30 * time.Millisecond, loss: 0.01}, 5_000_000, 0.55, 1.1},
		"1 Mbit/s, 5 % lost":          {link{capacity: constant(1_000_000), delay: 30 * time.Millisecond, loss: 0.05}, 5_000_000, 0.45, 1.1},
		"1 Mbit/s, a short queue":     {link{capacity: constant(1_000_000), delay: 30 * time.Millisecond, queue: 40 * time.Millisecond}, 5_000_000, 0.5, 1.15},
		"20 Mbit/s, 2 wanted":         {link{capacity: constant(20_000_000), delay: 30 * time.Millisecond}, 2_000_000, 0.1, 0.5},
		"more than is ever estimated": {link{capacity: constant(50_000_000), delay: 10 * time.Millisecond}, 20_000_000, 0.19, 0.2},
	} {
		t.Run(name, func(t *testing.T) {
			l := c.link
			if l.queue == 0 {
				l.queue = 400 * time.Millisecond
			}
			l.rng = rand.New(rand.NewPCG(1, 9))
			targets, _ := run(&l, New(options), c.app, 60*time.Second)
			got := float64(mean(targets[300:])) / float64(l.capacity(0))
			t.Logf("%.0f %% of the capacity", 100*got)
			if got < c.low || got > c.high {
				t.Errorf("the estimate is %.0f %% of the capacity, not %.0f to %.0f", 100*got, 100*c.low, 100*c.high)
			}
		})
	}
}

// A path that narrows is noticed within two seconds, one that widens again within fifteen.
func TestFollowsThePath(t *testing.T) {
	l := &link{capacity: func(at time.Duration) int {
		if at > 20*time.Second && at < 40*time.Second {
			return 300_000
		}
		return 2_000_000
	}, delay: 30 * time.Millisecond, queue: 500 * time.Millisecond, rng: rand.New(rand.NewPCG(1, 9))}
	targets, probes := run(l, New(options), 2_500_000, 80*time.Second)
	before, narrow, after := mean(targets[150:200]), mean(targets[220:400]), mean(targets[550:])
	t.Logf("%d, then %d, then %d, with %d probes", before, narrow, after, probes)
	if before < 1_300_000 || narrow > 360_000 || narrow < 150_000 || after < 1_200_000 {
		t.Errorf("%d, then %d, then %d", before, narrow, after)
	}
}

// Probes bring a receiver from its first estimate to what it may have in seconds, and stop when nothing more is wanted.
func TestProbes(t *testing.T) {
	l := &link{capacity: constant(20_000_000), delay: 20 * time.Millisecond, queue: 300 * time.Millisecond, rng: rand.New(rand.NewPCG(1, 9))}
	e := New(options)
	targets, probes := run(l, e, 3_000_000, 20*time.Second)
	at := slices.IndexFunc(targets, func(v int) bool { return v >= 3_000_000 })
	if at < 0 || at > 120 || probes < 2 || probes > 8 {
		t.Errorf("3 Mbit/s after %d tenths of a second, by %d probes", at, probes)
	}
	if _, ok := e.Probe(e.Target(), time.Minute); ok {
		t.Error("probes though nothing more is wanted")
	}
}

// On a path so fast that all of a probe comes at one moment, it counts as having come.
func TestProbesOnAFastPath(t *testing.T) {
	e := New(Options{Start: 1_000_000, Min: 30_000, Max: 10_000_000})
	now := time.Second
	for range 100 {
		var told []twcc.Packet
		if p, ok := e.Probe(8_000_000, now); ok {
			for sent := 0; sent < p.Bytes; sent += 1200 {
				told = append(told, twcc.Packet{Sent: now, Bytes: 1200, Probe: p.Number, Arrival: twcc.Arrival{Received: true, At: now + time.Millisecond}})
			}
		}
		for i := range 10 {
			at := now + time.Duration(i)*10*time.Millisecond
			told = append(told, twcc.Packet{Sent: at, Bytes: 1000, Arrival: twcc.Arrival{Received: true, At: at + time.Millisecond}})
		}
		now += 100 * time.Millisecond
		e.Feedback(told, now)
	}
	if e.Target() < 8_000_000 {
		t.Errorf("the estimate is %d after ten seconds", e.Target())
	}
}

// A receiver whose machine is busy reads late, many packets at a time. That is no queue, and takes nothing from what it is sent.
func TestABusyReceiver(t *testing.T) {
	for name, c := range map[string]struct{ every, least, most time.Duration }{
		"now and then": {500 * time.Millisecond, 10 * time.Millisecond, 60 * time.Millisecond},
		"often":        {100 * time.Millisecond, 5 * time.Millisecond, 80 * time.Millisecond},
		"badly":        {time.Second, 100 * time.Millisecond, 300 * time.Millisecond},
	} {
		rng := rand.New(rand.NewPCG(4, 4))
		var from, to time.Duration
		l := &link{capacity: constant(50_000_000), delay: time.Millisecond, queue: time.Second, rng: rng, busy: func(at time.Duration) time.Duration {
			for at >= to {
				from = to + time.Duration(rng.Int64N(int64(2*c.every)))
				to = from + c.least + time.Duration(rng.Int64N(int64(c.most-c.least)))
			}
			if at >= from {
				return to
			}
			return at
		}}
		targets, _ := run(l, New(Options{Start: 1_000_000, Min: 60_000, Max: 12_000_000}), 3_000_000, 60*time.Second)
		low, under := 1<<30, 0
		for _, v := range targets[150:] {
			low = min(low, v)
			if v < 3_000_000 {
				under++
			}
		}
		t.Logf("%s: %d at worst, too low %d of %d times", name, low, under, len(targets)-150)
		if under > len(targets)/20 {
			t.Errorf("%s: too low %d of %d times, %d at worst", name, under, len(targets)-150, low)
		}
	}
}

func TestHeavyLossFalls(t *testing.T) {
	l := &link{capacity: constant(5_000_000), delay: 20 * time.Millisecond, loss: 0.3, queue: time.Second, rng: rand.New(rand.NewPCG(1, 9))}
	e := New(Options{Start: 2_000_000, Min: 50_000, Max: 5_000_000})
	targets, _ := run(l, e, 5_000_000, 20*time.Second)
	if last := targets[len(targets)-1]; last > 400_000 || last < 50_000 {
		t.Errorf("%d at 30 %% loss", last)
	}
	if e.Loss() < 0.15 || e.Loss() > 0.45 {
		t.Errorf("loss of %.2f", e.Loss())
	}
}

// Whatever a receiver tells, the estimate stays within its bounds.
func FuzzFeedback(f *testing.F) {
	f.Add(uint64(1), int64(time.Second), int64(-time.Hour))
	f.Fuzz(func(t *testing.T, seed uint64, scale, offset int64) {
		rng := rand.New(rand.NewPCG(seed, 1))
		e := New(options)
		now := time.Duration(0)
		for range 200 {
			now += 50 * time.Millisecond
			e.Probe(1<<40, now)
			var told []twcc.Packet
			for range rng.IntN(20) {
				told = append(told, twcc.Packet{
					Sent: now - time.Duration(rng.IntN(1000))*time.Millisecond, Bytes: rng.IntN(65536), Probe: uint16(rng.IntN(4)),
					Arrival: twcc.Arrival{Received: rng.IntN(3) > 0, At: time.Duration(rng.Int64()%max(scale, 1) + offset)},
				})
			}
			e.Feedback(told, now)
			if v := e.Target(); v < options.Min || v > options.Max {
				t.Fatalf("estimate of %d", v)
			}
		}
	})
}

func TestNoAllocation(t *testing.T) {
	e := New(options)
	told := make([]twcc.Packet, 20)
	now := time.Duration(0)
	if n := testing.AllocsPerRun(200, func() {
		for i := range told {
			now += 5 * time.Millisecond
			told[i] = twcc.Packet{Sent: now, Bytes: 1000, Arrival: twcc.Arrival{Received: true, At: now}}
		}
		e.Feedback(told, now)
	}); n != 0 {
		t.Errorf("%v allocations for a feedback", n)
	}
}

func BenchmarkFeedback(b *testing.B) {
	e := New(options)
	told := make([]twcc.Packet, 20)
	now := time.Duration(0)
	b.ReportAllocs()
	for b.Loop() {
		for i := range told {
			now += 5 * time.Millisecond
			told[i] = twcc.Packet{Sent: now, Bytes: 1000, Arrival: twcc.Arrival{Received: true, At: now}}
		}
		e.Feedback(told, now)
	}
}

// Where nothing was sent for a while, a probe is sent whatever was known last; one of which nothing was heard does not stand in the way.
func TestProbesWhereNothingIsHeard(t *testing.T) {
	e := New(Options{Start: 100_000, Min: 60_000, Max: 5_000_000})
	e.trend.state = under
	e.heard = 10 * time.Second
	if _, ok := e.Probe(1_000_000, 10*time.Second+100*time.Millisecond); ok {
		t.Error("a probe while the queue empties")
	}
	for i := range 3 {
		at := 12*time.Second + time.Duration(i)*4*time.Second
		if _, ok := e.Probe(1_000_000, at); !ok {
			t.Errorf("no probe after %v of silence", at-e.heard)
		}
	}
}

func TestSqueezed(t *testing.T) {
	e := New(Options{Start: 1_000_000, Min: 60_000, Max: 5_000_000})
	if e.Squeezed(0) {
		t.Error("from the beginning")
	}
	e.fallen, e.fell = true, time.Second
	if !e.Squeezed(2*time.Second) || e.Squeezed(10*time.Second) {
		t.Error("a fall is remembered too short or too long")
	}
	e.loss = 100_000
	if e.Target() != 100_000 || e.ByDelay() != 1_000_000 {
		t.Errorf("%d, by delay %d", e.Target(), e.ByDelay())
	}
}

func TestMoved(t *testing.T) {
	for _, c := range []struct{ delay, after int }{{4_000_000, 1_000_000}, {200_000, 200_000}} {
		e := New(Options{Start: 1_000_000, Min: 60_000, Max: 5_000_000})
		e.delay, e.fraction, e.fallen, e.probes.number = float64(c.delay), 0.5, true, 7
		e.Moved()
		if e.Target() != c.after || e.Loss() != 0 || e.Squeezed(0) || e.probes.number != 7 {
			t.Errorf("%d: %+v", c.delay, e)
		}
	}
}
