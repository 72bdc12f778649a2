package meeting

import (
	"context"
	"log/slog"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

// markLength is how many of the last digits of the own phone a watermark shows.
const markLength = 4

// markOf is what whoever acts in the context sees over everything where there is a watermark: the name, and the last digits of the phone.
func (s *Service) markOf(ctx context.Context) (string, error) {
	me, err := identityv1.NewIdentityServiceClient(s.conn("identity")).GetMe(ctx, &identityv1.GetMeRequest{})
	if err != nil {
		return "", err
	}
	return mark(me.GetName(), me.GetPhone()), nil
}

// mark is a name with the end of a number or an id.
func mark(name, number string) string {
	if len(number) < markLength {
		return name
	}
	return name + " " + number[len(number)-markLength:]
}

// markAll gives those who are there their watermark, after it was turned on: with who came before, the digits are not known yet.
func (h *hall) markAll() {
	for id, one := range h.live.Conns() {
		c, ok := one.(*conn) // only connections of ours are there
		if !ok || tenant.SubjectFrom(c.ctx) == nil {
			continue
		}
		ctx, cancel := context.WithTimeout(c.ctx, patience)
		text, err := h.s.markOf(ctx)
		cancel()
		if err != nil {
			slog.Warn("meeting: a watermark shows the name alone", "meeting", h.key.meeting, "error", err)
			continue
		}
		h.live.SetMark(id, text)
	}
}

// setMark turns the watermark on or off for those who are there. The caller holds the lock.
func (h *hall) setMark(on bool) {
	was := h.inside.marked
	h.inside.marked = on
	h.live.SetWatermark(on)
	if on && !was {
		go h.markAll()
	}
}
