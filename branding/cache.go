package branding

import (
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// keepFor bounds how long another process shows an old theme.
	keepFor = 3 * time.Second
	// keepBytes bounds what the cache holds, in bytes of logos.
	keepBytes = 8 << 20
)

// cache keeps the looks that are asked for again and again while a page loads.
type cache struct {
	mu    sync.Mutex
	now   func() time.Time
	looks map[uuid.UUID]kept
	bytes int
}

type kept struct {
	look
	until time.Time
}

func newCache() *cache { return &cache{now: time.Now, looks: map[uuid.UUID]kept{}} }

func (c *cache) get(id uuid.UUID) (look, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.looks[id]
	return k.look, ok && c.now().Before(k.until)
}

// put keeps a look. What is too old goes when the cache is full, and all of it when that is not enough.
func (c *cache) put(id uuid.UUID, l look) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.drop(id)
	if c.bytes+size(l) > keepBytes {
		for old, k := range c.looks {
			if !now.Before(k.until) {
				c.drop(old)
			}
		}
	}
	if c.bytes+size(l) > keepBytes {
		clear(c.looks)
		c.bytes = 0
	}
	c.looks[id] = kept{l, now.Add(keepFor)}
	c.bytes += size(l)
}

func (c *cache) drop(id uuid.UUID) {
	if k, ok := c.looks[id]; ok {
		c.bytes -= size(k.look)
		delete(c.looks, id)
	}
}

// size counts an entry without a logo too.
func size(l look) int { return len(l.logo) + 200 }
