package tenant_test

import (
	"context"
	"testing"
	"time"

	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// TestNews hears what another process changes, and says so when it may have missed something.
func TestNews(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	db, err := tenant.Open(t.Context(), env.DB.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	heard := make(chan string, 100)
	db.News.On("body", func(key string) { heard <- key })
	go func() { _ = db.News.Run(t.Context()) }()
	next := func(when, want string) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		for {
			select {
			case key := <-heard:
				if key == want {
					return
				}
			case <-deadline:
				t.Fatalf("%s: %q was not heard", when, want)
			}
		}
	}
	rename := func() {
		t.Helper()
		err := env.DB.Platform(t.Context(), func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, "update platform.body set name = name || '.' where code = $1", b.Code)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	next("at first all may have been missed", "")
	if life := db.News.Life(); life != tenant.Heard {
		t.Errorf("answers live %v while news is heard", life)
	}
	rename()
	next("a change", b.Code)

	if n := env.Count(t, "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'gonghui news' and datname = current_database()"); n != 1 {
		t.Fatalf("%d connections listen", n)
	}
	next("a broken connection", "")
	if life := db.News.Life(); life != tenant.Unheard {
		t.Errorf("answers live %v while nothing is heard", life)
	}
	next("heard again, with a gap", "")
	rename()
	next("a change after the gap", b.Code)
}
