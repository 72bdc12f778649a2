package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"sync"

	"github.com/google/uuid"

	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/cluster"
	"gonghui/tenant"
)

// boxes are the ballot boxes of this process, by meeting and ballot.
type boxes struct {
	mu  sync.Mutex
	all map[uuid.UUID]map[uuid.UUID]*ballot.Box
}

// of is the box of a ballot, made when it is first asked for.
func (b *boxes) of(meeting, vote uuid.UUID) *ballot.Box {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[uuid.UUID]map[uuid.UUID]*ballot.Box{}
	}
	if b.all[meeting] == nil {
		b.all[meeting] = map[uuid.UUID]*ballot.Box{}
	}
	if b.all[meeting][vote] == nil {
		b.all[meeting][vote] = &ballot.Box{}
	}
	return b.all[meeting][vote]
}

// in are the boxes of a meeting.
func (b *boxes) in(meeting uuid.UUID) map[uuid.UUID]*ballot.Box {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.all[meeting])
}

// drop forgets a box whose ballot is written or void.
func (b *boxes) drop(meeting, vote uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all[meeting], vote)
	if len(b.all[meeting]) == 0 {
		delete(b.all, meeting)
	}
}

// put puts a ballot that was checked into its box.
func (b *boxes) put(meeting uuid.UUID, one boxed) error {
	return b.of(meeting, one.Vote).Put(one.Receipt, one.Choice)
}

// boxesGo gives the boxes of a meeting that moves to the node where it goes on. One that does not arrive is not whole there: the pages of
// those who voted cast again.
func (h *hall) boxesGo(ctx context.Context, to cluster.Place) {
	meeting := h.key.meeting
	cargo := map[uuid.UUID]ballot.Cargo{}
	for vote, box := range h.s.boxes.in(meeting) {
		if c, err := box.Give(); err == nil {
			cargo[vote] = c
		}
	}
	if len(cargo) == 0 {
		return
	}
	raw, err := json.Marshal(cargo)
	if err == nil {
		ctx = tenant.With(ctx, tenant.From(h.base))
		_, err = h.s.nodes.Call(ctx, to, "/halls/"+meeting.String()+"/boxes", raw, noteOf(ctx))
	}
	if err != nil {
		slog.Warn("meeting: ballot boxes were not given to the other node", "meeting", meeting, "error", err)
	}
}

// boxesCome takes in the boxes of a meeting that has moved here; nobody may have come yet.
func (s *Service) boxesCome(ctx context.Context, meeting uuid.UUID, cargo map[uuid.UUID]ballot.Cargo) error {
	var term int32
	h := s.there(ctx, meeting)
	if h != nil {
		h.mu.Lock() // it may be about to open
		term = h.term.Load()
		h.mu.Unlock()
	}
	var errs []error
	for vote, c := range cargo {
		errs = append(errs, s.boxes.of(meeting, vote).Take(c, term))
		if h != nil {
			h.showSoon(vote)
		}
	}
	return errors.Join(errs...)
}

// boxesFollow notes that the meeting runs here under another term. The caller holds the lock.
func (h *hall) boxesFollow() {
	for _, box := range h.s.boxes.in(h.key.meeting) {
		box.Follow(h.term.Load())
	}
}

// unsure reports whether ballots that were cast may have been lost with a process: then the ballot is closed only when there is one for
// each right that was given.
func (h *hall) unsure(vote uuid.UUID) bool {
	return !h.s.boxes.of(h.key.meeting, vote).Whole(h.term.Load())
}
