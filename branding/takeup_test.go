package branding

import (
	"context"
	"encoding/base64"
	"image/color"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	_ "gonghui/app/identity" // a person's places are its
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	menuv1 "gonghui/tenant/menu/v1"
	"gonghui/tenant/pgtest"
)

// rich is a design with every part.
func (s *stage) rich(t *testing.T, b *pgtest.Body) *brandingv1.Branding {
	t.Helper()
	added, err := s.AddLogo(b.Ctx, &brandingv1.AddLogoRequest{Data: pngOf(300, 300, color.NRGBA{0, 90, 60, 255})})
	if err != nil {
		t.Fatal(err)
	}
	return s.publish(t, b, func(p *brandingv1.BrandingProfile) {
		p.Names = &brandingv1.BrandingNames{AppName: "荔湾职工", Slogan: "娘家人"}
		p.Logo = &brandingv1.BrandingLogo{Digest: added.Logo.Digest, Ground: "#FFFFFF"}
		p.Theme = &brandingv1.BrandingColours{Accent: "#00593C", Splash: "own", SplashGround: "#112233"}
		p.Tabs = &brandingv1.BrandingTabs{Keys: []string{"home", "union", "me"}}
		p.Legal = legalOf("正文。")
		p.Languages = &brandingv1.BrandingLanguages{Offered: []string{"zh"}, Preset: "zh"}
		p.Wording = &brandingv1.BrandingWording{Words: []*brandingv1.BrandingWord{{Key: "app.member", Zh: "职工"}}}
		p.Home = []*brandingv1.BrandingArrangement{{Items: []*menuv1.MenuItem{
			{Key: "news", Kind: "column"}, {Key: "union", Kind: "column", TitleZh: "娘家"}, {Key: "card", Kind: "column"},
		}}}
	})
}

// A design goes to another body as a file, and is the same design there.
func TestFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	from := s.rich(t, s.city)
	file, err := s.ExportBranding(s.city.Ctx, nil)
	if err != nil || len(file.Profile.Home) != 1 || file.Profile.Home[0].Items[2].TitleZh != "娘家" || file.BodyName != s.city.Name || file.ExportedAt == nil {
		t.Fatalf("%v %v", file, err)
	}
	raw, err := protojson.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	file = &brandingv1.BrandingFile{}
	if err := protojson.Unmarshal(raw, file); err != nil {
		t.Fatal(err)
	}
	taken, err := s.ImportBranding(s.stranger.Ctx, &brandingv1.ImportBrandingRequest{File: file})
	if err != nil || strings.Join(taken.Taken, " ") != "names logo theme tabs legal languages wording home" || len(taken.LeftOut) != 0 {
		t.Fatalf("%v %v", taken, err)
	}
	if s.theme(t, s.stranger).AppName != productName {
		t.Error("what is imported is in force before it is published")
	}
	now, err := s.PublishBranding(s.stranger.Ctx, &brandingv1.PublishBrandingRequest{Revision: taken.Branding.Revision})
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(now.Published, from.Published) {
		t.Errorf("%v\nis not\n%v", now.Published, from.Published)
	}
	again, err := s.ExportBranding(s.stranger.Ctx, nil)
	if err != nil || !proto.Equal(again.Profile, file.Profile) {
		t.Errorf("there and back: %v %v", again, err)
	}
	// Some parts alone, over a draft that is there.
	if _, err := s.draft(s.county, accent("#0000AA")); err != nil {
		t.Fatal(err)
	}
	some, err := s.ImportBranding(s.county.Ctx, &brandingv1.ImportBrandingRequest{File: file, Parts: []string{"names", "legal"}, Revision: 1})
	if err != nil || strings.Join(some.Taken, " ") != "names legal" || some.Branding.Draft.Theme.Accent != "#0000AA" || some.Branding.Draft.Tabs != nil {
		t.Errorf("%v %v", some, err)
	}
	if _, err := s.ImportBranding(s.county.Ctx, &brandingv1.ImportBrandingRequest{File: file, Revision: 1}); refusal(t, err) != "BRANDING_STALE" {
		t.Errorf("stale: %v", err)
	}
	// What is held fast above stays.
	s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) { p.Fixed = []string{"names", "legal"} })
	held, err := s.ImportBranding(s.county.Ctx, &brandingv1.ImportBrandingRequest{File: file, Revision: 2})
	if err != nil || strings.Join(held.LeftOut, " ") != "names legal" || strings.Join(held.Taken, " ") != "logo theme tabs languages wording home" {
		t.Errorf("%v %v", held, err)
	}
	for act, want := range map[string]int64{"branding.export": 1, "branding.import": 1} {
		if n := s.env.Count(t, "select count(*) from platform.audit_log where act = $1 and object_id = $2", act, s.stranger.Code); n != want {
			t.Errorf("%s: %d rows", act, n)
		}
	}
}

// A file that somebody made by hand is refused by what is wrong in it, and nothing of it comes in.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	s := open(t)
	data := func(kind string, raw []byte) *brandingv1.BrandingProfile {
		return &brandingv1.BrandingProfile{Logo: &brandingv1.BrandingLogo{Data: "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(raw)}}
	}
	good := pngOf(64, 64, color.Black)
	for name, tt := range map[string]struct {
		file *brandingv1.BrandingFile
		p    *brandingv1.BrandingProfile
		want string
	}{
		"another kind":  {file: &brandingv1.BrandingFile{Format: "menu", Version: 1}, want: "INVALID_ARGUMENT file.format"},
		"a later one":   {file: &brandingv1.BrandingFile{Format: fileFormat, Version: 2}, want: "INVALID_ARGUMENT file.format"},
		"nothing":       {want: "INVALID_ARGUMENT file.format"},
		"script":        {p: data("image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>x</script></svg>`)), want: "INVALID_ARGUMENT file.profile.logo.data"},
		"half":          {p: data("image/png", good[:40]), want: "INVALID_ARGUMENT file.profile.logo.data"},
		"no base64":     {p: &brandingv1.BrandingProfile{Logo: &brandingv1.BrandingLogo{Data: "data:image/png;base64,@@"}}, want: "INVALID_ARGUMENT file.profile.logo.data"},
		"an address":    {p: &brandingv1.BrandingProfile{Logo: &brandingv1.BrandingLogo{Data: "https://example.org/x.png"}}, want: "INVALID_ARGUMENT file.profile.logo.data"},
		"name":          {p: &brandingv1.BrandingProfile{Names: &brandingv1.BrandingNames{AppName: "a\u202eb"}}, want: "INVALID_ARGUMENT file.profile.names.appName"},
		"colour":        {p: &brandingv1.BrandingProfile{Theme: &brandingv1.BrandingColours{Accent: "red"}}, want: "INVALID_ARGUMENT file.profile.theme.accent"},
		"tab":           {p: &brandingv1.BrandingProfile{Tabs: &brandingv1.BrandingTabs{Keys: []string{"home", "salary", "me"}}}, want: "INVALID_ARGUMENT file.profile.tabs.keys[1]"},
		"legal":         {p: &brandingv1.BrandingProfile{Legal: legalOf("<iframe>")}, want: "INVALID_ARGUMENT file.profile.legal.privacy.textZh"},
		"word":          {p: &brandingv1.BrandingProfile{Wording: &brandingv1.BrandingWording{Words: []*brandingv1.BrandingWord{{Key: "x.y"}}}}, want: "INVALID_ARGUMENT file.profile.wording.words[0].key"},
		"link":          {p: &brandingv1.BrandingProfile{Home: []*brandingv1.BrandingArrangement{{Items: []*menuv1.MenuItem{{Key: "own.abcd", Kind: "link", TitleZh: "x", Url: "javascript:alert(1)"}}}}}, want: "INVALID_ARGUMENT file.profile.home[0].items[0].group"},
		"another's own": {p: &brandingv1.BrandingProfile{Logo: &brandingv1.BrandingLogo{Digest: strings.Repeat("a", 64)}}, want: "none"},
	} {
		file := tt.file
		if tt.p != nil {
			file = &brandingv1.BrandingFile{Format: fileFormat, Version: 1, Profile: tt.p}
		}
		before, err := s.GetBranding(s.city.Ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.ImportBranding(s.city.Ctx, &brandingv1.ImportBrandingRequest{File: file, Revision: before.Revision})
		if r := refusal(t, err); r != tt.want {
			t.Errorf("%s: %s", name, r)
		}
		if err == nil { // a digest names nothing: the picture itself has to be in the file
			if got.Branding.Draft.Logo.Digest != "" {
				t.Errorf("%s: %v", name, got)
			}
			continue
		}
		if after, err := s.GetBranding(s.city.Ctx, nil); err != nil || after.Revision != before.Revision {
			t.Errorf("%s: something came in: %v %v", name, after, err)
		}
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rich(t, s.city)
	copyOf := func(code string, ctx context.Context, parts ...string) (*brandingv1.TakenBranding, error) {
		now, err := s.GetBranding(ctx, nil)
		if err != nil {
			return nil, err
		}
		return s.CopyBranding(ctx, &brandingv1.CopyBrandingRequest{Code: code, Parts: parts, Revision: now.Revision})
	}
	taken, err := copyOf(s.city.Code, s.county.Ctx)
	if err != nil || strings.Join(taken.Taken, " ") != "names logo theme tabs legal languages wording home" || taken.Branding.Draft.Logo.Data == "" || taken.Branding.Draft.Home[0].HandDown {
		t.Fatalf("of the body above: %v %v", taken, err)
	}
	if _, err := s.PublishBranding(s.county.Ctx, &brandingv1.PublishBrandingRequest{Revision: taken.Branding.Revision}); err != nil {
		t.Fatal(err)
	}
	// From now on it is the county's own, whatever becomes of the city's.
	s.publish(t, s.city, func(p *brandingv1.BrandingProfile) { p.Logo, p.Theme = nil, nil })
	if got := s.theme(t, s.county); got.Logo == "" || got.Accent != "#00593C" || got.LegalVersion == "" {
		t.Errorf("%v", got)
	}
	some, err := copyOf(s.city.Code, s.county.Ctx, "names", "theme")
	if err != nil || strings.Join(some.Taken, " ") != "names" {
		t.Errorf("what nobody has chosen there: %v %v", some, err)
	}
	for name, code := range map[string]string{"a stranger's": s.stranger.Code, "none": "zz9999", "the own": s.county.Code} {
		if _, err := copyOf(code, s.county.Ctx); refusal(t, err) != "BRANDING_SOURCE_NOT_FOUND code" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := copyOf(s.county.Code, s.city.Ctx); refusal(t, err) != "BRANDING_SOURCE_NOT_FOUND code" {
		t.Errorf("of a body below without a right to it: %v", err)
	}
	// The administrator of one body is one of another as well.
	admin := pgtest.As(tenant.With(context.Background(), s.stranger.Tenant), s.stranger.Tenant, "admin")
	person := tenant.SubjectFrom(admin).Person
	s.env.Count(t, `with p as (insert into platform.person (id, name, phone_sealed, phone_digest) values ($1::uuid, '两处管理员', 'sealed', $1::uuid::text) returning id),
		i as (insert into platform.identity (id, person_id, body_id, role) select gen_random_uuid(), id, $2, 'admin' from p returning 1) select count(*) from i`, person, s.county.ID)
	if got, err := copyOf(s.county.Code, admin, "names"); err != nil || got.Branding.Draft.Names.AppName != "荔湾职工" {
		t.Errorf("of the other body: %v %v", got, err)
	}
}
