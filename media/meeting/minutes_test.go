package meeting

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	meetingv1 "gonghui/media/meeting/v1"
	signalv1 "gonghui/media/signal/v1"
)

func TestMinutes(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, one, admin := s.as("officer", "李四"), s.as("member", "王五"), s.as("admin", "孙八")
	other := s.as("officer", "周九")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, a := s.sits(t, host, m), s.sits(t, one, m)
	h.wants("", setting(&signalv1.Set{Stenographer: a.id, On: true}))
	a.wants("", writing("", "同意工作报告。", true))
	for _, text := range []string{"要写进去的", "不必写进去的"} {
		a.wants("", &signalv1.FromClient{What: &signalv1.FromClient_Say{Say: &signalv1.Say{Text: text}}})
	}
	h.does("end", "")
	a.over("ended")
	lines, err := s.ListMessages(host, &meetingv1.ListMessagesRequest{Id: m.GetId()})
	if err != nil || len(lines.GetMessages()) != 2 {
		t.Fatalf("the chat: %v %v", lines, err)
	}
	ask := &meetingv1.DraftMinutesRequest{Id: m.GetId(), Attendance: true, Captions: true, Lines: []string{lines.GetMessages()[1].GetId()}}
	d, err := s.DraftMinutes(host, ask)
	want(t, "drafting", err, "")
	for _, text := range []string{"# 季度例会会议纪要", "主持：李四", "王五", "同意工作报告。", "王五：要写进去的"} {
		if !strings.Contains(d.GetText(), text) {
			t.Errorf("no %q in %s", text, d.GetText())
		}
	}
	if strings.Contains(d.GetText(), "不必写进去的") {
		t.Error("a line that was not chosen")
	}
	_, err = s.DraftMinutes(one, ask)
	want(t, "by a member", err, "MEETING_NOT_FOUND")
	_, err = s.DraftMinutes(other, ask)
	want(t, "by another officer", err, "MEETING_NOT_HOST")
	none, err := s.GetMinutes(host, &meetingv1.GetMinutesRequest{Id: m.GetId()})
	if err != nil || none.GetVersion() != 0 || !none.GetMayWrite() {
		t.Errorf("before there are any: %v %v", none, err)
	}
	long := d.GetText() + "\n" + strings.Repeat("会议认为，", 500) + "完。"
	for _, c := range []struct {
		what, text, reason string
		version            int32
	}{
		{"empty", " ", "text", 0},
		{"the first", long, "", 0},
		{"on an old one", "x", "MEETING_STALE", 0},
		{"the second", long + "改。", "", 1},
	} {
		_, err := s.SaveMinutes(host, &meetingv1.SaveMinutesRequest{Id: m.GetId(), Version: c.version, Text: c.text})
		want(t, c.what, err, c.reason)
	}
	_, err = s.SaveMinutes(other, &meetingv1.SaveMinutesRequest{Id: m.GetId(), Version: 2, Text: "x"})
	want(t, "by another officer", err, "MEETING_NOT_HOST")
	_, err = s.SaveMinutes(admin, &meetingv1.SaveMinutesRequest{Id: m.GetId(), Version: 2, Text: "管理员定稿"})
	want(t, "by an administrator", err, "")
	first, err := s.GetMinutes(other, &meetingv1.GetMinutesRequest{Id: m.GetId(), Version: 1})
	if err != nil || first.GetText() != long || first.GetByName() != "李四" || first.GetLatest() != 3 || first.GetMayWrite() {
		t.Errorf("the first version: %d characters, %v", len(first.GetText()), err)
	}
	_, err = s.GetMinutes(host, &meetingv1.GetMinutesRequest{Id: m.GetId(), Version: 9})
	want(t, "one that is none", err, "MEETING_NOT_FOUND")
	_, err = s.GetMinutes(one, &meetingv1.GetMinutesRequest{Id: m.GetId()})
	want(t, "read by a member", err, "MEETING_NOT_FOUND")
	sizes := map[string]int{}
	for query, reason := range map[string]string{"": "", "?version=1": "", "?version=9": "MEETING_NOT_FOUND", "?version=0": "version", "?version=x": "version"} {
		w := httptest.NewRecorder()
		err := s.minutesFile(w, httptest.NewRequestWithContext(host, http.MethodGet, "/v1/meetings/"+m.GetId()+"/minutes.docx"+query, nil))
		want(t, "the document "+query, err, reason)
		if reason == "" && (w.Body.Len() < 800 || !strings.HasPrefix(w.Body.String(), "PK")) {
			t.Errorf("the document %s has %d bytes", query, w.Body.Len())
		}
		sizes[query] = w.Body.Len()
	}
	if sizes[""] >= sizes["?version=1"] {
		t.Errorf("the first version is longer than the last, and its document is not: %v", sizes)
	}
	role := s.env.DB.Config().Role(s.body.Code)
	if n := s.env.Count(t, "select count(*) from "+role+".audit_log where act in ('meeting.minutes', 'meeting.minutes_export')"); n != 5 {
		t.Errorf("%d records", n)
	}
}

func TestQualityIsKeptWithTheStay(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, one := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, a := s.sits(t, host, m), s.sits(t, one, m)
	report := func(r *signalv1.Report) *signalv1.FromClient {
		return &signalv1.FromClient{What: &signalv1.FromClient_Report{Report: r}}
	}
	a.wants("MESSAGE", report(&signalv1.Report{LossUp: 1001}))
	a.wants("MESSAGE", report(&signalv1.Report{Browser: "netscape"}))
	a.wants("", report(&signalv1.Report{LossUp: 120, Rtt: 80, Up: 900, HeightUp: 360, Browser: "chrome", System: "windows"}))
	a.wants("", report(&signalv1.Report{LossUp: 900, Rtt: 9000})) // too soon to count
	h.rooms("", &signalv1.Breakout{Do: "rooms", Names: []string{"第一组"}})
	h.rooms("", &signalv1.Breakout{Do: "shuffle"})
	h.rooms("", &signalv1.Breakout{Do: "open"})
	room := h.list("open", func(r *signalv1.Rooms) bool { return r.GetOpen() }).GetList()[0].GetId()
	a.in(room, "王五")
	a.wants("", report(&signalv1.Report{LossUp: 20, Browser: "chrome", System: "windows"}))
	_, err := s.EndMeeting(host, &meetingv1.EndMeetingRequest{Id: m.GetId()})
	want(t, "ending", err, "")
	a.over("ended")
	stays, err := s.ListAttendance(host, &meetingv1.ListAttendanceRequest{Id: m.GetId()})
	want(t, "attendance", err, "")
	loss := map[string]int32{}
	for _, x := range stays.GetAttendance() {
		if q := x.GetQuality(); q != nil {
			loss[x.GetName()+x.GetRoom()] = q.GetLossUp()
			if q.GetSamples() != 1 || q.GetBrowser() != "chrome" || q.GetSystem() != "windows" {
				t.Errorf("%s: %v", x.GetName(), q)
			}
		}
	}
	if len(loss) != 2 || loss["王五"] != 120 || loss["王五第一组"] != 20 {
		t.Errorf("kept: %v", loss)
	}
}
