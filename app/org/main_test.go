package org

import (
	"context"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"google.golang.org/grpc"

	"gonghui/app/module"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// host gives the module what it uses of a host.
type host struct {
	module.Host
	env *pgtest.Env
}

func (h host) DB() *tenant.DB    { return h.env.DB }
func (h host) Keys() module.Keys { return h.env.Keys }
func (h host) Demo() bool        { return true }

// Conn reaches an identity that lets everybody work, or refuses.
func (h host) Conn(string) grpc.ClientConnInterface { return peer{} }

type peer struct {
	grpc.ClientConnInterface
	refusal error
}

func (p peer) Invoke(context.Context, string, any, any, ...grpc.CallOption) error { return p.refusal }

// stage is a body at work and a second one that must see nothing of it.
type stage struct {
	*Service
	env         *pgtest.Env
	body, watch *pgtest.Body
}

func open(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	s := &stage{Service: New(host{env: env}), env: env, body: env.Body(t, nil), watch: env.Body(t, nil)}
	t.Cleanup(func() {
		role := env.DB.Config().Role(s.watch.Code)
		for _, table := range []string{"dept", "post", "officer", "appointment", "audit_log"} {
			if n := env.Count(t, "select count(*) from "+role+"."+table); n != 0 {
				t.Errorf("the second body has %d rows in %s", n, table)
			}
		}
		if n := env.Count(t, "select count(*) from "+role+".profile where version > 1 or short_name <> ''"); n != 0 {
			t.Error("the second body's profile was written")
		}
		if n := env.Count(t, "select count(*) from cell.outbox where tenant = $1 and kind like 'org.%'", s.watch.Code); n != 0 {
			t.Errorf("the second body has %d events", n)
		}
	})
	return s
}

func (s *stage) dept(t *testing.T, name, parent string) *orgv1.Dept {
	t.Helper()
	d, err := s.CreateDept(s.body.Ctx, &orgv1.CreateDeptRequest{Name: name, ParentId: parent})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (s *stage) post(t *testing.T, dept, name string, headcount int32) *orgv1.Post {
	t.Helper()
	p, err := s.CreatePost(s.body.Ctx, &orgv1.CreatePostRequest{DeptId: dept, Name: name, Headcount: headcount})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *stage) officer(t *testing.T, name, phone string) *orgv1.Officer {
	t.Helper()
	o, err := s.CreateOfficer(s.body.Ctx, &orgv1.CreateOfficerRequest{Name: name, Phone: phone})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// want checks an error by its reason or by the field of a bad request.
func want(t *testing.T, what string, err error, reason string) {
	t.Helper()
	got := kerrors.FromError(err)
	if err == nil || got.Code >= 500 || got.Reason != reason && got.Metadata["field"] != reason || got.Metadata["zh"] == "" {
		t.Errorf("%s: %v, want %s", what, err, reason)
	}
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}
