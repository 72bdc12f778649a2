package tenant_test

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// An object is made, changed and removed: each act is recorded with the digests of its state, which tie the acts together, and with
// the names of what has changed; in the trail of the door in which it was done.
func TestNounRecordsStates(t *testing.T) {
	t.Parallel()
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	// The object is a setting of the transaction.
	noun := tenant.Noun{Kind: "thing", State: "select nullif(current_setting('test.thing', true), '')::jsonb where $1::uuid is not null"}
	for door, in := range map[string]func(context.Context, func(context.Context, tenant.DBTX) error) error{"audit_log": env.DB.Tx, "platform.audit_log": env.DB.Platform} {
		id := tenant.NewID()
		err := in(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			be := func(state string) error {
				_, err := tx.Exec(ctx, "select set_config('test.thing', $1, true)", state)
				return err
			}
			if err := be(`{"name": "a", "size": 1}`); err != nil {
				return err
			}
			if err := noun.Made(ctx, tx, tenant.Act{Act: "thing.make"}, id); err != nil {
				return err
			}
			was, err := noun.See(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := be(`{"name": "b", "size": 1}`); err != nil {
				return err
			}
			if err := was.Changed(ctx, tx, tenant.Act{Act: "thing.change"}); err != nil {
				return err
			}
			if err := noun.Gone(ctx, tx, tenant.Act{Act: "thing.remove"}, id); err != nil {
				return err
			}
			return be("")
		})
		if err != nil {
			t.Fatal(err)
		}
		type row struct{ Act, Kind, Before, After, Changed string }
		var rows []row
		if err := in(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			found, err := tx.Query(ctx, "select act, object_kind, before, after, changed from "+door+" where object_id = $1 order by id", id.String())
			if err != nil {
				return err
			}
			rows, err = pgx.CollectRows(found, pgx.RowToStructByPos[row])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(rows) != 3 || slices.ContainsFunc(rows, func(r row) bool { return r.Kind != "thing" }) {
			t.Fatalf("%s: %+v", door, rows)
		}
		made, changed, gone := rows[0], rows[1], rows[2]
		if made.Before != "" || made.After == "" || changed.Before != made.After || changed.After == changed.Before || gone.Before != changed.After || gone.After != "" {
			t.Errorf("%s: the states do not follow each other: %+v", door, rows)
		}
		if changed.Changed != `["name"]` || made.Changed != "null" {
			t.Errorf("%s: changed: %s, made: %s", door, changed.Changed, made.Changed)
		}
	}
}
