package supervise_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"gonghui/app/identity"
	"gonghui/app/module"
	"gonghui/app/server"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"

	_ "gonghui/app/all"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const base = "gonghui.test"

// world is a running product with a province, a county below it and a province beside it.
type world struct {
	*pgtest.Env
	addr                     string
	phones                   map[string]string // by name: one person may come in several roles
	province, county, abroad *pgtest.Body
}

func open(t *testing.T) *world {
	t.Helper()
	env := pgtest.Open(t)
	w := &world{Env: env, phones: map[string]string{}}
	nation := env.Registered(t)
	w.province, w.abroad = env.Body(t, nation), env.RegisteredUnder(t, nation)
	w.county = env.Body(t, w.province)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Base: base, Listener: l, NoLimits: true, Demo: true}, env.DB, env.Keys, pgtest.Redis(t),
		directory.LookupOf(env.DB), os.DirFS(t.TempDir()), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	w.addr = l.Addr().String()
	return w
}

var serial atomic.Int64

// client is a person's session on a host.
type client struct {
	t     *testing.T
	addr  string
	host  string
	token string
}

// person enrols somebody and opens a session on a host.
func (w *world) person(t *testing.T, body *pgtest.Body, role, name, host string) *client {
	t.Helper()
	n := serial.Add(1)
	if w.phones[name] == "" {
		w.phones[name] = fmt.Sprintf("1391%07d", n)
	}
	phone, token := w.phones[name], fmt.Sprintf("session %d of a test", n)
	sum := sha256.Sum256([]byte(token))
	err := w.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		if err := identity.Enrol(ctx, tx, w.Keys, identity.Enrolment{Name: name, Phone: phone, PasswordHash: "none", Body: body.ID, Role: role}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into platform.session (id, token_digest, account_id, identity_id, supervision, host, source, device, expires_at)
			select $1, $2, a.id, i.id, $3, '', '', '', now() + interval '1 hour' from platform.person p
			join platform.account a on a.person_id = p.id join platform.identity i on i.person_id = p.id where p.phone_digest = $4 and i.body_id = $5 and i.role = $6`,
			tenant.NewID(), sum[:], host == "hq", w.Keys.Digest("phone", phone), body.ID, role)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, w.addr, host, token}
}

// do calls and returns the status, the reason of a refusal, and the whole answer; out takes the answer of a success.
func (c *client) do(method, path string, in, out any) (code int, reason, raw string) {
	c.t.Helper()
	rec := c.raw(method, path, in)
	text, _ := io.ReadAll(rec.Body)
	if rec.Code == http.StatusOK && out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			c.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	var refusal struct{ Reason string }
	_ = json.Unmarshal(text, &refusal)
	return rec.Code, refusal.Reason, string(text)
}

func (c *client) raw(method, path string, in any) *httptest.ResponseRecorder {
	return c.keyed("", method, path, in)
}

// straight follows no redirect.
var straight = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// keyed is a call with an idempotency key.
func (c *client) keyed(key, method, path string, in any) *httptest.ResponseRecorder {
	var body io.Reader
	if in != nil {
		raw, _ := json.Marshal(in)
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "http://"+c.addr+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Host = c.host + "." + base
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if c.token != "" {
		req.AddCookie(&http.Cookie{Name: module.Cookie, Value: c.token})
	}
	resp, err := straight.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	rec := httptest.NewRecorder()
	maps.Copy(rec.Header(), resp.Header)
	rec.WriteHeader(resp.StatusCode)
	if _, err := io.Copy(rec, resp.Body); err != nil {
		c.t.Fatal(err)
	}
	return rec
}

// must is do for what has to work.
func (c *client) must(method, path string, in, out any) {
	c.t.Helper()
	if code, _, raw := c.do(method, path, in, out); code != http.StatusOK {
		c.t.Fatalf("%s %s: %d %s", method, path, code, raw)
	}
}

// refused fails the test unless the call is refused in this way.
func (c *client) refused(method, path string, in any, code int, reason string) {
	c.t.Helper()
	if got, why, raw := c.do(method, path, in, nil); got != code || reason != "" && why != reason {
		c.t.Errorf("%s %s: %d %s, want %d %s", method, path, got, raw, code, reason)
	}
}

// follow goes where a hand-off leads and returns the session that it opens.
func (w *world) follow(t *testing.T, url string) *client {
	t.Helper()
	host, path, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), "/")
	if !ok {
		t.Fatalf("not an address: %s", url)
	}
	c := &client{t: t, addr: w.addr, host: strings.TrimSuffix(host, "."+base)}
	rec := c.raw(http.MethodGet, "/"+path, nil)
	for _, cookie := range rec.Result().Cookies() {
		if cookie.Name == module.Cookie {
			c.token = cookie.Value
		}
	}
	return c
}

// rows counts with the superuser.
func (w *world) rows(t *testing.T, what string, args ...any) int64 {
	t.Helper()
	return w.Count(t, "select count(*) from "+what, args...)
}

func (w *world) table(b *pgtest.Body, name string) string {
	return w.DB.Config().Role(b.Code) + "." + name
}
