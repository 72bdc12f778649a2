package meeting

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	planned   = "planned"
	running   = "live"
	ended     = "ended"
	cancelled = "cancelled"

	passwordColumn = "meeting.password"
	keyColumn      = "meeting.guest_key"

	closeJob = "meeting.close"
	// overtime is how long a meeting goes on without anybody in it after its planned end.
	overtime = 30 * time.Minute
	// furthest is how far ahead meetings are planned.
	furthest = 2 * 366 * 24 * time.Hour
)

// plan is what a request says of a meeting, checked.
type plan struct {
	*meetingv1.Plan
	title        string
	starts, ends time.Time
	identities   []uuid.UUID
	names, roles []string
	homes        []string
	targets      []target
	series       *series
	arranged
}

// readPlan checks a plan. A start is in the future, or within the last minutes.
func (s *Service) readPlan(ctx context.Context, in *meetingv1.Plan, now, was time.Time) (p plan, err error) {
	p.Plan = in
	if p.title, err = field.Required("plan.title", in.GetTitle()); err != nil {
		return p, err
	}
	p.starts = now
	if in.GetStartsAt() != nil {
		if err := in.GetStartsAt().CheckValid(); err != nil {
			return p, fault.Field("plan.startsAt", "时间无效", "this is no time")
		}
		p.starts = in.GetStartsAt().AsTime()
	}
	p.starts = p.starts.Truncate(time.Second)
	switch {
	case p.starts.Equal(was):
	case p.starts.Before(now.Add(-10 * time.Minute)):
		return p, errEarlier
	case p.starts.After(now.Add(furthest)):
		return p, errLater
	}
	p.ends = p.starts.Add(time.Duration(in.GetMinutes()) * time.Minute)
	if p.series, err = readRepeat(in.GetRepeat(), p.starts); err != nil {
		return p, err
	}
	if p.arranged, err = readArranged(in); err != nil {
		return p, err
	}
	if err := s.readInvitees(ctx, &p); err != nil {
		return p, err
	}
	return p, s.readTargets(ctx, &p)
}

// readInvitees looks up who is invited by name.
func (s *Service) readInvitees(ctx context.Context, p *plan) error {
	ids := make([]string, 0, len(p.GetInvitees()))
	seen := map[string]bool{}
	for _, i := range p.GetInvitees() {
		id := strings.ToLower(i.GetIdentityId())
		if seen[id] {
			return errTwice
		}
		seen[id] = true
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, &identityv1.ListPeopleRequest{IdentityIds: ids})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, f := range found.GetPeople() {
		names[f.GetIdentityId()] = f.GetName()
	}
	var others []uuid.UUID
	for n, i := range p.GetInvitees() {
		id, err := field.ID("plan.invitees", ids[n])
		if err != nil {
			return err
		}
		p.identities, p.names, p.homes = append(p.identities, id), append(p.names, names[ids[n]]), append(p.homes, "")
		p.roles = append(p.roles, i.GetRole())
		if names[ids[n]] == "" {
			others = append(others, id)
		}
	}
	away, err := s.readAway(ctx, others)
	if err != nil || len(away) != len(others) {
		return cmp.Or(err, error(errInvitee))
	}
	for n, id := range p.identities {
		if who, is := away[id]; is {
			p.names[n], p.homes[n] = who.Name, who.Home
		}
	}
	return nil
}

func (s *Service) sealPassword(plain string) *string {
	if plain == "" {
		return nil
	}
	sealed := s.keys.Seal(passwordColumn, plain)
	return &sealed
}

// number is ten random digits, the first not 0: one in nine thousand million.
func number() string {
	n, err := rand.Int(rand.Reader, big.NewInt(9_000_000_000))
	if err != nil {
		panic(err) // the system has no randomness
	}
	return fmt.Sprint(n.Int64() + 1_000_000_000)
}

// CreateMeeting plans a meeting, or begins one at once.
func (s *Service) CreateMeeting(ctx context.Context, in *meetingv1.CreateMeetingRequest) (*meetingv1.Meeting, error) {
	me := tenant.SubjectFrom(ctx)
	if me.App != uuid.Nil {
		return nil, errSignIn
	}
	now := time.Now()
	p, err := s.readPlan(ctx, in.GetPlan(), now, time.Time{})
	if err != nil {
		return nil, err
	}
	arg := db.InsertMeetingParams{
		Title: p.title, StartsAt: p.starts, EndsAt: p.ends, State: planned, OpenTo: p.GetOpenTo(), WaitingRoom: p.GetWaitingRoom(), Audience: p.GetAudience(),
		Password: s.sealPassword(p.GetPassword()), GuestKey: s.keys.Seal(keyColumn, rand.Text()), HostID: me.Identity, HostName: me.Name,
	}
	if in.GetInstant() {
		p.series, p.reminders = nil, reminders{} // who is called to come at once is not reminded
		arg.StartsAt, arg.EndsAt = now.Truncate(time.Second), now.Truncate(time.Second).Add(p.ends.Sub(p.starts))
		arg.State, arg.BeganAt = running, &now
	}
	reply := &meetingv1.Meeting{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, in, reply, func() error {
			m, err := s.insert(ctx, tx, arg)
			if err != nil {
				return err
			}
			if err := s.invite(ctx, tx, m.ID, &p); err != nil {
				return err
			}
			if p.GetWatermark() {
				if err := s.sql.SetWatermark(ctx, tx, db.SetWatermarkParams{MeetingID: m.ID, Watermark: true}); err != nil {
					return err
				}
			}
			if err := meetingNoun.Made(ctx, tx, tenant.Act{Act: "meeting.create"}, m.ID); err != nil {
				return err
			}
			if m.State == running {
				if err := enqueueClose(tx, &m, now); err != nil {
					return err
				}
			}
			if p.series != nil {
				if err := s.insertSeries(ctx, tx, &m, arg, &p); err != nil {
					return err
				}
			}
			if err := s.arrange(ctx, tx, &m, &p, p.series != nil); err != nil {
				return err
			}
			if err := s.tellAll(ctx, tx, m.ID, nil, p.series != nil); err != nil {
				return err
			}
			// Password and link do not rest beside the idempotency key.
			fill(reply, &meetingv1.Meeting{Id: m.ID.String()})
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return s.GetMeeting(ctx, &meetingv1.GetMeetingRequest{Id: reply.GetId()})
}

// insert finds a number that is free.
func (s *Service) insert(ctx context.Context, tx tenant.DBTX, arg db.InsertMeetingParams) (m db.Meeting, err error) {
	for range 5 {
		arg.ID, arg.Number = tenant.NewID(), number()
		m, err = s.sql.InsertMeeting(ctx, tx, arg)
		if !errors.Is(err, pgx.ErrNoRows) {
			break
		}
	}
	return m, err
}

// own locks a meeting that the caller may change.
func (s *Service) own(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (m db.Meeting, err error) {
	m, err = s.sql.LockMeeting(ctx, tx, id)
	if err != nil {
		return m, orNot(err, errNoMeeting)
	}
	if !mayManage(ctx, &m) {
		if access.Check(ctx, "meeting.read") != nil && m.OpenTo == "invited" {
			return m, errNoMeeting
		}
		return m, errNotHost
	}
	return m, nil
}

// mayManage reports whether the caller holds the meeting, or may do so for others.
func mayManage(ctx context.Context, m *db.Meeting) bool {
	me := tenant.SubjectFrom(ctx)
	return me != nil && me.App == uuid.Nil && (me.Identity == m.HostID && access.Check(ctx, "meeting.host") == nil || access.Check(ctx, "meeting.manage") == nil)
}

// UpdateMeeting replaces the plan.
func (s *Service) UpdateMeeting(ctx context.Context, in *meetingv1.UpdateMeetingRequest) (*meetingv1.Meeting, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var was time.Time
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.own(ctx, tx, id)
		was = m.StartsAt
		return err
	})
	if err != nil {
		return nil, err
	}
	p, err := s.readPlan(ctx, in.GetPlan(), time.Now(), was)
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.Meeting{}
	err = s.change(ctx, id, "meeting.update", reply, func(ctx context.Context, tx tenant.DBTX, m *db.Meeting) (db.Meeting, error) {
		switch {
		case m.Version != in.GetVersion():
			return *m, errStale
		case m.State != planned && m.State != running:
			return *m, errOver
		case m.State == running && !p.starts.Equal(m.StartsAt):
			return *m, errState
		}
		told, err := s.tellings(ctx, tx, id)
		if err != nil {
			return *m, err
		}
		if err := s.invite(ctx, tx, id, &p); err != nil {
			return *m, err
		}
		if err := s.sql.SetWatermark(ctx, tx, db.SetWatermarkParams{MeetingID: m.ID, Watermark: p.GetWatermark()}); err != nil {
			return *m, err
		}
		after, err := s.sql.UpdateMeeting(ctx, tx, db.UpdateMeetingParams{
			ID: id, Title: p.title, StartsAt: p.starts, EndsAt: p.ends, OpenTo: p.GetOpenTo(), WaitingRoom: p.GetWaitingRoom(), Audience: p.GetAudience(),
			Password: s.sealPassword(p.GetPassword()),
		})
		if err == nil && in.GetFollowing() {
			err = s.changeFollowing(ctx, tx, m, &after, &p)
		}
		if err == nil {
			err = s.arrange(ctx, tx, &after, &p, in.GetFollowing())
		}
		if err != nil {
			return *m, err
		}
		return after, s.tellAll(ctx, tx, id, told, in.GetFollowing())
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx, id, "changed", changed{reply.GetTitle(), reply.GetWaitingRoom(), reply.GetWatermark()})
	return reply, nil
}

// change does an act on a meeting that the caller may manage, and records it.
func (s *Service) change(ctx context.Context, id uuid.UUID, act string, reply *meetingv1.Meeting, f func(context.Context, tenant.DBTX, *db.Meeting) (db.Meeting, error)) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.own(ctx, tx, id)
		if err != nil {
			return err
		}
		seen, err := meetingNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		after, err := f(ctx, tx, &m)
		if err != nil {
			return err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: act}); err != nil {
			return err
		}
		return s.answer(ctx, tx, reply, &after)
	})
}

// CancelMeeting calls a planned meeting off.
func (s *Service) CancelMeeting(ctx context.Context, in *meetingv1.CancelMeetingRequest) (*meetingv1.Meeting, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.Meeting{}
	err = s.change(ctx, id, "meeting.cancel", reply, func(ctx context.Context, tx tenant.DBTX, m *db.Meeting) (db.Meeting, error) {
		if m.State != planned {
			return *m, errState
		}
		now := time.Now()
		if in.GetFollowing() {
			if err := s.cancelFollowing(ctx, tx, id, now); err != nil {
				return *m, err
			}
		}
		if err := s.clearPapers(ctx, tx, id); err != nil {
			return *m, err
		}
		after, err := s.sql.CloseMeeting(ctx, tx, db.CloseMeetingParams{ID: id, State: cancelled, EndedAt: &now})
		if err != nil {
			return *m, err
		}
		return after, s.tellAll(ctx, tx, id, nil, in.GetFollowing())
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// StartMeeting opens a planned meeting.
func (s *Service) StartMeeting(ctx context.Context, in *meetingv1.StartMeetingRequest) (*meetingv1.Meeting, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.Meeting{}
	err = s.change(ctx, id, "meeting.start", reply, func(ctx context.Context, tx tenant.DBTX, m *db.Meeting) (db.Meeting, error) {
		if m.State != planned {
			return *m, errState
		}
		return s.begin(ctx, tx, m)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// begin makes a planned meeting a running one.
func (s *Service) begin(ctx context.Context, tx tenant.DBTX, m *db.Meeting) (db.Meeting, error) {
	now := time.Now()
	if err := enqueueClose(tx, m, now); err != nil {
		return *m, err
	}
	if err := s.enqueueResolve(ctx, tx, m.ID); err != nil {
		return *m, err
	}
	return s.sql.BeginMeeting(ctx, tx, db.BeginMeetingParams{ID: m.ID, BeganAt: &now})
}

// EndMeeting ends a running meeting for all.
func (s *Service) EndMeeting(ctx context.Context, in *meetingv1.EndMeetingRequest) (*meetingv1.Meeting, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.Meeting{}
	err = s.change(ctx, id, "meeting.end", reply, func(ctx context.Context, tx tenant.DBTX, m *db.Meeting) (db.Meeting, error) {
		if m.State != running {
			return *m, errState
		}
		if err := s.counted(ctx, tx, id); err != nil {
			return *m, err
		}
		return s.end(ctx, tx, id)
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx, id, "close", live.Ended)
	return reply, nil
}

// end writes the end of a meeting and of everybody's stay.
func (s *Service) end(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (db.Meeting, error) {
	now := time.Now()
	if err := s.sql.EndStays(ctx, tx, db.EndStaysParams{MeetingID: id, At: now}); err != nil {
		return db.Meeting{}, err
	}
	if err := s.endVotes(ctx, tx, id, now); err != nil {
		return db.Meeting{}, err
	}
	if err := s.stopRecording(ctx, tx, id); err != nil {
		return db.Meeting{}, err
	}
	if err := s.countHeld(ctx, tx, id); err != nil {
		return db.Meeting{}, err
	}
	return s.sql.CloseMeeting(ctx, tx, db.CloseMeetingParams{ID: id, State: ended, EndedAt: &now})
}

// closing is the argument of the job that ends what nobody ended.
type closing struct {
	Meeting uuid.UUID `json:"meeting"`
}

func enqueueClose(tx tenant.DBTX, m *db.Meeting, now time.Time) error {
	return tenant.EnqueueIn(tx, max(m.EndsAt.Sub(now), 0)+overtime, closeJob, closing{m.ID})
}

// closeForgotten ends a meeting whose time is over and in which nobody is; it looks again later while somebody is.
func (s *Service) closeForgotten(ctx context.Context, args json.RawMessage) error {
	var c closing
	if err := json.Unmarshal(args, &c); err != nil {
		return err
	}
	present, err := s.presentIn(ctx, c.Meeting)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.LockMeeting(ctx, tx, c.Meeting)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && m.State != running {
			return nil
		}
		if err != nil {
			return err
		}
		if now := time.Now(); present > 0 || now.Before(m.EndsAt.Add(overtime)) {
			return enqueueClose(tx, &m, now)
		}
		seen, err := meetingNoun.See(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if _, err := s.end(ctx, tx, m.ID); err != nil {
			return err
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.end"})
	})
}
