package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"gonghui/app/kit/fault"
	"gonghui/branding/hosts"
	"gonghui/tenant"
)

// tree knows one body by its code.
type tree struct{}

func (tree) ByCode(_ context.Context, code string) (*tenant.Tenant, error) {
	if code == "440103" {
		return &tenant.Tenant{Code: code}, nil
	}
	return nil, fault.Plain(http.StatusNotFound, "BODY_NOT_FOUND", "没有", "none")
}

// book is what names lead to.
type book map[string]hosts.Found

func (b book) Find(_ context.Context, name string) (hosts.Found, bool, error) {
	if name == "away" {
		return hosts.Found{}, false, errors.New("the database is away")
	}
	f, ok := b[name]
	return f, ok, nil
}

// A body is found by its code, its slug and its domain; a slug that was given up leads on; everything else is nothing.
func TestHostsOfBodies(t *testing.T) {
	e := &Edge{Base: "union.example:8080", Directory: tree{}, Names: book{
		"liwan": {Code: "440103"}, "old": {Code: "440103", Moved: "liwan"}, "app.lwzgh.cn": {Code: "440103"}, "440103": {Code: "other"}, "lost": {Code: "999999"},
	}}
	for host, want := range map[string]string{
		"440103.union.example:8080": "440103", "liwan.union.example:8080": "440103", "LIWAN.union.example": "440103", "app.lwzgh.cn": "440103",
		"App.LWZGH.cn:443": "440103", "app.lwzgh.cn.:8080": "440103", "old.union.example:8080": "to liwan.union.example:8080",
		"none.union.example:8080": "nothing", "lost.union.example:8080": "nothing", "a.liwan.union.example:8080": "nothing", "liwan": "nothing", "other.cn": "nothing",
		"app.lwzgh.cn.union.example:8080": "nothing", "union.example:8080": "nothing", "": "nothing", "127.0.0.1:8080": "nothing", "[::1]:8080": "nothing",
		"away.union.example:8080": "the database is away",
	} {
		ctx, err := e.place(t.Context(), tenant.Call{Host: host}, "")
		got := ""
		to := (*moved)(nil)
		switch {
		case errors.As(err, &to):
			got = "to " + to.host
			if !errors.Is(err, errNoHost) {
				t.Errorf("%s: who cannot be led on is not told that nothing is there", host)
			}
		case errors.Is(err, errNoHost):
			got = "nothing"
		case err != nil:
			got = err.Error()
		default:
			got = tenant.From(ctx).Code
		}
		if got != want {
			t.Errorf("%q is %s, want %s", host, got, want)
		}
	}
	if _, err := (&Edge{Base: "union.example", Directory: tree{}}).place(t.Context(), tenant.Call{Host: "liwan.union.example"}, ""); !errors.Is(err, errNoHost) {
		t.Errorf("without names: %v", err)
	}
}

// An earlier slug leads to the same page under the present one, whatever was asked, and keeps the method.
func TestMoved(t *testing.T) {
	e := &Edge{
		Base: "union.example", Directory: tree{}, Names: book{"old": {Code: "440103", Moved: "liwan"}}, limits: newLimiter(true),
		cross: http.NewCrossOriginProtection(), bodies: map[string]int64{}, Log: slog.New(slog.DiscardHandler),
	}
	for _, ask := range []string{"/", "/join?token=a%2Fb", "//evil.example/", "/v1/theme"} {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://old.union.example"+ask, nil)
		e.Filter(http.NotFoundHandler()).ServeHTTP(rec, r)
		if got := rec.Header().Get("Location"); rec.Code != http.StatusPermanentRedirect || got != "//liwan.union.example"+ask {
			t.Errorf("%s: %d %s", ask, rec.Code, got)
		}
	}
}
