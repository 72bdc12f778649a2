package twcc

import (
	"encoding/binary"
	"time"

	"gonghui/media/sfu/jitter"
	"gonghui/media/sfu/wire"
)

// Came notes the packets that came from one publisher until they are told of. The zero value is ready.
type Came struct {
	seq     jitter.Unwrap
	ring    []time.Duration // by extended number; 0: did not come
	next    uint64          // the first that was not told of
	started bool
	count   uint8
}

// Note takes a packet with its transport-wide number, which came at now, counted from any fixed moment above zero.
func (c *Came) Note(seq uint16, now time.Duration) {
	if c.ring == nil {
		c.ring = make([]time.Duration, flight)
	}
	ext := c.seq.Next(seq)
	if !c.started {
		c.started, c.next = true, ext
	}
	if ext < c.next {
		return
	}
	if ext-c.next >= flight {
		// So many were not told of that the oldest are given up.
		from := c.next
		c.next = ext - flight + 1
		for n := from; n < min(c.next, from+flight); n++ {
			c.ring[n%flight] = 0
		}
	}
	c.ring[ext%flight] = max(now, 1)
}

// Pending is how many packets wait to be told of, lost ones counted.
func (c *Came) Pending() int {
	if !c.started || c.seq.Highest() < c.next {
		return 0
	}
	return int(c.seq.Highest() - c.next + 1)
}

// told is how many packets one feedback tells of: it fits into a datagram whatever their times.
const told = 400

// Append writes feedback about what came since the last one; nothing when there is none. It is to be called until nothing is
// pending.
func (c *Came) Append(b []byte, sender, media uint32) []byte {
	n, first := 0, time.Duration(0)
	for first == 0 {
		// Where nothing came at all, there is no time to count from: the gap shows in the numbers.
		c.next += uint64(n)
		if n = min(c.Pending(), told); n == 0 {
			return b
		}
		for i := 0; i < n && first == 0; i++ {
			first = c.ring[(c.next+uint64(i))%flight]
		}
	}
	at := len(b)
	b = append(b, 0x80|wire.FormatTWCC, wire.TypeRTP, 0, 0)
	b = binary.BigEndian.AppendUint32(b, sender)
	b = binary.BigEndian.AppendUint32(b, media)
	b = binary.BigEndian.AppendUint16(b, uint16(c.next))
	b = binary.BigEndian.AppendUint16(b, uint16(n))
	base := first / reference
	b = binary.BigEndian.AppendUint32(b, uint32(base)<<8|uint32(c.count))
	c.count++
	var symbols [told]uint8
	var deltas [told]int16
	last := base * reference
	for i := range n {
		t := c.ring[(c.next+uint64(i))%flight]
		if t == 0 {
			continue
		}
		d := (t - last) / tick
		d = max(-1<<15, min(d, 1<<15-1))
		last += d * tick
		symbols[i], deltas[i] = 1, int16(d)
		if d < 0 || d > 255 {
			symbols[i] = 2
		}
	}
	b = chunks(b, symbols[:n])
	for i := range n {
		switch symbols[i] {
		case 1:
			b = append(b, byte(deltas[i]))
		case 2:
			b = binary.BigEndian.AppendUint16(b, uint16(deltas[i]))
		}
		c.ring[(c.next+uint64(i))%flight] = 0
	}
	c.next += uint64(n)
	if pad := (4 - (len(b)-at)%4) % 4; pad > 0 {
		b[at] |= 0x20
		for range pad - 1 {
			b = append(b, 0)
		}
		b = append(b, byte(pad))
	}
	binary.BigEndian.PutUint16(b[at+2:], uint16((len(b)-at)/4-1))
	return b
}

// chunks packs symbols: a run of seven or more alike as one, others by seven.
func chunks(b []byte, s []uint8) []byte {
	for len(s) > 0 {
		run := 1
		for run < len(s) && s[run] == s[0] {
			run++
		}
		if run >= 7 || run == len(s) {
			b = binary.BigEndian.AppendUint16(b, uint16(s[0])<<13|uint16(run))
			s = s[run:]
			continue
		}
		v := uint16(3) << 14
		n := min(7, len(s))
		for i := range n {
			v |= uint16(s[i]) << (12 - 2*i)
		}
		b = binary.BigEndian.AppendUint16(b, v)
		s = s[n:]
	}
	return b
}
