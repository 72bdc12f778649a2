package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"gonghui/app/e2e/stack"
	modulev1 "gonghui/app/module/v1"
	"gonghui/app/server"
)

// nasty are texts that have broken programs before.
var nasty = []string{
	"", " ", "\x00", "a\x00b", "\xff\xfe", "\xc3\x28", "\xed\xa0\x80", "\ufeff", "\u202eابجد", "\u202eevil", "👩‍👩‍👧‍👦", "💥💥💥", "Ω≈ç√∫˜µ≤", "ﷺ", "田中さんにあげて下さい", "𠜎𠜱𠝹", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
	"' or 1=1 --", "'; drop table member; --", "\" or \"\"=\"", "1; select pg_sleep(10)", "%' or '%'='", "$1", "$$", "{{7*7}}", "${7*7}", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
	"javascript:alert(1)", "../../../../etc/passwd", "..\\..\\", "%00", "%2e%2e%2f", "\r\nSet-Cookie: a=b", "null", "undefined", "NaN", "Infinity", "-0", "0x10", "1e309", "9223372036854775808", "-9223372036854775809",
	"2147483648", "0000-00-00", "9999-99-99", "2025-02-30", "1970-01-01T00:00:00Z", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "019A0000-0000-7000-8000-00000000000G", "{019a0000-0000-7000-8000-000000000000}",
	"urn:uuid:019a0000-0000-7000-8000-000000000000", "%", "_", "%%", "\\", "\\u0000", "\t\n\r", "１２３４", "Ⅷ", "İ", "ß", "ﬁ", "a", "ab", "440103", "000000", "13800000000", "+86 138-0000-0000", "data:image/png;base64,AAAA", "data:image/svg+xml,<svg/>", "#GGGGGG",
}

// fuzzer makes requests that are wrong in one way or another.
type fuzzer struct {
	*rand.Rand
	t      *testing.T
	routes []server.Route
	sample sample
}

func (f *fuzzer) pick(all []string) string { return all[f.IntN(len(all))] }

func (f *fuzzer) text() string {
	switch f.IntN(12) {
	case 0:
		return strings.Repeat(f.pick([]string{"a", "字", "💥", "\u0301", "%", "'", "\\"}), 1<<f.IntN(16))
	case 1:
		raw := make([]byte, f.IntN(40))
		for i := range raw {
			raw[i] = byte(f.Uint32())
		}
		return string(raw)
	case 2:
		return f.pick(nasty) + f.pick(nasty)
	case 3:
		return f.pageToken()
	default:
		return f.pick(nasty)
	}
}

// pageToken has the form of those that the product makes, and other things in it.
func (f *fuzzer) pageToken() string {
	values := []any{nil, true, -1, 1e300, "", "\x00", "x", []any{}, map[string]any{}, "019a0000-0000-7000-8000-000000000000", strings.Repeat("字", 80), f.number()}
	token := map[string]any{}
	for _, key := range []string{"b", "n", "k", "i", "Class", "Rank", "Runes", "Code", "v", "c", "s", "o", "Value", "ID", "Sort"} {
		if f.IntN(3) > 0 {
			token[key] = values[f.IntN(len(values))]
		}
	}
	var keys any = token
	if f.IntN(4) == 0 {
		keys = values[f.IntN(len(values))]
	}
	raw, err := json.Marshal(keys)
	if err != nil {
		f.t.Error(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (f *fuzzer) number() any {
	return []any{0, -1, 1 << 31, -1 << 31, 1<<31 - 1, 1 << 53, 1e18, 0.5, -0.0001, 1e308}[f.IntN(10)]
}

// value is anything that JSON can say.
func (f *fuzzer) value(depth int) any {
	switch f.IntN(10) {
	case 0:
		return nil
	case 1:
		return f.IntN(2) == 0
	case 2:
		return f.number()
	case 3:
		if depth < 4 {
			list := make([]any, f.IntN(4))
			for i := range list {
				list[i] = f.value(depth + 1)
			}
			return list
		}
		return []any{}
	case 4:
		if depth < 4 {
			return map[string]any{f.text(): f.value(depth + 1), f.pick(nasty): f.value(depth + 1)}
		}
		return map[string]any{}
	default:
		return f.text()
	}
}

// leaf is a place in a JSON object.
type leaf struct {
	in  map[string]any
	key string
}

func leaves(m map[string]any) []leaf {
	var all []leaf
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		all = append(all, leaf{m, k})
		if under, ok := m[k].(map[string]any); ok {
			all = append(all, leaves(under)...)
		}
	}
	return all
}

// shot is a request ready to be sent.
type shot struct {
	route         server.Route
	method, path  string
	query         string
	body          []byte
	contentType   string
	header, value string
}

func (s shot) String() string {
	return fmt.Sprintf("%s %s?%s [%s] %s: %q body %q", s.method, short(s.path), short(s.query), s.contentType, s.header, short(s.value), short(string(s.body)))
}

func (f *fuzzer) shot() shot {
	route := f.routes[f.IntN(len(f.routes))]
	if leaving(route) && f.IntN(8) > 0 {
		route = f.routes[f.IntN(len(f.routes))]
	}
	sample := f.sample
	if route.Realm == modulev1.Realm_REALM_SUPERVISION {
		sample.code = farCity
	}
	q := sample.request(f.t, route)
	s := shot{route: route, method: q.method, path: q.path, contentType: "application/json"}
	if q.query == nil {
		q.query = url.Values{}
	}
	// Fields of the body, or parameters of the query, get other values.
	for range f.IntN(3) {
		if q.body != nil {
			if at := leaves(q.body); len(at) > 0 {
				l := at[f.IntN(len(at))]
				switch f.IntN(8) {
				case 0:
					delete(l.in, l.key)
				case 1:
					l.in[f.text()] = f.value(0)
				default:
					l.in[l.key] = f.value(0)
				}
			}
			continue
		}
		name := f.text()
		if route.Input != nil && route.Input.Fields().Len() > 0 && f.IntN(5) > 0 {
			field := route.Input.Fields().Get(f.IntN(route.Input.Fields().Len()))
			name = f.pick([]string{field.JSONName(), field.TextName(), field.JSONName() + ".x", field.JSONName() + "[0]"})
		}
		if f.IntN(3) == 0 {
			q.query.Add(name, f.text())
		} else {
			q.query.Set(name, f.text())
		}
	}
	s.query, s.body = q.query.Encode(), q.raw()
	switch f.IntN(14) {
	case 0: // bytes of the body
		s.body = f.mangle(s.body)
	case 1: // deep JSON
		s.body = []byte(strings.Repeat(f.pick([]string{"[", `{"fields":`, `{"a":`, `{"profile":[`}), 1+f.IntN(20000)))
	case 2:
		s.contentType = f.pick([]string{"", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=gbk", "application/jsonx", "application/grpc", "💥", "application/proto"})
	case 3: // ids and codes of the path
		s.path = f.pathWith(route.Path)
	case 4: // long and odd addresses
		s.path += f.pick([]string{"/", "//", "/.", "/..", ":", ":x", "%2f", "%00", "%zz", "%", ";a=b", "/" + strings.Repeat("a", 1<<f.IntN(14))})
	case 5: // queries as they come
		s.query = f.pick([]string{"%", "%zz", "a=%00", "=", "&&&", ";", "page_size", "page_size=", "page_size=1&page_size=2", "page_size=0x1", "page_size=1e3", "page_size=99999999999999999999", "query=%ff%fe", "page_token=%00", "a[b]=c", "fields.name=x", strings.Repeat("a=b&", 1<<f.IntN(11)), "query=" + strings.Repeat("%F0%9F%92%A5", 1<<f.IntN(10))})
	case 6:
		s.method = f.pick([]string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"})
	case 7:
		s.header = f.pick([]string{"Idempotency-Key", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Host", "Accept", "Accept-Encoding", "Accept-Language", "User-Agent", "Range", "Content-Encoding", "Origin", "Referer", "Authorization", "X-HTTP-Method-Override", "Grpc-Timeout"})
		s.value = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == 0xfffd {
				return -1
			}
			return r
		}, f.text())
		if s.value = strings.TrimSpace(s.value); len(s.value) > 20000 {
			s.value = "x"
		}
	case 8:
		s.body = bytes.Repeat([]byte(f.pick([]string{"a", "{}", "\x00", "💥"})), 1+f.IntN(100000))
	}
	if strings.Contains(s.path, "%zz") || strings.HasSuffix(s.path, "%") {
		s.body, s.query, s.header = nil, "", "" // net/http hangs up on an address that is none, perhaps before the rest has arrived
	}
	return s
}

// mangle breaks a text in one place.
func (f *fuzzer) mangle(b []byte) []byte {
	b = append(bytes.Clone(b), "{}"...)
	at := f.IntN(len(b))
	switch f.IntN(5) {
	case 0:
		return b[:at]
	case 1:
		b[at] = byte(f.Uint32())
		return b
	case 2:
		return append(b[:at:at], append([]byte(f.pick(nasty)), b[at:]...)...)
	case 3:
		return append(b, b...)
	default:
		return append([]byte("\xef\xbb\xbf"), b...)
	}
}

// pathWith puts a text into the path's variable, so that the request still parses.
func (f *fuzzer) pathWith(template string) string {
	return variable.ReplaceAllStringFunc(template, func(string) string {
		text := f.text()
		return url.PathEscape(text[:min(len(text), 8000)])
	})
}

func (s shot) request(addr string) *http.Request {
	req := &http.Request{
		Method: s.method, URL: &url.URL{Scheme: "http", Host: addr, Opaque: s.path, RawQuery: s.query}, Header: http.Header{},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if len(s.body) > 0 {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(s.body)), int64(len(s.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(s.body)), nil }
	}
	if s.contentType != "" {
		req.Header.Set("Content-Type", s.contentType)
	}
	if s.header != "" {
		req.Header.Set(s.header, s.value)
	}
	return req
}

// Twenty thousand wrong requests by people who are signed in: no failure of the server, no connection dropped, and every
// refusal says in both languages what is wrong.
func TestFuzzedRequests(t *testing.T) {
	r := product(t)
	total := 20_000
	if testing.Short() {
		total = 5_000
	}
	p := r.plant(t, fuzzed, "模糊")
	t.Logf("GONGHUI_SEED=%d", seed())
	routes := slices.DeleteFunc(outside(doors(t)), func(r server.Route) bool {
		// One session at once, or none at all, would end those of the other tests.
		return strings.HasSuffix(r.Operation, "/UpdatePolicy") || strings.HasSuffix(r.Operation, "/WithdrawConsent")
	})
	var sent, named atomic.Int64
	var mu sync.Mutex
	statuses := map[int]int{}
	seen := map[string]int{}
	faults := 0
	var wg sync.WaitGroup
	const shooters = 6
	for n := range shooters {
		f := &fuzzer{Rand: rand.New(rand.NewPCG(seed(), 1000+uint64(n))), t: t, routes: routes, sample: sample{ids: p.ids, code: fuzzed}}
		// Everyone comes from an address of his own: failures to sign in are counted by address.
		clients, source := map[string]*stack.Client{}, address()
		client := func(route server.Route) *stack.Client {
			role, body := "admin", fuzzed
			switch {
			case route.Realm == modulev1.Realm_REALM_SUPERVISION:
				role, body = "supervisor", abroad
			case holds(route.Capability, "member") && !holds(route.Capability, "admin"):
				role = "member"
			case holds(route.Capability, "audit_admin") && !holds(route.Capability, "admin"):
				role = "audit_admin"
			}
			key := role + body
			if clients[key] == nil || clients[key].Token() == "" {
				clients[key] = r.freshly(t, role, body)
				clients[key].Source = source
			}
			return clients[key]
		}
		wg.Go(func() {
			for sent.Add(1) <= int64(total) {
				s := f.shot()
				resp, raw, err := client(s.route).Send(s.request(r.Addr))
				if err != nil {
					if strings.Contains(err.Error(), "net/http: ") {
						continue // the client would not send it
					}
					t.Errorf("%s: %v", s, err)
					continue
				}
				mu.Lock()
				statuses[resp.StatusCode]++
				seen[s.route.Operation]++
				mu.Unlock()
				protocol := strings.HasPrefix(s.route.Path, "/oidc/") && resp.StatusCode < 500 // refuses as RFC 6749 and RFC 6750 say
				if fault := judge(resp, raw); fault != "" && !protocol {
					mu.Lock()
					if faults++; faults <= 40 {
						t.Errorf("%s\n\t%s\n\t%d %s", fault, s, resp.StatusCode, short(string(raw)))
					}
					mu.Unlock()
				} else if resp.StatusCode == http.StatusBadRequest {
					named.Add(1)
				}
				if strings.HasSuffix(s.route.Operation, "/SwitchModule") {
					r.signedIn(t, "admin", fuzzed).Must(t, "POST", "/v1/modules/member:switch", map[string]any{"on": true}, nil)
				}
			}
		})
	}
	wg.Wait()
	if faults > 0 {
		t.Errorf("%d faults in all", faults)
	}
	for _, route := range routes {
		if seen[route.Operation] == 0 {
			t.Errorf("%s was never tried", route.Operation)
		}
	}
	t.Logf("%d requests; by status: %v; %d refusals name a field", total, statuses, named.Load())
	if err := r.Ready(5e9); err != nil {
		t.Error(err)
	}
}

// judge says what is wrong with an answer, or "".
func judge(resp *http.Response, raw []byte) string {
	code := resp.StatusCode
	switch {
	case code >= 500:
		return "a failure of the server"
	case code < 400, resp.Request != nil && resp.Request.Method == http.MethodHead:
		return ""
	case code == http.StatusRequestHeaderFieldsTooLarge, code == http.StatusBadRequest && strings.HasPrefix(string(raw), "400 Bad Request"):
		return "" // net/http itself: not a request by RFC 9112
	}
	var f failure
	if err := json.Unmarshal(raw, &f); err != nil {
		return "a refusal that is no JSON"
	}
	switch {
	case f.Reason == "" || !bilingual(f):
		return "a refusal that does not say why in both languages"
	case code == http.StatusBadRequest && f.Metadata["field"] == "":
		return "a refusal that names no field"
	case bytes.Contains(raw, []byte("<script>")):
		return "a refusal that repeats markup"
	}
	return ""
}

// scramble gives some fields of a message other values of their kind.
func (f *fuzzer) scramble(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		switch {
		case field.IsList() && field.Kind() == protoreflect.StringKind:
			if f.IntN(3) == 0 {
				m.Mutable(field).List().Append(protoreflect.ValueOfString(strings.ToValidUTF8(f.text(), "")))
			}
		case field.IsList() && field.Kind() == protoreflect.Int32Kind:
			if f.IntN(3) == 0 {
				m.Mutable(field).List().Append(f.int32())
			}
		case field.IsList():
			for i := range m.Get(field).List().Len() {
				f.scramble(m.Mutable(field).List().Get(i).Message())
			}
		case field.Kind() == protoreflect.MessageKind:
			if f.IntN(6) == 0 {
				m.Clear(field)
			} else {
				f.scramble(m.Mutable(field).Message())
			}
		case f.IntN(4) > 0:
		case field.Kind() == protoreflect.StringKind:
			m.Set(field, protoreflect.ValueOfString(strings.ToValidUTF8(f.text(), "?")))
		case field.Kind() == protoreflect.Int32Kind:
			m.Set(field, f.int32())
		}
	}
}

// int32 is a number of any size.
func (f *fuzzer) int32() protoreflect.Value {
	return protoreflect.ValueOfInt32(int32(f.Uint32()) >> f.IntN(31))
}

// The same over gRPC, where no layer of HTTP has looked at the request before.
func TestFuzzedRPCs(t *testing.T) {
	r := product(t)
	p := r.plant(t, fuzzed, "乱码")
	f := &fuzzer{Rand: random(t, 5), t: t, routes: outside(doors(t)), sample: sample{ids: p.ids, code: fuzzed}}
	clients := map[string]*grpc.ClientConn{}
	source := address() // failures to sign in are counted by address
	count := map[codes.Code]int{}
	for range 2000 {
		route := f.routes[f.IntN(len(f.routes))]
		if route.Input == nil || leaving(route) || strings.HasSuffix(route.Operation, "/SwitchModule") || strings.HasSuffix(route.Operation, "/UpdatePolicy") {
			continue
		}
		who := r.holder(t, route, fuzzed)
		conn := clients[who.Host]
		if conn == nil {
			conn = dialGRPC(t, who.Host, source)
			clients[who.Host] = conn
		}
		m := f.sample.message(t, route.Input)
		f.scramble(m)
		key := strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return -1
			}
			return r
		}, f.text())
		ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+who.Token(), "idempotency-key", key[:min(len(key), 4000)], "x-request-id", key[:min(len(key), 50)])
		err := conn.Invoke(ctx, route.Operation, m, dynamicpb.NewMessage(output(t, route)))
		code := status.Code(err)
		if count[code]++; code == codes.Internal || code == codes.Unknown || code == codes.Unavailable {
			t.Errorf("%s: %v: %s", route.Operation, err, short(m.String()))
		}
	}
	t.Logf("answers by code: %v", count)
}
