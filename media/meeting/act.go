package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// act does what a host or co-host asks for. What outlasts the connection is written first, and recorded. done answers who asked: before
// the end, after which nothing is said.
func (h *hall) act(ctx context.Context, by string, a *signalv1.Act, done func()) error {
	err := h.does(ctx, by, a, done)
	if err == nil && a.GetDo() != "end" {
		h.remember(ctx) // what was done holds on another node, too
		done()
	}
	return err
}

func (h *hall) does(ctx context.Context, by string, a *signalv1.Act, done func()) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.moving.Load() {
		return signal.Refuse(signal.ReasonMoved, "")
	}
	if h.over {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	if err := h.live.May(by, a); err != nil {
		return err
	}
	switch a.GetDo() {
	case "admit":
		return h.admit(ctx, a.GetParticipant())
	case "admit-all":
		for _, id := range h.live.Waits() {
			if err := h.admit(ctx, id); err != nil {
				return err
			}
		}
		return nil
	case "refuse":
		return h.refuse(ctx, a.GetParticipant())
	case "remove":
		return h.remove(ctx, a.GetParticipant())
	case "lock", "waiting-room":
		if err := h.setDoor(ctx, a); err != nil {
			return err
		}
	case "role":
		if err := h.setRole(ctx, a); err != nil {
			return err
		}
	case "end":
		return h.end(ctx, done)
	case "record":
		return h.record(ctx, by, a.GetOn())
	}
	return h.live.Act(by, a)
}

// decide writes what a host has decided about somebody.
func (h *hall) decide(ctx context.Context, act, id, state string) error {
	person, err := uuid.Parse(id)
	if err != nil {
		return signal.Refuse(signal.ReasonGone, "act.participant")
	}
	now := time.Now()
	return h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		err := h.write(ctx, tx, act, person, func(p *db.UpdatePersonParams) { p.State, p.DecidedAt = state, &now })
		if err == nil && state == stateIn {
			err = h.stay(ctx, tx, person)
		}
		return err
	})
}

// admit lets somebody in who waits.
func (h *hall) admit(ctx context.Context, id string) error {
	if err := h.decide(ctx, "meeting.admit", id, stateIn); err != nil {
		return err
	}
	who, door, waits := h.live.Call(id)
	if !waits {
		return nil
	}
	c := door.(*conn) // only connections of ours stand there
	p := db.MeetingPerson{ID: c.person, Name: who.Name, Post: who.Post, BodyName: who.Body, Role: who.Role, Home: c.home}
	if err := h.sit(c, &p, ""); err != nil {
		c.Close(live.Restart)
		return err
	}
	return nil
}

func (h *hall) refuse(ctx context.Context, id string) error {
	if err := h.decide(ctx, "meeting.refuse", id, stateRefused); err != nil {
		return err
	}
	if _, c, waits := h.live.Call(id); waits {
		c.Close(live.Refused)
	}
	return nil
}

func (h *hall) remove(ctx context.Context, id string) error {
	if err := h.decide(ctx, "meeting.remove", id, stateOut); err != nil {
		return err
	}
	h.out(uuid.MustParse(id), live.Removed)
	return nil
}

// setDoor writes whether somebody new comes in, and how.
func (h *hall) setDoor(ctx context.Context, a *signalv1.Act) error {
	act := "meeting.waiting_room"
	if a.GetDo() == "lock" {
		act = "meeting.lock"
	}
	return h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := h.s.sql.LockMeeting(ctx, tx, h.key.meeting)
		if err != nil {
			return err
		}
		seen, err := meetingNoun.See(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		arg := db.SetDoorParams{ID: m.ID, Locked: m.Locked, WaitingRoom: m.WaitingRoom}
		if a.GetDo() == "lock" {
			arg.Locked = a.GetOn()
		} else {
			arg.WaitingRoom = a.GetOn()
		}
		if err := h.s.sql.SetDoor(ctx, tx, arg); err != nil {
			return err
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: act})
	})
}

// setRole writes a role. Whom the host has made host leads while the meeting runs; what stays is that they may lead.
func (h *hall) setRole(ctx context.Context, a *signalv1.Act) error {
	role := a.GetRole()
	if role == live.Host {
		role = live.CoHost
	}
	person, err := uuid.Parse(a.GetParticipant())
	if err != nil {
		return signal.Refuse(signal.ReasonGone, "act.participant")
	}
	return h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return h.write(ctx, tx, "meeting.role", person, func(p *db.UpdatePersonParams) { p.Role = role })
	})
}

// end ends the meeting for all.
func (h *hall) end(ctx context.Context, done func()) error {
	err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := h.s.sql.LockMeeting(ctx, tx, h.key.meeting)
		if err != nil || m.State != running {
			return err
		}
		seen, err := meetingNoun.See(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if h.s.counted(ctx, tx, m.ID) != nil {
			return signal.Refuse(signal.ReasonState, "vote")
		}
		if _, err := h.s.end(ctx, tx, m.ID); err != nil {
			return err
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.end"})
	})
	if err != nil {
		return err
	}
	done()
	h.lastQuality()
	h.live.End(live.Ended)
	h.drop()
	return nil
}
