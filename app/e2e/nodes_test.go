package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gonghui/app/e2e/stack"
	signalv1 "gonghui/media/signal/v1"
)

// spread is a product whose meetings run on several processes behind one address.
type spread struct {
	*run
	t     *testing.T
	front *stack.Proxy
	nodes map[string]*stack.Node
}

func spreads(t *testing.T, names ...string) *spread {
	t.Helper()
	s := stack.Start(t)
	r := &spread{&run{Stack: s, people: map[string]stack.Person{}, open: map[string]*stack.Client{}}, t, nil, map[string]*stack.Node{}}
	s.MustRun(t, "seed", "divisions")
	s.Provision(t)
	s.MustRun(t, "tenant", "activate", county)
	for i, role := range []string{"admin", "officer"} {
		p := stack.Person{Body: county, Role: role, Name: role + "某", Phone: fmt.Sprintf("1360000000%d", i)}
		r.people[role+"@"+county] = p
		s.Enrol(t, p)
	}
	r.front = s.Front(t)
	for _, name := range names {
		r.nodes[name] = s.Node(t, r.front, name)
	}
	return r
}

// nodesNow are the nodes as an operator sees them: how many people are on each.
func (r *spread) nodesNow() map[string]int {
	r.t.Helper()
	var all []struct {
		Name string
		Load int
	}
	out := r.MustRun(r.t, "meeting", "nodes", "--json")
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		r.t.Fatalf("%s: %v", out, err)
	}
	load := map[string]int{}
	for _, n := range all {
		load[n.Name] = n.Load
	}
	return load
}

// at is the node that has everybody, and another one.
func (r *spread) at(people int) (busy, idle string) {
	r.t.Helper()
	stack.Eventually(r.t, 20*time.Second, "the meeting is on one node", func() bool {
		busy, idle = "", ""
		for name, load := range r.nodesNow() {
			switch load {
			case people:
				busy = name
			case 0:
				idle = name
			}
		}
		return busy != "" && idle != ""
	})
	return busy, idle
}

// attendee is somebody in a meeting, with all the connections they have and had.
type attendee struct {
	*stack.Client
	mu    sync.Mutex
	seats []*seat
}

func (a *attendee) takes(s *seat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seats = append(a.seats, s)
}

// frames are the pictures that have come over all of them.
func (a *attendee) frames() (n uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.seats {
		n += s.seen()
	}
	return n
}

func (a *attendee) now() *seat {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.seats[len(a.seats)-1]
}

// longest watches pictures and tells the longest time without a new one until it is stopped.
func longest(frames func() uint64) (stop func() time.Duration) {
	done, most := make(chan struct{}), make(chan time.Duration)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		last, since, gap := frames(), time.Now(), time.Duration(0)
		for {
			select {
			case <-done:
				most <- gap
				return
			case <-tick.C:
			}
			gap = max(gap, time.Since(since))
			if n := frames(); n != last {
				last, since = n, time.Now()
			}
		}
	}()
	return func() time.Duration { close(done); return <-most }
}

// films has somebody send, and look at somebody else.
func films(t *testing.T, s *seat, at string) {
	t.Helper()
	s.shows()
	sending(t, s)
	s.looks(at)
}

// hungUp waits until the server has hung up.
func (s *seat) hungUp(what string, within time.Duration) {
	s.t.Helper()
	stack.Eventually(s.t, within, what, func() bool {
		select {
		case <-s.bye:
			return true
		default:
			return false
		}
	})
}

// back comes back as a page does: it asks for a token and takes the seat, until that works.
func (a *attendee) back(t *testing.T, m held) *seat {
	t.Helper()
	var s *seat
	var last string
	err := stack.Wait(20*time.Second, func() bool {
		var k ticket
		status, raw, err := a.Do(http.MethodPost, "/v1/meetings/"+m.ID+":join", []byte("{}"))
		if err != nil || status != http.StatusOK || json.Unmarshal(raw, &k) != nil {
			last = fmt.Sprintf("asking for a token: %d %s %v", status, short(string(raw)), err)
			return false
		}
		one, _, err := dial(t, a.Client, k.Socket)
		if err != nil {
			last = fmt.Sprintf("connecting: %v", err)
			return false
		}
		one.id = k.Participant
		if got := one.tries(enters(k)); got.GetJoined() == nil {
			last = fmt.Sprintf("taking the seat: %v", got)
			_ = one.ws.CloseNow()
			return false
		}
		s = one
		return true
	})
	if err != nil {
		t.Fatalf("not back in the meeting within 20 seconds: %s", last)
	}
	return s
}

// tries is say for what may come to nothing: nil when the connection ends or nothing is said for five seconds.
func (s *seat) tries(m *signalv1.FromClient) (answer *signalv1.FromServer) {
	s.t.Helper()
	s.write(m)
	_ = stack.Wait(5*time.Second, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, one := range s.got {
			if one.GetId() == m.GetId() {
				answer = one
				return true
			}
		}
		select {
		case <-s.bye:
			return true
		default:
			return false
		}
	})
	return answer
}

// A meeting on two processes: it moves when one is emptied, comes back when one is killed, and is never on both.
func TestMeetingsOverNodes(t *testing.T) {
	t.Parallel()
	r := spreads(t, "a", "b")
	host, officer := r.signedIn(t, "admin", county), r.signedIn(t, "officer", county)
	m := hold(t, host, nil)
	people := []*attendee{{Client: host}, {Client: officer}}
	ids := make([]string, 2)
	for i, p := range people {
		s := sits(t, p.Client, joins(t, p.Client, m))
		ids[i] = s.id
		if got := s.say(own(&signalv1.Own{Microphone: proto.Bool(true), Camera: proto.Bool(true)})); got.GetDone() == nil {
			t.Fatalf("own: %v", got)
		}
		p.takes(s)
	}
	for i, p := range people {
		films(t, p.now(), ids[1-i])
	}
	flows := func(what string, within time.Duration) {
		t.Helper()
		for _, p := range people {
			from := p.now().seen()
			stack.Eventually(t, within, what, func() bool { return p.now().seen() > from+5 })
		}
	}
	flows("pictures", 20*time.Second)
	busy, _ := r.at(2)

	// An operator empties the node.
	var stops []func() time.Duration
	for _, p := range people {
		stops = append(stops, longest(p.frames))
	}
	emptied := make(chan error, 1)
	go func() {
		_, err := r.Run("meeting", "drain", "--node", busy, "--within", "40s")
		emptied <- err
	}()
	var next []*seat
	for _, p := range people {
		to := p.now().until("the meeting moves", func(f *signalv1.FromServer) bool { return f.GetMoved() != nil }).GetMoved()
		s, _, err := dial(t, p.Client, to.GetSocket())
		if err != nil {
			t.Fatal(err)
		}
		if j := s.say(enters(ticket{Token: to.GetToken(), Room: to.GetRoom()})).GetJoined(); j == nil || len(j.GetPersons()) != 2 {
			t.Fatalf("joining there: %v", j)
		}
		s.id = p.now().id
		next = append(next, s)
	}
	for i, s := range next {
		films(t, s, ids[1-i])
	}
	for i, s := range next {
		stack.Eventually(t, 10*time.Second, "pictures there", func() bool { return s.seen() > 5 })
		old := people[i].now()
		people[i].takes(s)
		if got := old.say(&signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}}); got.GetDone() == nil {
			t.Fatalf("settled: %v", got)
		}
	}
	if err := <-emptied; err != nil {
		t.Fatal(err)
	}
	flows("pictures after the move", 20*time.Second)
	for _, stop := range stops {
		if gap := stop(); gap > 2*time.Second {
			t.Errorf("the move: %s without a picture", gap)
		} else {
			t.Logf("the move: at most %s without a picture", gap.Round(time.Millisecond))
		}
	}
	if now, _ := r.at(2); now == busy {
		t.Errorf("it is still on node %s", busy)
	}
	r.MustRun(t, "meeting", "drain", "--node", busy, "--undo")

	// The node is killed.
	all := act("mute-all", "")
	all.GetAct().On = true
	if got := people[0].now().say(all); got.GetDone() == nil {
		t.Fatalf("mute-all: %v", got)
	}
	busy, idle := r.at(2)
	killed := time.Now()
	r.nodes[busy].End(syscall.SIGKILL)
	returns := func(what string) {
		t.Helper()
		for i, p := range people {
			s := p.back(t, m)
			if s.id != ids[i] {
				t.Fatalf("%s: not back in the same seat", what)
			}
			p.takes(s)
		}
		for i, p := range people {
			films(t, p.now(), ids[1-i])
		}
		for _, p := range people {
			stack.Eventually(t, 20*time.Second, what, func() bool { return p.now().seen() > 0 })
		}
	}
	returns("pictures after a node was killed")
	if took := time.Since(killed); took > 10*time.Second {
		t.Errorf("killed: %s until both see each other again", took)
	} else {
		t.Logf("killed: %s until both see each other again", took.Round(time.Millisecond))
	}
	people[1].now().until("as it stood", func(f *signalv1.FromServer) bool { return f.GetJoined().GetRoom().GetMuted() })

	// The other one is stopped in the middle of it all, and goes on when the meeting is elsewhere.
	r.nodes["c"] = r.Node(t, r.front, "c")
	frozen := r.nodes[idle]
	old := people[0].now()
	frozen.Pause()
	lock := act("lock", "")
	lock.GetAct().On = true
	old.write(lock)
	returns("pictures after a node was stopped")
	frozen.Resume()
	old.hungUp("the node that was stopped lets go", 10*time.Second)
	stack.Eventually(t, 10*time.Second, "nobody is on the node that was stopped", func() bool { return r.nodesNow()[idle] == 0 })
	var now struct{ Locked bool }
	host.Must(t, http.MethodGet, "/v1/meetings/"+m.ID, nil, &now)
	if now.Locked {
		t.Error("the node that was stopped has locked the meeting")
	}
	people[0].now().until("not locked there", func(f *signalv1.FromServer) bool { return f.GetJoined() != nil && !f.GetJoined().GetRoom().GetLocked() })

	// The right is taken away in the middle of the meeting.
	var me struct{ Place struct{ IdentityID string } }
	officer.Must(t, http.MethodGet, "/v1/me", nil, &me)
	host.Must(t, http.MethodPost, "/v1/access/grants", map[string]any{
		"subject": map[string]any{"kind": "identity", "id": me.Place.IdentityID}, "scope": map[string]any{"kind": "body"},
		"capability": "meeting.join", "effect": "deny",
	}, nil)
	people[1].now().hungUp("without the right it is over", 2*time.Second)
	if f := refused(t, officer, http.MethodPost, "/v1/meetings/"+m.ID+":join", map[string]any{}); f.Reason != "FORBIDDEN" {
		t.Errorf("without the right: %+v", f)
	}

	// The process ends in order: the meeting goes to the other one before.
	busy, _ = r.at(1)
	ended := make(chan struct{})
	go func() { r.nodes[busy].End(syscall.SIGTERM); close(ended) }()
	last := people[0].now()
	to := last.until("the meeting moves", func(f *signalv1.FromServer) bool { return f.GetMoved() != nil }).GetMoved()
	s, _, err := dial(t, host, to.GetSocket())
	if err != nil {
		t.Fatal(err)
	}
	if j := s.say(enters(ticket{Token: to.GetToken(), Room: to.GetRoom()})).GetJoined(); j == nil {
		t.Fatal("not in the meeting")
	}
	last.say(&signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}})
	<-ended
	if got := s.say(act("end", "")); got.GetDone() == nil {
		t.Fatalf("end: %v", got)
	}
	s.over("ended")
}
