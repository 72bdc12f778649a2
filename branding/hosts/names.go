package hosts

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/singleflight"

	"gonghui/app/kit/recent"
	"gonghui/branding/internal/db"
	"gonghui/tenant"
)

// How many answers are kept, about 200 bytes each.
const (
	keptNames  = 20_000
	keptMisses = 2_000
)

// Found is what a name leads to.
type Found struct {
	Code string
	// Moved is the label that has taken the place of a name that was given up.
	Moved string
	// Token is that by which a domain is proved.
	Token string
}

// Names answers whose host a name is, from memory until the news of a change comes.
type Names struct {
	db     *tenant.DB
	sql    *db.Queries
	found  *recent.Cache[string, Found]
	misses *recent.Cache[string, struct{}]
	flight singleflight.Group
}

var (
	namesMu sync.Mutex
	names   = map[*tenant.DB]*Names{}
)

// NamesOf returns the Names of a database, the same for all who ask in this process.
func NamesOf(d *tenant.DB) *Names {
	namesMu.Lock()
	defer namesMu.Unlock()
	n := names[d]
	if n == nil {
		n = &Names{
			db: d, sql: db.New(), found: recent.New[string, Found](d.News.Life, keptNames), misses: recent.New[string, struct{}](d.News.Life, keptMisses),
		}
		d.News.On("host", n.Forget)
		names[d] = n
	}
	return n
}

// Forget makes the next question about a name go to the database; "" is every name.
func (n *Names) Forget(name string) {
	if name == "" {
		n.found.Clear()
		n.misses.Clear()
		return
	}
	n.found.Forget(name)
	n.misses.Forget(name)
	n.flight.Forget(name)
}

// Find returns what a name leads to, a label before the base or a whole domain; ok is false for one that nobody has.
func (n *Names) Find(ctx context.Context, name string) (found Found, ok bool, err error) {
	if len(name) < 3 || len(name) > 253 {
		return Found{}, false, nil
	}
	if f, ok := n.found.Get(name); ok {
		return f, true, nil
	}
	if _, miss := n.misses.Get(name); miss {
		return Found{}, false, nil
	}
	v, err, _ := n.flight.Do(name, func() (any, error) { return n.load(context.WithoutCancel(ctx), name) })
	if errors.Is(err, pgx.ErrNoRows) {
		return Found{}, false, nil
	}
	if err != nil {
		return Found{}, false, err
	}
	return v.(Found), true, nil
}

func (n *Names) load(ctx context.Context, name string) (Found, error) {
	asked, missed := n.found.Ask(), n.misses.Ask()
	var f Found
	err := n.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := n.sql.Find(ctx, tx, name)
		f = Found{Code: row.Code, Token: row.Token}
		if row.State == "retired" {
			f.Moved = row.Now
		}
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		n.misses.Put(name, struct{}{}, missed)
	}
	if err == nil {
		n.found.Put(name, f, asked)
	}
	return f, err
}
