package branding

import (
	"context"
	"image/color"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/menu"
	menuv1 "gonghui/tenant/menu/v1"
	"gonghui/tenant/pgtest"
)

func init() {
	module.Register(module.Info{
		Name: "blocks", Order: 95, Core: true,
		Capabilities: []module.Capability{{Name: "blocks.own", Roles: []string{"member"}}},
		Columns: []module.Column{
			{Key: "card", Place: menu.Portal, Title: module.Text{Zh: "会员证", En: "Card"}, Capability: "blocks.own", Order: 10},
			{Key: "union", Place: menu.Portal, Title: module.Text{Zh: "我的工会", En: "My union"}, Capability: "session", Order: 20},
			{Key: "news", Place: menu.Portal, Title: module.Text{Zh: "要闻", En: "News"}, Capability: "session", Order: 30},
		},
	})
}

func legalOf(privacy string) *brandingv1.BrandingLegal {
	return &brandingv1.BrandingLegal{
		Privacy: &brandingv1.BrandingLegalText{TitleZh: " 隐私政策 ", TextZh: privacy, TitleEn: "Privacy", TextEn: "One."},
		Terms:   &brandingv1.BrandingLegalText{TitleZh: "用户协议", TextZh: "约定。", TitleEn: "Terms", TextEn: "Two."},
	}
}

// Legal texts have a version by what they say: a change is a new one, what comes back has the one it had, and bodies that follow
// have that of the body above.
func TestLegal(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := func(b *pgtest.Body) *brandingv1.BrandingLegal {
		t.Helper()
		reply, err := s.GetLegalInForce(b.Ctx, &brandingv1.GetLegalInForceRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return reply.Legal
	}
	if got := in(s.county); got != nil || s.theme(t, s.county).LegalVersion != "" {
		t.Errorf("nobody has written any: %v", got)
	}
	if reply, err := s.GetLegalInForce(context.Background(), &brandingv1.GetLegalInForceRequest{}); err != nil || reply.Legal != nil {
		t.Errorf("on the supervision host: %v %v", reply, err)
	}
	now := s.publish(t, s.city, func(p *brandingv1.BrandingProfile) {
		p.Legal = legalOf("第一段。\r\n\r\n\r\n# 标题\n\n第二段。")
	})
	first := in(s.county)
	if first == nil || first.Privacy.TextZh != "第一段。\n\n# 标题\n\n第二段。" || first.Privacy.TitleZh != "隐私政策" || first.Terms.TextEn != "Two." {
		t.Fatalf("the county follows: %v", first)
	}
	if today := time.Now().In(beijing).Format(time.DateOnly); !regexp.MustCompile(`^\d{4}-\d\d-\d\d\.[0-9a-f]{8}$`).MatchString(first.Version) ||
		today == time.Now().Add(-time.Minute).In(beijing).Format(time.DateOnly) && !strings.HasPrefix(first.Version, today) {
		t.Errorf("version %q", first.Version)
	}
	if !proto.Equal(now.Published.Legal, first) || s.theme(t, s.county).LegalVersion != first.Version || in(s.nation) != nil || in(s.stranger) != nil {
		t.Errorf("%v", now.Published.Legal)
	}
	only, err := s.GetLegalInForce(s.county.Ctx, &brandingv1.GetLegalInForceRequest{VersionOnly: true})
	if want := (&brandingv1.BrandingLegal{Version: first.Version}); err != nil || !proto.Equal(only.Legal, want) {
		t.Errorf("version only: %v %v", only, err)
	}
	// A draft with the same texts is no change; with others it is seen by nobody.
	same, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.PublishBranding(s.city.Ctx, &brandingv1.PublishBrandingRequest{Revision: same.Revision}); refusal(t, err) != "BRANDING_EMPTY" {
		t.Errorf("the same texts: %v", err)
	}
	drafted, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) { p.Legal = legalOf("改了。") })
	if err != nil || drafted.Draft.Legal.Privacy.TextZh != "改了。" || drafted.Draft.Legal.Version != "" || in(s.county).Version != first.Version {
		t.Fatalf("%v %v", drafted, err)
	}
	warned := func(b *brandingv1.Branding) (codes []string) {
		for _, w := range b.Warnings {
			codes = append(codes, w.Part+"."+w.Code)
		}
		return codes
	}
	if got := strings.Join(warned(drafted), " "); got != "legal.consent" {
		t.Errorf("warned of %s", got)
	}
	if got := strings.Join(warned(same), " "); got != "" {
		t.Errorf("the same texts are warned of: %s", got)
	}
	zh := legalOf("改了。")
	zh.Terms.TextEn = ""
	alone, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) { p.Legal = zh })
	if got := strings.Join(warned(alone), " "); err != nil || got != "legal.consent legal.english" {
		t.Errorf("without English: %s %v", got, err)
	}
	if drafted, err = s.draft(s.city, func(p *brandingv1.BrandingProfile) { p.Legal = legalOf("改了。") }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PublishBranding(s.city.Ctx, &brandingv1.PublishBrandingRequest{Revision: drafted.Revision}); err != nil {
		t.Fatal(err)
	}
	second := in(s.county)
	if second.Version == first.Version || second.Privacy.TextZh != "改了。" {
		t.Errorf("changed: %v", second)
	}
	if _, err := s.RestoreBranding(s.city.Ctx, &brandingv1.RestoreBrandingRequest{Version: 1, Seen: 2}); err != nil {
		t.Fatal(err)
	}
	if back := in(s.county); !proto.Equal(back, first) {
		t.Errorf("brought back: %v", back)
	}
	s.publish(t, s.city, func(p *brandingv1.BrandingProfile) { p.Legal = legalOf("改了。") })
	if again := in(s.city); again.Version != second.Version {
		t.Errorf("written again: %v", again)
	}
	if n := s.env.Count(t, "select count(*) from platform.branding_legal where body_id = $1", s.city.ID); n != 2 {
		t.Errorf("%d texts are kept", n)
	}
	versions, err := s.ListBrandingVersions(s.city.Ctx, &brandingv1.ListBrandingVersionsRequest{})
	if err != nil || versions.Versions[0].Profile.Legal.Version != second.Version || versions.Versions[0].Profile.Legal.Privacy != nil || versions.Versions[0].Changed[0] != "legal" {
		t.Errorf("%v %v", versions, err)
	}
	s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) {
		p.Legal, p.Fixed = legalOf("全国统一。"), []string{"legal"}
	})
	if got := in(s.city); got.Privacy.TextZh != "全国统一。" {
		t.Errorf("held fast by the nation: %v", got)
	}
	if _, err := s.draft(s.county, func(p *brandingv1.BrandingProfile) { p.Legal = legalOf("县。") }); refusal(t, err) != "BRANDING_FIXED profile.legal" {
		t.Errorf("against what is held fast: %v", err)
	}
}

func TestLanguagesAndWording(t *testing.T) {
	t.Parallel()
	s := open(t)
	fresh := s.theme(t, s.county)
	if strings.Join(fresh.Languages, " ") != "zh en" || fresh.Language != "" || len(fresh.Words) != 0 {
		t.Errorf("the product's: %v", fresh)
	}
	now := s.publish(t, s.city, func(p *brandingv1.BrandingProfile) {
		p.Languages = &brandingv1.BrandingLanguages{Offered: []string{"zh"}, Preset: "zh"}
		p.Wording = &brandingv1.BrandingWording{Words: []*brandingv1.BrandingWord{
			{Key: "member.card.title", Zh: " 职工证 ", En: "Staff card"}, {Key: "app.member", Zh: "职工"}, {Key: "member.card.no", Zh: "会员号"},
		}}
	})
	shown := s.theme(t, s.county)
	if strings.Join(shown.Languages, " ") != "zh" || shown.Version == fresh.Version || len(shown.Words) != 2 || shown.Words[0].Key != "app.member" ||
		shown.Words[1].Zh != "职工证" || shown.Words[1].En != "Staff card" || shown.Words[0].En != "" {
		t.Errorf("the county follows: %v", shown)
	}
	if len(now.Texts) < 40 || now.Texts[0].Key == "" || now.Texts[0].MostZh == 0 || len(s.theme(t, s.stranger).Words) != 0 {
		t.Errorf("%v", now.Texts)
	}
}

// The first page is arranged in the draft and kept by the menus: both take it up in one act, or neither does.
func TestHome(t *testing.T) {
	t.Parallel()
	s := open(t)
	reader := menu.ReaderOf(s.env.DB)
	seen := func(b *pgtest.Body, role string) string {
		t.Helper()
		items, err := reader.Seen(pgtest.As(tenant.With(context.Background(), b.Tenant), b.Tenant, role), menu.Portal)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, i := range items {
			keys = append(keys, i.Key)
		}
		return strings.Join(keys, " ")
	}
	column := func(key string) *menuv1.MenuItem { return &menuv1.MenuItem{Key: key, Kind: "column"} }
	all := &brandingv1.BrandingArrangement{HandDown: true, Items: []*menuv1.MenuItem{
		column("news"), column("union"), column("card"),
		{Key: "own.help", Kind: "group", TitleZh: "求助"},
		{Key: "own.line", Kind: "link", TitleZh: "热线", Url: "https://help.example.org/", Group: "own.help"},
	}}
	hidden := column("news")
	hidden.Hidden = true
	member := &brandingv1.BrandingArrangement{Role: "member", Items: []*menuv1.MenuItem{column("card"), column("union"), hidden}}
	drafted, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) { p.Home = []*brandingv1.BrandingArrangement{member, all} })
	if err != nil || len(drafted.Draft.Home) != 2 || drafted.Draft.Home[0].Role != "" || !drafted.Draft.Home[0].HandDown || drafted.Draft.Home[1].Items[2].Hidden != true {
		t.Fatalf("%v %v", drafted, err)
	}
	if got := seen(s.city, "member"); got != "card union news apps" {
		t.Errorf("a draft shows: %s", got)
	}
	link, err := s.PreviewBranding(s.city.Ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	preview, err := s.GetTheme(s.city.Ctx, &brandingv1.GetThemeRequest{Preview: link.Token})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, h := range preview.Home {
		for _, b := range h.Blocks {
			at[h.Role] += " " + b.Key
			if b.Key == "own.help" && (len(b.Links) != 1 || b.Links[0].Url != "https://help.example.org/") {
				t.Errorf("links: %v", b)
			}
		}
	}
	if at["officer"] != " news apps union card own.help" || at["member"] != " card own.help union apps" {
		t.Errorf("the preview: %v", at)
	}
	if _, err := s.PublishBranding(s.city.Ctx, &brandingv1.PublishBrandingRequest{Revision: drafted.Revision}); err != nil {
		t.Fatal(err)
	}
	// An officer holds no card: rights are not arranged.
	for who, want := range map[string]string{
		seen(s.city, "officer"): "news apps union own.help own.line", seen(s.city, "member"): "card own.help own.line union apps",
		seen(s.county, "officer"): "news apps union own.help own.line", seen(s.stranger, "officer"): "union news apps",
	} {
		if who != want {
			t.Errorf("published: %s, want %s", who, want)
		}
	}
	if after, err := s.GetBranding(s.city.Ctx, nil); err != nil || len(after.Draft.Home) != 0 || after.Version != 1 {
		t.Errorf("after it: %v %v", after, err)
	}
	for act, want := range map[string]int64{"menu.set": 2, "menu.publish": 1} {
		if n := s.env.Count(t, "select count(*) from platform.audit_log where act = $1 and object_id like $2", act, s.city.Code+"/%"); n != want {
			t.Errorf("%s: %d rows", act, n)
		}
	}
	// Somebody arranges the menus meanwhile: neither the looks nor the menus take up anything.
	stale, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) {
		p.Home, p.Theme = []*brandingv1.BrandingArrangement{member}, &brandingv1.BrandingColours{Accent: "#0000AA"}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.PublishBranding(s.city.Ctx, &brandingv1.PublishBrandingRequest{Revision: stale.Revision}); refusal(t, err) != "MENU_STALE" {
		t.Errorf("stale: %v", err)
	}
	if s.theme(t, s.city).Accent != "#C8161D" {
		t.Error("half of a design is published")
	}
	officer := pgtest.As(tenant.With(context.Background(), s.city.Tenant), s.city.Tenant, "officer")
	_, err = s.SaveBrandingDraft(officer, &brandingv1.SaveBrandingDraftRequest{Profile: &brandingv1.BrandingProfile{Home: []*brandingv1.BrandingArrangement{member}}, Revision: stale.Revision})
	if err == nil {
		t.Error("who may not arrange menus arranges the first page")
	}
	for name, tt := range map[string]struct {
		home []*brandingv1.BrandingArrangement
		want string
	}{
		"twice":     {[]*brandingv1.BrandingArrangement{member, member}, "INVALID_ARGUMENT profile.home[1].role"},
		"no column": {[]*brandingv1.BrandingArrangement{{Items: []*menuv1.MenuItem{column("none")}}}, "INVALID_ARGUMENT profile.home[0].items[0].key"},
		"empty":     {[]*brandingv1.BrandingArrangement{{}}, "INVALID_ARGUMENT profile.home[0].items"},
		"plain http": {[]*brandingv1.BrandingArrangement{{Items: []*menuv1.MenuItem{
			{Key: "own.help", Kind: "group", TitleZh: "求助"}, {Key: "own.bad1", Kind: "link", TitleZh: "x", Url: "http://example.org", Group: "own.help"},
		}}}, "INVALID_ARGUMENT profile.home[0].items[1].url"},
	} {
		_, err := s.draft(s.city, func(p *brandingv1.BrandingProfile) { p.Home = tt.home })
		if got := refusal(t, err); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestBadParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	legal := func(edit func(*brandingv1.BrandingLegal)) *brandingv1.BrandingProfile {
		l := legalOf("正文。")
		edit(l)
		return &brandingv1.BrandingProfile{Legal: l}
	}
	words := func(w ...*brandingv1.BrandingWord) *brandingv1.BrandingProfile {
		return &brandingv1.BrandingProfile{Wording: &brandingv1.BrandingWording{Words: w}}
	}
	for name, tt := range map[string]struct {
		p    *brandingv1.BrandingProfile
		want string
	}{
		"script":      {legal(func(l *brandingv1.BrandingLegal) { l.Terms.TextZh = "约定<script>alert(1)</script>" }), "INVALID_ARGUMENT profile.legal.terms.textZh"},
		"entity":      {legal(func(l *brandingv1.BrandingLegal) { l.Privacy.TextEn = "a&nbsp;b" }), "INVALID_ARGUMENT profile.legal.privacy.textEn"},
		"no title":    {legal(func(l *brandingv1.BrandingLegal) { l.Privacy.TitleZh = " " }), "INVALID_ARGUMENT profile.legal.privacy.titleZh"},
		"no text":     {legal(func(l *brandingv1.BrandingLegal) { l.Terms.TextZh = "\n" }), "INVALID_ARGUMENT profile.legal.terms.textZh"},
		"turned":      {legal(func(l *brandingv1.BrandingLegal) { l.Terms.TextZh = "a\u202eb" }), "INVALID_ARGUMENT profile.legal.terms.textZh"},
		"comparison":  {legal(func(l *brandingv1.BrandingLegal) { l.Terms.TextZh = "3 < 5，A & B" }), "none"},
		"language":    {&brandingv1.BrandingProfile{Languages: &brandingv1.BrandingLanguages{Offered: []string{"zh"}, Preset: "en"}}, "INVALID_ARGUMENT profile.languages.preset"},
		"no language": {&brandingv1.BrandingProfile{Languages: &brandingv1.BrandingLanguages{Offered: []string{"fr"}, Preset: "fr"}}, "INVALID_ARGUMENT profile.languages.offered"},
		"no key":      {words(&brandingv1.BrandingWord{Key: "member.none", Zh: "x"}), "INVALID_ARGUMENT profile.wording.words[0].key"},
		"key twice":   {words(&brandingv1.BrandingWord{Key: "app.member", Zh: "x"}, &brandingv1.BrandingWord{Key: "app.member", Zh: "y"}), "INVALID_ARGUMENT profile.wording.words[1].key"},
		"markup":      {words(&brandingv1.BrandingWord{Key: "app.member", Zh: "<b>职工"}), "INVALID_ARGUMENT profile.wording.words[0].zh"},
		"long":        {words(&brandingv1.BrandingWord{Key: "app.member", En: strings.Repeat("x", 60)}), "INVALID_ARGUMENT profile.wording.words[0].en"},
		"gap":         {words(&brandingv1.BrandingWord{Key: "app.member", Zh: "{{body}}"}), "INVALID_ARGUMENT profile.wording.words[0].zh"},
		"splash":      {&brandingv1.BrandingProfile{Theme: &brandingv1.BrandingColours{Accent: "#0000AA", Splash: "own"}}, "INVALID_ARGUMENT profile.theme.splashGround"},
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
}

// The start screen has the logo on it: one that hardly shows there is told.
func TestSplashWarning(t *testing.T) {
	t.Parallel()
	s := open(t)
	added, err := s.AddLogo(s.county.Ctx, &brandingv1.AddLogoRequest{Data: pngOf(300, 300, color.NRGBA{0, 51, 43, 255})})
	if err != nil {
		t.Fatal(err)
	}
	for ground, want := range map[string]bool{"#00332B": true, "#FFFFFF": false} {
		now, err := s.draft(s.county, func(p *brandingv1.BrandingProfile) {
			p.Logo = &brandingv1.BrandingLogo{Digest: added.Logo.Digest}
			p.Theme = &brandingv1.BrandingColours{Accent: "#00332B", Splash: "own", SplashGround: ground}
		})
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(now.Warnings, func(w *brandingv1.BrandingWarning) bool {
			return w.Part == "theme" && w.Code == "splash" && w.From == ground && w.Contrast < w.Least
		})
		if told != want {
			t.Errorf("%s: %v", ground, now.Warnings)
		}
	}
}

func TestSplash(t *testing.T) {
	t.Parallel()
	s := open(t)
	if got := s.theme(t, s.county); got.SplashGround != "#F7F6F4" || got.SplashText != "#1F1E1C" {
		t.Errorf("the product's: %v", got)
	}
	s.publish(t, s.county, func(p *brandingv1.BrandingProfile) {
		p.Theme = &brandingv1.BrandingColours{Accent: "#0000aa", Splash: "own", SplashGround: "#00332b"}
	})
	if got := s.theme(t, s.county); got.Splash != "own" || got.SplashGround != "#00332B" || got.SplashText != "#FFFFFF" {
		t.Errorf("own: %v", got)
	}
	s.publish(t, s.county, func(p *brandingv1.BrandingProfile) { p.Theme.Splash = "accent" })
	if got := s.theme(t, s.county); got.SplashGround != got.AccentSolid {
		t.Errorf("the main colour: %v", got)
	}
}
