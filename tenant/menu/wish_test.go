package menu

import (
	"encoding/json"
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	menuv1 "gonghui/tenant/menu/v1"
)

func TestWish(t *testing.T) {
	above := apply(items("home a b c"), settings{Changes: map[string]change{"c": {Lock: true}}, Own: []own{
		{Key: "own.given", Kind: kindLink, Zh: "给", En: "Given", URL: "https://example.org/"},
	}}, nation, true)
	above = arrange(above, []string{"home", "a", "b", "c", "own.given"}, nil)
	plain := func() []*menuv1.MenuItem {
		var out []*menuv1.MenuItem
		for _, i := range above {
			out = append(out, &menuv1.MenuItem{Key: i.Key, Kind: i.Kind, TitleZh: i.Title.Zh, TitleEn: i.Title.En, Url: i.URL})
		}
		return out
	}
	link := func(url string) *menuv1.MenuItem {
		return &menuv1.MenuItem{Key: "own.site", Kind: "link", TitleZh: "网站", TitleEn: "Site", Url: url}
	}
	for name, row := range map[string]struct {
		place string
		edit  func([]*menuv1.MenuItem) []*menuv1.MenuItem
		want  string // settings as JSON, or reason and field
	}{
		"nothing":           {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return m }, `{}`},
		"nothing at all":    {Console, func([]*menuv1.MenuItem) []*menuv1.MenuItem { return nil }, `{}`},
		"titles left empty": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].TitleZh, m[1].TitleEn = "", ""; return m }, `{}`},
		"hidden":            {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].Hidden = true; return m }, `{"changes":{"a":{"hidden":true}}}`},
		"renamed":           {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].TitleZh = " 甲 "; return m }, `{"changes":{"a":{"zh":"甲"}}}`},
		"held fast":         {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].Locked = true; return m }, `{"changes":{"a":{"lock":true}}}`},
		"moved":             {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1], m[2] = m[2], m[1]; return m }, `{"order":["home","b","a","c","own.given"]}`},
		"a link at the end": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("https://Example.org/a?b=c")) }, `{"own":[{"key":"own.site","kind":"link","zh":"网站","en":"Site","url":"https://example.org/a?b=c"}]}`},
		"a link in front": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem {
			return append([]*menuv1.MenuItem{link("https://example.org")}, m...)
		}, `{"order":["own.site","home","a","b","c","own.given"],"own":[{"key":"own.site","kind":"link","zh":"网站","en":"Site","url":"https://example.org"}]}`},
		"a group": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem {
			m[1].Group = "own.more"
			return append(m, &menuv1.MenuItem{Key: "own.more", Kind: "group", TitleZh: "更多"})
		}, `{"changes":{"a":{"group":"own.more"}},"own":[{"key":"own.more","kind":"group","zh":"更多","en":"更多"}]}`},

		"what is held fast above, renamed": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[3].TitleZh = "丙"; return m }, `MENU_LOCKED items[3].titleZh`},
		"what is held fast above, hidden":  {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[3].Hidden = true; return m }, `MENU_LOCKED items[3].hidden`},
		"a fixed one hidden":               {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[0].Hidden = true; return m }, `INVALID_ARGUMENT items[0].hidden`},
		"twice the same":                   {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, m[1]) }, `INVALID_ARGUMENT items[5].key`},
		"a page that does not exist": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem {
			return append(m, &menuv1.MenuItem{Key: "zzz", Kind: "page"})
		}, `INVALID_ARGUMENT items[5].key`},
		"a group that does not exist":     {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].Group = "own.none"; return m }, `INVALID_ARGUMENT items[1].group`},
		"a page as a group":               {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].Group = "b"; return m }, `INVALID_ARGUMENT items[1].group`},
		"a link from above led elsewhere": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[4].Url = "https://example.com/"; return m }, `INVALID_ARGUMENT items[4].url`},
		"a control character":             {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { m[1].TitleZh = "甲\u202e"; return m }, `INVALID_ARGUMENT items[1].titleZh`},
		"a link without a title": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem {
			l := link("https://example.org")
			l.TitleZh = " "
			return append(m, l)
		}, `INVALID_ARGUMENT items[5].titleZh`},
		"a link outside a column":           {Home, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("https://example.org")) }, `INVALID_ARGUMENT items[5].group`},
		"a link by http":                    {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("http://example.org")) }, `INVALID_ARGUMENT items[5].url`},
		"a link that is a script":           {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("javascript:alert(1)//a.b")) }, `INVALID_ARGUMENT items[5].url`},
		"a link with a name and a password": {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("https://bank.cn@evil.example/")) }, `INVALID_ARGUMENT items[5].url`},
		"a link with a port":                {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("https://example.org:8443/")) }, `INVALID_ARGUMENT items[5].url`},
		"a link without a host":             {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("https:///etc")) }, `INVALID_ARGUMENT items[5].url`},
		"a link inside the network":         {Console, func(m []*menuv1.MenuItem) []*menuv1.MenuItem { return append(m, link("https://localhost/")) }, `INVALID_ARGUMENT items[5].url`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := wish(row.place, above, row.edit(plain()))
			got := ""
			if err != nil {
				e := kerrors.FromError(err)
				got = e.Reason + " " + e.Metadata["field"]
				if e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
					t.Error("no words")
				}
			} else {
				raw, _ := json.Marshal(s)
				got = strings.TrimSpace(string(raw))
			}
			if got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}
