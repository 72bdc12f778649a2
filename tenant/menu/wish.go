package menu

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	menuv1 "gonghui/tenant/menu/v1"
)

var ownKey = regexp.MustCompile(`^own\.[a-z0-9]{4,16}$`)

// wish turns the items that a person arranged into settings: the difference to the items from above. Its errors name the
// field as in the request.
func wish(place string, above []Item, wanted []*menuv1.MenuItem) (settings, error) {
	s := settings{Changes: map[string]change{}}
	groups := map[string]bool{}
	for _, i := range above {
		groups[i.Key] = i.Kind == kindGroup
	}
	for _, w := range wanted {
		if w.Kind == kindGroup && find(above, w.Key) < 0 {
			groups[w.Key] = true
		}
	}
	seen := map[string]bool{}
	for n, w := range wanted {
		at := func(name string) string { return fmt.Sprintf("items[%d].%s", n, name) }
		if seen[w.Key] {
			return s, fault.Field(at("key"), "同一项不能出现两次", "an item cannot stand here twice")
		}
		seen[w.Key] = true
		zh, err := field.Line(at("titleZh"), w.TitleZh)
		if err != nil {
			return s, err
		}
		en, err := field.Line(at("titleEn"), w.TitleEn)
		if err != nil {
			return s, err
		}
		if w.Group != "" && !groups[w.Group] {
			return s, fault.Field(at("group"), "没有这个分组", "there is no such group")
		}
		if from := find(above, w.Key); from >= 0 {
			if err := s.differ(at, above[from], w, zh, en); err != nil {
				return s, err
			}
			continue
		}
		if err := s.add(at, place, w, zh, en); err != nil {
			return s, err
		}
	}
	keys := func(items []Item) (keys []string) {
		for _, i := range items {
			keys = append(keys, i.Key)
		}
		return keys
	}
	var order []string
	for _, w := range wanted {
		order = append(order, w.Key)
	}
	plain := apply(above, s, nil, false)
	if arranged := arrange(plain, order, heldIn(above)); !slices.Equal(keys(arranged), keys(plain)) {
		s.Order = keys(arranged)
	}
	return s, nil
}

// differ takes up what is wanted of an item that comes from above.
func (s *settings) differ(at func(string) string, from Item, w *menuv1.MenuItem, zh, en string) error {
	c := change{Lock: w.Locked}
	if zh != "" && zh != from.Title.Zh {
		c.Zh = zh
	}
	if en != "" && en != from.Title.En {
		c.En = en
	}
	if w.Hidden != from.Hidden {
		c.Hidden = &w.Hidden
	}
	if w.Group != from.Group {
		c.Group = &w.Group
	}
	touched := ""
	switch {
	case c.Zh != "":
		touched = "titleZh"
	case c.En != "":
		touched = "titleEn"
	case c.Hidden != nil:
		touched = "hidden"
	case c.Group != nil:
		touched = "group"
	case from.Kind == kindLink && w.Url != from.URL:
		return fault.Field(at("url"), "上级或系统给出的链接地址不能改", "the address of a link from above cannot be changed")
	}
	switch {
	case from.Lock != nil && touched != "":
		return fault.Of(http.StatusConflict, menuv1.Reason_MENU_LOCKED, at(touched),
			"“"+from.Title.Zh+"”由"+from.Lock.name+"锁定，本级不能修改", from.Title.En+" is held fast by "+from.Lock.name+" and cannot be changed here")
	case from.Lock != nil:
		return nil // what holds it fast holds for those below as well
	case from.Fixed && w.Hidden:
		return fault.Field(at("hidden"), "“"+from.Title.Zh+"”不能隐藏，否则无法回到这里", from.Title.En+" cannot be hidden: nobody would find the way back")
	case from.Fixed && w.Group != "":
		return fault.Field(at("group"), "“"+from.Title.Zh+"”不能放进分组", from.Title.En+" cannot stand in a group")
	case (from.Kind == kindGroup || from.Kind == kindColumn) && w.Group != "":
		return fault.Field(at("group"), "分组和栏目不能放进分组", "groups and columns cannot stand in a group")
	}
	if touched != "" || c.Lock {
		s.Changes[w.Key] = c
	}
	return nil
}

// add takes up an item of the body's own.
func (s *settings) add(at func(string) string, place string, w *menuv1.MenuItem, zh, en string) error {
	switch {
	case w.Kind != kindLink && w.Kind != kindGroup:
		return fault.Field(at("key"), "没有这个菜单或栏目", "there is no such page or column")
	case !ownKey.MatchString(w.Key):
		return fault.Field(at("key"), "自定义项的标识须以 own. 开头", "the key of an own item starts with own.")
	case zh == "":
		return fault.Field(at("titleZh"), "请填写名称", "a title is required")
	}
	if en == "" {
		en = zh
	}
	o := own{Key: w.Key, Kind: w.Kind, Zh: zh, En: en, Hidden: w.Hidden, Lock: w.Locked}
	switch {
	case w.Kind == kindGroup && w.Group != "":
		return fault.Field(at("group"), "分组和栏目不能放进分组", "groups and columns cannot stand in a group")
	case w.Kind == kindLink:
		if place != Console && w.Group == "" {
			return fault.Field(at("group"), "链接须放在自定义栏目里", "here a link stands in a column of your own")
		}
		u, err := address(at("url"), w.Url)
		if err != nil {
			return err
		}
		o.URL, o.Group = u, w.Group
	}
	s.Own = append(s.Own, o)
	return nil
}

// address cleans where a link leads: https, a host, nothing that hides who is asked.
func address(name, raw string) (string, error) {
	raw, err := field.Line(name, raw)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme != "https" || u.Opaque != "" || !strings.Contains(u.Hostname(), ".") || strings.ContainsAny(raw, `\<>"' `):
		return "", fault.Field(name, "请填写以 https:// 开头的完整网址", "write a full address that starts with https://")
	case u.User != nil:
		return "", fault.Field(name, "网址中不能带用户名或密码", "the address must not carry a user name or password")
	case u.Port() != "" && u.Port() != "443":
		return "", fault.Field(name, "网址中不能带端口", "the address must not carry a port")
	}
	u.Host = strings.ToLower(u.Hostname())
	return u.String(), nil
}
