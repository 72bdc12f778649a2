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

const (
	// flight is how many packets are remembered at most.
	flight = 1024
	// fewest are remembered at first: a second of a voice.
	fewest = 64
	// onItsWay is how long feedback may take: as long a packet is not forgotten, as far as flight allows.
	onItsWay = 2 * time.Second
)

// Next is the number of a packet that is sent now.
func (s *Sent) Next(now time.Duration, bytes int, probe uint16) uint16 {
	s.seq++
	if len(s.ring) == 0 {
		s.ring = make([]record, fewest)
	}
	r := &s.ring[int(s.seq)&(len(s.ring)-1)]
	if r.open && now-r.sent < onItsWay && len(s.ring) < flight {
		next := make([]record, 2*len(s.ring))
		for _, old := range s.ring {
			if old.open {
				next[int(old.seq)&(len(next)-1)] = old
			}
		}
		s.ring = next
		r = &s.ring[int(s.seq)&(len(s.ring)-1)]
	}
	*r = record{now, uint16(min(bytes, 65535)), probe, s.seq, true}
	return s.seq
}

// Match appends to into the packets that feedback tells of, once each. Those that were never sent, or forgotten, are passed over.
func (s *Sent) Match(arrivals []Arrival, into []Packet) []Packet {
	for _, a := range arrivals {
		if len(s.ring) == 0 {
			break
		}
		r := &s.ring[int(a.Sequence)&(len(s.ring)-1)]
		if !r.open || r.seq != a.Sequence {
			continue
		}
		r.open = false
		into = append(into, Packet{Sent: r.sent, Bytes: int(r.bytes), Probe: r.probe, Arrival: a})
	}
	return into
}
