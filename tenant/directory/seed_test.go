package directory_test

import (
	"context"
	"testing"
	"time"

	"gonghui/tenant/directory"
	"gonghui/tenant/directory/division"
	"gonghui/tenant/pgtest"
)

func TestSeedTemp(t *testing.T) {
	env := pgtest.Open(t)
	ctx := context.Background()
	bodies, err := division.Bodies()
	if err != nil {
		t.Fatal(err)
	}
	bodies = append(bodies, division.Industrial()...)
	for range 2 {
		start := time.Now()
		n, err := directory.Seed(ctx, env.DB, bodies, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(n, time.Since(start))
	}
	towns, _ := division.Townships()
	for range 2 {
		start := time.Now()
		n, err := directory.Seed(ctx, env.DB, towns, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(n, time.Since(start))
	}
	t.Log(env.Admin)
	time.Sleep(300 * time.Second)
}
