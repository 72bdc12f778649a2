package icon

import "image/color"

// shade is a colour, its channels in the bytes of a word from red to alpha, and how many pixels have it.
type shade struct {
	rgba uint32
	n    int
}

func pack(c color.NRGBA) uint32 {
	return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A)
}

// channel is one of the four bytes of a colour.
func (s shade) channel(axis int) int { return int(s.rgba >> (24 - 8*axis) & 0xff) }

// cut is a palette of at most 256 colours and which of them each colour becomes: boxes of colours are halved at the median
// until there are enough (Heckbert, Color image quantization, 1982), alpha being one more axis.
func cut(count map[uint32]int) (color.Palette, map[uint32]uint8) {
	all := make([]shade, 0, len(count))
	for c, n := range count {
		all = append(all, shade{c, n})
	}
	// The order of a map is any, that of the palette is not: nothing below depends on the order within a box.
	boxes := []box{boxOf(all)}
	for len(boxes) < 256 {
		widest := 0
		for i, b := range boxes {
			if b.width > boxes[widest].width {
				widest = i
			}
		}
		if boxes[widest].width == 0 {
			break
		}
		low, high := boxes[widest].halve()
		boxes[widest] = boxOf(low)
		boxes = append(boxes, boxOf(high))
	}
	palette := make(color.Palette, len(boxes))
	index := make(map[uint32]uint8, len(count))
	for i, b := range boxes {
		palette[i] = b.mean()
		for _, s := range b.shades {
			index[s.rgba] = uint8(i)
		}
	}
	return palette, index
}

// box is colours near one another, with the axis along which it is widest.
type box struct {
	shades      []shade
	axis, width int
}

func boxOf(shades []shade) box {
	b := box{shades: shades}
	for axis := range 4 {
		low, high := 255, 0
		for _, s := range shades {
			v := s.channel(axis)
			low, high = min(low, v), max(high, v)
		}
		if high-low > b.width {
			b.axis, b.width = axis, high-low
		}
	}
	return b
}

// halve cuts a box that is wider than nothing across its axis, where about half of its pixels are on either side.
func (b box) halve() (low, high []shade) {
	var pixels [256]int
	total, highest := 0, 0
	for _, s := range b.shades {
		v := s.channel(b.axis)
		pixels[v] += s.n
		total += s.n
		highest = max(highest, v)
	}
	// At least one colour is below the border, and those of the highest value are not.
	border, sum := highest-b.width+1, pixels[highest-b.width]
	for border < highest && sum*2 < total {
		sum += pixels[border]
		border++
	}
	at := 0
	for i, s := range b.shades {
		if s.channel(b.axis) < border {
			b.shades[i], b.shades[at] = b.shades[at], s
			at++
		}
	}
	return b.shades[:at:at], b.shades[at:]
}

// mean is the colour that a box becomes, weighed by pixels.
func (b box) mean() color.NRGBA {
	var sum [4]int
	n := 0
	for _, s := range b.shades {
		for a := range sum {
			sum[a] += s.channel(a) * s.n
		}
		n += s.n
	}
	var v [4]uint8
	for a := range sum {
		v[a] = uint8((sum[a] + n/2) / n)
	}
	return color.NRGBA{v[0], v[1], v[2], v[3]}
}
