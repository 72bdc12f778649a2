package menu

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"gonghui/app/kit/recent"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu/internal/db"
)

// kept bounds memory: most bodies have nothing of their own and share the items of the product, 300 bytes an entry then.
const kept = 10_000

// Reader answers what menus look like, from memory until the news of a change comes.
type Reader struct {
	db     *tenant.DB
	sql    *db.Queries
	laid   *recent.Cache[key, answer]
	flight singleflight.Group
	base   map[string][]Item
}

type key struct {
	body        uuid.UUID
	place, role string
}

type answer struct {
	items []Item
	line  []uuid.UUID // the body and those above it: a change of any changes the answer
}

var (
	readersMu sync.Mutex
	readers   = map[*tenant.DB]*Reader{}
)

// ReaderOf returns the Reader of a database, the same one for all who ask in this process.
func ReaderOf(d *tenant.DB) *Reader {
	readersMu.Lock()
	defer readersMu.Unlock()
	r := readers[d]
	if r == nil {
		r = &Reader{db: d, sql: db.New(), laid: recent.New[key, answer](d.News.Life, kept), base: map[string][]Item{}}
		for _, place := range []string{Console, Home, Portal} {
			r.base[place] = product(place)
		}
		d.News.On("menu", r.heard)
		d.News.On("tree", func(string) { r.laid.Clear() })
		readers[d] = r
	}
	return r
}

func (r *Reader) heard(body string) {
	id, err := uuid.Parse(body)
	r.laid.ForgetAll(func(a answer) bool { return err != nil || slices.Contains(a.line, id) })
}

// Seen returns what the caller sees of a place on the host: what its role has there and its rights and the body's modules allow.
// The supervision host has no menus.
func (r *Reader) Seen(ctx context.Context, place string) ([]Item, error) {
	t, s := tenant.From(ctx), tenant.SubjectFrom(ctx)
	if t == nil || s == nil {
		return nil, nil
	}
	k := key{t.ID, place, s.Role}
	a, ok := r.laid.Get(k)
	if !ok {
		v, err, _ := r.flight.Do(fmt.Sprint(k), func() (any, error) {
			asked := r.laid.Ask()
			a, err := r.load(context.WithoutCancel(ctx), k)
			if err == nil {
				r.laid.Put(k, a, asked)
			}
			return a, err
		})
		if err != nil {
			return nil, err
		}
		a = v.(answer)
	}
	items := slices.DeleteFunc(slices.Clone(a.items), func(i Item) bool { return i.Module != "" && !t.On[i.Module] })
	return visible(items, func(capability string) bool { return access.Check(ctx, capability) == nil }), nil
}

func (r *Reader) load(ctx context.Context, k key) (answer, error) {
	var rows []db.LayersRow
	err := r.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = r.sql.Layers(ctx, tx, db.LayersParams{Place: k.place, Role: k.role, Body: k.body})
		return err
	})
	if err != nil {
		return answer{}, err
	}
	a := answer{items: r.base[k.place]}
	for _, row := range rows {
		a.line = append(a.line, row.BodyID)
	}
	a.items, err = lay(a.items, rows)
	return a, err
}

// lay applies the settings of the rows, from the top down.
func lay(items []Item, rows []db.LayersRow) ([]Item, error) {
	for _, row := range rows {
		var s settings
		if err := json.Unmarshal(row.Settings, &s); err != nil {
			return nil, fmt.Errorf("menu of %s: %w", row.Code, err)
		}
		if !s.empty() {
			items = apply(items, s, &body{row.BodyID, row.Code, row.Name}, row.Depth > 0)
		}
	}
	return items, nil
}
