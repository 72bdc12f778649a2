package branding

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-kratos/kratos/v2/errors"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/fault"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu"
	menuv1 "gonghui/tenant/menu/v1"
)

// arrangement is how a draft has the first page for a role. The menus keep what is published of it, and its versions.
type arrangement struct {
	Role     string `json:"role"`
	Items    items  `json:"items"`
	Version  int32  `json:"version"`
	HandDown bool   `json:"handDown,omitempty"`
}

// items are kept as they are sent.
type items []*menuv1.MenuItem

// MarshalJSON writes the items as the API does.
func (i items) MarshalJSON() ([]byte, error) {
	return protojson.Marshal(&menuv1.Menu{Items: i})
}

// UnmarshalJSON reads what MarshalJSON has written.
func (i *items) UnmarshalJSON(raw []byte) error {
	m := &menuv1.Menu{}
	err := protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(raw, m)
	*i = m.Items
	return err
}

// readHome checks what needs no look at the menus.
func readHome(in []*brandingv1.BrandingArrangement) (out []arrangement, err error) {
	seen := map[string]bool{}
	for n, a := range in {
		if seen[a.Role] {
			return nil, fault.Field(fmt.Sprintf("profile.home[%d].role", n), "同一身份只能排一次", "a role can be arranged only once")
		}
		seen[a.Role] = true
		one := arrangement{Role: a.Role, Version: a.Version, HandDown: a.HandDown}
		for _, i := range a.Items {
			one.Items = append(one.Items, bare(i))
		}
		if len(one.Items) == 0 {
			return nil, fault.Field(fmt.Sprintf("profile.home[%d].items", n), "首页至少要有一个栏目", "the first page needs a column")
		}
		// All roles come first: what is arranged for one stands on it.
		if a.Role == "" {
			out = append([]arrangement{one}, out...)
		} else {
			out = append(out, one)
		}
	}
	return out, nil
}

// bare is an item without what the menus tell of it, and do not take: that stays with them.
func bare(i *menuv1.MenuItem) *menuv1.MenuItem {
	return &menuv1.MenuItem{
		Key: i.Key, Kind: i.Kind, TitleZh: i.TitleZh, TitleEn: i.TitleEn, Hidden: i.Hidden, Group: i.Group, Url: i.Url, Locked: i.Locked,
	}
}

func (a *arrangement) wish() menu.Wish {
	return menu.Wish{Place: menu.Portal, Role: a.Role, Items: a.Items, Version: a.Version, HandDown: a.HandDown}
}

// mayArrange refuses an arrangement to who may design the app, but not arrange menus.
func mayArrange(ctx context.Context, home []arrangement) error {
	if len(home) == 0 {
		return nil
	}
	return access.Check(ctx, "menu.write")
}

// checkHome refuses what the menus would not take.
func (s *Service) checkHome(ctx context.Context, tx tenant.DBTX, home []arrangement) error {
	for n := range home {
		if err := s.menus.Check(ctx, tx, home[n].wish()); err != nil {
			return inside(err, fmt.Sprintf("profile.home[%d].", n))
		}
	}
	return nil
}

// publishHome hands the arrangements of a draft to the menus.
func (s *Service) publishHome(ctx context.Context, tx tenant.DBTX, home []arrangement) error {
	for n := range home {
		if err := s.menus.Arrange(ctx, tx, home[n].wish()); err != nil {
			return inside(err, fmt.Sprintf("home[%d].", n))
		}
	}
	return nil
}

// inside puts the name of what holds a field before the field that an error names.
func inside(err error, head string) error {
	e := (*errors.Error)(nil)
	if !errors.As(err, &e) || e.Metadata["field"] == "" || strings.HasPrefix(e.Metadata["field"], head) {
		return err
	}
	e = errors.Clone(e)
	e.Metadata["field"] = head + e.Metadata["field"]
	return e
}

func sentHome(home []arrangement) (out []*brandingv1.BrandingArrangement) {
	for _, a := range home {
		one := &brandingv1.BrandingArrangement{Role: a.Role, Version: a.Version, HandDown: a.HandDown}
		for _, i := range a.Items {
			one.Items = append(one.Items, proto.CloneOf(i))
		}
		out = append(out, one)
	}
	return out
}

// drafted is the first page as each role would see it if the draft were published.
func (s *Service) drafted(ctx context.Context, home []arrangement) (out []*brandingv1.BrandingHome, err error) {
	if len(home) == 0 {
		return nil, nil
	}
	wishes := make([]menu.Wish, len(home))
	for n := range home {
		wishes[n] = home[n].wish()
	}
	var all map[string][]menu.Item
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		all, err = s.menus.Drafted(ctx, tx, menu.Portal, wishes)
		return err
	})
	for _, role := range menu.Roles {
		one := &brandingv1.BrandingHome{Role: role}
		for _, i := range all[role] {
			if i.Group != "" {
				continue
			}
			block := &brandingv1.BrandingBlock{Key: i.Key, Kind: i.Kind, TitleZh: i.Title.Zh, TitleEn: i.Title.En, Capability: i.Capability}
			for _, link := range all[role] {
				if link.Group == i.Key {
					block.Links = append(block.Links, &brandingv1.BrandingLink{Key: link.Key, Url: link.URL, TitleZh: link.Title.Zh, TitleEn: link.Title.En})
				}
			}
			one.Blocks = append(one.Blocks, block)
		}
		out = append(out, one)
	}
	return out, err
}
