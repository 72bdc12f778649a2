package branding

import (
	"fmt"
	"math"
	"strconv"
)

// color is in sRGB, 0–255 a channel.
type color struct{ r, g, b uint8 }

var (
	white       = color{255, 255, 255}
	black       = color{}
	darkSurface = color{0x1F, 0x1F, 0x1F} // what text stands on in dark mode
)

// minContrast is that of normal text by WCAG 2.1, success criterion 1.4.3 (AA).
const minContrast = 4.5

// parseColor reads #RRGGBB.
func parseColor(s string) (color, bool) {
	if len(s) != 7 || s[0] != '#' {
		return color{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 24)
	if err != nil {
		return color{}, false
	}
	return color{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

func (c color) String() string { return fmt.Sprintf("#%02X%02X%02X", c.r, c.g, c.b) }

// luminance is the relative luminance of WCAG 2.1, 0 for black and 1 for white.
func (c color) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// contrast is the contrast ratio of WCAG 2.1, from 1 to 21; the order does not matter.
func contrast(a, b color) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// mend returns the colour nearest to c, on the way towards an end, that can be read on the ground.
func (c color) mend(ground, end color) color {
	const steps = 200
	for i := range steps {
		if m := c.mix(end, float64(i)/steps); contrast(m, ground) >= minContrast {
			return m
		}
	}
	return end
}

// mix goes a share of the way from c to another colour.
func (c color) mix(to color, share float64) color {
	channel := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return color{channel(c.r, to.r), channel(c.g, to.g), channel(c.b, to.b)}
}
