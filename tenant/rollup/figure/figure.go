// Package figure guards the tables of figures. Whoever changes the hierarchy or the figures that go up it (founding and
// moving a body, the drainer, a recount) holds one lock while doing so.
package figure

import (
	"context"

	"github.com/google/uuid"

	"gonghui/tenant"
)

// key of the advisory lock, the same in every process of a database.
const key int64 = 0x676f6e6768756931

// Lock waits for the lock and holds it until the transaction ends. It must be the transaction's first statement: whoever
// waits for it holds nothing that its holder could be waiting for.
func Lock(ctx context.Context, db tenant.DBTX) error {
	_, err := db.Exec(ctx, "select pg_advisory_xact_lock($1)", key)
	return err
}

// TryWork takes the lock when events wait in the outbox and nobody else holds it; it reports whether it did.
func TryWork(ctx context.Context, db tenant.DBTX) (bool, error) {
	var got bool
	err := db.QueryRow(ctx, `select coalesce((select pg_try_advisory_xact_lock($1) from (select from cell.outbox order by id limit 1) waiting), false)`,
		key).Scan(&got)
	return got, err
}

// Shift moves what a subtree has from all that stand above it on the primary line to the new parent and all above that.
// It reads the closure as it is before the move.
func Shift(ctx context.Context, db tenant.DBTX, body, newParent uuid.UUID) error {
	_, err := db.Exec(ctx, shiftSQL, body, newParent)
	return err
}

const shiftSQL = `
with chain as (
	select ancestor_id, -1 as sign from platform.closure where line = 'primary' and descendant_id = $1 and depth > 0
	union all
	select ancestor_id, 1 from platform.closure where line = 'primary' and descendant_id = $2
), delta as (
	select c.ancestor_id, f.metric, sum(c.sign * f.subtree)::bigint as n
	from chain c cross join platform.figure f
	where f.body_id = $1
	group by c.ancestor_id, f.metric
	having sum(c.sign * f.subtree) <> 0
), changed as (
	insert into platform.figure as f (body_id, metric, subtree)
	select ancestor_id, metric, n from delta order by ancestor_id, metric
	on conflict (body_id, metric) do update set subtree = f.subtree + excluded.subtree, updated_at = excluded.updated_at
	returning body_id, metric, own, subtree
)` + Days

// Up continues a statement whose CTE "own" holds changes of bodies' own figures (body_id, metric, n): its CTE "changed" are
// the figures of these bodies and of all above them on the primary line, with the changes in them. Rows are taken in one
// order, that of the key.
const Up = `, delta as (
	select c.ancestor_id as body_id, o.metric, sum(case c.depth when 0 then o.n else 0 end)::bigint as own, sum(o.n)::bigint as subtree
	from own o join platform.closure c on c.line = 'primary' and c.descendant_id = o.body_id
	group by c.ancestor_id, o.metric
), changed as (
	insert into platform.figure as f (body_id, metric, own, subtree)
	select body_id, metric, own, subtree from delta order by body_id, metric
	on conflict (body_id, metric) do update
		set own = f.own + excluded.own, subtree = f.subtree + excluded.subtree, updated_at = excluded.updated_at
	returning body_id, metric, own, subtree
)`

// Days ends a statement whose CTE "changed" returns figures: today's row of each takes the value, so that the last change
// of a day leaves the value of its end. Days are those of Asia/Shanghai.
const Days = `
insert into platform.figure_day (body_id, metric, day, own, subtree)
select body_id, metric, (now() at time zone 'Asia/Shanghai')::date, own, subtree from changed order by body_id, metric
on conflict (body_id, metric, day) do update set own = excluded.own, subtree = excluded.subtree`
