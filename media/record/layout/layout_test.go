package layout

import (
	"image"
	"testing"
)

// Places lie within the picture and on even pixels, and never on one another.
func TestPlaces(t *testing.T) {
	t.Parallel()
	check := func(what string, all []image.Rectangle) {
		t.Helper()
		for i, r := range all {
			if r.Empty() || !r.In(Whole) || (r.Min.X|r.Min.Y|r.Dx()|r.Dy())&1 != 0 {
				t.Errorf("%s: place %d is %v", what, i, r)
			}
			for _, o := range all[:i] {
				if r.Overlaps(o) {
					t.Errorf("%s: %v lies on %v", what, r, o)
				}
			}
		}
	}
	for n := 1; n <= MostGrid; n++ {
		all := Grid(n)
		if len(all) != n {
			t.Fatalf("%d places for %d", len(all), n)
		}
		check("grid", all)
	}
	for n := range MostSide + 1 {
		large, side := Stage(n)
		if len(side) != n || large.Dx() < 1000 {
			t.Errorf("stage of %d: %v, %v", n, large, side)
		}
		check("stage", append(side, large))
	}
	if g := Grid(4); g[0].Dx() != 640 || g[0].Dy() != 360 {
		t.Errorf("four are shown at %v", g[0].Size())
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   image.Rectangle
		w, h int
		want image.Rectangle
	}{
		{image.Rect(0, 0, 640, 360), 320, 180, image.Rect(0, 0, 640, 360)},
		{image.Rect(100, 50, 740, 410), 90, 160, image.Rect(318, 50, 520, 410)},
		{image.Rect(0, 0, 100, 100), 1000, 10, image.Rect(0, 48, 100, 50)},
		{image.Rect(0, 0, 100, 100), 0, 10, image.Rect(0, 0, 100, 100)},
	} {
		if got := Fit(c.in, c.w, c.h); got != c.want {
			t.Errorf("%d:%d in %v is %v", c.w, c.h, c.in, got)
		}
	}
}
