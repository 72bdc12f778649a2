package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// Ports are drawn below the range that Linux hands to outgoing connections (32768–60999, ip(7)): a server that was down for a
// moment must find its port again.
const (
	firstPort = 20000
	lastPort  = 32767
)

// FreePort returns preferred when it can be listened on at 127.0.0.1, else another free port. Preferred 0 means any. The port
// is free at the time of the look only: a caller that fails to bind asks again.
func FreePort(preferred int) (int, error) {
	if preferred > 0 && portIsFree(preferred) {
		return preferred, nil
	}
	for range 200 {
		if port := firstPort + rand.IntN(lastPort-firstPort+1); portIsFree(port) {
			return port, nil
		}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func portIsFree(port int) bool {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// ports are remembered so that addresses stay the same from one start to the next; 0 means none was chosen yet.
type ports struct {
	Postgres int `json:"postgres"`
	Redis    int `json:"redis"`
}

func (h *home) portsFile() string { return filepath.Join(h.dir, "ports.json") }

func (h *home) readPorts() (ports, error) {
	var p ports
	text, err := os.ReadFile(h.portsFile())
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	// A file spoilt by hand costs the old ports, not the start.
	if json.Unmarshal(text, &p) != nil {
		return ports{}, nil
	}
	return p, nil
}

func (h *home) writePorts(p ports) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return writeFile(h.portsFile(), append(text, '\n'), 0o644)
}
