package identity

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/policy"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// demands is what is in force at a body.
type demands struct {
	own       policy.Policy
	floor     *policy.Policy // of the bodies above
	floorOf   []string
	effective policy.Policy
	row       *db.PoliciesOverRow // the own one, once the body has said something
}

func policyOf(r *db.PoliciesOverRow) policy.Policy {
	return policy.Policy{
		MinLength: int(r.MinLength), Kinds: int(r.Kinds), History: int(r.History), MaxAge: int(r.MaxAgeDays), Idle: int(r.IdleMinutes),
		Absolute: int(r.AbsoluteHours), Sessions: int(r.Sessions), FactorRoles: strings.Fields(r.FactorRoles), Below: r.Below,
	}
}

// demandsAt reads what a body and those above it demand.
func (s *Service) demandsAt(ctx context.Context, tx tenant.DBTX, body uuid.UUID) (demands, error) {
	d := demands{own: policy.Default(s.host.Demo())}
	rows, err := s.q.PoliciesOver(ctx, tx, body)
	if err != nil {
		return d, err
	}
	for i := range rows {
		p := policyOf(&rows[i])
		switch {
		case rows[i].Depth == 0:
			d.own, d.row = p, &rows[i]
		case d.floor == nil:
			d.floor, d.floorOf = &p, []string{rows[i].BodyName}
		default:
			p = policy.Strictest(*d.floor, p)
			d.floor, d.floorOf = &p, append(d.floorOf, rows[i].BodyName)
		}
	}
	d.effective = d.own
	if d.floor != nil {
		d.effective = policy.Strictest(d.own, *d.floor)
	}
	return d, nil
}

// policyFor is what is demanded of somebody with the role at the body.
func (s *Service) policyFor(ctx context.Context, tx tenant.DBTX, body uuid.UUID, role string) (policy.Policy, error) {
	d, err := s.demandsAt(ctx, tx, body)
	if role != "member" {
		return d.effective, err
	}
	p := policy.Members(s.host.Demo())
	p.Sessions = d.effective.Sessions
	return p, err
}

func (d demands) card() *identityv1.PolicyCard {
	card := &identityv1.PolicyCard{Own: policyCard(d.own), Effective: policyCard(d.effective), FloorOf: d.floorOf}
	if d.floor != nil {
		card.Floor = policyCard(*d.floor)
	}
	if d.row != nil {
		card.Version, card.UpdatedAt = d.row.Version, timestamppb.New(d.row.UpdatedAt)
	}
	return card
}

func policyCard(p policy.Policy) *identityv1.SecurityPolicy {
	return &identityv1.SecurityPolicy{
		MinLength: int32(p.MinLength), Kinds: int32(p.Kinds), History: int32(p.History), MaxAgeDays: int32(p.MaxAge), IdleMinutes: int32(p.Idle),
		AbsoluteHours: int32(p.Absolute), Sessions: int32(p.Sessions), FactorRoles: p.FactorRoles, Below: p.Below,
	}
}

// rulesOf is what a person who chooses a password must know.
func rulesOf(p policy.Policy) *identityv1.PasswordRules {
	return &identityv1.PasswordRules{
		MinLength: int32(p.MinLength), Kinds: int32(p.Kinds), History: int32(p.History), MaxAgeDays: int32(p.MaxAge),
	}
}

// GetPolicy returns what the own body demands.
func (s *Service) GetPolicy(ctx context.Context, _ *identityv1.GetPolicyRequest) (*identityv1.PolicyCard, error) {
	var d demands
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		d, err = s.demandsAt(ctx, tx, tenant.From(ctx).ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.card(), nil
}

// undercut finds the first demand that is weaker than that of the bodies above.
func undercut(in *identityv1.SecurityPolicy, floor *policy.Policy) error {
	if floor == nil {
		return nil
	}
	at := func(field string, bound int) error {
		return fault.Field("policy."+field, "上级工会要求此项为 "+strconv.Itoa(bound)+" 或更严", "a union above demands "+strconv.Itoa(bound)+" or stricter")
	}
	switch {
	case int(in.MinLength) < floor.MinLength:
		return at("minLength", floor.MinLength)
	case int(in.Kinds) < floor.Kinds:
		return at("kinds", floor.Kinds)
	case int(in.History) < floor.History:
		return at("history", floor.History)
	case floor.MaxAge > 0 && (in.MaxAgeDays == 0 || int(in.MaxAgeDays) > floor.MaxAge):
		return at("maxAgeDays", floor.MaxAge)
	case int(in.IdleMinutes) > floor.Idle:
		return at("idleMinutes", floor.Idle)
	case int(in.AbsoluteHours) > floor.Absolute:
		return at("absoluteHours", floor.Absolute)
	case int(in.Sessions) > floor.Sessions:
		return at("sessions", floor.Sessions)
	}
	asked := policy.Policy{FactorRoles: in.FactorRoles}
	for _, role := range floor.FactorRoles {
		if !asked.Demands(role) {
			return fault.Field("policy.factorRoles", "上级工会要求的角色不能去掉", "a role that a union above demands cannot be left out")
		}
	}
	return nil
}

var errPolicyStale = fault.New(http.StatusConflict, identityv1.Reason_POLICY_STALE,
	"安全策略已被他人修改，请刷新后再改", "somebody else has changed the policy; reload it")

// UpdatePolicy sets what the own body demands. Open sessions of its staff keep to shorter times at once; all else counts
// from the next sign-in, or the next change of a password, on.
func (s *Service) UpdatePolicy(ctx context.Context, in *identityv1.UpdatePolicyRequest) (*identityv1.PolicyCard, error) {
	body := tenant.From(ctx).ID
	var d demands
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		before, err := s.demandsAt(ctx, tx, body)
		if err != nil {
			return err
		}
		if err := undercut(in.Policy, before.floor); err != nil {
			return err
		}
		was, err := noun.Policy.See(ctx, tx, body)
		if err != nil {
			return err
		}
		p := in.Policy
		// In one order and each once, whatever the request holds.
		roles := strings.Join(policy.Strictest(policy.Policy{}, policy.Policy{FactorRoles: p.FactorRoles}).FactorRoles, " ")
		var n int64
		if in.Version == 0 {
			n, err = s.q.CreatePolicy(ctx, tx, db.CreatePolicyParams{
				BodyID: body, MinLength: int16(p.MinLength), Kinds: int16(p.Kinds), History: int16(p.History), MaxAgeDays: int16(p.MaxAgeDays),
				IdleMinutes: int16(p.IdleMinutes), AbsoluteHours: int16(p.AbsoluteHours), Sessions: int16(p.Sessions), FactorRoles: roles, Below: p.Below,
			})
		} else {
			n, err = s.q.UpdatePolicy(ctx, tx, db.UpdatePolicyParams{
				BodyID: body, MinLength: int16(p.MinLength), Kinds: int16(p.Kinds), History: int16(p.History), MaxAgeDays: int16(p.MaxAgeDays),
				IdleMinutes: int16(p.IdleMinutes), AbsoluteHours: int16(p.AbsoluteHours), Sessions: int16(p.Sessions), FactorRoles: roles, Below: p.Below,
				Version: in.Version,
			})
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return errPolicyStale
		}
		if d, err = s.demandsAt(ctx, tx, body); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "security_policy.update", Changed: changed(before.card().Own, d.card().Own)}); err != nil {
			return err
		}
		return s.q.TightenSessions(ctx, tx, db.TightenSessionsParams{BodyID: body, Idle: d.effective.IdleTime(), Life: d.effective.Life()})
	})
	if err != nil {
		return nil, err
	}
	s.forget(func(o *tenant.Subject) bool { return o.Body == body })
	return d.card(), nil
}

// changed names the fields that differ.
func changed(a, b *identityv1.SecurityPolicy) []string {
	var names []string
	for name, differs := range map[string]bool{
		"min_length": a.MinLength != b.MinLength, "kinds": a.Kinds != b.Kinds, "history": a.History != b.History,
		"max_age_days": a.MaxAgeDays != b.MaxAgeDays, "idle_minutes": a.IdleMinutes != b.IdleMinutes,
		"absolute_hours": a.AbsoluteHours != b.AbsoluteHours, "sessions": a.Sessions != b.Sessions, "below": a.Below != b.Below,
		"factor_roles": strings.Join(a.FactorRoles, " ") != strings.Join(b.FactorRoles, " "),
	} {
		if differs {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
