package load

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu"
)

// plain forwards as Pion's own examples do: a local track a publisher, bound to the connections of all who receive it, with the
// default interceptors.
type plain struct {
	mu     sync.Mutex
	tracks map[string]*webrtc.TrackLocalStaticRTP // by room and publisher
	names  map[string][]string
	conns  []*webrtc.PeerConnection
}

func newPlain() *plain {
	return &plain{tracks: map[string]*webrtc.TrackLocalStaticRTP{}, names: map[string][]string{}}
}

func (p *plain) join(ctx context.Context, room, id, offer string) (string, error) {
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return "", err
	}
	r := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(m, r); err != nil {
		return "", err
	}
	var e webrtc.SettingEngine
	e.SetIncludeLoopbackCandidate(true)
	e.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(e)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	p.conns = append(p.conns, pc)
	places := strings.Count(offer, "a=recvonly")
	for i := range places {
		names := p.names[room]
		if i >= len(names) {
			break
		}
		s, err := pc.AddTrack(p.tracks[room+"/"+names[i]])
		if err != nil {
			p.mu.Unlock()
			return "", err
		}
		go drain(s)
	}
	if strings.Contains(offer, "a=sendonly") {
		mime := webrtc.MimeTypeVP8
		if strings.Contains(offer, "m=audio") {
			mime = webrtc.MimeTypeOpus
		}
		t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, id, id)
		if err != nil {
			p.mu.Unlock()
			return "", err
		}
		p.tracks[room+"/"+id] = t
		p.names[room] = append(p.names[room], id)
		pc.OnTrack(func(in *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			b := make([]byte, 1600)
			for {
				n, _, err := in.Read(b)
				if err != nil {
					return
				}
				// Who cannot be written to does not get it; the others do.
				_, _ = t.Write(b[:n])
			}
		})
	}
	p.mu.Unlock()
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("load: %w", err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return pc.LocalDescription().SDP, nil
}

// drain reads the reports about a track: the interceptors see them only when they are read.
func drain(s *webrtc.RTPSender) {
	b := make([]byte, 1600)
	for {
		if _, _, err := s.Read(b); err != nil {
			return
		}
	}
}

func (p *plain) handle(*http.ServeMux) {}
func (p *plain) stats() sfu.Stats      { return sfu.Stats{} }

func (p *plain) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pc := range p.conns {
		_ = pc.Close()
	}
	return nil
}
