package meeting

import (
	"context"

	"github.com/google/uuid"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// direct does what is asked for with the venues of the meeting.
func (h *hall) direct(ctx context.Context, by string, d *signalv1.Venue) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	before := h.live.Venues()
	v, err := h.live.Direct(by, d)
	if err != nil {
		return err
	}
	act := "meeting.venue"
	if d.GetDo() == "call" {
		act = "meeting.venue_call"
	}
	err = h.keep(ctx, act, func(o *db.MeetingOption) {
		o.Venue, o.MainID, o.CalledID = v.On, idOf(v.Main), idOf(v.Called)
	}, func(ctx context.Context, tx tenant.DBTX) error { return h.orderVenues(ctx, tx, before, v) })
	if err != nil {
		return err
	}
	h.live.SetVenues(v)
	return nil
}

func idOf(person string) *uuid.UUID {
	id, err := uuid.Parse(person)
	if err != nil {
		return nil
	}
	return &id
}

// orderVenues writes who is the how-manieth venue, where that has changed.
func (h *hall) orderVenues(ctx context.Context, tx tenant.DBTX, before, after live.Venues) error {
	was := map[string]int{}
	for i, id := range before.Subs {
		was[id] = i + 1
	}
	set := func(id string, n int) error {
		person, err := uuid.Parse(id)
		if err != nil {
			return err
		}
		return h.s.sql.SetVenue(ctx, tx, db.SetVenueParams{MeetingID: h.key.meeting, PersonID: person, Venue: int16(n)})
	}
	for i, id := range after.Subs {
		if was[id] != i+1 {
			if err := set(id, i+1); err != nil {
				return err
			}
		}
		delete(was, id)
	}
	for id := range was {
		if err := set(id, 0); err != nil {
			return err
		}
	}
	return nil
}
