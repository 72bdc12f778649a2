package server

import (
	"context"
	stderrors "errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/kit/fault"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/app/server/lan"
	"gonghui/branding/hosts"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// Directory finds the tenant of a host.
type Directory interface {
	// ByCode returns the body; there being none is a not-found error.
	ByCode(ctx context.Context, code string) (*tenant.Tenant, error)
}

// Names finds whose a host is that is named otherwise than by a body's code.
type Names interface {
	// Find returns what a name leads to: a label before the base, or a whole domain.
	Find(ctx context.Context, name string) (found hosts.Found, ok bool, err error)
}

// Edge is the first to see a request: it knows where it comes from, which host it means and who sends it.
type Edge struct {
	Base      string // "gonghui.localhost:8080"
	Proxies   []netip.Prefix
	Directory Directory
	Names     Names
	Auth      module.Authenticator
	Rights    *access.Engine
	Log       *slog.Logger
	LAN       *lan.LAN // nil unless phones come in by a port of their own
	limits    *limiter
	bodies    map[string]int64 // largest body by method and path, where it is not maxBody
	unseen    map[string]bool  // method and path of routes of which nothing is kept
	cross     *http.CrossOriginProtection
}

// supervisionHost is the label of the host that belongs to no tenant.
const supervisionHost = "hq"

var errNoHost = fault.Plain(http.StatusNotFound, "NOT_FOUND", "没有这个页面", "there is nothing here")

// place puts tenant, caller and subject into the context. A host that is neither a body's nor the supervision host is
// answered as if nothing were there.
func (e *Edge) place(ctx context.Context, c tenant.Call, token string) (context.Context, error) {
	label, ok := e.label(c.Host)
	var t *tenant.Tenant
	if ok && label == supervisionHost {
		c.Supervision = true
	} else {
		var err error
		if t, err = e.body(ctx, c.Host, label, ok); err != nil {
			return ctx, err
		}
		ctx = tenant.With(ctx, t)
	}
	ctx = tenant.WithCall(ctx, c)
	if token == "" {
		return ctx, nil
	}
	s, err := e.Auth.Authenticate(ctx, token, t)
	if err != nil {
		return ctx, err
	}
	if s != nil {
		ctx = tenant.WithSubject(ctx, s)
	}
	if e.Rights != nil { // without an engine a place alone decides
		ctx = access.With(ctx, e.Rights)
	}
	return ctx, nil
}

// moved says that a host has given its name up for another.
type moved struct{ host string }

func (m *moved) Error() string { return "the host is now " + m.host }

// Unwrap makes it a page that is not there for who cannot be led on.
func (m *moved) Unwrap() error { return errNoHost }

// body finds the body of a host: by its code, by its slug, or by a domain of its own.
func (e *Edge) body(ctx context.Context, host, label string, under bool) (*tenant.Tenant, error) {
	name := label
	if under {
		t, err := e.Directory.ByCode(ctx, label)
		if err == nil || !errors.IsNotFound(err) {
			return t, err
		}
	} else {
		name = strings.TrimSuffix(strings.ToLower(withoutPort(host)), ".")
	}
	// A name under the base has no dot; one with a dot is a domain.
	if e.Names == nil || strings.Contains(name, ".") == under {
		return nil, errNoHost
	}
	found, ok, err := e.Names.Find(ctx, name)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, errNoHost
	case found.Moved != "":
		return nil, &moved{found.Moved + "." + e.Base}
	}
	t, err := e.Directory.ByCode(ctx, found.Code)
	if errors.IsNotFound(err) {
		return nil, errNoHost
	}
	return t, err
}

func withoutPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// label is what stands before the base in a host: a body's code, or "hq".
func (e *Edge) label(host string) (string, bool) {
	label, ok := strings.CutSuffix(strings.ToLower(host), "."+e.Base)
	if !ok {
		// Behind a proxy on the usual port the port is not part of the host.
		base, _, err := net.SplitHostPort(e.Base)
		name, _, herr := net.SplitHostPort(host)
		if herr != nil {
			name = host
		}
		if err != nil {
			base = e.Base
		}
		label, ok = strings.CutSuffix(strings.ToLower(name), "."+base)
	}
	return label, ok && label != "" && !strings.Contains(label, ".")
}

// admit decides whether the call may go through the route.
func (e *Edge) admit(ctx context.Context, r Route) error {
	c := tenant.CallFrom(ctx)
	switch {
	case r.Realm == modulev1.Realm_REALM_TENANT && c.Supervision,
		r.Realm == modulev1.Realm_REALM_SUPERVISION && !c.Supervision:
		return errNoHost
	}
	// On the supervision host, how much may be seen of a body is a question about that body, which the host does not name.
	level := r.need
	if c.Supervision {
		level = access.None
	}
	if err := access.CheckLevel(ctx, r.Capability, level); err != nil || !r.StepUp {
		return err
	}
	return access.Fresh(ctx)
}

// source is the address of the caller: what the nearest proxy that is trusted says, else the peer's own.
func (e *Edge) source(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && e.trusted(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr
}

func (e *Edge) trusted(a netip.Addr) bool {
	for _, p := range e.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

const (
	maxBody        = 1 << 20 // bytes of a request; uploads have routes of their own
	requestTimeout = 30 * time.Second
)

// contentPolicy lets pages load from their own host only. antd sets styles at run time; pictures may be data: addresses; the
// reader of QR codes is WebAssembly; the shell of a phone reads a file that a page has made by its blob: address.
const contentPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self' data:; connect-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"

// Filter stands before everything that is served over HTTP.
func (e *Edge) Filter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		id := requestID(r)
		rec := &recorder{ResponseWriter: w}
		h := rec.Header()
		h.Set("X-Request-Id", id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Content-Security-Policy", contentPolicy)
		// The console shows the draft of the members' app in a frame; nobody else may.
		if r.URL.Query().Has("preview") && r.URL.Path == "/" {
			h.Set("X-Frame-Options", "SAMEORIGIN")
			h.Set("Content-Security-Policy", strings.Replace(contentPolicy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
		}
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		api := strings.HasPrefix(r.URL.Path, "/v1/")
		if api {
			h.Set("Cache-Control", "no-store")
		}
		source := e.source(r)
		unseen := e.unseen[r.Method+" "+r.URL.Path]
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				e.Log.Error("panic", "request", id, "panic", p, "stack", stack())
				if rec.status == 0 {
					writeError(rec, r, errInternal)
				}
			}
			if unseen {
				return
			}
			observe(r, rec, time.Since(begin))
			e.Log.Debug("http", "request", id, "method", r.Method, "path", r.URL.Path, "status", rec.status, "bytes", rec.bytes,
				"ms", float64(time.Since(begin).Microseconds())/1000)
		}()
		if infrastructure(r.URL.Path) {
			if isLAN(r.Context()) || !nearby(r) { // phones on the same network are not the operator
				writeError(rec, r, errNoHost)
				return
			}
			next.ServeHTTP(rec, r)
			return
		}
		if err := e.cross.Check(r); err != nil {
			writeError(rec, r, fault.Plain(http.StatusForbidden, "CSRF", "请求来自其他网站，已拒绝", "the request comes from another site and was refused"))
			return
		}
		if wait := e.limits.take(source, api); wait > 0 {
			writeError(rec, r, tooMany(rec, wait))
			return
		}
		most := int64(maxBody)
		if n, ok := e.bodies[r.Method+" "+r.URL.Path]; ok {
			most = n
		}
		r.Body = http.MaxBytesReader(rec, r.Body, most)
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		token := ""
		if c, err := r.Cookie(module.Cookie); err == nil {
			token = c.Value
		}
		if given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && api {
			token = "" // a program says so itself: what a browser sends unasked does not count beside it, and sessions are for browsers
			if module.Acting(given) {
				token = given
			}
		}
		host := r.Host
		if isLAN(r.Context()) {
			var ok bool
			if host, ok = e.byLAN(rec, r); !ok {
				return
			}
		}
		key := r.Header.Get("Idempotency-Key")
		if err := checkKey(key); err != nil {
			writeError(rec, r, err)
			return
		}
		call := tenant.Call{Host: host, Source: source.String(), Request: id, Device: r.UserAgent(), IdempotencyKey: key}
		if unseen {
			call, token = tenant.Call{Host: host}, ""
			r = anonymous(r)
		}
		ctx, err := e.place(ctx, call, token)
		if to := (*moved)(nil); stderrors.As(err, &to) {
			http.Redirect(rec, r, "//"+to.host+r.URL.RequestURI(), http.StatusPermanentRedirect)
			return
		}
		if err != nil {
			writeError(rec, r, e.known(ctx, err))
			return
		}
		next.ServeHTTP(rec, r.WithContext(context.WithValue(ctx, recorderKey{}, rec)))
	})
}

// checkKey refuses an idempotency key that could not be kept.
func checkKey(key string) error {
	if len(key) > 80 || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return fault.Field("Idempotency-Key", "最多 80 个可见字符", "at most 80 visible characters")
	}
	return nil
}

// infrastructure are the paths of the operator, the same on every host.
func infrastructure(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == "/metrics"
}

// nearby reports whether the request comes from this machine or its network, and not through a proxy: the operator's paths
// are nobody else's.
func nearby(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && (peer.Addr().Unmap().IsLoopback() || peer.Addr().Unmap().IsPrivate()) && r.Header.Get("X-Forwarded-For") == ""
}

// anonymous is a request with nothing left in it that says who sends it.
func anonymous(r *http.Request) *http.Request {
	plain := r.Clone(r.Context())
	plain.Header, plain.RemoteAddr = http.Header{}, ""
	for _, needed := range []string{"Content-Type", "Accept"} {
		if v := r.Header.Get(needed); v != "" {
			plain.Header.Set(needed, v)
		}
	}
	return plain
}
