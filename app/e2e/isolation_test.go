package e2e_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/dynamicpb"

	"gonghui/app/e2e/stack"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/app/server"
	"gonghui/deploy/local"
	"gonghui/tenant/access"
)

// leaving reports whether a door ends the session that comes through it.
func leaving(r server.Route) bool {
	return strings.HasSuffix(r.Operation, "/SignOut") || strings.HasSuffix(r.Operation, "/WithdrawConsent")
}

// holds reports whether one of the built-in roles holds a capability that a module declares.
func holds(capability, role string) bool {
	name, _, _ := strings.Cut(capability, ".")
	info := module.Named(name)
	return info != nil && info.Capability(capability) != nil && info.Capability(capability).HeldBy(role)
}

// caller is one way to come to a door.
type caller struct {
	name      string
	client    func() *stack.Client
	role      string // "" for who is nobody on the host
	hq        bool   // the host is that of supervision
	elsewhere bool   // the session is of another host: it finds nothing here
}

// want is what the door owes the caller: what is declared, on which kind of host it answers, and who holds what decide.
func (c caller) want(r server.Route) int {
	declared := answers[r.Operation]
	switch {
	case r.Operation == "POST /v1/meetings:cast" && c.elsewhere && !c.hq: // it does not look at who comes
	case r.Capability == access.Inner, c.elsewhere, c.hq && r.Realm == modulev1.Realm_REALM_TENANT, !c.hq && r.Realm == modulev1.Realm_REALM_SUPERVISION:
		return http.StatusNotFound
	case r.Capability == "public":
	case c.role == "":
		return http.StatusUnauthorized
	case r.Capability != "session" && !holds(r.Capability, c.role):
		return http.StatusForbidden
	}
	if c.hq {
		return declared.hq
	}
	return declared.own
}

// Every door × every way to come to it: the status is the one that is declared, and no answer holds a word of the other
// body's rows.
func TestEveryDoorFromEverySide(t *testing.T) {
	r := product(t)
	other := r.plant(t, sibling, "珊瑚")
	own := r.plant(t, county, "玳瑁")
	routes := doors(t)
	for _, route := range routes {
		if _, known := answers[route.Operation]; !known {
			t.Errorf("%s is new: say in the table what it answers", route.Operation)
		}
	}
	for operation := range answers {
		if !slices.ContainsFunc(routes, func(r server.Route) bool { return r.Operation == operation }) {
			t.Errorf("%s is in the table but does not exist", operation)
		}
	}
	if t.Failed() {
		return
	}
	r.walk(t, "own", caller{name: "an administrator at home", client: func() *stack.Client { return r.freshly(t, "admin", county) }, role: "admin"}, routes, other, other.marks)
	r.walk(t, "officer", caller{name: "an officer at home", client: func() *stack.Client { return r.freshly(t, "officer", county) }, role: "officer"}, routes, other, other.marks)
	r.walk(t, "member", caller{name: "a member at home", client: func() *stack.Client { return r.freshly(t, "member", county) }, role: "member"}, routes, other, other.marks)
	// The supervisor founds and moves bodies: this changes the directory, and no row of any tenant.
	everyone := append(slices.Clone(own.marks), other.marks...)
	tenants := []string{r.Prefix + "_t_" + county, r.Prefix + "_t_" + sibling}
	before := r.database(t, tenants...)
	r.walk(t, "supervisor", caller{name: "the nation's supervisor", client: func() *stack.Client { return r.freshly(t, "supervisor", nation) }, role: "supervisor", hq: true}, routes, other, everyone)
	r.settle(t)
	unchanged(t, before, r.database(t, tenants...))

	// What follows is nobody on the host, and changes nothing at all.
	r.signedIn(t, "supervisor", nation)
	before = r.database(t, append(tenants, "platform", "cell")...)
	for _, c := range []caller{
		{name: "a foreign session", client: func() *stack.Client { return r.signedIn(t, "admin", county).As(sibling) }, elsewhere: true},
		{name: "a supervision session on a body's host", client: func() *stack.Client { return r.signedIn(t, "supervisor", nation).As(sibling) }, elsewhere: true},
		{name: "a body's session on the supervision host", client: func() *stack.Client { return r.signedIn(t, "admin", county).As("hq") }, hq: true, elsewhere: true},
		{name: "no session", client: func() *stack.Client { return r.Client(sibling) }},
		{name: "no session on the supervision host", client: func() *stack.Client { return r.Client("hq") }, hq: true},
	} {
		r.walk(t, c.name, c, routes, other, everyone)
	}
	unchanged(t, before, r.database(t, append(tenants, "platform", "cell")...))
}

// walk tries every door once as one caller, over HTTP and over gRPC.
func (r *run) walk(t *testing.T, name string, c caller, routes []server.Route, other planted, marks []string) {
	t.Run(name, func(t *testing.T) {
		s := sample{ids: other.ids, code: other.code}
		client := c.client()
		client.Source = address()
		keep := client.Token()
		for _, route := range routes {
			q := s.request(t, route)
			if leaving(route) && c.role != "" {
				continue // it works, and is the last thing this session does
			}
			client.SetToken(keep)
			client.Source = address() // failures to sign in are counted by address
			got, raw, err := client.Do(q.method, q.target(), q.raw())
			if err != nil {
				t.Fatalf("%s: %v", route.Operation, err)
			}
			if want := c.want(route); got != want {
				t.Errorf("%s, %s: %d, want %d: %s", c.name, route.Operation, got, want, short(string(raw)))
			}
			if m := leaked(raw, marks); m != "" {
				t.Errorf("%s, %s: the answer holds %q of another body", c.name, route.Operation, m)
			}
		}
		client.SetToken(keep)
		r.walkGRPC(t, c, client, routes, s, marks)
		if c.role != "" {
			client.Must(t, "POST", "/v1/session:signOut", map[string]any{}, nil)
		}
	})
}

// grpcCode is what an HTTP status becomes over gRPC.
var grpcCode = map[int][]codes.Code{
	200: {codes.OK}, 400: {codes.InvalidArgument}, 401: {codes.Unauthenticated}, 403: {codes.PermissionDenied},
	404: {codes.NotFound}, 409: {codes.Aborted, codes.AlreadyExists, codes.FailedPrecondition},
}

func (r *run) walkGRPC(t *testing.T, c caller, client *stack.Client, routes []server.Route, s sample, marks []string) {
	shared := dialGRPC(t, client.Host, client.Source)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+client.Token())
	for _, route := range routes {
		if route.Input == nil || leaving(route) || strings.HasSuffix(route.Operation, "/ConfirmTotp") {
			continue // over HTTP an app was set up meanwhile: there is something to confirm by now
		}
		conn := shared
		if route.Capability == access.Public {
			conn = dialGRPC(t, client.Host, address())
		}
		out := dynamicpb.NewMessage(output(t, route))
		err := conn.Invoke(ctx, route.Operation, s.message(t, route.Input), out)
		if got, want := status.Code(err), c.want(route); !slices.Contains(grpcCode[want], got) {
			t.Errorf("%s, %s over gRPC: %s (%v), want %d", c.name, route.Operation, got, err, want)
		}
		raw, merr := protojson.Marshal(out)
		if merr != nil {
			t.Fatal(merr)
		}
		if m := leaked(append(raw, fmt.Sprint(err)...), marks); m != "" {
			t.Errorf("%s, %s over gRPC: the answer holds %q of another body", c.name, route.Operation, m)
		}
	}
}

// dialGRPC connects to the host from a loopback address.
func dialGRPC(t *testing.T, host, source string) *grpc.ClientConn {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}}
	conn, err := grpc.NewClient(grpcAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(host),
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", addr) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// grpcAddr is where the shared product serves gRPC.
var grpcAddr = func() func() string {
	port, err := local.FreePort(0)
	return func() string {
		if err != nil {
			panic(err)
		}
		return fmt.Sprintf("127.0.0.1:%d", port)
	}
}()

// wire sends bytes as they are and returns what comes back, up to 64 KiB; "" when the server hung up without a word.
func (r *run) wire(t *testing.T, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", r.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = conn.Write([]byte(request)) // the server may hang up before it has read all
	buf := make([]byte, 64<<10)
	n := 0
	for n < len(buf) {
		m, err := conn.Read(buf[n:])
		n += m
		if err != nil {
			break
		}
	}
	return string(buf[:n])
}

func statusOf(answer string) int {
	var code int
	if _, err := fmt.Sscanf(answer, "HTTP/1.1 %d", &code); err != nil {
		return 0
	}
	return code
}

// A session of one body and a host name of any form: data comes only of the own body, and only on a name that means it.
func TestHostHeaders(t *testing.T) {
	r := product(t)
	own, other := r.plant(t, county, "象牙"), r.plant(t, sibling, "犀角")
	session := r.signedIn(t, "admin", county).Token()
	rnd := random(t, 1)
	base, port, _ := strings.Cut(r.Base, ":")
	hosts := []string{
		"", " ", ".", "..", base, r.Base, "." + r.Base, ".." + r.Base, "hq." + r.Base, "HQ." + r.Base, "localhost", "127.0.0.1", r.Addr, "[::1]", "[::1]:" + port, "[" + county + "]." + r.Base,
		county, county + ":" + port, county + "." + base + ".:" + port, county + "." + base + ".", county + ".." + r.Base, "www." + county + "." + r.Base,
		county + "." + sibling + "." + r.Base, sibling + "." + county + "." + r.Base, county + "." + r.Base + "." + sibling + "." + r.Base,
		strings.ToUpper(county + "." + r.Base), "  " + county + "." + r.Base, county + "." + r.Base + "/", county + "." + r.Base + "@" + sibling + "." + r.Base,
		sibling + "." + r.Base + "@" + county + "." + r.Base, county + "%2e" + r.Base, sibling + "\x00." + r.Base, county + "\x00" + sibling + "." + r.Base,
		county + "." + r.Base + ":1", county + "." + base + ":99999", county + "." + base + ":-1", county + "." + base + ":", county + "." + base + ":" + port + ":" + port,
		"４４０１０３." + r.Base, "440103。" + r.Base, "440１03." + r.Base, "xn--440103-." + r.Base, county + "\u200b." + r.Base, "中国." + r.Base, sibling + "\u202e." + r.Base,
		sibling + "." + r.Base, strings.ToUpper(sibling + "." + r.Base), sibling + "." + base, sibling + "." + base + ":1", sibling + "." + base + ".", county + "," + sibling + "." + r.Base,
		"'; drop schema gh_t_" + sibling + " cascade; --." + r.Base, "../../" + sibling + "." + r.Base, "${jndi}." + r.Base, county + " ." + r.Base, "000000." + r.Base, "a." + r.Base,
		strings.Repeat("a", 24) + "." + r.Base, strings.Repeat("a", 25) + "." + r.Base, strings.Repeat("a", 300) + "." + r.Base, strings.Repeat("a.", 4000) + r.Base, strings.Repeat("4", 60000),
		county + "." + r.Base + "\r\nX-Forwarded-Host: " + sibling + "." + r.Base, county + "." + r.Base + "\r\nHost: " + sibling + "." + r.Base,
		sibling + "." + r.Base + "\r\nX-Forwarded-Host: " + county + "." + r.Base, sibling + "." + r.Base + "\r\nX-Host: " + county + "." + r.Base + "\r\nForwarded: host=" + county + "." + r.Base,
	}
	alphabet := []rune("0134.:-_@/\\%ahqAHQ[]{}\t \u200d。４é💥")
	for range 300 {
		host := []rune(county + "." + r.Base)
		for range 1 + rnd.IntN(3) {
			at, c := rnd.IntN(len(host)), alphabet[rnd.IntN(len(alphabet))]
			if rnd.IntN(2) == 0 {
				host[at] = c
			} else {
				host = append(host[:at], append([]rune{c}, host[at:]...)...)
			}
		}
		hosts = append(hosts, string(host))
	}
	count := map[int]int{}
	for _, host := range hosts {
		for _, path := range []string{"/v1/members", "/v1/members/" + other.ids["member"], "/v1/officers", "/v1/profile"} {
			answer := r.wire(t, fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", path, host, module.Cookie, session))
			code := statusOf(answer)
			count[code]++
			if code >= 500 || code == 0 && answer != "" {
				t.Errorf("host %q: %s", short(host), short(answer))
			}
			if m := leaked([]byte(answer), other.marks); m != "" {
				t.Errorf("host %q tells %q of another body", short(host), m)
			}
			meant := strings.HasPrefix(strings.ToLower(strings.TrimSpace(host)), county+"."+base)
			if m := leaked([]byte(answer), own.marks); m != "" && !meant {
				t.Errorf("host %q tells %q", short(host), m)
			}
		}
	}
	t.Logf("%d hosts, answers by status: %v", len(hosts), count)
	if answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", county, r.Base, module.Cookie, session)); leaked([]byte(answer), own.marks) == "" {
		t.Errorf("the right host tells nothing: %s", short(answer))
	}
}

// Tokens that nearly are somebody's are nobody's.
func TestSessionTokens(t *testing.T) {
	r := product(t)
	other := r.plant(t, sibling, "玛瑙")
	good := r.signedIn(t, "admin", sibling).Token()
	rnd := random(t, 2)
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	tokens := []string{
		"", " ", "x", "null", "undefined", "0", "' or '1'='1", "%00", good + good, good + "=", good + "A", " " + good + "x", strings.ToLower(good), strings.ToUpper(good), good[1:], good[:len(good)-1],
		base64.StdEncoding.EncodeToString(raw) + "=", base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString([]byte(good)), fmt.Sprintf("%x", raw),
		strings.Repeat("A", 4000), strings.Repeat("A", 30000), strings.Repeat("A", 200000), "💥", "../../etc/passwd", "\x01\x02", "{\"sub\":\"admin\"}", good + "; " + module.Cookie + "=x" + good,
	}
	for bit := range len(raw) * 8 {
		flipped := slices.Clone(raw)
		flipped[bit/8] ^= 1 << (bit % 8)
		tokens = append(tokens, base64.RawURLEncoding.EncodeToString(flipped))
	}
	for n := range len(good) {
		tokens = append(tokens, good[:n])
	}
	for range 200 {
		b := []byte(good)
		b[rnd.IntN(len(b))] = byte(0x21 + rnd.IntN(0x5e))
		if string(b) != good {
			tokens = append(tokens, string(b))
		}
	}
	count := map[int]int{}
	for _, token := range tokens {
		if strings.TrimSpace(token) == good || strings.HasPrefix(token, good+";") {
			continue
		}
		answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", sibling, r.Base, module.Cookie, token))
		code := statusOf(answer)
		count[code]++
		if code != http.StatusUnauthorized && code != http.StatusRequestHeaderFieldsTooLarge && code != http.StatusBadRequest {
			t.Errorf("token %q: %d %s", short(token), code, short(answer))
		}
		if m := leaked([]byte(answer), other.marks); m != "" {
			t.Errorf("token %q is told %q", short(token), m)
		}
	}
	t.Logf("%d tokens, answers by status: %v", len(tokens), count)
	for _, token := range []string{
		r.signedIn(t, "admin", county).Token(), r.signedIn(t, "supervisor", nation).Token(), r.signedIn(t, "supervisor", city).Token(),
		r.signedIn(t, "admin", city).Token(), r.signedIn(t, "member", county).Token(),
	} {
		answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", sibling, r.Base, module.Cookie, token))
		if m := leaked([]byte(answer), other.marks); m != "" || statusOf(answer) != http.StatusNotFound {
			t.Errorf("a session of another host: %s", short(answer))
		}
	}
	// The right one in the wrong places opens nothing either.
	for _, headers := range []string{"Authorization: Bearer " + good, "Cookie: gonghui=" + good, "Cookie: " + strings.ToLower(module.Cookie) + "x=" + good, "X-Session: " + good} {
		answer := r.wire(t, fmt.Sprintf("GET /v1/members?token=%s HTTP/1.1\r\nHost: %s.%s\r\n%s\r\nConnection: close\r\n\r\n", good, sibling, r.Base, headers))
		if statusOf(answer) != http.StatusUnauthorized {
			t.Errorf("%s: %s", headers, short(answer))
		}
	}
	if answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", sibling, r.Base, module.Cookie, good)); leaked([]byte(answer), other.marks) == "" {
		t.Errorf("the right token is told nothing: %s", short(answer))
	}
}
