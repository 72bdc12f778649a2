package sfu

import (
	"math/bits"
	"sync"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/gso"
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

	waiting []*peer // with packets that are paced
	burst   gso.Burst
	read    [16]packet
	raw     [16][longestPacket]byte
	wraps   [8]wrapping
	scratch
}

// item is packets in the cache of their stream, or a connection to look at.
type item struct {
	stream *stream
	to     *audience
	together
	peer *peer
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
	turn          = 4 * time.Millisecond // between two looks at those who wait
	glance        = 32                   // receivers between two looks at the clock
)

func newShard(s *Server) *shard {
	return &shard{index: len(s.shards), server: s, wakeup: make(chan struct{}, 1)}
}

// push hands over packets. When the shard has fallen so far behind that nothing would come in time, they are dropped.
func (s *shard) push(items ...item) {
	s.mu.Lock()
	n := len(s.queue)
	if n < mostQueued {
		s.queue = append(s.queue, items...)
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
	armed := true
	for {
		if armed != (len(s.waiting) > 0) {
			if armed = !armed; armed {
				timer.Reset(turn)
			} else {
				timer.Stop()
			}
		}
		select {
		case <-s.server.done:
			return
		case <-s.wakeup:
			s.mu.Lock()
			batch, s.queue = s.queue, batch[:0]
			s.mu.Unlock()
			for rest := batch; len(rest) > 0; {
				n := s.side(rest)
				s.forward(rest[:n], s.server.now())
				rest = rest[n:]
			}
			clear(batch)
		case <-timer.C:
			s.settle(s.server.now())
			armed = false
		}
	}
}

// side counts the items at the beginning that can be forwarded side by side: one, or what several said in a room at the same time.
func (s *shard) side(items []item) int {
	n, packets := 0, 0
	for _, i := range items {
		if i.peer != nil || !i.stream.codec.Audio() || i.stream.track.room != items[0].stream.track.room {
			break
		}
		if packets += bits.OnesCount16(i.mask); packets > len(s.raw) {
			break
		}
		n++
	}
	return max(n, 1)
}

// forward sends the packets of items to all of the shard's participants who get them: to one all of them, then to the next. Places of one
// participant mostly stand at the same position of each audience; where they do not, the packets go by calls of their own.
func (s *shard) forward(items []item, now time.Duration) {
	if c := items[0].peer; c != nil {
		c.down.mu.Lock()
		c.list(s)
		c.down.mu.Unlock()
		return
	}
	var to [len(s.raw)][]*slot
	var ends [len(s.raw)]int // in read, of each item's packets
	n, most := 0, 0
	for i, it := range items {
		if slots := it.to.slots[s.index].Load(); slots != nil {
			to[i] = *slots
			most = max(most, len(*slots))
			n += s.fetch(it, n)
		}
		ends[i] = n
	}
	for at := range most {
		if at%glance == glance-1 {
			now = s.server.now() // when a packet went is held against when it came
		}
		var c *peer
		for i, k := 0, 0; i < len(items); i, k = i+1, ends[i] {
			if at >= len(to[i]) {
				continue
			}
			slot := to[i][at]
			if c != slot.peer {
				c.finish(s)
				c = slot.peer
				c.down.mu.Lock()
			}
			for ; k < ends[i]; k++ {
				slot.forward(&s.read[k], s, now)
			}
		}
		c.finish(s)
	}
	clear(s.read[:n]) // who left is not held by what was read last
}

// fetch reads an item's packets out of the cache, from a position of read on, and returns how many there are.
func (s *shard) fetch(i item, at int) (n int) {
	for k := range uint64(len(s.raw)) {
		if i.mask>>k&1 == 0 {
			continue
		}
		raw := s.raw[at+n][:]
		size := i.stream.cache.Get(i.first+k, raw)
		if size > 0 && s.read[at+n].read(i.stream, i.first+k, raw[:size]) {
			n++
		}
	}
	return n
}

// finish sends what was gathered for a participant, and lets go of it. Of none it is nothing.
func (c *peer) finish(s *shard) {
	if c != nil {
		c.flush(s)
		c.down.mu.Unlock()
	}
}

// settle looks at those who wait.
func (s *shard) settle(now time.Duration) {
	kept := s.waiting[:0]
	for _, c := range s.waiting {
		c.down.mu.Lock()
		c.release(s, now)
		c.flush(s)
		if c.down.listed = !c.ended.Load() && c.down.pace.Waiting() > 0; c.down.listed {
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
	vp9     codec.VP9Descriptor
	whole   bool
	cached  uint64 // its number in the cache; ext differs where layers are left out
}

// read makes sense of a packet as the cache has it.
func (p *packet) read(s *stream, ext uint64, b []byte) bool {
	var h wire.Header
	if h.Parse(b) != nil {
		return false
	}
	*p = packet{stream: s, ext: ext, marker: h.Marker, payload: b[h.Payload:h.End], cached: ext}
	p.numbers.Sequence, p.numbers.Timestamp = h.Sequence, h.Timestamp
	if s.codec == codec.VP8 {
		if d, ok := codec.ReadVP8(p.payload); ok {
			p.vp8 = d
			p.numbers.Picture, p.numbers.Level = d.Picture, d.Level
		}
	}
	if s.codec == codec.VP9 {
		p.vp9, _ = codec.ReadVP9(p.payload)
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
	class, begins := pacer.Video, false
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
		d.pace.Drop(pacer.Repeat)
		begins = true
	default:
		return
	}
	var some packet
	if p.vp9.Layered {
		if !s.choosePart(p, &some, begins) {
			return
		}
		p = &some
	}
	if begins {
		s.begin(p, now)
	}
	out, ok := s.state.Out(p.ext, p.numbers, now)
	if !ok {
		return
	}
	size := wire.FixedLen + 8 + len(p.payload) + d.out.Tag()
	if !d.pace.Pass(class, size, out.Timestamp, now) {
		d.pace.Push(class, pacer.Item{Ref: s, Stream: p.stream.id, Ext: p.cached, Bytes: size, Burst: out.Timestamp}, now)
		c.list(sh)
		return
	}
	if class == pacer.Audio {
		body, pt := s.soundly(p, sh)
		c.gather(s, pt, p.marker, body, out, sh, now)
		return
	}
	c.show(s, p, out, sh, now)
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
		if !s.renumber(&p) {
			continue
		}
		if out, ok := s.state.Of(i.Stream, p.ext, p.numbers); ok {
			c.show(s, &p, out, sh, now)
		}
	}
}
