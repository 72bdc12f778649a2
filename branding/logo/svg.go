package logo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/srwiley/oksvg"
	"github.com/srwiley/rasterx"
)

const (
	maxElements = 4000
	maxDepth    = 40
)

// What an SVG may be made of (SVG 1.1): shapes, groups and gradients. They are drawn by every browser and by us alike.
var (
	shapes    = words("path rect circle ellipse line polyline polygon")
	gradients = words("linearGradient radialGradient")
	// without are elements that may go without a trace.
	without = words("title desc metadata namedview defs style switch")
	// masks change what is seen; without them a picture is nearly always the same, and the person is told.
	masks = words("clipPath mask filter symbol marker pattern")
	// refused are elements that a logo cannot do without, or that nobody needs in one.
	refused = words("script foreignObject image text textPath tref tspan use a animate animateTransform animateMotion set iframe object embed video audio canvas handler listener")
)

// The attributes that stay, beside presentation.
var kept = map[string]map[string]bool{
	"path": words("d"), "rect": words("x y width height rx ry"), "circle": words("cx cy r"), "ellipse": words("cx cy rx ry"),
	"line": words("x1 y1 x2 y2"), "polyline": words("points"), "polygon": words("points"), "g": {},
	"linearGradient": words("x1 y1 x2 y2 gradientUnits gradientTransform spreadMethod"),
	"radialGradient": words("cx cy r fx fy gradientUnits gradientTransform spreadMethod"),
	"stop":           words("offset"),
}

var presentation = words("fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit " +
	"stroke-opacity stroke-dasharray stroke-dashoffset opacity transform stop-color stop-opacity")

var (
	safeValue = regexp.MustCompile(`^[A-Za-z0-9 \t\r\n.,%#()+\-]*$`)
	localURL  = regexp.MustCompile(`^url\(\s*['"]?#([A-Za-z_][A-Za-z0-9_.\-]{0,63})['"]?\s*\)$`)
	ident     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.\-]{0,63}$`)
	rule      = regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`)
	comment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	bigNumber = regexp.MustCompile(`[0-9]{8,}|[eE][+]?[0-9]{2,}`)
)

func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

func looksLikeSVG(raw []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<")) && bytes.Contains(raw, []byte("<svg")) || bytes.HasPrefix(head, []byte("<svg"))
}

// node is an element that stays.
type node struct {
	name  string
	attrs []xml.Attr
	kids  []*node
}

type reader struct {
	css       map[string]map[string]string // selector → property → value
	root      *node
	w, h      float64
	viewBox   string
	gradients []*node
	removed   map[string]bool
	count     int
}

// readSVG writes an SVG anew out of what is allowed.
func readSVG(raw []byte) (*Logo, error) {
	r := &reader{css: map[string]map[string]string{}, removed: map[string]bool{}}
	if err := r.styles(raw); err != nil {
		return nil, err
	}
	if err := r.read(raw); err != nil {
		return nil, err
	}
	if r.root == nil || len(r.root.kids) == 0 {
		return nil, refuse("SVG 中没有可显示的图形，请将文字与图片转为路径后导出", "there are no shapes in the SVG; turn texts and pictures into paths")
	}
	// Shapes are small in their own units as a rule, and may be scaled up without loss: the ratio counts.
	if r.w <= 0 || r.h <= 0 || r.w > 1e5 || r.h > 1e5 {
		return nil, refuse("SVG 缺少有效的 viewBox 或宽高", "the SVG has no valid viewBox, nor width and height")
	}
	if max(r.w, r.h) > MaxRatio*min(r.w, r.h) {
		return nil, refuse("图片过于狭长，长边不超过短边的 %d 倍", "the picture is too long; one side at most %d times the other", MaxRatio)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s"`, r.viewBox)
	attributes(&b, r.root.attrs)
	b.WriteByte('>')
	for _, g := range r.gradients {
		write(&b, g)
	}
	for _, k := range r.root.kids {
		write(&b, k)
	}
	b.WriteString("</svg>")
	if b.Len() > MaxKept {
		return nil, refuse("SVG 超过 %d KB，请简化路径后再上传", "the SVG is larger than %d KiB; make its paths simpler", MaxKept>>10)
	}
	l := &Logo{Kind: SVG, Raw: b.Bytes(), Width: int(math.Ceil(r.w)), Height: int(math.Ceil(r.h)), Removed: slices.Sorted(maps.Keys(r.removed))}
	// What we cannot draw would have no icon.
	img, err := drawSVG(l.Raw, 64, 1)
	if errors.Is(err, errDear) {
		return nil, refuse("SVG 图形过多、互相重叠，或超出画面太远，请简化后再上传", "the SVG has too many shapes upon each other, or shapes that reach too far beyond the picture; make it simpler")
	}
	if err != nil {
		return nil, refuse("SVG 无法绘制，请重新导出为普通 SVG 1.1", "the SVG cannot be drawn; export it as plain SVG 1.1")
	}
	if blank(img) {
		return nil, refuse("SVG 绘制出来是空白的，请检查 viewBox 与填充色", "the SVG draws nothing; look at its viewBox and colours")
	}
	return l, nil
}

func decoder(raw []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Entity = map[string]string{}
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	return d
}

func broken() error {
	return refuse("SVG 文件格式有误，请重新导出", "the SVG is not well-formed; export it again")
}

// styles collects the simple rules of style sheets, .name{fill:#c00}, which drawing programs write. All else in them goes.
func (r *reader) styles(raw []byte) error {
	d, inside := decoder(raw), false
	var sheet strings.Builder
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken()
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local == "style"
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				sheet.Write(t)
			}
		}
	}
	for _, m := range rule.FindAllStringSubmatch(comment.ReplaceAllString(sheet.String(), ""), 500) {
		for selector := range strings.SplitSeq(m[1], ",") {
			selector = strings.TrimSpace(selector)
			if r.css[selector] == nil {
				r.css[selector] = map[string]string{}
			}
			maps.Copy(r.css[selector], declarations(m[2]))
		}
	}
	return nil
}

func declarations(s string) map[string]string {
	out := map[string]string{}
	for one := range strings.SplitSeq(s, ";") {
		if name, value, ok := strings.Cut(one, ":"); ok {
			out[strings.TrimSpace(name)] = strings.TrimSpace(strings.ReplaceAll(value, "!important", ""))
		}
	}
	return out
}

func (r *reader) read(raw []byte) error {
	d := decoder(raw)
	var open []*node // nil for an element that goes, with all in it
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken()
		}
		switch t := t.(type) {
		case xml.Directive:
			// Definitions of entities stand there: a text that unfolds, or that is fetched from elsewhere.
			if up := strings.ToUpper(string(t)); strings.Contains(up, "ENTITY") || strings.Contains(up, "[") {
				return refuse("SVG 中含有实体定义，不能使用", "the SVG defines entities; they are not allowed")
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.StartElement:
			if r.count++; r.count > maxElements || len(open) >= maxDepth {
				return refuse("SVG 过于复杂，请简化后再上传", "the SVG is too intricate; make it simpler")
			}
			name := t.Name.Local
			if refused[name] {
				return refuse("SVG 中含有 <%s>，不能使用；请将文字、图片转为路径，去掉脚本与动画",
					"the SVG has a <%s>; turn texts and pictures into paths, and remove scripts and animations", name)
			}
			n, err := r.start(t, open)
			if err != nil {
				return err
			}
			open = append(open, n)
		}
	}
}

// start takes up an element, or returns nil when it goes.
func (r *reader) start(t xml.StartElement, open []*node) (*node, error) {
	name := t.Name.Local
	if len(open) == 0 {
		if name != "svg" || r.root != nil {
			return nil, refuse("这不是 SVG 图片", "this is no SVG picture")
		}
		r.root = &node{name: "svg", attrs: r.attrs(t, presentation)}
		return r.root, r.frame(t)
	}
	parent := open[len(open)-1]
	if gradients[name] || name == "stop" && parent != nil && gradients[parent.name] {
		n := &node{name: name, attrs: r.attrs(t, kept[name], presentation)}
		if name == "stop" {
			parent.kids = append(parent.kids, n)
			return n, nil
		}
		if id := attr(t, "id"); ident.MatchString(id) {
			n.attrs = append([]xml.Attr{{Name: xml.Name{Local: "id"}, Value: id}}, n.attrs...)
			r.gradients = append(r.gradients, n)
		}
		if attr(t, "href") != "" {
			r.removed["href"] = true
		}
		return n, nil
	}
	switch {
	case masks[name]:
		r.removed[name] = true
		return nil, nil
	case without[name] || parent == nil:
		return nil, nil
	case !shapes[name] && name != "g":
		r.removed[name] = true
		return nil, nil
	}
	n := &node{name: name, attrs: r.attrs(t, kept[name], presentation)}
	if hidden(t) {
		return nil, nil
	}
	parent.kids = append(parent.kids, n)
	return n, nil
}

func hidden(t xml.StartElement) bool {
	style := declarations(attr(t, "style"))
	return attr(t, "display") == "none" || style["display"] == "none" || attr(t, "visibility") == "hidden"
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// attrs are the attributes of an element that stay: its own, over those of style sheets, under those of its style.
func (r *reader) attrs(t xml.StartElement, allowed ...map[string]bool) []xml.Attr {
	set := map[string]string{}
	maps.Copy(set, r.css[t.Name.Local])
	for _, a := range t.Attr {
		if a.Name.Space == "" {
			set[a.Name.Local] = a.Value
		}
	}
	for class := range strings.FieldsSeq(attr(t, "class")) {
		maps.Copy(set, r.css["."+class])
	}
	maps.Copy(set, declarations(attr(t, "style")))
	var out []xml.Attr
	for _, name := range slices.Sorted(maps.Keys(set)) {
		value := strings.TrimSpace(set[name])
		switch {
		case !slices.ContainsFunc(allowed, func(m map[string]bool) bool { return m[name] }):
			if strings.HasPrefix(name, "on") || name == "clip-path" || name == "mask" || name == "filter" {
				r.removed[name] = true
			}
			continue
		case localURL.MatchString(value) && (name == "fill" || name == "stroke"):
			value = "url(#" + localURL.FindStringSubmatch(value)[1] + ")"
		case strings.EqualFold(value, "currentcolor") || value == "inherit":
			continue
		case !safeValue.MatchString(value) || strings.Contains(strings.ToLower(value), "url") || bigNumber.MatchString(value) && !strings.HasPrefix(value, "#"):
			r.removed[name] = true
			continue
		}
		out = append(out, xml.Attr{Name: xml.Name{Local: name}, Value: value})
	}
	return out
}

// frame reads how large the picture is in its own units.
func (r *reader) frame(t xml.StartElement) error {
	numbers := strings.FieldsFunc(attr(t, "viewBox"), func(c rune) bool { return strings.ContainsRune(" ,\t\r\n", c) })
	box := make([]float64, 4)
	if len(numbers) == 4 {
		for n, s := range numbers {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || math.Abs(v) > 1e5 || math.IsNaN(v) {
				return refuse("SVG 缺少有效的 viewBox 或宽高", "the SVG has no valid viewBox, nor width and height")
			}
			box[n] = v
		}
	} else {
		for n, name := range []string{"width", "height"} {
			v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(attr(t, name), "px"), "pt"), 64)
			if err != nil || math.IsNaN(v) {
				return refuse("SVG 缺少有效的 viewBox 或宽高", "the SVG has no valid viewBox, nor width and height")
			}
			box[n+2] = v
		}
	}
	r.w, r.h = box[2], box[3]
	r.viewBox = fmt.Sprintf("%g %g %g %g", box[0], box[1], box[2], box[3])
	return nil
}

func write(b *bytes.Buffer, n *node) {
	b.WriteString("<" + n.name)
	attributes(b, n.attrs)
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, k := range n.kids {
		write(b, k)
	}
	b.WriteString("</" + n.name + ">")
}

func attributes(b *bytes.Buffer, attrs []xml.Attr) {
	for _, a := range attrs {
		b.WriteString(" " + a.Name.Local + `="`)
		_ = xml.EscapeText(b, []byte(a.Value)) // a buffer does not fail
		b.WriteByte('"')
	}
}

// drawSVG draws what readSVG wrote, so that its longer side has that many pixels. It may cost so many times what a logo may that is taken
// up: what was taken up at one side costs a little more or less at another.
func drawSVG(raw []byte, side int, generous int64) (img *image.NRGBA, err error) {
	// The library trusts its input more than we do.
	defer func() {
		switch p := recover(); p {
		case nil:
		case errDear:
			img, err = nil, errDear
		default:
			img, err = nil, fmt.Errorf("svg: %v", p)
		}
	}()
	pic, err := oksvg.ReadIconStream(bytes.NewReader(raw), oksvg.IgnoreErrorMode)
	if err != nil {
		return nil, fmt.Errorf("svg: %w", err)
	}
	share := float64(side) / max(pic.ViewBox.W, pic.ViewBox.H)
	w, h := max(1, int(math.Round(pic.ViewBox.W*share))), max(1, int(math.Round(pic.ViewBox.H*share)))
	// Not SetTarget: it moves by the view box's corner after scaling.
	pic.Transform = rasterx.Identity.Scale(share, share).Translate(-pic.ViewBox.X, -pic.ViewBox.Y)
	drawn := image.NewRGBA(image.Rect(0, 0, w, h))
	pic.Draw(rasterx.NewDasher(w, h, newCanvas(drawn, generous)), 1)
	img = image.NewNRGBA(drawn.Bounds())
	for y := range h {
		for x := range w {
			img.Set(x, y, drawn.At(x, y))
		}
	}
	return img, nil
}

func blank(img *image.NRGBA) bool {
	for n := 3; n < len(img.Pix); n += 4 {
		if img.Pix[n] > 8 {
			return false
		}
	}
	return true
}
