package pgtest

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"gonghui/tenant/audit/words"
)

// Unstated says which acts stand in the trails of a database without the digests of their object's state that they should have, or
// with those that they should not. Acts that have no words, of tests, are let be.
func Unstated(ctx context.Context, dsn string) (wrong []string, err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "select quote_ident(table_schema) || '.audit_log' from information_schema.tables where table_name = 'audit_log'")
	if err != nil {
		return nil, err
	}
	logs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	for _, log := range logs {
		rows, err := conn.Query(ctx, "select act, before <> '', after <> '', min(id::text) from "+log+" where result = 'ok' group by 1, 2, 3")
		if err != nil {
			return nil, err
		}
		var act, row string
		var before, after bool
		_, err = pgx.ForEachRow(rows, []any{&act, &before, &after, &row}, func() error {
			s := words.StateOf(act)
			if b, a := s.Digests(); s != "" && (b != before || a != after) {
				wrong = append(wrong, fmt.Sprintf("%s in %s, row %s: it %s its object; digest before: %t, after: %t", act, strings.TrimSuffix(log, ".audit_log"), row, s, before, after))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return wrong, nil
}
