package gso

// Burst gathers datagrams for one peer in a buffer of fixed size: datagrams of equal length, of which the last may be shorter. The
// zero value is ready; its buffer is made with the first datagram.
type Burst struct {
	buf  []byte
	size int
	n    int
	done bool // a shorter one has come
}

// Room is where a datagram of length bytes is to be written, empty and with room for it; nil when it cannot be in this burst.
func (b *Burst) Room(length int) []byte {
	if length <= 0 || length > MTU {
		return nil
	}
	if b.n > 0 && (b.done || b.n == Most || length > b.size) {
		return nil
	}
	if b.buf == nil {
		b.buf = make([]byte, 0, Most*MTU)
	}
	at := len(b.buf)
	if at+length > cap(b.buf) {
		return nil
	}
	return b.buf[at : at : at+length]
}

// Add takes the datagram that was written into Room.
func (b *Burst) Add(length int) {
	if b.n == 0 {
		b.size = length
	}
	b.buf = b.buf[:len(b.buf)+length]
	b.n++
	b.done = length < b.size
}

// Len is how many datagrams there are.
func (b *Burst) Len() int { return b.n }

// Full is true when no other fits.
func (b *Burst) Full() bool { return b.done || b.n == Most }

// Bytes are the datagrams and their length.
func (b *Burst) Bytes() ([]byte, int) { return b.buf, b.size }

// Reset empties the burst and keeps its buffer.
func (b *Burst) Reset() { b.buf, b.size, b.n, b.done = b.buf[:0], 0, 0, false }
