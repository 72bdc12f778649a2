package meeting

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	orgv1 "gonghui/app/org/v1"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/signal/token"
	"gonghui/tenant"
)

// States of somebody who comes. Who was refused or sent out stands at the door again, whatever the door is set to.
const (
	stateIn      = "in"
	stateWaiting = "waiting"
	stateRefused = "refused"
	stateOut     = "out"
)

const (
	// refusedFor is how long who was refused does not knock again.
	refusedFor = time.Minute
	// mostPeople come to a meeting.
	mostPeople = 5000
	// guestHome stands in the token of a guest in the place of a body.
	guestHome = "guest"
)

// comer is who wants to come in.
type comer struct {
	identity               *uuid.UUID // nil for a guest
	seat                   string     // digest of what the page keeps; empty for who has a session here
	home, name, body, post string
	role                   string // by the plan
	named                  bool   // invited by name, or has shown the key: no password is asked
	session                string
	mark                   string   // what they see over everything; made where it is asked for
	staff                  bool     // of another body, and works for it
	above                  []string // codes of the bodies above the own one
}

// postOf is what an officer of the body is called after the name; empty for others.
func (s *Service) postOf(ctx context.Context, me *tenant.Subject) (string, error) {
	if me.Ref == uuid.Nil || me.Role == "member" || me.Assist != nil {
		return "", nil
	}
	held, err := orgv1.NewOrgServiceClient(s.conn("org")).HeldPosts(ctx, &orgv1.HeldPostsRequest{OfficerId: me.Ref.String()})
	if err != nil || len(held.GetPosts()) == 0 {
		return "", err
	}
	return held.GetPosts()[0].GetName(), nil
}

// JoinMeeting lets somebody of the body come.
func (s *Service) JoinMeeting(ctx context.Context, in *meetingv1.JoinMeetingRequest) (*meetingv1.JoinReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	me, t := tenant.SubjectFrom(ctx), tenant.From(ctx)
	if me.App != uuid.Nil {
		return nil, errSignIn
	}
	if err := s.mayTry(ctx); err != nil {
		return nil, err
	}
	post, err := s.postOf(ctx, me)
	if err != nil {
		return nil, err
	}
	c := comer{identity: &me.Identity, home: t.Code, name: me.Name, body: t.Name, post: post, session: me.Session.String(), mark: me.Name}
	if me.Assist != nil {
		c.home, c.body = me.BodyCode, me.Assist.BodyName
	}
	var m db.Meeting
	var p db.MeetingPerson
	var option *db.MeetingOption
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		var err error
		if m, err = s.sql.LockMeeting(ctx, tx, id); err != nil {
			return orNot(err, errNoMeeting)
		}
		if err := s.standing(ctx, tx, &m, &c); err != nil {
			return err
		}
		old, err := absent(s.sql.PersonByIdentity(ctx, tx, db.PersonByIdentityParams{MeetingID: m.ID, IdentityID: c.identity}))
		if err != nil {
			return err
		}
		if option, err = absent(s.sql.GetOption(ctx, tx, id)); err != nil {
			return err
		}
		p, err = s.come(ctx, tx, &m, c, old, in.GetPassword())
		return err
	})
	if err != nil {
		return nil, s.tried(ctx, err)
	}
	if option != nil && option.Watermark {
		if c.mark, err = s.markOf(ctx); err != nil {
			return nil, err
		}
	}
	return s.joinReply(ctx, &m, &p, c, "")
}

// standing finds out what somebody with a place in the body is in the meeting.
func (s *Service) standing(ctx context.Context, tx tenant.DBTX, m *db.Meeting, c *comer) error {
	roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: *c.identity, Meetings: []uuid.UUID{m.ID}})
	if err != nil {
		return err
	}
	invited := ""
	if len(roles) > 0 {
		invited = roles[0].Role
	}
	if c.role = planRole(m, *c.identity, invited); c.role == "" {
		return errNoMeeting
	}
	c.named = invited != "" || c.role == live.Host
	return nil
}

// JoinAsGuest lets somebody come who has no session on this host.
func (s *Service) JoinAsGuest(ctx context.Context, in *meetingv1.JoinAsGuestRequest) (*meetingv1.JoinReply, error) {
	if err := open(ctx); err != nil {
		return nil, err
	}
	if err := s.mayTry(ctx); err != nil {
		return nil, err
	}
	name, err := field.Line("name", in.GetName())
	if err != nil {
		return nil, err
	}
	body, err := field.Line("body", in.GetBody())
	if err != nil {
		return nil, err
	}
	var from *pass
	if in.GetPass() != "" {
		if from, err = s.usePass(ctx, in.GetPass(), in.GetNumber()); err != nil {
			return nil, s.tried(ctx, err)
		}
	}
	var m db.Meeting
	var p db.MeetingPerson
	var c comer
	seat := in.GetSeat()
	if seat != "" && from == nil {
		if err := s.stillAtHome(ctx, in.GetNumber(), seat); err != nil {
			return nil, s.tried(ctx, err)
		}
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err = s.byNumber(ctx, tx, in.GetNumber())
		if err == nil {
			m, err = s.sql.LockMeeting(ctx, tx, m.ID)
		}
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		var old *db.MeetingPerson
		if seat != "" && from == nil {
			digest := s.seatDigest(seat)
			if old, err = absent(s.sql.PersonBySeat(ctx, tx, db.PersonBySeatParams{MeetingID: m.ID, SeatDigest: &digest})); err != nil {
				return err
			}
		}
		if old != nil {
			c = comer{
				identity: old.IdentityID, seat: s.seatDigest(seat), home: old.Home, name: old.Name, body: old.BodyName, post: old.Post, role: old.Role, named: true,
			}
		} else {
			seat = rand.Text()
			if c, err = s.stranger(&m, in, from, name, body); err != nil {
				return err
			}
			c.seat = s.seatDigest(seat)
			if c.identity != nil {
				if old, err = s.known(ctx, tx, &m, &c); err != nil {
					return err
				}
			}
		}
		p, err = s.come(ctx, tx, &m, c, old, in.GetPassword())
		return err
	})
	if err != nil {
		return nil, s.tried(ctx, err)
	}
	return s.joinReply(ctx, &m, &p, c, seat)
}

// stranger is who comes for the first time from outside: with a pass, the link, or the password.
func (s *Service) stranger(m *db.Meeting, in *meetingv1.JoinAsGuestRequest, from *pass, name, body string) (comer, error) {
	key, err := s.keys.Open(keyColumn, m.GuestKey)
	if err != nil {
		return comer{}, err
	}
	keyed := m.OpenTo == "anyone" && subtle.ConstantTimeCompare([]byte(key), []byte(in.GetKey())) == 1
	if from != nil {
		return comer{
			identity: &from.Identity, home: from.Home, name: from.Name, body: from.Body, post: from.Post, role: comesAs(m), named: keyed, mark: from.Mark,
			staff: from.Staff, above: from.Above,
		}, nil
	}
	switch {
	case m.OpenTo != "anyone":
		return comer{}, errSignIn
	case !keyed && (m.Password == nil || in.GetPassword() == ""):
		return comer{}, errSignIn
	case name == "":
		return comer{}, errName
	}
	return comer{name: name, body: body, role: comesAs(m), named: keyed}, nil
}

// known finds out whether somebody of another body may come, and has been there before.
func (s *Service) known(ctx context.Context, tx tenant.DBTX, m *db.Meeting, c *comer) (*db.MeetingPerson, error) {
	old, err := absent(s.sql.PersonByIdentity(ctx, tx, db.PersonByIdentityParams{MeetingID: m.ID, IdentityID: c.identity}))
	if err != nil {
		return nil, err
	}
	role, err := s.reached(ctx, tx, m, c)
	if err != nil {
		return nil, err
	}
	if role != "" {
		c.role, c.named = role, true
		return old, nil
	}
	if m.OpenTo != "bodies" && m.OpenTo != "anyone" {
		return nil, errNoMeeting
	}
	return old, nil
}

func (s *Service) seatDigest(seat string) string { return s.keys.Digest("meeting_seat", seat) }

// door decides whether somebody comes in, or stands at the door. old is what was known of them.
func door(m *db.Meeting, role string, old *db.MeetingPerson, now time.Time) (string, error) {
	was := ""
	if old != nil {
		was = old.State
	}
	switch {
	case was == stateIn:
		return stateIn, nil
	case was == stateRefused && old.DecidedAt != nil && now.Sub(*old.DecidedAt) < refusedFor:
		return "", errRefused
	case was == stateRefused, was == stateOut:
		return was, nil
	case live.Leads(role):
		return stateIn, nil
	case m.Locked:
		return "", errLocked
	case m.WaitingRoom:
		return stateWaiting, nil
	}
	return stateIn, nil
}

// come writes down who comes, and whether they come in or wait.
func (s *Service) come(ctx context.Context, tx tenant.DBTX, m *db.Meeting, c comer, old *db.MeetingPerson, password string) (p db.MeetingPerson, err error) {
	// What was given during the meeting stays.
	if old != nil && c.role != live.Host {
		c.role = old.Role
	}
	switch {
	case m.State == ended || m.State == cancelled:
		return p, errOver
	case m.State == planned && !live.Leads(c.role):
		return p, errNotOpen
	}
	if !c.named && old == nil && m.Password != nil {
		right, err := s.keys.Open(passwordColumn, *m.Password)
		if err != nil {
			return p, err
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(password)) != 1 {
			return p, errPassword
		}
	}
	state, err := door(m, c.role, old, time.Now())
	if err != nil {
		return p, err
	}
	if m.State == planned {
		seen, err := meetingNoun.See(ctx, tx, m.ID)
		if err != nil {
			return p, err
		}
		if *m, err = s.begin(ctx, tx, m); err != nil {
			return p, err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: "meeting.start"}); err != nil {
			return p, err
		}
	}
	if old != nil {
		return s.again(ctx, tx, c, *old, state)
	}
	n, err := s.sql.CountPeople(ctx, tx, m.ID)
	if err != nil {
		return p, err
	}
	if n.People >= mostPeople {
		return p, errFull
	}
	// A guest who was sent out looks like any other who comes anew.
	if c.home == "" && n.GuestsOut > 0 {
		state = stateWaiting
	}
	arg := db.InsertPersonParams{
		ID: tenant.NewID(), MeetingID: m.ID, IdentityID: c.identity, Home: c.home, Name: c.name, BodyName: c.body, Post: c.post, Role: c.role, State: state,
	}
	if c.seat != "" {
		arg.SeatDigest = &c.seat
	}
	if p, err = s.sql.InsertPerson(ctx, tx, arg); err != nil {
		return p, err
	}
	return p, personNoun.Made(ctx, tx, tenant.Act{Act: "meeting.come"}, p.ID)
}

// again takes over what is new of somebody who was there before.
func (s *Service) again(ctx context.Context, tx tenant.DBTX, c comer, old db.MeetingPerson, state string) (db.MeetingPerson, error) {
	arg := db.UpdatePersonParams{
		ID: old.ID, SeatDigest: old.SeatDigest, Name: c.name, BodyName: c.body, Post: c.post, Role: c.role, State: state, DecidedAt: old.DecidedAt,
	}
	if c.seat != "" {
		arg.SeatDigest = &c.seat
	}
	sameSeat := arg.SeatDigest == old.SeatDigest || arg.SeatDigest != nil && old.SeatDigest != nil && *arg.SeatDigest == *old.SeatDigest
	if sameSeat && old.Name == c.name && old.BodyName == c.body && old.Post == c.post && old.Role == c.role && old.State == state {
		return old, nil
	}
	seen, err := personNoun.See(ctx, tx, old.ID)
	if err != nil {
		return old, err
	}
	p, err := s.sql.UpdatePerson(ctx, tx, arg)
	if err != nil {
		return old, err
	}
	return p, seen.Changed(ctx, tx, tenant.Act{Act: "meeting.return"})
}

// joinReply makes what opens the WebSocket.
func (s *Service) joinReply(ctx context.Context, m *db.Meeting, p *db.MeetingPerson, c comer, seat string) (*meetingv1.JoinReply, error) {
	if s.nodes == nil {
		if err := s.only(ctx, m.ID); err != nil {
			return nil, err
		}
	}
	now := time.Now()
	home := c.home
	if home == "" {
		home = guestHome
	}
	if c.mark == "" {
		c.mark = mark(p.Name, p.ID.String())
	}
	text, err := s.tokens.Make(token.Claims{
		Person: p.ID.String(), Home: home, Tenant: tenant.From(ctx).Code, Room: m.ID.String(), Session: c.session, Expires: now.Add(token.Longest), Mark: c.mark,
		Send: p.Role != live.Audience,
	}, now)
	if err != nil {
		return nil, err
	}
	return &meetingv1.JoinReply{
		MeetingId: m.ID.String(), Token: text, Room: m.ID.String(), Socket: "/v1/meetings/" + m.ID.String() + "/signal", Participant: p.ID.String(),
		Role: p.Role, Waiting: p.State != stateIn, Seat: seat, Title: m.Title,
	}, nil
}

// open refuses what strangers ask of a body that has no meetings.
func open(ctx context.Context) error {
	if t := tenant.From(ctx); !t.Active || !t.On["meeting"] {
		return errNoModule
	}
	return nil
}

// FindMeeting leads from the number to the meeting.
func (s *Service) FindMeeting(ctx context.Context, in *meetingv1.FindMeetingRequest) (*meetingv1.MeetingCard, error) {
	if err := open(ctx); err != nil {
		return nil, err
	}
	number := strings.NewReplacer(" ", "", "-", "").Replace(in.GetNumber())
	if len(number) != 10 || strings.Trim(number, "0123456789") != "" {
		return nil, fault.Field("number", "会议号是十位数字", "the number of a meeting has ten digits")
	}
	if err := s.mayTry(ctx); err != nil {
		return nil, err
	}
	t, me := tenant.From(ctx), tenant.SubjectFrom(ctx)
	post := ""
	if me != nil && me.App == uuid.Nil {
		var err error
		if post, err = s.postOf(ctx, me); err != nil {
			return nil, err
		}
	}
	var card *meetingv1.MeetingCard
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.byNumber(ctx, tx, number)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		m.Number = number // that of a recurring meeting is the same for all its times
		c := comer{}
		if me != nil && me.App == uuid.Nil {
			c.identity = &me.Identity
			if err := s.standing(ctx, tx, &m, &c); err != nil && !errors.Is(err, errNoMeeting) {
				return err
			}
		}
		if card, err = cardOf(t, &m, c, me != nil); err != nil {
			return err
		}
		card.Relay = len(s.media.beside.ways) > 0
		if !card.GetBodies() {
			card.Bodies, err = s.invitesAway(ctx, tx, m.ID)
		}
		return err
	})
	if err != nil {
		return nil, s.tried(ctx, err)
	}
	if card.GetMayJoin() {
		card.Post = post
	}
	return card, nil
}

// cardOf is what a number tells. Who has a place here and is not meant is told nothing; a stranger learns how to come in.
func cardOf(t *tenant.Tenant, m *db.Meeting, c comer, here bool) (*meetingv1.MeetingCard, error) {
	if here && c.role == "" {
		return nil, errNoMeeting
	}
	card := &meetingv1.MeetingCard{
		Number: m.Number, BodyName: t.Name, State: m.State, Bodies: m.OpenTo == "bodies" || m.OpenTo == "anyone", Guests: m.OpenTo == "anyone",
		PasswordAsked: m.Password != nil && !c.named, MayJoin: here, SignIn: !here && m.OpenTo != "anyone",
	}
	if here || m.OpenTo == "anyone" {
		card.Id, card.Title, card.StartsAt = m.ID.String(), m.Title, timestamppb.New(m.StartsAt)
		card.Minutes, card.WaitingRoom = int32(m.EndsAt.Sub(m.StartsAt)/time.Minute), m.WaitingRoom
	}
	return card, nil
}
