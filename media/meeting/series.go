package meeting

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/recur"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

// series are the times of a recurring meeting that is being planned.
type series struct {
	rule  string
	times []time.Time
}

// readRepeat works out the times of a recurring meeting; nil: it takes place once.
func readRepeat(in *meetingv1.Repeat, starts time.Time) (*series, error) {
	if in == nil {
		return nil, nil
	}
	rule := recur.Rule{Kind: in.GetKind(), Every: int(in.GetEvery()), Count: int(in.GetCount())}
	if in.GetUntil() != "" {
		d, err := field.Day("plan.repeat.until", in.GetUntil())
		if err != nil {
			return nil, err
		}
		rule.Until = d
	}
	for _, name := range in.GetWeekdays() {
		d, ok := recur.WeekdayOf(name)
		if !ok {
			return nil, errRepeatDay
		}
		rule.Weekdays = append(rule.Weekdays, d)
	}
	err := rule.Check(starts)
	for _, c := range []struct{ is, say error }{
		{recur.ErrEnd, errRepeatEnd},
		{recur.ErrMany, errRepeatMany},
		{recur.ErrFew, errRepeatFew},
		{recur.ErrFirst, errRepeatDay},
		{recur.ErrEvery, fault.Field("plan.repeat.every", "间隔为 1 至 99", "choose an interval of 1 to 99")},
		{recur.ErrKind, fault.Field("plan.repeat.kind", "请选择重复方式", "choose how it repeats")},
	} {
		if errors.Is(err, c.is) {
			return nil, c.say
		}
	}
	times := rule.Times(starts)
	if times[len(times)-1].After(time.Now().Add(furthest)) {
		return nil, errRepeatFar
	}
	return &series{rule.String(starts, len(times)), times}, nil
}

// insertSeries plans the other times of a recurring meeting, like the first one, to whose number they all belong.
func (s *Service) insertSeries(ctx context.Context, tx tenant.DBTX, first *db.Meeting, arg db.InsertMeetingParams, p *plan) error {
	o := db.InsertOccurrencesParams{Link: first.Number, SeriesID: first.ID, Rule: p.series.rule}
	lasts := arg.EndsAt.Sub(arg.StartsAt)
	for n, at := range p.series.times {
		id := first.ID
		if n > 0 {
			arg.StartsAt, arg.EndsAt = at.UTC(), at.UTC().Add(lasts)
			m, err := s.insert(ctx, tx, arg)
			if err != nil {
				return err
			}
			if err := s.invite(ctx, tx, m.ID, p); err != nil {
				return err
			}
			if err := s.sql.SetWatermark(ctx, tx, db.SetWatermarkParams{MeetingID: m.ID, Watermark: p.GetWatermark()}); err != nil {
				return err
			}
			if err := meetingNoun.Made(ctx, tx, tenant.Act{Act: "meeting.create"}, m.ID); err != nil {
				return err
			}
			id = m.ID
		}
		o.Meetings, o.Places, o.Originals = append(o.Meetings, id), append(o.Places, int16(n+1)), append(o.Originals, at)
	}
	return s.sql.InsertOccurrences(ctx, tx, o)
}

// followers are the times after one of a recurring meeting that have not begun; none where it takes place once.
func (s *Service) followers(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (this *db.MeetingOccurrence, after []db.ListOccurrencesRow, err error) {
	this, err = absent(s.sql.Occurrence(ctx, tx, id))
	if err != nil || this == nil {
		return this, nil, err
	}
	rows, err := s.sql.ListOccurrences(ctx, tx, this.Link)
	for _, r := range rows {
		if r.Place > this.Place && r.State == planned {
			after = append(after, r)
		}
	}
	return this, after, err
}

// changeFollowing changes those after a meeting as it was changed itself. Moved to another time they are a series of their own: by the
// same rule as long as they stay on their days.
func (s *Service) changeFollowing(ctx context.Context, tx tenant.DBTX, was, now *db.Meeting, p *plan) error {
	this, after, err := s.followers(ctx, tx, was.ID)
	if err != nil || this == nil {
		return err
	}
	shift := now.StartsAt.Sub(was.StartsAt)
	for _, r := range after {
		seen, err := meetingNoun.See(ctx, tx, r.MeetingID)
		if err != nil {
			return err
		}
		starts := r.StartsAt.Add(shift)
		_, err = s.sql.UpdateMeeting(ctx, tx, db.UpdateMeetingParams{
			ID: r.MeetingID, Title: now.Title, StartsAt: starts, EndsAt: starts.Add(now.EndsAt.Sub(now.StartsAt)), OpenTo: now.OpenTo, WaitingRoom: now.WaitingRoom,
			Audience: now.Audience, Password: now.Password,
		})
		if err != nil {
			return err
		}
		if err := s.invite(ctx, tx, r.MeetingID, p); err != nil {
			return err
		}
		if err := s.sql.SetWatermark(ctx, tx, db.SetWatermarkParams{MeetingID: r.MeetingID, Watermark: p.GetWatermark()}); err != nil {
			return err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: "meeting.update"}); err != nil {
			return err
		}
	}
	if shift == 0 {
		return nil
	}
	return s.split(ctx, tx, this, shift)
}

var countOf = regexp.MustCompile(`COUNT=\d+`)

// split makes a series of its own of all times from one on, which were moved.
func (s *Service) split(ctx context.Context, tx tenant.DBTX, this *db.MeetingOccurrence, shift time.Duration) error {
	rows, err := s.sql.ListOccurrences(ctx, tx, this.Link)
	if err != nil {
		return err
	}
	var stay, moved []db.ListOccurrencesRow
	for _, r := range rows {
		switch {
		case r.SeriesID != this.SeriesID:
		case r.Place < this.Place:
			stay = append(stay, r)
		default:
			moved = append(moved, r)
		}
	}
	rule := ""
	if this.Rule != "" && day.Of(this.Original).Equal(day.Of(this.Original.Add(shift))) {
		rule = countOf.ReplaceAllString(this.Rule, "COUNT="+strconv.Itoa(len(moved)))
	}
	for _, r := range moved {
		err := s.sql.MoveOccurrence(ctx, tx, db.MoveOccurrenceParams{MeetingID: r.MeetingID, SeriesID: this.MeetingID, Rule: rule, Original: r.Original.Add(shift)})
		if err != nil {
			return err
		}
	}
	if len(stay) == 0 || this.Rule == "" {
		return nil
	}
	return s.sql.CutRule(ctx, tx, db.CutRuleParams{
		SeriesID: this.SeriesID, Link: this.Link, Rule: countOf.ReplaceAllString(this.Rule, "COUNT="+strconv.Itoa(len(stay))),
	})
}

// cancelFollowing calls off those after a meeting.
func (s *Service) cancelFollowing(ctx context.Context, tx tenant.DBTX, id uuid.UUID, now time.Time) error {
	_, after, err := s.followers(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, r := range after {
		if err := s.callOff(ctx, tx, r.MeetingID, now); err != nil {
			return err
		}
	}
	return nil
}

// callOff calls off one time of a recurring meeting.
func (s *Service) callOff(ctx context.Context, tx tenant.DBTX, id uuid.UUID, now time.Time) error {
	seen, err := meetingNoun.See(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := s.clearPapers(ctx, tx, id); err != nil {
		return err
	}
	if _, err := s.sql.CloseMeeting(ctx, tx, db.CloseMeetingParams{ID: id, State: cancelled, EndedAt: &now}); err != nil {
		return err
	}
	return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.cancel"})
}

// byNumber finds a meeting by its number; that of a recurring one leads to the time that runs, or comes next.
func (s *Service) byNumber(ctx context.Context, tx tenant.DBTX, number string) (m db.Meeting, err error) {
	m, err = s.sql.FindMeeting(ctx, tx, number)
	if err != nil {
		return m, err
	}
	o, err := absent(s.sql.Occurrence(ctx, tx, m.ID))
	if err != nil || o == nil || o.Link != number {
		return m, err
	}
	id, err := s.sql.NextByLink(ctx, tx, db.NextByLinkParams{Link: number, Now: time.Now()})
	if err != nil || id == m.ID {
		return m, err
	}
	return s.sql.GetMeeting(ctx, tx, id)
}

// links are the numbers of recurring meetings in the place of their times' own, by the time.
func (s *Service) links(ctx context.Context, tx tenant.DBTX, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := s.sql.OccurrencesOf(ctx, tx, ids)
	links := map[uuid.UUID]string{}
	for _, r := range rows {
		links[r.MeetingID] = r.Link
	}
	return links, err
}

// underLink is a meeting's row as it is told: a time of a recurring one goes by the number of all of them.
func underLink(m *db.Meeting, links map[uuid.UUID]string) *db.Meeting {
	link, ok := links[m.ID]
	if !ok {
		return m
	}
	told := *m
	told.Number = link
	return &told
}

// seriesOf says where a meeting stands among those of its rule.
func (s *Service) seriesOf(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (*meetingv1.Series, error) {
	o, err := absent(s.sql.Occurrence(ctx, tx, id))
	if err != nil || o == nil {
		return nil, err
	}
	rows, err := s.sql.ListOccurrences(ctx, tx, o.Link)
	if err != nil {
		return nil, err
	}
	place := slices.IndexFunc(rows, func(r db.ListOccurrencesRow) bool { return r.MeetingID == id })
	return &meetingv1.Series{Rule: o.Rule, Place: int32(place + 1), Times: int32(len(rows)), Number: o.Link}, nil
}
