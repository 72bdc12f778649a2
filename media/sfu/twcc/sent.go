package twcc

import "time"

// Packet is a packet that was sent, and what became of it.
type Packet struct {
	Sent  time.Duration
	Bytes int
	Probe uint16 // the number of the probe that it belonged to; 0: none
	Arrival
}

// Sent remembers the packets sent to one receiver until feedback comes. The zero value is ready.
type Sent struct {
	seq  uint16
	ring []record
}

type record struct {
	sent  time.Duration
	bytes uint16
	probe uint16
	seq   uint16
	open  bool
}

// flight is how many packets are remembered: a second of a receiver's video.
const flight = 1024

// Next is the number of a packet that is sent now.
func (s *Sent) Next(now time.Duration, bytes int, probe uint16) uint16 {
	if s.ring == nil {
		s.ring = make([]record, flight)
	}
	s.seq++
	s.ring[s.seq%flight] = record{now, uint16(min(bytes, 65535)), probe, s.seq, true}
	return s.seq
}

// Match appends to into the packets that feedback tells of, once each. Those that were never sent, or forgotten, are passed over.
func (s *Sent) Match(arrivals []Arrival, into []Packet) []Packet {
	for _, a := range arrivals {
		if s.ring == nil {
			break
		}
		r := &s.ring[a.Sequence%flight]
		if !r.open || r.seq != a.Sequence {
			continue
		}
		r.open = false
		into = append(into, Packet{Sent: r.sent, Bytes: int(r.bytes), Probe: r.probe, Arrival: a})
	}
	return into
}
