package access

import (
	"context"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/field"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
)

// GetPolicy says how the body keeps its administrators apart, and how many hold each duty.
func (s *Service) GetPolicy(ctx context.Context, _ *accessv1.GetPolicyRequest) (*accessv1.Policy, error) {
	p := &accessv1.Policy{}
	err := s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		return db.QueryRow(ctx, "select coalesce((select separated from platform.body_policy where body_id = $1), false)", t.ID).Scan(&p.Separated)
	})
	if err != nil {
		return nil, err
	}
	reply, err := s.people().ListPeople(ctx, &identityv1.ListPeopleRequest{Roles: []string{"system_admin", "security_admin", "audit_admin"}, Size: 500})
	if err != nil {
		return nil, err
	}
	for _, who := range reply.People {
		switch who.Role {
		case "system_admin":
			p.SystemAdmins++
		case "security_admin":
			p.SecurityAdmins++
		default:
			p.AuditAdmins++
		}
	}
	return p, nil
}

// SetSeparation switches the separation of the three administrators.
func (s *Service) SetSeparation(ctx context.Context, in *accessv1.SetSeparationRequest) (*accessv1.Policy, error) {
	reason, err := field.Required("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	p, err := s.GetPolicy(ctx, &accessv1.GetPolicyRequest{})
	switch {
	case err != nil:
		return nil, err
	case in.Separated && (p.SystemAdmins == 0 || p.SecurityAdmins == 0 || p.AuditAdmins == 0):
		return nil, errDutyVacant
	case !in.Separated && p.Separated && tenant.SubjectFrom(ctx).Role != "security_admin":
		return nil, errNotSecurity
	}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		was, err := separationNoun.See(ctx, db, t.ID)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, `insert into platform.body_policy (body_id, separated) values ($1, $2)
			on conflict (body_id) do update set separated = excluded.separated, set_at = now()`, t.ID, in.Separated)
		if err != nil {
			return err
		}
		act := map[bool]string{true: "access.separate", false: "access.join"}[in.Separated]
		return was.Changed(ctx, db, tenant.Act{Act: act, Object: t.Code, Reason: reason})
	})
	if err != nil {
		return nil, err
	}
	p.Separated = in.Separated
	return p, nil
}
