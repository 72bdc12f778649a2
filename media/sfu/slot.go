package sfu

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/rewrite"
	"gonghui/media/sfu/srtp"
	"gonghui/media/sfu/thin"
)

// slot is a place at which a participant sees or hears something: one outgoing stream, whatever is shown in it.
type slot struct {
	peer  *peer
	id    string // what Pion calls it; it reads it when it likes, so it stays
	mid   string
	kind  webrtc.RTPCodecType
	tr    *webrtc.RTPTransceiver
	place int // of a place for sound, in the room

	track atomic.Pointer[Track] // what is looked at; nil: nothing

	// under peer.down
	bound    bool
	ssrc     uint32
	repeat   uint32 // SSRC of retransmissions; 0: none
	types    payloadTypes
	repeats  payloadTypes
	red      uint8 // sound with that of earlier packets; 0: not agreed on
	view     View
	want     uint32    // the stream to be shown; 0: none
	on       bool      // what state names goes through
	top      int       // the largest layer that goes through, where one stream has several
	wantTop  int       // that is to be shown
	thin     *thin.Map // closes the gaps of those left out; nil while nothing of that kind was shown
	state    rewrite.State
	stream   srtp.Stream
	again    srtp.Stream
	seq      uint16  // of retransmissions
	asked    []asked // made with the first question
	packets  uint32
	bytes    uint32
	reported time.Duration
	heard    string // whose voice it was told to carry
	newest   uint16 // outgoing number
}

// payloadTypes are the numbers of codings in one place; 0: not agreed on.
type payloadTypes [codec.Count]uint8

// asked remembers which packet was repeated when, and how often.
type asked struct {
	at    time.Duration
	seq   uint16
	times uint8
}

// Bounds of repeating one packet: a receiver that asks for ever gets it no more often.
const (
	rememberAsked = 256
	mostTimes     = 6
	leastBetween  = 20 * time.Millisecond
)

// repeatable tells whether a packet may be repeated now, and notes that it is. Each time it takes twice as long until the next.
func (s *slot) repeatable(sequence uint16, rtt, now time.Duration) bool {
	if s.asked == nil {
		s.asked = make([]asked, rememberAsked)
	}
	a := &s.asked[sequence%rememberAsked]
	if a.seq != sequence || a.at == 0 {
		*a = asked{seq: sequence}
	} else if a.times >= mostTimes || now-a.at < max(rtt, leastBetween)<<(a.times-1) {
		return false
	}
	a.at = now
	a.times++
	return true
}

// A slot is Pion's idea of a local track: it says which numbers were agreed on, and is never written to.
var _ webrtc.TrackLocal = (*slot)(nil)

// Bind takes the numbers.
func (s *slot) Bind(t webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	all := t.CodecParameters()
	var types, repeats payloadTypes
	taken := 0
	back := map[string]codec.Codec{}
	var first webrtc.RTPCodecParameters
	wrapped := uint8(0)
	for _, p := range all {
		if strings.EqualFold(p.MimeType, mimeRED) {
			wrapped = uint8(p.PayloadType)
		}
		if c, ok := codec.Of(p.MimeType); ok {
			if types[c] == 0 {
				types[c] = uint8(p.PayloadType)
				back[fmt.Sprintf("apt=%d", p.PayloadType)] = c
				if taken++; taken == 1 {
					first = p
				}
			}
		}
	}
	for _, p := range all {
		if c, ok := back[p.SDPFmtpLine]; ok {
			repeats[c] = uint8(p.PayloadType)
		}
	}
	if taken == 0 {
		return first, webrtc.ErrUnsupportedCodec
	}
	d := &s.peer.down
	d.mu.Lock()
	defer d.mu.Unlock()
	s.types, s.repeats, s.ssrc, s.repeat = types, repeats, uint32(t.SSRC()), uint32(t.SSRCRetransmission())
	s.bound, s.red = true, wrapped
	d.bySSRC[s.ssrc] = s
	for _, x := range t.HeaderExtensions() {
		if x.URI == extTWCC {
			d.cc = uint8(x.ID)
		}
	}
	return first, nil
}

// Unbind ends the place.
func (s *slot) Unbind(webrtc.TrackLocalContext) error {
	d := &s.peer.down
	d.mu.Lock()
	defer d.mu.Unlock()
	s.bound = false
	delete(d.bySSRC, s.ssrc)
	return nil
}

// ID is Pion's.
func (s *slot) ID() string { return s.id }

// RID is Pion's.
func (s *slot) RID() string { return "" }

// StreamID is Pion's.
func (s *slot) StreamID() string { return s.id }

// Kind is Pion's.
func (s *slot) Kind() webrtc.RTPCodecType { return s.kind }

func (c *peer) newSlot(l section) (*slot, error) {
	for i, s := range c.spare {
		if s.kind.String() == l.kind {
			c.spare = slices.Delete(c.spare, i, i+1)
			return s, nil
		}
	}
	c.places++
	s := &slot{peer: c, id: "place-" + strconv.Itoa(c.places), kind: webrtc.NewRTPCodecType(l.kind), place: -1}
	s.state.ClockRate = 90000
	if s.sound() {
		s.state.ClockRate = 48000
	}
	var err error
	if s.tr, err = c.pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		return nil, fmt.Errorf("sfu: making a place: %w", err)
	}
	return s, nil
}

func (s *slot) sound() bool { return s.kind == webrtc.RTPCodecTypeAudio }

// add takes a new place into use: places for sound are given those of the room in turn.
func (c *peer) add(s *slot) {
	room := c.who.room
	c.down.mu.Lock()
	// Pion matches places with lines in the order of both, and tells the mid afterwards.
	s.mid = s.tr.Mid()
	taken := map[int]bool{}
	for _, x := range c.down.slots {
		taken[x.place] = true
	}
	for i := 0; s.sound() && s.place < 0 && i < len(room.heard); i++ {
		if !taken[i] {
			s.place = i
		}
	}
	c.down.slots = append(c.down.slots, s)
	c.down.mu.Unlock()
	if s.place >= 0 {
		room.heard[s.place].add(s)
	}
}

// drop takes a place out of use whose line the offer no longer receives on.
func (c *peer) drop(mid string) {
	c.down.mu.Lock()
	i := slices.IndexFunc(c.down.slots, func(s *slot) bool { return s.mid == mid })
	var s *slot
	if i >= 0 {
		s = c.down.slots[i]
		c.down.slots = slices.Delete(c.down.slots, i, i+1)
		delete(c.down.bySSRC, s.ssrc)
		s.bound = false
	}
	c.down.mu.Unlock()
	if s != nil {
		s.leave(c.who.room)
	}
}

func (c *peer) slotOf(mid string) *slot {
	c.down.mu.Lock()
	defer c.down.mu.Unlock()
	for _, s := range c.down.slots {
		if s.mid == mid {
			return s
		}
	}
	return nil
}

// video is the place for pictures of a mid; nil when there is none.
func (c *peer) video(mid string) *slot {
	if s := c.slotOf(mid); s != nil && !s.sound() {
		return s
	}
	return nil
}

// show lets a place show something else.
func (s *slot) show(room *Room, v View) {
	s.peer.down.mu.Lock()
	old := s.view
	s.view = v
	s.peer.down.mu.Unlock()
	same := old.Participant == v.Participant && old.Source == v.Source && (s.track.Load() != nil) == (v.Participant != "")
	if same {
		return
	}
	s.unlook(room)
	if v.Participant == "" {
		return
	}
	t := room.track(v.Participant, v.Source)
	t.refs.Add(1)
	s.track.Store(t)
	t.viewers.add(s)
}

// unlook ends what a place shows.
func (s *slot) unlook(room *Room) {
	t := s.track.Swap(nil)
	if t == nil {
		return
	}
	t.viewers.remove(s)
	s.peer.down.mu.Lock()
	s.want, s.on = 0, false
	s.peer.down.mu.Unlock()
	if t.refs.Add(-1) == 0 {
		room.forget(t)
	}
}

// leave takes a place out of use.
func (s *slot) leave(room *Room) {
	if s.place >= 0 {
		room.heard[s.place].remove(s)
	}
	s.unlook(room)
}
