package meeting

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// caption shows a line of the captions while it grows; a finished one is kept first, and one of the last may be mended.
func (c *conn) caption(ctx context.Context, w *signalv1.Write) (*signalv1.FromServer, error) {
	text, err := field.Line("write.text", w.GetText())
	if err != nil {
		return nil, signal.Refuse(signal.ReasonMessage, "write.text")
	}
	h := c.hall
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return nil, signal.Refuse(signal.ReasonClosed, "")
	}
	if err := h.live.MayWrite(c.person.String(), w); err != nil {
		return nil, err
	}
	line := &signalv1.Caption{Id: w.GetId(), Participant: c.person.String(), Text: text, At: time.Now().UnixMilli()}
	if !w.GetFinal() {
		if w.GetId() != "" {
			return nil, signal.Refuse(signal.ReasonMessage, "write.id")
		}
		line.Text = strings.TrimSpace(w.GetText())
		h.live.Wrote(line)
		return signal.Done(), nil
	}
	if text == "" {
		return nil, signal.Refuse(signal.ReasonMessage, "write.text")
	}
	if err := c.keepCaption(ctx, line); err != nil {
		return nil, err
	}
	h.live.Wrote(line)
	if w.GetId() == "" {
		h.live.Wrote(&signalv1.Caption{Participant: line.GetParticipant()}) // nothing is being written
	}
	return signal.Done(), nil
}

// keepCaption writes a line, or what it is mended to; a new one is given its id.
func (c *conn) keepCaption(ctx context.Context, line *signalv1.Caption) error {
	if line.GetId() != "" {
		id, err := uuid.Parse(line.GetId())
		if err != nil {
			return signal.Refuse(signal.ReasonGone, "write.id")
		}
		return c.hall.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			n, err := c.s.sql.MendCaption(ctx, tx, db.MendCaptionParams{MeetingID: c.meeting, ID: id, Text: line.GetText()})
			if err == nil && n == 0 {
				err = signal.Refuse(signal.ReasonGone, "write.id")
			}
			return err
		})
	}
	id := tenant.NewID()
	row := db.InsertCaptionParams{MeetingID: c.meeting, ID: id, PersonID: c.person, At: time.UnixMilli(line.GetAt()), Text: line.GetText()}
	err := c.hall.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return c.s.sql.InsertCaption(ctx, tx, row) })
	line.Id = id.String()
	return err
}
