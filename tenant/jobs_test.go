package tenant_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// A process that was killed leaves its jobs running, for all the queue knows: another one does them.
func TestJobsOfTheDeadAreDone(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	err := env.DB.Tx(b.Ctx, func(_ context.Context, tx tenant.DBTX) error {
		return tenant.Enqueue(tx, "probe", map[string]string{"body": b.Code})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = env.DB.Platform(t.Context(), func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, `update cell.river_job set state = 'running', attempt = 1, attempted_at = now() - interval '1 minute', attempted_by = '{dead}'
			where args ->> 'name' = 'probe' and args ->> 'tenant' = $1`, b.Code)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	did, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- env.DB.Work(ctx, slog.New(slog.DiscardHandler),
			func(context.Context, string) (*tenant.Tenant, error) { return b.Tenant, nil },
			map[string]tenant.Job{"probe": func(ctx context.Context, _ json.RawMessage) error {
				did <- tenant.From(ctx).Code
				return nil
			}})
	}()
	select {
	case code := <-did:
		if code != b.Code {
			t.Errorf("the job was done for %s", code)
		}
	case <-ctx.Done():
		t.Error("the job lies")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
