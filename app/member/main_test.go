package member

import (
	"context"
	"fmt"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/kit/cnid"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// host gives the module what it uses of a host.
type host struct {
	module.Host
	env    *pgtest.Env
	people string // tests at the same time have a nation each: nobody is a member in two of them
}

func (h host) DB() *tenant.DB    { return h.env.DB }
func (h host) Keys() module.Keys { return nationKeys{h.env.Keys, h.people} }

type nationKeys struct {
	module.Keys
	people string
}

func (k nationKeys) Digest(purpose, plain string) string {
	return k.Keys.Digest(purpose, k.people+plain)
}

// stage is a body at work and a second one that must see nothing of it.
type stage struct {
	*Service
	env         *pgtest.Env
	body, watch *pgtest.Body
	ctx         context.Context
}

func open(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	s := &stage{Service: New(host{env: env, people: t.Name()}), env: env, body: env.Body(t, nil), watch: env.Body(t, nil)}
	s.ctx = s.body.Ctx
	t.Cleanup(func() { s.nothingLeaked(t) })
	return s
}

// nothingLeaked looks at the second body from outside: not a row in any of its tables, not an event, not a figure.
func (s *stage) nothingLeaked(t *testing.T) {
	role := s.env.DB.Config().Role(s.watch.Code)
	for _, table := range []string{"member", "member_search", "member_history", "audit_log"} {
		if n := s.env.Count(t, "select count(*) from "+role+"."+table); n != 0 {
			t.Errorf("the second body has %d rows in %s", n, table)
		}
	}
	if n := s.env.Count(t, "select count(*) from cell.outbox where tenant = $1 and kind like 'member.%'", s.watch.Code); n != 0 {
		t.Errorf("the second body has %d events", n)
	}
	reply, err := s.ListMembers(s.watch.Ctx, &memberv1.ListMembersRequest{State: "all"})
	if err != nil || len(reply.Members) != 0 || reply.Total != 0 {
		t.Errorf("the second body lists %v, %v", reply, err)
	}
}

// table names a table of the body, for looks from outside.
func (s *stage) table(name string) string { return s.env.DB.Config().Role(s.body.Code) + "." + name }

func (s *stage) create(t *testing.T, f *memberv1.MemberFields) *memberv1.Member {
	t.Helper()
	m, err := s.CreateMember(s.ctx, &memberv1.CreateMemberRequest{Fields: f})
	if err != nil {
		t.Fatalf("create %s: %v", f.Name, err)
	}
	return m
}

// figure is what the outbox says of the body's members.
func (s *stage) figure(t *testing.T) int64 {
	t.Helper()
	return s.env.Count(t, "select coalesce(sum((counts ->> 'member.active')::bigint), 0)::bigint from cell.outbox where tenant = $1", s.body.Code)
}

// citizen is the n-th valid ID number of a test.
func citizen(n int) string {
	birth := time.Date(1950, 1, 1+n/1000, 0, 0, 0, 0, time.UTC)
	head := fmt.Sprintf("110105%s%03d", birth.Format("20060102"), n%1000)
	return head + string(cnid.CheckDigit(head))
}

func mobile(n int) string { return fmt.Sprintf("139%08d", n) }

func reason(err error) string {
	if err == nil {
		return ""
	}
	return kerrors.FromError(err).Reason
}
