package merge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gonghui/tenant"
)

// change is what became of some columns of one row: what undoing needs to know. Values are the database's own texts; nil is
// null.
type change struct {
	Table   string    `json:"t"`
	Row     string    `json:"r"` // condition that finds the row after the change: id = '…'
	Columns []string  `json:"c"`
	Types   []string  `json:"y"`
	Before  []*string `json:"b"`
	After   []*string `json:"a"`
}

// assign gives a column a value, which is an SQL expression.
type assign struct{ column, kind, value string }

// journal makes changes and remembers them.
type journal struct {
	tx      tenant.DBTX
	changes []change
}

// set changes columns of the rows o that fit, in one statement. key are the columns that name a row.
func (j *journal) set(ctx context.Context, table string, key []string, to []assign, where string, args ...any) error {
	c := change{Table: table}
	old, fresh, sets, names := []string{}, []string{}, []string{}, []string{}
	for _, a := range to {
		c.Columns, c.Types = append(c.Columns, a.column), append(c.Types, a.kind)
		old, fresh = append(old, "o."+a.column+"::text"), append(fresh, "n."+a.column+"::text")
		sets = append(sets, a.column+" = "+a.value)
	}
	for _, k := range key {
		names = append(names, fmt.Sprintf("'%s = ' || quote_literal(n.%s::text)", k, k))
	}
	rows, err := j.tx.Query(ctx, fmt.Sprintf(`with old as (select o.ctid as place, array[%s] as before from %s o where %s for update)
		update %[2]s n set %[4]s from old where n.ctid = old.place returning %[5]s, old.before, array[%[6]s]`,
		strings.Join(old, ", "), table, where, strings.Join(sets, ", "), strings.Join(names, " || ' and ' || "), strings.Join(fresh, ", ")), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		made := c
		if err := rows.Scan(&made.Row, &made.Before, &made.After); err != nil {
			return err
		}
		j.changes = append(j.changes, made)
	}
	return rows.Err()
}

// undo puts back what a journal remembers, the last change first. A row that is gone, or that somebody else has changed since,
// stays as it is.
func undo(ctx context.Context, tx tenant.DBTX, changes []change) error {
	for _, c := range slices.Backward(changes) {
		sets, still := []string{}, []string{c.Row}
		args := []any{}
		for i, column := range c.Columns {
			args = append(args, c.Before[i], c.After[i])
			sets = append(sets, fmt.Sprintf("%s = $%d::text::%s", column, len(args)-1, c.Types[i]))
			still = append(still, fmt.Sprintf("%s is not distinct from $%d::text::%s", column, len(args), c.Types[i]))
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf("update %s set %s where %s", c.Table, strings.Join(sets, ", "), strings.Join(still, " and ")), args...); err != nil {
			return err
		}
	}
	return nil
}
