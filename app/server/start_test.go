package server

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
)

const builtPage = `<html><head><!--visitor--><link href="enter"><!--/visitor--><!--member--><link href="home"><!--/member--></head>
<body><script type="application/json" id="look">null</script><script>var a = "1"</script></body></html>`

func startOf(dress func(context.Context, string) (proto.Message, error)) *startPage {
	p := newStartPage(fstest.MapFS{"member/index.html": {Data: []byte(builtPage)}})
	p.dress = dress
	return p
}

// get returns the answer of the start page and its text.
func (p *startPage) get(t *testing.T, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/file?preview=token", nil)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Security-Policy", contentPolicy)
	p.ServeHTTP(w, r)
	res := w.Result()
	body := io.Reader(res.Body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(raw)
}

func TestStartPageCarriesTheLooks(t *testing.T) {
	p := startOf(func(_ context.Context, preview string) (proto.Message, error) {
		return &brandingv1.Theme{AppName: "</script><script>alert(1)</script>", Version: preview}, nil
	})
	res, html := p.get(t, nil)
	if strings.Contains(html, "alert(1)</script>") || !strings.Contains(html, `\u003c/script\u003e`) || !strings.Contains(html, `"version":"token"`) {
		t.Errorf("the looks stand in the page as %s", html)
	}
	sum := sha256.Sum256([]byte(`var a = "1"`))
	if policy := res.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self' 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"' 'wasm") {
		t.Errorf("the policy is %s", policy)
	}
	if res.Header.Get("Cache-Control") != "no-cache" || !strings.Contains(res.Header.Get("Vary"), "Cookie") {
		t.Errorf("headers %v", res.Header)
	}
}

func TestStartPageNamesWhatTheCallerNeeds(t *testing.T) {
	p := startOf(nil)
	if _, html := p.get(t, nil); !strings.Contains(html, "enter") || strings.Contains(html, "home") {
		t.Errorf("a visitor gets %s", html)
	}
	cookie := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: module.Cookie, Value: "x"}) }
	if _, html := p.get(t, cookie); strings.Contains(html, "enter") || !strings.Contains(html, "home") {
		t.Errorf("a member gets %s", html)
	}
}

func TestStartPageWithoutLooks(t *testing.T) {
	p := startOf(func(context.Context, string) (proto.Message, error) { return nil, errors.New("no database") })
	res, html := p.get(t, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(html, `id="look">null</script>`) {
		t.Errorf("%d %v %s", res.StatusCode, res.Header, html)
	}
	if newStartPage(fstest.MapFS{}) != nil {
		t.Error("there is a page where nothing was built")
	}
}

func TestFilesGoOutPacked(t *testing.T) {
	files := fstest.MapFS{
		"member/assets/a.js": {Data: []byte("plain")}, "member/assets/a.js.gz": {Data: []byte("gz")}, "member/assets/a.js.br": {Data: []byte("br")},
		"member/assets/b.js": {Data: []byte("plain")}, "member/assets/b.js.gz": {Data: []byte("gz")},
	}
	for _, row := range []struct{ path, accept, encoding, body string }{
		{"/assets/a.js", "gzip, deflate, br", "br", "br"},
		{"/assets/a.js", "gzip", "gzip", "gz"},
		{"/assets/a.js", "gzip;q=0, br;q=0.0", "", "plain"},
		{"/assets/a.js", "gzip;q=0.5", "gzip", "gz"},
		{"/assets/a.js", "", "", "plain"},
		{"/assets/b.js", "br, gzip", "gzip", "gz"},
		{"/assets/b.js", "bread", "", "plain"},
	} {
		r := httptest.NewRequest(http.MethodGet, row.path, nil)
		r.Header.Set("Accept-Encoding", row.accept)
		w := httptest.NewRecorder()
		pages(files, nil).ServeHTTP(w, r)
		h := w.Header()
		if w.Body.String() != row.body || h.Get("Content-Encoding") != row.encoding || !strings.Contains(h.Get("Cache-Control"), "immutable") ||
			!strings.HasPrefix(h.Get("Content-Type"), "text/javascript") || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s for %q: %q %v", row.path, row.accept, w.Body, h)
		}
	}
}
