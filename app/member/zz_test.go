package member

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
	memberv1 "gonghui/app/member/v1"

	"github.com/jackc/pgx/v5"
	"gonghui/tenant/pgtest"
)

func TestZZ(t *testing.T) {
	env := pgtest.Open(t)
	h := host{env: env}
	body := env.Body(t, nil)
	for chunk := range slices.Chunk(people(200_000), 20_000) {
		if _, err := Seed(body.Ctx, h, chunk); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	conn, _ := pgx.Connect(ctx, env.Admin)
	run := func(sql string) {
		res, err := conn.PgConn().Exec(ctx, sql).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range res {
			for _, row := range r.Rows {
				for _, v := range row {
					fmt.Print(string(v), " ")
				}
				fmt.Println()
			}
		}
	}
	run("set search_path = " + env.DB.Config().Role(body.Code))
	run("select relname, reltuples, relpages from pg_class where relname like 'member%' and relnamespace = current_schema()::regnamespace")

	for range 2 {
	req := &memberv1.ListMembersRequest{}
	srv := New(h)
	for i := range 20 {
		t0 := time.Now()
		r, err := srv.ListMembers(body.Ctx, req)
		if err != nil { t.Fatal(err) }
		fmt.Println("list", i, time.Since(t0))
		req.PageToken = r.NextPageToken
	}
	for i := range 10 {
		t0 := time.Now()
		r, err := srv.ListMembers(body.Ctx, &memberv1.ListMembersRequest{Query:"张"})
		if err != nil { t.Fatal(err) }
		fmt.Println("search", i, time.Since(t0), len(r.Members))
	}
	run("set plan_cache_mode = auto")
	run("explain (analyze, buffers) select id, name from member where id < 'ffffffff-ffff-ffff-ffff-ffffffffffff' and (state = 'active' or 'active' = 'all') order by id desc limit 51")
	run("analyze member; analyze member_search")
	}
}
