package sfu

import (
	"encoding/binary"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/wire"
)

// media takes a packet of sound or picture. b is the reader's buffer, and is decrypted in place.
func (c *peer) media(b []byte) {
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
	ext, plain, ok := s.take(&h, plain, in.repeat, now)
	if !ok {
		u.mu.Unlock()
		return
	}
	place := -1
	if s.codec.Audio() {
		level := uint8(127)
		if x := h.Extension(plain, section.ext[extLevel]); len(x) == 1 {
			level = x[0] & 0x7F
		}
		place = c.who.room.level(s.voice, level, now)
	}
	u.mu.Unlock()
	s.deliver(ext, place)
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
			s.voice = old.voice
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
// or is of no use.
func (s *stream) take(h *wire.Header, b []byte, repeat bool, now time.Duration) (uint64, []byte, bool) {
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
	s.bytes += len(b)
	s.last = now
	if s.bits.Load() == 0 {
		s.fresh.Store(true) // it begins, or begins again
	}
	if !s.cache.Put(ext, b) {
		return 0, b, false
	}
	if s.codec.Audio() {
		return ext, b, true
	}
	if !s.lost.Seen(ext, now) {
		s.need.Store(true)
	}
	payload := b[h.Payload:h.End]
	if s.codec.Whole(payload) {
		s.picture.Came()
		if _, height, ok := codec.SizeVP8(payload); ok {
			s.height.Store(int32(height))
		}
	}
	return ext, b, true
}

// deliver hands a packet to the shards that have somebody for it.
func (s *stream) deliver(ext uint64, place int) {
	audience := s.track.viewers
	if s.codec.Audio() {
		if place < 0 || place >= len(s.track.room.heard) {
			return
		}
		audience = s.track.room.heard[place]
	}
	for i := range audience.slots {
		if audience.slots[i].Load() != nil {
			s.peer.server.shards[i].push(item{s, audience, ext})
		}
	}
}
