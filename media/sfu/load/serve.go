// Package load measures the SFU beside a plain forwarder made of Pion with its usual interceptors: a server of either kind is a
// process of its own, whose CPU time is counted; meetings of Pion clients are driven from outside.
package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"gonghui/media/sfu"
)

// Kinds of servers.
const (
	Product = "sfu"
	Brief   = "brief" // the product's, but it soon forgets who is gone
	Plain   = "plain"
)

// forwarder is a server of either kind.
type forwarder interface {
	join(ctx context.Context, room, id, offer string) (answer string, err error)
	handle(mux *http.ServeMux) // what else is asked of this kind
	stats() sfu.Stats
	close() error
}

// Serve is a server of a kind that is told what to do over HTTP at an address, until ctx ends.
func Serve(ctx context.Context, kind, address string) error {
	var f forwarder
	var err error
	switch kind {
	case Product:
		f, err = newProduct(0, 0)
	case Brief:
		f, err = newProduct(3*time.Second, 3*time.Second)
	case Plain:
		f = newPlain()
	case Floor:
		f, err = newFloor()
	default:
		return fmt.Errorf("load: there is no server of kind %q", kind)
	}
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /join", func(w http.ResponseWriter, r *http.Request) {
		offer, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		var answer string
		if err == nil {
			answer, err = f.join(r.Context(), r.FormValue("room"), r.FormValue("id"), string(offer))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = io.WriteString(w, answer)
	})
	f.handle(mux)
	watch(mux)
	mux.HandleFunc("GET /vitals", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(vitals(f.stats())) })
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(f.stats()) })
	l, err := net.Listen("tcp", address)
	if err != nil {
		return errors.Join(err, f.close())
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err = srv.Serve(l); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, f.close())
}

// watch lets a server be looked into: /collect gives back what memory nobody uses, /profile tells where the time goes until /profiled.
func watch(mux *http.ServeMux) {
	profiled := make(chan struct{}, 1)
	mux.HandleFunc("POST /collect", func(http.ResponseWriter, *http.Request) { debug.FreeOSMemory() })
	mux.HandleFunc("POST /profile", func(w http.ResponseWriter, r *http.Request) {
		if err := pprof.StartCPUProfile(w); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		defer pprof.StopCPUProfile()
		select {
		case <-profiled:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /profiled", func(http.ResponseWriter, *http.Request) {
		select {
		case profiled <- struct{}{}:
		default:
		}
	})
}

// Vitals are what must not grow.
type Vitals struct {
	sfu.Stats
	Heap       uint64 // bytes in use, after a collection
	Goroutines int
	Files      int // open: sockets, too
}

func vitals(st sfu.Stats) Vitals {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, _ := os.ReadDir("/proc/self/fd") // none where there is no /proc
	return Vitals{st, m.HeapAlloc, runtime.NumGoroutine(), len(files)}
}

// product is the SFU with its signalling.
type product struct {
	server *sfu.Server
	desk   *desk
}

func newProduct(silence, seat time.Duration) (*product, error) {
	s, err := sfu.Listen(sfu.Options{Silence: silence, Seat: seat, Address: "127.0.0.1:0", TCP: "127.0.0.1:0", Loopback: true, Bitrate: 50_000_000})
	if err != nil {
		return nil, err
	}
	d, err := newDesk(s)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &product{s, d}, nil
}

// join is for listeners, who do not signal, in a room to which others come by signalling.
func (p *product) join(ctx context.Context, room, id, offer string) (string, error) {
	seat, err := p.server.Room(tenant+"/"+room).Join(id, sfu.Rights{}, nil)
	if err != nil {
		return "", err
	}
	return seat.Connect(ctx, offer, nil)
}

func (p *product) handle(mux *http.ServeMux) {
	mux.HandleFunc("GET /signal", p.desk.serve)
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		text, err := p.desk.token(r.FormValue("room"), r.FormValue("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = io.WriteString(w, text)
	})
}

func (p *product) stats() sfu.Stats { return p.server.Stats() }
func (p *product) close() error     { return p.server.Close() }
