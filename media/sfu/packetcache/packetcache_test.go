package packetcache

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"testing"
)

func packet(ext uint64, n int) []byte {
	b := make([]byte, n)
	binary.BigEndian.PutUint64(b, ext)
	for i := 8; i < n; i++ {
		b[i] = byte(ext + uint64(i))
	}
	return b
}

func TestWhatIsPutIsThere(t *testing.T) {
	c := New(1000, 10)
	if len(c.bytes) != 1024 || len(c.index) != 16 {
		t.Fatalf("%d bytes, %d packets", len(c.bytes), len(c.index))
	}
	var dst [1500]byte
	for _, step := range []struct {
		ext  uint64
		n    int
		kept bool
	}{{70000, 100, true}, {70002, 50, true}, {70001, 60, true}, {70001, 60, false}, {70000 - 16, 20, false}, {70003, 1025, false}, {70003, 0, false}, {70003, 1024, true}} {
		if got := c.Put(step.ext, make([]byte, step.n)); got != step.kept {
			t.Errorf("%d of %d bytes: kept %v", step.ext, step.n, got)
		}
	}
	// The last one filled the ring: nothing else can be there.
	for ext, n := range map[uint64]int{70000: 0, 70001: 0, 70002: 0, 70003: 1024, 70004: 0, 70003 + 16: 0} {
		if got := c.Get(ext, dst[:]); got != n || c.Has(ext) != (n > 0) {
			t.Errorf("%d: %d bytes, not %d", ext, got, n)
		}
	}
	if c.Get(70003, dst[:1023]) != 0 {
		t.Error("a packet in part")
	}
}

// Whatever comes in whatever order: a packet is whole or not there, and the latest are there.
func TestAgainstAMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := New(64<<10, 256)
	all := map[uint64][]byte{}
	var dst [1500]byte
	next := uint64(1 << 16)
	for i := range 20000 {
		ext := next
		if rng.IntN(20) == 0 {
			ext -= uint64(rng.IntN(300)) // late, or again
		} else if next++; rng.IntN(50) == 0 {
			next += uint64(rng.IntN(400)) // lost
		}
		p := packet(ext, 8+rng.IntN(1400))
		if c.Put(ext, p) {
			all[ext] = p
		}
		for range 3 {
			back := ext - uint64(rng.IntN(600))
			if n := c.Get(back, dst[:]); n > 0 && !bytes.Equal(dst[:n], all[back]) {
				t.Fatalf("step %d: %d is not what was put", i, back)
			}
		}
		if n := c.Get(next-1, dst[:]); all[next-1] != nil && n == 0 {
			t.Fatalf("step %d: the latest is gone", i)
		}
	}
	kept := 0
	for ext := range all {
		if c.Has(ext) {
			kept++
		}
	}
	if kept < 64 || kept > 256 {
		t.Errorf("%d packets are kept", kept)
	}
}

func TestReadersBesideTheWriter(t *testing.T) {
	c := New(32<<10, 128)
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			var dst [1500]byte
			for ext := uint64(0); ; ext = (ext + 7) % 5000 {
				select {
				case <-done:
					return
				default:
				}
				if n := c.Get(ext, dst[:]); n > 0 && !bytes.Equal(dst[:n], packet(ext, n)) {
					t.Errorf("%d is torn", ext)
					return
				}
			}
		})
	}
	for ext := range uint64(5000) {
		c.Put(ext, packet(ext, 8+int(ext%1000)))
	}
	close(done)
	wg.Wait()
}

func TestNoAllocation(t *testing.T) {
	c := New(1<<18, 512)
	p := packet(1, 1100)
	var dst [1500]byte
	ext := uint64(0)
	if n := testing.AllocsPerRun(1000, func() { ext++; c.Put(ext, p); c.Get(ext, dst[:]) }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkPutGet(b *testing.B) {
	c := New(1<<19, 1024)
	p := packet(1, 1100)
	var dst [1500]byte
	b.ReportAllocs()
	for i := range b.N {
		c.Put(uint64(i), p)
		if c.Get(uint64(i), dst[:]) != len(p) {
			b.Fatal("gone")
		}
	}
}
