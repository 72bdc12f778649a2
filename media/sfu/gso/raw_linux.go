//go:build amd64 || arm64

package gso

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Of linux/udp.h and linux/socket.h.
const (
	udpSegment = 103
	soDomain   = 39
)

// raw is the socket's descriptor, used beside the Go runtime's poller: a call that never waits need not tell the scheduler that it
// is made, which for so many short ones costs as much as half a call. Several may send at a time; nothing is locked.
type raw struct {
	fd    int
	six   bool // the socket speaks IPv6, and IPv4 within it
	users atomic.Int64
	read  syscall.RawConn
}

// gone is what users has when the socket is closed.
const gone = -1 << 40

func (c *Conn) open() error {
	read, err := c.udp.SyscallConn()
	if err != nil {
		return err
	}
	c.raw.read = read
	var inner error
	err = read.Control(func(fd uintptr) {
		c.fd = int(fd)
		var domain int
		domain, inner = syscall.GetsockoptInt(c.fd, syscall.SOL_SOCKET, soDomain)
		c.six = domain == syscall.AF_INET6
	})
	return errors.Join(err, inner)
}

// cuts asks the kernel whether it cuts bursts.
func (c *Conn) cuts() bool {
	if !c.hold() {
		return false
	}
	defer c.users.Add(-1)
	_, err := syscall.GetsockoptInt(c.fd, syscall.IPPROTO_UDP, udpSegment)
	return err == nil
}

// hold keeps the descriptor from being closed, and so from being another's; false when it is closed.
func (c *Conn) hold() bool {
	if c.users.Add(1) > 0 {
		return true
	}
	c.users.Add(-1)
	return false
}

// shut waits for those who send, and lets nobody begin.
func (c *Conn) shut() {
	for !c.users.CompareAndSwap(0, gone) {
		if c.users.Load() < 0 {
			return
		}
		yield()
	}
}

// message is a message as the kernel wants it. It lies in the heap: what it points to does not move.
type message struct {
	head syscall.Msghdr
	iov  syscall.Iovec
	four syscall.RawSockaddrInet4
	six  syscall.RawSockaddrInet6
	cmsg [24]byte // a control message with two bytes, padded
}

var messages = sync.Pool{New: func() any {
	m := new(message)
	m.head.Iov, m.head.Iovlen = &m.iov, 1
	h := (*syscall.Cmsghdr)(unsafe.Pointer(&m.cmsg))
	h.Level, h.Type = syscall.IPPROTO_UDP, udpSegment
	h.SetLen(syscall.CmsgLen(2))
	return m
}}

// send sends b to an address, cut into datagrams of size bytes when it is longer.
func (c *Conn) send(to netip.AddrPort, b []byte, size int) error {
	if !c.hold() {
		return net.ErrClosed
	}
	defer c.users.Add(-1)
	m := messages.Get().(*message)
	m.iov.Base = unsafe.SliceData(b)
	m.iov.SetLen(len(b))
	a := to.Addr()
	if c.six {
		m.six = syscall.RawSockaddrInet6{Family: syscall.AF_INET6, Port: swapped(to.Port()), Addr: a.As16(), Scope_id: scope(a.Zone())}
		m.head.Name, m.head.Namelen = (*byte)(unsafe.Pointer(&m.six)), syscall.SizeofSockaddrInet6
	} else {
		if a = a.Unmap(); !a.Is4() {
			messages.Put(m)
			return &net.AddrError{Err: "not of IPv4", Addr: a.String()}
		}
		m.four = syscall.RawSockaddrInet4{Family: syscall.AF_INET, Port: swapped(to.Port()), Addr: a.As4()}
		m.head.Name, m.head.Namelen = (*byte)(unsafe.Pointer(&m.four)), syscall.SizeofSockaddrInet4
	}
	m.head.Control = nil
	m.head.SetControllen(0)
	if len(b) > size {
		binary.NativeEndian.PutUint16(m.cmsg[syscall.CmsgLen(0):], uint16(size))
		m.head.Control = &m.cmsg[0]
		m.head.SetControllen(syscall.CmsgSpace(2))
	}
	_, _, errno := syscall.RawSyscall(syscall.SYS_SENDMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&m.head)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL)
	m.iov.Base = nil
	messages.Put(m)
	switch errno {
	case 0:
		return nil
	case syscall.EAGAIN:
		return errWait
	case syscall.EIO, syscall.EINVAL, syscall.ENOPROTOOPT:
		if len(b) > size {
			return errUnable
		}
	}
	return os.NewSyscallError("sendmsg", errno)
}

// swapped is a port as it goes over the wire.
func swapped(port uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], port)
	return binary.NativeEndian.Uint16(b[:])
}

// scope is the number of a zone.
func scope(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	return 0
}

// multiple is the kernel's mmsghdr.
type multiple struct {
	head syscall.Msghdr
	n    uint32
}

// headers are what the kernel fills in of a batch.
type headers struct {
	all   [batch]multiple
	iovs  [batch]syscall.Iovec
	names [batch]syscall.RawSockaddrInet6
	ready bool
	n     int
	errno syscall.Errno
	take  func(fd uintptr) bool
}

// fill waits for datagrams and reads as many as are there.
func (c *Conn) fill(b *Batch) error {
	h := &b.headers
	if !h.ready {
		h.ready = true
		for i := range h.all {
			h.iovs[i].Base = &b.bytes[i][0]
			h.iovs[i].SetLen(longest)
			h.all[i].head.Iov, h.all[i].head.Iovlen = &h.iovs[i], 1
			h.all[i].head.Name = (*byte)(unsafe.Pointer(&h.names[i]))
		}
		h.take = func(fd uintptr) bool {
			for i := range h.all {
				h.all[i].head.Namelen = syscall.SizeofSockaddrInet6
			}
			n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&h.all[0])), batch, syscall.MSG_DONTWAIT, 0, 0)
			h.n, h.errno = int(n), errno
			return errno != syscall.EAGAIN
		}
	}
	b.n, b.at = 0, 0
	if err := c.raw.read.Read(h.take); err != nil {
		return err
	}
	switch h.errno {
	case 0:
	case syscall.EINTR, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH:
		return nil // what went wrong was one datagram's or a moment's: who reads goes on
	default:
		return os.NewSyscallError("recvmmsg", h.errno)
	}
	for i := range h.n {
		b.sizes[i] = int(h.all[i].n)
		if h.all[i].head.Flags&syscall.MSG_TRUNC != 0 {
			b.sizes[i] = 0 // longer than anything that is sent here
		}
		b.froms[i] = h.from(i)
	}
	b.n = h.n
	return nil
}

func (h *headers) from(i int) netip.AddrPort {
	n := &h.names[i]
	port := swapped(n.Port)
	if n.Family == syscall.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4((*syscall.RawSockaddrInet4)(unsafe.Pointer(n)).Addr), port)
	}
	a := netip.AddrFrom16(n.Addr).Unmap()
	if n.Scope_id != 0 && a.Is6() {
		a = a.WithZone(strconv.Itoa(int(n.Scope_id)))
	}
	return netip.AddrPortFrom(a, port)
}
