package red

import (
	"bytes"
	"testing"
)

func TestThereAndBack(t *testing.T) {
	parts := []Part{{1920, []byte("oldest")}, {960, []byte("older")}}
	b := Append(nil, 111, parts, []byte("own"))
	blocks, n, ok := Split(b)
	if !ok || n != 3 {
		t.Fatalf("%d blocks, %t", n, ok)
	}
	for i, want := range []struct {
		before uint32
		text   string
	}{{1920, "oldest"}, {960, "older"}, {0, "own"}} {
		k := blocks[i]
		if k.PayloadType != 111 || k.Before != want.before || string(b[k.At:k.End]) != want.text {
			t.Errorf("block %d: %+v %q", i, k, b[k.At:k.End])
		}
	}
}

// The bytes of a browser: one earlier packet of 20 ms.
func TestAsABrowserWritesIt(t *testing.T) {
	b := []byte{0x80 | 111, 960 >> 6, 960 & 0x3F << 2, 2, 111, 'a', 'b', 'c'}
	if got := Append(nil, 111, []Part{{960, []byte("ab")}}, []byte("c")); !bytes.Equal(got, b) {
		t.Errorf("% x, not % x", got, b)
	}
}

func TestWhatDoesNotFitIsLeftOut(t *testing.T) {
	parts := []Part{{1 << 14, []byte("far")}, {960, make([]byte, 1024)}, {480, nil}, {0, []byte("now")}, {240, []byte("x")}}
	b := Append(nil, 5, parts, []byte("own"))
	blocks, n, ok := Split(b)
	if !ok || n != 2 || blocks[0].Before != 240 || string(b[blocks[1].At:blocks[1].End]) != "own" {
		t.Errorf("%d blocks: %+v", n, blocks)
	}
}

func TestOnlyTheLatestAreRead(t *testing.T) {
	var parts []Part
	for i := range 7 {
		parts = append(parts, Part{uint32(7-i) * 960, []byte{byte(i)}})
	}
	b := Append(nil, 5, parts, []byte("own"))
	blocks, n, ok := Split(b)
	if !ok || n != Most+1 || blocks[0].Before != Most*960 || b[blocks[0].At] != 7-Most || string(b[blocks[n-1].At:]) != "own" {
		t.Errorf("%d blocks: %+v", n, blocks)
	}
}

func TestBroken(t *testing.T) {
	for what, b := range map[string][]byte{
		"nothing":                        {},
		"a header that ends early":       {0x80 | 5, 1, 2},
		"no block of its own":            {0x80 | 5, 1, 0, 0},
		"a block longer than the packet": {0x80 | 5, 1, 0, 9, 5, 1, 2},
	} {
		if _, _, ok := Split(b); ok {
			t.Errorf("%s is read", what)
		}
	}
}

func TestDepth(t *testing.T) {
	for loss, want := range map[float64]int{0: 0, 0.004: 0, 0.01: 1, 0.08: 2, 0.2: 3, 1: 3} {
		if got := Depth(loss); got != want {
			t.Errorf("at a loss of %v: %d, not %d", loss, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(Append(nil, 111, []Part{{960, []byte("ab")}}, []byte("c")))
	f.Fuzz(func(t *testing.T, b []byte) {
		blocks, n, ok := Split(b)
		if !ok {
			return
		}
		at := 0
		for i := range n {
			k := blocks[i]
			if k.At < at || k.End < k.At || k.End > len(b) {
				t.Fatalf("%+v of %d bytes", blocks[:n], len(b))
			}
			at = k.End
		}
		if blocks[n-1].End != len(b) {
			t.Fatal("the last block ends before the packet")
		}
	})
}
