package sfu

import (
	"sync"
	"testing"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/client"
	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/red"
	"gonghui/media/sfu/wire"
)

// ear notes which packets of sound came to somebody, by the number that the sender wrote into each, and in what form.
type ear struct {
	mu             sync.Mutex
	heard          map[uint32]bool // by timestamp
	wrapped, plain int
	deepest        int
	broken         int
}

func (e *ear) take(p client.Packet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p.Header.PayloadType != 63 {
		e.plain++
		e.note(p.Header.Timestamp, p.Payload)
		return
	}
	e.wrapped++
	blocks, n, ok := red.Split(p.Payload)
	if !ok {
		e.broken++
	}
	e.deepest = max(e.deepest, n-1)
	for _, k := range blocks[:n] {
		e.note(p.Header.Timestamp-k.Before, p.Payload[k.At:k.End])
	}
}

func (e *ear) note(timestamp uint32, sound []byte) {
	if len(sound) != 80 {
		e.broken++
	}
	e.heard[timestamp] = true
}

// missed is the part of the packets of sound that did not come in any form, of the last n.
func (e *ear) missed(n int) float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	last := uint32(0)
	first := true
	for at := range e.heard {
		if first || int32(at-last) > 0 {
			last, first = at, false
		}
	}
	lost := 0
	for i := range n {
		if !e.heard[last-uint32(i)*960] {
			lost++
		}
	}
	return float64(lost) / float64(n)
}

func (e *ear) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.heard)
}

func listener(t *testing.T, room *Room, id string, opt client.Options) (*guest, *ear) {
	e := &ear{heard: map[uint32]bool{}}
	opt.Hear = 1
	opt.OnPacket = func(p client.Packet) {
		e.take(p)
	}
	return join(t, room, id, opt), e
}

// What is lost on the way to the server is put back from what comes next; those who take it with what came before, and those who do not,
// get each what they agreed to.
func TestSoundThatIsSentTwice(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	for _, c := range []struct {
		name        string
		red         bool
		least, most float64
	}{{"twice", true, 0, 0.09}, {"once", false, 0.1, 0.5}} {
		from := join(t, room, c.name, client.Options{Sound: true, Red: c.red, LoseOut: 0.2})
		_, plain := listener(t, room, c.name+" plain", client.Options{})
		_, both := listener(t, room, c.name+" both", client.Options{Red: true})
		from.play(t, false, 20)
		until(t, "sound comes", func() bool { return plain.count() > 320 && both.count() > 320 })
		for name, e := range map[string]*ear{"plain": plain, "both": both} {
			if part := e.missed(300); part < c.least || part > c.most {
				t.Errorf("sent %s, taken %s: %.0f%% are missing", c.name, name, 100*part)
			}
			e.mu.Lock()
			if e.broken > 0 || (e.wrapped > 0) != (name == "both") {
				t.Errorf("sent %s, taken %s: %d wrapped, %d plain, %d broken", c.name, name, e.wrapped, e.plain, e.broken)
			}
			e.mu.Unlock()
		}
		from.seat.Leave()
	}
}

// As much of what came before goes along as a path loses.
func TestSoundOverAPathThatLoses(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Sound: true})
	_, bad := listener(t, room, "bad", client.Options{Red: true, LoseIn: 0.2})
	_, bare := listener(t, room, "bare", client.Options{LoseIn: 0.2})
	good, fine := listener(t, room, "good", client.Options{Red: true})
	from.play(t, false, 20)
	until(t, "sound comes", func() bool { return bad.count() > 500 && bare.count() > 400 && fine.count() > 500 })
	if part := bad.missed(300); part > 0.03 || bad.deepest < 2 {
		t.Errorf("over a path that loses a fifth %.1f%% are missing, %d along", 100*part, bad.deepest)
	}
	if part := bare.missed(300); part < 0.1 {
		t.Errorf("without what came before only %.1f%% are missing", 100*part)
	}
	if part := fine.missed(300); part > 0 || fine.deepest > 1 {
		t.Errorf("over a path that loses nothing %.1f%% are missing, %d along", 100*part, fine.deepest)
	}
	until(t, "nothing goes along where nothing is lost", func() bool {
		fine.mu.Lock()
		defer fine.mu.Unlock()
		return fine.plain > 0
	})
	if n := good.Missing(good.Places(webrtc.RTPCodecTypeAudio)[0]); n > 0 {
		t.Errorf("%d are missing", n)
	}
}

// Sound that was lost on the way to the server is asked for, where that was agreed on.
func TestLostSoundComesAgain(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Sound: true, Repeat: true, LoseOut: 0.1})
	_, e := listener(t, room, "to", client.Options{})
	from.play(t, false, 20)
	until(t, "sound comes", func() bool { return e.count() > 320 })
	if part := e.missed(250); part > 0.04 {
		t.Errorf("%.1f%% are missing", 100*part)
	}
	if from.Nacks.Load() == 0 {
		t.Error("the server asks for nothing")
	}
}

// What came while a source was held is not put back by what comes afterwards.
func TestWhatWasHeldIsNotPutBack(t *testing.T) {
	f := newForwarding(t, 1, true)
	of := &published{section: section{kind: "audio", payloads: map[uint8]payload{63: {red: true}, 111: {codec: codec.Opus, clock: 48000}}}}
	take := func(seq uint16) (ext uint64, back []uint64) {
		b := make([]byte, wire.FixedLen, 300)
		wire.Put(b, false, false, 63, seq, uint32(seq)*960, 7, nil)
		b = red.Append(b, 111, []red.Part{{Before: 960, Payload: []byte{byte(seq - 1)}}}, []byte{byte(seq)})
		var h wire.Header
		if err := h.Parse(b); err != nil {
			t.Fatal(err)
		}
		var put [red.Most]uint64
		n := 0
		ext, plain, ok := f.stream.take(&h, b, false, of, &put, &n, f.server.now())
		if !ok || len(plain) != wire.FixedLen+1 || plain[wire.FixedLen] != byte(seq) || h.PayloadType != 111 {
			t.Fatalf("%d: %t % x", seq, ok, plain)
		}
		return ext, put[:n]
	}
	take(10)
	if ext, back := take(12); len(back) != 1 || back[0] != ext-1 {
		t.Fatalf("lost before %d, put back %v", ext, back)
	}
	f.stream.shut = true // packets came, and were held
	if ext, back := take(20); len(back) != 0 {
		t.Errorf("held before %d, put back %v", ext, back)
	}
	if ext, back := take(22); len(back) != 1 {
		t.Errorf("lost before %d, put back %v", ext, back)
	}
}
