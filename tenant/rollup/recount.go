package rollup

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/rollup/figure"
)

// Report is the outcome of a recount.
type Report struct {
	Bodies int    // bodies that were counted
	Wrong  int    // figures that differ, own ones and subtrees
	First  string // the first difference, "" when there is none
}

func (r *Report) wrong(format string, args ...any) {
	if r.Wrong++; r.Wrong == 1 {
		r.First = fmt.Sprintf(format, args...)
	}
}

// Recount counts every figure again from the tables it speaks of and compares: what active bodies have of their own in
// their schemas, what the platform's tables say of each body, and every subtree as the sum of what its bodies have. It may
// run while others work. With repair, what differs is put right.
func Recount(ctx context.Context, db *tenant.DB, bodies Bodies, repair bool, progress func(done, total int)) (Report, error) {
	var r Report
	codes, err := activeCodes(ctx, db)
	if err != nil {
		return r, err
	}
	for i, code := range codes {
		t, err := bodies.ByCode(ctx, code)
		if err != nil {
			return r, fmt.Errorf("recount %s: %w", code, err)
		}
		if !t.Active { // what the lookup remembers may be from just before
			active := *t
			active.Active = true
			t = &active
		}
		if err := r.body(ctx, db, t, repair); err != nil {
			return r, fmt.Errorf("recount %s: %w", code, err)
		}
		if progress != nil {
			progress(i+1, len(codes))
		}
	}
	err = db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		whole := r // the transaction may be run again
		if err := whole.platform(ctx, db, repair); err != nil {
			return err
		}
		db.Later("insert into platform.recount (id, bodies, wrong, first, repaired) values ($1, $2, $3, left($4, 200), $5)",
			tenant.NewID(), whole.Bodies, whole.Wrong, whole.First, repair && whole.Wrong > 0)
		r = whole
		return nil
	})
	return r, err
}

func activeCodes(ctx context.Context, db *tenant.DB) (codes []string, err error) {
	err = db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		return db.QueryRow(ctx, "select array(select code from platform.body where status = 'active' order by code)").Scan(&codes)
	})
	return codes, err
}

// off is by how much a body's own figure lies below the truth.
type off struct {
	body   uuid.UUID
	metric string
	n      int64
}

// body counts in one tenant's schema, and asks in the same snapshot what has been counted of it so far.
func (r *Report) body(ctx context.Context, db *tenant.DB, t *tenant.Tenant, repair bool) error {
	var parts []string
	for _, info := range module.All() {
		for _, m := range info.Metrics {
			if m.Count != "" && (info.Core || t.On[info.Name]) {
				parts = append(parts, fmt.Sprintf("select '%s', (%s)::bigint, cell.figure('%s')", m.Name, m.Count, m.Name))
			}
		}
	}
	r.Bodies++
	if len(parts) == 0 {
		return nil
	}
	var offs []off
	err := db.Snapshot(tenant.With(ctx, t), func(ctx context.Context, db tenant.DBTX) error {
		offs = nil
		rows, err := db.Query(ctx, strings.Join(parts, " union all "))
		if err != nil {
			return err
		}
		var name string
		var truth, counted int64
		_, err = pgx.ForEachRow(rows, []any{&name, &truth, &counted}, func() error {
			if truth != counted {
				offs = append(offs, off{t.ID, name, truth - counted})
				r.wrong("body %s, own %s: %d counted, %d in the tables", t.Code, name, counted, truth)
			}
			return nil
		})
		return err
	})
	if err != nil || !repair || len(offs) == 0 {
		return err
	}
	// What it is off by stays the same while both the tables and the count go on.
	return db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if err := figure.Lock(ctx, db); err != nil {
			return err
		}
		return add(ctx, db, offs)
	})
}

// add adds to own figures and to all subtrees above. The caller holds the lock.
func add(ctx context.Context, db tenant.DBTX, offs []off) error {
	ids, names, ns := make([]uuid.UUID, len(offs)), make([]string, len(offs)), make([]int64, len(offs))
	for i, o := range offs {
		ids[i], names[i], ns[i] = o.body, o.metric, o.n
	}
	_, err := db.Exec(ctx, `with own as (select o.body_id, o.metric, o.n from unnest($1::uuid[], $2::varchar[], $3::bigint[]) o(body_id, metric, n))`+figure.Up+figure.Days,
		ids, names, ns)
	return err
}

// platform compares what stands above tenants: figures of the platform's own tables, and all subtrees.
func (r *Report) platform(ctx context.Context, db tenant.DBTX, repair bool) error {
	if repair {
		if err := figure.Lock(ctx, db); err != nil {
			return err
		}
	}
	for _, m := range metrics() {
		if m.PerBody == "" {
			continue
		}
		offs, err := r.perBody(ctx, db, m)
		if err != nil {
			return fmt.Errorf("recount %s: %w", m.Name, err)
		}
		if repair && len(offs) > 0 {
			if err := add(ctx, db, offs); err != nil {
				return err
			}
		}
	}
	wrong, err := r.subtrees(ctx, db)
	if err != nil || !repair || wrong == 0 {
		return err
	}
	_, err = db.Exec(ctx, `with sums as (`+sumsSQL+`), changed as (
		insert into platform.figure as f (body_id, metric, own, subtree)
		select s.body_id, s.metric, 0, s.n from sums s left join platform.figure g using (body_id, metric)
		where s.n <> coalesce(g.subtree, 0) order by s.body_id, s.metric
		on conflict (body_id, metric) do update set subtree = excluded.subtree, updated_at = excluded.updated_at
		returning body_id, metric, own, subtree
	)`+figure.Days)
	return err
}

// perBodySQL compares in one statement, which is one view of the tables: the truth with what is counted or waits to be.
const perBodySQL = `
with truth (body_id, n) as (%s), counted as (
	select body_id, sum(n)::bigint as n from (
		select body_id, own as n from platform.figure where metric = $1
		union all
		select b.id, (o.counts ->> $1)::bigint from cell.outbox o join platform.body b on b.code = o.tenant where o.counts ? $1
	) parts group by body_id
)
select b.id, b.code, coalesce(t.n, 0), coalesce(c.n, 0)
from truth t full join counted c using (body_id) join platform.body b on b.id = body_id
where coalesce(t.n, 0) <> coalesce(c.n, 0) order by b.code`

func (r *Report) perBody(ctx context.Context, db tenant.DBTX, m module.Metric) ([]off, error) {
	rows, err := db.Query(ctx, fmt.Sprintf(perBodySQL, m.PerBody), m.Name)
	if err != nil {
		return nil, err
	}
	var offs []off
	var id uuid.UUID
	var code string
	var truth, counted int64
	_, err = pgx.ForEachRow(rows, []any{&id, &code, &truth, &counted}, func() error {
		offs = append(offs, off{id, m.Name, truth - counted})
		r.wrong("body %s, own %s: %d counted, %d in the tables", code, m.Name, counted, truth)
		return nil
	})
	return offs, err
}

// sumsSQL is what every subtree should have, and 0 for a figure of which the subtree has nothing.
const sumsSQL = `
	select body_id, metric, sum(n)::bigint as n from (
		select c.ancestor_id as body_id, f.metric, f.own as n
		from platform.figure f join platform.closure c on c.line = 'primary' and c.descendant_id = f.body_id where f.own <> 0
		union all
		select body_id, metric, 0 from platform.figure
	) parts group by body_id, metric`

func (r *Report) subtrees(ctx context.Context, db tenant.DBTX) (wrong int, err error) {
	rows, err := db.Query(ctx, `with sums as (`+sumsSQL+`)
		select b.code, s.metric, coalesce(f.subtree, 0), s.n from sums s join platform.body b on b.id = s.body_id
		left join platform.figure f on f.body_id = s.body_id and f.metric = s.metric
		where s.n <> coalesce(f.subtree, 0) order by b.code, s.metric`)
	if err != nil {
		return 0, err
	}
	var code, metric string
	var rolled, sum int64
	_, err = pgx.ForEachRow(rows, []any{&code, &metric, &rolled, &sum}, func() error {
		wrong++
		r.wrong("body %s, subtree %s: %d rolled up, %d when added up", code, metric, rolled, sum)
		return nil
	})
	return wrong, err
}
