package meeting

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

func TestPlanning(t *testing.T) {
	t.Parallel()
	s := begin(t)
	boss, officer, member := s.as("admin", "张三"), s.as("officer", "李四"), s.as("member", "王五")
	named := tenant.SubjectFrom(member).Identity.String()
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.Title, in.Plan.OpenTo, in.Plan.Password = "  换届筹备会 ", "invited", "abcd12"
		in.Plan.StartsAt = timestamppb.New(soon(time.Hour))
		in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: named, Role: "speaker"}}
	})
	if m.GetState() != "planned" || m.GetTitle() != "换届筹备会" || m.GetOwnRole() != "host" || !m.GetMayManage() || m.GetPassword() != "abcd12" ||
		m.GetLink() != "" || m.GetPage() != "https://"+s.body.Code+".gonghui.test/meet/"+m.GetNumber() || m.GetInvitees()[0].GetName() != "王五" {
		t.Errorf("planned: %v", m)
	}
	// Who is invited sees it without the password, who is not sees nothing; meeting.read sees all.
	got, err := s.GetMeeting(member, &meetingv1.GetMeetingRequest{Id: m.GetId()})
	if err != nil || got.GetPassword() != "" || got.GetOwnRole() != "speaker" || got.GetMayManage() || !got.GetHasPassword() {
		t.Errorf("the invited one: %v %v", got, err)
	}
	_, err = s.GetMeeting(s.as("member", "赵六"), &meetingv1.GetMeetingRequest{Id: m.GetId()})
	want(t, "somebody else", err, "MEETING_NOT_FOUND")
	_, err = s.GetMeeting(s.watch.Ctx, &meetingv1.GetMeetingRequest{Id: m.GetId()})
	want(t, "another body", err, "MEETING_NOT_FOUND")

	change := func(f func(*meetingv1.UpdateMeetingRequest)) *meetingv1.UpdateMeetingRequest {
		in := &meetingv1.UpdateMeetingRequest{Id: m.GetId(), Version: 1, Plan: &meetingv1.Plan{Title: "改期的会", Minutes: 30, OpenTo: "anyone", StartsAt: m.GetStartsAt()}}
		if f != nil {
			f(in)
		}
		return in
	}
	for what, c := range map[string]struct {
		in     *meetingv1.UpdateMeetingRequest
		reason string
	}{
		"an old version":     {change(func(in *meetingv1.UpdateMeetingRequest) { in.Version = 7 }), "MEETING_STALE"},
		"a time gone by":     {change(func(in *meetingv1.UpdateMeetingRequest) { in.Plan.StartsAt = timestamppb.New(soon(-time.Hour)) }), "plan.startsAt"},
		"a time far ahead":   {change(func(in *meetingv1.UpdateMeetingRequest) { in.Plan.StartsAt = timestamppb.New(soon(3 * furthest)) }), "plan.startsAt"},
		"no time":            {change(func(in *meetingv1.UpdateMeetingRequest) { in.Plan.StartsAt = &timestamppb.Timestamp{Nanos: -1} }), "plan.startsAt"},
		"nothing but blanks": {change(func(in *meetingv1.UpdateMeetingRequest) { in.Plan.Title = " \t" }), "plan.title"},
		"a stranger": {change(func(in *meetingv1.UpdateMeetingRequest) {
			in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: tenant.NewID().String(), Role: "speaker"}}
		}), "plan.invitees"},
		"somebody twice": {change(func(in *meetingv1.UpdateMeetingRequest) {
			in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: named, Role: "speaker"}, {IdentityId: named, Role: "cohost"}}
		}), "plan.invitees"},
	} {
		_, err := s.UpdateMeeting(officer, c.in)
		want(t, what, err, c.reason)
	}
	other := s.as("officer", "钱七")
	_, err = s.UpdateMeeting(other, change(nil))
	want(t, "another officer", err, "MEETING_NOT_HOST")
	changed, err := s.UpdateMeeting(boss, change(nil))
	if err != nil || changed.GetVersion() != 2 || changed.GetHasPassword() || len(changed.GetInvitees()) != 0 || changed.GetLink() == "" {
		t.Errorf("changed: %v %v", changed, err)
	}
	_, err = s.CancelMeeting(other, &meetingv1.CancelMeetingRequest{Id: m.GetId()})
	want(t, "cancelled by another", err, "MEETING_NOT_HOST")
	cancelled, err := s.CancelMeeting(officer, &meetingv1.CancelMeetingRequest{Id: m.GetId()})
	if err != nil || cancelled.GetState() != "cancelled" {
		t.Errorf("cancelled: %v %v", cancelled, err)
	}
	for what, f := range map[string]func() error{
		"cancelling again": func() error {
			_, err := s.CancelMeeting(officer, &meetingv1.CancelMeetingRequest{Id: m.GetId()})
			return err
		},
		"beginning what was cancelled": func() error {
			_, err := s.StartMeeting(officer, &meetingv1.StartMeetingRequest{Id: m.GetId()})
			return err
		},
		"ending what was cancelled": func() error {
			_, err := s.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: m.GetId()})
			return err
		},
	} {
		want(t, what, f(), "MEETING_STATE")
	}
	_, err = s.UpdateMeeting(officer, change(func(in *meetingv1.UpdateMeetingRequest) { in.Version = 3 }))
	want(t, "changing what was cancelled", err, "MEETING_OVER")
}

func TestAMeetingIsPlannedOnce(t *testing.T) {
	t.Parallel()
	s := begin(t)
	ctx := tenant.WithCall(s.as("officer", "李四"), tenant.Call{IdempotencyKey: "k1"})
	in := &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{Title: "例会", Minutes: 60, OpenTo: "body", Password: "secret99", StartsAt: timestamppb.New(soon(time.Hour))}}
	a, err := s.CreateMeeting(ctx, in)
	want(t, "first", err, "")
	b, err := s.CreateMeeting(ctx, in)
	want(t, "again", err, "")
	if !proto.Equal(a, b) || a.GetPassword() != "secret99" {
		t.Errorf("%v and %v", a, b)
	}
	if n := s.env.Count(t, "select count(*) from cell.idempotency where position('secret99'::bytea in answer) > 0"); n != 0 {
		t.Error("the password rests beside the key")
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	for i := range 5 {
		s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
			in.Plan.Title, in.Plan.OpenTo = fmt.Sprintf("会议%d", i), "invited"
			in.Plan.StartsAt = timestamppb.New(soon(time.Duration(5-i) * time.Hour))
			if i == 2 {
				in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: tenant.SubjectFrom(member).Identity.String(), Role: "speaker"}}
			}
		})
	}
	s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Plan.Title, in.Instant = "现在的会", true })
	var titles []string
	token := ""
	for {
		page, err := s.ListMeetings(officer, &meetingv1.ListMeetingsRequest{PageSize: 2, PageToken: token})
		want(t, "a page", err, "")
		for _, m := range page.GetMeetings() {
			titles = append(titles, m.GetTitle())
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if got := fmt.Sprint(titles); got != "[现在的会 会议4 会议3 会议2 会议1 会议0]" {
		t.Errorf("in the order of their beginning: %s", got)
	}
	own, err := s.ListOwnMeetings(member, &meetingv1.ListMeetingsRequest{})
	if err != nil || len(own.GetMeetings()) != 2 || own.GetMeetings()[1].GetOwnRole() != "speaker" {
		t.Errorf("the member's own: %v %v", own, err)
	}
	for query, n := range map[string]int{"议3": 1, "现在": 1, "没有": 0, own.GetMeetings()[0].GetNumber(): 1} {
		if got, err := s.ListMeetings(officer, &meetingv1.ListMeetingsRequest{Query: query}); err != nil || len(got.GetMeetings()) != n {
			t.Errorf("%s: %v %v", query, got, err)
		}
	}
	if got, err := s.ListMeetings(officer, &meetingv1.ListMeetingsRequest{Day: "2020-01-02"}); err != nil || len(got.GetMeetings()) != 0 {
		t.Errorf("on a day long ago: %v %v", got, err)
	}
	if _, err := s.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: own.GetMeetings()[0].GetId()}); err != nil {
		t.Fatal(err)
	}
	past, err := s.ListMeetings(officer, &meetingv1.ListMeetingsRequest{State: "past"})
	if err != nil || len(past.GetMeetings()) != 1 || past.GetMeetings()[0].GetState() != "ended" {
		t.Errorf("past: %v %v", past, err)
	}
	_, err = s.ListMeetings(officer, &meetingv1.ListMeetingsRequest{PageToken: "nonsense"})
	want(t, "a token of nothing", err, "pageToken")
	people, err := s.ListInvitable(officer, &meetingv1.ListInvitableRequest{Query: "王"})
	if err != nil || len(people.GetPeople()) != 1 || people.GetPeople()[0].GetName() != "王五" {
		t.Errorf("people: %v %v", people, err)
	}
}

func TestComing(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.Password, in.Plan.StartsAt = "abcd12", timestamppb.New(soon(time.Hour))
	})
	join := func(password string) (*meetingv1.JoinReply, error) {
		return s.JoinMeeting(member, &meetingv1.JoinMeetingRequest{Id: m.GetId(), Password: password})
	}
	_, err := join("abcd12")
	want(t, "before the host", err, "MEETING_NOT_OPEN")
	host, err := s.JoinMeeting(officer, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	if err != nil || host.GetRole() != "host" || host.GetWaiting() || host.GetToken() == "" {
		t.Fatalf("the host: %v %v", host, err)
	}
	if got, _ := s.GetMeeting(officer, &meetingv1.GetMeetingRequest{Id: m.GetId()}); got.GetState() != "live" {
		t.Errorf("the host's coming has not begun it: %v", got)
	}
	_, err = join("")
	want(t, "without the password", err, "MEETING_PASSWORD")
	first, err := join("abcd12")
	want(t, "with it", err, "")
	again, err := join("")
	if err != nil || again.GetParticipant() != first.GetParticipant() || again.GetToken() == first.GetToken() {
		t.Errorf("back: %v %v", again, err)
	}
	_, err = s.JoinMeeting(s.watch.Ctx, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	want(t, "another body", err, "MEETING_NOT_FOUND")
	role := s.env.DB.Config().Role(s.body.Code)
	if n := s.env.Count(t, "select count(*) from "+role+".meeting_person where post = '主席' and role = 'host'"); n != 1 {
		t.Errorf("%d hosts with a post", n)
	}
	if n := s.env.Count(t, "select count(*) from "+role+".audit_log where act = 'meeting.come'"); n != 2 {
		t.Errorf("%d acts of coming", n)
	}
	if n := s.env.Count(t, "select count(*) from "+role+".meeting where password like '%abcd12%'"); n != 0 {
		t.Error("the password rests in the clear")
	}
	_, err = s.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: m.GetId()})
	want(t, "ending", err, "")
	_, err = join("")
	want(t, "after the end", err, "MEETING_OVER")
	if got, err := s.ListMessages(member, &meetingv1.ListMessagesRequest{Id: m.GetId()}); err != nil || len(got.GetMessages()) != 0 {
		t.Errorf("messages: %v %v", got, err)
	}
	_, err = s.ListAttendance(member, &meetingv1.ListAttendanceRequest{Id: m.GetId()})
	want(t, "attendance, by a member", err, "MEETING_NOT_FOUND")
}

func TestGuessingIsStopped(t *testing.T) {
	t.Parallel()
	s := begin(t)
	m := s.plan(t, s.as("officer", "李四"), func(in *meetingv1.CreateMeetingRequest) { in.Instant, in.Plan.OpenTo = true, "anyone" })
	bad, good := s.stranger(), s.stranger()
	card, err := s.FindMeeting(bad, &meetingv1.FindMeetingRequest{Number: m.GetNumber()[:3] + " " + m.GetNumber()[3:]})
	if err != nil || card.GetId() != m.GetId() || !card.GetGuests() || card.GetSignIn() || card.GetMayJoin() {
		t.Errorf("found: %v %v", card, err)
	}
	for i := range mostTries {
		_, err := s.FindMeeting(bad, &meetingv1.FindMeetingRequest{Number: fmt.Sprint(1_000_000_000 + i)})
		want(t, "a guess", err, "MEETING_NOT_FOUND")
	}
	_, err = s.FindMeeting(bad, &meetingv1.FindMeetingRequest{Number: m.GetNumber()})
	want(t, "one guess too many", err, "MEETING_TRIES")
	_, err = s.JoinAsGuest(bad, &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Name: "访客"})
	want(t, "by another door", err, "MEETING_TRIES")
	_, err = s.FindMeeting(good, &meetingv1.FindMeetingRequest{Number: m.GetNumber()})
	want(t, "somebody else", err, "")
	_, err = s.FindMeeting(good, &meetingv1.FindMeetingRequest{Number: "123"})
	want(t, "three digits", err, "number")
	off := proto.Clone(m).(*meetingv1.Meeting)
	without := *s.body.Tenant
	without.On = map[string]bool{}
	_, err = s.FindMeeting(tenant.With(good, &without), &meetingv1.FindMeetingRequest{Number: off.GetNumber()})
	want(t, "where the module is off", err, "MODULE_OFF")
	// A meeting of the body tells strangers nothing but where to sign in.
	closed := s.plan(t, s.as("officer", "钱七"), func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	card, err = s.FindMeeting(good, &meetingv1.FindMeetingRequest{Number: closed.GetNumber()})
	if err != nil || card.GetTitle() != "" || card.GetId() != "" || !card.GetSignIn() {
		t.Errorf("a closed one: %v %v", card, err)
	}
}

func TestWhatNobodyEndsEnds(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer := s.as("officer", "李四")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	role := s.env.DB.Config().Role(s.body.Code)
	args, err := json.Marshal(map[string]string{"meeting": m.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	queued := func() int64 {
		return s.env.Count(t, "select count(*) from cell.river_job where args->>'tenant' = $1 and args->>'name' = 'meeting.close'", s.body.Code)
	}
	state := func() string {
		got, err := s.GetMeeting(officer, &meetingv1.GetMeetingRequest{Id: m.GetId()})
		if err != nil {
			t.Fatal(err)
		}
		return got.GetState()
	}
	ctx := tenant.With(t.Context(), s.body.Tenant)
	if err := s.closeForgotten(ctx, args); err != nil || state() != "live" || queued() != 2 {
		t.Errorf("before its time: %v, %s, %d jobs", err, state(), queued())
	}
	s.exec(t, "update "+role+".meeting set starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day'")
	for range 2 { // a job may run twice
		if err := s.closeForgotten(ctx, args); err != nil || state() != "ended" || queued() != 2 {
			t.Errorf("after its time: %v, %s, %d jobs", err, state(), queued())
		}
	}
}

// A meeting takes as many relations as its README says.
func TestRelations(t *testing.T) {
	t.Parallel()
	s := begin(t)
	role := s.env.DB.Config().Role(s.body.Code)
	n := s.env.Count(t, `select count(*) from pg_class c where c.relnamespace = to_regnamespace($1) and c.relname like 'meeting%'`, role)
	toast := s.env.Count(t, `select count(*) from pg_class c where c.relnamespace = to_regnamespace($1) and c.relname like 'meeting%' and c.reltoastrelid <> 0`, role)
	if n != 71 || toast != 0 {
		t.Errorf("%d relations, %d tables with TOAST", n, toast)
	}
}
