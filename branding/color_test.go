package branding

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
		a, _ := parseColor(tt.a)
		b, _ := parseColor(tt.b)
		if got := contrast(a, b); math.Abs(got-tt.want) > 0.01 || got != contrast(b, a) {
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
				c := color{uint8(r), uint8(g), uint8(b)}
				for _, on := range []struct{ ground, end color }{{white, black}, {darkSurface, white}} {
					m := c.mend(on.ground, on.end)
					if contrast(m, on.ground) < minContrast {
						t.Fatalf("%s became %s: %.2f on %s", c, m, contrast(m, on.ground), on.ground)
					}
					if contrast(c, on.ground) >= minContrast && m != c {
						t.Fatalf("%s was fine on %s and became %s", c, on.ground, m)
					}
				}
			}
		}
	}
	red, _ := parseColor(productAccent)
	if red.mend(white, black) != red {
		t.Error("the product's own red is mended")
	}
	// Red stays red: the order of the channels is kept.
	yellow, _ := parseColor("#FFD700")
	if m := yellow.mend(white, black); m.r < m.g || m.g < m.b {
		t.Errorf("gold became %s", m)
	}
}

func TestParseColor(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"#c8161d": "#C8161D", "#000000": "#000000", "c8161d": "", "#c8161": "", "#c8161d0": "", "#c816gg": "", "": "", "#+81234": "", "#-81234": "",
	} {
		c, ok := parseColor(s)
		if ok != (want != "") || ok && c.String() != want {
			t.Errorf("%q: %s, %v", s, c, ok)
		}
	}
}
