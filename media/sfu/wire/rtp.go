// Package wire reads and writes RTP (RFC 3550, RFC 8285) and RTCP (RFC 3550, RFC 4585, RFC 5104) where they lie: headers are
// values with offsets into the packet, nothing is copied and nothing is allocated. It is for the forward path of the SFU, which
// sees each packet once for every hundred it sends. Everything that comes in is from a stranger: each read is bounded.
package wire

import (
	"encoding/binary"
	"errors"
)

// What may be wrong with a packet. They are values without detail: thousands a second must not cost anything.
var (
	ErrShort   = errors.New("wire: packet ends early")
	ErrVersion = errors.New("wire: not version 2")
	ErrPadding = errors.New("wire: padding is longer than the payload")
)

// FixedLen is the length of an RTP header without contributing sources and extensions, in bytes.
const FixedLen = 12

// Profiles of RFC 8285 that stand before header extensions.
const (
	oneByte = 0xBEDE
	twoByte = 0x1000 // the low four bits are the application's
)

// Header is an RTP header. Offsets count from the packet's first byte.
type Header struct {
	Marker      bool
	PayloadType uint8
	Sequence    uint16
	Timestamp   uint32
	SSRC        uint32
	Payload     int // where the payload begins
	End         int // where it ends, padding left out
	profile     uint16
	ext, extEnd int
}

// IsRTCP tells RTCP from RTP on one port, by RFC 5761 section 4: packet types 192 to 223 are RTCP's.
func IsRTCP(b []byte) bool { return len(b) >= 2 && b[1] >= 192 && b[1] <= 223 }

// IsMedia tells RTP and RTCP from STUN and DTLS on one port, by RFC 7983: first byte 128 to 191.
func IsMedia(b []byte) bool { return len(b) > 0 && b[0] >= 128 && b[0] <= 191 }

// Parse reads the header of a packet in the clear; an encrypted one by ParseSealed.
func (h *Header) Parse(b []byte) error {
	if err := h.ParseSealed(b); err != nil {
		return err
	}
	if b[0]&0x20 != 0 {
		n := int(b[len(b)-1])
		if n == 0 || h.Payload+n > len(b) {
			return ErrPadding
		}
		h.End = len(b) - n
	}
	return nil
}

// ParseSealed reads the header of an encrypted packet, whose padding cannot be seen: End is the packet's.
func (h *Header) ParseSealed(b []byte) error {
	if len(b) < FixedLen {
		return ErrShort
	}
	if b[0]>>6 != 2 {
		return ErrVersion
	}
	*h = Header{
		Marker: b[1]&0x80 != 0, PayloadType: b[1] & 0x7F, Sequence: binary.BigEndian.Uint16(b[2:]),
		Timestamp: binary.BigEndian.Uint32(b[4:]), SSRC: binary.BigEndian.Uint32(b[8:]), End: len(b),
	}
	at := FixedLen + 4*int(b[0]&0x0F)
	if len(b) < at {
		return ErrShort
	}
	if b[0]&0x10 != 0 {
		if len(b) < at+4 {
			return ErrShort
		}
		h.profile = binary.BigEndian.Uint16(b[at:])
		h.ext = at + 4
		h.extEnd = h.ext + 4*int(binary.BigEndian.Uint16(b[at+2:]))
		if at = h.extEnd; len(b) < at {
			return ErrShort
		}
	}
	h.Payload = at
	return nil
}

// Extension is the value of the header extension with an id of 1 to 14 (one-byte form) or 1 to 255 (two-byte form), as a part
// of b; nil when there is none.
func (h *Header) Extension(b []byte, id uint8) []byte {
	if h.ext == 0 || id == 0 || h.extEnd > len(b) {
		return nil
	}
	e := b[h.ext:h.extEnd]
	switch {
	case h.profile == oneByte:
		for len(e) > 0 {
			if e[0] == 0 {
				e = e[1:]
				continue
			}
			got, n := e[0]>>4, int(e[0]&0x0F)+1
			if got == 15 || len(e) < 1+n {
				return nil
			}
			if got == id {
				return e[1 : 1+n]
			}
			e = e[1+n:]
		}
	case h.profile&0xFFF0 == twoByte:
		for len(e) > 1 {
			if e[0] == 0 {
				e = e[1:]
				continue
			}
			n := int(e[1])
			if len(e) < 2+n {
				return nil
			}
			if e[0] == id {
				return e[2 : 2+n]
			}
			e = e[2+n:]
		}
	}
	return nil
}

// Put writes a header without contributing sources into b and returns its length. ext are extensions in the one-byte form with
// their id bytes, as AppendExtension makes them; they are padded to whole words. b has room for FixedLen+4+len(ext)+3 bytes.
func Put(b []byte, marker, padding bool, payloadType uint8, sequence uint16, timestamp, ssrc uint32, ext []byte) int {
	b[0] = 0x80
	if padding {
		b[0] |= 0x20
	}
	b[1] = payloadType
	if marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], sequence)
	binary.BigEndian.PutUint32(b[4:], timestamp)
	binary.BigEndian.PutUint32(b[8:], ssrc)
	if len(ext) == 0 {
		return FixedLen
	}
	b[0] |= 0x10
	words := (len(ext) + 3) / 4
	binary.BigEndian.PutUint16(b[12:], oneByte)
	binary.BigEndian.PutUint16(b[14:], uint16(words))
	end := FixedLen + 4 + 4*words
	clear(b[FixedLen+4+copy(b[FixedLen+4:end], ext) : end])
	return end
}

// AppendExtension adds one extension of 1 to 16 bytes in the one-byte form; an id out of 1 to 14 or a value of another length
// adds nothing.
func AppendExtension(ext []byte, id uint8, value ...byte) []byte {
	if id == 0 || id > 14 || len(value) == 0 || len(value) > 16 {
		return ext
	}
	return append(append(ext, id<<4|byte(len(value)-1)), value...)
}
