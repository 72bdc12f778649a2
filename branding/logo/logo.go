// Package logo takes a picture that somebody uploaded and makes of it one that can be shown to everybody: an SVG of allowed
// elements alone, or a PNG or JPEG encoded anew. It is pure.
package logo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // logos may come as WebP
)

const (
	// MaxUpload is how large a file may be, in bytes.
	MaxUpload = 512 << 10
	// MaxKept is how large a logo is after it was taken up, in bytes.
	MaxKept = 64 << 10
	// MaxSide and MaxPixels bound what a picture unfolds to, before it is decoded: a small file can declare a huge one.
	MaxSide   = 4096
	MaxPixels = 12 << 20
	// MinSide is the least that an icon can be made of.
	MinSide = 16
	// MaxRatio is how much longer one side may be than the other.
	MaxRatio = 8
	// keptSide is the longer side of a picture of pixels that is kept: enough for an icon of 512 pixels.
	keptSide = 512
)

// The kinds of logos as they are kept.
const (
	SVG  = "image/svg+xml"
	PNG  = "image/png"
	JPEG = "image/jpeg"
)

// Logo is a picture that can be shown.
type Logo struct {
	Kind          string
	Raw           []byte
	Width, Height int // pixels of the file that came; of an SVG its own units
	// Removed names what was left out of an SVG, for the person to compare.
	Removed []string
}

// Refusal says why a file is no logo, and what to do.
type Refusal struct{ Zh, En string }

func (r *Refusal) Error() string { return r.En }

func refuse(zh, en string, args ...any) error {
	return &Refusal{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// Read makes a logo of a file. The error of a file that is none is a *Refusal.
func Read(raw []byte) (*Logo, error) {
	switch {
	case len(raw) == 0:
		return nil, refuse("文件是空的，请换一个", "the file is empty; choose another")
	case len(raw) > MaxUpload:
		return nil, refuse("文件超过 %d KB，请缩小后再上传", "the file is larger than %d KiB; make it smaller", MaxUpload>>10)
	case bytes.HasPrefix(raw, []byte("\x89PNG")), bytes.HasPrefix(raw, []byte("\xff\xd8\xff")),
		bytes.HasPrefix(raw, []byte("RIFF")):
		return readPixels(raw)
	case looksLikeSVG(raw):
		return readSVG(raw)
	}
	return nil, refuse("只接受 SVG、PNG、JPEG、WebP 图片", "only SVG, PNG, JPEG and WebP pictures are taken")
}

func readPixels(raw []byte) (*Logo, error) {
	c, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || kind != "png" && kind != "jpeg" && kind != "webp" {
		return nil, refuse("图片无法读取，可能已损坏，请重新导出", "the picture cannot be read; export it again")
	}
	if err := fits(float64(c.Width), float64(c.Height)); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Dx() != c.Width || img.Bounds().Dy() != c.Height {
		return nil, refuse("图片不完整，请重新导出", "the picture is not complete; export it again")
	}
	l := &Logo{Width: c.Width, Height: c.Height}
	for _, side := range []int{keptSide, 384, 256, 192, 128} {
		small := scaled(img, side)
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, small); err != nil {
			return nil, err
		}
		if b.Len() <= MaxKept {
			l.Kind, l.Raw = PNG, b.Bytes()
			return l, nil
		}
		if !small.Opaque() {
			continue
		}
		b.Reset()
		if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: 88}); err != nil {
			return nil, err
		}
		if b.Len() <= MaxKept {
			l.Kind, l.Raw = JPEG, b.Bytes()
			return l, nil
		}
	}
	// 128 pixels a side are 64 KiB before compression.
	return nil, refuse("图片过于复杂，请简化后再上传", "the picture is too intricate; make it simpler")
}

func fits(w, h float64) error {
	switch {
	case w > MaxSide || h > MaxSide || w*h > MaxPixels:
		return refuse("图片尺寸 %.0f×%.0f 过大，边长不超过 %d 像素、总计不超过 1200 万像素",
			"%.0f×%.0f is too large; at most %d pixels a side and 12 million in all", w, h, MaxSide)
	case w < MinSide || h < MinSide:
		return refuse("图片尺寸 %.0f×%.0f 过小，边长至少 %d 像素", "%.0f×%.0f is too small; at least %d pixels a side", w, h, MinSide)
	case max(w, h) > MaxRatio*min(w, h):
		return refuse("图片过于狭长，长边不超过短边的 %d 倍", "the picture is too long; one side at most %d times the other", MaxRatio)
	}
	return nil
}

// scaled returns the picture with no side above side.
func scaled(img image.Image, side int) *image.NRGBA {
	b := img.Bounds()
	share := min(1, float64(side)/float64(max(b.Dx(), b.Dy())))
	to := image.NewNRGBA(image.Rect(0, 0, max(1, int(math.Round(float64(b.Dx())*share))), max(1, int(math.Round(float64(b.Dy())*share)))))
	draw.CatmullRom.Scale(to, to.Bounds(), img, b, draw.Src, nil)
	return to
}

// Image returns the logo in pixels; an SVG is drawn so that its longer side has that many.
func (l *Logo) Image(side int) (image.Image, error) {
	if l.Kind == SVG {
		return drawSVG(l.Raw, side, 3)
	}
	img, _, err := image.Decode(bytes.NewReader(l.Raw))
	if err != nil {
		return nil, fmt.Errorf("logo: %w", err)
	}
	return img, nil
}
