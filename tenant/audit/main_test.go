package audit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Tampering(m) }

// act records n acts in the body's log.
func act(t testing.TB, env *pgtest.Env, b *pgtest.Body, n int) {
	t.Helper()
	for i := range n {
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			tenant.Audit(ctx, tx, tenant.Act{
				Act: "member.update", Kind: "member", Object: fmt.Sprint(i), Reason: "更正", Changed: []string{"phone"},
				Before: map[string]int{"n": i}, After: map[string]int{"n": i + 1},
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// seal runs rounds until nothing waits.
func seal(t testing.TB, s *Sealer) {
	t.Helper()
	for {
		n, err := s.Round(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// superuser runs statements as one who may do everything.
func superuser(t testing.TB, env *pgtest.Env, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func verify(t testing.TB, env *pgtest.Env, b *pgtest.Body, against ...Kept) Report {
	t.Helper()
	v := &Verifier{DB: env.DB, Against: map[string][]Kept{b.Code: against}}
	r, err := v.Tenant(b.Ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rowOf is a row as it was written at a moment.
func rowOf(id uuid.UUID, at time.Time) chain.Row {
	return chain.Row{ID: id, At: at, Who: "旧", Act: "member.create", Kind: "member", Object: "old", Result: "ok", Changed: "null"}
}
