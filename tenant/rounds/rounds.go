// Package rounds keeps time for work that any number of processes offer to do and one does: in rounds all day long, or once a night.
package rounds

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/tenant"
)

// Pauses between rounds: while there is work, at most when there is none, and after an error, so that a database that is away is not
// asked all the time.
const (
	busy = 40 * time.Millisecond
	idle = 250 * time.Millisecond
	sick = time.Second
)

// Run does rounds until ctx ends. A round says how much it took up; one that took up a whole batch is followed by the next at once.
func Run(ctx context.Context, what string, batch int, round func(context.Context) (int, error)) error {
	pause := busy
	for {
		n, err := round(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			slog.ErrorContext(ctx, what, "error", err)
			pause = sick
		case n == batch:
			pause = 0
		case n > 0:
			pause = busy
		default:
			pause = min(max(pause*3/2, busy), idle)
		}
		if !wait(ctx, pause) {
			return nil
		}
	}
}

// Nightly does work every night at an hour of Asia/Shanghai until ctx ends, in whichever process claims the night first. The name tells
// its nights from those of other work.
func Nightly(ctx context.Context, db *tenant.DB, name string, hour int, work func(context.Context) error) {
	for {
		now := time.Now()
		at := day.Next(now, hour)
		if !wait(ctx, at.Sub(now)) {
			return
		}
		mine, err := claim(ctx, db, name+" "+at.Format(time.DateOnly))
		if err == nil && mine {
			err = work(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, name, "error", err)
		}
	}
}

// claim reports whether this call is the first one with the key.
func claim(ctx context.Context, db *tenant.DB, key string) (mine bool, err error) {
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tag, err := tx.Exec(ctx, "insert into cell.idempotency (tenant, account, key, digest, answer) values ('', $1, $2, '', '') on conflict do nothing", uuid.Nil, key)
		mine = tag.RowsAffected() == 1
		return err
	})
	return mine, err
}

// wait reports whether the time has passed before ctx ended.
func wait(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}
