package bench

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
)

// transactions measures what a tenant's transaction costs beyond its statement.
func transactions(ctx context.Context, w *world) error {
	bodies, err := w.ready(ctx, 1)
	if err != nil {
		return err
	}
	b := bodies[0]
	id, err := uuid.Parse(w.members[b.code][0])
	if err != nil {
		return err
	}
	inside := b.context(ctx)
	cfg := w.db.Config()
	cc, err := pgx.ParseConfig(cfg.DSN)
	if err != nil {
		return err
	}
	cc.User = cfg.BucketLogin(tenant.Bucket(b.code))
	cc.Password = cfg.Password(cc.User)
	conn, err := pgx.ConnectConfig(ctx, cc)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	const statement = "select name from member where id = $1"
	var name string
	step := func() error { return separate(ctx, conn, cfg.Role(b.code), statement, id, &name) }
	for _, way := range []struct {
		name string
		do   func() error
	}{
		{"tx: transaction of one statement", func() error {
			return w.db.Tx(inside, func(ctx context.Context, tx tenant.DBTX) error { return tx.QueryRow(ctx, statement, id).Scan(&name) })
		}},
		{"tx: reading in one batch", func() error {
			return w.db.Read(inside, func(b *pgx.Batch) {
				b.Queue(statement, id).QueryRow(func(row pgx.Row) error { return row.Scan(&name) })
			})
		}},
	} {
		var product, floor series
		if err := w.turns(product.of(w, way.do), floor.of(w, step)); err != nil {
			return err
		}
		w.report(figure(way.name+", time", median(product.took), "µs").over(median(floor.took)))
		w.report(figure(way.name+", CPU with the client's", median(product.cpu), "µs").over(median(floor.cpu)))
	}
	return nil
}

// separate is what a driver does by itself: four round trips.
func separate(ctx context.Context, conn *pgx.Conn, role, statement string, id uuid.UUID, into *string) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, "set local role "+pgx.Identifier{role}.Sanitize()); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, statement, id).Scan(into); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return tx.Commit(ctx)
}

// series is turns of one act: µs each, and µs of CPU of Postgres and of this process.
type series struct{ took, cpu []float64 }

func (s *series) of(w *world, act func() error) func(int) error {
	return func(int) error {
		n := w.sizes.tx
		before, err := usageOf(os.Getpid())
		if err != nil {
			return err
		}
		begin := time.Now()
		used, err := w.spent(func() error {
			for range n {
				if err := act(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		took := time.Since(begin)
		after, err := usageOf(os.Getpid())
		s.took = append(s.took, micros(took)/float64(n))
		s.cpu = append(s.cpu, micros(used+after.own-before.own)/float64(n))
		return err
	}
}
