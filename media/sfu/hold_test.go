package sfu

import (
	"context"
	"testing"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/client"
)

// What is held does not go out, over a new connection neither; let out again, a picture begins with a whole one.
func TestHeld(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("r")
	a := join(t, room, "a", client.Options{Sound: true, Layers: []string{""}})
	b := join(t, room, "b", client.Options{Hear: 1, See: 1})
	mid := show(t, b, "a", 180)
	pictures := func() uint64 { return b.Count(mid).Frames }
	a.play(t, true, 20, 1)
	flows := func(what string) {
		t.Helper()
		sounds, seen := b.sounds(), pictures()
		until(t, what, func() bool { return b.sounds() > sounds+5 && pictures() > seen+5 })
	}
	flows("sound and pictures")
	hold := func(on bool) {
		for _, source := range []string{Microphone, Camera} {
			a.seat.Hold(source, on)
		}
	}
	// still waits until nothing comes, while the sender goes on.
	still := func(what string) {
		t.Helper()
		sounds, seen, n := b.sounds(), pictures(), 0
		until(t, what, func() bool {
			if n++; sounds != b.sounds() || seen != pictures() {
				sounds, seen, n = b.sounds(), pictures(), 0
			}
			return n > 40
		})
	}
	hold(true)
	still("silence")
	wholes := b.Count(mid).Wholes
	hold(false)
	flows("what was let out")
	if b.Count(mid).Wholes <= wholes {
		t.Error("a picture goes on in its middle")
	}
	hold(true)
	again, err := client.New(client.Options{Sound: true, Layers: []string{""}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	if err := again.Connect(within(t), func(ctx context.Context, offer string) (string, error) { return a.seat.Connect(ctx, offer, nil) }); err != nil {
		t.Fatal(err)
	}
	(&guest{Client: again}).play(t, true, 20, 1)
	still("silence on a new connection")
	hold(false)
	flows("what was let out on a new connection")
	a.seat.Leave()
	room.mu.RLock()
	defer room.mu.RUnlock()
	if len(room.held) != 0 {
		t.Errorf("held when nobody sends: %v", room.held)
	}
}

// Who may send no more is told so when they offer.
func TestAllow(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("r")
	seat, err := room.Join("a", Rights{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	offer := offered(t, client.Options{Sound: true})
	if _, err := seat.Connect(within(t), offer, nil); err == nil {
		t.Error("a listener sends")
	}
	seat.Allow(Rights{Send: true})
	if _, err := seat.Connect(within(t), offer, nil); err != nil {
		t.Errorf("a speaker: %v", err)
	}
}

// One port on all addresses serves every one of them.
func TestAllAddresses(t *testing.T) {
	t.Parallel()
	room := serve(t, func(o *Options) { o.Address = ":0" }).Room("r")
	a, b := join(t, room, "a", client.Options{Sound: true}), join(t, room, "b", client.Options{Hear: 1})
	a.play(t, false, 20, 1)
	until(t, "sound", func() bool { return b.Count(b.Places(webrtc.RTPCodecTypeAudio)[0]).Packets > 5 })
}
