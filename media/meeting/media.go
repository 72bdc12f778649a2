package meeting

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"

	"gonghui/app/module"
	"gonghui/media/sfu"
)

// media is the media server of this process, started when it is first needed.
type media struct {
	settings sfu.Options
	beside   relaySettings

	mu     sync.Mutex
	server *sfu.Server
	relay  *relayServer // nil: none
	closed bool
}

// usualPort is where meetings are heard and seen unless GONGHUI_MEDIA_ADDRESS says otherwise.
const usualPort = "3480"

// settingsFromEnv reads GONGHUI_MEDIA_ADDRESS (UDP, host:port), GONGHUI_MEDIA_TCP (host:port for those whose network lets no UDP through)
// and GONGHUI_MEDIA_ANNOUNCE (the addresses that browsers are told, with commas, where there is NAT). Without them a demo system serves
// its own machine, or its LAN, and any other one port on all addresses.
func settingsFromEnv(host module.Host) (sfu.Options, error) {
	o := sfu.Options{Address: os.Getenv("GONGHUI_MEDIA_ADDRESS"), TCP: os.Getenv("GONGHUI_MEDIA_TCP")}
	for name, value := range map[string]string{"GONGHUI_MEDIA_ADDRESS": o.Address, "GONGHUI_MEDIA_TCP": o.TCP} {
		if _, _, err := net.SplitHostPort(value); value != "" && err != nil {
			return o, fmt.Errorf("%s has to be an address and a port, as in 192.0.2.1:3480 or :3480", name)
		}
	}
	for _, a := range strings.Split(os.Getenv("GONGHUI_MEDIA_ANNOUNCE"), ",") {
		if a = strings.TrimSpace(a); a == "" {
			continue
		}
		if net.ParseIP(a) == nil {
			return o, fmt.Errorf("GONGHUI_MEDIA_ANNOUNCE: %q is no IP address", a)
		}
		o.Announce = append(o.Announce, a)
	}
	switch lan := host.LAN(); {
	case o.Address != "":
	case !host.Demo():
		o.Address = ":" + usualPort
	case lan != nil:
		if u, err := url.Parse(lan.Origin); err == nil {
			o.Address = net.JoinHostPort(u.Hostname(), "0")
		}
	default:
		o.Address = "127.0.0.1:0"
	}
	o.Loopback = strings.HasPrefix(o.Address, "127.0.0.1:")
	return o, nil
}

// get is the media server.
func (m *media) get() (*sfu.Server, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return nil, errMedia
	case m.server != nil:
		return m.server, nil
	}
	server, err := sfu.Listen(m.settings)
	if err != nil {
		return nil, errMedia.WithCause(err)
	}
	if m.relay, err = m.beside.listen(server.Addr(), m.settings.Announce, server.Seated); err != nil {
		return nil, errMedia.WithCause(errors.Join(err, server.Close()))
	}
	m.server = server
	return server, nil
}

// close ends it for good.
func (m *media) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	if m.server == nil {
		return nil
	}
	server, relay := m.server, m.relay
	m.server, m.relay = nil, nil
	if relay == nil {
		return server.Close()
	}
	return errors.Join(relay.Close(), server.Close())
}
