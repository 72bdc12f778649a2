package builder

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
)

const (
	// pruneHour is when builds are cleared away, in Asia/Shanghai.
	pruneHour = 4
	// unwanted is how long a build stays that was never published, is not the newest of its channel and is what no other goes back to.
	unwanted = 90 * 24 * time.Hour
	// lost is after how long a build that is not over has no job any more: the queue gives one up after eight attempts.
	lost = 7 * 24 * time.Hour
	// prunedAtOnce bounds a transaction.
	prunedAtOnce = 200
)

// giveUp ends builds that nobody works at any more: while they count as under way, none of the same inputs begins.
func (s *Service) giveUp(ctx context.Context) error {
	f, _ := judge(context.Canceled)
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, `update platform.app_build set state = 'failed', error = $2, ended_at = now() where state in ('queued', 'running') and queued_at < now() - $1::interval`, lost, raw)
		return err
	})
}

// prune clears away builds that nobody wants any more, with their files.
func (s *Service) prune(ctx context.Context) error {
	if err := s.giveUp(ctx); err != nil {
		return err
	}
	for more := true; more && ctx.Err() == nil; {
		var files []string
		err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			rows, err := db.Query(ctx, `select b.id, b.file from platform.app_build b
				where b.state in ('done', 'failed', 'cancelled') and b.ended_at < now() - $1::interval
					and not exists (select from platform.app_release r where r.build_id = b.id)
					and not exists (select from platform.app_build o where o.rolls_back_to = b.id)
					and exists (select from platform.app_build y where y.body_id = b.body_id and y.channel = b.channel and y.trial = b.trial
						and y.state = 'done' and y.version_code > b.version_code)
				limit $2 for update of b skip locked`, unwanted, prunedAtOnce)
			if err != nil {
				return err
			}
			var ids []uuid.UUID
			var id uuid.UUID
			var file string
			files = nil
			_, err = pgx.ForEachRow(rows, []any{&id, &file}, func() error {
				if ids = append(ids, id); file != "" {
					files = append(files, file)
				}
				return nil
			})
			if more = len(ids) == prunedAtOnce; err != nil || len(ids) == 0 {
				return err
			}
			_, err = db.Exec(ctx, "delete from platform.app_build where id = any($1)", ids)
			return err
		})
		if err != nil {
			return err
		}
		// Nothing names these files any more: one that stays does not keep the others.
		for _, f := range files {
			err = errors.Join(err, s.files.Delete(ctx, f))
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
