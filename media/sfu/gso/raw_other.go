//go:build !linux || !(amd64 || arm64)

package gso

import "net/netip"

// raw is nothing here: every datagram goes and comes by a call of its own.
type raw struct{}

func (c *Conn) open() error { return nil }

func (c *Conn) shut() {}

func (c *Conn) cuts() bool { return false }

func (c *Conn) send(netip.AddrPort, []byte, int) error { return errUnable }

func (c *Conn) fill(b *Batch) error { return c.one(b) }

type headers struct{}
