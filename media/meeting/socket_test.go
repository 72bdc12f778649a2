package meeting

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/sfu/client"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// browser is one connection to a meeting.
type browser struct {
	*testing.T
	ws  *websocket.Conn
	id  string
	n   int
	mu  sync.Mutex
	got []*signalv1.FromServer
	bye chan struct{}
}

// connect opens the WebSocket as whoever acts in the context.
func (s *stage) connect(t *testing.T, as context.Context, k *meetingv1.JoinReply) *browser {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = s.socket(w, r.WithContext(as)) }))
	t.Cleanup(srv.Close)
	ws, _, err := websocket.Dial(t.Context(), srv.URL+k.GetSocket(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	b := &browser{T: t, ws: ws, id: k.GetParticipant(), bye: make(chan struct{})}
	t.Cleanup(func() { _ = ws.CloseNow() })
	go func() {
		defer close(b.bye)
		for {
			_, raw, err := ws.Read(context.Background())
			m := &signalv1.FromServer{}
			if err != nil || protojson.Unmarshal(raw, m) != nil {
				return
			}
			b.mu.Lock()
			b.got = append(b.got, m)
			b.mu.Unlock()
		}
	}()
	return b
}

// eventually waits for something.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !is(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("not within 20 seconds: %s", what)
		}
	}
}

func (b *browser) until(what string, is func(*signalv1.FromServer) bool) (found *signalv1.FromServer) {
	b.Helper()
	eventually(b.T, what, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, m := range b.got {
			if is(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

func (b *browser) say(m *signalv1.FromClient) *signalv1.FromServer {
	b.Helper()
	b.n++
	m.Id = fmt.Sprint(b.n)
	raw, err := protojson.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	if err := b.ws.Write(b.Context(), websocket.MessageText, raw); err != nil {
		b.Fatal(err)
	}
	return b.until("an answer to "+string(raw), func(a *signalv1.FromServer) bool { return a.GetId() == m.GetId() })
}

func (b *browser) does(do, to string) {
	b.Helper()
	if got := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: do, Participant: to}}}); got.GetDone() == nil {
		b.Fatalf("%s: %v", do, got)
	}
}

func (b *browser) over(why string) {
	b.Helper()
	b.until("over: "+why, func(m *signalv1.FromServer) bool { return m.GetOver().GetWhy() == why })
	<-b.bye
}

func (b *browser) join(k *meetingv1.JoinReply) *signalv1.FromServer {
	b.Helper()
	return b.say(&signalv1.FromClient{What: &signalv1.FromClient_Join{Join: &signalv1.Join{Version: signal.Version, Token: k.GetToken(), Room: k.GetRoom()}}})
}

// sits joins and takes the seat.
func (s *stage) sits(t *testing.T, as context.Context, m *meetingv1.Meeting) *browser {
	t.Helper()
	k, err := s.JoinMeeting(as, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	b := s.connect(t, as, k)
	if a := b.join(k); a.GetJoined().GetParticipant() != k.GetParticipant() {
		t.Fatalf("joining was answered by %v", a)
	}
	return b
}

// Whoever asks for the address of a WebSocket in another way is refused as everywhere else, with no word of the library's.
func TestOnlyAWebSocketOfTheOwnPageIsOpened(t *testing.T) {
	t.Parallel()
	s := begin(t)
	ada := s.as("officer", "李四")
	m := s.plan(t, ada, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	for name, c := range map[string]struct {
		upgrade bool
		origin  string
		want    *kerrors.Error
	}{
		"a plain request":        {false, "", errSocket},
		"a page of another host": {true, "http://elsewhere.test", errOrigin},
	} {
		req := httptest.NewRequestWithContext(ada, http.MethodGet, "/v1/meetings/"+m.GetId()+"/signal", nil)
		if c.upgrade {
			for k, v := range map[string]string{
				"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
			} {
				req.Header.Set(k, v)
			}
			req.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		if err := s.socket(w, req); !errors.Is(err, c.want) || w.Body.Len() > 0 {
			t.Errorf("%s: %v, %q written", name, err, w.Body)
		}
	}
}

func TestASeatIsKeptAndGivenUp(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.kept = 200 * time.Millisecond
	officer, member, third := s.as("officer", "李四"), s.as("member", "王五"), s.as("member", "赵六")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a, b, c := s.sits(t, officer, m), s.sits(t, member, m), s.sits(t, third, m)
	role := s.env.DB.Config().Role(s.body.Code)
	open := func() int64 {
		return s.env.Count(t, "select count(*) from "+role+".meeting_stay where left_at is null")
	}
	if open() != 3 {
		t.Errorf("%d stays", open())
	}
	// Another page of the same person takes the place over; nobody leaves by it.
	b2 := s.sits(t, member, m)
	b.over(live.Elsewhere)
	// The host is gone for good: somebody leads, and may do so later, too.
	_ = a.ws.CloseNow()
	b2.until("the host is away", func(f *signalv1.FromServer) bool {
		return f.GetPerson().GetParticipant() == a.id && f.GetPerson().GetAway()
	})
	b2.until("the host is gone", func(f *signalv1.FromServer) bool { return f.GetGone().GetParticipant() == a.id })
	c.until("the next one leads", func(f *signalv1.FromServer) bool {
		return f.GetPerson().GetParticipant() == b2.id && f.GetPerson().GetRole() == live.Host
	})
	eventually(t, "the end of a stay is written", func() bool { return open() == 2 })
	if n := s.env.Count(t, "select count(*) from "+role+".meeting_person where role = 'cohost' and name = '王五'"); n != 1 {
		t.Errorf("%d may lead", n)
	}
	b2.does("remove", c.id)
	c.over(live.Removed)
	if n := s.env.Count(t, "select count(*) from "+role+".meeting_person where state = 'out' and name = '赵六'"); n != 1 {
		t.Errorf("%d were sent out", n)
	}
	// The last one says goodbye: nothing is left of the meeting here, and it goes on with who comes back.
	if got := b2.say(&signalv1.FromClient{What: &signalv1.FromClient_Leave{Leave: &signalv1.Leave{}}}); got.GetDone() == nil {
		t.Errorf("leave: %v", got)
	}
	eventually(t, "the hall is closed", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.halls) == 0 })
	eventually(t, "nobody stays", func() bool { return open() == 0 })
	a = s.sits(t, officer, m)
	// The process goes down.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
	a.over(live.Restart)
	if open() != 0 {
		t.Errorf("%d stays after the end of the process", open())
	}
}

func TestAtTheDoor(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant, in.Plan.WaitingRoom = true, true })
	a := s.sits(t, officer, m)
	knock := func() *browser {
		k, err := s.JoinMeeting(member, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
		if err != nil || !k.GetWaiting() {
			t.Fatalf("at the door: %v %v", k, err)
		}
		b := s.connect(t, member, k)
		if got := b.join(k); got.GetWaiting().GetTitle() != "季度例会" {
			t.Fatalf("answered by %v", got)
		}
		return b
	}
	b := knock()
	_ = b.ws.CloseNow()
	a.until("who waited went away", func(f *signalv1.FromServer) bool { return f.GetKnock().GetGone() })
	b = knock()
	a.does("refuse", b.id)
	b.over(live.Refused)
	_, err := s.JoinMeeting(member, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	want(t, "just refused", err, "MEETING_REFUSED")
	s.exec(t, "update "+s.env.DB.Config().Role(s.body.Code)+".meeting_person set decided_at = decided_at - interval '1 hour' where state = 'refused'")
	b = knock()
	a.does("admit", b.id)
	b.until("let in", func(f *signalv1.FromServer) bool { return f.GetJoined().GetRoom().GetWaitingRoom() && f.GetId() == "" })
	// Changes of the plan reach those who are in.
	got, err := s.GetMeeting(officer, &meetingv1.GetMeetingRequest{Id: m.GetId()})
	want(t, "reading", err, "")
	if got.GetPresent() != 2 {
		t.Errorf("%d are there", got.GetPresent())
	}
	_, err = s.UpdateMeeting(officer, &meetingv1.UpdateMeetingRequest{
		Id: m.GetId(), Version: got.GetVersion(), Plan: &meetingv1.Plan{Title: "改了名的会", Minutes: 60, OpenTo: "body", StartsAt: got.GetStartsAt()},
	})
	want(t, "changing", err, "")
	b.until("the new title", func(f *signalv1.FromServer) bool { return f.GetRoom().GetTitle() == "改了名的会" })
	_, err = s.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: m.GetId()})
	want(t, "ending", err, "")
	a.over(live.Ended)
	b.over(live.Ended)
}

func TestTheChat(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a := s.sits(t, officer, m)
	for i := range toldAtOnce + 5 {
		if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: fmt.Sprintf("第%d行", i)}}}); got.GetDone() == nil {
			t.Fatalf("line %d: %v", i, got)
		}
	}
	for _, text := range []string{" \n ", "\x07"} {
		if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: text}}}); got.GetRefused().GetField() != "say.text" {
			t.Errorf("%q: %v", text, got)
		}
	}
	b := s.sits(t, member, m)
	recall := func(before string) *signalv1.Told {
		return b.say(&signalv1.FromClient{What: &signalv1.FromClient_Recall{Recall: &signalv1.Recall{Before: before}}}).GetTold()
	}
	last := recall("")
	if len(last.GetLines()) != toldAtOnce || !last.GetMore() || last.GetLines()[0].GetText() != "第5行" {
		t.Fatalf("the last lines: %v", last)
	}
	if first := recall(last.GetLines()[0].GetId()); len(first.GetLines()) != 5 || first.GetMore() || first.GetLines()[4].GetText() != "第4行" || first.GetLines()[0].GetName() != "李四" {
		t.Errorf("the first lines: %v", first)
	}
	a.does("end", "")
	b.over(live.Ended)
	page, err := s.ListMessages(member, &meetingv1.ListMessagesRequest{Id: m.GetId(), PageSize: 3})
	if err != nil || len(page.GetMessages()) != 3 || page.GetNextPageToken() == "" || page.GetMessages()[0].GetText() != fmt.Sprintf("第%d行", toldAtOnce+4) {
		t.Errorf("afterwards: %v %v", page, err)
	}
}

func TestAGuestWhoWasSentOutWaits(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, stranger := s.as("officer", "李四"), s.stranger()
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
		in.Instant, in.Plan.OpenTo, in.Plan.Password = true, "anyone", "abcd12"
	})
	a := s.sits(t, officer, m)
	k, err := s.JoinAsGuest(stranger, &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Name: "访客", Password: "abcd12"})
	if err != nil || k.GetWaiting() || k.GetSeat() == "" {
		t.Fatalf("a guest: %v %v", k, err)
	}
	g := s.connect(t, stranger, k)
	if got := g.join(k); got.GetJoined() == nil {
		t.Fatalf("a guest: %v", got)
	}
	a.does("remove", k.GetParticipant())
	g.over(live.Removed)
	for what, in := range map[string]*meetingv1.JoinAsGuestRequest{
		"the same one": {Number: m.GetNumber(), Seat: k.GetSeat()}, "by another name": {Number: m.GetNumber(), Name: "另一位", Password: "abcd12"},
	} {
		if k, err := s.JoinAsGuest(stranger, in); err != nil || !k.GetWaiting() {
			t.Errorf("%s: %v %v", what, k, err)
		}
	}
	_, err = s.JoinAsGuest(stranger, &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Password: "abcd12"})
	want(t, "without a name", err, "name")
}

func TestWithTheSessionEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a, b := s.sits(t, officer, m), s.sits(t, member, m)
	id := func(me *tenant.Subject) uuid.UUID { return me.Session }
	s.dismiss("", id) // something may have been missed: nothing is known of anybody
	s.dismiss(tenant.SubjectFrom(member).Session.String(), id)
	b.over(live.Restart)
	a.until("the seat is given up", func(f *signalv1.FromServer) bool { return f.GetGone().GetParticipant() == b.id })
	if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Ping{Ping: &signalv1.Ping{}}}); got.GetDone() == nil {
		t.Errorf("another session: %v", got)
	}
}

// media is the connection of sound and pictures of a browser.
func (b *browser) media(opt client.Options) *client.Client {
	b.Helper()
	c, err := client.New(opt)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close() })
	ctx, cancel := context.WithTimeout(b.Context(), 20*time.Second)
	defer cancel()
	if err := c.Connect(ctx, func(_ context.Context, sdp string) (string, error) {
		return b.say(&signalv1.FromClient{What: &signalv1.FromClient_Offer{Offer: &signalv1.Offer{Sdp: sdp, Fresh: true}}}).GetAnswer().GetSdp(), nil
	}); err != nil {
		b.Fatal(err)
	}
	return c
}

// What is held does not go out, and comes out again with a whole picture.
func TestTheHostTurnsOff(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a, b := s.sits(t, officer, m), s.sits(t, member, m)
	sees, shows := a.media(client.Options{Hear: 1, See: 1}), b.media(client.Options{Sound: true, Layers: []string{""}})
	ear, eye := sees.Places(webrtc.RTPCodecTypeAudio)[0], sees.Places(webrtc.RTPCodecTypeVideo)[0]
	view := &signalv1.View{Mid: eye, Participant: b.id, Source: "camera", Height: 180}
	if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{view}}}}); got.GetDone() == nil {
		t.Fatalf("show: %v", got)
	}
	// sent packets of each go out; the server has taken them when what is sent after them was taken.
	n := 0
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	send := func(for_ int) {
		for range for_ {
			<-tick.C
			n++
			if shows.Speak(n, 60, 20) != nil || shows.Show(0, uint32(n)*900, 1) != nil {
				t.Fatal("not sent")
			}
		}
	}
	flows := func(what string) {
		t.Helper()
		heard, seen := sees.Count(ear).Packets, sees.Count(eye).Frames
		eventually(t, what, func() bool { send(1); return sees.Count(ear).Packets > heard+5 && sees.Count(eye).Frames > seen+5 })
	}
	own := func(on bool) {
		t.Helper()
		if got := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Microphone: proto.Bool(on), Camera: proto.Bool(on)}}}); got.GetDone() == nil {
			t.Fatalf("own: %v", got)
		}
	}
	send(50)
	if h, e := sees.Count(ear).Packets, sees.Count(eye).Frames; h+e != 0 {
		t.Fatalf("%d packets of sound and %d pictures of what is off", h, e)
	}
	own(true)
	flows("what was turned on")
	a.does("mute", b.id)
	a.does("stop-camera", b.id)
	send(20) // what was on its way arrives
	heard, seen, wholes := sees.Count(ear).Packets, sees.Count(eye).Frames, sees.Count(eye).Wholes
	send(50)
	if h, e := sees.Count(ear).Packets, sees.Count(eye).Frames; h != heard || e != seen {
		t.Errorf("%d packets of sound and %d pictures of who was turned off", h-heard, e-seen)
	}
	own(true)
	flows("what was turned on again")
	if sees.Count(eye).Wholes <= wholes {
		t.Error("it does not go on with a whole picture")
	}
}
