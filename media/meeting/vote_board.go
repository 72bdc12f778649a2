package meeting

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"gonghui/media/meeting/internal/db"
	votev1 "gonghui/media/meeting/vote/v1"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// tellEvery is how often the page of everybody hears at most that more people have voted.
const tellEvery = time.Second

// board tells those in a meeting how its votes stand.
type board struct {
	mu   sync.Mutex
	soon map[uuid.UUID]bool
}

// show tells everybody in the meeting of a vote as it stands.
func (h *hall) show(ctx context.Context, vote uuid.UUID) {
	var m *votev1.Vote
	err := h.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := h.s.sql.GetVote(ctx, tx, vote)
		if err == nil {
			m, err = h.s.tellVote(ctx, tx, v, uuid.Nil)
		}
		return err
	})
	if err != nil {
		slog.Error("meeting: a vote was not shown", "meeting", h.key.meeting, "error", err)
		return
	}
	h.live.Tell(&signalv1.FromServer{What: &signalv1.FromServer_Vote{Vote: m}})
}

// showSoon is show for what changes often.
func (h *hall) showSoon(vote uuid.UUID) {
	h.board.mu.Lock()
	defer h.board.mu.Unlock()
	if h.board.soon[vote] {
		return
	}
	if h.board.soon == nil {
		h.board.soon = map[uuid.UUID]bool{}
	}
	h.board.soon[vote] = true
	time.AfterFunc(tellEvery, func() {
		h.board.mu.Lock()
		delete(h.board.soon, vote)
		h.board.mu.Unlock()
		ctx, cancel := context.WithTimeout(h.base, patience)
		defer cancel()
		h.show(ctx, vote)
	})
}

// changeVote sets how a vote stands, and records it. The caller has locked it.
func (s *Service) changeVote(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote, act string, change func()) error {
	seen, err := voteNoun.See(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	change()
	err = s.sql.SetVoteState(ctx, tx, db.SetVoteStateParams{
		State: v.State, Confirmed: v.Confirmed, OpenedAt: v.OpenedAt, ClosedAt: v.ClosedAt, Secret: v.Secret, MeetingID: v.MeetingID, ID: v.ID,
	})
	if err != nil {
		return err
	}
	return seen.Changed(ctx, tx, tenant.Act{Act: act})
}

// endVotes ends what is open with its meeting: ballots that were not closed are void.
func (s *Service) endVotes(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID, now time.Time) error {
	rows, err := s.sql.UndoneVotes(ctx, tx, meeting)
	if err != nil {
		return err
	}
	for i := range rows {
		v := &rows[i]
		act, state := "meeting.vote_end", voteDone
		if v.Kind == kindSecret {
			act, state = "meeting.vote_void", voteVoid
		}
		if err := s.changeVote(ctx, tx, v, act, func() { v.State, v.ClosedAt, v.Secret = state, &now, nil }); err != nil {
			return err
		}
		s.boxes.drop(meeting, v.ID)
	}
	return nil
}

// counted refuses to end a meeting with a ballot that is neither counted nor void.
func (s *Service) counted(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) error {
	n, err := s.sql.CountVotes(ctx, tx, meeting)
	if err == nil && n.Ballots > 0 {
		err = errBallot
	}
	return err
}
