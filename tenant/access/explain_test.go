package access_test

import (
	"context"
	"net/http"
	"testing"

	"gonghui/tenant/access"
	"gonghui/tenant/access/policy"
)

// explained is an answer.
type explained struct {
	Allowed        bool
	Level, Missing string
	Because        []struct{ Standing, ThroughKind, RoleTitleZh, RoleTitleEn string }
	Givers         []struct{ Kind, Name, Note string }
}

func TestExplainNamesRolesAndGivers(t *testing.T) {
	w := open(t)
	top := w.Body(t, nil)
	b := w.Body(t, top)
	access.EngineOf(w.DB).Refresh(context.Background())
	admin, officer, deputy := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	ask := func(question string) (a explained) {
		t.Helper()
		admin.want(t, "200", http.MethodGet, "/v1/access/explain?"+question, nil, &a)
		return a
	}
	who := "identityId=" + officer.identity.String()
	if a := ask(who + "&capability=member.read"); !a.Allowed || a.Because[0].RoleTitleZh != "工会干部" || a.Because[0].RoleTitleEn != "Officer" {
		t.Errorf("by the place: %+v", a)
	}
	if a := ask(who + "&capability=member.export"); len(a.Givers) != 1 || a.Givers[0].Note != "admin" {
		t.Errorf("the administrator could: %+v", a)
	}
	w.give(t, b, deputy, "member.export", policy.Whole)
	if a := ask(who + "&capability=member.export"); len(a.Givers) != 2 || a.Givers[1].Note != "officer" {
		t.Errorf("so could who was given it to give on: %+v", a)
	}
	if a := ask(who + "&capability=directory.write&level=full"); a.Allowed || len(a.Givers) != 1 || a.Givers[0].Kind != "body" || a.Givers[0].Name != top.Name {
		t.Errorf("nobody here could: %+v", a)
	}
	admin.want(t, "400 INVALID_ARGUMENT identityId", http.MethodGet, "/v1/access/explain?capability=member.read", nil, nil)

	// What a group, a post or an app has is explained as well.
	group := admin.made(t, "/v1/access/groups", object{"name": "筹备组"})
	dept := admin.made(t, "/v1/depts", object{"name": "组织部"})
	post := admin.made(t, "/v1/posts", object{"deptId": dept, "name": "部长", "headcount": 1})
	apps := admin.registers(t, nil)
	for kind, id := range map[string]string{"group": group, "post": post, "app": apps.id} {
		question := "subjectKind=" + kind + "&subjectId=" + id + "&capability=member.export"
		if a := ask(question); a.Allowed || a.Missing != "nothing_granted" || len(a.Givers) == 0 {
			t.Errorf("%s with nothing: %+v", kind, a)
		}
		admin.made(t, "/v1/access/grants", object{"subject": object{"kind": kind, "id": id}, "capability": "member.export", "scope": object{"kind": "body"}})
		if a := ask(question); !a.Allowed || a.Level != "full" || a.Because[0].Standing != "decides" || a.Because[0].ThroughKind != kind {
			t.Errorf("%s: %+v", kind, a)
		}
		if a := ask("subjectKind=" + kind + "&subjectId=" + id + "&capability=member.read"); a.Allowed {
			t.Errorf("%s has a place: %+v", kind, a)
		}
	}
	admin.want(t, "404 SUBJECT_NOT_FOUND subject.id", http.MethodGet, "/v1/access/explain?subjectKind=post&subjectId="+group+"&capability=member.read", nil, nil)
	admin.want(t, "400 INVALID_ARGUMENT query", http.MethodGet, "/v1/access/explain?subjectKind=post&subjectId="+post+"&capability=member.read&at=null", nil, nil)
}

// TestRightsOnTheSupervisionHost keeps templates and asks why, from above.
func TestRightsOnTheSupervisionHost(t *testing.T) {
	w := open(t)
	top, aside := w.Body(t, nil), w.Body(t, nil)
	child := w.Body(t, top)
	access.EngineOf(w.DB).Refresh(context.Background())
	admin, below := w.enrol(t, top, "admin", "hq", nil), w.enrol(t, child, "admin", child.Code, nil)
	supervisor, clerk := w.enrol(t, top, "supervisor", "hq", nil), w.enrol(t, child, "officer", child.Code, nil)
	const roles = "/v1/access/roles"
	supervisor.want(t, "403 FORBIDDEN", http.MethodGet, roles, nil, nil)

	var made struct {
		ID, Template, BodyCode string
		Version                int
	}
	admin.want(t, "200", http.MethodPost, roles, object{"code": "reader", "titleZh": "查阅", "capabilities": says("member.read", "masked")}, &made)
	if made.BodyCode != top.Code {
		t.Errorf("made in %s", made.BodyCode)
	}
	below.want(t, "404 ROLE_NOT_FOUND", http.MethodGet, roles+"/"+made.ID, nil, nil)
	for _, template := range []string{"open", "locked"} {
		admin.want(t, "200", http.MethodPost, roles+"/"+made.ID+":publish", object{"template": template}, &made)
		var seen struct{ Template, Origin string }
		below.want(t, "200", http.MethodGet, roles+"/"+made.ID, nil, &seen)
		if seen.Template != template || seen.Origin != "template" {
			t.Errorf("seen from below: %+v", seen)
		}
	}
	below.want(t, "409 TEMPLATE_LOCKED id", http.MethodPost, roles+"/"+made.ID+":copy", object{"code": "mine", "titleZh": "我的"}, nil)
	admin.want(t, "200", http.MethodPut, roles+"/"+made.ID, object{"titleZh": "查阅", "version": made.Version, "capabilities": says("member.read", "aggregate")}, nil)
	admin.want(t, "200", http.MethodGet, "/v1/access/capabilities", nil, nil)
	admin.want(t, "200", http.MethodGet, "/v1/access/grants?bodyCode="+child.Code, nil, nil)
	admin.want(t, "200", http.MethodGet, "/v1/access/subjects?kind=identity", nil, nil)
	admin.want(t, "404 NOT_FOUND", http.MethodPost, "/v1/access/grants", object{}, nil)

	// Why: for the own people, and elsewhere for those of bodies in which one may ask.
	var a explained
	admin.want(t, "200", http.MethodGet, "/v1/access/explain?identityId="+supervisor.identity.String()+"&capability=rollup.read&bodyCode="+child.Code, nil, &a)
	if !a.Allowed || a.Level != "aggregate" || a.Because[0].RoleTitleZh != "督导人员" {
		t.Errorf("a supervisor below: %+v", a)
	}
	question := "/v1/access/explain?identityId=" + clerk.identity.String() + "&capability=member.read&homeCode="
	admin.want(t, "404 BODY_NOT_FOUND homeCode", http.MethodGet, question+aside.Code, nil, nil)
	admin.want(t, "404 BODY_NOT_FOUND homeCode", http.MethodGet, question+"nosuch", nil, nil)
	admin.want(t, "404 SUBJECT_NOT_FOUND subject.id", http.MethodGet, question, nil, nil)
	for _, capability := range []string{"access.explain", "access.read"} {
		w.give(t, top, admin, capability, policy.Subtree)
	}
	admin.soon(t, five, 200, http.MethodGet, question+child.Code)
	admin.want(t, "200", http.MethodGet, question+child.Code, nil, &a)
	if !a.Allowed || a.Because[0].RoleTitleZh != "工会干部" {
		t.Errorf("an officer below: %+v", a)
	}
	var list struct{ Subjects []struct{ ID string } }
	admin.want(t, "200", http.MethodGet, "/v1/access/subjects?kind=identity&homeCode="+child.Code, nil, &list)
	if len(list.Subjects) != 2 {
		t.Errorf("%d people below", len(list.Subjects))
	}
	admin.want(t, "404 BODY_NOT_FOUND homeCode", http.MethodGet, question+aside.Code, nil, nil)
}
