package jitter

import (
	"testing"
	"time"
)

func TestUnwrap(t *testing.T) {
	var u Unwrap
	for i, c := range []struct {
		seq  uint16
		want uint64
	}{{65534, 131070}, {65535, 131071}, {1, 131073}, {0, 131072}, {65533, 131069}, {3, 131075}, {32000, 163072}, {64000, 195072}, {2, 196610}} {
		if got := u.Next(c.seq); got != c.want {
			t.Errorf("%d: %d is %d, not %d", i, c.seq, got, c.want)
		}
	}
	if u.Highest() != 196610 || u.Peek(65535) != 196607 {
		t.Errorf("highest %d, before it %d", u.Highest(), u.Peek(65535))
	}
}

func TestLoss(t *testing.T) {
	seqs := func(from, n int, skip func(int) bool) (out []uint16) {
		for i := range n {
			if !skip(i) {
				out = append(out, uint16(from+i))
			}
		}
		return out
	}
	none := func(int) bool { return false }
	for name, c := range map[string]struct {
		seqs     []uint16
		lost     int32
		fraction uint8
	}{
		"all there":         {seqs(100, 100, none), 0, 0},
		"over the wrap":     {seqs(65500, 100, none), 0, 0},
		"one of four":       {seqs(10, 100, func(i int) bool { return i%4 == 2 }), 25, 64},
		"in another order":  {[]uint16{5, 7, 6, 9, 8}, 0, 0},
		"twice":             {[]uint16{5, 6, 6, 7}, -1, 0},
		"before the first":  {[]uint16{5, 4, 6}, -1, 0},
		"one far off":       {append(seqs(5, 10, none), 40000, 15), 0, 0},
		"all but two":       {[]uint16{1, 1000}, 998, 255},
		"begins anew":       {append(seqs(5, 50, none), 40000, 40001, 40002), 0, 0},
		"begins anew, loss": {append(seqs(5, 50, none), 40000, 40001, 40004), 2, 128},
	} {
		r := Receiver{ClockRate: 90000}
		last := uint64(0)
		for i, s := range c.seqs {
			ext, ok := r.Observe(s, uint32(i*3000), time.Duration(i)*time.Second/30)
			if ok && uint16(ext) != s {
				t.Errorf("%s: %d became %d", name, s, ext)
			}
			last = max(last, ext)
		}
		got, ok := r.Report()
		if !ok || got.Lost != c.lost || got.Fraction != c.fraction {
			t.Errorf("%s: %+v, not %d lost and %d/256", name, got, c.lost, c.fraction)
		}
		if r.Highest() != last {
			t.Errorf("%s: highest %d, not %d", name, r.Highest(), last)
		}
	}
	if _, ok := new(Receiver).Report(); ok {
		t.Error("a report of nothing")
	}
}

func TestPlace(t *testing.T) {
	r := Receiver{ClockRate: 90000}
	if _, ok := r.Place(5); ok {
		t.Error("a place before anything came")
	}
	r.Observe(65535, 0, 0)
	r.Observe(3, 0, 0)
	for seq, want := range map[uint16]uint64{0: 131072, 2: 131074, 65534: 131070, 9: 131081} {
		if got, ok := r.Place(seq); !ok || got != want {
			t.Errorf("%d is %d %v, not %d", seq, got, ok, want)
		}
	}
	if _, ok := r.Place(30000); ok {
		t.Error("far off has a place")
	}
	if got, _ := r.Report(); got.Lost != 3 {
		t.Errorf("%d lost", got.Lost)
	}
}

func TestFractionCountsTheInterval(t *testing.T) {
	r := Receiver{ClockRate: 48000}
	r.Observe(1, 0, 0)
	r.Observe(4, 0, 0)
	if got, _ := r.Report(); got.Fraction != 128 || got.Lost != 2 {
		t.Errorf("%+v", got)
	}
	r.Observe(5, 0, 0)
	if got, _ := r.Report(); got.Fraction != 0 || got.Lost != 2 {
		t.Errorf("%+v", got)
	}
	if got, _ := r.Report(); got.Fraction != 0 {
		t.Errorf("%+v", got)
	}
}

func TestJitter(t *testing.T) {
	for name, c := range map[string]struct {
		late  func(i int) time.Duration
		least time.Duration
		most  time.Duration
	}{
		"even":            {func(int) time.Duration { return 0 }, 0, 20 * time.Microsecond},
		"10 ms both ways": {func(i int) time.Duration { return time.Duration(i%2) * 10 * time.Millisecond }, 9 * time.Millisecond, 11 * time.Millisecond},
		"slow clock":      {func(i int) time.Duration { return time.Duration(i) * time.Microsecond }, 0, 25 * time.Microsecond},
	} {
		r := Receiver{ClockRate: 48000}
		for i := range 300 {
			// The timestamp wraps half way.
			r.Observe(uint16(i), uint32(1<<32-150*960+i*960), time.Hour+time.Duration(i)*20*time.Millisecond+c.late(i))
		}
		if j := r.Jitter(); j < c.least || j > c.most {
			t.Errorf("%s: %s", name, j)
		}
	}
	if new(Receiver).Jitter() != 0 {
		t.Error("jitter of nothing")
	}
}

func TestNoAllocation(t *testing.T) {
	r := Receiver{ClockRate: 90000}
	i := 0
	if n := testing.AllocsPerRun(1000, func() { r.Observe(uint16(i), uint32(i), time.Duration(i)); i++ }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	r := Receiver{ClockRate: 90000}
	b.ReportAllocs()
	for i := range b.N {
		r.Observe(uint16(i), uint32(i*30), time.Duration(i)*time.Millisecond)
	}
}
