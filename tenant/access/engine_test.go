package access

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// TestAHelperIsKeptTwice has somebody act at home and as a helper elsewhere in turns: neither pushes the other out.
func TestAHelperIsKeptTwice(t *testing.T) {
	env := pgtest.Open(t)
	home, helped := env.Registered(t), env.Registered(t)
	e := EngineOf(env.DB)
	e.Refresh(context.Background())
	at := *tenant.SubjectFrom(home.Ctx)
	away := at
	away.Body, away.BodyCode, away.Role = helped.ID, helped.Code, "officer"
	away.Assist = &tenant.Assist{Grant: uuid.New(), Body: home.ID, Until: time.Now().Add(time.Hour)}
	var first [2]*kept
	for i := range 6 {
		for n, s := range []*tenant.Subject{&at, &away} {
			r, err := e.of(context.Background(), s)
			if err != nil {
				t.Fatal(err)
			}
			if r.Home(product().ID("access.read")) > None != (n == 0) {
				t.Errorf("round %d: the rights of the other", i)
			}
			k := e.lookup(key(s))
			if first[n] == nil {
				first[n] = k
			}
			if k != first[n] {
				t.Errorf("round %d: loaded again", i)
			}
		}
	}
}

// TestTheIndexFollowsWithAndWithoutAKeeper founds a body and asks for it, while somebody keeps the index and after he has stopped.
func TestTheIndexFollowsWithAndWithoutAKeeper(t *testing.T) {
	env := pgtest.Open(t)
	e := EngineOf(env.DB)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx)
	}()
	top := env.Registered(t)
	e.Refresh(ctx)
	below := func(body uuid.UUID) bool {
		e.moved() // what the news of it does
		deadline := time.NewTimer(10 * time.Second)
		defer deadline.Stop()
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			if _, err := e.of(context.Background(), tenant.SubjectFrom(top.Ctx)); err != nil {
				t.Fatal(err)
			}
			if yes, err := e.Below(context.Background(), top.ID, body); err != nil || yes {
				return err == nil
			}
			select {
			case <-deadline.C:
				return false
			case <-tick.C:
			}
		}
	}
	if !below(env.RegisteredUnder(t, top).ID) {
		t.Error("a keeper does not bring the index up to date")
	}
	cancel()
	<-done
	if !below(env.RegisteredUnder(t, top).ID) {
		t.Error("without a keeper nobody brings the index up to date")
	}
	// News of what was read already reads nothing again; what leaves everything where it is leaves the index as it is.
	before := e.trees.Load()
	e.Refresh(context.Background())
	if e.trees.Load() != before {
		t.Error("nothing has changed, and all bodies are read again")
	}
	err := env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, "update platform.directory_version set version = version + 1")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Refresh(context.Background())
	if after := e.trees.Load(); after == before || after.Index != before.Index {
		t.Error("the same bodies have another index")
	}
}
