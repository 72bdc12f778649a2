package sfu

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/bwe"
	"gonghui/media/sfu/framed"
	"gonghui/media/sfu/pacer"
	"gonghui/media/sfu/srtp"
	"gonghui/media/sfu/twcc"
)

// peer is one connection of a participant: what Pion does for it, and its two halves, up (what it sends) and down (what it is sent).
// No lock of another peer is taken while one of its own is held.
type peer struct {
	who    *Participant
	server *Server
	shard  *shard
	pc     *webrtc.PeerConnection
	keys   srtp.Exporter
	placed sync.Mutex
	addr   netip.AddrPort // under placed
	tcp    bool           // so is this
	ended  atomic.Bool
	live   atomic.Bool // keys and address are there
	cookie uint32      // SSRC of what the server says of its own

	places int     // made so far
	spare  []*slot // made for offers that failed; under the participant's lock

	up   up
	down down
}

// up is what is known of what a participant sends.
type up struct {
	mu       sync.Mutex
	in       *srtp.In
	sections map[string]*published // by mid
	declared map[uint32]declared
	known    map[uint32]incoming
	came     twcc.Came
	cc       bool // transport-wide feedback was agreed on
	toldCC   time.Duration
	measured time.Duration
	rtt      time.Duration
	budget   float64 // bytes that may come now
	refilled time.Duration
	ears     float64 // datagrams of reports that are read now
	heard    time.Duration
	about    uint32 // some SSRC of the participant's
}

// published is a line on which a participant sends.
type published struct {
	section
	track   *Track
	streams [mostLayers]*stream
	height  int // at which it is shown at most, as last told, and one more; 0: not told
}

// declared says what an SSRC of the offer is.
type declared struct {
	mid    string
	repeat bool
}

// incoming is what an SSRC was found to be.
type incoming struct {
	stream *stream
	repeat bool
}

// down is what is known of what a participant is sent.
type down struct {
	mu      sync.Mutex
	out     *srtp.Out
	to      netip.AddrPort
	call    *framed.Conn // over TCP; nil over UDP
	slots   []*slot
	bySSRC  map[uint32]*slot
	cc      uint8 // id of the transport-wide number; 0: not agreed on
	sent    twcc.Sent
	waiting time.Duration // since then packets are sent of which nothing was told; 0: there are none
	knocked time.Duration
	since   time.Duration // the way of now is in use: what was sent before says nothing of it
	est     *bwe.Estimator
	pace    pacer.Pacer
	told    []twcc.Arrival
	match   []twcc.Packet

	listed   bool // in the shard's list of those who wait
	repeats  int  // packets repeated in the tick that began at repeated
	repeated time.Duration
	looked   int // packets looked for in this tick
	owed     int // bytes that may be sent again
	need     int // bits a second wanted
	rtt      time.Duration
	loss     float64

	depth   int // earlier packets of sound that go along with each
	covered time.Duration
}

func newPeer(who *Participant) (*peer, error) {
	s := who.room.server
	c := &peer{who: who, server: s, shard: s.shard(), cookie: s.ids.Add(1)}
	c.down.depth = 1 // nothing is known of its path yet
	c.up.sections, c.up.declared, c.up.known = map[string]*published{}, map[uint32]declared{}, map[uint32]incoming{}
	c.down.bySSRC = map[uint32]*slot{}
	api, err := c.api()
	if err != nil {
		return nil, err
	}
	if c.pc, err = api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{s.cert}}); err != nil {
		return nil, fmt.Errorf("sfu: making a connection: %w", err)
	}
	c.pc.SCTP().Transport().OnStateChange(func(st webrtc.DTLSTransportState) {
		if st == webrtc.DTLSTransportStateConnected {
			c.secured()
			// Pion would begin its own SRTP with these keys, which waits for what never comes and holds a sixth of a connection's
			// memory. The goroutine is the one that starts transports; Pion goes on behind it as behind a step that failed.
			runtime.Goexit()
		}
	})
	c.pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(c.moved)
	c.pc.OnConnectionStateChange(func(st webrtc.PeerConnectionState) {
		if st == webrtc.PeerConnectionStateFailed || st == webrtc.PeerConnectionStateClosed {
			who.dropped(c)
		}
	})
	return c, nil
}

// api is Pion with settings of this connection alone: the keys of its handshake come out through them.
func (c *peer) api() (*webrtc.API, error) {
	s := c.server
	here, err := s.machine.now()
	if err != nil {
		return nil, err
	}
	var e webrtc.SettingEngine
	e.LoggerFactory = quiet
	e.SetNet(here)
	e.SetLite(true)
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetICEUDPMux(s.mux)
	networks := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if s.tcpMux != nil {
		e.SetICETCPMux(s.tcpMux)
		networks = append(networks, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	e.SetNetworkTypes(networks)
	e.SetIncludeLoopbackCandidate(s.opt.Loopback)
	if len(s.opt.Announce) > 0 {
		rule := webrtc.ICEAddressRewriteRule{External: s.opt.Announce, AsCandidateType: webrtc.ICECandidateTypeHost}
		if err := e.SetICEAddressRewriteRules(rule); err != nil {
			return nil, fmt.Errorf("sfu: announced addresses: %w", err)
		}
	}
	e.SetICETimeouts(s.opt.Silence/3, s.opt.Silence*2/3, 2*time.Second)
	if err := e.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, fmt.Errorf("sfu: %w", err)
	}
	// One suite that hashes by SHA-256, and the profiles whose keys srtp knows to export. ICE has shown that the address is real.
	e.SetDTLSCipherSuites(dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	e.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	e.SetDTLSInsecureSkipHelloVerify(true)
	e.SetDTLSKeyLogWriter(&c.keys)
	e.SetDTLSServerHelloMessageHook(func(h handshake.MessageServerHello) handshake.Message {
		for _, x := range h.Extensions {
			if use, ok := x.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) == 1 {
				c.keys.Hello(h.Random.MarshalFixed(), srtp.Profile(use.ProtectionProfiles[0]))
			}
		}
		return &h
	})
	m, err := engine()
	if err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(e), webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&interceptor.Registry{})), nil
}

// mimeRED is sound with that of earlier packets (RFC 2198).
const mimeRED = "audio/red"

// engine is what codecs and header extensions are agreed on.
func engine() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	audio := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "transport-cc"}}
	video := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "ccm", Parameter: "fir"}, {Type: "transport-cc"}}
	type line struct {
		mime, fmtp string
		clock      uint32
		channels   uint16
		pt         webrtc.PayloadType
		kind       webrtc.RTPCodecType
		feedback   []webrtc.RTCPFeedback
	}
	lines := []line{{mimeRED, "111/111", 48000, 2, 63, webrtc.RTPCodecTypeAudio, audio}, {webrtc.MimeTypeOpus, "minptime=10;useinbandfec=1", 48000, 2, 111, webrtc.RTPCodecTypeAudio, audio}}
	for _, v := range []line{
		{mime: webrtc.MimeTypeVP8, pt: 96},
		{mime: webrtc.MimeTypeH264, fmtp: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", pt: 102},
		{mime: webrtc.MimeTypeVP9, fmtp: "profile-id=0", pt: 98},
	} {
		v.clock, v.kind, v.feedback = 90000, webrtc.RTPCodecTypeVideo, video
		lines = append(lines, v, line{mime: webrtc.MimeTypeRTX, fmtp: fmt.Sprintf("apt=%d", v.pt), clock: 90000, pt: v.pt + 1, kind: v.kind})
	}
	for _, l := range lines {
		if err := m.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: l.mime, ClockRate: l.clock, Channels: l.channels, SDPFmtpLine: l.fmtp, RTCPFeedback: l.feedback},
			PayloadType:        l.pt,
		}, l.kind); err != nil {
			return nil, fmt.Errorf("sfu: %s: %w", l.mime, err)
		}
	}
	for uri, kinds := range map[string][]webrtc.RTPCodecType{
		extMID: {webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}, extTWCC: {webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo},
		extRID: {webrtc.RTPCodecTypeVideo}, extRepair: {webrtc.RTPCodecTypeVideo}, extLevel: {webrtc.RTPCodecTypeAudio},
	} {
		for _, k := range kinds {
			if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, k); err != nil {
				return nil, fmt.Errorf("sfu: %s: %w", uri, err)
			}
		}
	}
	return m, nil
}

// negotiate answers an offer.
func (c *peer) negotiate(ctx context.Context, offer string, sources map[string]string, rights Rights) (_ string, err error) {
	lines, err := sections(offer)
	if err != nil {
		return "", err
	}
	if err := c.admit(lines, rights); err != nil {
		return "", err
	}
	var fresh []*slot
	for _, l := range lines {
		if l.direction != "recvonly" {
			c.drop(l.mid)
			continue
		}
		if c.slotOf(l.mid) == nil {
			s, err := c.newSlot(l)
			if err != nil {
				return "", err
			}
			fresh = append(fresh, s)
		}
	}
	defer func() {
		if err != nil {
			c.spare = append(c.spare, fresh...) // Pion keeps their lines for the next offer
		}
	}()
	if err = c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: lean(offer)}); err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err = c.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		err = fmt.Errorf("sfu: answering: %w", ctx.Err())
		return "", err
	}
	text := c.pc.LocalDescription().SDP
	agreed, err := sections(text)
	if err != nil {
		return "", err
	}
	c.agree(lines, agreed, sources)
	for _, s := range fresh {
		c.add(s)
	}
	return text, nil
}

// admit refuses an offer of more than the participant may have, before anything is made of it.
func (c *peer) admit(lines []section, rights Rights) error {
	sends, receives := 0, 0
	for _, l := range lines {
		switch l.direction {
		case "sendonly":
			sends++
		case "recvonly":
			receives++
		case "sendrecv":
			return fmt.Errorf("%w: line %q sends and receives", ErrOffer, l.mid)
		}
		if len(l.rids) > mostLayers {
			return fmt.Errorf("%w: line %q has more than %d layers", ErrOffer, l.mid, mostLayers)
		}
	}
	switch {
	case sends > 0 && !rights.Send:
		return fmt.Errorf("%w: the participant may not send", ErrOffer)
	case sends > rights.sources():
		return fmt.Errorf("%w: more than %d lines send", ErrOffer, rights.sources())
	case receives > rights.places():
		return fmt.Errorf("%w: more than %d places", ErrOffer, rights.places())
	}
	return nil
}

// agree takes over what the lines of an offer became: who sends on which, and by which numbers.
func (c *peer) agree(offered, agreed []section, sources map[string]string) {
	by := map[string]section{}
	for _, a := range agreed {
		by[a.mid] = a
	}
	var came, went []*published
	c.up.mu.Lock()
	c.up.declared = map[uint32]declared{} // an offer names all there are
	for _, o := range offered {
		a, ok := by[o.mid]
		old := c.up.sections[o.mid]
		if !ok || o.direction != "sendonly" || a.direction != "recvonly" {
			if old != nil {
				delete(c.up.sections, o.mid)
				went = append(went, old)
			}
			continue
		}
		if old == nil {
			source := sources[o.mid]
			if source == "" {
				source = map[string]string{"audio": Microphone, "video": Camera}[o.kind]
			}
			old = &published{track: c.who.room.track(c.who.id, source)}
			old.track.refs.Add(1)
			c.up.sections[o.mid] = old
			came = append(came, old)
		}
		old.section = a
		old.rids = o.rids
		if a.ext[extTWCC] != 0 {
			c.up.cc = true
		}
		for _, ssrc := range o.ssrcs {
			_, repeats := o.repairs[ssrc]
			c.up.declared[ssrc] = declared{o.mid, repeats}
		}
	}
	c.server.senders.put(c, len(c.up.sections) > 0)
	c.up.mu.Unlock()
	for _, p := range went {
		c.unpublish(p)
	}
	for _, p := range came {
		c.who.room.tell(Event{Kind: Published, Participant: c.who.id, Source: p.track.key.source}, c.who)
	}
}

// unpublish ends what came on a line.
func (c *peer) unpublish(p *published) {
	for i, s := range p.streams {
		if s == nil {
			continue
		}
		p.track.layers[i].CompareAndSwap(s, nil)
		if s.voice != nil {
			r := c.who.room
			r.voice.Lock()
			r.voices.Remove(s.voice)
			r.voice.Unlock()
		}
	}
	c.up.mu.Lock()
	for ssrc, in := range c.up.known {
		if in.stream.track == p.track {
			delete(c.up.known, ssrc)
			if c.up.in != nil {
				c.up.in.Forget(ssrc)
			}
		}
	}
	c.up.mu.Unlock()
	if p.track.refs.Add(-1) == 0 {
		c.who.room.forget(p.track)
	}
	c.who.room.tell(Event{Kind: Unpublished, Participant: c.who.id, Source: p.track.key.source}, c.who)
}

// secured takes the keys when the handshake is through.
func (c *peer) secured() {
	profile, keys, err := c.keys.Keys()
	if err != nil {
		c.server.opt.Log.Error("sfu: no keys", "participant", c.who.id, "error", err)
		return
	}
	in, err := srtp.NewIn(profile, keys.ClientKey, keys.ClientSalt)
	if err != nil {
		c.server.opt.Log.Error("sfu: no keys", "participant", c.who.id, "error", err)
		return
	}
	out, err := srtp.NewOut(profile, keys.ServerKey, keys.ServerSalt)
	if err != nil {
		c.server.opt.Log.Error("sfu: no keys", "participant", c.who.id, "error", err)
		return
	}
	c.up.mu.Lock()
	c.up.in = in
	c.up.mu.Unlock()
	c.down.mu.Lock()
	if c.down.out != nil {
		// A second time would count from the beginning with the same keys.
		c.down.mu.Unlock()
		return
	}
	c.down.out = out
	c.live.Store(c.down.to.IsValid())
	c.down.mu.Unlock()
}

// moved follows the address that ICE has chosen.
func (c *peer) moved(pair *webrtc.ICECandidatePair) {
	ip, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		return
	}
	to := netip.AddrPortFrom(ip.Unmap(), pair.Remote.Port)
	overTCP := pair.Remote.Protocol == webrtc.ICEProtocolTCP
	c.placed.Lock()
	defer c.placed.Unlock()
	if c.ended.Load() {
		return
	}
	c.leave()
	var call *framed.Conn
	if overTCP {
		call = c.server.calls.enter(c, to)
	} else {
		c.server.peers.move(c, netip.AddrPort{}, to)
	}
	c.addr, c.tcp = to, overTCP
	c.down.mu.Lock()
	if c.down.to.IsValid() && c.down.to != to {
		c.down.since, c.down.waiting = c.server.now(), 0
		if c.down.est != nil {
			c.down.est.Moved()
		}
	}
	c.down.to, c.down.call = to, call
	c.live.Store(c.down.out != nil && (call != nil || !overTCP))
	c.down.mu.Unlock()
}

// leave takes the connection off the address it has. The caller holds placed.
func (c *peer) leave() {
	if c.tcp {
		c.server.calls.move(c, c.addr, netip.AddrPort{})
	} else {
		c.server.peers.move(c, c.addr, netip.AddrPort{})
	}
}

func (c *peer) ready() bool { return c.live.Load() && !c.ended.Load() }

// close ends the connection. It may be called more than once.
func (c *peer) close() {
	if !c.ended.CompareAndSwap(false, true) {
		return
	}
	c.placed.Lock()
	c.leave()
	c.placed.Unlock()
	c.up.mu.Lock()
	gone := c.up.sections
	c.up.sections = map[string]*published{}
	c.up.mu.Unlock()
	for _, p := range gone {
		c.unpublish(p)
	}
	c.down.mu.Lock()
	slots := c.down.slots
	c.down.slots, c.down.out = nil, nil
	c.down.mu.Unlock()
	for _, s := range slots {
		s.leave(c.who.room)
	}
	// Pion waits for its own goroutines, one of which may have called.
	go func() { _ = c.pc.Close() }()
}
