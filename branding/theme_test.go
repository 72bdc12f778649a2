package branding

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
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
	env  *pgtest.Env
	db   *tenant.DB
	demo bool
}

func (h host) DB() *tenant.DB    { return h.db }
func (h host) Demo() bool        { return h.demo }
func (h host) Keys() module.Keys { return h.env.Keys }
func (h host) Base() string      { return "example.org" }
func (h host) Scheme() string    { return "https" }

// stage is a service with a line of three bodies, and one beside it.
type stage struct {
	*Service
	env                            *pgtest.Env
	nation, city, county, stranger *pgtest.Body
}

func open(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	s := &stage{Service: New(host{env: env, db: env.DB, demo: true}), env: env, nation: env.Body(t, nil), stranger: env.Body(t, nil)}
	s.city = env.Body(t, s.nation)
	s.county = env.Body(t, s.city)
	return s
}

func (s *stage) theme(t *testing.T, b *pgtest.Body) *brandingv1.Theme {
	t.Helper()
	got, err := s.GetTheme(b.Ctx, &brandingv1.GetThemeRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// draft changes the draft of a body.
func (s *stage) draft(b *pgtest.Body, edit func(*brandingv1.BrandingProfile)) (*brandingv1.Branding, error) {
	now, err := s.GetBranding(b.Ctx, &brandingv1.GetBrandingRequest{})
	if err != nil {
		return nil, err
	}
	edit(now.Draft)
	return s.SaveBrandingDraft(b.Ctx, &brandingv1.SaveBrandingDraftRequest{Profile: now.Draft, Revision: now.Revision})
}

// publish changes what is in force of a body.
func (s *stage) publish(t *testing.T, b *pgtest.Body, edit func(*brandingv1.BrandingProfile)) *brandingv1.Branding {
	t.Helper()
	now, err := s.draft(b, edit)
	if err == nil {
		now, err = s.PublishBranding(b.Ctx, &brandingv1.PublishBrandingRequest{Revision: now.Revision, Note: "试"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func accent(c string) func(*brandingv1.BrandingProfile) {
	return func(p *brandingv1.BrandingProfile) { p.Theme = &brandingv1.BrandingColours{Accent: c} }
}

// pngOf is a picture of one colour with a white edge.
func pngOf(w, h int, c color.Color) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(img, img.Bounds().Inset(2), image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func refusal(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return "none"
	}
	e := kerrors.FromError(err)
	if e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
		t.Errorf("without words: %v", err)
	}
	return strings.TrimSpace(e.Reason + " " + e.Metadata["field"])
}

func TestProduct(t *testing.T) {
	t.Parallel()
	s := open(t)
	fresh := s.theme(t, s.county)
	if fresh.AppName != "工会网上工作平台" || fresh.Accent != "#C8161D" || fresh.AccentSolid != "#C8161D" || fresh.BodyCode != s.county.Code || !fresh.Demo || fresh.Version == "" {
		t.Errorf("a fresh body: %v", fresh)
	}
	hq, err := s.GetTheme(context.Background(), &brandingv1.GetThemeRequest{})
	if err != nil || !hq.Supervision || hq.BodyCode != "" || hq.Accent != "#C8161D" {
		t.Errorf("the supervision host: %v %v", hq, err)
	}
	same, err := s.GetTheme(s.county.Ctx, &brandingv1.GetThemeRequest{Seen: fresh.Version})
	if want := (&brandingv1.Theme{Same: true, Version: fresh.Version}); err != nil || !proto.Equal(same, want) {
		t.Errorf("seen: %v %v", same, err)
	}
	for name, f := range map[string]func() error{
		"get":     func() error { _, err := s.GetBranding(context.Background(), nil); return err },
		"list":    func() error { _, err := s.ListBrandingVersions(context.Background(), nil); return err },
		"preview": func() error { _, err := s.PreviewBranding(context.Background(), nil); return err },
		"logo":    func() error { _, err := s.AddLogo(context.Background(), nil); return err },
	} {
		if f() == nil {
			t.Errorf("%s without a body", name)
		}
	}
}

// A draft is seen by nobody but who has the link; what is published is seen by all, and comes back as it was.
func TestDraftPublishRestore(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.publish(t, s.county, func(p *brandingv1.BrandingProfile) {
		p.Names = &brandingv1.BrandingNames{AppName: " 荔湾职工 ", AppNameEn: "Liwan", Slogan: "娘家人", SloganEn: "With you"}
		p.Theme = &brandingv1.BrandingColours{Accent: "#ffd700", Splash: "accent"}
	})
	if first.Version != 1 || first.Revision != 0 || first.Published.Names.AppName != "荔湾职工" || !proto.Equal(first.Draft, first.Published) {
		t.Fatalf("%v", first)
	}
	shown := s.theme(t, s.county)
	if shown.AppName != "荔湾职工" || shown.Accent != "#FFD700" || shown.AccentSolid == shown.Accent || shown.Slogan != "娘家人" || shown.Splash != "accent" {
		t.Errorf("published: %v", shown)
	}
	mended := 0
	for _, w := range first.Warnings {
		if w.Code == "mended" && w.Part == "theme" && w.From == "#FFD700" && w.To != w.From && w.Contrast < w.Least {
			mended++
		}
	}
	if mended != 4 { // gold can be read in the dark as it is
		t.Errorf("mended: %v", first.Warnings)
	}
	draft, err := s.draft(s.county, accent("#0000AA"))
	if err != nil || draft.Theme.Accent != "#0000AA" || draft.Published.Theme.Accent != "#FFD700" {
		t.Fatalf("%v %v", draft, err)
	}
	if got := s.theme(t, s.county); !proto.Equal(got, shown) {
		t.Errorf("a draft shows: %v", got)
	}
	link, err := s.PreviewBranding(s.county.Ctx, &brandingv1.PreviewBrandingRequest{})
	if err != nil || link.Url != "https://"+s.county.Code+".example.org/?preview="+link.Token || !link.ExpiresAt.AsTime().After(time.Now()) {
		t.Fatalf("%v %v", link, err)
	}
	preview := func(b *pgtest.Body, token string) *brandingv1.Theme {
		got, err := s.GetTheme(b.Ctx, &brandingv1.GetThemeRequest{Preview: token})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := preview(s.county, link.Token); got.Accent != "#0000AA" || !got.Preview {
		t.Errorf("with the link: %v", got)
	}
	past := s.sign(s.county.Tenant, time.Now().Add(-time.Second).Unix())
	for name, tt := range map[string]struct {
		b     *pgtest.Body
		token string
	}{"another body's": {s.city, link.Token}, "past": {s.county, past}, "forged": {s.county, link.Token + "x"}, "no number": {s.county, "x." + link.Token}} {
		if got := preview(tt.b, tt.token); got.Preview || got.Accent == "#0000AA" {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := s.SaveBrandingDraft(s.county.Ctx, &brandingv1.SaveBrandingDraftRequest{Profile: draft.Draft, Revision: 0}); refusal(t, err) != "BRANDING_STALE" {
		t.Errorf("stale: %v", err)
	}
	second, err := s.PublishBranding(s.county.Ctx, &brandingv1.PublishBrandingRequest{Revision: draft.Revision, Note: "换成蓝色"})
	if err != nil || second.Version != 2 || s.theme(t, s.county).Accent != "#0000AA" {
		t.Fatalf("%v %v", second, err)
	}
	if _, err := s.PublishBranding(s.county.Ctx, &brandingv1.PublishBrandingRequest{}); refusal(t, err) != "BRANDING_EMPTY" {
		t.Errorf("nothing to publish: %v", err)
	}
	if _, err := s.draft(s.county, accent("#00AA00")); err != nil {
		t.Fatal(err)
	}
	if back, err := s.DiscardBrandingDraft(s.county.Ctx, &brandingv1.DiscardBrandingDraftRequest{Revision: 1}); err != nil || back.Revision != 0 || back.Draft.Theme.Accent != "#0000AA" {
		t.Errorf("discarded: %v %v", back, err)
	}
	third, err := s.RestoreBranding(s.county.Ctx, &brandingv1.RestoreBrandingRequest{Version: 1, Seen: 2})
	if err != nil || third.Version != 3 || s.theme(t, s.county).Accent != "#FFD700" {
		t.Fatalf("%v %v", third, err)
	}
	if _, err := s.RestoreBranding(s.county.Ctx, &brandingv1.RestoreBrandingRequest{Version: 1, Seen: 2}); refusal(t, err) != "BRANDING_STALE" {
		t.Errorf("stale: %v", err)
	}
	if _, err := s.RestoreBranding(s.county.Ctx, &brandingv1.RestoreBrandingRequest{Version: 9, Seen: 3}); refusal(t, err) != "BRANDING_VERSION_NOT_FOUND version" {
		t.Errorf("no such version: %v", err)
	}
	var seen []string
	token := ""
	for {
		page, err := s.ListBrandingVersions(s.county.Ctx, &brandingv1.ListBrandingVersionsRequest{PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			seen = append(seen, v.Note+":"+strings.Join(v.Changed, "+"))
		}
		if token = page.NextPageToken; token == "" {
			break
		}
	}
	if got := strings.Join(seen, " "); got != ":theme 换成蓝色:theme 试:names+theme" {
		t.Errorf("versions: %s", got)
	}
	if s.theme(t, s.stranger).Accent != "#C8161D" || s.env.Count(t, "select count(*) from platform.branding where body_id = $1", s.stranger.ID) != 0 {
		t.Error("another body has changed")
	}
	for act, want := range map[string]int64{"branding.draft": 3, "branding.publish": 2, "branding.restore": 1, "branding.discard": 1, "branding.preview": 1} {
		if n := s.env.Count(t, "select count(*) from platform.audit_log where act = $1 and object_id = $2", act, s.county.Code); n != want {
			t.Errorf("%s: %d rows", act, n)
		}
	}
}

// A body's own choice stands where those above leave it open; what is not chosen follows the nearest choice above.
func TestInheritance(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) {
		p.Names = &brandingv1.BrandingNames{AppName: "职工之家"}
		p.Theme = &brandingv1.BrandingColours{Accent: "#AA0000"}
	})
	if got := s.theme(t, s.county); got.AppName != "职工之家" || got.Accent != "#AA0000" {
		t.Errorf("from the top: %v", got)
	}
	s.publish(t, s.city, accent("#0000AA"))
	s.publish(t, s.county, func(p *brandingv1.BrandingProfile) { p.Names = &brandingv1.BrandingNames{AppName: "县工会"} })
	if got := s.theme(t, s.county); got.AppName != "县工会" || got.Accent != "#0000AA" {
		t.Errorf("own name, the city's colour: %v", got)
	}
	now := s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) { p.Fixed = []string{"names", "logo"} })
	if now.Parts[0].FixedByCode != "" {
		t.Errorf("a body holds fast against itself: %v", now.Parts)
	}
	if got := s.theme(t, s.county); got.AppName != "职工之家" || got.Accent != "#0000AA" {
		t.Errorf("held fast: %v", got)
	}
	below, err := s.GetBranding(s.county.Ctx, &brandingv1.GetBrandingRequest{})
	if err != nil || below.Parts[0].FixedByCode != s.nation.Code || below.Parts[0].FromName != s.nation.Name || below.Draft.Names != nil ||
		below.Parts[1].FixedByCode != s.nation.Code || below.Parts[2].FixedByCode != "" || below.Parts[2].FromCode != s.city.Code || below.Inherited.Theme.Accent != "#0000AA" {
		t.Errorf("as the county sees it: %v %v", below, err)
	}
	_, err = s.draft(s.county, func(p *brandingv1.BrandingProfile) { p.Names = &brandingv1.BrandingNames{AppName: "另一个"} })
	if refusal(t, err) != "BRANDING_FIXED profile.names" {
		t.Errorf("against what is held fast: %v", err)
	}
	// The city is below the nation: what it holds fast of the nation's is the nation's.
	s.publish(t, s.city, func(p *brandingv1.BrandingProfile) { p.Fixed = []string{"theme"} })
	if _, err := s.draft(s.county, accent("#00AA00")); refusal(t, err) != "BRANDING_FIXED profile.theme" {
		t.Errorf("held fast by the city: %v", err)
	}
	s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) { p.Fixed = nil })
	if got := s.theme(t, s.county); got.AppName != "县工会" || got.Accent != "#0000AA" {
		t.Errorf("open again: %v", got)
	}
	if got := s.theme(t, s.stranger); got.AppName != productName {
		t.Errorf("a body beside: %v", got)
	}
}

func TestLogos(t *testing.T) {
	t.Parallel()
	s := open(t)
	added, err := s.AddLogo(s.city.Ctx, &brandingv1.AddLogoRequest{Data: pngOf(300, 300, color.NRGBA{200, 22, 29, 255})})
	if err != nil || len(added.Colours) != 1 || added.Colours[0] != "#C8161D" || !strings.HasPrefix(added.Logo.Data, "data:image/png;base64,") {
		t.Fatalf("%v %v", added, err)
	}
	use := func(p *brandingv1.BrandingProfile) { p.Logo = &brandingv1.BrandingLogo{Digest: added.Logo.Digest} }
	if _, err := s.draft(s.county, use); refusal(t, err) != "LOGO_INVALID profile.logo.digest" {
		t.Errorf("another body's picture: %v", err)
	}
	now := s.publish(t, s.city, use)
	if now.Published.Logo.Data != added.Logo.Data || now.Theme.Logo != added.Logo.Data || len(now.Warnings) != 0 {
		t.Errorf("%v", now)
	}
	if got := s.theme(t, s.county); got.Logo != added.Logo.Data {
		t.Error("the county does not follow")
	}
	if got := s.theme(t, s.nation); got.Logo != "" {
		t.Error("the nation follows")
	}
	svg, err := s.AddLogo(s.city.Ctx, &brandingv1.AddLogoRequest{Data: []byte(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 9" onload="alert(1)"><rect width="70" height="9" fill="#fff"/></svg>`)})
	if refusal(t, err) != "INVALID_ARGUMENT data" {
		t.Errorf("a long one: %v %v", svg, err)
	}
	svg, err = s.AddLogo(s.city.Ctx, &brandingv1.AddLogoRequest{Data: []byte(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 9" onload="alert(1)"><rect width="30" height="9" fill="#fff"/></svg>`)})
	if err != nil || strings.Join(svg.Removed, " ") != "onload" {
		t.Fatalf("%v %v", svg, err)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(svg.Logo.Data, "data:image/svg+xml;base64,"))
	if err != nil || strings.Contains(string(raw), "alert") {
		t.Errorf("%s %v", raw, err)
	}
	draft, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) {
		p.Logo = &brandingv1.BrandingLogo{Digest: svg.Logo.Digest, Ground: "#fafafa"}
		p.Names = &brandingv1.BrandingNames{AppName: "越秀区总工会职工之家"}
	})
	var codes []string
	for _, w := range draft.GetWarnings() {
		if w.Code != "mended" {
			codes = append(codes, w.Part+"."+w.Code)
		}
	}
	if err != nil || strings.Join(codes, " ") != "names.long logo.narrow logo.faint" {
		t.Errorf("warnings: %v %v", codes, err)
	}
	if n := s.env.Count(t, "select count(*) from platform.branding_logo where body_id = $1", s.city.ID); n != 2 {
		t.Errorf("%d pictures", n)
	}
	s.env.Count(t, "with old as (update platform.branding_logo set made_at = now() - interval '2 days' where body_id = $1 returning 1) select count(*) from old", s.city.ID)
	if _, err := s.DiscardBrandingDraft(s.city.Ctx, &brandingv1.DiscardBrandingDraftRequest{Revision: draft.Revision}); err != nil {
		t.Fatal(err)
	}
	s.publish(t, s.city, accent("#0000AA"))
	if n := s.env.Count(t, "select count(*) from platform.branding_logo where body_id = $1 and digest = $2", s.city.ID, added.Logo.Digest); n != 1 {
		t.Error("a picture that a version names is gone")
	}
	if n := s.env.Count(t, "select count(*) from platform.branding_logo where body_id = $1", s.city.ID); n != 1 {
		t.Error("a picture that nothing names has stayed")
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	s := open(t)
	long := strings.Repeat("长", 200)
	for name, tt := range map[string]struct {
		p    *brandingv1.BrandingProfile
		want string
	}{
		"no name":          {&brandingv1.BrandingProfile{Names: &brandingv1.BrandingNames{AppName: " "}}, "INVALID_ARGUMENT profile.names.appName"},
		"control":          {&brandingv1.BrandingProfile{Names: &brandingv1.BrandingNames{AppName: "a\x00"}}, "INVALID_ARGUMENT profile.names.appName"},
		"turned direction": {&brandingv1.BrandingProfile{Names: &brandingv1.BrandingNames{AppName: "a", Slogan: "a\u202eb"}}, "INVALID_ARGUMENT profile.names.slogan"},
		"colour":           {&brandingv1.BrandingProfile{Theme: &brandingv1.BrandingColours{Accent: "red"}}, "INVALID_ARGUMENT profile.theme.accent"},
		"ground":           {&brandingv1.BrandingProfile{Logo: &brandingv1.BrandingLogo{Ground: "url(x)"}}, "INVALID_ARGUMENT profile.logo.ground"},
		"part":             {&brandingv1.BrandingProfile{Fixed: []string{"salary"}}, "INVALID_ARGUMENT profile.fixed"},
		"emoji":            {&brandingv1.BrandingProfile{Names: &brandingv1.BrandingNames{AppName: "工会👷‍♀️"}}, "none"},
		"right to left":    {&brandingv1.BrandingProfile{Names: &brandingv1.BrandingNames{AppName: "اتحاد العمال"}}, "none"},
	} {
		now, err := s.GetBranding(s.county.Ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.SaveBrandingDraft(s.county.Ctx, &brandingv1.SaveBrandingDraftRequest{Profile: tt.p, Revision: now.Revision})
		if got := refusal(t, err); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	// The gate refuses what is too long before it comes here; the database would not break either.
	if _, err := s.draft(s.county, func(p *brandingv1.BrandingProfile) { p.Names = &brandingv1.BrandingNames{AppName: long} }); err != nil {
		t.Error(err)
	}
}

// What one process publishes shows in another within five seconds, though that keeps looks in memory.
func TestOtherProcessesHear(t *testing.T) {
	s := open(t)
	far, err := tenant.Open(context.Background(), s.env.DB.Config())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- far.News.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		far.Close()
	})
	there := &stage{Service: New(host{env: s.env, db: far}), env: s.env}
	until := func(want string) {
		t.Helper()
		start := time.Now()
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for there.theme(t, s.county).Accent != want || far.News.Life() != tenant.Heard {
			if time.Since(start) > 5*time.Second {
				t.Fatalf("not within five seconds: %s", want)
			}
			<-tick.C
		}
		t.Logf("%s after %v", want, time.Since(start))
	}
	until("#C8161D")
	s.publish(t, s.nation, accent("#AA0000"))
	until("#AA0000")
	s.publish(t, s.county, accent("#0000AA"))
	until("#0000AA")
	if _, err := s.RestoreBranding(s.nation.Ctx, &brandingv1.RestoreBrandingRequest{Version: 1, Seen: 1}); err != nil {
		t.Fatal(err)
	}
	s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) { p.Fixed = []string{"theme"} })
	until("#AA0000")
}
