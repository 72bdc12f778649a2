package speaker

import (
	"testing"
	"time"
)

const frame = 20 * time.Millisecond

// talk runs a time in which each voice has a level by the moment; 255: it sends nothing.
func talk(r *Room, from, to time.Duration, level map[*Voice]func(time.Duration) uint8) (changes []any) {
	for now := from; now < to; now += frame {
		for _, v := range r.voices {
			if l := level[v](now); l != 255 {
				r.Heard(v, l, now)
			}
		}
		if now%(100*time.Millisecond) == 0 {
			if d, changed := r.Tick(now); changed {
				changes = append(changes, d.Key)
			}
		}
	}
	return changes
}

func loud(l uint8) func(time.Duration) uint8 { return func(time.Duration) uint8 { return l } }

// speech is 300 ms of words and 200 ms of pause.
func words(l uint8) func(time.Duration) uint8 {
	return func(now time.Duration) uint8 {
		if now%(500*time.Millisecond) < 300*time.Millisecond {
			return l
		}
		return 90
	}
}

func TestTheLoudestAreHeard(t *testing.T) {
	r := New(3)
	levels := map[*Voice]func(time.Duration) uint8{}
	var all []*Voice
	for i := range 50 {
		v := r.Add(i)
		all = append(all, v)
		levels[v] = loud(127)
	}
	levels[all[7]], levels[all[20]], levels[all[30]], levels[all[40]] = words(20), words(25), words(30), words(50)
	talk(r, time.Second, 5*time.Second, levels)
	for i, v := range all {
		if want := i == 7 || i == 20 || i == 30; want != (v.Place() >= 0) {
			t.Errorf("voice %d at place %d", i, v.Place())
		}
	}
	places := map[int]bool{}
	for _, v := range r.Places() {
		places[v.Place()] = true
	}
	if len(places) != 3 {
		t.Errorf("places %v", places)
	}
}

func TestPlacesAreKept(t *testing.T) {
	r := New(1)
	a, b := r.Add("a"), r.Add("b")
	silent := loud(127)
	talk(r, time.Second, 2*time.Second, map[*Voice]func(time.Duration) uint8{a: words(30), b: silent})
	if a.Place() != 0 {
		t.Fatal("the only one who speaks is not heard")
	}
	// As loud: the place stays with who has it. A pause of a second changes nothing while the other is silent.
	talk(r, 2*time.Second, 3*time.Second, map[*Voice]func(time.Duration) uint8{a: words(30), b: words(29)})
	if a.Place() != 0 {
		t.Error("one who is as loud takes the place")
	}
	talk(r, 3*time.Second, 4*time.Second, map[*Voice]func(time.Duration) uint8{a: silent, b: silent})
	if a.Place() != 0 {
		t.Error("the place is lost in a pause")
	}
	talk(r, 4*time.Second, 7*time.Second, map[*Voice]func(time.Duration) uint8{a: silent, b: words(40)})
	if b.Place() != 0 || a.Place() != -1 {
		t.Error("one who is silent keeps the place")
	}
	talk(r, 7*time.Second, 10*time.Second, map[*Voice]func(time.Duration) uint8{a: loud(255), b: loud(255)})
	if b.Place() != -1 {
		t.Error("one who is gone keeps the place")
	}
}

func TestDominant(t *testing.T) {
	r := New(3)
	a, b := r.Add("a"), r.Add("b")
	silent := loud(127)
	cough := func(now time.Duration) uint8 {
		if now%time.Second < 100*time.Millisecond {
			return 10
		}
		return 127
	}
	got := talk(r, time.Second, 4*time.Second, map[*Voice]func(time.Duration) uint8{a: words(30), b: silent})
	got = append(got, talk(r, 4*time.Second, 8*time.Second, map[*Voice]func(time.Duration) uint8{a: words(25), b: cough})...)
	got = append(got, talk(r, 8*time.Second, 10*time.Second, map[*Voice]func(time.Duration) uint8{a: silent, b: silent})...)
	if len(got) != 1 || got[0] != "a" {
		t.Errorf("dominant were %v", got)
	}
	got = talk(r, 10*time.Second, 14*time.Second, map[*Voice]func(time.Duration) uint8{a: silent, b: words(40)})
	if len(got) != 1 || got[0] != "b" {
		t.Errorf("then %v", got)
	}
	r.Remove(b)
	if d, changed := r.Tick(14 * time.Second); d != nil || changed || b.Place() != -1 {
		t.Errorf("one who left is dominant: %v", d)
	}
}

func TestLevel(t *testing.T) {
	r := New(0)
	v := r.Add(1)
	for i := range 100 {
		if r.Heard(v, 20, time.Duration(i)*frame) {
			t.Fatal("heard in a room without places")
		}
	}
	if l := v.Level(); l < 19.9 || l > 21 {
		t.Errorf("level %.1f", l)
	}
}

func TestNoAllocation(t *testing.T) {
	r := New(3)
	var all []*Voice
	for i := range 20 {
		all = append(all, r.Add(i))
	}
	now := time.Second
	i := 0
	if n := testing.AllocsPerRun(1000, func() {
		now += time.Millisecond
		i++
		r.Heard(all[i%20], uint8(i%128), now)
		r.Tick(now)
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkHeard(b *testing.B) {
	r := New(3)
	v := r.Add(1)
	b.ReportAllocs()
	for i := range b.N {
		r.Heard(v, uint8(i%100), time.Duration(i))
	}
}
