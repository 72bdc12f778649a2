package sfu

import "time"

// Came is how what a participant sends has come so far, over all of the connection of now.
type Came struct {
	Expected uint64        // packets, by their numbers
	Lost     uint64        // of them that never came, not even when they were asked for again
	Jitter   time.Duration // of the worst stream
}

// Came counts; zero while there is no connection.
func (p *Participant) Came() (c Came) {
	p.mu.Lock()
	peer := p.peer
	p.mu.Unlock()
	if peer == nil {
		return c
	}
	u := &peer.up
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, line := range u.sections {
		for _, s := range line.streams {
			if s == nil {
				continue
			}
			expected, lost := s.seen.Counts()
			c.Expected += expected
			c.Lost += lost
			c.Jitter = max(c.Jitter, s.seen.Jitter())
		}
	}
	return c
}
