package meeting

import (
	"context"
	"time"

	"github.com/go-kratos/kratos/v2/errors"

	"gonghui/media/meeting/live"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/directory"
)

// asksAgain is how often it is asked whether those in a meeting still may be in one.
const asksAgain = 500 * time.Millisecond

// watchRights takes out who may take part in meetings no more: a right was taken away or has run out, or the body has the module off.
func (s *Service) watchRights(ctx context.Context) {
	tick := time.NewTicker(asksAgain)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.mu.Lock()
		conns := make([]*conn, 0, len(s.conns))
		for c := range s.conns {
			conns = append(conns, c)
		}
		s.mu.Unlock()
		for _, c := range conns {
			if s.mayNot(c.ctx) {
				c.dismissed.Store(true)
				c.Close(live.Restart) // the page asks anew, and is told
			}
		}
	}
}

// mayNot reports whether who has a session here may not join meetings. While it cannot be known it is as it was.
func (s *Service) mayNot(ctx context.Context) bool {
	if tenant.SubjectFrom(ctx) == nil {
		return false // a guest, or somebody with a pass
	}
	t, err := directory.LookupOf(s.db).ByCode(ctx, tenant.From(ctx).Code)
	if err != nil {
		return false
	}
	err = access.Check(tenant.With(ctx, t), "meeting.join")
	return err != nil && errors.FromError(err).Code < 500
}
