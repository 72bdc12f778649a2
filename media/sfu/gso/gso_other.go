//go:build !linux

package gso

import (
	"net"
	"net/netip"
)

func available(*net.UDPConn) bool { return false }

func segments(*net.UDPConn, netip.AddrPort, []byte, int) error { return errUnable }
