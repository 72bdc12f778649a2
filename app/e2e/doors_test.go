package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	_ "gonghui/app/all"
	"gonghui/app/kit/crypt"
	"gonghui/app/server"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// doors lists every RPC and route of the product, as a server tells it that nobody calls.
func doors(t *testing.T) []server.Route {
	t.Helper()
	ring, err := crypt.Create(filepath.Join(t.TempDir(), "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := tenant.Open(context.Background(), tenant.Config{DSN: "postgres://nobody@127.0.0.1:1/none", Prefix: "x", Secret: ring.Secret()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := server.New(server.Config{Base: "test", Listener: l, Demo: true}, db, ring, redis.NewClient(&redis.Options{}), nil, os.DirFS(t.TempDir()), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	routes := s.Routes()
	if len(routes) < 40 {
		t.Fatalf("only %d doors", len(routes))
	}
	return routes
}

// sample makes requests that the rules of a proto accept. ids gives the id for a kind of row: "member", "dept", …; code is
// that of a body.
type sample struct {
	ids  map[string]string
	code string
}

const patternOfDays = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`

// patterns of codes that must not be empty, each with a text that fits. Patterns that accept the empty text need none.
var patterns = map[string]string{
	`^[a-z]+\.[a-z_]+$`:                  "member.active",
	`^[a-z]{2,20}$`:                      "member",
	`^#[0-9A-Fa-f]{6}$`:                  "#c7000b",
	patternOfDays:                        "2020-01-02",
	`^[a-z0-9]{2,24}$`:                   "",
	`^[0-9]{6}$`:                         "000000",
	`^[0-9]{10}$`:                        "1000000000",
	`^[0-9a-z-]{1,40}$`:                  "",
	`^[a-z][a-z0-9_]{1,23}$`:             "sample",
	`^[a-z][a-z0-9._-]{1,47}$`:           "members",
	`^[a-z]{2,20}(\.[a-z_]{1,40}){1,3}$`: "member.read",
	`^[a-z][A-Za-z0-9_.]{1,60}$`:         "member.title",
}

// idKind is the kind of row that a field of a message names, or "".
func idKind(message, field string) string {
	kinds := []string{
		"import", "dept", "post", "officer", "appointment", "session", "invitation", "identity", "duplicate", "request", "grant", "group", "set", "role", "member",
		"client", "app", "merge", "passkey", "authorization", "person", "check", "act", "meeting", "recording", "paper", "place",
	}
	switch {
	case message == "Subject", message == "ExplainRequest" && field == "subject_id":
		return "identity"
	case strings.HasSuffix(message, "AppBuildRequest"), message == "RollBackAppRequest":
		return "app_build"
	case strings.HasSuffix(message, "AppReleaseRequest"), message == "SetAppShareRequest":
		return "app_release"
	case strings.HasSuffix(message, "FleetRebuildRequest"):
		return "app_rebuild"
	case message == "UpdateAppRequest": // WeChat's
		return ""
	case message == "MemberFields": // of no department: one of another body is refused
		return ""
	case message == "RevokeOwnAppRequest", message == "ListSignInsRequest", message == "RotateSecretRequest":
		return "client"
	case field == "vote":
		return "vote"
	case message == "ListMessagesRequest", message == "ListAttendanceRequest", message == "ListVotesRequest", message == "ListVotersRequest", message == "ListReceiptsRequest",
		message == "AnswerMeetingRequest" && field == "id", message == "ListAnswersRequest", strings.HasSuffix(message, "AgendaRequest") && field == "id",
		message == "DismissReminderRequest", message == "ListSubstitutesRequest", strings.HasSuffix(message, "MinutesRequest"):
		return "meeting"
	case message == "ListConsentsRequest":
		return "recording"
	case message == "HandOverRequest" && field == "id":
		return "appointment"
	case message == "PublishTemplateRequest", field == "parent_id" && strings.HasSuffix(message, "RoleRequest"):
		return "role"
	case field == "parent_id":
		return "dept"
	}
	name, named := strings.CutSuffix(field, "_id")
	if !named && field == "id" {
		name = strings.ToLower(strings.TrimSuffix(message, "Request"))
	}
	for _, k := range kinds {
		if strings.Contains(name, k) {
			return k
		}
	}
	return supervised[message]
}

// message fills every field. It fails the test for a field it knows no value for: then a row is missing here.
func (s sample) message(t *testing.T, d protoreflect.MessageDescriptor) *dynamicpb.Message {
	t.Helper()
	m := dynamicpb.NewMessage(d)
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		switch {
		case f.IsList() && f.Kind() == protoreflect.MessageKind:
			m.Mutable(f).List().Append(protoreflect.ValueOfMessage(s.message(t, f.Message())))
		case f.IsList() && f.Kind() == protoreflect.StringKind:
			if r := rules(f).GetRepeated(); r.GetMinItems() > 0 {
				item := s.code
				if in := r.GetItems().GetString().GetIn(); len(in) > 0 {
					item = in[0]
				}
				m.Mutable(f).List().Append(protoreflect.ValueOfString(item))
			}
		case f.Kind() == protoreflect.MessageKind && f.Message().FullName() == "google.protobuf.Timestamp":
		case f.IsList() && f.Kind() == protoreflect.Int32Kind:
			if in := rules(f).GetRepeated().GetItems().GetInt32().GetIn(); len(in) > 0 {
				m.Mutable(f).List().Append(protoreflect.ValueOfInt32(in[0]))
			}
		case f.IsList() || f.IsMap():
			t.Fatalf("%s: no sample for a list or a map", f.FullName())
		case f.Kind() == protoreflect.MessageKind:
			m.Set(f, protoreflect.ValueOfMessage(s.message(t, f.Message())))
		case f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(s.text(t, f)))
		case f.Kind() == protoreflect.Int32Kind && len(rules(f).GetInt32().GetIn()) > 0:
			m.Set(f, protoreflect.ValueOfInt32(rules(f).GetInt32().GetIn()[0]))
		case f.Kind() == protoreflect.Int32Kind && (f.Name() == "version" || f.Name() == "revision"):
			m.Set(f, protoreflect.ValueOfInt32(99)) // one that nobody has seen: what stands is not changed
		case f.Kind() == protoreflect.Int32Kind:
			m.Set(f, protoreflect.ValueOfInt32(int32(rules(f).GetInt32().GetGte())))
		case f.Kind() == protoreflect.BytesKind:
			m.Set(f, protoreflect.ValueOfBytes([]byte("sample")))
		case f.Kind() == protoreflect.BoolKind:
			m.Set(f, protoreflect.ValueOfBool(f.Name() == "on"))
		default:
			t.Fatalf("%s: no sample for kind %s", f.FullName(), f.Kind())
		}
	}
	return m
}

func (s sample) text(t *testing.T, f protoreflect.FieldDescriptor) string {
	t.Helper()
	r := rules(f).GetString()
	if kind := idKind(string(f.Parent().Name()), string(f.Name())); kind != "" && (r.GetUuid() || strings.HasSuffix(string(f.Name()), "_id")) {
		if s.ids[kind] == "" {
			t.Fatalf("%s: no row of kind %s", f.FullName(), kind)
		}
		return s.ids[kind]
	}
	switch f.Name() {
	case "phone":
		return fmt.Sprintf("135%08d", next())
	case "id_number":
		return idNumber()
	}
	switch {
	case r.GetUuid():
		t.Fatalf("%s: which row is this the id of?", f.FullName())
	case len(r.GetIn()) > 0:
		return r.GetIn()[min(1, len(r.GetIn())-1)]
	case r.HasPattern():
		re, err := regexp.Compile(r.GetPattern())
		if err != nil {
			t.Fatalf("%s: %v", f.FullName(), err)
		}
		if re.MatchString("") {
			return ""
		}
		if f.Name() == "to" && r.GetPattern() == patternOfDays {
			return "2020-01-03" // of a time that is not empty
		}
		text, known := patterns[r.GetPattern()]
		if !known {
			t.Fatalf("%s: no text for the pattern %s", f.FullName(), r.GetPattern())
		}
		if text == "" {
			text = s.code
		}
		return text
	case f.Name() == "page_token", f.Name() == "logo", f.Name() == "dept_id":
		return ""
	case r.GetMinLen() > 8:
		return strings.Repeat("x", int(r.GetMinLen()))
	case strings.Contains(string(f.Name()), "password"):
		return "some-Passw0rd"
	case f.Name() == "query":
		return "工会"
	}
	return "测试" + fmt.Sprint(next())
}

// rules are what the proto asks of a field; never nil.
func rules(f protoreflect.FieldDescriptor) *validate.FieldRules {
	r, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
	if r == nil {
		r = &validate.FieldRules{}
	}
	return r
}

// outside leaves out the doors that nobody comes to from outside.
func outside(routes []server.Route) []server.Route {
	return slices.DeleteFunc(slices.Clone(routes), func(r server.Route) bool { return r.Capability == access.Inner })
}

// request is a call of a route over HTTP: what stands in the path, and what in the query or the body.
type request struct {
	method, path string
	query        url.Values
	body         map[string]any // nil for a route that takes none
}

var variable = regexp.MustCompile(`\{(\w+)\}`)

// request writes a message as a call of the route.
func (s sample) request(t *testing.T, r server.Route) request {
	t.Helper()
	if r.Input == nil {
		path := strings.NewReplacer("/imports/{id}", "/imports/"+s.ids["import"], "/builds/{id}", "/builds/"+s.ids["app_build"], "/meetings/{id}", "/meetings/"+s.ids["meeting"], "/recordings/{id}", "/recordings/"+s.ids["recording"], "/papers/{id}", "/papers/"+s.ids["paper"]).Replace(r.Path)
		return request{method: r.Method, path: path, query: url.Values{"code": {token(16)}}}
	}
	return asRequest(t, r, s.message(t, r.Input))
}

func asRequest(t *testing.T, r server.Route, m proto.Message) request {
	t.Helper()
	raw, err := protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if r.Path == "" {
		return request{method: http.MethodPost, path: r.Operation, body: all}
	}
	q := request{method: r.Method}
	q.path = variable.ReplaceAllStringFunc(r.Path, func(v string) string {
		name := r.Input.Fields().ByName(protoreflect.Name(v[1 : len(v)-1])).JSONName()
		text := fmt.Sprint(all[name])
		delete(all, name)
		return url.PathEscape(text)
	})
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		q.body = all
		return q
	}
	q.query = url.Values{}
	for name, v := range all {
		if text := fmt.Sprint(v); v != nil && text != "" {
			q.query.Set(name, text)
		}
	}
	return q
}

// target is path and query as they stand in a request line.
func (q request) target() string {
	if len(q.query) == 0 {
		return q.path
	}
	return q.path + "?" + q.query.Encode()
}

// raw is the body as it is sent.
func (q request) raw() []byte {
	if q.body == nil {
		return nil
	}
	raw, err := json.Marshal(q.body)
	if err != nil {
		panic(err)
	}
	return raw
}

// leaked returns the first of the marks that stand in the text.
func leaked(text []byte, marks []string) string {
	i := slices.IndexFunc(marks, func(m string) bool { return bytes.Contains(text, []byte(m)) })
	if i < 0 {
		return ""
	}
	return marks[i]
}

// output is what an RPC answers with.
func output(t *testing.T, r server.Route) protoreflect.MessageDescriptor {
	t.Helper()
	service, method, _ := strings.Cut(strings.TrimPrefix(r.Operation, "/"), "/")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		t.Fatal(err)
	}
	return d.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(method)).Output()
}
