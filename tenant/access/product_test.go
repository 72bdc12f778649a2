package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"

	_ "gonghui/app/all"
	"gonghui/app/identity"
	"gonghui/app/module"
	"gonghui/app/server"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
)

// world is the whole product in this process, over real servers.
type world struct {
	*pgtest.Env
	addr   string
	routes []server.Route
	hash   string
	n      int
}

var (
	worldOnce sync.Once
	shared    *world
)

// noCleanup keeps what a helper opens for as long as the package's tests run.
type noCleanup struct{ testing.TB }

func (noCleanup) Cleanup(func()) {}

func open(t *testing.T) *world {
	t.Helper()
	env := pgtest.Open(t)
	worldOnce.Do(func() {
		rdb := pgtest.Redis(noCleanup{t})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s, err := server.New(server.Config{Base: "test", Listener: l, Demo: true, NoLimits: true}, env.DB, env.Keys, rdb, directory.LookupOf(env.DB),
			os.DirFS(os.TempDir()), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = s.Run(context.Background()) }()
		hash, err := identity.HashPassword(password)
		if err != nil {
			t.Fatal(err)
		}
		shared = &world{Env: env, addr: l.Addr().String(), routes: s.Routes(), hash: hash}
	})
	return shared
}

const password = "gonghui-2026"

// person is somebody with a place and a session.
type person struct {
	world    *world
	host     string
	cookie   string
	bearer   string // of an application
	phone    string
	identity uuid.UUID
}

// enrol gives somebody a place in a body and signs him in on the host of it, or on the supervision host.
func (w *world) enrol(t *testing.T, b *pgtest.Body, role, host string, ref *uuid.UUID) *person {
	t.Helper()
	w.n++
	p := &person{world: w, host: host + ".test", phone: "138" + strings.Repeat("0", 8-len(itoa(w.n))) + itoa(w.n)}
	err := w.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		if err := identity.Enrol(ctx, db, w.Keys, identity.Enrolment{Name: role + itoa(w.n), Phone: p.phone, PasswordHash: w.hash, Body: b.ID, Role: role, Ref: ref}); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var me struct {
		Me struct {
			Place struct{ IdentityID string }
		}
	}
	if code, raw := p.call(t, http.MethodPost, "/v1/session:signIn", map[string]any{"phone": p.phone, "password": password}, &me); code != 200 {
		t.Fatalf("sign-in: %d %s", code, raw)
	}
	p.identity = uuid.MustParse(me.Me.Place.IdentityID)
	return p
}

func itoa(n int) string {
	raw, _ := json.Marshal(n)
	return string(raw)
}

// call sends a request and reads the answer.
func (p *person) call(t *testing.T, method, path string, in, out any) (int, string) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if in == nil {
		raw = nil
	}
	req, err := http.NewRequest(method, "http://"+p.world.addr+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = p.host
	req.Header.Set("Content-Type", "application/json")
	if p.cookie != "" {
		req.AddCookie(&http.Cookie{Name: module.Cookie, Value: p.cookie})
	}
	if p.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.Cookies() {
		if c.Name == module.Cookie {
			p.cookie = c.Value
		}
	}
	if out != nil && resp.StatusCode == 200 {
		if err := json.Unmarshal(body, out); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
	}
	return resp.StatusCode, string(body)
}

// want calls and fails unless the status, and with an error its reason and field, are as told: "403 GRANT_BEYOND capability".
func (p *person) want(t *testing.T, want, method, path string, in, out any) {
	t.Helper()
	code, raw := p.call(t, method, path, in, out)
	got := itoa(code)
	if code != 200 {
		var e struct {
			Reason   string
			Metadata map[string]string
		}
		_ = json.Unmarshal([]byte(raw), &e)
		got = strings.TrimSpace(got + " " + e.Reason + " " + e.Metadata["field"])
	}
	if got != want {
		t.Errorf("%s %s %v: %s, want %s: %s", method, path, in, got, want, raw)
	}
}

// code is the HTTP status of an error.
func code(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return int(kerrors.FromError(err).Code)
}

// soon waits until a call answers with the status wanted, and returns how long that took.
func (p *person) soon(t *testing.T, within time.Duration, want int, method, path string) time.Duration {
	t.Helper()
	return p.until(t, within, func(code int, _ string) bool { return code == want }, method, path, nil)
}

// until waits for an answer that is good, and returns how long that took.
func (p *person) until(t *testing.T, within time.Duration, good func(code int, answer string) bool, method, path string, body any) time.Duration {
	t.Helper()
	begin := time.Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		code, raw := p.call(t, method, path, body, nil)
		if good(code, raw) {
			return time.Since(begin)
		}
		if time.Since(begin) > within {
			t.Fatalf("%s %s: still %d after %s: %s", method, path, code, within, raw)
		}
		<-tick.C
	}
}

type object = map[string]any

func uuidOf(t *testing.T, text string) uuid.UUID {
	t.Helper()
	id, err := uuid.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
