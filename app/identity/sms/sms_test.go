package sms

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var key = []byte("a key of a test, long enough")

// service answers like a gateway's other side: with the statuses, one after the other, the last for ever.
type service struct {
	mu       sync.Mutex
	statuses []int
	ids      []string
	last     map[string]any
	trouble  string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.trouble = err.Error()
	}
	at, err := strconv.ParseInt(r.Header.Get("X-Gonghui-Time"), 10, 64)
	switch {
	case r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json":
		s.trouble = "not a POST of JSON"
	case err != nil || time.Since(time.Unix(at, 0)).Abs() > time.Minute:
		s.trouble = "the time is wrong"
	case r.Header.Get("X-Gonghui-Signature") != Sign(key, r.Header.Get("X-Gonghui-Time"), body):
		s.trouble = "the signature is wrong"
	}
	s.last = map[string]any{}
	if err := json.Unmarshal(body, &s.last); err != nil {
		s.trouble = err.Error()
	}
	id, _ := s.last["id"].(string)
	s.ids = append(s.ids, id)
	status := s.statuses[min(len(s.ids), len(s.statuses))-1]
	if status == http.StatusFound {
		http.Redirect(w, r, "/elsewhere", status)
		return
	}
	w.WriteHeader(status)
}

func TestGateway(t *testing.T) {
	for name, row := range map[string]struct {
		statuses []int
		posts    int
		ok       bool
	}{
		"at once":                   {[]int{200}, 1, true},
		"accepted":                  {[]int{202}, 1, true},
		"after a failure":           {[]int{500, 503, 200}, 3, true},
		"after too many":            {[]int{500, 502, 503, 200}, 3, false},
		"refused":                   {[]int{400, 200}, 1, false},
		"refused for good":          {[]int{401}, 1, false},
		"sent elsewhere by a 302":   {[]int{302, 200}, 1, false},
		"too many at the gateway's": {[]int{429}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{statuses: row.statuses}
			server := httptest.NewServer(s)
			defer server.Close()
			g, err := NewGateway(server.URL, key)
			if err != nil {
				t.Fatal(err)
			}
			g.pause, g.client.Transport = time.Millisecond, server.Client().Transport
			err = g.Send(context.Background(), "13800000000", SignIn, map[string]string{"code": "246810", "minutes": "5"})
			if (err == nil) != row.ok || len(s.ids) != row.posts || s.trouble != "" {
				t.Fatalf("%v after %d posts, %s", err, len(s.ids), s.trouble)
			}
			if err != nil && (strings.Contains(err.Error(), "13800000000") || strings.Contains(err.Error(), "246810")) {
				t.Errorf("the error tells: %v", err)
			}
			if len(slices.Compact(slices.Clone(s.ids))) != 1 || s.ids[0] == "" {
				t.Errorf("one message went out as %v", s.ids)
			}
			if s.last["phone"] != "13800000000" || s.last["template"] != SignIn || !strings.Contains(s.last["text_zh"].(string), "246810") || !strings.Contains(s.last["text_en"].(string), "246810") {
				t.Errorf("the message is %v", s.last)
			}
		})
	}
}

func TestGatewayThatHangs(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	defer server.Close()
	defer close(hold)
	g, err := NewGateway(server.URL, key)
	if err != nil {
		t.Fatal(err)
	}
	g.pause, g.client.Timeout = time.Millisecond, 30*time.Millisecond
	if err := g.Send(context.Background(), "13800000000", SignIn, nil); err == nil {
		t.Error("a gateway that hangs is a success")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	g.client.Timeout = time.Hour
	if err := g.Send(ctx, "13800000000", SignIn, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a caller who goes away: %v", err)
	}
}

func TestGatewaySettings(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://sms.example/send": true, "http://127.0.0.1:9000/": true, "http://localhost/x": true,
		"http://sms.example/send": false, "ftp://sms.example": false, "sms.example": false, "": false, "://": false,
	} {
		if _, err := NewGateway(address, key); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := NewGateway("https://sms.example/send", key[:15]); err == nil {
		t.Error("a short key is accepted")
	}
}

func TestInboxIsForDemoSystems(t *testing.T) {
	if _, err := NewInbox(nil, false); !errors.Is(err, ErrProduction) {
		t.Errorf("in production: %v", err)
	}
}

func TestWordings(t *testing.T) {
	for _, template := range []string{SignIn, Reset, Close, Invitation, StepUp} {
		zh, en := Wording(template, map[string]string{"code": "135790", "minutes": "5"})
		for _, text := range []string{zh, en} {
			if !strings.Contains(text, "135790") || !strings.Contains(text, "5") || strings.ContainsAny(text, "{}") {
				t.Errorf("%s: %q", template, text)
			}
		}
		if n := len([]rune(zh)); n > 70 {
			t.Errorf("%s has %d characters: more than one message holds", template, n)
		}
	}
}
