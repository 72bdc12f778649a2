package icon

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
)

// Large are the pictures that shops and systems cut icons from, squares of one side, each as PNG.
type Large struct {
	Side       int    // pixels
	Whole      []byte // the logo on its ground, opaque to the corners
	Layer      []byte // the logo alone
	Ground     []byte // the ground alone, opaque
	Shape      []byte // the logo in white on black, for icons in a colour of the phone's owner
	Background color.NRGBA
}

// wholeShare is the share of the side that the circle around the logo takes on an icon whose corners a system rounds.
const wholeShare = 0.86

// DrawLarge makes them, each of a side between 16 and 1024 pixels. The same source gives the same bytes; there is no budget.
func DrawLarge(s Source, side int) (Large, error) {
	if side < 16 || side > 1024 {
		return Large{}, fmt.Errorf("icon: a side of %d pixels; from 16 to 1024 are drawn", side)
	}
	if err := s.check(); err != nil {
		return Large{}, err
	}
	s.Background.A = 0xff
	ground := image.NewUniform(s.Background)
	out := Large{Side: side, Background: s.Background}
	layer := fit(s.Logo, side, safe)
	whole := image.NewRGBA(layer.Bounds())
	draw.Draw(whole, whole.Bounds(), ground, image.Point{}, draw.Src)
	draw.Draw(whole, whole.Bounds(), fit(s.Logo, side, wholeShare), image.Point{}, draw.Over)
	plate := image.NewRGBA(layer.Bounds())
	draw.Draw(plate, plate.Bounds(), ground, image.Point{}, draw.Src)
	shape := image.NewRGBA(layer.Bounds())
	draw.Draw(shape, shape.Bounds(), image.Black, image.Point{}, draw.Src)
	draw.Draw(shape, shape.Bounds(), silhouette(layer, s.Logo, s.Monochrome, side), image.Point{}, draw.Over)
	for _, p := range []struct {
		to  *[]byte
		img *image.RGBA
	}{{&out.Whole, whole}, {&out.Layer, layer}, {&out.Ground, plate}, {&out.Shape, shape}} {
		var b bytes.Buffer
		if err := encoder.Encode(&b, reduce(plain(p.img), false)); err != nil {
			return Large{}, fmt.Errorf("icon: %w", err)
		}
		*p.to = b.Bytes()
	}
	return out, nil
}
