// Package layout says where in the picture of a recording who is shown.
package layout

import "image"

// Size of the picture, in pixels.
const (
	Width  = 1280
	Height = 720
)

// Most are shown at a time.
const (
	MostGrid = 9 // alike
	MostSide = 5 // beside one who is large
)

const gap = 8

// Whole is the whole picture.
var Whole = image.Rect(0, 0, Width, Height)

// Grid are n places of the same size, row by row, the last row in the middle; n is at most MostGrid.
func Grid(n int) []image.Rectangle {
	if n <= 0 {
		return nil
	}
	if n == 1 {
		return []image.Rectangle{Whole}
	}
	cols := 2
	if n > 4 {
		cols = 3
	}
	rows := (n + cols - 1) / cols
	w, h := Width/cols&^1, Height/cols&^1
	top := (Height - rows*h) / 2 &^ 1
	out := make([]image.Rectangle, n)
	for i := range out {
		row, col := i/cols, i%cols
		left := 0
		if row == rows-1 {
			left = (Width - (n-row*cols)*w) / 2 &^ 1
		}
		x, y := left+col*w, top+row*h
		out[i] = image.Rect(x, y, x+w, y+h)
	}
	return out
}

// Stage is one large place and n small ones beside it, from the top; n is at most MostSide.
func Stage(n int) (large image.Rectangle, side []image.Rectangle) {
	if n <= 0 {
		return Whole, nil
	}
	const w, h = 240, 134
	large = image.Rect(0, 0, Width-w-gap, Height)
	for i := range n {
		y := i * (h + gap)
		side = append(side, image.Rect(Width-w, y, Width, y+h))
	}
	return large, side
}

// Fit is the largest rectangle of the sides w : h in the middle of r, on even pixels.
func Fit(r image.Rectangle, w, h int) image.Rectangle {
	if w <= 0 || h <= 0 {
		return r
	}
	fw, fh := r.Dx(), r.Dx()*h/w
	if fh > r.Dy() {
		fw, fh = r.Dy()*w/h, r.Dy()
	}
	fw, fh = max(fw&^1, 2), max(fh&^1, 2)
	x, y := r.Min.X+(r.Dx()-fw)/2&^1, r.Min.Y+(r.Dy()-fh)/2&^1
	return image.Rect(x, y, x+fw, y+fh)
}
