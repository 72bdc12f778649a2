package bench

import (
	"testing"
	"time"
)

func TestFigure(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     Figure
		ratio float64
		met   bool
	}{
		{"within", figure("a", 300, "µs").over(200).within(1.5), 1.5, true},
		{"not within", figure("a", 302, "µs").over(200).within(1.5), 1.51, false},
		{"at most", figure("a", 4.999, "ms").over(0.5).atMost(5), 10, true},
		{"too slow", figure("a", 5.02, "ms").over(0.5).atMost(5), 10, false},
		{"at least", figure("a", 50, "bodies").over(50).atLeast(50), 1, true},
		{"too few", figure("a", 49, "bodies").over(50).atLeast(50), 0.98, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if *c.f.Ratio != c.ratio || *c.f.Met != c.met {
				t.Errorf("ratio %v, met %v, want %v, %v", *c.f.Ratio, *c.f.Met, c.ratio, c.met)
			}
		})
	}
}

func TestMiddles(t *testing.T) {
	if m := median([]float64{9, 1, 5}); m != 5 {
		t.Errorf("median %v, want 5", m)
	}
	if m := median([]float64{4, 1, 2, 9}); m != 3 {
		t.Errorf("median %v, want 3", m)
	}
	var took []time.Duration
	for i := range 100 {
		took = append(took, time.Duration(100-i))
	}
	for p, want := range map[float64]time.Duration{50: 50, 95: 95, 99: 99, 100: 100} {
		if got := percentile(took, p); got != want {
			t.Errorf("percentile %v is %v, want %v", p, got, want)
		}
	}
}

// TestLags pairs changes with the first look that has counted as many.
func TestLags(t *testing.T) {
	begin := time.Now()
	at := func(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }
	w := &watch{seen: []sight{{at(0), 10}, {at(20), 12}, {at(50), 13}}}
	lags, err := w.lags(t.Context(), []time.Time{at(5), at(18), at(19)})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []time.Duration{15 * time.Millisecond, 2 * time.Millisecond, 31 * time.Millisecond} {
		if lags[i] != want {
			t.Errorf("change %d: %v, want %v", i, lags[i], want)
		}
	}
}
