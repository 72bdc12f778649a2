package audit

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
	"gonghui/tenant/rounds"
)

// batch bounds a round: what one transaction seals.
const batch = 5000

// Sealer ties the rows that wait to the chains of their trails and signs how far each has come. Any number of sealers may
// run: one works, the others look on. A trail in which nothing happens costs nothing.
type Sealer struct {
	db   *tenant.DB
	seen map[string]int64 // how far this process has seen each trail come
}

// NewSealer makes a sealer.
func NewSealer(db *tenant.DB) *Sealer { return &Sealer{db: db, seen: map[string]int64{}} }

// Run seals until ctx ends. A row is sealed well within a second.
func (s *Sealer) Run(ctx context.Context) error {
	return rounds.Run(ctx, "audit: sealing", batch, s.Round)
}

// waiting is a row that is not sealed yet.
type waiting struct {
	Trail  string
	Row    uuid.UUID
	Digest []byte
	Twice  bool // it was sealed before
}

// takeSQL takes rows in the order in which they were written, as far as they are committed. What commits later is taken later:
// the order of a chain is that of sealing.
const takeSQL = `with head as (
	select id from cell.audit_pending order by id limit $1
), taken as (
	delete from cell.audit_pending p using head where p.id = head.id returning p.id, p.trail, p.row_id, p.digest
)
select t.trail, t.row_id, t.digest, exists (select from cell.audit_seal s where s.trail = t.trail and s.row_id = t.row_id)
from taken t order by t.id`

// endsOfSQL is where each trail goes on: after its last head or its last seal, whichever is further. They agree unless somebody has been
// at the tables; sealing goes on then too, and a verification finds the gap.
const endsOfSQL = `select distinct on (t.trail) t.trail, e.seq, e.hash from unnest($1::text[]) t (trail), lateral (
		(select count as seq, hash from platform.audit_head where trail = t.trail order by count desc limit 1)
		union all
		(select seq, hash from cell.audit_seal where trail = t.trail order by seq desc limit 1)
	) e order by t.trail, e.seq desc`

// Round seals one batch and returns how many rows it took up; 0 also when another sealer is at work.
func (s *Sealer) Round(ctx context.Context) (n int, err error) {
	reached := map[string]*link{}
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n = 0
		clear(reached)
		var got bool
		if err := tx.QueryRow(ctx, "select pg_try_advisory_xact_lock(hashtext('gonghui audit sealer'))").Scan(&got); err != nil || !got {
			return err
		}
		// A statement of its own: it must see what the last holder of the lock has left.
		rows, err := tx.Query(ctx, takeSQL, batch)
		if err != nil {
			return err
		}
		taken, err := pgx.CollectRows(rows, pgx.RowToStructByPos[waiting])
		if err != nil || len(taken) == 0 {
			return err
		}
		n = len(taken)
		if err := endsOf(ctx, tx, taken, reached); err != nil {
			return err
		}
		s.watch(ctx, tx, reached)
		tie(tx, s.db.Trail(), taken, reached, time.Now().UTC().Truncate(time.Microsecond))
		return nil
	})
	if err != nil {
		return 0, err
	}
	for trail, l := range reached {
		s.seen[trail] = l.seq
	}
	return n, nil
}

// link is the end of a chain.
type link struct {
	seq   int64
	hash  chain.Sum
	moved bool
}

func endsOf(ctx context.Context, tx tenant.DBTX, taken []waiting, reached map[string]*link) error {
	var trails []string
	for _, w := range taken {
		if reached[w.Trail] == nil {
			reached[w.Trail] = &link{}
			trails = append(trails, w.Trail)
		}
	}
	rows, err := tx.Query(ctx, endsOfSQL, trails)
	if err != nil {
		return err
	}
	var trail string
	var seq int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&trail, &seq, &hash}, func() error {
		l := reached[trail]
		l.seq = seq
		copy(l.hash[:], hash)
		return nil
	})
	return err
}

// watch notices a trail that is shorter than it was: somebody has put the database back, or cut the trail off.
func (s *Sealer) watch(ctx context.Context, tx tenant.DBTX, reached map[string]*link) {
	for trail, l := range reached {
		if l.seq < s.seen[trail] {
			slog.ErrorContext(ctx, "audit: a trail is shorter than it was", "trail", trail, "rows", l.seq, "before", s.seen[trail])
			tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "audit.shortened", Kind: "trail", Object: trail})
		}
	}
}

// tie queues the seals of what was taken, and a signed head for each trail that went on.
func tie(tx tenant.DBTX, key chain.Key, taken []waiting, reached map[string]*link, at time.Time) {
	type name struct {
		trail string
		row   uuid.UUID
	}
	in := map[name]bool{}
	var trails []string
	var seqs []int64
	var rows []uuid.UUID
	var digests, hashes [][]byte
	for _, w := range taken {
		if w.Twice || in[name{w.Trail, w.Row}] {
			slog.Error("audit: a row came to be sealed twice", "trail", w.Trail, "row", w.Row)
			continue
		}
		in[name{w.Trail, w.Row}] = true
		l := reached[w.Trail]
		l.seq++
		l.hash = chain.Link(l.hash, l.seq, w.Row, chain.Sum(w.Digest))
		l.moved = true
		trails, seqs, rows = append(trails, w.Trail), append(seqs, l.seq), append(rows, w.Row)
		digests, hashes = append(digests, w.Digest), append(hashes, bytes.Clone(l.hash[:]))
	}
	if len(rows) == 0 {
		return
	}
	tx.Later(`insert into cell.audit_seal (trail, seq, row_id, digest, hash)
		select t, s, r, d, h from unnest($1::text[], $2::bigint[], $3::uuid[], $4::bytea[], $5::bytea[]) x (t, s, r, d, h)`, trails, seqs, rows, digests, hashes)
	var heads []string
	var counts []int64
	var lasts, signs [][]byte
	for trail, l := range reached {
		if !l.moved {
			continue
		}
		sign := key.Head(chain.Head{Trail: trail, Count: l.seq, Hash: l.hash, At: at})
		heads, counts, lasts, signs = append(heads, trail), append(counts, l.seq), append(lasts, l.hash[:]), append(signs, bytes.Clone(sign[:]))
	}
	tx.Later(`insert into platform.audit_head (trail, count, hash, at, sign)
		select t, c, h, $5, s from unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[]) x (t, c, h, s)`, heads, counts, lasts, signs, at)
}
