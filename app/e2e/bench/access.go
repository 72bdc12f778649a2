package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	"gonghui/tenant/directory"
)

// questionsOfCasbin is how often casbin is asked: one answer takes as long as a million of the product's.
const questionsOfCasbin = 20

// accesses measures the check before every call, for somebody with ten thousand grants of his own over the whole tree, and casbin's
// answers to the same questions from the same rows.
func accesses(ctx context.Context, w *world) error {
	command := []string{"seed", "divisions", "--townships"}
	if w.opt.Small {
		command = command[:2]
	}
	if _, err := w.run(ctx, command...); err != nil {
		return err
	}
	heard, stop := context.WithCancel(ctx)
	defer stop()
	go func() { _ = w.db.News.Run(heard) }()
	for w.db.News.Life() != tenant.Heard {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	who, err := w.decorated(ctx)
	if err != nil {
		return err
	}
	engine := access.EngineOf(w.db)
	at := tenant.WithSubject(tenant.With(ctx, &tenant.Tenant{ID: who.Body, On: map[string]bool{"member": true}}), who)
	at = access.With(at, engine)
	if err := access.Check(at, "member.read"); err != nil {
		return err
	}
	bodies, parents, err := w.tree(ctx)
	if err != nil {
		return err
	}
	rows, err := w.rows(ctx, who)
	if err != nil {
		return err
	}
	casbin, err := source.NewEnforcer(rows.Model(), parents)
	if err != nil {
		return err
	}
	name, moment := "identity:"+who.Identity.String(), source.Moment(time.Now())
	var onHost, anywhere, naive []float64
	for round := range w.sizes.rounds {
		pick := rand.New(rand.NewPCG(uint64(round), 4))
		places := make([]uuid.UUID, 4096)
		for i := range places {
			places[i] = bodies[pick.IntN(len(bodies))].ID
		}
		n := w.sizes.requests * 500
		begin := time.Now()
		for range n {
			_ = access.Check(at, "member.read")
		}
		onHost = append(onHost, float64(time.Since(begin))/float64(n))
		begin = time.Now()
		for i := range n {
			_ = access.LevelAt(at, "member.export", places[i%len(places)])
		}
		anywhere = append(anywhere, float64(time.Since(begin))/float64(n))
		begin = time.Now()
		for i := range questionsOfCasbin {
			got, err := casbin.Enforce(name, "member.export", places[i].String(), "1", moment, "use", "any")
			if err != nil {
				return err
			}
			if want := access.LevelAt(at, "member.export", places[i]) >= policy.Aggregate; got != want {
				return fmt.Errorf("casbin says %v of %s, the compiled policy %v", got, places[i], want)
			}
		}
		naive = append(naive, float64(time.Since(begin))/questionsOfCasbin)
	}
	w.report(figure(fmt.Sprintf("access: check on the host, %d bodies, %d grants", len(bodies), grantsOfOne), median(onHost), "ns").atMost(150))
	w.report(figure("access: check of any body, by the same person", median(anywhere), "ns").atMost(150))
	w.report(figure("access: casbin's Enforce from the same rows", median(naive), "ns").over(median(anywhere)).atLeastTimes(1000))
	return w.moves(ctx, engine, bodies)
}

// grantsOfOne is how many grants the person has.
const grantsOfOne = 10_000

// decorated is an officer of a county with ten thousand grants all over the tree.
func (w *world) decorated(ctx context.Context) (*tenant.Subject, error) {
	who := &tenant.Subject{Account: tenant.NewID(), Person: tenant.NewID(), Identity: tenant.NewID(), Session: tenant.NewID(), Name: "测量", Role: "officer"}
	if err := w.root.QueryRow(ctx, "select id from platform.body where level = 'county' order by md5(code) limit 1").Scan(&who.Body); err != nil {
		return nil, err
	}
	_, err := w.root.Exec(ctx, `
		insert into platform."grant" (id, body_id, subject_kind, subject_id, capability, anchor_id, scope, depth, level, effect, mode, valid_from, granted_name)
		select gen_random_uuid(), $2, 'identity', $1, (array['member.read', 'member.write', 'member.export', 'rollup.read'])[1 + n % 4], b.id,
			(array['body', 'subtree', 'industrial', 'body'])[1 + n / 4 % 4], n % 3, (array['aggregate', 'masked', 'full'])[1 + n % 3],
			case when n % 9 = 0 then 'deny' else 'allow' end, case when n % 9 = 0 then 'both' else 'use' end, now(), '测量'
		from (select row_number() over (order by md5(b.code)) as n, b.id from platform.body b where b.level <> 'national') b, generate_series(1, 40) again
		where (b.n + again) % 40 = 0 or b.n <= $3 / 40 limit $3`, who.Identity, who.Body, grantsOfOne)
	return who, err
}

// tree reads all bodies, for casbin as it stands in the tables.
func (w *world) tree(ctx context.Context) (bodies []policy.Body, parents *source.World, err error) {
	err = w.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		bodies, err = (&source.Adapter{DB: db}).Bodies(ctx)
		return err
	})
	parents = &source.World{Parents: map[string]map[string]string{"territorial": {}, "industrial": {}}, Led: map[string]string{}, Separated: map[string]bool{}}
	for _, b := range bodies {
		id := b.ID.String()
		parents.Led[id] = "territorial"
		if b.LedByIndustry {
			parents.Led[id] = "industrial"
		}
		for line, parent := range map[string]uuid.UUID{"territorial": b.Territorial, "industrial": b.Industrial} {
			if parent != uuid.Nil {
				parents.Parents[line][id] = parent.String()
			}
		}
	}
	return bodies, parents, err
}

func (w *world) rows(ctx context.Context, who *tenant.Subject) (rows *source.Rows, err error) {
	err = w.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		rows, _, err = access.Rows(ctx, db, who)
		return err
	})
	return rows, err
}

// moves takes a province to another place and measures how long it takes until decisions are made over the new tree: the index
// alone, and with the reading of all bodies.
func (w *world) moves(ctx context.Context, engine *access.Engine, bodies []policy.Body) error {
	var build, whole []float64
	for round := range w.sizes.rounds {
		begin := time.Now()
		policy.NewIndex(bodies)
		build = append(build, millis(time.Since(begin)))
		parent := []string{"000000", "110000"}[(round+1)%2]
		err := w.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			return directory.Move(ctx, db, "440000", "territorial", parent, nil, "")
		})
		if err != nil {
			return err
		}
		begin = time.Now()
		engine.Refresh(ctx)
		whole = append(whole, millis(time.Since(begin)))
	}
	w.report(figure(fmt.Sprintf("access: closure of %d bodies rebuilt after a move of a province", len(bodies)), median(build), "ms").atMost(100))
	w.report(figure("access: the same, with all bodies read from the tables", median(whole), "ms").atMost(100))
	return nil
}
