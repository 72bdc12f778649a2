package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Job is work that was queued with Enqueue, run later in the context of the tenant that queued it. It may run more than
// once: after a crash, and after an error.
type Job func(ctx context.Context, args json.RawMessage) error

// jobArgs is what cell.enqueue writes; the tenant in it comes from the role.
type jobArgs struct {
	Name   string          `json:"name"`
	Tenant string          `json:"tenant"`
	Args   json.RawMessage `json:"args"`
}

// Kind implements river.JobArgs.
func (jobArgs) Kind() string { return "tenant_job" }

// housekeeping forgets idempotency keys when no client can be retrying any more.
type housekeeping struct{}

// Kind implements river.JobArgs.
func (housekeeping) Kind() string { return "housekeeping" }

// keysKept is how long an idempotency key is remembered.
const keysKept = 72 * time.Hour

// jobTimeout bounds one run of a job; the longest, an import of two million rows, takes some minutes.
const jobTimeout = time.Hour

// jobWorkers is how many jobs a process runs at a time.
const jobWorkers = 4

// jobPause is the least time between two looks into the queue: it bounds how many short jobs a process runs, to jobWorkers in each.
const jobPause = 10 * time.Millisecond

type jobWorker struct {
	river.WorkerDefaults[jobArgs]
	find func(ctx context.Context, code string) (*Tenant, error)
	jobs map[string]Job
}

// Timeout implements river.Worker.
func (w *jobWorker) Timeout(*river.Job[jobArgs]) time.Duration { return jobTimeout }

func (w *jobWorker) Work(ctx context.Context, j *river.Job[jobArgs]) error {
	job, ok := w.jobs[j.Args.Name]
	if !ok {
		return fmt.Errorf("no module here runs %q", j.Args.Name)
	}
	t, err := w.find(ctx, j.Args.Tenant)
	if err != nil {
		return err
	}
	return job(With(ctx, t), j.Args.Args)
}

type housekeeper struct {
	river.WorkerDefaults[housekeeping]
	db *DB
}

func (w *housekeeper) Work(ctx context.Context, _ *river.Job[housekeeping]) error {
	return w.db.Platform(ctx, func(ctx context.Context, db DBTX) error {
		_, err := db.Exec(ctx, "delete from cell.idempotency where at < $1", time.Now().Add(-keysKept))
		return err
	})
}

// Work runs queued jobs until ctx ends; jobs under way get ten seconds to finish. find turns a code into a tenant.
func (db *DB) Work(ctx context.Context, log *slog.Logger, find func(ctx context.Context, code string) (*Tenant, error), jobs map[string]Job) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, &jobWorker{find: find, jobs: jobs})
	river.AddWorker(workers, &housekeeper{db: db})
	me := NewID().String()
	beat := func() {
		if err := db.aliveAsWorker(ctx, me); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "jobs", "error", err)
		}
	}
	beat()
	client, err := db.startRiver(ctx, &river.Config{
		ID: me, Schema: "cell", Logger: log, Workers: workers,
		FetchCooldown: jobPause, FetchPollInterval: time.Second,
		ReindexerIndexNames: []string{}, // the indexes are the owner's, who does not serve
		Queues:              map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobWorkers}},
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(6*time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return housekeeping{}, nil }, nil)},
	})
	if err != nil || client == nil {
		return err
	}
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			beat()
		}
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := client.Stop(stop); err != nil {
		return client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return nil
}

// startRiver starts the queue, as soon as there is a database; it returns nil when ctx ends before that.
func (db *DB) startRiver(ctx context.Context, cfg *river.Config) (*river.Client[pgx.Tx], error) {
	for {
		client, err := river.NewClient(riverpgxv5.New(db.platform), cfg)
		if err != nil {
			return nil, err
		}
		if err = client.Start(context.WithoutCancel(ctx)); err == nil {
			return client, nil
		}
		cfg.Logger.WarnContext(ctx, "jobs: not started", "error", err)
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(again):
		}
	}
}

const (
	// pulse is how often a process says that it runs jobs.
	pulse = 2 * time.Second
	// silence is after how long without a pulse a process is taken for dead, and its jobs are given to others.
	silence = 10 * time.Second
)

// aliveAsWorker says that this process runs jobs, and puts the jobs of those that were killed back into the queue: river
// itself would leave them for an hour.
func (db *DB) aliveAsWorker(ctx context.Context, me string) error {
	return db.Platform(ctx, func(ctx context.Context, tx DBTX) error {
		_, err := tx.Exec(ctx, "insert into cell.worker (id, seen_at) values ($1, now()) on conflict (id) do update set seen_at = excluded.seen_at", me)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "delete from cell.worker where seen_at < now() - $1::interval", silence); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update cell.river_job set state = 'available', scheduled_at = now()
			where state = 'running' and attempted_at < now() - $1::interval
				and not exists (select from cell.worker w where w.id = attempted_by[array_upper(attempted_by, 1)])`, silence)
		return err
	})
}
