package branding

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant/pgtest"
)

func TestInstall(t *testing.T) {
	t.Parallel()
	env := pgtest.Open(t)
	body, watch := env.Body(t, nil), env.Body(t, nil)
	s := New(host{db: env.DB})
	if _, err := s.UpdateTheme(body.Ctx, &brandingv1.UpdateThemeRequest{
		AppName: "荔湾职工", Accent: "#ffd700", Logo: address("jpeg", jpegOf(40, 10)),
	}); err != nil {
		t.Fatal(err)
	}
	read := func(b *pgtest.Body) (m manifest) {
		t.Helper()
		rec := httptest.NewRecorder()
		s.manifest(rec, httptest.NewRequest(http.MethodGet, "/manifest.webmanifest", nil).WithContext(b.Ctx))
		if err := json.Unmarshal(rec.Body.Bytes(), &m); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%d %v", rec.Code, err)
		}
		return m
	}
	own, other := read(body), read(watch)
	accent, _ := parseColor(own.Theme)
	if own.Name != "荔湾职工" || contrast(accent, white) < minContrast || len(own.Icons) != 2 || own.Display != "standalone" {
		t.Errorf("the body's manifest: %+v", own)
	}
	if other.Name != productName || other.Theme != productAccent || other.Icons[0].Src == own.Icons[0].Src {
		t.Errorf("the second body's manifest: %+v", other)
	}
	for _, side := range iconSizes {
		rec := httptest.NewRecorder()
		s.icon(rec, httptest.NewRequest(http.MethodGet, "/icon.png", nil).WithContext(body.Ctx), side)
		img, err := png.Decode(rec.Body)
		if err != nil || img.Bounds() != image.Rect(0, 0, side, side) || rec.Header().Get("Content-Type") != "image/png" {
			t.Errorf("icon of %d: %v %v", side, err, rec.Header())
		}
	}
}

// at is the colour of a point of an icon, in shares of its side.
func at(t *testing.T, raw []byte, x, y float64) color {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	side := float64(img.Bounds().Dx())
	r, g, b, _ := img.At(int(x*side), int(y*side)).RGBA()
	return color{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
}

func TestIcon(t *testing.T) {
	t.Parallel()
	var c icons
	red, _ := parseColor("#C8161D")
	mark, err := c.of(look{accent: "#C8161D"}, 192)
	if err != nil {
		t.Fatal(err)
	}
	if corner, middle := at(t, mark, 0, 0), at(t, mark, 0.5, 0.5); corner != red || middle != white {
		t.Errorf("the mark: %v in the corner, %v in the middle", corner, middle)
	}
	// A wide black picture on white: nothing of it outside the circle of four fifths.
	logo, err := c.of(look{accent: "#C8161D", logo: address("png", pngOf(40, 10))}, 192)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		x, y float64
		want color
	}{{0, 0, white}, {0.05, 0.5, white}, {0.5, 0.5, black}, {0.5, 0.3, white}, {0.2, 0.5, black}} {
		if got := at(t, logo, tt.x, tt.y); got != tt.want {
			t.Errorf("the logo at %v, %v: %v", tt.x, tt.y, got)
		}
	}
	for range keepIcons + 1 {
		if _, err := c.of(look{accent: color{uint8(len(c.drawn)), 0, 0}.String()}, 8); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.drawn) > keepIcons {
		t.Errorf("%d icons are kept", len(c.drawn))
	}
	// The head of a picture without the rest: an error, which the route answers with the mark.
	if _, err := c.of(look{accent: "#C8161D", logo: strings.Replace(address("png", pngOf(8, 8)[:40]), "=", "", -1)}, 192); err == nil {
		t.Error("half a picture was drawn")
	}
}
