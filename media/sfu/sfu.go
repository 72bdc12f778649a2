// Package sfu forwards the sound and pictures of meetings: whoever takes part sends one copy, and gets from here what is shown and
// heard on their side. It is built on Pion for ICE, DTLS and SDP; everything that happens for each packet is its own (see README.md).
//
// A Server has one UDP port. Its rooms are joined by name; a Participant connects by an SDP offer and answers itself never offer:
// a browser offers one line for each thing it sends and one for each place where something may be shown or heard, so that who comes
// and goes needs no further negotiation.
package sfu

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/framed"
	"gonghui/media/sfu/gso"
)

// Options say where a server is and what it allows. Zero values are the defaults named.
type Options struct {
	Address  string        // UDP address of one interface, as 192.0.2.1:3478
	TCP      string        // TCP address for those whose network lets no UDP through; empty: none
	Announce []string      // addresses told to browsers instead, where there is NAT; none: Address
	Loopback bool          // tell the loopback address too: for tests and one machine
	Voices   int           // how many are heard at a time: 4
	Bitrate  int           // most that one participant is sent, in bits a second: 12,000,000
	Upload   int           // most that one participant may send, in bits a second: 8,000,000; what is more is dropped
	Start    int           // what one is sent before anything is known of its path: 1,000,000
	Seat     time.Duration // how long the seat of one who dropped out is kept: 30 s
	Silence  time.Duration // after which a connection is lost: 15 s
	People   int           // in one room at most: 5,000
	Log      *slog.Logger
}

func (o *Options) fill() {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&o.Voices, 4)
	def(&o.Bitrate, 12_000_000)
	def(&o.Upload, 8_000_000)
	def(&o.Start, 1_000_000)
	def(&o.People, 5000)
	if o.Seat == 0 {
		o.Seat = 30 * time.Second
	}
	if o.Silence == 0 {
		o.Silence = 15 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
}

// Server is one node.
type Server struct {
	opt      Options
	conn     *gso.Conn
	mux      ice.UDPMux
	tcpMux   ice.TCPMux // nil without TCP
	cert     webrtc.Certificate
	machine  machine
	start    time.Time
	shards   []*shard
	peers    peers // by address, over UDP
	senders  senders
	calls    streams // over TCP
	turn     atomic.Uint32
	ids      atomic.Uint32
	feedback atomic.Uint64
	spare    sync.Pool // of *scratch, for goroutines that read
	ticker   scratch   // of the one that ticks

	mu    sync.Mutex
	rooms map[string]*Room

	done chan struct{}
	wg   sync.WaitGroup
}

// Listen opens the port and starts.
func Listen(opt Options) (*Server, error) {
	opt.fill()
	conn, err := gso.Listen(opt.Address)
	if err != nil {
		return nil, fmt.Errorf("sfu: listening on %s: %w", opt.Address, err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sfu: making a key: %w", err)
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, fmt.Errorf("sfu: making a certificate: %w", err)
	}
	s := &Server{
		opt: opt, conn: conn, cert: *cert, start: time.Now(), rooms: map[string]*Room{}, done: make(chan struct{}),
		spare: sync.Pool{New: func() any { return new(scratch) }},
	}
	s.peers.at, s.senders.set = map[netip.AddrPort]*peer{}, map[*peer]struct{}{}
	s.calls.at, s.calls.conns = map[netip.AddrPort]*peer{}, map[netip.AddrPort]*framed.Conn{}
	for range runtime.GOMAXPROCS(0) {
		s.shards = append(s.shards, newShard(s))
	}
	s.mux = webrtc.NewICEUDPMux(quiet.NewLogger("ice"), &socket{Conn: conn, server: s, out: s.outbox()})
	if err := s.listenTCP(); err != nil {
		return nil, errors.Join(err, s.mux.Close())
	}
	for _, sh := range s.shards {
		s.wg.Go(sh.run)
	}
	s.wg.Go(s.tick)
	return s, nil
}

// Addr is the port's address.
func (s *Server) Addr() net.Addr { return s.conn.LocalAddr() }

// Close ends all rooms and closes the port.
func (s *Server) Close() error {
	s.mu.Lock()
	rooms := make([]*Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	s.mu.Unlock()
	for _, r := range rooms {
		r.Close()
	}
	close(s.done)
	s.wg.Wait()
	err := s.mux.Close()
	if s.tcpMux != nil {
		err = errors.Join(err, s.tcpMux.Close())
	}
	return err
}

// now counts from an hour before the start: no moment is zero.
func (s *Server) now() time.Duration { return time.Since(s.start) + time.Hour }

// Stats are counts since the start.
type Stats struct {
	Datagrams uint64 // sent
	Calls     uint64 // of the system, to send them
	Failed    uint64 // not sent
	Rooms     int
	Seats     int
	People    int    // connected
	Feedback  uint64 // transport-wide reports that came
}

// Stats counts.
func (s *Server) Stats() Stats {
	var st Stats
	st.Datagrams, st.Calls, st.Failed = s.conn.Count()
	s.mu.Lock()
	st.Rooms = len(s.rooms)
	s.mu.Unlock()
	for _, r := range s.all(nil) {
		r.mu.RLock()
		st.Seats += len(r.people)
		r.mu.RUnlock()
	}
	st.People = s.peers.count() + s.calls.count()
	st.Feedback = s.feedback.Load()
	return st
}

// Room is the room of a name, made when there is none or it has closed behind its last one.
func (s *Server) Room(name string) *Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[name]
	if r == nil || r.over() {
		r = newRoom(s, name)
		s.rooms[name] = r
	}
	return r
}

// drop forgets a room in which nobody is.
func (s *Server) drop(r *Room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rooms[r.name] == r {
		delete(s.rooms, r.name)
	}
}

// Seated tells whether somebody of an id has a seat in any room.
func (s *Server) Seated(id string) bool {
	for _, r := range s.all(nil) {
		r.mu.RLock()
		_, there := r.people[id]
		r.mu.RUnlock()
		if there {
			return true
		}
	}
	return false
}

// all are the rooms of now.
func (s *Server) all(into []*Room) []*Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rooms {
		into = append(into, r)
	}
	return into
}

// shard is the next participant's.
func (s *Server) shard() *shard {
	return s.shards[int(s.turn.Add(1))%len(s.shards)]
}
