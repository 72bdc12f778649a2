package sfu

import (
	"encoding/binary"
	"time"

	"gonghui/media/sfu/gso"
	"gonghui/media/sfu/rewrite"
	"gonghui/media/sfu/srtp"
	"gonghui/media/sfu/wire"
)

// Everything here is called with the lock of down.

// show adds a packet of a picture to the burst that the shard makes for the participant.
func (c *peer) show(s *slot, p *packet, out rewrite.Numbers, sh *shard, now time.Duration) {
	p.vp8.Patch(p.payload, out.Picture, out.Level)
	c.gather(s, s.types[p.stream.codec], p.marker, p.payload, out, sh, now)
}

// gather adds a payload to the burst that the shard makes for the participant.
func (c *peer) gather(s *slot, payloadType uint8, marker bool, payload []byte, out rewrite.Numbers, sh *shard, now time.Duration) {
	d := &c.down
	head := wire.FixedLen
	if d.cc != 0 {
		head += 8
	}
	length := head + len(payload) + d.out.Tag()
	room := sh.burst.Room(length)
	if room == nil {
		c.flush(sh)
		if room = sh.burst.Room(length); room == nil {
			return // longer than any datagram may be
		}
	}
	b := c.header(room, payloadType, s.ssrc, marker, out, length, 0, now)
	if _, err := d.out.Seal(&s.stream, b, payload); err == nil {
		sh.burst.Add(length)
		s.count(out, length)
	}
}

// transmit sends datagrams the way that ICE has chosen.
func (c *peer) transmit(b []byte, size int) error {
	if t := c.down.call; t != nil {
		return t.Send(b, size)
	}
	return c.server.conn.Burst(c.down.to, b, size)
}

// flush sends what the shard has gathered for the participant.
func (c *peer) flush(sh *shard) {
	if sh.burst.Len() == 0 {
		return
	}
	b, size := sh.burst.Bytes()
	// What cannot be sent is lost like any other packet: the receiver asks again.
	_ = c.transmit(b, size)
	sh.burst.Reset()
}

// header writes a header into room and returns it; all of the same place are equally long.
func (c *peer) header(room []byte, payloadType uint8, ssrc uint32, marker bool, out rewrite.Numbers, length int, probe uint16, now time.Duration) []byte {
	d := &c.down
	var ext [4]byte
	x := ext[:0]
	if d.cc != 0 {
		seq := d.sent.Next(now, length, probe)
		if d.waiting == 0 {
			d.waiting = now
		}
		x = wire.AppendExtension(x, d.cc, byte(seq>>8), byte(seq))
	}
	n := wire.Put(room[:cap(room)], marker, false, payloadType, out.Sequence, out.Timestamp, ssrc, x)
	return room[:n]
}

// alone sends a packet by itself.
func (c *peer) alone(s *slot, st *srtp.Stream, payloadType uint8, ssrc uint32, marker bool, out rewrite.Numbers, payload []byte, probe uint16, now time.Duration, sc *scratch) {
	d := &c.down
	length := wire.FixedLen + 8 + len(payload) + d.out.Tag()
	if length > gso.MTU {
		return
	}
	b := c.header(sc.single[:0:longestPacket], payloadType, ssrc, marker, out, length, probe, now)
	b, err := d.out.Seal(st, b, payload)
	if err != nil {
		return
	}
	_ = c.transmit(b, len(b))
	if st == &s.stream {
		s.count(out, len(b))
	}
}

func (s *slot) count(out rewrite.Numbers, length int) {
	s.packets++
	s.bytes += uint32(length)
	d := &s.peer.down
	d.owed = min(d.owed+length, mostOwed)
	s.newest = out.Sequence
}

// repeat sends a packet again, as RFC 4588 has it: under a number of its own, with its first number before the payload.
func (c *peer) repeat(s *slot, p *packet, sequence uint16, probe uint16, now time.Duration, sc *scratch) {
	pt := s.repeats[p.stream.codec]
	if pt == 0 || s.repeat == 0 {
		return
	}
	o, ok := s.state.Back(sequence)
	if !ok || !s.renumber(p) || o.Ext != p.ext || o.Source != p.stream.id {
		return
	}
	out := s.state.Again(o, p.numbers)
	p.vp8.Patch(p.payload, out.Picture, out.Level)
	if len(p.payload) > gso.MTU-64 {
		return
	}
	binary.BigEndian.PutUint16(sc.body[:], out.Sequence)
	body := sc.body[:2+copy(sc.body[2:], p.payload)]
	if s.seq++; s.seq == 0 {
		s.seq = 1
	}
	out.Sequence = s.seq
	c.alone(s, &s.again, pt, s.repeat, p.marker, out, body, probe, now, sc)
}

// pad sends a packet of padding among the retransmissions of a place, and returns its length.
func (c *peer) pad(s *slot, probe uint16, now time.Duration, sc *scratch) int {
	d := &c.down
	pt := uint8(0)
	for _, pt = range s.repeats {
		if pt != 0 {
			break
		}
	}
	if pt == 0 {
		return 0
	}
	if s.seq++; s.seq == 0 {
		s.seq = 1
	}
	length := wire.FixedLen + 8 + padding + d.out.Tag()
	b := c.header(sc.single[:0:longestPacket], pt, s.repeat, false, rewrite.Numbers{Sequence: s.seq}, length, probe, now)
	b[0] |= 0x20
	clear(sc.body[:padding-1])
	sc.body[padding-1] = padding
	b, err := d.out.Seal(&s.again, b, sc.body[:padding])
	if err != nil {
		return 0
	}
	_ = c.transmit(b, len(b))
	return len(b)
}

// padding is how much a packet of nothing else has, in bytes; 255 is the most.
const padding = 240

// report sends RTCP.
func (c *peer) report(b []byte, sc *scratch) {
	d := &c.down
	if d.out == nil || !d.to.IsValid() || len(b) == 0 {
		return
	}
	sealed, err := d.out.SealRTCP(sc.single[:0], b)
	if err == nil {
		_ = c.transmit(sealed, len(sealed))
	}
}
