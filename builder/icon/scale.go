package icon

import (
	"image"
	"image/draw"
)

// Colours are multiplied by alpha until the end: that is what can be scaled without seams. All arithmetic is in whole numbers, so
// that every machine draws the same.

const (
	// leave is how many pixels the averaging of boxes leaves, a side, for each one that is wanted: with fewer the sharp filter
	// after it would show the boxes.
	leave = 2
	// maxBox keeps the sums of a box of that side within 16 bits a channel.
	maxBox = 16
)

// axis is how the pixels along a side of a picture became fewer: by averaging boxes of that many.
type axis struct {
	pixels, box int
}

// boxes is how many there are; the last may lie beyond the edge in part.
func (a axis) boxes() int { return (a.pixels + a.box - 1) / a.box }

func axisOf(pixels, want int) axis {
	return axis{pixels, max(1, min(maxBox, pixels/(leave*want)))}
}

// shrink averages boxes of whole pixels where a picture has many more than are wanted.
func shrink(img image.Image, want image.Point) (out *image.RGBA, across, down axis) {
	b := img.Bounds()
	across, down = axisOf(b.Dx(), want.X), axisOf(b.Dy(), want.Y)
	out = image.NewRGBA(image.Rect(0, 0, across.boxes(), down.boxes()))
	if across.box == 1 && down.box == 1 {
		draw.Draw(out, out.Bounds(), img, b.Min, draw.Src)
		return out, across, down
	}
	// A band of rows at a time: a large logo needs no second copy of all of it.
	band := image.NewRGBA(image.Rect(0, 0, b.Dx(), down.box))
	for y := range down.boxes() {
		rows := min(down.box, b.Dy()-y*down.box)
		draw.Draw(band, image.Rect(0, 0, b.Dx(), rows), img, image.Pt(b.Min.X, b.Min.Y+y*down.box), draw.Src)
		for x := range across.boxes() {
			columns := min(across.box, b.Dx()-x*across.box)
			// Two channels a word, each with room for the sum of a box.
			var even, odd uint32
			for r := range rows {
				at := r*band.Stride + 4*x*across.box
				for row := band.Pix[at : at+4*columns]; len(row) >= 4; row = row[4:] {
					even += uint32(row[0]) | uint32(row[2])<<16
					odd += uint32(row[1]) | uint32(row[3])<<16
				}
			}
			n := uint32(rows * columns)
			to := out.Pix[y*out.Stride+4*x:][:4]
			to[0], to[2] = uint8((even&0xffff+n/2)/n), uint8((even>>16+n/2)/n)
			to[1], to[3] = uint8((odd&0xffff+n/2)/n), uint8((odd>>16+n/2)/n)
		}
	}
	return out, across, down
}

const (
	weightBits = 14                         // one is 1<<weightBits
	rowBits    = 7                          // below a unit of colour, kept between the two passes
	lastBits   = weightBits + rowBits       // to be taken off at the end
	placeBits  = 16                         // of places, a pixel being 1<<placeBits
	one        = 1 << placeBits             // pixel
	half       = one / 2                    // pixel
	rounding   = int32(1) << (lastBits - 1) // half a unit of colour at the end
)

// taps are the pixels that one of the result is made of, from first on, and how much of each.
type taps struct {
	first   int
	weights []int32
}

func (t taps) end() int { return t.first + len(t.weights) }

// to is what each of n pixels takes from the axis's boxes.
func (a axis) to(n int) []taps {
	out := make([]taps, n)
	d := 2 * a.box * n
	wide := max(one, 2*a.pixels<<placeBits/d)
	for i := range out {
		centre := (2*i+1)*a.pixels<<placeBits/d - half
		first, last := max(0, (centre-2*wide+one-1)>>placeBits), min(a.boxes()-1, (centre+2*wide)>>placeBits)
		raw, sum := make([]int, last-first+1), 0
		for j := range raw {
			far := (first+j)<<placeBits - centre
			raw[j] = catmullRom(max(far, -far) << placeBits / wide)
			sum += raw[j]
		}
		t := taps{first, make([]int32, len(raw))}
		left, most := int32(1<<weightBits), 0
		for j, w := range raw {
			t.weights[j] = int32(w << weightBits / sum)
			left -= t.weights[j]
			if w > raw[most] {
				most = j
			}
		}
		// Together they are one: an even ground stays what it is.
		t.weights[most] += left
		out[i] = t
	}
	return out
}

// catmullRom is the height of the cubic through its points (Catmull and Rom, A class of local interpolating splines, 1974), in
// units of 1<<24, at a distance in units of one.
func catmullRom(x int) int {
	const down = 3*placeBits + 1 - 24
	switch {
	case x < one:
		return (3*x*x*x - 5*one*x*x + 2*one*one*one) >> down
	case x < 2*one:
		return (-x*x*x + 5*one*x*x - 8*one*one*x + 4*one*one*one) >> down
	}
	return 0
}

// scale lays a picture whose sides are so many boxes into a part of a clear square of that size.
func scale(img *image.RGBA, across, down axis, size int, part image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, size, size))
	xs, ys := across.to(part.Dx()), down.to(part.Dy())
	// What is clear stays clear and costs nothing.
	full := visible(img)
	left, right := reach(xs, full.Min.X, full.Max.X)
	top, bottom := reach(ys, full.Min.Y, full.Max.Y)
	if left >= right || top >= bottom {
		return out
	}
	width := 4 * (right - left)
	rows := make([]int32, width*full.Dy())
	for y := full.Min.Y; y < full.Max.Y; y++ {
		row := rows[(y-full.Min.Y)*width:][:width]
		for i, t := range xs[left:right] {
			var r, g, b, a int32
			pix := img.Pix[y*img.Stride+4*t.first:][:4*len(t.weights)]
			for _, w := range t.weights {
				p := pix[:4:4]
				r, g, b, a = r+w*int32(p[0]), g+w*int32(p[1]), b+w*int32(p[2]), a+w*int32(p[3])
				pix = pix[4:]
			}
			to := row[4*i:][:4:4]
			const off = weightBits - rowBits
			to[0], to[1], to[2], to[3] = r>>off, g>>off, b>>off, a>>off
		}
	}
	sums := make([]int32, width)
	for y := top; y < bottom; y++ {
		for i := range sums {
			sums[i] = rounding
		}
		t := ys[y]
		for j, w := range t.weights {
			if from := t.first + j; from >= full.Min.Y && from < full.Max.Y {
				row := rows[(from-full.Min.Y)*width:][:len(sums)]
				for i, v := range row {
					sums[i] += w * v
				}
			}
		}
		pix := out.Pix[(part.Min.Y+y)*out.Stride+4*(part.Min.X+left):][:len(sums)]
		for i := 0; i+4 <= len(sums); i += 4 {
			s, to := sums[i:i+4:i+4], pix[i:i+4:i+4]
			// The filter overshoots at edges; a colour multiplied by alpha is never more than alpha.
			a := min(max(s[3]>>lastBits, 0), 255)
			for c := range 3 {
				to[c] = uint8(min(max(s[c]>>lastBits, 0), a))
			}
			to[3] = uint8(a)
		}
	}
	return out
}

// reach is which pixels of a result take something from those between two places.
func reach(ts []taps, from, to int) (first, end int) {
	for first < len(ts) && ts[first].end() <= from {
		first++
	}
	for end = len(ts); end > first && ts[end-1].first >= to; {
		end--
	}
	return first, end
}

// visible is the smallest rectangle that holds all that is not clear.
func visible(img *image.RGBA) image.Rectangle {
	b := img.Bounds()
	out := image.Rectangle{Min: b.Max}
	for y := range b.Dy() {
		row := img.Pix[y*img.Stride:][:4*b.Dx()]
		first := 0
		for first < b.Dx() && row[4*first+3] == 0 {
			first++
		}
		if first == b.Dx() {
			continue
		}
		last := b.Dx() - 1
		for row[4*last+3] == 0 {
			last--
		}
		out.Min.X, out.Max.X = min(out.Min.X, first), max(out.Max.X, last+1)
		out.Min.Y, out.Max.Y = min(out.Min.Y, y), y+1
	}
	return out
}
