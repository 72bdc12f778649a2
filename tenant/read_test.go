package tenant_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// TestReadIsTheTenantsOwn reads with more statements than a connection keeps for single tenants, in turn for two bodies.
func TestReadIsTheTenantsOwn(t *testing.T) {
	env := pgtest.Open(t)
	bodies := []*pgtest.Body{env.Body(t, nil), env.Body(t, nil)}
	for _, b := range bodies {
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, db tenant.DBTX) error {
			tenant.Audit(ctx, db, tenant.Act{Act: "probe", Kind: "body", Object: b.Code})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		for _, b := range bodies {
			var object, role, name string
			err := env.DB.Read(b.Ctx, func(q *pgx.Batch) {
				q.Queue(fmt.Sprintf("select object_id from audit_log where act = $1 and %d >= 0", i), "probe").QueryRow(func(row pgx.Row) error { return row.Scan(&object) })
				q.Queue("select current_setting('role'), current_schema()").QueryRow(func(row pgx.Row) error { return row.Scan(&role, &name) })
			})
			if own := env.DB.Config().Role(b.Code); err != nil || object != b.Code || role != own || name != own {
				t.Fatalf("statement %d of %s read %q as %s in %s: %v", i, b.Code, object, role, name, err)
			}
		}
	}
}

func TestReadLeavesNothingBehind(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	for name, try := range map[string]struct{ sql, code string }{
		"a write is refused":    {"delete from audit_log", "25006"},
		"a failure is returned": {"select 1 / 0", "22012"},
	} {
		if err := env.DB.Read(b.Ctx, func(q *pgx.Batch) { q.Queue(try.sql) }); code(err) != try.code {
			t.Errorf("%s: %v, want %s", name, err, try.code)
		}
		// The next transaction on the connection can write again, in plans of its own choice.
		var plans, readOnly string
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, db tenant.DBTX) error {
			tenant.Audit(ctx, db, tenant.Act{Act: "probe", Kind: "body"})
			return db.QueryRow(ctx, "select current_setting('plan_cache_mode'), current_setting('transaction_read_only')").Scan(&plans, &readOnly)
		})
		if err != nil || plans != "auto" || readOnly != "off" {
			t.Errorf("after %q: plans %s, read only %s, %v", name, plans, readOnly, err)
		}
	}
}
