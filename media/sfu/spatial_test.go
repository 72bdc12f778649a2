package sfu

import (
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp/codecs"

	"gonghui/media/sfu/client"
)

// eye notes of which layers the pictures are that came to somebody, and whether each ends.
type eye struct {
	mu     sync.Mutex
	layers [mostLayers]int // packets by layer, since the last reset
	ends   int             // pictures that ended with their largest layer
	open   int             // that ended otherwise
}

func (e *eye) take(p client.Packet) {
	var v codecs.VP9Packet
	if _, err := v.Unmarshal(p.Payload); err != nil || !v.L {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.layers[v.SID]++
	if p.Header.Marker {
		if v.E {
			e.ends++
		} else {
			e.open++
		}
	}
}

func (e *eye) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.layers, e.ends, e.open = [mostLayers]int{}, 0, 0
}

func (e *eye) has(layers [mostLayers]bool, ends int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, want := range layers {
		if (e.layers[i] > 0) != want {
			return false
		}
	}
	return e.ends >= ends
}

// Of one stream with three layers each gets those up to what they look at, as if there were no others: without gaps, each picture ended; a
// larger one comes with a whole picture.
func TestLayersOfOneStream(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Spatial: true})
	done := make(chan struct{})
	defer func() { <-done }()
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(done)
		tick := time.NewTicker(40 * time.Millisecond)
		defer tick.Stop()
		for i := uint32(0); ; i++ {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			if from.ShowAll(i*3600, 1, 2, 3) != nil {
				return
			}
		}
	}()
	for name, loss := range map[string]float64{"quiet": 0, "losing": 0.05} {
		e := &eye{}
		g := join(t, room, name, client.Options{See: 1, LoseIn: loss, OnPacket: e.take})
		for _, c := range []struct {
			height int
			layers [mostLayers]bool
		}{
			{180, [3]bool{true, false, false}},
			{720, [3]bool{true, true, true}},
			{360, [3]bool{true, true, false}},
			{180, [3]bool{true, false, false}},
		} {
			mid := show(t, g, "from", c.height)
			until(t, "the layers asked for", func() bool {
				e.reset()
				seen := g.Count(mid).Frames
				until(t, "pictures", func() bool { return g.Count(mid).Frames > seen+12 })
				return e.has(c.layers, 10)
			})
			if e.open > 0 {
				t.Errorf("%s at %d: %d pictures do not end with a layer", name, c.height, e.open)
			}
		}
		mid := show(t, g, "from", 180)
		until(t, "nothing stays lost", func() bool { return g.Missing(mid) == 0 })
		if n := g.Count(mid); loss == 0 && n.Gaps > 0 {
			t.Errorf("%d gaps where layers were left out", n.Gaps)
		}
		g.seat.Leave()
	}
}
