package meeting

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"gonghui/media/meeting/cluster"
	"gonghui/media/meeting/live"
	"gonghui/media/signal/token"
	signalv1 "gonghui/media/signal/v1"
)

const (
	// movesWithin is how long people have to come to the other node before this one lets go of them.
	movesWithin = 10 * time.Second
	// movesAtOnce is how many meetings move at the same time.
	movesAtOnce = 8
	// drainWithin is how long a process that ends takes to give its meetings away.
	drainWithin = 30 * time.Second
	// drainAgain is how often a node that is to be empty looks for another that takes its meetings.
	drainAgain = 5 * time.Second
)

// giveAway empties the node for as long as an operator wants it empty.
func (s *Service) giveAway() {
	go func() {
		again := time.NewTicker(drainAgain)
		defer again.Stop()
		for s.nodes.Draining() && s.nodes.Holds() {
			ctx, cancel := context.WithTimeout(context.Background(), drainWithin)
			s.drain(ctx)
			cancel()
			<-again.C
		}
	}()
}

// drain moves all meetings of this node to others, as far as there are any that take them.
func (s *Service) drain(ctx context.Context) {
	var wg sync.WaitGroup
	free := make(chan struct{}, movesAtOnce)
	for _, h := range s.all() {
		wg.Go(func() {
			select {
			case free <- struct{}{}:
			case <-ctx.Done():
				return
			}
			defer func() { <-free }()
			if err := s.move(ctx, h); err != nil {
				slog.Warn("meeting: a meeting was not moved", "meeting", h.key.meeting, "error", err)
			}
		})
	}
	wg.Wait()
}

// move gives a meeting to another node: its people are told, take their seats there while they still have those here, and say when they
// need these no more.
func (s *Service) move(ctx context.Context, h *hall) error {
	self, ok, err := s.nodes.Where(ctx, h.room)
	if err != nil {
		return err
	}
	if !ok || !self.Here {
		return cluster.ErrMoved
	}
	to, err := s.nodes.Least(ctx, &self)
	if err != nil {
		return err
	}
	s.parting.Add(1)
	defer s.parting.Done()
	settled, err := h.leave(ctx, to)
	if err != nil || settled == nil {
		return err
	}
	late := time.NewTimer(movesWithin)
	defer late.Stop()
	select {
	case <-settled:
	case <-late.C:
	case <-ctx.Done():
	}
	h.close(live.Moved)
	h.mu.Lock()
	defer h.mu.Unlock()
	s.leaving.Add(-int64(len(h.unsettled)))
	clear(h.unsettled)
	return nil
}

// leave hands the meeting over and tells everybody. What is returned is closed when nobody needs this node any more; nil: there is
// nobody.
func (h *hall) leave(ctx context.Context, to cluster.Place) (<-chan struct{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over || h.moving.Load() {
		return nil, nil
	}
	h.moving.Store(true) // from here on nothing changes
	raw, _ := h.live.Save()
	if err := h.s.nodes.Hand(ctx, h.room, to, raw, h.live.Present()); err != nil {
		h.moving.Store(false)
		if errors.Is(err, cluster.ErrLease) || errors.Is(err, cluster.ErrMoved) {
			h.cut()
			go h.close(live.Restart)
		}
		return nil, err
	}
	for _, t := range h.timers {
		t.Stop()
	}
	h.s.mu.Lock()
	delete(h.s.halls, h.key) // it may come back before the last one is gone
	h.s.mu.Unlock()
	h.boxesGo(ctx, to)
	in, door := h.live.Connected()
	h.unsettled = map[*conn]bool{}
	h.settled = make(chan struct{})
	for _, p := range in {
		c := p.Conn.(*conn) // only connections of ours sit there
		if err := c.follow(); err != nil {
			slog.Error("meeting: somebody was not led to the other node", "meeting", h.key.meeting, "error", err)
			c.Close(live.Restart)
			continue
		}
		h.unsettled[c] = true
		h.s.leaving.Add(1)
	}
	for _, c := range door {
		c.Close(live.Restart)
	}
	if len(h.unsettled) == 0 {
		close(h.settled)
	}
	return h.settled, nil
}

// follow tells a page where the meeting goes on, with a token for its seat there.
func (c *conn) follow() error {
	now := time.Now()
	claims := c.claims
	claims.Expires = now.Add(token.Longest)
	text, err := c.s.tokens.Make(claims, now)
	if err != nil {
		return err
	}
	raw, err := protojson.Marshal(&signalv1.FromServer{What: &signalv1.FromServer_Moved{Moved: &signalv1.Moved{
		Token: text, Room: claims.Room, Socket: "/v1/meetings/" + c.meeting.String() + "/signal",
	}}})
	if err != nil {
		return err
	}
	c.Push(raw)
	return nil
}

// settle notes that somebody needs this node no more.
func (h *hall) settle(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.unsettled[c] {
		return
	}
	delete(h.unsettled, c)
	h.s.leaving.Add(-1)
	if len(h.unsettled) == 0 {
		close(h.settled)
	}
}

// finish lets everybody in a meeting go when the process ends: to other nodes as long as there are any, otherwise their pages come back.
func (s *Service) finish(ctx context.Context) {
	if s.nodes != nil {
		within, cancel := context.WithTimeout(ctx, drainWithin)
		s.nodes.Refuse(within)
		s.drain(within)
		cancel()
		s.parting.Wait() // bounded by what one move may take
	}
	var wg sync.WaitGroup
	for _, h := range s.all() {
		wg.Go(func() { h.restart(ctx) })
	}
	wg.Wait()
}
