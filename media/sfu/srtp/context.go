package srtp

import (
	"encoding/binary"
	"errors"

	"gonghui/media/sfu/jitter"
	"gonghui/media/sfu/wire"
)

// ErrReplayed says that a number was used before, or is too old to tell.
var ErrReplayed = errors.New("srtp: number was used before")

// ErrStreams says that the other side sends more streams than it may.
var ErrStreams = errors.New("srtp: too many streams")

// maxStreams is how many streams one participant may send: cameras, screens and microphones with their layers and retransmissions.
const maxStreams = 64

// window remembers which of the last numbers were used.
type window struct {
	bits [16]uint64 // 1,024 numbers
	top  uint64     // the highest used
	any  bool
}

const width = 1024

// fresh tells whether a number may be used.
func (w *window) fresh(n uint64) bool {
	if !w.any || n > w.top {
		return true
	}
	return w.top-n < width && w.bits[n/64%16]>>(n%64)&1 == 0
}

// use notes a number that fresh allowed.
func (w *window) use(n uint64) {
	if !w.any {
		w.any, w.top = true, n
	}
	if n > w.top {
		if n-w.top >= width {
			clear(w.bits[:])
		} else {
			for i := w.top + 1; i <= n; i++ {
				w.bits[i/64%16] &^= 1 << (i % 64)
			}
		}
		w.top = n
	}
	w.bits[n/64%16] |= 1 << (n % 64)
}

// Out encrypts what goes to one participant. It is not for use by two at a time.
type Out struct {
	suite suite
	rtcp  uint32
}

// Stream is one outgoing stream with its rollover counter. The zero value is ready; its numbers begin in the lower half of their
// range, as RFC 3711 wants.
type Stream struct {
	seq  jitter.Unwrap
	used window
}

// NewOut is the encrypting side by our key and salt.
func NewOut(p Profile, key, salt []byte) (*Out, error) {
	s, err := newSuite(p, key, salt)
	if err != nil {
		return nil, err
	}
	return &Out{suite: s}, nil
}

// Tag is how many bytes Seal adds behind the payload.
func (o *Out) Tag() int {
	if _, old := o.suite.(*counter); old {
		return shortTag
	}
	return tag
}

// Seal appends the encrypted payload and its tag to dst, which holds the packet's header and has room for payload and Overhead.
// A number that was sent before, or is too far behind to tell, is refused.
func (o *Out) Seal(s *Stream, dst, payload []byte) ([]byte, error) {
	if len(dst) < wire.FixedLen {
		return nil, wire.ErrShort
	}
	ext := s.seq.Peek(binary.BigEndian.Uint16(dst[2:]))
	if !s.used.any {
		ext = s.seq.Next(binary.BigEndian.Uint16(dst[2:]))
	}
	if ext < 1<<16 || !s.used.fresh(ext) {
		return nil, ErrReplayed
	}
	s.seq.Next(uint16(ext))
	s.used.use(ext)
	return o.suite.seal(dst, payload, binary.BigEndian.Uint32(dst[8:]), ext-1<<16), nil
}

// SealRTCP appends an encrypted compound packet, of 8 bytes at least, to dst.
func (o *Out) SealRTCP(dst, packet []byte) ([]byte, error) {
	if len(packet) < 8 {
		return nil, wire.ErrShort
	}
	if o.rtcp == 1<<31-1 {
		return nil, ErrReplayed
	}
	o.rtcp++
	return o.suite.sealRTCP(dst, packet, binary.BigEndian.Uint32(packet[4:]), o.rtcp), nil
}

// In decrypts what comes from one participant. It is not for use by two at a time.
type In struct {
	suite   suite
	streams map[uint32]*Stream
	rtcp    map[uint32]*window
}

// NewIn is the decrypting side by the other side's key and salt.
func NewIn(p Profile, key, salt []byte) (*In, error) {
	s, err := newSuite(p, key, salt)
	if err != nil {
		return nil, err
	}
	return &In{suite: s, streams: map[uint32]*Stream{}, rtcp: map[uint32]*window{}}, nil
}

// Open decrypts a packet in place and reads its header. Nothing is remembered of a packet that is not authentic.
func (i *In) Open(b []byte, h *wire.Header) ([]byte, error) {
	if err := h.ParseSealed(b); err != nil {
		return nil, err
	}
	s := i.streams[h.SSRC]
	if s == nil {
		if len(i.streams) >= maxStreams {
			return nil, ErrStreams
		}
		var fresh Stream
		return i.open(b, h, &fresh, fresh.seq.Next(h.Sequence), true)
	}
	return i.open(b, h, s, s.seq.Peek(h.Sequence), false)
}

func (i *In) open(b []byte, h *wire.Header, s *Stream, ext uint64, first bool) ([]byte, error) {
	if ext < 1<<16 || !s.used.fresh(ext) {
		return nil, ErrReplayed
	}
	plain, err := i.suite.open(b, h.Payload, h.SSRC, ext-1<<16)
	if err != nil {
		return nil, err
	}
	s.seq.Next(h.Sequence)
	s.used.use(ext)
	if first {
		kept := *s
		i.streams[h.SSRC] = &kept
	}
	return plain, h.Parse(plain)
}

// OpenRTCP decrypts a compound packet in place.
func (i *In) OpenRTCP(b []byte) ([]byte, error) {
	if len(b) < 8 {
		return nil, wire.ErrShort
	}
	plain, err := i.suite.openRTCP(b)
	if err != nil {
		return nil, err
	}
	// The index stands behind the packet, before the tag of the older profile; what was opened is untouched there.
	at := len(b) - 4
	if _, old := i.suite.(*counter); old {
		at -= shortTag
	}
	index := uint64(binary.BigEndian.Uint32(b[at:]) &^ (1 << 31))
	ssrc := binary.BigEndian.Uint32(b[4:])
	w := i.rtcp[ssrc]
	if w == nil {
		if len(i.rtcp) >= maxStreams {
			return nil, ErrStreams
		}
		w = &window{}
		i.rtcp[ssrc] = w
	}
	if !w.fresh(index) {
		return nil, ErrReplayed
	}
	w.use(index)
	return plain, nil
}

// Forget drops the state of a stream that has ended, which makes room for another.
func (i *In) Forget(ssrc uint32) { delete(i.streams, ssrc) }
