package branding

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	imagecolor "image/color"
	"image/png"
	"math"
	"strings"
	"sync"

	// The kinds of pictures that a logo may be, beside PNG.
	_ "image/jpeg"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// iconSizes are the sides of the icons that a phone's home screen asks for, in pixels (W3C Web Application Manifest).
var iconSizes = []int{192, 512}

// icon draws the icon of the members' app. It fills its square, because phones cut it to a shape of their own; what matters
// lies in the circle of four fifths that every shape leaves (maskable icons, W3C Web Application Manifest, section 1.9).
func icon(l look, side int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	if l.logo == "" {
		drawMark(img, ground(l))
	} else if err := drawLogo(img, l.logo); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("icon of %d pixels: %w", side, err)
	}
	return b.Bytes(), nil
}

// ground is the body's colour, dark enough for white to stand out on it.
func ground(l look) color {
	accent, ok := parseColor(l.accent)
	if !ok {
		accent, _ = parseColor(productAccent)
	}
	return accent.mend(white, black)
}

// drawLogo lays a logo in the middle of a white square, as large as the safe circle holds it.
func drawLogo(img *image.RGBA, logo string) error {
	_, data, _ := strings.Cut(logo, ";base64,")
	picture, _, err := image.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data)))
	if err != nil {
		return fmt.Errorf("logo: %w", err)
	}
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	from, side := picture.Bounds(), float64(img.Bounds().Dx())
	w, h := float64(from.Dx()), float64(from.Dy())
	scale := 0.8 * side / math.Hypot(w, h)
	corner := image.Pt(int((side-w*scale)/2), int((side-h*scale)/2))
	to := image.Rectangle{corner, corner.Add(image.Pt(max(1, int(w*scale)), max(1, int(h*scale))))}
	draw.CatmullRom.Scale(img, to, picture, from, draw.Over, nil)
	return nil
}

// mark is the product's own: the strokes of 工 in a square of 32 units, each with round ends.
var mark = [3][2]struct{ x, y float64 }{{{9, 10}, {23, 10}}, {{16, 10}, {16, 22}}, {{8, 22}, {24, 22}}}

const markStroke = 2.6

// drawMark draws the product's mark in white on a colour.
func drawMark(img *image.RGBA, on color) {
	side := img.Bounds().Dx()
	unit := 32 / float64(side)
	for y := range side {
		for x := range side {
			near := math.Inf(1)
			for _, line := range mark {
				near = min(near, distance((float64(x)+0.5)*unit, (float64(y)+0.5)*unit, line[0].x, line[0].y, line[1].x, line[1].y))
			}
			// A pixel on the edge takes the share of it that the stroke covers.
			c := on.mix(white, min(1, max(0, 0.5+(markStroke/2-near)/unit)))
			img.SetRGBA(x, y, imagecolor.RGBA{R: c.r, G: c.g, B: c.b, A: 255})
		}
	}
}

// distance is that of a point from the line between two others.
func distance(x, y, ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	share := min(1, max(0, ((x-ax)*dx+(y-ay)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-ax-share*dx, y-ay-share*dy)
}

// icons keeps drawn icons: drawing takes long enough that strangers should not have it done again and again.
type icons struct {
	mu    sync.Mutex
	drawn map[iconKey][]byte
}

type iconKey struct {
	look
	side int
}

// keepIcons bounds how many are kept; a page asks for two.
const keepIcons = 128

// of returns an icon. One is drawn at a time, which bounds the memory for pictures that unfold.
func (c *icons) of(l look, side int) ([]byte, error) {
	l.appName = ""
	key := iconKey{l, side}
	c.mu.Lock()
	defer c.mu.Unlock()
	if raw, ok := c.drawn[key]; ok {
		return raw, nil
	}
	raw, err := icon(l, side)
	if err != nil {
		return nil, err
	}
	if c.drawn == nil || len(c.drawn) >= keepIcons {
		c.drawn = map[iconKey][]byte{}
	}
	c.drawn[key] = raw
	return raw, nil
}
