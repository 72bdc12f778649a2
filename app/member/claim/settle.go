package claim

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
)

// Event is what events that concern claims carry in their data.
type Event struct {
	Operation *uuid.UUID `json:"operation,omitempty"`
}

// Confirm has the effect of events: operations that were carried out, and memberships that ended. A member who was claimed
// under a new ID number gives the old one up.
func Confirm(ended string) func(context.Context, tenant.DBTX, []tenant.Logged) error {
	return func(ctx context.Context, tx tenant.DBTX, events []tenant.Logged) error {
		for i := 0; i < len(events); {
			// Neighbours of one kind go together; the order between kinds is kept.
			end := events[i].Kind == ended
			var ids []uuid.UUID
			var at []time.Time
			for ; i < len(events) && (events[i].Kind == ended) == end; i++ {
				var data Event
				if err := json.Unmarshal(events[i].Data, &data); err != nil {
					return err
				}
				switch {
				case end && events[i].Subject != nil:
					ids, at = append(ids, *events[i].Subject), append(at, events[i].At)
				case !end && data.Operation != nil:
					ids = append(ids, *data.Operation)
				}
			}
			var err error
			if end {
				err = drop(ctx, tx, ids, at)
			} else {
				err = confirm(ctx, tx, ids)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func confirm(ctx context.Context, tx tenant.DBTX, operations []uuid.UUID) error {
	if len(operations) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `delete from platform.membership old using platform.membership young
		where young.operation = any($1) and old.member_id = young.member_id and old.digest <> young.digest and old.operation is null`, operations)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update platform.membership set live = true, operation = null, expires_at = null where operation = any($1)`, operations)
	return err
}

// drop ends memberships. One that is claimed anew meanwhile stays claimed, and one that was registered after the end, because
// the roll was put back as it was before, stays.
func drop(ctx context.Context, tx tenant.DBTX, members []uuid.UUID, at []time.Time) error {
	if len(members) == 0 {
		return nil
	}
	const ended = "unnest($1::uuid[], $2::timestamptz[]) as e (member_id, at) where m.member_id = e.member_id and m.since <= e.at"
	if _, err := tx.Exec(ctx, "delete from platform.membership m using "+ended+" and m.operation is null", members, at); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "update platform.membership m set live = false from "+ended, members, at)
	return err
}

// lapsed is how many claims are settled at a time.
const lapsed = 500

// Settle asks bodies about claims whose event did not come, until ctx ends. inForce returns the members on the
// roll of the body of the context who have some digests.
func Settle(ctx context.Context, db *tenant.DB, every time.Duration, inForce func(ctx context.Context, digests []string) (map[string]uuid.UUID, error)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
		}
		if err := SettleOnce(ctx, db, inForce); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "claims", "error", err)
		}
	}
}

// SettleOnce settles the claims that have lapsed by now, at most some hundreds.
func SettleOnce(ctx context.Context, db *tenant.DB, inForce func(ctx context.Context, digests []string) (map[string]uuid.UUID, error)) error {
	type lapse struct {
		Digest    string
		Operation uuid.UUID
		Body      uuid.UUID
		Code      string
	}
	var found []lapse
	err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, `select m.digest, m.operation, b.id, b.code from platform.membership m join platform.body b on b.id = m.body_id
			where m.expires_at < now() order by m.expires_at limit $1`, lapsed)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[lapse])
		return err
	})
	if err != nil {
		return err
	}
	byBody := map[uuid.UUID][]lapse{}
	for _, l := range found {
		byBody[l.Body] = append(byBody[l.Body], l)
	}
	for body, of := range byBody {
		digests := make([]string, len(of))
		operations := make([]uuid.UUID, len(of))
		for i, l := range of {
			digests[i], operations[i] = l.Digest, l.Operation
		}
		members, err := inForce(tenant.With(ctx, &tenant.Tenant{ID: body, Code: of[0].Code, Active: true}), digests)
		if err != nil {
			return err
		}
		var stand []string
		var ids []uuid.UUID
		for digest, id := range members {
			stand, ids = append(stand, digest), append(ids, id)
		}
		err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			_, err := tx.Exec(ctx, `update platform.membership m set member_id = s.id, live = true, operation = null, expires_at = null
				from unnest($2::varchar[], $3::uuid[]) as s (digest, id)
				where m.body_id = $1 and m.digest = s.digest and m.operation = any($4)`, body, stand, ids, operations)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, "delete from platform.membership where body_id = $1 and digest = any($2) and operation = any($3)", body, digests, operations)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
