package paint

import (
	"errors"
	"image"
	"image/color"
	"os"
	"testing"
)

func (p *Picture) at(x, y int) [3]byte {
	i := y/2*(p.W/2) + x/2
	return [3]byte{p.Y[y*p.W+x], p.Cb[i], p.Cr[i]}
}

func TestFillAndDraw(t *testing.T) {
	t.Parallel()
	red, blue := color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}
	p, o := New(64, 36), New(16, 10)
	black := p.at(0, 0)
	if black != [3]byte{16, 128, 128} {
		t.Errorf("black is %v", black)
	}
	o.Fill(image.Rect(0, 0, 16, 10), red)
	o.Fill(image.Rect(8, 0, 16, 10), blue)
	r, b := o.at(0, 0), o.at(15, 0)
	for _, where := range []image.Rectangle{image.Rect(4, 4, 20, 14), image.Rect(0, 0, 64, 36), image.Rect(10, 10, 14, 12)} {
		p.Fill(image.Rect(0, 0, 64, 36), color.RGBA{A: 255})
		p.Draw(where, o)
		if p.at(where.Min.X, where.Min.Y) != r || p.at(where.Max.X-1, where.Max.Y-1) != b {
			t.Errorf("in %v: %v and %v", where, p.at(where.Min.X, where.Min.Y), p.at(where.Max.X-1, where.Max.Y-1))
		}
		if where.Dx() < 64 && p.at(where.Max.X, where.Max.Y) != black {
			t.Errorf("beside %v is something", where)
		}
	}
	p.Draw(image.Rect(60, 30, 90, 60), o) // over the edge
	p.Shade(image.Rect(0, 0, 64, 36), 0)
	if p.at(63, 35) != black {
		t.Error("what is shaded altogether is not black")
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	l, err := Open()
	if errors.Is(err, ErrNoFont) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Text("省总工会·王建国 A1", 24, 0)
	if err != nil {
		t.Fatal(err)
	}
	ink := 0
	for _, v := range s.Thick {
		if v > 128 {
			ink++
		}
	}
	if ink < 300 || s.W < 150 || s.H < 20 {
		t.Errorf("%d × %d with %d points of ink", s.W, s.H, ink)
	}
	cut, err := l.Text("省总工会·王建国 A1", 24, 100)
	if err != nil || cut.W > 100 || cut.W < 60 {
		t.Errorf("cut to %d, %v", cut.W, err)
	}
	p := New(200, 40)
	p.Put(s, image.Pt(-10, -5), color.RGBA{R: 255, G: 255, B: 255, A: 255})
	p.Put(Disc(30), image.Pt(185, 20), color.RGBA{R: 255, A: 255})
	if p.at(198, 36)[2] < 200 {
		t.Error("the disc is not there")
	}
}
