package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// answeredJob is how an answer comes to the body that holds the meeting.
const answeredJob = "meeting.answered"

// answered is an answer on its way to another body.
type answered struct {
	Home         string     `json:"home"`
	Body         string     `json:"body"`
	Meeting      uuid.UUID  `json:"meeting"`
	Identity     uuid.UUID  `json:"identity"`
	Name         string     `json:"name"`
	Staff        bool       `json:"staff"`
	Above        []string   `json:"above"`
	Answer       string     `json:"answer"`
	Note         string     `json:"note"`
	SubstituteID *uuid.UUID `json:"substitute_id"`
	Substitute   string     `json:"substitute"`
	At           time.Time  `json:"at"`
}

// isStaff reports whether somebody works for the body: an invitation of the body is for them.
func isStaff(me *tenant.Subject) bool {
	return me.Assist == nil && me.App == uuid.Nil && (me.Role == "admin" || me.Role == "officer")
}

// selves are the ids under which somebody is invited elsewhere: the own one, and the body's for its staff.
func selves(me *tenant.Subject) []uuid.UUID {
	if isStaff(me) {
		return []uuid.UUID{me.Identity, uuid.Nil}
	}
	return []uuid.UUID{me.Identity}
}

// AnswerMeeting keeps what the caller answers to an invitation.
func (s *Service) AnswerMeeting(ctx context.Context, in *meetingv1.AnswerMeetingRequest) (*meetingv1.CalendarEntry, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	me, t := tenant.SubjectFrom(ctx), tenant.From(ctx)
	if me.App != uuid.Nil || me.Assist != nil {
		return nil, errSignIn
	}
	a := answered{Home: t.Code, Body: t.Name, Meeting: id, Identity: me.Identity, Name: me.Name, Staff: isStaff(me), Answer: in.GetAnswer(), At: time.Now().Truncate(time.Microsecond)}
	if a.Note, err = field.Line("note", in.GetNote()); err != nil {
		return nil, err
	}
	if a.Answer == "no" && a.Note == "" {
		return nil, errNeedsNote
	}
	if err := s.readSubstitute(ctx, in, &a); err != nil {
		return nil, err
	}
	if a.Above, err = s.above(ctx); err != nil {
		return nil, err
	}
	var entry *meetingv1.CalendarEntry
	to := ""
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		to = ""
		m, err := absent(s.sql.GetMeeting(ctx, tx, id))
		if err != nil {
			return err
		}
		if m != nil {
			entry, err = s.answerHere(ctx, tx, m, &a)
			return err
		}
		p, err := s.sql.GetPointer(ctx, tx, db.GetPointerParams{MeetingID: id, Selves: selves(me)})
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		if p.State == cancelled || p.State == ended {
			return errOver
		}
		to = p.BodyCode
		entry = entryOfPointer(&p, a.Answer)
		return s.keepAnswer(ctx, tx, &a, "")
	})
	if err != nil {
		return nil, err
	}
	if to != "" {
		err = s.post(ctx, answeredJob, []string{to}, a)
	}
	return entry, err
}

// readSubstitute looks up who is to come instead.
func (s *Service) readSubstitute(ctx context.Context, in *meetingv1.AnswerMeetingRequest, a *answered) error {
	if a.Answer != "substitute" {
		return nil
	}
	id, err := field.ID("identityId", in.GetIdentityId())
	if err != nil {
		return err
	}
	if id == a.Identity {
		return errSubstitute
	}
	found, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, &identityv1.ListPeopleRequest{IdentityIds: []string{id.String()}})
	if err != nil {
		return err
	}
	if len(found.GetPeople()) != 1 {
		return errSubstitute
	}
	a.SubstituteID, a.Substitute = &id, found.GetPeople()[0].GetName()
	return nil
}

// answerHere keeps the answer to a meeting of this body.
func (s *Service) answerHere(ctx context.Context, tx tenant.DBTX, m *db.Meeting, a *answered) (*meetingv1.CalendarEntry, error) {
	roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: a.Identity, Meetings: []uuid.UUID{m.ID}})
	if err != nil {
		return nil, err
	}
	role := planRole(m, a.Identity, first(roles))
	switch {
	case role == "":
		return nil, errNoMeeting
	case m.State == ended || m.State == cancelled:
		return nil, errOver
	}
	if err := s.keepAnswer(ctx, tx, a, role); err != nil {
		return nil, err
	}
	links, err := s.links(ctx, tx, []uuid.UUID{m.ID})
	if err != nil {
		return nil, err
	}
	told := underLink(m, links)
	return &meetingv1.CalendarEntry{
		Id: m.ID.String(), Number: told.Number, Title: m.Title, StartsAt: timestamppb.New(m.StartsAt), Minutes: minutes(m.StartsAt, m.EndsAt), State: m.State,
		HostName: m.HostName, OwnRole: role, Answer: a.Answer, Page: s.page(ctx, told), Repeats: told != m,
	}, nil
}

// keepAnswer writes an answer down; role is what the answerer is in a meeting of this body, and so is who comes instead.
func (s *Service) keepAnswer(ctx context.Context, tx tenant.DBTX, a *answered, role string) error {
	home := a.Home
	if home == tenant.From(ctx).Code {
		home = ""
	}
	seen, err := answerNoun.See(ctx, tx, a.Meeting, a.Identity)
	if err != nil {
		return err
	}
	_, err = s.sql.PutAnswer(ctx, tx, db.PutAnswerParams{
		MeetingID: a.Meeting, IdentityID: a.Identity, Home: home, Name: a.Name, BodyName: a.Body, Answer: a.Answer, Note: a.Note, SubstituteID: a.SubstituteID,
		Substitute: a.Substitute, At: a.At,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // a later one is there
	}
	if err != nil {
		return err
	}
	if seen.State() == nil {
		err = answerNoun.Made(ctx, tx, tenant.Act{Act: "meeting.answer", Reason: a.Answer}, a.Meeting, a.Identity)
	} else {
		err = seen.Changed(ctx, tx, tenant.Act{Act: "meeting.answer_again", Reason: a.Answer})
	}
	if err != nil {
		return err
	}
	if a.SubstituteID == nil || role == "" {
		return nil
	}
	// The meeting has one host: who comes in the host's place leads with the rest.
	if role == live.Host {
		role = live.CoHost
	}
	_, err = s.sql.InsertInvitees(ctx, tx, db.InsertInviteesParams{
		MeetingID: a.Meeting, Identities: []uuid.UUID{*a.SubstituteID}, Names: []string{a.Substitute}, Roles: []string{role}, Homes: []string{home},
	})
	if err != nil || home == "" {
		return err
	}
	return tenant.Enqueue(tx, tellJob, telling{Meeting: a.Meeting, Code: home, Identity: *a.SubstituteID, Role: role})
}

// takeAnswer is the job that keeps the answer of somebody of another body, if they are invited.
func (s *Service) takeAnswer(ctx context.Context, args json.RawMessage) error {
	var a answered
	if on, err := s.received(ctx, args, &a); err != nil || !on {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := absent(s.sql.GetMeeting(ctx, tx, a.Meeting))
		if err != nil || m == nil || m.State == ended || m.State == cancelled {
			return err
		}
		role, err := s.reached(ctx, tx, m, &comer{identity: &a.Identity, home: a.Home, staff: a.Staff, above: a.Above})
		if err != nil || role == "" {
			return err
		}
		return s.keepAnswer(ctx, tx, &a, role)
	})
}

// ListAnswers pages through what was answered.
func (s *Service) ListAnswers(ctx context.Context, in *meetingv1.ListAnswersRequest) (*meetingv1.ListAnswersReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var from after
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 100)
	var reply *meetingv1.ListAnswersReply
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		reply = &meetingv1.ListAnswersReply{}
		m, err := s.sql.GetMeeting(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		if !mayManage(ctx, &m) && access.Check(ctx, "meeting.read") != nil {
			return errNoMeeting
		}
		counts, err := s.sql.CountAnswers(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, c := range counts {
			switch c.Answer {
			case "yes":
				reply.Yes = c.People
			case "maybe":
				reply.Maybe = c.People
			case "no":
				reply.No = c.People
			default:
				reply.Substitute = c.People
			}
		}
		rows, err := s.sql.ListAnswers(ctx, tx, db.ListAnswersParams{MeetingID: id, After: from.ID, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(a db.MeetingAnswer) any { return after{ID: a.IdentityID} })
		for _, a := range rows {
			reply.Answers = append(reply.Answers, &meetingv1.MeetingAnswer{
				IdentityId: a.IdentityID.String(), Name: a.Name, BodyName: a.BodyName, Answer: a.Answer, Note: a.Note, Substitute: a.Substitute, At: timestamppb.New(a.At),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}
