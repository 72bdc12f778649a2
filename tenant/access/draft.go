package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	accessv1 "gonghui/tenant/access/v1"
)

// draft is a role as a request describes it.
type draft struct {
	code, zh, en, about string
	parent              *uuid.UUID
	entries             []source.Entry
	copiedFrom          *uuid.UUID
}

func readDraft(code, zh, en, about, parent string, capabilities []*accessv1.RoleCapability) (*draft, error) {
	d := &draft{code: code}
	var err error
	if d.zh, err = field.Required("titleZh", zh); err != nil {
		return nil, err
	}
	if d.en, err = field.Line("titleEn", en); err != nil {
		return nil, err
	}
	if d.en == "" {
		d.en = d.zh
	}
	if d.about, err = field.Line("about", about); err != nil {
		return nil, err
	}
	if parent != "" {
		id, err := field.ID("parentId", parent)
		if err != nil {
			return nil, err
		}
		d.parent = &id
	}
	seen := map[string]bool{}
	for i, c := range capabilities {
		name := fmt.Sprintf("capabilities[%d].capability", i)
		if product().ID(c.Capability) < 0 {
			return nil, fault.Field(name, "没有这项权限，请从列表中选择", "there is no such capability; choose one of the list")
		}
		if seen[c.Capability] {
			return nil, fault.Field(name, "同一项权限只能写一次", "the capability is named twice")
		}
		seen[c.Capability] = true
		d.entries = append(d.entries, source.Entry{Capability: c.Capability, Level: levelOf(c.Level, c.Effect == "deny"), Deny: c.Effect == "deny"})
	}
	return d, nil
}

// levelOf is the level that is meant: full for an allow and aggregate for a deny when none is named.
func levelOf(name string, deny bool) policy.Level {
	level, _ := policy.ParseLevel(name)
	switch {
	case level != None:
		return level
	case deny:
		return Aggregate
	}
	return Full
}

// check refuses a draft that goes beyond what its author may give, or that a locked template forbids. self is the role that it
// replaces, nil for a new one.
func (d *draft) check(ctx context.Context, db tenant.DBTX, e *Engine, t *tenant.Tenant, self *uuid.UUID) error {
	if self == nil && slices.Contains(reserved, d.code) {
		return fault.Field("code", "这个编码留给内置角色", "the code is kept for a built-in role")
	}
	above, err := templates(ctx, db, t.ID)
	if err != nil {
		return err
	}
	standsIn := slices.Contains(source.Replaceable, d.code)
	for _, r := range above {
		if standsIn && r.code == d.code && r.template == "locked" {
			return locked("code")
		}
	}
	all := slices.Clone(d.entries)
	if d.parent != nil {
		if err := hold(ctx, db, *d.parent); err != nil {
			return err
		}
		parent, err := visible(ctx, db, t.ID, *d.parent)
		if err != nil {
			return fault.Field("parentId", "没有这个角色", "there is no such role")
		}
		if slices.Contains(reserved, parent.code) && parent.rank == builtin {
			return fault.Field("parentId", "管理员角色不能被继承", "roles of administrators are not inherited from")
		}
		if self != nil {
			if err := noCycle(ctx, db, *self, *d.parent); err != nil {
				return err
			}
		}
		allowed := map[string]bool{}
		for _, entry := range parent.all() {
			allowed[entry.Capability] = allowed[entry.Capability] || !entry.Deny
		}
		for i, entry := range d.entries {
			if entry.Deny && allowed[entry.Capability] && (parent.template == "locked" || parent.parentLock) {
				return locked(fmt.Sprintf("capabilities[%d].capability", i))
			}
		}
		all = append(all, parent.all()...)
	}
	return d.giveable(ctx, db, e, t, all)
}

// giveable refuses to bundle what the author could not give. What a built-in role of the same code has anyway is not more.
func (d *draft) giveable(ctx context.Context, db tenant.DBTX, e *Engine, t *tenant.Tenant, all []source.Entry) error {
	g, err := e.giver(ctx, db)
	if err != nil {
		return err
	}
	had := map[string]bool{}
	if slices.Contains(source.Replaceable, d.code) {
		for _, entry := range product().entries[d.code] {
			had[entry.Capability] = true
		}
	}
	span := &policy.Span{Scope: policy.Whole, Anchor: t.ID, Mode: policy.Both, From: e.now().UnixMicro(), To: policy.Never}
	separated := g.separated(t.ID)
	for i, entry := range all {
		if entry.Deny || had[entry.Capability] {
			continue
		}
		name := "parentId"
		if i < len(d.entries) {
			name = fmt.Sprintf("capabilities[%d].capability", i)
		}
		id := product().ID(entry.Capability)
		if separated && product().Duty(id) != "" {
			return duty(name)
		}
		if g.beyond(id, policy.Term{Span: span, Level: entry.Level}) != "" {
			return beyond(name, entry.Capability)
		}
	}
	return nil
}

// noCycle refuses a parent that inherits from the role.
func noCycle(ctx context.Context, db tenant.DBTX, id, parent uuid.UUID) error {
	var ring bool
	err := db.QueryRow(ctx, `with recursive chain as (
			select id, parent_id from platform.role where id = $2
			union select r.id, r.parent_id from chain join platform.role r on r.id = chain.parent_id
		) select exists (select from chain where id = $1)`, id, parent).Scan(&ring)
	if err == nil && ring {
		return errRoleCycle
	}
	return err
}

// write keeps what the draft says under an id.
func (d *draft) write(ctx context.Context, db tenant.DBTX, id uuid.UUID) error {
	names, levels, kinds := []string{}, []string{}, []string{}
	for _, e := range d.entries {
		names, levels, kinds = append(names, e.Capability), append(levels, e.Level.String()), append(kinds, effects[e.Deny])
	}
	if _, err := db.Exec(ctx, "delete from platform.role_capability where role_id = $1 and not capability = any($2)", id, names); err != nil {
		return err
	}
	_, err := db.Exec(ctx, `insert into platform.role_capability (role_id, capability, level, effect)
		select $1, x.capability, x.level, x.effect from unnest($2::varchar[], $3::varchar[], $4::varchar[]) x(capability, level, effect)
		on conflict (role_id, capability) do update set level = excluded.level, effect = excluded.effect`, id, names, levels, kinds)
	return err
}

// insert makes the draft a role of the body.
func (d *draft) insert(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, act string, reply *accessv1.Role) error {
	id := tenant.NewID()
	_, err := db.Exec(ctx, `insert into platform.role (id, body_id, code, title_zh, title_en, about, parent_id, copied_from)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, t.ID, d.code, d.zh, d.en, d.about, d.parent, d.copiedFrom)
	if tenant.Violated(err, "role_code_key") {
		return errCodeTaken
	}
	if err != nil {
		return err
	}
	if err := d.write(ctx, db, id); err != nil {
		return err
	}
	if err := roleNoun.Made(ctx, db, tenant.Act{Act: act, Reason: d.code + " @ " + t.Code}, id); err != nil {
		return err
	}
	return answerRole(ctx, db, t.ID, id, reply)
}

// flat is what a role says, a line a capability: a deny stands over an allow.
func flat(all []source.Entry) []source.Entry {
	at := map[string]int{}
	var one []source.Entry
	for _, e := range all {
		i, seen := at[e.Capability]
		switch {
		case !seen:
			at[e.Capability] = len(one)
			one = append(one, e)
		case one[i].Deny == e.Deny && !e.Deny:
			one[i].Level = max(one[i].Level, e.Level)
		case one[i].Deny == e.Deny:
			one[i].Level = min(one[i].Level, e.Level)
		default: // an allow up to a level under a deny from another on
			allow, deny := one[i], e
			if allow.Deny {
				allow, deny = deny, allow
			}
			if allow.Level = min(allow.Level, deny.Level-1); allow.Level == None {
				allow = deny
			}
			one[i] = allow
		}
	}
	return one
}
