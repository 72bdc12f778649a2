package load

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"
)

// serve starts a server in this process.
func serve(t *testing.T, kind string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, kind, address) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		if resp, err := http.Get("http://" + address + "/readyz"); err == nil {
			resp.Body.Close()
			return address
		}
		<-tick.C
	}
	t.Fatal("the server does not answer")
	return ""
}

func TestMeetingsOnBothKinds(t *testing.T) {
	for _, kind := range []string{Product, Plain} {
		address := serve(t, kind)
		for name, shape := range map[string]Shape{"pictures": {Senders: 2, Receivers: 3}, "sound": {Senders: 2, Receivers: 3, Sound: true}} {
			t.Run(kind+", "+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				m, joined, err := Open(ctx, address, name, shape)
				if err != nil {
					t.Fatal(err)
				}
				defer m.Close()
				if err := m.Warm(ctx); err != nil {
					t.Fatal(err)
				}
				p, err := m.Play(ctx, time.Second)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("joined in %s; %d of %d, %s, 99th %s", joined, p.Delivered, p.Expected, p.P50, p.P99)
				if float64(p.Delivered) < 0.97*float64(p.Expected) || p.Delivered == 0 || p.P50 <= 0 {
					t.Errorf("%d of %d packets came, half of them within %s", p.Delivered, p.Expected, p.P50)
				}
			})
		}
	}
}

func TestUnknownKind(t *testing.T) {
	if err := Serve(t.Context(), "other", "127.0.0.1:0"); err == nil {
		t.Error("serves what is not there")
	}
}
