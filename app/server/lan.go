package server

import (
	"context"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/module"
	"gonghui/app/server/lan"
	"gonghui/tenant"
)

// lanCookie remembers which body a phone came in to. It is no proof of anything: what the host says elsewhere, it says here.
const lanCookie = "__Host-gonghui-body"

// lanDays is how long a phone is remembered.
const lanDays = 30

// throughLAN marks the requests that came in by the port for phones, whatever host they name.
type throughLAN struct{}

func isLAN(ctx context.Context) bool { return ctx.Value(throughLAN{}) != nil }

// byLAN finds the host of the body that a request through the port for phones means. When it has answered the request itself, ok is
// false. The supervision host has no way in here.
func (e *Edge) byLAN(w http.ResponseWriter, r *http.Request) (host string, ok bool) {
	if !strings.EqualFold(r.Host, e.LAN.Host) {
		writeError(w, r, errNoHost)
		return "", false
	}
	if r.URL.Path == lan.TrustedPath {
		lan.Trusted(w)
		return "", false
	}
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	code := cookieOf(r)
	if e.unseen[r.Method+" "+r.URL.Path] {
		// A page sends no cookies there, so that nothing says who calls; whose page it is it says itself, as a host does elsewhere.
		code = r.URL.Query().Get("body")
	}
	now, err := e.lanBody(ctx, code)
	if err != nil {
		writeError(w, r, e.known(ctx, err))
		return "", false
	}
	if code, is := strings.CutPrefix(r.URL.Path, lan.EntryPath); is {
		e.enter(w, r.WithContext(ctx), now, code)
		return "", false
	}
	if now != nil {
		return now.Code + "." + e.Base, true
	}
	if r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/v1/") {
		e.LAN.Lost(w, r, false)
	} else {
		writeError(w, r, errNoHost)
	}
	return "", false
}

func cookieOf(r *http.Request) string {
	c, err := r.Cookie(lanCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// lanBody is the body of a code, or nil.
func (e *Edge) lanBody(ctx context.Context, code string) (*tenant.Tenant, error) {
	if code == supervisionHost || !lan.CodeForm.MatchString(code) {
		return nil, nil
	}
	t, err := e.Directory.ByCode(ctx, code)
	if errors.IsNotFound(err) {
		return nil, nil
	}
	return t, err
}

// enter is the entry link of a body: a phone that uses none or this one goes on; one that uses another is asked first.
func (e *Edge) enter(w http.ResponseWriter, r *http.Request, now *tenant.Tenant, code string) {
	to, err := e.lanBody(r.Context(), code)
	switch {
	case err != nil:
		writeError(w, r, e.known(r.Context(), err))
	case to == nil:
		e.LAN.Lost(w, r, true)
	case r.Method == http.MethodGet && now != nil && now.ID != to.ID:
		lan.Switch(w, r, now.Name, to.Name)
	case r.Method == http.MethodGet, r.Method == http.MethodPost:
		http.SetCookie(w, &http.Cookie{
			Name: lanCookie, Value: to.Code, Path: "/", MaxAge: lanDays * 24 * 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
		if now != nil && now.ID != to.ID {
			// What the phone keeps is the other body's.
			http.SetCookie(w, &http.Cookie{Name: module.Cookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
			w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		writeError(w, r, errNoHost)
	}
}

// serveLAN serves the port for phones until ctx ends: the product over TLS, the way to trust it over plain http.
func (s *Server) serveLAN(ctx context.Context) error {
	l := s.cfg.LAN
	product := lan.Server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.http.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), throughLAN{}, true)))
	}))
	product.TLSConfig = l.TLS
	plain := lan.Server(l.PlainPages(s.cfg.LANBody))
	// A phone that does not trust the authority yet breaks off each handshake.
	product.ErrorLog = debugLog(s.log)
	plain.ErrorLog = product.ErrorLog
	failed := make(chan error, 2)
	go func() { failed <- product.ServeTLS(l.Secure, "", "") }()
	go func() { failed <- plain.Serve(l.Plain) }()
	var err error
	left := 2
	select {
	case <-ctx.Done():
	case err = <-failed:
		left--
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = product.Shutdown(stop)
	_ = plain.Shutdown(stop)
	for range left {
		<-failed
	}
	return err
}

// debugLog is where net/http complains to.
func debugLog(to *slog.Logger) *log.Logger { return slog.NewLogLogger(to.Handler(), slog.LevelDebug) }
