package icon

import (
	"image"
	"image/color"
	"slices"
)

// Colours are the colours of a logo that could be a body's own, the commonest first: neither near white nor near black, nor
// grey, and each unlike those before it.
func Colours(logo image.Image, most int) []color.NRGBA {
	// Shades that are next to each other count together; the commonest of them stands for all.
	type pile struct {
		all    int
		shades map[color.NRGBA]int
	}
	piles := map[[3]uint8]*pile{}
	img := nrgba(logo)
	bounds := img.Bounds()
	step := max(1, max(bounds.Dx(), bounds.Dy())/128)
	for y := bounds.Min.Y; y < bounds.Max.Y; y += step {
		for x := bounds.Min.X; x < bounds.Max.X; x += step {
			c := img.NRGBAAt(x, y)
			high, low := max(c.R, c.G, c.B), min(c.R, c.G, c.B)
			if c.A < 200 || high < 40 || high-low < 40 {
				continue
			}
			c.A = 255
			key := [3]uint8{c.R >> 4, c.G >> 4, c.B >> 4}
			if piles[key] == nil {
				piles[key] = &pile{shades: map[color.NRGBA]int{}}
			}
			piles[key].all++
			piles[key].shades[c]++
		}
	}
	type found struct {
		color.NRGBA
		n int
	}
	var all []found
	for _, p := range piles {
		var best found
		for c, n := range p.shades {
			if n > best.n || n == best.n && value(c) < value(best.NRGBA) {
				best = found{c, n}
			}
		}
		all = append(all, found{best.NRGBA, p.all})
	}
	// The value decides between piles of one size, so that the same picture always answers the same.
	slices.SortFunc(all, func(a, b found) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return value(a.NRGBA) - value(b.NRGBA)
	})
	var out []color.NRGBA
	for _, c := range all {
		alike := slices.ContainsFunc(out, func(o color.NRGBA) bool {
			return abs(o.R, c.R)+abs(o.G, c.G)+abs(o.B, c.B) < 96
		})
		if !alike {
			if out = append(out, c.NRGBA); len(out) == most {
				break
			}
		}
	}
	return out
}

func value(c color.NRGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }

func abs(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
