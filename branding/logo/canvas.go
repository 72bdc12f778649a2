package logo

import (
	"errors"
	"image"
	"image/color"
	"math"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// What a drawing may cost, whatever its side: a few bytes can ask for shapes that fill the picture again and again, or for lines that
// reach far beyond it, and one drawing at a time is made.
const (
	// layers is how many times over the shapes may cover the picture.
	layers = 100
	// shading is how much dearer a gradient is than one colour.
	shading = 5
	// strokes is how long all lines may be together, in sides of the picture, each counting at least a step.
	strokes = 20_000
	// step is the least that a line counts, in pixels.
	step = 4
	// spare are the pixels of line that a small picture has beyond that.
	spare = 1 << 20
)

// errDear is what a drawing ends with that costs more than it may.
var errDear = errors.New("svg: it costs too much to draw")

// canvas fills paths with colours (rasterx.Scanner). Each path costs what it covers: the rasterizer beneath is as large as the path, not as
// the picture. Beyond its means it panics with errDear, which drawSVG catches: nothing else ends the loops that make lines of curves.
type canvas struct {
	on         *image.RGBA
	mask       vector.Rasterizer
	points     []point
	min, max   fixed.Point26_6
	source     image.Image
	area, line int64 // pixels that are left
}

type point struct {
	fixed.Point26_6
	start bool
}

// newCanvas makes one that may cost so many times what a logo may that is taken up.
func newCanvas(on *image.RGBA, generous int64) *canvas {
	w, h := int64(on.Rect.Dx()), int64(on.Rect.Dy())
	c := &canvas{on: on, source: image.Black, area: generous * layers * w * h, line: generous * (spare + strokes*max(w, h))}
	c.Clear()
	return c
}

func (c *canvas) add(a fixed.Point26_6, start bool) {
	c.points = append(c.points, point{a, start})
	c.min.X, c.min.Y = min(c.min.X, a.X), min(c.min.Y, a.Y)
	c.max.X, c.max.Y = max(c.max.X, a.X), max(c.max.Y, a.Y)
}

// Start begins a part of the path.
func (c *canvas) Start(a fixed.Point26_6) { c.add(a, true) }

// Line goes on with it.
func (c *canvas) Line(b fixed.Point26_6) {
	if n := len(c.points); n > 0 {
		a := c.points[n-1]
		far := max(int64(b.X)-int64(a.X), int64(a.X)-int64(b.X)) + max(int64(b.Y)-int64(a.Y), int64(a.Y)-int64(b.Y))
		if c.line -= step + far>>6; c.line < 0 {
			panic(errDear)
		}
	}
	c.add(b, false)
}

// Draw fills the path.
func (c *canvas) Draw() {
	r := image.Rect(int(c.min.X)>>6, int(c.min.Y)>>6, int(c.max.X)>>6+1, int(c.max.Y)>>6+1).Intersect(c.on.Rect)
	if r.Empty() {
		return
	}
	price := int64(r.Dx()) * int64(r.Dy())
	if _, even := c.source.(*image.Uniform); !even {
		price *= shading
	}
	if c.area -= price; c.area < 0 {
		panic(errDear)
	}
	c.mask.Reset(r.Dx(), r.Dy())
	for _, p := range c.points {
		x, y := float32(p.X)/64-float32(r.Min.X), float32(p.Y)/64-float32(r.Min.Y)
		if p.start {
			c.mask.MoveTo(x, y)
		} else {
			c.mask.LineTo(x, y)
		}
	}
	c.mask.Draw(c.on, r, c.source, r.Min)
}

// GetPathExtent is the smallest rectangle around the path.
func (c *canvas) GetPathExtent() fixed.Rectangle26_6 {
	return fixed.Rectangle26_6{Min: c.min, Max: c.max}
}

// SetBounds has nothing to do: the picture says how large it is.
func (c *canvas) SetBounds(int, int) {}

// SetColor sets what the path is filled with.
func (c *canvas) SetColor(clr any) {
	switch clr := clr.(type) {
	case color.Color:
		c.source = image.NewUniform(clr)
	case rasterx.ColorFunc:
		c.source = shaded(clr)
	}
}

// SetWinding has nothing to do: the rasterizer beneath knows one rule.
func (c *canvas) SetWinding(bool) {}

// Clear forgets the path.
func (c *canvas) Clear() {
	c.points = c.points[:0]
	c.min = fixed.Point26_6{X: math.MaxInt32, Y: math.MaxInt32}
	c.max = fixed.Point26_6{X: math.MinInt32, Y: math.MinInt32}
}

// SetClip has nothing to do: clips are left out of what is drawn.
func (c *canvas) SetClip(image.Rectangle) {}

// shaded is a gradient as a picture.
type shaded rasterx.ColorFunc

func (s shaded) ColorModel() color.Model { return color.RGBA64Model }
func (s shaded) Bounds() image.Rectangle { return image.Rect(-1e9, -1e9, 1e9, 1e9) }
func (s shaded) At(x, y int) color.Color { return s(x, y) }
