package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/pinyin"
	"gonghui/app/member"
)

// searchWorkers search at a time: one a core.
const searchWorkers = 2

// search measures searches in one large body.
func search(ctx context.Context, w *world) error {
	bodies, err := w.bodies(ctx, 1)
	if err != nil {
		return err
	}
	b := bodies[0]
	if err := w.enter(ctx); err != nil {
		return err
	}
	rows := w.people(w.sizes.crowd)
	var ids []string
	for chunk := range slices.Chunk(rows, 20_000) {
		made, err := member.Seed(b.context(ctx), operator{w}, chunk)
		if err != nil {
			return err
		}
		for _, id := range made {
			ids = append(ids, id.String())
		}
		fmt.Fprintf(w.opt.Progress, "bench: %d of %d members\n", len(ids), len(rows))
	}
	schema := w.db.Config().Role(b.code)
	if _, err := w.root.Exec(ctx, fmt.Sprintf("vacuum analyze %[1]s.member, %[1]s.member_search", schema)); err != nil {
		return err
	}
	found, err := w.root.Query(ctx, fmt.Sprintf("select member_no from %s.member", schema))
	if err != nil {
		return err
	}
	numbers, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return err
	}
	name := func(r *rand.Rand) []rune { return []rune(rows[r.IntN(len(rows))].Name) }
	queries := []func(r *rand.Rand) string{
		func(r *rand.Rand) string { return string(name(r)) },
		func(r *rand.Rand) string { return string(name(r)[:1]) },
		func(r *rand.Rand) string { return string(name(r)[1:]) },
		func(r *rand.Rand) string { return pinyin.PersonInitials(string(name(r))) },
		func(r *rand.Rand) string { return rows[r.IntN(len(rows))].Phone[7:] },
		func(r *rand.Rand) string { return numbers[r.IntN(len(numbers))] },
		func(r *rand.Rand) string { return numbers[r.IntN(len(numbers))][:11+r.IntN(5)] },
	}
	anySearch := func(r *rand.Rand) call {
		query := queries[r.IntN(len(queries))](r)
		return w.get(b.code, "/v1/members?query="+url.QueryEscape(query), `"memberNo"`)
	}
	anyRow := func(r *rand.Rand) call {
		id := ids[r.IntN(len(ids))]
		return w.plain("/members/"+b.code+"/"+id, id)
	}
	var product, floor []float64
	ask := func(into *[]float64, pick func(*rand.Rand) call) func(int) error {
		return func(round int) error {
			took, err := drive(ctx, searchWorkers, w.sizes.searches, uint64(round), pick)
			*into = append(*into, millis(percentile(took, 95)))
			return err
		}
	}
	if err := w.turns(ask(&product, anySearch), ask(&floor, anyRow)); err != nil {
		return err
	}
	w.report(figure(fmt.Sprintf("search: among %d members, 95th percentile", len(rows)), median(product), "ms").over(median(floor)).atMost(20))
	return nil
}
