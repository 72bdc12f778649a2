// Package theme turns the colour that a body chooses into tokens that can be read: light, dark and elder. It is pure.
package theme

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// Color is in sRGB, 0–255 a channel.
type Color struct{ R, G, B uint8 }

// The grounds that text stands on, as in tokens.css of the web apps.
var (
	White  = Color{255, 255, 255}
	Black  = Color{}
	Page   = Color{0xF7, 0xF6, 0xF4} // --page
	Ink    = Color{0x1F, 0x1E, 0x1C} // --text
	Raised = Color{0x28, 0x26, 0x23} // --raised in the dark, its lightest ground
)

const (
	// AA is the contrast of normal text by WCAG 2.1, success criterion 1.4.3.
	AA = 4.5
	// AAA is that of success criterion 1.4.6, which the elder version keeps.
	AAA = 7
)

// Parse reads #RRGGBB.
func Parse(s string) (Color, bool) {
	if len(s) != 7 || s[0] != '#' {
		return Color{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 24)
	if err != nil {
		return Color{}, false
	}
	return Color{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

func (c Color) String() string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// NRGBA is the colour as pictures take it, opaque.
func (c Color) NRGBA() color.NRGBA { return color.NRGBA{R: c.R, G: c.G, B: c.B, A: 255} }

// Luminance is the relative luminance of WCAG 2.1, 0 for black and 1 for white.
func (c Color) Luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Contrast is the contrast ratio of WCAG 2.1, from 1 to 21; the order does not matter.
func Contrast(a, b Color) float64 {
	la, lb := a.Luminance(), b.Luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// Mend returns the colour nearest to c, on the way towards an end, that has the contrast least on the ground.
func (c Color) Mend(ground, end Color, least float64) Color {
	const steps = 200
	for i := range steps {
		if m := c.Mix(end, float64(i)/steps); Contrast(m, ground) >= least {
			return m
		}
	}
	return end
}

// Mix goes a share of the way from c to another colour.
func (c Color) Mix(to Color, share float64) Color {
	channel := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return Color{channel(c.R, to.R), channel(c.G, to.G), channel(c.B, to.B)}
}

// On is the colour of text on a ground: white or ink, whichever stands out more.
func On(ground Color) Color {
	if Contrast(White, ground) >= Contrast(Ink, ground) {
		return White
	}
	return Ink
}
