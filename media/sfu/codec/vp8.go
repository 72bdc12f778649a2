package codec

import "encoding/binary"

// VP8Descriptor is what stands before a VP8 payload. Offsets are 0 where a field is not there.
type VP8Descriptor struct {
	Picture   uint16 // its number, 7 or 15 bits
	Level     uint8  // TL0PICIDX: counts pictures of the base layer
	Temporal  uint8  // layer
	Whole     bool   // a picture that needs no other begins here
	Wide      bool   // the picture's number has 15 bits
	pictureAt int
	levelAt   int
	end       int // of the descriptor
}

// HasPicture tells whether the number of the picture is there.
func (d *VP8Descriptor) HasPicture() bool { return d.pictureAt > 0 }

// HasLevel tells whether TL0PICIDX is there.
func (d *VP8Descriptor) HasLevel() bool { return d.levelAt > 0 }

// ReadVP8 reads the descriptor; false when the payload ends within it.
func ReadVP8(b []byte) (d VP8Descriptor, ok bool) {
	if len(b) < 2 {
		return d, false
	}
	at := 1
	if b[0]&0x80 != 0 {
		flags := b[1]
		at = 2
		if flags&0x80 != 0 {
			if len(b) < at+1 {
				return d, false
			}
			d.pictureAt = at
			if b[at]&0x80 != 0 {
				if len(b) < at+2 {
					return d, false
				}
				d.Wide = true
				d.Picture = binary.BigEndian.Uint16(b[at:]) & 0x7FFF
				at += 2
			} else {
				d.Picture = uint16(b[at])
				at++
			}
		}
		if flags&0x40 != 0 {
			if len(b) < at+1 {
				return d, false
			}
			d.levelAt = at
			d.Level = b[at]
			at++
		}
		if flags&0x30 != 0 {
			if len(b) < at+1 {
				return d, false
			}
			if flags&0x20 != 0 {
				d.Temporal = b[at] >> 6
			}
			at++
		}
	}
	if len(b) <= at {
		return d, false
	}
	d.end = at
	// First partition, first packet of the frame (S and PID), and the frame's inverse key bit.
	d.Whole = b[0]&0x10 != 0 && b[0]&0x07 == 0 && b[at]&0x01 == 0
	return d, true
}

// Patch writes other numbers over those of the payload that d was read from; each keeps its width.
func (d *VP8Descriptor) Patch(b []byte, picture uint16, level uint8) {
	if d.pictureAt > 0 {
		if d.Wide {
			binary.BigEndian.PutUint16(b[d.pictureAt:], 0x8000|picture)
		} else {
			b[d.pictureAt] = byte(picture & 0x7F)
		}
	}
	if d.levelAt > 0 {
		b[d.levelAt] = level
	}
}

// SizeVP8 is the size in pixels of the picture that begins with this payload (RFC 6386 section 9.1); false when none does.
func SizeVP8(payload []byte) (width, height int, ok bool) {
	d, ok := ReadVP8(payload)
	if !ok || !d.Whole {
		return 0, 0, false
	}
	b := payload[d.end:]
	if len(b) < 10 || b[3] != 0x9D || b[4] != 0x01 || b[5] != 0x2A {
		return 0, 0, false
	}
	return int(binary.LittleEndian.Uint16(b[6:]) & 0x3FFF), int(binary.LittleEndian.Uint16(b[8:]) & 0x3FFF), true
}
