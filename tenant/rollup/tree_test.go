package rollup_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
	"gonghui/tenant/rollup"
)

var lines = []string{"territorial", "industrial"}

// model is the hierarchy and its figures kept in the plainest way.
type model struct {
	codes  []string
	parent map[string]map[string]string // line, code
	prime  map[string]string
	own    map[string]int64 // probe.things of each
}

// up returns the body's parent on a line; primary is a line too.
func (m *model) up(line, code string) string {
	if line == "primary" {
		line = m.prime[code]
	}
	return m.parent[line][code]
}

func (m *model) below(line, top, code string) bool {
	for ; code != ""; code = m.up(line, code) {
		if code == top {
			return true
		}
	}
	return false
}

func (m *model) ring(code, parent string) bool {
	return m.below("primary", code, parent) || m.below("territorial", code, parent) || m.below("industrial", code, parent)
}

type pair struct {
	line, ancestor, descendant string
	depth                      int
}

func (m *model) closure() map[pair]bool {
	all := map[pair]bool{}
	for _, line := range []string{"primary", "territorial", "industrial"} {
		for _, code := range m.codes {
			for at, depth := code, 0; at != ""; at, depth = m.up(line, at), depth+1 {
				all[pair{line, at, code, depth}] = true
			}
		}
	}
	return all
}

func (m *model) subtrees() map[string]int64 {
	sums := map[string]int64{}
	for _, code := range m.codes {
		for at := code; at != ""; at = m.up("primary", at) {
			sums[at] += m.own[code]
		}
	}
	return sums
}

// TestTree founds, moves and counts at random, and drains now and then: the closure and all sums must be those of a plain
// walk, whatever the order.
func TestTree(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { tree(t, seed) })
	}
}

func tree(t *testing.T, seed uint64) {
	env := pgtest.Open(t)
	ctx := context.Background()
	r := rand.New(rand.NewPCG(seed, 7))
	m := &model{parent: map[string]map[string]string{"territorial": {}, "industrial": {}}, prime: map[string]string{}, own: map[string]int64{}}
	drainer := rollup.NewDrainer(env.DB)
	do := func(f func(ctx context.Context, db tenant.DBTX) error) error { return env.DB.Platform(ctx, f) }
	pick := func() string { return m.codes[r.IntN(len(m.codes))] }
	refused := map[string]int{}
	expect := func(step int, err error, reason string) {
		t.Helper()
		got := ""
		if err != nil {
			var ke *kerrors.Error
			if !errors.As(err, &ke) {
				t.Fatalf("step %d: %v", step, err)
			}
			got = ke.Reason
		}
		if got != reason {
			t.Fatalf("step %d: got %q, want %q", step, got, reason)
		}
		refused[reason]++
	}
	for step := range 300 {
		switch k := r.IntN(10); {
		case len(m.codes) < 3 || k < 3:
			n := directory.New{Code: fmt.Sprintf("s%dx%d", seed, step), Name: "随机工会", Level: "grassroots", Kind: "grassroots_union", PrimaryLine: lines[r.IntN(2)]}
			if len(m.codes) > 0 && r.IntN(8) > 0 {
				n.Parent = pick()
			}
			if len(m.codes) > 0 && r.IntN(3) == 0 {
				n.IndustrialParent = pick()
			}
			expect(step, do(func(ctx context.Context, db tenant.DBTX) error {
				_, err := directory.Create(ctx, db, n)
				return err
			}), "")
			m.codes = append(m.codes, n.Code)
			m.prime[n.Code] = n.PrimaryLine
			m.parent["territorial"][n.Code], m.parent["industrial"][n.Code] = n.Parent, n.IndustrialParent
		case k < 6:
			code, parent, line, attach := pick(), pick(), lines[r.IntN(2)], r.IntN(3) == 0
			reason := ""
			switch before := m.parent[line][code]; {
			case attach && before != "":
				reason = "BODY_SECOND_PARENT"
			case before != parent && m.ring(code, parent):
				reason = "BODY_CYCLE"
			}
			expect(step, do(func(ctx context.Context, db tenant.DBTX) error {
				if attach {
					return directory.Attach(ctx, db, code, line, parent, nil, "")
				}
				return directory.Move(ctx, db, code, line, parent, nil, "文〔2025〕1号")
			}), reason)
			if reason == "" {
				m.parent[line][code] = parent
			}
		case k < 9:
			code, n := pick(), int64(r.IntN(40)-10)
			expect(step, do(func(ctx context.Context, db tenant.DBTX) error {
				_, err := db.Exec(ctx, `insert into cell.outbox (tenant, kind, data, counts) values ($1, 'probe.thing', '{}', jsonb_build_object('probe.things', $2::bigint))`, code, n)
				return err
			}), "")
			m.own[code] += n
		default:
			if _, err := drainer.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if step%20 == 19 {
			if step%40 == 39 {
				drainAll(t, drainer)
				m.checkFigures(t, env, step)
			}
			m.checkClosure(t, env, step, seed)
			m.checkSums(t, env, step)
		}
	}
	if refused["BODY_CYCLE"] < 5 || refused["BODY_SECOND_PARENT"] < 5 {
		t.Errorf("too few refusals to mean anything: %v", refused)
	}
	drainAll(t, drainer)
	report, err := rollup.Recount(ctx, env.DB, directory.LookupOf(env.DB), false, nil)
	if err != nil || report.Wrong != 0 {
		t.Errorf("recount: %+v, %v", report, err)
	}
}

func drainAll(t testing.TB, d *rollup.Drainer) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = d.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *model) checkClosure(t *testing.T, env *pgtest.Env, step int, seed uint64) {
	t.Helper()
	got := map[pair]bool{}
	query(t, env, `select c.line, a.code, d.code, c.depth from platform.closure c join platform.body a on a.id = c.ancestor_id
		join platform.body d on d.id = c.descendant_id where d.code like 's' || $1::text || 'x%'`, []any{fmt.Sprint(seed)}, func(row pgx.CollectableRow) error {
		var p pair
		err := row.Scan(&p.line, &p.ancestor, &p.descendant, &p.depth)
		got[p] = true
		return err
	})
	if want := m.closure(); !maps.Equal(got, want) {
		t.Fatalf("step %d: closure has %d pairs, want %d", step, len(got), len(want))
	}
}

// checkSums compares subtrees with the sums of own figures as they are in the table, drained or not.
func (m *model) checkSums(t *testing.T, env *pgtest.Env, step int) {
	t.Helper()
	own, subtree := figuresOf(t, env)
	sums := map[string]int64{}
	for _, code := range m.codes {
		for at := code; at != ""; at = m.up("primary", at) {
			sums[at] += own[code]
		}
	}
	for _, code := range m.codes {
		if subtree[code] != sums[code] {
			t.Fatalf("step %d: subtree of %s is %d, want %d", step, code, subtree[code], sums[code])
		}
	}
	var stale int64
	query(t, env, `select count(*) from platform.figure f join platform.figure_day d
		on d.body_id = f.body_id and d.metric = f.metric and d.day = (now() at time zone 'Asia/Shanghai')::date
		where (d.own, d.subtree) <> (f.own, f.subtree)`, nil, func(row pgx.CollectableRow) error { return row.Scan(&stale) })
	if stale > 0 {
		t.Fatalf("step %d: %d figures differ from today's row", step, stale)
	}
}

func (m *model) checkFigures(t *testing.T, env *pgtest.Env, step int) {
	t.Helper()
	own, subtree := figuresOf(t, env)
	want := m.subtrees()
	for _, code := range m.codes {
		if own[code] != m.own[code] || subtree[code] != want[code] {
			t.Fatalf("step %d: %s has %d and %d, want %d and %d", step, code, own[code], subtree[code], m.own[code], want[code])
		}
	}
}

func figuresOf(t *testing.T, env *pgtest.Env) (own, subtree map[string]int64) {
	t.Helper()
	own, subtree = map[string]int64{}, map[string]int64{}
	query(t, env, "select b.code, f.own, f.subtree from platform.figure f join platform.body b on b.id = f.body_id where f.metric = 'probe.things'", nil,
		func(row pgx.CollectableRow) error {
			var code string
			var o, s int64
			err := row.Scan(&code, &o, &s)
			own[code], subtree[code] = o, s
			return err
		})
	return own, subtree
}

func query(t testing.TB, env *pgtest.Env, sql string, args []any, each func(pgx.CollectableRow) error) {
	t.Helper()
	err := env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		rows, err := db.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) { return struct{}{}, each(row) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
