package sfu

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gonghui/media/sfu/speaker"
)

// What may be wrong when somebody joins or connects.
var (
	ErrClosed = errors.New("sfu: the room is closed")
	ErrFull   = errors.New("sfu: the room is full")
	ErrOffer  = errors.New("sfu: the offer cannot be used")
	ErrGone   = errors.New("sfu: the participant has left")
	ErrPlace  = errors.New("sfu: there is no such place")
)

// Room is a meeting on this node.
type Room struct {
	name   string
	server *Server

	mu     sync.RWMutex
	people map[string]*Participant
	tracks map[trackKey]*Track
	held   map[trackKey]bool     // sources of which nothing goes out, whether there is a track or not
	near   map[*Participant]bool // who is told of all that happens
	closed bool

	backstage map[trackKey]bool // sources that are previewed only

	voice  sync.Mutex
	voices *speaker.Room
	heard  []*audience // a place each

	tap atomic.Pointer[Tap] // nil: nobody takes from the room
}

type trackKey struct{ participant, source string }

// audience are the places of participants to which something goes, by the shards that serve them.
type audience struct {
	mu    sync.Mutex
	slots []atomic.Pointer[[]*slot]
}

func newAudience(shards int) *audience {
	return &audience{slots: make([]atomic.Pointer[[]*slot], shards)}
}

func (a *audience) add(s *slot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := &a.slots[s.peer.shard.index]
	var next []*slot
	if old := at.Load(); old != nil {
		next = append(next, *old...)
	}
	next = append(next, s)
	at.Store(&next)
}

func (a *audience) remove(s *slot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := &a.slots[s.peer.shard.index]
	old := at.Load()
	if old == nil {
		return
	}
	next := make([]*slot, 0, len(*old))
	for _, x := range *old {
		if x != s {
			next = append(next, x)
		}
	}
	if len(next) == 0 {
		at.Store(nil)
		return
	}
	at.Store(&next)
}

func newRoom(s *Server, name string) *Room {
	r := &Room{
		name: name, server: s, people: map[string]*Participant{}, tracks: map[trackKey]*Track{}, held: map[trackKey]bool{}, near: map[*Participant]bool{}, backstage: map[trackKey]bool{},
		voices: speaker.New(s.opt.Voices),
	}
	for range s.opt.Voices {
		r.heard = append(r.heard, newAudience(len(s.shards)))
	}
	return r
}

// Event is something that a participant should know. Fields that are of no meaning for its kind are empty.
type Event struct {
	Kind        EventKind
	Participant string // whom it is about
	Source      string // which of their tracks
	Mid         string // the place where it is heard
	Height      int    // for Wanted
}

// EventKind is what has happened.
type EventKind uint8

const (
	Joined      EventKind = iota + 1
	Left                  // for good
	Dropped               // the seat is kept for a while
	Published             // a track can be seen or heard
	Unpublished           // no more
	Speaking              // is the dominant speaker now
	Heard                 // is heard at the place Mid from now on; nobody when Participant is empty
	Wanted                // the own track Source is shown at Height pixels at most; 0: by nobody, it need not be sent
	Held                  // nothing of Source goes out any more; a tap alone is told
	Released              // it goes out again; a tap alone is told
)

// Join takes a seat under an id that is the participant's own in this room. Who comes back within the time that a seat is kept gets
// the same one. notify is told of events one at a time and must not block; rights are what may be done.
func (r *Room) Join(id string, rights Rights, notify func(Event)) (*Participant, error) {
	if id == "" {
		return nil, fmt.Errorf("%w: no id", ErrOffer)
	}
	var gone *Participant
	for {
		p, err := r.seat(id, gone)
		if err != nil {
			return nil, err
		}
		if p.sit(rights, notify) {
			r.tell(Event{Kind: Joined, Participant: id}, p)
			return p, nil
		}
		gone = p
	}
}

// seat is the one of an id, a new one when there is none, or only the one that was given up this moment.
func (r *Room) seat(id string, gone *Participant) (*Participant, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	p := r.people[id]
	if p != nil && p == gone {
		r.unseat(p)
		p = nil
	}
	if p == nil {
		if len(r.people) >= r.server.opt.People {
			return nil, ErrFull
		}
		p = &Participant{id: id, room: r, shows: map[string]View{}}
		r.people[id] = p
	}
	return p, nil
}

// Name is the room's.
func (r *Room) Name() string { return r.name }

// People are the ids of those who have a seat.
func (r *Room) People() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]string, 0, len(r.people))
	for id := range r.people {
		out = append(out, id)
	}
	return out
}

func (r *Room) over() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.closed
}

// Close ends the room for all.
func (r *Room) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	for _, p := range r.list(nil) {
		p.Leave()
	}
	r.server.drop(r)
}

func (r *Room) list(into []*Participant) []*Participant {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, p := range r.people {
		into = append(into, p)
	}
	return into
}

// nearer notes whether somebody is told of all that happens.
func (r *Room) nearer(p *Participant, rights Rights) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rights.Apart || r.people[p.id] != p {
		delete(r.near, p)
	} else {
		r.near[p] = true
	}
}

// tell lets all but one know; of comings and goings only those who are not told by others.
func (r *Room) tell(e Event, except *Participant) {
	if t := r.tap.Load(); t != nil {
		t.note(e)
	}
	var all []*Participant
	if e.Kind == Speaking {
		all = r.list(nil)
	} else {
		r.mu.RLock()
		for p := range r.near {
			all = append(all, p)
		}
		r.mu.RUnlock()
	}
	for _, p := range all {
		if p != except {
			p.event(e)
		}
	}
}

// remove takes away a seat and closes the room behind the last.
func (r *Room) remove(p *Participant) {
	r.mu.Lock()
	r.unseat(p)
	_, back := r.people[p.id]
	empty := len(r.people) == 0
	if empty {
		r.closed = true
	}
	r.mu.Unlock()
	if !back {
		r.tell(Event{Kind: Left, Participant: p.id}, p)
	}
	if empty {
		r.server.drop(r)
	}
}

// unseat takes away a seat and what was said about it; r.mu is held.
func (r *Room) unseat(p *Participant) {
	delete(r.near, p)
	if r.people[p.id] != p {
		return // another has come in its place
	}
	delete(r.people, p.id)
	for key := range r.backstage {
		if key.participant == p.id {
			delete(r.backstage, key)
		}
	}
	for key := range r.held {
		if key.participant == p.id {
			delete(r.held, key)
		}
	}
}

// track is the track of a participant by its name, known before it comes.
func (r *Room) track(participant, source string) *Track {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := trackKey{participant, source}
	t := r.tracks[key]
	if t == nil {
		t = &Track{key: key, room: r, viewers: newAudience(len(r.server.shards))}
		t.held.Store(r.held[key])
		r.tracks[key] = t
	}
	return t
}

// hold keeps a source in, or lets it out again.
func (r *Room) hold(key trackKey, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.held[key]
	if on {
		r.held[key] = true
	} else {
		delete(r.held, key)
	}
	if t := r.tracks[key]; t != nil {
		t.held.Store(on)
	}
	if t := r.tap.Load(); t != nil && was != on {
		kind := Released
		if on {
			kind = Held
		}
		t.note(Event{Kind: kind, Participant: key.participant, Source: key.source})
	}
}

// forget drops a track that nobody sends or sees.
func (r *Room) forget(t *Track) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tracks[t.key] == t && t.refs.Load() == 0 {
		delete(r.tracks, t.key)
	}
}

// level takes the loudness of a packet of sound, and tells its place; -1 when it is not heard.
func (r *Room) level(v *speaker.Voice, level uint8, now time.Duration) int {
	r.voice.Lock()
	defer r.voice.Unlock()
	if !r.voices.Heard(v, level, now) {
		return -1
	}
	return v.Place()
}
