// Package recent keeps answers in memory for a while.
package recent

import (
	"sync"
	"time"
)

// Cache remembers answers for as long as they are fresh, and at most twice its limit of them: when the young half is full,
// the old one is thrown away.
type Cache[K comparable, V any] struct {
	life  func() time.Duration
	limit int
	now   func() time.Time

	mu         sync.RWMutex
	young, old map[K]answer[V]
	forgotten  int
}

type answer[V any] struct {
	v     V
	until time.Time
}

// New makes a cache. life says how long an answer of this moment stays fresh, from when it was asked for.
func New[K comparable, V any](life func() time.Duration, limit int) *Cache[K, V] {
	return &Cache[K, V]{life: life, limit: limit, now: time.Now, young: map[K]answer[V]{}}
}

// Get returns a fresh answer.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	c.mu.RLock()
	a, ok := c.young[k]
	if !ok {
		a, ok = c.old[k]
	}
	c.mu.RUnlock()
	return a.v, ok && c.now().Before(a.until)
}

// Mark is when a question was asked.
type Mark struct {
	at        time.Time
	forgotten int
}

// Ask is called before a question goes out; the mark comes back with the answer to Put.
func (c *Cache[K, V]) Ask() Mark {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return Mark{c.now(), c.forgotten}
}

// Put remembers an answer, unless something was forgotten since the question was asked: it may be the very thing.
func (c *Cache[K, V]) Put(k K, v V, asked Mark) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgotten != asked.forgotten {
		return
	}
	if len(c.young) >= c.limit {
		c.young, c.old = map[K]answer[V]{}, c.young
	}
	c.young[k] = answer[V]{v, asked.at.Add(c.life())}
}

// Forget drops the answer to a key.
func (c *Cache[K, V]) Forget(k K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	delete(c.young, k)
	delete(c.old, k)
}

// ForgetAll drops the answers that fit.
func (c *Cache[K, V]) ForgetAll(fits func(V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	for _, half := range []map[K]answer[V]{c.young, c.old} {
		for k, a := range half {
			if fits(a.v) {
				delete(half, k)
			}
		}
	}
}

// Clear drops every answer.
func (c *Cache[K, V]) Clear() { c.ForgetAll(func(V) bool { return true }) }
