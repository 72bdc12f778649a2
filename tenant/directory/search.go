package directory

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	directoryv1 "gonghui/tenant/directory/v1"
)

// patience is how long a search waits for a newer index before it answers from the one at hand.
const patience = 400 * time.Millisecond

// searcher keeps the index of a process.
type searcher struct {
	db      *tenant.DB
	current atomic.Pointer[index]
	flight  singleflight.Group
}

// reload brings the index up to date; with one at hand it does not wait for long.
func (s *searcher) reload(ctx context.Context) (*index, error) {
	wait := ctx
	if s.current.Load() != nil {
		var cancel context.CancelFunc
		wait, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	x, err := shared(wait, &s.flight, "index", func(_ context.Context) (*index, error) {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		var x *index
		err := s.db.Platform(own, func(ctx context.Context, db tenant.DBTX) (err error) {
			x, err = loadIndex(ctx, db)
			return err
		})
		if err == nil {
			s.current.Store(x)
		}
		return x, err
	})
	if old := s.current.Load(); err != nil && ctx.Err() == nil && old != nil {
		return old, nil
	}
	return x, err
}

// read reads the bodies of hits; fresh is false when the index is older than the tables.
func (s *searcher) read(ctx context.Context, x *index, hits []hit, v sight) (bodies []*directoryv1.Body, fresh bool, err error) {
	ids := make([]uuid.UUID, len(hits))
	for i, h := range hits {
		ids[i] = h.id
	}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		var version int64
		if err := db.QueryRow(ctx, "select version from platform.directory_version").Scan(&version); err != nil {
			return err
		}
		fresh = version == x.version
		if len(ids) == 0 {
			bodies = nil
			return nil
		}
		bodies, err = list(ctx, db, v, foundSQL, ids, v.Anchor)
		return err
	})
	return bodies, fresh, err
}

var foundSQL = `select ` + columns + `, (select count(*) from platform.body_parent k where k.parent_id = b.id and k.line = b.primary_line), ` +
	scope.Inside("b.id", "$2") + `
	from unnest($1::uuid[]) with ordinality hit(id, n) join platform.body b on b.id = hit.id order by hit.n`

// SearchBodies finds bodies by any part of the name, of its pinyin or initials, or by the head of the code: exact hits
// first, then those that begin with the query; within these from the top of the hierarchy, short names first.
func (s *Service) SearchBodies(ctx context.Context, req *directoryv1.SearchBodiesRequest) (*directoryv1.ListBodiesReply, error) {
	query, err := text("query", req.Query, false)
	if err != nil {
		return nil, err
	}
	query = strings.ToLower(query)
	var after place
	more, err := page.Parse(req.PageToken, &after)
	if err != nil {
		return nil, err
	}
	v, err := s.sight(ctx, "directory.tree")
	if err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	x := s.search.current.Load()
	reloaded := x == nil
	for {
		if reloaded {
			if x, err = s.search.reload(ctx); err != nil {
				return nil, err
			}
		}
		hits := x.find(query, int(size)+1, after, more, v.sees)
		next := ""
		if len(hits) > int(size) {
			hits = hits[:size]
			next = page.Token(hits[size-1].at)
		}
		bodies, fresh, err := s.search.read(ctx, x, hits, v)
		if err != nil {
			return nil, err
		}
		if fresh || reloaded {
			return &directoryv1.ListBodiesReply{Bodies: bodies, NextPageToken: next}, nil
		}
		reloaded = true
	}
}
