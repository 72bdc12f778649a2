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
	"sync"
	"time"

	"gonghui/media/sfu"
)

// Kinds of servers.
const (
	Product = "sfu"
	Plain   = "plain"
)

// forwarder is a server of either kind.
type forwarder interface {
	join(ctx context.Context, room, id, offer string) (answer string, err error)
	show(room, id string, places map[string]sfu.View) error
	stats() sfu.Stats
	close() error
}

// Serve is a server of a kind that is told what to do over HTTP at an address, until ctx ends.
func Serve(ctx context.Context, kind, address string) error {
	var f forwarder
	var err error
	switch kind {
	case Product:
		f, err = newProduct()
	case Plain:
		f = newPlain()
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
	mux.HandleFunc("POST /show", func(w http.ResponseWriter, r *http.Request) {
		var places map[string]sfu.View
		err := json.NewDecoder(r.Body).Decode(&places)
		if err == nil {
			err = f.show(r.FormValue("room"), r.FormValue("id"), places)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
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

// product is the SFU.
type product struct {
	server *sfu.Server
	mu     sync.Mutex
	people map[string]*sfu.Participant
}

func newProduct() (*product, error) {
	s, err := sfu.Listen(sfu.Options{Address: "127.0.0.1:0", Loopback: true, Bitrate: 50_000_000})
	if err != nil {
		return nil, err
	}
	return &product{server: s, people: map[string]*sfu.Participant{}}, nil
}

func (p *product) join(ctx context.Context, room, id, offer string) (string, error) {
	seat, err := p.server.Room(room).Join(id, sfu.Rights{Send: true}, nil)
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	p.people[room+"/"+id] = seat
	p.mu.Unlock()
	return seat.Connect(ctx, offer, nil)
}

func (p *product) show(room, id string, places map[string]sfu.View) error {
	p.mu.Lock()
	seat := p.people[room+"/"+id]
	p.mu.Unlock()
	if seat == nil {
		return fmt.Errorf("load: nobody is called %q", id)
	}
	return seat.Show(places)
}

func (p *product) stats() sfu.Stats { return p.server.Stats() }
func (p *product) close() error     { return p.server.Close() }
