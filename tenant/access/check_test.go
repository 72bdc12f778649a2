package access_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/pgtest"
)

// acting returns a context in which the person acts on the host of a body, with the product's engine.
func (w *world) acting(b *pgtest.Body, p *person, role string) context.Context {
	s := &tenant.Subject{Account: tenant.NewID(), Identity: p.identity, Role: role, Body: b.ID, Name: "某"}
	return access.With(tenant.WithSubject(tenant.With(context.Background(), b.Tenant), s), access.EngineOf(w.DB))
}

// heard waits until this process hears the news: before that, every check asks the database.
func (w *world) heard(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for begin := time.Now(); w.DB.News.Life() != tenant.Heard; <-tick.C {
		if time.Since(begin) > five {
			t.Fatal("no news is heard")
		}
	}
}

func TestCheckAllocatesNothing(t *testing.T) {
	w := open(t)
	w.heard(t)
	b := w.Body(t, nil)
	officer := w.enrol(t, b, "officer", b.Code, nil)
	ctx := w.acting(b, officer, "officer")
	for name, f := range map[string]func(){
		"held":            func() { _ = access.Check(ctx, "member.read") },
		"not held":        func() { _ = access.Check(ctx, "member.reveal") },
		"in another body": func() { _ = access.LevelAt(ctx, "member.read", uuid.Max) },
	} {
		if n := testing.AllocsPerRun(1000, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestCheckAtTellsNoStranger(t *testing.T) {
	w := open(t)
	b, other := w.Body(t, nil), w.Body(t, nil)
	child := w.Body(t, b)
	admin, officer := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	ctx := w.acting(b, officer, "officer")
	for _, row := range []struct {
		capability string
		body       uuid.UUID
		level      access.Level
		want       int
	}{
		{"member.read", b.ID, access.Full, 200},
		{"member.export", b.ID, access.None, 403},
		{"member.read", child.ID, access.None, 404},
		{"member.read", other.ID, access.None, 404},
		{"member.read", uuid.Max, access.None, 404},
		{"member.fly", b.ID, access.None, 403},
	} {
		if got := code(access.CheckAt(ctx, row.capability, row.body, row.level)); got != row.want {
			t.Errorf("%s in %s: %d, want %d", row.capability, row.body, got, row.want)
		}
	}
	if got := code(access.CheckAt(context.Background(), "member.read", b.ID, access.None)); got != 401 {
		t.Errorf("nobody: %d", got)
	}
	// Who is told nothing of a body below learns that it exists once he is given something there.
	err := w.DB.Platform(admin.world.acting(b, admin, "admin"), func(ctx context.Context, db tenant.DBTX) error {
		g := access.Gift{
			Body: child.ID, SubjectKind: "identity", Subject: officer.identity, Capability: "member.read", Scope: policy.Whole, Anchor: child.ID,
			Level: access.Masked, Mode: policy.Use, From: time.Now().Add(-time.Minute), Purpose: "核查",
		}
		_, err := g.Insert(ctx, db)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for begin := time.Now(); access.LevelAt(ctx, "member.read", child.ID) != access.Masked; <-tick.C {
		if time.Since(begin) > five {
			t.Fatal("a grant is not in force")
		}
	}
	if got := code(access.CheckAt(ctx, "member.read", child.ID, access.Full)); got != 403 {
		t.Errorf("a level above what is held, in a body that is known: %d", got)
	}
	if got := code(access.CheckAt(ctx, "member.read", child.ID, access.Masked)); got != 200 {
		t.Errorf("what was given: %d", got)
	}
}

func TestFilterAndHeld(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	officer, member := w.enrol(t, b, "officer", b.Code, nil), w.enrol(t, b, "member", b.Code, nil)
	if r, err := access.Filter(w.acting(b, officer, "officer"), "member.read"); err != nil || !r.All {
		t.Errorf("an officer: %+v, %v", r, err)
	}
	ctx := w.acting(b, member, "member")
	file := tenant.NewID()
	tenant.SubjectFrom(ctx).Ref = file
	if r, err := access.Filter(ctx, "member.own"); err != nil || r.All || r.Self != file || r.Own != uuid.Nil || r.Nothing() {
		t.Errorf("a member: %+v, %v", r, err)
	}
	if r, err := access.Filter(ctx, "member.read"); err != nil || !r.Nothing() {
		t.Errorf("a member, what is not his: %+v, %v", r, err)
	}
	if held := access.Held(ctx); !slices.Contains(held, "member.own") || slices.Contains(held, "member.read") {
		t.Errorf("held: %v", held)
	}
	off := *b.Tenant
	off.On = map[string]bool{}
	if held := access.Held(tenant.With(ctx, &off)); slices.Contains(held, "member.own") {
		t.Errorf("held of a module that is off: %v", held)
	}
}

func TestSeparation(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	admin, officer := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	path := "/v1/access/policy"
	admin.want(t, "409 SEPARATION_REFUSED separated", http.MethodPost, path+":separate", object{"separated": true, "reason": "等级保护"}, nil)
	var p struct {
		Separated    bool
		SystemAdmins int
	}
	admin.want(t, "200", http.MethodGet, path, nil, &p)
	if p.Separated || p.SystemAdmins != 0 {
		t.Errorf("policy: %+v", p)
	}
	duties := map[string]*person{}
	for _, role := range []string{"system_admin", "security_admin", "audit_admin"} {
		duties[role] = w.enrol(t, b, role, b.Code, nil)
	}
	sys, sec := duties["system_admin"], duties["security_admin"]
	admin.want(t, "200", http.MethodGet, "/v1/modules", nil, nil)
	admin.want(t, "400 INVALID_ARGUMENT reason", http.MethodPost, path+":separate", object{"separated": true}, nil)
	admin.want(t, "200", http.MethodPost, path+":separate", object{"separated": true, "reason": "等级保护"}, &p)
	if !p.Separated || p.SystemAdmins != 1 {
		t.Errorf("policy: %+v", p)
	}
	// The duties leave the administrator at once, the business stays.
	admin.soon(t, five, 403, http.MethodGet, "/v1/modules")
	admin.want(t, "200", http.MethodGet, "/v1/members", nil, nil)
	grant := object{"subject": object{"kind": "identity", "id": officer.identity}, "capability": "member.export", "scope": object{"kind": "body"}}
	admin.want(t, "403 FORBIDDEN", http.MethodPost, "/v1/access/grants", grant, nil)
	sys.want(t, "200", http.MethodGet, "/v1/modules", nil, nil)
	sys.want(t, "403 FORBIDDEN", http.MethodPost, "/v1/access/grants", grant, nil)
	sys.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/members", nil, nil)
	// The security administrator gives what he does not use, and gives no duty.
	sec.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/members", nil, nil)
	sec.want(t, "200", http.MethodPost, "/v1/access/grants", grant, nil)
	grant["capability"] = "access.roles"
	sec.want(t, "409 GRANT_DUTY capability", http.MethodPost, "/v1/access/grants", grant, nil)
	grant["capability"], grant["subject"] = "member.read", object{"kind": "identity", "id": sec.identity}
	sec.want(t, "409 GRANT_DUTY subject.id", http.MethodPost, "/v1/access/grants", grant, nil)
	admin.want(t, "403 FORBIDDEN", http.MethodPost, path+":separate", object{"separated": false, "reason": "撤销"}, nil)
	sec.want(t, "200", http.MethodPost, path+":separate", object{"separated": false, "reason": "撤销"}, nil)
	admin.soon(t, five, 200, http.MethodGet, "/v1/modules")
}
