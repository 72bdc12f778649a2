package thin

import (
	"math/rand/v2"
	"testing"
)

// Whatever is left out and whatever the network loses, the numbers of what goes through rise by one where nothing was lost, lead back, and are
// never those of another packet.
func TestNumbers(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		m := &Map{}
		passed := map[uint64]uint64{} // number → packet
		next := uint64(0)
		var late []uint64
		for ext := uint64(70_000); ext < 72_000; ext++ {
			switch n := rng.IntN(10); {
			case n < 4:
				m.Drop(ext)
				if _, ok := m.Of(ext); ok {
					t.Fatalf("%d was left out and has a number", ext)
				}
			case n < 5:
				late = append(late, ext) // lost, so far
				if next > 0 {
					next++
				}
			default:
				n, ok := m.Pass(ext)
				if !ok || next > 0 && n != next {
					t.Fatalf("packet %d is number %d, not %d", ext, n, next)
				}
				next = n + 1
				passed[n] = ext
			}
			// What was lost comes again, some time later.
			if len(late) > 0 && rng.IntN(3) == 0 {
				l := late[0]
				late = late[1:]
				if n, ok := m.Pass(l); ok {
					if other, taken := passed[n]; taken {
						t.Fatalf("packets %d and %d are both number %d", other, l, n)
					}
					passed[n] = l
				}
			}
		}
		for n, ext := range passed {
			if next-n > 200 {
				continue
			}
			if got, ok := m.Back(n); !ok || got != ext {
				t.Fatalf("number %d leads to %d, not %d", n, got, ext)
			}
			if got, ok := m.Of(ext); !ok || got != n {
				t.Fatalf("packet %d has number %d, not %d", ext, got, n)
			}
		}
	}
}

func TestTheBeginning(t *testing.T) {
	m := &Map{}
	m.Drop(100)
	m.Drop(101)
	if n, ok := m.Pass(102); !ok || n != 100 {
		t.Errorf("the first is %d, %t", n, ok)
	}
	if _, ok := m.Of(99); ok {
		t.Error("what was before has a number")
	}
	if _, ok := m.Pass(101); ok {
		t.Error("what was left out goes through")
	}
	if m.Newest() != 102 {
		t.Errorf("the newest is %d", m.Newest())
	}
}

func TestTooOld(t *testing.T) {
	m := &Map{}
	for ext := uint64(1000); ext < 1000+4*history; ext += 2 {
		m.Pass(ext)
		m.Drop(ext + 1)
	}
	if _, ok := m.Back(1000); ok {
		t.Error("a number of long ago leads back")
	}
	if _, ok := m.Of(1000); ok {
		t.Error("a packet of long ago has a number")
	}
}
