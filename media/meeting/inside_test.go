package meeting

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	meetingv1 "gonghui/media/meeting/v1"
	signalv1 "gonghui/media/signal/v1"
)

// wants says something and checks the reason of the refusal; empty: it is done.
func (b *browser) wants(reason string, m *signalv1.FromClient) {
	b.Helper()
	got := b.say(m)
	if got.GetRefused().GetReason() != reason || reason == "" && got.GetDone() == nil {
		b.Fatalf("%s: %s, want %q", protojson.Format(m), protojson.Format(got), reason)
	}
}

func setting(s *signalv1.Set) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Set{Set: s}}
}

func writing(id, text string, final bool) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Write{Write: &signalv1.Write{Id: id, Text: text, Final: final}}}
}

func directing(do, who string) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Venue{Venue: &signalv1.Venue{Do: do, Participant: who}}}
}

func TestTheStenographer(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, one := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, a := s.sits(t, host, m), s.sits(t, one, m)
	a.wants("RIGHT", writing("", "第一", false))
	a.wants("RIGHT", setting(&signalv1.Set{Stenographer: a.id, On: true}))
	h.wants("GONE", setting(&signalv1.Set{Stenographer: m.GetId(), On: true}))
	h.wants("", setting(&signalv1.Set{Stenographer: a.id, On: true}))
	a.until("the duty", func(f *signalv1.FromServer) bool {
		return f.GetPerson().GetParticipant() == a.id && f.GetPerson().GetStenographer()
	})
	a.wants("", writing("", "各位代表", false))
	h.until("the growing line", func(f *signalv1.FromServer) bool {
		return f.GetCaption().GetText() == "各位代表" && f.GetCaption().GetId() == ""
	})
	a.wants("MESSAGE", writing("", " ", true))
	a.wants("", writing("", "各位代表，上午好。", true))
	line := h.until("the line", func(f *signalv1.FromServer) bool { return f.GetCaption().GetText() == "各位代表，上午好。" }).GetCaption()
	if line.GetId() == "" || line.GetParticipant() != a.id {
		t.Errorf("the line: %v", line)
	}
	a.wants("GONE", writing(m.GetId(), "没有这一行", true))
	a.wants("", writing(line.GetId(), "各位代表，下午好。", true))
	h.until("mended", func(f *signalv1.FromServer) bool {
		return f.GetCaption().GetId() == line.GetId() && f.GetCaption().GetText() == "各位代表，下午好。"
	})
	// It is no line of the chat, and who comes later knows the last ones, also after another process has taken over.
	if told := h.say(&signalv1.FromClient{What: &signalv1.FromClient_Recall{Recall: &signalv1.Recall{}}}).GetTold(); len(told.GetLines()) != 0 {
		t.Errorf("in the chat: %v", told)
	}
	restarted(t, s)
	h, a = s.sits(t, host, m), s.sits(t, one, m)
	j := a.until("joined", func(f *signalv1.FromServer) bool { return f.GetJoined() != nil }).GetJoined()
	if len(j.GetCaptions()) != 1 || j.GetCaptions()[0].GetText() != "各位代表，下午好。" {
		t.Errorf("told: %v", j.GetCaptions())
	}
	a.wants("", writing("", "第二行", true))
	h.wants("", setting(&signalv1.Set{Stenographer: a.id}))
	a.wants("RIGHT", writing("", "第三行", true))
}

func TestTheWatermark(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, one := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant, in.Plan.Watermark = true, true })
	if !m.GetWatermark() {
		t.Error("the plan forgot the watermark")
	}
	h, a := s.sits(t, host, m), s.sits(t, one, m)
	j := a.until("joined", func(f *signalv1.FromServer) bool { return f.GetJoined() != nil }).GetJoined()
	if j.GetMark().GetText() != "王五 5678" || !j.GetRoom().GetWatermark() {
		t.Errorf("told: %v", j)
	}
	a.wants("RIGHT", setting(&signalv1.Set{Watermark: proto.Bool(false)}))
	h.wants("", setting(&signalv1.Set{Watermark: proto.Bool(false)}))
	a.until("no watermark", func(f *signalv1.FromServer) bool { return f.GetMark() != nil && f.GetMark().GetText() == "" })
	// Who came while there was none is given theirs.
	late := s.sits(t, s.as("member", "赵六"), m)
	h.wants("", setting(&signalv1.Set{Watermark: proto.Bool(true)}))
	late.until("the digits", func(f *signalv1.FromServer) bool { return f.GetMark().GetText() == "王五 5678" })
	got, err := s.GetMeeting(host, &meetingv1.GetMeetingRequest{Id: m.GetId()})
	if err != nil || !got.GetWatermark() {
		t.Errorf("the meeting: %v %v", got, err)
	}
}

func TestVenues(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, one, two := s.as("officer", "李四"), s.as("member", "王五"), s.as("member", "赵六")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, a, b := s.sits(t, host, m), s.sits(t, one, m), s.sits(t, two, m)
	a.wants("RIGHT", directing("on", ""))
	h.wants("STATE", directing("sub", a.id))
	h.wants("", directing("on", ""))
	h.wants("", directing("sub", a.id))
	h.wants("", directing("sub", b.id))
	h.wants("", directing("call", b.id))
	stands := func(x *browser, what string, subs []string, called string) {
		t.Helper()
		x.until(what, func(f *signalv1.FromServer) bool {
			v := f.GetVenues()
			if f.GetJoined() != nil {
				v = f.GetJoined().GetVenues()
			}
			return v.GetOn() && v.GetMain() == h.id && slices.Equal(v.GetSubs(), subs) && v.GetCalled() == called
		})
	}
	stands(a, "called", []string{a.id, b.id}, b.id)
	h.wants("GONE", directing("call", h.id))
	restarted(t, s)
	hid := h.id
	h = s.sits(t, host, m)
	if h.id != hid {
		t.Fatal("another id")
	}
	stands(h, "the same after a restart", []string{a.id, b.id}, b.id)
	h.wants("", directing("off", ""))
	h.until("off", func(f *signalv1.FromServer) bool { return f.GetVenues() != nil && !f.GetVenues().GetOn() })
}
