package rewrite

import (
	"math/rand/v2"
	"testing"
	"time"
)

// origin is a packet as it came.
type origin struct {
	source uint32
	ext    uint64
}

// play has a state rewrite what several sources send, with losses, packets that come late, and switches, and holds it against what
// such a stream has to be: each packet has one number and no two share one; every switch goes on with the very next number, picture and
// level; numbers lead back to the packets they came from.
func play(t *testing.T, seed uint64, steps []byte) {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := State{ClockRate: 90000}
	type stream struct {
		ext    uint64
		base   Numbers
		missed []uint64
	}
	sources := make([]stream, 4)
	for i := range sources {
		sources[i] = stream{ext: 1<<16 | rng.Uint64()&0xFFFF, base: Numbers{Timestamp: rng.Uint32(), Picture: uint16(rng.Uint32()), Level: uint8(rng.Uint32())}}
	}
	numbers := func(i int, ext uint64) Numbers {
		b := sources[i].base
		return Numbers{uint16(ext), b.Timestamp + uint32(ext)*3000, (b.Picture + uint16(ext)) & 0x7FFF, b.Level + uint8(ext)}
	}
	given := map[uint64]origin{} // by extended outgoing number
	first := Numbers{Sequence: uint16(seed), Timestamp: 5, Picture: 7, Level: 9}
	var top uint64
	var last Numbers
	now, at, switches := time.Hour, -1, 0
	var since []uint64 // the first number of each run
	for _, step := range steps {
		now += time.Duration(step) * time.Millisecond / 4
		i := int(step) % len(sources)
		src := &sources[i]
		var ext uint64
		late := step&0x40 != 0 && len(src.missed) > 0
		if late {
			ext = src.missed[0]
			src.missed = src.missed[1:]
		} else {
			for range step >> 4 & 3 {
				src.missed = append(src.missed, src.ext)
				src.ext++
			}
			ext = src.ext
			src.ext++
		}
		n := numbers(i, ext)
		turned := false
		if at != i && !late && (at < 0 || step&0x80 != 0) {
			s.Switch(uint32(i+1), ext, n, first, now)
			at, turned = i, true
			switches++
		}
		if at != i {
			continue
		}
		out, ok := s.Out(ext, n, now)
		if !ok {
			if turned || !late {
				t.Fatalf("packet %d of source %d is refused", ext, i)
			}
			continue
		}
		extended := top + uint64(int64(int16(out.Sequence-uint16(top))))
		if top == 0 {
			extended = 1<<16 | uint64(out.Sequence)
			if out != first {
				t.Fatalf("it begins with %+v", out)
			}
		} else if turned {
			if extended != top+1 || out.Picture != (last.Picture+1)&0x7FFF || out.Level != last.Level+1 || int32(out.Timestamp-last.Timestamp) <= 0 {
				t.Fatalf("a switch goes on from %+v with %+v", last, out)
			}
		}
		if turned {
			since = append(since, extended)
		}
		if had, taken := given[extended]; taken && had != (origin{uint32(i + 1), ext}) {
			t.Fatalf("number %d is that of %+v and of packet %d of source %d", extended, had, ext, i)
		}
		given[extended] = origin{uint32(i + 1), ext}
		if extended > top || top == 0 {
			top, last = extended, out
		}
		// All that was sent lately is found again.
		for back := range uint64(40) {
			was, sent := given[top-back]
			if !sent || len(since) > history-1 && top-back < since[len(since)-history+1] {
				continue
			}
			o, ok := s.Back(uint16(top - back))
			if !ok || o.Source != was.source || o.Ext != was.ext {
				t.Fatalf("number %d was %+v, and leads back to %+v, %v", top-back, was, o, ok)
			}
			if again := s.Again(o, numbers(int(was.source)-1, was.ext)); again.Sequence != uint16(top-back) {
				t.Fatalf("number %d is %d when it is sent again", top-back, again.Sequence)
			}
		}
	}
	// What was never sent leads nowhere.
	if _, ok := s.Back(uint16(top + 1)); ok && top > 0 {
		t.Error("the next number leads back to something")
	}
}

func TestAgainstAModel(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 2))
		steps := make([]byte, 600)
		for i := range steps {
			steps[i] = byte(rng.Uint32())
		}
		play(t, seed*331, steps)
	}
}

func FuzzSwitches(f *testing.F) {
	f.Add(uint64(65530), []byte{1, 130, 3, 200, 5, 90, 130, 255, 0, 70})
	f.Fuzz(func(t *testing.T, seed uint64, steps []byte) {
		if len(steps) > 2000 {
			steps = steps[:2000]
		}
		play(t, seed, steps)
	})
}
