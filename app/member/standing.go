package member

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// EndMembership takes a member off the roll.
func (s *Service) EndMembership(ctx context.Context, req *memberv1.EndMembershipRequest) (*memberv1.Member, error) {
	kind := map[string]string{"withdrawn": "withdraw", "deceased": "die"}[req.GetState()]
	return s.turn(ctx, req.GetId(), req.GetReason(), turn{
		act: "member.end", kind: kind, state: req.GetState(), event: Ended, data: func(*uuid.UUID) any { return End{State: req.GetState()} },
		refuse: func(state string) error {
			if state != stateActive {
				return errEnded
			}
			return nil
		},
	})
}

// RestoreMembership puts a member back on the roll.
func (s *Service) RestoreMembership(ctx context.Context, req *memberv1.RestoreMembershipRequest) (*memberv1.Member, error) {
	return s.turn(ctx, req.GetId(), req.GetReason(), turn{
		act: "member.restore", kind: "restore", state: stateActive, event: Restored, data: func(op *uuid.UUID) any { return claim.Event{Operation: op} },
		refuse: func(state string) error {
			if state == stateActive {
				return errNotEnded
			}
			return nil
		},
	})
}

// turn is a change of a member's standing.
type turn struct {
	act, kind, state, event string
	data                    func(operation *uuid.UUID) any
	refuse                  func(state string) error
}

func (s *Service) turn(ctx context.Context, rawID, rawReason string, t turn) (*memberv1.Member, error) {
	id, err := field.ID("id", rawID)
	if err != nil {
		return nil, err
	}
	reason, err := field.Line("reason", rawReason)
	if err != nil {
		return nil, err
	}
	reply := &memberv1.Member{}
	do := func(operation *uuid.UUID) error {
		return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return s.take(ctx, tx, id, reason, t, operation, reply)
		})
	}
	if t.state != stateActive {
		return reply, do(nil)
	}
	f, err := s.file(ctx, id, by(mayWrite))
	if err != nil {
		return nil, err
	}
	err = s.claimed(ctx, f, id, func(operation uuid.UUID) error { return do(&operation) })
	return reply, err
}

func (s *Service) take(ctx context.Context, tx tenant.DBTX, id uuid.UUID, reason string, t turn, operation *uuid.UUID, reply *memberv1.Member) error {
	before, err := s.lock(ctx, tx, id, by(mayWrite))
	if err != nil {
		return err
	}
	if err := t.refuse(before.State); err != nil {
		return err
	}
	after := db.SetStateParams{ID: id, State: t.state}
	changes := counts{active: -1}
	f, err := s.open(&before)
	if err != nil {
		return err
	}
	if t.state == stateActive {
		digest := s.digest(f)
		after.IDDigest = &digest
		changes[active] = 1
	} else if err := tenant.Enqueue(tx, endPlaceJob, endPlace{Member: id}); err != nil {
		return err
	}
	row, err := s.sql.SetState(ctx, tx, after)
	if err != nil {
		return named(err)
	}
	changes[complete] = share(&row) - share(&before)
	moveKeys(tx, &before, &row)
	s.record(ctx, tx, id, t.kind, reason, nil)
	tenant.Audit(ctx, tx, tenant.Act{
		Act: t.act, Kind: "member", Object: id.String(), Reason: reason, Changed: []string{"state"},
		Before: f.asAudited(before.State), After: f.asAudited(row.State),
	})
	if err := emit(tx, t.event, id, t.data(operation), changes); err != nil {
		return err
	}
	return s.answer(reply, &row)
}

// RevealMember returns ID number and phone in full. The audit row stands in the same transaction: no answer without it.
func (s *Service) RevealMember(ctx context.Context, req *memberv1.RevealMemberRequest) (*memberv1.RevealMemberReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	reason, err := field.Required("reason", req.GetReason())
	if err != nil {
		return nil, err
	}
	reply := &memberv1.RevealMemberReply{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		reach, err := access.Within(ctx, mayReveal)
		if err != nil {
			return err
		}
		row, err := s.sql.GetMember(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !takes(reach, &row) {
			return errNotFound
		}
		if err != nil {
			return err
		}
		f, err := s.open(&row)
		if err != nil {
			return err
		}
		reply.IdNumber, reply.Phone = f.idNumber, f.phone
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.reveal", Kind: "member", Object: id.String(), Reason: reason})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// record adds a line to the member's history.
func (s *Service) record(ctx context.Context, tx tenant.DBTX, id uuid.UUID, kind, reason string, changed []string) {
	name, account := actor(ctx)
	db.AddHistoryLater(tx, db.AddHistoryParams{
		MemberID: id, ID: tenant.NewID(), Kind: kind, Reason: reason, ByAccount: account, ByName: name, Changed: strings.Join(changed, ","),
	})
}

// actor is who acts, or the system.
func actor(ctx context.Context) (string, *uuid.UUID) {
	subject := tenant.SubjectFrom(ctx)
	switch {
	case subject == nil:
		return "system", nil
	case subject.App != uuid.Nil:
		return subject.Name, nil
	}
	if r := []rune(subject.Name); len(r) > 60 {
		return string(r[:60]), &subject.Account
	}
	return subject.Name, &subject.Account
}
