package sfu

import (
	"encoding/binary"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/red"
	"gonghui/media/sfu/wire"
)

// media takes a packet of sound or picture. b is the reader's buffer, and is decrypted in place; out is the reader's.
func (c *peer) media(b []byte, out *outbox) {
	now := c.server.now()
	var h wire.Header
	u := &c.up
	u.mu.Lock()
	if u.in == nil || !u.allows(len(b), c.server.opt.Upload, now) {
		u.mu.Unlock()
		return
	}
	plain, err := u.in.Open(b, &h)
	if err != nil {
		u.mu.Unlock()
		return
	}
	in, ok := u.known[h.SSRC]
	if !ok {
		if in, ok = c.identify(&h, plain); !ok {
			u.mu.Unlock()
			return
		}
	}
	s := in.stream
	section := u.sections[s.line]
	if section == nil {
		u.mu.Unlock()
		return
	}
	if id := section.ext[extTWCC]; id != 0 {
		if x := h.Extension(plain, id); len(x) == 2 {
			u.came.Note(binary.BigEndian.Uint16(x), now)
		}
	}
	// What is held is not even kept: nobody can ask for it afterwards.
	if s.track.held.Load() {
		s.shut, s.coming.mask = true, 0
		u.mu.Unlock()
		return
	}
	var back [red.Most]uint64
	restored := 0
	ext, plain, ok := s.take(&h, plain, in.repeat, section, &back, &restored, now)
	if !ok {
		u.mu.Unlock()
		return
	}
	tap := c.who.room.tap.Load()
	if !s.codec.Audio() {
		before, all := s.gather(&h, ext, in.repeat, now)
		u.mu.Unlock()
		if tap != nil {
			tap.push(tapped{at: now, stream: s, ext: ext})
		}
		s.deliver(before, s.track.viewers, out)
		s.deliver(all, s.track.viewers, out)
		return
	}
	level := uint8(127)
	if x := h.Extension(plain, section.ext[extLevel]); len(x) == 1 {
		level = x[0] & 0x7F
	}
	place := c.who.room.level(s.voice, level, now)
	u.mu.Unlock()
	if tap != nil {
		for _, e := range back[:restored] {
			tap.push(tapped{at: now, stream: s, ext: e})
		}
		tap.push(tapped{at: now, stream: s, ext: ext})
	}
	heard := s.track.room.heard
	if place < 0 || place >= len(heard) {
		return
	}
	for _, e := range back[:restored] {
		s.deliver(together{first: e, mask: 1}, heard[place], out)
	}
	s.deliver(together{first: ext, mask: 1}, heard[place], out)
}

// allows takes n bytes out of what the participant may send: a second of it at once, and then as it comes in.
func (u *up) allows(n, bits int, now time.Duration) bool {
	full := float64(bits) / 8
	u.budget = min(u.budget+full*(now-u.refilled).Seconds(), full)
	u.refilled = now
	if u.budget < float64(n) {
		return false
	}
	u.budget -= float64(n)
	return true
}

// identify finds out what a new SSRC is: by the extensions that carry its line and layer, or by the offer.
func (c *peer) identify(h *wire.Header, b []byte) (incoming, bool) {
	u := &c.up
	mid, layer, repeat := "", 0, false
	if d, ok := u.declared[h.SSRC]; ok {
		mid, repeat = d.mid, d.repeat
	}
	for name, p := range u.sections {
		if x := h.Extension(b, p.ext[extMID]); len(x) > 0 && string(x) == name {
			mid = name
		}
	}
	p := u.sections[mid]
	if p == nil {
		return incoming{}, false
	}
	if len(p.rids) > 0 {
		rid := h.Extension(b, p.ext[extRID])
		if x := h.Extension(b, p.ext[extRepair]); len(x) > 0 {
			rid, repeat = x, true
		}
		layer = -1
		for i, r := range p.rids {
			if r == string(rid) {
				layer = i
			}
		}
		if layer < 0 {
			return incoming{}, false
		}
	}
	pay, ok := p.payloads[h.PayloadType]
	if !ok {
		return incoming{}, false
	}
	if pay.repeats {
		repeat = true
		of, ok := p.payloads[pay.of]
		if !ok || of.repeats {
			return incoming{}, false
		}
		pay = of
	}
	if pay.red {
		pay.codec = codec.Opus
	}
	if pay.codec.Audio() != (p.kind == "audio") || len(u.known) >= 2*mostLayers*len(u.sections)+8 {
		return incoming{}, false
	}
	s := p.streams[layer]
	if s == nil || !repeat && s.ssrc != 0 && s.ssrc != h.SSRC {
		if repeat {
			return incoming{}, false // nothing there yet that could be repeated
		}
		s = newStream(c.server.ids.Add(1), p.track, c, layer, pay.codec, pay.clock, h.SSRC)
		s.line = p.mid
		if old := p.streams[layer]; old != nil && old.voice != nil {
			r := c.who.room
			r.voice.Lock()
			s.voice = old.voice
			s.voice.Key = s
			r.voice.Unlock()
		} else if s.codec.Audio() {
			r := c.who.room
			r.voice.Lock()
			s.voice = r.voices.Add(s)
			r.voice.Unlock()
		}
		p.streams[layer] = s
		p.track.layers[layer].Store(s)
		u.about = h.SSRC
	}
	in := incoming{s, repeat}
	u.known[h.SSRC] = in
	return in, true
}

// take keeps a packet, and returns its extended number and how it lies now; false when it is not to be sent on: one that came before,
// or is of no use. What it brought of earlier packets is kept, too, and noted in back.
func (s *stream) take(h *wire.Header, b []byte, repeat bool, of *published, back *[red.Most]uint64, restored *int, now time.Duration) (uint64, []byte, bool) {
	var ext uint64
	var ok bool
	b = b[:h.End]
	b[0] &^= 0x20
	if repeat {
		// The number of what is repeated stands before the payload: the header moves over it.
		if h.End-h.Payload < 2 {
			return 0, b, false
		}
		seq := binary.BigEndian.Uint16(b[h.Payload:])
		copy(b[2:], b[:h.Payload])
		b = b[2:]
		binary.BigEndian.PutUint16(b[2:], seq)
		if err := h.Parse(b); err != nil {
			return 0, b, false
		}
		if ext, ok = s.seen.Place(seq); !ok {
			return 0, b, false
		}
	} else if ext, ok = s.seen.Observe(h.Sequence, h.Timestamp, now); !ok {
		return 0, b, false
	}
	if s.shut {
		if repeat {
			return 0, b, false // of the time when nothing went out
		}
		s.shut, s.floor = false, ext
		s.lost.Forget()
	}
	if ext < s.floor {
		return 0, b, false
	}
	s.bytes += len(b)
	s.last = now
	if s.codec.Audio() && of.wrapped(h.PayloadType) {
		if b, *restored, ok = s.unwrap(h, b, ext, &of.section, back, now); !ok {
			return 0, b, false
		}
	}
	if s.bits.Load() == 0 {
		s.fresh.Store(true) // it begins, or begins again
	}
	if !s.cache.Put(ext, b) {
		return 0, b, false
	}
	if mend := s.lost.Seen(ext, now); s.codec.Audio() {
		return ext, b, true
	} else if !mend {
		s.need.Store(true)
	}
	payload := b[h.Payload:h.End]
	if s.codec == codec.VP9 {
		s.parts.note(payload, len(b))
	}
	if s.codec.Whole(payload) {
		s.picture.Came()
		if _, height, ok := codec.SizeVP8(payload); ok {
			s.height.Store(int32(height))
		}
	}
	return ext, b, true
}

// together are packets of one picture, by their extended numbers.
type together struct {
	first uint64
	mask  uint16 // bit i: first+i is there
}

// coming is a picture of which not all has come. It is sent on as a whole: a receiver shows it no sooner, and to send it to each one
// at once costs a third of sending its packets one by one.
type coming struct {
	together
	stamp uint32
	since time.Duration
}

// patience is how long a picture may take to become complete before what there is of it is sent.
const patience = 10 * time.Millisecond

// gather takes a packet of a picture, and returns what is to be sent now: the rest of a picture that has ended without its last
// packet, and what is complete.
func (s *stream) gather(h *wire.Header, ext uint64, repeat bool, now time.Duration) (before, all together) {
	g := &s.coming
	if repeat || ext != s.seen.Highest() {
		return together{}, together{first: ext, mask: 1} // late: somebody waits for it
	}
	if g.mask != 0 && (g.stamp != h.Timestamp || ext-g.first >= 16) {
		before, g.mask = g.together, 0
	}
	if g.mask == 0 {
		*g = coming{together{first: ext}, h.Timestamp, now}
	}
	g.mask |= 1 << (ext - g.first)
	if h.Marker || ext-g.first == 15 || now-g.since >= patience {
		all, g.mask = g.together, 0
	}
	return before, all
}

// overdue is what has waited too long for the rest of its picture.
func (s *stream) overdue(now time.Duration) (t together) {
	if g := &s.coming; g.mask != 0 && now-g.since >= patience {
		t, g.mask = g.together, 0
	}
	return t
}

// deliver hands packets to the shards that have somebody for them: by way of out, or at once without one.
func (s *stream) deliver(t together, to *audience, out *outbox) {
	if t.mask == 0 {
		return
	}
	for i := range to.slots {
		if to.slots[i].Load() == nil {
			continue
		}
		if next := (item{stream: s, to: to, together: t}); out != nil {
			out.items[i] = append(out.items[i], next)
		} else {
			s.peer.server.shards[i].push(next)
		}
	}
}

// outbox is what a goroutine that reads has for the shards: each is woken once for all that came together.
type outbox struct{ items [][]item }

func (s *Server) outbox() *outbox { return &outbox{make([][]item, len(s.shards))} }

// empty hands over what there is.
func (o *outbox) empty(s *Server) {
	for i, items := range o.items {
		if len(items) > 0 {
			s.shards[i].push(items...)
			clear(items)
			o.items[i] = items[:0]
		}
	}
}
