package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"gonghui/app/e2e/stack"
	modulev1 "gonghui/app/module/v1"
	"gonghui/app/server"
)

// broken is one field with a value that one of its rules forbids.
type broken struct {
	path  []protoreflect.FieldDescriptor // from the request down
	rule  string
	value protoreflect.Value // not valid: the field is left out
}

// name is the field's path in the JSON of the request.
func (b broken) name() string {
	var names []string
	for i, f := range b.path {
		name := f.JSONName()
		if f.IsList() && i < len(b.path)-1 {
			name += "[0]"
		}
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

// violations lists every rule of every field of a message, each with a value that breaks it.
func violations(t *testing.T, d protoreflect.MessageDescriptor, above []protoreflect.FieldDescriptor) []broken {
	t.Helper()
	var all []broken
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		path := append(append([]protoreflect.FieldDescriptor{}, above...), f)
		add := func(rule string, v any) {
			b := broken{path: path, rule: rule}
			if v != nil {
				b.value = protoreflect.ValueOf(v)
			}
			all = append(all, b)
		}
		r := rules(f)
		if f.IsList() && f.Kind() != protoreflect.MessageKind {
			continue
		}
		if f.Kind() == protoreflect.MessageKind {
			if r.GetRequired() {
				add("required", nil)
			}
			all = append(all, violations(t, f.Message(), path)...)
			continue
		}
		if s := r.GetString(); s != nil {
			if s.HasMinLen() {
				add("min_len", strings.Repeat("x", int(s.GetMinLen())-1))
			}
			if s.HasMaxLen() {
				add("max_len", strings.Repeat("字", int(s.GetMaxLen())+1))
			}
			if s.GetUuid() {
				add("uuid", "019a-not-an-id")
			}
			if len(s.GetIn()) > 0 {
				add("in", "something else")
			}
			if s.HasPattern() {
				add("pattern", "!")
				add("pattern at length", strings.Repeat("!", 5000))
			}
			add("control character", "a\u0000b")
			add("direction mark", "a\u2028b")
		} else if f.Kind() == protoreflect.StringKind {
			add("control character", "a\u0000b")
		}
		if n := r.GetInt32(); n != nil {
			if len(n.GetIn()) > 0 {
				add("in", n.GetIn()[len(n.GetIn())-1]+1)
				continue
			}
			add("gte", n.GetGte()-1)
			if n.HasLte() {
				add("lte", n.GetLte()+1)
			}
		}
	}
	return all
}

// put sets the value, or leaves the field out.
func (b broken) put(m protoreflect.Message) {
	for _, f := range b.path[:len(b.path)-1] {
		if f.IsList() {
			m = m.Mutable(f).List().Get(0).Message()
			continue
		}
		m = m.Mutable(f).Message()
	}
	last := b.path[len(b.path)-1]
	if b.value.IsValid() {
		m.Set(last, b.value)
	} else {
		m.Clear(last)
	}
}

// holder is who may use the door, and where.
func (r *run) holder(t *testing.T, route server.Route, body string) *stack.Client {
	t.Helper()
	switch {
	case route.Realm == modulev1.Realm_REALM_SUPERVISION && !holds(route.Capability, "supervisor"):
		return r.above(t, abroad)
	case route.Realm == modulev1.Realm_REALM_SUPERVISION:
		return r.signedIn(t, "supervisor", abroad)
	}
	for _, role := range []string{"admin", "officer", "member", "audit_admin"} {
		if route.Capability == "public" || route.Capability == "session" || holds(route.Capability, role) {
			return r.signedIn(t, role, body)
		}
	}
	t.Fatalf("nobody holds %s", route.Capability)
	return nil
}

// Every field of every request, each of its rules broken once: 400, the field by its name, the reason in both languages.
func TestEveryFieldOfEveryForm(t *testing.T) {
	r := product(t)
	p := r.plant(t, fuzzed, "表单")
	s := sample{ids: p.ids, code: fuzzed}
	tenant := r.Prefix + "_t_" + fuzzed
	before := r.database(t, tenant, "cell")
	tried, forms := 0, 0
	source := address()
	for _, route := range outside(doors(t)) {
		if route.Input == nil {
			continue
		}
		all := violations(t, route.Input, nil)
		if len(all) > 0 {
			forms++
		}
		client := r.holder(t, route, fuzzed)
		client.Source = source
		for _, b := range all {
			m := s.message(t, route.Input)
			b.put(m)
			q, ok := b.request(t, route, m)
			if !ok {
				continue
			}
			tried++
			var f failure
			status, raw, err := client.Do(q.method, q.target(), q.raw())
			if err != nil {
				t.Fatalf("%s %s: %v", route.Operation, b.name(), err)
			}
			if err := json.Unmarshal(raw, &f); err != nil {
				t.Errorf("%s, %s breaks %s: %d %s", route.Operation, b.name(), b.rule, status, short(string(raw)))
				continue
			}
			if status != http.StatusBadRequest || f.Reason != "INVALID_ARGUMENT" || f.Metadata["field"] != b.name() || !bilingual(f) {
				t.Errorf("%s, %s breaks %s: %d %s, field %q, %q, %q", route.Operation, b.name(), b.rule, status, f.Reason, f.Metadata["field"], f.Metadata["zh"], f.Metadata["en"])
			}
		}
	}
	t.Logf("%d rules of %d forms", tried, forms)
	unchanged(t, before, r.database(t, tenant, "cell"))
}

// request is the call; not every value can stand in a path.
func (b broken) request(t *testing.T, route server.Route, m *dynamicpb.Message) (request, bool) {
	t.Helper()
	text := ""
	if b.value.IsValid() && b.path[len(b.path)-1].Kind() == protoreflect.StringKind {
		text = b.value.String()
	}
	inPath := len(b.path) == 1 && strings.Contains(route.Path, "{"+string(b.path[0].Name())+"}")
	if inPath && (text == "" || len(text) > 1000) {
		return request{}, false
	}
	q := asRequest(t, route, m)
	if len(b.path) == 1 && !b.value.IsValid() {
		delete(q.body, b.path[0].JSONName())
	}
	return q, true
}

func bilingual(f failure) bool {
	chinese := strings.ContainsFunc(f.Metadata["zh"], func(r rune) bool { return r >= '\u4e00' && r <= '\u9fff' })
	return chinese && f.Metadata["en"] != "" && f.Metadata["en"] != f.Metadata["zh"]
}

// What the rules of the proto cannot say is said in the same way.
func TestFieldsThatRulesCannotDescribe(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", fuzzed)
	hq := r.signedIn(t, "supervisor", abroad)
	member := func(change map[string]any) map[string]any {
		f := fields("填表人")
		for k, v := range change {
			f[k] = v
		}
		return map[string]any{"fields": f}
	}
	body := func(change map[string]any) map[string]any {
		b := map[string]any{"name": "填表工会委员会", "level": "grassroots", "kind": "grassroots_union", "parentCode": abroad}
		for k, v := range change {
			b[k] = v
		}
		return b
	}
	good := idNumber()
	wrongDigit := good[:17] + map[bool]string{true: "1", false: "0"}[good[17] == '0']
	for _, try := range []struct {
		client     *stack.Client
		path, want string
		body       map[string]any
	}{
		{admin, "/v1/members", "fields.idNumber", member(map[string]any{"idNumber": ""})},
		{admin, "/v1/members", "fields.idNumber", member(map[string]any{"idNumber": wrongDigit})},
		{admin, "/v1/members", "fields.idNumber", member(map[string]any{"idNumber": "44010320991231001X"})},
		{admin, "/v1/members", "fields.idNumber", member(map[string]any{"idKind": "passport", "idNumber": "护照"})},
		{admin, "/v1/members", "fields.phone", member(map[string]any{"phone": "12345678901"})},
		{admin, "/v1/members", "fields.birth", member(map[string]any{"birth": "2001-02-30"})},
		{admin, "/v1/members", "fields.birth", member(map[string]any{"birth": "1999-09-09"})},
		{admin, "/v1/members", "fields.sex", member(map[string]any{"idNumber": good, "sex": map[bool]string{true: "female", false: "male"}[(good[16]-'0')%2 == 1]})},
		{admin, "/v1/members", "fields.nation", member(map[string]any{"nation": "99"})},
		{admin, "/v1/members", "fields.education", member(map[string]any{"education": "01"})},
		{admin, "/v1/members", "fields.politicalStatus", member(map[string]any{"politicalStatus": "99"})},
		{admin, "/v1/members", "fields.joinedOn", member(map[string]any{"joinedOn": "2999-01-01"})},
		{admin, "/v1/members", "fields.joinedOn", member(map[string]any{"joinedOn": "1901-01-01"})},
		{admin, "/v1/members", "fields.name", member(map[string]any{"name": "　 "})},
		{admin, "/v1/officers", "phone", map[string]any{"name": "干部", "phone": "00000000000"}},
		{admin, "/v1/officers", "name", map[string]any{"name": "  ", "phone": "13800000001"}},
		{admin, "/v1/depts", "name", map[string]any{"name": "　"}},
		{admin, "/v1/invitations", "phone", map[string]any{"name": "某人", "phone": "123456789012", "role": "admin"}},
		{admin, "/v1/password:change", "newPassword", map[string]any{"oldPassword": stack.Password, "newPassword": "aaaaaaaaa"}},
		{admin, "/v1/password:change", "oldPassword", map[string]any{"oldPassword": "wrong", "newPassword": "Good-passw0rd"}},
		{admin, "/v1/session:handoff", "identityId", map[string]any{"identityId": "019a0000-0000-7000-8000-000000000000"}},
		{hq, "/v1/bodies", "creditCode", body(map[string]any{"creditCode": "81440000000000000X"})},
		{hq, "/v1/bodies", "foundedOn", body(map[string]any{"foundedOn": "2025-13-01"})},
		{hq, "/v1/bodies", "foundedOn", body(map[string]any{"foundedOn": "2999-01-01"})},
		{hq, "/v1/bodies", "parentCode", body(map[string]any{"parentCode": "zzzzzz"})},
		{hq, "/v1/bodies", "parentCode", body(map[string]any{"parentCode": province})},
		{hq, "/v1/bodies", "name", body(map[string]any{"name": "　　"})},
		{hq, "/v1/bodies/" + farCity + ":move", "parentCode", map[string]any{"line": "territorial", "parentCode": province}},
		{hq, "/v1/bodies/" + farCity + ":move", "effectiveOn", map[string]any{"line": "territorial", "parentCode": abroad, "effectiveOn": "2025-02-29"}},
	} {
		f := refused(t, try.client, "POST", try.path, try.body)
		if f.Code >= 500 || f.Metadata["field"] != try.want || !bilingual(f) {
			t.Errorf("POST %s %v: %d %s, field %q, want %q; %q, %q", try.path, try.body, f.Code, f.Reason, f.Metadata["field"], try.want, f.Metadata["zh"], f.Metadata["en"])
		}
	}
	for path, want := range map[string]string{
		"/v1/members?page_token=" + url.QueryEscape("不是"):                        "pageToken",
		"/v1/members?page_token=e30x":                                            "pageToken",
		"/v1/members?query=" + url.QueryEscape("a\u202eb"):                       "query",
		"/v1/members?page_size=many":                                             "query",
		"/v1/officers?page_token=bm9uZQ":                                         "pageToken",
		"/v1/invitations?page_token=bm9uZQ":                                      "pageToken",
		"/v1/bodies/" + city + "/children?page_token=bm9uZQ":                     "pageToken",
		"/v1/bodies/" + fuzzed + "/events?page_token=bm9uZQ":                     "pageToken",
		"/v1/bodies:search?query=" + url.QueryEscape("工") + "&page_token=bm9uZQ": "pageToken",
	} {
		if f := refused(t, admin, "GET", path, nil); f.Code != http.StatusBadRequest || f.Metadata["field"] != want || !bilingual(f) {
			t.Errorf("GET %s: %d %s, field %q, want %q", path, f.Code, f.Reason, f.Metadata["field"], want)
		}
	}
	for what, body := range map[string]string{
		"broken": `{"fields": {`, "a list": `[]`, "a number for a text": `{"fields": {"name": 5}}`, "a text for a message": `{"fields": "x"}`, "an unknown boolean": `{"fields": {"migrant": "yes"}}`,
	} {
		status, raw, err := admin.Do("POST", "/v1/members", []byte(body))
		var f failure
		if err != nil || json.Unmarshal(raw, &f) != nil || status != http.StatusBadRequest || f.Metadata["field"] != "body" || !bilingual(f) {
			t.Errorf("a body that is %s: %d %s %v", what, status, short(string(raw)), err)
		}
	}
	status, raw, err := admin.Do("POST", "/v1/members", []byte(`{"fields": {"name": "`+strings.Repeat("x", 3<<20)+`"}}`))
	if err == nil && status != http.StatusRequestEntityTooLarge {
		t.Errorf("three MiB: %d %s", status, short(string(raw)))
	}
	if f := refused(t, admin, "GET", "/v1/no/such/thing", nil); f.Code != http.StatusNotFound {
		t.Errorf("an unknown path: %d", f.Code)
	}
}
