// Package paint draws pictures of a recording: planes of brightness and colour (Y'CbCr 4:2:0, limited range), other pictures in them, and
// texts in Chinese and Latin letters.
package paint

import (
	"image"
	"image/color"
)

// Picture is one. Its sides are even.
type Picture struct {
	W, H      int
	Y, Cb, Cr []byte
}

// New is a black picture.
func New(w, h int) *Picture {
	p := Over(w, h, make([]byte, Size(w, h)))
	p.Fill(image.Rect(0, 0, w, h), color.RGBA{A: 255})
	return p
}

// Size is how many bytes a picture has.
func Size(w, h int) int { return w * h * 3 / 2 }

// Over is a picture whose planes lie one behind the other in b.
func Over(w, h int, b []byte) *Picture {
	n := w * h
	return &Picture{W: w, H: h, Y: b[:n:n], Cb: b[n : n+n/4 : n+n/4], Cr: b[n+n/4 : n+n/2 : n+n/2]}
}

// Copy makes p what o is; they are of one size.
func (p *Picture) Copy(o *Picture) {
	copy(p.Y, o.Y)
	copy(p.Cb, o.Cb)
	copy(p.Cr, o.Cr)
}

// planes are brightness and colours of a colour (BT.601).
func planes(c color.RGBA) (y, cb, cr byte) {
	r, g, b := float64(c.R), float64(c.G), float64(c.B)
	return byte(16.5 + 0.257*r + 0.504*g + 0.098*b), byte(128.5 - 0.148*r - 0.291*g + 0.439*b), byte(128.5 + 0.439*r - 0.368*g - 0.071*b)
}

// even is what lies in the picture of r, on even pixels.
func (p *Picture) even(r image.Rectangle) image.Rectangle {
	r = r.Intersect(image.Rect(0, 0, p.W, p.H))
	return image.Rect(r.Min.X&^1, r.Min.Y&^1, (r.Max.X+1)&^1, (r.Max.Y+1)&^1)
}

// Fill fills a rectangle.
func (p *Picture) Fill(r image.Rectangle, c color.RGBA) {
	r = p.even(r)
	y, cb, cr := planes(c)
	for row := r.Min.Y; row < r.Max.Y; row++ {
		set(p.Y[row*p.W+r.Min.X:row*p.W+r.Max.X], y)
	}
	for row := r.Min.Y / 2; row < r.Max.Y/2; row++ {
		at := row * p.W / 2
		set(p.Cb[at+r.Min.X/2:at+r.Max.X/2], cb)
		set(p.Cr[at+r.Min.X/2:at+r.Max.X/2], cr)
	}
}

func set(b []byte, v byte) {
	for i := range b {
		b[i] = v
	}
}

// Shade darkens a rectangle to the part keep of 256.
func (p *Picture) Shade(r image.Rectangle, keep int) {
	r = p.even(r)
	dim := func(plane []byte, w int, r image.Rectangle, zero int) {
		for row := r.Min.Y; row < r.Max.Y; row++ {
			line := plane[row*w+r.Min.X : row*w+r.Max.X]
			for i, v := range line {
				line[i] = byte(zero + (int(v)-zero)*keep>>8)
			}
		}
	}
	half := image.Rect(r.Min.X/2, r.Min.Y/2, r.Max.X/2, r.Max.Y/2)
	dim(p.Y, p.W, r, 16)
	dim(p.Cb, p.W/2, half, 128)
	dim(p.Cr, p.W/2, half, 128)
}

// Draw puts another picture into a rectangle on even pixels, scaled to it when it is of another size.
func (p *Picture) Draw(r image.Rectangle, o *Picture) {
	if r = p.even(r); r.Empty() {
		return
	}
	scale(p.Y, p.W, r, o.Y, o.W, o.H)
	half := image.Rect(r.Min.X/2, r.Min.Y/2, r.Max.X/2, r.Max.Y/2)
	scale(p.Cb, p.W/2, half, o.Cb, o.W/2, o.H/2)
	scale(p.Cr, p.W/2, half, o.Cr, o.W/2, o.H/2)
}

// scale writes one plane into r of another, each point from its four neighbours.
func scale(dst []byte, stride int, r image.Rectangle, src []byte, w, h int) {
	if r.Dx() == w && r.Dy() == h {
		for y := range h {
			copy(dst[(r.Min.Y+y)*stride+r.Min.X:], src[y*w:y*w+w])
		}
		return
	}
	type from struct{ at, next, part int }
	cols := make([]from, r.Dx())
	for x := range cols {
		f := ((2*x+1)*w<<8/r.Dx() - 256) / 2
		f = max(f, 0)
		at := min(f>>8, w-1)
		cols[x] = from{at, min(at+1, w-1), f & 255}
	}
	for y := range r.Dy() {
		f := max(((2*y+1)*h<<8/r.Dy()-256)/2, 0)
		at := min(f>>8, h-1)
		a, b, part := src[at*w:at*w+w], src[min(at+1, h-1)*w:], f&255
		out := dst[(r.Min.Y+y)*stride+r.Min.X:]
		for x, c := range cols {
			top := int(a[c.at])*(256-c.part) + int(a[c.next])*c.part
			low := int(b[c.at])*(256-c.part) + int(b[c.next])*c.part
			out[x] = byte((top*(256-part) + low*part) >> 16)
		}
	}
}

// Stamp is a text, or another form, as thick as it is where.
type Stamp struct {
	W, H  int
	Thick []byte
}

// Put draws a stamp in a colour, of which alpha tells how strongly.
func (p *Picture) Put(s *Stamp, at image.Point, c color.RGBA) {
	cy, ccb, ccr := planes(c)
	strength := int(c.A)
	for y := range s.H {
		py := at.Y + y
		if py < 0 || py >= p.H {
			continue
		}
		for x := range s.W {
			px := at.X + x
			a := int(s.Thick[y*s.W+x]) * strength / 255
			if a == 0 || px < 0 || px >= p.W {
				continue
			}
			i := py*p.W + px
			p.Y[i] = mix(p.Y[i], cy, a)
			if (py|px)&1 == 0 {
				j := py/2*(p.W/2) + px/2
				p.Cb[j], p.Cr[j] = mix(p.Cb[j], ccb, a), mix(p.Cr[j], ccr, a)
			}
		}
	}
}

func mix(a, b byte, part int) byte { return byte((int(a)*(255-part) + int(b)*part) / 255) }

// Disc is a filled circle.
func Disc(d int) *Stamp {
	s := &Stamp{W: d, H: d, Thick: make([]byte, d*d)}
	r := float64(d) / 2
	for y := range d {
		for x := range d {
			// Four looks a point are smooth enough.
			in := 0
			for k := range 4 {
				dx, dy := float64(x)+0.25+0.5*float64(k&1)-r, float64(y)+0.25+0.5*float64(k>>1)-r
				if dx*dx+dy*dy <= r*r {
					in++
				}
			}
			s.Thick[y*d+x] = byte(in * 255 / 4)
		}
	}
	return s
}
