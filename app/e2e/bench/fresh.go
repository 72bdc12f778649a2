package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/directory/division"
)

// crowdOfBodies bounds how many bodies make changes.
const crowdOfBodies = 500

// fresh measures how old a change is when the nation's figure shows it. Changes come at a fixed rate, whether or not the
// ones before have ended (an open loop), as transactions of many bodies with an audit row and an event each.
func fresh(ctx context.Context, w *world) error {
	n := crowdOfBodies
	if w.opt.Small {
		n = w.sizes.bodies
	}
	bodies, err := w.bodies(ctx, n)
	if err != nil {
		return err
	}
	change := func(ctx context.Context, b body) error {
		return w.db.Tx(b.context(ctx), func(ctx context.Context, tx tenant.DBTX) error {
			id := tenant.NewID()
			tenant.Audit(ctx, tx, tenant.Act{Act: "member.create", Kind: "member", Object: id.String(), After: id})
			return tenant.Emit(tx, tenant.Event{Kind: "member.admitted", Subject: id, Data: map[string]int{"members": 1}, Counts: map[string]int64{"member.active": 1}})
		})
	}
	// Connections are made, and backends have met their bodies, before the clock starts.
	if err := inParallel(ctx, workers, 2*len(bodies), func(ctx context.Context, i int) error { return change(ctx, bodies[i%len(bodies)]) }); err != nil {
		return err
	}
	watch, err := newWatch(ctx, w)
	if err != nil {
		return err
	}
	defer watch.close()
	if err := watch.settle(ctx); err != nil {
		return err
	}
	total := w.sizes.rate * w.sizes.seconds
	done, failed, took, err := offer(ctx, w.sizes.rate, total, func(ctx context.Context, i int) error {
		return change(ctx, bodies[rand.IntN(len(bodies))])
	})
	if err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	lags, err := watch.lags(ctx, done)
	if err != nil {
		return err
	}
	w.report(figure("fresh: changes a second", float64(total)/took.Seconds(), "/s").atLeast(0.98 * float64(w.sizes.rate)))
	w.report(figure("fresh: age of a change in the nation's figure, median", millis(percentile(lags, 50)), "ms"))
	w.report(figure("fresh: age of a change in the nation's figure, 99th percentile", millis(percentile(lags, 99)), "ms").atMost(1000))
	return nil
}

// offer starts act total times at a fixed rate and returns when each was done, in order.
func offer(ctx context.Context, rate, total int, act func(ctx context.Context, i int) error) (done []time.Time, failed error, took time.Duration, err error) {
	done = make([]time.Time, total)
	var mu sync.Mutex
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range total {
		at := begin.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if wait := time.Until(at); wait > 0 {
			select {
			case <-ctx.Done():
				return nil, nil, 0, ctx.Err()
			case <-time.After(wait):
			}
		}
		wg.Go(func() {
			err := act(ctx, i)
			done[i] = time.Now()
			if err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.SortFunc(done, time.Time.Compare)
	return done, failed, done[total-1].Sub(begin), nil
}

// watch reads the nation's figure all the time.
type watch struct {
	conn  *pgx.Conn
	stop  context.CancelFunc
	ended chan struct{}
	mu    sync.Mutex
	seen  []sight
	err   error
}

type sight struct {
	at    time.Time
	value int64
}

// often is the pause between two looks; a change is seen up to so much later than it could be.
const often = 5 * time.Millisecond

func newWatch(ctx context.Context, w *world) (*watch, error) {
	conn, err := pgx.Connect(ctx, w.servers.PGDSN)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	s := &watch{conn: conn, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		for ctx.Err() == nil {
			var v int64
			err := conn.QueryRow(ctx, `select coalesce(max(f.subtree), 0) from platform.figure f join platform.body b on b.id = f.body_id
				where b.code = $1 and f.metric = 'member.active'`, division.NationCode).Scan(&v)
			s.mu.Lock()
			if err != nil {
				s.err = err
				s.mu.Unlock()
				return
			}
			if len(s.seen) == 0 || s.seen[len(s.seen)-1].value != v {
				s.seen = append(s.seen, sight{time.Now(), v})
			}
			s.mu.Unlock()
			select {
			case <-ctx.Done():
			case <-time.After(often):
			}
		}
	}()
	return s, nil
}

// settle waits until nothing is under way and forgets what was seen before.
func (s *watch) settle(ctx context.Context) error {
	const calm = 2 * time.Second
	for {
		s.mu.Lock()
		n, err := len(s.seen), s.err
		if n > 0 && time.Since(s.seen[n-1].at) > calm {
			s.seen = s.seen[n-1:]
			s.mu.Unlock()
			return err
		}
		s.mu.Unlock()
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(often):
		}
	}
}

// lags is how long after its commit each change was in the figure. Changes are counted in the order of their commits, as
// the roll-up takes them.
func (s *watch) lags(ctx context.Context, done []time.Time) ([]time.Duration, error) {
	deadline := time.After(30 * time.Second)
	for {
		s.mu.Lock()
		seen, err := slices.Clone(s.seen), s.err
		s.mu.Unlock()
		switch missing := seen[0].value + int64(len(done)) - seen[len(seen)-1].value; {
		case err != nil:
			return nil, err
		case missing == 0:
			lags := make([]time.Duration, len(done))
			k := 0
			for i, at := range done {
				for seen[k].value-seen[0].value <= int64(i) {
					k++
				}
				lags[i] = max(0, seen[k].at.Sub(at))
			}
			return lags, nil
		case missing < 0:
			return nil, fmt.Errorf("%d changes more were counted than made", -missing)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-deadline:
			return nil, fmt.Errorf("%d of %d changes never showed", seen[0].value+int64(len(done))-seen[len(seen)-1].value, len(done))
		case <-time.After(often):
		}
	}
}

func (s *watch) close() {
	s.stop()
	<-s.ended
	_ = s.conn.Close(context.Background())
}
