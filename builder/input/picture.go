package input

import (
	"bytes"
	"fmt"
	"image/png"

	"gonghui/app/kit/fault"
)

// Picture checks a PNG that must be a square of that side, in pixels.
func Picture(field string, b []byte, side int) error {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width != side || c.Height != side {
		return fault.Field(field, fmt.Sprintf("须为边长 %d 像素的正方形 PNG 图片", side), fmt.Sprintf("This must be a square PNG of %d pixels a side", side))
	}
	return nil
}
