package menu

import (
	"context"
	"testing"
	"time"

	"gonghui/tenant"
	menuv1 "gonghui/tenant/menu/v1"
	"gonghui/tenant/pgtest"
)

// What is set in one process is in force in another within five seconds, though that keeps menus in memory; the figure
// is the time it took.
func TestOtherProcessesHear(t *testing.T) {
	s := open(t)
	far, err := tenant.Open(context.Background(), s.env.DB.Config())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- far.News.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		far.Close()
	})
	there := &stage{Service: New(far), env: s.env}
	until := func(what, want string) {
		t.Helper()
		start := time.Now()
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for there.keys(t, s.city, "admin", Console) != want || far.News.Life() != tenant.Heard {
			if time.Since(start) > 5*time.Second {
				t.Fatalf("not within five seconds: %s", what)
			}
			<-tick.C
		}
		t.Logf("%s after %v", what, time.Since(start))
	}
	until("the product's own", all)
	hide := func(b *pgtest.Body, key string) {
		t.Helper()
		_, err := s.set(b, Console, "", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by[key].Hidden = true })
		if err != nil {
			t.Fatal(err)
		}
	}
	hide(s.city, "books")
	until("the body's own change", "home cash access menus settings")
	hide(s.nation, "cash")
	if _, err := s.PublishMenu(s.nation.Ctx, &menuv1.PublishMenuRequest{Place: Console, Version: 1}); err != nil {
		t.Fatal(err)
	}
	until("what a body above handed down", "home access menus settings")
	if _, err := s.WithdrawMenu(s.nation.Ctx, &menuv1.WithdrawMenuRequest{Place: Console}); err != nil {
		t.Fatal(err)
	}
	until("taken back", "home cash access menus settings")
}
