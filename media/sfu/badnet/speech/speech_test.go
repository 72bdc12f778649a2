package speech

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTheSameAgain(t *testing.T) {
	a, where := Make(3, 7)
	b, _ := Make(3, 7)
	c, _ := Make(3, 8)
	if !slices.Equal(a, b) || slices.Equal(a, c) || len(where) != 3 {
		t.Error("a seed does not tell what is said")
	}
	for _, u := range where {
		if s := float64(u.To-u.From) / Rate; s < 1 || s > 4 {
			t.Errorf("an utterance of %.1f s", s)
		}
	}
}

// Utterances are found wherever they are, and what is missing in them tells.
func TestUnderstood(t *testing.T) {
	sound, where := Make(3, 1)
	rng := rand.New(rand.NewPCG(1, 1))
	late := func(gaps float64) []float64 {
		var out []float64
		last := 0
		for _, u := range where {
			// Pauses of other lengths than there were.
			out = append(out, make([]float64, 3000+rng.IntN(20_000))...)
			last = len(out)
			out = append(out, sound[u.From:u.To]...)
			for at := last; at+960 <= len(out); at += 960 {
				if rng.Float64() < gaps {
					clear(out[at : at+960])
				}
			}
		}
		return append(out, make([]float64, Rate)...)
	}
	for _, c := range []struct{ gaps, least, most float64 }{{0, 0.99, 1}, {0.03, 0.85, 0.99}, {0.5, 0, 0.75}} {
		got, err := Understood(sound, where, late(c.gaps))
		if err != nil || len(got) != len(where) {
			t.Fatalf("%v: %v, %v", c.gaps, got, err)
		}
		if m := mean(got); m < c.least || m > c.most {
			t.Errorf("with %.0f%% missing: %.2f", 100*c.gaps, m)
		}
	}
	// Time that runs unevenly is no fault.
	var uneven []float64
	for i := 0; i < len(sound); i += Rate / 4 {
		uneven = append(uneven, sound[i:min(i+Rate/4, len(sound))]...)
		if n := len(uneven); i/(Rate/4)%3 == 1 {
			uneven = append(uneven, uneven[n-480:]...)
		}
	}
	if got, err := Understood(sound, where, uneven); err != nil || len(got) != len(where) || mean(got) < 0.9 {
		t.Errorf("stretched: %v, %v", got, err)
	}
	if got, err := Understood(sound, where, make([]float64, 5*Rate)); !errors.Is(err, ErrNotHeard) {
		t.Errorf("in silence: %v, %v", got, err)
	}
}
