package identity

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu"
)

// GetMe returns the caller and what the identity in use may do here.
func (s *Service) GetMe(ctx context.Context, _ *identityv1.GetMeRequest) (*identityv1.Me, error) {
	return s.me(ctx)
}

func (s *Service) me(ctx context.Context) (*identityv1.Me, error) {
	subject := tenant.SubjectFrom(ctx)
	me := &identityv1.Me{
		AccountId: subject.Account.String(), PersonId: subject.Person.String(), Name: subject.Name, Demo: s.host.Demo(),
	}
	version, err := s.legalVersion(ctx)
	if err != nil {
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		places, err := s.q.PlacesOfPerson(ctx, tx, subject.Person)
		if err != nil {
			return err
		}
		for _, p := range places {
			place := s.place(p)
			if p.IdentityID == subject.Identity {
				me.Place = place
			} else {
				me.Places = append(me.Places, place)
			}
		}
		account, err := s.q.AccountOfMe(ctx, tx, db.AccountOfMeParams{ID: subject.Account, Version: version})
		if err != nil {
			return err
		}
		me.PasswordSet, me.ConsentDue = account.PasswordSet, !account.Consented
		if account.ClosingAt != nil {
			me.ClosingAt = timestamppb.New(*account.ClosingAt)
		}
		if me.Phone, err = s.host.Keys().Open("person.phone", account.PhoneSealed); err != nil {
			return err
		}
		session, err := s.session(ctx, tx, subject.Session)
		me.IdleMinutes = int32(session.Idle / time.Minute)
		return err
	})
	if err != nil {
		return nil, err
	}
	me.Capabilities = access.Held(ctx)
	if a, t := subject.Assist, tenant.From(ctx); a != nil && t != nil {
		me.Place = &identityv1.Place{
			IdentityId: subject.Identity.String(), Role: subject.Role, BodyCode: subject.BodyCode, BodyName: t.Name, Host: subject.BodyCode + "." + s.host.Base(),
		}
		me.Assistance = &identityv1.Assistance{BodyName: a.BodyName, Until: timestamppb.New(a.Until)}
	}
	if err := s.arrange(ctx, me); err != nil {
		return nil, err
	}
	return me, nil
}

// session reads a session; SESSION_REQUIRED for one that ended since the request was let in.
func (s *Service) session(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (db.SessionFactorRow, error) {
	row, err := s.q.SessionFactor(ctx, tx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errSession()
	}
	return row, err
}

func (s *Service) place(p db.PlacesOfPersonRow) *identityv1.Place {
	return &identityv1.Place{
		IdentityId: p.IdentityID.String(), Role: p.Role, BodyCode: p.BodyCode, BodyName: p.BodyName,
		Host: p.BodyCode + "." + s.host.Base(),
	}
}

// arrange puts what the body has made of the console's menu and of the first pages into the answer.
func (s *Service) arrange(ctx context.Context, me *identityv1.Me) error {
	reader := menu.ReaderOf(s.host.DB())
	console, err := reader.Seen(ctx, menu.Console)
	if err != nil {
		return err
	}
	for _, i := range console {
		me.Menu = append(me.Menu, entryOf(i))
	}
	for _, place := range []string{menu.Home, menu.Portal} {
		items, err := reader.Seen(ctx, place)
		if err != nil {
			return err
		}
		for _, c := range items {
			if c.Group != "" {
				continue
			}
			column := &identityv1.HomeColumn{Place: place, Key: c.Key, Kind: c.Kind, TitleZh: c.Title.Zh, TitleEn: c.Title.En, Path: c.Path}
			for _, link := range items {
				if link.Group == c.Key {
					column.Links = append(column.Links, entryOf(link))
				}
			}
			me.Columns = append(me.Columns, column)
		}
	}
	return nil
}

func entryOf(i menu.Item) *identityv1.MenuEntry {
	return &identityv1.MenuEntry{
		Key: i.Key, Path: i.Path, Icon: i.Icon, TitleZh: i.Title.Zh, TitleEn: i.Title.En, Kind: i.Kind, Url: i.URL, Group: i.Group,
	}
}
