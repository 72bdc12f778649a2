package org

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/day"
	"gonghui/app/module/mask"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

func TestProfile(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := s.body.Ctx
	p, err := s.GetProfile(ctx, &orgv1.GetProfileRequest{})
	if err != nil || p.Version != 1 || p.ShortName != "" {
		t.Fatalf("%v, %v", p, err)
	}
	p = &orgv1.Profile{
		ShortName: " 越秀总工会 ", NameEn: "Yuexiu Federation of Trade Unions", Address: "北京路", Postcode: "510030", Phone: "020-83300000",
		About: strings.Repeat("介", 490) + "\n绍", TermStart: "2023-05-01", TermEnd: "2028-05-01", Version: 1,
	}
	got, err := s.UpdateProfile(ctx, &orgv1.UpdateProfileRequest{Profile: p})
	if err != nil || got.Version != 2 || got.ShortName != "越秀总工会" {
		t.Fatalf("%v, %v", got, err)
	}
	if again, err := s.GetProfile(ctx, &orgv1.GetProfileRequest{}); err != nil || !proto.Equal(again, got) {
		t.Errorf("%v, %v; want %v", again, err, got)
	}
	_, err = s.UpdateProfile(ctx, &orgv1.UpdateProfileRequest{Profile: p})
	want(t, "stale", err, "ORG_STALE")
	for name, set := range map[string]func(*orgv1.Profile){
		"profile.shortName": func(p *orgv1.Profile) { p.ShortName = "a\x00" },
		"profile.address":   func(p *orgv1.Profile) { p.Address = "\xff" },
		"profile.about":     func(p *orgv1.Profile) { p.About = "\x01" },
		"profile.termStart": func(p *orgv1.Profile) { p.TermStart = "2023-02-30" },
		"profile.termEnd":   func(p *orgv1.Profile) { p.TermEnd = "2023-05-01" },
	} {
		bad := proto.CloneOf(p)
		set(bad)
		_, err := s.UpdateProfile(ctx, &orgv1.UpdateProfileRequest{Profile: bad})
		want(t, name, err, name)
	}
}

func TestDepts(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := s.body.Ctx
	office := s.dept(t, "办公室", "")
	clerks := s.dept(t, "文秘科", office.Id)
	desk := s.dept(t, "收发室", clerks.Id)
	rights := s.dept(t, "权益保障部", "")
	s.post(t, rights.Id, "部长", 1)

	var names []string
	req := &orgv1.ListDeptsRequest{PageSize: 1}
	for {
		r, err := s.ListDepts(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range r.Depts {
			names = append(names, fmt.Sprintf("%s %d", d.Name, d.Posts))
		}
		if req.PageToken = r.NextPageToken; req.PageToken == "" {
			break
		}
	}
	if got := strings.Join(names, ","); got != "办公室 0,文秘科 0,收发室 0,权益保障部 1" {
		t.Errorf("tree order: %s", got)
	}

	none := tenant.NewID().String()
	for _, tt := range []struct {
		what, reason string
		call         func() error
	}{
		{"same name beside it", "DEPT_DUPLICATE", func() error { _, e := s.CreateDept(ctx, &orgv1.CreateDeptRequest{Name: " 办公室"}); return e }},
		{"below nothing", "DEPT_NOT_FOUND", func() error {
			_, e := s.CreateDept(ctx, &orgv1.CreateDeptRequest{Name: "科", ParentId: none})
			return e
		}},
		{"blank", "name", func() error { _, e := s.CreateDept(ctx, &orgv1.CreateDeptRequest{Name: " "}); return e }},
		{"bad parent", "parentId", func() error {
			_, e := s.CreateDept(ctx, &orgv1.CreateDeptRequest{Name: "科", ParentId: strings.Repeat("-", 36)})
			return e
		}},
		{"below itself", "DEPT_CYCLE", func() error {
			_, e := s.UpdateDept(ctx, &orgv1.UpdateDeptRequest{Id: office.Id, Name: "办公室", ParentId: office.Id})
			return e
		}},
		{"below its own", "DEPT_CYCLE", func() error {
			_, e := s.UpdateDept(ctx, &orgv1.UpdateDeptRequest{Id: office.Id, Name: "办公室", ParentId: desk.Id})
			return e
		}},
		{"renamed to a neighbour", "DEPT_DUPLICATE", func() error {
			_, e := s.UpdateDept(ctx, &orgv1.UpdateDeptRequest{Id: rights.Id, Name: "办公室"})
			return e
		}},
		{"update none", "DEPT_NOT_FOUND", func() error { _, e := s.UpdateDept(ctx, &orgv1.UpdateDeptRequest{Id: none, Name: "科"}); return e }},
		{"delete with depts", "DEPT_NOT_EMPTY", func() error { _, e := s.DeleteDept(ctx, &orgv1.DeleteDeptRequest{Id: office.Id}); return e }},
		{"delete with posts", "DEPT_NOT_EMPTY", func() error { _, e := s.DeleteDept(ctx, &orgv1.DeleteDeptRequest{Id: rights.Id}); return e }},
		{"delete none", "DEPT_NOT_FOUND", func() error { _, e := s.DeleteDept(ctx, &orgv1.DeleteDeptRequest{Id: none}); return e }},
		{"delete the top", "DEPT_NOT_FOUND", func() error {
			_, e := s.DeleteDept(ctx, &orgv1.DeleteDeptRequest{Id: "00000000-0000-0000-0000-000000000000"})
			return e
		}},
		{"delete another body's", "DEPT_NOT_FOUND", func() error { _, e := s.DeleteDept(s.watch.Ctx, &orgv1.DeleteDeptRequest{Id: desk.Id}); return e }},
		{"bad token", "pageToken", func() error {
			_, e := s.ListDepts(ctx, &orgv1.ListDeptsRequest{PageToken: "eyJpIjoiMDE5MmYwYzAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIn0"})
			return e
		}},
	} {
		want(t, tt.what, tt.call(), tt.reason)
	}
	moved, err := s.UpdateDept(ctx, &orgv1.UpdateDeptRequest{Id: clerks.Id, Name: "文秘科", ParentId: rights.Id, Sort: 3})
	if err != nil || moved.ParentId != rights.Id || moved.Sort != 3 {
		t.Errorf("moved %v, %v", moved, err)
	}
	_, err = s.DeleteDept(ctx, &orgv1.DeleteDeptRequest{Id: desk.Id})
	ok(t, "delete", err)
}

// Two moves at once, each fine by itself, would make a ring.
func TestDeptsCannotRaceIntoARing(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, b := s.dept(t, "甲", ""), s.dept(t, "乙", "")
	for range 5 {
		var wg sync.WaitGroup
		for _, m := range [][2]*orgv1.Dept{{a, b}, {b, a}} {
			wg.Go(func() {
				_, err := s.UpdateDept(s.body.Ctx, &orgv1.UpdateDeptRequest{Id: m[0].Id, Name: m[0].Name, ParentId: m[1].Id})
				if err != nil {
					want(t, "move", err, "DEPT_CYCLE")
				}
			})
		}
		wg.Wait()
		r, err := s.ListDepts(s.body.Ctx, &orgv1.ListDeptsRequest{})
		if err != nil || len(r.Depts) != 2 {
			t.Fatalf("%v, %v", r, err)
		}
		for _, d := range r.Depts {
			_, err := s.UpdateDept(s.body.Ctx, &orgv1.UpdateDeptRequest{Id: d.Id, Name: d.Name})
			ok(t, "back to the top", err)
		}
	}
}

func TestPostsAndAppointments(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := s.body.Ctx
	d := s.dept(t, "办公室", "")
	chief, clerk := s.post(t, d.Id, "主任", 1), s.post(t, d.Id, "文秘", 2)
	zhang, li := s.officer(t, "张三", "13800138000"), s.officer(t, "李四", "13800138001")
	none := tenant.NewID().String()
	appoint := func(o *orgv1.Officer, p *orgv1.Post, start string) (*orgv1.Appointment, error) {
		return s.CreateAppointment(ctx, &orgv1.CreateAppointmentRequest{OfficerId: o.Id, PostId: p.Id, StartOn: start, ApprovalDocNo: "工发〔2024〕8号"})
	}
	first, err := appoint(zhang, chief, "2024-03-08")
	if err != nil || first.PostName != "主任" || first.DeptName != "办公室" || first.EndOn != "" {
		t.Fatalf("%v, %v", first, err)
	}
	_, err = appoint(zhang, chief, "2025-01-01")
	want(t, "the same again", err, "APPOINTMENT_DUPLICATE")
	_, err = appoint(li, chief, "2025-01-01")
	want(t, "a full post", err, "POST_FULL")
	_, err = appoint(li, chief, "2023-01-01")
	want(t, "a post that will be full", err, "POST_FULL")
	_, err = appoint(li, chief, "2025-02-29")
	want(t, "no such day", err, "startOn")
	_, err = appoint(&orgv1.Officer{Id: none}, chief, "2025-01-01")
	want(t, "nobody", err, "OFFICER_NOT_FOUND")
	_, err = appoint(li, &orgv1.Post{Id: none}, "2025-01-01")
	want(t, "no post", err, "POST_NOT_FOUND")

	end := func(id, on string) error {
		_, err := s.EndAppointment(ctx, &orgv1.EndAppointmentRequest{Id: id, EndOn: on})
		return err
	}
	want(t, "end before start", end(first.Id, "2024-03-07"), "APPOINTMENT_DATES")
	want(t, "end on no day", end(first.Id, "2024-02-30"), "endOn")
	want(t, "end none", end(none, "2025-01-01"), "APPOINTMENT_NOT_FOUND")
	ok(t, "end", end(first.Id, "2025-01-01"))
	want(t, "end twice", end(first.Id, "2025-01-01"), "APPOINTMENT_DATES")
	_, err = appoint(li, chief, "2024-12-31")
	want(t, "the last day of another", err, "POST_FULL")
	_, err = appoint(li, chief, "2025-01-01")
	ok(t, "the day after", err)
	_, err = appoint(zhang, clerk, "2025-01-01")
	ok(t, "a second post", err)

	posts, err := s.ListPosts(ctx, &orgv1.ListPostsRequest{PageSize: 1})
	if err != nil || len(posts.Posts) != 1 || posts.Posts[0].Holders != 1 || posts.NextPageToken == "" {
		t.Errorf("%v, %v", posts, err)
	}
	_, err = s.DeletePost(ctx, &orgv1.DeletePostRequest{Id: chief.Id})
	want(t, "delete a post in use", err, "POST_IN_USE")
	_, err = s.DeletePost(ctx, &orgv1.DeletePostRequest{Id: none})
	want(t, "delete none", err, "POST_NOT_FOUND")
	spare := s.post(t, d.Id, "司机", 1)
	_, err = s.DeletePost(ctx, &orgv1.DeletePostRequest{Id: spare.Id})
	ok(t, "delete", err)
	_, err = s.CreatePost(ctx, &orgv1.CreatePostRequest{DeptId: none, Name: "岗", Headcount: 1})
	want(t, "post in no department", err, "DEPT_NOT_FOUND")
	up, err := s.UpdatePost(ctx, &orgv1.UpdatePostRequest{Id: clerk.Id, DeptId: d.Id, Name: "秘书", Headcount: 3, Duties: "办文\n办会"})
	if err != nil || up.Name != "秘书" || up.Holders != 1 || up.Duties != "办文\n办会" {
		t.Errorf("%v, %v", up, err)
	}
	_, err = s.UpdatePost(ctx, &orgv1.UpdatePostRequest{Id: none, DeptId: d.Id, Name: "秘书", Headcount: 3})
	want(t, "update no post", err, "POST_NOT_FOUND")

	// Whoever leaves gives up the posts, today.
	gone, err := s.UpdateOfficer(ctx, &orgv1.UpdateOfficerRequest{Id: li.Id, Name: "李四", State: "left", Version: 1})
	if err != nil || gone.State != "left" || len(gone.Appointments) != 1 || gone.Appointments[0].EndOn != day.Format(day.Today()) {
		t.Errorf("%v, %v", gone, err)
	}
	_, err = appoint(li, clerk, "2025-01-01")
	want(t, "appoint one who has left", err, "officerId")
}

// Other modules learn what somebody holds today, the post held longest first.
func TestHeldPosts(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.dept(t, "办公室", "").Id
	o := s.officer(t, "张三", "13800138000")
	for name, start := range map[string]string{"副主任": "2024-01-01", "主任": "2025-01-01", "将任": "2150-01-01"} {
		_, err := s.CreateAppointment(s.body.Ctx, &orgv1.CreateAppointmentRequest{OfficerId: o.Id, PostId: s.post(t, d, name, 1).Id, StartOn: start})
		ok(t, name, err)
	}
	held, err := s.HeldPosts(s.body.Ctx, &orgv1.HeldPostsRequest{OfficerId: o.Id})
	if err != nil || len(held.Posts) != 2 || held.Posts[0].Name != "副主任" || held.Posts[1].DeptName != "办公室" {
		t.Errorf("%v, %v", held, err)
	}
	if held, err = s.HeldPosts(s.watch.Ctx, &orgv1.HeldPostsRequest{OfficerId: o.Id}); err != nil || len(held.Posts) != 0 {
		t.Errorf("in another body: %v, %v", held, err)
	}
}

// One of the three administrators of the body gets no post.
func TestDutyGetsNoPost(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, o := s.post(t, s.dept(t, "办公室", "").Id, "主任", 1), s.officer(t, "张三", "13800138000")
	s.conn = func(string) grpc.ClientConnInterface { return peer{refusal: kerrors.Conflict("DUTY_CONFLICT", "")} }
	_, err := s.CreateAppointment(s.body.Ctx, &orgv1.CreateAppointmentRequest{OfficerId: o.Id, PostId: p.Id, StartOn: "2025-01-01"})
	if kerrors.Reason(err) != "DUTY_CONFLICT" {
		t.Errorf("appointed: %v", err)
	}
	if n := s.env.Count(t, "select count(*) from "+s.env.DB.Config().Role(s.body.Code)+".appointment"); n != 0 {
		t.Errorf("%d appointments", n)
	}
}

// A post with one place, six officers at once: one gets it.
func TestPostIsFilledOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.post(t, s.dept(t, "办公室", "").Id, "主任", 1)
	var wg sync.WaitGroup
	for i := range 6 {
		o := s.officer(t, "张三", fmt.Sprintf("1380013800%d", i))
		wg.Go(func() {
			_, err := s.CreateAppointment(s.body.Ctx, &orgv1.CreateAppointmentRequest{OfficerId: o.Id, PostId: p.Id, StartOn: "2025-01-01"})
			if err != nil {
				want(t, "appoint", err, "POST_FULL")
			}
		})
	}
	wg.Wait()
	if n := s.env.Count(t, "select count(*) from "+s.env.DB.Config().Role(s.body.Code)+".appointment"); n != 1 {
		t.Errorf("%d appointments", n)
	}
}

func TestOfficers(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := s.body.Ctx
	a := s.officer(t, " 单三丰 ", "+86 138-0013-8000")
	if a.Name != "单三丰" || a.Phone != "13800138000" || a.State != "working" || a.Version != 1 || a.Demo {
		t.Errorf("%v", a)
	}
	s.officer(t, "Ann 100%", "13800138001")
	s.officer(t, "张三", "13800138002")
	_, err := s.CreateOfficer(ctx, &orgv1.CreateOfficerRequest{Name: "王五", Phone: "13800138000"})
	want(t, "the same phone", err, "OFFICER_DUPLICATE")
	_, err = s.CreateOfficer(ctx, &orgv1.CreateOfficerRequest{Name: "王五", Phone: "010-88888888"})
	want(t, "a landline", err, "phone")
	_, err = s.CreateOfficer(ctx, &orgv1.CreateOfficerRequest{Name: "\xff", Phone: "13800138009"})
	want(t, "broken name", err, "name")
	generated, err := s.CreateOfficer(tenant.With(context.Background(), s.body.Tenant), &orgv1.CreateOfficerRequest{Name: "王五", Phone: "13800138003"})
	if err != nil || !generated.Demo {
		t.Errorf("generated %v, %v", generated, err)
	}

	for _, tt := range []struct {
		query, state string
		want         string
	}{
		{"", "", "单三丰,Ann 100%,张三,王五"},
		{"三", "", "单三丰,张三"},
		{"ss", "", "单三丰"},
		{"SS", "", "单三丰"},
		{"8002", "", "张三"},
		{"ann", "", "Ann 100%"},
		{"%", "", "Ann 100%"},
		{"_", "", ""},
		{"", "left", ""},
		{"'", "", ""},
		{"三", "all", "单三丰,张三"},
	} {
		var names []string
		req := &orgv1.ListOfficersRequest{Query: tt.query, State: tt.state, PageSize: 2}
		for {
			r, err := s.ListOfficers(ctx, req)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range r.Officers {
				names = append(names, o.Name)
			}
			if req.PageToken = r.NextPageToken; req.PageToken == "" {
				break
			}
		}
		if got := strings.Join(names, ","); got != tt.want {
			t.Errorf("%q %s: %s, want %s", tt.query, tt.state, got, tt.want)
		}
		if r, err := s.ListOfficers(s.watch.Ctx, &orgv1.ListOfficersRequest{Query: tt.query, State: "all"}); err != nil || len(r.Officers) != 0 {
			t.Errorf("the second body lists %v, %v", r, err)
		}
	}

	update := func(state string, version int32, phone string) (*orgv1.Officer, error) {
		return s.UpdateOfficer(ctx, &orgv1.UpdateOfficerRequest{Id: a.Id, Name: "单三丰", Title: "主席", State: state, Version: version, Phone: phone})
	}
	b, err := update("working", 1, "")
	if err != nil || b.Version != 2 || b.Phone != "13800138000" || b.Title != "主席" {
		t.Errorf("%v, %v", b, err)
	}
	_, err = update("working", 1, "")
	want(t, "stale", err, "ORG_STALE")
	_, err = update("working", 2, "13800138001")
	want(t, "the phone of another", err, "OFFICER_DUPLICATE")
	_, err = update("left", 2, "")
	ok(t, "leave", err)
	s.officer(t, "新来的", "13800138000")
	_, err = update("working", 3, "")
	want(t, "back beside a new holder of the phone", err, "OFFICER_DUPLICATE")
	_, err = update("working", 3, "13800138009")
	ok(t, "back", err)
	_, err = s.UpdateOfficer(ctx, &orgv1.UpdateOfficerRequest{Id: tenant.NewID().String(), Name: "无", State: "working", Version: 1})
	want(t, "nobody", err, "OFFICER_NOT_FOUND")

	role := s.env.DB.Config().Role(s.body.Code)
	figure := s.env.Count(t, "select sum((counts ->> 'org.officers')::bigint)::bigint from cell.outbox where tenant = $1 and counts ? 'org.officers'", s.body.Code)
	if truth := s.env.Count(t, "select count(*) from "+role+".officer where state = 'working'"); figure != truth || truth != 5 {
		t.Errorf("figure %d, truth %d", figure, truth)
	}
	if n := s.env.Count(t, "select count(*) from "+role+".officer o where o::text like '%1380013%'"); n != 0 {
		t.Error("a phone stands in the clear")
	}
}

func TestCreatesOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	keyed := func(key string) context.Context {
		return tenant.WithCall(s.body.Ctx, tenant.Call{IdempotencyKey: key})
	}
	d := &orgv1.CreateDeptRequest{Name: "办公室"}
	one, err := s.CreateDept(keyed("a"), d)
	ok(t, "dept", err)
	two, err := s.CreateDept(keyed("a"), d)
	if err != nil || !proto.Equal(one, two) {
		t.Errorf("%v, then %v, %v", one, two, err)
	}
	o := &orgv1.CreateOfficerRequest{Name: "张三", Phone: "13800138000"}
	first, err := s.CreateOfficer(keyed("b"), o)
	ok(t, "officer", err)
	mask.Reply(first, mask.Home) // a retry is answered with what was kept, and numbers are not kept
	second, err := s.CreateOfficer(keyed("b"), o)
	if err != nil || !proto.Equal(first, second) {
		t.Errorf("%v, then %v, %v", first, second, err)
	}
}

// Relations cost time when a body is made active: see the migration.
func TestRelations(t *testing.T) {
	t.Parallel()
	s := open(t)
	role := s.env.DB.Config().Role(s.body.Code)
	n := s.env.Count(t, `select count(*) from pg_class c where c.relnamespace = $1::regnamespace
		or c.oid in (select reltoastrelid from pg_class r where r.relnamespace = $1::regnamespace)
		or c.oid in (select i.indexrelid from pg_index i join pg_class r on r.reltoastrelid = i.indrelid where r.relnamespace = $1::regnamespace)`, role)
	toast := s.env.Count(t, "select count(*) from pg_class where relnamespace = $1::regnamespace and reltoastrelid <> 0 and relname <> 'audit_log'", role)
	t.Logf("%d relations", n)
	if n > 18 || toast != 0 {
		t.Errorf("%d relations, %d tables with TOAST", n, toast)
	}
}
