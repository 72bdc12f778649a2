package identity

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gonghui/app/kit/fault"

	identityv1 "gonghui/app/identity/v1"
)

// guard slows down guessing. Failures are counted by phone, whether or not there is such an account, and by source; the
// counters live in Redis, so all serving processes share them.
type guard struct{ redis redis.UniversalClient }

const (
	failuresFree     = 3  // then each try costs the solution of a puzzle
	failuresOfPhone  = 5  // then the phone waits: 1, 2, 4 … 30 minutes
	failuresOfSource = 50 // in ten minutes; many people may sit behind one address
	sourceWindow     = 10 * time.Minute
	phoneWindow      = 30 * time.Minute
)

func phoneKey(digest string) string  { return "gonghui:signin:phone:" + digest }
func sourceKey(source string) string { return "gonghui:signin:source:" + network(source) }

// network is what one subscriber gets: an address, or the /64 of an IPv6 address.
func network(source string) string {
	addr, err := netip.ParseAddr(source)
	if err != nil || !addr.Is6() {
		return source
	}
	if p, err := addr.Prefix(64); err == nil {
		return p.String()
	}
	return source
}

// admit refuses a phone or a source with too many failures.
func (g guard) admit(ctx context.Context, digest, source string) error {
	wait, err := g.redis.PTTL(ctx, phoneKey(digest)+":wait").Result()
	if err != nil {
		return err
	}
	n, err := g.redis.Get(ctx, sourceKey(source)).Int()
	if err != nil && err != redis.Nil {
		return err
	}
	if n >= failuresOfSource {
		left, err := g.redis.PTTL(ctx, sourceKey(source)).Result()
		if err != nil {
			return err
		}
		wait = max(wait, left)
	}
	if wait <= 0 {
		return nil
	}
	seconds := int(wait.Seconds()) + 1
	refusal := fault.New(http.StatusTooManyRequests, identityv1.Reason_SIGN_IN_LOCKED,
		"尝试次数过多，请 "+strconv.Itoa(seconds)+" 秒后再试",
		"too many attempts; try again in "+strconv.Itoa(seconds)+" seconds")
	refusal.Metadata["retry_after"] = strconv.Itoa(seconds)
	return refusal
}

// unhurried asks for the solution of a puzzle after some failures: of the phone, or of the source. The name is one that
// failures are counted by.
func (s *Service) unhurried(ctx context.Context, name, source, solution string) error {
	n, err := s.guard.failures(ctx, name, source)
	if err != nil || n < failuresFree {
		return err
	}
	if solution != "" {
		ok, err := s.puzzle.Solved(ctx, solution, time.Now())
		if err != nil || ok {
			return err
		}
	}
	return s.puzzle.Required(n, time.Now())
}

// failures are those of the name or of the source, whichever has more.
func (g guard) failures(ctx context.Context, name, source string) (int, error) {
	most := 0
	for _, key := range []string{phoneKey(name), sourceKey(source)} {
		n, err := g.redis.Get(ctx, key).Int()
		if err != nil && err != redis.Nil {
			return 0, err
		}
		most = max(most, n)
	}
	return most, nil
}

// fail counts a failure.
func (g guard) fail(ctx context.Context, digest, source string) error {
	pipe := g.redis.Pipeline()
	phone := pipe.Incr(ctx, phoneKey(digest))
	pipe.Expire(ctx, phoneKey(digest), phoneWindow)
	pipe.Incr(ctx, sourceKey(source))
	pipe.ExpireNX(ctx, sourceKey(source), sourceWindow)
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	if over := phone.Val() - failuresOfPhone; over >= 0 {
		wait := min(time.Minute<<min(over, 5), 30*time.Minute)
		return g.redis.Set(ctx, phoneKey(digest)+":wait", 1, wait).Err()
	}
	return nil
}

// pass forgets the failures of a phone after a success.
func (g guard) pass(ctx context.Context, digest string) error {
	return g.redis.Del(ctx, phoneKey(digest), phoneKey(digest)+":wait").Err()
}
