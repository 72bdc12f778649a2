package meeting

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protojson"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// seatKept is how long the place of who dropped out is kept.
const seatKept = 30 * time.Second

// patience is how long something in a meeting may take that nobody waits for.
const patience = 15 * time.Second

type hallKey struct{ body, meeting uuid.UUID }

// hall is a running meeting on this node. What is kept is written before it is shown; one thing at a time, in the order in which it was
// asked for.
type hall struct {
	s    *Service
	key  hallKey
	base context.Context // of the body, of nobody
	live *live.Meeting
	room string // among nodes, and on the media server before the term

	mu      sync.Mutex
	over    bool
	timers  map[uuid.UUID]*time.Timer
	board   board
	inside  inside
	quality qualities

	// Where there are other nodes; see nodes.go and move.go.
	term      atomic.Int32 // under which the meeting is written; 0: this process is alone
	stays     atomic.Bool  // what other nodes find of the meeting
	moving    atomic.Bool  // it goes on elsewhere
	keeping   sync.Mutex   // held by the one who keeps
	kept      uint64       // changes that others find, under keeping
	touched   time.Time    // so is this
	unsettled map[*conn]bool
	settled   chan struct{}
	taping    *taping // nil while nobody records
}

// there is the hall of a meeting of the body in the context; nil when nobody is in it.
func (s *Service) there(ctx context.Context, meeting uuid.UUID) *hall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halls[hallKey{tenant.From(ctx).ID, meeting}]
}

// enter is the hall of a meeting, opened for who comes first. The caller gets it locked.
func (s *Service) enter(ctx context.Context, m *db.Meeting) (*hall, error) {
	t := tenant.From(ctx)
	key := hallKey{t.ID, m.ID}
	for {
		s.mu.Lock()
		h := s.halls[key]
		fresh := h == nil
		if fresh {
			h = &hall{
				s: s, key: key, base: tenant.With(context.Background(), t), live: live.New(m.Title, *m.BeganAt, m.Locked, m.WaitingRoom),
				room: roomOf(t, m.ID), timers: map[uuid.UUID]*time.Timer{},
			}
			h.live.Later = h.later
			s.halls[key] = h
			h.mu.Lock()
		}
		s.mu.Unlock()
		if !fresh {
			h.mu.Lock()
			if h.over {
				h.mu.Unlock()
				continue
			}
			return h, nil
		}
		err := h.open(ctx, m)
		if err == nil {
			err = h.tapeOn(ctx)
		}
		if err != nil {
			h.stays.Store(true)
			h.drop()
			h.mu.Unlock()
			return nil, err
		}
		return h, nil
	}
}

// drop closes the hall for good. The caller holds the lock.
func (h *hall) drop() {
	h.over = true
	for _, t := range h.timers {
		t.Stop()
	}
	h.tapeOff(!h.stays.Load() && !h.moving.Load())
	h.forget()
	if h.inside.clock != nil {
		h.inside.clock.Stop()
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.s.halls[h.key] == h {
		delete(h.s.halls, h.key)
	}
}

// tidy closes the hall behind the last. The caller holds the lock.
func (h *hall) tidy() {
	if !h.over && h.live.Empty() {
		h.drop()
	}
}

// close ends the meeting for all who are in it; what is kept of it has been written.
func (h *hall) close(why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if why == live.Ended && !h.over {
		h.lastQuality()
	}
	h.live.End(why)
	if !h.over {
		h.drop()
	}
}

// restart ends it on this node.
func (h *hall) restart(ctx context.Context) {
	ctx, cancel := context.WithTimeout(tenant.With(ctx, tenant.From(h.base)), patience)
	defer cancel()
	h.stays.Store(true)
	err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := h.keepQuality(ctx, tx); err != nil {
			return err
		}
		return h.s.sql.EndStays(ctx, tx, db.EndStaysParams{MeetingID: h.key.meeting, At: time.Now()})
	})
	if err != nil {
		slog.Error("meeting: the stays of a meeting were not ended", "meeting", h.key.meeting, "error", err)
	}
	h.close(live.Restart)
}

func whoOf(p *db.MeetingPerson, role string) live.Who {
	return live.Who{ID: p.ID.String(), Name: p.Name, Post: p.Post, Body: p.BodyName, Guest: p.Home == "", Role: role}
}

// sit gives a connection its seat, on the media server and in the meeting. The caller holds the lock; that the person is in is written.
func (h *hall) sit(c *conn, p *db.MeetingPerson, message string) error {
	server, err := h.s.media.get()
	if err != nil {
		return err
	}
	seat, err := h.seat(server, c, p.ID.String(), h.live.Place(p.ID.String()), p.Role)
	if err != nil {
		return err
	}
	if t := h.timers[p.ID]; t != nil {
		t.Stop()
		delete(h.timers, p.ID)
	}
	who := whoOf(p, p.Role)
	who.Mark, who.Consent = c.claims.Mark, h.consentOf(p.ID.String(), p.Name)
	if !h.live.Enter(who, c, seat, h.joined(message, c)) {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	return nil
}

// answering is a message with the id that it answers.
func answering(id string, m *signalv1.FromServer) []byte {
	m.Id = id
	raw, err := protojson.Marshal(m)
	if err != nil {
		panic("meeting: " + err.Error()) // texts are checked where they come in
	}
	return raw
}

// stay writes that somebody is in from now on.
func (h *hall) stay(ctx context.Context, tx tenant.DBTX, person uuid.UUID) error {
	arg := db.BeginStayParams{MeetingID: h.key.meeting, ID: tenant.NewID(), PersonID: person, At: time.Now()}
	if room, err := uuid.Parse(h.live.Place(person.String())); err == nil {
		arg.RoomID = &room
	}
	return h.s.sql.BeginStay(ctx, tx, arg)
}

// lost keeps the place of somebody whose connection ended, for a while.
func (h *hall) lost(c *conn) {
	if h.moving.Load() {
		h.settle(c)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.live.Lost(c.person.String(), c) && !h.over {
		if t := h.timers[c.person]; t != nil {
			t.Stop()
		}
		h.timers[c.person] = time.AfterFunc(h.s.kept, func() { h.gaveUp(c.person) })
	}
	h.tidy()
}

func (h *hall) gaveUp(person uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.moving.Load() && h.live.Away(person.String()) {
		h.out(person, "")
	}
}

// left takes out who said goodbye.
func (h *hall) left(c *conn) {
	if h.moving.Load() {
		h.settle(c)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.live.Lost(c.person.String(), c) // from the door, too
	if h.live.Away(c.person.String()) {
		h.out(c.person, "")
	}
	h.tidy()
}

// out takes somebody out and writes the end of their stay, and who leads in the host's place. The caller holds the lock.
func (h *hall) out(person uuid.UUID, why string) {
	ctx, cancel := context.WithTimeout(h.base, patience)
	defer cancel()
	heir, was := h.live.Leave(person.String(), why)
	if !was {
		return
	}
	err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if heir != "" {
			if err := h.write(ctx, tx, "meeting.role", uuid.MustParse(heir), func(p *db.UpdatePersonParams) { p.Role = live.CoHost }); err != nil {
				return err
			}
		}
		if err := h.keepQuality(ctx, tx, person); err != nil {
			return err
		}
		return h.s.sql.EndStay(ctx, tx, db.EndStayParams{MeetingID: h.key.meeting, PersonID: person, At: time.Now()})
	})
	if err != nil {
		slog.Error("meeting: the end of a stay was not written", "meeting", h.key.meeting, "error", err)
	}
	h.tidy()
}

// write changes what is kept of somebody, and records it.
func (h *hall) write(ctx context.Context, tx tenant.DBTX, act string, person uuid.UUID, change func(*db.UpdatePersonParams)) error {
	old, err := h.s.sql.LockPerson(ctx, tx, db.LockPersonParams{MeetingID: h.key.meeting, ID: person})
	if err != nil {
		return err
	}
	p := db.UpdatePersonParams{
		ID: old.ID, SeatDigest: old.SeatDigest, Name: old.Name, BodyName: old.BodyName, Post: old.Post, Role: old.Role, State: old.State, DecidedAt: old.DecidedAt,
	}
	change(&p)
	if p.Role == old.Role && p.State == old.State {
		return nil
	}
	seen, err := personNoun.See(ctx, tx, person)
	if err != nil {
		return err
	}
	if _, err := h.s.sql.UpdatePerson(ctx, tx, p); err != nil {
		return err
	}
	return seen.Changed(ctx, tx, tenant.Act{Act: act})
}
