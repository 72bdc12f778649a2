package menu

import (
	"slices"

	"github.com/google/uuid"

	"gonghui/app/module"
)

// The places that have items to arrange.
const (
	Console = "console" // the menu of the console
	Home    = "home"    // the columns of the console's first page
	Portal  = "portal"  // the columns of the members' first page
)

// The kinds of items. Pages and columns come from modules; links and groups are a body's own.
const (
	kindPage   = "page"
	kindColumn = "column"
	kindLink   = "link"
	kindGroup  = "group"
)

// Item is one line of a menu, or one column.
type Item struct {
	Key, Kind, Path, Icon, URL string
	Title                      module.Text
	Capability                 string
	Module                     string // whose column it is, where a body can switch that module off
	Group                      string // key of the group it stands in
	Hidden, Fixed              bool
	By                         *body // made it, or changed it last; nil for the product
	Lock                       *body // holds it fast for those below
}

type body struct {
	id         uuid.UUID
	code, name string
}

// settings are what a body makes of a place, as the difference to what comes from above: what it does not touch follows the
// bodies above and the product.
type settings struct {
	Order   []string          `json:"order,omitempty"` // all keys; none for the order from above
	Changes map[string]change `json:"changes,omitempty"`
	Own     []own             `json:"own,omitempty"`
}

type change struct {
	Hidden *bool   `json:"hidden,omitempty"`
	Zh     string  `json:"zh,omitempty"`
	En     string  `json:"en,omitempty"`
	Group  *string `json:"group,omitempty"`
	Lock   bool    `json:"lock,omitempty"`
}

type own struct {
	Key    string `json:"key"`
	Kind   string `json:"kind"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
	URL    string `json:"url,omitempty"`
	Group  string `json:"group,omitempty"`
	Hidden bool   `json:"hidden,omitempty"`
	Lock   bool   `json:"lock,omitempty"`
}

func (s *settings) empty() bool { return len(s.Order)+len(s.Changes)+len(s.Own) == 0 }

// size counts what the settings change: items, and the order as one.
func (s *settings) size() int {
	n := len(s.Changes) + len(s.Own)
	if len(s.Order) > 0 {
		n++
	}
	return n
}

// product returns the items of all modules in a place, in the product's order.
func product(place string) []Item {
	type ordered struct {
		Item
		order int
	}
	var all []ordered
	for _, info := range module.All() {
		if place == Console {
			for _, m := range info.Menu {
				all = append(all, ordered{Item{Key: m.Key, Kind: kindPage, Path: m.Path, Icon: m.Icon, Title: m.Title, Capability: m.Capability, Fixed: m.Fixed}, m.Order})
			}
		}
		for _, c := range info.Columns {
			if c.Place == place {
				all = append(all, ordered{Item{Key: c.Key, Kind: kindColumn, Path: c.Path, Title: c.Title, Capability: c.Capability, Module: moduleOf(info)}, c.Order})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ordered) int { return a.order - b.order })
	items := make([]Item, len(all))
	for n, o := range all {
		items[n] = o.Item
	}
	return items
}

// moduleOf names a module for what it brings; "" for one that is always on.
func moduleOf(info *module.Info) string {
	if info.Core || info.Backstage {
		return ""
	}
	return info.Name
}

// apply lays the settings of a body over items. What a body above holds fast stays. Locks of a body hold for those below it,
// not for itself: above says whether these settings were handed down.
func apply(items []Item, s settings, by *body, above bool) []Item {
	out := slices.Clone(items)
	for n := range out {
		i := &out[n]
		c, changed := s.Changes[i.Key]
		if !changed || i.Lock != nil {
			continue
		}
		if c.Hidden != nil {
			i.Hidden = *c.Hidden && !i.Fixed
		}
		if c.Zh != "" {
			i.Title.Zh = c.Zh
		}
		if c.En != "" {
			i.Title.En = c.En
		}
		if c.Group != nil && !i.Fixed {
			i.Group = *c.Group
		}
		if c.Hidden != nil || c.Zh != "" || c.En != "" || c.Group != nil {
			i.By = by
		}
		if c.Lock && above {
			i.Lock = by
		}
	}
	for _, o := range s.Own {
		if find(out, o.Key) >= 0 {
			continue // a body above has chosen the same key
		}
		i := Item{Key: o.Key, Kind: o.Kind, Title: module.Text{Zh: o.Zh, En: o.En}, URL: o.URL, Group: o.Group, Hidden: o.Hidden, By: by}
		if o.Lock && above {
			i.Lock = by
		}
		out = append(out, i)
	}
	return arrange(out, s.Order, heldIn(items))
}

// heldIn are the keys of what is held fast, in order.
func heldIn(items []Item) (keys []string) {
	for _, i := range items {
		if i.Lock != nil {
			keys = append(keys, i.Key)
		}
	}
	return keys
}

// arrange puts items into an order of keys. What the order does not know stays behind what it stood behind; what is held
// fast keeps its order among its like.
func arrange(items []Item, order, held []string) []Item {
	if len(order) == 0 {
		return items
	}
	out := make([]Item, 0, len(items))
	known := map[string]bool{}
	for _, key := range order {
		if n := find(items, key); n >= 0 && !known[key] {
			known[key] = true
			out = append(out, items[n])
		}
	}
	for n, i := range items {
		if known[i.Key] {
			continue
		}
		at := 0
		if n > 0 {
			at = find(out, items[n-1].Key) + 1
		}
		out = slices.Insert(out, at, i)
	}
	places := held
	for n := range out {
		if slices.Contains(held, out[n].Key) {
			out[n], places = items[find(items, places[0])], places[1:]
		}
	}
	return out
}

func find(items []Item, key string) int {
	return slices.IndexFunc(items, func(i Item) bool { return i.Key == key })
}

// visible are the items that somebody sees who may use what may allows: without those that are hidden, alone or with their group,
// and without groups that hold nothing.
func visible(items []Item, may func(capability string) bool) []Item {
	shown := map[string]bool{} // groups
	for _, i := range items {
		if i.Kind == kindGroup {
			shown[i.Key] = !i.Hidden
		}
	}
	var out []Item
	filled := map[string]bool{}
	for _, i := range items {
		stands, known := shown[i.Group]
		switch {
		case !known:
			i.Group = ""
		case !stands:
			continue
		}
		if i.Hidden || i.Capability != "" && !may(i.Capability) {
			continue
		}
		filled[i.Group] = true
		out = append(out, i)
	}
	return slices.DeleteFunc(out, func(i Item) bool { return i.Kind == kindGroup && !filled[i.Key] })
}
