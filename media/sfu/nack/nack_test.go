package nack

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

const ms = time.Millisecond

func TestWhatIsAskedFor(t *testing.T) {
	type step struct {
		at   time.Duration
		came []uint64
		want []uint16
	}
	for name, steps := range map[string][]step{
		"nothing lost":    {{0, []uint64{100, 101, 102}, nil}, {ms * 50, nil, nil}},
		"overtaken":       {{0, []uint64{100, 102}, nil}, {5 * ms, []uint64{101}, nil}, {50 * ms, nil, nil}},
		"one lost":        {{0, []uint64{100, 102}, nil}, {10 * ms, nil, []uint16{101}}, {20 * ms, nil, nil}, {60 * ms, nil, []uint16{101}}},
		"came when asked": {{0, []uint64{100, 102}, nil}, {10 * ms, nil, []uint16{101}}, {30 * ms, []uint64{101}, nil}, {90 * ms, nil, nil}},
		"over the wrap":   {{0, []uint64{131070, 131074}, nil}, {10 * ms, nil, []uint16{65535, 0, 1}}},
		"two bursts":      {{0, []uint64{100, 103}, nil}, {8 * ms, []uint64{106}, nil}, {12 * ms, nil, []uint16{101, 102}}, {20 * ms, nil, []uint16{104, 105}}},
	} {
		var l Lost
		for i, s := range steps {
			for _, ext := range s.came {
				if !l.Seen(ext, s.at) {
					t.Errorf("%s: %d is not mended", name, ext)
				}
			}
			got, _ := l.Due(make([]uint16, 0, 100), 40*ms, s.at)
			if !slices.Equal(got, s.want) {
				t.Errorf("%s, step %d: %v, not %v", name, i, got, s.want)
			}
		}
	}
}

func TestGivesUp(t *testing.T) {
	var l Lost
	l.Seen(1<<16, 0)
	l.Seen(1<<16+2, 0)
	asked, gave := 0, false
	for at := time.Duration(0); at < 5*time.Second && !gave; at += 10 * ms {
		var due []uint16
		due, gave = l.Due(make([]uint16, 0, 10), 40*ms, at)
		asked += len(due)
	}
	if asked != tries || !gave || l.Open() != 0 {
		t.Errorf("asked %d times, gave up %v, %d open", asked, gave, l.Open())
	}
}

func TestAWideGapWantsAPicture(t *testing.T) {
	var l Lost
	l.Seen(1<<16, 0)
	if l.Seen(1<<16+jump+1, 0) {
		t.Error("a wide gap is mended packet by packet")
	}
	if l.Open() != 0 {
		t.Errorf("%d open", l.Open())
	}
	if !l.Seen(1<<16+jump+3, 0) || l.Open() != 1 {
		t.Error("goes not on after it")
	}
}

func TestNoMoreThanFit(t *testing.T) {
	var l Lost
	l.Seen(1<<16, 0)
	l.Seen(1<<16+101, 0)
	var all []uint16
	for range 4 {
		due, _ := l.Due(make([]uint16, 0, 30), 40*ms, 15*ms)
		all = append(all, due...)
	}
	if len(all) != 100 || !slices.IsSorted(all) {
		t.Errorf("%d asked for: %v", len(all), all)
	}
}

// Whatever is lost and comes again, what is counted open is what is missing.
func TestCount(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var l Lost
	next := uint64(1 << 16)
	l.Seen(next, 0)
	for i := range 50000 {
		now := time.Duration(i) * ms
		switch rng.IntN(4) {
		case 0:
			next += uint64(rng.IntN(30))
		case 1:
			l.Seen(next-uint64(rng.IntN(700)), now)
		}
		next++
		l.Seen(next, now)
		l.Due(make([]uint16, 0, 20), 30*ms, now)
		n := 0
		for _, s := range l.slots {
			if s.missing {
				n++
			}
		}
		if n != l.open {
			t.Fatalf("step %d: %d missing, %d counted", i, n, l.open)
		}
	}
}

func TestPicture(t *testing.T) {
	p := Picture{Every: 500 * ms}
	if p.Due(0) {
		t.Error("asks unasked")
	}
	asked := 0
	for at := time.Duration(0); at < time.Second; at += 10 * ms {
		p.Want() // a hundred receivers
		if p.Due(at) {
			asked++
		}
	}
	if asked != 2 || !p.Wanted() {
		t.Errorf("asked %d times in a second", asked)
	}
	p.Came()
	if p.Due(2*time.Second) || p.Wanted() {
		t.Error("asks on after it came")
	}
}

func TestNoAllocation(t *testing.T) {
	var l Lost
	ext := uint64(1 << 16)
	ask := make([]uint16, 0, 250)
	if n := testing.AllocsPerRun(1000, func() {
		ext += 2
		l.Seen(ext, time.Duration(ext)*ms)
		l.Due(ask, 40*ms, time.Duration(ext)*ms)
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkSeen(b *testing.B) {
	var l Lost
	b.ReportAllocs()
	for i := range b.N {
		l.Seen(1<<16+uint64(i), time.Duration(i))
	}
}
