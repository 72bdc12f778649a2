package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/go-kratos/kratos/v2/transport"
	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// host gives the module what it uses of a host.
type host struct {
	module.Host
	env   *pgtest.Env
	redis redis.UniversalClient
	sms   module.Messenger
	looks *looks
}

func (h host) DB() *tenant.DB               { return h.env.DB }
func (h host) Keys() module.Keys            { return h.env.Keys }
func (h host) Redis() redis.UniversalClient { return h.redis }
func (h host) SMS() module.Messenger        { return h.sms }
func (h host) Files() object.Store          { return nil }
func (h host) Demo() bool                   { return false }
func (h host) Base() string                 { return "gonghui.test" }
func (h host) Scheme() string               { return "https" }

// Conn is the way to branding, which says what users agree to.
func (h host) Conn(string) grpc.ClientConnInterface { return h.looks }

// looks stands for branding.
type looks struct {
	grpc.ClientConnInterface
	legal map[string]*brandingv1.BrandingLegal // by code of the body; none for the product's own
}

func (l *looks) Invoke(ctx context.Context, _ string, in, out any, _ ...grpc.CallOption) error {
	if tenant.InDoor(ctx) {
		return tenant.ErrNestedDoor
	}
	if own := l.legal[tenant.From(ctx).Code]; own != nil {
		reply := out.(*brandingv1.GetLegalInForceReply)
		if reply.Legal = proto.CloneOf(own); in.(*brandingv1.GetLegalInForceRequest).VersionOnly {
			reply.Legal = &brandingv1.BrandingLegal{Version: own.Version}
		}
	}
	return nil
}

// phones receives what is sent, or refuses it.
type phones struct {
	last map[string]string // code by purpose and phone
	fail error
}

func (p *phones) Send(_ context.Context, phone, template string, params map[string]string) error {
	if p.fail == nil {
		p.last[template+phone] = params["code"]
	}
	return p.fail
}

// stage is the module at two bodies.
type stage struct {
	*Service
	env         *pgtest.Env
	body, other *pgtest.Body
	phones      *phones
	looks       *looks
}

func open(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	p := &phones{last: map[string]string{}}
	l := &looks{legal: map[string]*brandingv1.BrandingLegal{}}
	service, err := New(host{env: env, redis: pgtest.Redis(t), sms: p, looks: l})
	if err != nil {
		t.Fatal(err)
	}
	return &stage{service, env, env.Body(t, nil), env.Body(t, nil), p, l}
}

var serial atomic.Int64

func mobile() string { return fmt.Sprintf("137%08d", serial.Add(1)) }

// visit is a call to the host of the body, or to the supervision host, from an address of its own.
func visit(b *pgtest.Body) context.Context {
	n := serial.Add(1)
	call := tenant.Call{
		Source: fmt.Sprintf("198.51.%d.%d", n/250, n%250), Request: "request-of-a-test", Supervision: b == nil, Host: "hq.gonghui.test",
		Device: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
	}
	ctx := context.Background()
	if b != nil {
		ctx = tenant.With(ctx, b.Tenant)
		call.Host = b.Code + ".gonghui.test"
	}
	return transport.NewServerContext(tenant.WithCall(ctx, call), &reply{header: header{}})
}

// reply is where an answer's cookie goes.
type reply struct {
	transport.Transporter
	header header
	asked  header // of the request
}

type header map[string]string

func (r *reply) ReplyHeader() transport.Header   { return r.header }
func (h header) Get(key string) string           { return h[key] }
func (h header) Set(key, value string)           { h[key] = value }
func (h header) Add(key, value string)           { h[key] = value }
func (h header) Keys() []string                  { return nil }
func (h header) Values(key string) []string      { return []string{h[key]} }
func (r *reply) RequestHeader() transport.Header { return r.asked }

// cookie is the session token that a call was answered with; "" for none.
func cookie(t *testing.T, ctx context.Context) string {
	t.Helper()
	tr, _ := transport.FromServerContext(ctx)
	line := tr.ReplyHeader().Get("Set-Cookie")
	if line == "" {
		return ""
	}
	c, err := http.ParseSetCookie(line)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != module.Cookie || !c.HttpOnly || !c.Secure || c.Path != "/" || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the session cookie is %s", line)
	}
	return c.Value
}

// as is another call by who was let in by the call.
func (s *stage) as(t *testing.T, in context.Context) context.Context {
	t.Helper()
	subject, err := s.Authenticate(in, cookie(t, in), tenant.From(in))
	if err != nil || subject == nil {
		t.Fatalf("the cookie is nobody's: %v", err)
	}
	ctx := transport.NewServerContext(in, &reply{header: header{}})
	return tenant.WithSubject(ctx, subject)
}

// out reports whether who was let in by the call is nobody by now, to this process and to a fresh one.
func (s *stage) out(t *testing.T, in context.Context) bool {
	t.Helper()
	here, err := s.Authenticate(in, cookie(t, in), tenant.From(in))
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := New(s.host)
	if err != nil {
		t.Fatal(err)
	}
	there, err := fresh.Authenticate(in, cookie(t, in), tenant.From(in))
	if err != nil {
		t.Fatal(err)
	}
	return here == nil && there == nil
}

const password = "stage-2026"

// enrol makes a person with a place; the password is the one above.
func (s *stage) enrol(t *testing.T, b *pgtest.Body, role, name, phone string, ref *uuid.UUID) {
	t.Helper()
	hash, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	err = s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		return Enrol(ctx, tx, s.env.Keys, Enrolment{Name: name, Phone: phone, PasswordHash: hash, Body: b.ID, Role: role, Ref: ref})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// signIn lets somebody in by password and returns a call of theirs.
func (s *stage) signIn(t *testing.T, b *pgtest.Body, phone string) context.Context {
	t.Helper()
	ctx := visit(b)
	if _, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	return s.as(t, ctx)
}

// code sends one and returns it. What bars the next for a minute is taken away.
func (s *stage) code(t *testing.T, ctx context.Context, in *identityv1.SendCodeRequest, phone string) string {
	t.Helper()
	if _, err := s.SendCode(ctx, in); err != nil {
		t.Fatalf("a code for %s: %v", in.Purpose, err)
	}
	s.againNow(t, in.Purpose, phone)
	return s.phones.last[in.Purpose+phone]
}

func (s *stage) againNow(t *testing.T, purpose, phone string) {
	t.Helper()
	if err := s.codes.redis.Del(context.Background(), againKey(purpose, s.env.Keys.Digest("phone", phone))).Err(); err != nil {
		t.Fatal(err)
	}
}

// byCode signs in by a code and returns the reply and the call.
func (s *stage) byCode(t *testing.T, b *pgtest.Body, phone, consent string) (*identityv1.SignInWithCodeReply, context.Context) {
	t.Helper()
	ctx := visit(b)
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	in, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: code, Consent: consent})
	if err != nil {
		t.Fatal(err)
	}
	return in, ctx
}

// solving does a call, and once more with the solution when it is answered with a puzzle.
func solving(call func(captcha string) error) error {
	err := call("")
	if e := kerrors.FromError(err); err != nil && e.Reason == "CAPTCHA_REQUIRED" {
		bits, _ := strconv.Atoi(e.Metadata["bits"])
		parts, _ := strconv.Atoi(e.Metadata["parts"])
		return call(factor.Solve(e.Metadata["puzzle"], bits, parts))
	}
	return err
}

func (s *stage) tryPassword(ctx context.Context, phone, password string) error {
	return solving(func(captcha string) error {
		_, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password, Captcha: captcha})
		return err
	})
}

func (s *stage) tryCode(ctx context.Context, phone, code string) error {
	return solving(func(captcha string) error {
		_, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: code, Captcha: captcha})
		return err
	})
}

func reason(err error) string {
	var e *kerrors.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	if e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
		return e.Reason + " without words"
	}
	return e.Reason
}

func field(err error) string {
	var e *kerrors.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Metadata["field"]
}

// wrong is a code that differs from the right one.
func wrong(code string) string {
	return strings.Map(func(r rune) rune { return '0' + ('9' - r) }, code[:1]) + code[1:]
}
