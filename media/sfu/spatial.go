package sfu

import (
	"sync/atomic"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/layers"
	"gonghui/media/sfu/thin"
)

// One stream may have several spatial layers (SVC): VP9 says of each packet which it is of (RFC 9628). Each receiver gets those up to one,
// numbered without gaps; a larger one begins with a whole picture, a smaller one with any.

// spatial is what is known of the layers of a stream. What is not atomic is under peer.up.
type spatial struct {
	bytes  [mostLayers]int
	count  atomic.Int32 // 0: the stream has no layers of its own
	bits   [mostLayers]atomic.Int64
	height [mostLayers]atomic.Int32
}

// layered tells whether the stream has layers.
func (s *spatial) layered() bool { return s.count.Load() > 1 }

// note takes a packet of so many bytes.
func (s *spatial) note(payload []byte, bytes int) {
	d, ok := codec.ReadVP9(payload)
	if !ok || !d.Layered {
		return
	}
	at := min(int(d.Spatial), mostLayers-1)
	s.bytes[at] += bytes
	if d.Layers > 0 {
		s.count.Store(int32(min(d.Layers, mostLayers)))
		for i := range min(d.Layers, mostLayers) {
			s.height[i].Store(int32(d.Heights[i]))
		}
	} else if n := int32(at + 1); n > s.count.Load() {
		s.count.Store(n)
	}
}

func (s *spatial) measure(over time.Duration) {
	for i := range s.bytes {
		bits := int64(float64(s.bytes[i]*8) / over.Seconds())
		s.bytes[i] = 0
		if old := s.bits[i].Load(); bits > 0 && old > 0 {
			bits = (old + bits) / 2
		}
		s.bits[i].Store(bits)
	}
}

// offer is what a choice knows of the layers: each needs those below it.
func (s *spatial) offer(of *stream, into *[mostLayers]layers.Layer) int {
	n := int(s.count.Load())
	sum := 0
	for i := range n {
		bits := int(s.bits[i].Load())
		if bits == 0 && of.fresh.Load() {
			bits = guessBits[i]
		}
		height := int(s.height[i].Load())
		if height == 0 {
			height = guessHeight[i]
		}
		into[i] = layers.Layer{Height: height}
		if bits > 0 {
			sum += bits
			into[i].Bits = sum
		}
	}
	return n
}

// choosePart decides whether a packet of a layer goes through the place, and makes of it what goes: with the number it has there. begins: it is
// the first of its stream.
func (s *slot) choosePart(p, out *packet, begins bool) bool {
	if s.thin == nil || s.thin.Source != p.stream.id {
		s.thin = &thin.Map{Source: p.stream.id}
	}
	d := &p.vp9
	if d.Begins && d.Spatial == 0 && p.ext > s.thin.Newest() && (p.whole || s.wantTop < s.top) || begins {
		s.top = s.wantTop
	}
	if int(d.Spatial) > s.top {
		s.thin.Drop(p.ext)
		return false
	}
	ext, ok := s.thin.Pass(p.ext)
	if !ok {
		return false
	}
	*out = *p
	out.number(ext)
	// The last packet of a picture says so.
	out.marker = p.marker || d.Ends && int(d.Spatial) == s.top
	return true
}

// number gives a packet the number it has where layers are left out.
func (p *packet) number(ext uint64) {
	p.numbers.Sequence -= uint16(p.ext - ext)
	p.ext = ext
}

// renumber is for a packet that went through the place before; false when that is too long ago.
func (s *slot) renumber(p *packet) bool {
	if !p.vp9.Layered {
		return true
	}
	if s.thin == nil || s.thin.Source != p.stream.id {
		return false
	}
	ext, ok := s.thin.Of(p.ext)
	if !ok {
		return false
	}
	if _, more := s.thin.Of(p.ext + 1); !more {
		p.marker = p.marker || p.vp9.Ends
	}
	p.number(ext)
	return true
}

// cached is the number in the cache of what a stream sent to the place under a number.
func (s *slot) cached(st *stream, ext uint64) (uint64, bool) {
	if s.thin != nil && s.thin.Source == st.id {
		return s.thin.Back(ext)
	}
	return ext, !st.parts.layered()
}
