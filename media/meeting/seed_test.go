package meeting

import (
	"testing"
	"time"

	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

// What a demo system is filled with stands in lists and calendars, is told to other bodies, counts as held, and is written once.
func TestSeed(t *testing.T) {
	t.Parallel()
	s := begin(t)
	other := s.env.Body(t, nil)
	host := s.as("admin", "张三")
	id := tenant.SubjectFrom(host).Identity
	all := []Seeded{
		{Title: "座谈会", Starts: soon(-72 * time.Hour).UTC(), Minutes: 60, OpenTo: "body", Host: id, HostName: "张三", Came: []string{"张三", "李四", "王五"}},
		{
			Title: "周例会", Starts: tomorrow(9).UTC(), Minutes: 60, OpenTo: "body", Host: id, HostName: "张三", Quiet: true,
			Repeat: &meetingv1.Repeat{Kind: "weekly", Every: 1, Count: 8}, Invited: []SeededBody{{ID: other.ID, Code: other.Code, Name: other.Name}},
		},
	}
	for range 2 {
		if err := Seed(tenant.With(t.Context(), s.body.Tenant), s.host, all); err != nil {
			t.Fatal(err)
		}
	}
	if done := s.work(t, s.body, other); done["meeting.tell"] != 1 || done["meeting.point"] != 1 {
		t.Errorf("jobs: %v", done)
	}
	if got := s.calendar(t, host); len(got) != 8 || !got[0].GetRepeats() {
		t.Errorf("the calendar: %v", got)
	}
	if got := s.calendar(t, s.in(other, "officer", "赵六")); len(got) != 8 {
		t.Errorf("the other body's: %v", got)
	}
	past, err := s.ListMeetings(host, &meetingv1.ListMeetingsRequest{State: "past"})
	if err != nil || len(past.GetMeetings()) != 1 {
		t.Fatalf("past: %v %v", past, err)
	}
	came, err := s.ListAttendance(host, &meetingv1.ListAttendanceRequest{Id: past.GetMeetings()[0].GetId()})
	if err != nil || len(came.GetAttendance()) != 3 || came.GetAttendance()[0].GetGuest() {
		t.Errorf("who came: %v %v", came, err)
	}
	if n := s.env.Count(t, "select count(*) from cell.outbox where kind = 'meeting.held' and tenant = $1 and counts = '{\"meeting.held\": 1, \"meeting.attended\": 3}'", s.body.Code); n != 1 {
		t.Errorf("%d are counted", n)
	}
}
