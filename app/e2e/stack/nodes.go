package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gonghui/deploy/local"
)

// Node is one of several serving processes behind one address.
type Node struct {
	Name  string
	Addr  string
	stack *Stack
	cmd   *exec.Cmd
	well  atomic.Bool // the proxy sends requests there
	over  sync.Once
}

// Proxy is before the nodes, as in a real deployment: it sends each connection to the next one that is well.
type Proxy struct {
	mu    sync.Mutex
	nodes []*Node
	turn  int
}

// Front opens the proxy where the product is expected. Nodes are added by Node.
func (s *Stack) Front(t testing.TB) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{}
	to := &url.URL{Scheme: "http", Host: s.Addr}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: &httputil.ReverseProxy{
		// A process that was stopped takes connections and says nothing.
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: p.dial, ResponseHeaderTimeout: 6 * time.Second},
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, `{"code":502,"reason":"PROXY"}`, http.StatusBadGateway)
		},
	}}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = server.Serve(listener) })
	wg.Go(func() { p.look(ctx) })
	t.Cleanup(func() { cancel(); _ = server.Close(); wg.Wait() })
	return p
}

func (p *Proxy) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	p.mu.Lock()
	p.turn++
	turn, nodes := p.turn, p.nodes
	p.mu.Unlock()
	for i := range nodes {
		n := nodes[(turn+i)%len(nodes)]
		if !n.well.Load() {
			continue
		}
		if c, err := (&net.Dialer{}).DialContext(ctx, network, n.Addr); err == nil {
			return c, nil
		}
	}
	return nil, errors.New("no node is well")
}

// look asks the nodes how they are.
func (p *Proxy) look(ctx context.Context) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	asks := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		p.mu.Lock()
		nodes := p.nodes
		p.mu.Unlock()
		for _, n := range nodes {
			resp, err := asks.Get("http://" + n.Addr + "/readyz")
			if err == nil {
				resp.Body.Close()
			}
			n.well.Store(err == nil && resp.StatusCode == http.StatusOK)
		}
	}
}

// Node starts a serving process behind the proxy and waits until it is ready.
func (s *Stack) Node(t testing.TB, p *Proxy, name string, env ...string) *Node {
	t.Helper()
	port, err := local.FreePort(0)
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{Name: name, Addr: fmt.Sprintf("127.0.0.1:%d", port), stack: s}
	n.cmd, err = s.spawnWith("node-"+name+".log", append([]string{
		"GONGHUI_LISTEN=" + n.Addr, "GONGHUI_GRPC=", "GONGHUI_MEDIA_NODE=" + name, "GONGHUI_MEDIA_INTERNAL=127.0.0.1:0",
	}, env...), "serve")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		n.Resume()
		n.End(syscall.SIGTERM)
		if t.Failed() {
			t.Logf("the last words of node %s:\n%s", name, s.Tail("node-"+name+".log", 20))
		}
	})
	Eventually(t, 60*time.Second, "node "+name, func() bool {
		resp, err := http.Get("http://" + n.Addr + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	n.well.Store(true)
	p.mu.Lock()
	p.nodes = append(p.nodes[:len(p.nodes):len(p.nodes)], n)
	p.mu.Unlock()
	return n
}

// Pid is the process's.
func (n *Node) Pid() int { return n.cmd.Process.Pid }

// End ends the process by a signal, and waits until it is gone.
func (n *Node) End(by syscall.Signal) {
	n.over.Do(func() {
		_ = n.cmd.Process.Signal(by)
		_ = n.cmd.Wait()
	})
}

// Pause stops the process in the middle of whatever it does; Resume lets it go on.
func (n *Node) Pause() { _ = n.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (n *Node) Resume() { _ = n.cmd.Process.Signal(syscall.SIGCONT) }
