package sfu

import (
	"testing"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/client"
)

// What is backstage is seen by who may preview alone, and by all as soon as it is no more.
func TestBackstage(t *testing.T) {
	t.Parallel()
	s := serve(t)
	room := s.Room("venue")
	sends := join(t, room, "sub", client.Options{Layers: []string{"q"}})
	sends.seat.Backstage(Camera, true)
	director := join(t, room, "director", client.Options{See: 1})
	hall := join(t, room, "hall", client.Options{See: 1})
	director.seat.Allow(Rights{Send: true, Preview: true, Apart: true})
	hall.seat.Allow(Rights{Send: true, Apart: true})
	look := func(g *guest) string {
		t.Helper()
		mid := g.Places(webrtc.RTPCodecTypeVideo)[0]
		if err := g.seat.Show(map[string]View{mid: {Participant: "sub", Source: Camera, Height: 180}}); err != nil {
			t.Fatal(err)
		}
		return mid
	}
	d, h := look(director), look(hall)
	sends.play(t, true, 128, 2)
	until(t, "the director sees it", func() bool { return director.Count(d).Frames > 10 })
	if n := hall.Count(h).Packets; n != 0 {
		t.Errorf("%d packets of what is backstage", n)
	}
	sends.seat.Backstage(Camera, false)
	until(t, "all see it", func() bool { return hall.Count(h).Frames > 10 })
	sends.seat.Backstage(Camera, true)
	until(t, "the hall sees it no more", func() bool {
		before := hall.Count(h).Packets
		seen := director.Count(d).Frames
		until(t, "the director goes on", func() bool { return director.Count(d).Frames > seen+20 })
		return hall.Count(h).Packets == before
	})
	hall.seat.Allow(Rights{Send: true, Preview: true, Apart: true})
	seen := hall.Count(h).Frames
	until(t, "who leads from now on sees it", func() bool { return hall.Count(h).Frames > seen+10 })
	// Of comings and goings they are told by others.
	sends.seat.Leave()
	until(t, "gone", func() bool { return len(room.People()) == 2 })
	if hall.told(func(e Event) bool { return e.Kind == Left }) {
		t.Error("told of who left")
	}
}
