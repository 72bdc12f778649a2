package rewrite

import (
	"math/rand/v2"
	"testing"
	"time"
)

const frame = time.Second / 30

// source is an incoming stream that begins anywhere.
type source struct {
	name  uint32
	ext   uint64
	clock uint32
	pic   uint16
	level uint8
}

func (s *source) numbers() Numbers { return Numbers{uint16(s.ext), s.clock, s.pic, s.level} }

func (s *source) next() {
	s.ext++
	s.clock += 3000
	s.pic = (s.pic + 1) & 0x7FFF
	s.level++
}

func TestGoesOnOverSwitches(t *testing.T) {
	s := State{ClockRate: 90000}
	first := Numbers{Sequence: 65530, Timestamp: 1<<32 - 10, Picture: 0x7FFE, Level: 255}
	want := first
	now := time.Hour
	for i, src := range []*source{
		{name: 1, ext: 70000, clock: 5, pic: 3, level: 9},
		{name: 2, ext: 1 << 20, clock: 4_000_000_000, pic: 0x7FFF, level: 200},
		{name: 1, ext: 65536, clock: 77, pic: 0, level: 0},
	} {
		s.Switch(src.name, src.ext, src.numbers(), first, now)
		for n := range 10 {
			got, ok := s.Out(src.ext, src.numbers(), now)
			if !ok || got != want {
				t.Fatalf("source %d, packet %d: %+v, not %+v", i, n, got, want)
			}
			if back, ok := s.Back(got.Sequence); !ok || back.Source != src.name || back.Ext != src.ext || s.Again(back, src.numbers()) != got {
				t.Fatalf("source %d, packet %d leads back to %+v", i, n, back)
			}
			src.next()
			now += frame
			want = Numbers{want.Sequence + 1, want.Timestamp + 3000, (want.Picture + 1) & 0x7FFF, want.Level + 1}
		}
		want.Timestamp = uint32(int64(want.Timestamp) - 3000 + int64(frame)/1000*90000/1_000_000)
	}
}

func TestTimeGoesOnOverAPause(t *testing.T) {
	s := State{ClockRate: 48000}
	s.Switch(1, 65536, Numbers{Timestamp: 100}, Numbers{Timestamp: 1000}, 0)
	s.Out(65536, Numbers{Timestamp: 100}, 0)
	s.Switch(2, 99999, Numbers{Timestamp: 5}, Numbers{}, 2*time.Second)
	if got, ok := s.Out(99999, Numbers{Timestamp: 5}, 2*time.Second); !ok || got.Timestamp != 1000+96000 {
		t.Errorf("timestamp %d", got.Timestamp)
	}
	if ts, ok := s.Timestamp(965); !ok || ts != 1000+96000+960 {
		t.Errorf("led over to %d", ts)
	}
	s.Switch(1, 70000, Numbers{Timestamp: 5}, Numbers{}, 2*time.Second)
	if got, _ := s.Out(70000, Numbers{Timestamp: 5}, 2*time.Second); got.Timestamp != 1000+96001 {
		t.Errorf("at the same moment: %d", got.Timestamp)
	}
}

func TestLateAndLost(t *testing.T) {
	s := State{ClockRate: 90000}
	at := func(ext uint64) Numbers { return Numbers{Sequence: uint16(ext), Timestamp: uint32(ext) * 3000} }
	if _, ok := s.Out(70000, at(70000), 0); ok || s.Started() {
		t.Error("goes out before it began")
	}
	if _, ok := s.Back(1); ok {
		t.Error("leads back before it began")
	}
	s.Switch(7, 70000, at(70000), Numbers{Sequence: 10}, 0)
	for _, c := range []struct {
		ext  uint64
		want uint16
		ok   bool
	}{{70000, 10, true}, {70003, 13, true}, {70001, 11, true}, {69999, 0, false}, {70001, 11, true}, {70004, 14, true}} {
		if got, ok := s.Out(c.ext, at(c.ext), 0); ok != c.ok || ok && got.Sequence != c.want {
			t.Errorf("%d goes out as %d %v", c.ext, got.Sequence, ok)
		}
	}
	s.Switch(8, 80000, at(80000), Numbers{}, frame)
	if got, _ := s.Out(80000, at(80000), frame); got.Sequence != 15 {
		t.Errorf("after the switch %d", got.Sequence)
	}
	for seq, want := range map[uint16]Origin{12: {Source: 7, Ext: 70002}, 15: {Source: 8, Ext: 80000}} {
		if got, ok := s.Back(seq); !ok || got.Source != want.Source || got.Ext != want.Ext {
			t.Errorf("%d leads back to %+v %v", seq, got, ok)
		}
	}
	for _, seq := range []uint16{16, 9, 40000} {
		if got, ok := s.Back(seq); ok {
			t.Errorf("%d was never sent but leads back to %+v", seq, got)
		}
	}
}

// However often it is switched, numbers go out without gap or repetition and lead back to where they came from.
func TestManySwitches(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	s := State{ClockRate: 90000}
	type sent struct {
		source uint32
		ext    uint64
		in     Numbers
		out    Numbers
	}
	var log []sent
	var src *source
	now := time.Duration(0)
	for i := range 200_000 {
		if src == nil || rng.IntN(100) == 0 {
			src = &source{rng.Uint32(), 1<<16 + rng.Uint64N(1<<40), rng.Uint32(), uint16(rng.UintN(0x8000)), uint8(rng.Uint())}
			s.Switch(src.name, src.ext, src.numbers(), Numbers{Sequence: 60000, Picture: 9}, now)
		}
		out, ok := s.Out(src.ext, src.numbers(), now)
		if !ok {
			t.Fatalf("packet %d does not go out", i)
		}
		if len(log) > 0 {
			last := log[len(log)-1].out
			if out.Sequence != last.Sequence+1 || out.Picture != (last.Picture+1)&0x7FFF || out.Level != last.Level+1 || int32(out.Timestamp-last.Timestamp) <= 0 {
				t.Fatalf("packet %d: %+v follows %+v", i, out, last)
			}
		}
		log = append(log, sent{src.name, src.ext, src.numbers(), out})
		if back := log[len(log)-1-rng.IntN(min(len(log), 300))]; rng.IntN(10) == 0 {
			if o, ok := s.Back(back.out.Sequence); ok && (o.Source != back.source || o.Ext != back.ext || s.Again(o, back.in) != back.out) {
				t.Fatalf("packet %d leads back to %+v, not %+v", i, o, back)
			}
			if again, ok := s.Of(back.source, back.ext, back.in); ok && again != back.out {
				t.Fatalf("packet %d goes out as %+v, not %+v", i, again, back.out)
			}
		}
		src.next()
		now += frame
	}
}

func TestNoAllocation(t *testing.T) {
	s := State{ClockRate: 90000}
	ext := uint64(1 << 16)
	s.Switch(1, ext, Numbers{}, Numbers{}, 0)
	if n := testing.AllocsPerRun(1000, func() {
		out, _ := s.Out(ext, Numbers{Sequence: uint16(ext)}, 0)
		s.Back(out.Sequence)
		ext++
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkOut(b *testing.B) {
	s := State{ClockRate: 90000}
	s.Switch(1, 1<<16, Numbers{}, Numbers{}, 0)
	b.ReportAllocs()
	for i := range b.N {
		s.Out(1<<16+uint64(i), Numbers{Sequence: uint16(i), Timestamp: uint32(i)}, 0)
	}
}

func TestCurrent(t *testing.T) {
	s := State{ClockRate: 90000}
	if s.Current(1) {
		t.Error("before anything was sent")
	}
	s.Switch(1, 1<<16+10, Numbers{Sequence: 10}, Numbers{Sequence: 65534}, 0)
	for i := range uint16(4) {
		s.Out(1<<16+10+uint64(i), Numbers{Sequence: 10 + i}, 0)
	}
	for n, want := range map[uint16]bool{65533: false, 65534: true, 0: true, 1: true, 2: false} {
		if got := s.Current(n); got != want {
			t.Errorf("%d in the first run: %t", n, got)
		}
	}
	s.Switch(2, 1<<16+500, Numbers{Sequence: 500}, Numbers{}, time.Second)
	s.Out(1<<16+500, Numbers{Sequence: 500}, time.Second)
	for n, want := range map[uint16]bool{65534: false, 1: false, 2: true, 3: false} {
		if got := s.Current(n); got != want {
			t.Errorf("%d in the second run: %t", n, got)
		}
	}
	if got := s.Before(1<<16 + 503); got != 3 {
		t.Errorf("%d before the fourth of the run", got)
	}
	if got := s.Before(1<<16 + 499); got != 0 {
		t.Errorf("%d before one of before the run", got)
	}
}
