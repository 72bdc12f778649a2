package access

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
)

// heir is a role that has what another one says: that one itself, or one that inherits from it, of whatever body.
type heir struct {
	role
	of   uuid.UUID // body
	had  map[string]Level
	more []more // what it says beyond what it had
}

type more struct {
	capability int32
	level      Level
}

// heirsSQL finds a role and all that inherit from it.
const heirsSQL = `
with recursive heirs as (
	select $1::uuid as id
	union select r.id from heirs join platform.role r on r.parent_id = heirs.id
)
select r.id, r.body_id, r.code, r.template from platform.role r join heirs on heirs.id = r.id order by r.id for no key update of r`

// heirs locks a role with all that inherit from it, and notes what they have.
func heirs(ctx context.Context, db tenant.DBTX, id uuid.UUID) ([]*heir, error) {
	rows, err := db.Query(ctx, heirsSQL, id)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*heir, error) {
		h := &heir{}
		return h, row.Scan(&h.id, &h.of, &h.code, &h.template)
	})
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		if err := h.read(ctx, db); err != nil {
			return nil, err
		}
		h.had = levels(h.all())
	}
	return all, nil
}

// levels is up to which level each capability is allowed.
func levels(all []source.Entry) map[string]Level {
	out := map[string]Level{}
	for _, e := range flat(all) {
		if !e.Deny {
			out[e.Capability] = e.Level
		}
	}
	return out
}

// widened reads the heirs again after a change, and keeps those that say more than they did.
func widened(ctx context.Context, db tenant.DBTX, all []*heir) ([]*heir, error) {
	var out []*heir
	for _, h := range all {
		if err := h.read(ctx, db); err != nil {
			return nil, err
		}
		for capability, level := range levels(h.all()) {
			if id := product().ID(capability); id >= 0 && level > h.had[capability] {
				h.more = append(h.more, more{id, level})
			}
		}
		if len(h.more) > 0 {
			out = append(out, h)
		}
	}
	return out, nil
}

// mayWiden refuses a change of a role that would have anybody hold more than the caller could give him there: by the grants of the
// role or of one that inherits from it, by whomever they were made, and by the places that such a role stands in for. Duties of
// the three administrators reach neither what lies below nor a body that keeps them apart.
func (s *Service) mayWiden(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, changed []*heir, name string) error {
	if len(changed) == 0 {
		return nil
	}
	g, err := s.engine.giver(ctx, db)
	if err != nil {
		return err
	}
	w := widening{giver: g, at: t.ID, from: s.engine.now().UnixMicro(), name: name, below: map[more]bool{}}
	ids := make([]uuid.UUID, len(changed))
	by := map[uuid.UUID]*heir{}
	for i, h := range changed {
		ids[i], by[*h.id] = *h.id, h
		if slices.Contains(source.Replaceable, h.code) {
			if err := w.place(h); err != nil {
				return err
			}
		}
	}
	gifts, err := running(ctx, db, "role_id = any($1)", ids)
	if err != nil {
		return err
	}
	for _, gift := range gifts {
		if gift.Deny {
			continue // takes away, wherever it reaches
		}
		span, err := gift.span(ctx, db, s.engine.now())
		if err != nil {
			return err
		}
		for _, m := range by[*gift.Role].more {
			if m.level = min(m.level, gift.Level); m.level <= by[*gift.Role].had[product().Name(m.capability)] {
				continue
			}
			if err := w.check(span, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// widening is who widens roles, and where.
type widening struct {
	*giver
	at    uuid.UUID
	from  int64
	name  string // of the field
	below map[more]bool
}

// place checks a role that stands in for a built-in one: all who have that place in its body have it, and a template those below.
func (w *widening) place(h *heir) error {
	span := &policy.Span{Scope: policy.Whole, Anchor: h.of, Mode: policy.Use, From: w.from, To: policy.Never}
	if h.template != "" {
		span.Scope = policy.Subtree
	}
	for _, m := range h.more {
		if slices.ContainsFunc(product().entries[h.code], func(e source.Entry) bool { return e.Capability == product().Name(m.capability) }) {
			continue
		}
		if err := w.check(span, m); err != nil {
			return err
		}
	}
	return nil
}

func (w *widening) check(span *policy.Span, m more) error {
	if product().Duty(m.capability) != "" && (span.Scope > policy.Whole || w.separated(w.at) || w.separated(span.Anchor)) {
		return duty(w.name)
	}
	if (span.Scope <= policy.Whole || span.Scope == policy.Subtree) && w.under(span.Anchor) && w.allBelow(m) {
		return nil
	}
	if w.beyond(m.capability, policy.Term{Span: span, Level: m.level}) != "" {
		return beyond(w.name, product().Name(m.capability))
	}
	return nil
}

// allBelow reports whether the caller gives something everywhere below, for good: a template may have been granted in thousands of
// bodies, and need not be asked about one by one.
func (w *widening) allBelow(m more) bool {
	may, known := w.below[m]
	if !known {
		span := &policy.Span{Scope: policy.Subtree, Anchor: w.at, Mode: policy.Use, From: w.from, To: policy.Never}
		may = w.beyond(m.capability, policy.Term{Span: span, Level: m.level}) == ""
		w.below[m] = may
	}
	return may
}

func (w *widening) under(body uuid.UUID) bool {
	top, known := w.tree.Position(w.at)
	at, there := w.tree.Position(body)
	return known && there && w.tree.Below(policy.Primary, top, at, 0)
}

// hold keeps a role, and what it inherits from, as they are until the transaction ends: what is checked of them stays true.
func hold(ctx context.Context, db tenant.DBTX, id uuid.UUID) error {
	_, err := db.Exec(ctx, `with recursive chain as (
			select id, parent_id from platform.role where id = $1
			union select r.id, r.parent_id from chain join platform.role r on r.id = chain.parent_id
		) select r.id from platform.role r where r.id in (select id from chain) and r.body_id is not null order by r.id for share of r`, id)
	return err
}
