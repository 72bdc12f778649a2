package signal

import (
	"sync"

	"google.golang.org/protobuf/encoding/protojson"

	"gonghui/media/sfu"
	signalv1 "gonghui/media/signal/v1"
)

func eventOf(e sfu.Event) *signalv1.FromServer {
	return &signalv1.FromServer{What: &signalv1.FromServer_Event{Event: &signalv1.Event{
		Kind: kinds[e.Kind], Participant: e.Participant, Source: e.Source, Mid: e.Mid, Height: uint32(e.Height),
	}}}
}

// mostEncoded events are remembered as they are sent.
const mostEncoded = 64

// events are those of late, encoded once however many are told of them.
type events struct {
	mu   sync.Mutex
	late map[sfu.Event][]byte
}

var encoded events

func (c *events) of(e sfu.Event) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if raw := c.late[e]; raw != nil {
		return raw
	}
	raw, err := protojson.Marshal(eventOf(e))
	if err != nil {
		panic("signal: " + err.Error()) // ids are ours
	}
	if c.late == nil || len(c.late) >= mostEncoded {
		c.late = make(map[sfu.Event][]byte, mostEncoded)
	}
	c.late[e] = raw
	return raw
}
