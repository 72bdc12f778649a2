package identity

import (
	"sync"
	"time"

	"gonghui/tenant"
)

// freshness bounds how long an ended session or right may still be honoured by another process.
const freshness = 3 * time.Second

// cacheSize bounds memory: about 300 bytes an entry.
const cacheSize = 50_000

// cache remembers who holds a token for a few seconds.
type cache struct {
	mu      sync.RWMutex
	entries map[[32]byte]held
}

type held struct {
	subject     *tenant.Subject
	supervision bool
	until       time.Time
}

func newCache() *cache { return &cache{entries: map[[32]byte]held{}} }

func (c *cache) get(digest [32]byte) (held, bool) {
	c.mu.RLock()
	e, ok := c.entries[digest]
	c.mu.RUnlock()
	return e, ok && time.Now().Before(e.until)
}

func (c *cache) put(digest [32]byte, e held) {
	e.until = time.Now().Add(freshness)
	c.mu.Lock()
	if len(c.entries) >= cacheSize {
		clear(c.entries)
	}
	c.entries[digest] = e
	c.mu.Unlock()
}

// forget drops what fits, at once in this process.
func (c *cache) forget(fits func(*tenant.Subject) bool) {
	c.mu.Lock()
	for k, e := range c.entries {
		if e.subject != nil && fits(e.subject) {
			delete(c.entries, k)
		}
	}
	c.mu.Unlock()
}
