package icon_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"gonghui/builder/icon"
)

var (
	red    = color.NRGBA{0xc8, 0x16, 0x1d, 0xff}
	yellow = color.NRGBA{0xff, 0xd7, 0x00, 0xff}
)

// disc is a logo: a disc, clear or white around.
func disc(side int, around color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			c := around
			if math.Hypot(float64(x)+0.5-float64(side)/2, float64(y)+0.5-float64(side)/2) < float64(side)/2-1 {
				c = yellow
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func noise(side int) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
	}
	return img
}

func decode(t *testing.T, p icon.Picture) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, p.Side, p.Side) {
		t.Errorf("%s has %v, wanted a side of %d", p.Name, img.Bounds(), p.Side)
	}
	return img
}

func near(a, b color.Color) bool {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	d := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 3 }
	return d(x.A, y.A) && (x.A == 0 || d(x.R, y.R) && d(x.G, y.G) && d(x.B, y.B))
}

func TestDraw(t *testing.T) {
	set, err := icon.Draw(icon.Source{Logo: disc(512, color.NRGBA{}), Background: red})
	if err != nil {
		t.Fatal(err)
	}
	wantLegacy, wantFront := []int{72, 96, 144, 192}, []int{162, 216, 324, 432}
	for i := range wantLegacy {
		legacy, front := set.Legacy[i], set.Foreground[i]
		if legacy.Side != wantLegacy[i] || front.Side != wantFront[i] {
			t.Errorf("%s: sides of %d and %d", legacy.Name, legacy.Side, front.Side)
		}
		whole, alone := decode(t, legacy), decode(t, front)
		n, m := legacy.Side, front.Side
		if !near(whole.At(n/2, n/2), yellow) || !near(whole.At(1, 1), red) {
			t.Errorf("%s: %v in the middle, %v in the corner", legacy.Name, whole.At(n/2, n/2), whole.At(1, 1))
		}
		if !near(alone.At(m/2, m/2), yellow) || !near(alone.At(1, 1), color.NRGBA{}) {
			t.Errorf("%s: the foreground is %v in the middle, %v in the corner", front.Name, alone.At(m/2, m/2), alone.At(1, 1))
		}
		// Every shape that launchers cut leaves a circle of 66 of 108; the whole logo lies in it.
		for y := range m {
			for x := range m {
				_, _, _, a := alone.At(x, y).RGBA()
				if a > 0 && math.Hypot(float64(x)+0.5-float64(m)/2, float64(y)+0.5-float64(m)/2) > float64(m)*33/108+1 {
					t.Fatalf("%s: pixel %d,%d is outside the safe circle", front.Name, x, y)
				}
			}
		}
	}
	mono := decode(t, set.Monochrome[0])
	if !near(mono.At(216, 216), color.White) || !near(mono.At(5, 5), color.NRGBA{}) {
		t.Errorf("the shape is %v in the middle, %v in the corner", mono.At(216, 216), mono.At(5, 5))
	}
	again, err := icon.Draw(icon.Source{Logo: disc(512, color.NRGBA{}), Background: red})
	if err != nil || !reflect.DeepEqual(again, set) {
		t.Error("the same logo gives other bytes", err)
	}
}

func TestShapeOfAnOpaqueLogo(t *testing.T) {
	set, err := icon.Draw(icon.Source{Logo: disc(300, color.NRGBA{255, 255, 255, 255}), Background: red})
	if err != nil {
		t.Fatal(err)
	}
	// The logo's own corner is ground, the disc is shape.
	mono := decode(t, set.Monochrome[0])
	if !near(mono.At(216, 216), color.White) || !near(mono.At(216-90, 216-90), color.NRGBA{}) {
		t.Errorf("the shape is %v in the middle, %v at the logo's corner", mono.At(216, 216), mono.At(216-90, 216-90))
	}
	own, err := icon.Draw(icon.Source{Logo: disc(300, color.NRGBA{255, 255, 255, 255}), Background: red, Monochrome: image.NewNRGBA(image.Rect(0, 0, 8, 8))})
	if err != nil || !near(decode(t, own.Monochrome[0]).At(216, 216), color.NRGBA{}) {
		t.Error("a shape of its own is not taken", err)
	}
}

func TestAnyLogoFits(t *testing.T) {
	for name, logo := range map[string]image.Image{
		"one pixel": disc(1, red), "wide": image.NewNRGBA(image.Rect(0, 0, 4096, 1)), "high": image.NewNRGBA(image.Rect(10, 10, 11, 4000)),
		"many colours": noise(1024), "grey": image.NewGray(image.Rect(0, 0, 300, 200)), "paper": image.NewYCbCr(image.Rect(0, 0, 64, 64), image.YCbCrSubsampleRatio420),
	} {
		set, err := icon.Draw(icon.Source{Logo: logo})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		total := 0
		for _, ps := range [][]icon.Picture{set.Legacy, set.Foreground, set.Monochrome} {
			if len(ps) == 0 {
				t.Errorf("%s: a kind is missing", name)
			}
			for _, p := range ps {
				decode(t, p)
				total += len(p.PNG)
			}
		}
		if total > icon.Budget || set.Background.A != 255 {
			t.Errorf("%s: %d bytes on %v", name, total, set.Background)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, logo := range map[string]image.Image{
		"none": nil, "empty": image.NewNRGBA(image.Rect(0, 0, 0, 5)), "huge": image.NewUniform(red), "large": image.NewGray(image.Rect(0, 0, 4097, 1)),
	} {
		if _, err := icon.Draw(icon.Source{Logo: logo}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	for name, logo := range map[string]image.Image{"flat": disc(1024, color.NRGBA{}), "noise": noise(1024)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := icon.Draw(icon.Source{Logo: logo, Background: red}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestLarge(t *testing.T) {
	open := func(b []byte) image.Image {
		t.Helper()
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds() != image.Rect(0, 0, 256, 256) {
			t.Fatal(err)
		}
		return img
	}
	got, err := icon.DrawLarge(icon.Source{Logo: disc(300, color.NRGBA{}), Background: red}, 256)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what         string
		png          []byte
		middle, edge color.NRGBA
	}{
		{"whole", got.Whole, yellow, red},
		{"layer", got.Layer, yellow, color.NRGBA{}},
		{"ground", got.Ground, red, red},
		{"shape", got.Shape, color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 255}},
	} {
		img := open(c.png)
		if !near(img.At(128, 128), c.middle) || !near(img.At(1, 1), c.edge) {
			t.Errorf("%s: %v in the middle and %v at the edge, wanted %v and %v", c.what, img.At(128, 128), img.At(1, 1), c.middle, c.edge)
		}
	}
	again, err := icon.DrawLarge(icon.Source{Logo: disc(300, color.NRGBA{}), Background: red}, 256)
	if err != nil || !reflect.DeepEqual(got, again) {
		t.Error("the same logo was drawn in two ways", err)
	}
	for _, bad := range []struct {
		side int
		logo image.Image
	}{{8, disc(10, red)}, {2048, disc(10, red)}, {64, nil}, {64, image.NewNRGBA(image.Rect(0, 0, icon.MaxSide+1, 1))}} {
		if _, err := icon.DrawLarge(icon.Source{Logo: bad.logo, Background: red}, bad.side); err == nil {
			t.Errorf("a side of %d was drawn from %v", bad.side, bad.logo)
		}
	}
}

func BenchmarkLarge(b *testing.B) {
	logo := disc(512, color.NRGBA{})
	for b.Loop() {
		if _, err := icon.DrawLarge(icon.Source{Logo: logo, Background: red}, 1024); err != nil {
			b.Fatal(err)
		}
	}
}
