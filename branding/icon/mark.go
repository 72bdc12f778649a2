package icon

import (
	"image"
	"image/color"
	"math"
)

// mark is the product's own: the strokes of 工 in a square of 32 units, each with round ends.
var mark = [3][2]struct{ x, y float64 }{{{9, 10}, {23, 10}}, {{16, 10}, {16, 22}}, {{8, 22}, {24, 22}}}

const markStroke = 2.6

// Mark is the product's mark in white on nothing: the logo of a body that has none.
func Mark(side int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	unit := 32 / float64(side)
	for y := range side {
		for x := range side {
			near := math.Inf(1)
			for _, line := range mark {
				near = min(near, distance((float64(x)+0.5)*unit, (float64(y)+0.5)*unit, line[0].x, line[0].y, line[1].x, line[1].y))
			}
			// A pixel on the edge takes the share of it that the stroke covers.
			if a := min(1, max(0, 0.5+(markStroke/2-near)/unit)); a > 0 {
				img.SetNRGBA(x, y, color.NRGBA{R: 255, G: 255, B: 255, A: uint8(math.Round(a * 255))})
			}
		}
	}
	return img
}

// distance is that of a point from the line between two others.
func distance(x, y, ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	share := min(1, max(0, ((x-ax)*dx+(y-ay)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-ax-share*dx, y-ay-share*dy)
}
