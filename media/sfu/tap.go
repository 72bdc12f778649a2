package sfu

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/wire"
)

// ErrTapped tells that somebody takes from the room already.
var ErrTapped = errors.New("sfu: the room is being taken from")

// Sink takes what is sent in a room. Its methods are called one at a time, by a goroutine of the tap's own; what they are given is
// theirs until they return.
type Sink interface {
	// Stream comes before the first packet of each stream.
	Stream(s TapStream)
	// Packet is one of RTP, decrypted, as it came; repeated ones come when they came. Packets are in the order of coming, not of sending.
	Packet(stream uint32, at time.Time, packet []byte)
	// Report ties the clock of a stream to its sender's: at ntp (seconds since 1900, 32.32 bits) it stood at rtp.
	Report(stream uint32, at time.Time, ntp uint64, rtp uint32)
	// Event is of who came, went, speaks, and of what is held.
	Event(at time.Time, e Event)
}

// TapStream is one layer of what a participant sends from one source over one connection.
type TapStream struct {
	ID          uint32
	Connection  uint32 // its streams have one clock
	Participant string
	Source      string
	Layer       int
	Codec       codec.Codec
	Clock       uint32 // a second
}

// Tap takes the sound of all whom it is allowed to take, and of each of their pictures the largest layer that is of use. It is no
// participant: nothing is encrypted or sent for it, and whoever sends does not wait for it. When its sink does not keep up, packets are
// dropped and counted.
type Tap struct {
	room *Room
	sink Sink

	mu      sync.Mutex
	ring    []tapped
	head, n int
	wakeup  chan struct{}

	allow   sync.RWMutex
	allowed map[string]bool

	taken, dropped atomic.Uint64
	cameras        atomic.Int32
	stop, stopped  chan struct{}
	once           sync.Once
}

// tapped is something that came.
type tapped struct {
	at     time.Duration
	stream *stream // nil for an event
	ext    uint64
	report bool
	info   wire.SenderInfo
	event  *Event
}

const (
	// tapQueued is how much may wait: at 4,000 packets a second about as much as the caches of streams keep.
	tapQueued = 1 << 13
	// tapChoice is how often layers are chosen.
	tapChoice = 250 * time.Millisecond
	// tapSilence is after how long without a packet a layer is not waited for.
	tapSilence = 600 * time.Millisecond
	// tapWhole is how often a whole picture is asked for, so that a recording can be entered there.
	tapWhole = 30 * time.Second
)

// Heights at which a recording is worth having pictures, by how many cameras there are: they share one picture.
func tapHeight(cameras int) int {
	switch {
	case cameras <= 1:
		return 720
	case cameras <= 4:
		return 360
	}
	return 240
}

// Tap begins to take from the room. There is one at a time.
func (r *Room) Tap(sink Sink) (*Tap, error) {
	t := &Tap{
		room: r, sink: sink, ring: make([]tapped, tapQueued), wakeup: make(chan struct{}, 1), allowed: map[string]bool{},
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if !r.tap.CompareAndSwap(nil, t) {
		return nil, ErrTapped
	}
	for id := range r.people {
		t.note(Event{Kind: Joined, Participant: id})
	}
	for key := range r.held {
		t.note(Event{Kind: Held, Participant: key.participant, Source: key.source})
	}
	go t.run()
	return t, nil
}

// Allow says whether what a participant sends may be taken, from now on. Until it is said, it may not.
func (t *Tap) Allow(participant string, on bool) {
	t.allow.Lock()
	defer t.allow.Unlock()
	if on {
		t.allowed[participant] = true
	} else {
		delete(t.allowed, participant)
	}
}

func (t *Tap) may(participant string) bool {
	t.allow.RLock()
	defer t.allow.RUnlock()
	return t.allowed[participant]
}

// Close ends it; the sink has all that was waiting when it returns.
func (t *Tap) Close() {
	t.once.Do(func() {
		t.room.tap.CompareAndSwap(t, nil)
		close(t.stop)
	})
	<-t.stopped
}

// Live reports whether the room is still there.
func (t *Tap) Live() bool {
	t.room.mu.RLock()
	defer t.room.mu.RUnlock()
	return !t.room.closed && t.room.tap.Load() == t
}

// Count is how many packets the sink was given, and how many it was not because it did not keep up.
func (t *Tap) Count() (taken, dropped uint64) { return t.taken.Load(), t.dropped.Load() }

// push notes that something came. It never waits for the sink.
func (t *Tap) push(i tapped) {
	t.mu.Lock()
	if t.n == len(t.ring) {
		t.mu.Unlock()
		t.dropped.Add(1)
		return
	}
	t.ring[(t.head+t.n)&(len(t.ring)-1)] = i
	t.n++
	first := t.n == 1
	t.mu.Unlock()
	if first {
		select {
		case t.wakeup <- struct{}{}:
		default:
		}
	}
}

func (t *Tap) note(e Event) { t.push(tapped{at: t.room.server.now(), event: &e}) }

// pop takes what waited into batch.
func (t *Tap) pop(batch []tapped) []tapped {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ; t.n > 0 && len(batch) < cap(batch); t.n-- {
		batch = append(batch, t.ring[t.head])
		t.ring[t.head] = tapped{}
		t.head = (t.head + 1) & (len(t.ring) - 1)
	}
	return batch
}

// taking is what the tap's goroutine knows.
type taking struct {
	*Tap
	known  map[uint32]bool
	seen   map[uint32]time.Duration // when the last packet of a stream came
	tracks map[*Track]*takenTrack
	packet [longestPacket]byte
}

// takenTrack is a picture that is taken.
type takenTrack struct {
	shown, want *stream
	whole       time.Duration // when the last whole picture came
}

func (t *Tap) run() {
	defer close(t.stopped)
	k := &taking{Tap: t, known: map[uint32]bool{}, seen: map[uint32]time.Duration{}, tracks: map[*Track]*takenTrack{}}
	batch := make([]tapped, 0, 256)
	tick := time.NewTicker(tapChoice)
	defer tick.Stop()
	for {
		ending := false
		select {
		case <-t.wakeup:
		case <-tick.C:
			k.choose(t.room.server.now())
		case <-t.stop:
			ending = true
		}
		for {
			if batch = t.pop(batch[:0]); len(batch) == 0 {
				break
			}
			for i := range batch {
				k.take(&batch[i])
			}
			clear(batch)
		}
		if ending {
			return
		}
	}
}

func (k *taking) take(i *tapped) {
	at := k.room.server.wall(i.at)
	if i.event != nil {
		k.sink.Event(at, *i.event)
		return
	}
	s := i.stream
	if !k.may(s.track.key.participant) {
		return
	}
	if i.report {
		if k.known[s.id] {
			k.sink.Report(s.id, at, i.info.NTP, i.info.RTP)
		}
		return
	}
	k.seen[s.id] = i.at
	tr := k.track(s)
	if tr != nil && s != tr.shown && s != tr.want {
		return
	}
	n := s.cache.Get(i.ext, k.packet[:])
	if n == 0 {
		k.dropped.Add(1)
		return
	}
	if tr != nil && !tr.pass(s, k.packet[:n], i.at) {
		return
	}
	if !k.known[s.id] {
		k.known[s.id] = true
		k.sink.Stream(TapStream{
			ID: s.id, Connection: s.peer.cookie, Participant: s.track.key.participant, Source: s.track.key.source, Layer: s.layer, Codec: s.codec, Clock: s.clock,
		})
	}
	k.taken.Add(1)
	k.sink.Packet(s.id, at, k.packet[:n])
}

// track is what is known of the track of a picture; nil for sound.
func (k *taking) track(s *stream) *takenTrack {
	if s.codec.Audio() {
		return nil
	}
	tr := k.tracks[s.track]
	if tr == nil {
		tr = &takenTrack{want: s}
		s.need.Store(true)
		k.tracks[s.track] = tr
	}
	return tr
}

// pass reports whether a packet of a picture is taken: another layer than before only from a whole picture on.
func (tr *takenTrack) pass(s *stream, b []byte, now time.Duration) bool {
	var h wire.Header
	if h.Parse(b) != nil {
		return false
	}
	whole := s.codec.Whole(b[h.Payload:h.End])
	if s != tr.shown && !whole {
		return false
	}
	tr.shown = s
	if whole {
		tr.whole = now
	}
	return true
}

// choose decides which layers are taken.
func (k *taking) choose(now time.Duration) {
	k.room.mu.RLock()
	for t := range k.tracks {
		if k.room.tracks[t.key] != t {
			delete(k.tracks, t)
		}
	}
	k.room.mu.RUnlock()
	cameras := 0
	for t, tr := range k.tracks {
		if t.key.source == Camera && tr.shown != nil && tr.shown.bits.Load() > 0 {
			cameras++
		}
	}
	k.cameras.Store(int32(cameras))
	for t, tr := range k.tracks {
		height := tapHeight(cameras)
		if t.key.source != Camera {
			height = tapHeight(1)
		}
		if st := k.best(t, height, now); st != nil {
			tr.want = st
		}
		if tr.want != tr.shown || now-tr.whole > tapWhole {
			tr.want.need.Store(true)
		}
	}
}

// best is the largest layer that comes and is no taller than height, or else the smallest that comes.
func (k *taking) best(t *Track, height int, now time.Duration) *stream {
	var best *stream
	for i := range t.layers {
		st := t.layers[i].Load()
		if st == nil || now-k.seen[st.id] > tapSilence {
			continue
		}
		if l := st.offer(); best == nil || l.Height <= height {
			best = st
		}
	}
	return best
}

// wants adds to how large pictures are shown what the tap takes of them: nobody else may be looking.
func (t *Tap) wants(heights map[*Track]int) {
	t.room.mu.RLock()
	defer t.room.mu.RUnlock()
	for key, track := range t.room.tracks {
		if !t.may(key.participant) {
			continue
		}
		height := tapHeight(int(t.cameras.Load()))
		if key.source != Camera {
			height = tapHeight(1)
		}
		heights[track] = max(heights[track], height)
	}
}

// wall is the time of day at a moment.
func (s *Server) wall(now time.Duration) time.Time { return s.start.Add(now - time.Hour) }
