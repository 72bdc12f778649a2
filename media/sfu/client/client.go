// Package client takes part in a room with Pion, as a browser would: it sends pictures and sound that mean nothing but have all the
// marks an SFU looks at, asks for what it lost, and counts what it gets. It is for tests and benches.
package client

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/red"
)

// Options say what a client sends and takes.
type Options struct {
	Sound    bool              // sends a microphone
	Layers   []string          // sends a camera in these layers, smallest first; one empty name: without layers
	Spatial  bool              // sends a camera whose one stream has all layers (ShowAll)
	Hear     int               // places for sound
	See      int               // places for pictures
	Deaf     bool              // sends no feedback at all
	TCP      bool              // uses TCP alone
	Relay    *webrtc.ICEServer // uses this relay alone
	Repeat   bool              // sends sound again that is asked for
	Red      bool              // sends sound with that of the packet before, and takes it so (RFC 2198)
	LoseIn   float64           // of packets, 0 to 1, thrown away as they come
	LoseOut  float64           // as they go
	OnPacket func(p Packet)
}

// Packet is one that came.
type Packet struct {
	Mid     string
	Header  rtp.Header
	Payload []byte
	At      time.Time
}

const mimeRED = "audio/red"

// Client is one participant.
type Client struct {
	PC     *webrtc.PeerConnection
	opt    Options
	sound  *webrtc.TrackLocalStaticRTP
	layers []*layer
	mid    string // of the camera
	midID  uint8
	ridID  uint8
	level  uint8
	voice  string // mid of the microphone
	spoken []byte // the sound sent last
	svc    *svc
	whole  atomic.Bool // a whole picture is wanted of svc
	agreed sync.Once
	loss   *losing

	Pictures atomic.Uint64 // questions for a whole picture that came
	Nacks    atomic.Uint64 // packets that were asked for again
	Feedback atomic.Uint64 // transport-wide feedback that came

	mu      sync.Mutex
	counts  map[string]*Count
	connect chan struct{}
}

// Count is what came at a place.
type Count struct {
	Packets, Bytes, Gaps, Wholes uint64
	Height                       int // of the last whole picture
	Frames                       uint64
	seen                         bool
	next                         uint16
	missing                      map[uint16]bool
	Repaired                     uint64 // came though they had been missing
}

type layer struct {
	rid    string
	track  *webrtc.TrackLocalStaticRTP
	seq    uint16
	pic    uint16
	level0 uint8
	whole  atomic.Bool
}

// New makes a client that is not connected yet.
func New(opt Options) (*Client, error) {
	c := &Client{opt: opt, counts: map[string]*Count{}, connect: make(chan struct{}), loss: &losing{in: opt.LoseIn, out: opt.LoseOut}}
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	if opt.Repeat {
		m.RegisterFeedback(webrtc.RTCPFeedback{Type: "nack"}, webrtc.RTPCodecTypeAudio)
	}
	if opt.Red {
		with := webrtc.RTPCodecParameters{PayloadType: 63, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeRED, ClockRate: 48000, Channels: 2, SDPFmtpLine: "111/111"}}
		if err := m.RegisterCodec(with, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	r := &interceptor.Registry{}
	r.Add(c.loss)
	if err := webrtc.ConfigureSimulcastExtensionHeaders(m); err != nil {
		return nil, err
	}
	for _, k := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		m.RegisterFeedback(webrtc.RTCPFeedback{Type: "transport-cc"}, k)
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"}, k); err != nil {
			return nil, err
		}
	}
	for _, uri := range []string{"urn:ietf:params:rtp-hdrext:ssrc-audio-level", "urn:ietf:params:rtp-hdrext:sdes:mid"} {
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	if !opt.Deaf {
		if err := feedback(m, r); err != nil {
			return nil, err
		}
	}
	var e webrtc.SettingEngine
	e.SetIncludeLoopbackCandidate(true)
	e.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	if opt.TCP {
		e.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	}
	var cfg webrtc.Configuration
	if opt.Relay != nil {
		cfg.ICEServers, cfg.ICETransportPolicy = []webrtc.ICEServer{*opt.Relay}, webrtc.ICETransportPolicyRelay
	}
	var err error
	if c.PC, err = webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(e)).NewPeerConnection(cfg); err != nil {
		return nil, err
	}
	c.PC.OnTrack(c.track)
	var once sync.Once
	c.PC.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(c.connect) })
		}
	})
	if err := c.lines(); err != nil {
		return nil, err
	}
	return c, nil
}

func feedback(m *webrtc.MediaEngine, r *interceptor.Registry) error {
	gen, err := nack.NewGeneratorInterceptor(nack.GeneratorInterval(20 * time.Millisecond))
	if err != nil {
		return err
	}
	resp, err := nack.NewResponderInterceptor()
	if err != nil {
		return err
	}
	rr, err := report.NewReceiverInterceptor()
	if err != nil {
		return err
	}
	sr, err := report.NewSenderInterceptor()
	if err != nil {
		return err
	}
	cc, err := twcc.NewSenderInterceptor(twcc.SendInterval(100 * time.Millisecond))
	if err != nil {
		return err
	}
	header, err := twcc.NewHeaderExtensionInterceptor()
	if err != nil {
		return err
	}
	for _, f := range []interceptor.Factory{resp, gen, rr, sr, cc, header} {
		r.Add(f)
	}
	m.RegisterFeedback(webrtc.RTCPFeedback{Type: "nack"}, webrtc.RTPCodecTypeVideo)
	return nil
}

// lines makes what is offered.
func (c *Client) lines() error {
	send := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	if c.opt.Sound {
		mime := webrtc.MimeTypeOpus
		if c.opt.Red {
			mime = mimeRED
		}
		t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 48000, Channels: 2}, "microphone", "own")
		if err != nil {
			return err
		}
		tr, err := c.PC.AddTransceiverFromTrack(t, send)
		if err != nil {
			return err
		}
		c.sound = t
		go c.listen(tr.Sender(), "")
	}
	var tr *webrtc.RTPTransceiver
	for i, rid := range c.opt.Layers {
		var with []func(*webrtc.TrackLocalStaticRTP)
		if rid != "" {
			with = append(with, webrtc.WithRTPStreamID(rid))
		}
		t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "camera", "own", with...)
		if err != nil {
			return err
		}
		if i == 0 {
			tr, err = c.PC.AddTransceiverFromTrack(t, send)
		} else {
			err = tr.Sender().AddEncoding(t)
		}
		if err != nil {
			return err
		}
		l := &layer{rid: rid, track: t, seq: uint16(rand.IntN(30000)), pic: uint16(rand.IntN(0x8000))}
		l.whole.Store(true)
		c.layers = append(c.layers, l)
	}
	if c.opt.Spatial {
		var err error
		if c.svc, err = newSVC(); err != nil {
			return err
		}
		one, err := c.PC.AddTransceiverFromTrack(c.svc.track, send)
		if err != nil {
			return err
		}
		c.whole.Store(true)
		go c.listen(one.Sender(), "")
	}
	for _, l := range c.layers {
		go c.listen(tr.Sender(), l.rid)
	}
	// Always in the same order: who comes back has the places of before by their lines.
	for i := range c.opt.Hear + c.opt.See {
		kind := webrtc.RTPCodecTypeAudio
		if i >= c.opt.Hear {
			kind = webrtc.RTPCodecTypeVideo
		}
		if _, err := c.PC.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			return err
		}
	}
	return nil
}

// listen reads what is said of what is sent.
func (c *Client) listen(s *webrtc.RTPSender, rid string) {
	for {
		var all []rtcp.Packet
		var err error
		if rid == "" {
			all, _, err = s.ReadRTCP()
		} else {
			all, _, err = s.ReadSimulcastRTCP(rid)
		}
		if err != nil {
			return
		}
		for _, p := range all {
			switch p := p.(type) {
			case *rtcp.PictureLossIndication:
				c.Pictures.Add(1)
				c.whole.Store(true)
				for _, l := range c.layers {
					if l.rid == rid {
						l.whole.Store(true)
					}
				}
			case *rtcp.TransportLayerNack:
				for _, n := range p.Nacks {
					c.Nacks.Add(uint64(len(n.PacketList())))
				}
			case *rtcp.TransportLayerCC:
				c.Feedback.Add(1)
			}
		}
	}
}

// Connect offers by way of answer, and waits until media can flow.
func (c *Client) Connect(ctx context.Context, answer func(ctx context.Context, offer string) (string, error)) error {
	if err := c.Offer(ctx, nil, answer); err != nil {
		return err
	}
	select {
	case <-c.connect:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("client: connecting: %w", ctx.Err())
	}
}

// gathered waits until addresses are gathered. Pion's promise misses an end that comes while it is being made.
func (c *Client) gathered(ctx context.Context, promise <-chan struct{}) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for c.PC.ICEGatheringState() != webrtc.ICEGatheringStateComplete {
		select {
		case <-promise:
			return nil
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("client: gathering addresses: %w", ctx.Err())
		}
	}
	return nil
}

// Offer offers once more.
func (c *Client) Offer(ctx context.Context, opt *webrtc.OfferOptions, answer func(ctx context.Context, offer string) (string, error)) error {
	offer, err := c.PC.CreateOffer(opt)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(c.PC)
	if err := c.PC.SetLocalDescription(offer); err != nil {
		return err
	}
	if err := c.gathered(ctx, gathered); err != nil {
		return err
	}
	text, err := answer(ctx, c.PC.LocalDescription().SDP)
	if err != nil {
		return err
	}
	if err := c.PC.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: text}); err != nil {
		return err
	}
	c.agreed.Do(c.numbers)
	return nil
}

// numbers takes what was agreed on; it stays over further offers.
func (c *Client) numbers() {
	for _, tr := range c.PC.GetTransceivers() {
		s := tr.Sender()
		if tr.Direction() != webrtc.RTPTransceiverDirectionSendonly || s == nil {
			continue
		}
		if tr.Kind() == webrtc.RTPCodecTypeAudio {
			c.voice = tr.Mid()
		} else {
			c.mid = tr.Mid()
		}
		for _, x := range s.GetParameters().HeaderExtensions {
			switch x.URI {
			case "urn:ietf:params:rtp-hdrext:sdes:mid":
				c.midID = uint8(x.ID)
			case "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id":
				c.ridID = uint8(x.ID)
			case "urn:ietf:params:rtp-hdrext:ssrc-audio-level":
				c.level = uint8(x.ID)
			}
		}
	}
}

// Places are the mids of the places for pictures, or for sound.
func (c *Client) Places(kind webrtc.RTPCodecType) (mids []string) {
	for _, tr := range c.PC.GetTransceivers() {
		if tr.Kind() == kind && tr.Direction() == webrtc.RTPTransceiverDirectionRecvonly {
			mids = append(mids, tr.Mid())
		}
	}
	return mids
}

// Speak sends 20 ms of sound, n bytes at a level in -dBov.
func (c *Client) Speak(i int, n int, level uint8) error {
	return c.Talk(i, 20*time.Millisecond, n, level)
}

// Talk sends a packet of sound that lasts so long, n bytes at a level in -dBov; i counts packets.
func (c *Client) Talk(i int, ptime time.Duration, n int, level uint8) error {
	clock := uint32(i) * uint32(ptime/time.Millisecond) * 48
	p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: clock}, Payload: make([]byte, n)}
	p.Payload[0] = byte(i)
	stamp(p.Payload)
	if c.opt.Red {
		own := p.Payload
		var before []red.Part
		if i > 0 && c.spoken != nil {
			before = []red.Part{{Before: 960, Payload: c.spoken}}
		}
		p.Payload, c.spoken = red.Append(nil, 111, before, own), own
	}
	if err := mark(&p, c.level, 0x80|level); err != nil {
		return err
	}
	if err := mark(&p, c.midID, []byte(c.voice)...); err != nil {
		return err
	}
	return c.sound.WriteRTP(&p)
}

// mark sets a header extension that was agreed on.
func mark(p *rtp.Packet, id uint8, value ...byte) error {
	if id == 0 {
		return nil
	}
	return p.SetExtension(id, value)
}

// PacketSize is the payload of a packet of a picture, in bytes.
const PacketSize = 1000

// Show sends a picture in one layer, of so many packets, at a clock of 90 kHz. It is a whole one when that was asked for.
func (c *Client) Show(i int, clock uint32, packets int) error {
	l := c.layers[i]
	whole := l.whole.Swap(false)
	l.pic = (l.pic + 1) & 0x7FFF
	l.level0++
	for k := range packets {
		payload := make([]byte, PacketSize)
		payload[0], payload[1] = 0x80, 0xC0
		if k == 0 {
			payload[0] |= 0x10
		}
		payload[2], payload[3], payload[4] = 0x80|byte(l.pic>>8), byte(l.pic), l.level0
		if k == 0 {
			if whole {
				height := 180 << i
				copy(payload[5:], []byte{0, 0, 0, 0x9D, 1, 0x2A, byte(height * 16 / 9), byte(height * 16 / 9 >> 8), byte(height), byte(height >> 8)})
			} else {
				payload[5] = 1
			}
		}
		stamp(payload)
		p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: l.seq, Timestamp: clock, Marker: k == packets-1}, Payload: payload}
		l.seq++
		if l.rid != "" {
			if err := mark(&p, c.ridID, []byte(l.rid)...); err != nil {
				return err
			}
		}
		if err := mark(&p, c.midID, []byte(c.mid)...); err != nil {
			return err
		}
		if err := l.track.WriteRTP(&p); err != nil {
			return err
		}
	}
	return nil
}

// stampAt is where a payload tells when it was sent, in nanoseconds since 1970.
const stampAt = 20

func stamp(payload []byte) {
	if len(payload) >= stampAt+8 {
		binary.BigEndian.PutUint64(payload[stampAt:], uint64(time.Now().UnixNano()))
	}
}

// Took is how long the packet was on its way; 0 when it does not tell.
func (p Packet) Took() time.Duration {
	if len(p.Payload) < stampAt+8 {
		return 0
	}
	return p.At.Sub(time.Unix(0, int64(binary.BigEndian.Uint64(p.Payload[stampAt:]))))
}

// track reads what comes at a place.
func (c *Client) track(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	mid := r.RTPTransceiver().Mid()
	go func() {
		for {
			if _, _, err := r.ReadRTCP(); err != nil {
				return
			}
		}
	}()
	b := make([]byte, 1600)
	for {
		n, _, err := t.Read(b)
		if err != nil {
			return
		}
		var p rtp.Packet
		if p.Unmarshal(b[:n]) != nil {
			continue
		}
		c.take(mid, t.Kind(), &p)
	}
}

func (c *Client) take(mid string, kind webrtc.RTPCodecType, p *rtp.Packet) {
	c.mu.Lock()
	k := c.counts[mid]
	if k == nil {
		k = &Count{missing: map[uint16]bool{}}
		c.counts[mid] = k
	}
	k.Packets++
	k.Bytes += uint64(len(p.Payload))
	switch d := p.SequenceNumber - k.next; {
	case !k.seen:
		k.next, k.seen = p.SequenceNumber+1, true
	case d < 1<<15:
		for ; k.next != p.SequenceNumber; k.next++ {
			k.missing[k.next] = true
			k.Gaps++
		}
		k.next++
	case k.missing[p.SequenceNumber]:
		delete(k.missing, p.SequenceNumber)
		k.Repaired++
	}
	if kind == webrtc.RTPCodecTypeVideo {
		var v codecs.VP8Packet
		if body, err := v.Unmarshal(p.Payload); err == nil && v.S == 1 && len(body) > 10 && body[0]&1 == 0 {
			k.Wholes++
			k.Height = int(body[8]) | int(body[9])<<8
		}
		if p.Marker {
			k.Frames++
		}
	}
	c.mu.Unlock()
	if f := c.opt.OnPacket; f != nil {
		f(Packet{mid, p.Header, p.Payload, time.Now()})
	}
}

// Count is what came at a place until now.
func (c *Client) Count(mid string) Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.counts[mid]; k != nil {
		return *k
	}
	return Count{}
}

// Missing is how many packets did not come at a place and have not been repaired.
func (c *Client) Missing(mid string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.counts[mid]; k != nil {
		return len(k.missing)
	}
	return 0
}

// Lose changes the loss.
func (c *Client) Lose(in, out float64) { c.loss.set(in, out) }

// Close ends the client.
func (c *Client) Close() error { return c.PC.Close() }
