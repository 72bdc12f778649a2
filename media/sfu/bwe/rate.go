package bwe

import "time"

// acked measures what arrives, over a window of time.
type acked struct {
	ring  []arrival // its length is a power of two; it grows while a window holds more
	head  int
	n     int
	sum   int
	since time.Duration
	rate  float64 // bits a second
	known bool
}

type arrival struct {
	at    time.Duration
	bytes int
}

const (
	fewest = 32 // packets in a ring at first
	acks   = 1024
	window = 500 * time.Millisecond
)

func (a *acked) add(came time.Duration, bytes int) {
	if a.n == 0 && !a.known {
		a.since = came
	}
	if a.n == len(a.ring) {
		a.grow()
	}
	a.ring[(a.head+a.n)&(len(a.ring)-1)] = arrival{came, bytes}
	a.n++
	a.sum += bytes
	for a.n > 0 {
		if d := came - a.ring[a.head].at; d <= window && d >= -window {
			break
		}
		a.pop()
	}
	if came-a.since < window/2 {
		return
	}
	over := min(window, came-a.since)
	// A full ring is shorter than the window.
	if a.n == acks {
		over = max(came-a.ring[a.head].at, time.Millisecond)
	}
	a.rate, a.known = float64(a.sum)*8/over.Seconds(), true
}

// grow makes room for one more; a ring as long as it may be gives up its oldest.
func (a *acked) grow() {
	if len(a.ring) == acks {
		a.pop()
		return
	}
	next := make([]arrival, max(fewest, 2*len(a.ring)))
	for i := range a.n {
		next[i] = a.ring[(a.head+i)&(len(a.ring)-1)]
	}
	a.ring, a.head = next, 0
}

func (a *acked) pop() {
	a.sum -= a.ring[a.head].bytes
	a.head = (a.head + 1) & (len(a.ring) - 1)
	a.n--
}
