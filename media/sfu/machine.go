package sfu

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/transport/v4/stdnet"
)

// known is how long this machine's interfaces are taken for known.
const known = 10 * time.Second

// machine is what connections are told of this machine's network. Each would read it for itself, by a dump of netlink, and keep 12 KiB of it.
type machine struct {
	mu   sync.Mutex
	net  *stdnet.Net
	read time.Time
	is   string
}

// now returns the interfaces as they stood within the last ten seconds: the same as before where nothing has changed.
func (m *machine) now() (*stdnet.Net, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.net != nil && time.Since(m.read) < known {
		return m.net, nil
	}
	next, err := stdnet.NewNet()
	if err != nil {
		return nil, fmt.Errorf("sfu: the machine's network: %w", err)
	}
	m.read = time.Now()
	if is := describe(next); m.net == nil || is != m.is {
		m.net, m.is = next, is
	}
	return m.net, nil
}

func describe(n *stdnet.Net) (text string) {
	all, _ := n.Interfaces()
	for _, i := range all {
		addresses, _ := i.Addrs()
		text += fmt.Sprintln(i.Index, i.Name, i.Flags, i.MTU, addresses)
	}
	return text
}

// shared hands the same logger to all who ask: Pion's own factory makes six writers for each of the ten of a connection.
type shared struct{ logging.LeveledLogger }

func (s shared) NewLogger(string) logging.LeveledLogger { return s.LeveledLogger }

// quiet says nothing of what Pion would print: what matters comes back as states and errors.
var quiet = shared{logging.NewDefaultLeveledLoggerForScope("", logging.LogLevelDisabled, io.Discard)}
