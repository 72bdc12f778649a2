package icon

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"
)

// waves is a drawing with soft and hard edges, clear in parts.
func waves(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(3, 5, 3+w, 5+h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			c := color.NRGBA{uint8(255 * u), uint8(127 + 127*math.Sin(9*v)), uint8(255 * u * v), 255}
			switch {
			case math.Hypot(u-0.5, v-0.5) > 0.45:
				c = color.NRGBA{}
			case u > 0.6:
				c.A = uint8(255 * v)
			case v > 0.7:
				c = color.NRGBA{255, 255, 0, 255}
			}
			img.SetNRGBA(x+3, y+5, c)
		}
	}
	return img
}

func apart(a, b *image.RGBA) (mean float64, most int) {
	sum := 0
	for i := range a.Pix {
		d := diff(a.Pix[i], b.Pix[i])
		sum += d
		most = max(most, d)
	}
	return float64(sum) / float64(len(a.Pix)), most
}

// Another scaler, which weighs every pixel of the logo in floating point, draws the same.
func TestScaleAgreesWithAnother(t *testing.T) {
	for _, row := range []struct {
		w, h, dw, dh int
		mean         float64
		most         int
	}{
		{300, 300, 187, 187, 0.1, 2},
		{40, 30, 200, 150, 0.1, 2},     // larger
		{187, 187, 187, 187, 0, 0},     // as it is
		{1024, 700, 187, 128, 0.1, 10}, // boxes averaged first: softer by a little at hard edges
		{1023, 701, 187, 128, 0.1, 10}, // that do not come out even
		{2500, 40, 264, 4, 0.1, 20},
	} {
		img := waves(row.w, row.h)
		part := image.Rect(20, 10, 20+row.dw, 10+row.dh)
		small, across, down := shrink(img, part.Size())
		got := scale(small, across, down, 300, part)
		want := image.NewRGBA(image.Rect(0, 0, 300, 300))
		draw.CatmullRom.Scale(want, part, img, img.Bounds(), draw.Src, nil)
		if mean, most := apart(got, want); mean > row.mean || most > row.most {
			t.Errorf("%d by %d to %d by %d: %.2f apart, at most %d", row.w, row.h, row.dw, row.dh, mean, most)
		}
		if mean, _ := apart(want, image.NewRGBA(want.Bounds())); mean == 0 {
			t.Error("the other has drawn nothing")
		}
	}
}

// An even picture stays even, whatever its size becomes, and nothing is drawn beside its place.
func TestAnEvenPictureStaysEven(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		img := image.NewRGBA(image.Rect(0, 0, 1+r.IntN(600), 1+r.IntN(600)))
		c := color.RGBA{200, 30, 7, 240}
		draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
		part := image.Rect(0, 0, 1+r.IntN(90), 1+r.IntN(90)).Add(image.Pt(r.IntN(10), r.IntN(10)))
		small, across, down := shrink(img, part.Size())
		out := scale(small, across, down, 100, part)
		for y := range 100 {
			for x := range 100 {
				want := color.RGBA{}
				if image.Pt(x, y).In(part) {
					want = c
				}
				if got := out.RGBAAt(x, y); got != want {
					t.Fatalf("%v into %v: %v at %d,%d", img.Bounds(), part, got, x, y)
				}
			}
		}
	}
}

func TestVisible(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 9, 7))
	if !visible(img).Empty() {
		t.Error("a clear picture shows", visible(img))
	}
	img.SetRGBA(2, 3, color.RGBA{A: 1})
	img.SetRGBA(5, 6, color.RGBA{A: 1})
	if got := visible(img); got != image.Rect(2, 3, 6, 7) {
		t.Error(got)
	}
}
