package e2e_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
)

// look is what the tests read of a body's looks.
type look struct {
	BodyCode, AppName, Slogan, Accent, Logo, LegalVersion string
	Words                                                 []struct{ Key, Zh string }
}

// at is a visitor of a host that is not called by a code.
func (r *run) at(host, token string) *stack.Client {
	c := r.Client("x")
	c.Host = host
	c.SetToken(token)
	return c
}

// refusedFor tells what a call was refused for: status, reason and field; the words must be there.
func refusedFor(t *testing.T, c *stack.Client, method, path string, in any) string {
	t.Helper()
	var reply struct {
		Reason   string
		Metadata map[string]string
	}
	status := c.Call(t, method, path, in, &reply)
	if status >= 400 && (reply.Metadata["zh"] == "" || reply.Metadata["en"] == "") {
		t.Errorf("%s %s is refused without words: %d %v", method, path, status, reply)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", status, reply.Reason, reply.Metadata["field"]))
}

func withoutPort(host string) string { return host[:strings.LastIndexByte(host, ':')] }

// A body is reached by its code, by a slug, by a domain of its own; a session is the body's on each, and nobody else's.
func TestHosts(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", sibling)
	stranger := r.signedIn(t, "admin", county)
	reach := func(host string) (status int, l look) {
		t.Helper()
		status = r.at(host, "").Call(t, http.MethodGet, "/v1/theme", nil, &l)
		return status, l
	}
	slug := func(name string) string { return name + "." + r.Base }
	admin.Must(t, http.MethodPut, "/v1/hosts/slug", map[string]string{"name": "yuexiu-zgh"}, nil)
	if status, l := reach(slug("yuexiu-zgh")); status != http.StatusOK || l.BodyCode != sibling {
		t.Fatalf("by the slug: %d %v", status, l)
	}
	if status, _ := reach(slug("no-such-slug")); status != http.StatusNotFound {
		t.Errorf("a slug that nobody has: %d", status)
	}
	if status := r.at(slug("yuexiu-zgh"), admin.Token()).Call(t, http.MethodGet, "/v1/branding", nil, nil); status != http.StatusOK {
		t.Errorf("the body's own session at its slug: %d", status)
	}
	if status := r.at(slug("yuexiu-zgh"), stranger.Token()).Call(t, http.MethodGet, "/v1/branding", nil, nil); status != http.StatusUnauthorized && status != http.StatusNotFound {
		t.Errorf("another body's session at the slug: %d", status)
	}
	if got := refusedFor(t, stranger, http.MethodPut, "/v1/hosts/slug", map[string]string{"name": "yuex1u-zgh"}); got != "409 SLUG_TAKEN name" {
		t.Errorf("one that looks the same: %s", got)
	}
	admin.Must(t, http.MethodPut, "/v1/hosts/slug", map[string]string{"name": "beijinglu-zgh"}, nil)
	req, err := http.NewRequest(http.MethodGet, "http://"+r.Addr+"/join?token=a%2Fb", nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, _, err := r.at(slug("yuexiu-zgh"), "").Send(req)
	if err != nil || reply.StatusCode != http.StatusPermanentRedirect || reply.Header.Get("Location") != "//"+slug("beijinglu-zgh")+"/join?token=a%2Fb" {
		t.Errorf("the earlier slug: %v %v", reply, err)
	}

	// A domain of its own leads nowhere before it is proved, and within five seconds after.
	const domain = "app.yxzgh.org.cn"
	if status, _ := reach(domain); status != http.StatusNotFound {
		t.Errorf("before it is added: %d", status)
	}
	var hosts struct {
		Domains []struct{ Name, State, RecordName, RecordValue string }
	}
	admin.Must(t, http.MethodPost, "/v1/hosts/domains", map[string]string{"name": domain}, &hosts, "Idempotency-Key", "a domain")
	if got := refusedFor(t, admin, http.MethodPost, "/v1/hosts/domains:verify", map[string]string{"name": domain}); got != "409 DOMAIN_UNPROVED name" {
		t.Errorf("without a record: %s", got)
	}
	dns.Text(hosts.Domains[0].RecordName, hosts.Domains[0].RecordValue)
	stack.Eventually(t, 30*time.Second, "the domain is proved", func() bool {
		admin.Must(t, http.MethodPost, "/v1/hosts/domains:verify", map[string]string{"name": domain}, &hosts)
		return hosts.Domains[0].State == "live"
	})
	start := time.Now()
	stack.Eventually(t, 5*time.Second, "the domain leads to the body", func() bool {
		status, l := reach(domain)
		return status == http.StatusOK && l.BodyCode == sibling
	})
	t.Logf("in use after %v", time.Since(start))
	if status, l := reach(strings.ToUpper(domain) + ".:443"); status != http.StatusOK || l.BodyCode != sibling {
		t.Errorf("in capitals, with a dot and a port: %d %v", status, l)
	}
	_, raw, err := r.at(domain, "").Do(http.MethodGet, "/.well-known/gonghui.txt", nil)
	if err != nil || strings.TrimSpace(string(raw)) != hosts.Domains[0].RecordValue {
		t.Errorf("the file on it: %s %v", raw, err)
	}
	if status := r.at(domain, stranger.Token()).Call(t, http.MethodGet, "/v1/me", nil, nil); status != http.StatusUnauthorized && status != http.StatusNotFound {
		t.Errorf("another body's session on the domain: %d", status)
	}
	in := r.at(domain, "")
	if status := in.Call(t, http.MethodPost, "/v1/session:signIn", map[string]string{"phone": r.people["admin@"+sibling].Phone, "password": stack.Password}, nil); status != http.StatusOK || in.Token() == "" {
		t.Errorf("signing in on the domain: %d", status)
	}
	var listed struct {
		Domains []struct{ Name, BodyCode string }
	}
	r.signedIn(t, "supervisor", city).Must(t, http.MethodGet, "/v1/domains", nil, &listed)
	if len(listed.Domains) != 1 || listed.Domains[0].BodyCode != sibling {
		t.Errorf("the supervisor of the city sees %v", listed)
	}
	if r.signedIn(t, "supervisor", abroad).Must(t, http.MethodGet, "/v1/domains", nil, &listed); len(listed.Domains) != 0 {
		t.Errorf("the supervisor of another province sees %v", listed)
	}
	admin.Must(t, http.MethodPost, "/v1/hosts/domains:remove", map[string]string{"name": domain}, nil)
	stack.Eventually(t, 5*time.Second, "the domain leads nowhere", func() bool {
		status, _ := reach(domain)
		return status == http.StatusNotFound
	})
	for name, in := range map[string]string{"an address": "10.0.0.1", "this machine": "localhost", "the platform's": "a." + withoutPort(r.Base), "an ending": "com.cn", "a script": "<script>.cn", "two lines": "a.cn\nb.cn"} {
		if got := refusedFor(t, admin, http.MethodPost, "/v1/hosts/domains", map[string]string{"name": in}); got != "400 INVALID_ARGUMENT name" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// header is the head of a PNG that says how large it is; what follows is not looked at before that is.
func header(w, h uint32) []byte {
	chunk := []byte{'I', 'H', 'D', 'R', byte(w >> 24), byte(w >> 16), byte(w >> 8), byte(w), byte(h >> 24), byte(h >> 16), byte(h >> 8), byte(h), 8, 6, 0, 0, 0}
	sum := crc32.ChecksumIEEE(chunk)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\r"), chunk...)
	return append(out, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

// Names and logos of people who mean harm, and of those who mean none: a clear error, or a result that is safe.
func TestHostileLooks(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", farCity)
	svg := func(inner string) []byte {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 64 64">` + inner + `<rect width="64" height="64" fill="#1565c0"/></svg>`)
	}
	// A bomb: four thousand pixels a side of one colour, in a few kilobytes.
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, image.NewPaletted(image.Rect(0, 0, 4000, 4000), color.Palette{color.Gray{128}})); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"a script":             svg(`<script>alert(1)</script>`),
		"a link to a script":   svg(`<a xlink:href="javascript:alert(1)"><path d="M0 0h9v9z"/></a>`),
		"a picture of another": svg(`<image href="https://evil.example/x.png" width="9" height="9"/>`),
		"a page within":        svg(`<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="//evil.example"/></body></foreignObject>`),
		"entities":             []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>`),
		"a file of the server": []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>`),
		"20,000 pixels":        header(20_000, 20_000),
		"as large as can be":   header(1<<31-1, 1<<31-1),
		"a bomb":               bomb.Bytes(),
		"half a picture":       header(64, 64),
		"a page":               []byte("<html><script>alert(1)</script></html>"),
		"nothing":              {},
	} {
		if got := refusedFor(t, admin, http.MethodPost, "/v1/branding/logos", map[string]any{"data": data}); got != "400 INVALID_ARGUMENT data" {
			t.Errorf("%s: %s", name, got)
		}
	}
	var added struct{ Logo struct{ Digest, Data string } }
	admin.Must(t, http.MethodPost, "/v1/branding/logos", map[string]any{"data": svg(`<g onclick="alert(1)" style="fill:url(javascript:alert(2))"/>`)}, &added, "Idempotency-Key", "a logo")
	if raw, err := base64.StdEncoding.DecodeString(added.Logo.Data[strings.IndexByte(added.Logo.Data, ',')+1:]); err != nil || bytes.Contains(raw, []byte("alert")) || bytes.Contains(raw, []byte("onclick")) {
		t.Errorf("made safe: %s %v", raw, err)
	}
	draft := func(names map[string]any) (string, look) {
		t.Helper()
		var now struct{ Revision int }
		admin.Must(t, http.MethodGet, "/v1/branding", nil, &now)
		body := map[string]any{"profile": map[string]any{"names": names}, "revision": now.Revision}
		if got := refusedFor(t, admin, http.MethodPut, "/v1/branding/draft", body); got != "200" {
			return got, look{}
		}
		var link struct{ Token string }
		admin.Must(t, http.MethodPost, "/v1/branding:preview", map[string]any{}, &link)
		var l look
		r.Client(farCity).Must(t, http.MethodGet, "/v1/theme?preview="+link.Token, nil, &l)
		return got200, l
	}
	for name, tt := range map[string]struct{ in, want string }{
		"200 characters":       {strings.Repeat("长", 200), "400 INVALID_ARGUMENT profile.names.appName"},
		"20 emoji":             {strings.Repeat("👷", 20), got200},
		"one emoji of many":    {"工会👩‍👩‍👧‍👦", got200},
		"right to left":        {"اتحاد العمال", got200},
		"turned round":         {"abc\u202efdp.exe", "400 INVALID_ARGUMENT profile.names.appName"},
		"turned and shut":      {"\u2067abc\u2069", "400 INVALID_ARGUMENT profile.names.appName"},
		"a line within":        {"a\nb", "400 INVALID_ARGUMENT profile.names.appName"},
		"nothing to be seen":   {"\u0000", "400 INVALID_ARGUMENT profile.names.appName"},
		"spaces":               {"   ", "400 INVALID_ARGUMENT profile.names.appName"},
		"markup stays a text":  {"<b>工会</b>", got200},
		"a quote stays a text": {`"/><script>`, got200},
	} {
		got, l := draft(map[string]any{"appName": tt.in})
		if got != tt.want || got == got200 && l.AppName != tt.in {
			t.Errorf("%s: %s %q", name, got, l.AppName)
		}
	}
	if now, _ := draft(map[string]any{"appName": "好", "slogan": strings.Repeat("x", 200)}); now != "400 INVALID_ARGUMENT profile.names.slogan" {
		t.Errorf("a slogan of 200 characters: %s", now)
	}
}

const got200 = "200"
