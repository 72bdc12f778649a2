package e2e_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"gonghui/app/e2e/stack"
	"gonghui/app/module"
)

// handset is a browser on the port for phones: it trusts the authority, keeps cookies, and follows no redirect.
type handset struct {
	*http.Client
	t *testing.T
}

func (r *run) handset(t *testing.T) handset {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(r.Authority(t)) {
		t.Fatal("the authority's certificate is no PEM")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return handset{&http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true},
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, t}
}

// call is one request over TLS; the answer is read into out when it is JSON and out is given.
func (h handset) call(method, path string, body, out any, cookies ...*http.Cookie) (int, string) {
	h.t.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			h.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "https://"+phones+path, in)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", "https://"+phones)
	for _, c := range cookies {
		req.AddCookie(c)
	}
	resp, err := h.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			h.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, short(string(raw)))
		}
	}
	return resp.StatusCode, string(raw)
}

// A phone comes in to one body over TLS, signs in, and nothing of another body or of headquarters is in reach.
func TestPhonesComeInByTheEntryLink(t *testing.T) {
	r := product(t)
	h := r.handset(t)
	if code, _ := h.call("GET", "/v1/theme", nil, nil); code != http.StatusNotFound {
		t.Errorf("without a body: %d", code)
	}
	if code, _ := h.call("GET", "/t/hq", nil, nil); code != http.StatusNotFound {
		t.Errorf("headquarters has an entry: %d", code)
	}
	// A ballot carries no cookie: it says itself for which body it is.
	none := map[string]any{"vote": "01a00000-0000-7000-8000-000000000000", "choice": []int{1}}
	for query, reason := range map[string]string{"?body=" + county: "MEETING_NOT_FOUND", "": "NOT_FOUND", "?body=hq": "NOT_FOUND"} {
		var refused struct{ Reason string }
		if h.call("POST", "/v1/meetings:cast"+query, none, &refused); refused.Reason != reason {
			t.Errorf("a ballot by the address %q: %q, want %q", query, refused.Reason, reason)
		}
	}
	var theme struct{ BodyCode string }
	if code, _ := h.call("GET", "/t/"+county, nil, nil); code != http.StatusSeeOther {
		t.Fatalf("the entry link: %d", code)
	}
	if h.call("GET", "/v1/theme", nil, &theme); theme.BodyCode != county {
		t.Errorf("the body is %q, want %q", theme.BodyCode, county)
	}
	who := r.people["member@"+county]
	in := map[string]string{"phone": who.Phone, "password": stack.Password}
	var reply struct{ Metadata map[string]string }
	code, said := h.call("POST", "/v1/session:signIn", in, &reply)
	if reply.Metadata["puzzle"] != "" { // others have failed from this machine's address
		in["captcha"] = stack.Solve(reply.Metadata)
		code, said = h.call("POST", "/v1/session:signIn", in, nil)
	}
	if code != http.StatusOK {
		t.Fatalf("sign-in: %d %s", code, short(said))
	}
	if code, said := h.call("GET", "/v1/me", nil, nil); code != http.StatusOK {
		t.Errorf("signed in: %d %s", code, short(said))
	}
	// The session is of this body: with the cookie of another it is nobody's, here as on the bodies' own hosts.
	var session string
	for _, c := range h.Jar.Cookies(&url.URL{Scheme: "https", Host: phones, Path: "/"}) {
		if c.Name == module.Cookie {
			session = c.Value
		}
	}
	if session == "" {
		t.Fatal("no session")
	}
	for _, other := range []string{sibling, "hq", city, abroad} {
		bare := r.handset(t)
		code, _ := bare.call("GET", "/v1/me", nil, nil, &http.Cookie{Name: "__Host-gonghui-body", Value: other}, &http.Cookie{Name: module.Cookie, Value: session})
		if code != http.StatusUnauthorized && code != http.StatusNotFound {
			t.Errorf("a session of %s under %s: %d", county, other, code)
		}
	}
	// Another body's link is a question first.
	if code, said := h.call("GET", "/t/"+sibling, nil, nil); code != http.StatusOK || !strings.Contains(said, "<form") {
		t.Errorf("another body's link: %d %s", code, short(said))
	}
	if h.call("GET", "/v1/theme", nil, &theme); theme.BodyCode != county {
		t.Errorf("the question has changed the body to %q", theme.BodyCode)
	}
	if code, _ := h.call("POST", "/t/"+sibling, nil, nil); code != http.StatusSeeOther {
		t.Errorf("going over: %d", code)
	}
	if h.call("GET", "/v1/theme", nil, &theme); theme.BodyCode != sibling {
		t.Errorf("gone over, the body is %q", theme.BodyCode)
	}
	if code, _ := h.call("GET", "/v1/me", nil, nil); code != http.StatusUnauthorized {
		t.Errorf("gone over, the session is still there: %d", code)
	}
	// The port is for its own address: names that somebody makes lead here do not count.
	req, err := http.NewRequest("GET", "https://"+phones+"/v1/theme", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = county + "." + r.Base
	if resp, err := h.Do(req); err != nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("a body's host on the port for phones: %v %v", resp, err)
	}
	if _, err := http.Get("https://" + phones + "/"); err == nil {
		t.Error("who does not trust the authority got in")
	}
}
