package sfu

import (
	"net"
	"net/netip"
	"sync"

	"gonghui/media/sfu/gso"
	"gonghui/media/sfu/wire"
)

// socket gives Pion what ICE and DTLS send, and keeps what is sound or picture. The goroutine that reads for Pion carries the
// receiving side of the whole server: it decrypts, keeps and hands over to the shards, which do the sending.
type socket struct {
	*gso.Conn
	server *Server
	batch  gso.Batch
	out    *outbox
}

// ReadFrom returns the next packet that is not media. It is called by one goroutine.
func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		datagram, from, ok := s.batch.Next()
		if !ok {
			s.out.empty(s.server)
			if err := s.Fill(&s.batch); err != nil {
				return 0, nil, err
			}
			continue
		}
		if !wire.IsMedia(datagram) {
			s.out.empty(s.server)
			return copy(b, datagram), net.UDPAddrFromAddrPort(from), nil
		}
		// Nothing is answered to an address that ICE has not approved.
		if p := s.server.peers.get(from); p != nil {
			if wire.IsRTCP(datagram) {
				p.control(datagram)
			} else {
				p.media(datagram, s.out)
			}
		}
	}
}

// peers are the connections by the address that ICE has chosen.
type peers struct {
	mu sync.RWMutex
	at map[netip.AddrPort]*peer
}

func (p *peers) get(a netip.AddrPort) *peer {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.at[a]
}

func (p *peers) count() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.at)
}

// move enters a connection at an address and leaves the one it had.
func (p *peers) move(c *peer, from, to netip.AddrPort) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at[from] == c {
		delete(p.at, from)
	}
	if to.IsValid() {
		p.at[to] = c
	}
}
