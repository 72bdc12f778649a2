package meeting

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/pgtest"
)

// reminders are the titles that somebody is reminded of now.
func (s *stage) reminders(t *testing.T, ctx context.Context) []string {
	t.Helper()
	got, err := s.ListReminders(ctx, &meetingv1.ListRemindersRequest{})
	if err != nil {
		t.Fatal(err)
	}
	titles := []string{}
	for _, r := range got.GetReminders() {
		titles = append(titles, r.GetTitle())
	}
	return titles
}

func selfOf(ctx context.Context) string { return tenant.SubjectFrom(ctx).Identity.String() }

// A banner stands while a reminder is due: for those who come, here and in other bodies, until it is put away, and again for the next one.
func TestReminders(t *testing.T) {
	t.Parallel()
	s := begin(t)
	other := s.env.Body(t, nil)
	s.peer.bodies = []*directoryv1.ReachedBody{reachedBody(other, false)}
	host, guest, away, member := s.as("officer", "张三"), s.as("member", "李四"), s.in(other, "officer", "王五"), s.as("member", "赵六")
	plan := func(before ...int32) *meetingv1.Plan {
		return &meetingv1.Plan{
			Title: "碰头会", Minutes: 60, OpenTo: "invited", StartsAt: timestamppb.New(soon(45 * time.Minute)), Reminding: &meetingv1.Reminding{Before: before},
			Invitees: []*meetingv1.Invitee{{IdentityId: selfOf(guest), Role: "speaker"}}, Targets: []*meetingv1.Target{{Kind: "body", BodyCode: other.Code, Role: "speaker"}},
		}
	}
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Plan = plan(30) })
	s.work(t, s.body, other)
	all := map[string]context.Context{"the host": host, "who is invited": guest, "another body's officer": away}
	for who, ctx := range all {
		if got := s.reminders(t, ctx); len(got) != 0 {
			t.Errorf("before it is due %s is reminded of %v", who, got)
		}
	}
	update := func(p *meetingv1.Plan) {
		t.Helper()
		now, err := s.GetMeeting(host, &meetingv1.GetMeetingRequest{Id: m.GetId()})
		if err == nil {
			_, err = s.UpdateMeeting(host, &meetingv1.UpdateMeetingRequest{Id: m.GetId(), Version: now.GetVersion(), Plan: p})
		}
		if err != nil {
			t.Fatal(err)
		}
		s.work(t, s.body, other)
	}
	update(plan(10, 60))
	if got, err := s.GetMeeting(host, &meetingv1.GetMeetingRequest{Id: m.GetId()}); err != nil || !slices.Equal(got.GetReminding().GetBefore(), []int32{60, 10}) {
		t.Errorf("the plan says %v %v", got.GetReminding(), err)
	}
	for who, ctx := range all {
		if got := s.reminders(t, ctx); !slices.Equal(got, []string{"碰头会"}) {
			t.Errorf("%s is reminded of %v", who, got)
		}
	}
	if got := s.reminders(t, member); len(got) != 0 {
		t.Errorf("who is not invited is reminded of %v", got)
	}
	_, err := s.DismissReminder(member, &meetingv1.DismissReminderRequest{Id: m.GetId()})
	want(t, "put away by who is not invited", err, "MEETING_NOT_FOUND")

	// Put away it is gone for that person, until the next is due.
	for _, ctx := range []context.Context{guest, away} {
		if _, err := s.DismissReminder(ctx, &meetingv1.DismissReminderRequest{Id: m.GetId()}); err != nil {
			t.Fatal(err)
		}
		if got := s.reminders(t, ctx); len(got) != 0 {
			t.Errorf("put away, and still there: %v", got)
		}
	}
	if got := s.reminders(t, host); len(got) != 1 {
		t.Errorf("the host's own: %v", got)
	}
	soonNow := plan(10, 60)
	soonNow.StartsAt = timestamppb.New(soon(10*time.Minute + time.Second))
	update(soonNow)
	s.exec(t, "update "+s.env.DB.Config().Role(s.body.Code)+".meeting_dismissal set at = at - interval '1 hour'")
	if got := s.reminders(t, guest); len(got) != 1 {
		t.Errorf("for the next one: %v", got)
	}

	// Who comes not is not reminded, and nobody of what was called off.
	if _, err := s.AnswerMeeting(guest, &meetingv1.AnswerMeetingRequest{Id: m.GetId(), Answer: "no", Note: "出差"}); err != nil {
		t.Fatal(err)
	}
	if got := s.reminders(t, guest); len(got) != 0 {
		t.Errorf("who comes not is reminded of %v", got)
	}
	update(plan())
	if got := s.reminders(t, host); len(got) != 0 {
		t.Errorf("without reminders: %v", got)
	}
	update(plan(1440))
	if got := s.reminders(t, host); len(got) != 1 {
		t.Errorf("a day before: %v", got)
	}
	if _, err := s.CancelMeeting(host, &meetingv1.CancelMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, other)
	for who, ctx := range all {
		if got := s.reminders(t, ctx); len(got) != 0 {
			t.Errorf("called off, and %s is reminded of %v", who, got)
		}
	}
}

// Text messages go to those who come, here and in other bodies; jobs of a time that is no more tell nobody.
func TestRemindersByText(t *testing.T) {
	t.Parallel()
	s := begin(t)
	other := s.env.Body(t, nil)
	s.peer.bodies = []*directoryv1.ReachedBody{reachedBody(other, false)}
	admin, officer, guest, no := s.as("admin", "张三"), s.as("officer", "钱七"), s.as("member", "李四"), s.as("member", "王五")
	plan := func(starts time.Time) *meetingv1.Plan {
		return &meetingv1.Plan{
			Title: "关于进一步做好困难职工帮扶工作的专题部署会议（第二次）", Minutes: 60, OpenTo: "invited", StartsAt: timestamppb.New(starts),
			Reminding: &meetingv1.Reminding{Before: []int32{60, 10}, Text: true},
			Invitees:  []*meetingv1.Invitee{{IdentityId: selfOf(guest), Role: "speaker"}, {IdentityId: selfOf(no), Role: "speaker"}},
			Targets:   []*meetingv1.Target{{Kind: "body", BodyCode: other.Code, Role: "speaker"}},
		}
	}
	_, err := s.CreateMeeting(officer, &meetingv1.CreateMeetingRequest{Plan: plan(soon(3 * time.Hour))})
	want(t, "by who may not", err, "plan.reminding.text")
	starts := soon(3 * time.Hour)
	m := s.plan(t, admin, func(in *meetingv1.CreateMeetingRequest) { in.Plan = plan(starts) })
	if _, err := s.AnswerMeeting(no, &meetingv1.AnswerMeetingRequest{Id: m.GetId(), Answer: "no", Note: "出差"}); err != nil {
		t.Fatal(err)
	}
	tell := func(lead int16) int {
		t.Helper()
		was := len(s.peer.notices)
		args, err := json.Marshal(due{Meeting: uuidOf(m.GetId()), Starts: starts, Lead: lead})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []*pgtest.Body{s.body, other} {
			if err := s.remind(tenant.With(context.Background(), b.Tenant), args); err != nil {
				t.Fatal(err)
			}
		}
		return len(s.peer.notices) - was
	}
	// Two reminders, in two bodies.
	if done := s.work(t, s.body, other); done[remindJob] != 4 || len(s.peer.notices) != 4 {
		t.Fatalf("jobs %v, notices %d", done, len(s.peer.notices))
	}
	here, there := s.peer.notices[0], s.peer.notices[3]
	slices.Sort(here.IdentityIds)
	both := []string{selfOf(admin), selfOf(guest)}
	slices.Sort(both)
	if !slices.Equal(here.GetIdentityIds(), both) || len([]rune(here.GetParams().GetTitle())) != longestTitle || here.GetParams().GetNumber() != m.GetNumber() {
		t.Errorf("told here: %v", here)
	}
	if there.GetParams().GetBody() != s.body.Name || there.GetKey() == s.peer.notices[2].GetKey() || !slices.Contains([]string{here.GetKey(), s.peer.notices[1].GetKey()}, there.GetKey()) {
		t.Errorf("told there: %v", there)
	}
	if n := tell(30); n != 0 {
		t.Errorf("a reminder that is not set told %d", n)
	}
	moved := plan(starts.Add(time.Hour))
	if _, err := s.UpdateMeeting(admin, &meetingv1.UpdateMeetingRequest{Id: m.GetId(), Version: 1, Plan: moved}); err != nil {
		t.Fatal(err)
	}
	s.exec(t, "delete from cell.river_job where args->>'name' = 'meeting.remind' and args->>'tenant' = '"+s.body.Code+"'")
	s.work(t, s.body, other)
	if n := tell(60); n != 0 {
		t.Errorf("moved, and the old job told %d", n)
	}
	starts = starts.Add(time.Hour)
	if n := tell(60); n != 2 {
		t.Errorf("the new time told %d", n)
	}
	if _, err := s.CancelMeeting(admin, &meetingv1.CancelMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, other)
	if n := tell(60); n != 0 {
		t.Errorf("called off, and told %d", n)
	}
}

// More people than a page holds are all told, once, page by page.
func TestRemindingManyGoesOn(t *testing.T) {
	t.Parallel()
	s := begin(t)
	admin := s.as("admin", "张三")
	in := &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{
		Title: "大会", Minutes: 60, OpenTo: "invited", StartsAt: timestamppb.New(soon(2 * time.Hour)), Reminding: &meetingv1.Reminding{Before: []int32{10}, Text: true},
	}}
	for range 2*remindPage + 20 {
		in.Plan.Invitees = append(in.Plan.Invitees, &meetingv1.Invitee{IdentityId: selfOf(s.as("member", "某某")), Role: "audience"})
	}
	if _, err := s.CreateMeeting(admin, in); err != nil {
		t.Fatal(err)
	}
	if done := s.work(t, s.body); done[remindJob] != 3 {
		t.Errorf("jobs %v", done)
	}
	told := map[string]int{}
	for _, n := range s.peer.notices {
		for _, id := range n.GetIdentityIds() {
			told[id]++
		}
	}
	for id, n := range told {
		if n != 1 {
			t.Errorf("%s was told %d times", id, n)
		}
	}
	if len(told) != 2*remindPage+21 {
		t.Errorf("%d were told", len(told))
	}
}

// Staff find colleagues by part of the name; a member says the whole one, and is stopped from guessing.
func TestFindingASubstitute(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, guest, other := s.as("officer", "张三丰"), s.as("member", "李四光"), s.as("member", "王五行")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.StartsAt = "invited", timestamppb.New(soon(time.Hour))
		in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: selfOf(guest), Role: "speaker"}}
	})
	find := func(ctx context.Context, query string) ([]*meetingv1.Substitute, error) {
		got, err := s.ListSubstitutes(ctx, &meetingv1.ListSubstitutesRequest{Id: m.GetId(), Query: query})
		return got.GetPeople(), err
	}
	if got, err := find(guest, "王五行"); err != nil || len(got) != 1 || got[0].GetIdentityId() != selfOf(other) {
		t.Errorf("by the whole name: %v %v", got, err)
	}
	if got, err := find(guest, "王"); err != nil || len(got) != 0 {
		t.Errorf("a member by part of it: %v %v", got, err)
	}
	if got, err := find(guest, "李四光"); err != nil || len(got) != 0 {
		t.Errorf("oneself: %v %v", got, err)
	}
	if got, err := find(host, "五"); err != nil || len(got) != 1 {
		t.Errorf("staff by part of it: %v %v", got, err)
	}
	_, err := find(other, "李四光")
	want(t, "by who is not invited", err, "MEETING_NOT_FOUND")
	_, err = find(guest, "  ")
	want(t, "nobody", err, "query")
	for range mostTries {
		_, _ = find(guest, "没有这人")
	}
	_, err = find(guest, "王五行")
	want(t, "who has guessed too often", err, "MEETING_TRIES")
	if _, err := s.CancelMeeting(host, &meetingv1.CancelMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	_, err = find(host, "五")
	want(t, "for a meeting that is called off", err, "MEETING_OVER")
}
