package tenant

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// News tells what has changed above the tenants, whoever changed it, within milliseconds: triggers send it, a connection of
// its own hears it. What is kept in memory may be old for as long as News is heard; when it is not, no answer is kept
// longer than [Unheard].
type News struct {
	db    *DB
	heard atomic.Bool

	mu        sync.RWMutex
	listeners map[string][]func(key string)
}

const (
	// Heard is how long an answer may be kept in memory while News is heard: it bounds what passes by time alone, such as the
	// end of a session that nobody uses.
	Heard = 4 * time.Minute
	// Unheard is how long when it is not.
	Unheard = 3 * time.Second

	// alive is how often a silent connection is asked whether it is still there, and how long it may take to answer.
	alive = time.Second
	// again is the pause before another try to connect.
	again = 500 * time.Millisecond
)

// On calls f with the key of every change of the topic, and with an empty key when changes may have been missed: then all
// that is kept of the topic is to be forgotten. f must not wait.
func (n *News) On(topic string, f func(key string)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners == nil {
		n.listeners = map[string][]func(string){}
	}
	n.listeners[topic] = append(n.listeners[topic], f)
}

// Life is how long an answer of this moment may be kept.
func (n *News) Life() time.Duration {
	if n.heard.Load() {
		return Heard
	}
	return Unheard
}

// Run listens until ctx ends.
func (n *News) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := n.listen(ctx)
		n.heard.Store(false)
		n.missed()
		if ctx.Err() == nil {
			slog.WarnContext(ctx, "news: not heard", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
	return nil
}

func (n *News) listen(ctx context.Context) error {
	conn, err := n.db.dial(ctx, n.db.cfg.PlatformLogin(), "gonghui news")
	if err != nil {
		return err
	}
	defer closeConn(conn)
	if _, err := conn.Exec(ctx, "listen gonghui"); err != nil {
		return err
	}
	n.heard.Store(true)
	n.missed()
	for {
		wait, cancel := context.WithTimeout(ctx, alive)
		note, err := conn.WaitForNotification(wait)
		quiet := wait.Err() != nil
		cancel()
		switch {
		case err == nil:
			topic, key, _ := strings.Cut(note.Payload, " ")
			n.tell(topic, key)
		case ctx.Err() != nil || !quiet:
			return err
		default:
			ask, cancel := context.WithTimeout(ctx, alive)
			err := conn.Ping(ask)
			cancel()
			if err != nil {
				return err
			}
		}
	}
}

func (n *News) tell(topic, key string) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, f := range n.listeners[topic] {
		f(key)
	}
}

func (n *News) missed() {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, all := range n.listeners {
		for _, f := range all {
			f("")
		}
	}
}
