package supervise

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	supervisev1 "gonghui/tenant/supervise/v1"
)

// applies is the condition under which a rule u holds in the body $1: its own, or one of a body above it for all below.
const applies = `(u.body_id = $1 or u.below and exists (select from platform.closure c
	where c.line in ('primary', 'territorial', 'industrial') and c.descendant_id = $1 and c.ancestor_id = u.body_id))`

// byRule approves sight of records by itself where a rule covers it: one of the body before one of a body above.
func byRule(ctx context.Context, db tenant.DBTX, r *request) (*request, error) {
	if r.Kind != details {
		return r, nil
	}
	var rule uuid.UUID
	var owner string
	err := db.QueryRow(ctx, `select u.id, b.name from platform.supervise_rule u join platform.body b on b.id = u.body_id
		where `+applies+` and u.purpose_kind in ('', $2) and u.max_days * 1440 >= $3
		order by u.body_id = $1 desc, u.id limit 1`, r.body, r.PurposeKind, r.Minutes).Scan(&rule, &owner)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	was, err := requestNoun.See(ctx, db, r.id)
	if err != nil {
		return nil, err
	}
	if err := grant(ctx, db, r, r.Minutes, cut(owner, 60), nil, &rule); err != nil {
		return nil, err
	}
	act := tenant.Act{Act: "supervise.approve", Kind: "supervision", Object: r.Id, Reason: "rule " + rule.String()}
	if err := was.Into(ctx, db, &act); err != nil {
		return nil, err
	}
	tenant.AuditPlatform(ctx, db, act)
	approved, err := one(ctx, db, "where r.id = $1", r.id)
	if err == nil {
		approved.approval = &act
	}
	return approved, err
}

const ruleSQL = `select u.id, b.code, b.name, u.purpose_kind, u.max_days, u.below, u.body_id = $1, u.by_name, u.created_at
	from platform.supervise_rule u join platform.body b on b.id = u.body_id `

func scanRule(row pgx.CollectableRow) (*supervisev1.SupervisionRule, error) {
	u := &supervisev1.SupervisionRule{}
	var id uuid.UUID
	var created time.Time
	err := row.Scan(&id, &u.BodyCode, &u.BodyName, &u.PurposeKind, &u.MaxDays, &u.Below, &u.Own, &u.ByName, &created)
	u.Id, u.CreatedAt = id.String(), timestamppb.New(created)
	return u, err
}

// ListRules pages through the rules that hold in the body of the host.
func (s *Service) ListRules(ctx context.Context, in *supervisev1.ListSupervisionRulesRequest) (*supervisev1.ListSupervisionRulesReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	var rules []*supervisev1.SupervisionRule
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		found, err := db.Query(ctx, ruleSQL+"where "+applies+" and u.id < $2 order by u.id desc limit $3", tenant.From(ctx).ID, before, size+1)
		if err == nil {
			rules, err = pgx.CollectRows(found, scanRule)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &supervisev1.ListSupervisionRulesReply{}
	reply.Rules, reply.NextPageToken = page.Cut(rules, size, func(u *supervisev1.SupervisionRule) any { return u.Id })
	return reply, nil
}

// CreateRule makes a rule of the body of the host.
func (s *Service) CreateRule(ctx context.Context, in *supervisev1.CreateSupervisionRuleRequest) (*supervisev1.SupervisionRule, error) {
	me, body, id := tenant.SubjectFrom(ctx), tenant.From(ctx).ID, tenant.NewID()
	act := tenant.Act{Act: "supervise.rule.create", Kind: "supervision_rule", Object: id.String(), Reason: in.PurposeKind}
	reply := &supervisev1.SupervisionRule{}
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			_, err := db.Exec(ctx, `insert into platform.supervise_rule (id, body_id, purpose_kind, max_days, below, by_identity, by_name)
				values ($1, $2, $3, $4, $5, $6, $7)`, id, body, in.PurposeKind, in.MaxDays, in.Below, me.Identity, me.Name)
			if tenant.Violated(err, "supervise_rule_key") {
				return errTwice
			}
			if err != nil {
				return err
			}
			made, err := ruleNoun.See(ctx, db, id)
			if err != nil {
				return err
			}
			act.After = made.State()
			tenant.AuditPlatform(ctx, db, act)
			found, err := db.Query(ctx, ruleSQL+"where u.id = $2", body, id)
			if err != nil {
				return err
			}
			u, err := pgx.CollectExactlyOneRow(found, scanRule)
			if err == nil {
				proto.Merge(reply, u)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if reply.Id != id.String() {
		return reply, nil // a retry: it is on record
	}
	return reply, s.note(ctx, act)
}

// DeleteRule ends a rule of the body of the host.
func (s *Service) DeleteRule(ctx context.Context, in *supervisev1.DeleteSupervisionRuleRequest) (*supervisev1.DeleteSupervisionRuleReply, error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	act := tenant.Act{Act: "supervise.rule.delete", Kind: "supervision_rule", Object: in.Id}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		was, err := ruleNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		gone, err := db.Exec(ctx, "delete from platform.supervise_rule where id = $1 and body_id = $2", id, tenant.From(ctx).ID)
		if err == nil && gone.RowsAffected() == 0 {
			return errNoRule
		}
		act.Before = was.State()
		tenant.AuditPlatform(ctx, db, act)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &supervisev1.DeleteSupervisionRuleReply{}, s.note(ctx, act)
}
