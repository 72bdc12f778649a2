package rollup

import (
	"context"
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/directory/scope"
	rollupv1 "gonghui/tenant/rollup/v1"
)

// childDays is how many days of trend a row has.
const childDays = 14

// afterChild is where a page ended.
type afterChild struct {
	Subtree int64
	Code    string
}

// ListChildFigures ranks the bodies directly below one on a line by what their subtrees have.
func (s *Service) ListChildFigures(ctx context.Context, req *rollupv1.ListChildFiguresRequest) (*rollupv1.ListChildFiguresReply, error) {
	if !declared(req.Metric) {
		return nil, fault.Field("metric", "没有这项数据，请从列表中选择", "there is no such metric; choose one of the list")
	}
	line := req.Line
	if line == "" {
		line = "territorial"
	}
	var after afterChild
	more, err := page.Parse(req.PageToken, &after)
	if err != nil {
		return nil, err
	}
	if more && !isCode.MatchString(after.Code) {
		return nil, fault.Field("pageToken", "翻页标记无效，请回到第一页", "the page token is not valid; go back to the first page")
	}
	size := page.Size(req.PageSize, 50)
	last := day.Of(time.Now())
	anchor, sees, err := s.sight(ctx, req.Code)
	if err != nil {
		return nil, err
	}
	var rows []child
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		got, err := db.Query(ctx, childrenSQL, req.Code, anchor, line, req.Metric, last.AddDate(0, 0, 1-childDays), more, after.Subtree, after.Code, size+1)
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(got, func(row pgx.CollectableRow) (child, error) { return scanChild(row, last) })
		if err != nil || len(rows) > 0 {
			return err
		}
		return visible(ctx, db, req.Code, anchor)
	})
	if err != nil {
		return nil, err
	}
	rows, next := page.Cut(rows, size, func(r child) any { return afterChild{r.Subtree, r.Code} })
	reply := &rollupv1.ListChildFiguresReply{NextPageToken: next}
	for _, r := range rows {
		if sees(r.id) {
			reply.Rows = append(reply.Rows, r.ChildFigure)
		}
	}
	return reply, nil
}

type child struct {
	*rollupv1.ChildFigure
	id uuid.UUID
}

func scanChild(row pgx.CollectableRow, last time.Time) (child, error) {
	r := child{ChildFigure: &rollupv1.ChildFigure{}}
	var days []time.Time
	var values []int64
	err := row.Scan(&r.id, &r.Code, &r.Name, &r.Level, &r.Status, &r.Own, &r.Subtree, &r.Children, &r.CountedElsewhere, &days, &values)
	if err != nil {
		return r, err
	}
	points := make([]point, len(days))
	for i := range days {
		points[i] = point{days[i], values[i]}
	}
	r.Trend = trend(points, last, childDays)
	return r, nil
}

// childrenSQL takes the page first and reads trends for its rows alone.
var childrenSQL = `
with rows as (
	select b.id, b.code, b.name, b.level, b.status, coalesce(f.own, 0) as own, coalesce(f.subtree, 0) as subtree, b.primary_line
	from platform.body top
	join platform.body_parent p on p.parent_id = top.id and p.line = $3
	join platform.body b on b.id = p.body_id
	left join platform.figure f on f.body_id = b.id and f.metric = $4
	where top.code = $1 and ` + scope.Inside("top.id", "$2") + `
		and (not $6 or coalesce(f.subtree, 0) < $7 or coalesce(f.subtree, 0) = $7 and b.code > $8)
	order by coalesce(f.subtree, 0) desc, b.code limit $9
)
select r.id, r.code, r.name, r.level, r.status, r.own, r.subtree,
	(select count(*) from platform.body_parent k where k.parent_id = r.id and k.line = $3), r.primary_line <> $3, d.day, d.subtree
from rows r
cross join lateral (
	select array_agg(day order by day) as day, array_agg(subtree order by day) as subtree
	from (
		select x.day, x.subtree from platform.figure_day x where x.body_id = r.id and x.metric = $4 and x.day >= $5
		union all
		(select x.day, x.subtree from platform.figure_day x where x.body_id = r.id and x.metric = $4 and x.day < $5 order by x.day desc limit 1)
	) points
) d
order by r.subtree desc, r.code`

// sight returns from which body the caller looks at the one with the code, and which of those below he sees. On the host of a
// body that is its subtree; on the supervision host, what the caller's rights reach.
func (s *Service) sight(ctx context.Context, code string) (anchor uuid.UUID, sees func(uuid.UUID) bool, err error) {
	v := scope.Of(ctx)
	if !v.Supervision {
		return v.Anchor, func(uuid.UUID) bool { return true }, nil
	}
	if sees, err = access.EngineOf(s.db).Seen(ctx, "rollup.read"); err != nil {
		return uuid.Nil, nil, err
	}
	t, err := s.bodies.ByCode(ctx, code)
	if err != nil {
		return uuid.Nil, nil, err
	}
	if !sees(t.ID) {
		return uuid.Nil, nil, scope.NotFound("code")
	}
	return t.ID, sees, nil
}

// visible says BODY_NOT_FOUND for a body that is not in the anchor's subtree.
func visible(ctx context.Context, db tenant.DBTX, code string, anchor uuid.UUID) error {
	var yes bool
	err := db.QueryRow(ctx, `select exists (select from platform.body b where b.code = $1 and `+scope.Inside("b.id", "$2")+`)`, code, anchor).Scan(&yes)
	if err == nil && !yes {
		return scope.NotFound("code")
	}
	return err
}

var isCode = regexp.MustCompile(`^[a-z0-9]{2,24}$`)
