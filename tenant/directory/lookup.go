package directory

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/singleflight"

	"gonghui/app/kit/recent"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	"gonghui/tenant/provision"
)

// How many answers are kept, about 400 bytes each.
const (
	keptBodies = 20_000
	keptMisses = 2_000
	keptWithin = 20_000
)

// Lookup answers what every request asks, from memory where it can. An answer that others have changed
// is forgotten when the news of it comes.
type Lookup struct {
	db     *tenant.DB
	bodies *recent.Cache[string, *tenant.Tenant]
	misses *recent.Cache[string, struct{}]
	within *recent.Cache[withinKey, bool]
	flight singleflight.Group
}

type withinKey struct {
	ancestor uuid.UUID
	code     string
}

var (
	lookupsMu sync.Mutex
	lookups   = map[*tenant.DB]*Lookup{}
)

// LookupOf returns the Lookup of a database, the same one for all who ask in this process, so that what one of them
// forgets is forgotten by all.
func LookupOf(db *tenant.DB) *Lookup {
	lookupsMu.Lock()
	defer lookupsMu.Unlock()
	l := lookups[db]
	if l == nil {
		life := db.News.Life
		l = &Lookup{
			db: db, bodies: recent.New[string, *tenant.Tenant](life, keptBodies), misses: recent.New[string, struct{}](life, keptMisses),
			within: recent.New[withinKey, bool](life, keptWithin),
		}
		db.News.On("body", l.heard)
		db.News.On("module", l.heard)
		db.News.On("tree", func(string) { l.misses.Clear(); l.within.Clear() })
		lookups[db] = l
	}
	return l
}

// ByCode returns the body as a tenant, for reading only. A code that no body has is BODY_NOT_FOUND.
func (l *Lookup) ByCode(ctx context.Context, code string) (*tenant.Tenant, error) {
	if t, ok := l.bodies.Get(code); ok {
		return t, nil
	}
	if !isCode(code) {
		return nil, scope.NotFound("code")
	}
	if _, miss := l.misses.Get(code); miss {
		return nil, scope.NotFound("code")
	}
	t, err := shared(ctx, &l.flight, "body "+code, func(ctx context.Context) (*tenant.Tenant, error) { return l.load(ctx, code) })
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, scope.NotFound("code")
	}
	return t, err
}

// Forget makes the next question about a body go to the database: for who has just changed it.
func (l *Lookup) Forget(code string) {
	l.bodies.Forget(code)
	l.misses.Forget(code)
	l.flight.Forget("body " + code)
}

func (l *Lookup) heard(code string) {
	if code == "" {
		l.bodies.Clear()
		return
	}
	l.Forget(code)
}

func (l *Lookup) load(ctx context.Context, code string) (*tenant.Tenant, error) {
	t := &tenant.Tenant{Code: code}
	var on []string
	asked, missed := l.bodies.Ask(), l.misses.Ask()
	err := l.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		return db.QueryRow(ctx, `select b.id, b.name, b.level, b.status = 'active',
				array(select m.module from platform.tenant_module m where m.body_id = b.id and m.state = 'on')
			from platform.body b where b.code = $1`, code).Scan(&t.ID, &t.Name, &t.Level, &t.Active, &on)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		l.misses.Put(code, struct{}{}, missed)
	}
	if err != nil {
		return nil, err
	}
	if !t.Active {
		on = provision.Preset(module.All()) // what it will have once it is used
	}
	t.On = make(map[string]bool, len(on))
	for _, name := range on {
		t.On[name] = true
	}
	l.bodies.Put(code, t, asked)
	return t, nil
}

// Within reports whether the body with the code is the ancestor or lies below it, on any line.
func (l *Lookup) Within(ctx context.Context, ancestor uuid.UUID, code string) (bool, error) {
	k := withinKey{ancestor, code}
	if yes, ok := l.within.Get(k); ok {
		return yes, nil
	}
	if !isCode(code) {
		return false, nil
	}
	return shared(ctx, &l.flight, "within "+ancestor.String()+" "+code, func(ctx context.Context) (bool, error) {
		var yes bool
		asked := l.within.Ask()
		err := l.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			return db.QueryRow(ctx, `select exists (select from platform.body b where b.code = $2 and `+scope.Inside("b.id", "$1")+`)`, ancestor, code).Scan(&yes)
		})
		if err == nil {
			l.within.Put(k, yes, asked)
		}
		return yes, err
	})
}

// shared lets callers with one question at the same time share the answer. A caller who gives up does not take the answer
// from the others.
func shared[V any](ctx context.Context, g *singleflight.Group, key string, f func(context.Context) (V, error)) (V, error) {
	got := g.DoChan(key, func() (any, error) {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return f(own)
	})
	select {
	case r := <-got:
		v, _ := r.Val.(V)
		return v, r.Err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}
