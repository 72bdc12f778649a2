package gso

import "net/netip"

// Of a batch.
const (
	batch   = 32   // datagrams that are read by one call at most
	longest = 2048 // of one, in bytes; longer ones are none of ours
)

// Batch holds datagrams that came together. The zero value is ready; it is one reader's.
type Batch struct {
	bytes   [batch][longest]byte
	sizes   [batch]int
	froms   [batch]netip.AddrPort
	n, at   int
	headers headers
}

// Fill waits for datagrams and takes as many as are there.
func (c *Conn) Fill(b *Batch) error { return c.fill(b) }

// Next is the next datagram, good until the batch is filled again; false when there is none.
func (b *Batch) Next() (datagram []byte, from netip.AddrPort, ok bool) {
	for b.at < b.n {
		i := b.at
		b.at++
		if b.sizes[i] > 0 {
			return b.bytes[i][:b.sizes[i]], b.froms[i], true
		}
	}
	return nil, netip.AddrPort{}, false
}
