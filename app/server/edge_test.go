package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestLabel(t *testing.T) {
	for _, tc := range []struct {
		base, host, want string
	}{
		{"gonghui.localhost:8080", "440103.gonghui.localhost:8080", "440103"},
		{"gonghui.localhost:8080", "HQ.Gonghui.LOCALHOST:8080", "hq"},
		{"gonghui.localhost:8080", "440103.gonghui.localhost", "440103"},
		{"union.example", "440103.union.example", "440103"},
		{"union.example", "440103.union.example:443", "440103"},
		{"gonghui.localhost:8080", "gonghui.localhost:8080", ""},
		{"gonghui.localhost:8080", ".gonghui.localhost:8080", ""},
		{"gonghui.localhost:8080", "a.b.gonghui.localhost:8080", ""},
		{"gonghui.localhost:8080", "440103.evil.example", ""},
		{"gonghui.localhost:8080", "440103gonghui.localhost:8080", ""},
		{"gonghui.localhost:8080", "127.0.0.1:8080", ""},
		{"gonghui.localhost:8080", "[::1]:8080", ""},
		{"gonghui.localhost:8080", "", ""},
	} {
		got, ok := (&Edge{Base: tc.base}).label(tc.host)
		if !ok {
			got = ""
		}
		if got != tc.want {
			t.Errorf("%q under %q is %q, want %q", tc.host, tc.base, got, tc.want)
		}
	}
}

func TestSource(t *testing.T) {
	e := &Edge{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, tc := range []struct {
		peer, forwarded, want string
	}{
		{"203.0.113.9:1", "", "203.0.113.9"},
		{"203.0.113.9:1", "198.51.100.7", "203.0.113.9"}, // no proxy of ours: what it says is not believed
		{"10.1.1.1:1", "198.51.100.7", "198.51.100.7"},
		{"10.1.1.1:1", "6.6.6.6, 198.51.100.7", "198.51.100.7"}, // what the client wrote itself stands further left
		{"10.1.1.1:1", "198.51.100.7, 10.2.2.2", "198.51.100.7"},
		{"10.1.1.1:1", "nonsense", "10.1.1.1"},
		{"[::ffff:203.0.113.9]:1", "", "203.0.113.9"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tc.peer
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		if got := e.source(r).String(); got != tc.want {
			t.Errorf("%s forwarding %q comes from %s, want %s", tc.peer, tc.forwarded, got, tc.want)
		}
	}
}

func TestLimiter(t *testing.T) {
	l := newLimiter(false)
	a, b := netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("203.0.113.10")
	refused := 0
	for range apiBurst + 100 {
		if l.take(a, true) > 0 {
			refused++
		}
	}
	if refused == 0 || refused > 100 {
		t.Errorf("%d of %d calls were refused", refused, apiBurst+100)
	}
	if l.take(a, false) > 0 || l.take(b, true) > 0 {
		t.Error("another source, or another kind of request, pays for it")
	}
	l = newLimiter(false)
	first, second := netip.MustParseAddr("2001:db8:1:2::1"), netip.MustParseAddr("2001:db8:1:2:ffff::9")
	for range apiBurst {
		l.take(first, true)
	}
	waits := false
	for range 50 {
		waits = waits || l.take(second, true) > 0
	}
	if !waits {
		t.Error("two addresses of one /64 count as two sources")
	}
}

func TestOperatorsPathsAreNobodyElses(t *testing.T) {
	for _, tc := range []struct {
		peer, forwarded string
		want            bool
	}{
		{"127.0.0.1:5", "", true},
		{"10.3.0.4:5", "", true},
		{"203.0.113.9:5", "", false},
		{"127.0.0.1:5", "203.0.113.9", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = tc.peer
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		if got := nearby(r); got != tc.want {
			t.Errorf("%s forwarding %q: %v, want %v", tc.peer, tc.forwarded, got, tc.want)
		}
	}
}

func TestRequestID(t *testing.T) {
	for id, kept := range map[string]bool{"0123456789abcdef": true, "short": false, "has spaces in it": false, "line\nbreak-in-it": false, "": false} {
		if got := limitID(id); (got == id) != kept || len(got) < 8 {
			t.Errorf("%q became %q", id, got)
		}
	}
}

func TestTooManySaysWhen(t *testing.T) {
	w := httptest.NewRecorder()
	writeError(w, nil, tooMany(w, 1500*time.Millisecond))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
}
