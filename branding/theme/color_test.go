package theme

import (
	"math"
	"testing"
)

func TestContrast(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#FFFFFF", 21}, {"#FFFFFF", "#FFFFFF", 1}, {"#767676", "#FFFFFF", 4.54}, {"#777777", "#FFFFFF", 4.48}, {"#FF0000", "#FFFFFF", 4.00},
	} {
		a, _ := Parse(tt.a)
		b, _ := Parse(tt.b)
		if got := Contrast(a, b); math.Abs(got-tt.want) > 0.01 || got != Contrast(b, a) {
			t.Errorf("%s on %s: %.3f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

// Every colour of a fine grid becomes readable on both grounds, and one that is readable stays as it is.
func TestMend(t *testing.T) {
	t.Parallel()
	for r := 0; r <= 255; r += 15 {
		for g := 0; g <= 255; g += 15 {
			for b := 0; b <= 255; b += 15 {
				c := Color{uint8(r), uint8(g), uint8(b)}
				for _, on := range []struct{ ground, end Color }{{White, Black}, {Raised, White}} {
					m := c.Mend(on.ground, on.end, AA)
					if Contrast(m, on.ground) < AA {
						t.Fatalf("%s became %s: %.2f on %s", c, m, Contrast(m, on.ground), on.ground)
					}
					if Contrast(c, on.ground) >= AA && m != c {
						t.Fatalf("%s was fine on %s and became %s", c, on.ground, m)
					}
				}
			}
		}
	}
	red, _ := Parse(Product)
	if red.Mend(White, Black, AA) != red {
		t.Error("the product's own red is mended")
	}
	// Red stays red: the order of the channels is kept.
	yellow, _ := Parse("#FFD700")
	if m := yellow.Mend(White, Black, AA); m.R < m.G || m.G < m.B {
		t.Errorf("gold became %s", m)
	}
}

func TestParseColor(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"#c8161d": "#C8161D", "#000000": "#000000", "c8161d": "", "#c8161": "", "#c8161d0": "", "#c816gg": "", "": "", "#+81234": "", "#-81234": "",
	} {
		c, ok := Parse(s)
		if ok != (want != "") || ok && c.String() != want {
			t.Errorf("%q: %s, %v", s, c, ok)
		}
	}
}

// Whatever is chosen, every token can be read where it is used, and what was mended is told.
func TestTokens(t *testing.T) {
	t.Parallel()
	for r := 0; r <= 255; r += 17 {
		for g := 0; g <= 255; g += 17 {
			for b := 0; b <= 255; b += 17 {
				c := Color{uint8(r), uint8(g), uint8(b)}
				tokens, told := Of(c)
				mended := map[string]Color{}
				for _, m := range told {
					if m.Contrast >= m.Least {
						t.Fatalf("%s: %s was mended at %.2f", c, m.Token, m.Contrast)
					}
					mended[m.Token] = m.To
				}
				for _, use := range []struct {
					token  string
					got    Color
					ground Color
					least  float64
				}{
					{"solid", tokens.Solid, White, 4.5},
					{"text", tokens.Text, Page, 4.5},
					{"dark", tokens.Dark, Raised, 4.5},
					{"solidElder", tokens.SolidElder, White, 7},
					{"textElder", tokens.TextElder, Page, 7},
					{"darkElder", tokens.DarkElder, Raised, 7},
				} {
					if Contrast(use.got, use.ground) < use.least {
						t.Fatalf("%s: %s is %s, %.2f", c, use.token, use.got, Contrast(use.got, use.ground))
					}
					if to, ok := mended[use.token]; ok != (use.got != c) || ok && to != use.got {
						t.Fatalf("%s: %s became %s, told %v", c, use.token, use.got, told)
					}
				}
			}
		}
	}
	red, _ := Parse(Product)
	if tokens, _ := Of(red); tokens.Solid != red || tokens.Text != red {
		t.Errorf("the product's own red is mended: %+v", tokens)
	}
}
