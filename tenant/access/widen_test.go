package access_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/pgtest"
)

// give makes a grant past all checks, as a module with rules of its own does.
func (w *world) give(t *testing.T, b *pgtest.Body, to *person, capability string, scope policy.Scope) {
	t.Helper()
	err := w.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		g := access.Gift{
			Body: b.ID, SubjectKind: "identity", Subject: to.identity, Capability: capability, Scope: scope, Anchor: b.ID,
			Level: access.Full, Mode: policy.Both, From: time.Now().Add(-time.Minute), Purpose: "下级事务",
		}
		_, err := g.Insert(ctx, db)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// says is what a role allows, a level a capability.
func says(what ...string) (all []object) {
	for i := 0; i < len(what); i += 2 {
		all = append(all, object{"capability": what[i], "level": what[i+1]})
	}
	return all
}

// TestNobodyWidensThroughARole fills roles that others inherit from, here and below, and looks at what that gives to whom.
func TestNobodyWidensThroughARole(t *testing.T) {
	w := open(t)
	top := w.Body(t, nil)
	child := w.Body(t, top)
	// The index of bodies has to know both before scopes of what lies below mean anything.
	access.EngineOf(w.DB).Refresh(context.Background())
	admin, below := w.enrol(t, top, "admin", top.Code, nil), w.enrol(t, child, "admin", child.Code, nil)
	officer, clerk := w.enrol(t, top, "officer", top.Code, nil), w.enrol(t, child, "officer", child.Code, nil)
	subject := func(p *person) object { return object{"kind": "identity", "id": p.identity} }

	root := admin.made(t, "/v1/access/roles", object{"code": "root", "titleZh": "基础", "capabilities": says("member.read", "masked", "access.read", "full")})
	version := 1
	fill := func(want string, what ...string) {
		t.Helper()
		admin.want(t, want, http.MethodPut, "/v1/access/roles/"+root, object{"titleZh": "基础", "version": version, "capabilities": says(what...)}, nil)
		if want == "200" {
			version++
		}
	}

	t.Run("through an heir that reaches what lies below", func(t *testing.T) {
		heir := admin.made(t, "/v1/access/roles", object{"code": "heir", "titleZh": "下级事务", "parentId": root})
		for _, capability := range []string{"member.read", "access.read"} {
			w.give(t, top, admin, capability, policy.Subtree)
		}
		grant := admin.made(t, "/v1/access/grants", object{"subject": subject(officer), "roleId": heir, "scope": object{"kind": "subtree"}})
		fill("403 GRANT_BEYOND capabilities", "member.read", "masked", "access.read", "full", "member.export", "full")
		fill("409 GRANT_DUTY capabilities", "member.read", "masked", "access.read", "full", "access.grant", "full")
		fill("200", "member.read", "full", "access.read", "full") // held below at this level
		fill("200", "member.read", "masked")
		admin.want(t, "200", http.MethodPost, "/v1/access/grants/"+grant+":end", object{}, nil)
		fill("200", "member.read", "masked", "member.export", "full") // in the own body alone
		fill("200", "member.read", "masked")
	})

	t.Run("through a template that is granted below", func(t *testing.T) {
		var published struct{ Version int }
		admin.want(t, "200", http.MethodPost, "/v1/access/roles/"+root+":publish", object{"template": "open"}, &published)
		version = published.Version
		heir := below.made(t, "/v1/access/roles", object{"code": "assistant", "titleZh": "助理", "parentId": root})
		below.made(t, "/v1/access/grants", object{"subject": subject(clerk), "roleId": heir, "scope": object{"kind": "body"}})
		fill("403 GRANT_BEYOND capabilities", "member.read", "masked", "member.export", "full")
		clerk.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/grants", nil, nil)
		fill("200", "member.read", "masked", "access.read", "full") // the author gives that below as well
		clerk.soon(t, five, 200, http.MethodGet, "/v1/access/grants")
		fill("200", "member.read", "aggregate")
		clerk.soon(t, five, 403, http.MethodGet, "/v1/access/grants")
		// A duty comes to nobody below, and to no body that keeps its administrators apart.
		w.give(t, top, admin, "access.grant", policy.Subtree)
		err := w.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, "insert into platform.body_policy (body_id, separated) values ($1, true)", child.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		access.EngineOf(w.DB).Refresh(context.Background())
		fill("409 GRANT_DUTY capabilities", "member.read", "aggregate", "access.grant", "full")
	})

	t.Run("through the place that a template stands in for", func(t *testing.T) {
		role := admin.made(t, "/v1/access/roles", object{"code": "officer", "titleZh": "干部", "capabilities": says("member.read", "full", "member.export", "full")})
		admin.want(t, "403 GRANT_BEYOND template", http.MethodPost, "/v1/access/roles/"+role+":publish", object{"template": "locked"}, nil)
		admin.want(t, "200", http.MethodPut, "/v1/access/roles/"+role, object{"titleZh": "干部", "version": 1, "capabilities": says("member.read", "masked")}, nil)
		admin.want(t, "200", http.MethodPost, "/v1/access/roles/"+role+":publish", object{"template": "locked"}, nil)
		admin.want(t, "403 GRANT_BEYOND capabilities", http.MethodPut, "/v1/access/roles/"+role,
			object{"titleZh": "干部", "version": 3, "capabilities": says("member.read", "masked", "member.export", "full")}, nil)
		admin.want(t, "200", http.MethodPut, "/v1/access/roles/"+role,
			object{"titleZh": "干部", "version": 3, "capabilities": says("member.read", "full")}, nil) // officers have that anyway
	})
}
