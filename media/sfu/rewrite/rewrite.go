// Package rewrite makes one unbroken outgoing stream of many incoming ones: when a receiver is switched to another layer or another
// speaker, sequence numbers, timestamps and VP8's picture numbers go on as if nothing had happened. Numbers differ from the incoming
// ones by offsets that change only at a switch, so that gaps, late and repeated packets keep their meaning, and an outgoing number
// can be led back to the packet it came from.
package rewrite

import "time"

// history is how many switches can be led back over; a receiver asks for packets of the last second at most.
const history = 16

// Numbers are what is rewritten in a packet.
type Numbers struct {
	Sequence  uint16
	Timestamp uint32
	Picture   uint16 // VP8's, 15 bits
	Level     uint8  // VP8's TL0PICIDX
}

// run is the time between two switches. Offsets are outgoing minus incoming.
type run struct {
	source    uint32
	sequence  uint16 // offset
	first     uint64 // outgoing, extended
	timestamp uint32 // offset
	picture   uint16 // offset
	level     uint8  // offset
	origin    uint64 // extended incoming number minus extended outgoing one; wraps below zero
}

// State is one outgoing stream. The zero value with a clock rate is ready.
type State struct {
	ClockRate uint32 // Hz

	runs    [history]run
	at      int // the run of now
	started bool
	highest uint64        // outgoing, extended
	last    Numbers       // with the highest sequence number
	when    time.Duration // it was sent
}

// Switch begins a run of another source, with its first packet, which takes the next outgoing number. ext is that packet's extended
// sequence number and n its numbers; source is any name of the incoming stream. first is where an outgoing stream begins.
func (s *State) Switch(source uint32, ext uint64, n, first Numbers, now time.Duration) {
	out := first
	if s.started {
		// The clock of what was sent last goes on by the time that has passed, at least by one tick: two pictures never share one.
		ticks := uint32(max(int64(now-s.when)/1000*int64(s.ClockRate)/1_000_000, 1))
		out = Numbers{s.last.Sequence + 1, s.last.Timestamp + ticks, (s.last.Picture + 1) & 0x7FFF, s.last.Level + 1}
		s.highest++
		s.at = (s.at + 1) % history
	} else {
		s.started = true
		s.highest = 1<<16 | uint64(first.Sequence)
	}
	s.runs[s.at] = run{
		source: source, first: s.highest, origin: ext - s.highest,
		sequence: out.Sequence - n.Sequence, timestamp: out.Timestamp - n.Timestamp,
		picture: out.Picture - n.Picture, level: out.Level - n.Level,
	}
	// What is put out next is this very packet.
	s.highest--
	s.last, s.when = out, now
	s.last.Sequence--
}

// Started tells whether anything was sent.
func (s *State) Started() bool { return s.started }

// Out gives the outgoing numbers of a packet of the source of now; false for one from before the switch to it.
func (s *State) Out(ext uint64, n Numbers, now time.Duration) (Numbers, bool) {
	r := &s.runs[s.at]
	extOut := ext - r.origin
	if !s.started || int64(extOut-r.first) < 0 {
		return Numbers{}, false
	}
	out := r.apply(n)
	if int64(extOut-s.highest) > 0 {
		s.highest, s.last, s.when = extOut, out, now
	}
	return out, true
}

func (r *run) apply(n Numbers) Numbers {
	return Numbers{n.Sequence + r.sequence, n.Timestamp + r.timestamp, (n.Picture + r.picture) & 0x7FFF, n.Level + r.level}
}

// Timestamp leads a timestamp of the source of now over to the outgoing clock; false before anything was sent.
func (s *State) Timestamp(incoming uint32) (uint32, bool) {
	return incoming + s.runs[s.at].timestamp, s.started
}

// Before is how many packets of the run of now are numbered before one of its source.
func (s *State) Before(ext uint64) uint64 {
	r := &s.runs[s.at]
	if n := int64(ext - r.origin - r.first); s.started && n > 0 {
		return uint64(n)
	}
	return 0
}

// Current tells whether an outgoing number is of the run of now.
func (s *State) Current(sequence uint16) bool {
	out := uint64(int64(s.highest) + int64(int16(sequence-uint16(s.highest))))
	return s.started && out <= s.highest && int64(out-s.runs[s.at].first) >= 0
}

// Source is the source of now; 0 before the first.
func (s *State) Source() uint32 { return s.runs[s.at].source }

// Origin is where an outgoing packet came from.
type Origin struct {
	Source uint32
	Ext    uint64
	run    int
}

// Of gives the outgoing numbers of a packet that Out gave before, by its source's run; false when that was too long ago.
func (s *State) Of(source uint32, ext uint64, n Numbers) (Numbers, bool) {
	for i := range history {
		r := &s.runs[(s.at-i+history)%history]
		if r.first == 0 {
			break
		}
		if r.source == source && int64(ext-r.origin-r.first) >= 0 {
			return r.apply(n), true
		}
	}
	return Numbers{}, false
}

// Back leads an outgoing number back; false for one that was not sent or was too long ago.
func (s *State) Back(sequence uint16) (Origin, bool) {
	if !s.started {
		return Origin{}, false
	}
	out := uint64(int64(s.highest) + int64(int16(sequence-uint16(s.highest))))
	if out > s.highest {
		return Origin{}, false
	}
	for i := range history {
		at := (s.at - i + history) % history
		r := &s.runs[at]
		if r.first == 0 {
			break
		}
		if int64(out-r.first) >= 0 {
			return Origin{r.source, out + r.origin, at}, true
		}
	}
	return Origin{}, false
}

// Again gives the outgoing numbers that a packet led back to had.
func (s *State) Again(o Origin, n Numbers) Numbers { return s.runs[o.run].apply(n) }
