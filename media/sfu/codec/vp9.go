package codec

import "encoding/binary"

// mostSpatial is how many spatial layers of one stream are told apart.
const mostSpatial = 3

// VP9Descriptor is what stands before a VP9 payload (RFC 9628, section 4.2).
type VP9Descriptor struct {
	Layered bool  // says which layer it is of
	Spatial uint8 // layer, 0 is the smallest
	Begins  bool  // the frame of the layer
	Ends    bool
	Whole   bool // a picture that needs no other begins here
	// With the structure of the layers, which comes with whole pictures: how many there are, and their heights in pixels, 0 where it does
	// not tell.
	Layers  int
	Heights [mostSpatial]uint16
}

// ReadVP9 reads the descriptor; false when the payload ends within it.
func ReadVP9(b []byte) (d VP9Descriptor, ok bool) {
	const id, predicted, layered, flexible, begins, ends, structure = 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02
	if len(b) < 1 {
		return d, false
	}
	first := b[0]
	d.Layered, d.Begins, d.Ends = first&layered != 0, first&begins != 0, first&ends != 0
	at := 1
	take := func(n int) []byte {
		if len(b) < at+n {
			return nil
		}
		at += n
		return b[at-n : at]
	}
	if first&id != 0 {
		x := take(1)
		if x == nil || x[0]&0x80 != 0 && take(1) == nil {
			return d, false
		}
	}
	if d.Layered {
		x := take(1)
		if x == nil || first&flexible == 0 && take(1) == nil {
			return d, false
		}
		d.Spatial = x[0] >> 1 & 7
	}
	if first&flexible != 0 && first&predicted != 0 {
		for n := 0; ; n++ {
			x := take(1)
			if x == nil || n == 3 {
				return d, false
			}
			if x[0]&1 == 0 {
				break
			}
		}
	}
	if first&structure != 0 {
		x := take(1)
		if x == nil {
			return d, false
		}
		d.Layers = int(x[0]>>5) + 1
		if x[0]&0x10 != 0 {
			for i := range d.Layers {
				size := take(4)
				if size == nil {
					return d, false
				}
				if i < mostSpatial {
					d.Heights[i] = binary.BigEndian.Uint16(size[2:])
				}
			}
		}
	}
	d.Whole = first&predicted == 0 && d.Begins && d.Spatial == 0
	return d, len(b) > at
}
