package access

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	accessv1 "gonghui/tenant/access/v1"
)

// Where a role comes from, seen from a body, in the order of lists.
const (
	builtin = iota
	template
	own
)

var origins = []string{"builtin", "template", "own"}

// role is one that a body may see.
type role struct {
	id, parent *uuid.UUID
	rank       int
	body       *uuid.UUID
	code       string
	zh, en     string
	about      string
	template   string
	copiedFrom *uuid.UUID
	version    int32
	bodyCode   string
	bodyName   string
	parentZh   string
	parentEn   string
	grants     int32
	entries    []source.Entry // its own
	inherited  []source.Entry // what it inherits; Role says from which
	parentLock bool           // it inherits from a locked template
}

// visibleSQL are the roles that a body may see: the built-in ones, the templates of the bodies above, and its own.
const visibleSQL = `
with visible as (
	select 0 as rank, r.id from platform.role r where r.body_id is null
	union all select 1, r.id from platform.closure c join platform.role r on r.body_id = c.ancestor_id and r.template <> ''
		where c.line = 'primary' and c.descendant_id = $1 and c.depth > 0
	union all select 2, r.id from platform.role r where r.body_id = $1
)
select r.id, r.parent_id, v.rank, r.body_id, r.code, r.title_zh, r.title_en, r.about, r.template, r.copied_from, r.version,
	coalesce(b.code, ''), coalesce(b.name, ''), coalesce(p.title_zh, ''), coalesce(p.title_en, ''),
	(select count(*) from platform."grant" g where g.role_id = r.id and g.body_id = $1 and g.ended_at is null
		and (g.valid_to is null or g.valid_to > now()))::integer
from visible v join platform.role r on r.id = v.id
left join platform.body b on b.id = r.body_id left join platform.role p on p.id = r.parent_id`

func scanRole(row pgx.CollectableRow) (*role, error) {
	r := &role{}
	err := row.Scan(&r.id, &r.parent, &r.rank, &r.body, &r.code, &r.zh, &r.en, &r.about, &r.template, &r.copiedFrom, &r.version,
		&r.bodyCode, &r.bodyName, &r.parentZh, &r.parentEn, &r.grants)
	return r, err
}

// visible reads a role that the body may see, with all that it says.
func visible(ctx context.Context, db tenant.DBTX, body, id uuid.UUID) (*role, error) {
	rows, err := db.Query(ctx, visibleSQL+" where r.id = $2", body, id)
	if err != nil {
		return nil, err
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanRole)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNoRole
	}
	if err != nil {
		return nil, err
	}
	return r, r.read(ctx, db)
}

// chainSQL reads what a role and those that it inherits from say.
const chainSQL = `
with recursive chain as (
	select id, parent_id from platform.role where id = $1
	union select r.id, r.parent_id from chain join platform.role r on r.id = chain.parent_id
)
select r.id, r.body_id is null, r.code, r.template, coalesce(c.capability, ''), coalesce(c.level, ''), coalesce(c.effect, '') = 'deny'
from chain join platform.role r on r.id = chain.id left join platform.role_capability c on c.role_id = r.id
order by c.capability`

func (r *role) read(ctx context.Context, db tenant.DBTX) error {
	rows, err := db.Query(ctx, chainSQL, *r.id)
	if err != nil {
		return err
	}
	r.entries, r.inherited = nil, nil
	seen := map[uuid.UUID]bool{}
	var id uuid.UUID
	var system, deny bool
	var code, template, capability, level string
	_, err = pgx.ForEachRow(rows, []any{&id, &system, &code, &template, &capability, &level, &deny}, func() error {
		into := &r.inherited
		if id == *r.id {
			into = &r.entries
		} else {
			r.parentLock = r.parentLock || template == "locked"
		}
		if system && !seen[id] {
			for _, e := range product().entries[code] {
				e.Role = id.String()
				*into = append(*into, e)
			}
		}
		seen[id] = true
		if capability != "" && product().ID(capability) >= 0 {
			e := source.Entry{Role: id.String(), Capability: capability, Deny: deny}
			e.Level, _ = policy.ParseLevel(level)
			*into = append(*into, e)
		}
		return nil
	})
	return err
}

// all is what the role says, inherited or not.
func (r *role) all() []source.Entry { return slices.Concat(r.entries, r.inherited) }

func (r *role) proto(whole bool) *accessv1.Role {
	p := &accessv1.Role{
		Id: r.id.String(), Code: r.code, TitleZh: r.zh, TitleEn: r.en, About: r.about, ParentTitleZh: r.parentZh, ParentTitleEn: r.parentEn,
		Template: r.template, Origin: origins[r.rank], BodyCode: r.bodyCode, BodyName: r.bodyName, Grants: r.grants, Version: r.version,
	}
	if r.parent != nil {
		p.ParentId = r.parent.String()
	}
	if r.copiedFrom != nil {
		p.CopiedFrom = r.copiedFrom.String()
	}
	if !whole {
		return p
	}
	for i, e := range r.all() {
		c := &accessv1.RoleCapability{Capability: e.Capability, Level: e.Level.String(), Effect: effects[e.Deny]}
		if i >= len(r.entries) {
			c.Inherited, c.FromRoleId = true, e.Role
		}
		p.Capabilities = append(p.Capabilities, c)
	}
	return p
}

var effects = map[bool]string{false: "allow", true: "deny"}

// afterRole is where a page of roles ended.
type afterRole struct {
	Rank int
	Code string
	ID   uuid.UUID
}

// ListRoles pages through the roles that the body may see.
func (s *Service) ListRoles(ctx context.Context, in *accessv1.ListRolesRequest) (*accessv1.ListRolesReply, error) {
	ctx, err := s.seat(ctx, "access.read", "", "")
	if err != nil {
		return nil, err
	}
	after := afterRole{Rank: -1}
	if _, err := page.Parse(in.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 100)
	var roles []*role
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		rows, err := db.Query(ctx, visibleSQL+` where ($2 = '' or v.rank = array_position(array['builtin', 'template', 'own'], $2) - 1)
			and (v.rank, r.code, r.id) > ($3::integer, $4::varchar, $5::uuid) order by v.rank, r.code, r.id limit $6`,
			t.ID, in.Origin, after.Rank, after.Code, after.ID, size+1)
		if err != nil {
			return err
		}
		roles, err = pgx.CollectRows(rows, scanRole)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListRolesReply{}
	roles, reply.NextPageToken = page.Cut(roles, size, func(r *role) any { return afterRole{r.rank, r.code, *r.id} })
	for _, r := range roles {
		reply.Roles = append(reply.Roles, r.proto(false))
	}
	return reply, nil
}

// GetRole returns a role with what it says.
func (s *Service) GetRole(ctx context.Context, in *accessv1.GetRoleRequest) (*accessv1.Role, error) {
	ctx, err := s.seat(ctx, "access.read", "", "")
	if err != nil {
		return nil, err
	}
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	var r *role
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		r, err = visible(ctx, db, t.ID, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.proto(true), nil
}

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

// reserved are the codes of built-in roles that nothing stands in for.
var reserved = []string{"admin", "system_admin", "security_admin", "audit_admin", source.Business}

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

// templates are the roles that bodies above have published, without what they say.
func templates(ctx context.Context, db tenant.DBTX, body uuid.UUID) ([]*role, error) {
	rows, err := db.Query(ctx, visibleSQL+" where v.rank = 1", body)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRole)
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

func answerRole(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, reply *accessv1.Role) error {
	r, err := visible(ctx, db, body, id)
	if err != nil {
		return err
	}
	proto.Reset(reply)
	proto.Merge(reply, r.proto(true))
	return nil
}

// CreateRole makes a role of the body's own.
func (s *Service) CreateRole(ctx context.Context, in *accessv1.CreateRoleRequest) (*accessv1.Role, error) {
	ctx, err := s.seat(ctx, "access.roles", "", "")
	if err != nil {
		return nil, err
	}
	d, err := readDraft(in.Code, in.TitleZh, in.TitleEn, in.About, in.ParentId, in.Capabilities)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Role{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			if err := d.check(ctx, db, s.engine, t, nil); err != nil {
				return err
			}
			return d.insert(ctx, db, t, "access.role_create", reply)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// CopyRole makes a role of the body's own out of another one.
func (s *Service) CopyRole(ctx context.Context, in *accessv1.CopyRoleRequest) (*accessv1.Role, error) {
	ctx, err := s.seat(ctx, "access.roles", "", "")
	if err != nil {
		return nil, err
	}
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	d, err := readDraft(in.Code, in.TitleZh, in.TitleEn, "", "", nil)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Role{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			r, err := visible(ctx, db, t.ID, id)
			switch {
			case err != nil:
				return err
			case r.rank == template && r.template == "locked" || r.parentLock:
				return locked("id")
			}
			d.copiedFrom, d.about, d.entries = r.id, r.about, flat(r.all())
			if err := d.check(ctx, db, s.engine, t, nil); err != nil {
				return err
			}
			return d.insert(ctx, db, t, "access.role_copy", reply)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
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

// UpdateRole replaces what one of the body's own roles says.
func (s *Service) UpdateRole(ctx context.Context, in *accessv1.UpdateRoleRequest) (*accessv1.Role, error) {
	ctx, err := s.seat(ctx, "access.roles", "", "")
	if err != nil {
		return nil, err
	}
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	d, err := readDraft("", in.TitleZh, in.TitleEn, in.About, in.ParentId, in.Capabilities)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Role{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		r, err := lockRole(ctx, db, t, id)
		switch {
		case err != nil:
			return err
		case r.version != in.Version:
			return errStale
		}
		d.code = r.code
		affected, err := heirs(ctx, db, id)
		if err != nil {
			return err
		}
		if err := d.check(ctx, db, s.engine, t, &id); err != nil {
			return err
		}
		was, err := roleNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, `update platform.role set title_zh = $2, title_en = $3, about = $4, parent_id = $5, version = version + 1
			where id = $1`, id, d.zh, d.en, d.about, d.parent)
		if err != nil {
			return err
		}
		if err := d.write(ctx, db, id); err != nil {
			return err
		}
		// What was granted as this role, or as one that inherits from it, reaches as far as it did: who fills the role must be able
		// to give that there.
		wider, err := widened(ctx, db, affected)
		if err != nil {
			return err
		}
		if err := s.mayWiden(ctx, db, t, wider, "capabilities"); err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "access.role_update", Reason: r.code + " @ " + t.Code}); err != nil {
			return err
		}
		return answerRole(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// lockRole locks one of the body's own roles.
func lockRole(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID) (*role, error) {
	if _, err := db.Exec(ctx, "select id from platform.role where id = $1 for update", id); err != nil {
		return nil, err
	}
	r, err := visible(ctx, db, t.ID, id)
	if err == nil && r.rank != own {
		return nil, errNotOwn
	}
	return r, err
}

// DeleteRole removes a role that nothing uses.
func (s *Service) DeleteRole(ctx context.Context, in *accessv1.DeleteRoleRequest) (*accessv1.DeleteRoleReply, error) {
	ctx, err := s.seat(ctx, "access.roles", "", "")
	if err != nil {
		return nil, err
	}
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		r, err := lockRole(ctx, db, t, id)
		if err != nil {
			return err
		}
		if err := roleNoun.Gone(ctx, db, tenant.Act{Act: "access.role_delete", Reason: r.code + " @ " + t.Code}, id); err != nil {
			return err
		}
		_, err = db.Exec(ctx, "delete from platform.role where id = $1", id)
		if tenant.Violated(err, "role_parent_id_fkey") || tenant.Violated(err, "grant_role_id_fkey") {
			return errRoleInUse
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &accessv1.DeleteRoleReply{}, nil
}

// PublishTemplate shows a role to the bodies below, or takes it back.
func (s *Service) PublishTemplate(ctx context.Context, in *accessv1.PublishTemplateRequest) (*accessv1.Role, error) {
	ctx, err := s.seat(ctx, "access.roles", "", "")
	if err != nil {
		return nil, err
	}
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Role{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		r, err := lockRole(ctx, db, t, id)
		if err != nil {
			return err
		}
		if in.Template == "" && r.template != "" {
			var used bool
			err := db.QueryRow(ctx, `select exists (select from platform.role where parent_id = $1 and body_id <> $2)
				or exists (select from platform."grant" where role_id = $1 and body_id <> $2 and ended_at is null)`, id, t.ID).Scan(&used)
			if err != nil {
				return err
			}
			if used {
				return errRoleInUse
			}
		}
		if in.Template != "" && r.template == "" && slices.Contains(source.Replaceable, r.code) {
			// From now on it is what all who have this place below hold.
			h := &heir{role: *r, of: t.ID, had: map[string]Level{}}
			h.template = in.Template
			wider, err := widened(ctx, db, []*heir{h})
			if err != nil {
				return err
			}
			if err := s.mayWiden(ctx, db, t, wider, "template"); err != nil {
				return err
			}
		}
		was, err := roleNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "update platform.role set template = $2, version = version + 1 where id = $1", id, in.Template); err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "access.role_publish", Reason: r.code + " @ " + t.Code + " " + in.Template}); err != nil {
			return err
		}
		return answerRole(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// ListCapabilities are those of the modules that the body has on.
func (s *Service) ListCapabilities(ctx context.Context, _ *accessv1.ListCapabilitiesRequest) (*accessv1.ListCapabilitiesReply, error) {
	ctx, err := s.seat(ctx, "access.read", "", "")
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListCapabilitiesReply{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		g, err := s.engine.giver(ctx, db)
		if err != nil {
			return err
		}
		give := policy.Compile(g.tree.Index, g.policy, policy.Give, g.who.Body, s.engine.now().UnixMicro())
		reply.Capabilities = nil
		for i, c := range product().infos {
			if off(t, int32(i)) {
				continue
			}
			p := capabilityOf(c, product().modules[i], product().Level(int32(i)))
			if level := give.Home(int32(i)); level > None {
				p.Give = level.String()
			}
			reply.Capabilities = append(reply.Capabilities, p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

func capabilityOf(c *module.Capability, m *module.Info, level Level) *accessv1.Capability {
	p := &accessv1.Capability{
		Name: c.Name, TitleZh: c.Title.Zh, TitleEn: c.Title.En, Module: m.Name, ModuleTitleZh: m.Title.Zh, ModuleTitleEn: m.Title.En,
		Level: level.String(), Duty: c.Duty, Sensitive: c.Sensitive, Scope: c.Scope, Roles: c.Roles,
	}
	if p.Scope == "" {
		p.Scope = "body"
	}
	return p
}
