// Package packetcache keeps the last packets of one publisher's stream, once for all who receive it: they are read from here when
// they are sent, and again when a receiver asks for one that was lost. Memory is fixed: packets lie one behind the other in a
// ring of bytes, whatever their length.
package packetcache

import (
	"math/bits"
	"sync"
)

// Cache is a ring of packets. It may be used by one writer and many readers at a time.
type Cache struct {
	mu    sync.RWMutex
	bytes []byte
	index []entry
	head  uint64 // bytes ever written, those skipped at the end of the ring counted
}

// entry says where a packet lies. start counts as head does: what is a whole ring behind has been overwritten.
type entry struct {
	ext   uint64
	start uint64
	size  int32 // 0: none
}

// New keeps up to size bytes and count packets, whichever are full first; both are rounded up to a power of two.
func New(size, count int) *Cache {
	return &Cache{bytes: make([]byte, pow2(size)), index: make([]entry, pow2(count))}
}

func pow2(n int) int { return 1 << bits.Len(uint(max(n, 1)-1)) }

// Put keeps a packet under its extended sequence number. It is false, and nothing is kept, when the packet is empty, longer than
// the ring, there already, or older than what has taken its place.
func (c *Cache) Put(ext uint64, packet []byte) bool {
	n := uint64(len(packet))
	ring := uint64(len(c.bytes))
	if n == 0 || n > ring {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := &c.index[ext&uint64(len(c.index)-1)]
	if e.size > 0 && e.ext >= ext {
		return false
	}
	if at := c.head & (ring - 1); at+n > ring {
		c.head += ring - at
	}
	*e = entry{ext: ext, start: c.head, size: int32(n)}
	copy(c.bytes[c.head&(ring-1):], packet)
	c.head += n
	return true
}

// Get copies a packet into dst and returns its length: 0 when it is not there or dst is too short.
func (c *Cache) Get(ext uint64, dst []byte) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e := c.index[ext&uint64(len(c.index)-1)]
	if e.size == 0 || e.ext != ext || len(dst) < int(e.size) || c.head-e.start > uint64(len(c.bytes)) {
		return 0
	}
	at := e.start & uint64(len(c.bytes)-1)
	return copy(dst, c.bytes[at:at+uint64(e.size)])
}

// Has tells whether a packet is there.
func (c *Cache) Has(ext uint64) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e := c.index[ext&uint64(len(c.index)-1)]
	return e.size > 0 && e.ext == ext && c.head-e.start <= uint64(len(c.bytes))
}
