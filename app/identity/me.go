package identity

import (
	"context"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/module"
	"gonghui/tenant"
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
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
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
		account, err := s.q.AccountOfMe(ctx, tx, db.AccountOfMeParams{ID: subject.Account, Version: legal().version})
		if err != nil {
			return err
		}
		me.PasswordSet, me.ConsentDue = account.PasswordSet, !account.Consented
		phone, err := s.host.Keys().Open("person.phone", account.PhoneSealed)
		me.Phone = cnid.MaskPhone(phone)
		return err
	})
	if err != nil {
		return nil, err
	}
	t := tenant.From(ctx)
	for _, info := range module.All() {
		if t != nil && !info.Core && !t.On[info.Name] {
			continue
		}
		for _, c := range info.Capabilities {
			if c.HeldBy(subject.Role) {
				me.Capabilities = append(me.Capabilities, c.Name)
			}
		}
		if t == nil {
			continue
		}
		for _, m := range info.Menu {
			if c := info.Capability(m.Capability); c != nil && c.HeldBy(subject.Role) {
				me.Menu = append(me.Menu, &identityv1.MenuEntry{Key: m.Key, Path: m.Path, Icon: m.Icon, TitleZh: m.Title.Zh, TitleEn: m.Title.En})
			}
		}
	}
	return me, nil
}

func (s *Service) place(p db.PlacesOfPersonRow) *identityv1.Place {
	return &identityv1.Place{
		IdentityId: p.IdentityID.String(), Role: p.Role, BodyCode: p.BodyCode, BodyName: p.BodyName,
		Host: p.BodyCode + "." + s.host.Base(),
	}
}
