package paint

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// ErrNoFont tells that no font with Chinese letters is installed.
var ErrNoFont = errors.New("paint: no font with Chinese letters: install fonts-noto-cjk or fonts-droid-fallback")

// where fonts are, the best first.
var where = []string{
	"/usr/share/fonts/*/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/*/noto-cjk/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/*/droid/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/*/droid/DroidSansFallback.ttf", "/usr/share/fonts/*/wqy/*.ttc",
}

// Letters writes texts.
type Letters struct {
	font *sfnt.Font

	mu    sync.Mutex
	faces map[int]font.Face
	made  map[text]*Stamp
}

type text struct {
	what string
	size int
	wide int
}

// mostMade bounds how many texts are remembered.
const mostMade = 2000

// Open finds a font on this machine.
func Open() (*Letters, error) {
	for _, pattern := range where {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return nil, fmt.Errorf("paint: %w", err)
		}
		for _, p := range paths {
			f, err := load(p)
			if err != nil {
				return nil, fmt.Errorf("paint: %s: %w", p, err)
			}
			return &Letters{font: f, faces: map[int]font.Face{}, made: map[text]*Stamp{}}, nil
		}
	}
	return nil, ErrNoFont
}

// load takes the simplified Chinese one of a collection.
func load(path string) (*sfnt.Font, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := opentype.ParseCollection(raw)
	if err != nil {
		return nil, err
	}
	for i := range c.NumFonts() {
		f, err := c.Font(i)
		if err != nil {
			return nil, err
		}
		if name, err := f.Name(nil, sfnt.NameIDFull); err == nil && strings.Contains(name, " SC") {
			return f, nil
		}
	}
	return c.Font(0)
}

// Text is a line of text, size pixels high and at most wide pixels long (0: as long as it is); what does not fit is cut, with an ellipsis.
func (l *Letters) Text(what string, size, wide int) (*Stamp, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := text{what, size, wide}
	if s := l.made[key]; s != nil {
		return s, nil
	}
	face := l.faces[size]
	if face == nil {
		var err error
		if face, err = opentype.NewFace(l.font, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone}); err != nil {
			return nil, fmt.Errorf("paint: %w", err)
		}
		l.faces[size] = face
	}
	shown := []rune(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, what))
	long := font.MeasureString(face, string(shown)).Ceil()
	for wide > 0 && long > wide && len(shown) > 1 {
		shown = append(shown[:max(len(shown)-2, 1)], '…')
		long = font.MeasureString(face, string(shown)).Ceil()
	}
	m := face.Metrics()
	img := image.NewAlpha(image.Rect(0, 0, max(long, 1), max((m.Ascent+m.Descent).Ceil(), 1)))
	d := font.Drawer{Dst: img, Src: image.Opaque, Face: face, Dot: fixed.Point26_6{Y: m.Ascent}}
	d.DrawString(string(shown))
	s := &Stamp{W: img.Rect.Dx(), H: img.Rect.Dy(), Thick: img.Pix}
	if len(l.made) >= mostMade {
		clear(l.made)
	}
	l.made[key] = s
	return s, nil
}
