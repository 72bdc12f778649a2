package e2e_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"gonghui/app/e2e/stack"
)

// crowd is a product of thirty counties of three provinces, for tests that look at all tenants or kill what serves them.
var crowd = begin()

var (
	gather   sync.Once
	counties []string
)

// thirty returns the product and the codes of its counties, each with an administrator.
func thirty(t *testing.T) (*run, []string) {
	t.Helper()
	r, err := crowd()
	if err != nil {
		t.Fatal(err)
	}
	gather.Do(func() {
		r.MustRun(t, "seed", "divisions")
		r.Provision(t)
		rows, err := r.SQL(t).Query(context.Background(), `select code from (
			select code, row_number() over (partition by left(code, 2) order by code desc) n from platform.body
			where level = 'county' and left(code, 2) in ('11', '44', '51')) c where n <= 10 order by code`)
		if err != nil {
			t.Fatal(err)
		}
		if counties, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || len(counties) != 30 {
			t.Fatalf("%d counties, want 30 (%v)", len(counties), err)
		}
		r.MustRun(t, append([]string{"tenant", "activate"}, counties...)...)
		r.Serve(t)
		var people []stack.Person
		for i, code := range counties {
			p := stack.Person{Body: code, Role: "admin", Name: "管理员" + code, Phone: "1385500" + code[:2] + string(rune('0'+i/10)) + string(rune('0'+i%10))}
			people = append(people, p)
			r.people["admin@"+code] = p
		}
		r.Enrol(t, people...)
	})
	if len(counties) != 30 || r.Server() == 0 {
		t.Fatal("the product did not come up")
	}
	return r, slices.Clone(counties)
}
