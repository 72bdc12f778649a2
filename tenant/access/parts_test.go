package access_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gonghui/app/kit/cnid"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
)

// seen is a person of the test, as answers show him, with what hangs on him.
type seen struct {
	ID              string
	Version         int
	Fields          struct{ Name, DeptID string }
	number          string // ID number
	request, wanted string // a change that he asks for; somebody whom his department would have had
	wantedName      string
	officer         string // name of an officer of his department
}

// fields is the n-th valid file. Surnames are the same, so that a search finds them all.
func fields(n int, dept string) object {
	head := fmt.Sprintf("110105%s%03d", time.Date(1960, 1, 1+n, 0, 0, 0, 0, time.UTC).Format("20060102"), 2*n%1000)
	f := object{"name": fmt.Sprintf("欧阳%c%c", '一'+n, '丁'+n), "idKind": "citizen_id", "idNumber": head + string(cnid.CheckDigit(head)), "phone": fmt.Sprintf("137%08d", n)}
	if dept != "" {
		f["deptId"] = dept
	}
	return f
}

// probe asks one door about the two.
type probe struct {
	in      object // of the request
	lists   bool   // it names nobody: it must show the one and not the other
	missing string // what it answers about the other, 404 MEMBER_NOT_FOUND
	target  func(s *seen) string
}

func memberOf(s *seen) string { return s.ID }

// probes are all doors that a right to a part of a body opens. Whoever adds one says here how it is cut.
var probes = map[string]probe{
	"GET /v1/members":                  {lists: true},
	"GET /v1/members/{id}":             {target: memberOf},
	"POST /v1/members":                 {}, // tried apart: it makes somebody
	"PUT /v1/members/{id}":             {}, // tried apart: it takes a version
	"POST /v1/members/{id}:end":        {}, // tried apart: what follows needs the member
	"POST /v1/members/{id}:restore":    {}, // tried apart: after the end
	"POST /v1/members/{id}:reveal":     {target: memberOf, in: object{"reason": "核对证件"}},
	"GET /v1/members/{id}/events":      {target: memberOf},
	"POST /v1/members/{id}:invite":     {target: memberOf, in: object{}},
	"POST /v1/members:check":           {}, // tried apart: it names a number
	"POST /v1/members:export":          {lists: true, in: object{"reason": "年度核对", "format": "csv"}},
	"GET /v1/duplicates":               {lists: true},
	"POST /v1/duplicates/{id}:dismiss": {target: func(s *seen) string { return s.wanted }, in: object{}, missing: "404 DUPLICATE_NOT_FOUND"},
	"GET /v1/requests":                 {lists: true},
	"POST /v1/requests/{id}:decide":    {target: func(s *seen) string { return s.request }, in: object{"approve": true}, missing: "404 REQUEST_NOT_FOUND"},
	"GET /v1/officers":                 {lists: true},
	"GET /v1/depts":                    {}, // how the body is built tells of nobody
	"GET /v1/posts":                    {},
}

// partDoors are the doors of capabilities that may be held in a part of a body.
func (w *world) partDoors() (cut, whole []string) {
	for _, r := range w.routes {
		if r.Realm == modulev1.Realm_REALM_SUPERVISION {
			continue
		}
		name, _, _ := strings.Cut(r.Capability, ".")
		info := module.Named(name)
		if info == nil || info.Capability(r.Capability) == nil || info.Capability(r.Capability).HeldBy("member") {
			continue
		}
		if len(info.Capability(r.Capability).Parts) > 0 {
			cut = append(cut, r.Method+" "+r.Path)
		} else if r.Input != nil {
			whole = append(whole, r.Method+" "+r.Path)
		}
	}
	return cut, whole
}

func TestEveryDoorOfAPartIsCut(t *testing.T) {
	cut, _ := open(t).partDoors()
	known := map[string]bool{}
	for _, door := range cut {
		known[door] = true
		if _, ok := probes[door]; !ok {
			t.Errorf("%s may be held in part: say in probes how it is cut", door)
		}
	}
	for door := range probes {
		if !known[door] {
			t.Errorf("%s is no door of a right in part", door)
		}
	}
}

// admit enters a member, or fails.
func (p *person) admit(t *testing.T, n int, dept string) *seen {
	t.Helper()
	f := fields(n, dept)
	s := &seen{number: f["idNumber"].(string)}
	p.want(t, "200", http.MethodPost, "/v1/members", object{"fields": f}, s)
	return s
}

// made is the id of what a call makes.
func (p *person) made(t *testing.T, path string, in object) string {
	t.Helper()
	var out struct{ ID string }
	p.want(t, "200", http.MethodPost, path, in, &out)
	return out.ID
}

// TestRightsInPart gives one person a department and another what he entered himself, and has each try every door.
func TestRightsInPart(t *testing.T) {
	w := open(t)
	b, other := w.Body(t, nil), w.Body(t, nil)
	admin, elsewhere := w.enrol(t, b, "admin", b.Code, nil), w.enrol(t, other, "admin", other.Code, nil)
	// Officers hold nothing here but what they are granted.
	admin.made(t, "/v1/access/roles", object{"code": "officer", "titleZh": "干部", "capabilities": []object{{"capability": "org.profile"}}})
	north, south := admin.made(t, "/v1/depts", object{"name": "北厂"}), admin.made(t, "/v1/depts", object{"name": "南厂"})
	ofNorth, ofOwn := w.enrol(t, b, "officer", b.Code, nil), w.enrol(t, b, "officer", b.Code, nil)
	ofNorth.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/members", nil, nil)
	for _, capability := range []string{"member.read", "member.write", "member.export", "member.reveal", "org.read"} {
		give := object{"subject": object{"kind": "identity", "id": ofNorth.identity}, "capability": capability, "scope": object{"kind": "department", "departmentIds": []string{north}}}
		admin.made(t, "/v1/access/grants", give)
		if capability != "org.read" {
			give["subject"], give["scope"] = object{"kind": "identity", "id": ofOwn.identity}, object{"kind": "own"}
			admin.made(t, "/v1/access/grants", give)
		}
	}
	ofNorth.soon(t, five, 200, http.MethodGet, "/v1/officers")
	ofOwn.soon(t, five, 200, http.MethodGet, "/v1/members")

	n := 0
	next := func() int { n++; return n }
	// complete hangs everything on a member whom by entered, for a department.
	complete := func(s *seen, by *person, dept string) *seen {
		ref := uuidOf(t, s.ID)
		s.request = w.enrol(t, b, "member", b.Code, &ref).made(t, "/v1/own/requests", object{"fields": object{"idKind": "citizen_id", "name": s.Fields.Name, "job": "钳工"}})
		far := fields(next(), "")
		elsewhere.want(t, "200", http.MethodPost, "/v1/members", object{"fields": far}, nil)
		if dept != "" {
			far["deptId"] = dept
		}
		by.want(t, "409 MEMBER_ELSEWHERE fields.idNumber", http.MethodPost, "/v1/members", object{"fields": far}, nil)
		var list struct{ Duplicates []struct{ ID, Name string } }
		by.want(t, "200", http.MethodGet, "/v1/duplicates", nil, &list)
		if len(list.Duplicates) == 0 || list.Duplicates[0].Name != far["name"] {
			t.Fatalf("who wanted somebody is not shown it: %+v", list)
		}
		s.wanted, s.wantedName = list.Duplicates[0].ID, list.Duplicates[0].Name
		if dept != "" {
			s.officer = "干事" + itoa(n)
			officer := admin.made(t, "/v1/officers", object{"name": s.officer, "phone": fmt.Sprintf("136%08d", n)})
			post := admin.made(t, "/v1/posts", object{"deptId": dept, "name": "干事", "headcount": 1})
			admin.made(t, "/v1/appointments", object{"officerId": officer, "postId": post, "startOn": "2020-01-01"})
		}
		return s
	}
	out := complete(admin.admit(t, next(), south), admin, south)
	for name, who := range map[string]struct {
		*person
		dept string
	}{"department": {ofNorth, north}, "own": {ofOwn, ""}} {
		t.Run(name, func(t *testing.T) {
			in := complete(who.admit(t, next(), who.dept), who.person, who.dept)
			if in.Fields.DeptID != who.dept {
				t.Errorf("admitted into %q", in.Fields.DeptID)
			}
			// Lists first: what is asked of one person may take him off them.
			doors := slices.SortedFunc(maps.Keys(probes), func(a, b string) int {
				return cmp.Or(rank(a)-rank(b), cmp.Compare(a, b))
			})
			for _, door := range doors {
				p := probes[door]
				method, path, _ := strings.Cut(door, " ")
				var body any
				if method != http.MethodGet {
					body = p.in
				}
				switch {
				case p.lists && strings.HasSuffix(path, "officers") && who.dept == "":
					who.want(t, "403 FORBIDDEN", method, path, body, nil)
				case p.lists:
					code, raw := who.call(t, method, path, body, nil)
					if code != 200 || !contains(raw, []string{in.Fields.Name, in.wantedName, in.officer}) || contains(raw, []string{out.Fields.Name, out.wantedName, out.officer}) {
						t.Errorf("%s: %d %s", door, code, raw)
					}
				case p.target != nil:
					missing := "404 MEMBER_NOT_FOUND"
					if p.missing != "" {
						missing = p.missing
					}
					who.want(t, missing, method, strings.Replace(path, "{id}", p.target(out), 1), body, nil)
					who.want(t, "200", method, strings.Replace(path, "{id}", p.target(in), 1), body, nil)
				}
			}
			who.changes(t, in, out, south)
			who.counts(t, out)
		})
	}
}

// rank puts doors of lists before those that name somebody.
func rank(door string) int {
	if probes[door].lists {
		return 0
	}
	return 1
}

// contains reports whether an answer shows one of the names.
func contains(raw string, names []string) bool {
	for _, name := range names {
		if name != "" && strings.Contains(raw, name) {
			return true
		}
	}
	return false
}

// changes tries what makes and ends members.
func (p *person) changes(t *testing.T, in, out *seen, far string) {
	t.Helper()
	put := func(s *seen, version int, dept string) (string, object) {
		return "/v1/members/" + s.ID, object{"version": version, "fields": object{"name": s.Fields.Name, "idKind": "citizen_id", "deptId": dept, "job": "班长"}}
	}
	path, body := put(out, 1, far)
	p.want(t, "404 MEMBER_NOT_FOUND", http.MethodPut, path, body, nil)
	var now seen
	p.want(t, "200", http.MethodGet, "/v1/members/"+in.ID, nil, &now)
	if in.Fields.DeptID != "" {
		path, body = put(in, now.Version, far)
		p.want(t, "403 MEMBER_DEPT fields.deptId", http.MethodPut, path, body, nil)
		f := fields(400, far)
		p.want(t, "403 MEMBER_DEPT fields.deptId", http.MethodPost, "/v1/members", object{"fields": f}, nil)
		f["deptId"] = "00000000-0000-7000-8000-000000000000"
		p.want(t, "404 MEMBER_DEPT fields.deptId", http.MethodPost, "/v1/members", object{"fields": f}, nil)
	}
	path, body = put(in, now.Version, in.Fields.DeptID)
	p.want(t, "200", http.MethodPut, path, body, nil)
	for _, row := range []struct{ verb, state string }{{"end", "withdrawn"}, {"restore", ""}} {
		body := object{"reason": "调离"}
		if row.state != "" {
			body["state"] = row.state
		}
		p.want(t, "404 MEMBER_NOT_FOUND", http.MethodPost, "/v1/members/"+out.ID+":"+row.verb, body, nil)
		p.want(t, "200", http.MethodPost, "/v1/members/"+in.ID+":"+row.verb, body, nil)
	}
	var found struct{ State, MemberID string }
	p.want(t, "200", http.MethodPost, "/v1/members:check", object{"idKind": "citizen_id", "idNumber": in.number}, &found)
	if found.State != "here" || found.MemberID != in.ID {
		t.Errorf("the one: %+v", found)
	}
	p.want(t, "200", http.MethodPost, "/v1/members:check", object{"idKind": "citizen_id", "idNumber": out.number}, &found)
	if found.State != "here" || found.MemberID != "" {
		t.Errorf("the other: %+v", found)
	}
}

// counts looks at what is counted and found, and at the doors that a right in part does not open.
func (p *person) counts(t *testing.T, out *seen) {
	t.Helper()
	var list struct {
		Members []seen
		Total   string
		Open    string
	}
	p.want(t, "200", http.MethodGet, "/v1/members", nil, &list)
	if list.Total != "1" || len(list.Members) != 1 {
		t.Errorf("counted %s, listed %d", list.Total, len(list.Members))
	}
	p.want(t, "200", http.MethodGet, "/v1/members?query=%E6%AC%A7%E9%98%B3&state=all", nil, &list)
	if len(list.Members) != 1 || list.Members[0].ID == out.ID {
		t.Errorf("found %+v", list.Members)
	}
	p.want(t, "200", http.MethodGet, "/v1/requests", nil, &list)
	if list.Open != "0" && list.Open != "" {
		t.Errorf("%s requests are open for whom they do not concern", list.Open)
	}
	_, whole := p.world.partDoors()
	if len(whole) < 20 {
		t.Fatalf("%d doors", len(whole))
	}
	for _, door := range whole {
		method, path, _ := strings.Cut(door, " ")
		if code, raw := p.call(t, method, strings.ReplaceAll(path, "{id}", out.ID), object{}, nil); code == 200 && door != "GET /v1/profile" {
			t.Errorf("%s opens to a right in part: %s", door, raw)
		}
	}
}
