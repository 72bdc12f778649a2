package sfu

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/gso"
	"gonghui/media/sfu/srtp"
)

// forwarding is a stream and those who get it, without ICE and DTLS: the forward path alone.
type forwarding struct {
	server   *Server
	from     *peer
	stream   *stream
	shard    *shard
	packet   []byte
	seq      uint16
	picks    uint16
	together together
}

func newForwarding(t testing.TB, receivers int, sound bool) *forwarding {
	t.Helper()
	conn, err := gso.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sink, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); sink.Close() })
	opt := Options{}
	opt.fill()
	s := &Server{opt: opt, conn: conn, start: time.Now(), rooms: map[string]*Room{}}
	s.senders.set = map[*peer]struct{}{}
	s.spare.New = func() any { return new(scratch) }
	s.shards = []*shard{newShard(s)}
	room := newRoom(s, "room")
	f := &forwarding{server: s, shard: s.shards[0]}
	f.from = &peer{who: &Participant{id: "from", room: room}, server: s, shard: f.shard}
	track := room.track("from", Camera)
	c, clock := codec.VP8, uint32(90000)
	if sound {
		c, clock = codec.Opus, 48000
	}
	f.stream = newStream(1, track, f.from, 0, c, clock, 7)
	track.layers[0].Store(f.stream)
	f.stream.voice = room.voices.Add(f.stream)
	for i := range receivers {
		p := &peer{who: &Participant{id: string(rune('A' + i)), room: room}, server: s, shard: f.shard}
		out, err := srtp.NewOut(srtp.AES128GCM, make([]byte, 16), make([]byte, 12))
		if err != nil {
			t.Fatal(err)
		}
		p.down.out, p.down.to, p.down.cc = out, sink.LocalAddr().(*net.UDPAddr).AddrPort(), 4
		p.down.to = netip.AddrPortFrom(p.down.to.Addr().Unmap(), p.down.to.Port())
		place := &slot{peer: p, kind: webrtc.RTPCodecTypeVideo, place: -1, bound: true, ssrc: uint32(100 + i), want: 1}
		place.types[c] = 96
		place.state.ClockRate = clock
		if sound {
			place.kind, place.place = webrtc.RTPCodecTypeAudio, 0
			room.heard[0].add(place)
		} else {
			place.track.Store(track)
			track.viewers.add(place)
		}
	}
	payload := make([]byte, 1040)
	copy(payload, []byte{0x90, 0x80, 0x81, 0x01, 0x00})
	if sound {
		payload = payload[:90]
	}
	pkt := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 96, SSRC: 7, Extension: true, ExtensionProfile: 0xBEDE}, Payload: payload}
	if err := pkt.SetExtension(4, []byte{1, 2}); err != nil {
		t.Fatal(err)
	}
	if f.packet, err = pkt.Marshal(); err != nil {
		t.Fatal(err)
	}
	return f
}

// send lets one packet come and go out to all.
func (f *forwarding) send(t testing.TB) {
	f.seq++
	f.packet[1] = 96
	if f.seq%4 == 0 {
		f.packet[1] |= 0x80
		f.picks++
	}
	f.packet[2], f.packet[3] = byte(f.seq>>8), byte(f.seq)
	f.packet[6], f.packet[7] = byte(f.picks>>8), byte(f.picks)
	now := f.server.now()
	ext, ok := f.stream.seen.Observe(f.seq, uint32(f.picks), now)
	if !ok || !f.stream.cache.Put(ext, f.packet) {
		t.Fatal("the packet was not kept")
	}
	to := f.stream.track.viewers
	if f.stream.codec.Audio() {
		to = f.stream.track.room.heard[0]
	}
	if f.stream.codec.Audio() {
		f.shard.forward([]item{{stream: f.stream, to: to, together: together{first: ext, mask: 1}}}, now)
		return
	}
	if f.together.mask == 0 {
		f.together.first = ext
	}
	f.together.mask |= 1 << (ext - f.together.first)
	if f.seq%4 == 0 {
		f.shard.forward([]item{{stream: f.stream, to: to, together: f.together}}, now)
		f.together.mask = 0
	}
}

func TestForwardAllocatesNothing(t *testing.T) {
	if raced {
		t.Skip("under the race detector a sync.Pool forgets at random")
	}
	for name, sound := range map[string]bool{"pictures": false, "sound": true, "sound with what came before": true} {
		f := newForwarding(t, 10, sound)
		if name == "sound with what came before" {
			for _, place := range *f.stream.track.room.heard[0].slots[0].Load() {
				place.red, place.peer.down.depth = 63, 3
			}
		}
		for range 200 {
			f.send(t)
		}
		if n := testing.AllocsPerRun(400, func() { f.send(t) }); n > 0.1 {
			t.Errorf("%s: %v allocations for a packet to ten", name, n)
		}
		if sent, _, failed := f.server.conn.Count(); sent == 0 || failed > 0 {
			t.Errorf("%s: %d went, %d failed", name, sent, failed)
		}
	}
}

// What several say at the same time goes to each by one call, and by more, but all of it, where places stand in another order.
func TestVoicesTogether(t *testing.T) {
	for name, row := range map[string]struct {
		turned bool
		calls  uint64
	}{"places in the same order": {false, 10}, "places in another": {true, 20}} {
		f := newForwarding(t, 10, true)
		room := f.stream.track.room
		second := newStream(2, room.track("second", Microphone), &peer{who: &Participant{id: "second", room: room}}, 0, codec.Opus, 48000, 8)
		places := *room.heard[0].slots[0].Load()
		for i := range places {
			if row.turned {
				i = len(places) - 1 - i
			}
			place := &slot{peer: places[i].peer, kind: webrtc.RTPCodecTypeAudio, place: 1, bound: true, ssrc: uint32(200 + i), types: places[i].types}
			place.state.ClockRate = 48000
			room.heard[1].add(place)
		}
		now := f.server.now()
		var items []item
		for i, s := range []*stream{f.stream, second} {
			ext, ok := s.seen.Observe(1, 1, now)
			if !ok || !s.cache.Put(ext, f.packet) {
				t.Fatal("the packet was not kept")
			}
			items = append(items, item{stream: s, to: room.heard[i], together: together{first: ext, mask: 1}})
		}
		if n := f.shard.side(append(items, item{peer: f.from})); n != 2 {
			t.Errorf("%s: %d items side by side", name, n)
		}
		full := item{stream: f.stream, to: room.heard[0], together: together{first: 1, mask: 1<<15 | 0xFF}}
		if n := f.shard.side([]item{full, items[0], full}); n != 2 {
			t.Errorf("%s: %d items side by side, of which a third has no room", name, n)
		}
		f.shard.forward(items, now)
		if sent, calls, failed := f.server.conn.Count(); sent != 20 || calls != row.calls || failed != 0 {
			t.Errorf("%s: %d went by %d calls, %d failed", name, sent, calls, failed)
		}
		for _, audience := range room.heard[:2] {
			for _, place := range *audience.slots[0].Load() {
				if place.packets != 1 {
					t.Errorf("%s: place %d got %d packets", name, place.ssrc, place.packets)
				}
			}
		}
	}
}

func BenchmarkForward(b *testing.B) {
	for name, c := range map[string]struct {
		receivers int
		sound     bool
		single    bool
	}{"pictures to 100": {100, false, false}, "pictures to 100, one by one": {100, false, true}, "sound to 60": {60, true, false}} {
		b.Run(name, func(b *testing.B) {
			f := newForwarding(b, c.receivers, c.sound)
			if c.single {
				f.server.conn.Single()
			}
			b.ReportAllocs()
			for b.Loop() {
				f.send(b)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.receivers), "ns/delivered")
		})
	}
}
