// Package relay is a TURN server (RFC 8656) for those who reach the SFU in no other way: over UDP, TCP or TLS on a port of its own. It
// relays to the SFU and to nothing else, whatever it is asked: it is of no use to who wants to reach other machines through it.
package relay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v3"
	"github.com/pion/turn/v5"
)

// Longest is how long credentials hold at most.
const Longest = 10 * time.Minute

// mostEach is how many relays one user may have at a time: browsers ask for one a way and line of addresses.
const mostEach = 8

const realm = "gonghui"

// Options of a server. Ways that are nil are not offered.
type Options struct {
	UDP       net.PacketConn
	TCP, TLS  net.Listener // TLS is accepted with its handshake done by the listener
	To        netip.AddrPort
	Announced []netip.AddrPort // other addresses by which browsers know To
	Secret    []byte           // of 32 bytes at least
	// Seated tells whether a user takes part: a relay that was made while its credentials held is kept up for so long. nil: until they
	// have run out.
	Seated func(user string) bool
}

// Server relays.
type Server struct {
	opt  Options
	turn *turn.Server

	mu    sync.Mutex
	used  map[string]int    // relays by user
	owner map[string]string // user of the relay made from an address
}

// Errors of Listen and Credentials.
var (
	ErrSecret = errors.New("relay: the secret is shorter than 32 bytes")
	ErrTime   = errors.New("relay: credentials hold for more than nothing and ten minutes at most")
)

// Listen starts a server on what is given; it closes that, too.
func Listen(opt Options) (*Server, error) {
	if len(opt.Secret) < 32 {
		return nil, ErrSecret
	}
	s := &Server{opt: opt, used: map[string]int{}, owner: map[string]string{}}
	quiet := &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled, ScopeLevels: map[string]logging.LogLevel{}}
	cfg := turn.ServerConfig{Realm: realm, AuthHandler: s.authenticate, QuotaHandler: s.quota, LoggerFactory: quiet, AllocationLifetime: Longest}
	cfg.EventHandler.OnAllocationCreated = func(from, _ net.Addr, _, user, _ string, _ net.Addr, _ int) { s.count(from, user, 1) }
	cfg.EventHandler.OnAllocationDeleted = func(from, _ net.Addr, _, user, _ string) { s.count(from, user, -1) }
	allowed := func(_ net.Addr, ip net.IP) bool {
		a, ok := netip.AddrFromSlice(ip)
		return ok && slices.ContainsFunc(s.names(), func(n netip.AddrPort) bool { return n.Addr() == a.Unmap() })
	}
	if opt.UDP != nil {
		cfg.PacketConnConfigs = append(cfg.PacketConnConfigs, turn.PacketConnConfig{PacketConn: opt.UDP, RelayAddressGenerator: s, PermissionHandler: allowed})
	}
	for _, l := range []net.Listener{opt.TCP, opt.TLS} {
		if l != nil {
			cfg.ListenerConfigs = append(cfg.ListenerConfigs, turn.ListenerConfig{Listener: l, RelayAddressGenerator: s, PermissionHandler: allowed})
		}
	}
	var err error
	if s.turn, err = turn.NewServer(cfg); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return s, nil
}

// Close ends the server.
func (s *Server) Close() error { return s.turn.Close() }

// names are the addresses by which the SFU is known.
func (s *Server) names() []netip.AddrPort {
	return append([]netip.AddrPort{s.opt.To}, s.opt.Announced...)
}

// Credentials are a name and a password for one user, for a time. The user's own name must not hold a colon.
func (s *Server) Credentials(user string, hold time.Duration, now time.Time) (name, password string, err error) {
	if hold <= 0 || hold > Longest {
		return "", "", ErrTime
	}
	name = strconv.FormatInt(now.Add(hold).Unix(), 10) + ":" + user
	return name, s.password(name), nil
}

func (s *Server) password(name string) string {
	mac := hmac.New(sha256.New, s.opt.Secret)
	mac.Write([]byte("turn\x00" + name))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// authenticate is TURN's: the name says until when it holds, and only we can make the password of a name. After that no relay is
// made any more, but one that is there is kept up as long as its user takes part.
func (s *Server) authenticate(r *turn.RequestAttributes) (user string, key []byte, ok bool) {
	until, user, found := strings.Cut(r.Username, ":")
	at, err := strconv.ParseInt(until, 10, 64)
	left := time.Until(time.Unix(at, 0))
	if !found || err != nil || left > Longest+time.Second {
		return "", nil, false
	}
	if left <= 0 && (r.Method == stun.MethodAllocate || !s.keeps(r.SrcAddr, user)) {
		return "", nil, false
	}
	return user, turn.GenerateAuthKey(r.Username, r.Realm, s.password(r.Username)), true
}

// keeps tells whether the relay made from an address is the user's, and may go on.
func (s *Server) keeps(from net.Addr, user string) bool {
	s.mu.Lock()
	owner, there := s.owner[from.Network()+" "+from.String()]
	s.mu.Unlock()
	return there && owner == user && s.opt.Seated != nil && s.opt.Seated(user)
}

func (s *Server) quota(user, _ string, _ net.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used[user] < mostEach
}

func (s *Server) count(from net.Addr, user string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := from.Network() + " " + from.String()
	if n > 0 {
		s.owner[at] = user
	} else {
		delete(s.owner, at)
	}
	if s.used[user] += n; s.used[user] <= 0 {
		delete(s.used, user)
	}
}

// Validate is turn.RelayAddressGenerator's.
func (s *Server) Validate() error {
	if !s.opt.To.IsValid() {
		return errors.New("relay: no SFU to relay to")
	}
	return nil
}

// AllocatePacketConn is turn.RelayAddressGenerator's: a socket beside the SFU's.
func (s *Server) AllocatePacketConn(turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(s.opt.To.Addr(), 0)))
	if err != nil {
		return nil, nil, fmt.Errorf("relay: %w", err)
	}
	return &only{UDPConn: udp, server: s}, udp.LocalAddr(), nil
}

// errTCP says that peers are reached over UDP alone.
var errTCP = errors.New("relay: relays over UDP only")

// AllocateListener is turn.RelayAddressGenerator's.
func (s *Server) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errTCP
}

// AllocateConn is turn.RelayAddressGenerator's.
func (s *Server) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errTCP }

// only is a socket that speaks with the SFU alone, under the name that the user has for it.
type only struct {
	*net.UDPConn
	server *Server
	name   atomic.Pointer[net.UDPAddr]
}

// ReadFrom gives what the SFU sent.
func (o *only) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := o.ReadFromUDPAddrPort(b)
		if err != nil {
			return n, nil, err
		}
		if name := o.name.Load(); name != nil && netip.AddrPortFrom(from.Addr().Unmap(), from.Port()) == o.server.opt.To {
			return n, name, nil
		}
	}
}

// WriteTo sends to the SFU what is for it, and drops anything else.
func (o *only) WriteTo(b []byte, to net.Addr) (int, error) {
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, net.ErrClosed
	}
	a := udp.AddrPort()
	if !slices.Contains(o.server.names(), netip.AddrPortFrom(a.Addr().Unmap(), a.Port())) {
		return len(b), nil
	}
	o.name.Store(udp)
	return o.WriteToUDPAddrPort(b, o.server.opt.To)
}
