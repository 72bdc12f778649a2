package sfu

import (
	"sync"
	"testing"
	"time"

	"gonghui/media/sfu/client"
	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/wire"
)

// kept is a sink that counts.
type kept struct {
	mu      sync.Mutex
	streams map[uint32]TapStream
	packets map[uint32]int
	wholes  map[uint32]int
	reports map[uint32]int
	events  []Event
	wrong   string
	block   chan struct{}
}

func newKept() *kept {
	return &kept{streams: map[uint32]TapStream{}, packets: map[uint32]int{}, wholes: map[uint32]int{}, reports: map[uint32]int{}}
}

func (k *kept) Stream(s TapStream) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.streams[s.ID] = s
}

func (k *kept) Packet(id uint32, at time.Time, b []byte) {
	if k.block != nil {
		<-k.block
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s, known := k.streams[id]
	var h wire.Header
	if err := h.Parse(b); err != nil || !known || time.Since(at).Abs() > time.Minute {
		k.wrong = "a packet that cannot be read, of no stream, or of another day"
		return
	}
	if s.Codec == codec.VP8 && s.Codec.Whole(b[h.Payload:h.End]) {
		k.wholes[id]++
	} else if s.Codec == codec.VP8 && k.packets[id] == 0 {
		k.wrong = "a picture begins in its middle"
	}
	k.packets[id]++
}

func (k *kept) Report(id uint32, _ time.Time, ntp uint64, _ uint32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if ntp != 0 {
		k.reports[id]++
	}
}

func (k *kept) Event(_ time.Time, e Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.events = append(k.events, e)
}

// of counts packets of a participant's source in a layer; -1: in any.
func (k *kept) of(participant, source string, layer int) (packets, reports int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, s := range k.streams {
		if s.Participant == participant && s.Source == source && (layer < 0 || s.Layer == layer) {
			packets += k.packets[id]
			reports += k.reports[id]
		}
	}
	return packets, reports
}

func (k *kept) had(kind EventKind, participant string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range k.events {
		if e.Kind == kind && e.Participant == participant {
			return true
		}
	}
	return false
}

// A tap gets what it is allowed to get, in the layer that is worth it, though nobody looks or listens.
func TestTap(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("r")
	a := join(t, room, "a", client.Options{Sound: true, Layers: []string{"q", "h", "f"}})
	a.play(t, true, 20, 1, 1, 1)
	k := newKept()
	tap, err := room.Tap(k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := room.Tap(newKept()); err == nil {
		t.Error("two take from a room")
	}
	b := join(t, room, "b", client.Options{Sound: true, Layers: []string{""}})
	b.play(t, true, 20, 1)
	tap.Allow("a", true)
	has := func(who, source string, layer, n int) func() bool {
		return func() bool { got, _ := k.of(who, source, layer); return got > n }
	}
	until(t, "sound", has("a", Microphone, 0, 20))
	until(t, "the tallest picture", has("a", Camera, 2, 20))
	until(t, "clocks of both", func() bool {
		_, sound := k.of("a", Microphone, 0)
		_, picture := k.of("a", Camera, 2)
		return sound > 0 && picture > 0
	})
	if n, _ := k.of("b", Microphone, -1); n > 0 {
		t.Error("somebody is taken who did not allow it")
	}
	if !a.told(func(e Event) bool { return e.Kind == Wanted && e.Height >= 360 }) {
		t.Error("the sender is not told that the picture is wanted")
	}
	tap.Allow("b", true)
	until(t, "the second one's picture", has("b", Camera, 0, 20))
	// Two share the recording: the middle layer is enough.
	was, _ := k.of("a", Camera, 1)
	until(t, "the middle layer", has("a", Camera, 1, was+20))
	tap.Allow("a", false)
	b.seat.Hold(Microphone, true)
	until(t, "word of what is held", func() bool { return k.had(Held, "b") })
	b.seat.Leave()
	until(t, "word of who left", func() bool { return k.had(Left, "b") })
	tap.Close()
	if !k.had(Joined, "a") || !k.had(Joined, "b") {
		t.Error("who came is not told")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wrong != "" {
		t.Error(k.wrong)
	}
	if _, dropped := tap.Count(); dropped > 0 {
		t.Errorf("%d packets dropped", dropped)
	}
	if tap.Live() {
		t.Error("closed, and live")
	}
}

// A sink that stands still costs packets of the recording, counted, and nobody else anything.
func TestTapDoesNotHoldUp(t *testing.T) {
	f := newForwarding(t, 1, false)
	k := newKept()
	k.block = make(chan struct{})
	tap, err := f.stream.track.room.Tap(k)
	if err != nil {
		t.Fatal(err)
	}
	tap.Allow("from", true)
	for i := range 3 * tapQueued {
		tap.push(tapped{stream: f.stream, ext: uint64(i)})
	}
	if _, dropped := tap.Count(); dropped < tapQueued {
		t.Errorf("%d dropped of %d", dropped, 3*tapQueued)
	}
	if !raced {
		if n := testing.AllocsPerRun(100, func() { tap.push(tapped{stream: f.stream}) }); n > 0 {
			t.Errorf("%v allocations a packet", n)
		}
	}
	close(k.block)
	tap.Close()
}
