package identity

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
)

// params follow the OWASP Password Storage Cheat Sheet for Argon2id: 19 MiB, two passes, one lane.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// patience is how long somebody may have to wait for a password to be looked at. Who would wait longer hears so at once: a
// page that hangs for minutes is reloaded, and the queue grows by it.
const patience = 20 * time.Second

// queue lets few passwords be worked on at a time: memory stays at 19 MiB each, however many people come.
type queue struct {
	slots   chan struct{}
	waiting atomic.Int64 // those who wait and those served
	cost    atomic.Int64 // nanoseconds that one takes, of late
}

var hashing = newQueue(4)

func newQueue(slots int) *queue {
	q := &queue{slots: make(chan struct{}, slots)}
	q.cost.Store(int64(50 * time.Millisecond))
	return q
}

// expected is how long the n-th in the queue waits.
func (q *queue) expected(n int64) time.Duration {
	return time.Duration(max(0, n-int64(cap(q.slots))) * q.cost.Load() / int64(cap(q.slots)))
}

// do runs work when its turn comes. With patience, who would have to wait longer is refused; who goes away is not served.
func (q *queue) do(ctx context.Context, patience time.Duration, work func() error) error {
	n := q.waiting.Add(1)
	defer q.waiting.Add(-1)
	if wait := q.expected(n); patience > 0 && wait > patience {
		return busy(wait)
	}
	select {
	case q.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-q.slots }()
	begin := time.Now()
	err := work()
	q.cost.Store((7*q.cost.Load() + int64(time.Since(begin))) / 8)
	return err
}

func busy(wait time.Duration) error {
	seconds := strconv.Itoa(int(wait/time.Second) + 1)
	refusal := fault.New(http.StatusServiceUnavailable, identityv1.Reason_SIGN_IN_BUSY,
		"登录的人太多，请 "+seconds+" 秒后再试", "too many people sign in at this moment; try again in "+seconds+" seconds")
	refusal.Metadata["retry_after"] = seconds
	return refusal
}

// nobody is the hash that is compared against when there is no such account, so that the answer takes as long.
var nobody = sync.OnceValue(func() string {
	h, err := argon2id.CreateHash("a password that nobody has", params)
	if err != nil {
		panic(err) // no randomness: nothing can be safe
	}
	return h
})

// HashPassword returns the argon2id hash of a password in PHC form.
func HashPassword(password string) (hash string, err error) {
	err = hashing.do(context.Background(), 0, func() (err error) {
		hash, err = argon2id.CreateHash(password, params)
		return err
	})
	return hash, err
}

// hashPassword is HashPassword for somebody who waits for it.
func hashPassword(ctx context.Context, password string) (hash string, err error) {
	err = hashing.do(ctx, patience, func() (err error) {
		hash, err = argon2id.CreateHash(password, params)
		return err
	})
	return hash, err
}

// PasswordMatches reports whether the password is that of the hash. Without a hash it takes as long, and is false. Who goes away
// while others are served is not served; when too many wait, the answer is SIGN_IN_BUSY at once.
func PasswordMatches(ctx context.Context, password, hash string) (ok bool, err error) {
	there := hash != ""
	if !there {
		hash = nobody()
	}
	err = hashing.do(ctx, patience, func() (err error) {
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return ok && there, err
}
