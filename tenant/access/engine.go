package access

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
)

// Engine keeps the rights of the subjects who act in this process. A check reads them without a lock; what has changed is
// forgotten when the news of it comes, and loaded again when the subject next asks for something.
type Engine struct {
	db    *tenant.DB
	now   func() time.Time
	trees atomic.Pointer[tree]
	dirty atomic.Bool   // the tree has changed since it was read
	again atomic.Int64  // before when the tree is not read again for news, in nanoseconds since 1970
	news  atomic.Uint64 // counts what was heard
	// Those who keep the tree right, and what wakes them.
	keepers atomic.Int32
	wake    chan struct{}
	// What holds where no news is heard.
	counted   atomic.Pointer[counted]
	heardOnce atomic.Bool
	shards    [shards]shard
	flight    singleflight.Group
}

// tree is the index of all bodies, as of a version.
type tree struct {
	*policy.Index
	version int64
	digest  uint64 // of what the index is made of
}

const (
	shards = 1024
	// perShard bounds memory: at most twice as many subjects in a shard, about four kilobytes each.
	perShard = 16
	// patience is how long loading may take.
	patience = 20 * time.Second
)

// shard is a small map that is read without a lock and copied to change.
type shard struct {
	young, old atomic.Pointer[map[uuid.UUID]*kept]
	mu         sync.Mutex
}

// kept is what is known of one subject.
type kept struct {
	policy  *policy.Policy
	who     source.Who
	depends []uuid.UUID
	version int64
	stale   atomic.Bool
	rights  atomic.Pointer[rights]
}

// rights are worked out over one tree.
type rights struct {
	*policy.Rights
	tree *policy.Index
}

var (
	enginesMu sync.Mutex
	engines   = map[*tenant.DB]*Engine{}
)

// EngineOf returns the engine of a database, the same one for all who ask in this process.
func EngineOf(db *tenant.DB) *Engine {
	enginesMu.Lock()
	defer enginesMu.Unlock()
	e := engines[db]
	if e == nil {
		e = &Engine{db: db, now: time.Now, wake: make(chan struct{}, 1)}
		db.News.On("access", e.heard)
		db.News.On("identity", e.heard)
		for _, topic := range []string{"tree", "separation"} {
			db.News.On(topic, func(string) { e.moved() })
		}
		engines[db] = e
	}
	return e
}

type engineKey struct{}

// With returns a context in which rights are those of the engine. Without one, only what comes with a place in a body is held:
// that is for tests of a part of the product.
func With(ctx context.Context, e *Engine) context.Context {
	return context.WithValue(ctx, engineKey{}, e)
}

// heard forgets the subjects that a change is about, all of them with an empty key.
func (e *Engine) heard(key string) {
	e.news.Add(1)
	id, err := uuid.Parse(key)
	for i := range e.shards {
		for _, half := range []*atomic.Pointer[map[uuid.UUID]*kept]{&e.shards[i].young, &e.shards[i].old} {
			m := half.Load()
			if m == nil {
				continue
			}
			for _, k := range *m {
				if err != nil || k.dependsOn(id) {
					k.stale.Store(true)
				}
			}
		}
	}
}

func (k *kept) dependsOn(id uuid.UUID) bool {
	for _, d := range k.depends {
		if d == id {
			return true
		}
	}
	return false
}

// moved has the tree read again: behind the scenes where [Engine.Run] is at work, else by who asks next.
func (e *Engine) moved() {
	e.dirty.Store(true)
	select {
	case e.wake <- struct{}{}:
	default: // it is awake
	}
}

// Run keeps the index of all bodies right until ctx ends, so that nobody waits for it.
func (e *Engine) Run(ctx context.Context) {
	e.keepers.Add(1)
	defer e.keepers.Add(-1)
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		}
		// Where bodies are founded one after the other, reading them all again takes a fifth of a processor at most.
		wait := time.Until(time.Unix(0, e.again.Load()))
		for pause := 100 * time.Millisecond; e.dirty.Load(); pause = min(2*pause, 5*time.Second) {
			if !rest(ctx, wait) {
				return // what is dirty stays so: who asks reads it
			}
			if _, err := e.readTree(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "access: bodies", "error", err)
			}
			wait = pause
		}
	}
}

// rest waits, and reports whether ctx is still alive.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// outdated reports whether the index has to be read again by who asks: it has changed, and nobody is at it.
func (e *Engine) outdated() bool { return e.dirty.Load() && e.keepers.Load() == 0 }

// readTree reads all bodies; those who ask at the same time share the answer.
func (e *Engine) readTree(ctx context.Context) (*tree, error) {
	got := e.flight.DoChan("tree", func() (any, error) {
		for {
			e.dirty.Store(false)
			begin := time.Now()
			var t *tree
			old := e.trees.Load()
			err := e.apart(ctx, func(ctx context.Context, db tenant.DBTX) error {
				from := &source.Adapter{DB: db}
				version, err := from.Version(ctx)
				if err != nil {
					return err
				}
				if old != nil && old.version == version { // the news came after what it tells of was read
					t = old
					return nil
				}
				bodies, err := from.Bodies(ctx)
				if err != nil {
					return err
				}
				t = &tree{version: version, digest: digest(bodies)}
				// A body that was renamed stands where it stood: rights that are worked out over the index stay right.
				if old != nil && old.digest == t.digest {
					t.Index = old.Index
				} else {
					t.Index = policy.NewIndex(bodies)
				}
				return nil
			})
			if err != nil {
				e.dirty.Store(true)
				return nil, err
			}
			e.trees.Store(t)
			e.again.Store(time.Now().Add(min(4*time.Since(begin), 2*time.Second)).UnixNano())
			if !e.dirty.Load() {
				return t, nil
			}
		}
	})
	select {
	case r := <-got:
		t, _ := r.Val.(*tree)
		return t, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// digest is that of what an index is made of, the same for the same bodies in one process.
func digest(bodies []policy.Body) uint64 {
	var h maphash.Hash
	h.SetSeed(digestSeed)
	for i := range bodies {
		maphash.WriteComparable(&h, bodies[i])
	}
	return h.Sum64()
}

var digestSeed = maphash.MakeSeed()

// Below reports whether a body lies below another one on its primary line.
func (e *Engine) Below(ctx context.Context, above, body uuid.UUID) (bool, error) {
	t := e.trees.Load()
	if t == nil {
		var err error
		if t, err = e.readTree(ctx); err != nil {
			return false, err
		}
	}
	top, known := t.Position(above)
	at, there := t.Position(body)
	return known && there && t.Index.Below(policy.Primary, top, at, 0), nil
}

// Refresh has the engine know all bodies as they are now: for who has just changed them, and is asked about it next.
func (e *Engine) Refresh(ctx context.Context) {
	e.dirty.Store(true)
	if _, err := e.readTree(ctx); err != nil {
		slog.ErrorContext(ctx, "access: bodies", "error", err)
	}
}

// counted is how often bodies and rights had changed, when it was asked last.
type counted struct {
	version int64
	at      time.Time
}

// version is how often bodies and rights have changed. It is asked for only while no news is heard: then at every question, or,
// where news was heard before, every few seconds.
func (e *Engine) version(ctx context.Context) (int64, error) {
	last := e.counted.Load()
	if last != nil && (tenant.InDoor(ctx) || e.heardOnce.Load() && e.now().Sub(last.at) < tenant.Unheard) {
		return last.version, nil
	}
	c := &counted{at: e.now()}
	err := e.apart(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		c.version, err = (&source.Adapter{DB: db}).Version(ctx)
		return err
	})
	if err == nil {
		e.counted.Store(c)
	}
	return c.version, err
}

// apart runs f in a transaction of its own, also for who is inside a door.
func (e *Engine) apart(_ context.Context, f func(context.Context, tenant.DBTX) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return e.db.Platform(ctx, f)
}

func (e *Engine) hearing() bool {
	if e.db.News.Life() != tenant.Heard {
		return false
	}
	if !e.heardOnce.Load() {
		e.heardOnce.Store(true)
	}
	return true
}

func (e *Engine) shard(id uuid.UUID) *shard {
	return &e.shards[(uint(id[15])|uint(id[14])<<8)%shards]
}

// lookup returns what is known of a subject, fresh or not.
func (e *Engine) lookup(id uuid.UUID) *kept {
	s := e.shard(id)
	if m := s.young.Load(); m != nil {
		if k := (*m)[id]; k != nil {
			return k
		}
	}
	if m := s.old.Load(); m != nil {
		return (*m)[id]
	}
	return nil
}

func (s *shard) put(id uuid.UUID, k *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	young := map[uuid.UUID]*kept{id: k}
	if m := s.young.Load(); m != nil {
		if len(*m) >= perShard {
			s.old.Store(m)
		} else {
			for other, o := range *m {
				if other != id {
					young[other] = o
				}
			}
		}
	}
	s.young.Store(&young)
}

// key is by what a subject is kept: its identity, or its app when that acts by itself. A helper is somebody else in the body that
// is helped than at home, and may be both at once.
func key(s *tenant.Subject) uuid.UUID {
	k := s.Actor()
	if s.Assist != nil {
		for i := range k {
			k[i] ^= s.Assist.Grant[i]
		}
	}
	return k
}

func whoOf(s *tenant.Subject) source.Who {
	return source.Who{Identity: s.Identity, Account: s.Account, Body: s.Body, Role: s.Role, Ref: s.Ref, App: s.App}
}

// of returns the rights of a subject.
func (e *Engine) of(ctx context.Context, s *tenant.Subject) (*rights, error) {
	k := e.lookup(key(s))
	if k != nil && !k.stale.Load() && k.who.Body == s.Body && k.who.Role == s.Role {
		r := k.rights.Load()
		if t := e.trees.Load(); e.hearing() && r != nil && t != nil && r.tree == t.Index && !e.outdated() && (r.Until == policy.Never || e.now().UnixMicro() < r.Until) {
			return r, nil
		}
	}
	return e.slow(ctx, k, whoOf(s), key(s))
}

// slow is of when something may have changed.
func (e *Engine) slow(ctx context.Context, k *kept, w source.Who, key uuid.UUID) (_ *rights, err error) {
	hearing, version := e.hearing(), int64(0)
	if !hearing {
		if version, err = e.version(ctx); err != nil {
			return nil, err
		}
	}
	t := e.trees.Load()
	if t == nil || !hearing && t.version != version || e.outdated() {
		if t, err = e.readTree(ctx); err != nil {
			return nil, err
		}
	}
	if k == nil || k.stale.Load() || k.who != w || !hearing && k.version != version {
		if k, err = e.load(ctx, w, key); err != nil {
			return nil, err
		}
	}
	now := e.now().UnixMicro()
	r := k.rights.Load()
	if r == nil || r.tree != t.Index || now >= r.Until {
		r = &rights{policy.Compile(t.Index, k.policy, policy.Use, w.Body, now), t.Index}
		k.rights.Store(r)
	}
	return r, nil
}

// load reads what is stored of a subject; those who ask for the same one at the same time share the answer.
func (e *Engine) load(ctx context.Context, w source.Who, key uuid.UUID) (*kept, error) {
	got := e.flight.DoChan(w.Name()+" "+w.Role+" "+w.Body.String()+" "+w.Ref.String(), func() (any, error) {
		news := e.news.Load()
		k := &kept{who: w}
		err := e.apart(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
			if k.version, err = (&source.Adapter{DB: db}).Version(ctx); err != nil {
				return err
			}
			k.policy, k.depends, err = load(ctx, db, w)
			return err
		})
		if err != nil {
			return nil, err
		}
		e.shard(key).put(key, k)
		if e.news.Load() != news {
			k.stale.Store(true) // the change may be about this one: good for who asked, not for later
		}
		return k, nil
	})
	select {
	case r := <-got:
		k, _ := r.Val.(*kept)
		return k, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// load reads a subject's policy in a transaction.
func load(ctx context.Context, db tenant.DBTX, w source.Who) (*policy.Policy, []uuid.UUID, error) {
	d := product()
	rows, depends, err := (&source.Adapter{DB: db, Entries: d.entries, Duties: d.duties}).Load(ctx, w)
	if err != nil {
		return nil, nil, err
	}
	p, err := source.Compiled(rows.Model(), d.Capabilities, w.Name())
	return p, depends, err
}

// Rows returns the stored policy of a subject as casbin has it.
func Rows(ctx context.Context, db tenant.DBTX, s *tenant.Subject) (*source.Rows, []uuid.UUID, error) {
	d := product()
	return (&source.Adapter{DB: db, Entries: d.entries, Duties: d.duties}).Load(ctx, whoOf(s))
}

// loadAll reads a subject's policy with what has run out.
func loadAll(ctx context.Context, db tenant.DBTX, w source.Who) (*policy.Policy, error) {
	d := product()
	rows, _, err := (&source.Adapter{DB: db, Entries: d.entries, Duties: d.duties, Past: true}).Load(ctx, w)
	if err != nil {
		return nil, err
	}
	return source.Compiled(rows.Model(), d.Capabilities, w.Name())
}

// placeOnly are the rights that come with a subject's place alone.
func placeOnly(s *tenant.Subject) *rights {
	d := product()
	p := policy.NewPolicy(d.Capabilities)
	place, ok := source.Places[s.Role]
	if !ok {
		return &rights{policy.Compile(policy.NewIndex(nil), p, policy.Use, s.Body, 0), nil}
	}
	scope, _ := policy.ParseScope(place.Scopes[0]) // no further than the own body: there is no tree
	span := &policy.Span{Scope: scope, Anchor: s.Body, Mode: policy.Use, From: policy.Always, To: policy.Never, Duty: place.Duty}
	for _, entry := range d.entries[s.Role] {
		p.Say(d.ID(entry.Capability), policy.Term{Span: span, Level: place.Level})
	}
	return &rights{policy.Compile(policy.NewIndex(nil), p, policy.Use, s.Body, 0), nil}
}
