package branding

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"gonghui/app/module"
	"gonghui/branding/theme"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant/pgtest"
)

func (s *stage) get(t *testing.T, b *pgtest.Body, h module.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	if err := h(rec, httptest.NewRequest(http.MethodGet, path, nil).WithContext(b.Ctx)); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rec
}

func TestInstall(t *testing.T) {
	t.Parallel()
	s := open(t)
	added, err := s.AddLogo(s.county.Ctx, &brandingv1.AddLogoRequest{Data: pngOf(300, 300, color.NRGBA{0, 0, 200, 255})})
	if err != nil {
		t.Fatal(err)
	}
	s.publish(t, s.county, func(p *brandingv1.BrandingProfile) {
		p.Names = &brandingv1.BrandingNames{AppName: "荔湾职工", Slogan: "娘家人"}
		p.Theme = &brandingv1.BrandingColours{Accent: "#ffd700", Splash: "accent"}
		p.Logo = &brandingv1.BrandingLogo{Digest: added.Logo.Digest}
	})
	read := func(b *pgtest.Body) (m manifest) {
		t.Helper()
		if err := json.Unmarshal(s.get(t, b, s.manifest, "/manifest.webmanifest").Body.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	own, other := read(s.county), read(s.stranger)
	solid, _ := theme.Parse(own.Theme)
	if own.Name != "荔湾职工" || own.Description != "娘家人" || own.Background != own.Theme || theme.Contrast(solid, theme.White) < theme.AA || len(own.Icons) != 3 || own.Display != "standalone" {
		t.Errorf("the body's manifest: %+v", own)
	}
	if other.Name != productName || other.Theme != theme.Product || other.Background != theme.Page.String() || other.Icons[0].Src == own.Icons[0].Src {
		t.Errorf("the second body's manifest: %+v", other)
	}
	tabs := row(s.county.Tenant, nil)
	if len(own.Shortcuts) != min(len(tabs)-1, mostShortcuts) || len(own.Shortcuts) == 0 {
		t.Errorf("%d shortcuts of %d tabs", len(own.Shortcuts), len(tabs))
	}
	for _, short := range own.Shortcuts {
		if short.Name == "" || short.URL == "/" || len(short.Icons) != 1 {
			t.Errorf("a shortcut: %+v", short)
		}
	}
	look, err := s.Look(s.county.Ctx, "")
	if err != nil || look.(*brandingv1.Theme).AppName != own.Name {
		t.Errorf("the start page looks like %v, %v", look, err)
	}
	if _, err := s.Look(context.Background(), ""); err == nil {
		t.Error("the supervision host has a look of its own")
	}
	for n := range files {
		f := &files[n]
		show := func(b *pgtest.Body, query string) image.Image {
			rec := s.get(t, b, func(w http.ResponseWriter, r *http.Request) error { return s.icon(w, r, f) }, f.path+query)
			img, err := png.Decode(rec.Body)
			if err != nil || img.Bounds() != image.Rect(0, 0, f.side, f.side) || rec.Header().Get("Content-Type") != "image/png" {
				t.Fatalf("%s: %v %v", f.path, err, rec.Header())
			}
			return img
		}
		middle := func(img image.Image) string {
			r, g, b, _ := img.At(f.side/2, f.side/2).RGBA()
			return fmt.Sprint(r>>8, g>>8, b>>8)
		}
		want := "0 0 200"
		if f.purpose == "monochrome" {
			want = "255 255 255"
		}
		if got := middle(show(s.county, "")); got != want {
			t.Errorf("%s is %s in the middle, the logo is not", f.path, got)
		}
		// The mark is white in the middle, on the product's red.
		if got := middle(show(s.stranger, "")); got != "255 255 255" {
			t.Errorf("%s of the second body is %s in the middle", f.path, got)
		}
		if r, g, b, _ := show(s.stranger, "").At(1, 1).RGBA(); f.purpose != "monochrome" && fmt.Sprint(r>>8, g>>8, b>>8) != "200 22 29" {
			t.Errorf("%s of the second body has a corner of %d %d %d", f.path, r>>8, g>>8, b>>8)
		}
	}
}

func TestIconsAreKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	l := look{profile: product()}
	for n := range keepIcons + 10 {
		l.Theme = &colours{Accent: fmt.Sprintf("#%06X", n)}
		if _, err := s.icons.of(&s.drawing, &l, nil, &file{path: "x", side: 8, draw: maskable}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.icons.drawn) > keepIcons {
		t.Errorf("%d icons are kept", len(s.icons.drawn))
	}
	// Half a picture, of the time when only its head was looked at: the mark stands for it.
	if raw, err := s.icons.of(&s.drawing, &look{profile: profile{Logo: &logoRef{Digest: "half"}, Theme: &colours{Accent: "#C8161D"}}},
		&picture{kind: "image/png", raw: pngOf(64, 64, color.Black)[:60]}, &files[0]); err != nil || len(raw) == 0 {
		t.Errorf("half a picture: %v", err)
	}
}
