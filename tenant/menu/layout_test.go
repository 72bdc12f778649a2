package menu

import (
	"slices"
	"strings"
	"testing"

	"gonghui/app/module"
)

var (
	nation   = &body{code: "nation", name: "全国总工会"}
	province = &body{code: "province", name: "广东省总工会"}
)

// shown writes items down: "a b(Bee) -c g[l]" is b renamed, c hidden, l in group g.
func shown(items []Item) string {
	var words []string
	for _, i := range items {
		w := i.Key
		if i.Title.En != "" && i.Title.En != i.Key {
			w += "(" + i.Title.En + ")"
		}
		if i.Hidden {
			w = "-" + w
		}
		if i.Group != "" {
			w = i.Group + "/" + w
		}
		if i.Lock != nil {
			w += "!" + i.Lock.code
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func items(keys string) []Item {
	var out []Item
	for _, k := range strings.Fields(keys) {
		out = append(out, Item{Key: k, Kind: kindPage, Title: module.Text{Zh: k, En: k}, Capability: "x." + k, Fixed: k == "home"})
	}
	return out
}

func yes() *bool { v := true; return &v }
func no() *bool  { v := false; return &v }

func in(group string) *string { return &group }

func TestApply(t *testing.T) {
	more := own{Key: "own.more", Kind: kindGroup, Zh: "更多", En: "More"}
	site := own{Key: "own.site", Kind: kindLink, Zh: "网站", En: "Site", URL: "https://example.org/", Group: "own.more"}
	for name, row := range map[string]struct {
		above []settings // of nation, then province
		own   settings
		want  string
	}{
		"nothing set":                        {nil, settings{}, "home a b c"},
		"hidden":                             {nil, settings{Changes: map[string]change{"b": {Hidden: yes()}}}, "home a -b c"},
		"what is fixed is not hidden":        {nil, settings{Changes: map[string]change{"home": {Hidden: yes()}}}, "home a b c"},
		"renamed":                            {nil, settings{Changes: map[string]change{"b": {En: "Bee"}}}, "home a b(Bee) c"},
		"ordered":                            {nil, settings{Order: []string{"c", "b", "a", "home"}}, "c b a home"},
		"an order that knows less":           {nil, settings{Order: []string{"c", "home"}}, "c home a b"},
		"an order that knows what is gone":   {nil, settings{Order: []string{"c", "gone", "home", "a", "b"}}, "c home a b"},
		"an order that says something twice": {nil, settings{Order: []string{"c", "c", "home", "a", "b"}}, "c home a b"},
		"what is first comes first":          {nil, settings{Order: []string{"c", "b"}}, "home a c b"},
		"own ones": {nil, settings{
			Own: []own{more, site}, Order: []string{"home", "own.more", "own.site", "a", "b", "c"},
		}, "home own.more(More) own.more/own.site(Site) a b c"},
		"put into a group":     {nil, settings{Own: []own{more}, Changes: map[string]change{"a": {Group: in("own.more")}}}, "home own.more/a b c own.more(More)"},
		"proposed above":       {[]settings{{Changes: map[string]change{"b": {Hidden: yes()}}}}, settings{}, "home a -b c"},
		"proposed, shown here": {[]settings{{Changes: map[string]change{"b": {Hidden: yes()}}}}, settings{Changes: map[string]change{"b": {Hidden: no()}}}, "home a b c"},
		"held fast above":      {[]settings{{Changes: map[string]change{"b": {Hidden: yes(), Lock: true}}}}, settings{Changes: map[string]change{"b": {Hidden: no(), En: "Bee"}}}, "home a -b!nation c"},
		"held fast as it is":   {[]settings{{Changes: map[string]change{"b": {Lock: true}}}}, settings{Changes: map[string]change{"b": {En: "Bee"}}}, "home a b!nation c"},
		"own locks do not bind oneself": {
			nil,
			settings{Changes: map[string]change{"b": {En: "Bee", Lock: true}}},
			"home a b(Bee) c",
		},
		"the province over the nation": {[]settings{{Changes: map[string]change{"b": {En: "Nation"}}}, {Changes: map[string]change{"b": {En: "Province"}}}}, settings{}, "home a b(Province) c"},
		"the nation's lock over the province": {
			[]settings{{Changes: map[string]change{"b": {En: "Nation", Lock: true}}}, {Changes: map[string]change{"b": {En: "Province", Lock: true}}}},
			settings{},
			"home a b(Nation)!nation c",
		},
		"what is held fast keeps its order": {
			[]settings{{Order: []string{"b", "a", "home", "c"}, Changes: map[string]change{"a": {Lock: true}, "b": {Lock: true}}}},
			settings{Order: []string{"c", "a", "home", "b"}},
			"c b!nation home a!nation",
		},
		"a group from above that is held fast": {
			[]settings{{Own: []own{{Key: "own.more", Kind: kindGroup, Zh: "更多", En: "More", Lock: true}, site}}},
			settings{Changes: map[string]change{"own.more": {Hidden: yes()}, "own.site": {Hidden: yes()}}},
			"home a b c own.more(More)!nation own.more/-own.site(Site)",
		},
		"the same key twice": {[]settings{{Own: []own{more}}}, settings{Own: []own{{Key: "own.more", Kind: kindGroup, Zh: "我的", En: "Mine"}}}, "home a b c own.more(More)"},
	} {
		t.Run(name, func(t *testing.T) {
			got := items("home a b c")
			for n, s := range row.above {
				got = apply(got, s, []*body{nation, province}[n], true)
			}
			got = apply(got, row.own, &body{code: "own"}, false)
			if s := shown(got); s != row.want {
				t.Errorf("got  %s\nwant %s", s, row.want)
			}
		})
	}
}

func TestProductIsNotTouched(t *testing.T) {
	base := items("home a b")
	apply(base, settings{Order: []string{"b", "a"}, Changes: map[string]change{"a": {Hidden: yes(), En: "x"}}}, nation, true)
	if got := shown(base); got != "home a b" {
		t.Errorf("the product's own items have become %s", got)
	}
}

func TestVisible(t *testing.T) {
	all := append(items("home a b c"),
		Item{Key: "g", Kind: kindGroup}, Item{Key: "l", Kind: kindLink, Group: "g"},
		Item{Key: "shut", Kind: kindGroup, Hidden: true}, Item{Key: "inside", Kind: kindLink, Group: "shut"},
		Item{Key: "empty", Kind: kindGroup}, Item{Key: "lost", Kind: kindLink, Group: "nowhere"})
	all[1].Hidden = true
	all[3].Group = "empty"
	got := visible(all, func(c string) bool { return c != "x.c" })
	var keys []string
	for _, i := range got {
		keys = append(keys, i.Key)
	}
	if want := []string{"home", "b", "g", "l", "lost"}; !slices.Equal(keys, want) {
		t.Errorf("%v are seen, want %v", keys, want)
	}
}
