package branding

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
)

// manifest is what a phone needs to put the members' app on its home screen (W3C Web Application Manifest).
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Theme      string         `json:"theme_color"`
	Background string         `json:"background_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// pageGround is the colour that stands on the screen until the app has drawn itself: --page of tokens.css.
const pageGround = "#F7F6F4"

// mountInstall registers what makes the members' app installable. It belongs to the host of a body alone.
func (s *Service) mountInstall(r module.Routes) {
	get := func(path string, h http.HandlerFunc) {
		r.Handle(http.MethodGet, path, "public", modulev1.Realm_REALM_TENANT, h)
	}
	get("/manifest.webmanifest", s.manifest)
	for _, side := range iconSizes {
		get(fmt.Sprintf("/icon-%d.png", side), func(w http.ResponseWriter, r *http.Request) { s.icon(w, r, side) })
	}
}

func (s *Service) manifest(w http.ResponseWriter, r *http.Request) {
	l, err := s.look(r.Context())
	if err != nil {
		unavailable(w)
		return
	}
	name := l.appName
	if name == "" {
		name = productName
	}
	m := manifest{
		ID: "/", Name: name, ShortName: name, Lang: "zh-CN", StartURL: "/", Scope: "/", Display: "standalone",
		Theme: ground(l).String(), Background: pageGround,
	}
	// A phone asks for an icon again only when its address changes.
	digest := sha256.Sum256([]byte(l.accent + l.logo))
	for _, side := range iconSizes {
		m.Icons = append(m.Icons, manifestIcon{
			Src:   fmt.Sprintf("/icon-%d.png?v=%s", side, hex.EncodeToString(digest[:4])),
			Sizes: fmt.Sprintf("%dx%d", side, side), Type: "image/png", Purpose: "any maskable",
		})
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "no-cache")
	_ = json.NewEncoder(w).Encode(m)
}

func (s *Service) icon(w http.ResponseWriter, r *http.Request, side int) {
	l, err := s.look(r.Context())
	if err != nil {
		unavailable(w)
		return
	}
	raw, err := s.icons.of(l, side)
	if err != nil {
		// The body's logo passed for a picture by its head alone.
		if raw, err = s.icons.of(look{accent: l.accent}, side); err != nil {
			unavailable(w)
			return
		}
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(raw)
}

func unavailable(w http.ResponseWriter) {
	http.Error(w, "暂时不可用 · not available just now", http.StatusServiceUnavailable)
}
