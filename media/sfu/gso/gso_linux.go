package gso

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"unsafe"
)

// Of linux/udp.h.
const udpSegment = 103

// available asks the kernel for the option.
func available(udp *net.UDPConn) bool {
	raw, err := udp.SyscallConn()
	if err != nil {
		return false
	}
	ok := false
	err = raw.Control(func(fd uintptr) {
		_, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_UDP, udpSegment)
		ok = err == nil
	})
	return err == nil && ok
}

// control is the message that tells the kernel the length of a datagram.
type control [24]byte

var controls = sync.Pool{New: func() any {
	var c control
	h := (*syscall.Cmsghdr)(unsafe.Pointer(&c))
	h.Level, h.Type = syscall.IPPROTO_UDP, udpSegment
	h.SetLen(syscall.CmsgLen(2))
	return &c
}}

func segments(udp *net.UDPConn, to netip.AddrPort, b []byte, size int) error {
	c := controls.Get().(*control)
	defer controls.Put(c)
	binary.NativeEndian.PutUint16(c[syscall.CmsgLen(0):], uint16(size))
	_, _, err := udp.WriteMsgUDPAddrPort(b, c[:syscall.CmsgSpace(2)], to)
	if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOPROTOOPT) {
		return errUnable
	}
	return err
}
