// Package icon draws the launcher icons of a body's Android app from its logo.
package icon

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"
	"sync"
)

// Source is what icons are drawn from.
type Source struct {
	Logo image.Image
	// Background is behind the logo, opaque.
	Background color.NRGBA
	// Monochrome is the logo's shape for icons in the colour of the phone's theme; nil takes the logo's own: what is opaque
	// in it, or if all of it is, what differs from its corner.
	Monochrome image.Image
}

// Dense is one of the densities that launchers ask for.
type Dense struct {
	Name string // as in the name of a folder: "xhdpi"
	DPI  uint16
}

// Densities are those of phones, the lowest first. Launchers take the next higher and scale it down.
var Densities = []Dense{{"hdpi", 240}, {"xhdpi", 320}, {"xxhdpi", 480}, {"xxxhdpi", 640}}

// Picture is one PNG for one density.
type Picture struct {
	Dense
	Side int // pixels
	PNG  []byte
}

// Set is all icons of an app.
type Set struct {
	Legacy     []Picture // up to Android 7: the whole icon
	Foreground []Picture // from Android 8 on: the logo alone, on a larger ground that launchers cut to a shape
	Monochrome []Picture // from Android 13 on
	Background color.NRGBA
}

const (
	// MaxSide is the largest logo that is taken, in pixels a side.
	MaxSide = 4096

	legacyDP   = 48
	adaptiveDP = 108
	// safe is the share of an adaptive icon that every shape shows: a circle of 66 of 108 (Android's adaptive icon guide).
	safe = 66.0 / 108
	// legacySafe is the share of a whole icon that the logo's circle takes.
	legacySafe = 0.9

	// Budget is how much all pictures of a set may take, in bytes, so that the package stays within 120 KB.
	Budget = 72 << 10
)

// Draw makes the icons. The same source gives the same bytes. A logo with many colours is drawn with 256, and if that does not
// bring the set within Budget either, without its highest densities.
func Draw(s Source) (Set, error) {
	if err := s.check(); err != nil {
		return Set{}, err
	}
	s.Background.A = 0xff
	top := Densities[len(Densities)-1]
	// The largest is drawn from the logo, all others from the largest: scaling a large logo is what takes time.
	logo := fit(s.Logo, side(adaptiveDP, top), safe)
	mono := silhouette(logo, s.Logo, s.Monochrome, side(adaptiveDP, top))
	all := sheet{
		foreground: {from: logo, dp: adaptiveDP},
		legacy:     {from: crop(logo, safe/legacySafe), dp: legacyDP, ground: &s.Background},
		monochrome: {from: mono, dp: adaptiveDP},
	}
	out, fits, err := all.lossless()
	if err == nil && !fits {
		out, err = all.reduced()
	}
	if err != nil {
		return Set{}, err
	}
	out.Background = s.Background
	return out, nil
}

// check refuses a source without a logo, or with a picture that is too large.
func (s Source) check() error {
	if s.Logo == nil {
		return fmt.Errorf("icon: there is no logo")
	}
	for _, img := range []image.Image{s.Logo, s.Monochrome} {
		if img == nil {
			continue
		}
		if b := img.Bounds(); b.Dx() < 1 || b.Dy() < 1 || b.Dx() > MaxSide || b.Dy() > MaxSide {
			return fmt.Errorf("icon: a logo of %d by %d pixels; from 1 to %d a side are taken", b.Dx(), b.Dy(), MaxSide)
		}
	}
	return nil
}

// The kinds of pictures of a set.
const (
	foreground = iota
	legacy
	monochrome
)

// sheet is what the pictures of a set are drawn from, by kind.
type sheet [3]layer

type layer struct {
	from   *image.RGBA
	dp     int
	ground *color.NRGBA // behind it; nil is clear
}

// lossless makes the pictures of all densities; it gives up when they take more than Budget.
func (s sheet) lossless() (out Set, fits bool, err error) {
	left := Budget
	add := func(to *[]Picture, kind int, d Dense) {
		if err != nil || left < 0 {
			return
		}
		var p Picture
		p, err = s[kind].picture(d, false, left)
		if errors.Is(err, errFull) {
			left, err = -1, nil
			return
		}
		left -= len(p.PNG)
		*to = append(*to, p)
	}
	// The largest is likeliest to be too large.
	for _, d := range slices.Backward(Densities) {
		add(&out.Foreground, foreground, d)
		add(&out.Legacy, legacy, d)
	}
	slices.Reverse(out.Foreground)
	slices.Reverse(out.Legacy)
	add(&out.Monochrome, monochrome, Densities[len(Densities)-1])
	return out, left >= 0, err
}

// reduced makes the pictures with 256 colours, of as many densities as stay within Budget, the lowest first.
func (s sheet) reduced() (Set, error) {
	var out Set
	left := Budget
	for _, d := range Densities {
		front, err := s[foreground].picture(d, true, left)
		var whole, shape Picture
		if err == nil {
			left -= len(front.PNG)
			whole, err = s[legacy].picture(d, true, left)
		}
		if err == nil {
			left -= len(whole.PNG)
			shape, err = s[monochrome].picture(d, false, left)
		}
		if errors.Is(err, errFull) && len(out.Legacy) > 0 {
			break
		}
		if err != nil {
			return Set{}, err
		}
		out.Foreground, out.Legacy, out.Monochrome = append(out.Foreground, front), append(out.Legacy, whole), []Picture{shape}
	}
	return out, nil
}

func side(dp int, d Dense) int { return dp * int(d.DPI) / 160 }

// fit lays a picture in the middle of a clear square, its corners on the circle of that share of the side.
func fit(img image.Image, size int, share float64) *image.RGBA {
	b := img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	by := share * float64(size) / math.Hypot(w, h)
	dw, dh := max(1, int(math.Round(w*by))), max(1, int(math.Round(h*by)))
	corner := image.Pt((size-dw)/2, (size-dh)/2)
	small, across, down := shrink(img, image.Pt(dw, dh))
	return scale(small, across, down, size, image.Rectangle{corner, corner.Add(image.Pt(dw, dh))})
}

// plain is a picture as PNG has it, colours not multiplied by alpha.
func plain(img *image.RGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Bounds())
	for i := 0; i < len(img.Pix); i += 4 {
		p, to := img.Pix[i:i+4:i+4], out.Pix[i:i+4:i+4]
		switch a := uint32(p[3]); a {
		case 0:
		case 255:
			copy(to, p)
		default:
			for c := range 3 {
				to[c] = uint8(min(255, (uint32(p[c])*255+a/2)/a))
			}
			to[3] = p[3]
		}
	}
	return out
}

// crop is the middle of a square, of that share of its side.
func crop(img *image.RGBA, share float64) *image.RGBA {
	n := img.Bounds().Dx()
	in := int(float64(n) * (1 - share) / 2)
	out := image.NewRGBA(image.Rect(0, 0, n-2*in, n-2*in))
	draw.Draw(out, out.Bounds(), img, image.Pt(in, in), draw.Src)
	return out
}

// silhouette is white where the logo is and clear elsewhere.
func silhouette(drawn *image.RGBA, logo, own image.Image, size int) *image.RGBA {
	if own != nil {
		drawn, logo = fit(own, size, safe), own
	}
	out := image.NewRGBA(drawn.Bounds())
	full := opaque(logo)
	b := logo.Bounds()
	corner := color.NRGBAModel.Convert(logo.At(b.Min.X, b.Min.Y)).(color.NRGBA)
	for i := 0; i < len(drawn.Pix); i += 4 {
		p := drawn.Pix[i : i+4]
		a := p[3]
		if full {
			// The farther from the ground's colour, the more it belongs to the shape.
			d := max(diff(p[0], corner.R), diff(p[1], corner.G), diff(p[2], corner.B))
			a = uint8(min(255, d*2) * int(a) / 255)
		}
		if a > 0 {
			copy(out.Pix[i:], []uint8{a, a, a, a})
		}
	}
	return out
}

func diff(a, b uint8) int { return max(int(a), int(b)) - min(int(a), int(b)) }

func opaque(img image.Image) bool {
	if o, ok := img.(interface{ Opaque() bool }); ok {
		return o.Opaque()
	}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if _, _, _, a := img.At(x, y).RGBA(); a != 0xffff {
				return false
			}
		}
	}
	return true
}

// encoder uses its memory again: most of what small pictures cost is making it ready.
var encoder = png.Encoder{BufferPool: &buffers{}}

type buffers struct{ sync.Pool }

func (b *buffers) Get() *png.EncoderBuffer {
	e, _ := b.Pool.Get().(*png.EncoderBuffer)
	return e
}

func (b *buffers) Put(e *png.EncoderBuffer) { b.Pool.Put(e) }

// errFull tells that a picture takes more than is left.
var errFull = errors.New("icon: the picture is too large")

// bounded is a buffer that takes so many bytes.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		return 0, errFull
	}
	return b.Buffer.Write(p)
}

// picture draws a layer for a density; errFull if that takes more than so many bytes.
func (l layer) picture(d Dense, quantise bool, most int) (Picture, error) {
	n := side(l.dp, d)
	img := l.from
	if from := img.Bounds().Dx(); from != n {
		img = scale(img, axis{from, 1}, axis{from, 1}, n, image.Rect(0, 0, n, n))
	}
	if l.ground != nil {
		img = over(img, *l.ground)
	}
	b := bounded{most: most}
	if err := encoder.Encode(&b, reduce(plain(img), quantise)); err != nil {
		return Picture{}, fmt.Errorf("icon: %s: %w", d.Name, err)
	}
	return Picture{d, n, b.Bytes()}, nil
}

// over is a picture on an opaque ground.
func over(img *image.RGBA, ground color.NRGBA) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	under := [4]uint32{uint32(ground.R), uint32(ground.G), uint32(ground.B), 255}
	for i := 0; i < len(img.Pix); i += 4 {
		p, to := img.Pix[i:i+4:i+4], out.Pix[i:i+4:i+4]
		through := 255 - uint32(p[3])
		for c, g := range under {
			to[c] = uint8(min(255, uint32(p[c])+(g*through+127)/255))
		}
	}
	return out
}

// reduce gives a picture of at most 256 colours a palette, which loses nothing; with quantise any picture.
func reduce(img *image.NRGBA, quantise bool) image.Image {
	count := map[uint32]int{}
	last, run := pixel(img, 0, quantise), 0
	for i := 0; i < len(img.Pix); i += 4 {
		c := pixel(img, i, quantise)
		if c == last {
			run++
			continue
		}
		if count[last] += run; len(count) > 256 && !quantise {
			return img
		}
		last, run = c, 1
	}
	count[last] += run
	palette, index := cut(count)
	out := image.NewPaletted(img.Bounds(), palette)
	was, is := last, index[last]
	for i := range out.Pix {
		if c := pixel(img, 4*i, quantise); c != was {
			was, is = c, index[c]
		}
		out.Pix[i] = is
	}
	return out
}

// pixel is the colour at a place of the bytes; quantise leaves five bits a channel, so that there are not too many to sort.
func pixel(img *image.NRGBA, at int, quantise bool) uint32 {
	p := img.Pix[at : at+4 : at+4]
	c := pack(color.NRGBA{p[0], p[1], p[2], p[3]})
	if quantise {
		c = c&0xf8f8f8f8 | c>>5&0x07070707
	}
	return c
}
