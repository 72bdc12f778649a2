package audit

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/media/object"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
)

func service(t *testing.T, env *pgtest.Env) *Service {
	t.Helper()
	return New(env.DB, object.NewLocal(t.TempDir()), directory.LookupOf(env.DB))
}

// on is a call to the host of a body by somebody with a role there.
func on(b *pgtest.Body, role string) context.Context {
	return tenant.WithCall(pgtest.As(b.Ctx, b.Tenant, role), tenant.Call{Source: "10.1.2.3", Request: "request-1"})
}

func do(t *testing.T, env *pgtest.Env, ctx context.Context, acts ...tenant.Act) {
	t.Helper()
	err := env.DB.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for _, a := range acts {
			tenant.Audit(ctx, tx, a)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func above(t *testing.T, env *pgtest.Env, ctx context.Context, a tenant.Act) {
	t.Helper()
	err := env.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.AuditPlatform(ctx, tx, a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSearch(t *testing.T) {
	env := pgtest.Open(t)
	s := service(t, env)
	b, other := env.Body(t, nil), env.Body(t, nil)
	officer, auditor := on(b, "officer"), on(b, "audit_admin")
	do(t, env, officer, tenant.Act{Act: "member.create", Kind: "member", Object: "m1"},
		tenant.Act{Act: "member.update", Kind: "member", Object: "m1", Changed: []string{"phone"}, Before: "a", After: "b"},
		tenant.Act{Act: "org.profile", Kind: "profile", Object: "p1"})
	above(t, env, officer, tenant.Act{Act: "session.open", Kind: "session", Object: "s1"})
	above(t, env, on(other, "officer"), tenant.Act{Act: "session.open", Kind: "session", Object: "s2"})
	do(t, env, on(other, "officer"), tenant.Act{Act: "member.create", Kind: "member", Object: "m2"})
	s.Refused(officer, tenant.Act{Act: "refused", Kind: "capability", Object: "member.export", Reason: "FORBIDDEN POST /v1/members:export"})

	today := time.Now().In(shanghai).Format(time.DateOnly)
	for what, row := range map[string]struct {
		in   *auditv1.ListActsRequest
		want string // acts, newest first
	}{
		"by act":           {&auditv1.ListActsRequest{Act: "member.update"}, "member.update"},
		"by family":        {&auditv1.ListActsRequest{Act: "member."}, "member.update member.create"},
		"by kind":          {&auditv1.ListActsRequest{Kind: "session"}, "session.open"},
		"by object":        {&auditv1.ListActsRequest{Object: "m1"}, "member.update member.create"},
		"by result":        {&auditv1.ListActsRequest{Result: "refused"}, "refused"},
		"by source":        {&auditv1.ListActsRequest{Source: "10.1.", Act: "org.profile"}, "org.profile"},
		"by another place": {&auditv1.ListActsRequest{Source: "10.9."}, ""},
		"by name":          {&auditv1.ListActsRequest{Person: "测试", Kind: "profile"}, "org.profile"},
		"by a part of %":   {&auditv1.ListActsRequest{Person: "%", Kind: "profile"}, ""},
		"by account":       {&auditv1.ListActsRequest{Person: tenant.SubjectFrom(officer).Account.String()}, "refused session.open org.profile member.update member.create"},
		"today":            {&auditv1.ListActsRequest{From: today, To: today, Kind: "profile"}, "org.profile"},
		"before today":     {&auditv1.ListActsRequest{To: time.Now().AddDate(0, 0, -2).Format(time.DateOnly)}, ""},
		"another's object": {&auditv1.ListActsRequest{Object: "m2"}, ""},
	} {
		reply, err := s.ListActs(auditor, row.in)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		var got []string
		for _, a := range reply.Acts {
			got = append(got, a.Act)
			if a.ActZh == a.Act || a.KindEn == a.Kind && a.Kind != "" {
				t.Errorf("%s: %s %s has no words", what, a.Act, a.Kind)
			}
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: %v, want %s", what, got, row.want)
		}
	}
	if n := env.Count(t, "select count(*) from "+env.DB.Config().Role(b.Code)+".audit_log where act = 'audit.search' and account_id = $1",
		tenant.SubjectFrom(auditor).Account); n != 13 {
		t.Errorf("%d searches are recorded, want 13", n)
	}
	// Pages go over both logs without a gap or a repetition.
	var all []string
	for token := ""; ; {
		reply, err := s.ListActs(auditor, &auditv1.ListActsRequest{Person: tenant.SubjectFrom(officer).Account.String(), PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range reply.Acts {
			all = append(all, a.Act)
		}
		if token = reply.NextPageToken; token == "" {
			break
		}
	}
	if got := strings.Join(all, " "); got != "refused session.open org.profile member.update member.create" {
		t.Errorf("in pages: %s", got)
	}
	for what, in := range map[string]*auditv1.ListActsRequest{
		"no day":         {From: "2026-02-30"},
		"days reversed":  {From: "2026-02-03", To: "2026-02-01"},
		"another's body": {Body: other.Code},
		"a bad token":    {PageToken: "x"},
	} {
		if _, err := s.ListActs(auditor, in); kerrors.Code(err) != 400 && kerrors.Code(err) != 404 {
			t.Errorf("%s: %v", what, err)
		}
	}
	own, err := s.ListOwnActs(officer, &auditv1.ListOwnActsRequest{})
	if err != nil || len(own.Acts) != 5 || own.Acts[1].Trail != "shared" || own.Acts[2].Trail != "body" {
		t.Errorf("own acts: %v %v", own, err)
	}
	if mine, err := s.ListOwnActs(on(b, "member"), &auditv1.ListOwnActsRequest{}); err != nil || len(mine.Acts) != 0 {
		t.Errorf("another's own acts: %v %v", mine, err)
	}
}

func TestOneAct(t *testing.T) {
	env := pgtest.Open(t)
	s := service(t, env)
	b, other := env.Body(t, nil), env.Body(t, nil)
	auditor := on(b, "audit_admin")
	do(t, env, on(b, "officer"), tenant.Act{Act: "member.update", Kind: "member", Object: "m1", Changed: []string{"phone"}, Before: "a", After: "b"})
	found, err := s.ListActs(auditor, &auditv1.ListActsRequest{Object: "m1"})
	if err != nil || len(found.Acts) != 1 {
		t.Fatal(found, err)
	}
	id := found.Acts[0].Id
	one, err := s.GetAct(auditor, &auditv1.GetActRequest{Id: id})
	if err != nil || one.Seq != 0 || !one.Intact || len(one.Before) != 43 || one.Before == one.After || strings.Join(one.Changed, "") != "phone" {
		t.Errorf("before it is sealed: %v %v", one, err)
	}
	seal(t, NewSealer(env.DB))
	if one, err = s.GetAct(auditor, &auditv1.GetActRequest{Id: id}); err != nil || one.Seq != 1 || !one.Intact || len(one.Hash) != 64 || one.SealedAt == nil {
		t.Errorf("sealed: %v %v", one, err)
	}
	superuser(t, env, "update "+env.DB.Config().Role(b.Code)+".audit_log set who = '别人' where id = $1", id)
	if one, err = s.GetAct(auditor, &auditv1.GetActRequest{Id: id}); err != nil || one.Intact {
		t.Errorf("touched: %v %v", one, err)
	}
	if _, err := s.GetAct(on(other, "audit_admin"), &auditv1.GetActRequest{Id: id}); kerrors.Code(err) != 404 {
		t.Errorf("from another body: %v", err)
	}
}

// A supervisor sees what was done above the bodies of the own subtree, and of no other.
func TestSupervision(t *testing.T) {
	env := pgtest.Open(t)
	s := service(t, env)
	top := env.Body(t, nil)
	below, aside := env.Body(t, top), env.Body(t, nil)
	for _, b := range []*pgtest.Body{below, aside} {
		above(t, env, on(b, "admin"), tenant.Act{Act: "invitation.create", Kind: "invitation", Object: "of " + b.Code})
	}
	who := pgtest.As(context.Background(), top.Tenant, "supervisor")
	hq := tenant.WithCall(who, tenant.Call{Supervision: true, Source: "10.1.2.3"})
	for body, want := range map[string]string{"": "of " + below.Code, below.Code: "of " + below.Code, top.Code: "of " + below.Code} {
		reply, err := s.ListActs(hq, &auditv1.ListActsRequest{Act: "invitation.create", Body: body})
		if err != nil || len(reply.Acts) != 1 || reply.Acts[0].Object != want || reply.Acts[0].Body != below.Code {
			t.Errorf("body %q: %v %v", body, reply, err)
		}
	}
	if _, err := s.ListActs(hq, &auditv1.ListActsRequest{Body: aside.Code}); kerrors.Code(err) != 404 {
		t.Errorf("a body aside: %v", err)
	}
}

func TestExport(t *testing.T) {
	env := pgtest.Open(t)
	s := service(t, env)
	b := env.Body(t, nil)
	auditor := on(b, "audit_admin")
	do(t, env, on(b, "officer"), tenant.Act{Act: "member.create", Kind: "member", Object: "=1+1", Reason: "含,逗号"})
	act(t, env, b, 3)
	send := func(body string) (*httptest.ResponseRecorder, error) {
		w := httptest.NewRecorder()
		return w, s.export(w, httptest.NewRequestWithContext(auditor, http.MethodPost, "/v1/audit/acts:export", strings.NewReader(body)))
	}
	w, err := send(`{"reason": "年度检查", "act": "member."}`)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF")))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil || len(lines) != 6 {
		t.Fatalf("%d lines %v", len(lines), err)
	}
	if !strings.Contains(lines[0][0], "年度检查") || !strings.Contains(lines[0][0], tenant.SubjectFrom(auditor).Account.String()) {
		t.Errorf("the mark: %v", lines[0])
	}
	if last := lines[5]; last[4] != "发展会员" || last[6] != "'=1+1" || last[8] != "含,逗号" || last[7] != "成功" {
		t.Errorf("the row: %v", last)
	}
	if n := env.Count(t, "select count(*) from "+env.DB.Config().Role(b.Code)+".audit_log where act = 'audit.export' and reason like '年度检查%'"); n != 1 {
		t.Errorf("%d exports are recorded", n)
	}
	for what, body := range map[string]string{
		"no reason": `{}`, "a short one": `{"reason": "x"}`, "no JSON": `x`, "another field": `{"reason": "年度检查", "x": 1}`,
		"a bad act": `{"reason": "年度检查", "act": "'; drop"}`, "a bad day": `{"reason": "年度检查", "from": "x"}`, "a bad locale": `{"reason": "年度检查", "locale": "fr"}`,
	} {
		if w, err := send(body); kerrors.Code(err) != 400 || w.Body.Len() > 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A verification that was asked for over the API is done by whichever process is free, and tells what it found.
func TestCheckAndPolicy(t *testing.T) {
	env := pgtest.Open(t)
	s := service(t, env)
	b := env.Body(t, nil)
	auditor := on(b, "audit_admin")
	act(t, env, b, 5)
	seal(t, NewSealer(env.DB))
	trail, err := s.GetTrail(auditor, &auditv1.GetTrailRequest{})
	if err != nil || trail.Count != 5 || trail.Waiting != 0 || trail.Months != Months || trail.Head == "" {
		t.Fatalf("%v %v", trail, err)
	}
	first, err := s.StartCheck(auditor, &auditv1.StartCheckRequest{Head: trail.Head})
	if err != nil || first.State != "running" {
		t.Fatalf("%v %v", first, err)
	}
	if again, err := s.StartCheck(auditor, &auditv1.StartCheckRequest{Head: trail.Head}); err != nil || again.Id != first.Id {
		t.Errorf("again: %v %v", again, err)
	}
	if _, err := s.StartCheck(auditor, &auditv1.StartCheckRequest{Head: "5:x"}); kerrors.Code(err) != 400 {
		t.Errorf("a broken head: %v", err)
	}
	work := func() {
		for {
			if more, err := s.verifyNext(t.Context()); err != nil {
				t.Fatal(err)
			} else if !more {
				return
			}
		}
	}
	work()
	if c, err := s.GetCheck(auditor, &auditv1.GetCheckRequest{Id: first.Id}); err != nil || c.State != "done" || c.Found != 0 || c.Done != 5 || c.EndedAt == nil {
		t.Errorf("%v %v", c, err)
	}
	superuser(t, env, "update "+env.DB.Config().Role(b.Code)+".audit_log set who = '别人' where id = $1", rowAt(t, env, b.Code, 4))
	second, err := s.StartCheck(auditor, &auditv1.StartCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	work()
	c, err := s.GetCheck(auditor, &auditv1.GetCheckRequest{Id: second.Id})
	if err != nil || c.Found != 1 || len(c.Findings) != 1 || c.Findings[0].Kind != Changed || c.Findings[0].Seq != 4 || c.Findings[0].Row != rowAt(t, env, b.Code, 4).String() {
		t.Errorf("%v %v", c, err)
	}
	if list, err := s.ListChecks(auditor, &auditv1.ListChecksRequest{PageSize: 1}); err != nil || len(list.Checks) != 1 || list.Checks[0].Id != second.Id || list.NextPageToken == "" {
		t.Errorf("%v %v", list, err)
	}
	other := env.Body(t, nil)
	if _, err := s.GetCheck(on(other, "audit_admin"), &auditv1.GetCheckRequest{Id: second.Id}); kerrors.Code(err) != 404 {
		t.Errorf("from another body: %v", err)
	}
	if trail, err = s.SetPolicy(auditor, &auditv1.SetPolicyRequest{Months: 12}); err != nil || trail.Months != 12 {
		t.Errorf("%v %v", trail, err)
	}
	if n := env.Count(t, "select count(*) from platform.audit_log where act = 'audit.policy' and object_id = $1 and reason = '36 → 12'", b.Code); n != 1 {
		t.Errorf("%d changes of the policy are recorded", n)
	}
	if parts, err := s.ListParts(auditor, &auditv1.ListPartsRequest{}); err != nil || len(parts.Parts) != 0 {
		t.Errorf("%v %v", parts, err)
	}
}

// How long the shared trail is kept is said on the supervision host, by who serves the nation and nobody else.
func TestKeepingOfTheSharedTrail(t *testing.T) {
	env := pgtest.Open(t)
	s := New(env.DB, nil, directory.LookupOf(env.DB))
	nation, county := env.Body(t, nil), env.Body(t, nil)
	superuser(t, env, "update platform.body set level = 'national' where id = '"+nation.ID.String()+"'")
	above := func(b *pgtest.Body) context.Context {
		return tenant.WithCall(pgtest.As(context.Background(), b.Tenant, "audit_admin"), tenant.Call{Supervision: true, Source: "10.1.2.3"})
	}
	for body, may := range map[*pgtest.Body]bool{nation: true, county: false} {
		trail, err := s.GetTrail(above(body), &auditv1.GetTrailRequest{})
		if err != nil || trail.Settable != may {
			t.Errorf("settable: %v %v, want %t", trail, err, may)
		}
	}
	if _, err := s.SetPolicy(above(county), &auditv1.SetPolicyRequest{Months: 12}); kerrors.Code(err) != 403 {
		t.Errorf("set by a county: %v", err)
	}
	trail, err := s.SetPolicy(above(nation), &auditv1.SetPolicyRequest{Months: 48})
	if err != nil || trail.Months != 48 {
		t.Fatalf("%v %v", trail, err)
	}
	if n := env.Count(t, "select count(*) from platform.audit_log where act = 'audit.policy' and object_id = '' and reason = '36 → 48' and before <> '' and after <> '' and before <> after"); n != 1 {
		t.Errorf("%d changes of the policy are recorded", n)
	}
	if trail, err := s.GetTrail(on(county, "audit_admin"), &auditv1.GetTrailRequest{}); err != nil || trail.Months != Months || !trail.Settable {
		t.Errorf("the county's own trail: %v %v", trail, err)
	}
}

// Rows of an earlier release have no seal: they are found, and adopting them is itself on record.
func TestAdopt(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	superuser(t, env, "insert into "+env.DB.Config().Role(b.Code)+".audit_log (id, who, act, object_kind, object_id) select gen_random_uuid(), '旧', 'member.create', 'member', '1' from generate_series(1, 3)")
	if r := verify(t, env, b); r.Found != 3 || r.Findings[0].Kind != Inserted {
		t.Errorf("before: %+v", r)
	}
	lookup := directory.LookupOf(env.DB)
	if n, err := Adopt(t.Context(), env.DB, lookup, b.Code, "升级"); err != nil || n != 3 {
		t.Fatalf("%d %v", n, err)
	}
	seal(t, NewSealer(env.DB))
	if r := verify(t, env, b); r.Found != 0 || r.Rows != 3 {
		t.Errorf("after: %+v", r)
	}
	if n, err := Adopt(t.Context(), env.DB, lookup, b.Code, "升级"); err != nil || n != 0 {
		t.Errorf("again: %d %v", n, err)
	}
	if n := env.Count(t, "select count(*) from platform.audit_log where act = 'audit.adopt' and object_id = $1 and reason = '3: 升级'", b.Code); n != 1 {
		t.Errorf("%d adoptions are recorded", n)
	}
}
