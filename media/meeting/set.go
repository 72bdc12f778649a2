package meeting

import (
	"context"

	"github.com/google/uuid"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// set does what hosts set for the whole meeting: the watermark, who sends files, and who writes the captions.
func (h *hall) set(ctx context.Context, by string, s *signalv1.Set) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	if err := h.live.MaySet(by, s); err != nil {
		return err
	}
	if s.Watermark != nil {
		on := s.GetWatermark()
		if err := h.keep(ctx, "meeting.watermark", func(o *db.MeetingOption) { o.Watermark = on }, nil); err != nil {
			return err
		}
		h.setMark(on)
	}
	if s.Files != nil {
		who := s.GetFiles()
		if err := h.keep(ctx, "meeting.files", func(o *db.MeetingOption) { o.Files = who }, nil); err != nil {
			return err
		}
		h.live.SetFiles(who)
	}
	if s.GetStenographer() == "" {
		return nil
	}
	person, err := uuid.Parse(s.GetStenographer())
	if err != nil {
		return signal.Refuse(signal.ReasonGone, "set.stenographer")
	}
	err = h.keep(ctx, "meeting.stenographer", func(*db.MeetingOption) {}, func(ctx context.Context, tx tenant.DBTX) error {
		return h.s.sql.SetStenographer(ctx, tx, db.SetStenographerParams{MeetingID: h.key.meeting, PersonID: person, Stenographer: s.GetOn()})
	})
	if err != nil {
		return err
	}
	h.live.SetStenographer(person.String(), s.GetOn())
	return nil
}

// mark takes over whether there is a watermark after the plan was changed.
func (h *hall) mark(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inside.option.Watermark = on
	h.setMark(on)
}
