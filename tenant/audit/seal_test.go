package audit

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// A transaction that commits late is sealed late, and never left out; what is rolled back is not sealed at all.
func TestLateCommit(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	s := NewSealer(env.DB)
	// The digest of an act must be written before the transaction ends, so the statements are sent at once here.
	hold, written := make(chan struct{}), make(chan struct{})
	var slow sync.WaitGroup
	slow.Go(func() {
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			r := chain.Row{ID: tenant.NewID(), At: time.Now().UTC().Truncate(time.Microsecond), Who: "慢", Act: "member.create", Kind: "member", Object: "late", Result: "ok", Changed: "null"}
			if _, err := tx.Exec(ctx, "insert into audit_log (id, at, who, act, object_kind, object_id) values ($1, $2, $3, $4, $5, $6)", r.ID, r.At, r.Who, r.Act, r.Kind, r.Object); err != nil {
				return err
			}
			digest := env.DB.Trail().Row(b.Code, &r)
			if _, err := tx.Exec(ctx, "select cell.audited($1, $2)", r.ID, digest[:]); err != nil {
				return err
			}
			close(written)
			<-hold
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-written
	act(t, env, b, 3)
	rolled := fmt.Errorf("no")
	if err := env.DB.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.create", Kind: "member", Object: "rolled back"})
		return rolled
	}); err != rolled {
		t.Fatal(err)
	}
	seal(t, s)
	if r := verify(t, env, b); r.Found != 0 || r.Rows != 3 {
		t.Errorf("while one is late: %+v", r)
	}
	close(hold)
	slow.Wait()
	seal(t, s)
	r := verify(t, env, b)
	if r.Found != 0 || r.Rows != 4 || r.Head.Count != 4 {
		t.Errorf("after it: %+v", r)
	}
	if n := env.Count(t, `select s.seq from cell.audit_seal s join `+env.DB.Config().Role(b.Code)+`.audit_log l on l.id = s.row_id where l.object_id = 'late'`); n != 4 {
		t.Errorf("the late one is number %d, want 4", n)
	}
}

// Many sealers and writers at once: each row is sealed once, in an unbroken chain.
func TestManySealers(t *testing.T) {
	env := pgtest.Open(t)
	bodies := []*pgtest.Body{env.Body(t, nil), env.Body(t, nil), env.Body(t, nil)}
	ctx, stop := context.WithCancel(context.Background())
	var sealers, writers sync.WaitGroup
	for range 3 {
		sealers.Go(func() {
			if err := NewSealer(env.DB).Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	for _, b := range bodies {
		for range 2 {
			writers.Go(func() { act(t, env, b, 40) })
		}
	}
	writers.Wait()
	wrote := time.Now()
	for env.Count(t, "select count(*) from cell.audit_pending") > 0 {
		if time.Since(wrote) > 10*time.Second {
			t.Fatal("rows wait for ten seconds")
		}
	}
	t.Logf("the last row was sealed %v after it was written", time.Since(wrote).Round(time.Millisecond))
	stop()
	sealers.Wait()
	for _, b := range bodies {
		if r := verify(t, env, b); r.Found != 0 || r.Rows != 80 {
			t.Errorf("%s: %+v", b.Code, r)
		}
	}
	shared, err := (&Verifier{DB: env.DB}).Shared(context.Background())
	if err != nil || shared.Found != 0 {
		t.Errorf("the shared trail: %+v %v", shared, err)
	}
}

// What sealing costs: rows a second, in one trail and spread over many.
func BenchmarkSeal(b *testing.B) {
	env := pgtest.Open(b)
	for _, trails := range []int{1, 3000} {
		b.Run(fmt.Sprintf("%d trails", trails), func(b *testing.B) {
			s := NewSealer(env.DB)
			rows := 0
			for b.Loop() {
				b.StopTimer()
				superuser(b, env, `insert into cell.audit_pending (trail, row_id, digest)
					select 'q' || n % $1, gen_random_uuid(), sha256(n::text::bytea) from generate_series(1, 10000) n`, trails)
				b.StartTimer()
				seal(b, s)
				rows += 10000
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// An audited write beside one that is not: what the row in the log, and its place among those that wait, add.
func BenchmarkWrite(b *testing.B) {
	env := pgtest.Open(b)
	body := env.Body(b, nil)
	for _, audited := range []int{0, 1} {
		b.Run(fmt.Sprintf("%d acts", audited), func(b *testing.B) {
			for b.Loop() {
				err := env.DB.Tx(body.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
					if _, err := tx.Exec(ctx, "insert into audit_log (id, who, act, object_kind, object_id) values ($1, '', '', '', '')", tenant.NewID()); err != nil {
						return err
					}
					for range audited {
						tenant.Audit(ctx, tx, tenant.Act{Act: "member.update", Kind: "member", Object: "1"})
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerify follows a chain of rows as they are in the tables.
func BenchmarkVerify(b *testing.B) {
	env := pgtest.Open(b)
	body := env.Body(b, nil)
	const rows = 20_000
	err := env.DB.Tx(body.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for range rows {
			tenant.Audit(ctx, tx, tenant.Act{Act: "member.update", Kind: "member", Object: "1"})
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	seal(b, NewSealer(env.DB))
	for b.Loop() {
		if r := verify(b, env, body); r.Found != 0 || r.Rows != rows {
			b.Fatalf("%+v", r)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
