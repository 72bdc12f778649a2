package meeting

import (
	"context"

	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/field"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

// mostSubstitutes are offered together.
const mostSubstitutes = 20

// ListSubstitutes finds who may come in the caller's place. Members are no list to leaf through: who does not work for the body says the
// whole name.
func (s *Service) ListSubstitutes(ctx context.Context, in *meetingv1.ListSubstitutesRequest) (*meetingv1.ListSubstitutesReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	query, err := field.Required("query", in.GetQuery())
	if err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	if me.App != uuid.Nil || me.Assist != nil {
		return nil, errSignIn
	}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		state, err := s.concerns(ctx, tx, id, me)
		if err == nil && (state == ended || state == cancelled) {
			err = errOver
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	ask := &identityv1.ListPeopleRequest{Name: query, Size: mostSubstitutes + 1}
	if isStaff(me) {
		ask = &identityv1.ListPeopleRequest{Query: query, Size: mostSubstitutes + 1, Roles: []string{"admin", "officer", "member"}}
	} else if err := s.mayTry(ctx); err != nil {
		return nil, err
	}
	found, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, ask)
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.ListSubstitutesReply{}
	for _, p := range found.GetPeople() {
		if p.GetIdentityId() != me.Identity.String() && len(reply.People) < mostSubstitutes {
			reply.People = append(reply.People, &meetingv1.Substitute{IdentityId: p.GetIdentityId(), Name: p.GetName(), Role: p.GetRole()})
		}
	}
	if len(reply.People) == 0 && ask.GetName() != "" {
		return reply, s.guessed(ctx, nil)
	}
	return reply, nil
}
