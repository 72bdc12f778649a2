package meeting

import (
	"context"
	"crypto/subtle"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	votev1 "gonghui/media/meeting/vote/v1"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// codeLife is how long the code of a sign-in is shown; it is taken as long again, for who scanned it late.
const codeLife = 30 * time.Second

// signCode is the code of a sign-in at a time.
func (s *Service) signCode(vote uuid.UUID, at time.Time) string {
	return s.keys.Digest("meeting_sign_in", vote.String()+" "+strconv.FormatInt(at.UnixMilli()/codeLife.Milliseconds(), 10))[:16]
}

// code is what whoever leads shows on a screen.
func (c *conn) code(ctx context.Context, id uuid.UUID) (*signalv1.FromServer, error) {
	if err := c.hall.leads(c.person); err != nil {
		return nil, err
	}
	now := time.Now()
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.ofMeeting(ctx, tx, c.meeting, id)
		if err == nil && (v.Kind != kindSignIn || stateOf(v, now) != voteOpen) {
			err = errVoteState
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	left := codeLife.Milliseconds() - now.UnixMilli()%codeLife.Milliseconds()
	return &signalv1.FromServer{What: &signalv1.FromServer_Code{Code: &votev1.Code{Code: c.s.signCode(id, now), Left: uint32(left)}}}, nil
}

// voters is a page of who voted, may vote, or signed in and did not.
func (s *Service) voters(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote, after string) (*votev1.Voters, error) {
	from := uuid.Nil
	if after != "" {
		id, err := uuid.Parse(after)
		if err != nil {
			return nil, signal.Refuse(signal.ReasonMessage, "vote.pageToken")
		}
		from = id
	}
	out := &votev1.Voters{}
	if v.Kind == kindSignIn {
		rows, err := s.sql.ListPresent(ctx, tx, db.ListPresentParams{VoteID: v.ID, MeetingID: v.MeetingID, After: from, Size: votersAtOnce})
		for _, r := range rows {
			out.Voters = append(out.Voters, &votev1.Voter{Participant: r.PersonID.String(), Name: r.Name, Body: r.BodyName, At: stamp(r.At)})
		}
		if len(rows) == votersAtOnce {
			out.NextPageToken = rows[len(rows)-1].PersonID.String()
		}
		return out, err
	}
	rows, err := s.sql.ListVoters(ctx, tx, db.ListVotersParams{VoteID: v.ID, After: from, Size: votersAtOnce})
	for _, r := range rows {
		one := &votev1.Voter{Participant: r.PersonID.String(), Name: r.Name, Body: r.BodyName, At: stamp(r.At)}
		if v.Kind == kindNamed && v.State == voteDone && r.Choice != nil {
			one.Choice = chosen(*r.Choice)
		}
		out.Voters = append(out.Voters, one)
	}
	if len(rows) == votersAtOnce {
		out.NextPageToken = rows[len(rows)-1].PersonID.String()
	}
	return out, err
}

func (c *conn) listVoters(ctx context.Context, id uuid.UUID, after string) (*signalv1.FromServer, error) {
	var out *votev1.Voters
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.ofMeeting(ctx, tx, c.meeting, id)
		if err == nil {
			out, err = c.s.voters(ctx, tx, v, after)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Voters{Voters: out}}, nil
}

// receipts is a page of those of the ballots that were written.
func (s *Service) receipts(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote, after string) (*votev1.Receipts, error) {
	rows, err := s.sql.ListReceipts(ctx, tx, db.ListReceiptsParams{VoteID: v.ID, After: after, Size: receiptsAtOnce})
	out := &votev1.Receipts{Receipts: rows}
	if len(rows) == receiptsAtOnce {
		out.NextPageToken = rows[len(rows)-1]
	}
	return out, err
}

func (c *conn) listReceipts(ctx context.Context, id uuid.UUID, after string) (*signalv1.FromServer, error) {
	var out *votev1.Receipts
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.ofMeeting(ctx, tx, c.meeting, id)
		if err == nil {
			out, err = c.s.receipts(ctx, tx, v, after)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Receipts{Receipts: out}}, nil
}

// mayReadVotes lets in who holds the meeting, took part in it, or may see those of the body; it returns the caller's id in the meeting.
func (s *Service) mayReadVotes(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (uuid.UUID, error) {
	m, err := s.sql.GetMeeting(ctx, tx, id)
	if err != nil {
		return uuid.Nil, orNot(err, errNoMeeting)
	}
	p, err := absent(s.sql.PersonByIdentity(ctx, tx, db.PersonByIdentityParams{MeetingID: id, IdentityID: &tenant.SubjectFrom(ctx).Identity}))
	if err != nil {
		return uuid.Nil, err
	}
	if p != nil && p.State == stateIn {
		return p.ID, nil
	}
	if !mayManage(ctx, &m) && access.Check(ctx, "meeting.read") != nil {
		return uuid.Nil, errNoMeeting
	}
	return uuid.Nil, nil
}

// ListVotes pages through the polls, ballots and sign-ins of a meeting.
func (s *Service) ListVotes(ctx context.Context, in *meetingv1.ListVotesRequest) (*meetingv1.ListVotesReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var from after
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 50)
	reply := &meetingv1.ListVotesReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		person, err := s.mayReadVotes(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, err := s.sql.ListVotes(ctx, tx, db.ListVotesParams{MeetingID: id, After: from.ID, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(v db.MeetingVote) any { return after{ID: v.ID} })
		reply.Votes, err = s.tellVotes(ctx, tx, id, rows, person)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// readVote reads something of one vote of a meeting whose votes the caller may read.
func (s *Service) readVote(ctx context.Context, meeting, vote string, read func(context.Context, tenant.DBTX, *db.MeetingVote) error) error {
	id, err := field.ID("id", meeting)
	if err != nil {
		return err
	}
	of, err := field.ID("vote", vote)
	if err != nil {
		return err
	}
	return s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.mayReadVotes(ctx, tx, id); err != nil {
			return err
		}
		v, err := s.sql.GetVote(ctx, tx, of)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && v.MeetingID != id {
			return errNoMeeting
		}
		if err != nil {
			return err
		}
		return read(ctx, tx, &v)
	})
}

// ListVoters pages through who voted, may vote, or signed in and did not.
func (s *Service) ListVoters(ctx context.Context, in *meetingv1.ListVotersRequest) (*votev1.Voters, error) {
	if in.GetPageToken() != "" {
		if _, err := field.ID("pageToken", in.GetPageToken()); err != nil {
			return nil, err
		}
	}
	var out *votev1.Voters
	err := s.readVote(ctx, in.GetId(), in.GetVote(), func(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote) (err error) {
		out, err = s.voters(ctx, tx, v, in.GetPageToken())
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ListReceipts pages through the receipts of the ballots that were written.
func (s *Service) ListReceipts(ctx context.Context, in *meetingv1.ListReceiptsRequest) (*votev1.Receipts, error) {
	var out *votev1.Receipts
	err := s.readVote(ctx, in.GetId(), in.GetVote(), func(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote) (err error) {
		out, err = s.receipts(ctx, tx, v, in.GetPageToken())
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// SignPresent signs in who sits in the hall, by the code that is shown there.
func (s *Service) SignPresent(ctx context.Context, in *meetingv1.SignPresentRequest) (*meetingv1.SignPresentReply, error) {
	me := tenant.SubjectFrom(ctx)
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
	reply := &meetingv1.SignPresentReply{}
	var at db.MeetingVote
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.FindMeeting(ctx, tx, in.GetNumber())
		if err == nil {
			m, err = s.sql.LockMeeting(ctx, tx, m.ID)
		}
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		now := time.Now()
		v, err := s.coded(ctx, tx, &m, in.GetCode(), now)
		if err != nil {
			return err
		}
		at = *v
		p, err := s.arrive(ctx, tx, &m, me, post)
		if err != nil {
			return err
		}
		reply.Title, reply.At = m.Title, timestamppb.New(now)
		return s.signIn(ctx, tx, v, p, now)
	})
	if errors.Is(err, errCode) {
		return nil, s.guessed(ctx, err)
	}
	if err != nil {
		return nil, s.tried(ctx, err)
	}
	s.tell(ctx, at.MeetingID, "vote", at.ID)
	return reply, nil
}

// coded is the sign-in of a meeting whose code it is, now or a moment ago.
func (s *Service) coded(ctx context.Context, tx tenant.DBTX, m *db.Meeting, code string, now time.Time) (*db.MeetingVote, error) {
	rows, err := s.sql.UndoneVotes(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		v := &rows[i]
		if v.Kind != kindSignIn || stateOf(v, now) != voteOpen {
			continue
		}
		for _, at := range []time.Time{now, now.Add(-codeLife)} {
			if subtle.ConstantTimeCompare([]byte(s.signCode(v.ID, at)), []byte(code)) == 1 {
				return v, nil
			}
		}
	}
	return nil, errCode
}

// arrive is somebody of the body in the meeting, who comes by signing in if they have not come before.
func (s *Service) arrive(ctx context.Context, tx tenant.DBTX, m *db.Meeting, me *tenant.Subject, post string) (uuid.UUID, error) {
	t := tenant.From(ctx)
	c := comer{identity: &me.Identity, home: t.Code, name: me.Name, body: t.Name, post: post}
	if me.Assist != nil {
		c.home, c.body = me.BodyCode, me.Assist.BodyName
	}
	if err := s.standing(ctx, tx, m, &c); err != nil {
		return uuid.Nil, err
	}
	old, err := absent(s.sql.PersonByIdentity(ctx, tx, db.PersonByIdentityParams{MeetingID: m.ID, IdentityID: &me.Identity}))
	if err != nil {
		return uuid.Nil, err
	}
	if old != nil {
		if old.State == stateOut || old.State == stateRefused {
			return uuid.Nil, errRefused
		}
		return old.ID, nil
	}
	// The code of the hall stands for the password.
	c.named = true
	p, err := s.come(ctx, tx, m, c, nil, "")
	return p.ID, err
}
