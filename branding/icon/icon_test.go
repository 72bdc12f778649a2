package icon

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

var (
	red   = color.NRGBA{200, 22, 29, 255}
	blue  = color.NRGBA{0, 0, 200, 255}
	white = color.NRGBA{255, 255, 255, 255}
)

// block is a picture of one colour within an edge of another.
func block(w, h, edge int, inside, outside color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(outside), image.Point{}, draw.Src)
	draw.Draw(img, img.Bounds().Inset(edge), image.NewUniform(inside), image.Point{}, draw.Src)
	return img
}

// outside are the pixels of an icon that differ from the ground beyond a circle of that share of the side.
func outside(img *image.NRGBA, ground color.NRGBA, share float64) (n int) {
	side := float64(img.Bounds().Dx())
	for y := range int(side) {
		for x := range int(side) {
			r := math.Hypot(float64(x)+0.5-side/2, float64(y)+0.5-side/2)
			if r > share*side/2+1 && img.NRGBAAt(x, y) != ground {
				n++
			}
		}
	}
	return n
}

func TestSafeZones(t *testing.T) {
	t.Parallel()
	for _, logo := range []image.Image{block(40, 10, 0, blue, blue), block(7, 90, 0, blue, blue), block(64, 64, 20, blue, color.Transparent), Mark(64)} {
		for _, side := range []int{48, 108, 192, 432, 512} {
			if n := outside(Maskable(logo, red, side), red, 0.8); n > 0 {
				t.Errorf("maskable %d: %d pixels outside the circle", side, n)
			}
			if n := outside(Foreground(logo, side), color.NRGBA{}, 66.0/108); n > 0 {
				t.Errorf("foreground %d: %d pixels outside the safe zone", side, n)
			}
			mono := Monochrome(logo, side)
			seen := 0
			for y := range side {
				for x := range side {
					c := mono.NRGBAAt(x, y)
					if c.A > 0 && (c.R != 255 || c.G != 255 || c.B != 255) {
						t.Fatalf("monochrome %d has %v", side, c)
					}
					if c.A > 128 {
						seen++
					}
				}
			}
			if seen == 0 {
				t.Errorf("monochrome %d is empty", side)
			}
		}
	}
	if !Apple(block(9, 9, 3, blue, color.Transparent), white, 180).Opaque() || !Maskable(Mark(32), red, 192).Opaque() {
		t.Error("an icon of a home screen is not opaque")
	}
}

// The pixels of an icon are those of the logo.
func TestPixels(t *testing.T) {
	t.Parallel()
	logo := block(60, 60, 10, blue, white)
	for name, img := range map[string]*image.NRGBA{
		"maskable": Maskable(logo, white, 192), "apple": Apple(logo, white, 180), "favicon": Favicon(logo, 32), "foreground": Foreground(logo, 108),
	} {
		middle := img.Bounds().Dx() / 2
		if got := img.NRGBAAt(middle, middle); got != blue {
			t.Errorf("%s: %v in the middle", name, got)
		}
	}
	if got := Favicon(logo, 32).NRGBAAt(0, 0); got != blue {
		t.Errorf("the favicon wastes its edge: %v", got)
	}
	if got := Background(red, 4); got.NRGBAAt(3, 3) != red {
		t.Errorf("the background is %v", got.NRGBAAt(3, 3))
	}
	if got := Maskable(Mark(192), red, 192); got.NRGBAAt(0, 0) != red || got.NRGBAAt(96, 96) != white {
		t.Error("the mark is not white on the colour")
	}
	// The white strokes of a coloured shape are cut out of its silhouette.
	seal := block(60, 60, 0, red, red)
	draw.Draw(seal, image.Rect(24, 10, 36, 50), image.NewUniform(white), image.Point{}, draw.Src)
	for x := range 4 { // round the corners a little: a seal stands on nothing
		for y := range 4 - x {
			for _, p := range []image.Point{{x, y}, {59 - x, y}, {x, 59 - y}, {59 - x, 59 - y}} {
				seal.Set(p.X, p.Y, color.Transparent)
			}
		}
	}
	mono := Monochrome(seal, 108)
	if in, cut := mono.NRGBAAt(38, 54).A, mono.NRGBAAt(54, 54).A; in != 255 || cut != 0 {
		t.Errorf("silhouette: %d on the shape, %d on its stroke", in, cut)
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		img  image.Image
		want image.Rectangle
	}{
		"transparent edge": {block(40, 30, 5, blue, color.Transparent), image.Rect(5, 5, 35, 25)},
		"white edge":       {block(40, 30, 5, blue, white), image.Rect(5, 5, 35, 25)},
		"no edge":          {block(40, 30, 0, blue, blue), image.Rect(0, 0, 40, 30)},
		"nothing":          {image.NewNRGBA(image.Rect(0, 0, 9, 9)), image.Rect(0, 0, 9, 9)},
		"grey":             {image.NewGray(image.Rect(0, 0, 9, 9)), image.Rect(0, 0, 9, 9)},
	} {
		if got := Trim(tt.img).Bounds(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestColours(t *testing.T) {
	t.Parallel()
	img := block(90, 90, 20, red, white)
	draw.Draw(img, image.Rect(0, 0, 20, 20), image.NewUniform(blue), image.Point{}, draw.Src)
	for range 5 {
		got := Colours(img, 4)
		if len(got) != 2 || got[0] != red || got[1] != blue {
			t.Fatalf("%v", got)
		}
	}
	if got := Colours(block(9, 9, 2, color.Black, white), 4); len(got) != 0 {
		t.Errorf("black on white has %v", got)
	}
}
