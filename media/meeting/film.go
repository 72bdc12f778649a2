package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/object"
	"gonghui/media/record"
	"gonghui/tenant"
)

const (
	composeJob = "meeting.recording.compose"
	settleJob  = "meeting.recording.settle"
	eraseJob   = "meeting.recording.erase"
	expireJob  = "meeting.recording.expire"

	// settleAfter is how often is looked whether a recording is still written.
	settleAfter = 5 * time.Minute
	// lostAfter is how long after the end of a recording a segment is waited for that is not in the store.
	lostAfter = 15 * time.Minute
	// composeFor is how long one run of the job works; then others get their turn.
	composeFor = 15 * time.Minute
	// composeBusy is after how long is asked again on a machine that makes another film.
	composeBusy = 20 * time.Second
	// composeTries are how often is tried before a recording counts as failed; composeAgain is after how long, times the number of tries.
	composeTries, composeAgain = 3, 30 * time.Second
	// progressEvery is how often progress is written.
	progressEvery = 2 * time.Second
	// expireStep is how far ahead a job looks at the longest.
	expireStep = 30 * 24 * time.Hour
)

// Why a film was not made.
const (
	failedTools = "tools"
	failedEmpty = "empty"
	failedDisk  = "disk"
	failedError = "error"
)

// filming is the argument of the jobs of a recording.
type filming struct {
	Recording uuid.UUID `json:"recording"`
}

// settleRecording looks after a recording: one that nobody writes any more has ended, and a segment that never came is not waited for.
func (s *Service) settleRecording(ctx context.Context, args json.RawMessage) error {
	var f filming
	if err := json.Unmarshal(args, &f); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.LockRecording(ctx, tx, f.Recording)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		now := time.Now()
		switch {
		case r.State == recRecording && now.Sub(r.SeenAt) > tapedSilent:
			if err := s.stopped(ctx, tx, &r, r.SeenAt); err != nil {
				return err
			}
			return tenant.EnqueueIn(tx, lostAfter+time.Minute, settleJob, f)
		case r.State == recRecording:
			return tenant.EnqueueIn(tx, settleAfter, settleJob, f)
		case r.State == recWaiting && !complete(r.Segments, r.Stored):
			if r.StoppedAt == nil || now.Sub(*r.StoppedAt) < lostAfter {
				return tenant.EnqueueIn(tx, settleAfter, settleJob, f)
			}
			arg := settingOf(&r)
			arg.Stored = 1<<r.Segments - 1
			if err := s.sql.SetRecording(ctx, tx, arg); err != nil {
				return err
			}
			return tenant.Enqueue(tx, composeJob, f)
		}
		return nil
	})
}

// errStopped ends a run whose recording was deleted, or its film called off.
var errStopped = errors.New("meeting: the film is not to be made any more")

// compose makes the film of a recording. It goes on where it was when it is run again; a machine makes one film at a time.
func (s *Service) compose(ctx context.Context, args json.RawMessage) error {
	var f filming
	if err := json.Unmarshal(args, &f); err != nil {
		return err
	}
	if !s.filming.TryLock() {
		return s.db.Tx(ctx, func(_ context.Context, tx tenant.DBTX) error { return tenant.EnqueueIn(tx, composeBusy, composeJob, f) })
	}
	defer s.filming.Unlock()
	run := tenant.NewID()
	var r db.MeetingRecording
	begin := false
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		begin = false
		if r, err = s.sql.LockRecording(ctx, tx, f.Recording); errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		now := time.Now()
		// Another run may be at it: one that says nothing any more has gone down.
		if r.State != recWaiting && (r.State != recComposing || now.Sub(r.SeenAt) < tapedSilent) || !complete(r.Segments, r.Stored) {
			return nil
		}
		begin = true
		arg := settingOf(&r)
		arg.State, arg.Run, arg.SeenAt, arg.Tries, arg.Failure = recComposing, &run, now, r.Tries+1, ""
		return s.sql.SetRecording(ctx, tx, arg)
	})
	if err != nil || !begin {
		return err
	}
	film, size, err := s.make(ctx, &r, run)
	return s.madeFilm(context.WithoutCancel(ctx), &r, run, film, size, err)
}

// make composes the film and stores it.
func (s *Service) make(ctx context.Context, r *db.MeetingRecording, run uuid.UUID) (film record.Film, size int64, err error) {
	code := tenant.From(ctx).Code
	prefix := recordingPrefix(code, r.ID)
	kind, err := record.Tools()
	if err != nil {
		return film, 0, err
	}
	if err := os.MkdirAll(s.shelf.dir, 0o700); err != nil {
		return film, 0, err
	}
	work, err := os.MkdirTemp(s.shelf.dir, "film-")
	if err != nil {
		return film, 0, err
	}
	defer os.RemoveAll(work)
	var title string
	if err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.GetMeeting(ctx, tx, r.MeetingID)
		title = m.Title
		return err
	}); err != nil {
		return film, 0, err
	}
	var tapes []string
	for segment := 1; segment <= int(r.Segments); segment++ {
		folder := filepath.Join(work, fmt.Sprintf("tape%02d", segment))
		n, err := s.fetch(ctx, tapeKey(code, r.ID, segment), folder)
		if err != nil {
			return film, 0, err
		}
		if n > 0 {
			tapes = append(tapes, folder)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var percent atomic.Int32
	done := make(chan struct{})
	defer close(done)
	go s.progress(ctx, r.ID, run, &percent, done, cancel)
	out := filepath.Join(work, filmName(kind))
	film, err = record.Compose(ctx, record.Options{
		Tapes: tapes, Work: work, Film: out, Title: title, Body: tenant.From(ctx).Name, Mark: "会议录制 · 画面中人员均已同意", Until: time.Now().Add(composeFor),
		Progress: func(part float64) { percent.Store(int32(part * 100)) },
		Have: func(ctx context.Context, name string) (bool, error) {
			err := s.fetchOne(ctx, prefix+"work/"+name, filepath.Join(work, name))
			if errors.Is(err, object.ErrNotFound) {
				return false, nil
			}
			return err == nil, err
		},
		Keep: func(ctx context.Context, name string) error {
			return s.putFile(ctx, prefix+"work/"+name, filepath.Join(work, name))
		},
	})
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return film, 0, err
	}
	info, err := os.Stat(out)
	if err != nil {
		return film, 0, err
	}
	return film, info.Size(), s.putFile(ctx, prefix+filmName(film.Kind), out)
}

// filmName is what a film is called in the store.
func filmName(kind record.Kind) string { return "film." + string(kind) }

// filmOf finds the film of a recording in the store: which kind it is depends on the machine that made it.
func (s *Service) filmOf(ctx context.Context, id uuid.UUID) (key string, kind record.Kind, size int64, err error) {
	for _, kind = range []record.Kind{record.MP4, record.WebM} {
		key = recordingPrefix(tenant.From(ctx).Code, id) + filmName(kind)
		var info object.Info
		if info, err = s.host.Files().Stat(ctx, key); !errors.Is(err, object.ErrNotFound) {
			return key, kind, info.Size, err
		}
	}
	return "", "", 0, err
}

// progress writes how far a film is, and ends its making when it is not wanted any more.
func (s *Service) progress(ctx context.Context, id, run uuid.UUID, percent *atomic.Int32, done <-chan struct{}, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			n, err := s.sql.ProgressRecording(ctx, tx, db.ProgressRecordingParams{ID: id, Run: &run, Percent: int16(min(percent.Load(), 99)), SeenAt: time.Now()})
			if err == nil && n == 0 {
				err = errStopped
			}
			return err
		})
		if errors.Is(err, errStopped) {
			cancel(errStopped)
			return
		}
		if err != nil && ctx.Err() == nil {
			slog.Warn("meeting: the progress of a film was not written", "recording", id, "error", err)
		}
	}
}

// fetch brings what is stored under a prefix into a folder, and returns how many files there are.
func (s *Service) fetch(ctx context.Context, prefix, folder string) (n int, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, err
	}
	for after := ""; ; {
		page, next, err := s.host.Files().List(ctx, prefix, after, 0)
		if err != nil {
			return n, err
		}
		for _, o := range page {
			if err := s.fetchOne(ctx, o.Key, filepath.Join(folder, path.Base(o.Key))); err != nil {
				return n, err
			}
			n++
		}
		if after = next; after == "" {
			return n, nil
		}
	}
}

func (s *Service) fetchOne(ctx context.Context, key, to string) error {
	in, err := s.host.Files().Get(ctx, key, 0, -1)
	if err != nil {
		return err
	}
	defer in.Close()
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// madeFilm writes what became of a film. Errors that may pass are tried again some times.
func (s *Service) madeFilm(ctx context.Context, was *db.MeetingRecording, run uuid.UUID, film record.Film, size int64, failed error) error {
	if errors.Is(failed, errStopped) {
		return nil
	}
	if failed != nil && !errors.Is(failed, record.ErrMore) {
		slog.Warn("meeting: a film was not made", "recording", was.ID, "error", failed)
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.LockRecording(ctx, tx, was.ID)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && (r.State != recComposing || r.Run == nil || *r.Run != run) {
			return nil
		}
		if err != nil {
			return err
		}
		if failed == nil {
			if err := s.sql.FinishRecording(ctx, tx, db.FinishRecordingParams{ID: r.ID, Seconds: int32(film.Length.Seconds() + 0.5), Size: size, People: int32(film.People)}); err != nil {
				return err
			}
			if err := s.enqueueExpire(ctx, tx, r.ID, r.StoppedAt); err != nil {
				return err
			}
			// What the film was made of is not needed any more.
			return tenant.EnqueueIn(tx, time.Minute, eraseJob, filming{r.ID})
		}
		arg := settingOf(&r)
		arg.Run = nil
		switch {
		case errors.Is(failed, record.ErrMore), errors.Is(failed, context.Canceled):
			// Its time is up, or the process goes down: another run goes on.
			arg.State, arg.Tries = recWaiting, r.Tries-1
			if err := tenant.Enqueue(tx, composeJob, filming{r.ID}); err != nil {
				return err
			}
		case errors.Is(failed, record.ErrTools):
			arg.State, arg.Failure = recFailed, failedTools
		case errors.Is(failed, record.ErrEmpty):
			arg.State, arg.Failure = recFailed, failedEmpty
		case r.Tries < composeTries:
			arg.State = recWaiting
			if err := tenant.EnqueueIn(tx, time.Duration(r.Tries)*composeAgain, composeJob, filming{r.ID}); err != nil {
				return err
			}
		case errors.Is(failed, syscall.ENOSPC):
			arg.State, arg.Failure = recFailed, failedDisk
		default:
			arg.State, arg.Failure = recFailed, failedError
		}
		if arg.State == recFailed {
			if err := s.enqueueExpire(ctx, tx, r.ID, r.StoppedAt); err != nil {
				return err
			}
		}
		return s.sql.SetRecording(ctx, tx, arg)
	})
}

// erase deletes what is stored of a recording that is deleted, or, of one whose film is there, all but the film.
func (s *Service) erase(ctx context.Context, args json.RawMessage) error {
	var f filming
	if err := json.Unmarshal(args, &f); err != nil {
		return err
	}
	gone, ready := false, false
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.GetRecording(ctx, tx, f.Recording)
		gone = errors.Is(err, pgx.ErrNoRows)
		ready = err == nil && r.State == recReady
		if gone {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	prefix := recordingPrefix(tenant.From(ctx).Code, f.Recording)
	var parts []string
	switch {
	case gone:
		parts = []string{prefix}
	case ready:
		parts = []string{prefix + "tapes/", prefix + "work/"}
	}
	for _, part := range parts {
		for {
			page, _, err := s.host.Files().List(ctx, part, "", 0)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			for _, o := range page {
				if err := s.host.Files().Delete(ctx, o.Key); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// keepDays is for how many days the body keeps recordings.
func (s *Service) keepDays(ctx context.Context, tx tenant.DBTX) (int, error) {
	days, err := s.sql.KeepDays(ctx, tx)
	return int(days), err
}

func (s *Service) enqueueExpire(ctx context.Context, tx tenant.DBTX, id uuid.UUID, stopped *time.Time) error {
	days, err := s.keepDays(ctx, tx)
	if err != nil || stopped == nil {
		return err
	}
	wait := time.Until(stopped.AddDate(0, 0, days))
	return tenant.EnqueueIn(tx, max(min(wait, expireStep), 0)+time.Second, expireJob, filming{id})
}

// expire deletes a recording whose time has come; one that is kept, or whose time was put off, is looked at again.
func (s *Service) expire(ctx context.Context, args json.RawMessage) error {
	var f filming
	if err := json.Unmarshal(args, &f); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.LockRecording(ctx, tx, f.Recording)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && (r.StoppedAt == nil || r.Kept) {
			return nil // who lets it go again has it looked at
		}
		if err != nil {
			return err
		}
		days, err := s.keepDays(ctx, tx)
		if err != nil {
			return err
		}
		if r.State == recWaiting || r.State == recComposing || time.Now().Before(r.StoppedAt.AddDate(0, 0, days)) {
			return s.enqueueExpire(ctx, tx, r.ID, r.StoppedAt)
		}
		return s.deleteRecording(ctx, tx, r.ID, func(seen tenant.Seen) {
			seen.Gone(ctx, tx, tenant.Act{Act: "meeting.recording.expire"})
		})
	})
}

// deleteRecording deletes a row, and has what is stored deleted; note records it.
func (s *Service) deleteRecording(ctx context.Context, tx tenant.DBTX, id uuid.UUID, note func(seen tenant.Seen)) error {
	seen, err := recordingNoun.See(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := s.sql.DeleteRecording(ctx, tx, id); err != nil {
		return err
	}
	if err := tenant.Enqueue(tx, eraseJob, filming{id}); err != nil {
		return err
	}
	note(seen)
	return nil
}
