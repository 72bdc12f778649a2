package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
)

// Adopt gives the rows of a trail that were never sealed to the sealer, as they are now: those that an earlier release wrote. It is
// the operator's decision that they are genuine, and is recorded with the reason. It returns how many rows that were.
func Adopt(ctx context.Context, db *tenant.DB, bodies Bodies, trail, reason string) (int, error) {
	door, of, err := (&Archiver{DB: db, Bodies: bodies}).door(ctx, trail)
	if err != nil {
		return 0, err
	}
	table := "audit_log"
	if trail == "" {
		table = "platform.audit_log"
	}
	adopted := 0
	for after := uuid.Nil; ; {
		var rows []chain.Row
		err := door(of, func(ctx context.Context, tx tenant.DBTX) error {
			found, err := tx.Query(ctx, "select "+columns(trail == "")+" from "+table+" where id > $1 order by id limit $2", after, chunk)
			if err != nil {
				return err
			}
			rows, err = pgx.CollectRows(found, scanRow)
			return err
		})
		if err != nil {
			return adopted, err
		}
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].ID
		ids, byID := make([]uuid.UUID, len(rows)), map[uuid.UUID]*chain.Row{}
		for i := range rows {
			ids[i], byID[rows[i].ID] = rows[i].ID, &rows[i]
		}
		n := 0
		err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			n = 0
			found, err := tx.Query(ctx, astraySQL, trail, ids)
			if err != nil {
				return err
			}
			var strangers []uuid.UUID
			var id uuid.UUID
			var waits bool
			if _, err := pgx.ForEachRow(found, []any{&id, &waits}, func() error {
				if !waits {
					strangers = append(strangers, id)
				}
				return nil
			}); err != nil {
				return err
			}
			for _, id := range strangers {
				digest := db.Trail().Row(trail, byID[id])
				tx.Later("insert into cell.audit_pending (trail, row_id, digest) values ($1, $2, $3)", trail, id, digest[:])
			}
			n = len(strangers)
			return nil
		})
		if err != nil {
			return adopted, err
		}
		adopted += n
	}
	if adopted == 0 {
		return 0, nil
	}
	return adopted, db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "audit.adopt", Kind: "trail", Object: trail, Reason: fmt.Sprintf("%d: %s", adopted, reason), After: adopted})
		return nil
	})
}
