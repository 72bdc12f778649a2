package sfu

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/ice/v4"

	"gonghui/media/sfu/framed"
	"gonghui/media/sfu/wire"
)

// firstBinding is how long a TCP connection may be silent before it says who it is.
const firstBinding = 10 * time.Second

// mostCalls is how many TCP connections there may be.
const mostCalls = 10_000

// listenTCP opens the port for those whose network lets no UDP through.
func (s *Server) listenTCP() error {
	if s.opt.TCP == "" {
		return nil
	}
	l, err := net.Listen("tcp", s.opt.TCP)
	if err != nil {
		return fmt.Errorf("sfu: listening on TCP %s: %w", s.opt.TCP, err)
	}
	take := func(c *framed.Conn, b []byte) {
		p := s.calls.get(remote(c))
		switch {
		case p == nil:
		case wire.IsRTCP(b):
			p.control(b)
		default:
			p.media(b, nil)
		}
	}
	s.tcpMux = ice.NewTCPMuxDefault(ice.TCPMuxParams{
		Listener: framed.Listen(l, take, s.calls.come, s.calls.gone), Logger: quiet.NewLogger("ice"), ReadBufferSize: 16,
		FirstStunBindTimeout: firstBinding, AliveDurationForConnFromStun: firstBinding,
	})
	return nil
}

func remote(c *framed.Conn) netip.AddrPort {
	a, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// streams are the connections over TCP.
type streams struct {
	peers
	lock  sync.Mutex
	conns map[netip.AddrPort]*framed.Conn
}

func (s *streams) come(c *framed.Conn) {
	s.lock.Lock()
	full := len(s.conns) >= mostCalls
	if !full {
		s.conns[remote(c)] = c
	}
	s.lock.Unlock()
	if full {
		_ = c.Close()
	}
}

func (s *streams) gone(c *framed.Conn) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if a := remote(c); s.conns[a] == c {
		delete(s.conns, a)
	}
}

// enter gives a connection the stream from an address; nil when it has ended.
func (s *streams) enter(p *peer, from netip.AddrPort) *framed.Conn {
	s.lock.Lock()
	c := s.conns[from]
	s.lock.Unlock()
	if c != nil {
		s.move(p, netip.AddrPort{}, from)
	}
	return c
}
