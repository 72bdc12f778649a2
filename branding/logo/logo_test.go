package logo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func pngOf(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func jpegOf(w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// noise is a picture that does not compress.
func noise(side int, opaque bool) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for n := range img.Pix {
		img.Pix[n] = uint8(r.Uint32())
		if n%4 == 3 && opaque {
			img.Pix[n] = 255
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// declaring is a PNG of one pixel whose head says that it is larger.
func declaring(w, h uint32) []byte {
	raw := pngOf(1, 1)
	binary.BigEndian.PutUint32(raw[16:], w)
	binary.BigEndian.PutUint32(raw[20:], h)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

const square = `<rect width="24" height="24" fill="#c8161d"/>`

func svg(inner string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24">` + inner + `</svg>`)
}

func TestHostile(t *testing.T) {
	t.Parallel()
	laughs := `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` +
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><title>&b;</title>` + square + `</svg>`
	for name, tt := range map[string]struct {
		raw  []byte
		says string // in the refusal
	}{
		"nothing":               {nil, "empty"},
		"a text":                {[]byte("hello"), "only SVG"},
		"gif":                   {[]byte("GIF89a\x01\x00\x01\x00"), "only SVG"},
		"html":                  {[]byte("<html><script>alert(1)</script></html>"), "only SVG"},
		"html that holds svg":   {[]byte("<html><svg viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg></html>"), "no SVG"},
		"html that says png":    {[]byte("\x89PNG<script>alert(1)</script>"), "cannot be read"},
		"20,000 pixels":         {declaring(20_000, 20_000), "too large"},
		"20,000 pixels wide":    {pngOf(20_000, 1), "too large"},
		"a bomb":                {declaring(4096, 4096), "too large"},
		"a lie about its size":  {declaring(3000, 3000), "not complete"},
		"a small one":           {pngOf(8, 8), "too small"},
		"a long one":            {pngOf(400, 20), "too long"},
		"half a picture":        {pngOf(64, 64)[:60], "not complete"},
		"too many bytes":        {make([]byte, MaxUpload+1), "larger than"},
		"script":                {svg(`<script>alert(1)</script>` + square), "<script>"},
		"script in a group":     {svg(`<g><g><script href="https://example.org/x.js"/></g></g>` + square), "<script>"},
		"script in defs":        {svg(`<defs><script>alert(1)</script></defs>` + square), "<script>"},
		"foreign object":        {svg(`<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>` + square), "<foreignObject>"},
		"picture from outside":  {svg(`<image href="https://example.org/x.png"/>` + square), "<image>"},
		"use of a file":         {svg(`<use href="https://example.org/x.svg#a"/>` + square), "<use>"},
		"use of itself":         {svg(`<g id="a"><use href="#a"/></g>`), "<use>"},
		"animation":             {svg(`<animate attributeName="href" to="javascript:alert(1)"/>` + square), "<animate>"},
		"link":                  {svg(`<a href="javascript:alert(1)">` + square + `</a>`), "<a>"},
		"text":                  {svg(`<text>工会</text>`), "<text>"},
		"entities":              {[]byte(laughs), "well-formed|entities"},
		"entity of a file":      {[]byte(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><desc/>` + square + `</svg>`), "entities"},
		"not closed":            {[]byte(`<svg viewBox="0 0 9 9"><path d="M0 0h9v9z"/>`), "well-formed"},
		"no size":               {[]byte(`<svg><path d="M0 0h9v9z"/></svg>`), "viewBox"},
		"no number":             {[]byte(`<svg viewBox="0 0 NaN 9"><path d="M0 0h9v9z"/></svg>`), "viewBox"},
		"endless":               {[]byte(`<svg viewBox="0 0 1e300 9"><path d="M0 0h9v9z"/></svg>`), "viewBox"},
		"no shapes":             {svg(`<title>x</title>`), "no shapes"},
		"nothing to see":        {svg(`<path d="M0 0h9v9z" fill="none"/>`), "draws nothing"},
		"a bad path":            {svg(`<path d="M0 0 q"/>`), "draw"},
		"deep":                  {svg(strings.Repeat("<g>", 100) + square + strings.Repeat("</g>", 100)), "intricate"},
		"many elements":         {svg(strings.Repeat(`<path d="M0 0h9v9z"/>`, 5000)), "intricate"},
		"another character set": {[]byte("<?xml version=\"1.0\" encoding=\"utf-16\"?><svg viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>"), "well-formed"},
	} {
		start := time.Now()
		l, err := Read(tt.raw)
		var r *Refusal
		if !errors.As(err, &r) || r.Zh == "" {
			t.Errorf("%s: %+v, %v", name, l, err)
			continue
		}
		fits := false
		for part := range strings.SplitSeq(tt.says, "|") {
			fits = fits || strings.Contains(r.En, part)
		}
		if !fits {
			t.Errorf("%s: %q", name, r.En)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// What passes is safe whatever stood around it, and what was left out is told.
func TestSanitised(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		inner, has, removed string
	}{
		"plain":               {square, `<rect fill="#c8161d" height="24" width="24"/>`, ""},
		"handler":             {`<g onclick="alert(1)" onload="alert(2)">` + square + `</g>`, "<rect", "onclick onload"},
		"style sheet":         {`<style>/* x */ .a,.b{fill:#00f;background:url(https://example.org/t.png)} @import "x";</style><rect class="a" width="24" height="24"/>`, `fill="#00f"`, ""},
		"style":               {`<rect width="24" height="24" style="fill:#0f0;behavior:url(x)"/>`, `fill="#0f0"`, ""},
		"colour from outside": {`<rect width="24" height="24" fill="url(https://example.org/x#a)"/>`, "<rect", "fill"},
		"script as a colour":  {`<rect width="24" height="24" fill="javascript:alert(1)"/>`, "<rect", "fill"},
		"gradient":            {square + `<rect width="9" height="9" fill="url('#g')"/><defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1" style="stop-color:#00f"/></linearGradient></defs>`, `<linearGradient id="g"><stop offset="0" stop-color="#f00"/>`, ""},
		"clip":                {`<defs><clipPath id="c"><rect width="24" height="24"/></clipPath></defs><g clip-path="url(#c)">` + square + `</g>`, "<g><rect", "clip-path clipPath"},
		"an editor's own":     {`<sodipodi:namedview xmlns:sodipodi="http://x"/><metadata><rdf/></metadata>` + square, "<rect", ""},
		"hidden":              {square + `<g display="none"><path d="M0 0h9"/></g>`, "<rect", ""},
		"quotes":              {`<path d="M0 0h24v24z&quot; onload=&quot;x"/>` + square, "<rect", "d"},
	} {
		l, err := Read(svg(tt.inner))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out := string(l.Raw)
		if l.Kind != SVG || !strings.Contains(out, tt.has) || strings.Join(l.Removed, " ") != tt.removed {
			t.Errorf("%s: %q, removed %v", name, out, l.Removed)
		}
		for _, never := range []string{"script", "on", "http://example", "https:", "url(h", "style", "class", "display", "d=\"M0 0h9\"", "namedview"} {
			if strings.Contains(strings.ReplaceAll(out, "version", ""), never) {
				t.Errorf("%s: %q is in %q", name, never, out)
			}
		}
		again, err := Read(l.Raw)
		if err != nil || !bytes.Equal(again.Raw, l.Raw) || len(again.Removed) != 0 {
			t.Errorf("%s: read again it is %q, %v", name, again.Raw, err)
		}
		if img, err := l.Image(96); err != nil || img.Bounds() != image.Rect(0, 0, 96, 96) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPixels(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		raw  []byte
		kind string
	}{
		"png": {pngOf(300, 200), PNG}, "jpeg": {jpegOf(1200, 900), PNG}, "noise": {noise(300, true), JPEG}, "noise that is transparent": {noise(300, false), PNG},
	} {
		l, err := Read(tt.raw)
		if err != nil || l.Kind != tt.kind || len(l.Raw) > MaxKept {
			t.Errorf("%s: %v %v", name, l, err)
			continue
		}
		if img, err := l.Image(0); err != nil || max(img.Bounds().Dx(), img.Bounds().Dy()) > keptSide {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What a camera writes beside the picture does not stay.
	with := append(append([]byte{}, jpegOf(64, 64)[:2]...), append([]byte("\xff\xe1\x00\x10Exif\x00\x00SECRET.."), jpegOf(64, 64)[2:]...)...)
	if l, err := Read(with); err != nil || bytes.Contains(l.Raw, []byte("SECRET")) {
		t.Errorf("a note in the picture stays: %v", err)
	}
}

func TestDrawn(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		`<svg xmlns="http://www.w3.org/2000/svg" width="40px" height="20px"><path d="M0 0h20v20H0z" fill="#0000ff"/></svg>`,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 300 40 20"><rect x="-100" y="300" width="20" height="20" fill="#0000ff"/></svg>`,
	} {
		l, err := Read([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		img, err := l.Image(80)
		if err != nil || img.Bounds() != image.Rect(0, 0, 80, 40) {
			t.Fatal(err, img)
		}
		if got := img.At(20, 20); got != (color.NRGBA{B: 255, A: 255}) {
			t.Errorf("left: %v", got)
		}
		if _, _, _, a := img.At(60, 20).RGBA(); a != 0 {
			t.Errorf("right: %v", img.At(60, 20))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(svg(square))
	f.Add(svg(`<g style="fill:url(#a)" transform="rotate(4)"><path d="M0 0a1 1 0 0 1 9 9z"/></g>`))
	f.Add(pngOf(20, 20))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := Read(raw)
		if err != nil {
			return
		}
		low := strings.ToLower(string(l.Raw))
		if l.Kind == SVG && (strings.Contains(low, "<script") || strings.Contains(low, "javascript:") || strings.Contains(low, "href")) {
			t.Fatalf("%q", l.Raw)
		}
		if _, err := l.Image(64); err != nil {
			t.Fatal(err)
		}
	})
}

// A few bytes do not keep the one who draws busy: each of these took seconds, or would have taken hours.
func TestDearDrawings(t *testing.T) {
	t.Parallel()
	square := func(inside string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="M0 0h50v50z" fill="red"/>` + inside + `</svg>`
	}
	loops := strings.Repeat(`<path d="M0 0C9999999 0 0 9999999 10 10 9999999 0 0 9999999 10 10" stroke="blue" stroke-width="9999999"/>`, 400)
	for name, inside := range map[string]string{
		"layers":    strings.Repeat(`<path d="M0 0h99v99h-99z"/>`, 1500),
		"shades":    `<linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>` + strings.Repeat(`<path d="M0 0h99v99h-99z" fill="url(#g)"/>`, 300),
		"far lines": `<g transform="scale(9999999)">` + loops + `</g>`,
		"dashes":    strings.Repeat(`<path d="M-999999 9H999999" stroke="red" stroke-width="9" stroke-dasharray="0.05"/>`, 400),
	} {
		_, err := Read([]byte(square(inside)))
		if r := (*Refusal)(nil); !errors.As(err, &r) || !strings.Contains(r.En, "simpler") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What is taken up can be drawn at every side.
	l, err := Read([]byte(square(strings.Repeat(`<path d="M0 0h99v99h-99z" stroke="red"/>`, 40) + strings.Repeat(`<circle cx="50" cy="50" r="3"/>`, 2000)[:1000*31])))
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []int{16, 64, 180, 512, 1024} {
		if _, err := l.Image(side); err != nil {
			t.Errorf("at %d pixels: %v", side, err)
		}
	}
}
