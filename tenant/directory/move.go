package directory

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	"gonghui/tenant/rollup/figure"
)

// Move puts a body, with all below it, under another parent on one line, or under its first one there. Along its primary
// line its counts go with it; what the outbox still holds of it follows the new way by itself. A nil date is today.
func Move(ctx context.Context, db tenant.DBTX, code, line, parentCode string, effectiveOn *time.Time, docNo string) error {
	return put(ctx, db, code, line, parentCode, effectiveOn, docNo, true)
}

// Attach puts a body under a parent on a line on which it has none yet.
func Attach(ctx context.Context, db tenant.DBTX, code, line, parentCode string, effectiveOn *time.Time, docNo string) error {
	return put(ctx, db, code, line, parentCode, effectiveOn, docNo, false)
}

func put(ctx context.Context, db tenant.DBTX, code, line, parentCode string, effectiveOn *time.Time, docNo string, replace bool) error {
	if err := figure.Lock(ctx, db); err != nil {
		return err
	}
	var id uuid.UUID
	var primaryLine string
	var oldID uuid.NullUUID
	var oldCode string
	err := db.QueryRow(ctx, `select b.id, b.primary_line, p.parent_id, coalesce(o.code, '') from platform.body b
		left join platform.body_parent p on p.body_id = b.id and p.line = $2
		left join platform.body o on o.id = p.parent_id
		where b.code = $1`, code, line).Scan(&id, &primaryLine, &oldID, &oldCode)
	if errors.Is(err, pgx.ErrNoRows) {
		return scope.NotFound("code")
	}
	if err != nil {
		return err
	}
	parent, err := idOf(ctx, db, parentCode, "parentCode")
	switch {
	case err != nil:
		return err
	case oldID.Valid && !replace:
		return secondParent(line)
	case oldID.UUID == parent:
		return nil
	}
	if err := below(ctx, db, id, parent); err != nil {
		return err
	}
	if err := link(ctx, db, id, parent, line, line == primaryLine); err != nil {
		return err
	}
	if err := changed(ctx, db); err != nil {
		return err
	}
	data, err := json.Marshal(map[string]string{"line": line, "from": oldCode, "to": parentCode})
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, movedSQL, tenant.NewID(), id, effectiveOn, docNo, parentText(line, oldCode), parentText(line, parentCode), code, string(data))
	return err
}

const movedSQL = `
with told as (
	insert into platform.body_event (id, body_id, kind, effective_on, approval_doc_no, before, after)
	values ($1, $2, 'move', coalesce($3, (now() at time zone 'Asia/Shanghai')::date), $4, $5, $6)
)
insert into cell.outbox (tenant, kind, subject, data, counts) values ($7, 'directory.moved', $2, $8, '{}')`

func parentText(line, code string) string {
	if code == "" {
		return ""
	}
	return line + " parent " + code
}

// below refuses a parent that is the body or lies under it, on whichever line: a ring over two lines would be one for the
// counts.
func below(ctx context.Context, db tenant.DBTX, body, parent uuid.UUID) error {
	ring := false
	err := db.QueryRow(ctx, "select "+scope.Inside("$2::uuid", "$1::uuid"), body, parent).Scan(&ring)
	if err == nil && (ring || body == parent) {
		return cycle()
	}
	return err
}

// link makes parent the body's only one on the line, in the closure of the line and, when it is the body's primary line,
// in that of the counts, which then move too.
func link(ctx context.Context, db tenant.DBTX, body, parent uuid.UUID, line string, counted bool) error {
	_, err := db.Exec(ctx, `insert into platform.body_parent (body_id, line, parent_id) values ($1, $2, $3)
		on conflict (body_id, line) do update set parent_id = excluded.parent_id`, body, line, parent)
	if err != nil {
		return err
	}
	if err := relink(ctx, db, line, body, parent); err != nil || !counted {
		return err
	}
	if err := figure.Shift(ctx, db, body, parent); err != nil {
		return err
	}
	return relink(ctx, db, primary, body, parent)
}

// relink takes the subtree of a body from under all its ancestors on a line and puts it under the parent and all above.
func relink(ctx context.Context, db tenant.DBTX, line string, body, parent uuid.UUID) error {
	_, err := db.Exec(ctx, `insert into platform.closure (line, ancestor_id, descendant_id, depth) values ($1, $2, $2, 0), ($1, $3, $3, 0)
		on conflict do nothing`, line, body, parent)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `delete from platform.closure c using platform.closure up, platform.closure down
		where up.line = $1 and up.descendant_id = $2 and up.depth > 0 and down.line = $1 and down.ancestor_id = $2
			and c.line = $1 and c.ancestor_id = up.ancestor_id and c.descendant_id = down.descendant_id`, line, body)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `insert into platform.closure (line, ancestor_id, descendant_id, depth)
		select up.line, up.ancestor_id, down.descendant_id, up.depth + down.depth + 1 from platform.closure up, platform.closure down
		where up.line = $1 and up.descendant_id = $3 and down.line = $1 and down.ancestor_id = $2`, line, body, parent)
	return err
}

// idOf finds a body by its code.
func idOf(ctx context.Context, db tenant.DBTX, code, field string) (id uuid.UUID, err error) {
	err = db.QueryRow(ctx, "select id from platform.body where code = $1", code).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = scope.NotFound(field)
	}
	return id, err
}
