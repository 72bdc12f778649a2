package menu

import (
	"context"
	"encoding/json"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu/internal/db"
	menuv1 "gonghui/tenant/menu/v1"
)

// Roles are the built-in roles that a place can be arranged for.
var Roles = []string{"admin", "officer", "member", "system_admin", "security_admin", "audit_admin"}

// Wish is what a design has of a place for a role, "" for all: it is published together with the rest of the design, in one
// transaction on the platform's tables. Who calls has seen to it that the caller may arrange menus.
type Wish struct {
	Place, Role string
	Items       []*menuv1.MenuItem
	// Version is that of the body's settings which the wish was made from.
	Version int32
	// HandDown hands the body's settings down to the bodies below.
	HandDown bool
}

// Check refuses what Arrange would not take, but for a version that has passed.
func (s *Service) Check(ctx context.Context, tx tenant.DBTX, w Wish) error {
	t := tenant.From(ctx)
	if t == nil {
		return tenant.ErrNoTenant
	}
	now, _, err := s.read(ctx, tx, t, w.Place, w.Role)
	if err == nil {
		_, err = wish(w.Place, now.above, w.Items)
	}
	return err
}

// Arrange makes a wish the body's settings, as SetMenu does, and records it.
func (s *Service) Arrange(ctx context.Context, tx tenant.DBTX, w Wish) error {
	t := tenant.From(ctx)
	if t == nil {
		return tenant.ErrNoTenant
	}
	if err := s.sql.Alone(ctx, tx, t.ID.String()); err != nil {
		return err
	}
	now, _, err := s.read(ctx, tx, t, w.Place, w.Role)
	if err != nil {
		return err
	}
	if now.version != w.Version {
		return stale()
	}
	if now.seen, err = noun.See(ctx, tx, t.ID, w.Place, w.Role); err != nil {
		return err
	}
	set, err := wish(w.Place, now.above, w.Items)
	if err != nil {
		return err
	}
	if err := s.save(ctx, tx, now, set, "menu.set"); err != nil || !w.HandDown {
		return err
	}
	if _, err := s.sql.Withdraw(ctx, tx, db.WithdrawParams{BodyID: t.ID, Place: w.Place, Role: w.Role}); err != nil {
		return err
	}
	if now.seen, err = noun.See(ctx, tx, t.ID, w.Place, w.Role); err != nil {
		return err
	}
	if err := s.sql.Publish(ctx, tx, db.PublishParams{BodyID: t.ID, Place: w.Place, Role: w.Role, PublishedBy: name(ctx)}); err != nil {
		return err
	}
	return now.record(ctx, tx, "menu.publish")
}

// Forget makes this process read the menus of a body anew: for who has just arranged them.
func (s *Service) Forget(t *tenant.Tenant) { s.reader.heard(t.ID.String()) }

// Drafted returns what each role would see of a place if the wishes were granted, whatever rights it has beyond its own. A wish
// that can no longer be granted counts as none.
func (s *Service) Drafted(ctx context.Context, tx tenant.DBTX, place string, wishes []Wish) (map[string][]Item, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	wanted := map[string]Wish{}
	for _, w := range wishes {
		wanted[w.Role] = w
	}
	out := map[string][]Item{}
	for _, role := range Roles {
		rows, err := s.sql.Layers(ctx, tx, db.LayersParams{Place: place, Role: role, Body: t.ID})
		if err != nil {
			return nil, err
		}
		items, own := s.reader.base[place], map[string]settings{}
		for _, row := range rows {
			if row.Depth > 0 {
				if items, err = lay(items, []db.LayersRow{row}); err != nil {
					return nil, err
				}
				continue
			}
			var set settings
			if err := json.Unmarshal(row.Settings, &set); err != nil {
				return nil, err
			}
			own[row.Role] = set
		}
		for _, of := range []string{"", role} {
			set := own[of]
			if w, ok := wanted[of]; ok {
				if drafted, err := wish(place, items, w.Items); err == nil {
					set = drafted
				}
			}
			items = apply(items, set, &body{t.ID, t.Code, t.Name}, false)
		}
		out[role] = visible(items, func(capability string) bool {
			if capability == access.Session {
				return true
			}
			info, c := declared(capability)
			return c != nil && (info.Core || t.On[info.Name])
		})
	}
	return out, nil
}

// Settings is what a body has arranged of a place for a role, as SetMenu takes it.
func (s *Service) Settings(ctx context.Context, tx tenant.DBTX, place, role string) (*menuv1.Menu, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	if role != "" && !known(role) {
		return nil, fault.Field("role", "没有这个身份", "there is no such role")
	}
	_, m, err := s.read(ctx, tx, t, place, role)
	return m, err
}

func known(role string) bool {
	for _, one := range Roles {
		if one == role {
			return true
		}
	}
	return false
}
