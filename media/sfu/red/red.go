// Package red reads and writes redundant sound (RFC 2198): a packet carries the sound of those before it once more, so that what is lost
// is back with the next one, without asking. Payloads come from strangers: each read is bounded.
package red

// Most is how many earlier packets are read out of one, or put into it.
const Most = 3

// Bounds of the format: the distance of an earlier block in units of its clock, and its length in bytes.
const (
	farthest = 1<<14 - 1
	longest  = 1<<10 - 1
)

// Block is one coding of sound within a packet.
type Block struct {
	PayloadType uint8
	Before      uint32 // by how much its timestamp is before that of the packet
	At, End     int    // where it lies in the payload
}

// Split reads a payload. The block of the packet itself is the last one; those of earlier packets come before it, the earliest first, at most
// [Most] of them: more are left out from the front. ok is false for what is no such payload.
func Split(payload []byte) (blocks [Most + 1]Block, n int, ok bool) {
	at, length := 0, 0
	total := 0
	for {
		if at >= len(payload) {
			return blocks, 0, false
		}
		last := payload[at]&0x80 == 0
		if n == len(blocks) {
			copy(blocks[:], blocks[1:])
			n--
		}
		b := Block{PayloadType: payload[at] & 0x7F}
		if last {
			b.At = total
			blocks[n], n = b, n+1
			at++
			break
		}
		if at+4 > len(payload) {
			return blocks, 0, false
		}
		b.Before = uint32(payload[at+1])<<6 | uint32(payload[at+2])>>2
		length = int(payload[at+2]&3)<<8 | int(payload[at+3])
		b.At, b.End = total, total+length
		total += length
		blocks[n], n = b, n+1
		at += 4
	}
	if at+total > len(payload) {
		return blocks, 0, false
	}
	for i := range n {
		blocks[i].At += at
		blocks[i].End += at
	}
	blocks[n-1].End = len(payload)
	return blocks, n, true
}

// Part is the sound of one packet.
type Part struct {
	Before  uint32
	Payload []byte
}

// Append adds a payload made of earlier packets, the earliest first, and the packet itself to b. Those that lie too far back, or are too
// long or empty, are left out.
func Append(b []byte, payloadType uint8, earlier []Part, own []byte) []byte {
	for i := range earlier {
		if e := &earlier[i]; e.fits() {
			b = append(b, 0x80|payloadType, byte(e.Before>>6), byte(e.Before<<2)|byte(len(e.Payload)>>8), byte(len(e.Payload)))
		}
	}
	b = append(b, payloadType)
	for i := range earlier {
		if e := &earlier[i]; e.fits() {
			b = append(b, e.Payload...)
		}
	}
	return append(b, own...)
}

func (p *Part) fits() bool {
	return p.Before > 0 && p.Before <= farthest && len(p.Payload) > 0 && len(p.Payload) <= longest
}

// Of the depth: parts of packets lost, 0 to 1, from which on so many earlier packets go along. A packet is then missed once in a hundred
// or less if losses are independent.
var depths = [Most]float64{0.005, 0.06, 0.12}

// Depth is how many earlier packets go along where so much is lost.
func Depth(loss float64) int {
	n := 0
	for n < Most && loss >= depths[n] {
		n++
	}
	return n
}
