// Package speaker decides who is heard and who is shown as speaking, from the audio levels that packets carry (RFC 6464). Of a room
// of any size only the loudest few are forwarded; who is among them stays there over the pauses of speech, so that a cough does not
// throw anybody out.
package speaker

import "time"

// Of the decision.
const (
	quietest = 127                    // -dBov: silence
	speech   = 60                     // -dBov: louder is taken for speech
	rise     = 0.25                   // of the difference, a packet: smooths about 80 ms
	fall     = 0.04                   // about half a second
	margin   = 6                      // dB that a newcomer must be louder by to take a place
	hold     = 2 * time.Second        // a place is kept after the last word, unless somebody is louder
	leads    = 900 * time.Millisecond // the dominant speaker is the dominant one for so long at least
	lost     = 400 * time.Millisecond // without packets one is silent
)

// Voice is one source of sound. It is made by Room.Add.
type Voice struct {
	Key    any // the caller's name for it
	level  float64
	heard  time.Duration // last packet
	spoke  time.Duration // last packet of speech
	ever   bool
	place  int // -1: none
	placed time.Duration
}

// Place is which of the places the voice has; -1 when it is not heard.
func (v *Voice) Place() int { return v.place }

// Level is the smoothed level in dB below full scale, 0 to 127.
func (v *Voice) Level() float64 { return quietest - v.level }

// Room has a number of places for the loudest.
type Room struct {
	places   []*Voice
	voices   []*Voice
	dominant *Voice
	since    time.Duration
}

// New makes a room in which so many are heard at a time.
func New(places int) *Room { return &Room{places: make([]*Voice, places)} }

// Add makes a voice.
func (r *Room) Add(key any) *Voice {
	v := &Voice{Key: key, place: -1}
	r.voices = append(r.voices, v)
	return v
}

// Remove takes a voice away and frees its place.
func (r *Room) Remove(v *Voice) {
	for i, x := range r.voices {
		if x == v {
			r.voices = append(r.voices[:i], r.voices[i+1:]...)
			break
		}
	}
	r.leave(v)
	if r.dominant == v {
		r.dominant = nil
	}
}

func (r *Room) leave(v *Voice) {
	if v.place >= 0 {
		r.places[v.place] = nil
		v.place = -1
	}
}

// Heard takes the level of a packet in -dBov, 0 (loudest) to 127, and tells whether the voice is forwarded now.
func (r *Room) Heard(v *Voice, level uint8, now time.Duration) bool {
	db := float64(quietest - min(level, quietest))
	k := fall
	if db > v.level {
		k = rise
	}
	v.level += k * (db - v.level)
	v.heard = now
	if level < speech {
		v.spoke, v.ever = now, true
	}
	if v.place >= 0 {
		return true
	}
	if level >= speech {
		return false
	}
	// A free place, or that of one who has long been silent, or the quietest's.
	worst := -1
	for i, x := range r.places {
		if x == nil {
			worst = i
			break
		}
		if worst < 0 || r.weight(x, now) < r.weight(r.places[worst], now) {
			worst = i
		}
	}
	if worst < 0 {
		return false
	}
	if x := r.places[worst]; x != nil {
		if now-x.placed < leads && now-x.heard < lost || r.weight(v, now) < r.weight(x, now)+margin {
			return false
		}
		x.place = -1
	}
	r.places[worst], v.place, v.placed = v, worst, now
	return true
}

// weight is how much a voice deserves its place: its level, for a while as if it went on, and nothing when it is gone.
func (r *Room) weight(v *Voice, now time.Duration) float64 {
	switch {
	case now-v.heard > lost || !v.ever || now-v.spoke > hold:
		return 0
	default:
		return v.level
	}
}

// Tick frees the places of those who have ended and decides who is the dominant speaker; changed tells whether it is another. It is
// to be called a few times a second. The dominant one stays over silence.
func (r *Room) Tick(now time.Duration) (dominant *Voice, changed bool) {
	for _, v := range r.places {
		if v != nil && now-v.heard > hold {
			r.leave(v)
		}
	}
	var best *Voice
	for _, v := range r.voices {
		if w := r.weight(v, now); w > 0 && now-v.spoke < lost && (best == nil || w > r.weight(best, now)) {
			best = v
		}
	}
	if best == nil || best == r.dominant {
		return r.dominant, false
	}
	if d := r.dominant; d != nil && (now-r.since < leads || r.weight(best, now) < r.weight(d, now)+margin && now-d.spoke < leads) {
		return d, false
	}
	r.dominant, r.since = best, now
	return best, true
}

// Places are those who are heard; nil where a place is free. The slice is the room's own.
func (r *Room) Places() []*Voice { return r.places }
