package meeting

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/record"
	"gonghui/media/record/tape"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	recordRight = "meeting.record"
	// taped is how often a running recording says that it runs; silent is after how long without a word it does not.
	tapedBeat, tapedSilent = 10 * time.Second, 40 * time.Second
	// leftBeat is how often is looked for tapes that a process left when it went down.
	leftBeat = 15 * time.Second
	// storedWithin is how long a process that goes down waits for tapes to be stored.
	storedWithin = 8 * time.Second
	// mostSegments a recording has: stored has a bit for each.
	mostSegments = 60
)

// States of a recording.
const (
	recRecording = "recording"
	recWaiting   = "waiting"
	recComposing = "composing"
	recReady     = "ready"
	recFailed    = "failed"
	recCancelled = "cancelled"
)

// taping is a recording that runs in a hall. What is said of it changes under the hall's lock.
type taping struct {
	id       uuid.UUID
	place    *place
	rec      *record.Recorder
	consents map[string]string // by person
	shown    *signalv1.Recording
	stop     chan struct{}
}

// mayRecord reports whether the caller holds the right to record in the body.
func mayRecord(ctx context.Context) bool {
	me := tenant.SubjectFrom(ctx)
	return me != nil && me.App == uuid.Nil && access.Check(ctx, recordRight) == nil
}

// record begins or ends a recording. The caller holds the lock.
func (h *hall) record(ctx context.Context, by string, on bool) error {
	if !mayRecord(ctx) {
		return signal.Refuse(signal.ReasonRight, "act.do")
	}
	switch {
	case on == (h.taping != nil):
		return nil
	case !on:
		h.tapeOff(true)
		return nil
	}
	return h.tapeNew(ctx, by)
}

// tapeNew begins a recording. Who begins it agrees to it.
func (h *hall) tapeNew(ctx context.Context, by string) error {
	name := h.live.Names()[by]
	person, err := uuid.Parse(by)
	if err != nil {
		return signal.Refuse(signal.ReasonGone, "act.participant")
	}
	now := time.Now()
	t := &taping{id: tenant.NewID(), consents: map[string]string{by: live.Agreed}}
	t.shown = &signalv1.Recording{Id: t.id.String(), Began: now.UnixMilli(), By: name}
	if err := h.tape(t, 1); err != nil {
		return err
	}
	err = h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := h.s.sql.InsertRecording(ctx, tx, db.InsertRecordingParams{ID: t.id, MeetingID: h.key.meeting, At: now, ByName: name}); err != nil {
			return err
		}
		if err := h.s.putConsent(ctx, tx, t.id, person, true, now); err != nil {
			return err
		}
		if err := tenant.EnqueueIn(tx, settleAfter, settleJob, filming{t.id}); err != nil {
			return err
		}
		return recordingNoun.Made(ctx, tx, tenant.Act{Act: "meeting.recording.start"}, t.id)
	})
	if err != nil {
		return errors.Join(err, t.rec.Close(), t.place.clear())
	}
	h.tapeRuns(t)
	h.tapeRoom()
	return nil
}

// tapeOn goes on, in a hall that was just opened, with a recording that another process had begun: with one more segment of it. The caller
// holds the lock.
func (h *hall) tapeOn(ctx context.Context) error {
	var t *taping
	segment := 0
	now := time.Now()
	err := h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		t = nil
		running, err := h.s.sql.RunningRecording(ctx, tx, h.key.meeting)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && running.Segments >= mostSegments {
			return nil
		}
		if err != nil {
			return err
		}
		r, err := h.s.sql.LockRecording(ctx, tx, running.ID)
		if err != nil {
			return err
		}
		said, err := h.s.sql.ConsentsOf(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		t = &taping{id: r.ID, consents: map[string]string{}, shown: &signalv1.Recording{Id: r.ID.String(), Began: r.BeganAt.UnixMilli(), By: r.ByName}}
		for _, c := range said {
			t.consents[c.PersonID.String()] = consentWord(c.Agreed)
		}
		segment = int(r.Segments) + 1
		return h.s.sql.AddSegment(ctx, tx, db.AddSegmentParams{ID: r.ID, SeenAt: now})
	})
	if err != nil || t == nil {
		return err
	}
	if err := h.tape(t, segment); err != nil {
		// The meeting goes on without it; the job that looks after recordings notices that nobody writes.
		slog.Error("meeting: a recording was not gone on with", "recording", t.id, "error", err)
		return nil
	}
	h.tapeRuns(t)
	return nil
}

func consentWord(agreed bool) string {
	if agreed {
		return live.Agreed
	}
	return live.Declined
}

// tape puts a tape on the shelf and begins to write on it.
func (h *hall) tape(t *taping, segment int) error {
	body := tenant.From(h.base)
	t.place = &place{Body: body.ID, Code: body.Code, Name: body.Name, Meeting: h.key.meeting, Recording: t.id, Segment: segment}
	if err := h.s.shelf.put(t.place); err != nil {
		return err
	}
	var err error
	if t.rec, err = record.Begin(t.place.tape(), tape.Head{Meeting: h.live.Title(), Body: body.Name, Segment: segment}); err != nil {
		return errors.Join(err, t.place.clear())
	}
	return nil
}

// tapeRuns takes what is sent from now on, and tells everybody.
func (h *hall) tapeRuns(t *taping) {
	h.taping = t
	t.stop = make(chan struct{})
	for id, name := range h.live.Names() {
		if t.consents[id] == live.Agreed {
			t.rec.Agreed(id, name, true)
		}
	}
	h.live.Record(t.shown, t.consents)
	go h.tapeBeat(t)
}

// consentOf is what somebody said to the recording that runs; who agreed is recorded from now on.
func (h *hall) consentOf(id, name string) string {
	if h.taping == nil {
		return ""
	}
	said := h.taping.consents[id]
	if said == live.Agreed {
		h.taping.rec.Agreed(id, name, true)
	}
	return said
}

// tapeRoom takes from the room that the meeting has by now. The caller holds the lock; somebody is in the room.
func (h *hall) tapeRoom() {
	if h.taping == nil {
		return
	}
	server, err := h.s.media.get()
	if err == nil {
		err = h.taping.rec.Attach(server.Room(h.roomName("")))
	}
	if err != nil {
		slog.Error("meeting: nothing of the room is recorded", "recording", h.taping.id, "error", err)
	}
}

// tapeBeat says that the recording runs, and ends it when the disk fails.
func (h *hall) tapeBeat(t *taping) {
	tick := time.NewTicker(tapedBeat)
	defer tick.Stop()
	for {
		select {
		case <-t.stop:
			return
		case <-tick.C:
		}
		if err := t.rec.Err(); err != nil {
			slog.Error("meeting: a recording ended, for it cannot be written", "recording", t.id, "error", err)
			h.mu.Lock()
			if h.taping == t {
				h.tapeOff(true)
			}
			h.mu.Unlock()
			return
		}
		size, _ := t.rec.Size()
		ctx, cancel := context.WithTimeout(h.base, patience)
		err := h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return h.s.sql.BeatRecording(ctx, tx, db.BeatRecordingParams{ID: t.id, SeenAt: time.Now(), Size: size})
		})
		cancel()
		if err != nil {
			slog.Warn("meeting: a recording could not say that it runs", "recording", t.id, "error", err)
		}
	}
}

// tapeOff ends the tape; for good: the recording, too, else another process goes on with it. The caller holds the lock.
func (h *hall) tapeOff(forGood bool) {
	t := h.taping
	if t == nil {
		return
	}
	h.taping = nil
	close(t.stop)
	if err := t.rec.Close(); err != nil {
		slog.Error("meeting: the end of a tape was not written", "recording", t.id, "error", err)
	}
	if forGood {
		h.live.Record(nil, nil)
		ctx, cancel := context.WithTimeout(h.base, patience)
		defer cancel()
		err := h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return h.s.stopRecording(ctx, tx, h.key.meeting) })
		if err != nil {
			slog.Error("meeting: the end of a recording was not written", "recording", t.id, "error", err)
		}
	}
	h.s.storing.Go(func() { h.s.store(context.WithoutCancel(h.base), t.place) })
}

// stopRecording writes that the recording of a meeting has ended, when there is one that runs.
func (s *Service) stopRecording(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) error {
	running, err := s.sql.RunningRecording(ctx, tx, meeting)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := s.sql.LockRecording(ctx, tx, running.ID)
	if err != nil {
		return err
	}
	return s.stopped(ctx, tx, &r, time.Now())
}

// stopped writes that a recording has ended.
func (s *Service) stopped(ctx context.Context, tx tenant.DBTX, r *db.MeetingRecording, at time.Time) error {
	seen, err := recordingNoun.See(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	arg := settingOf(r)
	arg.State, arg.StoppedAt = recWaiting, &at
	if err := s.sql.SetRecording(ctx, tx, arg); err != nil {
		return err
	}
	if complete(r.Segments, r.Stored) {
		if err := tenant.Enqueue(tx, composeJob, filming{r.ID}); err != nil {
			return err
		}
	}
	return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.recording.stop"})
}

// complete reports whether all segments are in the store.
func complete(segments int16, stored int64) bool { return stored == 1<<segments-1 }

// settingOf is a row as it stands.
func settingOf(r *db.MeetingRecording) db.SetRecordingParams {
	return db.SetRecordingParams{
		ID: r.ID, State: r.State, StoppedAt: r.StoppedAt, SeenAt: r.SeenAt, Stored: r.Stored, Percent: r.Percent, Tries: r.Tries, Run: r.Run, Failure: r.Failure,
	}
}

// consent notes what somebody says to being recorded.
func (h *hall) consent(ctx context.Context, person uuid.UUID, agrees bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.taping
	if h.over || t == nil {
		return signal.Refuse(signal.ReasonState, "consent")
	}
	id := person.String()
	if t.consents[id] == consentWord(agrees) {
		return nil
	}
	now := time.Now()
	err := h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return h.s.putConsent(ctx, tx, t.id, person, agrees, now)
	})
	if err != nil {
		return err
	}
	t.consents[id] = consentWord(agrees)
	name, err := h.live.Consent(id, agrees)
	if err != nil {
		return err
	}
	t.rec.Agreed(id, name, agrees)
	return nil
}

func (s *Service) putConsent(ctx context.Context, tx tenant.DBTX, recording, person uuid.UUID, agrees bool, at time.Time) error {
	if err := s.sql.PutConsent(ctx, tx, db.PutConsentParams{RecordingID: recording, PersonID: person, Agreed: agrees, At: at}); err != nil {
		return err
	}
	tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.recording.consent", Kind: "meeting_person", Object: person.String(), Reason: consentWord(agrees)})
	return nil
}

// store brings a tape into the store and takes it off the shelf. What does not succeed is tried again by who finds it there.
func (s *Service) store(ctx context.Context, p *place) {
	if err := s.brings(ctx, p); err != nil {
		slog.Warn("meeting: a tape is not in the store yet", "recording", p.Recording, "segment", p.Segment, "error", err)
		p.release()
		return
	}
	if err := p.clear(); err != nil {
		slog.Warn("meeting: a tape stays on the shelf", "recording", p.Recording, "segment", p.Segment, "error", err)
	}
}

func (s *Service) brings(ctx context.Context, p *place) error {
	pieces, err := tape.Pieces(p.tape())
	if errors.Is(err, os.ErrNotExist) {
		pieces, err = nil, nil // it went down before anything was written
	}
	if err != nil {
		return err
	}
	for _, piece := range pieces {
		if err := s.putFile(ctx, tapeKey(p.Code, p.Recording, p.Segment)+filepath.Base(piece), piece); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.LockRecording(ctx, tx, p.Recording)
		if errors.Is(err, pgx.ErrNoRows) {
			// It was deleted meanwhile, or never came to be.
			return tenant.Enqueue(tx, eraseJob, filming{p.Recording})
		}
		if err != nil {
			return err
		}
		r.Stored |= 1 << (p.Segment - 1)
		if err := s.sql.SetRecording(ctx, tx, settingOf(&r)); err != nil {
			return err
		}
		switch {
		case r.State == recRecording:
			return tenant.EnqueueIn(tx, tapedSilent+5*time.Second, settleJob, filming{p.Recording})
		case r.State == recWaiting && complete(r.Segments, r.Stored):
			return tenant.Enqueue(tx, composeJob, filming{p.Recording})
		}
		return nil
	})
}

// putFile stores a file.
func (s *Service) putFile(ctx context.Context, key, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("meeting: storing: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("meeting: storing: %w", err)
	}
	return s.host.Files().Put(ctx, key, f, info.Size())
}

// recordingPrefix is where all that belongs to a recording is stored.
func recordingPrefix(code string, recording uuid.UUID) string {
	return "recordings/" + code + "/" + recording.String() + "/"
}

func tapeKey(code string, recording uuid.UUID, segment int) string {
	return fmt.Sprintf("%stapes/%02d/", recordingPrefix(code, recording), segment)
}

// stored waits a while for tapes that are on their way into the store. What does not get there stays on the shelf.
func (s *Service) stored() {
	done := make(chan struct{})
	go func() {
		s.storing.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(storedWithin):
	}
}

// adopt stores the tapes of processes that went down, until ctx ends.
func (s *Service) adopt(ctx context.Context) {
	tick := time.NewTicker(leftBeat)
	defer tick.Stop()
	for {
		left, err := s.shelf.left()
		if err != nil {
			slog.Warn("meeting: tapes that were left could not be looked for", "error", err)
		}
		for _, p := range left {
			s.store(tenant.With(ctx, p.tenant()), p)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
