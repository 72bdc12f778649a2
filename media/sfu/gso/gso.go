// Package gso sends bursts of datagrams to one peer by one system call where the kernel can cut them apart (UDP_SEGMENT, Linux 4.18
// and later), and one by one where it cannot: that is found out at run time. For an SFU the system call is most of a packet's cost.
package gso

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

// Most is how many datagrams one burst holds at most; the kernel bounds them at 64, and past sixteen there is little to gain.
const Most = 16

// MTU is the longest datagram in a burst, in bytes.
const MTU = 1400

// Conn is a UDP socket with bursts. It is a net.PacketConn and may be used by many at a time.
type Conn struct {
	raw
	udp    *net.UDPConn
	off    atomic.Bool
	calls  atomic.Uint64
	sent   atomic.Uint64
	failed atomic.Uint64
}

// buffer is asked of the kernel for each direction: a whole picture to two hundred receivers.
const buffer = 8 << 20

// Listen opens a socket on an address such as 192.0.2.1:3478.
func Listen(address string) (*Conn, error) {
	at, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	udp, err := net.ListenUDP("udp", at)
	if err != nil {
		return nil, err
	}
	// The kernel gives as much as it is allowed to.
	_ = udp.SetReadBuffer(buffer)
	_ = udp.SetWriteBuffer(buffer)
	c := &Conn{udp: udp}
	if err := c.open(); err != nil {
		return nil, errors.Join(err, udp.Close())
	}
	c.off.Store(!c.cuts())
	return c, nil
}

// Bursts tells whether bursts go by one call.
func (c *Conn) Bursts() bool { return !c.off.Load() }

// Single makes every datagram go by a call of its own.
func (c *Conn) Single() { c.off.Store(true) }

// Count is how many datagrams went, by how many calls of Burst, and how many did not.
func (c *Conn) Count() (datagrams, calls, failed uint64) {
	return c.sent.Load(), c.calls.Load(), c.failed.Load()
}

// Burst sends b, cut into datagrams of size bytes, of which only the last may be shorter.
func (c *Conn) Burst(to netip.AddrPort, b []byte, size int) error {
	if len(b) == 0 || size <= 0 {
		return nil
	}
	if len(b) > size && c.off.Load() {
		return c.each(to, b, size)
	}
	n := uint64((len(b) + size - 1) / size)
	err := c.send(to, b, size)
	switch {
	case errors.Is(err, errUnable):
		// A device on the way that cannot: no burst will get through it.
		c.off.Store(true)
		return c.each(to, b, size)
	case errors.Is(err, errWait):
		return c.each(to, b, size)
	}
	c.calls.Add(1)
	if err != nil {
		c.failed.Add(n)
		return fmt.Errorf("gso: sending %d datagrams: %w", n, err)
	}
	c.sent.Add(n)
	return nil
}

// each sends one by one, and waits when the socket is full.
func (c *Conn) each(to netip.AddrPort, b []byte, size int) error {
	var first error
	for len(b) > 0 {
		n := min(size, len(b))
		_, err := c.udp.WriteToUDPAddrPort(b[:n], to)
		c.calls.Add(1)
		if err != nil {
			c.failed.Add(1)
			if first == nil {
				first = fmt.Errorf("gso: sending: %w", err)
			}
		} else {
			c.sent.Add(1)
		}
		b = b[n:]
	}
	return first
}

// Read reads a datagram.
func (c *Conn) Read(b []byte) (int, netip.AddrPort, error) {
	n, from, err := c.udp.ReadFromUDPAddrPort(b)
	return n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), err
}

// ReadFrom is net.PacketConn's.
func (c *Conn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.Read(b)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteTo is net.PacketConn's.
func (c *Conn) WriteTo(b []byte, to net.Addr) (int, error) { return c.udp.WriteTo(b, to) }

// Close closes the socket.
func (c *Conn) Close() error {
	c.shut()
	return c.udp.Close()
}

func yield() { runtime.Gosched() }

// LocalAddr is the socket's address.
func (c *Conn) LocalAddr() net.Addr { return c.udp.LocalAddr() }

// SetDeadline, SetReadDeadline and SetWriteDeadline are net.PacketConn's.
func (c *Conn) SetDeadline(t time.Time) error { return c.udp.SetDeadline(t) }

// SetReadDeadline is net.PacketConn's.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.udp.SetReadDeadline(t) }

// SetWriteDeadline is net.PacketConn's.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.udp.SetWriteDeadline(t) }

var (
	// errUnable says that the path to a peer cannot cut bursts, or that nothing is sent that way at all.
	errUnable = os.NewSyscallError("sendmsg", errors.ErrUnsupported)
	// errWait says that the socket is full.
	errWait = os.NewSyscallError("sendmsg", os.ErrDeadlineExceeded)
)
