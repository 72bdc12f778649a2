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
	address := free(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, kind, address) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	ready(t, address)
	return address
}

// free is an address at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// ready waits for a server.
func ready(t *testing.T, address string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1500 {
		if resp, err := http.Get("http://" + address + "/readyz"); err == nil {
			resp.Body.Close()
			return
		}
		<-tick.C
	}
	t.Fatal("the server does not answer")
}

func TestMeetingsOnBothKinds(t *testing.T) {
	for _, kind := range []string{Product, Plain} {
		address := serve(t, kind)
		for name, shape := range map[string]Shape{"pictures": {Senders: 2, Receivers: 3}, "sound": {Senders: 2, Receivers: 3, Sound: true}} {
			t.Run(kind+", "+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				m, joined, err := Open(ctx, kind, address, name, shape)
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

// Each listener is told all of the talk, decrypts some of it, and answers as a browser would.
func TestListeners(t *testing.T) {
	address := serve(t, Product)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	l, err := Listen(ctx, address, "talk")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, n := range []int{3, 8} {
		if err := l.Join(ctx, n); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Play(ctx, 20*time.Millisecond, 400*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		before, err := Stats(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		h, err := l.Play(ctx, 20*time.Millisecond, 3*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		after, err := Stats(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d listeners: %d of %d, 99th %s, %d reports, of which %d came", n, h.Delivered, h.Expected, h.P99, h.Told, after.Feedback-before.Feedback)
		if l.Len() != n || h.Delivered != h.Expected || h.Broken != 0 || h.P50 <= 0 || h.P50 > time.Second {
			t.Errorf("%d listeners: %d of %d packets came, %d broken, half within %s", l.Len(), h.Delivered, h.Expected, h.Broken, h.P50)
		}
		if told := after.Feedback - before.Feedback; told < uint64(10*n) {
			t.Errorf("%d listeners: the server was told %d times in three seconds", n, told)
		}
	}
}

// The floor sends as often and as much as a meeting would.
func TestFloor(t *testing.T) {
	address := serve(t, Floor)
	s, err := Sleep(3)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, c := range map[string]struct {
		shape Shape
		want  uint64
	}{"pictures": {Shape{Senders: 2, Receivers: 3}, 2 * 3 * 4 * 15}, "sound": {Shape{Senders: 4, Receivers: 3, Sound: true}, 4 * 3 * 25}} {
		came, err := s.Play(t.Context(), address, c.shape, 510*time.Millisecond)
		if err != nil || came < c.want*9/10 || came > c.want {
			t.Errorf("%s: %d of %d came, %v", name, came, c.want, err)
		}
	}
	if err := call(t.Context(), "http://"+address+"/floor", Sends{}, nil); err == nil {
		t.Error("it sends nothing, and is content")
	}
}
