package unpack

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// vp8 is a picture in packets of two bytes of payload each.
func vp8(seq *uint16, stamp uint32, key bool, n int) (out [][]byte) {
	for i := range n {
		head := byte(0)
		if i == 0 {
			head = 0x10
		}
		body := []byte{byte(stamp), byte(i)}
		if i == 0 {
			body = []byte{1, 0, 0, 0x9D, 1, 0x2A, 64, 1, 180, 0}
			if key {
				body[0] = 0
			}
		}
		p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: *seq, Timestamp: stamp, Marker: i == n-1}, Payload: append([]byte{head}, body...)}
		*seq++
		raw, err := p.Marshal()
		if err != nil {
			panic(err)
		}
		out = append(out, raw)
	}
	return out
}

func TestVP8(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	seq, stamp := uint16(65530), uint32(0xFFFFFF00)
	var packets [][]byte
	for i := range 10 {
		packets = append(packets, vp8(&seq, stamp+uint32(i)*3000, i == 0 || i == 7, 3)...)
	}
	for name, c := range map[string]struct {
		order func() []int
		want  string
	}{
		"in order":      {func() []int { return number(30) }, "0123456789"},
		"swapped twice": {func() []int { return append([]int{0, 2, 1, 1, 0}, number(30)[3:]...) }, "0123456789"},
		"one missing":   {func() []int { return append(number(10), number(30)[11:]...) }, "012789"},
		"one late":      {func() []int { return append(append(append(number(10), 11, 12, 13), 10), number(30)[14:]...) }, "0123456789"},
	} {
		var got []Frame
		s := New("vp8", func(f Frame) { got = append(got, f) })
		for i, n := range c.order() {
			s.Push(at.Add(time.Duration(i)*200*time.Millisecond), packets[n])
		}
		s.Flush()
		var text bytes.Buffer
		for _, f := range got {
			fmt.Fprint(&text, (f.Stamp-0xFFFFFF00)/3000)
			if len(f.Data) != 14 || f.Key != (f.Width == 320 && f.Height == 180) {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if text.String() != c.want {
			t.Errorf("%s: %s", name, text.String())
		}
	}
}

func number(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}

// Sound that is lost leaves a hole and nothing else.
func TestOpus(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	var got []int64
	s := New("opus", func(f Frame) { got = append(got, f.Stamp/960) })
	for i := range 100 {
		if i == 50 || i == 0 {
			continue
		}
		p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i) * 960}, Payload: []byte{0xFC, 1}}
		raw, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		s.Push(at.Add(time.Duration(i)*20*time.Millisecond), raw)
	}
	s.Flush()
	if len(got) != 98 || got[48] != 49 || got[49] != 51 || s.Lost != 1 {
		t.Errorf("%d: %v, %d lost", len(got), got, s.Lost)
	}
	for b, want := range map[string]int{"": 0, "\xfc": 960, "\xfd\x00": 1920, "\xff\x03": 2880, "\x08": 960, "\xff": 0, "\xff\x3f": 0} {
		if n := OpusLength([]byte(b)); n != want {
			t.Errorf("%x sounds for %d", b, n)
		}
	}
}

func FuzzPush(f *testing.F) {
	f.Add(uint64(1), []byte{0x90, 0x80, 0x81, 1})
	f.Fuzz(func(t *testing.T, seed uint64, payload []byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		for _, codec := range []string{"opus", "vp8", "vp9", "h264"} {
			s := New(codec, func(f Frame) { OpusLength(f.Data) })
			for i := range 20 {
				cut := payload[:r.IntN(len(payload)+1)]
				p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(r.IntN(30)), Timestamp: uint32(r.IntN(3)), Marker: i%3 == 0}, Payload: cut}
				raw, err := p.Marshal()
				if err != nil {
					return
				}
				s.Push(time.Unix(int64(i), 0), raw)
			}
			s.Flush()
		}
	})
}
