// Package nameserver is a name server for tests: it answers over UDP in the protocol of RFC 1035, TXT and A records of its zone.
package nameserver

import (
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Server answers out of memory.
type Server struct {
	// Address is where it listens, "host:port".
	Address string

	mu     sync.Mutex
	texts  map[string][]string
	hosts  map[string][4]byte
	broken bool
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s, stop, err := Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return s
}

// Listen runs a server until it is stopped, for a test of many.
func Listen() (s *Server, stop func(), err error) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	s = &Server{Address: conn.LocalAddr().String(), texts: map[string][]string{}, hosts: map[string][4]byte{}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer, err := s.answer(buf[:n]); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return s, func() {
		conn.Close()
		<-ended
	}, nil
}

// Text sets the TXT records of a name; none takes them away.
func (s *Server) Text(name string, texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts[strings.ToLower(name)+"."] = texts
}

// Host sets the address that a name leads to.
func (s *Server) Host(name string, address [4]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hosts[strings.ToLower(name)+"."] = address
}

// Break makes the server answer that it has failed, or mends it.
func (s *Server) Break(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

func (s *Server) answer(raw []byte) ([]byte, error) {
	var p dnsmessage.Parser
	head, err := p.Start(raw)
	if err != nil {
		return nil, err
	}
	q, err := p.Question()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.ToLower(q.Name.String())
	texts, host := s.texts[name], s.hosts[name]
	reply := dnsmessage.Header{ID: head.ID, Response: true, Authoritative: true, RecursionDesired: head.RecursionDesired, RecursionAvailable: true}
	switch {
	case s.broken:
		reply.RCode = dnsmessage.RCodeServerFailure
	case len(texts) == 0 && host == [4]byte{}:
		reply.RCode = dnsmessage.RCodeNameError
	}
	b := dnsmessage.NewBuilder(nil, reply)
	if err := b.StartQuestions(); err != nil {
		return nil, err
	}
	if err := b.Question(q); err != nil {
		return nil, err
	}
	if err := b.StartAnswers(); err != nil {
		return nil, err
	}
	of := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}
	if reply.RCode == dnsmessage.RCodeSuccess && q.Type == dnsmessage.TypeTXT {
		for _, text := range texts {
			if err := b.TXTResource(of, dnsmessage.TXTResource{TXT: []string{text}}); err != nil {
				return nil, err
			}
		}
	}
	if reply.RCode == dnsmessage.RCodeSuccess && q.Type == dnsmessage.TypeA && host != [4]byte{} {
		if err := b.AResource(of, dnsmessage.AResource{A: host}); err != nil {
			return nil, err
		}
	}
	return b.Finish()
}
