package directory_test

import (
	"context"
	"testing"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/directory/division"
	"gonghui/tenant/pgtest"
)

func TestSeed(t *testing.T) {
	env := pgtest.Open(t)
	ctx := context.Background()
	all := apart(nation(t))
	half := all[:len(all)/2]
	var seen []int
	for _, tc := range []struct {
		name   string
		bodies []division.Body
		added  int
	}{
		{"half", half, len(half)},
		{"all", all, len(all) - len(half)},
		{"again", all, 0},
	} {
		before := state(t, env)
		added, err := directory.Seed(ctx, env.DB, tc.bodies, func(done, total int) {
			if total != len(tc.bodies) {
				t.Errorf("%s: of %d bodies", tc.name, total)
			}
			seen = append(seen, done)
		})
		if err != nil || added != tc.added || seen[len(seen)-1] != len(tc.bodies) {
			t.Errorf("%s: %d added, want %d; progress to %d; %v", tc.name, added, tc.added, seen[len(seen)-1], err)
		}
		if added == 0 && state(t, env) != before {
			t.Errorf("%s: something changed", tc.name)
		}
	}
	for _, tc := range []struct {
		name, sql string
		want      int64
	}{
		{"figure of the nation", "select subtree from platform.figure f join platform.body b on b.id = f.body_id where b.code = 't000000'", 3382},
		{
			"figure of Guangdong", "select subtree from platform.figure f join platform.body b on b.id = f.body_id where b.code = 't440000'",
			env.Count(t, "select count(*) from platform.body b where code ~ '^t44' or code ~ '^ti..44$' and primary_line = 'territorial'"),
		},
		{"figures by day", `select count(*) from platform.figure f join platform.figure_day d using (body_id, metric, own, subtree)
			join platform.body b on b.id = f.body_id where b.code ~ '^ti?[0-9]+$'`, 3382},
		{"pairs by a walk", walkSQL, 0},
	} {
		if got := env.Count(t, tc.sql); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
	// A body that has been moved stays where it is.
	if err := env.DB.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		return directory.Move(ctx, db, "t440305", "territorial", "t440100", nil, "")
	}); err != nil {
		t.Fatal(err)
	}
	before := state(t, env)
	if added, err := directory.Seed(ctx, env.DB, all, nil); err != nil || added != 0 || state(t, env) != before {
		t.Errorf("after a move: %d added, %v", added, err)
	}
	if got := env.Count(t, walkSQL); got != 0 {
		t.Errorf("after a move %d pairs differ", got)
	}
	for _, tc := range []struct {
		name   string
		bodies []division.Body
	}{
		{"unknown parent", []division.Body{{Code: "990000", Name: "无上级工会", Level: "city", Kind: "federation", PrimaryLine: "territorial", Parent: "nosuch"}}},
		{"ring", []division.Body{
			{Code: "990001", Name: "甲工会", Level: "city", Kind: "federation", PrimaryLine: "territorial", Parent: "990002"},
			{Code: "990002", Name: "乙工会", Level: "city", Kind: "federation", PrimaryLine: "territorial", Parent: "990001"},
		}},
	} {
		if added, err := directory.Seed(ctx, env.DB, tc.bodies, nil); err == nil || added != 0 || state(t, env) != before {
			t.Errorf("%s: %d added, %v", tc.name, added, err)
		}
	}
}

// apart gives bodies codes of their own, so that this test founds them whatever others have.
func apart(bodies []division.Body) []division.Body {
	for i := range bodies {
		b := &bodies[i]
		for _, code := range []*string{&b.Code, &b.Parent, &b.IndustrialParent} {
			if *code != "" {
				*code = "t" + *code
			}
		}
	}
	return bodies
}

// walkSQL counts the pairs in which the closure differs from a walk up from every body.
const walkSQL = `
with recursive edge as (
	select line, body_id, parent_id from platform.body_parent
	union all
	select 'primary', p.body_id, p.parent_id from platform.body_parent p join platform.body b on b.id = p.body_id and b.primary_line = p.line
), walk as (
	select line, body_id as descendant_id, parent_id as ancestor_id, 1 as depth from edge
	union all
	select w.line, w.descendant_id, e.parent_id, w.depth + 1 from walk w join edge e on e.line = w.line and e.body_id = w.ancestor_id
)
select count(*) from (select line, ancestor_id, descendant_id, depth from walk) w
full join (select line, ancestor_id, descendant_id, depth from platform.closure where depth > 0) c using (line, ancestor_id, descendant_id, depth)
where (w is null) or (c is null)`

func nation(t testing.TB) []division.Body {
	t.Helper()
	bodies, err := division.Bodies()
	if err != nil {
		t.Fatal(err)
	}
	return append(bodies, division.Industrial()...)
}

// state is a number that changes with any row that a seed writes.
func state(t *testing.T, env *pgtest.Env) int64 {
	t.Helper()
	return env.Count(t, `select coalesce(sum(hashtext(r)::bigint), 0)::bigint from (
		select b::text as r from platform.body b union all select c::text from platform.closure c union all select p::text from platform.body_parent p
		union all select f::text from platform.figure f union all select d::text from platform.figure_day d) rows`)
}

// BenchmarkSeed adds all bodies and their townships to a directory without them.
func BenchmarkSeed(b *testing.B) {
	env := pgtest.Open(b)
	towns, err := division.Townships()
	if err != nil {
		b.Fatal(err)
	}
	bodies := apart(append(nation(b), towns...))
	n := 0
	for b.Loop() {
		b.StopTimer()
		for i := range bodies { // again under other codes
			bodies[i].Code, bodies[i].Parent, bodies[i].IndustrialParent = next(bodies[i].Code), next(bodies[i].Parent), next(bodies[i].IndustrialParent)
		}
		b.StartTimer()
		added, err := directory.Seed(context.Background(), env.DB, bodies, nil)
		if err != nil {
			b.Fatal(err)
		}
		n += added
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "bodies/s")
}

func next(code string) string {
	if code == "" {
		return ""
	}
	return "t" + code
}
