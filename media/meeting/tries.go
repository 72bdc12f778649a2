package meeting

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/redis/go-redis/v9"

	"gonghui/tenant"
)

// Who guesses numbers, keys and passwords is stopped: so many wrong ones in so long, by source for strangers and by identity for people.
const (
	mostTries  = 20
	triesSpace = 10 * time.Minute
)

// trier is who tries.
func trier(ctx context.Context) string {
	if me := tenant.SubjectFrom(ctx); me != nil {
		return "gonghui:meeting:tries:" + me.Identity.String()
	}
	source := tenant.CallFrom(ctx).Source
	// What one subscriber has is one: an address, or the /64 of an IPv6 address.
	if addr, err := netip.ParseAddr(source); err == nil && addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			source = p.String()
		}
	}
	return "gonghui:meeting:tries:" + source
}

// mayTry refuses who was wrong too often.
func (s *Service) mayTry(ctx context.Context) error {
	n, err := s.redis.Get(ctx, trier(ctx)).Int()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err == nil && n >= mostTries {
		err = errTries
	}
	return err
}

// tried counts a guess that was wrong, and passes its error on.
func (s *Service) tried(ctx context.Context, wrong error) error {
	if !errors.Is(wrong, errNoMeeting) && !errors.Is(wrong, errPassword) && !errors.Is(wrong, errSignIn) && !errors.Is(wrong, errPass) {
		return wrong
	}
	return s.guessed(ctx, wrong)
}

// guessed counts a wrong guess, and passes its error on.
func (s *Service) guessed(ctx context.Context, wrong error) error {
	pipe := s.redis.Pipeline()
	pipe.Incr(ctx, trier(ctx))
	pipe.ExpireNX(ctx, trier(ctx), triesSpace)
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	return wrong
}
