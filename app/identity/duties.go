package identity

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// Roles of the three administrators (三员). GB/T 22239 asks that nobody holds two of them and that none of them does business.
const (
	SystemAdmin   = "system_admin"
	SecurityAdmin = "security_admin"
	AuditAdmin    = "audit_admin"
)

func isDuty(role string) bool {
	return role == SystemAdmin || role == SecurityAdmin || role == AuditAdmin
}

// apart reports whether two roles of one person in one body exclude each other.
func apart(a, b string) bool {
	return a != b && a != "member" && b != "member" && (isDuty(a) || isDuty(b))
}

// errDuty refuses a role that cannot stand beside another. field is the one that names the role or the person, "" for none.
func errDuty(field string) error {
	refusal := fault.New(http.StatusConflict, identityv1.Reason_DUTY_CONFLICT,
		"系统、安全、审计三类管理员须由不同的人担任，且不能兼任业务角色",
		"the system, security and audit administrators are three persons, and none of them holds a role that does business")
	if field != "" {
		refusal.Metadata["field"] = field
	}
	return refusal
}

// dutyTold names the refusal of the database, which has the last word when two roles come at once.
func dutyTold(err error) error {
	if tenant.Violated(err, "identity_duty") {
		return errDuty("")
	}
	return err
}

// offerable refuses to offer a role to the holder of a phone who has, or was offered, one that excludes it.
func offerable(ctx context.Context, tx tenant.DBTX, q *db.Queries, body uuid.UUID, phoneDigest, role string) error {
	held, err := q.RolesOfPhone(ctx, tx, db.RolesOfPhoneParams{BodyID: body, PhoneDigest: phoneDigest})
	if err != nil {
		return err
	}
	invited, err := q.InvitedRolesOfPhone(ctx, tx, db.InvitedRolesOfPhoneParams{BodyID: body, PhoneDigest: phoneDigest})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(append(held, invited...), func(other string) bool { return apart(role, other) }) {
		return errDuty("role")
	}
	return nil
}

// CheckDuty refuses business for the holder of a phone who holds a duty in the body.
func (s *Service) CheckDuty(ctx context.Context, in *identityv1.CheckDutyRequest) (*identityv1.CheckDutyReply, error) {
	phone, err := normalPhone(in.Phone)
	if err != nil {
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		held, err := s.q.RolesOfPhone(ctx, tx, db.RolesOfPhoneParams{BodyID: tenant.From(ctx).ID, PhoneDigest: s.host.Keys().Digest("phone", phone)})
		if err == nil && slices.ContainsFunc(held, isDuty) {
			err = errDuty("")
		}
		return err
	})
	return &identityv1.CheckDutyReply{}, err
}

// GetDuties tells how many hold each of the three roles, and how many are invited.
func (s *Service) GetDuties(ctx context.Context, _ *identityv1.GetDutiesRequest) (*identityv1.Duties, error) {
	reply := &identityv1.Duties{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.CountDuties(ctx, tx, tenant.From(ctx).ID)
		if err != nil {
			return err
		}
		reply.Duties = make([]*identityv1.Duty, len(rows))
		for i, r := range rows {
			reply.Duties[i] = &identityv1.Duty{Role: r.Role, Holders: r.Holders, Invited: r.Invited}
		}
		return nil
	})
	return reply, err
}

// dutySpared refuses to do without a person who alone holds one of the three roles in a body that keeps them apart. Two who go
// at once wait for each other.
func (s *Service) dutySpared(ctx context.Context, tx tenant.DBTX, person uuid.UUID, bodies []uuid.UUID) error {
	all, err := s.q.LockDuties(ctx, tx, bodies)
	if err != nil {
		return err
	}
	for _, mine := range all {
		if mine.PersonID != person || !mine.Separated {
			continue
		}
		if !slices.ContainsFunc(all, func(o db.LockDutiesRow) bool {
			return o.BodyID == mine.BodyID && o.Role == mine.Role && o.PersonID != person
		}) {
			return fault.New(http.StatusConflict, identityv1.Reason_LAST_DUTY,
				mine.BodyName+"实行三员分立，这是唯一担任该职责的人，请先安排接任者",
				mine.BodyName+" keeps its three administrators apart and nobody else holds this duty; appoint a successor first")
		}
	}
	return nil
}
