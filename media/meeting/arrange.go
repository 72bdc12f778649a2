package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// textRight is held by who may have people reminded by text message.
const textRight = "meeting.text"

// usualLead is how many minutes before a meeting people are reminded where nothing is said of it.
const usualLead = 30

// reminders are the minutes before a meeting at which people are reminded, the longer first, 0: not; and whether by text message, too.
type reminders struct {
	First  int16 `json:"first"`
	Second int16 `json:"second"`
	Text   bool  `json:"text"`
}

// around is what other bodies know of what is arranged.
type around struct {
	reminders
	Place string `json:"place"`
}

// arranged is what a plan says of reminders and of the room.
type arranged struct {
	reminders
	place *uuid.UUID
}

// slot is one time of a meeting.
type slot struct {
	id           uuid.UUID
	starts, ends time.Time
}

func readArranged(in *meetingv1.Plan) (a arranged, err error) {
	if id := in.GetPlaceId(); id != "" {
		place, err := field.ID("plan.placeId", id)
		if err != nil {
			return a, err
		}
		a.place = &place
	}
	if in.GetReminding() == nil {
		a.First = usualLead
		return a, nil
	}
	leads := slices.Sorted(slices.Values(in.GetReminding().GetBefore()))
	slices.Reverse(leads)
	leads = append(leads, 0, 0)
	a.First, a.Second, a.Text = int16(leads[0]), int16(leads[1]), in.GetReminding().GetText() && leads[0] > 0
	return a, nil
}

// arrange sets reminders and the room of a meeting, and with series of all times after it that have not begun.
func (s *Service) arrange(ctx context.Context, tx tenant.DBTX, m *db.Meeting, p *plan, series bool) error {
	times := []slot{{m.ID, m.StartsAt, m.EndsAt}}
	if series {
		_, after, err := s.followers(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		for _, r := range after {
			times = append(times, slot{r.MeetingID, r.StartsAt, r.EndsAt})
		}
	}
	if p.Text {
		was, err := s.remindersOf(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if !was.Text && access.Check(ctx, textRight) != nil {
			return errText
		}
	}
	ids := make([]uuid.UUID, len(times))
	for i, t := range times {
		ids[i] = t.id
	}
	err := s.sql.SetReminders(ctx, tx, db.SetRemindersParams{Meetings: ids, First: p.First, Second: p.Second, ByText: p.Text})
	if err != nil {
		return err
	}
	if err := s.book(ctx, tx, times, ids, p); err != nil {
		return err
	}
	for _, t := range times {
		if err := enqueueReminders(tx, t.id, t.starts, p.reminders); err != nil {
			return err
		}
	}
	return nil
}

// tellArranged adds to a meeting what is arranged around it.
func (s *Service) tellArranged(ctx context.Context, tx tenant.DBTX, out *meetingv1.Meeting, id uuid.UUID) error {
	r, err := s.remindersOf(ctx, tx, id)
	if err != nil {
		return err
	}
	out.Reminding = &meetingv1.Reminding{Text: r.Text}
	for _, lead := range []int16{r.First, r.Second} {
		if lead > 0 {
			out.Reminding.Before = append(out.Reminding.Before, int32(lead))
		}
	}
	place, err := absent(s.sql.PlaceOf(ctx, tx, id))
	if place != nil {
		out.Place = placeCard(place)
	}
	return err
}

// remindersOf is when people are reminded of a meeting.
func (s *Service) remindersOf(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (reminders, error) {
	r, err := absent(s.sql.GetReminders(ctx, tx, id))
	if err != nil || r == nil {
		return reminders{First: usualLead}, err
	}
	return reminders{r.First, r.Second, r.ByText}, nil
}

// readAround adds to what another body is told what is arranged.
func (s *Service) readAround(ctx context.Context, tx tenant.DBTX, meetings []pointed) error {
	ids := make([]uuid.UUID, len(meetings))
	for i, m := range meetings {
		ids[i] = m.ID
	}
	rows, err := s.sql.ArrangedOf(ctx, tx, ids)
	for _, r := range rows {
		n := slices.Index(ids, r.ID)
		meetings[n].around = around{reminders{r.First, r.Second, r.ByText}, r.Place}
	}
	return err
}
