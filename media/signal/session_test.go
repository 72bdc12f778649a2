package signal

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
	"gonghui/media/signal/token"
	signalv1 "gonghui/media/signal/v1"
)

type world struct {
	media  *sfu.Server
	tokens *token.Tokens
}

func open(t testing.TB) *world {
	t.Helper()
	media, err := sfu.Listen(sfu.Options{Address: "127.0.0.1:0", Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = media.Close() })
	tokens, err := token.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &world{media, tokens}
}

func (w *world) token(t testing.TB, change func(*token.Claims)) string {
	t.Helper()
	now := time.Now()
	c := token.Claims{Person: "a", Home: "home", Tenant: "body", Room: "room", Expires: now.Add(time.Minute), Send: true}
	if change != nil {
		change(&c)
	}
	text, err := w.tokens.Make(c, now)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// browser is one side of a session.
type browser struct {
	*Session
	mu   sync.Mutex
	got  []*signalv1.FromServer
	over bool
	n    int
}

func (w *world) browser(change ...func(*Options)) *browser {
	b := &browser{}
	opt := Options{Media: w.media, Tokens: w.tokens, Tenant: "body", Send: func(m *signalv1.FromServer) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.got = append(b.got, m)
	}}
	for _, f := range change {
		f(&opt)
	}
	b.Session = New(opt)
	return b
}

// say sends a message and returns its answer.
func (b *browser) say(t testing.TB, m *signalv1.FromClient) *signalv1.FromServer {
	t.Helper()
	b.n++
	m.Id = fmt.Sprint(b.n)
	raw, err := protojson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	b.over = b.Handle(t.Context(), raw)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range b.got {
		if a.GetId() == m.GetId() {
			return a
		}
	}
	// What is too much is not even read: its answer has no id.
	if a := b.got[len(b.got)-1]; a.GetRefused().GetReason() == ReasonRate {
		return a
	}
	t.Fatal("no answer")
	return nil
}

func (b *browser) event(kind, participant string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.got {
		if e := m.GetEvent(); e.GetKind() == kind && e.GetParticipant() == participant {
			return true
		}
	}
	return false
}

func join(text string) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Join{Join: &signalv1.Join{Version: Version, Token: text, Room: "room"}}}
}

func ping() *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Ping{Ping: &signalv1.Ping{}}}
}

func TestAMeeting(t *testing.T) {
	w := open(t)
	enter := func(name string, opt client.Options) (*browser, *client.Client) {
		b := w.browser()
		if j := b.say(t, join(w.token(t, func(c *token.Claims) { c.Person = name }))).GetJoined(); j.GetParticipant() != name || j.GetVersion() != Version {
			t.Fatalf("joined as %v", j)
		}
		c, err := client.New(opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := c.Connect(ctx, func(_ context.Context, sdp string) (string, error) {
			a := b.say(t, &signalv1.FromClient{What: &signalv1.FromClient_Offer{Offer: &signalv1.Offer{Sdp: sdp, Fresh: true}}})
			return a.GetAnswer().GetSdp(), nil
		}); err != nil {
			t.Fatal(err)
		}
		return b, c
	}
	a, seer := enter("a", client.Options{See: 1})
	b, shower := enter("b", client.Options{Layers: []string{""}})
	for _, e := range []string{"joined", "published"} {
		if !a.event(e, "b") {
			t.Errorf("a was not told that b %s", e)
		}
	}
	mid := ""
	for _, tr := range seer.PC.GetTransceivers() {
		mid = tr.Mid()
	}
	show := &signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{{Mid: mid, Participant: "b", Source: sfu.Camera, Height: 180}}}}}
	if got := a.say(t, show); got.GetDone() == nil {
		t.Fatalf("show: %v", got)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := 0; seer.Count(mid).Frames < 10; i++ {
		if i == 500 {
			t.Fatal("no pictures within ten seconds")
		}
		<-tick.C
		if err := shower.Show(0, uint32(i)*1800, 1); err != nil {
			t.Fatal(err)
		}
	}
	if b.say(t, &signalv1.FromClient{What: &signalv1.FromClient_Leave{Leave: &signalv1.Leave{}}}).GetDone() == nil || !b.over || !a.event("left", "b") {
		t.Error("b has not left")
	}
}

func TestWhatIsRefused(t *testing.T) {
	w := open(t)
	used := w.token(t, nil)
	if w.browser().say(t, join(used)).GetJoined() == nil {
		t.Fatal("a good token is refused")
	}
	offer := func(sdp string) *signalv1.FromClient {
		return &signalv1.FromClient{What: &signalv1.FromClient_Offer{Offer: &signalv1.Offer{Sdp: sdp}}}
	}
	show := func(v *signalv1.View) *signalv1.FromClient {
		return &signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{v}}}}
	}
	newer := join(w.token(t, nil))
	newer.GetJoin().Version = Version + 1
	for name, c := range map[string]struct {
		joined        bool
		m             *signalv1.FromClient
		reason, field string
	}{
		"another version":      {false, newer, ReasonVersion, "join.version"},
		"a token used before":  {false, join(used), ReasonToken, ""},
		"a forged token":       {false, join(used + "A"), ReasonToken, ""},
		"another body's":       {false, join(w.token(t, func(c *token.Claims) { c.Tenant = "other" })), ReasonToken, ""},
		"another room's":       {false, join(w.token(t, func(c *token.Claims) { c.Room = "other" })), ReasonToken, ""},
		"an offer before":      {false, offer("v=0"), ReasonOrder, ""},
		"joining twice":        {true, join(w.token(t, nil)), ReasonOrder, ""},
		"no token":             {false, join(""), ReasonMessage, "join.token"},
		"nothing":              {true, &signalv1.FromClient{}, ReasonMessage, "what"},
		"an offer of nothing":  {true, offer("v=0"), ReasonOffer, ""},
		"an unknown place":     {true, show(&signalv1.View{Mid: "9", Participant: "b", Source: sfu.Camera}), ReasonPlace, ""},
		"an unknown source":    {true, show(&signalv1.View{Mid: "9", Source: "eyes"}), ReasonMessage, "show.views[0].source"},
		"taller than any wall": {true, show(&signalv1.View{Mid: "9", Height: 10_000}), ReasonMessage, "show.views[0].height"},
	} {
		b := w.browser()
		if c.joined {
			b.say(t, join(w.token(t, func(c *token.Claims) { c.Person = name })))
		}
		if got := b.say(t, c.m).GetRefused(); got.GetReason() != c.reason || got.GetField() != c.field {
			t.Errorf("%s: %v, not %s %s", name, got, c.reason, c.field)
		}
	}
	for name, raw := range map[string]string{"no JSON": "{", "a list": "[]", "too long": `{"id":"` + strings.Repeat("a", Longest) + `"}`} {
		b := w.browser()
		b.Handle(t.Context(), []byte(raw))
		if got := b.got[0].GetRefused(); got.GetReason() != ReasonMessage {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A client that floods is told so, and hung up on; one that keeps to the bounds is not.
func TestFloods(t *testing.T) {
	w := open(t)
	now := time.Now()
	clock := func(o *Options) { o.Now = func() time.Time { return now } }
	b := w.browser(clock)
	passed := 0
	for !b.over && b.n < 1000 {
		if b.say(t, ping()).GetDone() != nil {
			passed++
		}
	}
	if passed != messagesAtOnce || b.n != messagesAtOnce+mostFaults {
		t.Errorf("%d passed of %d", passed, b.n)
	}
	b = w.browser(clock)
	for range 500 {
		now = now.Add(time.Second / messages)
		if b.say(t, ping()).GetDone() == nil || b.over {
			t.Fatal("one who keeps to the bounds is refused")
		}
	}
	b = w.browser(clock)
	b.say(t, join(w.token(t, nil)))
	offered := 0
	for range offersAtOnce + 5 {
		if b.say(t, &signalv1.FromClient{What: &signalv1.FromClient_Offer{Offer: &signalv1.Offer{Sdp: "v=0"}}}).GetRefused().GetReason() == ReasonOffer {
			offered++
		}
	}
	if offered != offersAtOnce {
		t.Errorf("%d offers at once", offered)
	}
}

func FuzzHandle(f *testing.F) {
	w := open(f)
	for _, m := range []proto.Message{join(w.token(f, nil)), ping()} {
		raw, _ := protojson.Marshal(m)
		f.Add(raw)
	}
	f.Add([]byte(`{"id":"1","show":{"views":[{"mid":"0","height":9}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b := w.browser()
		b.say(t, join(w.token(t, nil)))
		before := len(b.got)
		b.Handle(t.Context(), raw)
		answers := 0
		for _, m := range b.got[before:] {
			if m.GetEvent() == nil {
				answers++
			}
		}
		if answers != 1 {
			t.Fatalf("%d answers", answers)
		}
	})
}
