package rollup

import (
	"context"

	"gonghui/tenant"
	"gonghui/tenant/rollup/figure"
	"gonghui/tenant/rounds"
)

// batch bounds a drain: above some thousand events the time for each hardly falls any more, while bodies that are to be
// moved wait longer.
const batch = 5000

// cell is the name of the cell that the platform's own cluster is.
const cell = "home"

// Drainer takes events out of the outbox, keeps them in the event log, and adds their counts to the figures of the body and
// of all above it. Any number of drainers may run: one works, the others look on.
type Drainer struct{ db *tenant.DB }

// NewDrainer makes a drainer of the home cell.
func NewDrainer(db *tenant.DB) *Drainer { return &Drainer{db} }

// Run drains until ctx ends.
func (d *Drainer) Run(ctx context.Context) error {
	return rounds.Run(ctx, "roll-up", batch, d.Drain)
}

// Drain takes up one batch and returns how many events it had; 0 also when another drainer, or a move, is at work.
func (d *Drainer) Drain(ctx context.Context) (events int, err error) {
	err = d.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		events = 0
		got, err := figure.TryWork(ctx, db)
		if err != nil || !got {
			return err
		}
		// A statement of its own: it must see what the last holder of the lock has left.
		return db.QueryRow(ctx, drainSQL, batch, cell).Scan(&events, nil)
	})
	return events, err
}

// The numbers of the log follow the order of the outbox. They have gaps where a drain was rolled back, and no two drains
// overlap: who has read up to a number has missed nothing below it.
const drainSQL = `
with head as (
	select id from cell.outbox order by id limit $1 for update skip locked
), taken as (
	delete from cell.outbox o using head where o.id = head.id
	returning o.id, o.tenant, o.kind, o.subject, o.data, o.counts, o.at
), logged as (
	insert into cell.event_log (seq, tenant, kind, subject, data, at)
	select nextval('cell.event_seq'), tenant, kind, subject, data, at from (select tenant, kind, subject, data, at from taken order by id) ordered
	returning seq
), own as (
	select b.id as body_id, m.name as metric, sum(c.value::bigint) as n
	from taken t cross join jsonb_each_text(t.counts) c
	join platform.body b on b.code = t.tenant join platform.metric m on m.name = c.key
	group by b.id, m.name
)` + figure.Up + `, days as (` + figure.Days + `), told as (
	update platform.rollup_cell set drained_at = now(), seq = (select max(seq) from logged)
	where cell = $2 and exists (select from logged)
)
select count(*), case when exists (select from taken) then pg_notify('gonghui', 'log ') end from taken`
