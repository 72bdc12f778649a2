package sfu

import (
	"sync/atomic"
	"time"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/jitter"
	"gonghui/media/sfu/nack"
	"gonghui/media/sfu/packetcache"
	"gonghui/media/sfu/speaker"
	"gonghui/media/sfu/wire"
)

// Sources of tracks. Others may be named as well.
const (
	Camera      = "camera"
	Microphone  = "microphone"
	Screen      = "screen"
	ScreenSound = "screen-sound"
)

// mostLayers is how many codings of one video are taken.
const mostLayers = 3

// Track is what one participant sends from one source, in up to three layers. It outlives a connection: who looks at it sees it
// again when its sender is back.
type Track struct {
	key     trackKey
	room    *Room
	layers  [mostLayers]atomic.Pointer[stream]
	viewers *audience
	refs    atomic.Int32 // senders and viewers
	held    atomic.Bool  // what comes does not go out
}

// stream is one layer of a track, from one connection.
type stream struct {
	id    uint32
	track *Track
	peer  *peer
	layer int
	line  string // mid
	codec codec.Codec
	clock uint32
	ssrc  uint32
	cache *packetcache.Cache

	// under peer.up
	seen    jitter.Receiver
	lost    nack.Lost
	picture nack.Picture
	voice   *speaker.Voice
	coming  coming
	bytes   int
	report  wire.SenderInfo
	told    time.Duration // the last sender report came
	last    time.Duration // the last packet came

	floor uint64 // nothing before goes out: it came while the source was held
	shut  bool   // the next packet is the first that may go out

	parts spatial // where one stream has several layers

	need   atomic.Bool  // a viewer needs a whole picture
	fresh  atomic.Bool  // something comes, but is not measured yet
	bits   atomic.Int64 // a second, as measured
	height atomic.Int32 // of the picture
	point  atomic.Pointer[clockPoint]
}

// clockPoint ties the stream's clock to the server's.
type clockPoint struct {
	at  time.Duration
	rtp uint32
}

// Of layers of which nothing is known yet, from the smallest: bits a second and height.
var (
	guessBits   = [mostLayers]int{150_000, 500_000, 1_500_000}
	guessHeight = [mostLayers]int{180, 360, 720}
)

// Sizes of the caches of streams: about a second.
var cacheBytes = [mostLayers]int{128 << 10, 256 << 10, 512 << 10}

func newStream(id uint32, t *Track, p *peer, layer int, c codec.Codec, clock, ssrc uint32) *stream {
	s := &stream{id: id, track: t, peer: p, layer: layer, codec: c, clock: clock, ssrc: ssrc}
	s.seen.ClockRate = clock
	s.picture.Every = 500 * time.Millisecond
	if c.Audio() {
		s.lost.Patience = soundPatience
		s.cache = packetcache.New(16<<10, 128)
	} else {
		s.cache = packetcache.New(cacheBytes[layer], 1024)
	}
	return s
}

// soundPatience is how long lost sound may come back with the packets after it before it is asked for.
const soundPatience = 30 * time.Millisecond

// measure is called once a second.
func (s *stream) measure(over time.Duration) {
	s.fresh.Store(false)
	bits := int64(float64(s.bytes*8) / over.Seconds())
	s.bytes = 0
	if old := s.bits.Load(); bits > 0 && old > 0 {
		bits = (old + bits) / 2
	}
	s.bits.Store(bits)
	s.parts.measure(over)
}
