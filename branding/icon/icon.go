// Package icon derives from a logo every icon that phones and browsers ask for. It is pure: pictures in, pictures out.
//
// A logo is an [image.Image] of any shape, transparent or not; a side is in pixels.
package icon

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

const (
	// maskableSafe is the diameter of the circle that every mask leaves (W3C Web Application Manifest, section 1.9, maskable icons).
	maskableSafe = 0.8
	// adaptiveSafe is that of an Android adaptive icon: 66 of 108 dp (Android developers, Adaptive icons).
	adaptiveSafe = 66.0 / 108
	// plainShare is how much of an icon that is not masked the logo takes, by its longer side.
	plainShare = 0.78
	// uniform is how far a pixel may be from the colour of the edge and still count as empty, of 255.
	uniform = 24
)

// Maskable is an opaque square icon: the ground reaches every edge, the logo stays within what any mask leaves.
func Maskable(logo image.Image, ground color.Color, side int) *image.NRGBA {
	img := Background(ground, side)
	inCircle(img, Trim(logo), maskableSafe)
	return img
}

// Apple is the icon of an iOS home screen, which rounds the corners itself and knows no transparency (180 pixels: Apple Human
// Interface Guidelines, App icons).
func Apple(logo image.Image, ground color.Color, side int) *image.NRGBA {
	img := Background(ground, side)
	inSquare(img, Trim(logo), plainShare)
	return img
}

// Favicon is the logo alone, as large as the square holds it, on nothing.
func Favicon(logo image.Image, side int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	inSquare(img, Trim(logo), 1)
	return img
}

// Foreground is the upper layer of an Android adaptive icon: the logo within the safe zone, on nothing.
func Foreground(logo image.Image, side int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	inCircle(img, Trim(logo), adaptiveSafe)
	return img
}

// Background is the lower layer: one colour.
func Background(ground color.Color, side int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	return img
}

// Monochrome is the layer that Android 13 tints: white where the logo is, nothing elsewhere. A logo on a ground of one colour
// loses that ground first, and one that fills its shape becomes light and shade by how dark it is.
func Monochrome(logo image.Image, side int) *image.NRGBA {
	return silhouette(Foreground(withoutGround(logo), side))
}

// silhouette turns a picture into white of more or less opacity. Where the picture is of one tone, its shape is all; where it
// is not, the tones that are far from the commonest one stand out.
func silhouette(img *image.NRGBA) *image.NRGBA {
	var dark, light float64
	for n := 0; n < len(img.Pix); n += 4 {
		a := float64(img.Pix[n+3]) / 255
		if l := luma(img.Pix[n:]); l < 0.8 {
			dark += a
		} else {
			light += a
		}
	}
	// White strokes upon a coloured shape, or the other way round: the fewer stand out as a cut.
	cut := dark > 0 && light > 0 && min(dark, light) > 0.02*(dark+light)
	for n := 0; n < len(img.Pix); n += 4 {
		a := img.Pix[n+3]
		if cut && (luma(img.Pix[n:]) >= 0.8) == (dark >= light) {
			a = 0
		}
		img.Pix[n], img.Pix[n+1], img.Pix[n+2], img.Pix[n+3] = 255, 255, 255, a
	}
	return img
}

func luma(p []uint8) float64 {
	return (0.2126*float64(p[0]) + 0.7152*float64(p[1]) + 0.0722*float64(p[2])) / 255
}

// Trim cuts away the empty edge of a logo: what is transparent, or of the one colour that all four corners have.
func Trim(logo image.Image) image.Image {
	img := nrgba(logo)
	empty := emptiness(img)
	b := img.Bounds()
	box := image.Rectangle{Min: b.Max, Max: b.Min}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if !empty(img.NRGBAAt(x, y)) {
				box.Min.X, box.Min.Y = min(box.Min.X, x), min(box.Min.Y, y)
				box.Max.X, box.Max.Y = max(box.Max.X, x+1), max(box.Max.Y, y+1)
			}
		}
	}
	if box.Empty() {
		return img
	}
	return img.SubImage(box)
}

// withoutGround makes the ground of an opaque logo transparent.
func withoutGround(logo image.Image) image.Image {
	img := nrgba(logo)
	empty := emptiness(img)
	out, left := image.NewNRGBA(img.Bounds()), false
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if c := img.NRGBAAt(x, y); !empty(c) {
				out.SetNRGBA(x, y, c)
				left = true
			}
		}
	}
	if !left { // one colour all over: that is the logo
		return img
	}
	return out
}

// emptiness says what counts as empty in a picture.
func emptiness(img *image.NRGBA) func(color.NRGBA) bool {
	b := img.Bounds()
	edge := img.NRGBAAt(b.Min.X, b.Min.Y)
	same := edge.A == 255
	for _, p := range []image.Point{{b.Max.X - 1, b.Min.Y}, {b.Min.X, b.Max.Y - 1}, {b.Max.X - 1, b.Max.Y - 1}} {
		same = same && near(img.NRGBAAt(p.X, p.Y), edge)
	}
	return func(c color.NRGBA) bool { return c.A < 8 || same && near(c, edge) }
}

func near(a, b color.NRGBA) bool {
	off := func(x, y uint8) bool { return math.Abs(float64(x)-float64(y)) > uniform }
	return !off(a.R, b.R) && !off(a.G, b.G) && !off(a.B, b.B) && !off(a.A, b.A)
}

func nrgba(img image.Image) *image.NRGBA {
	if n, ok := img.(*image.NRGBA); ok {
		return n
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}

// inCircle lays a logo into the middle so that its corners are within a circle of that share of the side.
func inCircle(img *image.NRGBA, logo image.Image, share float64) {
	b := logo.Bounds()
	lay(img, logo, share*float64(img.Bounds().Dx())/math.Hypot(float64(b.Dx()), float64(b.Dy())))
}

// inSquare lays a logo into the middle so that its longer side is that share of the side.
func inSquare(img *image.NRGBA, logo image.Image, share float64) {
	b := logo.Bounds()
	lay(img, logo, share*float64(img.Bounds().Dx())/float64(max(b.Dx(), b.Dy())))
}

func lay(img *image.NRGBA, logo image.Image, scale float64) {
	b, side := logo.Bounds(), img.Bounds().Dx()
	w, h := max(1, int(math.Round(float64(b.Dx())*scale))), max(1, int(math.Round(float64(b.Dy())*scale)))
	corner := image.Pt((side-w)/2, (side-h)/2)
	draw.CatmullRom.Scale(img, image.Rectangle{corner, corner.Add(image.Pt(w, h))}, logo, b, draw.Over, nil)
}
