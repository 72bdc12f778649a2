package e2e_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/e2e/stack"
)

// planted is a body with a row of every kind, whose texts are found nowhere else.
type planted struct {
	code  string
	ids   map[string]string
	marks []string
}

// plant fills a body, as its administrator, with rows that carry a mark.
func (r *run) plant(t *testing.T, code, mark string) planted {
	t.Helper()
	admin := r.signedIn(t, "admin", code)
	p := planted{code: code, ids: map[string]string{}}
	marked := func(what string) string {
		m := fmt.Sprintf("%s%s", mark, what)
		p.marks = append(p.marks, m)
		return m
	}
	number := func() string {
		n := fmt.Sprintf("134%08d", 70000000+next())
		p.marks = append(p.marks, n)
		return n
	}
	create := func(kind, path string, body any) {
		t.Helper()
		var reply struct{ ID string }
		admin.Must(t, "POST", path, body, &reply)
		p.ids[kind] = reply.ID
	}
	file := fields(marked("会员"))
	file["employer"], file["job"], file["address"], file["phone"] = marked("单位"), marked("岗位"), marked("住址"), number()
	p.marks = append(p.marks, file["idNumber"].(string))
	create("member", "/v1/members", map[string]any{"fields": file})
	r.plantRequest(t, &p, number(), file)
	r.plantDuplicate(t, &p, marked("重复"))
	r.plantSupervision(t, &p, marked("监督事由"))
	r.plantImport(t, &p, marked("名册"), marked("导入"))
	create("dept", "/v1/depts", map[string]any{"name": marked("部门")})
	create("post", "/v1/posts", map[string]any{"name": marked("职务"), "deptId": p.ids["dept"], "headcount": 3, "duties": marked("职责")})
	create("officer", "/v1/officers", map[string]any{"name": marked("干部"), "phone": number(), "title": marked("职称")})
	create("appointment", "/v1/appointments", map[string]any{
		"officerId": p.ids["officer"], "postId": p.ids["post"], "startOn": "2024-01-02", "approvalDocNo": marked("文号"),
	})
	create("role", "/v1/access/roles", map[string]any{"code": fmt.Sprintf("planted%d", next()), "titleZh": marked("角色")})
	create("group", "/v1/access/groups", map[string]any{"name": marked("群组")})
	create("set", "/v1/access/sets", map[string]any{"name": marked("集合"), "bodyCodes": []string{code}})
	create("grant", "/v1/access/grants", map[string]any{
		"subject": map[string]any{"kind": "group", "id": p.ids["group"]}, "capability": "member.read", "scope": map[string]any{"kind": "body"}, "purpose": marked("用途"),
	})
	create("client", "/v1/oidc/clients", map[string]any{
		"name": marked("应用"), "kind": "confidential", "redirectUris": []string{"https://app.example/return"}, "scopes": []string{"openid"},
	})
	r.plantApp(t, &p, marked("更新说明"))
	create("meeting", "/v1/meetings", map[string]any{"plan": map[string]any{"title": marked("例会"), "minutes": 60, "openTo": "invited", "password": "planted1"}})
	create("place", "/v1/meetingPlaces", map[string]any{"place": map[string]any{"name": marked("会议室"), "location": marked("楼层"), "seats": 20, "equipment": marked("设备"), "bookers": "hosts"}})
	for _, kind := range []string{"app_rebuild", "merge", "passkey", "authorization", "check", "act", "vote", "recording", "paper"} {
		p.ids[kind] = uuid.NewString() // takes more than one person to make: nobody's
	}
	create("invitation", "/v1/invitations", map[string]any{"phone": number(), "name": marked("受邀人"), "role": "officer"})
	var profile struct{ Version int }
	admin.Must(t, "GET", "/v1/profile", nil, &profile)
	admin.Must(t, "PUT", "/v1/profile", map[string]any{"profile": map[string]any{"about": marked("简介"), "address": marked("地址"), "version": profile.Version}}, nil)
	var sessions struct{ Sessions []struct{ ID string } }
	r.freshly(t, "admin", code)
	admin.Must(t, "GET", "/v1/sessions", nil, &sessions)
	p.ids["session"] = sessions.Sessions[0].ID
	var me struct {
		PersonID string
		Place    struct{ IdentityID string }
	}
	admin.Must(t, "GET", "/v1/me", nil, &me)
	p.ids["identity"], p.ids["person"] = me.Place.IdentityID, me.PersonID
	for _, role := range []string{"admin", "officer", "member"} {
		p.marks = append(p.marks, r.people[role+"@"+code].Name, r.people[role+"@"+code].Phone)
	}
	r.settle(t)
	return p
}

// plantRequest lets the planted member ask for a change.
func (r *run) plantRequest(t *testing.T, p *planted, phone string, file map[string]any) {
	t.Helper()
	ref := uuid.MustParse(p.ids["member"])
	who := stack.Person{Body: p.code, Role: "member", Name: file["name"].(string), Phone: phone, Ref: &ref}
	r.Enrol(t, who)
	asked := maps.Clone(file)
	asked["idNumber"], asked["phone"], asked["job"] = "", "", file["job"].(string)+"变更"
	var reply struct{ ID string }
	r.SignIn(t, p.code, phone, stack.Password).Must(t, "POST", "/v1/own/requests", map[string]any{"fields": asked, "note": file["name"]}, &reply)
	p.ids["request"] = reply.ID
}

// plantImport lets the body upload a roster that is not entered.
func (r *run) plantImport(t *testing.T, p *planted, file, name string) {
	t.Helper()
	admin := r.signedIn(t, "admin", p.code)
	imp := upload(t, admin, file+".csv", []byte("姓名,身份证号码\n"+name+","+idNumber()+"\n"))
	reach(t, admin, imp.ID, "ready")
	p.ids["import"] = imp.ID
}

// plantDuplicate lets the body ask for somebody who is a member elsewhere.
func (r *run) plantDuplicate(t *testing.T, p *planted, name string) {
	t.Helper()
	file := fields(name)
	r.signedIn(t, "admin", farCity).Must(t, "POST", "/v1/members", map[string]any{"fields": file}, nil)
	admin := r.signedIn(t, "admin", p.code)
	if f := refused(t, admin, "POST", "/v1/members", map[string]any{"fields": file}); f.Reason != "MEMBER_ELSEWHERE" {
		t.Fatalf("who is a member elsewhere: %d %s", f.Code, f.Reason)
	}
	var reply struct{ Duplicates []struct{ ID string } }
	admin.Must(t, "GET", "/v1/duplicates", nil, &reply)
	p.ids["duplicate"] = reply.Duplicates[0].ID
}

// settle waits until nothing is on its way: no event waits, no claim, no body is being made.
func (r *run) settle(t *testing.T) {
	t.Helper()
	conn := r.SQL(t)
	stack.Eventually(t, 10*time.Second, "the outbox is empty", func() bool {
		var n int
		err := conn.QueryRow(context.Background(), `select (select count(*) from cell.outbox)
			+ (select count(*) from platform.membership where operation is not null)
			+ (select count(*) from cell.consumer where seq < (select coalesce(max(seq), 0) from cell.event_log))
			+ (select count(*) from platform.activation where state in ('wanted', 'working'))`).Scan(&n)
		return err == nil && n == 0
	})
}

// database is a digest of every table of the schemas, by name.
func (r *run) database(t *testing.T, schemas ...string) map[string]string {
	t.Helper()
	ctx := context.Background()
	conn := r.SQL(t)
	// The job queue notes every few seconds that it lives, and audit rows are sealed a little later.
	rows, err := conn.Query(ctx, `select schemaname || '.' || tablename from pg_tables where schemaname = any($1)
		and tablename not in ('audit_pending', 'audit_seal', 'audit_head', 'river_leader', 'river_queue', 'river_client', 'river_client_queue', 'worker')`, schemas)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) < 10 {
		t.Fatalf("only %d tables in %v", len(tables), schemas)
	}
	all := map[string]string{}
	for _, table := range tables {
		what, where := "x::text", "true"
		switch {
		case table == "platform.session":
			what = "x.id::text" // the rest holds when it was last seen
		case strings.HasSuffix(table, ".audit_log"):
			where = "x.result = 'ok'" // who was refused is on record
		case table == "cell.river_job":
			what = "x.id || x.kind || x.args::text"        // how far a job has come is the queue's own affair
			where = "x.args ->> 'name' <> 'member.import'" // the watchdogs of an import that was planted look after it
		}
		var n int
		var text string
		err := conn.QueryRow(ctx, fmt.Sprintf("select count(*), coalesce(string_agg(%[1]s, chr(10) order by %[1]s), '') from %[2]s x where %[3]s", what, table, where)).Scan(&n, &text)
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		sum := md5.Sum([]byte(text))
		all[table] = fmt.Sprintf("%d rows, %s", n, hex.EncodeToString(sum[:]))
	}
	return all
}

// unchanged compares two looks at the database.
func unchanged(t *testing.T, before, after map[string]string) {
	t.Helper()
	for table, was := range before {
		if is := after[table]; is != was {
			t.Errorf("%s changed: from %s to %s", table, was, is)
		}
	}
}

// plantApp builds and publishes the body's web app, which needs nothing but the body's own host. It is a new version each time: a body
// that was planted before has published the same already.
func (r *run) plantApp(t *testing.T, p *planted, notes string) {
	t.Helper()
	admin := r.signedIn(t, "admin", p.code)
	var started struct{ Builds []struct{ ID string } }
	admin.Must(t, "POST", "/v1/app/builds", map[string]any{"channels": []string{"pwa"}, "newVersion": true}, &started)
	p.ids["app_build"] = started.Builds[0].ID
	var build struct{ State, ErrorEn string }
	stack.Eventually(t, time.Minute, "the web app is built", func() bool {
		admin.Must(t, "GET", "/v1/app/builds/"+p.ids["app_build"], nil, &build)
		return build.State != "queued" && build.State != "running"
	})
	if build.State != "done" {
		t.Fatalf("the web app: %+v", build)
	}
	var release struct{ ID string }
	admin.Must(t, "POST", "/v1/app/builds/"+p.ids["app_build"]+":publish", map[string]any{"share": 100, "notesZh": notes}, &release)
	p.ids["app_release"] = release.ID
}
