package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// workers of a closed loop: enough to keep two cores busy.
const workers = 8

// load is turns of one kind of requests.
type load struct {
	cpu, alone []float64 // of a turn: µs of CPU a request, and of it without Postgres
	p50, p99   []float64 // of a turn: ms
}

// turn drives one round of requests.
func (l *load) turn(ctx context.Context, w *world, workers, total, round int, server *process, pick func(*rand.Rand) call) error {
	var took []time.Duration
	before, err := usageOf(server.cmd.Process.Pid)
	if err != nil {
		return err
	}
	used, err := w.spent(func() (err error) {
		took, err = drive(ctx, workers, total, uint64(round), pick)
		return err
	}, server)
	if err != nil {
		return err
	}
	after, err := usageOf(server.cmd.Process.Pid)
	if err != nil {
		return err
	}
	l.cpu = append(l.cpu, micros(used)/float64(total))
	l.alone = append(l.alone, micros(after.own-before.own)/float64(total))
	l.p50 = append(l.p50, millis(percentile(took, 50)))
	l.p99 = append(l.p99, millis(percentile(took, 99)))
	return nil
}

// get measures one member's GET at a few bodies through the whole stack.
func get(ctx context.Context, w *world) error {
	bodies, err := w.ready(ctx, w.sizes.few)
	if err != nil {
		return err
	}
	var product, floor load
	whole := func(round, total int) error {
		return product.turn(ctx, w, workers, total, round, w.server, w.anyMember(bodies))
	}
	bare := func(round, total int) error {
		return floor.turn(ctx, w, workers, total, round, w.bare, w.anyBareMember(bodies))
	}
	for range 2 {
		if err := whole(99, 2*w.sizes.requests); err != nil {
			return err
		}
		if err := bare(99, 2*w.sizes.requests); err != nil {
			return err
		}
	}
	product, floor = load{}, load{}
	err = w.turns(func(round int) error { return whole(round, w.sizes.requests) }, func(round int) error { return bare(round, w.sizes.requests) })
	if err != nil {
		return err
	}
	w.report(figure("get: CPU a request", median(product.cpu), "µs").over(median(floor.cpu)).within(1.5))
	w.report(figure("get: of it without Postgres", median(product.alone), "µs").over(median(floor.alone)))
	w.report(figure("get: median time", median(product.p50), "ms").over(median(floor.p50)))
	w.report(figure("get: 99th percentile", median(product.p99), "ms").over(median(floor.p99)))
	return nil
}

// spread measures the same GET at all bodies against a few.
func spread(ctx context.Context, w *world) error {
	all, err := w.ready(ctx, w.sizes.bodies)
	if err != nil {
		return err
	}
	few := all[:min(w.sizes.few, len(all))]
	var wide, narrow load
	at := func(l *load, bodies []body) func(round, total int) error {
		return func(round, total int) error {
			return l.turn(ctx, w, workers, total, round, w.server, w.anyMember(bodies))
		}
	}
	over, under := at(&wide, all), at(&narrow, few)
	// A backend has to meet each of its bodies once before the figures mean anything.
	if err := over(99, w.sizes.requests+20*len(all)); err != nil {
		return err
	}
	if err := under(99, 2*w.sizes.requests); err != nil {
		return err
	}
	wide, narrow = load{}, load{}
	err = w.turns(func(round int) error { return over(round, w.sizes.requests) }, func(round int) error { return under(round, w.sizes.requests) })
	if err != nil {
		return err
	}
	name := fmt.Sprintf("spread: %d bodies against %d, ", len(all), len(few))
	w.report(figure(name+"CPU a request", median(wide.cpu), "µs").over(median(narrow.cpu)).within(1.3))
	w.report(figure(name+"of it without Postgres", median(wide.alone), "µs").over(median(narrow.alone)))
	w.report(figure(name+"median time", median(wide.p50), "ms").over(median(narrow.p50)))
	w.report(figure(name+"99th percentile", median(wide.p99), "ms").over(median(narrow.p99)).within(1.5))
	return nil
}

// ready returns n bodies, or all for 0, with members and a session in each.
func (w *world) ready(ctx context.Context, n int) ([]body, error) {
	bodies, err := w.bodies(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := w.enter(ctx); err != nil {
		return nil, err
	}
	return bodies, w.fill(ctx, bodies, w.sizes.members)
}

func (w *world) anyMember(bodies []body) func(*rand.Rand) call {
	return func(r *rand.Rand) call {
		b, id := w.draw(r, bodies)
		return w.get(b.code, "/v1/members/"+id, id)
	}
}

func (w *world) anyBareMember(bodies []body) func(*rand.Rand) call {
	return func(r *rand.Rand) call {
		b, id := w.draw(r, bodies)
		return w.plain("/members/"+b.code+"/"+id, id)
	}
}

func (w *world) draw(r *rand.Rand, bodies []body) (body, string) {
	b := bodies[r.IntN(len(bodies))]
	ids := w.members[b.code]
	return b, ids[r.IntN(len(ids))]
}
