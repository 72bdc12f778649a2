package server

import (
	"net/netip"
	"sync"
	"time"
)

// Requests a source may make: a page of the console makes about ten calls, many people may sit behind one address.
const (
	apiRate, apiBurst   = 200, 600 // calls a second, and at once
	pageRate, pageBurst = 300, 900 // static files
	sourcesKept         = 100_000
)

// limiter is a token bucket a source. IPv6 sources count by their /64, which is what one subscriber gets.
type limiter struct {
	off     bool
	mu      sync.Mutex
	buckets map[bucketKey]bucket
}

type bucketKey struct {
	source netip.Addr
	api    bool
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter(off bool) *limiter { return &limiter{off: off, buckets: map[bucketKey]bucket{}} }

// take returns 0 when the source may go on, else how long to wait.
func (l *limiter) take(source netip.Addr, api bool) time.Duration {
	if l.off {
		return 0
	}
	rate, burst := float64(pageRate), float64(pageBurst)
	if api {
		rate, burst = apiRate, apiBurst
	}
	if source.Is6() {
		if p, err := source.Prefix(64); err == nil {
			source = p.Addr()
		}
	}
	now := time.Now()
	key := bucketKey{source, api}
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= sourcesKept {
			clear(l.buckets)
		}
		b = bucket{burst, now}
	}
	b.tokens = min(burst, b.tokens+now.Sub(b.at).Seconds()*rate)
	b.at = now
	if b.tokens < 1 {
		l.buckets[key] = b
		return time.Duration((1 - b.tokens) / rate * float64(time.Second))
	}
	b.tokens--
	l.buckets[key] = b
	return 0
}
