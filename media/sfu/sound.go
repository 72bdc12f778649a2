package sfu

import (
	"time"

	"gonghui/media/sfu/red"
	"gonghui/media/sfu/wire"
)

// Sound that comes with that of earlier packets (RED, RFC 2198) is taken apart when it comes: what was lost is put back, and the cache has
// plain packets alone. It is put together again for each who agreed to it, with as much of what came before as their path loses.

// wrapped tells whether packets of a payload type carry earlier ones.
func (s *section) wrapped(payloadType uint8) bool {
	p := s.payloads[payloadType]
	if p.repeats {
		p = s.payloads[p.of]
	}
	return p.red
}

// unwrap makes a packet of sound plain, and keeps those before it that had not come. It returns the packet, and writes the extended
// numbers of what was put back, ascending, into back.
func (s *stream) unwrap(h *wire.Header, b []byte, ext uint64, of *section, back *[red.Most]uint64, now time.Duration) (_ []byte, n int, ok bool) {
	blocks, count, ok := red.Split(b[h.Payload:h.End])
	if !ok {
		return b, 0, false
	}
	own := blocks[count-1]
	if p, known := of.payloads[own.PayloadType]; !known || p.codec != s.codec || p.red || p.repeats {
		return b, 0, false
	}
	var room [wire.FixedLen + longestPacket]byte
	for i, k := range blocks[:count-1] {
		// Blocks have no numbers of their own: they are those of the packets just before.
		e := ext - uint64(count-1-i)
		if k.PayloadType != own.PayloadType || k.Before == 0 || k.End == k.At || e < s.floor || s.cache.Has(e) {
			continue
		}
		head := wire.Put(room[:], false, false, k.PayloadType, uint16(e), h.Timestamp-k.Before, h.SSRC, nil)
		length := head + copy(room[head:], b[h.Payload+k.At:h.Payload+k.End])
		if s.cache.Put(e, room[:length]) {
			s.lost.Seen(e, now)
			back[n] = e
			n++
		}
	}
	// The header moves over what has been read.
	shift := own.At
	copy(b[shift:], b[:h.Payload])
	b = b[shift:]
	b[1] = b[1]&0x80 | own.PayloadType
	return b, n, h.Parse(b) == nil
}

// sound is what is kept free for sound, in bits a second. The caller holds the lock.
func (d *down) sound() int {
	bits := 0
	for _, s := range d.slots {
		if !s.sound() {
			continue
		}
		if bits = max(bits, soundBits); s.red != 0 {
			bits = soundBits + d.depth*wrapBits
		}
	}
	return bits
}

// cover follows the loss of a path with how many earlier packets of sound go along: at once where it grows, and slowly back. Where so much is
// sent that it is lost, more would be lost with more. The caller holds the lock of down.
func (d *down) cover(loss float64, now time.Duration) {
	want := red.Depth(loss)
	if d.est != nil && d.est.Squeezed(now) {
		want = min(want, 1)
	}
	switch {
	case want >= d.depth:
		d.depth, d.covered = want, now
	case now-d.covered >= uncover:
		d.depth--
		d.covered = now
	}
}

// uncover is how long a path has to lose less before less goes along.
const uncover = 5 * time.Second

// soundly is what a packet of sound carries to a place, and as which payload type. Only what went through the place before goes along.
func (s *slot) soundly(p *packet, sh *shard) ([]byte, uint8) {
	plain := s.types[p.stream.codec]
	depth := min(uint64(s.peer.down.depth), s.state.Before(p.ext))
	if s.red == 0 || depth == 0 {
		return p.payload, plain
	}
	body := sh.wrap(p, int(depth), plain)
	if body == nil {
		return p.payload, plain
	}
	return body, s.red
}

// wrapping is a payload with earlier ones, made once for all who get the same.
type wrapping struct {
	stream uint32 // its number: who left is not held by it
	ext    uint64
	depth  int
	inner  uint8
	n      int
	body   [longestPacket]byte
	parts  [red.Most][longestPacket]byte
}

// mostWrapped is how long a payload with earlier ones is at most, in bytes.
const mostWrapped = 1100

// wrap is the payload of a packet with those of up to depth before it; nil when there are none.
func (s *shard) wrap(p *packet, depth int, inner uint8) []byte {
	w := &s.wraps[(p.stream.id+uint32(depth))%uint32(len(s.wraps))]
	if w.stream == p.stream.id && w.ext == p.ext && w.depth == depth && w.inner == inner {
		return w.bytes()
	}
	w.stream, w.ext, w.depth, w.inner, w.n = p.stream.id, p.ext, depth, inner, 0
	var parts [red.Most]red.Part
	n, total := 0, len(p.payload)
	for k := 1; k <= depth && k <= red.Most; k++ {
		size := p.stream.cache.Get(p.ext-uint64(k), w.parts[k-1][:])
		var h wire.Header
		if size == 0 || h.Parse(w.parts[k-1][:size]) != nil {
			continue
		}
		payload := w.parts[k-1][h.Payload:h.End]
		if total += len(payload); total > mostWrapped {
			break
		}
		// The nearest last.
		n++
		parts[red.Most-n] = red.Part{Before: p.numbers.Timestamp - h.Timestamp, Payload: payload}
	}
	if n > 0 && len(p.payload) <= mostWrapped {
		w.n = len(red.Append(w.body[:0], inner, parts[red.Most-n:], p.payload))
	}
	return w.bytes()
}

func (w *wrapping) bytes() []byte {
	if w.n == 0 {
		return nil
	}
	return w.body[:w.n]
}
