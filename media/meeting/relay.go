package meeting

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"gonghui/media/sfu/relay"
	signalv1 "gonghui/media/signal/v1"
)

// relaySettings are where the relay listens, for those whose network lets nothing else through.
type relaySettings struct {
	ways   []relayWay
	name   string // by which browsers find it; empty: the address
	cert   *tls.Certificate
	secret []byte
}

// relayWay is one of its ports: udp, tcp or tls.
type relayWay struct{ kind, address string }

// relayFromEnv reads GONGHUI_MEDIA_TURN (ways with commas, such as udp://192.0.2.1:3478,tcp://:3478,tls://:443; empty: no relay),
// GONGHUI_MEDIA_TURN_NAME (by which browsers find it) and, for tls, GONGHUI_MEDIA_TURN_CERT and GONGHUI_MEDIA_TURN_KEY (PEM files).
func relayFromEnv() (r relaySettings, err error) {
	r.name = os.Getenv("GONGHUI_MEDIA_TURN_NAME")
	if strings.ContainsAny(r.name, "/:?# ") {
		return r, errors.New("GONGHUI_MEDIA_TURN_NAME has to be a name alone, as in turn.example.org")
	}
	seen := map[string]bool{}
	for _, way := range strings.Split(os.Getenv("GONGHUI_MEDIA_TURN"), ",") {
		if way = strings.TrimSpace(way); way == "" {
			continue
		}
		u, err := url.Parse(way)
		if err == nil {
			_, _, err = net.SplitHostPort(u.Host)
		}
		if err != nil || u.Scheme != "udp" && u.Scheme != "tcp" && u.Scheme != "tls" || u.Path != "" || seen[u.Scheme] {
			return r, fmt.Errorf("GONGHUI_MEDIA_TURN: %q is not udp://, tcp:// or tls:// with an address and a port, each once", way)
		}
		seen[u.Scheme] = true
		r.ways = append(r.ways, relayWay{u.Scheme, u.Host})
	}
	if !seen["tls"] {
		return r, nil
	}
	cert, err := tls.LoadX509KeyPair(os.Getenv("GONGHUI_MEDIA_TURN_CERT"), os.Getenv("GONGHUI_MEDIA_TURN_KEY"))
	if err != nil {
		return r, fmt.Errorf("GONGHUI_MEDIA_TURN asks for tls, GONGHUI_MEDIA_TURN_CERT and GONGHUI_MEDIA_TURN_KEY have to name its certificate: %w", err)
	}
	r.cert = &cert
	return r, nil
}

// relayServer is the relay beside a media server.
type relayServer struct {
	*relay.Server
	urls []string
}

// listen opens the relay beside the media server at an address that browsers know by others, too; nil when there is none.
func (r relaySettings) listen(media net.Addr, announced []string, seated func(string) bool) (_ *relayServer, err error) {
	if len(r.ways) == 0 {
		return nil, nil
	}
	udp, ok := media.(*net.UDPAddr)
	if !ok {
		return nil, fmt.Errorf("meeting: a relay to %s", media)
	}
	to, also := reached(udp.AddrPort(), announced)
	opt := relay.Options{To: to, Announced: also, Secret: r.secret, Seated: seated}
	out := &relayServer{}
	var open []io.Closer
	defer func() {
		if err != nil {
			for _, c := range open {
				_ = c.Close()
			}
		}
	}()
	for _, w := range r.ways {
		var at net.Addr
		if w.kind == "udp" {
			if opt.UDP, err = net.ListenPacket("udp", w.address); err != nil {
				return nil, fmt.Errorf("meeting: the relay on %s: %w", w.address, err)
			}
			open, at = append(open, opt.UDP), opt.UDP.LocalAddr()
		} else {
			l, err := net.Listen("tcp", w.address)
			if err != nil {
				return nil, fmt.Errorf("meeting: the relay on %s: %w", w.address, err)
			}
			open, at = append(open, l), l.Addr()
			if w.kind == "tls" {
				opt.TLS = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*r.cert}, MinVersion: tls.VersionTLS12})
			} else {
				opt.TCP = l
			}
		}
		out.urls = append(out.urls, r.address(w.kind, at, to, announced))
	}
	if out.Server, err = relay.Listen(opt); err != nil {
		return nil, err
	}
	return out, nil
}

// address is what browsers are told of one way.
func (r relaySettings) address(kind string, at net.Addr, to netip.AddrPort, announced []string) string {
	a, _ := netip.ParseAddrPort(at.String())
	host := a.Addr().Unmap().String()
	switch {
	case r.name != "":
		host = r.name
	case len(announced) > 0:
		host = announced[0]
	case a.Addr().IsUnspecified():
		host = to.Addr().String()
	}
	scheme, transport := "turn", kind
	if kind == "tls" {
		scheme, transport = "turns", "tcp"
	}
	port := fmt.Sprint(a.Port())
	return scheme + ":" + net.JoinHostPort(host, port) + "?transport=" + transport
}

// reached is where the media server at an address is reached from its own machine, and the other addresses by which browsers name it.
func reached(at netip.AddrPort, announced []string) (to netip.AddrPort, also []netip.AddrPort) {
	to = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	for _, a := range announced {
		if ip, err := netip.ParseAddr(a); err == nil {
			also = append(also, netip.AddrPortFrom(ip.Unmap(), at.Port()))
		}
	}
	if !at.Addr().IsUnspecified() {
		return to, also
	}
	to = netip.AddrPort{}
	own, _ := net.InterfaceAddrs()
	for _, a := range own {
		network, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(network.IP)
		if ip = ip.Unmap(); !ok || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		here := netip.AddrPortFrom(ip, at.Port())
		also = append(also, here)
		if !to.IsValid() && ip.Is4() {
			to = here
		}
	}
	if !to.IsValid() {
		to = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port())
	}
	return to, also
}

// relays are the relay's addresses with credentials for one participant; none when there is no relay.
func (m *media) relays(participant string) []*signalv1.IceServer {
	m.mu.Lock()
	r := m.relay
	m.mu.Unlock()
	if r == nil {
		return nil
	}
	name, password, err := r.Credentials(participant, relay.Longest, time.Now())
	if err != nil {
		return nil
	}
	return []*signalv1.IceServer{{Urls: r.urls, Username: name, Credential: password}}
}
