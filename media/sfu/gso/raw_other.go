//go:build !linux || !(amd64 || arm64)

package gso

import "net/netip"

// raw is nothing here: every datagram goes and comes by a call of its own.
type raw struct{}

func (c *Conn) open() error { return nil }

func (c *Conn) shut() {}

func (c *Conn) cuts() bool { return false }

func (c *Conn) send(netip.AddrPort, []byte, int) error { return errUnable }

// fill reads a single datagram.
func (c *Conn) fill(b *Batch) error {
	n, from, err := c.Read(b.bytes[0][:])
	b.n, b.at = 0, 0
	if err == nil {
		b.n, b.sizes[0], b.froms[0] = 1, n, from
	}
	return err
}

type headers struct{}
