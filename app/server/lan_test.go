package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/module"
	"gonghui/app/server/lan"
	"gonghui/tenant"
)

// bodies are a directory of two.
type bodies map[string]*tenant.Tenant

func (b bodies) ByCode(_ context.Context, code string) (*tenant.Tenant, error) {
	if t := b[code]; t != nil {
		return t, nil
	}
	return nil, fault.Plain(http.StatusNotFound, "NOT_FOUND", "没有", "none")
}

// sessions knows one token, of one body.
type sessions struct{ of *tenant.Tenant }

func (s sessions) Authenticate(_ context.Context, token string, t *tenant.Tenant) (*tenant.Subject, error) {
	if token == "good" && t == s.of {
		return &tenant.Subject{}, nil
	}
	return nil, nil
}

const (
	lanHost  = "192.168.1.5:8443"
	lanPhone = "192.168.1.77:40000"
)

// phoneDoors is an edge with a port for phones; behind it, a handler says which body it was asked for and by whom.
func phoneDoors(withLAN bool) http.Handler {
	one := &tenant.Tenant{ID: uuid.New(), Code: "440103", Name: `荔湾区<总工会>`}
	two := &tenant.Tenant{ID: uuid.New(), Code: "440104", Name: "越秀区总工会"}
	e := &Edge{
		Base: "gonghui.localhost:8080", Directory: bodies{"440103": one, "440104": two, "hq": {ID: uuid.New(), Code: "hq", Name: "hq"}}, Auth: sessions{one},
		Log: slog.New(slog.DiscardHandler), limits: newLimiter(false), bodies: map[string]int64{}, cross: http.NewCrossOriginProtection(),
		unseen: map[string]bool{"POST /v1/box": true},
	}
	if withLAN {
		e.LAN = &lan.LAN{Host: lanHost}
	}
	return e.Filter(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code := "nobody's"
		if t := tenant.From(r.Context()); t != nil {
			code = t.Code
		}
		call := tenant.CallFrom(r.Context())
		fmt.Fprintf(w, "%s supervision=%v known=%v host=%s", code, call.Supervision, tenant.SubjectFrom(r.Context()) != nil, call.Host)
	}))
}

// ask is one request of a phone.
type ask struct {
	method, host, path, cookies, origin string
	direct                              bool // by the usual port
}

func (a ask) send(h http.Handler) *httptest.ResponseRecorder {
	r := httptest.NewRequest(a.method, a.path, nil)
	r.Host, r.RemoteAddr = a.host, lanPhone
	if a.cookies != "" {
		r.Header.Set("Cookie", a.cookies)
	}
	if a.origin != "" {
		r.Header.Set("Origin", a.origin)
	}
	if !a.direct {
		r = r.WithContext(context.WithValue(r.Context(), throughLAN{}, true))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestLANEntry(t *testing.T) {
	const (
		one  = lanCookie + "=440103"
		two  = lanCookie + "=440104"
		hq   = lanCookie + "=hq"
		good = "; " + module.Cookie + "=good"
	)
	h := phoneDoors(true)
	for _, c := range []struct {
		name string
		ask  ask
		code int
		want string // in the answer
		sets string // code of the body that the phone is told to remember; "-" for none
	}{
		{"a phone without a body", ask{path: "/"}, 404, "还没有选择单位", "-"},
		{"a page of nobody", ask{path: "/console/"}, 404, "还没有选择单位", "-"},
		{"a call of nobody", ask{path: "/v1/theme"}, 404, "NOT_FOUND", "-"},
		{"an entry link", ask{path: "/t/440103"}, 303, "", "440103"},
		{"the same again", ask{path: "/t/440103", cookies: one}, 303, "", "440103"},
		{"a page of the body", ask{path: "/", cookies: one}, 200, "440103 supervision=false known=false host=440103.gonghui.localhost:8080", "-"},
		{"a call of the body", ask{path: "/v1/theme", cookies: two}, 200, "440104 supervision=false known=false", "-"},
		{"its console", ask{path: "/console/", cookies: one}, 200, "440103", "-"},
		{"a session", ask{path: "/v1/me", cookies: one + good}, 200, "440103 supervision=false known=true", "-"},
		{"a session of another body", ask{path: "/v1/me", cookies: two + good}, 200, "440104 supervision=false known=false", "-"},
		{"another body's link", ask{path: "/t/440104", cookies: one + good}, 200, "换到“越秀区总工会”", "-"},
		{"and back, names as text", ask{path: "/t/440103", cookies: two}, 200, "荔湾区&lt;总工会&gt;", "-"},
		{"going over", ask{method: "POST", path: "/t/440104", cookies: one, origin: "https://" + lanHost}, 303, "", "440104"},
		{"going over for another site", ask{method: "POST", path: "/t/440104", cookies: one, origin: "https://evil.example"}, 403, "CSRF", "-"},
		{"an unknown body", ask{path: "/t/999999"}, 404, "没有这个单位", "-"},
		{"an unknown body, from another", ask{path: "/t/999999", cookies: one}, 404, "没有这个单位", "-"},
		{"no code", ask{path: "/t/"}, 404, "没有这个单位", "-"},
		{"a strange code", ask{path: "/t/440103/x"}, 404, "没有这个单位", "-"},
		{"another method", ask{method: "PUT", path: "/t/440103", origin: "https://" + lanHost}, 404, "NOT_FOUND", "-"},
		{"headquarters by link", ask{path: "/t/hq"}, 404, "没有这个单位", "-"},
		{"headquarters by post", ask{method: "POST", path: "/t/hq", cookies: one, origin: "https://" + lanHost}, 404, "没有这个单位", "-"},
		{"headquarters by cookie", ask{path: "/", cookies: hq}, 404, "还没有选择单位", "-"},
		{"headquarters by host", ask{path: "/", host: "hq.gonghui.localhost:8080", cookies: one}, 404, "NOT_FOUND", "-"},
		{"another host", ask{path: "/", host: "440103.gonghui.localhost:8080", cookies: one}, 404, "NOT_FOUND", "-"},
		{"a name that leads here", ask{path: "/t/440103", host: "evil.example"}, 404, "NOT_FOUND", "-"},
		{"a cookie of no body", ask{path: "/", cookies: lanCookie + "=999999"}, 404, "还没有选择单位", "-"},
		{"a cookie of rubbish", ask{path: "/", cookies: lanCookie + "=../../x"}, 404, "还没有选择单位", "-"},
		{"trust", ask{path: lan.TrustedPath}, 200, "GIF89a", "-"},
		{"what the operator looks at", ask{path: "/metrics", cookies: one}, 404, "NOT_FOUND", "-"},
		// What must not be known to come from somebody says its body itself, and nothing but that counts.
		{"an unseen call", ask{method: "POST", path: "/v1/box?body=440103", cookies: two + good, origin: "https://" + lanHost}, 200, "440103 supervision=false known=false", "-"},
		{"an unseen call of no body", ask{method: "POST", path: "/v1/box", cookies: two, origin: "https://" + lanHost}, 404, "NOT_FOUND", "-"},
		{"an unseen call to headquarters", ask{method: "POST", path: "/v1/box?body=hq", origin: "https://" + lanHost}, 404, "NOT_FOUND", "-"},
		{"a body in another call", ask{path: "/v1/theme?body=440103", cookies: two}, 200, "440104", "-"},
		{"an unseen call elsewhere", ask{method: "POST", host: "440104.gonghui.localhost:8080", path: "/v1/box?body=440103", direct: true}, 200, "440104", "-"},
		// The usual port knows nothing of all this: there the host says which body, and nothing else does.
		{"the cookie elsewhere", ask{path: "/", host: "440104.gonghui.localhost:8080", cookies: one, direct: true}, 200, "440104", "-"},
		{"the address elsewhere", ask{path: "/", host: lanHost, cookies: one, direct: true}, 404, "NOT_FOUND", "-"},
		{"the link elsewhere", ask{path: "/t/440103", host: "440104.gonghui.localhost:8080", direct: true}, 200, "440104", "-"},
	} {
		if c.ask.method == "" {
			c.ask.method = http.MethodGet
		}
		if c.ask.host == "" {
			c.ask.host = lanHost
		}
		w := c.ask.send(h)
		told := "-"
		for _, line := range w.Header().Values("Set-Cookie") {
			k, err := http.ParseSetCookie(line)
			if err != nil || !k.Secure || !k.HttpOnly || k.Path != "/" || k.Domain != "" {
				t.Errorf("%s: the cookie %q: %v", c.name, line, err)
			}
			if k != nil && k.Name == lanCookie {
				told = k.Value
			}
		}
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.want) || told != c.sets {
			t.Errorf("%s: %d, remembers %s, %s", c.name, w.Code, told, w.Body)
		}
		if w.Code == http.StatusSeeOther && w.Header().Get("Location") != "/" {
			t.Errorf("%s leads to %s", c.name, w.Header().Get("Location"))
		}
	}
}

// Going over to another body ends the session on the phone and empties what it keeps; coming back to the same one does not.
func TestLANSwitchLeavesNothing(t *testing.T) {
	h := phoneDoors(true)
	for from, cleared := range map[string]bool{"440103": true, "440104": false, "": false} {
		w := ask{method: "POST", host: lanHost, path: "/t/440104", cookies: lanCookie + "=" + from, origin: "https://" + lanHost}.send(h)
		ended := false
		for _, line := range w.Header().Values("Set-Cookie") {
			if k, err := http.ParseSetCookie(line); err == nil && k.Name == module.Cookie && k.MaxAge < 0 {
				ended = true
			}
		}
		if ended != cleared || (w.Header().Get("Clear-Site-Data") == `"cache", "storage"`) != cleared {
			t.Errorf("from %q: session ended %v, cleared %q", from, ended, w.Header().Get("Clear-Site-Data"))
		}
	}
}

// Without the port nothing of it is there.
func TestNoLANNoEntry(t *testing.T) {
	h := phoneDoors(false)
	for _, path := range []string{"/t/440103", "/"} {
		if w := (ask{method: http.MethodGet, host: lanHost, path: path, cookies: lanCookie + "=440103", direct: true}).send(h); w.Code != http.StatusNotFound || len(w.Header().Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
