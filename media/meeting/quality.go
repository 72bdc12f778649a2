package meeting

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/quality"
	meetingv1 "gonghui/media/meeting/v1"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// keptEvery is after how many reports of somebody what is known by then is written: a process that dies loses no more.
const keptEvery = 30

// qualities are how it is for each who is in a meeting, since their stay began.
type qualities struct {
	mu sync.Mutex
	of map[uuid.UUID]*quality.Sum
	n  map[uuid.UUID]int
}

// add takes a report; due is true when it is time to write.
func (q *qualities) add(person uuid.UUID, r *signalv1.Report, came quality.Came, now time.Time) (due bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.of == nil {
		q.of, q.n = map[uuid.UUID]*quality.Sum{}, map[uuid.UUID]int{}
	}
	s := q.of[person]
	if s == nil {
		s = &quality.Sum{}
		q.of[person] = s
	}
	if !s.Add(r, came, now) {
		return false
	}
	q.n[person]++
	return q.n[person]%keptEvery == 0
}

// forget begins anew for those whose stay is another.
func (q *qualities) forget(people ...uuid.UUID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, p := range people {
		delete(q.of, p)
		delete(q.n, p)
	}
}

// summaries are those of some, or of all.
func (q *qualities) summaries(people []uuid.UUID) map[uuid.UUID]quality.Summary {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := map[uuid.UUID]quality.Summary{}
	take := func(p uuid.UUID, s *quality.Sum) {
		if s == nil {
			return
		}
		if sum, any := s.Summary(); any {
			out[p] = sum
		}
	}
	if len(people) == 0 {
		for p, s := range q.of {
			take(p, s)
		}
	}
	for _, p := range people {
		take(p, q.of[p])
	}
	return out
}

// report takes what the page tells of its connection, and adds what has come from it.
func (c *conn) report(ctx context.Context, r *signalv1.Report) error {
	var came quality.Came
	if seat := c.session.Seat(); seat != nil {
		came = quality.Came(seat.Came())
	}
	if !c.hall.quality.add(c.person, r, came, time.Now()) {
		return nil
	}
	return c.hall.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return c.hall.keepQuality(ctx, tx, c.person) })
}

// keepQuality writes with the stays of some, or of all, how it was for them.
func (h *hall) keepQuality(ctx context.Context, tx tenant.DBTX, people ...uuid.UUID) error {
	all := h.quality.summaries(people)
	if len(all) == 0 {
		return nil
	}
	arg := db.KeepQualityParams{MeetingID: h.key.meeting}
	for person, q := range all {
		arg.People = append(arg.People, person)
		arg.Samples = append(arg.Samples, q.Samples)
		arg.LossUp, arg.LossUpMost = append(arg.LossUp, q.LossUp), append(arg.LossUpMost, q.LossUpMost)
		arg.LossDown, arg.LossDownMost = append(arg.LossDown, q.LossDown), append(arg.LossDownMost, q.LossDownMost)
		arg.Rtt, arg.RttMost = append(arg.Rtt, q.Rtt), append(arg.RttMost, q.RttMost)
		arg.Jitter = append(arg.Jitter, q.Jitter)
		arg.Concealed, arg.Freezes = append(arg.Concealed, q.Concealed), append(arg.Freezes, q.Freezes)
		arg.KbitUp, arg.KbitDown = append(arg.KbitUp, q.KbitUp), append(arg.KbitDown, q.KbitDown)
		arg.HeightUp, arg.HeightDown = append(arg.HeightUp, q.HeightUp), append(arg.HeightDown, q.HeightDown)
		arg.ServerLoss, arg.ServerJitter = append(arg.ServerLoss, q.ServerLoss), append(arg.ServerJitter, q.ServerJitter)
		arg.Browser, arg.System = append(arg.Browser, q.Browser), append(arg.System, q.System)
	}
	return h.s.sql.KeepQuality(ctx, tx, arg)
}

// qualityOf is how it was during some stays.
func (s *Service) qualityOf(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID, stays []uuid.UUID) (map[uuid.UUID]*meetingv1.Quality, error) {
	rows, err := s.sql.ListQuality(ctx, tx, db.ListQualityParams{MeetingID: meeting, Stays: stays})
	out := map[uuid.UUID]*meetingv1.Quality{}
	for _, q := range rows {
		out[q.ID] = &meetingv1.Quality{
			Samples: whole(q.Samples), LossUp: whole(q.LossUp), LossUpMost: whole(q.LossUpMost), LossDown: whole(q.LossDown),
			LossDownMost: whole(q.LossDownMost), Rtt: whole(q.Rtt), RttMost: whole(q.RttMost), Jitter: whole(q.Jitter),
			Concealed: whole(q.Concealed), Freezes: whole(q.Freezes), KbitUp: whole(q.KbitUp), KbitDown: whole(q.KbitDown),
			HeightUp: whole(q.HeightUp), HeightDown: whole(q.HeightDown), ServerLoss: whole(q.ServerLoss), ServerJitter: whole(q.ServerJitter),
			Browser: text(q.Browser), System: text(q.System),
		}
	}
	return out, err
}

// whole is a number of a row, 0 when there is none.
func whole[N int16 | int32](n *N) int32 {
	if n == nil {
		return 0
	}
	return int32(*n)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// lastQuality writes how it was for all who are there when the meeting ends; that is no reason for it to go on.
func (h *hall) lastQuality() {
	ctx, cancel := context.WithTimeout(h.base, patience)
	defer cancel()
	err := h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return h.keepQuality(ctx, tx) })
	if err != nil {
		slog.Error("meeting: how sound and pictures were was not written", "meeting", h.key.meeting, "error", err)
	}
}
