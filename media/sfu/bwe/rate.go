package bwe

import "time"

// acked measures what arrives, over a window of time.
type acked struct {
	at    [acks]time.Duration
	bytes [acks]int
	head  int // of the ring
	n     int
	sum   int
	since time.Duration
	rate  float64 // bits a second
	known bool
}

const (
	acks   = 1024
	window = 500 * time.Millisecond
)

func (a *acked) add(came time.Duration, bytes int) {
	if a.n == 0 && !a.known {
		a.since = came
	}
	if a.n == acks {
		a.pop()
	}
	a.at[(a.head+a.n)%acks], a.bytes[(a.head+a.n)%acks] = came, bytes
	a.n++
	a.sum += bytes
	for a.n > 0 {
		if d := came - a.at[a.head]; d <= window && d >= -window {
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
		over = max(came-a.at[a.head], time.Millisecond)
	}
	a.rate, a.known = float64(a.sum)*8/over.Seconds(), true
}

func (a *acked) pop() {
	a.sum -= a.bytes[a.head]
	a.head = (a.head + 1) % acks
	a.n--
}
