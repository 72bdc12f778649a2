// Package nack decides what a receiver asks of a sender: which lost packets again, and when a whole picture. It is for the SFU's
// side towards publishers: what does not reach the SFU no receiver can get.
package nack

import "time"

// Bounds of asking. A packet that does not come within tries×wait is of no use to a picture that is shown at once.
const (
	span    = 512                    // how far behind the newest a lost packet may be
	tries   = 6                      // how often it is asked for
	reorder = 10 * time.Millisecond  // what Patience is when it is not given
	least   = 20 * time.Millisecond  // between two questions for the same packet, at least
	most    = 250 * time.Millisecond // and at most
	jump    = 400                    // a gap as wide as this is not mended packet by packet: a picture is
)

// Lost are the packets of one stream that are missing. The zero value is ready.
type Lost struct {
	Patience time.Duration // how long a packet may be overtaken before it counts as lost; 0: 10 ms

	slots   [span]slot
	next    uint64 // the number that follows the newest
	oldest  uint64 // no number before it is missing
	started bool
	open    int
}

type slot struct {
	since, asked time.Duration
	tries        uint8
	missing      bool
}

// Seen takes a packet that came. mend is false when so much is lost that asking is of no use: a picture should be asked for.
func (l *Lost) Seen(ext uint64, now time.Duration) (mend bool) {
	switch {
	case !l.started:
		l.started = true
		l.next, l.oldest = ext+1, ext+1
	case ext >= l.next:
		if ext-l.next >= jump {
			l.forget(ext + 1)
			return false
		}
		for n := l.next; n < ext; n++ {
			l.drop(n)
			l.slots[n%span] = slot{since: now, missing: true}
			l.open++
		}
		l.drop(ext)
		l.next = ext + 1
	case l.next-ext <= span:
		if s := &l.slots[ext%span]; s.missing {
			s.missing = false
			l.open--
		}
	}
	return true
}

// drop forgets the number whose place is taken by one that is span newer.
func (l *Lost) drop(newer uint64) {
	if newer < span {
		return
	}
	ext := newer - span
	if s := &l.slots[ext%span]; s.missing {
		s.missing = false
		l.open--
	}
	l.oldest = max(l.oldest, ext+1)
}

// Forget begins anew with the next packet.
func (l *Lost) Forget() { *l = Lost{Patience: l.Patience} }

func (l *Lost) forget(next uint64) {
	clear(l.slots[:])
	l.next, l.oldest, l.open = next, next, 0
}

// Due adds to ask the numbers, ascending, that should be asked for now, at most as many as fit ask's capacity. rtt is the time to
// the sender and back. gave is true when a packet was given up.
func (l *Lost) Due(ask []uint16, rtt, now time.Duration) (due []uint16, gave bool) {
	if l.open == 0 {
		l.oldest = l.next
		return ask, false
	}
	wait := max(least, min(rtt*5/4, most))
	patience := l.Patience
	if patience == 0 {
		patience = reorder
	}
	from := l.oldest
	l.oldest = l.next
	for n := from; n < l.next; n++ {
		s := &l.slots[n%span]
		if !s.missing {
			continue
		}
		l.oldest = min(l.oldest, n)
		if now-s.since < patience || s.tries > 0 && now-s.asked < wait {
			continue
		}
		if s.tries >= tries {
			s.missing = false
			l.open--
			gave = true
			continue
		}
		if len(ask) == cap(ask) {
			break
		}
		s.tries++
		s.asked = now
		ask = append(ask, uint16(n))
	}
	return ask, gave
}

// Open is how many packets are missing.
func (l *Lost) Open() int { return l.open }
