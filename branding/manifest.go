package branding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"sync"

	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/branding/icon"
	"gonghui/branding/theme"
	"gonghui/tenant"
)

// manifest is what a phone needs to put the members' app on its home screen (W3C Web Application Manifest).
type manifest struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	ShortName   string         `json:"short_name"`
	Description string         `json:"description,omitempty"`
	Lang        string         `json:"lang"`
	StartURL    string         `json:"start_url"`
	Scope       string         `json:"scope"`
	Display     string         `json:"display"`
	Theme       string         `json:"theme_color"`
	Background  string         `json:"background_color"`
	Icons       []manifestIcon `json:"icons"`
	Shortcuts   []shortcut     `json:"shortcuts,omitempty"`
	// A link to a page of an app that is open already goes there, and opens no second one.
	Launch launch `json:"launch_handler"`
}

type launch struct {
	ClientMode string `json:"client_mode"`
}

// shortcut is a page that the icon on the home screen leads to at once.
type shortcut struct {
	Name  string         `json:"name"`
	URL   string         `json:"url"`
	Icons []manifestIcon `json:"icons"`
}

// mostShortcuts is what phones show of them.
const mostShortcuts = 4

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// file is an icon that is served under a path of its own.
type file struct {
	path string
	side int
	// purpose is that of the manifest; "" for one that is not named there.
	purpose string
	// alone: it has no ground.
	alone bool
	draw  func(logo image.Image, ground theme.Color, side int) *image.NRGBA
}

// files are the icons of a body's host: of a phone's home screen (sides by the W3C Web Application Manifest), of iOS, of a tab.
var files = []file{
	{"/icon-192.png", 192, "any maskable", false, maskable},
	{"/icon-512.png", 512, "any maskable", false, maskable},
	{"/icon-mono.png", 192, "monochrome", false, func(l image.Image, _ theme.Color, side int) *image.NRGBA { return icon.Monochrome(l, side) }},
	{"/icon-180.png", 180, "", false, func(l image.Image, g theme.Color, side int) *image.NRGBA { return icon.Apple(l, g.NRGBA(), side) }},
	{"/icon-32.png", 32, "", true, func(l image.Image, _ theme.Color, side int) *image.NRGBA { return icon.Favicon(l, side) }},
}

func maskable(l image.Image, g theme.Color, side int) *image.NRGBA {
	return icon.Maskable(l, g.NRGBA(), side)
}

// mountInstall registers what makes the members' app installable. It belongs to the host of a body alone.
func (s *Service) mountInstall(r module.Routes) {
	get := func(path string, h module.Handler) {
		r.Handle(http.MethodGet, path, "public", modulev1.Realm_REALM_TENANT, h)
	}
	get("/manifest.webmanifest", s.manifest)
	for n := range files {
		get(files[n].path, func(w http.ResponseWriter, r *http.Request) error { return s.icon(w, r, &files[n]) })
	}
}

func (s *Service) manifest(w http.ResponseWriter, r *http.Request) error {
	l, _, err := s.shown(r.Context(), "")
	if err != nil {
		return err
	}
	tokens, _ := theme.Of(l.accent())
	m := manifest{
		ID: "/", Name: l.Names.AppName, ShortName: l.Names.AppName, Description: l.Names.Slogan, Lang: "zh-CN", StartURL: "/", Scope: "/",
		Display: "standalone", Launch: launch{"navigate-existing"}, Theme: tokens.Solid.String(), Background: l.splash(tokens.Solid).String(),
	}
	if m.Name == "" {
		m.Name, m.ShortName = productName, productName
	}
	// A phone asks for an icon again only when its address changes.
	version := s.version(tenant.From(r.Context()), &l)
	for _, f := range files {
		if f.purpose != "" {
			m.Icons = append(m.Icons, manifestIcon{
				Src: f.path + "?v=" + version, Sizes: fmt.Sprintf("%dx%d", f.side, f.side), Type: "image/png", Purpose: f.purpose,
			})
		}
	}
	for _, tab := range row(tenant.From(r.Context()), l.Tabs) {
		if tab.Path != "/" && len(m.Shortcuts) < mostShortcuts {
			icon := manifestIcon{Src: "/icon-192.png?v=" + version, Sizes: "192x192", Type: "image/png", Purpose: "any"}
			m.Shortcuts = append(m.Shortcuts, shortcut{tab.TitleZh, tab.Path, []manifestIcon{icon}})
		}
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "no-cache")
	_ = json.NewEncoder(w).Encode(m)
	return nil
}

func (s *Service) icon(w http.ResponseWriter, r *http.Request, f *file) error {
	ctx := r.Context()
	l, _, err := s.shown(ctx, r.URL.Query().Get("preview"))
	var pic *picture
	if err == nil {
		pic, err = s.looks.logo(ctx, l.Logo)
	}
	var raw []byte
	if err == nil {
		raw, err = s.icons.of(&s.drawing, &l, pic, f)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(raw)
	return nil
}

// icons keeps drawn icons: drawing takes long enough that strangers should not have it done again and again.
type icons struct {
	mu    sync.Mutex
	drawn map[iconKey][]byte
}

type iconKey struct{ path, digest, ground, accent string }

// keepIcons bounds how many are kept: about 30 KB each.
const keepIcons = 256

// of returns an icon as PNG. One is drawn at a time, which bounds the memory for pictures that unfold.
func (c *icons) of(drawing *sync.Mutex, l *look, pic *picture, f *file) ([]byte, error) {
	key := iconKey{f.path, l.Logo.Digest, l.Logo.Ground, l.Theme.Accent}
	c.mu.Lock()
	raw, ok := c.drawn[key]
	c.mu.Unlock()
	if ok {
		return raw, nil
	}
	drawing.Lock()
	defer drawing.Unlock()
	raw, err := drawIcon(l, pic, f)
	if err != nil {
		// A logo of the time before logos were decoded whole may be half a picture: the mark stands for it.
		plain := *l
		plain.Logo = &logoRef{}
		if raw, err = drawIcon(&plain, nil, f); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drawn == nil || len(c.drawn) >= keepIcons {
		c.drawn = map[iconKey][]byte{}
	}
	c.drawn[key] = raw
	return raw, nil
}

func drawIcon(l *look, pic *picture, f *file) ([]byte, error) {
	img, err := pic.draw()
	if err != nil {
		return nil, err
	}
	ground := l.ground(pic != nil && isLight(img))
	draw := f.draw
	if pic == nil && f.alone { // white on nothing cannot be seen
		draw = maskable
	}
	var b bytes.Buffer
	if err := png.Encode(&b, draw(img, ground, f.side)); err != nil {
		return nil, fmt.Errorf("icon %s: %w", f.path, err)
	}
	return b.Bytes(), nil
}
