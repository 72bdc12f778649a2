// Package reseal encrypts anew, with the key in use, what older keys sealed. It may be stopped and run again: what is done
// stays done, and a row is only changed when nobody changed it meanwhile.
package reseal

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
)

// batch is how many rows one transaction takes up.
const batch = 500

// Door is how rows are reached: the tenant's door or the platform's.
type Door func(ctx context.Context, f func(ctx context.Context, db tenant.DBTX) error) error

// Table encrypts the columns of one table anew and returns how many rows it changed.
func Table(ctx context.Context, door Door, keys module.Keys, s module.Sealed) (int, error) {
	if len(s.Key) == 0 {
		s.Key = []string{"id"}
	}
	if s.Batch == 0 {
		s.Batch = batch
	}
	changed := 0
	var last []any
	for {
		seen := 0
		err := door(ctx, func(ctx context.Context, db tenant.DBTX) error {
			rows, err := db.Query(ctx, page(&s, last != nil), last...)
			if err != nil {
				return err
			}
			all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
			if err != nil {
				return err
			}
			seen = len(all)
			for _, r := range all {
				n, err := row(db, keys, &s, r)
				if err != nil {
					return err
				}
				changed += n
				last = r[:len(s.Key)]
			}
			return nil
		})
		if err != nil || seen < s.Batch {
			return changed, err
		}
	}
}

// page is the query for the next rows; its parameters are the key of the last one seen, if there was one.
func page(s *module.Sealed, further bool) string {
	key, where := strings.Join(s.Key, ", "), ""
	if further {
		where = fmt.Sprintf("where (%s) > (%s)", key, parameters(1, len(s.Key)))
	}
	return fmt.Sprintf("select %s, %s from %s %s order by %s limit %d", key, strings.Join(s.Columns, ", "), s.Table, where, key, s.Batch)
}

func parameters(from, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(all, ", ")
}

// row queues the change of one row, if one of its texts is old.
func row(db tenant.DBTX, keys module.Keys, s *module.Sealed, values []any) (int, error) {
	key := values[:len(s.Key)]
	n := 0
	for i, c := range s.Columns {
		old, _ := values[len(key)+i].(string)
		if old == "" || keys.Current(old) {
			continue
		}
		bound := s.Bound[c]
		if bound == "" {
			bound = s.Table + "." + c
		}
		plain, err := keys.Open(bound, old)
		if err != nil {
			return 0, fmt.Errorf("reseal %s.%s of %v: %w", s.Table, c, key, err)
		}
		db.Later(fmt.Sprintf("update %s set %[2]s = $1 where %[2]s = $2 and (%s) = (%s)", s.Table, c, strings.Join(s.Key, ", "), parameters(3, len(key))),
			append([]any{keys.Seal(bound, plain), old}, key...)...)
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
			n, err := Table(ctx, db.Tx, keys, s)
			changed += n
			if err != nil {
				return changed, err
			}
		}
	}
	return changed, nil
}
