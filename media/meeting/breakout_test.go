package meeting

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	meetingv1 "gonghui/media/meeting/v1"
	signalv1 "gonghui/media/signal/v1"
)

// rooms asks for something with breakout rooms; reason is empty when it is to be done.
func (b *browser) rooms(reason string, r *signalv1.Breakout) {
	b.Helper()
	got := b.say(&signalv1.FromClient{What: &signalv1.FromClient_Breakout{Breakout: r}})
	if got.GetRefused().GetReason() != reason || reason == "" && got.GetDone() == nil {
		b.Fatalf("%s: %s, want %q", r.GetDo(), protojson.Format(got), reason)
	}
}

// list waits until the rooms stand as is says.
func (b *browser) list(what string, is func(*signalv1.Rooms) bool) *signalv1.Rooms {
	b.Helper()
	return b.until(what, func(m *signalv1.FromServer) bool { return m.GetRooms() != nil && is(m.GetRooms()) }).GetRooms()
}

// in waits until one is in a room with people of these names, and nobody else.
func (b *browser) in(room string, names ...string) {
	b.Helper()
	slices.Sort(names)
	var at string
	var there []string
	eventually(b.T, fmt.Sprintf("in room %q with %v", room, names), func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		here := map[string]string{}
		for _, m := range b.got {
			if j := m.GetJoined(); j != nil {
				at = j.GetBreakout()
				clear(here)
				for _, p := range j.GetPersons() {
					here[p.GetParticipant()] = p.GetName()
				}
			}
			if p := m.GetPerson(); p != nil {
				here[p.GetParticipant()] = p.GetName()
			}
			delete(here, m.GetGone().GetParticipant())
		}
		there = slices.Sorted(maps.Values(here))
		return at == room && slices.Equal(there, names)
	})
}

func TestBreakoutRooms(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.countdown = 300 * time.Millisecond
	host, one, two, three := s.as("officer", "李四"), s.as("member", "王五"), s.as("member", "赵六"), s.as("member", "钱七")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, a, b, c := s.sits(t, host, m), s.sits(t, one, m), s.sits(t, two, m), s.sits(t, three, m)
	a.rooms("RIGHT", &signalv1.Breakout{Do: "rooms", Names: []string{"第一组"}})
	h.rooms("STATE", &signalv1.Breakout{Do: "open"})
	h.rooms("MESSAGE", &signalv1.Breakout{Do: "rooms", Names: []string{"第一组", "第一组"}})
	h.rooms("", &signalv1.Breakout{Do: "rooms", Names: []string{"第一组", "第二组"}})
	made := h.list("two rooms", func(r *signalv1.Rooms) bool { return len(r.GetList()) == 2 })
	first, second := made.GetList()[0].GetId(), made.GetList()[1].GetId()
	h.rooms("GONE", &signalv1.Breakout{Do: "assign", Moves: []*signalv1.Move{{Participant: a.id, Room: m.GetId()}}})
	h.rooms("", &signalv1.Breakout{Do: "assign", Moves: []*signalv1.Move{{Participant: a.id, Room: first}, {Participant: b.id, Room: first}}})
	h.rooms("", &signalv1.Breakout{Do: "shuffle"})
	h.list("everybody has a room", func(r *signalv1.Rooms) bool {
		return len(r.GetList()) == 2 && len(r.GetList()[0].GetMembers()) == 2 && len(r.GetList()[1].GetMembers()) == 1
	})
	h.rooms("", &signalv1.Breakout{Do: "open", Minutes: 10})
	a.in(first, "王五", "赵六")
	c.in(second, "钱七")
	// Those who are not led are not told who is where.
	if r := a.list("open", func(r *signalv1.Rooms) bool { return r.GetOpen() }); r.GetLeft() == 0 || len(r.GetList()[0].GetMembers()) != 0 || r.GetList()[0].GetPeople() == 0 {
		t.Errorf("told: %v", r)
	}
	// What is said in one room is read there alone.
	say := func(x *browser, text string) {
		t.Helper()
		if got := x.say(&signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: text}}}); got.GetDone() == nil {
			t.Fatal(got)
		}
	}
	line := func(text string) func(*signalv1.FromServer) bool {
		return func(f *signalv1.FromServer) bool { return f.GetLine().GetText() == text }
	}
	say(a, "组内的话")
	b.until("the line", line("组内的话"))
	say(c, "另一组的话")
	told := func(x *browser) (texts []string) {
		for _, l := range x.say(&signalv1.FromClient{What: &signalv1.FromClient_Recall{Recall: &signalv1.Recall{}}}).GetTold().GetLines() {
			texts = append(texts, l.GetText())
		}
		return texts
	}
	if got := told(b); !slices.Equal(got, []string{"组内的话"}) {
		t.Errorf("recalled in the first room: %v", got)
	}
	if got := told(h); len(got) != 0 {
		t.Errorf("recalled in the main room: %v", got)
	}
	a.rooms("", &signalv1.Breakout{Do: "help"})
	h.until("a call for help", func(f *signalv1.FromServer) bool {
		return f.GetNotice().GetWhat() == "help" && f.GetNotice().GetName() == "王五" && f.GetNotice().GetRoom() == "第一组"
	})
	h.list("the room that calls", func(r *signalv1.Rooms) bool { return len(r.GetList()) > 0 && r.GetList()[0].GetHelp() == "王五" })
	h.rooms("", &signalv1.Breakout{Do: "go", Room: first})
	h.in(first, "李四", "王五", "赵六")
	h.rooms("", &signalv1.Breakout{Do: "say", Text: "还有五分钟"})
	for _, x := range []*browser{a, c} {
		x.until("the notice", func(f *signalv1.FromServer) bool { return f.GetNotice().GetText() == "还有五分钟" })
		x.until("the line", line("还有五分钟"))
	}
	// Nobody goes where they do not belong, unless people choose.
	a.rooms("RIGHT", &signalv1.Breakout{Do: "go", Room: second})
	h.rooms("", &signalv1.Breakout{Do: "choice", On: true})
	a.rooms("", &signalv1.Breakout{Do: "go", Room: second})
	a.in(second, "王五", "钱七")
	// After a drop one is in the same room, also when the process was another one in between.
	_ = a.ws.CloseNow()
	c.until("away", func(f *signalv1.FromServer) bool {
		return f.GetPerson().GetParticipant() == a.id && f.GetPerson().GetAway()
	})
	a = s.sits(t, one, m)
	a.in(second, "王五", "钱七")
	restarted(t, s)
	a, c, h = s.sits(t, one, m), s.sits(t, three, m), s.sits(t, host, m)
	c.in(second, "王五", "钱七")
	// The rooms are closed after the countdown, and everybody is in the main one.
	h.rooms("", &signalv1.Breakout{Do: "close"})
	a.list("the countdown", func(r *signalv1.Rooms) bool { return r.GetOpen() && r.GetClosing() > 0 })
	a.in("", "王五", "钱七", "李四")
	c.list("closed", func(r *signalv1.Rooms) bool { return !r.GetOpen() })
	stays, err := s.ListAttendance(host, &meetingv1.ListAttendanceRequest{Id: m.GetId()})
	want(t, "attendance", err, "")
	where := map[string]bool{}
	for _, x := range stays.GetAttendance() {
		where[x.GetName()+" "+x.GetRoom()] = true
	}
	for _, w := range []string{"王五 ", "王五 第一组", "王五 第二组", "李四 第一组", "钱七 第二组"} {
		if !where[w] {
			t.Errorf("no stay %q in %v", w, where)
		}
	}
	lines, err := s.ListMessages(host, &meetingv1.ListMessagesRequest{Id: m.GetId()})
	if err != nil || len(lines.GetMessages()) != 4 || lines.GetMessages()[3].GetRoom() != "第一组" {
		t.Errorf("the chat of all rooms: %v %v", lines, err)
	}
	if lines, err = s.ListMessages(two, &meetingv1.ListMessagesRequest{Id: m.GetId()}); err != nil || len(lines.GetMessages()) != 0 {
		t.Errorf("the chat of the main room: %v %v", lines, err)
	}
}

// restarted ends the halls of a process, as it going down does.
func restarted(t *testing.T, s *stage) {
	t.Helper()
	s.mu.Lock()
	halls := make([]*hall, 0, len(s.halls))
	for _, h := range s.halls {
		halls = append(halls, h)
	}
	s.mu.Unlock()
	for _, h := range halls {
		h.restart(t.Context())
	}
	eventually(t, "no hall", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.halls) == 0 })
}

func TestRoomsAreOverByTheClock(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.countdown = 100 * time.Millisecond
	host, one := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, a := s.sits(t, host, m), s.sits(t, one, m)
	h.rooms("", &signalv1.Breakout{Do: "rooms", Names: []string{"第一组"}})
	h.rooms("", &signalv1.Breakout{Do: "shuffle"})
	h.rooms("", &signalv1.Breakout{Do: "open", Minutes: 1})
	room := h.list("open", func(r *signalv1.Rooms) bool { return r.GetOpen() }).GetList()[0].GetId()
	a.in(room, "王五")
	restarted(t, s)
	s.exec(t, "update "+s.env.DB.Config().Role(s.body.Code)+".meeting_option set until = now() - interval '1 hour'")
	a = s.sits(t, one, m)
	a.in("", "王五")
	if n := s.env.Count(t, "select count(*) from "+s.env.DB.Config().Role(s.body.Code)+".audit_log where act = 'meeting.rooms_over'"); n != 1 {
		t.Errorf("%d records of it", n)
	}
}
