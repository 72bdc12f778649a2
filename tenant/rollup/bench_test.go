package rollup_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/directory/division"
	"gonghui/tenant/pgtest"
	"gonghui/tenant/rollup"
	rollupv1 "gonghui/tenant/rollup/v1"
)

var seeded sync.Once

// nation seeds all 3,382 bodies, gives every county things and every body a year of days, and returns the supervision
// context of the nation.
func nation(b testing.TB) (*pgtest.Env, context.Context) {
	env := pgtest.Open(b)
	ctx := context.Background()
	seeded.Do(func() {
		bodies, err := division.Bodies()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := directory.Seed(ctx, env.DB, append(bodies, division.Industrial()...), nil); err != nil {
			b.Fatal(err)
		}
		fill(b, env, 20)
		drainAll(b, rollup.NewDrainer(env.DB))
		err = env.DB.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, `insert into platform.figure_day (body_id, metric, day, own, subtree)
				select f.body_id, f.metric, current_date - n, f.own, f.subtree from platform.figure f cross join generate_series(2, 60) n on conflict do nothing`)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	})
	t, err := directory.LookupOf(env.DB).ByCode(ctx, division.NationCode)
	if err != nil {
		b.Fatal(err)
	}
	return env, tenant.WithSubject(ctx, &tenant.Subject{Name: "监督员", Role: "supervisor", Body: t.ID, BodyCode: t.Code})
}

// fill lets every body of the divisions emit so many events.
func fill(b testing.TB, env *pgtest.Env, events int) {
	b.Helper()
	err := env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, `insert into cell.outbox (tenant, kind, subject, data, counts)
			select code, 'probe.thing', id, '{"n": 1}', '{"probe.things": 3, "probe.rows": 1}' from platform.body cross join generate_series(1, $1)
			where level = 'county' and code ~ '^[0-9]+$'`, events)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkNation is the page of the nation: its figures with 30 days of trend, and its children ranked.
func BenchmarkNation(b *testing.B) {
	env, ctx := nation(b)
	s := rollup.NewService(env.DB, directory.LookupOf(env.DB))
	b.Run("figures", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.GetFigures(ctx, &rollupv1.GetFiguresRequest{Code: division.NationCode}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("children", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.ListChildFigures(ctx, &rollupv1.ListChildFiguresRequest{Code: division.NationCode, Metric: "probe.things"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("industrial", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.GetFigures(ctx, &rollupv1.GetFiguresRequest{Code: division.NationCode, Line: "industrial"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDrain takes up events of all counties.
func BenchmarkDrain(b *testing.B) {
	env, _ := nation(b)
	d := rollup.NewDrainer(env.DB)
	events, took := 0, time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		fill(b, env, 10)
		start := time.Now()
		b.StartTimer()
		for n := 1; n > 0; events += n {
			var err error
			if n, err = d.Drain(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
		took += time.Since(start)
	}
	b.ReportMetric(float64(events)/took.Seconds(), "events/s")
}

// BenchmarkFresh lets counties change one by one, a thousand times a second in all, and measures how long a change takes to
// be in the nation's figure.
func BenchmarkFresh(b *testing.B) {
	env, ctx := nation(b)
	s := rollup.NewService(env.DB, directory.LookupOf(env.DB))
	drainAll(b, rollup.NewDrainer(env.DB))
	things := func() int64 {
		got, err := s.GetFigures(ctx, &rollupv1.GetFiguresRequest{Code: division.NationCode, Days: 1})
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range got.Figures {
			if f.Metric == "probe.rows" {
				return f.Subtree
			}
		}
		return 0
	}
	life, end := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = rollup.NewDrainer(env.DB).Run(life) })
	before := things()
	const rate, total = 1000, 5000
	var mu sync.Mutex
	var written []time.Time // in the order of commits
	start := time.Now()
	for worker := range 4 {
		wg.Go(func() {
			for i := worker; i < total; i += 4 {
				<-time.After(time.Until(start.Add(time.Duration(i) * time.Second / rate)))
				run(b, env, `insert into cell.outbox (tenant, kind, data, counts) values ($1, 'probe.thing', '{}', '{"probe.rows": 1}')`,
					[]string{"440305", "440304", "110101", "510104"}[worker])
				mu.Lock()
				written = append(written, time.Now())
				mu.Unlock()
			}
		})
	}
	var late []time.Duration
	for len(late) < total {
		n, now := int(things()-before), time.Now()
		mu.Lock()
		for len(late) < min(n, len(written)) {
			late = append(late, now.Sub(written[len(late)]))
		}
		mu.Unlock()
		<-time.After(5 * time.Millisecond)
	}
	took := time.Since(start)
	end()
	wg.Wait()
	slices.Sort(late)
	b.ReportMetric(float64(late[total/2].Milliseconds()), "ms/median")
	b.ReportMetric(float64(late[total*99/100].Milliseconds()), "ms/p99")
	b.ReportMetric(total/took.Seconds(), "changes/s")
}
