package meeting

import (
	"context"
	"sync"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/app/kit/page"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant/pgtest"
)

func hallOf(name string) *meetingv1.PlaceFields {
	return &meetingv1.PlaceFields{Name: name, Location: "1 号楼 302", Seats: 20, Equipment: "投影、话筒", Bookers: "hosts"}
}

// tomorrow is an hour of tomorrow in Asia/Shanghai.
func tomorrow(hour int) time.Time {
	return midnight(day.Today()).AddDate(0, 0, 1).Add(time.Duration(hour) * time.Hour)
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	s := begin(t)
	admin, officer := s.as("admin", "张三"), s.as("officer", "李四")
	add := func(name, bookers string) *meetingv1.MeetingPlace {
		t.Helper()
		in := hallOf(name)
		in.Bookers = bookers
		p, err := s.CreatePlace(admin, &meetingv1.CreatePlaceRequest{Place: in})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	hall, small := add("报告厅", "managers"), add("小会议室", "hosts")
	_, err := s.CreatePlace(admin, &meetingv1.CreatePlaceRequest{Place: hallOf("小会议室")})
	want(t, "a name twice", err, "PLACE_NAME")
	_, err = s.CreatePlace(admin, &meetingv1.CreatePlaceRequest{Place: hallOf(" ")})
	want(t, "no name", err, "place.name")
	_, err = s.UpdatePlace(admin, &meetingv1.UpdatePlaceRequest{Id: small.GetId(), Place: hallOf("报告厅"), Version: 1})
	want(t, "another one's name", err, "PLACE_NAME")
	list := func(ctx context.Context, in *meetingv1.ListPlacesRequest) (names []string) {
		t.Helper()
		for {
			got, err := s.ListPlaces(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range got.GetPlaces() {
				names = append(names, p.GetName())
			}
			if in.PageToken = got.GetNextPageToken(); in.PageToken == "" {
				return names
			}
		}
	}
	_, err = s.ListPlaces(officer, &meetingv1.ListPlacesRequest{PageToken: page.Token(afterName{Name: "a\x00b"})})
	want(t, "a token that nobody was given", err, "pageToken")
	if got := list(officer, &meetingv1.ListPlacesRequest{PageSize: 1}); len(got) != 2 {
		t.Errorf("page by page: %v", got)
	}
	if got := list(pgtest.As(s.watch.Ctx, s.watch.Tenant, "admin"), &meetingv1.ListPlacesRequest{}); len(got) != 0 {
		t.Errorf("another body sees %v", got)
	}
	book := func(ctx context.Context, place string, hour int, change func(*meetingv1.Plan)) (*meetingv1.Meeting, error) {
		in := &meetingv1.Plan{Title: "例会", Minutes: 60, OpenTo: "invited", StartsAt: timestamppb.New(tomorrow(hour)), PlaceId: place}
		if change != nil {
			change(in)
		}
		return s.CreateMeeting(ctx, &meetingv1.CreateMeetingRequest{Plan: in})
	}
	first, err := book(officer, small.GetId(), 9, nil)
	if err != nil || first.GetPlace().GetName() != "小会议室" {
		t.Fatalf("booked: %v %v", first.GetPlace(), err)
	}
	if got := s.calendar(t, officer); got[0].GetPlace() != "小会议室 · 1 号楼 302" {
		t.Errorf("the calendar says %q", got[0].GetPlace())
	}
	_, err = book(officer, hall.GetId(), 9, nil)
	want(t, "one that is kept", err, "PLACE_KEPT")
	_, err = book(officer, first.GetId(), 9, nil)
	want(t, "one that is not there", err, "PLACE_NOT_FOUND")
	_, err = book(admin, small.GetId(), 9, func(p *meetingv1.Plan) { p.StartsAt = timestamppb.New(tomorrow(9).Add(59 * time.Minute)) })
	want(t, "a minute too early", err, "PLACE_TAKEN")
	if zh := kerrors.FromError(err).Metadata["zh"]; zh != "“小会议室”已被预订："+tomorrow(9).Format("01-02 15:04")+"–10:00 李四" {
		t.Errorf("it says %q", zh)
	}
	next, err := book(admin, small.GetId(), 10, nil)
	want(t, "when it is free again", err, "")

	// Who may not know what it is for sees that it is taken, and by whom.
	seen, err := s.ListBookings(s.as("officer", "王五"), &meetingv1.ListBookingsRequest{Day: day.Format(day.Of(tomorrow(9)))})
	if err != nil || len(seen.GetBookings()) != 2 || seen.GetBookings()[0].GetHostName() != "李四" || seen.GetBookings()[0].GetTitle() != "例会" {
		t.Errorf("the day: %v %v", seen.GetBookings(), err)
	}

	// Moved onto another one it is refused, and stays where it was; called off it gives the room free.
	move := func(hour int) error {
		_, err := s.UpdateMeeting(admin, &meetingv1.UpdateMeetingRequest{Id: next.GetId(), Version: next.GetVersion(), Plan: &meetingv1.Plan{
			Title: "例会", Minutes: 60, OpenTo: "invited", StartsAt: timestamppb.New(tomorrow(hour)), PlaceId: small.GetId(),
		}})
		return err
	}
	want(t, "moved onto another", move(9), "PLACE_TAKEN")
	if _, err := s.CancelMeeting(officer, &meetingv1.CancelMeetingRequest{Id: first.GetId()}); err != nil {
		t.Fatal(err)
	}
	want(t, "moved to where one was called off", move(9), "")

	// Closed it is booked no more, and who has it keeps it.
	closed := &meetingv1.UpdatePlaceRequest{Id: small.GetId(), Place: hallOf("小会议室"), Closed: true, Version: small.GetVersion()}
	if _, err := s.UpdatePlace(admin, closed); err != nil {
		t.Fatal(err)
	}
	_, err = s.UpdatePlace(admin, closed)
	want(t, "an old version", err, "PLACE_STALE")
	_, err = book(admin, small.GetId(), 15, nil)
	want(t, "a closed one", err, "PLACE_NOT_FOUND")
	next, _ = s.GetMeeting(admin, &meetingv1.GetMeetingRequest{Id: next.GetId()})
	want(t, "one that had it before it was closed", move(11), "")
	if got := list(officer, &meetingv1.ListPlacesRequest{}); len(got) != 1 {
		t.Errorf("open ones: %v", got)
	}
	if got := list(officer, &meetingv1.ListPlacesRequest{Whole: true}); len(got) != 2 {
		t.Errorf("all: %v", got)
	}
}

// Of those who book a room at one moment one gets it.
func TestOneGetsTheRoom(t *testing.T) {
	t.Parallel()
	s := begin(t)
	p, err := s.CreatePlace(s.as("admin", "张三"), &meetingv1.CreatePlaceRequest{Place: hallOf("会议室")})
	if err != nil {
		t.Fatal(err)
	}
	const n = 12
	ctxs := make([]context.Context, n)
	for i := range ctxs {
		ctxs[i] = s.as("officer", "李四")
	}
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			_, errs[i] = s.CreateMeeting(ctxs[i], &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{
				Title: "会", Minutes: 60, OpenTo: "body", PlaceId: p.GetId(), StartsAt: timestamppb.New(tomorrow(9).Add(time.Duration(i) * 5 * time.Minute)),
			}})
		})
	}
	all.Wait()
	got := 0
	for _, err := range errs {
		if err == nil {
			got++
			continue
		}
		want(t, "the others", err, "PLACE_TAKEN")
	}
	// Twelve of an hour each, five minutes apart, all overlap the first of them.
	if got != 1 {
		t.Errorf("%d got the room", got)
	}
}

// A recurring meeting that finds the room taken names the dates, and leaves them out or holds them without a room as it is told.
func TestASeriesInARoom(t *testing.T) {
	t.Parallel()
	s := begin(t)
	host, other := s.as("admin", "张三"), s.as("officer", "李四")
	p, err := s.CreatePlace(host, &meetingv1.CreatePlaceRequest{Place: hallOf("会议室")})
	if err != nil {
		t.Fatal(err)
	}
	taken := tomorrow(9).AddDate(0, 0, 14)
	if _, err := s.CreateMeeting(other, &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{
		Title: "会", Minutes: 60, OpenTo: "body", PlaceId: p.GetId(), StartsAt: timestamppb.New(taken),
	}}); err != nil {
		t.Fatal(err)
	}
	plan := func(how string, hour int) (*meetingv1.Meeting, error) {
		return s.CreateMeeting(host, &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{
			Title: "周例会" + how, Minutes: 60, OpenTo: "invited", PlaceId: p.GetId(), StartsAt: timestamppb.New(tomorrow(hour)), Taken: how,
			Repeat: &meetingv1.Repeat{Kind: "weekly", Every: 1, Count: 4},
		}})
	}
	_, err = plan("", 9)
	want(t, "a series onto another", err, "PLACE_TAKEN")
	if dates := kerrors.FromError(err).Metadata["dates"]; dates != day.Format(day.Of(taken)) {
		t.Errorf("the dates: %q", dates)
	}
	m, err := plan("skip", 9)
	if err != nil {
		t.Fatal(err)
	}
	states := func(title string) (all []string) {
		for _, e := range s.calendar(t, host) {
			if e.GetTitle() == title {
				all = append(all, e.GetState()+" "+e.GetPlace())
			}
		}
		return all
	}
	if got := states("周例会skip"); len(got) != 4 || got[2] != "cancelled " || got[1] != "planned 会议室 · 1 号楼 302" {
		t.Errorf("left out: %q", got)
	}
	// An hour later the whole of it collides with none, and moves together.
	if _, err := s.UpdateMeeting(host, &meetingv1.UpdateMeetingRequest{Id: m.GetId(), Version: 1, Following: true, Plan: &meetingv1.Plan{
		Title: "周例会skip", Minutes: 60, OpenTo: "invited", PlaceId: p.GetId(), StartsAt: timestamppb.New(tomorrow(10)),
	}}); err != nil {
		t.Errorf("moved: %v", err)
	}
	if _, err := plan("online", 9); err != nil {
		t.Fatal(err)
	}
	if got := states("周例会online"); len(got) != 4 || got[2] != "planned " || got[3] != "planned 会议室 · 1 号楼 302" {
		t.Errorf("without a room: %q", got)
	}
}
