package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
	"gonghui/media/sfu/gso"
)

// Floor is what the machine can do at best: packets of the same lengths, as often and by as many system calls, to sockets at which
// somebody sleeps; nothing is received, encrypted or counted for it.
const Floor = "floor"

// Sends says what a floor sends.
type Sends struct {
	To     []netip.AddrPort
	Bytes  int // of a datagram
	Burst  int // datagrams by one call
	Rounds int // calls for each receiver each time
	Every  time.Duration
	Long   time.Duration
}

// play sends.
func (s Sends) play(ctx context.Context, conn *gso.Conn) error {
	if s.Every <= 0 || s.Bytes <= 0 || s.Bytes > gso.MTU || s.Burst <= 0 || s.Burst > gso.Most {
		return fmt.Errorf("load: the floor cannot send %+v", s)
	}
	burst := make([]byte, s.Burst*s.Bytes)
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for range int(s.Long / s.Every) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		for range s.Rounds {
			for _, to := range s.To {
				_ = conn.Burst(to, burst, s.Bytes) // what is lost is not counted as delivered
			}
		}
	}
	return nil
}

// floor is a forwarder that forwards nothing.
type floor struct{ conn *gso.Conn }

func newFloor() (*floor, error) {
	conn, err := gso.Listen("127.0.0.1:0")
	return &floor{conn}, err
}

func (f *floor) join(context.Context, string, string, string) (string, error) {
	return "", errors.New("load: nobody joins the floor")
}

func (f *floor) handle(mux *http.ServeMux) {
	mux.HandleFunc("POST /floor", func(w http.ResponseWriter, r *http.Request) {
		var s Sends
		err := json.NewDecoder(r.Body).Decode(&s)
		if err == nil {
			err = s.play(r.Context(), f.conn)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
}

func (f *floor) stats() sfu.Stats { return sfu.Stats{} }
func (f *floor) close() error     { return f.conn.Close() }

// Sleepers are sockets, at each of which a goroutine waits.
type Sleepers struct {
	conns []*net.UDPConn
	at    []netip.AddrPort
	came  atomic.Uint64
	ended sync.WaitGroup
}

// Sleep opens n.
func Sleep(n int) (*Sleepers, error) {
	s := &Sleepers{}
	for range n {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			s.Close()
			return nil, err
		}
		s.conns = append(s.conns, c)
		at := c.LocalAddr().(*net.UDPAddr).AddrPort()
		s.at = append(s.at, netip.AddrPortFrom(at.Addr().Unmap(), at.Port()))
		s.ended.Go(func() {
			b := make([]byte, 2048)
			for {
				if _, _, err := c.ReadFromUDPAddrPort(b); err != nil {
					return
				}
				s.came.Add(1)
			}
		})
	}
	return s, nil
}

// Play has a floor send for a time what a meeting of a shape would, and returns how many datagrams came.
func (s *Sleepers) Play(ctx context.Context, address string, shape Shape, long time.Duration) (came uint64, err error) {
	what := Sends{To: s.at, Bytes: headBytes + client.PacketSize, Burst: packets, Rounds: shape.Senders, Every: time.Second / pictures, Long: long}
	if shape.Sound {
		what.Bytes, what.Burst, what.Every = headBytes+soundBytes, 1, time.Second/sounds
	}
	before := s.came.Load()
	if err := call(ctx, "http://"+address+"/floor", what, nil); err != nil {
		return 0, err
	}
	// The last ones may still be on their way.
	for last := uint64(0); last != s.came.Load(); {
		last = s.came.Load()
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return s.came.Load() - before, nil
}

// headBytes are what comes before and behind the payload of each packet that the product sends.
const headBytes = 12 + 8 + 16

// Close closes them.
func (s *Sleepers) Close() {
	for _, c := range s.conns {
		_ = c.Close()
	}
	s.ended.Wait()
}
