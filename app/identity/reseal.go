package identity

import (
	"context"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/reseal"
)

// Reseal encrypts anew the phones that older keys sealed.
func Reseal(ctx context.Context, db *tenant.DB, keys module.Keys) (int, error) {
	changed := 0
	for _, table := range []string{"platform.person", "platform.invitation"} {
		n, err := reseal.Table(ctx, db.Platform, keys, module.Sealed{
			Table: table, Columns: []string{"phone_sealed"}, Bound: map[string]string{"phone_sealed": "person.phone"},
		})
		changed += n
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}
