package lan

import (
	"net"
	"sync"
	"time"
)

// patience is how long a connection may take to send its first byte.
const patience = 10 * time.Second

// handshake is the first byte of TLS (RFC 8446, section 5.1).
const handshake = 22

// split serves TLS and plain HTTP on one port: what begins like TLS goes to one listener, the rest to the other.
func split(l net.Listener) (secure, plain net.Listener) {
	s := &splitter{Listener: l, ended: make(chan struct{})}
	a := &half{s, make(chan net.Conn)}
	b := &half{s, make(chan net.Conn)}
	go s.run(a.conns, b.conns)
	return a, b
}

type splitter struct {
	net.Listener
	once  sync.Once
	ended chan struct{}
	err   error // why it ended, once ended is closed
}

func (s *splitter) end(err error) {
	s.once.Do(func() {
		s.err = err
		close(s.ended)
	})
}

func (s *splitter) run(secure, plain chan<- net.Conn) {
	for {
		c, err := s.Accept()
		if err != nil {
			s.end(err)
			return
		}
		go func() {
			// A read that fails by time leaves no byte: the connection is of no use.
			_ = c.SetReadDeadline(time.Now().Add(patience))
			first := make([]byte, 1)
			if _, err := c.Read(first); err != nil {
				_ = c.Close()
				return
			}
			_ = c.SetReadDeadline(time.Time{})
			to := plain
			if first[0] == handshake {
				to = secure
			}
			select {
			case to <- &begun{Conn: c, first: first}:
			case <-s.ended:
				_ = c.Close()
			}
		}()
	}
}

// half is one of the two listeners; closing one closes both.
type half struct {
	*splitter
	conns chan net.Conn
}

func (h *half) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.ended:
		return nil, h.err
	}
}

func (h *half) Close() error {
	err := h.Listener.Close()
	h.end(net.ErrClosed)
	return err
}

// begun is a connection whose first byte was read already.
type begun struct {
	net.Conn
	first []byte
}

func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) > 0 && len(p) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}
