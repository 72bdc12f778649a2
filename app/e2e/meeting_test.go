package e2e_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gonghui/app/e2e/stack"
	"gonghui/app/module"
	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
	"gonghui/media/signal"
	ticketing "gonghui/media/signal/token"
	signalv1 "gonghui/media/signal/v1"
)

// ticket is what opens the WebSocket of a meeting.
type ticket struct {
	MeetingID, Token, Room, Socket, Participant, Role, Seat string
	Waiting                                                 bool
}

// held is a meeting as its host is told of it.
type held struct {
	ID, Number, Link, Page, State, OwnRole string
	Version, Present                       int
	MayManage                              bool
}

// hold lets somebody hold a meeting now.
func hold(t *testing.T, host *stack.Client, plan map[string]any) held {
	t.Helper()
	full := map[string]any{"title": "季度工作例会", "minutes": 60, "openTo": "body"}
	for k, v := range plan {
		full[k] = v
	}
	var m held
	host.Must(t, "POST", "/v1/meetings", map[string]any{"plan": full, "instant": true}, &m)
	return m
}

func joins(t *testing.T, c *stack.Client, m held) ticket {
	t.Helper()
	var k ticket
	c.Must(t, "POST", "/v1/meetings/"+m.ID+":join", map[string]any{}, &k)
	return k
}

// seat is one browser in a meeting.
type seat struct {
	*client.Client
	t   *testing.T
	ws  *websocket.Conn
	id  string // in the meeting
	eye string // the place for pictures
	mu  sync.Mutex
	got []*signalv1.FromServer
	n   int
	bye chan struct{}
}

// dial opens the WebSocket as a page would.
func dial(t *testing.T, c *stack.Client, path string, headers ...string) (*seat, *http.Response, error) {
	t.Helper()
	h := http.Header{"Origin": {"http://" + c.Host}}
	if token := c.Token(); token != "" {
		h.Set("Cookie", (&http.Cookie{Name: module.Cookie, Value: token}).String())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	ws, resp, err := websocket.Dial(t.Context(), "ws://"+c.Addr()+path, &websocket.DialOptions{Host: c.Host, HTTPHeader: h})
	if err != nil {
		return nil, resp, err
	}
	ws.SetReadLimit(1 << 20)
	s := &seat{t: t, ws: ws, bye: make(chan struct{})}
	t.Cleanup(func() { _ = ws.CloseNow() })
	go func() {
		defer close(s.bye)
		for {
			_, raw, err := ws.Read(context.Background())
			if err != nil {
				return
			}
			m := &signalv1.FromServer{}
			if protojson.Unmarshal(raw, m) != nil {
				return
			}
			s.mu.Lock()
			s.got = append(s.got, m)
			s.mu.Unlock()
		}
	}()
	return s, resp, nil
}

// write sends a message.
func (s *seat) write(m *signalv1.FromClient) []byte {
	s.t.Helper()
	s.n++
	m.Id = fmt.Sprint(s.n)
	raw, err := protojson.Marshal(m)
	if err == nil {
		err = s.ws.Write(s.t.Context(), websocket.MessageText, raw)
	}
	if err != nil {
		s.t.Error(err)
	}
	return raw
}

// say sends a message and returns its answer.
func (s *seat) say(m *signalv1.FromClient) *signalv1.FromServer {
	s.t.Helper()
	raw := s.write(m)
	return s.until("an answer to "+string(raw), func(a *signalv1.FromServer) bool { return a.GetId() == m.GetId() })
}

// until waits for a message that was or will be sent.
func (s *seat) until(what string, is func(*signalv1.FromServer) bool) *signalv1.FromServer {
	s.t.Helper()
	var found *signalv1.FromServer
	stack.Eventually(s.t, 10*time.Second, what, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, m := range s.got {
			if is(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// person waits until somebody is known to be so.
func (s *seat) person(what, id string, is func(*signalv1.Person) bool) {
	s.t.Helper()
	stack.Eventually(s.t, 10*time.Second, what, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, m := range slices.Backward(s.got) {
			if p := m.GetPerson(); p.GetParticipant() == id {
				return is(p)
			}
			for _, p := range m.GetJoined().GetPersons() {
				if p.GetParticipant() == id {
					return is(p)
				}
			}
		}
		return false
	})
}

func enters(k ticket) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Join{Join: &signalv1.Join{Version: signal.Version, Token: k.Token, Room: k.Room}}}
}

func act(do, participant string) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: do, Participant: participant}}}
}

func own(o *signalv1.Own) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Own{Own: o}}
}

// sits opens the WebSocket and takes the seat.
func sits(t *testing.T, c *stack.Client, k ticket) *seat {
	t.Helper()
	s, _, err := dial(t, c, k.Socket)
	if err != nil {
		t.Fatal(err)
	}
	s.id = k.Participant
	a := s.say(enters(k))
	if j := a.GetJoined(); j.GetParticipant() != k.Participant || j.GetRoom().GetTitle() == "" {
		t.Fatalf("joining was answered by %v", a)
	}
	return s
}

// shows connects the media: it sends a microphone and a camera, and has a place for each voice and for a picture.
func (s *seat) shows() {
	s.t.Helper()
	c, err := client.New(client.Options{Sound: true, Layers: []string{""}, Hear: 4, See: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	if err := c.Connect(ctx, func(_ context.Context, sdp string) (string, error) {
		a := s.say(&signalv1.FromClient{What: &signalv1.FromClient_Offer{Offer: &signalv1.Offer{Sdp: sdp, Fresh: true}}})
		return a.GetAnswer().GetSdp(), nil
	}); err != nil {
		s.t.Fatal(err)
	}
	s.Client, s.eye = c, c.Places(webrtc.RTPCodecTypeVideo)[0]
}

// looks shows somebody in the place for pictures.
func (s *seat) looks(at string) {
	s.t.Helper()
	mid := s.Places(webrtc.RTPCodecTypeVideo)[0]
	view := &signalv1.View{Mid: mid, Participant: at, Source: sfu.Camera, Height: 180}
	if a := s.say(&signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{view}}}}); a.GetDone() == nil {
		s.t.Fatalf("show: %v", a)
	}
}

// sending lets clients speak and show without a pause until the test ends.
func sending(t *testing.T, seats ...*seat) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, s := range seats {
		wg.Go(func() {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				case <-tick.C:
					_ = s.Speak(i, 60, 20)               // closed in the end
					_ = s.Show(0, uint32(i)*1800, 1+i%2) // as well
				}
			}
		})
	}
	t.Cleanup(func() { close(done); wg.Wait() })
}

func (s *seat) heard() (n uint64) {
	for _, mid := range s.Places(webrtc.RTPCodecTypeAudio) {
		n += s.Count(mid).Packets
	}
	return n
}

func (s *seat) seen() uint64 { return s.Count(s.eye).Frames }

// flows waits until more comes than has come.
func (s *seat) flows(what string, count func() uint64) {
	s.t.Helper()
	from := count()
	stack.Eventually(s.t, 15*time.Second, what, func() bool { return count() > from+10 })
}

// dries waits until nothing has come for a third of a second.
func (s *seat) dries(what string, count func() uint64) {
	s.t.Helper()
	last, since := count(), time.Now()
	stack.Eventually(s.t, 15*time.Second, what, func() bool {
		if n := count(); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > 350*time.Millisecond
	})
}

func (s *seat) over(why string) {
	s.t.Helper()
	s.until("the end: "+why, func(m *signalv1.FromServer) bool { return m.GetOver().GetWhy() == why })
	<-s.bye
}

// Two browsers at the product: they hear and see each other, as far as they and the host let it.
func TestAMeeting(t *testing.T) {
	r := product(t)
	host, guest := r.signedIn(t, "admin", county), r.signedIn(t, "officer", county)
	m := hold(t, host, nil)
	if m.State != "live" || len(m.Number) != 10 || !m.MayManage {
		t.Fatalf("held: %+v", m)
	}
	a, b := sits(t, host, joins(t, host, m)), sits(t, guest, joins(t, guest, m))
	a.person("the officer is there", b.id, func(p *signalv1.Person) bool {
		return p.GetRole() == "speaker" && p.GetName() != "" && p.GetBody() != "" && !p.GetGuest()
	})
	a.shows()
	b.shows()
	sending(t, a, b)
	a.looks(b.id)
	b.looks(a.id)

	// Nothing goes out that was not turned on.
	a.dries("silence", a.heard)
	for _, s := range []*seat{a, b} {
		if got := s.say(own(&signalv1.Own{Microphone: proto.Bool(true), Camera: proto.Bool(true)})); got.GetDone() == nil {
			t.Fatalf("turning on: %v", got)
		}
	}
	for _, s := range []*seat{a, b} {
		s.flows("sound", s.heard)
		s.flows("pictures", s.seen)
	}

	// The host mutes, on the server; the one who is muted unmutes.
	if got := a.say(act("mute", b.id)); got.GetDone() == nil {
		t.Fatalf("mute: %v", got)
	}
	b.person("muted", b.id, func(p *signalv1.Person) bool { return p.GetSilenced() && !p.GetMicrophone() })
	a.dries("the muted one is not heard", a.heard)
	a.flows("but seen", a.seen)
	b.say(own(&signalv1.Own{Microphone: proto.Bool(true)}))
	a.flows("heard again", a.heard)
	a.say(act("stop-camera", b.id))
	a.dries("no picture", a.seen)
	b.say(own(&signalv1.Own{Camera: proto.Bool(true)}))
	a.flows("a picture again", a.seen)

	// Who is no host does none of it; nobody unmutes where that was switched off.
	if got := b.say(act("mute", a.id)).GetRefused().GetReason(); got != signal.ReasonRight {
		t.Errorf("an officer mutes the host: %q", got)
	}
	all := act("mute-all", "")
	all.GetAct().On = true
	a.say(all)
	a.dries("all are muted", a.heard)
	if got := b.say(own(&signalv1.Own{Microphone: proto.Bool(true)})).GetRefused().GetReason(); got != signal.ReasonState {
		t.Errorf("unmuting where nobody may: %q", got)
	}
	a.say(act("allow-unmute", ""))
	b.say(own(&signalv1.Own{Microphone: proto.Bool(true)}))
	a.flows("heard after all", a.heard)

	// The chat is kept for who comes later.
	a.say(&signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: "请看议程"}}})
	b.until("a line", func(m *signalv1.FromServer) bool { return m.GetLine().GetText() == "请看议程" })
	if told := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Recall{Recall: &signalv1.Recall{}}}).GetTold(); len(told.GetLines()) != 1 {
		t.Errorf("told: %v", told)
	}

	// A lost connection comes back to the same seat, which still looks at what it looked at.
	_ = b.ws.CloseNow()
	a.person("away", b.id, func(p *signalv1.Person) bool { return p.GetAway() })
	again := sits(t, guest, joins(t, guest, m))
	if again.id != b.id {
		t.Errorf("back to another seat: %s, was %s", again.id, b.id)
	}
	a.person("back", b.id, func(p *signalv1.Person) bool { return !p.GetAway() && p.GetMicrophone() })
	a.flows("the media never stopped", a.heard)
	again.shows()
	sending(t, again)
	again.flows("sound on the new connection", again.heard)
	again.flows("pictures without asking", again.seen)

	// Sent out, nobody comes back by themselves.
	a.say(act("remove", b.id))
	again.over("removed")
	k := joins(t, guest, m)
	if !k.Waiting {
		t.Error("who was sent out need not wait")
	}
	w, _, err := dial(t, guest, k.Socket)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.say(enters(k)); got.GetWaiting() == nil {
		t.Fatalf("at the door: %v", got)
	}
	if got := w.say(own(&signalv1.Own{Hand: proto.Bool(true)})).GetRefused().GetReason(); got != signal.ReasonOrder {
		t.Errorf("acting from the door: %q", got)
	}
	a.until("a knock", func(m *signalv1.FromServer) bool {
		return m.GetKnock().GetParticipant() == b.id && !m.GetKnock().GetGone()
	})
	if got := a.say(act("admit", b.id)); got.GetDone() == nil {
		t.Fatalf("admit: %v", got)
	}
	w.until("let in", func(m *signalv1.FromServer) bool { return m.GetJoined().GetParticipant() == b.id })

	// The end is the end for all, and is written.
	if got := a.say(act("end", "")); got.GetDone() == nil {
		t.Fatalf("end: %v", got)
	}
	w.over("ended")
	a.over("ended")
	if f := refused(t, guest, "POST", "/v1/meetings/"+m.ID+":join", map[string]any{}); f.Reason != "MEETING_OVER" {
		t.Errorf("after the end: %+v", f)
	}
	var came struct {
		Attendance []struct{ Name, JoinedAt, LeftAt string }
	}
	host.Must(t, "GET", "/v1/meetings/"+m.ID+"/attendance", nil, &came)
	if len(came.Attendance) != 3 || slices.ContainsFunc(came.Attendance, func(s struct{ Name, JoinedAt, LeftAt string }) bool { return s.LeftAt == "" || s.Name == "" }) {
		t.Errorf("attendance: %+v", came)
	}
}

// Guests come by the link, people of other bodies with a pass; the door is closed, and locked.
func TestAMeetingDoor(t *testing.T) {
	r := product(t)
	host := r.signedIn(t, "admin", county)
	m := hold(t, host, map[string]any{"openTo": "anyone", "waitingRoom": true, "password": "abcd1234"})
	a := sits(t, host, joins(t, host, m))
	guest := r.Client(county)
	guest.Source = address() // wrong guesses are counted by it
	key := m.Link[strings.Index(m.Link, "#key=")+len("#key="):]
	if f := refused(t, guest, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "name": "访客", "key": "wrong"}); f.Reason != "MEETING_SIGN_IN" {
		t.Errorf("a wrong key: %+v", f)
	}
	if f := refused(t, guest, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "name": "访客", "password": "wrong1"}); f.Reason != "MEETING_PASSWORD" {
		t.Errorf("a wrong password: %+v", f)
	}
	var k ticket
	guest.Must(t, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "name": "访客", "body": "某厂", "key": key}, &k)
	if !k.Waiting || k.Seat == "" {
		t.Fatalf("a guest need not wait: %+v", k)
	}
	g, _, err := dial(t, guest, k.Socket)
	if err != nil {
		t.Fatal(err)
	}
	if got := g.say(enters(k)); got.GetWaiting() == nil {
		t.Fatalf("a guest at the door: %v", got)
	}
	a.until("a knock", func(f *signalv1.FromServer) bool {
		return f.GetKnock().GetName() == "访客" && f.GetKnock().GetGuest()
	})
	a.say(act("admit-all", ""))
	g.until("let in", func(f *signalv1.FromServer) bool { return f.GetJoined() != nil })

	// The same guest comes back to the same seat, without key and waiting.
	_ = g.ws.CloseNow()
	var back ticket
	guest.Must(t, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "seat": k.Seat}, &back)
	if back.Waiting || back.Participant != k.Participant {
		t.Errorf("back as %+v, was %+v", back, k)
	}
	g = sits(t, guest, back)

	// An officer of the neighbour says at home who they are, and is known here by it.
	neighbour := r.signedIn(t, "officer", sibling)
	var p struct{ URL, Pass string }
	neighbour.Must(t, "POST", "/v1/meetings:pass", map[string]any{"bodyCode": county, "number": m.Number}, &p)
	with := map[string]any{"number": m.Number, "pass": p.Pass, "password": "abcd1234"}
	astray := r.Client(sibling)
	astray.Source = address()
	if f := refused(t, astray, "POST", "/v1/meetings:joinGuest", with); f.Reason != "MEETING_PASS" {
		t.Errorf("the pass on another host: %+v", f)
	}
	neighbour.Must(t, "POST", "/v1/meetings:pass", map[string]any{"bodyCode": county, "number": m.Number}, &p)
	with["pass"] = p.Pass
	outside := r.Client(county)
	outside.Source = address()
	var nk ticket
	outside.Must(t, "POST", "/v1/meetings:joinGuest", with, &nk)
	n, _, err := dial(t, outside, nk.Socket)
	if err != nil {
		t.Fatal(err)
	}
	n.say(enters(nk))
	a.until("the neighbour knocks", func(f *signalv1.FromServer) bool {
		return f.GetKnock().GetName() == r.people["officer@"+sibling].Name && !f.GetKnock().GetGuest()
	})
	if f := refused(t, outside, "POST", "/v1/meetings:joinGuest", with); f.Reason != "MEETING_PASS" {
		t.Errorf("a pass that was used: %+v", f)
	}
	a.say(act("refuse", nk.Participant))
	n.over("refused")

	// Locked, nobody new comes, and who was in comes back.
	lock := act("lock", "")
	lock.GetAct().On = true
	a.say(lock)
	if f := refused(t, r.signedIn(t, "officer", county), "POST", "/v1/meetings/"+m.ID+":join", map[string]any{"password": "abcd1234"}); f.Reason != "MEETING_LOCKED" {
		t.Errorf("into a locked meeting: %+v", f)
	}
	guest.Must(t, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "seat": k.Seat}, &back)

	// The host leaves for good: the guest leads, and may let people in.
	if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Leave{Leave: &signalv1.Leave{}}}); got.GetDone() == nil {
		t.Fatalf("leave: %v", got)
	}
	g.person("the guest leads", k.Participant, func(p *signalv1.Person) bool { return p.GetRole() == "host" })
	host.Must(t, "POST", "/v1/meetings/"+m.ID+":end", map[string]any{}, nil)
	g.over("ended")
}

// tokens are those of a key.
func tokens(t *testing.T, secret string) *ticketing.Tokens {
	t.Helper()
	made, err := ticketing.New([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// claims reads a token: it is signed, not secret.
func claims(t *testing.T, text string) (c ticketing.Claims) {
	t.Helper()
	body, _, _ := strings.Cut(text, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Tokens are for one meeting, one connection, one session, one body, and were made here.
func TestMeetingTokens(t *testing.T) {
	r := product(t)
	host, officer := r.signedIn(t, "admin", county), r.signedIn(t, "officer", county)
	m, other := hold(t, host, nil), hold(t, host, nil)
	elsewhere := hold(t, r.signedIn(t, "admin", sibling), nil)
	foreign := joins(t, r.signedIn(t, "admin", sibling), elsewhere)
	used := joins(t, host, m)
	sits(t, host, used)
	fresh := joins(t, officer, m)
	changed := fresh
	changed.Token = "A" + fresh.Token[1:]
	astray := joins(t, officer, other)
	astray.Room = m.ID

	// Tokens that nobody is given: of our own key and of another one, made from one that is right.
	_, ring := r.Doors(t)
	ours, theirs := tokens(t, ring.Digest("meeting_token", "")), tokens(t, strings.Repeat("x", 32))
	right := claims(t, joins(t, officer, m).Token)
	made := func(by *ticketing.Tokens, life time.Duration, change func(*ticketing.Claims)) ticket {
		t.Helper()
		c, begin := right, time.Now()
		if life < 0 {
			begin = begin.Add(life - time.Minute)
		}
		c.Expires = begin.Add(time.Minute)
		change(&c)
		text, err := by.Make(c, begin)
		if err != nil {
			t.Fatal(err)
		}
		return ticket{Token: text, Room: m.ID}
	}
	same := func(*ticketing.Claims) {}
	// What is refused below is refused for what was changed of it: unchanged, it lets in.
	let := made(ours, time.Minute, same)
	let.Participant, let.Socket = right.Person, used.Socket
	sits(t, officer, let)
	for name, c := range map[string]struct {
		as   *stack.Client
		k    ticket
		path string
	}{
		"none":                    {officer, ticket{Token: "x", Room: m.ID}, used.Socket},
		"changed":                 {officer, changed, used.Socket},
		"used":                    {host, used, used.Socket},
		"of another meeting":      {officer, astray, used.Socket},
		"with another room":       {officer, joins(t, officer, other), used.Socket},
		"of another body":         {officer, ticket{Token: foreign.Token, Room: foreign.Room}, used.Socket},
		"run out":                 {officer, made(ours, -time.Second, same), used.Socket},
		"forged":                  {officer, made(theirs, time.Minute, same), used.Socket},
		"signed for another room": {officer, made(ours, time.Minute, func(c *ticketing.Claims) { c.Room = other.ID }), used.Socket},
		"signed for another body": {officer, made(ours, time.Minute, func(c *ticketing.Claims) { c.Tenant = sibling }), used.Socket},
		"of a person who is not":  {officer, made(ours, time.Minute, func(c *ticketing.Claims) { c.Person = uuid.NewString() }), used.Socket},
		"of another's session":    {host, fresh, used.Socket},
		"without the session":     {r.Client(county), joins(t, officer, m), used.Socket},
		"on another body's host":  {r.Client(sibling), joins(t, officer, m), used.Socket},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, err := dial(t, c.as, c.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.say(enters(c.k)); got.GetRefused().GetReason() != signal.ReasonToken {
				t.Errorf("answered by %v", got)
			}
		})
	}
	// With the session ends the connection, within the time that a change needs.
	leaver := r.freshly(t, "officer", county)
	gone := sits(t, leaver, joins(t, leaver, other))
	leaver.Must(t, "POST", "/v1/session:signOut", map[string]any{}, nil)
	gone.over("restart")
	// A page of another site gets no connection at all.
	_, resp, err := dial(t, host, used.Socket, "Origin", "http://evil.example")
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %v %v", resp, err)
	}
	if f := refused(t, r.signedIn(t, "officer", sibling), "POST", "/v1/meetings/"+m.ID+":join", map[string]any{}); f.Reason != "MEETING_NOT_FOUND" {
		t.Errorf("another body's officer: %+v", f)
	}
	for _, h := range []held{m, other} {
		host.Must(t, "POST", "/v1/meetings/"+h.ID+":end", map[string]any{}, nil)
	}
	r.signedIn(t, "admin", sibling).Must(t, "POST", "/v1/meetings/"+elsewhere.ID+":end", map[string]any{}, nil)
}
