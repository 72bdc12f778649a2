package rollup_test

import (
	"context"
	"sync"
	"testing"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
	"gonghui/tenant/rollup"
)

// body makes an active body that is counted as one, as bodies that are founded by the directory are.
func body(t testing.TB, env *pgtest.Env, parent *pgtest.Body) *pgtest.Body {
	t.Helper()
	b := env.Body(t, parent)
	run(t, env, "insert into cell.outbox (tenant, kind, data, counts) values ($1, 'directory.founded', '{}', '{\"directory.bodies\": 1}')", b.Code)
	return b
}

func run(t testing.TB, env *pgtest.Env, sql string, args ...any) {
	t.Helper()
	err := env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// admit writes a thing and its event, as a module does.
func admit(b *pgtest.Body, env *pgtest.Env, n int64) error {
	return env.DB.Tx(b.Ctx, func(ctx context.Context, db tenant.DBTX) error {
		db.Later("insert into thing (n) values ($1)", n)
		return tenant.Emit(db, tenant.Event{Kind: "probe.thing", Counts: map[string]int64{"probe.things": n, "probe.rows": 1}})
	})
}

func recount(t *testing.T, env *pgtest.Env, repair bool) rollup.Report {
	t.Helper()
	r, err := rollup.Recount(context.Background(), env.DB, directory.LookupOf(env.DB), repair, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecount(t *testing.T) {
	env := pgtest.Open(t)
	drainer := rollup.NewDrainer(env.DB)
	top := body(t, env, nil)
	b := body(t, env, top)
	for range 3 {
		if err := admit(b, env, 5); err != nil {
			t.Fatal(err)
		}
	}
	if r := recount(t, env, false); r.Wrong != 0 {
		t.Fatalf("before draining: %+v", r)
	}
	drainAll(t, drainer)
	if err := admit(b, env, 1); err != nil {
		t.Fatal(err)
	}
	if r := recount(t, env, false); r.Wrong != 0 {
		t.Fatalf("half drained: %+v", r)
	}
	for _, tc := range []struct{ name, spoil, first string }{
		{"own figure", "update platform.figure set own = own + 7 where body_id = $1 and metric = 'probe.things'", "body " + b.Code + ", own probe.things: 23 counted, 16 in the tables"},
		{"figure of the platform", "update platform.figure set own = 0 where body_id = $1 and metric = 'directory.bodies'", "body " + b.Code + ", own directory.bodies: 0 counted, 1 in the tables"},
		{"subtree", "update platform.figure set subtree = 9 where body_id = $1 and metric = 'probe.rows'", "body " + b.Code + ", subtree probe.rows: 9 rolled up, 3 when added up"},
		{"lost row", "delete from platform.figure where body_id = $1 and metric = 'probe.things'", "body " + b.Code + ", own probe.things: 1 counted, 16 in the tables"},
		{"an event counted by nobody", "delete from cell.outbox where tenant = (select code from platform.body where id = $1)", "body " + b.Code + ", own probe.things: 15 counted, 16 in the tables"},
	} {
		run(t, env, tc.spoil, b.ID)
		r := recount(t, env, true)
		if r.Wrong == 0 || r.First != tc.first {
			t.Errorf("%s: got %d wrong, first %q, want %q", tc.name, r.Wrong, r.First, tc.first)
		}
		if again := recount(t, env, false); again.Wrong != 0 {
			t.Errorf("%s: after the repair %+v", tc.name, again)
		}
	}
	drainAll(t, drainer)
	if n := env.Count(t, "select subtree from platform.figure where body_id = $1 and metric = 'probe.things'", top.ID); n != 16 {
		t.Errorf("the parent has %d things, want 16", n)
	}
	if n := env.Count(t, "select count(*) from platform.recount where repaired and wrong > 0"); n != 5 {
		t.Errorf("%d repairs on record, want 5", n)
	}
}

// TestRecountAtWork recounts while bodies write, two drainers drain and a body is moved to and fro.
func TestRecountAtWork(t *testing.T) {
	env := pgtest.Open(t)
	left, right := body(t, env, nil), body(t, env, nil)
	b := body(t, env, left)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { _ = rollup.NewDrainer(env.DB).Run(ctx) })
		wg.Go(func() {
			for ctx.Err() == nil {
				if err := admit(b, env, 2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			to := []*pgtest.Body{right, left}[i%2]
			err := env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
				return directory.Move(ctx, db, b.Code, "territorial", to.Code, nil, "")
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
	for range 15 {
		if r := recount(t, env, false); r.Wrong != 0 {
			t.Errorf("at work: %+v", r)
		}
	}
	cancel()
	wg.Wait()
	drainAll(t, rollup.NewDrainer(env.DB))
	rows := env.Count(t, "select count(*) from "+env.DB.Config().Role(b.Code)+".thing")
	events := env.Count(t, "select count(*) from cell.event_log where tenant = $1 and kind = 'probe.thing'", b.Code)
	sum := env.Count(t, "select sum(subtree) from platform.figure where body_id = any($1) and metric = 'probe.rows'", []string{left.ID.String(), right.ID.String()})
	if rows != events || rows != sum || rows == 0 {
		t.Errorf("%d rows, %d events, %d counted", rows, events, sum)
	}
	if n := env.Count(t, "select count(*) from (select seq, lag(seq) over (order by seq) as before from cell.event_log) l where seq <= before"); n != 0 {
		t.Errorf("%d numbers of the log out of order", n)
	}
}
