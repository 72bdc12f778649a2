package provision

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// Patience is how long a request waits for a body to be made ready before it answers "try again".
const Patience = 20 * time.Second

// Want asks the provisioner to make the body ready with these modules, besides what it has. Asking twice, or fifty times
// at once, is asking once.
func Want(ctx context.Context, db tenant.DBTX, body uuid.UUID, modules []string) error {
	return WantAll(ctx, db, []uuid.UUID{body}, modules)
}

// WantAll is Want for many bodies in one statement.
func WantAll(ctx context.Context, db tenant.DBTX, bodies []uuid.UUID, modules []string) error {
	return want(ctx, db, bodies, modules, " where a.state = 'failed' or not a.modules @> excluded.modules")
}

// Again asks although it was done before: what is missing by now is added, what stands stays.
func Again(ctx context.Context, db tenant.DBTX, body uuid.UUID, modules []string) error {
	return want(ctx, db, []uuid.UUID{body}, modules, "")
}

func want(ctx context.Context, db tenant.DBTX, bodies []uuid.UUID, modules []string, unless string) error {
	_, err := db.Exec(ctx, `insert into platform.activation as a (body_id, modules) select b, $2 from unnest($1::uuid[]) b
		on conflict (body_id) do update
			set modules = (select array_agg(distinct m) from unnest(a.modules || excluded.modules) m),
				state = 'wanted', tries = 0, error = ''`+unless, bodies, modules)
	if err == nil {
		db.Later("select pg_notify('" + channel + "', '')")
	}
	return err
}

// Wait returns when the provisioner has done what was wanted of the body.
func Wait(ctx context.Context, db *tenant.DB, body uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	for step := 10 * time.Millisecond; ; step = min(step*3/2, 200*time.Millisecond) {
		var state, reason string
		err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return tx.QueryRow(ctx, "select state, error from platform.activation where body_id = $1", body).Scan(&state, &reason)
		})
		switch {
		case ctx.Err() != nil:
			return fault.Plain(http.StatusServiceUnavailable, "BODY_ACTIVATING",
				"正在为本工会准备数据空间，请稍后再试", "the body is being made ready; try again shortly")
		case err != nil:
			return err
		case state == "done":
			return nil
		case state == "failed":
			return fmt.Errorf("provision: body %s: %s", body, reason)
		}
		pause(ctx, step)
	}
}

// Ask wants and waits.
func Ask(ctx context.Context, db *tenant.DB, body uuid.UUID, modules []string) error {
	err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error { return Want(ctx, tx, body, modules) })
	if err != nil {
		return err
	}
	return Wait(ctx, db, body)
}
