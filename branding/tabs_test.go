package branding

import (
	"slices"
	"strings"
	"testing"

	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

func init() {
	title := module.Text{Zh: "页", En: "Page"}
	module.Register(module.Info{Name: "extra", Order: 90, Core: true, Tabs: []module.Tab{
		{Key: "union", Path: "/union", Icon: "union", Title: title, Capability: "session", Order: 40},
	}})
	module.Register(module.Info{Name: "side", Order: 91, Tabs: []module.Tab{
		{Key: "file", Path: "/file", Icon: "file", Title: title, Capability: "session", Order: 30, Preset: true},
		{Key: "card", Path: "/card", Icon: "qr", Title: title, Capability: "session", Order: 20},
	}})
}

func keysOf(row []*brandingv1.BrandingTab) string {
	var keys []string
	for _, t := range row {
		keys = append(keys, t.Key)
	}
	return strings.Join(keys, " ")
}

func TestReadTabs(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"home me":                      "none",
		"me card union apps home":      "none",
		"home":                         "INVALID_ARGUMENT profile.tabs.keys",
		"":                             "INVALID_ARGUMENT profile.tabs.keys",
		"home me file card union apps": "INVALID_ARGUMENT profile.tabs.keys",
		"home file":                    "INVALID_ARGUMENT profile.tabs.keys",
		"home salary me":               "INVALID_ARGUMENT profile.tabs.keys[1]",
		"home me home":                 "INVALID_ARGUMENT profile.tabs.keys[2]",
	} {
		got, err := readTabs(strings.Fields(row))
		if r := refusal(t, err); r != want || r == "none" && !slices.Equal(got.Keys, strings.Fields(row)) {
			t.Errorf("%q: %v %s", row, got, r)
		}
	}
}

func TestTabs(t *testing.T) {
	t.Parallel()
	on, off := &tenant.Tenant{On: map[string]bool{"side": true}}, &tenant.Tenant{}
	if got := keysOf(row(on, nil)); got != "home file me" {
		t.Errorf("as shipped: %s", got)
	}
	if got := keysOf(row(off, nil)); got != "home me" {
		t.Errorf("with a module off: %s", got)
	}
	if got := keysOf(row(on, &tabs{[]string{"home", "of a module that is gone", "card", "me"}})); got != "home card me" {
		t.Errorf("a row of old: %s", got)
	}
	if got := keysOf(offered(on)); got != "home card file union apps me" {
		t.Errorf("to choose from: %s", got)
	}
	if got := keysOf(offered(off)); got != "home union apps me" {
		t.Errorf("to choose from with a module off: %s", got)
	}
}

// The row of a body comes from above until it arranges its own, and a module that is switched off changes what pages have.
func TestTabsInherited(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.publish(t, s.nation, func(p *brandingv1.BrandingProfile) {
		p.Tabs = &brandingv1.BrandingTabs{Keys: []string{"home", "union", "me"}}
	})
	if got := keysOf(s.theme(t, s.county).Tabs); got != "home union me" {
		t.Errorf("from above: %s", got)
	}
	now := s.publish(t, s.county, func(p *brandingv1.BrandingProfile) {
		p.Tabs = &brandingv1.BrandingTabs{Keys: []string{"home", "card", "me"}}
	})
	before := s.theme(t, s.county)
	if got := keysOf(before.Tabs); got != "home card me" || keysOf(now.Tabs) != "home card file union apps me" {
		t.Errorf("own: %s of %s", got, keysOf(now.Tabs))
	}
	without := *s.county.Tenant
	without.On = map[string]bool{}
	after, err := s.GetTheme(tenant.With(s.county.Ctx, &without), &brandingv1.GetThemeRequest{Seen: before.Version})
	if err != nil || after.Same || keysOf(after.Tabs) != "home me" {
		t.Errorf("switched off: %v %v", after, err)
	}
	list, err := s.ListBrandingVersions(s.county.Ctx, &brandingv1.ListBrandingVersionsRequest{})
	if err != nil || strings.Join(list.Versions[0].Changed, " ") != "tabs" {
		t.Errorf("%v %v", list, err)
	}
}
