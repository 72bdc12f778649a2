package meeting

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"

	"gonghui/media/meeting/cluster"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/sfu/client"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// nodes are two processes that serve the same body.
func nodes(t *testing.T) (a, b *stage) {
	t.Helper()
	a = begin(t)
	prefix := "{" + rand.Text() + "}:"
	service, err := New(host{env: a.env, redis: pgtest.Redis(t), peer: a.peer})
	if err != nil {
		t.Fatal(err)
	}
	b = &stage{service, a.env, a.body, a.watch, a.peer}
	for name, s := range map[string]*stage{"a": a, "b": b} {
		if err := s.join(cluster.Options{Name: name, Internal: "127.0.0.1:0", Prefix: prefix, Life: 1200 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := s.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		t.Cleanup(func() { cancel(); wg.Wait() })
		eventually(t, "the node has its lease", s.nodes.Holds)
	}
	return a, b
}

// owns reports whether a meeting runs on the node.
func (s *stage) owns(m *meetingv1.Meeting) bool {
	h := s.there(s.body.Ctx, uuid.MustParse(m.GetId()))
	return h != nil && !h.moving.Load()
}

// order has the meeting run on the first of both.
func order(t *testing.T, m *meetingv1.Meeting, a, b *stage) (*stage, *stage) {
	t.Helper()
	switch {
	case a.owns(m) == b.owns(m):
		t.Fatalf("the meeting is on both nodes or on none: %v", a.owns(m))
	case b.owns(m):
		return b, a
	}
	return a, b
}

func (s *stage) room(t *testing.T, m *meetingv1.Meeting, as context.Context) int32 {
	t.Helper()
	got, err := s.GetMeeting(as, &meetingv1.GetMeetingRequest{Id: m.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	return got.GetPresent()
}

// Whichever node people come to, they meet in one place; what is done on the other node reaches it.
func TestAMeetingIsOnOneNode(t *testing.T) {
	t.Parallel()
	a, b := nodes(t)
	officer, member, third := a.as("officer", "李四"), a.as("member", "王五"), a.as("member", "赵六")
	m := a.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	x, y := a.sits(t, officer, m), b.sits(t, member, m)
	at, other := order(t, m, a, b)
	x.until("the other is there", func(f *signalv1.FromServer) bool { return f.GetPerson().GetParticipant() == y.id })
	if got := y.say(&signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Microphone: proto.Bool(true)}}}); got.GetDone() == nil {
		t.Fatalf("own: %v", got)
	}
	x.does("mute", y.id)
	y.until("muted", func(f *signalv1.FromServer) bool {
		return f.GetPerson().GetParticipant() == y.id && f.GetPerson().GetSilenced()
	})
	for _, s := range []*stage{at, other} {
		eventually(t, "both nodes know who is there", func() bool { return s.room(t, m, officer) == 2 })
	}
	// A token is good once, wherever it is shown.
	k, err := a.JoinMeeting(third, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	want(t, "joining", err, "")
	z := at.connect(t, third, k)
	if got := z.join(k); got.GetJoined() == nil {
		t.Fatalf("joining: %v", got)
	}
	if got := other.connect(t, third, k).join(k); got.GetRefused().GetReason() != signal.ReasonToken {
		t.Errorf("the same token on the other node: %v", got)
	}
	got, err := other.GetMeeting(officer, &meetingv1.GetMeetingRequest{Id: m.GetId()})
	want(t, "reading", err, "")
	_, err = other.UpdateMeeting(officer, &meetingv1.UpdateMeetingRequest{
		Id: m.GetId(), Version: got.GetVersion(), Plan: &meetingv1.Plan{Title: "改了名的会", Minutes: 60, OpenTo: "body", StartsAt: got.GetStartsAt()},
	})
	want(t, "changing", err, "")
	x.until("the new title", func(f *signalv1.FromServer) bool { return f.GetRoom().GetTitle() == "改了名的会" })
	// A session that ends is out of the meeting, whichever way it came.
	at.dismiss(tenant.SubjectFrom(member).Session.String(), func(me *tenant.Subject) uuid.UUID { return me.Session })
	y.over(live.Restart)
	_, err = other.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: m.GetId()})
	want(t, "ending", err, "")
	x.over(live.Ended)
	eventually(t, "nothing is kept of it", func() bool {
		_, ok, err := other.nodes.Where(t.Context(), roomOf(other.body.Tenant, uuid.MustParse(m.GetId())))
		return err == nil && !ok
	})
}

// A node whose lease is gone lets go at once and writes no more; the other goes on with the meeting as it stood.
func TestALeaseThatIsGone(t *testing.T) {
	t.Parallel()
	a, b := nodes(t)
	officer, member := a.as("officer", "李四"), a.as("member", "王五")
	m := a.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	x, y := a.sits(t, officer, m), b.sits(t, member, m)
	at, other := order(t, m, a, b)
	if got := x.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: "role", Participant: y.id, Role: live.CoHost}}}); got.GetDone() == nil {
		t.Fatalf("role: %v", got)
	}
	on := func(do string) {
		t.Helper()
		if got := x.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: do, On: true}}}); got.GetDone() == nil {
			t.Fatalf("%s: %v", do, got)
		}
	}
	on("mute-all")
	on("lock")
	if got := y.say(&signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Hand: proto.Bool(true)}}}); got.GetDone() == nil {
		t.Fatalf("hand: %v", got)
	}
	h := at.there(at.body.Ctx, uuid.MustParse(m.GetId()))
	eventually(t, "how it stands is kept", func() bool {
		raw, err := other.nodes.Kept(t.Context(), h.room)
		var k struct{ Room struct{ Muted bool } }
		return err == nil && json.Unmarshal(raw, &k) == nil && k.Room.Muted && strings.Contains(string(raw), `"hand"`)
	})
	if err := at.redis.Del(t.Context(), at.nodes.Prefix()+"node:"+at.nodes.Name()).Err(); err != nil {
		t.Fatal(err)
	}
	// One of them comes through the other node, which hangs up by itself when the lease is gone.
	<-x.bye
	<-y.bye
	x, y = other.sits(t, officer, m), at.sits(t, member, m)
	if a.owns(m) == b.owns(m) {
		t.Fatal("the meeting is on both nodes, or on none")
	}
	x.until("as it stood", func(f *signalv1.FromServer) bool {
		j := f.GetJoined()
		return j.GetRoom().GetMuted() && j.GetRoom().GetLocked() && j.GetRoom().GetTitle() == "季度例会" && len(j.GetPersons()) == 2 && j.GetPersons()[0].GetName() == "李四"
	})
	y.until("as it stood", func(f *signalv1.FromServer) bool {
		for _, p := range f.GetJoined().GetPersons() {
			if p.GetParticipant() == y.id {
				return p.GetRole() == live.CoHost && p.GetHand() > 0
			}
		}
		return false
	})
	// What still runs in the one that had it writes nothing.
	err := h.tx(at.body.Ctx, func(context.Context, tenant.DBTX) error { return errors.New("it may write") })
	if !errors.Is(err, errFenced) {
		t.Errorf("writing under an old term: %v", err)
	}
	role := a.env.DB.Config().Role(a.body.Code)
	if n := a.env.Count(t, "select count(*) from "+role+".meeting_stay"); n != 2 {
		t.Errorf("%d stays of two who never left", n)
	}
}

// film connects media for a seat: a microphone, a camera, and a place for each other's.
func (b *browser) film(see string) *client.Client {
	b.Helper()
	c, err := client.New(client.Options{Sound: true, Layers: []string{""}, Hear: 1, See: 1})
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
	view := &signalv1.View{Mid: c.Places(webrtc.RTPCodecTypeVideo)[0], Participant: see, Source: "camera", Height: 180}
	if got := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{view}}}}); got.GetDone() == nil {
		b.Fatalf("show: %v", got)
	}
	return c
}

// reel sends without a pause by all connections that a participant has.
type reel struct {
	mu sync.Mutex
	to []*client.Client
	at []string // the place for pictures of each
}

func (r *reel) add(c *client.Client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to, r.at = append(r.to, c), append(r.at, c.Places(webrtc.RTPCodecTypeVideo)[0])
}

func (r *reel) frames() (n uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, c := range r.to {
		n += c.Count(r.at[i]).Frames
	}
	return n
}

func (r *reel) run(t *testing.T) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			r.mu.Lock()
			to := r.to
			r.mu.Unlock()
			for _, c := range to {
				_ = c.Speak(i, 60, 20)               // the old one is closed in the end
				_ = c.Show(0, uint32(i)*1800, 1+i%2) // as well
			}
		}
	})
	t.Cleanup(func() { close(done); wg.Wait() })
}

// longest watches the frames of somebody and tells the longest time without one until stop is called.
func longest(frames func() uint64) (stop func() time.Duration) {
	done, gap := make(chan struct{}), make(chan time.Duration)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		last, since, most := frames(), time.Now(), time.Duration(0)
		for {
			select {
			case <-done:
				gap <- most
				return
			case <-tick.C:
				n := frames()
				most = max(most, time.Since(since))
				if n != last {
					last, since = n, time.Now()
				}
			}
		}
	}()
	return func() time.Duration { close(done); return <-gap }
}

// A node that is to be empty gives its meetings away: nobody misses more than a moment of the pictures.
func TestAMeetingMoves(t *testing.T) {
	t.Parallel()
	a, b := nodes(t)
	officer, member := a.as("officer", "李四"), a.as("member", "王五")
	m := a.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	seats := []*browser{a.sits(t, officer, m), b.sits(t, member, m)}
	at, other := order(t, m, a, b)
	reels := []*reel{{}, {}}
	for i, s := range seats {
		if got := s.say(&signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Microphone: proto.Bool(true), Camera: proto.Bool(true)}}}); got.GetDone() == nil {
			t.Fatalf("own: %v", got)
		}
		reels[i].add(s.film(seats[1-i].id))
		reels[i].run(t)
	}
	for i := range reels {
		eventually(t, "pictures", func() bool { return reels[i].frames() > 20 })
	}
	stops := []func() time.Duration{longest(reels[0].frames), longest(reels[1].frames)}
	if err := cluster.AskDrain(t.Context(), at.redis, at.nodes.Prefix(), at.nodes.Name(), true); err != nil {
		t.Fatal(err)
	}
	next := make([]*browser, 2)
	for i, as := range []context.Context{officer, member} {
		moved := seats[i].until("the meeting moves", func(f *signalv1.FromServer) bool { return f.GetMoved() != nil }).GetMoved()
		// What would change the meeting here is refused.
		if got := seats[i].say(&signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: "?"}}}); got.GetRefused().GetReason() != signal.ReasonMoved {
			t.Errorf("a line on the node that gives it away: %v", got)
		}
		k := &meetingv1.JoinReply{Token: moved.GetToken(), Room: moved.GetRoom(), Socket: moved.GetSocket(), Participant: seats[i].id}
		next[i] = at.connect(t, as, k) // any node leads there
		j := next[i].join(k).GetJoined()
		if j.GetParticipant() != seats[i].id || len(j.GetPersons()) != 2 || !j.GetPersons()[0].GetCamera() {
			t.Fatalf("joining there: %v", j)
		}
	}
	for i, n := range next {
		reels[i].add(n.film(seats[1-i].id))
	}
	for i := range reels {
		eventually(t, "pictures there", func() bool { return reels[i].to[1].Count(reels[i].at[1]).Frames > 5 })
		if got := seats[i].say(&signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}}); got.GetDone() == nil {
			t.Errorf("settled: %v", got)
		}
	}
	for i := range seats {
		seats[i].over(live.Moved)
	}
	for i := range reels {
		from := reels[i].frames()
		eventually(t, "pictures go on", func() bool { return reels[i].frames() > from+20 })
		if gap := stops[i](); gap > 2*time.Second {
			t.Errorf("%v without a picture", gap)
		} else {
			t.Logf("at most %v without a picture", gap.Round(time.Millisecond))
		}
	}
	if at.owns(m) || !other.owns(m) {
		t.Error("it is not on the other node")
	}
	next[0].does("mute", next[1].id)
	// Nothing new comes to the node, and an operator may take that back.
	second := a.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	at.sits(t, officer, second)
	if !other.owns(second) {
		t.Error("a new meeting is on the node that is to be empty")
	}
	if err := cluster.AskDrain(t.Context(), at.redis, at.nodes.Prefix(), at.nodes.Name(), false); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it takes meetings again", func() bool { return !at.nodes.Draining() })
	role := a.env.DB.Config().Role(a.body.Code)
	if n := a.env.Count(t, fmt.Sprintf("select count(*) from %s.meeting_stay where meeting_id = '%s'", role, m.GetId())); n != 2 {
		t.Errorf("%d stays of two who never left", n)
	}
}

// Whoever is the last to need a node is answered before the node may hang up.
func TestTheLastToSettleIsAnswered(t *testing.T) {
	t.Parallel()
	h := &hall{s: &Service{}, settled: make(chan struct{})}
	c := &conn{hall: h, queue: signal.NewQueue(1)}
	h.unsettled = map[*conn]bool{c: true}
	h.mu.Lock() // nobody settles for now
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.Do(t.Context(), &signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}}); err != nil {
			t.Error(err)
		}
	})
	answered := t.Run("answer", func(t *testing.T) { eventually(t, "an answer", func() bool { return len(c.queue.Take()) == 1 }) })
	h.mu.Unlock()
	wg.Wait()
	if answered {
		<-h.settled
	}
}

// Two processes that know nothing of each other do not open the same meeting twice.
func TestAProcessThatWasNotToldOfAnother(t *testing.T) {
	t.Parallel()
	a := begin(t)
	service, err := New(host{env: a.env, redis: pgtest.Redis(t), peer: a.peer})
	if err != nil {
		t.Fatal(err)
	}
	b := &stage{service, a.env, a.body, a.watch, a.peer}
	prefix := "{" + rand.Text() + "}:"
	var stops []context.CancelFunc
	for name, s := range map[string]*stage{"a": a, "b": b} {
		s.alone = cluster.NewAlone(s.redis, prefix, name)
	}
	for _, s := range []*stage{a, b} {
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { s.alone.Run(ctx) })
		stop := func() { cancel(); wg.Wait() }
		t.Cleanup(stop)
		stops = append(stops, stop)
		if s == b {
			eventually(t, "the second knows", s.alone.Rival)
			continue
		}
		eventually(t, "the first has the lease", func() bool {
			_, alone, err := cluster.Rivals(t.Context(), s.redis, prefix)
			return err == nil && alone
		})
	}
	officer, member := a.as("officer", "李四"), a.as("member", "王五")
	m := a.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	x := a.sits(t, officer, m)
	short, cancel := context.WithTimeout(member, 300*time.Millisecond)
	defer cancel()
	_, err = b.JoinMeeting(short, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	if !errors.Is(err, errRival) {
		t.Errorf("joining by the other process: %v", err)
	}
	stops[0]()
	x.does("lock", "") // what runs goes on
	b.sits(t, member, m)
}
