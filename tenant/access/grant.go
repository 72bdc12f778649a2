package access

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	accessv1 "gonghui/tenant/access/v1"
	"gonghui/tenant/directory/scope"
)

// Gift is a grant to be made.
type Gift struct {
	Body        uuid.UUID // that gives, and can end it
	SubjectKind string    // identity, account, post, group, app
	Subject     uuid.UUID
	Role        *uuid.UUID // or
	Capability  string
	Scope       policy.Scope
	Anchor      uuid.UUID
	Depth       int
	Departments []uuid.UUID
	Set         *uuid.UUID
	Level       Level
	Deny        bool
	Mode        policy.Mode
	From        time.Time
	To          *time.Time
	Purpose     string
	Request     string // the request or approval that it comes from
}

var modeNames = map[policy.Mode]string{policy.Use: "use", policy.Give: "give", policy.Both: "both"}

// Insert makes a grant in the platform's door, as it is: whether it may be made is for the caller to decide, who is a module with
// rules of its own for it.
func (g *Gift) Insert(ctx context.Context, db tenant.DBTX) (uuid.UUID, error) {
	id, name := tenant.NewID(), "system"
	var by *uuid.UUID
	if s := tenant.SubjectFrom(ctx); s != nil {
		by, name = &s.Identity, s.Name
	}
	departments := g.Departments
	if departments == nil {
		departments = []uuid.UUID{}
	}
	var capability *string
	if g.Capability != "" {
		capability = &g.Capability
	}
	_, err := db.Exec(ctx, `insert into platform."grant" (id, body_id, subject_kind, subject_id, role_id, capability, anchor_id, scope,
			depth, departments, set_id, level, effect, mode, valid_from, valid_to, purpose, request_id, granted_by, granted_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		id, g.Body, g.SubjectKind, g.Subject, g.Role, capability, g.Anchor, g.Scope.String(), g.Depth, departments, g.Set,
		g.Level.String(), effects[g.Deny], modeNames[g.Mode], g.From, g.To, g.Purpose, g.Request, by, name)
	if err != nil {
		return id, err
	}
	return id, grantNoun.Made(ctx, db, tenant.Act{Act: "access.grant", Reason: g.Purpose}, id)
}

// End ends a grant of a body at once, and reports whether it was running.
func End(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, reason string) (bool, error) {
	name := "system"
	var by *uuid.UUID
	if s := tenant.SubjectFrom(ctx); s != nil {
		by, name = &s.Identity, s.Name
	}
	was, err := grantNoun.See(ctx, db, id)
	if err != nil {
		return false, err
	}
	tag, err := db.Exec(ctx, `update platform."grant" set ended_at = now(), ended_by = $3, ended_name = $4
		where id = $1 and body_id = $2 and ended_at is null`, id, body, by, name)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	return true, was.Changed(ctx, db, tenant.Act{Act: "access.revoke", Reason: reason})
}

// CreateGrant gives or denies a role or a capability.
func (s *Service) CreateGrant(ctx context.Context, in *accessv1.CreateGrantRequest) (*accessv1.Grant, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, scope.NotFound("code")
	}
	g, err := s.readGift(t, in)
	if err != nil {
		return nil, err
	}
	name, err := s.nameOf(ctx, in.Subject.Kind, g.Subject)
	if err != nil {
		return nil, err
	}
	if in.Subject.Kind == "app" && name.note != "" && g.Scope.Partial() {
		return nil, fault.Field("scope.kind", "上级登记的应用不能只授予一部分，请选择整个组织", "an application of a body above is given whole bodies")
	}
	reply := &accessv1.Grant{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			if err := s.mayGive(ctx, db, t, g, in.Scope, name.role); err != nil {
				return err
			}
			id, err := g.Insert(ctx, db)
			if err != nil {
				return err
			}
			return answerGrant(ctx, db, t.ID, id, reply)
		})
	})
	if err != nil {
		return nil, err
	}
	reply.Subject.Name, reply.Subject.Note = name.name, name.note
	return reply, nil
}

// readGift checks what needs no database.
func (s *Service) readGift(t *tenant.Tenant, in *accessv1.CreateGrantRequest) (*Gift, error) {
	g := &Gift{
		Body: t.ID, SubjectKind: in.Subject.Kind, Capability: in.Capability, Deny: in.Effect == "deny", Anchor: t.ID, Depth: int(in.Scope.Depth),
		Level: levelOf(in.Level, in.Effect == "deny"), Mode: policy.Use, Request: in.RequestId,
	}
	var err error
	if g.Subject, err = field.ID("subject.id", in.Subject.Id); err != nil {
		return nil, err
	}
	switch {
	case (in.RoleId == "") == (in.Capability == ""):
		return nil, fault.Field("roleId", "角色和权限须填一项，且只填一项", "name either a role or a capability")
	case in.RoleId != "":
		id, err := field.ID("roleId", in.RoleId)
		if err != nil {
			return nil, err
		}
		g.Role = &id
	case product().ID(in.Capability) < 0:
		return nil, fault.Field("capability", "没有这项权限，请从列表中选择", "there is no such capability; choose one of the list")
	}
	var ok bool
	if g.Scope, ok = policy.ParseScope(in.Scope.Kind); !ok {
		return nil, fault.Field("scope.kind", "不在可选范围内", "is not one of the choices")
	}
	if g.Deny && g.Scope.Partial() {
		return nil, fault.Field("scope.kind", "禁止只能针对整个组织，请选择组织范围", "a deny takes in whole bodies; choose a scope of bodies")
	}
	if (g.Scope == policy.Department) != (len(in.Scope.DepartmentIds) > 0) {
		return nil, fault.Field("scope.departmentIds", "部门范围须选部门，其他范围不选部门", "name departments for the scope of departments, and for no other")
	}
	for _, text := range in.Scope.DepartmentIds {
		id, err := field.ID("scope.departmentIds", text)
		if err != nil {
			return nil, err
		}
		g.Departments = append(g.Departments, id)
	}
	if (g.Scope == policy.Named) != (in.Scope.SetId != "") {
		return nil, fault.Field("scope.setId", "集合范围须选组织集合，其他范围不选", "name a set for the scope of a set, and for no other")
	}
	if g.Scope == policy.Named {
		id, err := field.ID("scope.setId", in.Scope.SetId)
		if err != nil {
			return nil, err
		}
		g.Set = &id
	}
	if c := find(in.Capability); c != nil && g.Scope.Partial() && !slices.Contains(c.Parts, g.Scope.String()) {
		return nil, fault.Field("scope.kind", "这项权限不能只授予一部分，请选择整个组织", "this capability is not held in part; choose a whole body")
	}
	if g.Depth > 0 && g.Scope != policy.Subtree && g.Scope != policy.Industry {
		return nil, fault.Field("scope.depth", "只有下级范围可以限定层级", "only scopes of what lies below have a depth")
	}
	switch {
	case g.Deny:
		g.Mode = policy.Both
	case in.Mode != "":
		g.Mode = map[string]policy.Mode{"use": policy.Use, "give": policy.Give, "both": policy.Both}[in.Mode]
	}
	if g.Purpose, err = field.Line("purpose", in.Purpose); err != nil {
		return nil, err
	}
	now := s.engine.now()
	g.From = now
	if in.ValidFrom != nil {
		if g.From = in.ValidFrom.AsTime(); g.From.Before(now) {
			g.From = now
		}
	}
	if in.ValidTo != nil {
		to := in.ValidTo.AsTime()
		if !to.After(g.From) {
			return nil, fault.Field("validTo", "结束时间须晚于开始时间和现在", "the end must lie after the start, and after now")
		}
		g.To = &to
	}
	return g, nil
}

// mayGive refuses a grant that goes beyond what the caller holds to give, mixes duties, or that a locked template forbids; role is
// the built-in one of the identity that it is for.
func (s *Service) mayGive(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, g *Gift, where *accessv1.Scope, role string) error {
	span := &policy.Span{
		Scope: g.Scope, Depth: g.Depth, Departments: g.Departments, Mode: g.Mode, From: g.From.UnixMicro(), To: policy.Never,
	}
	if g.To != nil {
		span.To = g.To.UnixMicro()
	}
	if where.AnchorCode != "" && where.AnchorCode != t.Code {
		if g.Scope.Partial() || g.Scope == policy.Named {
			return fault.Field("scope.anchorCode", "这种范围只能用于本工会", "this scope is for the own body alone")
		}
		err := db.QueryRow(ctx, "select b.id from platform.body b where b.code = $1 and "+scope.Inside("b.id", "$2"), where.AnchorCode, t.ID).Scan(&g.Anchor)
		if errors.Is(err, pgx.ErrNoRows) {
			return scope.NotFound("scope.anchorCode")
		}
		if err != nil {
			return err
		}
	}
	span.Anchor = g.Anchor
	if g.Set != nil {
		bodies, err := setBodies(ctx, db, t.ID, *g.Set)
		if err != nil {
			return err
		}
		span.Bodies = bodies
	}
	terms, subjectField, err := g.terms(ctx, db, t, span)
	if err != nil {
		return err
	}
	if source.Places[role].Duty != "" {
		return duty("subject.id")
	}
	giver, err := s.engine.giver(ctx, db)
	if err != nil {
		return err
	}
	if g.Deny {
		if err := g.denied(ctx, db, t, terms); err != nil {
			return err
		}
	}
	separated := giver.separated(t.ID)
	for _, x := range terms {
		if product().Duty(x.capability) != "" && (separated || g.Scope > policy.Whole) {
			return duty(subjectField)
		}
		f := giver.beyond(x.capability, x.term)
		if f == "" {
			continue
		}
		name := map[string]string{"capability": subjectField, "level": "level", "scope": "scope", "from": "validFrom", "to": "validTo"}[f]
		return beyond(name, product().Name(x.capability))
	}
	return nil
}

type saying struct {
	capability int32
	term       policy.Term
}

// terms is what the gift says of each capability, and the field that names them.
func (g *Gift) terms(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, span *policy.Span) ([]saying, string, error) {
	if g.Role == nil {
		return []saying{{product().ID(g.Capability), policy.Term{Span: span, Deny: g.Deny, Level: g.Level}}}, "capability", nil
	}
	if err := hold(ctx, db, *g.Role); err != nil {
		return nil, "", err
	}
	r, err := visible(ctx, db, t.ID, *g.Role)
	if err != nil {
		return nil, "", fault.Of(404, accessv1.Reason_ROLE_NOT_FOUND, "roleId", "没有这个角色，请从列表中选择", "there is no such role; choose one of the list")
	}
	if r.rank == builtin && source.Places[r.code].Duty != "" {
		return nil, "", duty("roleId")
	}
	var all []saying
	for _, e := range r.all() {
		if id := product().ID(e.Capability); id >= 0 && !e.Deny {
			level := min(e.Level, g.Level)
			if g.Deny {
				level = g.Level
			}
			all = append(all, saying{id, policy.Term{Span: span, Deny: g.Deny, Level: level}})
		}
	}
	if len(all) == 0 {
		return nil, "", errEmptyRole
	}
	return all, "roleId", nil
}

// denied refuses to deny what a locked template of a body above gives.
func (g *Gift) denied(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, terms []saying) error {
	above, err := templates(ctx, db, t.ID)
	if err != nil {
		return err
	}
	for _, r := range above {
		if r.template != "locked" {
			continue
		}
		if err := r.read(ctx, db); err != nil {
			return err
		}
		for _, e := range r.all() {
			if !e.Deny && slices.ContainsFunc(terms, func(x saying) bool { return product().Name(x.capability) == e.Capability }) {
				return locked("effect")
			}
		}
	}
	return nil
}

// EndGrant ends a grant that the body gave.
func (s *Service) EndGrant(ctx context.Context, in *accessv1.EndGrantRequest) (*accessv1.Grant, error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	reason, err := field.Line("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Grant{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		ended, err := End(ctx, db, t.ID, id, reason)
		if err != nil {
			return err
		}
		err = answerGrant(ctx, db, t.ID, id, reply)
		switch {
		case err != nil:
			return err
		case !reply.Own:
			return errNoGrant
		case !ended:
			return errGrantEnded
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, s.named(ctx, []*accessv1.Grant{reply})
}

// grantSQL reads grants that concern a body: those that it gave, and those that reach it.
const grantSQL = `
select g.id, g.subject_kind, g.subject_id, coalesce(g.role_id::text, ''), coalesce(r.title_zh, ''), coalesce(r.title_en, ''),
	coalesce(g.capability, ''), g.scope, a.code, a.name, g.depth, g.departments::text[], coalesce(g.set_id::text, ''), coalesce(s.name, ''),
	g.level, g.effect, g.mode, g.valid_from, g.valid_to, g.purpose, g.request_id, g.granted_name, g.granted_at, g.ended_name, g.ended_at,
	case when g.ended_at is not null then 'ended' when g.valid_to <= now() then 'past' when g.valid_from > now() then 'waiting' else 'running' end,
	g.body_id = $1
from platform."grant" g
join platform.body a on a.id = g.anchor_id
left join platform.role r on r.id = g.role_id
left join platform.body_set s on s.id = g.set_id
where (g.body_id = $1 or g.anchor_id = $1 or g.scope in ('subtree', 'industrial')
	and g.anchor_id in (select c.ancestor_id from platform.closure c where c.line in ('primary', 'territorial', 'industrial') and c.descendant_id = $1))`

func scanGrant(row pgx.CollectableRow) (*accessv1.Grant, error) {
	g := &accessv1.Grant{Subject: &accessv1.Subject{}, Scope: &accessv1.Scope{}}
	var id, subject uuid.UUID
	var from, granted time.Time
	var to, ended *time.Time
	err := row.Scan(&id, &g.Subject.Kind, &subject, &g.RoleId, &g.RoleTitleZh, &g.RoleTitleEn, &g.Capability, &g.Scope.Kind, &g.Scope.AnchorCode,
		&g.Scope.AnchorName, &g.Scope.Depth, &g.Scope.DepartmentIds, &g.Scope.SetId, &g.Scope.SetName, &g.Level, &g.Effect, &g.Mode, &from, &to,
		&g.Purpose, &g.RequestId, &g.GrantedBy, &granted, &g.EndedBy, &ended, &g.State, &g.Own)
	g.Id, g.Subject.Id = id.String(), subject.String()
	g.ValidFrom, g.GrantedAt = timestamppb.New(from), timestamppb.New(granted)
	if to != nil {
		g.ValidTo = timestamppb.New(*to)
	}
	if ended != nil {
		g.EndedAt = timestamppb.New(*ended)
	}
	return g, err
}

func answerGrant(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, reply *accessv1.Grant) error {
	rows, err := db.Query(ctx, grantSQL+" and g.id = $2", body, id)
	if err != nil {
		return err
	}
	g, err := pgx.CollectExactlyOneRow(rows, scanGrant)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoGrant
	}
	if err != nil {
		return err
	}
	proto.Reset(reply)
	proto.Merge(reply, g)
	return nil
}

// ListGrants pages through the grants that concern the body, newest first.
func (s *Service) ListGrants(ctx context.Context, in *accessv1.ListGrantsRequest) (*accessv1.ListGrantsReply, error) {
	ctx, err := s.seat(ctx, "access.read", "", "")
	if err != nil {
		return nil, err
	}
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	ids := map[string]*uuid.UUID{"subjectId": nil, "roleId": nil}
	for name, text := range map[string]string{"subjectId": in.SubjectId, "roleId": in.RoleId} {
		if text != "" {
			id, err := field.ID(name, text)
			if err != nil {
				return nil, err
			}
			ids[name] = &id
		}
	}
	size := page.Size(in.PageSize, 50)
	var grants []*accessv1.Grant
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		var below *uuid.UUID
		if in.BodyCode != "" && in.BodyCode != t.Code {
			below = &uuid.UUID{}
			err := db.QueryRow(ctx, "select b.id from platform.body b where b.code = $1 and "+scope.Inside("b.id", "$2"), in.BodyCode, t.ID).Scan(below)
			if errors.Is(err, pgx.ErrNoRows) {
				return scope.NotFound("bodyCode")
			}
			if err != nil {
				return err
			}
		}
		saying, err := rolesSaying(ctx, db, in.Capability)
		if err != nil {
			return err
		}
		rows, err := db.Query(ctx, grantSQL+`
			and g.id < $2 and ($3::varchar = '' or g.subject_kind = $3) and ($4::uuid is null or g.subject_id = $4)
			and ($5::uuid is null or g.role_id = $5) and ($6::varchar = '' or g.capability = $6 or g.role_id = any($7::uuid[]))
			and ($8 or g.ended_at is null and (g.valid_to is null or g.valid_to > now()))
			and ($9::uuid is null or g.anchor_id = $9 or g.set_id in (select i.set_id from platform.body_set_item i where i.body_id = $9)
				or exists (select from platform.closure c where c.ancestor_id = g.anchor_id and c.descendant_id = $9
					and (c.line = 'industrial' and g.scope = 'industrial' or c.line <> 'industrial' and g.scope = 'subtree')
					and (g.depth = 0 or c.depth <= g.depth)))
			order by g.id desc limit $10`,
			t.ID, before, in.SubjectKind, ids["subjectId"], ids["roleId"], in.Capability, saying, in.Past, below, size+1)
		if err != nil {
			return err
		}
		grants, err = pgx.CollectRows(rows, scanGrant)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListGrantsReply{}
	reply.Grants, reply.NextPageToken = page.Cut(grants, size, func(g *accessv1.Grant) any { return uuid.MustParse(g.Id) })
	return reply, s.named(ctx, reply.Grants)
}

// rolesSaying are the roles that say something of a capability, themselves or by what they inherit.
func rolesSaying(ctx context.Context, db tenant.DBTX, capability string) ([]uuid.UUID, error) {
	ids := []uuid.UUID{}
	if capability == "" {
		return ids, nil
	}
	codes := []string{}
	if c := find(capability); c != nil {
		codes = append(codes, c.Roles...)
	}
	rows, err := db.Query(ctx, `with recursive heirs as (
			select r.id from platform.role r where r.body_id is null and r.code = any($2)
			union select c.role_id from platform.role_capability c where c.capability = $1
			union select r.id from heirs join platform.role r on r.parent_id = heirs.id
		) select id from heirs`, capability, codes)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return append(ids, found...), err
}
