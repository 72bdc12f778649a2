package builder

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant"
)

// errCancelled ends the work on a build that somebody has cancelled, or that another worker has finished.
var errCancelled = errors.New("builder: the build is not under way any more")

const (
	// shownEvery is how often a running build writes its log down for those who watch; a short one does so once, at its end.
	shownEvery = 250 * time.Millisecond
	// maxLines bounds a log: what is tried again and again says no more.
	maxLines = 120
)

// line is one of a build's log.
type line struct {
	At       int32  `json:"at"` // milliseconds since the build began to run
	Step     string `json:"step"`
	Zh       string `json:"zh"`
	En       string `json:"en"`
	Progress int32  `json:"progress"`
}

// journal takes up the log of a build. A nil one takes up nothing.
type journal struct {
	db    *tenant.DB
	build uuid.UUID
	begin time.Time

	mu    sync.Mutex
	lines []line
}

func (j *journal) add(step string, progress int32, zh, en string) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) < maxLines {
		j.lines = append(j.lines, line{int32(min(time.Since(j.begin).Milliseconds(), 1<<30)), step, zh, en, progress})
	}
}

// json is the log as it is kept, and how far the build has come.
func (j *journal) json() (raw []byte, progress int32, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) > 0 {
		progress = j.lines[len(j.lines)-1].Progress
	}
	raw, err = json.Marshal(j.lines)
	return raw, progress, err
}

// watched writes the log down from time to time until stop is called, and ends the work when the build was cancelled.
func (j *journal) watched(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(shownEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := j.write(ctx); errors.Is(err, errCancelled) {
				cancel(err)
			}
		}
	}()
	return ctx, func() { cancel(nil); <-done }
}

func (j *journal) write(ctx context.Context) error {
	raw, progress, err := j.json()
	if err != nil {
		return err
	}
	return j.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		tag, err := db.Exec(ctx, "update platform.app_build set log = $2, progress = $3 where id = $1 and state = 'running'", j.build, raw, progress)
		if err == nil && tag.RowsAffected() == 0 {
			err = errCancelled
		}
		return err
	})
}
