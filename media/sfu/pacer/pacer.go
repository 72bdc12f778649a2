// Package pacer decides when packets to one receiver may go. It releases whole bursts (a picture's packets together, as one system
// call sends them), sound before all else and without delay, then repeated packets, then pictures, and spreads what is more than
// the path carries: a whole picture for a hundred receivers must not fill every queue at once.
package pacer

import "time"

// Class is how urgent a packet is.
type Class uint8

const (
	Audio  Class = iota // goes at once
	Repeat              // asked for again: before new pictures
	Video
	classes
)

// Item is a packet that waits. Ref, Stream and Ext are the caller's, who finds the packet by them.
type Item struct {
	Ref    any
	Stream uint32
	Ext    uint64
	Bytes  int
	Burst  uint32 // packets of one picture share it and are not parted by time
	at     time.Duration
}

// ahead is how much may go at once beyond the rate: what the rate carries in this time.
const ahead = 40 * time.Millisecond

// stale is how long a packet may wait; a receiver would not show it any more.
const stale = 2 * time.Second

// Pacer paces one receiver. The zero value lets everything pass until a rate is set.
type Pacer struct {
	rate   float64 // bytes a second
	debt   float64 // bytes that went beyond the rate
	paid   time.Duration
	queues [classes]queue
	burst  uint32 // being released
	mid    bool
}

// SetRate sets the rate in bits a second: what the path is estimated to carry, with room to catch up. 0: no bound.
// What went at a higher rate is not held against a lower one for longer than at that rate.
func (p *Pacer) SetRate(bps int) {
	if rate := float64(bps) / 8; rate < p.rate {
		p.rate, p.debt = rate, min(p.debt, 2*rate*ahead.Seconds())
	} else {
		p.rate = rate
	}
}

// pay lets time pass.
func (p *Pacer) pay(now time.Duration) {
	if now > p.paid {
		p.debt = max(0, p.debt-p.rate*(now-p.paid).Seconds())
		p.paid = now
	}
}

func (p *Pacer) open() bool { return p.rate == 0 || p.debt <= p.rate*ahead.Seconds() }

// Pass is true when a packet may go now without waiting; it is counted then. Otherwise it is to be pushed. Packets of a burst that
// has begun pass with it.
func (p *Pacer) Pass(class Class, bytes int, burst uint32, now time.Duration) bool {
	p.pay(now)
	if class != Audio {
		for c := Repeat; c <= class; c++ {
			if p.queues[c].n > 0 {
				return false
			}
		}
		if !p.open() && !(class == Video && p.mid && p.burst == burst) {
			return false
		}
		if class == Video {
			p.burst, p.mid = burst, true
		}
	}
	p.debt += float64(bytes)
	return true
}

// Push lets a packet wait; false when so many wait that it is dropped.
func (p *Pacer) Push(class Class, i Item, now time.Duration) bool {
	i.at = now
	return p.queues[class].push(i)
}

// Pop takes the next packet that may go; false when none may. Packets that waited too long are given to drop.
func (p *Pacer) Pop(now time.Duration, drop func(Item)) (Item, Class, bool) {
	p.pay(now)
	for c := range classes {
		q := &p.queues[c]
		for q.n > 0 && now-q.items[q.head].at > stale {
			if i := q.pop(); drop != nil {
				drop(i)
			}
		}
		if q.n == 0 {
			continue
		}
		i := &q.items[q.head]
		if !p.open() && !(c == Video && p.mid && p.burst == i.Burst) {
			return Item{}, 0, false
		}
		if c == Video {
			p.burst, p.mid = i.Burst, true
		}
		p.debt += float64(i.Bytes)
		return q.pop(), c, true
	}
	return Item{}, 0, false
}

// Waiting is how many packets wait.
func (p *Pacer) Waiting() int {
	n := 0
	for c := range classes {
		n += p.queues[c].n
	}
	return n
}

// Drop forgets all that waits in a class: pictures that a new whole picture makes useless.
func (p *Pacer) Drop(class Class) { p.queues[class] = queue{items: p.queues[class].items} }

// Next is when the next packet may go; false when none waits.
func (p *Pacer) Next(now time.Duration) (time.Duration, bool) {
	if p.Waiting() == 0 {
		return 0, false
	}
	p.pay(now)
	if p.open() {
		return now, true
	}
	over := p.debt - p.rate*ahead.Seconds()
	return now + time.Duration(over/p.rate*float64(time.Second)) + 1, true
}

// queue is a ring that grows to longest and then drops.
type queue struct {
	items   []Item
	head, n int
}

const longest = 1024

func (q *queue) push(i Item) bool {
	if q.n == len(q.items) {
		if q.n == longest {
			return false
		}
		grown := make([]Item, max(32, 2*len(q.items)))
		for k := range q.n {
			grown[k] = q.items[(q.head+k)%len(q.items)]
		}
		q.items, q.head = grown, 0
	}
	q.items[(q.head+q.n)%len(q.items)] = i
	q.n++
	return true
}

func (q *queue) pop() Item {
	i := q.items[q.head]
	q.items[q.head] = Item{}
	q.head = (q.head + 1) % len(q.items)
	q.n--
	return i
}
