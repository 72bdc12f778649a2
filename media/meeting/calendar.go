package meeting

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/ics"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	// longestCalendar is how many days are looked at together.
	longestCalendar = 62
	// A feed holds what was, for so long, and what is ahead.
	feedBack, feedAhead = 90 * 24 * time.Hour, 366 * 24 * time.Hour
	// mostInFeed meetings stand in a feed.
	mostInFeed = 1000
	// alarm is how long before a meeting calendars ring.
	alarm = 15 * time.Minute
)

func minutes(from, to time.Time) int32 { return int32(to.Sub(from) / time.Minute) }

func entryOfPointer(p *db.MeetingPointer, answer string) *meetingv1.CalendarEntry {
	return &meetingv1.CalendarEntry{
		Id: p.MeetingID.String(), Number: p.Number, Title: p.Title, StartsAt: timestamppb.New(p.StartsAt), Minutes: minutes(p.StartsAt, p.EndsAt), State: p.State,
		HostName: p.HostName, BodyCode: p.BodyCode, BodyName: p.BodyName, OwnRole: p.Role, Answer: answer, Place: p.Place,
	}
}

// ListCalendar pages through the meetings of some days.
func (s *Service) ListCalendar(ctx context.Context, in *meetingv1.ListCalendarRequest) (*meetingv1.ListCalendarReply, error) {
	from, err := field.Day("from", in.GetFrom())
	if err != nil {
		return nil, err
	}
	to, err := field.Day("to", in.GetTo())
	if err != nil {
		return nil, err
	}
	if days := to.Sub(from) / (24 * time.Hour); days < 1 || days > longestCalendar {
		return nil, fault.Field("to", "一次查看 1 至 62 天", "look at 1 to 62 days at a time")
	}
	if in.GetWhole() {
		if err := access.Check(ctx, "meeting.read"); err != nil {
			return nil, err
		}
	}
	last := after{At: longAgo}
	if _, err := page.Parse(in.GetPageToken(), &last); err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	size := page.Size(in.GetPageSize(), 200)
	arg := db.ListCalendarParams{
		Self: me.Identity, Selves: selves(me), FromAt: midnight(from), ToAt: midnight(to), Whole: in.GetWhole(), AfterAt: last.At, After: last.ID, Size: size + 1,
	}
	reply := &meetingv1.ListCalendarReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.ListCalendar(ctx, tx, arg)
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListCalendarRow) any { return after{r.StartsAt, r.ID} })
		reply.Entries = nil
		for i := range rows {
			reply.Entries = append(reply.Entries, s.entry(ctx, &rows[i], me.Identity))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// midnight is the beginning of a day in Asia/Shanghai.
func midnight(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, day.Zone)
}

// entry is a row of the calendar as the one whose calendar it is may know it.
func (s *Service) entry(ctx context.Context, r *db.ListCalendarRow, self uuid.UUID) *meetingv1.CalendarEntry {
	e := &meetingv1.CalendarEntry{
		Id: r.ID.String(), Number: r.Number, Title: r.Title, StartsAt: timestamppb.New(r.StartsAt), Minutes: minutes(r.StartsAt, r.EndsAt), State: r.State,
		HostName: r.HostName, BodyCode: r.BodyCode, BodyName: r.BodyName, Answer: r.Answer, OwnRole: r.Invited, Repeats: r.Link != "", Place: r.Place,
	}
	if r.Link != "" {
		e.Number = r.Link
	}
	if r.BodyCode == "" {
		e.OwnRole = planRole(&db.Meeting{HostID: r.HostID, OpenTo: r.OpenTo, Audience: r.Audience}, self, r.Invited)
		e.Page = s.page(ctx, &db.Meeting{Number: e.Number})
	}
	return e
}

// way is the address by which whoever is invited comes to a meeting: that of the own host, which leads on to another body's.
func (s *Service) way(ctx context.Context, number, body string) string {
	at := s.page(ctx, &db.Meeting{Number: number})
	if body != "" {
		at += "?for=" + body
	}
	return at
}

// eventOf is a meeting as one of a calendar.
func (s *Service) eventOf(ctx context.Context, r *db.ListCalendarRow) ics.Event {
	number := r.Number
	if r.Link != "" {
		number = r.Link
	}
	way := s.way(ctx, number, r.BodyCode)
	holder := r.BodyName
	if holder == "" {
		holder = tenant.From(ctx).Name
	}
	where := "视频会议 " + number
	if r.Place != "" {
		where = r.Place + "；" + where
	}
	return ics.Event{
		UID: r.ID.String() + "@gonghui", Sequence: int(r.Version) - 1, Stamp: time.Now(), Start: r.StartsAt, End: r.EndsAt, Summary: r.Title,
		Description: "召集：" + holder + " " + r.HostName + "\n会议号：" + number + "\n参会：" + way, URL: way, Place: where, Organizer: r.HostName,
		Cancelled: r.State == cancelled, Alarm: alarm,
	}
}

// events are the meetings as a calendar has them: those of a rule as one event with what differs from it, whose times are all read.
func (s *Service) events(ctx context.Context, tx tenant.DBTX, rows []db.ListCalendarRow) ([]ics.Event, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	of, err := s.sql.OccurrencesOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	ruled := map[uuid.UUID]db.MeetingOccurrence{}
	for _, o := range of {
		if o.Rule != "" {
			ruled[o.MeetingID] = o
		}
	}
	var all []ics.Event
	done := map[uuid.UUID]bool{}
	for i := range rows {
		o, ok := ruled[rows[i].ID]
		switch {
		case !ok:
			all = append(all, s.eventOf(ctx, &rows[i]))
		case !done[o.SeriesID]:
			done[o.SeriesID] = true
			times, err := s.sql.ListOccurrences(ctx, tx, o.Link)
			if err != nil {
				return nil, err
			}
			all = append(all, s.ruled(ctx, &rows[i], &o, times)...)
		}
	}
	return all, nil
}

// ruled is a recurring meeting: by its rule, then what was changed or called off.
func (s *Service) ruled(ctx context.Context, like *db.ListCalendarRow, of *db.MeetingOccurrence, times []db.ListOccurrencesRow) []ics.Event {
	var all []ics.Event
	var master ics.Event
	for _, t := range times {
		if t.SeriesID != of.SeriesID {
			continue
		}
		r := *like
		r.ID, r.Title, r.StartsAt, r.EndsAt, r.State, r.Version, r.Link = t.MeetingID, t.Title, t.StartsAt, t.EndsAt, t.State, t.Version, t.Link
		e := s.eventOf(ctx, &r)
		e.UID = of.SeriesID.String() + "@gonghui"
		if all == nil {
			master = e
			master.Start, master.End, master.Rule, master.Cancelled = t.Original, t.Original.Add(t.EndsAt.Sub(t.StartsAt)), of.Rule, false
			all = []ics.Event{master}
		}
		// A change of any of them makes the whole newer, for programs that look at one number only.
		all[0].Sequence = max(all[0].Sequence, e.Sequence)
		if e.Cancelled && t.StartsAt.Equal(t.Original) {
			all[0].Except = append(all[0].Except, t.Original)
			continue
		}
		if !t.StartsAt.Equal(t.Original) || e.Summary != master.Summary || e.Cancelled || t.EndsAt.Sub(t.StartsAt) != master.End.Sub(master.Start) {
			e.Instead = t.Original
			all = append(all, e)
		}
	}
	return all
}

// answerCalendar sends a calendar.
func answerCalendar(w http.ResponseWriter, name string, c ics.Calendar) {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method="+c.Method)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(c.Bytes())
}

// invitation is the calendar file of one meeting, or of all times of a recurring one.
func (s *Service) invitation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := field.ID("id", strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/meetings/"), "/invitation.ics"))
	if err != nil {
		return err
	}
	me := tenant.SubjectFrom(ctx)
	c := ics.Calendar{Method: ics.Request}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.calendarRow(ctx, tx, id, me)
		if err != nil {
			return err
		}
		c.Method = ics.Request
		if row.State == cancelled {
			c.Method = ics.Cancel
		}
		c.Events, err = s.events(ctx, tx, []db.ListCalendarRow{*row})
		return err
	})
	if err != nil {
		return err
	}
	answerCalendar(w, "meeting.ics", c)
	return nil
}

// calendarRow is a meeting that the caller may know of, here or in another body.
func (s *Service) calendarRow(ctx context.Context, tx tenant.DBTX, id uuid.UUID, me *tenant.Subject) (*db.ListCalendarRow, error) {
	m, err := absent(s.sql.GetMeeting(ctx, tx, id))
	if err != nil {
		return nil, err
	}
	if m == nil {
		p, err := s.sql.GetPointer(ctx, tx, db.GetPointerParams{MeetingID: id, Selves: selves(me)})
		if err != nil {
			return nil, orNot(err, errNoMeeting)
		}
		return &db.ListCalendarRow{
			ID: p.MeetingID, Number: p.Number, Title: p.Title, StartsAt: p.StartsAt, EndsAt: p.EndsAt, State: p.State, HostName: p.HostName, Version: p.Revision,
			BodyCode: p.BodyCode, BodyName: p.BodyName, Place: p.Place,
		}, nil
	}
	roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: me.Identity, Meetings: []uuid.UUID{id}})
	if err != nil {
		return nil, err
	}
	if planRole(m, me.Identity, first(roles)) == "" && access.Check(ctx, "meeting.read") != nil {
		return nil, errNoMeeting
	}
	arranged, err := s.sql.ArrangedOf(ctx, tx, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	return &db.ListCalendarRow{
		Place: arranged[0].Place, ID: m.ID, Number: m.Number, Title: m.Title, StartsAt: m.StartsAt, EndsAt: m.EndsAt, State: m.State, HostName: m.HostName, Version: m.Version,
	}, nil
}

// CreateFeed makes a private address of the caller's calendar.
func (s *Service) CreateFeed(ctx context.Context, _ *meetingv1.CreateFeedRequest) (*meetingv1.Feed, error) {
	me := tenant.SubjectFrom(ctx)
	if me.App != uuid.Nil || me.Assist != nil {
		return nil, errSignIn
	}
	secret := rand.Text()
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.feed", Kind: "meeting_feed", Object: me.Identity.String()})
		return s.sql.PutFeed(ctx, tx, db.PutFeedParams{IdentityID: me.Identity, Digest: s.keys.Digest("meeting_feed", secret), MadeAt: time.Now()})
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.Feed{
		Url: s.host.Scheme() + "://" + tenant.From(ctx).Code + "." + s.host.Base() + "/v1/meetings/feed/" + me.Identity.String() + "/" + secret,
	}, nil
}

// EndFeed takes the address away.
func (s *Service) EndFeed(ctx context.Context, _ *meetingv1.EndFeedRequest) (*meetingv1.EndFeedReply, error) {
	me := tenant.SubjectFrom(ctx)
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n, err := s.sql.DropFeed(ctx, tx, me.Identity)
		if n > 0 {
			tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.feed_end", Kind: "meeting_feed", Object: me.Identity.String()})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.EndFeedReply{}, nil
}

// feed is the calendar behind a private address. Who has no place in the body any more has none.
func (s *Service) feed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := open(ctx); err != nil {
		return err
	}
	if err := s.mayTry(ctx); err != nil {
		return err
	}
	who, secret, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v1/meetings/feed/"), "/")
	id, err := uuid.Parse(who)
	if err != nil {
		return s.tried(ctx, errNoMeeting)
	}
	var digest string
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		digest, err = s.sql.GetFeed(ctx, tx, id)
		return orNot(err, errNoMeeting)
	})
	if err == nil && subtle.ConstantTimeCompare([]byte(digest), []byte(s.keys.Digest("meeting_feed", secret))) != 1 {
		err = errNoMeeting
	}
	if err != nil {
		return s.tried(ctx, err)
	}
	placed, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, &identityv1.ListPeopleRequest{IdentityIds: []string{id.String()}})
	if err != nil {
		return err
	}
	if len(placed.GetPeople()) != 1 {
		return errNoMeeting
	}
	me := &tenant.Subject{Identity: id, Role: placed.GetPeople()[0].GetRole()}
	now := time.Now()
	c := ics.Calendar{Method: ics.Publish, Name: tenant.From(ctx).Name + "会议"}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.ListCalendar(ctx, tx, db.ListCalendarParams{
			Self: id, Selves: selves(me), FromAt: now.Add(-feedBack), ToAt: now.Add(feedAhead), AfterAt: longAgo, Size: mostInFeed,
		})
		if err != nil {
			return err
		}
		c.Events, err = s.events(ctx, tx, rows)
		return err
	})
	if err != nil {
		return err
	}
	answerCalendar(w, "meetings.ics", c)
	return nil
}
