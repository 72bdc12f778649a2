package branding

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// host gives the module what it uses of a host.
type host struct {
	module.Host
	db   *tenant.DB
	demo bool
}

func (h host) DB() *tenant.DB { return h.db }
func (h host) Demo() bool     { return h.demo }

func address(kind string, raw []byte) string {
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(raw)
}

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

// webpOf is the head of a WebP file with one chunk.
func webpOf(kind string, chunk ...byte) []byte {
	raw := []byte("RIFF\x00\x00\x00\x00WEBP" + kind + "\x00\x00\x00\x00")
	raw = append(append(raw, chunk...), make([]byte, 20)...)
	binary.LittleEndian.PutUint32(raw[4:], uint32(len(raw)-8))
	return raw
}

func TestLogo(t *testing.T) {
	t.Parallel()
	small := pngOf(64, 64)
	for name, tt := range map[string]struct {
		logo string
		want bool
	}{
		"png":                {address("png", small), true},
		"largest side":       {address("png", pngOf(2048, 1)), true},
		"too wide":           {address("png", pngOf(2049, 1)), false},
		"too high":           {address("png", pngOf(1, 3000)), false},
		"jpeg":               {address("jpeg", jpegOf(64, 64)), true},
		"too wide a jpeg":    {address("jpeg", jpegOf(2100, 8)), false},
		"png as jpeg":        {address("jpeg", small), false},
		"jpeg as png":        {address("png", jpegOf(8, 8)), false},
		"gif":                {address("gif", []byte("GIF89a\x01\x00\x01\x00")), false},
		"svg":                {address("svg+xml", []byte("<svg onload='alert(1)'/>")), false},
		"html as png":        {address("png", []byte("<script>alert(1)</script>")), false},
		"lossy webp":         {address("webp", webpOf("VP8 ", 0, 0, 0, 0x9D, 0x01, 0x2A, 64, 0, 32, 0)), true},
		"huge lossy webp":    {address("webp", webpOf("VP8 ", 0, 0, 0, 0x9D, 0x01, 0x2A, 0xFF, 0x3F, 32, 0)), false},
		"lossless webp":      {address("webp", webpOf("VP8L", 0x2F, 63, 0xC0, 0x0F, 0)), true},
		"huge lossless webp": {address("webp", webpOf("VP8L", 0x2F, 0xFF, 0xFF, 0xFF, 0xFF)), false},
		"extended webp":      {address("webp", webpOf("VP8X", 0, 0, 0, 0, 63, 0, 0, 31, 0, 0)), true},
		"huge extended webp": {address("webp", webpOf("VP8X", 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 31, 0, 0)), false},
		"no webp":            {address("webp", webpOf("ABCD", 1, 2, 3)), false},
		"webp cut short":     {address("webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 ")), false},
		"64 KiB":             {address("png", append(small, make([]byte, 64<<10-len(small))...)), true},
		"one byte more":      {address("png", append(small, make([]byte, 64<<10-len(small)+1)...)), false},
		"no data address":    {"https://example.org/logo.png", false},
		"no base64":          {"data:image/png;base64,***", false},
		"parameters":         {"data:image/png;charset=utf-8;base64," + base64.StdEncoding.EncodeToString(small), false},
		"quote":              {address("png", small) + `" onerror="alert(1)`, false},
	} {
		if got := validLogo(tt.logo); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := newCache()
	c.now = func() time.Time { return now }
	id := uuid.New()
	c.put(id, look{accent: "#000000"})
	c.put(id, look{accent: "#111111"})
	if l, ok := c.get(id); !ok || l.accent != "#111111" {
		t.Errorf("%v %v", l, ok)
	}
	now = now.Add(keepFor)
	if _, ok := c.get(id); ok {
		t.Error("kept too long")
	}
	logo := strings.Repeat("x", 90_000)
	for range 300 {
		c.put(uuid.New(), look{logo: logo})
		if c.bytes > keepBytes {
			t.Fatalf("%d bytes", c.bytes)
		}
	}
	sum := 0
	for _, k := range c.looks {
		sum += size(k.look)
	}
	if sum != c.bytes {
		t.Errorf("counts %d bytes, holds %d", c.bytes, sum)
	}
}

func TestTheme(t *testing.T) {
	t.Parallel()
	env := pgtest.Open(t)
	body, watch := env.Body(t, nil), env.Body(t, nil)
	s, elsewhere := New(host{db: env.DB, demo: true}), New(host{db: env.DB})
	get := func(s *Service, ctx context.Context) *brandingv1.Theme {
		t.Helper()
		got, err := s.GetTheme(ctx, &brandingv1.GetThemeRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	fresh := get(s, body.Ctx)
	if want := (&brandingv1.Theme{
		BodyCode: body.Code, BodyName: body.Name, AppName: "工会网上工作平台", Accent: "#C8161D", AccentSolid: "#C8161D",
		AccentText: "#C8161D", AccentTextDark: fresh.AccentTextDark, Demo: true,
	}); !proto.Equal(fresh, want) {
		t.Errorf("a fresh body: %v", fresh)
	}
	if hq := get(elsewhere, context.Background()); !hq.Supervision || hq.BodyCode != "" || hq.Accent != "#C8161D" || hq.Demo {
		t.Errorf("the supervision host: %v", hq)
	}

	logo := address("png", pngOf(8, 8))
	set, err := s.UpdateTheme(body.Ctx, &brandingv1.UpdateThemeRequest{AppName: " 越秀工会 ", Accent: "#ffd700", Logo: logo})
	if err != nil || set.AppName != "越秀工会" || set.Accent != "#FFD700" || set.Logo != logo || set.AccentSolid == set.Accent {
		t.Fatalf("%v, %v", set, err)
	}
	if got := get(s, body.Ctx); !proto.Equal(got, set) {
		t.Errorf("here: %v", got)
	}
	if got := get(elsewhere, body.Ctx); got.Accent != "#FFD700" || got.Logo != logo {
		t.Errorf("in another process: %v", got)
	}
	if got := get(s, watch.Ctx); got.Accent != "#C8161D" || got.Logo != "" || got.BodyCode != watch.Code {
		t.Errorf("the second body shows %v", got)
	}
	if back, err := s.UpdateTheme(body.Ctx, &brandingv1.UpdateThemeRequest{Accent: "#0000FF"}); err != nil || back.Logo != "" || back.AppName != "工会网上工作平台" {
		t.Errorf("back: %v, %v", back, err)
	}
	for name, tt := range map[string]struct {
		req           *brandingv1.UpdateThemeRequest
		field, reason string
	}{
		"colour": {&brandingv1.UpdateThemeRequest{Accent: "red"}, "accent", "INVALID_ARGUMENT"},
		"name":   {&brandingv1.UpdateThemeRequest{Accent: "#0000FF", AppName: "a\x00"}, "appName", "INVALID_ARGUMENT"},
		"logo":   {&brandingv1.UpdateThemeRequest{Accent: "#0000FF", Logo: "x\x00\xff"}, "logo", "LOGO_INVALID"},
	} {
		_, err := s.UpdateTheme(body.Ctx, tt.req)
		if e := kerrors.FromError(err); err == nil || e.Code != 400 || e.Metadata["field"] != tt.field || e.Reason != tt.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.UpdateTheme(context.Background(), &brandingv1.UpdateThemeRequest{Accent: "#0000FF"}); err == nil {
		t.Error("a theme was set without a body")
	}
	if n := env.Count(t, "select count(*) from platform.theme where body_id = $1", watch.ID); n != 0 {
		t.Error("the second body has a theme row")
	}
	if n := env.Count(t, "select count(*) from platform.audit_log where act = 'branding.update' and object_id = $1", body.Code); n != 2 {
		t.Errorf("%d audit rows", n)
	}
}
