package stack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gonghui/app/demo"
	"gonghui/app/identity/factor"
	"gonghui/app/module"
)

// Client is one visitor of one host, with the cookie that visitor was given.
type Client struct {
	stack *Stack
	Host  string
	// Source is the loopback address the visitor comes from: 127.0.0.1 when empty.
	Source string
	mu     sync.Mutex
	token  string
}

// transports dial the product, whatever the host is called, from one address each.
var transports sync.Map

func transport(source string) *http.Transport {
	if t, ok := transports.Load(source); ok {
		return t.(*http.Transport)
	}
	d := &net.Dialer{}
	if source != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(source)}
	}
	t, _ := transports.LoadOrStore(source, &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 64, MaxIdleConns: 256})
	return t.(*http.Transport)
}

// Client returns a stranger on the host with the label: a body's code, or "hq".
func (s *Stack) Client(label string) *Client { return &Client{stack: s, Host: label + "." + s.Base} }

// Addr is where the product listens.
func (c *Client) Addr() string { return c.stack.Addr }

// SignIn returns a client with a session.
func (s *Stack) SignIn(t testing.TB, label, phone, password string) *Client {
	t.Helper()
	c := s.Client(label)
	body := map[string]string{"phone": phone, "password": password}
	var reply struct{ Metadata map[string]string }
	status := c.Call(t, http.MethodPost, "/v1/session:signIn", body, &reply)
	if reply.Metadata["puzzle"] != "" {
		body["captcha"] = Solve(reply.Metadata)
		status = c.Call(t, http.MethodPost, "/v1/session:signIn", body, &reply)
	}
	if status != http.StatusOK {
		t.Fatalf("sign-in of %s at %s: %d %v", phone, label, status, reply)
	}
	return c
}

// Solve does the work that a refusal for too many failures asks for.
func Solve(metadata map[string]string) string {
	bits, _ := strconv.Atoi(metadata["bits"])
	parts, _ := strconv.Atoi(metadata["parts"])
	return factor.Solve(metadata["puzzle"], bits, parts)
}

// Demo signs a demo account in.
func (s *Stack) Demo(t testing.TB, a demo.Account) *Client {
	t.Helper()
	return s.SignIn(t, a.Host, a.Phone, demo.Password)
}

// Token is the session token; SetToken puts on another one.
func (c *Client) Token() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

// SetToken puts on another session.
func (c *Client) SetToken(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token = token
}

// Do sends one request and returns status and body.
func (c *Client) Do(method, path string, body []byte, headers ...string) (int, []byte, error) {
	req, err := http.NewRequest(method, "http://"+c.stack.Addr+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, raw, err := c.Send(req)
	if err != nil {
		return 0, nil, err
	}
	return resp.StatusCode, raw, nil
}

// Send sends a request as it is, with the visitor's host and cookie, and reads the answer to its end. A cookie in the
// answer is kept.
func (c *Client) Send(req *http.Request) (*http.Response, []byte, error) {
	req.Host = c.Host
	if token := c.Token(); token != "" {
		req.AddCookie(&http.Cookie{Name: module.Cookie, Value: token})
	}
	resp, err := transport(c.Source).RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	for _, k := range resp.Cookies() {
		if k.Name == module.Cookie {
			c.SetToken(k.Value)
		}
	}
	return resp, raw, err
}

// As returns another visitor of the same host, or of the one with the label, who holds the same session.
func (c *Client) As(label string) *Client {
	other := &Client{stack: c.stack, Host: c.Host, Source: c.Source, token: c.Token()}
	if label != "" {
		other.Host = label + "." + c.stack.Base
	}
	return other
}

// Call sends JSON and reads JSON; a transport failure ends the test.
func (c *Client) Call(t testing.TB, method, path string, in, out any, headers ...string) int {
	t.Helper()
	var body []byte
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = raw
	}
	status, raw, err := c.Do(method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s %s: %d %s", method, path, status, raw)
		}
	}
	return status
}

// Must is Call for what has to succeed.
func (c *Client) Must(t testing.TB, method, path string, in, out any, headers ...string) {
	t.Helper()
	var raw json.RawMessage
	if status := c.Call(t, method, path, in, &raw, headers...); status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s %s: %s", method, path, raw)
		}
	}
}

// Subtree reads one figure of one body from the supervision host.
func (c *Client) Subtree(t testing.TB, code, metric string) int64 {
	t.Helper()
	var reply struct {
		Figures []struct{ Metric, Own, Subtree string }
	}
	c.Must(t, http.MethodGet, "/v1/figures/"+code, nil, &reply)
	for _, f := range reply.Figures {
		if f.Metric == metric {
			var n int64
			if _, err := fmt.Sscan(strings.TrimSpace(f.Subtree), &n); err != nil {
				t.Fatalf("figure %s of %s: %q", metric, code, f.Subtree)
			}
			return n
		}
	}
	t.Fatalf("body %s has no figure %s", code, metric)
	return 0
}
