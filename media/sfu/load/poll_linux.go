package load

import (
	"fmt"
	"net/netip"
	"os"
	"sync"
	"syscall"
)

// poll waits for many sockets at once, by a thread of its own.
type poll struct {
	fd     int
	mu     sync.RWMutex
	by     map[int32]*listener
	events [256]syscall.EpollEvent
	ready  []*listener
}

func newPoll() (*poll, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	return &poll{fd: fd, by: map[int32]*listener{}}, os.NewSyscallError("epoll_create1", err)
}

// open makes a socket on an address of its own.
func (p *poll) open(k *listener) (fd int, at netip.AddrPort, err error) {
	fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, at, os.NewSyscallError("socket", err)
	}
	defer func() {
		if err != nil {
			_ = syscall.Close(fd)
		}
	}()
	if err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, at, os.NewSyscallError("bind", err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return 0, at, os.NewSyscallError("getsockname", err)
	}
	four, ok := name.(*syscall.SockaddrInet4)
	if !ok {
		return 0, at, fmt.Errorf("load: a socket of %T", name)
	}
	p.mu.Lock()
	p.by[int32(fd)] = k
	p.mu.Unlock()
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
	if err = syscall.EpollCtl(p.fd, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
		return 0, at, os.NewSyscallError("epoll_ctl", err)
	}
	return fd, netip.AddrPortFrom(netip.AddrFrom4(four.Addr), uint16(four.Port)), nil
}

// wait calls ready for each that has something, within some milliseconds.
func (p *poll) wait(ready func(*listener)) {
	n, err := syscall.EpollWait(p.fd, p.events[:], 5)
	if err != nil {
		return // interrupted
	}
	p.ready = p.ready[:0]
	p.mu.RLock()
	for i := range n {
		if k := p.by[p.events[i].Fd]; k != nil {
			p.ready = append(p.ready, k)
		}
	}
	p.mu.RUnlock()
	for _, k := range p.ready {
		ready(k)
	}
}

func (p *poll) close() {
	for fd := range p.by {
		_ = syscall.Close(int(fd))
	}
	_ = syscall.Close(p.fd)
}

// receive reads a datagram; false when there is none.
func receive(fd int, b []byte) (int, bool) {
	n, _, err := syscall.Recvfrom(fd, b, syscall.MSG_DONTWAIT)
	return n, err == nil
}

// send sends a datagram. What does not fit is lost.
func send(fd int, to netip.AddrPort, b []byte) error {
	err := syscall.Sendto(fd, b, syscall.MSG_DONTWAIT, &syscall.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().Unmap().As4()})
	if err == syscall.EAGAIN {
		return nil
	}
	return os.NewSyscallError("sendto", err)
}
