// Package cluster spreads rooms over the nodes of a deployment. Each room is on one node at a time; a node holds its rooms by a lease
// in Redis that it renews, and who holds none any more is told so before another node may take a room over. Nodes reach each other
// over TLS with one key that comes from the secrets of the deployment. What a room is, is its caller's.
package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// life is how long a lease lasts that is not renewed: after it, rooms of a node that died are free.
	life = 3 * time.Second
	// slack is how much earlier a node takes its own lease for gone than others do.
	slack = 500 * time.Millisecond
	// roomLife is how long a room stays with its node while nobody is in it.
	roomLife = 10 * time.Minute
	// patience is how long Redis may take to answer.
	patience = time.Second
)

// What may be wrong.
var (
	ErrNoNode = errors.New("cluster: no node takes new rooms")
	ErrLease  = errors.New("cluster: the lease of this node is gone")
	ErrMoved  = errors.New("cluster: the room is on another node")
)

// Options say what a node is. Life is for tests; 0: three seconds.
type Options struct {
	Name     string // among those that run at the same time, its own
	Internal string // host:port at which the other nodes reach this one; port 0: any that is free
	Redis    redis.UniversalClient
	Prefix   string // of the keys in Redis, the same for all nodes of a deployment
	Secret   []byte // at least 32 bytes, the same for all nodes of a deployment
	Capacity int    // participants at most, by which the load of nodes is compared

	Load  func() int                // participants of now; must not block
	Tend  func(ctx context.Context) // called at every beat while the lease holds: what is to be kept elsewhere is kept
	Lost  func()                    // the lease is gone: all that runs in rooms of this node ends before it returns
	Drain func()                    // an operator asks the node to give its rooms away; called once each time
	Inner http.Handler              // answers what other nodes send
	Life  time.Duration
}

// Node is this process among the nodes. Run keeps its lease.
type Node struct {
	opt    Options
	secret *secret
	client *http.Client
	proxy  http.RoundTripper

	until  atomic.Int64 // when the own lease ends, in Unix nanoseconds by the monotonic clock of start; 0: there is none
	start  time.Time
	asked  atomic.Bool // an operator wants the node empty
	ending atomic.Bool // the process is about to end
	rival  atomic.Bool // a process that knows of no others has rooms

	mu      sync.Mutex
	address string         // that is told
	born    string         // of this lease; empty: there is none
	extra   map[string]int // rooms given to other nodes of which their load does not tell yet
	relays  map[*relay]struct{}
}

// Place is a node as the others know it.
type Place struct {
	Name     string `json:"name"`
	Address  string `json:"address"`
	Load     int    `json:"load"`
	Capacity int    `json:"capacity"`
	Draining bool   `json:"draining"`
	Here     bool   `json:"-"`

	born string
}

// owner is how a place is named in Redis: a node that comes back under its name is another owner.
func (p Place) owner() string { return p.born + " " + p.Name }

func ownerOf(text string) (born, name string) {
	born, name, _ = strings.Cut(text, " ")
	return born, name
}

// New makes a node that is not running yet.
func New(opt Options) (*Node, error) {
	if opt.Name == "" || strings.ContainsAny(opt.Name, " \t\r\n") || len(opt.Name) > 64 {
		return nil, fmt.Errorf("cluster: %q is no name of a node: one word of at most 64 letters", opt.Name)
	}
	if _, _, err := net.SplitHostPort(opt.Internal); err != nil {
		return nil, fmt.Errorf("cluster: %q is no address of a node: host:port", opt.Internal)
	}
	if opt.Life == 0 {
		opt.Life = life
	}
	if opt.Capacity <= 0 {
		opt.Capacity = 1000
	}
	key, err := newSecret(opt.Secret)
	if err != nil {
		return nil, err
	}
	n := &Node{opt: opt, secret: key, start: time.Now(), extra: map[string]int{}, relays: map[*relay]struct{}{}}
	transport := key.transport()
	n.proxy, n.client = transport, &http.Client{Transport: transport, Timeout: 5 * time.Second}
	return n, nil
}

// Name is the node's.
func (n *Node) Name() string { return n.opt.Name }

// Prefix stands before the keys in Redis.
func (n *Node) Prefix() string { return n.opt.Prefix }

// Holds reports whether the own lease holds. It costs nothing.
func (n *Node) Holds() bool { return n.now() < n.until.Load() }

func (n *Node) now() int64 { return int64(time.Since(n.start)) + 1 }

// Draining reports whether the node takes no new rooms.
func (n *Node) Draining() bool { return n.asked.Load() || n.ending.Load() }

// Rival reports whether a process that knows of no others has rooms, or may have.
func (n *Node) Rival() bool { return n.rival.Load() }

// Refuse has the node take no new rooms from now on: it is about to end.
func (n *Node) Refuse(ctx context.Context) {
	n.ending.Store(true)
	n.renew(ctx)
}

// Run keeps the lease, and answers other nodes, until ctx ends. Then it gives the lease back.
func (n *Node) Run(ctx context.Context) error {
	listener, err := net.Listen("tcp", listenOn(n.opt.Internal))
	if err != nil {
		return fmt.Errorf("cluster: listening for the other nodes: %w", err)
	}
	n.mu.Lock()
	n.address = told(n.opt.Internal, listener.Addr())
	n.mu.Unlock()
	server := &http.Server{Handler: n.opt.Inner, TLSConfig: n.secret.server(), ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug)}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := server.ServeTLS(listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("cluster: the door for other nodes", "error", err)
		}
	})
	every := n.opt.Life / 6
	if n.opt.Tend != nil {
		wg.Go(func() { n.tend(ctx, every) })
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n.beat(ctx); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-tick.C:
			n.beat(ctx)
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	n.giveBack(end)
	err = server.Close()
	n.cut(func(*relay) bool { return true })
	wg.Wait()
	return err
}

// beat renews the lease, or notes that it is gone; a node without one takes one again.
func (n *Node) beat(ctx context.Context) {
	if n.until.Load() != 0 && !n.Holds() {
		n.lost()
	}
	n.renew(ctx)
	n.watch(ctx)
}

// tend goes on beside the beat: the lease does not wait for what is kept.
func (n *Node) tend(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if n.Holds() {
			n.opt.Tend(ctx)
		}
	}
}

func (n *Node) lost() {
	n.until.Store(0)
	n.mu.Lock()
	n.born = ""
	n.mu.Unlock()
	slog.Warn("cluster: the lease of this node is gone", "node", n.opt.Name)
	if n.opt.Lost != nil {
		n.opt.Lost()
	}
}

// renewing keeps a lease (ARGV[1] is of whom), or takes one when there is none of the name. Who asks to drain the node leaves a mark, and
// so does a process that knows of no others.
var renewing = redis.NewScript(`
local now = redis.call('get', KEYS[1])
if ARGV[4] == 'new' then
	if now then return 0 end
elseif not now or string.sub(now, 1, #ARGV[1]) ~= ARGV[1] then
	return 0
end
redis.call('set', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
redis.call('sadd', KEYS[2], ARGV[5])
return 1 + redis.call('exists', KEYS[3]) + 2 * redis.call('exists', KEYS[4])
`)

func (n *Node) renew(ctx context.Context) {
	n.mu.Lock()
	born, address, kind := n.born, n.address, "same"
	n.mu.Unlock()
	if address == "" {
		return // not running yet
	}
	if born == "" {
		born, kind = rand.Text(), "new"
	}
	p := Place{Name: n.opt.Name, Address: address, Load: n.opt.Load(), Capacity: n.opt.Capacity, Draining: n.Draining()}
	raw, err := json.Marshal(p)
	if err != nil {
		panic("cluster: " + err.Error()) // texts and numbers
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	sent := n.now()
	got, err := renewing.Run(ctx, n.opt.Redis, []string{n.nodeKey(n.opt.Name), n.opt.Prefix + "nodes", n.opt.Prefix + "drain:" + n.opt.Name, aloneKey(n.opt.Prefix)},
		born, raw, n.opt.Life.Milliseconds(), kind, n.opt.Name).Int()
	switch {
	case err != nil:
		if ctx.Err() == nil || n.until.Load() != 0 {
			slog.Warn("cluster: the lease was not renewed", "node", n.opt.Name, "error", err)
		}
		return
	case got == 0 && kind == "new":
		return // the one who had the name before may still be alive
	case got == 0:
		n.lost()
		return
	}
	n.mu.Lock()
	n.born = born
	n.mu.Unlock()
	n.until.Store(sent + int64(n.opt.Life-min(slack, n.opt.Life/4)))
	// A process that knows of no others may have any room.
	if rival := got > 2; rival != n.rival.Swap(rival) && rival {
		slog.Error("cluster: a process without GONGHUI_MEDIA_INTERNAL has meetings and knows nothing of this node, which takes no new ones", "node", n.opt.Name)
	}
	if n.Rival() {
		claim(ctx, n.opt.Redis, n.opt.Prefix, n.opt.Name)
	}
	if asked := got%2 == 0; asked != n.asked.Swap(asked) {
		n.renew(ctx) // the others know before anything else happens
		if asked && n.opt.Drain != nil {
			n.opt.Drain()
		}
	}
}

func (n *Node) giveBack(ctx context.Context) {
	n.mu.Lock()
	born := n.born
	n.born = ""
	n.mu.Unlock()
	n.until.Store(0)
	if born == "" {
		return
	}
	if err := releasing.Run(ctx, n.opt.Redis, []string{n.nodeKey(n.opt.Name), n.opt.Prefix + "nodes"}, born, n.opt.Name).Err(); err != nil && !errors.Is(err, redis.Nil) {
		slog.Warn("cluster: the lease was not given back", "node", n.opt.Name, "error", err)
	}
}

var releasing = redis.NewScript(`
local now = redis.call('get', KEYS[1])
if now and string.sub(now, 1, #ARGV[1]) == ARGV[1] then
	redis.call('del', KEYS[1])
	redis.call('srem', KEYS[2], ARGV[2])
end
return 1
`)

func (n *Node) nodeKey(name string) string { return n.opt.Prefix + "node:" + name }
