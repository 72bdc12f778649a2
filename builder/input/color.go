package input

import (
	"fmt"
	"math"

	"gonghui/app/kit/fault"
)

// Check refuses what is not 0xRRGGBB.
func (c Colors) Check() error {
	if max(c.Brand, c.Ground, c.GroundDark) > 0xffffff {
		return fault.Field("colors", "颜色须为六位十六进制数", "A colour has six hexadecimal digits")
	}
	return nil
}

// Hex is a colour as #RRGGBB.
func Hex(c uint32) string { return fmt.Sprintf("#%06X", c) }

// Ink is black or white, whichever is read better on a colour (relative luminance, WCAG 2.1).
func Ink(c uint32) uint32 {
	if 0.2126*linear(c>>16)+0.7152*linear(c>>8)+0.0722*linear(c) > 0.179 {
		return 0x1F1F1F
	}
	return 0xFFFFFF
}

// linear is the light of the lowest eight bits, from 0 to 1 (sRGB, IEC 61966-2-1).
func linear(channel uint32) float64 {
	c := float64(channel&0xff) / 255
	if c <= 0.03928 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
