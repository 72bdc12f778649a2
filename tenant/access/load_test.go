package access

import (
	"context"
	"testing"

	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	"gonghui/tenant/pgtest"
)

// BenchmarkLoad is what a subject's first check costs: the rows, casbin's model, the compiled rights.
func BenchmarkLoad(b *testing.B) {
	env := pgtest.Open(b)
	body := env.Registered(b)
	ix := policy.NewIndex([]policy.Body{{ID: body.ID}})
	w := source.Who{Identity: tenant.NewID(), Account: tenant.NewID(), Body: body.ID, Role: "officer"}
	for b.Loop() {
		err := env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
			p, _, err := load(ctx, db, w)
			if err == nil {
				policy.Compile(ix, p, policy.Use, w.Body, 0)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
