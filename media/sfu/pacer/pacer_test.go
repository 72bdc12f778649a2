package pacer

import (
	"testing"
	"time"
)

const ms = time.Millisecond

// offer pushes a packet unless it passes.
func offer(p *Pacer, c Class, bytes int, burst uint32, now time.Duration) bool {
	if p.Pass(c, bytes, burst, now) {
		return true
	}
	p.Push(c, Item{Bytes: bytes, Burst: burst}, now)
	return false
}

func TestNoBoundNoWait(t *testing.T) {
	var p Pacer
	for i := range 1000 {
		if !offer(&p, Video, 1200, uint32(i), 0) {
			t.Fatal("waits without a rate")
		}
	}
	if _, ok := p.Next(0); ok {
		t.Error("something waits")
	}
}

// Whatever is offered, no more goes than the rate and one burst beyond it.
func TestRate(t *testing.T) {
	var p Pacer
	p.SetRate(1_000_000)
	sent := 0
	burst := uint32(0)
	for now := time.Duration(0); now < 2*time.Second; now += 5 * ms {
		burst++
		for range 5 {
			if offer(&p, Video, 1000, burst, now) {
				sent += 1000
			}
		}
		for {
			i, _, ok := p.Pop(now, nil)
			if !ok {
				break
			}
			sent += i.Bytes
		}
	}
	if sent < 245_000 || sent > 250_000+5000+5000 {
		t.Errorf("%d bytes went in two seconds of 1 Mbit/s", sent)
	}
}

func TestABurstIsNotParted(t *testing.T) {
	var p Pacer
	p.SetRate(100_000)
	for i := range 30 {
		if !offer(&p, Video, 1200, 7, 0) {
			t.Fatalf("packet %d of a picture waits for the others", i)
		}
	}
	if offer(&p, Video, 1200, 8, 0) {
		t.Error("the next picture does not wait")
	}
	offer(&p, Video, 1200, 8, 0)
	if _, _, ok := p.Pop(0, nil); ok {
		t.Error("goes at once")
	}
	at, ok := p.Next(0)
	if !ok || at < 2*time.Second || at > 3*time.Second {
		t.Errorf("the next goes after %s", at)
	}
	if _, _, ok := p.Pop(at-ms, nil); ok {
		t.Error("goes before its time")
	}
}

func TestOrder(t *testing.T) {
	var p Pacer
	p.SetRate(100_000)
	p.Pass(Video, 5000, 1, 0)
	offer(&p, Video, 1000, 2, 0)
	offer(&p, Video, 1000, 2, 0)
	offer(&p, Repeat, 900, 0, 0)
	if !offer(&p, Audio, 100, 0, 0) {
		t.Error("sound waits")
	}
	var got []int
	for now := time.Duration(0); now < time.Second; now += ms {
		for {
			i, _, ok := p.Pop(now, nil)
			if !ok {
				break
			}
			got = append(got, i.Bytes)
		}
	}
	if len(got) != 3 || got[0] != 900 || got[1] != 1000 || got[2] != 1000 {
		t.Errorf("they go as %v", got)
	}
	if p.Waiting() != 0 {
		t.Errorf("%d wait", p.Waiting())
	}
}

func TestStaleAndFull(t *testing.T) {
	var p Pacer
	p.SetRate(8000)
	p.Pass(Video, 100_000, 1, 0)
	kept := 0
	for i := range 2000 {
		if p.Push(Video, Item{Bytes: 1, Burst: uint32(i + 2)}, 0) {
			kept++
		}
	}
	if kept != longest || p.Waiting() != longest {
		t.Errorf("%d kept, %d wait", kept, p.Waiting())
	}
	dropped := 0
	if _, _, ok := p.Pop(stale+1, func(Item) { dropped++ }); ok || dropped != longest {
		t.Errorf("%d dropped", dropped)
	}
	p.Push(Video, Item{Bytes: 1}, 0)
	p.Drop(Video)
	if p.Waiting() != 0 {
		t.Error("waits after all was dropped")
	}
}

func TestNoAllocation(t *testing.T) {
	var p Pacer
	p.SetRate(1_000_000)
	now := time.Duration(0)
	step := func() {
		now += ms
		for range 4 {
			offer(&p, Video, 1000, uint32(now), now)
		}
		for range 4 {
			p.Pop(now, nil)
		}
		if p.Waiting() > 100 {
			p.Drop(Video)
		}
	}
	for range 500 {
		step()
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

func BenchmarkPass(b *testing.B) {
	var p Pacer
	p.SetRate(1 << 40)
	b.ReportAllocs()
	for i := range b.N {
		p.Pass(Video, 1000, uint32(i), time.Duration(i))
	}
}

// A path that gets narrow lets the next packet go as soon as the new rate allows, not after what went at the old one.
func TestALowerRateForgives(t *testing.T) {
	p := Pacer{}
	p.SetRate(10_000_000)
	for p.Pass(Video, 1000, 1, time.Second) && p.debt < 100_000 {
	}
	p.SetRate(100_000)
	if at, ok := p.Next(time.Second); ok {
		t.Fatalf("nothing waits, but goes at %v", at)
	}
	if !p.Pass(Video, 1000, 2, time.Second+80*time.Millisecond) {
		t.Error("the next picture waits for more than the new rate asks")
	}
}
