package sfu

import (
	"sync"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/pacer"
	"gonghui/media/sfu/rewrite"
	"gonghui/media/sfu/wire"
)

// shard sends to a part of the participants, in one goroutine of its own: a packet that came is handed to each shard once, however
// many of its participants get it.
type shard struct {
	index  int
	server *Server

	mu     sync.Mutex
	queue  []item
	wakeup chan struct{}

	waiting []*peer // with a burst that is not complete, or packets that are paced
	scratch
}

// item is a packet in the cache of its stream.
type item struct {
	stream *stream
	to     *audience
	ext    uint64
}

// scratch is what one goroutine needs to send.
type scratch struct {
	packet [longestPacket]byte // as it came
	single [longestPacket]byte // as it goes, alone
	body   [longestPacket]byte // of one that is repeated
	plain  [longestPacket]byte // a report before it is sealed
}

const (
	longestPacket = 1600
	mostQueued    = 1 << 16
	gather        = 10 * time.Millisecond // how long a picture may take to become complete before its packets go
	turn          = 2 * time.Millisecond  // between two looks at those who wait
)

func newShard(s *Server) *shard {
	return &shard{index: len(s.shards), server: s, wakeup: make(chan struct{}, 1)}
}

// push hands over a packet. When the shard has fallen so far behind that nothing would come in time, it is dropped.
func (s *shard) push(i item) {
	s.mu.Lock()
	n := len(s.queue)
	if n < mostQueued {
		s.queue = append(s.queue, i)
	}
	s.mu.Unlock()
	if n == 0 {
		select {
		case s.wakeup <- struct{}{}:
		default:
		}
	}
}

func (s *shard) run() {
	var batch []item
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if len(s.waiting) > 0 {
			timer.Reset(turn)
		} else {
			timer.Stop()
		}
		select {
		case <-s.server.done:
			return
		case <-s.wakeup:
			s.mu.Lock()
			batch, s.queue = s.queue, batch[:0]
			s.mu.Unlock()
			now := s.server.now()
			for _, i := range batch {
				s.forward(i, now)
			}
			clear(batch)
		case <-timer.C:
			s.settle(s.server.now())
		}
	}
}

// forward sends a packet to all of the shard's participants who get it.
func (s *shard) forward(i item, now time.Duration) {
	slots := i.to.slots[s.index].Load()
	if slots == nil {
		return
	}
	n := i.stream.cache.Get(i.ext, s.packet[:])
	if n == 0 {
		return
	}
	var p packet
	if !p.read(i.stream, i.ext, s.packet[:n]) {
		return
	}
	for _, slot := range *slots {
		c := slot.peer
		c.down.mu.Lock()
		slot.forward(&p, s, now)
		c.down.mu.Unlock()
	}
}

// settle looks at those who wait.
func (s *shard) settle(now time.Duration) {
	kept := s.waiting[:0]
	for _, c := range s.waiting {
		c.down.mu.Lock()
		if c.down.burst != nil && now-c.down.since >= gather {
			c.flush()
		}
		c.release(s, now)
		if c.down.listed = !c.ended.Load() && (c.down.burst != nil || c.down.pace.Waiting() > 0); c.down.listed {
			kept = append(kept, c)
		}
		c.down.mu.Unlock()
	}
	clear(s.waiting[len(kept):])
	s.waiting = kept
}

// packet is one that came, read once for all who get it.
type packet struct {
	stream  *stream
	ext     uint64
	marker  bool
	numbers rewrite.Numbers
	payload []byte
	vp8     codec.VP8Descriptor
	whole   bool
}

// read makes sense of a packet as the cache has it.
func (p *packet) read(s *stream, ext uint64, b []byte) bool {
	var h wire.Header
	if h.Parse(b) != nil {
		return false
	}
	*p = packet{stream: s, ext: ext, marker: h.Marker, payload: b[h.Payload:h.End]}
	p.numbers.Sequence, p.numbers.Timestamp = h.Sequence, h.Timestamp
	if s.codec == codec.VP8 {
		if d, ok := codec.ReadVP8(p.payload); ok {
			p.vp8 = d
			p.numbers.Picture, p.numbers.Level = d.Picture, d.Level
		}
	}
	p.whole = s.codec.Whole(p.payload)
	return true
}

// forward sends a packet in a place, if it belongs there. The caller holds the lock of down.
func (s *slot) forward(p *packet, sh *shard, now time.Duration) {
	c := s.peer
	d := &c.down
	if !s.bound || d.out == nil || !d.to.IsValid() {
		return
	}
	class := pacer.Video
	switch {
	case p.stream.codec.Audio():
		class = pacer.Audio
		if p.stream.peer.who == c.who {
			return // nobody hears themselves
		}
		if !s.on || s.state.Source() != p.stream.id {
			s.begin(p, now)
		}
	case s.want == 0:
		s.on = false
		return
	case s.on && s.state.Source() == p.stream.id:
		// What is shown goes on until a whole picture of what is wanted comes.
	case s.want == p.stream.id && p.whole:
		d.pace.Drop(pacer.Video)
		s.begin(p, now)
	default:
		return
	}
	out, ok := s.state.Out(p.ext, p.numbers, now)
	if !ok {
		return
	}
	size := wire.FixedLen + 8 + len(p.payload) + d.out.Tag()
	if !d.pace.Pass(class, size, out.Timestamp, now) {
		d.pace.Push(class, pacer.Item{Ref: s, Stream: p.stream.id, Ext: p.ext, Bytes: size, Burst: out.Timestamp}, now)
		c.list(sh)
		return
	}
	if class == pacer.Audio {
		c.alone(s, &s.stream, s.types[p.stream.codec], s.ssrc, p.marker, out, p.payload, 0, now, &sh.scratch)
		return
	}
	c.gather(s, p, out, sh, now)
}

// begin lets another stream go through the place.
func (s *slot) begin(p *packet, now time.Duration) {
	first := rewrite.Numbers{Sequence: uint16(s.ssrc>>17) + 1, Timestamp: s.ssrc, Picture: uint16(s.ssrc) & 0x7FFF, Level: uint8(s.ssrc)}
	s.state.Switch(p.stream.id, p.ext, p.numbers, first, now)
	s.on = true
}

// list notes that the shard has to look at the connection again.
func (c *peer) list(sh *shard) {
	if !c.down.listed {
		c.down.listed = true
		sh.waiting = append(sh.waiting, c)
	}
}

// release sends paced packets that may go.
func (c *peer) release(sh *shard, now time.Duration) {
	for c.down.out != nil {
		i, class, ok := c.down.pace.Pop(now, nil)
		if !ok {
			return
		}
		s, ok := i.Ref.(*slot)
		if !ok || !s.bound {
			continue
		}
		st := c.who.room.stream(s, i.Stream)
		if st == nil {
			continue
		}
		n := st.cache.Get(i.Ext, sh.packet[:])
		var p packet
		if n == 0 || !p.read(st, i.Ext, sh.packet[:n]) {
			continue
		}
		if class == pacer.Repeat {
			c.repeat(s, &p, uint16(i.Burst), 0, now, &sh.scratch)
			continue
		}
		if out, ok := s.state.Of(i.Stream, i.Ext, p.numbers); ok {
			c.gather(s, &p, out, sh, now)
		}
	}
}
