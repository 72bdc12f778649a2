package record

import (
	"cmp"
	"image"
	"image/color"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"gonghui/media/record/layout"
	"gonghui/media/record/paint"
	"gonghui/media/sfu"
)

// tile is a place in the picture, and who has it.
type tile struct {
	where image.Rectangle
	who   *person
	feed  *feed // nil: the card alone
	share bool
}

// here are the people who are there at a time, in the order in which they came.
func (r *reel) here(at int64) (out []*person) {
	for _, p := range r.people {
		for _, s := range p.here {
			if s.from <= at && at < s.until {
				out = append(out, p)
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b *person) int { return cmp.Compare(a.order, b.order) })
	return out
}

// scene is who is shown where at a time: all alike while they are few; else who speaks large, and large what is shared.
func (r *reel) scene(at int64) []tile {
	all := r.here(at)
	camera := func(p *person) *feed { return r.feeds[feedKey{p.id, sfu.Camera}] }
	var shared *feed
	began := int64(0)
	for _, p := range all {
		f := r.feeds[feedKey{p.id, sfu.Screen}]
		if f == nil {
			continue
		}
		if c, _ := f.on(at); c != nil && c.frames[0].at >= began {
			shared, began = f, c.frames[0].at
		}
	}
	var out []tile
	if shared == nil && len(all) <= layout.MostGrid {
		for i, where := range layout.Grid(len(all)) {
			out = append(out, tile{where, all[i], camera(all[i]), false})
		}
		return out
	}
	order := r.matter(all, at)
	if shared != nil {
		large, side := layout.Stage(min(len(order), layout.MostSide))
		out = append(out, tile{large, r.people[shared.participant], shared, true})
		for i, where := range side {
			out = append(out, tile{where, order[i], camera(order[i]), false})
		}
		return out
	}
	large, side := layout.Stage(min(len(order)-1, layout.MostSide))
	out = append(out, tile{large, order[0], camera(order[0]), false})
	for i, where := range side {
		out = append(out, tile{where, order[i+1], camera(order[i+1]), false})
	}
	return out
}

// matter puts people in the order in which they matter: who spoke last, who is to be seen, who came first.
func (r *reel) matter(all []*person, at int64) []*person {
	spoke := map[string]int64{}
	n := sort.Search(len(r.speaking), func(i int) bool { return r.speaking[i].at > at })
	for i := n - 1; i >= 0 && i >= n-50; i-- {
		if s := r.speaking[i]; spoke[s.who] == 0 {
			spoke[s.who] = s.at
		}
	}
	seen := map[string]int{}
	for _, p := range all {
		if f := r.feeds[feedKey{p.id, sfu.Camera}]; f != nil {
			if c, _ := f.on(at); c != nil {
				seen[p.id] = 1
			}
		}
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b *person) int {
		return cmp.Or(cmp.Compare(spoke[b.id], spoke[a.id]), cmp.Compare(seen[b.id], seen[a.id]))
	})
	return out
}

// The colours of a film.
var (
	ground = color.RGBA{R: 0x1B, G: 0x1D, B: 0x20, A: 255}
	card   = color.RGBA{R: 0x2D, G: 0x31, B: 0x36, A: 255}
	face   = color.RGBA{R: 0x5B, G: 0x64, B: 0x6E, A: 255}
	ink    = color.RGBA{R: 0xF4, G: 0xF4, B: 0xF2, A: 255}
	faint  = color.RGBA{R: 0xF4, G: 0xF4, B: 0xF2, A: 200}
	live   = color.RGBA{R: 0xE0, G: 0x3A, B: 0x3E, A: 255}
)

// cards draws what stands still of a scene: the ground and a card with the name in each place.
func cards(p *paint.Picture, tiles []tile, l *paint.Letters) error {
	p.Fill(layout.Whole, ground)
	for _, t := range tiles {
		r := t.where
		if len(tiles) > 1 {
			r = image.Rect(r.Min.X+2, r.Min.Y+2, r.Max.X-2, r.Max.Y-2)
		}
		p.Fill(r, card)
		if t.who == nil {
			continue
		}
		d := min(r.Dy()/3, 140) &^ 1
		middle := image.Pt((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2-d/4)
		p.Put(paint.Disc(d), middle.Sub(image.Pt(d/2, d/2)), face)
		first, _ := utf8.DecodeRuneInString(strings.TrimSpace(t.who.name))
		initial, err := l.Text(string(first), d/2, 0)
		if err != nil {
			return err
		}
		p.Put(initial, middle.Sub(image.Pt(initial.W/2, initial.H/2)), ink)
		name, err := l.Text(t.who.name, max(r.Dy()/16, 15), r.Dx()-16)
		if err != nil {
			return err
		}
		p.Put(name, image.Pt(middle.X-name.W/2, middle.Y+d/2+8), ink)
	}
	return nil
}

// label writes the name over a picture.
func label(p *paint.Picture, t tile, l *paint.Letters) error {
	if t.who == nil {
		return nil
	}
	size := 16
	if t.where.Dy() < 200 {
		size = 13
	}
	name, err := l.Text(t.who.name, size, t.where.Dx()*2/3)
	if err != nil {
		return err
	}
	at := image.Pt(t.where.Min.X+8, t.where.Max.Y-name.H-8)
	p.Shade(image.Rect(at.X-4, at.Y-2, at.X+name.W+6, at.Y+name.H+2), 110)
	p.Put(name, at, ink)
	return nil
}

// frill writes what stands over every picture: the mark of recording and consent, whose meeting it is, and the time.
func frill(p *paint.Picture, mark, body, clock string, l *paint.Letters) error {
	left, err := l.Text(mark, 14, 500)
	if err != nil {
		return err
	}
	p.Shade(image.Rect(8, 8, 36+left.W, 14+left.H), 120)
	p.Put(paint.Disc(10), image.Pt(16, 6+left.H/2), live)
	p.Put(left, image.Pt(32, 10), ink)
	right, err := l.Text(body+"  "+clock, 14, 640)
	if err != nil {
		return err
	}
	p.Shade(image.Rect(layout.Width-right.W-20, 8, layout.Width-8, 14+right.H), 120)
	p.Put(right, image.Pt(layout.Width-right.W-14, 10), faint)
	return nil
}
