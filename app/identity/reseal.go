package identity

import (
	"context"

	"gonghui/app/identity/merge"
	"gonghui/app/identity/oidc"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/reseal"
)

// Reseal encrypts anew what older keys sealed: phones, the secrets of authenticator apps, the keys that sign tokens, and the logs of
// merges.
func Reseal(ctx context.Context, db *tenant.DB, keys module.Keys) (int, error) {
	changed := 0
	for _, table := range []module.Sealed{
		{Table: "platform.person", Columns: []string{"phone_sealed"}, Bound: map[string]string{"phone_sealed": "person.phone"}},
		{Table: "platform.invitation", Columns: []string{"phone_sealed"}, Bound: map[string]string{"phone_sealed": "person.phone"}},
		{Table: "platform.oidc_key", Columns: []string{"sealed"}, Bound: map[string]string{"sealed": oidc.KeyColumn}},
		{Table: "platform.person_merge", Columns: []string{"log"}, Bound: map[string]string{"log": merge.LogColumn}, Batch: 50},
		{Table: "platform.totp", Key: []string{"account_id"}, Columns: []string{"secret_sealed"}, Bound: map[string]string{"secret_sealed": "totp.secret"}},
	} {
		n, err := reseal.Table(ctx, db.Platform, keys, table)
		changed += n
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}
