package tenant

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// pool holds connections by bucket. A tenant always uses the same bucket, so that a backend sees few tenants and its
// catalogue cache stays warm. At most perBucket connections of a bucket are in use at a time and at most limit exist in
// all; at the limit, the longest idle one of another bucket gives way to a new one. Whose bucket has a connection already
// waits for that one rather than take a place that is in use: a new backend costs as much as some forty requests.
type pool struct {
	connect   func(ctx context.Context, bucket int) (*pgx.Conn, error)
	perBucket int
	limit     int
	maxAge    time.Duration

	mu      sync.Mutex
	closed  bool
	total   int
	open    []int // by bucket, idle and in use
	idle    [][]*pooled
	waiting []*waiter
}

type pooled struct {
	*pgx.Conn
	bucket  int
	born    time.Time
	idledAt time.Time
	own     map[ownKey]string
}

type ownKey struct{ code, sql string }

// maxOwn bounds the statements that a connection keeps for single tenants: 20 to 50 KB each on the server. With the
// shared ones they stay below the 512 that pgx keeps, so that none is thrown away and prepared again.
const maxOwn = 256

// ownSQL is sql as a statement of the tenant's own. A statement that tenants share is analysed and planned anew whenever
// the tenant changes, because its tables are others then: that costs three times what a read by key does. Beyond maxOwn
// sql stays shared; the connection ends before long, and the next one begins with those in use then.
func (c *pooled) ownSQL(code, sql string) string {
	k := ownKey{code, sql}
	if own, ok := c.own[k]; ok {
		return own
	}
	if len(c.own) >= maxOwn {
		return sql
	}
	if c.own == nil {
		c.own = map[ownKey]string{}
	}
	own := sql + "\n-- " + code
	c.own[k] = own
	return own
}

type waiter struct {
	bucket int
	got    chan *pooled // nil means: try again
}

// spare is how long a connection has been idle before a bucket that has another one may take its place.
const spare = 10 * time.Second

var errPoolClosed = errors.New("tenant: pool is closed")

func newPool(buckets, perBucket, limit int, maxAge time.Duration, connect func(context.Context, int) (*pgx.Conn, error)) *pool {
	return &pool{
		connect: connect, perBucket: perBucket, limit: limit, maxAge: maxAge,
		open: make([]int, buckets), idle: make([][]*pooled, buckets),
	}
}

func (p *pool) acquire(ctx context.Context, bucket int) (*pooled, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, errPoolClosed
		}
		if n := len(p.idle[bucket]); n > 0 {
			c := p.idle[bucket][n-1]
			p.idle[bucket] = p.idle[bucket][:n-1]
			p.mu.Unlock()
			if c.IsClosed() {
				p.drop(c)
				continue
			}
			return c, nil
		}
		if from, ok := p.room(bucket); ok {
			if from >= 0 {
				p.evict(from)
			}
			p.open[bucket]++
			p.total++
			p.mu.Unlock()
			conn, err := p.connect(ctx, bucket)
			if err != nil {
				p.drop(&pooled{bucket: bucket})
				return nil, err
			}
			return &pooled{Conn: conn, bucket: bucket, born: time.Now()}, nil
		}
		w := &waiter{bucket: bucket, got: make(chan *pooled, 1)}
		p.waiting = append(p.waiting, w)
		p.mu.Unlock()
		select {
		case c := <-w.got:
			if c != nil {
				return c, nil
			}
		case <-ctx.Done():
			p.leave(w)
			return nil, ctx.Err()
		}
	}
}

// room reports whether a bucket may have one connection more, and whose longest idle one must make place for it, -1 for
// nobody's. The caller holds the lock.
func (p *pool) room(bucket int) (from int, ok bool) {
	if p.open[bucket] >= p.perBucket {
		return -1, false
	}
	if p.total < p.limit {
		return -1, true
	}
	oldest := -1
	for b, idle := range p.idle {
		if len(idle) > 0 && (oldest < 0 || idle[0].idledAt.Before(p.idle[oldest][0].idledAt)) {
			oldest = b
		}
	}
	if oldest < 0 || p.open[bucket] > 0 && time.Since(p.idle[oldest][0].idledAt) < spare {
		return -1, false
	}
	return oldest, true
}

// evict closes the longest idle connection of a bucket. The caller holds the lock.
func (p *pool) evict(bucket int) {
	c := p.idle[bucket][0]
	p.idle[bucket] = p.idle[bucket][1:]
	p.open[bucket]--
	p.total--
	go closeConn(c.Conn)
}

// release gives a connection back. One that is broken, old, or still inside a transaction is closed.
func (p *pool) release(c *pooled) {
	if c.IsClosed() || c.PgConn().TxStatus() != 'I' || time.Since(c.born) > p.maxAge {
		if !c.IsClosed() {
			go closeConn(c.Conn)
		}
		p.drop(c)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go closeConn(c.Conn)
		return
	}
	for i, w := range p.waiting {
		if w.bucket == c.bucket {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			w.got <- c
			return
		}
	}
	c.idledAt = time.Now()
	p.idle[c.bucket] = append(p.idle[c.bucket], c)
	p.wake()
}

// drop forgets a connection that is no more.
func (p *pool) drop(c *pooled) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c.bucket]--
	p.total--
	p.wake()
}

// wake lets every waiter that could go on try again: a connection of its bucket is idle, or there is room for another.
func (p *pool) wake() {
	rest := p.waiting[:0]
	for _, w := range p.waiting {
		if _, room := p.room(w.bucket); room || len(p.idle[w.bucket]) > 0 {
			w.got <- nil
			continue
		}
		rest = append(rest, w)
	}
	clear(p.waiting[len(rest):])
	p.waiting = rest
}

// leave takes a waiter that gave up out of the queue, and passes on what it may have been handed meanwhile.
func (p *pool) leave(w *waiter) {
	p.mu.Lock()
	for i, o := range p.waiting {
		if o == w {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			break
		}
	}
	p.mu.Unlock()
	select {
	case c := <-w.got:
		if c != nil {
			p.release(c)
			return
		}
		p.mu.Lock()
		p.wake()
		p.mu.Unlock()
	default:
	}
}

// close closes idle connections; those in use are closed when they come back.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, idle := range p.idle {
		for _, c := range idle {
			closeConn(c.Conn)
		}
	}
	clear(p.idle)
	for _, w := range p.waiting {
		w.got <- nil
	}
	p.waiting = nil
}

// counts returns how many connections exist and how many of them are idle.
func (p *pool) counts() (total, idle int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range p.idle {
		idle += len(i)
	}
	return p.total, idle
}

func closeConn(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	_ = c.Close(ctx)
}
