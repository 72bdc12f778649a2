package org

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/day"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

// InviteOfficer offers an officer a place in the body under the phone of the officer's row, so that nobody else can take it.
func (s *Service) InviteOfficer(ctx context.Context, req *orgv1.InviteOfficerRequest) (*identityv1.Invitation, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	var row db.Officer
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err = s.sql.LockOfficer(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoOfficer)
		}
		if row.State != working {
			return errInviteLeft
		}
		tenant.Audit(ctx, tx, tenant.Act{Act: "org.officer_invite", Kind: "officer", Object: id.String()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	phone, err := s.phone(&row)
	if err != nil {
		return nil, err
	}
	return identityv1.NewPeopleServiceClient(s.conn("identity")).OfferOfficerPlace(ctx, &identityv1.OfferOfficerPlaceRequest{
		OfficerId: id.String(), Name: row.Name, Phone: phone, Role: req.GetRole(),
	})
}

// NamePosts returns what posts are called.
func (s *Service) NamePosts(ctx context.Context, req *orgv1.NamePostsRequest) (*orgv1.NamePostsReply, error) {
	arg := db.NamePostsParams{Ids: []uuid.UUID{}, Query: strings.ToLower(req.GetQuery()), Size: page.Size(req.GetSize(), 100)}
	for _, text := range req.GetIds() {
		id, err := field.ID("ids", text)
		if err != nil {
			return nil, err
		}
		arg.Ids = append(arg.Ids, id)
	}
	if len(arg.Ids) > 0 {
		arg.Size = int32(len(arg.Ids))
	}
	if req.GetAfterId() != "" {
		after, err := field.ID("afterId", req.GetAfterId())
		if err != nil {
			return nil, err
		}
		arg.After = after
	}
	reply := &orgv1.NamePostsReply{}
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.NamePosts(ctx, tx, arg)
		reply.Posts = nil
		for _, r := range rows {
			reply.Posts = append(reply.Posts, &orgv1.NamedPost{Id: r.ID.String(), Name: r.Name, DeptName: r.DeptName})
		}
		return err
	})
	return reply, err
}

// HeldPosts returns the posts that an officer holds today, the one held longest first. There are none for who is no officer.
func (s *Service) HeldPosts(ctx context.Context, req *orgv1.HeldPostsRequest) (*orgv1.NamePostsReply, error) {
	officer, err := field.ID("officerId", req.GetOfficerId())
	if err != nil {
		return nil, err
	}
	reply := &orgv1.NamePostsReply{}
	today := day.Today()
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.ListAppointments(ctx, tx, []uuid.UUID{officer})
		reply.Posts = nil
		for _, a := range slices.Backward(rows) {
			if !a.StartOn.After(today) && (a.EndOn == nil || a.EndOn.After(today)) {
				reply.Posts = append(reply.Posts, &orgv1.NamedPost{Id: a.PostID.String(), Name: a.PostName, DeptName: a.DeptName})
			}
		}
		return err
	})
	return reply, err
}
