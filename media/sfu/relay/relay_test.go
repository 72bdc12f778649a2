package relay

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/turn/v5"
)

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// echo is an SFU that sends back what it gets.
func echo(t *testing.T) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 2000)
		for {
			n, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			if _, err := c.WriteToUDPAddrPort(b[:n], from); err != nil {
				return
			}
		}
	}()
	return c
}

var announced = netip.MustParseAddrPort("203.0.113.9:3478")

func serve(t *testing.T, to *net.UDPConn) (s *Server, ways map[string]func() net.PacketConn) {
	t.Helper()
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate(t)}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	s, err = Listen(Options{UDP: udp, TCP: tcp, TLS: secure, To: to.LocalAddr().(*net.UDPAddr).AddrPort(), Announced: []netip.AddrPort{announced}, Secret: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, map[string]func() net.PacketConn{
		udp.LocalAddr().String(): func() net.PacketConn {
			c, err := net.ListenPacket("udp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		tcp.Addr().String(): func() net.PacketConn {
			c, err := net.Dial("tcp4", tcp.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			return turn.NewSTUNConn(c)
		},
		secure.Addr().String(): func() net.PacketConn {
			c, err := tls.Dial("tcp4", secure.Addr().String(), &tls.Config{InsecureSkipVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			return turn.NewSTUNConn(c)
		},
	}
}

func dial(t *testing.T, address string, conn net.PacketConn, name, password string) *turn.Client {
	t.Helper()
	c, err := turn.NewClient(&turn.ClientConfig{STUNServerAddr: address, TURNServerAddr: address, Conn: conn, Username: name, Password: password, Realm: realm, RTO: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); conn.Close() })
	if err := c.Listen(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRelaysToTheSFUAlone(t *testing.T) {
	sfu, other := echo(t), echo(t)
	s, ways := serve(t, sfu)
	for address, way := range ways {
		name, password, err := s.Credentials("somebody", time.Minute, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		relay, err := dial(t, address, way(), name, password).Allocate()
		if err != nil {
			t.Fatal(err)
		}
		ask := func(to net.Addr, wait time.Duration) (string, net.Addr) {
			if _, err := relay.WriteTo([]byte("hello"), to); err != nil {
				return "", nil
			}
			if err := relay.SetReadDeadline(time.Now().Add(wait)); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 100)
			n, from, err := relay.ReadFrom(b)
			if err != nil {
				return "", nil
			}
			return string(b[:n]), from
		}
		for _, to := range []net.Addr{sfu.LocalAddr(), net.UDPAddrFromAddrPort(announced)} {
			if got, from := ask(to, 5*time.Second); got != "hello" || from.String() != to.String() {
				t.Errorf("%q from %v, asked %v", got, from, to)
			}
		}
		for _, to := range []net.Addr{other.LocalAddr(), &net.UDPAddr{IP: net.IPv4(127, 0, 0, 2), Port: 53}} {
			if got, from := ask(to, 200*time.Millisecond); got != "" {
				t.Errorf("relays to %v: %q from %v", to, got, from)
			}
		}
		_ = relay.Close()
	}
}

func TestCredentials(t *testing.T) {
	s, ways := serve(t, echo(t))
	now := time.Now()
	for _, hold := range []time.Duration{0, -time.Second, Longest + time.Second} {
		if _, _, err := s.Credentials("x", hold, now); !errors.Is(err, ErrTime) {
			t.Errorf("for %s: %v", hold, err)
		}
	}
	name, password, err := s.Credentials("x", time.Minute, now)
	if err != nil {
		t.Fatal(err)
	}
	old, oldPassword, _ := s.Credentials("x", time.Minute, now.Add(-2*time.Minute))
	far := "99999999999:x"
	for what, c := range map[string]struct{ name, password string }{
		"another's password":  {name + "y", password},
		"another password":    {name, password + "A"},
		"that have run out":   {old, oldPassword},
		"that hold for years": {far, s.password(far)},
		"without a time":      {"x", s.password("x")},
		"with words for time": {"soon:x", s.password("soon:x")},
	} {
		for address, way := range ways {
			if _, err := dial(t, address, way(), c.name, c.password).Allocate(); err == nil {
				t.Errorf("credentials %s are taken", what)
			}
			break
		}
	}
	if _, err := Listen(Options{Secret: make([]byte, 31)}); !errors.Is(err, ErrSecret) {
		t.Errorf("a short secret: %v", err)
	}
}

// A relay that is there goes on after its credentials have run out, for as long as its user takes part; a new one is not made.
func TestGoesOnWhileItsUserTakesPart(t *testing.T) {
	s, _ := serve(t, echo(t))
	seated := map[string]bool{"in": true}
	s.opt.Seated = func(user string) bool { return seated[user] }
	from := &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 4000}
	other := &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 4001}
	s.count(from, "in", 1)
	s.count(other, "out", 1)
	past := strconv.FormatInt(time.Now().Add(-time.Minute).Unix(), 10) + ":"
	for what, c := range map[string]struct {
		user   string
		from   net.Addr
		method stun.Method
		ok     bool
	}{
		"kept up by who takes part":             {"in", from, stun.MethodRefresh, true},
		"used by who takes part":                {"in", from, stun.MethodChannelBind, true},
		"made anew":                             {"in", from, stun.MethodAllocate, false},
		"kept up by somebody else":              {"out", from, stun.MethodRefresh, false},
		"kept up from an address without one":   {"in", &net.TCPAddr{IP: from.IP, Port: from.Port}, stun.MethodRefresh, false},
		"kept up by who does not take part now": {"out", other, stun.MethodRefresh, false},
	} {
		if _, _, ok := s.authenticate(&turn.RequestAttributes{Username: past + c.user, Realm: realm, SrcAddr: c.from, Method: c.method}); ok != c.ok {
			t.Errorf("%s: %t", what, ok)
		}
	}
	s.count(from, "in", -1)
	if _, _, ok := s.authenticate(&turn.RequestAttributes{Username: past + "in", Realm: realm, SrcAddr: from, Method: stun.MethodRefresh}); ok {
		t.Error("a relay that is gone is kept up")
	}
}

func TestNoMoreThanAFewEach(t *testing.T) {
	s, ways := serve(t, echo(t))
	name, password, err := s.Credentials("x", time.Minute, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for address, way := range ways {
		got := 0
		for range mostEach + 2 {
			if _, err := dial(t, address, way(), name, password).Allocate(); err == nil {
				got++
			}
		}
		if got != mostEach {
			t.Errorf("%d relays for one", got)
		}
		break
	}
}
