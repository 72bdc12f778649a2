// Package reseal encrypts anew, with the key in use, what older keys sealed. It may be stopped and run again: what is done
// stays done, and a row is only changed when nobody changed it meanwhile.
package reseal

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
)

// batch is how many rows one transaction takes up.
const batch = 500

// Door is how rows are reached: the tenant's door or the platform's.
type Door func(ctx context.Context, f func(ctx context.Context, db tenant.DBTX) error) error

// Table encrypts the columns of one table anew and returns how many rows it changed. where says what each column's texts
// are bound to.
func Table(ctx context.Context, door Door, keys module.Keys, table string, columns []string, where func(column string) string) (int, error) {
	changed := 0
	last := uuid.Nil
	for {
		seen := 0
		err := door(ctx, func(ctx context.Context, db tenant.DBTX) error {
			rows, err := db.Query(ctx, fmt.Sprintf("select id, %s from %s where id > $1 order by id limit %d",
				strings.Join(columns, ", "), table, batch), last)
			if err != nil {
				return err
			}
			all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
			if err != nil {
				return err
			}
			seen = len(all)
			for _, r := range all {
				last = r[0].([16]byte)
				n, err := row(db, keys, table, columns, where, r)
				if err != nil {
					return err
				}
				changed += n
			}
			return nil
		})
		if err != nil || seen < batch {
			return changed, err
		}
	}
}

// row queues the change of one row, if one of its texts is old.
func row(db tenant.DBTX, keys module.Keys, table string, columns []string, where func(string) string, values []any) (int, error) {
	id := uuid.UUID(values[0].([16]byte))
	n := 0
	for i, c := range columns {
		old, _ := values[i+1].(string)
		if old == "" || keys.Current(old) {
			continue
		}
		plain, err := keys.Open(where(c), old)
		if err != nil {
			return 0, fmt.Errorf("reseal %s.%s of %s: %w", table, c, id, err)
		}
		db.Later(fmt.Sprintf("update %s set %[2]s = $3 where id = $1 and %[2]s = $2", table, c), id, old, keys.Seal(where(c), plain))
		n = 1
	}
	return n, nil
}

// Tenant encrypts anew all sealed columns of the tenant in the context, of the modules that are on.
func Tenant(ctx context.Context, db *tenant.DB, keys module.Keys, infos []*module.Info) (int, error) {
	changed := 0
	for _, info := range infos {
		if !info.Core && !tenant.From(ctx).On[info.Name] {
			continue
		}
		for _, s := range info.Sealed {
			n, err := Table(ctx, db.Tx, keys, s.Table, s.Columns, func(c string) string { return s.Table + "." + c })
			changed += n
			if err != nil {
				return changed, err
			}
		}
	}
	return changed, nil
}
