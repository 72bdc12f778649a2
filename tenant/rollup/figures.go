package rollup

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	rollupv1 "gonghui/tenant/rollup/v1"
)

// GetFigures returns the figures of a body of the caller's subtree. Down the body's primary line, and without a line, they
// are there already; down the other line they are added up now.
func (s *Service) GetFigures(ctx context.Context, req *rollupv1.GetFiguresRequest) (*rollupv1.Figures, error) {
	days := int(req.Days)
	if days == 0 {
		days = 30
	}
	now := time.Now()
	last := day.Of(now)
	first := last.AddDate(0, 0, 1-days)
	anchor, _, err := s.sight(ctx, req.Code)
	if err != nil {
		return nil, err
	}
	var f *figures
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		f, err = readFigures(ctx, db, rolledSQL, req.Code, anchor, first, req.Line)
		if req.Line != "" && errors.Is(err, pgx.ErrNoRows) {
			f, err = readFigures(ctx, db, addedSQL, req.Code, anchor, first, req.Line)
		}
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, scope.NotFound("code")
	}
	if err != nil {
		return nil, err
	}
	reply := &rollupv1.Figures{BodyCode: req.Code, BodyName: f.name, LagMs: f.lag, ServerTime: timestamppb.New(now)}
	if f.fresh != nil {
		reply.FreshAt = timestamppb.New(*f.fresh)
	}
	for _, m := range metrics() {
		n := f.now[m.Name]
		reply.Figures = append(reply.Figures, &rollupv1.Figure{
			Metric: m.Name, Own: n.own, Subtree: n.subtree, Trend: dayValues(f.points[m.Name], last, days),
		})
	}
	bodies, active := f.now["directory.bodies"], f.now["directory.active"]
	reply.Bodies, reply.ActiveBodies = bodies.subtree-bodies.own, active.subtree-active.own
	return reply, nil
}

// figures of one body, by metric.
type figures struct {
	name   string
	fresh  *time.Time
	lag    int64
	now    map[string]value
	points map[string][]point
}

type value struct{ own, subtree int64 }

func readFigures(ctx context.Context, db tenant.DBTX, sql, code string, anchor uuid.UUID, first time.Time, line string) (*figures, error) {
	f := &figures{now: map[string]value{}, points: map[string][]point{}}
	var names, dayNames []string
	var own, subtree, values []int64
	var days []time.Time
	err := db.QueryRow(ctx, sql, code, anchor, first, line).Scan(&f.name, &f.lag, &names, &own, &subtree, &f.fresh, &dayNames, &days, &values)
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		f.now[name] = value{own[i], subtree[i]}
	}
	for i, name := range dayNames {
		f.points[name] = append(f.points[name], point{days[i], values[i]})
	}
	return f, nil
}

// lagSQL is the age in milliseconds of the oldest event that waits.
const lagSQL = `coalesce((select extract(epoch from clock_timestamp() - o.at) * 1000 from cell.outbox o order by o.id limit 1), 0)::bigint`

// rolledSQL reads what is there: figures now, and by day with the last one before the first day.
var rolledSQL = `
select b.name, ` + lagSQL + `, f.metric, f.own, f.subtree, f.fresh, d.metric, d.day, d.subtree
from platform.body b
cross join lateral (
	select array_agg(metric) as metric, array_agg(own) as own, array_agg(subtree) as subtree, max(updated_at) as fresh
	from platform.figure where body_id = b.id
) f
cross join lateral (
	select array_agg(metric order by day) as metric, array_agg(day order by day) as day, array_agg(subtree order by day) as subtree
	from (
		select metric, day, subtree from platform.figure_day where body_id = b.id and day >= $3
		union all
		select m, before.day, before.subtree from unnest(f.metric) m cross join lateral (
			select x.day, x.subtree from platform.figure_day x where x.body_id = b.id and x.metric = m and x.day < $3 order by x.day desc limit 1
		) before
	) points
) d
where b.code = $1 and ($4 = '' or b.primary_line = $4) and ` + scope.Inside("b.id", "$2")

// addedSQL adds up what the bodies of the line's closure have of their own. A value by day is the sum of all changes up to
// that day.
var addedSQL = `
select b.name, ` + lagSQL + `, f.metric, f.own, f.subtree, f.fresh, d.metric, d.day, d.subtree
from platform.body b
cross join lateral (
	select array_agg(metric) as metric, array_agg(own) as own, array_agg(subtree) as subtree, max(fresh) as fresh
	from (
		select g.metric, coalesce(sum(g.own) filter (where c.depth = 0), 0)::bigint as own, sum(g.own)::bigint as subtree, max(g.updated_at) as fresh
		from platform.closure c join platform.figure g on g.body_id = c.descendant_id
		where c.line = $4 and c.ancestor_id = b.id group by g.metric
	) sums
) f
cross join lateral (
	select array_agg(metric order by day) as metric, array_agg(day order by day) as day, array_agg(n order by day) as subtree
	from (
		select metric, day, (sum(sum(change)) over (partition by metric order by day))::bigint as n
		from (
			select metric, day, own - lag(own, 1, 0::bigint) over (partition by body_id, metric order by day) as change
			from (
				select x.body_id, x.metric, x.day, x.own
				from platform.closure c join platform.figure_day x on x.body_id = c.descendant_id and x.day >= $3
				where c.line = $4 and c.ancestor_id = b.id
				union all
				select g.body_id, g.metric, before.day, before.own
				from platform.closure c join platform.figure g on g.body_id = c.descendant_id
				cross join lateral (
					select x.day, x.own from platform.figure_day x
					where x.body_id = g.body_id and x.metric = g.metric and x.day < $3 order by x.day desc limit 1
				) before
				where c.line = $4 and c.ancestor_id = b.id
			) points
		) changes
		group by metric, day
	) sums
) d
where b.code = $1 and b.primary_line <> $4 and ` + scope.Inside("b.id", "$2")
