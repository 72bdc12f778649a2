package nack

import "time"

// Picture holds back questions for whole pictures: a hundred receivers that join at once are served by one. The zero value with
// an interval is ready.
type Picture struct {
	Every time.Duration // between two questions at least

	wanted bool
	asked  time.Duration
	any    bool
}

// Want notes that somebody needs a picture.
func (p *Picture) Want() { p.wanted = true }

// Came notes that a picture came: nobody needs another now.
func (p *Picture) Came() { p.wanted = false }

// Due is true when the publisher should be asked now. It goes on until a picture came.
func (p *Picture) Due(now time.Duration) bool {
	if !p.wanted || p.any && now-p.asked < p.Every {
		return false
	}
	p.any, p.asked = true, now
	return true
}

// Wanted tells whether a picture is awaited.
func (p *Picture) Wanted() bool { return p.wanted }
