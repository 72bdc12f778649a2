package sfu

import (
	"slices"
	"sync"
	"time"

	"gonghui/media/sfu/layers"
	"gonghui/media/sfu/speaker"
	"gonghui/media/sfu/wire"
)

// How often what is done.
const (
	everyTick   = 20 * time.Millisecond  // lost packets, wishes for pictures
	everyCC     = 100 * time.Millisecond // feedback to who sends
	everyChoice = 200 * time.Millisecond // layers, speakers, probes
	everyReport = time.Second
)

// tick does what does not hang on single packets.
func (s *Server) tick() {
	t := time.NewTicker(everyTick)
	defer t.Stop()
	var rooms []*Room
	var people []*Participant
	var chosen time.Duration
	for {
		select {
		case <-s.done:
			return
		case <-t.C:
		}
		now := s.now()
		choice := now-chosen >= everyChoice
		if choice {
			chosen = now
		}
		for _, c := range s.senders.all() {
			if c.ended.Load() {
				s.senders.put(c, false)
			} else if c.ready() {
				c.tend(now)
			}
		}
		if !choice {
			continue
		}
		rooms = s.all(rooms[:0])
		for _, r := range rooms {
			people = r.list(people[:0])
			for _, p := range people {
				if c := p.now.Load(); c != nil && c.ready() {
					c.choose()
					c.probe(now)
					c.clocks(now)
				}
			}
			r.speakers(now)
			r.wanted(people)
			clear(people)
		}
		clear(rooms)
	}
}

// senders are the connections on which something is sent. Most of the others only listen, and need not be looked at so often.
type senders struct {
	mu   sync.Mutex
	set  map[*peer]struct{}
	list []*peer // of set, made anew when it has changed
}

func (s *senders) put(c *peer, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.set[c]; there == on {
		return
	}
	if s.list = nil; on {
		s.set[c] = struct{}{}
	} else {
		delete(s.set, c)
	}
}

func (s *senders) all() []*peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.list == nil {
		s.list = make([]*peer, 0, len(s.set))
		for c := range s.set {
			s.list = append(s.list, c)
		}
	}
	return s.list
}

// tend asks a participant for what did not come, and tells it what did.
func (c *peer) tend(now time.Duration) {
	sc := &c.server.ticker
	b := sc.plain[:0]
	c.up.mu.Lock()
	b = c.wishes(b, now)
	b = c.came(b, now)
	c.late(now)
	c.up.mu.Unlock()
	if len(b) > 0 {
		c.down.mu.Lock()
		c.report(b, sc)
		c.down.mu.Unlock()
	}
}

// late sends on what has waited too long for the rest of its picture.
func (c *peer) late(now time.Duration) {
	for _, p := range c.up.sections {
		for _, s := range p.streams {
			if s != nil {
				s.deliver(s.overdue(now), s.track.viewers, nil)
			}
		}
	}
}

// wishes asks for lost packets and for pictures.
func (c *peer) wishes(b []byte, now time.Duration) []byte {
	u := &c.up
	var ask [wire.NackMax]uint16
	for _, p := range u.sections {
		for _, s := range p.streams {
			if s == nil || s.codec.Audio() && !p.nack {
				continue
			}
			due, gave := s.lost.Due(ask[:0], u.rtt, now)
			if len(b)+len(due)*4+40 < longestReport {
				b = wire.AppendNACK(b, c.cookie, s.ssrc, due)
			}
			if s.codec.Audio() {
				continue
			}
			if s.need.Swap(false) || gave {
				s.picture.Want()
			}
			if s.picture.Due(now) && len(b)+40 < longestReport {
				b = wire.AppendPLI(b, c.cookie, s.ssrc)
			}
		}
	}
	return b
}

// longestReport fits into a datagram with what encryption adds.
const longestReport = 1200

// came tells of what came: transport-wide feedback, and receiver reports.
func (c *peer) came(b []byte, now time.Duration) []byte {
	u := &c.up
	if u.cc && now-u.toldCC >= everyCC && u.came.Pending() > 0 && len(b) < 200 {
		u.toldCC = now
		b = u.came.Append(b, c.cookie, u.about)
	}
	over := now - u.measured
	if over < everyReport {
		return b
	}
	u.measured = now
	var reports [31]wire.Report
	n := 0
	for _, p := range u.sections {
		for _, s := range p.streams {
			if s == nil {
				continue
			}
			s.measure(over)
			r, ok := s.seen.Report()
			if !ok || n == len(reports) {
				continue
			}
			reports[n] = wire.Report{SSRC: s.ssrc, Fraction: r.Fraction, Lost: r.Lost, Highest: r.Highest, Jitter: r.Jitter}
			if s.told > 0 {
				reports[n].LastSR = uint32(s.report.NTP >> 16)
				reports[n].Delay = uint32((now - s.told) * 65536 / time.Second)
			}
			n++
		}
	}
	if n > 0 && len(b)+24*n+8 < longestReport {
		b = wire.AppendRR(b, c.cookie, reports[:n])
	}
	return b
}

// clocks tells a participant the time of what it is sent, once a second a place.
func (c *peer) clocks(now time.Duration) {
	sc := &c.server.ticker
	d := &c.down
	d.mu.Lock()
	defer d.mu.Unlock()
	b := sc.plain[:0]
	for _, s := range d.slots {
		if !s.on || !s.bound || now-s.reported < everyReport {
			continue
		}
		st := c.who.room.source(s)
		if st == nil {
			continue
		}
		point := st.point.Load()
		if point == nil {
			continue
		}
		rtp, ok := s.state.Timestamp(point.rtp + uint32(int64(now-point.at)/1000*int64(st.clock)/1_000_000))
		if !ok {
			continue
		}
		s.reported = now
		b = wire.AppendSR(b, s.ssrc, wire.SenderInfo{NTP: c.server.ntp(now), RTP: rtp, Packets: s.packets, Bytes: s.bytes})
		b = wire.AppendCNAME(b, s.ssrc, "gonghui")
		if len(b) > longestReport-80 {
			c.report(b, sc)
			b = sc.plain[:0]
		}
	}
	c.report(b, sc)
}

// ntp is the time of day at a moment, as NTP writes it: seconds since 1900, 32.32 bits.
func (s *Server) ntp(now time.Duration) uint64 {
	at := s.start.Add(now - time.Hour)
	const since1900 = 2_208_988_800
	return uint64(at.Unix()+since1900)<<32 | uint64(at.Nanosecond())<<32/1_000_000_000
}

// choose decides which layers the places of a connection show.
func (c *peer) choose() {
	d := &c.down
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.ContainsFunc(d.slots, (*slot).looks) {
		d.need = 0
		return
	}
	var demands [128]layers.Demand
	var lines [128][mostLayers]layers.Layer
	var out [128]int
	var slots [128]*slot
	n := 0
	for _, s := range d.slots {
		t := s.track.Load()
		if s.sound() || t == nil || n == len(slots) {
			continue
		}
		shown := layers.Off
		count := 0
		if st := t.layers[0].Load(); st != nil && st.parts.layered() {
			count = st.parts.offer(st, &lines[n])
			if s.on && s.state.Source() == st.id {
				shown = s.top
			}
			demands[n] = layers.Demand{Height: s.view.Height, Priority: s.view.Priority, Layers: lines[n][:count], Now: shown}
			slots[n] = s
			n++
			continue
		}
		for i := range t.layers {
			st := t.layers[i].Load()
			if st == nil {
				continue
			}
			count = i + 1
			lines[n][i] = st.offer()
			if s.on && s.state.Source() == st.id {
				shown = i
			}
		}
		demands[n] = layers.Demand{Height: s.view.Height, Priority: s.view.Priority, Layers: lines[n][:count], Now: shown}
		slots[n] = s
		n++
	}
	if n == 0 {
		d.need = 0
		return
	}
	budget := d.budget(&c.server.opt, c.server.now())
	least := budget
	if d.est != nil && budget == d.est.Target() {
		least = 2 * d.est.ByDelay()
	}
	sound := d.sound()
	d.need = layers.Choose(max(budget-sound, 0), demands[:n], out[:n]) + sound
	layers.Least(least-sound, demands[:n], out[:n])
	for i, s := range slots[:n] {
		s.want = 0
		t := s.track.Load()
		if t == nil || out[i] == layers.Off {
			continue
		}
		if t.held.Load() {
			s.on = false // it goes on with a whole picture
			continue
		}
		at := out[i]
		if st := t.layers[0].Load(); st != nil && st.parts.layered() {
			s.wantTop, at = at, 0
		}
		st := t.layers[at].Load()
		if st == nil {
			continue
		}
		s.want = st.id
		if s.on && s.wantTop > s.top && st.parts.layered() {
			st.need.Store(true) // a larger layer begins with a whole picture
		}
		if !s.on || s.state.Source() != st.id {
			st.need.Store(true)
		}
	}
}

// everyKnock is how often a receiver that has fallen silent is sent something to tell of, though it gets nothing else: only by its word
// does it get more again.
const everyKnock = 500 * time.Millisecond

// unheard is how long a receiver may say nothing of what it is sent before it is taken to get hardly anything (RFC 8083 section 4.3).
const unheard = 3 * time.Second

// budget is what a receiver may be sent, in bits a second.
func (d *down) budget(o *Options, now time.Duration) int {
	switch {
	case d.cc == 0:
		return o.Bitrate
	case d.est == nil:
		return o.Start
	case d.waiting != 0 && now-d.waiting > unheard:
		return min(d.est.Target(), o.Start/4)
	}
	return d.est.Target()
}

// looks tells whether a place is for pictures, and looks at somebody's.
func (s *slot) looks() bool { return !s.sound() && s.track.Load() != nil }

// soundBits is kept free for sound, and wrapBits for each earlier packet that goes along, in bits a second.
const (
	soundBits = 60_000
	wrapBits  = 30_000
)

// offer is what a choice knows of a layer: what is measured, or what is usual while nothing is.
func (s *stream) offer() layers.Layer {
	l := layers.Layer{Height: int(s.height.Load()), Bits: int(s.bits.Load())}
	if l.Height == 0 {
		l.Height = guessHeight[s.layer]
	}
	if l.Bits == 0 && s.fresh.Load() {
		l.Bits = guessBits[s.layer]
	}
	return l
}

// probe sends packets that are not needed, to see whether more gets through: such as were sent before, which a receiver that lost
// one has then, or where nothing is shown, empty ones.
func (c *peer) probe(now time.Duration) {
	d := &c.down
	d.mu.Lock()
	defer d.mu.Unlock()
	silent := d.waiting != 0 && now-d.waiting > unheard
	if d.est == nil && !silent || d.out == nil || !d.to.IsValid() {
		return
	}
	var from *slot
	for _, s := range d.slots {
		if s.sound() || !s.bound || s.repeat == 0 || s.track.Load() == nil {
			continue
		}
		if from == nil || s.on && (!from.on || s.bytes > from.bytes) {
			from = s
		}
	}
	if from == nil {
		return
	}
	if silent && now-d.knocked >= everyKnock {
		d.knocked = now
		c.pad(from, 0, now, &c.server.ticker)
	}
	if d.est == nil {
		return
	}
	p, ok := d.est.Probe(d.need+d.need/5, now)
	if !ok {
		return
	}
	for sent, i := 0, uint16(0); sent < p.Bytes && i < mostProbe; i++ {
		n := 0
		if from.on && from.packets > 20 {
			n = c.again(from, from.newest-i%20, p.Number, now)
		}
		if n == 0 {
			n = c.pad(from, p.Number, now, &c.server.ticker)
		}
		sent += n
	}
}

// mostProbe is how many packets one probe has at most.
const mostProbe = 250

// speakers frees the places of those who are silent, and tells who speaks.
func (r *Room) speakers(now time.Duration) {
	r.voice.Lock()
	dominant, changed := r.voices.Tick(now)
	names := make([]string, len(r.heard))
	for i, v := range r.voices.Places() {
		names[i] = who(v)
	}
	speaking := who(dominant)
	r.voice.Unlock()
	if changed {
		r.tell(Event{Kind: Speaking, Participant: speaking}, nil)
	}
	for _, p := range r.list(nil) {
		c := p.now.Load()
		if c == nil {
			continue
		}
		var events []Event
		c.down.mu.Lock()
		for _, s := range c.down.slots {
			if s.place < 0 {
				continue
			}
			name := names[s.place]
			if name == p.id {
				name = ""
			}
			if s.heard != name {
				s.heard = name
				events = append(events, Event{Kind: Heard, Participant: name, Source: Microphone, Mid: s.mid})
			}
		}
		c.down.mu.Unlock()
		for _, e := range events {
			p.event(e)
		}
	}
}

// who is the participant of a voice.
func who(v *speaker.Voice) string {
	if v == nil {
		return ""
	}
	if s, ok := v.Key.(*stream); ok {
		return s.peer.who.id
	}
	return ""
}

// wanted tells those who send how large they are shown: what nobody sees need not be sent.
func (r *Room) wanted(people []*Participant) {
	heights := map[*Track]int{}
	for _, p := range people {
		c := p.now.Load()
		if c == nil {
			continue
		}
		c.down.mu.Lock()
		for _, s := range c.down.slots {
			if t := s.track.Load(); t != nil {
				heights[t] = max(heights[t], s.view.Height)
			}
		}
		c.down.mu.Unlock()
	}
	if t := r.tap.Load(); t != nil {
		t.wants(heights)
	}
	for _, p := range people {
		c := p.now.Load()
		if c == nil {
			continue
		}
		var events []Event
		c.up.mu.Lock()
		for _, x := range c.up.sections {
			if x.kind != "video" {
				continue
			}
			if h := heights[x.track]; x.height != h+1 {
				x.height = h + 1
				events = append(events, Event{Kind: Wanted, Participant: p.id, Source: x.track.key.source, Height: h})
			}
		}
		c.up.mu.Unlock()
		for _, e := range events {
			p.event(e)
		}
	}
}

// source is the stream that goes through a place.
func (r *Room) source(s *slot) *stream {
	id := s.state.Source()
	if !s.sound() {
		return r.stream(s, id)
	}
	r.voice.Lock()
	defer r.voice.Unlock()
	if v := r.voices.Places()[s.place]; v != nil {
		if st, ok := v.Key.(*stream); ok && st.id == id {
			return st
		}
	}
	return nil
}
