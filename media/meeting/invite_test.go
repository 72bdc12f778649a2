package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/pgtest"
)

// work runs what was queued for some bodies, until nothing is left; it counts jobs by their names.
func (s *stage) work(t *testing.T, bodies ...*pgtest.Body) map[string]int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	done := map[string]int{}
	for more := true; more; {
		more = false
		for _, b := range bodies {
			rows, err := conn.Query(t.Context(), `delete from cell.river_job where args->>'tenant' = $1 and args->>'name' like 'meeting.%' and args->>'name' <> 'meeting.close'
				returning args->>'name', args->'args'`, b.Code)
			if err != nil {
				t.Fatal(err)
			}
			type job struct {
				Name string
				Args json.RawMessage
			}
			jobs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[job])
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range jobs {
				more = true
				done[j.Name]++
				if err := s.Jobs()[j.Name](tenant.With(context.Background(), b.Tenant), j.Args); err != nil {
					t.Fatalf("%s: %v", j.Name, err)
				}
			}
		}
	}
	return done
}

// in is a context of somebody with a role in another body.
func (s *stage) in(b *pgtest.Body, role, name string) context.Context {
	ctx := pgtest.As(b.Ctx, b.Tenant, role)
	me := *tenant.SubjectFrom(ctx)
	me.Name, me.Body, me.BodyCode = name, b.ID, b.Code
	return tenant.WithSubject(ctx, &me)
}

func (s *stage) calendar(t *testing.T, ctx context.Context) []*meetingv1.CalendarEntry {
	t.Helper()
	today := day.Today()
	got, err := s.ListCalendar(ctx, &meetingv1.ListCalendarRequest{From: day.Format(today.AddDate(0, 0, -1)), To: day.Format(today.AddDate(0, 0, 60))})
	if err != nil {
		t.Fatal(err)
	}
	return got.GetEntries()
}

func reachedBody(b *pgtest.Body, within bool) *directoryv1.ReachedBody {
	return &directoryv1.ReachedBody{Id: b.ID.String(), Code: b.Code, Name: b.Name, Within: within}
}

// The staff of another body is invited: it finds the meeting in its own calendar, answers there, and comes with a pass.
func TestInvitingABody(t *testing.T) {
	t.Parallel()
	s := begin(t)
	other := s.env.Body(t, nil)
	s.peer.bodies = []*directoryv1.ReachedBody{reachedBody(other, false)}
	host := s.as("officer", "张三")
	invite := func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.StartsAt = "invited", timestamppb.New(soon(time.Hour))
		in.Plan.Targets = []*meetingv1.Target{{Kind: "body", BodyCode: other.Code, Role: "speaker"}}
	}
	m := s.plan(t, host, invite)
	if len(m.GetTargets()) != 1 || m.GetTargets()[0].GetName() != other.Name {
		t.Errorf("targets: %v", m.GetTargets())
	}
	if done := s.work(t, s.body, other); done["meeting.tell"] != 1 || done["meeting.point"] != 1 {
		t.Errorf("jobs: %v", done)
	}
	officer, member := s.in(other, "officer", "李四"), s.in(other, "member", "王五")
	seen := s.calendar(t, officer)
	if len(seen) != 1 || seen[0].GetTitle() != m.GetTitle() || seen[0].GetBodyCode() != s.body.Code || seen[0].GetNumber() != m.GetNumber() || seen[0].GetOwnRole() != "speaker" {
		t.Fatalf("the other body's calendar: %v", seen)
	}
	if got := s.calendar(t, member); len(got) != 0 {
		t.Errorf("a member there sees %v", got)
	}
	if got := s.calendar(t, pgtest.As(s.watch.Ctx, s.watch.Tenant, "admin")); len(got) != 0 {
		t.Errorf("a third body sees %v", got)
	}

	// The answer is known in both bodies.
	_, err := s.AnswerMeeting(member, &meetingv1.AnswerMeetingRequest{Id: m.GetId(), Answer: "yes"})
	want(t, "a member answers", err, "MEETING_NOT_FOUND")
	_, err = s.AnswerMeeting(officer, &meetingv1.AnswerMeetingRequest{Id: m.GetId(), Answer: "no"})
	want(t, "no without a reason", err, "note")
	if _, err := s.AnswerMeeting(officer, &meetingv1.AnswerMeetingRequest{Id: m.GetId(), Answer: "no", Note: "出差"}); err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, other)
	told, err := s.ListAnswers(host, &meetingv1.ListAnswersRequest{Id: m.GetId()})
	if err != nil || told.GetNo() != 1 || told.GetAnswers()[0].GetName() != "李四" || told.GetAnswers()[0].GetNote() != "出差" || told.GetAnswers()[0].GetBodyName() != other.Name {
		t.Errorf("the host learns %v %v", told, err)
	}
	if got := s.calendar(t, officer); got[0].GetAnswer() != "no" {
		t.Errorf("the answerer sees %v", got[0])
	}
	_, err = s.ListAnswers(s.as("member", "赵六"), &meetingv1.ListAnswersRequest{Id: m.GetId()})
	want(t, "answers for anybody", err, "MEETING_NOT_FOUND")

	// Who works there comes in with a pass, who does not does not.
	if _, err := s.StartMeeting(host, &meetingv1.StartMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	enter := func(who context.Context) error {
		pass, err := s.CreatePass(who, &meetingv1.CreatePassRequest{BodyCode: s.body.Code, Number: m.GetNumber()})
		if err != nil {
			t.Fatal(err)
		}
		joined, err := s.JoinAsGuest(s.stranger(), &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Pass: pass.GetPass()})
		if err == nil && joined.GetRole() != "speaker" {
			t.Errorf("joined as %s", joined.GetRole())
		}
		return err
	}
	want(t, "an officer of the invited body", enter(officer), "")
	want(t, "a member of it", enter(member), "MEETING_NOT_FOUND")
	if card, err := s.FindMeeting(s.stranger(), &meetingv1.FindMeetingRequest{Number: m.GetNumber()}); err != nil || !card.GetBodies() || card.GetTitle() != "" {
		t.Errorf("the card says %v %v", card, err)
	}

	// Who has been here can be invited by name from now on, and a change is told.
	away := tenant.SubjectFrom(officer).Identity.String()
	if found, err := s.ListInvitable(host, &meetingv1.ListInvitableRequest{Query: "李四"}); err != nil || len(found.GetPeople()) != 1 || found.GetPeople()[0].GetBodyName() != other.Name {
		t.Errorf("invitable: %v %v", found, err)
	}
	named := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.Title, in.Plan.OpenTo, in.Plan.StartsAt = "专题会", "invited", timestamppb.New(soon(2*time.Hour))
		in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: away, Role: "cohost"}}
	})
	s.work(t, s.body, other)
	if got := s.calendar(t, officer); len(got) != 2 || got[1].GetTitle() != "专题会" || got[1].GetOwnRole() != "cohost" {
		t.Fatalf("invited by name: %v", got)
	}
	if got := s.calendar(t, s.in(other, "officer", "钱七")); len(got) != 1 {
		t.Errorf("a colleague sees %v", got)
	}
	change := &meetingv1.UpdateMeetingRequest{Id: named.GetId(), Version: named.GetVersion(), Plan: &meetingv1.Plan{
		Title: "专题会（改）", Minutes: 30, OpenTo: "invited", StartsAt: named.GetStartsAt(), Invitees: []*meetingv1.Invitee{{IdentityId: away, Role: "cohost"}},
	}}
	if _, err := s.UpdateMeeting(host, change); err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, other)
	if got := s.calendar(t, officer); got[1].GetTitle() != "专题会（改）" || got[1].GetMinutes() != 30 {
		t.Errorf("after the change: %v", got[1])
	}
	change.Version, change.Plan.Invitees = 2, nil
	if _, err := s.UpdateMeeting(host, change); err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, other)
	if got := s.calendar(t, officer); len(got) != 1 {
		t.Errorf("uninvited, and still there: %v", got)
	}
}

// All bodies below are told page by page, each once, and a cancellation reaches them as well.
func TestInvitingASubtree(t *testing.T) {
	t.Parallel()
	s := begin(t)
	below, far := s.env.Body(t, s.body), s.env.Body(t, nil)
	s.peer.bodies = []*directoryv1.ReachedBody{reachedBody(s.body, true), reachedBody(below, true), reachedBody(far, false)}
	host := s.as("officer", "张三")
	plan := func(code string) (*meetingv1.Meeting, error) {
		return s.CreateMeeting(host, &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{
			Title: "全省电视电话会议", Minutes: 60, OpenTo: "invited", StartsAt: timestamppb.New(soon(time.Hour)), Targets: []*meetingv1.Target{{Kind: "subtree", BodyCode: code, Role: "audience"}},
		}})
	}
	_, err := plan(far.Code)
	want(t, "a subtree elsewhere", err, "plan.targets")
	m, err := plan(s.body.Code)
	if err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, below, far)
	officer := s.in(below, "officer", "李四")
	if got := s.calendar(t, officer); len(got) != 1 || got[0].GetOwnRole() != "audience" {
		t.Fatalf("below: %v", got)
	}
	if got := s.calendar(t, s.in(far, "officer", "王五")); len(got) != 0 {
		t.Errorf("elsewhere: %v", got)
	}
	if got, err := s.GetMeeting(host, &meetingv1.GetMeetingRequest{Id: m.GetId()}); err != nil || got.GetTargets()[0].GetTold() != 1 {
		t.Errorf("told: %v %v", got.GetTargets(), err)
	}
	if _, err := s.StartMeeting(host, &meetingv1.StartMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	pass, err := s.CreatePass(officer, &meetingv1.CreatePassRequest{BodyCode: s.body.Code, Number: m.GetNumber()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.JoinAsGuest(s.stranger(), &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Pass: pass.GetPass()})
	want(t, "a body that is not below by its own account", err, "MEETING_NOT_FOUND")
	s.peer.above = []*directoryv1.Body{{Code: s.body.Code}}
	if pass, err = s.CreatePass(officer, &meetingv1.CreatePassRequest{BodyCode: s.body.Code, Number: m.GetNumber()}); err != nil {
		t.Fatal(err)
	}
	_, err = s.JoinAsGuest(s.stranger(), &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Pass: pass.GetPass()})
	want(t, "one below", err, "")

	off, err := plan(s.body.Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CancelMeeting(host, &meetingv1.CancelMeetingRequest{Id: off.GetId()}); err != nil {
		t.Fatal(err)
	}
	s.work(t, s.body, below, far)
	for _, e := range s.calendar(t, officer) {
		if e.GetId() == off.GetId() && e.GetState() != "cancelled" {
			t.Errorf("called off, and told as %s", e.GetState())
		}
	}
}

// A fan-out that is stopped after a page goes on behind it, and old news does not undo new.
func TestTellingGoesOn(t *testing.T) {
	t.Parallel()
	s := begin(t)
	other := s.env.Body(t, s.body)
	for n := range toldPage {
		s.peer.bodies = append(s.peer.bodies, &directoryv1.ReachedBody{Id: fmt.Sprintf("00000000-0000-7000-8000-%012x", n), Code: fmt.Sprintf("nobody%d", n), Within: true})
	}
	s.peer.bodies = append(s.peer.bodies, reachedBody(s.body, true), reachedBody(other, true))
	host := s.as("officer", "张三")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.StartsAt = timestamppb.New(soon(time.Hour))
		in.Plan.Targets = []*meetingv1.Target{{Kind: "subtree", BodyCode: s.body.Code, Role: "audience"}}
	})
	if done := s.work(t, s.body, other); done["meeting.tell"] != 2 || done["meeting.point"] != 1 {
		t.Errorf("jobs: %v", done)
	}
	if got, err := s.GetMeeting(host, &meetingv1.GetMeetingRequest{Id: m.GetId()}); err != nil || got.GetTargets()[0].GetTold() != toldPage+1 {
		t.Errorf("told: %v %v", got.GetTargets(), err)
	}
	letter := func(title string, revision int32, gone bool) json.RawMessage {
		t.Helper()
		raw, err := json.Marshal(news{From: s.body.Code, Body: "甲", Role: "audience", Gone: gone, Meetings: []pointed{{
			ID: tenant.SubjectFrom(host).Identity, Number: "1234567890", Title: title, Starts: soon(time.Hour), Ends: soon(2 * time.Hour), State: "planned", Revision: revision,
		}}})
		if err != nil {
			t.Fatal(err)
		}
		args, err := json.Marshal(posted{s.keys.Seal(sealedNews, string(raw))})
		if err != nil {
			t.Fatal(err)
		}
		return args
	}
	there := tenant.With(context.Background(), other.Tenant)
	for _, l := range []json.RawMessage{letter("新", 3, false), letter("旧", 2, false), letter("旧", 2, true), letter("新", 3, false)} {
		if err := s.point(there, l); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.calendar(t, s.in(other, "officer", "李四")); len(got) != 2 || got[0].GetTitle() != "新" && got[1].GetTitle() != "新" {
		t.Errorf("the calendar: %v", got)
	}
	if err := s.point(there, json.RawMessage(`{"sealed":"forged"}`)); err == nil {
		t.Error("a letter that nobody sealed was taken")
	}
}

// Those of a group are invited as it stands at the invitation, and again as it stands when the meeting begins.
func TestInvitingAGroup(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host := s.as("officer", "张三")
	early, late := s.as("member", "李四"), s.as("member", "王五")
	group := tenant.NewID().String()
	s.peer.groups = []*accessv1.Group{{Id: group, Name: "女职工委员"}}
	s.peer.grouped = []string{tenant.SubjectFrom(early).Identity.String()}
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.StartsAt = "invited", timestamppb.New(soon(time.Hour))
		in.Plan.Targets = []*meetingv1.Target{{Kind: "group", GroupId: group, Role: "speaker"}}
	})
	sees := func(who context.Context) bool {
		t.Helper()
		got, err := s.ListOwnMeetings(who, &meetingv1.ListMeetingsRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return len(got.GetMeetings()) == 1 && got.GetMeetings()[0].GetOwnRole() == "speaker"
	}
	if !sees(early) || sees(late) {
		t.Error("at the invitation")
	}
	if len(m.GetInvitees()) != 0 || m.GetTargets()[0].GetName() != "女职工委员" {
		t.Errorf("told as %v %v", m.GetInvitees(), m.GetTargets())
	}
	s.peer.grouped = []string{tenant.SubjectFrom(late).Identity.String()}
	if _, err := s.StartMeeting(host, &meetingv1.StartMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	if done := s.work(t, s.body); done["meeting.resolve"] != 1 {
		t.Errorf("jobs: %v", done)
	}
	if sees(early) || !sees(late) {
		t.Error("at the beginning")
	}
	_, err := s.CreateMeeting(host, &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{Title: "会", Minutes: 30, OpenTo: "body", Targets: []*meetingv1.Target{{Kind: "group", GroupId: tenant.NewID().String()}}}})
	want(t, "no group of ours", err, "plan.targets")
}

// Who sends somebody else is replaced by them.
func TestSubstitute(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, guest, other := s.as("officer", "张三"), s.as("officer", "李四"), s.as("officer", "王五")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.StartsAt = "invited", timestamppb.New(soon(time.Hour))
		in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: tenant.SubjectFrom(guest).Identity.String(), Role: "speaker"}}
	})
	answer := func(id string) error {
		_, err := s.AnswerMeeting(guest, &meetingv1.AnswerMeetingRequest{Id: m.GetId(), Answer: "substitute", IdentityId: id})
		return err
	}
	want(t, "nobody", answer(""), "identityId")
	want(t, "a stranger", answer(tenant.NewID().String()), "identityId")
	want(t, "oneself", answer(tenant.SubjectFrom(guest).Identity.String()), "identityId")
	want(t, "a colleague", answer(tenant.SubjectFrom(other).Identity.String()), "")
	if got := s.calendar(t, other); len(got) != 1 || got[0].GetOwnRole() != "speaker" {
		t.Errorf("who comes instead sees %v", got)
	}
	_, err := s.UpdateMeeting(host, &meetingv1.UpdateMeetingRequest{Id: m.GetId(), Version: 1, Plan: &meetingv1.Plan{Title: "会", Minutes: 60, OpenTo: "invited", StartsAt: m.GetStartsAt()}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.calendar(t, other); len(got) != 1 {
		t.Errorf("after a change who comes instead sees %v", got)
	}
}

// unfolded are the lines of a calendar.
func unfolded(raw string) []string {
	return strings.Split(strings.ReplaceAll(raw, "\r\n ", ""), "\r\n")
}

func count(lines []string, prefix string) (n int) {
	for _, l := range lines {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

// A recurring meeting has one link, which leads to the next time; one of them or all that follow can be moved or called off.
func TestRecurring(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host := s.as("officer", "张三")
	start := time.Now().Add(24 * time.Hour).Truncate(time.Hour)
	first := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.Title, in.Plan.OpenTo, in.Plan.StartsAt = "周例会", "anyone", timestamppb.New(start)
		in.Plan.Repeat = &meetingv1.Repeat{Kind: "weekly", Every: 1, Count: 5}
	})
	if first.GetSeries().GetTimes() != 5 || first.GetSeries().GetPlace() != 1 || !strings.Contains(first.GetSeries().GetRule(), "COUNT=5") {
		t.Errorf("series: %v", first.GetSeries())
	}
	all := s.calendar(t, host)
	if len(all) != 5 {
		t.Fatalf("%d times", len(all))
	}
	for n, e := range all {
		if e.GetNumber() != first.GetNumber() || !e.GetRepeats() || !e.GetStartsAt().AsTime().Equal(start.AddDate(0, 0, 7*n)) {
			t.Errorf("time %d: %v", n+1, e)
		}
	}
	file := func(id string) []string {
		t.Helper()
		w := httptest.NewRecorder()
		if err := s.invitation(w, httptest.NewRequest(http.MethodGet, "/v1/meetings/"+id+"/invitation.ics", nil).WithContext(host)); err != nil {
			t.Fatal(err)
		}
		return unfolded(w.Body.String())
	}
	lines := file(all[2].GetId())
	if count(lines, "BEGIN:VEVENT") != 1 || count(lines, "RRULE:FREQ=WEEKLY;") != 1 || count(lines, "UID:"+first.GetId()+"@gonghui") != 1 || count(lines, "BEGIN:VALARM") != 1 {
		t.Errorf("the file: %v", lines)
	}

	// The third is moved by an hour, the fourth and after to another day.
	change := func(n int, by time.Duration, following bool) {
		t.Helper()
		m, err := s.GetMeeting(host, &meetingv1.GetMeetingRequest{Id: all[n].GetId()})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.UpdateMeeting(host, &meetingv1.UpdateMeetingRequest{Id: m.GetId(), Version: m.GetVersion(), Following: following, Plan: &meetingv1.Plan{
			Title: "改期例会", Minutes: 45, OpenTo: "anyone", StartsAt: timestamppb.New(m.GetStartsAt().AsTime().Add(by)),
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	change(2, time.Hour, false)
	change(3, 26*time.Hour, true)
	for n, by := range []time.Duration{0, 0, time.Hour, 26 * time.Hour, 26 * time.Hour} {
		e := s.calendar(t, host)[n]
		if !e.GetStartsAt().AsTime().Equal(start.AddDate(0, 0, 7*n).Add(by)) || (e.GetTitle() == "周例会") != (by == 0) || e.GetNumber() != first.GetNumber() {
			t.Errorf("after the changes %d: %v", n+1, e)
		}
	}
	lines = file(first.GetId())
	if count(lines, "BEGIN:VEVENT") != 2 || count(lines, "RECURRENCE-ID") != 1 || !strings.Contains(strings.Join(lines, "\n"), "COUNT=3") {
		t.Errorf("the file after the changes: %v", lines)
	}
	if lines := file(all[3].GetId()); count(lines, "BEGIN:VEVENT") != 1 || count(lines, "RRULE") != 0 || count(lines, "UID:"+all[3].GetId()) != 1 {
		t.Errorf("the file of one that follows no rule any more: %v", lines)
	}

	// The second is called off, then the fourth and after.
	for n, following := range map[int]bool{1: false, 3: true} {
		if _, err := s.CancelMeeting(host, &meetingv1.CancelMeetingRequest{Id: all[n].GetId(), Following: following}); err != nil {
			t.Fatal(err)
		}
	}
	if lines := file(first.GetId()); count(lines, "EXDATE") != 1 || lines[4] != "METHOD:REQUEST" {
		t.Errorf("the file after calling off: %v", lines)
	}
	if lines := file(all[4].GetId()); count(lines, "STATUS:CANCELLED") != 1 || lines[4] != "METHOD:CANCEL" {
		t.Errorf("the file of one called off: %v", lines)
	}

	// The link leads to the next one that takes place.
	card, err := s.FindMeeting(host, &meetingv1.FindMeetingRequest{Number: first.GetNumber()})
	if err != nil || card.GetId() != first.GetId() {
		t.Errorf("the link leads to %v %v", card, err)
	}
	s.exec(t, fmt.Sprintf("update %s.meeting set state = 'ended' where id = '%s'", s.env.DB.Config().Role(s.body.Code), first.GetId()))
	card, err = s.FindMeeting(s.stranger(), &meetingv1.FindMeetingRequest{Number: first.GetNumber()})
	if err != nil || card.GetId() != all[2].GetId() || card.GetNumber() != first.GetNumber() {
		t.Errorf("then the link leads to %v %v", card, err)
	}

	for what, c := range map[string]struct {
		repeat *meetingv1.Repeat
		field  string
	}{
		"no end":      {&meetingv1.Repeat{Kind: "daily", Every: 1}, "plan.repeat.count"},
		"too often":   {&meetingv1.Repeat{Kind: "daily", Every: 1, Until: day.Format(day.Today().AddDate(0, 0, 200))}, "plan.repeat.count"},
		"only once":   {&meetingv1.Repeat{Kind: "daily", Every: 1, Count: 1}, "plan.repeat.count"},
		"another day": {&meetingv1.Repeat{Kind: "weekly", Every: 1, Count: 3, Weekdays: []string{strings.ToUpper(start.In(day.Zone).AddDate(0, 0, 1).Weekday().String()[:2])}}, "plan.repeat.weekdays"},
		"too far":     {&meetingv1.Repeat{Kind: "monthly_day", Every: 12, Count: 9}, "plan.repeat.count"},
		"no day":      {&meetingv1.Repeat{Kind: "daily", Every: 1, Until: "2026-02-30"}, "plan.repeat.until"},
	} {
		_, err := s.CreateMeeting(host, &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{Title: "会", Minutes: 30, OpenTo: "body", StartsAt: timestamppb.New(start), Repeat: c.repeat}})
		want(t, what, err, c.field)
	}
}

// A calendar's private address is good until it is made anew or taken away.
func TestFeed(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host := s.as("officer", "张三")
	s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.Title, in.Plan.StartsAt = "季度例会", timestamppb.New(soon(time.Hour))
		in.Plan.Repeat = &meetingv1.Repeat{Kind: "daily", Every: 1, Count: 3}
	})
	s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.Title, in.Plan.StartsAt = "专题会", timestamppb.New(soon(3*time.Hour))
	})
	made := func() string {
		t.Helper()
		f, err := s.CreateFeed(host, &meetingv1.CreateFeedRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(f.GetUrl(), "https://"+s.body.Code+".gonghui.test")
	}
	read := func(path string) ([]string, error) {
		w := httptest.NewRecorder()
		err := s.feed(w, httptest.NewRequest(http.MethodGet, path, nil).WithContext(s.stranger()))
		return unfolded(w.Body.String()), err
	}
	address := made()
	lines, err := read(address)
	if err != nil || count(lines, "BEGIN:VEVENT") != 2 || count(lines, "RRULE") != 1 || lines[4] != "METHOD:PUBLISH" {
		t.Errorf("the feed: %v %v", lines, err)
	}
	if n := s.env.Count(t, "select count(*) from "+s.env.DB.Config().Role(s.body.Code)+".meeting_feed where digest = $1", address[strings.LastIndex(address, "/")+1:]); n != 0 {
		t.Error("the secret is kept as it is")
	}
	_, err = read(address + "x")
	want(t, "a wrong secret", err, "MEETING_NOT_FOUND")
	_, err = read("/v1/meetings/feed/" + tenant.NewID().String() + "/x")
	want(t, "nobody's", err, "MEETING_NOT_FOUND")
	fresh := made()
	_, err = read(address)
	want(t, "the one before", err, "MEETING_NOT_FOUND")
	if _, err := read(fresh); err != nil {
		t.Error(err)
	}
	if _, err := s.EndFeed(host, &meetingv1.EndFeedRequest{}); err != nil {
		t.Fatal(err)
	}
	_, err = read(fresh)
	want(t, "taken away", err, "MEETING_NOT_FOUND")
}
