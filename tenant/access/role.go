package access

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
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

// reserved are the codes of built-in roles that nothing stands in for.
var reserved = []string{"admin", "system_admin", "security_admin", "audit_admin", source.Business}

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
