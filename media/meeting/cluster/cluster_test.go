package cluster

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/redis/go-redis/v9"

	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// node is one that runs until it is stopped; without giving its lease back when it is killed.
type node struct {
	*Node
	load  atomic.Int64
	lost  atomic.Int32
	drain atomic.Int32
	stop  func()
}

func secretOf(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

type field struct {
	t      *testing.T
	redis  redis.UniversalClient
	prefix string
}

func ground(t *testing.T) *field {
	return &field{t, pgtest.Redis(t), "{" + rand.Text() + "}:"}
}

func (f *field) node(name string, change func(*Options)) *node {
	f.t.Helper()
	n := &node{}
	opt := Options{
		Name: name, Internal: "127.0.0.1:0", Redis: f.redis, Prefix: f.prefix, Secret: secretOf(1), Life: 600 * time.Millisecond,
		Load: func() int { return int(n.load.Load()) }, Lost: func() { n.lost.Add(1) }, Drain: func() { n.drain.Add(1) },
		Inner: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Upgrade") == "" {
				body, _ := io.ReadAll(r.Body)
				_, _ = w.Write(append([]byte(name+r.URL.Path+r.Header.Get("Said")), body...))
				return
			}
			ws, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			for {
				kind, raw, err := ws.Read(context.Background())
				if err != nil || ws.Write(context.Background(), kind, append([]byte(name+" "), raw...)) != nil {
					return
				}
			}
		}),
	}
	if change != nil {
		change(&opt)
	}
	made, err := New(opt)
	if err != nil {
		f.t.Fatal(err)
	}
	n.Node = made
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := made.Run(ctx); err != nil {
			f.t.Error(err)
		}
	})
	n.stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	f.t.Cleanup(n.stop)
	f.until("the lease of "+name, made.Holds)
	return n
}

func (f *field) until(what string, is func() bool) {
	f.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !is(); <-tick.C {
		if time.Now().After(end) {
			f.t.Fatalf("not within 20 seconds: %s", what)
		}
	}
}

func (f *field) place(n *node, room string) Place {
	f.t.Helper()
	p, err := n.Place(f.t.Context(), room)
	if err != nil {
		f.t.Fatal(err)
	}
	return p
}

func (f *field) known(n *node, load int) {
	f.t.Helper()
	f.until("the load is known", func() bool {
		all, err := Nodes(f.t.Context(), f.redis, f.prefix)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, p := range all {
			if p.Name == n.Name() {
				return p.Load == load
			}
		}
		return false
	})
}

// All nodes come to the same place, however many ask at once; new rooms go where there is most room.
func TestPlaces(t *testing.T) {
	t.Parallel()
	f := ground(t)
	a, b, c := f.node("a", nil), f.node("b", nil), f.node("c", func(o *Options) { o.Capacity = 10 })
	a.load.Store(300)
	b.load.Store(200)
	c.load.Store(5) // half of what it can
	for n, load := range map[*node]int{a: 300, b: 200, c: 5} {
		f.known(n, load)
	}
	if p := f.place(a, "one"); p.Name != "b" || p.Here {
		t.Errorf("the first room is on %+v", p)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	at := map[string]bool{}
	for _, n := range []*node{a, b, c} {
		for range 20 {
			wg.Go(func() {
				p, err := n.Place(t.Context(), "two")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				at[p.Name] = true
				if p.Here != (p.Name == n.Name()) {
					t.Errorf("%s takes %s for itself: %v", n.Name(), p.Name, p.Here)
				}
			})
		}
	}
	wg.Wait()
	if len(at) != 1 {
		t.Errorf("the room is on %v", at)
	}
	b.Refuse(t.Context())
	if p := f.place(b, "three"); p.Name != "a" {
		t.Errorf("a room on %s, though b takes none and c is fuller than a", p.Name)
	}
	if p := f.place(c, "one"); p.Name != "b" {
		t.Errorf("the first room has gone to %s", p.Name)
	}
	// What is kept is the owner's to write, and goes with the room.
	if err := a.Keep(t.Context(), "one", []byte("x"), 1); !errors.Is(err, ErrMoved) {
		t.Errorf("another node keeps: %v", err)
	}
	if err := b.Hand(t.Context(), "one", f.place(a, "three"), []byte("state"), 7); err != nil {
		t.Fatal(err)
	}
	if mine, err := a.Mine(t.Context(), "one"); !mine || err != nil {
		t.Errorf("handed over: %v %v", mine, err)
	}
	raw, err := a.Kept(t.Context(), "one")
	n, nerr := c.Present(t.Context(), "one")
	if string(raw) != "state" || n != 7 || err != nil || nerr != nil {
		t.Errorf("kept: %q %d %v %v", raw, n, err, nerr)
	}
	if err := b.Forget(t.Context(), "one"); err != nil {
		t.Error(err)
	}
	if mine, _ := a.Mine(t.Context(), "one"); !mine {
		t.Error("who has a room no more has forgotten it")
	}
}

// A lease that is not renewed frees the rooms; whose it was hears of it before anybody else can have them.
func TestLeases(t *testing.T) {
	t.Parallel()
	f := ground(t)
	line, cut := f.line()
	a := f.node("a", line)
	if p := f.place(a, "r"); !p.Here {
		t.Fatalf("on %+v", p)
	}
	b := f.node("b", nil)
	cut()
	f.until("a knows that its lease is gone", func() bool { return !a.Holds() })
	if p := f.place(b, "r"); !p.Here && a.Holds() {
		t.Errorf("on %+v, which does not know it", p)
	}
	f.until("b has the room", func() bool { return f.place(b, "r").Here })
	f.until("a was told", func() bool { return a.lost.Load() > 0 })
	if err := a.Keep(t.Context(), "r", nil, 0); err == nil {
		t.Error("a keeps what it has not")
	}
	// Who ends in order gives its lease back at once.
	b.stop()
	c := f.node("c", nil)
	if p := f.place(c, "r"); !p.Here {
		t.Errorf("on %+v", p)
	}
	// Another process under the same name waits until the first one is gone.
	twin, err := New(Options{Name: "c", Internal: "127.0.0.1:0", Redis: f.redis, Prefix: f.prefix, Secret: secretOf(1), Load: func() int { return 0 }, Life: 600 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	twin.address = "127.0.0.1:1"
	if twin.renew(t.Context()); twin.Holds() {
		t.Error("two nodes of one name")
	}
	if err := AskDrain(t.Context(), f.redis, f.prefix, "c", true); err != nil {
		t.Fatal(err)
	}
	f.until("c drains", func() bool { return c.drain.Load() == 1 && c.Draining() })
	if _, err := c.Place(t.Context(), "new"); !errors.Is(err, ErrNoNode) {
		t.Errorf("a new room though the only node drains: %v", err)
	}
	if p := f.place(c, "r"); !p.Here {
		t.Errorf("the old room is on %+v", p)
	}
	if err := AskDrain(t.Context(), f.redis, f.prefix, "c", false); err != nil {
		t.Fatal(err)
	}
	f.until("c takes rooms again", func() bool { return !c.Draining() })
}

// line is a way of a node's own to Redis, and what cuts it.
func (f *field) line() (change func(*Options), cut func()) {
	own, ended := pgtest.Redis(f.t), make(chan struct{})
	own.AddHook(deaf{ended})
	return func(o *Options) { o.Redis = own }, func() { close(ended) }
}

// deaf is a node that does not reach Redis any more.
type deaf struct{ from chan struct{} }

func (d deaf) DialHook(next redis.DialHook) redis.DialHook { return next }
func (d deaf) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		select {
		case <-d.from:
			err := errors.New("no Redis")
			cmd.SetErr(err)
			return err
		default:
			return next(ctx, cmd)
		}
	}
}

func (d deaf) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// Requests and WebSockets come through to the node of a room; who does not have the secret comes nowhere.
func TestLeading(t *testing.T) {
	t.Parallel()
	f := ground(t)
	line, cut := f.line()
	a := f.node("a", nil)
	f.node("b", line)
	a.load.Store(500)
	f.known(a, 500)
	at := f.place(a, "r")
	if at.Name != "b" {
		t.Fatalf("on %+v", at)
	}
	got, err := a.Call(t.Context(), at, "/x", []byte("!"), http.Header{"Said": {"y"}})
	if err != nil || string(got) != "b/xy!" {
		t.Errorf("%q %v", got, err)
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.Lead(w, r, at, http.Header{"Said": {"y"}}); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	}))
	t.Cleanup(front.Close)
	ws, _, err := websocket.Dial(t.Context(), front.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	for _, text := range []string{"one", "two"} {
		if err := ws.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if _, raw, err := ws.Read(t.Context()); err != nil || string(raw) != "b "+text {
			t.Errorf("%q %v", raw, err)
		}
	}
	// The node falls silent: whoever is led there is let go of with its lease.
	cut()
	if _, _, err := ws.Read(t.Context()); err == nil {
		t.Error("something was said")
	}
	f.until("nothing is led on", func() bool { a.mu.Lock(); defer a.mu.Unlock(); return len(a.relays) == 0 })

	stranger, err := New(Options{Name: "s", Internal: "127.0.0.1:0", Redis: f.redis, Prefix: f.prefix, Secret: secretOf(2), Load: func() int { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Call(t.Context(), at, "/x", nil, nil); err == nil {
		t.Error("a stranger was answered")
	}
	other := httptest.NewUnstartedServer(http.NotFoundHandler())
	other.TLS = stranger.secret.server()
	other.StartTLS()
	t.Cleanup(other.Close)
	if _, err := a.Call(t.Context(), Place{Address: other.Listener.Addr().String()}, "/x", nil, nil); !errors.Is(err, errStranger) {
		t.Errorf("a stranger was believed: %v", err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for what, opt := range map[string]Options{
		"no name": {Internal: "h:1", Secret: secretOf(1)}, "two words": {Name: "a b", Internal: "h:1", Secret: secretOf(1)},
		"no port": {Name: "a", Internal: "h", Secret: secretOf(1)}, "a short secret": {Name: "a", Internal: "h:1", Secret: []byte("x")},
	} {
		if _, err := New(opt); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	for in, want := range map[string]string{"10.0.0.7:3481": "10.0.0.7:3481", "node-1.lan:3481": ":3481"} {
		if got := listenOn(in); got != want {
			t.Errorf("%s listens on %s", in, got)
		}
	}
}
