package live

import (
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gonghui/media/sfu"
	signalv1 "gonghui/media/signal/v1"
)

// meter counts what one connection is sent.
type meter struct{ messages, bytes int }

func (c *meter) Push(raw []byte) { c.messages++; c.bytes += len(raw) }
func (c *meter) Close(string)    {}

// fill lets n listeners in, with a beat after every so many.
func fill(m *Meeting, n, each int) []*meter {
	all := make([]*meter, n)
	for i := range all {
		all[i] = &meter{}
		m.Enter(Who{ID: fmt.Sprintf("0196a1c2-0000-7000-8000-%012d", i), Name: "某某某", Body: "某某区总工会", Role: Audience}, all[i], &seat{}, func(j *signalv1.Joined) []byte {
			return encode(&signalv1.FromServer{What: &signalv1.FromServer_Joined{Joined: j}})
		})
		if i%each == each-1 {
			m.Flush()
		}
	}
	m.Flush()
	return all
}

// What the last of many is sent does not grow with how many there are, and nobody is sent a message for each.
func TestListenersAreCounted(t *testing.T) {
	s := open()
	host := s.conns["host"]
	before := len(host.got)
	small := fill(s.Meeting, 200, 50)
	last := fill(s.Meeting, 1, 1)[0]
	if n := len(host.got) - before; n > 6 {
		t.Errorf("the host was sent %d messages on 200 listeners", n)
	}
	if got := host.got[len(host.got)-1].GetChanges(); got.GetListeners() != 201 {
		t.Errorf("%d listeners", got.GetListeners())
	}
	if first := small[0]; first.messages > 7 || last.bytes > 2*first.bytes {
		t.Errorf("the first was sent %d messages, %d bytes; the last %d bytes", first.messages, first.bytes, last.bytes)
	}
}

func TestListenersHearInBeats(t *testing.T) {
	s := open()
	s.Flush()
	ear := s.conns["ear"]
	ear.got = nil
	asked := 0
	s.Later = func() { asked++ }
	for _, on := range []bool{true, false, true} {
		_ = s.Own("one", &signalv1.Own{Microphone: proto.Bool(on)})
		s.Said(&signalv1.Line{Id: fmt.Sprint(on, asked), Participant: "one", Text: "行"})
	}
	_ = s.Act("host", &signalv1.Act{Do: "lock", On: true})
	if len(ear.got) != 0 || asked != 1 {
		t.Fatalf("%d messages before the beat, asked for it %d times", len(ear.got), asked)
	}
	s.Flush()
	if len(ear.got) != 1 {
		t.Fatalf("%d messages", len(ear.got))
	}
	c := ear.got[0].GetChanges()
	if len(c.GetPersons()) != 1 || !c.GetPersons()[0].GetMicrophone() || len(c.GetLines()) != 3 || !c.GetRoom().GetLocked() || c.Listeners != nil {
		t.Errorf("told: %v", c)
	}
	if s.Flush(); len(ear.got) != 1 {
		t.Error("told twice")
	}
	// Who raises a hand stands with the others, and is told at once from then on what they are.
	_ = s.Own("one", &signalv1.Own{Camera: proto.Bool(true)})
	_ = s.Own("ear", &signalv1.Own{Hand: proto.Bool(true)})
	if n := len(ear.got); n < 3 || !ear.got[1].GetChanges().GetPersons()[0].GetCamera() {
		t.Errorf("told: %v", ear.got)
	}
	if p := s.conns["host"].got[len(s.conns["host"].got)-1].GetPerson(); p.GetParticipant() != "ear" || p.GetHand() == 0 {
		t.Errorf("the host was told %v", p)
	}
	_ = s.Act("host", &signalv1.Act{Do: "lower-hand", Participant: "ear"})
	s.Flush()
	if seen := s.Look(&signalv1.Look{Size: 10}); seen.GetTotal() != 1 || seen.GetPersons()[0].GetParticipant() != "ear" {
		t.Errorf("seen: %v", seen)
	}
}

func TestListenersByPages(t *testing.T) {
	s := open()
	fill(s.Meeting, 45, 100)
	var after uint64
	seen := map[string]bool{}
	for pages := 1; ; pages++ {
		p := s.Look(&signalv1.Look{After: after, Size: 20})
		for _, one := range p.GetPersons() {
			seen[one.GetParticipant()] = true
		}
		if after = p.GetNext(); after == 0 {
			if pages != 3 || p.GetTotal() != 46 {
				t.Errorf("%d pages of %d", pages, p.GetTotal())
			}
			break
		}
	}
	if len(seen) != 46 {
		t.Errorf("%d of 46", len(seen))
	}
	if p := s.Look(&signalv1.Look{Query: "EAR", Size: 20}); p.GetTotal() != 1 {
		t.Errorf("found %d", p.GetTotal())
	}
}

func TestWhoSeesAVenue(t *testing.T) {
	s := open()
	for _, name := range []string{"one", "two"} {
		_ = s.Own(name, &signalv1.Own{Camera: proto.Bool(true), Microphone: proto.Bool(true)})
	}
	direct := func(do, who, want string) {
		t.Helper()
		v, err := s.Direct("host", &signalv1.Venue{Do: do, Participant: who})
		if got := reason(err); got != want {
			t.Fatalf("%s %s: %q, want %q", do, who, got, want)
		}
		if err == nil {
			s.SetVenues(v)
		}
	}
	check := func(what, name string, picture, sound, backstage bool) {
		t.Helper()
		x := s.seats[name]
		if x.out[sfu.Camera] != picture || x.out[sfu.Microphone] != sound || x.backstage[sfu.Camera] != backstage {
			t.Errorf("%s, %s: picture %v, sound %v, backstage %v", what, name, x.out[sfu.Camera], x.out[sfu.Microphone], x.backstage[sfu.Camera])
		}
	}
	check("before", "one", true, true, false)
	direct("on", "", "")
	check("none of them", "one", false, false, true)
	direct("sub", "one", "")
	direct("sub", "two", "")
	direct("sub", "ear", "STATE venue.participant")
	check("not called", "one", true, false, true)
	direct("call", "one", "")
	check("called", "one", true, true, false)
	check("not called", "two", true, false, true)
	direct("call", "two", "")
	check("after their turn", "one", true, false, true)
	direct("main", "one", "")
	check("the main venue", "one", true, true, false)
	check("with the floor", "two", true, true, false)
	s.Leave("two", "")
	if v := s.Venues(); v.Called != "" || v.Main != "one" {
		t.Errorf("after leaving: %+v", v)
	}
	direct("off", "", "")
	check("afterwards", "one", true, true, false)
	if !s.seats["host"].rights.Preview || s.seats["one"].rights.Preview {
		t.Error("who sees the others")
	}
}

func TestRoomsAreFilledEvenly(t *testing.T) {
	s := open()
	fill(s.Meeting, 20, 100)
	s.SetRooms([]*Breakout{{"r1", "第一组"}, {"r2", "第二组"}, {"r3", "第三组"}}, map[string]string{"one": "r1"})
	moves := s.Shuffle()
	full := map[string]int{"r1": 1}
	for _, room := range moves {
		full[room]++
	}
	if len(moves) != 22 || moves["host"] != "" || moves["co"] != "" || full["r1"] > 8 || full["r2"] < 7 || full["r3"] < 7 {
		t.Errorf("%d moves, %v", len(moves), full)
	}
	s.Assign(moves)
	if n := len(s.Strays()); n != 0 {
		t.Errorf("%d strays before they open", n)
	}
	s.StandRooms(true, false, time.Now().Add(time.Minute), time.Time{})
	if n := len(s.Strays()); n != 23 {
		t.Errorf("%d strays", n)
	}
}

// Joining is measured for 2,000 listeners: microseconds and bytes each, with a beat after every fifty.
func BenchmarkListeners(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := open()
		start := time.Now()
		b.StartTimer()
		all := fill(s.Meeting, 2000, 50)
		b.StopTimer()
		took := time.Since(start)
		bytes, messages := 0, 0
		for _, c := range all {
			bytes += c.bytes
			messages += c.messages
		}
		b.ReportMetric(float64(took.Microseconds())/2000, "µs/join")
		b.ReportMetric(float64(bytes)/2000, "B/listener")
		b.ReportMetric(float64(messages)/2000, "messages/listener")
		b.StartTimer()
	}
}
