package meeting

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// signsByCode signs in somebody in the meeting who has no session here, a guest or somebody of another body, by the code on the screen of
// the hall. Who guesses is stopped as at the other door.
func (c *conn) signsByCode(ctx context.Context, code string) (*signalv1.FromServer, error) {
	err := c.s.mayTry(ctx)
	if errors.Is(err, errTries) {
		return nil, signal.Refuse(signal.ReasonRate, "vote.code")
	}
	if err != nil {
		return nil, err
	}
	var id uuid.UUID
	err = c.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := c.s.sql.LockMeeting(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		now := time.Now()
		v, err := c.s.coded(ctx, tx, &m, code, now)
		if err != nil {
			return err
		}
		id = v.ID
		return c.s.signIn(ctx, tx, v, c.person, now)
	})
	if errors.Is(err, errCode) {
		if err := c.s.guessed(ctx, nil); err != nil {
			return nil, err
		}
		return nil, signal.Refuse(signal.ReasonGone, "vote.code")
	}
	if err != nil {
		return nil, err
	}
	c.hall.showSoon(id)
	return c.toldVote(ctx, id)
}
