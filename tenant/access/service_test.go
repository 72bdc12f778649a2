package access_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/pgtest"
)

const five = 5 * time.Second // a change is in force within

func TestGrantAndRevoke(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	other := w.Body(t, nil)
	admin, officer := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	stranger := w.enrol(t, other, "officer", other.Code, nil)

	officer.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/grants", nil, nil)
	exported := "/v1/access/roles"
	officer.want(t, "403 FORBIDDEN", http.MethodGet, exported, nil, nil)
	var grant struct{ ID, State string }
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "identity", "id": officer.identity}, "capability": "access.read", "scope": object{"kind": "body"}, "purpose": "帮忙核对",
	}, &grant)
	took := officer.soon(t, five, 200, http.MethodGet, exported)
	t.Logf("granted after %s", took)

	var list struct {
		Grants []struct {
			ID      string
			Subject struct{ Name string }
		}
	}
	officer.want(t, "200", http.MethodGet, "/v1/access/grants?subjectId="+officer.identity.String(), nil, &list)
	if len(list.Grants) != 1 || list.Grants[0].ID != grant.ID || list.Grants[0].Subject.Name == "" {
		t.Errorf("listed %+v", list)
	}
	officer.want(t, "403 FORBIDDEN", http.MethodPost, "/v1/access/grants/"+grant.ID+":end", object{}, nil)
	stranger.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/grants", nil, nil)

	admin.want(t, "200", http.MethodPost, "/v1/access/grants/"+grant.ID+":end", object{"reason": "核对完毕"}, &grant)
	if grant.State != "ended" {
		t.Errorf("ended: %+v", grant)
	}
	took = officer.soon(t, five, 403, http.MethodGet, exported)
	t.Logf("revoked after %s", took)
	admin.want(t, "409 GRANT_ENDED", http.MethodPost, "/v1/access/grants/"+grant.ID+":end", object{}, nil)
	if n := w.Count(t, "select count(*) from platform.audit_log where object_id = $1", grant.ID); n != 2 {
		t.Errorf("%d rows of audit, want one for the grant and one for its end", n)
	}
	foreign := w.enrol(t, other, "admin", other.Code, nil)
	foreign.want(t, "404 GRANT_NOT_FOUND", http.MethodPost, "/v1/access/grants/"+grant.ID+":end", object{}, nil)
}

func TestBadGrants(t *testing.T) {
	w := open(t)
	b, other := w.Body(t, nil), w.Body(t, nil)
	child := w.Body(t, b)
	admin, officer := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	stranger := w.enrol(t, other, "officer", other.Code, nil)
	who := object{"kind": "identity", "id": officer.identity}
	body := object{"kind": "body"}
	for name, row := range map[string]struct {
		want string
		in   object
	}{
		"no subject":                    {"400 INVALID_ARGUMENT subject", object{"capability": "member.read", "scope": body}},
		"no scope":                      {"400 INVALID_ARGUMENT scope", object{"subject": who, "capability": "member.read"}},
		"neither role nor capability":   {"400 INVALID_ARGUMENT roleId", object{"subject": who, "scope": body}},
		"both role and capability":      {"400 INVALID_ARGUMENT roleId", object{"subject": who, "scope": body, "roleId": officer.identity, "capability": "member.read"}},
		"unknown capability":            {"400 INVALID_ARGUMENT capability", object{"subject": who, "scope": body, "capability": "member.fly"}},
		"unknown role":                  {"404 ROLE_NOT_FOUND roleId", object{"subject": who, "scope": body, "roleId": officer.identity}},
		"somebody of another body":      {"404 SUBJECT_NOT_FOUND subject.id", object{"subject": object{"kind": "identity", "id": stranger.identity}, "scope": body, "capability": "member.read"}},
		"a post that is none":           {"404 SUBJECT_NOT_FOUND subject.id", object{"subject": object{"kind": "post", "id": stranger.identity}, "scope": body, "capability": "member.read"}},
		"an app that is none":           {"404 SUBJECT_NOT_FOUND subject.id", object{"subject": object{"kind": "app", "id": stranger.identity}, "scope": body, "capability": "member.read"}},
		"a body that is none":           {"404 BODY_NOT_FOUND scope.anchorCode", object{"subject": who, "scope": object{"kind": "body", "anchorCode": "nosuch"}, "capability": "member.read"}},
		"a body elsewhere":              {"404 BODY_NOT_FOUND scope.anchorCode", object{"subject": who, "scope": object{"kind": "body", "anchorCode": other.Code}, "capability": "member.read"}},
		"a body below, beyond":          {"403 GRANT_BEYOND scope", object{"subject": who, "scope": object{"kind": "body", "anchorCode": child.Code}, "capability": "member.read"}},
		"the subtree, beyond":           {"403 GRANT_BEYOND scope", object{"subject": who, "scope": object{"kind": "subtree"}, "capability": "member.read"}},
		"what the giver has not":        {"403 GRANT_BEYOND capability", object{"subject": who, "scope": body, "capability": "directory.write"}},
		"departments without any":       {"400 INVALID_ARGUMENT scope.departmentIds", object{"subject": who, "scope": object{"kind": "department"}, "capability": "member.read"}},
		"a department that is no id":    {"400 INVALID_ARGUMENT scope.departmentIds", object{"subject": who, "scope": object{"kind": "department", "departmentIds": []string{"x"}}, "capability": "member.read"}},
		"a part that is not told apart": {"400 INVALID_ARGUMENT scope.kind", object{"subject": who, "scope": object{"kind": "own"}, "capability": "member.import"}},
		"a set without one":             {"400 INVALID_ARGUMENT scope.setId", object{"subject": who, "scope": object{"kind": "set"}, "capability": "member.read"}},
		"a set that is none":            {"404 SET_NOT_FOUND", object{"subject": who, "scope": object{"kind": "set", "setId": officer.identity}, "capability": "member.read"}},
		"a depth of one body":           {"400 INVALID_ARGUMENT scope.depth", object{"subject": who, "scope": object{"kind": "body", "depth": 2}, "capability": "member.read"}},
		"a deny of a part":              {"400 INVALID_ARGUMENT scope.kind", object{"subject": who, "scope": object{"kind": "own"}, "capability": "member.read", "effect": "deny"}},
		"an end before now":             {"400 INVALID_ARGUMENT validTo", object{"subject": who, "scope": body, "capability": "member.read", "validTo": "2020-01-01T00:00:00Z"}},
		"control characters":            {"400 INVALID_ARGUMENT purpose", object{"subject": who, "scope": body, "capability": "member.read", "purpose": "a\x01"}},
		"a role of the administrators":  {"409 GRANT_DUTY roleId", object{"subject": who, "scope": body, "roleId": "00000000-0000-7000-8000-0000000000a6"}},
	} {
		t.Run(name, func(t *testing.T) {
			admin.want(t, row.want, http.MethodPost, "/v1/access/grants", row.in, nil)
		})
	}
	if n := w.Count(t, `select count(*) from platform."grant" where body_id = $1`, b.ID); n != 0 {
		t.Errorf("%d grants were made", n)
	}
}

func TestDelegation(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	admin, deputy, third := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	give := func(to *person, more object) object {
		in := object{"subject": object{"kind": "identity", "id": to.identity}, "scope": object{"kind": "body"}}
		for k, v := range more {
			in[k] = v
		}
		return in
	}
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", give(deputy, object{"capability": "access.grant"}), nil)
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", give(deputy, object{"capability": "access.read"}), nil)
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", give(deputy, object{"capability": "member.export", "mode": "both", "level": "masked", "validTo": until}), nil)
	deputy.soon(t, five, 200, http.MethodGet, "/v1/access/grants")
	grants := "/v1/access/grants"
	deputy.want(t, "403 GRANT_BEYOND capability", http.MethodPost, grants, give(third, object{"capability": "access.grant"}), nil)
	deputy.want(t, "403 GRANT_BEYOND capability", http.MethodPost, grants, give(third, object{"capability": "member.read"}), nil) // held to use alone
	deputy.want(t, "403 GRANT_BEYOND level", http.MethodPost, grants, give(third, object{"capability": "member.export", "validTo": until}), nil)
	deputy.want(t, "403 GRANT_BEYOND validTo", http.MethodPost, grants, give(third, object{"capability": "member.export", "level": "masked"}), nil)
	deputy.want(t, "403 GRANT_BEYOND scope", http.MethodPost, grants,
		give(third, object{"capability": "member.export", "level": "masked", "validTo": until, "scope": object{"kind": "subtree"}}), nil)
	deputy.want(t, "200", http.MethodPost, grants, give(third, object{"capability": "member.export", "level": "masked", "validTo": until}), nil)

	// Who fills a role that is granted further than he gives is refused, whoever made the grant.
	var role struct {
		ID      string
		Version int
	}
	admin.want(t, "200", http.MethodPost, "/v1/access/roles",
		object{"code": "wide", "titleZh": "远", "capabilities": []object{{"capability": "member.read"}}}, &role)
	err := w.DB.Platform(w.acting(b, admin, "admin"), func(ctx context.Context, db tenant.DBTX) error {
		id := uuidOf(t, role.ID)
		g := access.Gift{
			Body: b.ID, SubjectKind: "identity", Subject: third.identity, Role: &id, Scope: policy.Subtree, Anchor: b.ID, Level: access.Full,
			Mode: policy.Use, From: time.Now(),
		}
		_, err := g.Insert(ctx, db)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	admin.want(t, "403 GRANT_BEYOND capabilities", http.MethodPut, "/v1/access/roles/"+role.ID, object{
		"titleZh": "远", "version": role.Version, "capabilities": []object{{"capability": "member.read"}, {"capability": "member.export"}},
	}, nil)
	admin.want(t, "200", http.MethodPut, "/v1/access/roles/"+role.ID, object{"titleZh": "空", "version": role.Version}, nil)

	// A role cannot hold more than its author gives.
	admin.want(t, "403 GRANT_BEYOND capabilities[0].capability", http.MethodPost, "/v1/access/roles",
		object{"code": "tall", "titleZh": "过高", "capabilities": []object{{"capability": "directory.write"}}}, nil)
}

func TestRoles(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	child := w.Body(t, b)
	admin, below := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, child, "admin", child.Code, nil)
	officer := w.enrol(t, child, "officer", child.Code, nil)
	roles := "/v1/access/roles"
	type roleReply struct {
		ID, Origin, Template string
		Version              int
		Capabilities         []struct {
			Capability, Effect string
			Inherited          bool
		}
	}
	var officers roleReply
	admin.want(t, "200", http.MethodPost, roles, object{
		"code": "officer", "titleZh": "本系统干部", "parentId": "00000000-0000-7000-8000-0000000000a2",
		"capabilities": []object{{"capability": "member.write", "level": "full"}, {"capability": "member.import", "effect": "deny"}},
	}, &officers)
	admin.want(t, "409 ROLE_CODE_TAKEN code", http.MethodPost, roles, object{"code": "officer", "titleZh": "又一个"}, nil)
	admin.want(t, "400 INVALID_ARGUMENT code", http.MethodPost, roles, object{"code": "admin", "titleZh": "管理"}, nil)
	admin.want(t, "400 INVALID_ARGUMENT parentId", http.MethodPost, roles,
		object{"code": "super", "titleZh": "超级", "parentId": "00000000-0000-7000-8000-0000000000a1"}, nil)
	below.want(t, "404 ROLE_NOT_FOUND", http.MethodGet, roles+"/"+officers.ID, nil, nil)

	// Published and locked, the role stands in for the built-in one below, and cannot be copied, denied or replaced there.
	officer.want(t, "200", http.MethodGet, "/v1/imports", nil, nil)
	admin.want(t, "200", http.MethodPost, roles+"/"+officers.ID+":publish", object{"template": "locked"}, &officers)
	officer.soon(t, five, 403, http.MethodGet, "/v1/imports")
	below.want(t, "200", http.MethodGet, roles+"/"+officers.ID, nil, &officers)
	if officers.Origin != "template" || officers.Template != "locked" {
		t.Errorf("seen from below: %+v", officers)
	}
	below.want(t, "409 TEMPLATE_LOCKED id", http.MethodPost, roles+"/"+officers.ID+":copy", object{"code": "mine", "titleZh": "我的"}, nil)
	below.want(t, "409 TEMPLATE_LOCKED code", http.MethodPost, roles, object{"code": "officer", "titleZh": "另定"}, nil)
	below.want(t, "409 TEMPLATE_LOCKED capabilities[0].capability", http.MethodPost, roles,
		object{"code": "less", "titleZh": "减", "parentId": officers.ID, "capabilities": []object{{"capability": "member.read", "effect": "deny"}}}, nil)
	below.want(t, "409 TEMPLATE_LOCKED effect", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "identity", "id": officer.identity}, "capability": "member.read", "effect": "deny", "scope": object{"kind": "body"},
	}, nil)
	below.want(t, "409 ROLE_NOT_OWN", http.MethodDelete, roles+"/"+officers.ID, nil, nil)

	// Open, it can be copied and changed.
	admin.want(t, "200", http.MethodPost, roles+"/"+officers.ID+":publish", object{"template": "open"}, &officers)
	var mine roleReply
	below.want(t, "200", http.MethodPost, roles+"/"+officers.ID+":copy", object{"code": "officer", "titleZh": "我们的干部"}, &mine)
	if mine.Origin != "own" || slices.IndexFunc(mine.Capabilities, func(c struct {
		Capability, Effect string
		Inherited          bool
	},
	) bool {
		return c.Capability == "member.import" && c.Effect == "deny"
	}) < 0 {
		t.Errorf("copied: %+v", mine)
	}
	var kept []object
	for _, c := range mine.Capabilities {
		if c.Capability != "member.import" {
			kept = append(kept, object{"capability": c.Capability})
		}
	}
	change := object{"titleZh": "我们的干部", "version": mine.Version, "capabilities": append(kept, object{"capability": "member.import"})}
	below.want(t, "200", http.MethodPut, roles+"/"+mine.ID, change, nil)
	below.want(t, "409 ACCESS_STALE", http.MethodPut, roles+"/"+mine.ID, change, nil)
	officer.soon(t, five, 200, http.MethodGet, "/v1/imports")
	below.want(t, "200", http.MethodDelete, roles+"/"+mine.ID, nil, nil)
	officer.soon(t, five, 403, http.MethodGet, "/v1/imports") // the open template from above stands in again

	var list struct {
		Roles         []roleReply
		NextPageToken string
	}
	below.want(t, "200", http.MethodGet, roles+"?pageSize=3", nil, &list)
	seen := len(list.Roles)
	for list.NextPageToken != "" {
		token := list.NextPageToken
		list.NextPageToken = ""
		below.want(t, "200", http.MethodGet, roles+"?pageSize=3&pageToken="+token, nil, &list)
		seen += len(list.Roles)
	}
	if seen != 8 {
		t.Errorf("%d roles over the pages, want seven built-in ones and a template", seen)
	}
}

func TestGroupsAndSets(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	child, other := w.Body(t, b), w.Body(t, nil)
	admin, officer := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	var group struct {
		ID      string
		Members int
		Version int
	}
	admin.want(t, "200", http.MethodPost, "/v1/access/groups", object{"name": "普查组"}, &group)
	admin.want(t, "409 NAME_TAKEN name", http.MethodPost, "/v1/access/groups", object{"name": "普查组"}, nil)
	admin.want(t, "400 INVALID_ARGUMENT name", http.MethodPost, "/v1/access/groups", object{"name": " "}, nil)
	path := "/v1/access/groups/" + group.ID
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "group", "id": group.ID}, "capability": "access.read", "scope": object{"kind": "body"},
	}, nil)
	officer.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/groups", nil, nil)
	admin.want(t, "200", http.MethodPost, path+"/members", object{"identityId": officer.identity}, &group)
	if group.Members != 1 {
		t.Errorf("%d members", group.Members)
	}
	officer.soon(t, five, 200, http.MethodGet, "/v1/access/groups")
	admin.want(t, "409 IN_USE", http.MethodDelete, path, nil, nil)
	var members struct{ Subjects []struct{ ID, Name string } }
	admin.want(t, "200", http.MethodGet, path+"/members", nil, &members)
	if len(members.Subjects) != 1 || members.Subjects[0].Name == "" {
		t.Errorf("members: %+v", members)
	}
	w.groupElsewhere(t, b, other, group.ID, officer.identity.String())
	admin.want(t, "200", http.MethodDelete, path+"/members/"+officer.identity.String(), nil, nil)
	officer.soon(t, five, 403, http.MethodGet, "/v1/access/groups")

	var set struct {
		ID        string
		BodyCodes []string
		Version   int
	}
	admin.want(t, "404 BODY_NOT_FOUND bodyCodes[1]", http.MethodPost, "/v1/access/sets", object{"name": "试点", "bodyCodes": []string{b.Code, other.Code}}, nil)
	admin.want(t, "200", http.MethodPost, "/v1/access/sets", object{"name": "试点", "bodyCodes": []string{b.Code}}, &set)
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "identity", "id": officer.identity}, "capability": "access.read", "scope": object{"kind": "set", "setId": set.ID},
	}, nil)
	officer.soon(t, five, 200, http.MethodGet, "/v1/access/sets")
	admin.want(t, "403 GRANT_BEYOND bodyCodes", http.MethodPut, "/v1/access/sets/"+set.ID,
		object{"name": "试点", "bodyCodes": []string{b.Code, child.Code}, "version": set.Version}, nil)
	admin.want(t, "409 IN_USE", http.MethodDelete, "/v1/access/sets/"+set.ID, nil, nil)

	var found struct{ Subjects []struct{ Kind, Name string } }
	admin.want(t, "200", http.MethodGet, "/v1/access/subjects", nil, &found)
	if len(found.Subjects) != 3 || found.Subjects[0].Kind != "group" {
		t.Errorf("subjects: %+v", found)
	}
}

func TestExplain(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	admin, officer := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	member := w.enrol(t, b, "member", b.Code, nil)
	type answer struct {
		Allowed        bool
		Level, Missing string
		Because        []struct {
			Standing, Effect string
			Grant            *struct{ ID string }
		}
		Givers []struct{ Name, Note string }
		Parts  []string
	}
	ask := func(who *person, capability string) (a answer) {
		t.Helper()
		admin.want(t, "200", http.MethodGet, "/v1/access/explain?identityId="+who.identity.String()+"&capability="+capability, nil, &a)
		return a
	}
	if a := ask(officer, "member.read"); !a.Allowed || a.Level != "full" || len(a.Because) != 1 || a.Because[0].Standing != "decides" || a.Because[0].Grant != nil {
		t.Errorf("an officer's place: %+v", a)
	}
	if a := ask(officer, "member.export"); a.Allowed || a.Missing != "nothing_granted" || len(a.Givers) != 1 || a.Givers[0].Note != "admin" {
		t.Errorf("nothing granted: %+v", a)
	}
	if a := ask(member, "member.own"); !a.Allowed || len(a.Parts) != 1 || a.Parts[0] != "self" {
		t.Errorf("a member's own file: %+v", a)
	}
	if a := ask(officer, "member.fly"); a.Allowed || a.Missing != "unknown_capability" {
		t.Errorf("unknown: %+v", a)
	}
	grant := func(more object) {
		t.Helper()
		in := object{"subject": object{"kind": "identity", "id": officer.identity}, "capability": "member.export", "scope": object{"kind": "body"}}
		for k, v := range more {
			in[k] = v
		}
		admin.want(t, "200", http.MethodPost, "/v1/access/grants", in, nil)
	}
	grant(object{"validFrom": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	if a := ask(officer, "member.export"); a.Missing != "not_yet" || len(a.Because) != 1 || a.Because[0].Standing != "not_yet" {
		t.Errorf("not yet: %+v", a)
	}
	grant(nil)
	if a := ask(officer, "member.export"); !a.Allowed || a.Because[0].Standing != "decides" || a.Because[0].Grant == nil {
		t.Errorf("granted: %+v", a)
	}
	grant(object{"effect": "deny"})
	if a := ask(officer, "member.export"); a.Allowed || a.Missing != "denied" || a.Because[0].Effect != "deny" {
		t.Errorf("denied: %+v", a)
	}
	var own answer
	member.want(t, "200", http.MethodGet, "/v1/access/explain:own?capability=member.read", nil, &own)
	if own.Allowed || own.Missing != "nothing_granted" {
		t.Errorf("own: %+v", own)
	}
	member.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/explain?identityId="+officer.identity.String()+"&capability=member.read", nil, nil)
	admin.want(t, "404 SUBJECT_NOT_FOUND subject.id", http.MethodGet, "/v1/access/explain?identityId="+b.ID.String()+"&capability=member.read", nil, nil)
}

func TestRightsGoWithThePost(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	admin := w.enrol(t, b, "admin", b.Code, nil)
	var dept, post, first, second, appointment struct{ ID string }
	admin.want(t, "200", http.MethodPost, "/v1/depts", object{"name": "办公室"}, &dept)
	admin.want(t, "200", http.MethodPost, "/v1/posts", object{"deptId": dept.ID, "name": "主任", "headcount": 1}, &post)
	admin.want(t, "200", http.MethodPost, "/v1/officers", object{"name": "甲", "phone": "13900000001"}, &first)
	admin.want(t, "200", http.MethodPost, "/v1/officers", object{"name": "乙", "phone": "13900000002"}, &second)
	firstRef, secondRef := uuidOf(t, first.ID), uuidOf(t, second.ID)
	old, heir := w.enrol(t, b, "officer", b.Code, &firstRef), w.enrol(t, b, "officer", b.Code, &secondRef)
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "post", "id": post.ID}, "capability": "access.read", "scope": object{"kind": "body"},
	}, nil)
	today := time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	admin.want(t, "200", http.MethodPost, "/v1/appointments", object{"officerId": first.ID, "postId": post.ID, "startOn": "2026-01-01"}, &appointment)
	t.Logf("appointed after %s", old.soon(t, five, 200, http.MethodGet, "/v1/access/roles"))
	heir.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/roles", nil, nil)
	admin.want(t, "400 APPOINTMENT_DATES on", http.MethodPost, "/v1/appointments/"+appointment.ID+":handOver", object{"officerId": second.ID, "on": "2025-12-31"}, nil)
	admin.want(t, "409 APPOINTMENT_DUPLICATE officerId", http.MethodPost, "/v1/appointments/"+appointment.ID+":handOver", object{"officerId": first.ID, "on": today}, nil)
	admin.want(t, "200", http.MethodPost, "/v1/appointments/"+appointment.ID+":handOver", object{"officerId": second.ID, "on": today}, &appointment)
	t.Logf("handed over after %s", heir.soon(t, five, 200, http.MethodGet, "/v1/access/roles"))
	old.soon(t, five, 403, http.MethodGet, "/v1/access/roles")
	// Who leaves gives up his posts, and what hangs on them.
	var officer object
	admin.want(t, "200", http.MethodGet, "/v1/officers?query=乙", nil, &officer)
	row := officer["officers"].([]any)[0].(map[string]any)
	admin.want(t, "200", http.MethodPut, "/v1/officers/"+second.ID, object{"name": "乙", "state": "left", "version": row["version"]}, nil)
	heir.soon(t, five, 403, http.MethodGet, "/v1/access/roles")
}

func TestAnInvitedOfficerHasThePost(t *testing.T) {
	w := open(t)
	b := w.Body(t, nil)
	admin := w.enrol(t, b, "admin", b.Code, nil)
	var dept, post, officer struct{ ID string }
	admin.want(t, "200", http.MethodPost, "/v1/depts", object{"name": "组织部"}, &dept)
	admin.want(t, "200", http.MethodPost, "/v1/posts", object{"deptId": dept.ID, "name": "部长", "headcount": 1}, &post)
	admin.want(t, "200", http.MethodPost, "/v1/officers", object{"name": "丙", "phone": "13700000003"}, &officer)
	admin.want(t, "200", http.MethodPost, "/v1/appointments", object{"officerId": officer.ID, "postId": post.ID, "startOn": "2026-01-01"}, nil)
	admin.want(t, "200", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "post", "id": post.ID}, "capability": "access.read", "scope": object{"kind": "body"},
	}, nil)
	var invitation struct{ URL, Role string }
	admin.want(t, "404 OFFICER_NOT_FOUND", http.MethodPost, "/v1/officers/"+post.ID+":invite", object{"role": "officer"}, nil)
	admin.want(t, "400 INVALID_ARGUMENT role", http.MethodPost, "/v1/officers/"+officer.ID+":invite", object{"role": "member"}, nil)
	admin.want(t, "200", http.MethodPost, "/v1/officers/"+officer.ID+":invite", object{"role": "officer"}, &invitation)
	token := invitation.URL[strings.LastIndexAny(invitation.URL, "#=/")+1:]
	guest := &person{world: w, host: b.Code + ".test"}
	guest.want(t, "200", http.MethodPost, "/v1/invitations:accept", object{"token": token, "password": "sturdy-Passw0rd"}, nil)
	guest.soon(t, five, 200, http.MethodGet, "/v1/access/roles")
	// Who takes the row over takes the posts with it.
	var row object
	admin.want(t, "200", http.MethodGet, "/v1/officers?query=丙", nil, &row)
	version := row["officers"].([]any)[0].(map[string]any)["version"]
	admin.want(t, "200", http.MethodPut, "/v1/officers/"+officer.ID, object{"name": "丙", "phone": "13700000004", "state": "working", "version": version}, nil)
	admin.want(t, "200", http.MethodPost, "/v1/officers/"+officer.ID+":invite", object{"role": "officer"}, &invitation)
	token = invitation.URL[strings.LastIndexAny(invitation.URL, "#=/")+1:]
	heir := &person{world: w, host: b.Code + ".test"}
	heir.want(t, "200", http.MethodPost, "/v1/invitations:accept", object{"token": token, "password": "sturdy-Passw0rd"}, nil)
	heir.soon(t, five, 200, http.MethodGet, "/v1/access/roles")
	guest.soon(t, five, 403, http.MethodGet, "/v1/access/roles")
}

func TestSightOnTheSupervisionHost(t *testing.T) {
	w := open(t)
	top := w.Body(t, nil)
	middle := w.Body(t, top)
	low, aside := w.Body(t, middle), w.Body(t, nil)
	admin := w.enrol(t, top, "admin", top.Code, nil)
	supervisor, officer := w.enrol(t, top, "supervisor", "hq", nil), w.enrol(t, top, "officer", "hq", nil)
	figures := func(b *pgtest.Body) string { return "/v1/figures/" + b.Code }
	children := func(of *person, b *pgtest.Body) (codes []string) {
		t.Helper()
		var reply struct{ Bodies []struct{ Code string } }
		of.want(t, "200", http.MethodGet, "/v1/bodies/"+b.Code+"/children", nil, &reply)
		for _, c := range reply.Bodies {
			codes = append(codes, c.Code)
		}
		return codes
	}
	for _, b := range []*pgtest.Body{top, middle, low} {
		supervisor.soon(t, five, 200, http.MethodGet, figures(b))
	}
	supervisor.want(t, "404 BODY_NOT_FOUND code", http.MethodGet, figures(aside), nil, nil)

	// An officer looks at his own body, and one level further once he is given that.
	officer.want(t, "200", http.MethodGet, figures(top), nil, nil)
	officer.want(t, "404 BODY_NOT_FOUND code", http.MethodGet, figures(middle), nil, nil)
	if got := children(officer, top); len(got) != 0 {
		t.Errorf("below the own body an officer sees %v", got)
	}
	for _, capability := range []string{"rollup.read", "directory.tree"} {
		_ = admin.world.DB.Platform(admin.world.acting(top, admin, "admin"), func(ctx context.Context, db tenant.DBTX) error {
			g := access.Gift{
				Body: top.ID, SubjectKind: "identity", Subject: officer.identity, Capability: capability, Scope: policy.Subtree, Depth: 1,
				Anchor: top.ID, Level: access.Aggregate, Mode: policy.Use, From: time.Now().Add(-time.Minute),
			}
			_, err := g.Insert(ctx, db)
			return err
		})
	}
	officer.soon(t, five, 200, http.MethodGet, figures(middle))
	officer.want(t, "404 BODY_NOT_FOUND code", http.MethodGet, figures(low), nil, nil)
	if got := children(officer, top); len(got) != 1 || got[0] != middle.Code {
		t.Errorf("one level below: %v", got)
	}
	if got := children(officer, middle); len(got) != 0 {
		t.Errorf("two levels below: %v", got)
	}
	officer.want(t, "200", http.MethodGet, "/v1/bodies:search?query="+middle.Code, nil, nil)

	// A supervisor is kept out of one body.
	admin.want(t, "403 GRANT_BEYOND scope", http.MethodPost, "/v1/access/grants", object{
		"subject": object{"kind": "identity", "id": supervisor.identity}, "capability": "rollup.read", "effect": "deny",
		"scope": object{"kind": "body", "anchorCode": middle.Code},
	}, nil)
	_ = w.DB.Platform(w.acting(top, admin, "admin"), func(ctx context.Context, db tenant.DBTX) error {
		g := access.Gift{
			Body: top.ID, SubjectKind: "identity", Subject: supervisor.identity, Capability: "rollup.read", Scope: policy.Whole, Anchor: middle.ID,
			Level: access.Aggregate, Deny: true, Mode: policy.Both, From: time.Now().Add(-time.Minute),
		}
		_, err := g.Insert(ctx, db)
		return err
	})
	supervisor.soon(t, five, 404, http.MethodGet, figures(middle))
	supervisor.want(t, "200", http.MethodGet, figures(low), nil, nil)
}
