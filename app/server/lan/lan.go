// Package lan lets phones on the same network into a demo system: one port with https under an authority of this machine's own, and
// over plain http the page on which phones get that authority. Browsers keep service workers, cameras and installation for pages
// that they trust, and no public authority gives certificates for addresses of a private network.
package lan

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// preferredPort is where phones come in when the port is free.
const preferredPort = 8443

// LAN is one open port.
type LAN struct {
	Host      string // "192.168.1.5:8443"
	Authority *Authority
	// Secure and Plain are what TLS and what is not goes to.
	Secure, Plain net.Listener
	TLS           *tls.Config
}

// Open listens on an address of this machine in its network. at is "1" for the one that leads outward, or an address with or
// without a port. What must be kept lies in dir.
func Open(at, dir string) (*LAN, error) {
	address, port, err := place(at)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	authority, err := OpenAuthority(dir, now)
	if err != nil {
		return nil, err
	}
	certificate, err := authority.Serve(address, now)
	if err != nil {
		return nil, err
	}
	l, err := listen(address, port, filepath.Join(dir, "port"))
	if err != nil {
		return nil, err
	}
	out := &LAN{
		Host: l.Addr().String(), Authority: authority,
		TLS: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}},
	}
	out.Secure, out.Plain = split(l)
	return out, nil
}

// Origin is where phones come in.
func (l *LAN) Origin() string { return "https://" + l.Host }

// Entry is the way to a body.
func (l *LAN) Entry(code string) string { return l.Origin() + EntryPath + code }

// Help is the page that a phone opens first: it gives the authority and then leads to a body.
func (l *LAN) Help(code string) string { return "http://" + l.Host + EntryPath + code }

// EntryPath is before the code of the body that a phone comes in to.
const EntryPath = "/t/"

// place reads where to listen; port 0 is any.
func place(at string) (netip.Addr, uint16, error) {
	if at == "1" {
		a, err := outward()
		return a, 0, err
	}
	address, err := netip.ParseAddr(at)
	port := uint16(0)
	if err != nil {
		both, perr := netip.ParseAddrPort(at)
		if perr != nil {
			return address, 0, fmt.Errorf("LAN is %q: want 1 or an address of this machine, such as 192.168.1.5 or 192.168.1.5:8443", at)
		}
		address, port = both.Addr(), both.Port()
	}
	if !isPrivate(address) {
		return address, 0, fmt.Errorf("LAN is %s, which is not an address of a private network", address)
	}
	return address, port, nil
}

// outward is the address from which this machine would leave its network. Nothing is sent: a datagram socket that is connected only
// looks for the way.
func outward() (netip.Addr, error) {
	// 192.0.2.1 is nobody's (RFC 5737).
	if c, err := net.Dial("udp4", "192.0.2.1:9"); err == nil {
		defer c.Close()
		if a := c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(); isPrivate(a) && !a.IsLoopback() {
			return a, nil
		}
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("lan: %w", err)
	}
	for _, one := range all {
		if p, err := netip.ParsePrefix(one.String()); err == nil && p.Addr().Is4() && isPrivate(p.Addr()) && !p.Addr().IsLoopback() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, errors.New("this machine has no address in a private network: connect it to the phones' Wi-Fi, or name its address by LAN=")
}

// listen takes the port that was asked for, else that of last time, else the usual one, else any that is free.
func listen(address netip.Addr, port uint16, remembered string) (net.Listener, error) {
	if port > 0 {
		l, err := net.Listen("tcp", netip.AddrPortFrom(address, port).String())
		if err != nil {
			return nil, fmt.Errorf("lan: %w", err)
		}
		return l, nil
	}
	want := uint16(preferredPort)
	if raw, err := os.ReadFile(remembered); err == nil {
		if p, err := strconv.ParseUint(string(raw), 10, 16); err == nil {
			want = uint16(p)
		}
	}
	l, err := net.Listen("tcp", netip.AddrPortFrom(address, want).String())
	if err != nil {
		if l, err = net.Listen("tcp", netip.AddrPortFrom(address, 0).String()); err != nil {
			return nil, fmt.Errorf("lan: %w", err)
		}
	}
	if err := os.WriteFile(remembered, []byte(strconv.Itoa(l.Addr().(*net.TCPAddr).Port)), 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("lan: %w", err)
	}
	return l, nil
}

// Server serves one of the two halves.
func Server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: patience, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
}
