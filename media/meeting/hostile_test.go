package meeting

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/sfu/client"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// attacker is a client that does not behave, over a real WebSocket. What the server says to it is kept in short.
type attacker struct {
	ws      *websocket.Conn
	mu      sync.Mutex
	reasons map[string]int // of refusals
	answers int
	gone    chan struct{}
}

func (s *stage) attack(t *testing.T, as context.Context, socket string) *attacker {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = s.socket(w, r.WithContext(as)) }))
	t.Cleanup(srv.Close)
	ws, _, err := websocket.Dial(t.Context(), srv.URL+socket, nil)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(1 << 22)
	a := &attacker{ws: ws, reasons: map[string]int{}, gone: make(chan struct{})}
	t.Cleanup(func() { _ = ws.CloseNow() })
	go func() {
		defer close(a.gone)
		for {
			_, raw, err := ws.Read(context.Background())
			if err != nil {
				return
			}
			var m signalv1.FromServer
			if err := protojson.Unmarshal(raw, &m); err != nil {
				t.Errorf("the server says %.80q", raw)
				return
			}
			a.mu.Lock()
			a.answers++
			if r := m.GetRefused().GetReason(); r != "" {
				a.reasons[r]++
			}
			a.mu.Unlock()
		}
	}()
	return a
}

// send is false when the server has hung up.
func (a *attacker) send(kind websocket.MessageType, b []byte) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return a.ws.Write(ctx, kind, b) == nil
}

func (a *attacker) hungUp(t *testing.T, what string) {
	t.Helper()
	select {
	case <-a.gone:
	case <-time.After(20 * time.Second):
		t.Errorf("%s: still connected", what)
	}
}

// garbled are messages of the protocol with values of other kinds, other lengths, other names and in other places, by a seed.
func garbled(rng *rand.Rand) []byte {
	values := []func() any{
		func() any { return nil }, func() any { return true }, func() any { return -1 }, func() any { return 1e300 }, func() any { return "" },
		func() any { return strings.Repeat("长", rng.IntN(3000)) }, func() any { return string([]byte{0xFF, 0, 0xC0}) },
		func() any { return []any{} }, func() any { return map[string]any{"": map[string]any{}} }, func() any { return []any{[]any{[]any{}}} },
		func() any {
			return "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" + strings.Repeat("a=rtpmap:111 opus/48000/2\r\n", rng.IntN(50))
		},
		func() any { return map[string]any{"sdp": "v=0\r\n", "fresh": "yes", "sources": []any{1}} },
		func() any {
			return map[string]any{"views": []any{map[string]any{"mid": "1", "participant": "x", "height": 1 << 40}}}
		},
	}
	names := []string{"join", "offer", "show", "ping", "leave?", "own", "say", "recall", "act", "relays", "id", "sdp", "views", "token", "room", "version", "joined", "event", "\x00"}
	m := map[string]any{"id": "1"}
	for range 1 + rng.IntN(3) {
		m[names[rng.IntN(len(names))]] = values[rng.IntN(len(values))]()
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return []byte("{")
	}
	if rng.IntN(3) == 0 && len(raw) > 2 {
		raw[rng.IntN(len(raw))] ^= byte(1 << rng.IntN(8))
	}
	return raw
}

// Whatever comes over the WebSocket, from strangers and from those who have a seat, is refused for its own fault and never for the server's,
// who goes on is hung up on, and a meeting beside it does not notice.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, member := s.as("officer", "刘主席"), s.as("member", "王会员")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a, b := s.sits(t, host, m), s.sits(t, member, m)
	shows, sees := a.media(client.Options{Layers: []string{""}}), b.media(client.Options{See: 1})
	if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Camera: proto.Bool(true)}}}); got.GetDone() == nil {
		t.Fatalf("own: %v", got)
	}
	eye := sees.Places(webrtc.RTPCodecTypeVideo)[0]
	view := &signalv1.View{Mid: eye, Participant: a.id, Source: "camera", Height: 180}
	if got := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{view}}}}); got.GetDone() == nil {
		t.Fatalf("show: %v", got)
	}
	n := uint32(0)
	flows := func(what string) {
		t.Helper()
		before := sees.Count(eye).Frames
		eventually(t, what, func() bool {
			n++
			return shows.Show(0, n*900, 1) == nil && sees.Count(eye).Frames > before+5
		})
	}
	flows("pictures")
	routines := runtime.NumGoroutine()

	// seated is an attacker with a seat; unseated one that has shown no token.
	attack := func(seated bool, as string) *attacker {
		who := s.as("member", as)
		k, err := s.JoinMeeting(who, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
		if err != nil {
			t.Fatal(err)
		}
		x := s.attack(t, who, k.GetSocket())
		if seated {
			join := fmt.Sprintf(`{"id":"j","join":{"version":%d,"token":%q,"room":%q}}`, signal.Version, k.GetToken(), k.GetRoom())
			if !x.send(websocket.MessageText, []byte(join)) {
				t.Fatal("hung up on at the join")
			}
		}
		return x
	}
	rng := rand.New(rand.NewPCG(1, 2))
	ways := map[string]func(*attacker) bool{
		"bytes at random": func(x *attacker) bool {
			junk := make([]byte, rng.IntN(2000))
			for i := range junk {
				junk[i] = byte(rng.Uint32())
			}
			return x.send(websocket.MessageText, junk)
		},
		"messages of other kinds": func(x *attacker) bool { return x.send(websocket.MessageText, garbled(rng)) },
		"a flood of what is right": func(x *attacker) bool {
			return x.send(websocket.MessageText, []byte(`{"id":"1","ping":{}}`))
		},
		"a flood of offers": func(x *attacker) bool {
			return x.send(websocket.MessageText, []byte(`{"id":"1","offer":{"sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n","fresh":true}}`))
		},
		"joining over and over": func(x *attacker) bool {
			return x.send(websocket.MessageText, []byte(`{"id":"1","join":{"version":1,"token":"x","room":"y"}}`))
		},
		"doing before joining": func(x *attacker) bool {
			return x.send(websocket.MessageText, []byte(`{"id":"1","act":{"do":"end"}}`))
		},
		"very deep": func(x *attacker) bool {
			return x.send(websocket.MessageText, []byte(`{"id":"1","own":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`))
		},
	}
	for what, one := range ways {
		for _, seated := range []bool{false, true} {
			x := attack(seated, what)
			for i := 0; i < 3000 && one(x); i++ {
			}
			x.hungUp(t, what)
			x.mu.Lock()
			if x.reasons[signal.ReasonInternal] > 0 {
				t.Errorf("%s (seated %t): the server takes the blame: %v", what, seated, x.reasons)
			}
			if len(x.reasons) == 0 {
				t.Errorf("%s (seated %t): nothing was refused in %d answers", what, seated, x.answers)
			}
			x.mu.Unlock()
		}
	}
	for what, frame := range map[string]struct {
		kind websocket.MessageType
		b    []byte
	}{
		"a frame of bytes":         {websocket.MessageBinary, []byte(`{"id":"1","ping":{}}`)},
		"a frame that is too long": {websocket.MessageText, bytes.Repeat([]byte("x"), 4<<20)},
	} {
		x := attack(true, what)
		_ = x.send(frame.kind, frame.b)
		x.hungUp(t, what)
	}
	flows("pictures, after all that")
	if got := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: "还在"}}}); got.GetDone() == nil {
		t.Errorf("a line of the chat: %v", got)
	}
	eventually(t, "nothing of it stays behind", func() bool { return runtime.NumGoroutine() <= routines+60 })
}

// Who opens a connection and says nothing, or begins a frame and never ends it, is hung up on.
func TestSilentClients(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host := s.as("officer", "刘主席")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = s.socket(w, r.WithContext(host)) }))
	t.Cleanup(srv.Close)
	for what, begun := range map[string][]byte{"nothing": nil, "half a frame": {0x81, 0xFE, 0x10, 0x00, 1, 2, 3, 4, 'x'}} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			ask := "GET /v1/meetings/" + m.GetId() + "/signal HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
			if _, err := c.Write(append([]byte(ask), begun...)); err != nil {
				t.Fatal(err)
			}
			if err := c.SetReadDeadline(time.Now().Add(3 * joinWithin)); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 1000)
			begin := time.Now()
			for {
				if _, err := c.Read(b); err != nil {
					if e, ok := err.(net.Error); ok && e.Timeout() {
						t.Fatal("still connected")
					}
					break
				}
			}
			if time.Since(begin) < joinWithin/2 {
				t.Errorf("hung up on after %v already", time.Since(begin))
			}
		})
	}
}
