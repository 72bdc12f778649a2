package identity

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
)

// However many come, no more than four are worked on at a time; who would wait too long hears so before any work is done.
func TestQueueBoundsWorkAndWaiting(t *testing.T) {
	t.Parallel()
	q := newQueue(4)
	q.cost.Store(int64(time.Second))
	release := make(chan struct{})
	var mu sync.Mutex
	var now, most, refused int
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			err := q.do(context.Background(), 10*time.Second, func() error {
				mu.Lock()
				now++
				most = max(most, now)
				mu.Unlock()
				<-release
				mu.Lock()
				now--
				mu.Unlock()
				return nil
			})
			if err != nil {
				mu.Lock()
				refused++
				mu.Unlock()
				if kerrors.Code(err) != 503 || reason(err) != "SIGN_IN_BUSY" {
					t.Errorf("a refusal is %v", err)
				}
			}
		})
	}
	// 4 are served and 40 wait for ten seconds: the other 156 are sent away while nothing has been done.
	eventually(t, "all but those who wait are refused", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return refused == 156
	})
	close(release)
	wg.Wait()
	if most != 4 {
		t.Errorf("%d at a time, want 4", most)
	}
}

func TestQueueDoesNotServeWhoIsGone(t *testing.T) {
	t.Parallel()
	q := newQueue(1)
	release, busy := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- q.do(context.Background(), 0, func() error { close(busy); <-release; return nil })
	}()
	<-busy
	ctx, gone := context.WithCancel(context.Background())
	gone()
	if err := q.do(ctx, time.Hour, func() error { t.Error("served"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := q.waiting.Load(); n != 0 {
		t.Errorf("%d are still counted", n)
	}
}

func TestNoPasswordMatchesNoHash(t *testing.T) {
	t.Parallel()
	if ok, err := PasswordMatches(context.Background(), "a password that nobody has", ""); ok || err != nil {
		t.Errorf("without a hash: %v, %v", ok, err)
	}
}
