package menu

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu/internal/db"
	menuv1 "gonghui/tenant/menu/v1"
)

// versionsKept is how many versions of a body's settings of one place and role stay.
const versionsKept = 50

// GetMenu returns a menu of the host's body with all its items.
func (s *Service) GetMenu(ctx context.Context, req *menuv1.GetMenuRequest) (*menuv1.Menu, error) {
	return s.change(ctx, req.Place, req.Role, nil)
}

// SetMenu replaces the body's own settings.
func (s *Service) SetMenu(ctx context.Context, req *menuv1.SetMenuRequest) (*menuv1.Menu, error) {
	return s.change(ctx, req.Place, req.Role, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		if now.version != req.Version {
			return stale()
		}
		set, err := wish(req.Place, now.above, req.Items)
		if err != nil {
			return err
		}
		return s.save(ctx, tx, now, set, "menu.set")
	})
}

// ResetMenu drops the body's own settings.
func (s *Service) ResetMenu(ctx context.Context, req *menuv1.ResetMenuRequest) (*menuv1.Menu, error) {
	return s.change(ctx, req.Place, req.Role, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		switch {
		case now.version != req.Version:
			return stale()
		case now.own.empty():
			return nil
		}
		return s.save(ctx, tx, now, settings{}, "menu.reset")
	})
}

// RestoreMenu makes the settings of an earlier version the newest.
func (s *Service) RestoreMenu(ctx context.Context, req *menuv1.RestoreMenuRequest) (*menuv1.Menu, error) {
	return s.change(ctx, req.Place, req.Role, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		if now.version != req.Seen {
			return stale()
		}
		raw, err := s.sql.Settings(ctx, tx, db.SettingsParams{BodyID: now.t.ID, Place: req.Place, Role: req.Role, Version: req.Version})
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.Of(http.StatusNotFound, menuv1.Reason_MENU_VERSION_NOT_FOUND, "version", "没有这个版本，可能已被清除", "there is no such version; it may have been cleared away")
		}
		var set settings
		if err == nil {
			err = json.Unmarshal(raw, &set)
		}
		if err != nil {
			return err
		}
		return s.save(ctx, tx, now, set, "menu.restore")
	})
}

// PublishMenu hands the body's own settings down.
func (s *Service) PublishMenu(ctx context.Context, req *menuv1.PublishMenuRequest) (*menuv1.Menu, error) {
	return s.change(ctx, req.Place, req.Role, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		switch {
		case now.version != req.Version:
			return stale()
		case now.own.empty():
			return fault.New(http.StatusConflict, menuv1.Reason_MENU_EMPTY, "本级还没有自己的设置，先调整再下发", "the body has no settings of its own; arrange something first")
		}
		if _, err := s.sql.Withdraw(ctx, tx, db.WithdrawParams{BodyID: now.t.ID, Place: req.Place, Role: req.Role}); err != nil {
			return err
		}
		if err := s.sql.Publish(ctx, tx, db.PublishParams{BodyID: now.t.ID, Place: req.Place, Role: req.Role, PublishedBy: name(ctx)}); err != nil {
			return err
		}
		return now.record(ctx, tx, "menu.publish")
	})
}

// WithdrawMenu takes back what was handed down.
func (s *Service) WithdrawMenu(ctx context.Context, req *menuv1.WithdrawMenuRequest) (*menuv1.Menu, error) {
	return s.change(ctx, req.Place, req.Role, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		n, err := s.sql.Withdraw(ctx, tx, db.WithdrawParams{BodyID: now.t.ID, Place: req.Place, Role: req.Role})
		if err == nil && n > 0 {
			err = now.record(ctx, tx, "menu.withdraw")
		}
		return err
	})
}

// state is where the settings of a body stand.
type state struct {
	t           *tenant.Tenant
	place, role string
	above       []Item // what comes from above, and for one role what the body has set for all
	version     int32
	own         settings
	seen        tenant.Seen
}

// noun is what the acts of this module are done on: the settings in force of a place and role, and those that are handed down.
var noun = tenant.Noun{Kind: "menu", State: `select jsonb_build_object(
	'settings', (select m.settings from platform.menu m where m.body_id = $1 and m.place = $2 and m.role = $3 and m.current),
	'published', (select m.settings from platform.menu m where m.body_id = $1 and m.place = $2 and m.role = $3 and m.published_at is not null))`}

// record records what was done to the settings since they were read.
func (n *state) record(ctx context.Context, tx tenant.DBTX, act string) error {
	object := n.t.Code + "/" + n.place
	if n.role != "" {
		object += "/" + n.role
	}
	return n.seen.Changed(ctx, tx, tenant.Act{Act: act, Object: object})
}

// change reads where the settings stand, lets act change them, and returns how they are then. Without act it only reads.
func (s *Service) change(ctx context.Context, place, role string, act func(context.Context, tenant.DBTX, *state) error) (*menuv1.Menu, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	var reply *menuv1.Menu
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if act != nil {
			if err := s.sql.Alone(ctx, tx, t.ID.String()); err != nil {
				return err
			}
			now, _, err := s.read(ctx, tx, t, place, role)
			if err != nil {
				return err
			}
			if now.seen, err = noun.See(ctx, tx, t.ID, place, role); err != nil {
				return err
			}
			if err := act(ctx, tx, now); err != nil {
				return err
			}
		}
		var err error
		_, reply, err = s.read(ctx, tx, t, place, role)
		return err
	})
	if err != nil {
		return nil, err
	}
	if act != nil {
		s.reader.heard(t.ID.String())
	}
	return reply, nil
}

func (s *Service) read(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant, place, role string) (*state, *menuv1.Menu, error) {
	rows, err := s.sql.Layers(ctx, tx, db.LayersParams{Place: place, Role: role, Body: t.ID})
	if err != nil {
		return nil, nil, err
	}
	now := &state{t: t, place: place, role: role}
	// The last layer is the one that is being arranged.
	over := rows
	if last := len(rows) - 1; last >= 0 && rows[last].Depth == 0 && rows[last].Role == role {
		over = rows[:last]
	}
	if now.above, err = lay(s.reader.base[place], over); err != nil {
		return nil, nil, err
	}
	reply := &menuv1.Menu{Place: place, Role: role}
	current, err := s.sql.Current(ctx, tx, db.CurrentParams{BodyID: t.ID, Place: place, Role: role})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return nil, nil, err
	default:
		if err := json.Unmarshal(current.Settings, &now.own); err != nil {
			return nil, nil, err
		}
		now.version = current.Version
		reply.SavedBy, reply.SavedAt = current.SavedBy, timestamppb.New(current.SavedAt)
	}
	reply.Version, reply.Changed = now.version, !now.own.empty()
	published, err := s.sql.Published(ctx, tx, db.PublishedParams{BodyID: t.ID, Place: place, Role: role})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return nil, nil, err
	default:
		reply.PublishedVersion, reply.PublishedBy = published.Version, published.PublishedBy
		if published.PublishedAt != nil {
			reply.PublishedAt = timestamppb.New(*published.PublishedAt)
		}
	}
	reply.Items = itemsOf(t, role, now)
	return now, reply, nil
}

func itemsOf(t *tenant.Tenant, role string, now *state) []*menuv1.MenuItem {
	var out []*menuv1.MenuItem
	for _, i := range apply(now.above, now.own, &body{t.ID, t.Code, t.Name}, false) {
		m := &menuv1.MenuItem{
			Key: i.Key, Kind: i.Kind, TitleZh: i.Title.Zh, TitleEn: i.Title.En, Hidden: i.Hidden, Group: i.Group, Url: i.URL,
			Path: i.Path, Icon: i.Icon, Fixed: i.Fixed, Held: true,
		}
		c, changed := now.own.Changes[i.Key]
		m.Locked, m.Own = c.Lock, changed
		if n := find(now.above, i.Key); n >= 0 {
			from := now.above[n]
			m.InheritedTitleZh, m.InheritedTitleEn, m.InheritedHidden, m.InheritedGroup = from.Title.Zh, from.Title.En, from.Hidden, from.Group
		} else {
			m.Own = true
			for _, o := range now.own.Own {
				if o.Key == i.Key {
					m.Locked = o.Lock
				}
			}
		}
		if i.By != nil {
			m.OriginCode, m.OriginName = i.By.code, i.By.name
		}
		if i.Lock != nil {
			m.LockedByCode, m.LockedByName = i.Lock.code, i.Lock.name
		}
		if info, c := declared(i.Capability); c != nil {
			m.Capability, m.CapabilityTitleZh, m.CapabilityTitleEn = c.Name, c.Title.Zh, c.Title.En
			m.Held = (info.Core || t.On[info.Name]) && (role == "" || c.HeldBy(role))
		}
		out = append(out, m)
	}
	return out
}

func declared(capability string) (*module.Info, *module.Capability) {
	if capability == "" || capability == access.Session {
		return nil, nil
	}
	for _, info := range module.All() {
		if c := info.Capability(capability); c != nil {
			return info, c
		}
	}
	return nil, nil
}

// save makes settings the newest version.
func (s *Service) save(ctx context.Context, tx tenant.DBTX, now *state, set settings, act string) error {
	raw, err := json.Marshal(set)
	if err != nil {
		return err
	}
	if len(raw) > 60_000 {
		return fault.Field("items", "内容太多，请删去一些", "this is too much; take some of it away")
	}
	if err := s.sql.Supersede(ctx, tx, db.SupersedeParams{BodyID: now.t.ID, Place: now.place, Role: now.role}); err != nil {
		return err
	}
	err = s.sql.Insert(ctx, tx, db.InsertParams{
		BodyID: now.t.ID, Place: now.place, Role: now.role, Version: now.version + 1, Settings: raw, SavedBy: name(ctx),
	})
	if err != nil {
		return err
	}
	if err := now.record(ctx, tx, act); err != nil {
		return err
	}
	return s.sql.Prune(ctx, tx, db.PruneParams{BodyID: now.t.ID, Place: now.place, Role: now.role, Version: now.version + 1 - versionsKept})
}

func name(ctx context.Context) string {
	if s := tenant.SubjectFrom(ctx); s != nil {
		return s.Name
	}
	return ""
}

func stale() error {
	return fault.New(http.StatusConflict, menuv1.Reason_MENU_STALE, "设置已被他人修改，请刷新后再改", "somebody else has changed the settings; load them again")
}
