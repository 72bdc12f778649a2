package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gonghui/media/sfu"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// browser is a connection that keeps what it is sent.
type browser struct {
	mu   sync.Mutex
	got  []*signalv1.FromServer
	over string
}

func (b *browser) Push(raw []byte) {
	m := &signalv1.FromServer{}
	if err := protojson.Unmarshal(raw, m); err != nil {
		panic(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, m)
}

func (b *browser) Close(why string) { b.over = why }

// seat is one on a media server that keeps what it was told.
type seat struct {
	out       map[string]bool // goes out
	backstage map[string]bool
	rights    sfu.Rights
	left      bool
}

func (s *seat) Hold(source string, on bool) {
	if s.out == nil {
		s.out = map[string]bool{}
	}
	s.out[source] = !on
}

func (s *seat) Backstage(source string, on bool) {
	if s.backstage == nil {
		s.backstage = map[string]bool{}
	}
	s.backstage[source] = on
}
func (s *seat) Allow(r sfu.Rights) { s.rights = r }
func (s *seat) Leave()             { s.left = true }

// stage is a meeting with people in it, by their names.
type stage struct {
	*Meeting
	conns map[string]*browser
	seats map[string]*seat
}

func (s *stage) come(name, role string, guest bool) *signalv1.Joined {
	var joined *signalv1.Joined
	s.conns[name], s.seats[name] = &browser{}, &seat{}
	s.Enter(Who{ID: name, Name: name, Role: role, Guest: guest}, s.conns[name], s.seats[name], func(j *signalv1.Joined) []byte {
		joined = proto.Clone(j).(*signalv1.Joined)
		return encode(&signalv1.FromServer{What: &signalv1.FromServer_Joined{Joined: j}})
	})
	return joined
}

// open is a meeting with a host, a co-host, two speakers and a listener.
func open() *stage {
	s := &stage{New("例会", time.Unix(1, 0), false, true), map[string]*browser{}, map[string]*seat{}}
	for _, p := range []struct{ name, role string }{{"host", Host}, {"co", CoHost}, {"one", Speaker}, {"two", Speaker}, {"ear", Audience}} {
		s.come(p.name, p.role, false)
	}
	return s
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	_, why, _ := strings.Cut(err.Error(), "refused: ")
	return strings.TrimSpace(why)
}

func (s *stage) roles() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, p := range s.sorted() {
		out = append(out, p.Participant+":"+p.Role)
	}
	return strings.Join(out, " ")
}

func TestWhoMayDoWhat(t *testing.T) {
	for _, c := range []struct{ by, do, to, role, reason string }{
		{by: "one", do: "mute", to: "two", reason: "RIGHT act.do"},
		{by: "ear", do: "end", reason: "RIGHT act.do"},
		{by: "co", do: "end", reason: "RIGHT act.do"},
		{by: "host", do: "end"},
		{by: "nobody", do: "mute", to: "one", reason: "CLOSED"},
		{by: "co", do: "mute", to: "one"},
		{by: "co", do: "mute", to: "co"},
		{by: "co", do: "mute", to: "host", reason: "RIGHT act.participant"},
		{by: "host", do: "mute", to: "co"},
		{by: "host", do: "remove", to: "co"},
		{by: "co", do: "remove", to: "host", reason: "RIGHT act.participant"},
		{by: "host", do: "remove", to: "host", reason: "RIGHT act.participant"},
		{by: "host", do: "remove", to: "gone", reason: "GONE act.participant"},
		{by: "host", do: "admit", to: "one", reason: "GONE act.participant"},
		{by: "co", do: "admit", to: "waits"},
		{by: "co", do: "role", to: "ear", role: Speaker},
		{by: "co", do: "role", to: "ear", role: CoHost, reason: "RIGHT act.role"},
		{by: "host", do: "role", to: "ear", role: CoHost},
		{by: "host", do: "role", to: "one", role: Host},
		{by: "co", do: "role", to: "one", role: Host, reason: "RIGHT act.role"},
		{by: "host", do: "role", to: "host", role: Speaker, reason: "RIGHT act.participant"},
		{by: "host", do: "role", to: "one", reason: "MESSAGE act.role"},
		{by: "host", do: "spotlight", to: "gone", reason: "GONE act.participant"},
		{by: "host", do: "spotlight"},
	} {
		t.Run(fmt.Sprintf("%s %s %s %s", c.by, c.do, c.to, c.role), func(t *testing.T) {
			s := open()
			s.Wait(Who{ID: "waits"}, &browser{})
			if got := reason(s.May(c.by, &signalv1.Act{Do: c.do, Participant: c.to, Role: c.role})); got != c.reason {
				t.Errorf("%q, want %q", got, c.reason)
			}
		})
	}
}

func TestOnlyWhatIsOnGoesOut(t *testing.T) {
	s := open()
	if s.seats["one"].out[sfu.Microphone] || s.seats["one"].out[sfu.Camera] {
		t.Fatal("something goes out at the beginning")
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Own("one", &signalv1.Own{Microphone: proto.Bool(true), Sharing: proto.Bool(true)}))
	if o := s.seats["one"].out; !o[sfu.Microphone] || !o[sfu.Screen] || !o[sfu.ScreenSound] || o[sfu.Camera] {
		t.Errorf("goes out: %v", o)
	}
	must(s.Act("co", &signalv1.Act{Do: "mute", Participant: "one"}))
	if s.seats["one"].out[sfu.Microphone] {
		t.Error("a muted one goes out")
	}
	must(s.Act("co", &signalv1.Act{Do: "mute-all", On: true}))
	if got := reason(s.Own("one", &signalv1.Own{Microphone: proto.Bool(true)})); got != "STATE own.microphone" {
		t.Errorf("unmuting: %q", got)
	}
	must(s.Own("co", &signalv1.Own{Microphone: proto.Bool(true)}))
	// Listeners turn nothing on, and who becomes one is silent at once.
	if got := reason(s.Own("ear", &signalv1.Own{Camera: proto.Bool(true)})); got != "RIGHT own.camera" {
		t.Errorf("a listener: %q", got)
	}
	must(s.Act("host", &signalv1.Act{Do: "role", Participant: "one", Role: Audience}))
	if o := s.seats["one"]; o.out[sfu.Screen] || o.rights.Send {
		t.Errorf("a listener sends: %v %v", o.out, o.rights)
	}
	// Back on a new connection, it stands as it stood.
	must(s.Own("two", &signalv1.Own{Camera: proto.Bool(true)}))
	s.Lost("two", s.conns["two"])
	// Of who only listens the others are not told.
	if j := s.come("two", Speaker, false); len(j.GetPersons()) != 3 || !j.GetPersons()[2].GetCamera() || !s.seats["two"].out[sfu.Camera] {
		t.Errorf("back: %v", j)
	}
}

func TestHandsStandInOrder(t *testing.T) {
	s := open()
	for _, name := range []string{"two", "ear", "one", "two"} {
		if err := s.Own(name, &signalv1.Own{Hand: proto.Bool(true)}); err != nil {
			t.Fatal(err)
		}
	}
	h := func(name string) uint64 { return s.people[name].Hand }
	if h("two") == 0 || h("two") >= h("ear") || h("ear") >= h("one") {
		t.Errorf("hands: %d %d %d", h("two"), h("ear"), h("one"))
	}
	_ = s.Act("host", &signalv1.Act{Do: "lower-hands"})
	if h("two")+h("ear")+h("one") != 0 {
		t.Error("hands stay up")
	}
}

func TestSomebodyLeads(t *testing.T) {
	for _, c := range []struct {
		name  string
		leave []string
		want  string
	}{
		{"the co-host", []string{"host"}, "co:host one:speaker two:speaker ear:audience guest:speaker"},
		{"the next", []string{"co", "host"}, "one:host two:speaker ear:audience guest:speaker"},
		{"a listener with a place before a guest", []string{"co", "one", "two", "host"}, "ear:host guest:speaker"},
		{"a guest at last", []string{"co", "one", "two", "ear", "host"}, "guest:host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open()
			s.come("guest", Speaker, true)
			for _, id := range c.leave {
				s.Leave(id, "")
			}
			if got := s.roles(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	s := open()
	_ = s.Act("host", &signalv1.Act{Do: "role", Participant: "one", Role: Host})
	if got := s.roles(); got != "host:cohost co:cohost one:host two:speaker ear:audience" {
		t.Errorf("handed over: %s", got)
	}
	s.Lost("host", s.conns["host"])
	s.come("host", Host, false)
	if got := s.roles(); got != "host:host co:cohost one:cohost two:speaker ear:audience" {
		t.Errorf("who holds it comes back: %s", got)
	}
}

func TestTheDoor(t *testing.T) {
	s := open()
	w := &browser{}
	s.Wait(Who{ID: "w", Name: "来宾", Guest: true}, w)
	knocks := func(name string) (n int) {
		for _, m := range s.conns[name].got {
			if m.GetKnock() != nil {
				n++
			}
		}
		return n
	}
	if knocks("host") != 1 || knocks("co") != 1 || knocks("one") != 0 {
		t.Error("not those who lead are told who waits, or others are")
	}
	// Who comes to lead learns who waits.
	_ = s.Act("host", &signalv1.Act{Do: "role", Participant: "one", Role: CoHost})
	if knocks("one") != 1 {
		t.Error("a new co-host does not know who waits")
	}
	if j := s.come("three", CoHost, false); len(j.GetWaiting()) != 1 || len(j.GetPersons()) != 5 {
		t.Errorf("joined: %v", j)
	}
	if who, conn, ok := s.Call("w"); !ok || who.Name != "来宾" || conn != w {
		t.Error("nobody stands at the door")
	}
	if _, _, ok := s.Call("w"); ok || len(s.Waits()) != 0 || knocks("host") != 2 {
		t.Error("somebody still stands there")
	}
}

func TestOnePlaceAPerson(t *testing.T) {
	s := open()
	first := s.conns["one"]
	s.come("one", Speaker, false)
	if first.over != Elsewhere {
		t.Errorf("the first connection was closed with %q", first.over)
	}
	if s.Lost("one", first) || s.Away("one") {
		t.Error("the end of the first connection took the second one away")
	}
	were := s.End(Ended)
	slices.Sort(were)
	if !slices.Equal(were, []string{"co", "ear", "host", "one", "two"}) || s.conns["ear"].over != Ended || !s.seats["co"].left {
		t.Errorf("ended: %v", were)
	}
	if s.come("late", Speaker, false) != nil {
		t.Error("somebody came into a meeting that is over")
	}
	if err := s.Own("one", &signalv1.Own{}); !errors.Is(err, signal.Refuse(signal.ReasonClosed, "")) {
		t.Errorf("after the end: %v", err)
	}
}

func TestTheChat(t *testing.T) {
	s := open()
	if name, err := s.Speech("ear"); err != nil || name != "ear" {
		t.Errorf("%q %v", name, err)
	}
	_ = s.Act("host", &signalv1.Act{Do: "chat"})
	if _, err := s.Speech("ear"); reason(err) != "STATE say.text" {
		t.Errorf("a closed chat: %v", err)
	}
	if _, err := s.Speech("co"); err != nil {
		t.Errorf("who leads: %v", err)
	}
}
