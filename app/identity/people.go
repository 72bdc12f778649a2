package identity

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/tenant"
)

// ListPeople returns who has a place in the body of the host.
func (s *Service) ListPeople(ctx context.Context, in *identityv1.ListPeopleRequest) (*identityv1.ListPeopleReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, errElsewhere
	}
	arg := db.PeopleOfBodyParams{
		BodyID: t.ID, Ids: []uuid.UUID{}, Accounts: []uuid.UUID{}, Roles: append([]string{}, in.Roles...), Query: in.Query, Size: page.Size(in.Size, 100),
	}
	var err error
	for _, list := range []struct {
		name string
		from []string
		into *[]uuid.UUID
	}{{"identityIds", in.IdentityIds, &arg.Ids}, {"accountIds", in.AccountIds, &arg.Accounts}} {
		for _, text := range list.from {
			id, err := idOf(list.name, text)
			if err != nil {
				return nil, err
			}
			*list.into = append(*list.into, id)
		}
	}
	if in.AfterId != "" {
		if arg.After, err = idOf("afterId", in.AfterId); err != nil {
			return nil, err
		}
	}
	if n := len(arg.Ids) + len(arg.Accounts); n > 0 {
		arg.Size = int32(n * 8) // an account may have several places in a body
	}
	reply := &identityv1.ListPeopleReply{}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.people(ctx, tx, in, arg)
		reply.People = nil
		for _, r := range rows {
			p := &identityv1.Placed{
				IdentityId: r.IdentityID.String(), AccountId: r.AccountID.String(), PersonId: r.PersonID.String(), Name: r.Name, Role: r.Role,
			}
			if r.RefID != nil {
				p.RefId = r.RefID.String()
			}
			reply.People = append(reply.People, p)
		}
		return err
	})
	return reply, err
}

// people are those with the ids or the name, or a page of all that fit.
func (s *Service) people(ctx context.Context, tx tenant.DBTX, in *identityv1.ListPeopleRequest, arg db.PeopleOfBodyParams) ([]db.PeopleOfBodyRow, error) {
	if in.GetName() == "" {
		return s.q.PeopleOfBody(ctx, tx, arg)
	}
	named, err := s.q.PeopleNamed(ctx, tx, db.PeopleNamedParams{BodyID: arg.BodyID, Name: in.GetName(), Size: page.Size(in.GetSize(), 100)})
	rows := make([]db.PeopleOfBodyRow, len(named))
	for i, r := range named {
		rows[i] = db.PeopleOfBodyRow(r)
	}
	return rows, err
}

// OfferOfficerPlace makes an invitation for an officer of the body of the host.
func (s *Service) OfferOfficerPlace(ctx context.Context, in *identityv1.OfferOfficerPlaceRequest) (*identityv1.Invitation, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, errElsewhere
	}
	officer, err := idOf("officerId", in.OfficerId)
	if err != nil {
		return nil, err
	}
	var made *identityv1.Invitation
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if err := s.q.RevokeInvitationsOfRef(ctx, tx, db.RevokeInvitationsOfRefParams{BodyID: t.ID, RefID: officer}); err != nil {
			return err
		}
		made, err = invite(ctx, tx, s.host, t.ID, t.Code, offer{in.Phone, in.Name, in.Role, &officer})
		return err
	})
	return made, err
}

func idOf(name, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fault.Field(name, "编号格式不对", "this is not an id")
	}
	return id, nil
}

// NameApps returns the applications that may be granted something in the body of the host: its own, and those of the bodies above.
func (s *Service) NameApps(ctx context.Context, in *identityv1.NameAppsRequest) (*identityv1.NameAppsReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, errElsewhere
	}
	arg := db.NameAppsParams{BodyID: t.ID, Ids: []uuid.UUID{}, Query: strings.ToLower(in.Query), Size: page.Size(in.Size, 100)}
	for _, text := range in.Ids {
		id, err := idOf("ids", text)
		if err != nil {
			return nil, err
		}
		arg.Ids = append(arg.Ids, id)
	}
	if len(arg.Ids) > 0 {
		arg.Size = int32(len(arg.Ids))
	}
	if in.AfterId != "" {
		after, err := idOf("afterId", in.AfterId)
		if err != nil {
			return nil, err
		}
		arg.After = after
	}
	reply := &identityv1.NameAppsReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.NameApps(ctx, tx, arg)
		reply.Apps = nil
		for _, r := range rows {
			a := &identityv1.NamedApp{Id: r.ID.String(), Name: r.Name, Active: r.Active}
			if r.BodyID != t.ID {
				a.BodyName = r.BodyName
			}
			reply.Apps = append(reply.Apps, a)
		}
		return err
	})
	return reply, err
}
