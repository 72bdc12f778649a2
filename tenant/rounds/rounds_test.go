package rounds

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// Rounds go on over errors and end with the context.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := Run(ctx, "a test", 2, func(context.Context) (int, error) {
		n++
		switch n {
		case 1:
			return 2, nil // a whole batch
		case 2:
			return 0, errors.New("of a test")
		case 3:
			return 0, nil
		}
		cancel()
		return 0, ctx.Err()
	})
	if err != nil || n != 4 {
		t.Errorf("%d rounds, %v", n, err)
	}
}

// Of many processes one does the work of a night.
func TestANightIsClaimedOnce(t *testing.T) {
	t.Parallel()
	env := pgtest.Open(t)
	var mine atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ok, err := claim(context.Background(), env.DB, "a test 2026-11-22")
			if err != nil {
				t.Error(err)
			}
			if ok {
				mine.Add(1)
			}
		})
	}
	wg.Wait()
	if mine.Load() != 1 {
		t.Errorf("%d have claimed the night", mine.Load())
	}
	if ok, err := claim(t.Context(), env.DB, "a test 2026-11-23"); err != nil || !ok {
		t.Errorf("the next night: %t %v", ok, err)
	}
}
