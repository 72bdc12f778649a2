package gso

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"
)

func pair(t testing.TB) (c *Conn, peer *net.UDPConn, to netip.AddrPort) {
	t.Helper()
	c, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	peer, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	_ = peer.SetReadBuffer(4 << 20)
	t.Cleanup(func() { c.Close(); peer.Close() })
	return c, peer, peer.LocalAddr().(*net.UDPAddr).AddrPort()
}

func receive(t testing.TB, peer *net.UDPConn, n int) (out [][]byte) {
	t.Helper()
	b := make([]byte, 2000)
	for range n {
		if err := peer.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		k, err := peer.Read(b)
		if err != nil {
			t.Fatalf("%d of %d came: %v", len(out), n, err)
		}
		out = append(out, bytes.Clone(b[:k]))
	}
	return out
}

// The same datagrams come whether the kernel cuts the burst or not.
func TestBursts(t *testing.T) {
	for name, single := range map[string]bool{"by one call": false, "one by one": true} {
		for what, lengths := range map[string][]int{"equal": {1100, 1100, 1100, 1100}, "a shorter last": {1000, 1000, 300}, "one": {77}, "all that fit": func() (l []int) {
			for range Most {
				l = append(l, MTU-50)
			}
			return l
		}()} {
			t.Run(name+", "+what, func(t *testing.T) {
				c, peer, to := pair(t)
				if single {
					c.Single()
				} else if !c.Bursts() {
					t.Skip("this kernel does not cut bursts")
				}
				var b Burst
				for i, n := range lengths {
					room := b.Room(n)
					if room == nil {
						t.Fatalf("no room for datagram %d", i)
					}
					_ = append(room, bytes.Repeat([]byte{byte(i + 1)}, n)...)
					b.Add(n)
				}
				raw, size := b.Bytes()
				if err := c.Burst(to, raw, size); err != nil {
					t.Fatal(err)
				}
				for i, got := range receive(t, peer, len(lengths)) {
					if !bytes.Equal(got, bytes.Repeat([]byte{byte(i + 1)}, lengths[i])) {
						t.Errorf("datagram %d: %d bytes of %d", i, len(got), got[0])
					}
				}
				sent, calls, failed := c.Count()
				want := uint64(1)
				if single {
					want = uint64(len(lengths))
				}
				if sent != uint64(len(lengths)) || calls != want || failed != 0 {
					t.Errorf("%d datagrams by %d calls, %d failed", sent, calls, failed)
				}
			})
		}
	}
}

func TestWhatFitsIntoABurst(t *testing.T) {
	var b Burst
	add := func(n int) bool {
		if r := b.Room(n); r == nil || cap(r) != n {
			return false
		}
		b.Add(n)
		return true
	}
	for i, c := range []struct {
		n    int
		fits bool
	}{{0, false}, {MTU + 1, false}, {1000, true}, {1001, false}, {1000, true}, {900, true}, {900, false}, {1, false}} {
		if got := add(c.n); got != c.fits {
			t.Errorf("step %d: %d bytes fit: %v", i, c.n, got)
		}
	}
	if b.Len() != 3 || !b.Full() {
		t.Errorf("%d datagrams, full: %v", b.Len(), b.Full())
	}
	b.Reset()
	for i := range Most {
		if !add(MTU) {
			t.Fatalf("no room for datagram %d", i)
		}
	}
	if !b.Full() || add(MTU) {
		t.Error("more than fit")
	}
}

func TestAsAPacketConn(t *testing.T) {
	c, peer, to := pair(t)
	if _, err := c.WriteTo([]byte("there"), net.UDPAddrFromAddrPort(to)); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, peer, 1)[0]; string(got) != "there" {
		t.Errorf("%q", got)
	}
	if _, err := peer.WriteTo([]byte("back"), c.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	n, from, err := c.ReadFrom(b)
	if err != nil || string(b[:n]) != "back" || from.String() != to.String() {
		t.Errorf("%q from %v, %v", b[:n], from, err)
	}
	if err := c.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReadFrom(b); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("past the deadline: %v", err)
	}
	c.Close()
	if err := c.Burst(to, make([]byte, 20), 10); err == nil {
		t.Error("a closed socket sends")
	}
	if _, _, failed := c.Count(); failed != 2 {
		t.Errorf("%d failed", failed)
	}
}

func TestNoAllocation(t *testing.T) {
	c, peer, to := pair(t)
	go func() {
		b := make([]byte, 2000)
		for {
			if _, err := peer.Read(b); err != nil {
				return
			}
		}
	}()
	var b Burst
	if n := testing.AllocsPerRun(100, func() {
		b.Reset()
		for range 4 {
			_ = append(b.Room(1100), 1)
			b.Add(1100)
		}
		raw, size := b.Bytes()
		if err := c.Burst(to, raw, size); err != nil {
			t.Fatal(err)
		}
	}); n > 0.5 {
		t.Errorf("%v allocations a burst", n)
	}
}

func BenchmarkBurst(b *testing.B) {
	for name, single := range map[string]bool{"4 by one call": false, "4 one by one": true} {
		b.Run(name, func(b *testing.B) {
			c, _, to := pair(b)
			if single {
				c.Single()
			}
			raw := make([]byte, 4*1100)
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Burst(to, raw, 1100); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
