package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"

	"gonghui/app/kit/cnid"
)

// registry measures questions to the nation's registry of memberships.
func registry(ctx context.Context, w *world) error {
	bodies, err := w.bodies(ctx, 1)
	if err != nil {
		return err
	}
	b := bodies[0]
	if err := w.enter(ctx); err != nil {
		return err
	}
	ids, err := w.fillOne(ctx, b)
	if err != nil {
		return err
	}
	// Generated people stand in the registry by digests of their number in the crowd, in the order of the key: that is how a
	// nation would be loaded.
	if _, err := w.root.Exec(ctx, `insert into platform.membership (digest, body_id, member_id, live)
		select digest, $1, gen_random_uuid(), true from (
			select rtrim(translate(encode(sha256(('crowd ' || n)::bytea), 'base64'), '+/', '-_'), '=') as digest
			from generate_series(1, $2::bigint) n order by 1
		) crowd on conflict do nothing`, b.id, w.sizes.nation); err != nil {
		return err
	}
	if _, err := w.root.Exec(ctx, "vacuum analyze platform.membership"); err != nil {
		return err
	}
	here := w.people(w.sizes.searches)
	for _, row := range here[:len(here)/2] {
		if _, err := w.root.Exec(ctx, `insert into platform.membership (digest, body_id, member_id, live) values ($1, $2, gen_random_uuid(), true)
			on conflict do nothing`, w.ring.Digest("id_number", row.IdNumber), b.id); err != nil {
			return err
		}
	}
	question := func(r *rand.Rand) call {
		n := r.IntN(len(here))
		want := `"free"`
		if n < len(here)/2 {
			want = `"here"`
		}
		c := w.get(b.code, "/v1/members:check", want)
		c.method = http.MethodPost
		c.body, _ = json.Marshal(map[string]string{"idKind": cnid.CitizenID, "idNumber": here[n].IdNumber})
		return c
	}
	row := func(r *rand.Rand) call {
		id := ids[r.IntN(len(ids))]
		return w.plain("/members/"+b.code+"/"+id, id)
	}
	var product, floor []float64
	ask := func(into *[]float64, pick func(*rand.Rand) call) func(int) error {
		return func(round int) error {
			took, err := drive(ctx, searchWorkers, w.sizes.searches, uint64(round), pick)
			*into = append(*into, millis(percentile(took, 99)))
			return err
		}
	}
	if err := w.turns(ask(&product, question), ask(&floor, row)); err != nil {
		return err
	}
	w.report(figure(fmt.Sprintf("registry: is a person a member, among %d, 99th percentile", w.sizes.nation), median(product), "ms").over(median(floor)).atMost(100))
	return nil
}

// fillOne returns the ids of a body's members, who are entered if there are none yet.
func (w *world) fillOne(ctx context.Context, b body) ([]string, error) {
	err := w.fill(ctx, []body{b}, w.sizes.members)
	return w.members[b.code], err
}
