package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gonghui/tenant"
)

// What a route that must not know its caller is told of a request is its body and whose host it came to; and nothing of it is logged.
func TestAnUnseenCall(t *testing.T) {
	var logged bytes.Buffer
	one := &tenant.Tenant{Code: "440103"}
	e := &Edge{
		Base: "gonghui.localhost:8080", Directory: bodies{"440103": one}, Auth: sessions{one}, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
		limits: newLimiter(false), bodies: map[string]int64{}, cross: http.NewCrossOriginProtection(), unseen: map[string]bool{"POST /v1/box": true},
	}
	var got *http.Request
	h := e.Filter(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r }))
	for path, unseen := range map[string]bool{"/v1/box": true, "/v1/other": false} {
		logged.Reset()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://440103.gonghui.localhost:8080"+path, strings.NewReader("a ballot"))
		for name, value := range map[string]string{
			"Content-Type": "application/json", "User-Agent": "somebody's", "Cookie": "__Host-gonghui=somebody", "Authorization": "Bearer a.b",
			"Idempotency-Key": "key", "X-Request-Id": "0123456789", "Referer": "http://440103.gonghui.localhost:8080/meet/1",
		} {
			r.Header.Set(name, value)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if body, err := io.ReadAll(got.Body); err != nil || string(body) != "a ballot" || tenant.From(got.Context()) != one {
			t.Fatalf("%s: %q %v", path, body, err)
		}
		call := tenant.CallFrom(got.Context())
		told := call.Source+call.Device+call.IdempotencyKey+call.Request+got.RemoteAddr != "" || tenant.SubjectFrom(got.Context()) != nil || len(got.Header) > 1
		if told == unseen || (logged.Len() == 0) != unseen {
			t.Errorf("%s: %+v from %q with %v; logged: %s", path, call, got.RemoteAddr, got.Header, logged.String())
		}
	}
}
