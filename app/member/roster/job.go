package roster

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/sheet"
	"gonghui/tenant"
)

// Jobs of an import. The work is one job, whatever there is to do; the same job, queued some seconds ahead whenever the lease
// is prolonged, is the watchdog: it finds the lease fresh and ends, or finds it over and goes on with the work. So whoever
// is killed is followed within seconds, and a watchdog that is killed itself has another one behind it.
const (
	workJob  = "member.import"
	lapseJob = "member.import.lapse"
)

const (
	// beat is how often a lease, which lasts 5 s, is prolonged.
	beat = 2 * time.Second
	// watch is when the next watchdog looks: after the lease is over.
	watch = 5500 * time.Millisecond
	// maxAttempts is how often the work is taken up without getting ahead before the import fails.
	maxAttempts = 10
	// unlinger is how long faults of a finished import are kept.
	unlinger = 30 * 24 * time.Hour
)

// task is the argument of both jobs.
type task struct {
	Import uuid.UUID `json:"import"`
}

// start queues the work on an import.
func start(tx tenant.DBTX, id uuid.UUID) error {
	if err := tenant.Enqueue(tx, workJob, task{id}); err != nil {
		return err
	}
	return tenant.EnqueueIn(tx, watch, workJob, task{id})
}

// Jobs are the jobs of imports by name.
func (s *Service) Jobs() map[string]tenant.Job {
	with := func(do func(ctx context.Context, id uuid.UUID) error) tenant.Job {
		return func(ctx context.Context, raw json.RawMessage) error {
			var t task
			if err := json.Unmarshal(raw, &t); err != nil {
				return err
			}
			return do(ctx, t.Import)
		}
	}
	return map[string]tenant.Job{workJob: with(s.work), lapseJob: with(s.lapse)}
}

// errLost ends the work of whom somebody else has followed, or whose import was cancelled or mapped anew.
var errLost = errors.New("import: the lease is lost")

// worker is one go at an import.
type worker struct {
	*Service
	id     uuid.UUID // of the import
	me     uuid.UUID
	row    *db.Import
	counts map[string]int64 // faults by kind
}

// work does whatever the state of an import asks for.
func (s *Service) work(ctx context.Context, id uuid.UUID) error {
	row, err := s.get(ctx, id)
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	switch row.State {
	case checking, committing:
	case done:
		return s.forget(ctx, id, true)
	case cancelled, failed:
		return s.forget(ctx, id, false)
	default:
		return nil
	}
	w := &worker{Service: s, id: id, me: tenant.NewID()}
	mine, err := w.seize(ctx)
	if err != nil || !mine {
		return err
	}
	if w.row.Attempts > maxAttempts {
		return w.fail(ctx, "多次尝试后仍未完成，请重新上传", "it did not come through after several tries; upload the file again")
	}
	name := w.row.ActorName
	ctx = tenant.WithSubject(ctx, subject(w.row, name))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go w.prolong(ctx, cancel)
	do := w.check
	if w.row.State == committing {
		do = w.commit
	}
	err = do(ctx)
	if cause := context.Cause(ctx); errors.Is(err, errLost) || errors.Is(cause, errLost) {
		return nil
	}
	var refused *sheet.Error
	if errors.As(err, &refused) {
		return w.fail(ctx, refused.Zh, refused.En)
	}
	if err != nil {
		return err
	}
	// What was checked waits for a person; what was entered leaves rows to forget.
	if w.row.State == committing {
		return s.forget(ctx, id, true)
	}
	return nil
}

// subject is who did the last step by hand: the work is done in that name.
func subject(row *db.Import, name string) *tenant.Subject {
	who := &tenant.Subject{Name: name}
	if row.ActorAccount != nil && row.ActorIdentity != nil {
		who.Account, who.Identity = *row.ActorAccount, *row.ActorIdentity
	}
	return who
}

// seize takes the lease if it is free, and queues the watchdog.
func (w *worker) seize(ctx context.Context) (mine bool, err error) {
	err = w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n, err := w.sql.SeizeImport(ctx, tx, db.SeizeImportParams{ID: w.id, Worker: &w.me})
		if err != nil || n == 0 {
			mine = false
			return err
		}
		row, err := w.sql.GetImport(ctx, tx, w.id)
		if err != nil {
			return err
		}
		w.row, mine = &row, true
		w.counts = decode[map[string]int64](row.Faults)
		return tenant.EnqueueIn(tx, watch, workJob, task{w.id})
	})
	return mine, err
}

// prolong keeps the lease until the work ends, and ends the work when the lease is lost.
func (w *worker) prolong(ctx context.Context, stop context.CancelCauseFunc) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			n, err := w.sql.KeepImport(ctx, tx, db.KeepImportParams{ID: w.id, Worker: &w.me})
			if err != nil {
				return err
			}
			if n == 0 {
				return errLost
			}
			return tenant.EnqueueIn(tx, watch, workJob, task{w.id})
		})
		switch {
		case errors.Is(err, errLost):
			stop(errLost)
			return
		case err != nil && ctx.Err() == nil:
			slog.WarnContext(ctx, "import: the lease was not prolonged", "import", w.id, "error", err)
		}
	}
}

// holding turns the count of a guarded update into its meaning.
func holding(n int64, err error) error {
	if err == nil && n == 0 {
		return errLost
	}
	return err
}

// fail ends the import with a reason.
func (w *worker) fail(ctx context.Context, zh, en string) error {
	err := w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := w.sql.LockImport(ctx, tx, w.id)
		if err != nil {
			return err
		}
		if row.Worker == nil || *row.Worker != w.me {
			return errLost
		}
		return w.end(ctx, tx, w.id, failed, zh, en)
	})
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}

// lapse ends an import that nobody has finished, and forgets what is left of one that was.
func (s *Service) lapse(ctx context.Context, id uuid.UUID) error {
	var ended bool
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.sql.LockImport(ctx, tx, id)
		if err != nil {
			return err
		}
		ended = row.EndedAt != nil && time.Since(*row.EndedAt) > unlinger-time.Hour
		if open(row.State) {
			return s.end(ctx, tx, id, cancelled, "超过七天没有完成，已自动取消", "it was not finished within seven days and was cancelled")
		}
		return nil
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil || !ended {
		return err
	}
	return s.forget(ctx, id, false)
}

// forget removes file and rows of an import that has ended; faults may be kept for the file of corrections. Claims of one
// that came to nothing are given back.
func (s *Service) forget(ctx context.Context, id uuid.UUID, keepFaults bool) error {
	if !keepFaults {
		if err := claim.Release(ctx, s.db, id); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.sql.DropParts(ctx, tx, id); err != nil {
			return err
		}
		n, err := s.sql.DropRows(ctx, tx, db.DropRowsParams{ImportID: id, KeepFaults: keepFaults})
		if err != nil || n == 0 || !keepFaults {
			return err
		}
		return tenant.EnqueueIn(tx, unlinger, lapseJob, task{id})
	})
}
