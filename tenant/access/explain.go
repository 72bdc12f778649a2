package access

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/field"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	accessv1 "gonghui/tenant/access/v1"
	"gonghui/tenant/directory/scope"
)

// question is what is to be explained.
type question struct {
	who        source.Who
	capability string
	bodyCode   string
	level      Level
	at         time.Time
	asker      bool // the asker is the one it is about
}

// Explain answers for somebody with a place in a body, or for a post, group or app of it.
func (s *Service) Explain(ctx context.Context, in *accessv1.ExplainRequest) (*accessv1.ExplainReply, error) {
	ctx, err := s.seat(ctx, "access.explain", in.HomeCode, "homeCode")
	if err != nil {
		return nil, err
	}
	q := question{capability: in.Capability, bodyCode: in.BodyCode, at: s.engine.now()}
	q.level, _ = policy.ParseLevel(in.Level)
	if in.At != nil {
		q.at = in.At.AsTime()
	}
	if in.SubjectKind == "" {
		q.who, err = s.person(ctx, in.IdentityId)
	} else {
		q.who, err = s.thing(ctx, in.SubjectKind, in.SubjectId)
	}
	if err != nil {
		return nil, err
	}
	return s.explain(ctx, q)
}

// person is somebody with a place in the body, as the subject of rights.
func (s *Service) person(ctx context.Context, identity string) (w source.Who, err error) {
	if _, err := field.ID("identityId", identity); err != nil {
		return w, err
	}
	reply, err := s.people().ListPeople(ctx, &identityv1.ListPeopleRequest{IdentityIds: []string{identity}})
	if err != nil {
		return w, err
	}
	if len(reply.People) == 0 {
		return w, errNoSubject
	}
	return placed(tenant.From(ctx), reply.People[0])
}

func placed(t *tenant.Tenant, p *identityv1.Placed) (w source.Who, err error) {
	w = source.Who{Body: t.ID, Role: p.Role}
	if w.Identity, err = field.ID("identityId", p.IdentityId); err != nil {
		return w, err
	}
	w.Account, err = field.ID("identityId", p.AccountId)
	w.Ref, _ = uuid.Parse(p.RefId) // none for who is tied to no officer
	return w, err
}

// thing is a post, group or app of the body, as the subject of rights.
func (s *Service) thing(ctx context.Context, kind, text string) (w source.Who, err error) {
	id, err := field.ID("subjectId", text)
	if err != nil {
		return w, err
	}
	if _, err := s.nameOf(ctx, kind, id); err != nil {
		return w, err
	}
	w = source.Who{Body: tenant.From(ctx).ID}
	if kind == "app" {
		w.App = id
	} else {
		w.Kind, w.ID = kind, id
	}
	return w, nil
}

// ExplainOwn answers for the caller.
func (s *Service) ExplainOwn(ctx context.Context, in *accessv1.ExplainOwnRequest) (*accessv1.ExplainReply, error) {
	q := question{who: whoOf(tenant.SubjectFrom(ctx)), capability: in.Capability, bodyCode: in.BodyCode, at: s.engine.now(), asker: true}
	q.level, _ = policy.ParseLevel(in.Level)
	if tenant.From(ctx) == nil {
		var err error
		if ctx, err = s.at(ctx, tenant.SubjectFrom(ctx).BodyCode, ""); err != nil {
			return nil, err
		}
	}
	return s.explain(ctx, q)
}

func (s *Service) explain(ctx context.Context, q question) (*accessv1.ExplainReply, error) {
	reply := &accessv1.ExplainReply{Level: None.String()}
	id := product().ID(q.capability)
	if id < 0 {
		reply.Missing = "unknown_capability"
		return reply, nil
	}
	q.level = max(q.level, product().Level(id))
	tree := s.engine.trees.Load()
	if tree == nil {
		var err error
		if tree, err = s.engine.readTree(ctx); err != nil {
			return nil, err
		}
	}
	var found []standing
	var where uuid.UUID
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		body, err := q.body(ctx, db)
		if err != nil {
			return err
		}
		where = body
		p, err := loadAll(ctx, db, q.who)
		if err != nil {
			return err
		}
		r := &rights{policy.Compile(tree.Index, p, policy.Use, q.who.Body, q.at.UnixMicro()), tree.Index}
		level := r.host(id, q.who.Role)
		if body != q.who.Body {
			level = r.Level(id, body)
		}
		reply.Level, reply.Allowed = level.String(), level >= q.level
		found = standings(r.Index, p, id, body, q)
		reply.Missing, reply.Parts, reply.Because = "", nil, nil
		if !reply.Allowed {
			reply.Missing = missing(found, level)
		} else if body == q.who.Body {
			reply.Parts = parts(r.Parts(id), q.level)
		}
		return becauses(ctx, db, tenant.From(ctx), q.who.Role, found, reply)
	})
	if err != nil {
		return nil, err
	}
	if off(tenant.From(ctx), id) {
		reply.Allowed, reply.Missing = false, "module_off"
	}
	return reply, s.complete(ctx, lack{id, q.level, where}, tree, reply)
}

// body is the one that the question is about: of the subtree of the asker's body, or one in which the asker's rights are asked for.
func (q *question) body(ctx context.Context, db tenant.DBTX) (id uuid.UUID, err error) {
	if q.bodyCode == "" {
		return q.who.Body, nil
	}
	err = db.QueryRow(ctx, "select b.id from platform.body b where b.code = $1 and "+scope.Inside("b.id", "$2"), q.bodyCode, q.who.Body).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = scope.NotFound("bodyCode")
	}
	return id, err
}

// standing is a term, and what it does to the answer.
type standing struct {
	policy.Term
	as string
}

// standings are what is said of a capability, what decides first.
func standings(ix *policy.Index, p *policy.Policy, capability int32, body uuid.UUID, q question) []standing {
	at, _ := ix.Position(body)
	var all []standing
	denied := false
	for _, t := range p.Terms[capability] {
		x := standing{t, "decides"}
		duty := product().Duty(capability)
		switch {
		case t.Span.Mode&policy.Use == 0:
			continue
		case q.at.UnixMicro() < t.Span.From:
			x.as = "not_yet"
		case q.at.UnixMicro() >= t.Span.To:
			x.as = "expired"
		case !t.Span.Reaches(ix, body):
			x.as = "elsewhere"
		case !t.Deny && duty != "" && duty != t.Span.Duty && ix.Separated(at):
			x.as = "duty"
		case t.Deny && t.Level <= q.level:
			denied = true
		case t.Deny || t.Level < q.level:
			x.as = "outweighed"
		}
		all = append(all, x)
	}
	for i := range all {
		if denied && all[i].as == "decides" && !all[i].Deny {
			all[i].as = "outweighed"
		}
	}
	slices.SortStableFunc(all, func(a, b standing) int { return order(a.as) - order(b.as) })
	return all
}

func order(as string) int {
	return slices.Index([]string{"decides", "outweighed", "duty", "elsewhere", "not_yet", "expired"}, as)
}

// missing names what would have to be otherwise.
func missing(found []standing, level Level) string {
	as := map[string]bool{}
	for _, x := range found {
		if x.Deny && x.as == "decides" {
			return "denied"
		}
		as[x.as] = as[x.as] || !x.Deny
	}
	switch {
	case level > None:
		return "level"
	case as["duty"]:
		return "duty"
	case as["not_yet"]:
		return "not_yet"
	case as["expired"]:
		return "expired"
	case as["elsewhere"]:
		return "place"
	}
	return "nothing_granted"
}

// parts are the scopes that lists are cut to; none for all of the body.
func parts(p policy.Parts, level Level) []string {
	if p.All >= level {
		return nil
	}
	var all []string
	if p.Self >= level {
		all = append(all, "self")
	}
	if p.Own >= level {
		all = append(all, "own")
	}
	for _, l := range p.Departments {
		if l >= level && !slices.Contains(all, "department") {
			all = append(all, "department")
		}
	}
	return all
}

// becauses writes the standings, with grants and roles as the asker's body may see them.
func becauses(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, place string, found []standing, reply *accessv1.ExplainReply) error {
	body := t.ID
	for _, x := range found {
		b := &accessv1.Because{Effect: effects[x.Deny], Level: x.Level.String(), Standing: x.as}
		switch {
		case x.Role == uuid.Nil && x.Span.Grant == uuid.Nil: // the built-in role of the place
			err := db.QueryRow(ctx, "select id::text, title_zh, title_en from platform.role where body_id is null and code = $1", place).
				Scan(&b.RoleId, &b.RoleTitleZh, &b.RoleTitleEn)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
		case x.Role != uuid.Nil:
			b.RoleId = x.Role.String()
			err := db.QueryRow(ctx, "select title_zh, title_en from platform.role where id = $1", x.Role).Scan(&b.RoleTitleZh, &b.RoleTitleEn)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
		}
		if x.Span.Grant != uuid.Nil {
			g := &accessv1.Grant{}
			err := answerGrant(ctx, db, body, x.Span.Grant, g)
			switch {
			case errors.Is(err, errNoGrant):
				continue // made elsewhere, for elsewhere: not this body's to know
			case err != nil:
				return err
			}
			b.Grant, b.ThroughKind = g, g.Subject.Kind
			if b.RoleId == "" && g.RoleId != "" {
				b.RoleId, b.RoleTitleZh, b.RoleTitleEn = g.RoleId, g.RoleTitleZh, g.RoleTitleEn
			}
		}
		reply.Because = append(reply.Because, b)
	}
	return nil
}

// complete fills in names, and who could give what is missing.
func (s *Service) complete(ctx context.Context, l lack, tree *tree, reply *accessv1.ExplainReply) error {
	var grants []*accessv1.Grant
	for _, b := range reply.Because {
		if b.Grant != nil {
			grants = append(grants, b.Grant)
		}
	}
	if err := s.named(ctx, grants); err != nil {
		return err
	}
	for _, b := range reply.Because {
		if b.Grant != nil {
			b.ThroughName = b.Grant.Subject.Name
		}
	}
	if reply.Allowed || reply.Missing == "module_off" {
		return nil
	}
	var err error
	reply.Givers, err = s.givers(ctx, l, tree)
	return err
}
