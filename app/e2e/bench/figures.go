package bench

import (
	"context"
	"math/rand/v2"

	"gonghui/tenant/directory/division"
)

// figures measures the national page of headquarters: its figures with their trends, and the ranked provinces. The time is
// what a client on the same machine sees, one request at a time, and so is above the server's own.
func figures(ctx context.Context, w *world) error {
	if _, err := w.ready(ctx, w.sizes.few); err != nil {
		return err
	}
	const metric = "member.active"
	for _, page := range []struct {
		name string
		call call
	}{
		{"figures: nation, 95th percentile", w.get(hq, "/v1/figures/"+division.NationCode, metric)},
		{"figures: provinces ranked, 95th percentile", w.get(hq, "/v1/figures/"+division.NationCode+"/children?metric="+metric, `"rows"`)},
	} {
		row := w.plain("/figure/"+division.NationCode+"/"+metric, "Subtree")
		var product, floor []float64
		ask := func(into *[]float64, c call) func(int) error {
			return func(round int) error {
				took, err := drive(ctx, 1, w.sizes.pages, uint64(round), func(*rand.Rand) call { return c })
				*into = append(*into, millis(percentile(took, 95)))
				return err
			}
		}
		if err := w.turns(ask(&product, page.call), ask(&floor, row)); err != nil {
			return err
		}
		w.report(figure(page.name, median(product), "ms").over(median(floor)).atMost(5))
	}
	return nil
}
