package meeting

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	votev1 "gonghui/media/meeting/vote/v1"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// How many votes, voters or receipts are told at a time.
const votesAtOnce, votersAtOnce, receiptsAtOnce = 100, 500, 1000

// leads refuses who does not lead the meeting.
func (h *hall) leads(person uuid.UUID) error {
	switch role := h.live.Role(person.String()); {
	case role == "":
		return signal.Refuse(signal.ReasonClosed, "")
	case !live.Leads(role):
		return signal.Refuse(signal.ReasonRight, "vote.do")
	}
	return nil
}

var errVoteState = signal.Refuse(signal.ReasonState, "vote.vote")

// vote does what somebody in the meeting does about votes.
func (c *conn) vote(ctx context.Context, in *votev1.Voting) (*signalv1.FromServer, error) {
	switch in.GetDo() {
	case "list":
		return c.listVotes(ctx)
	case "make":
		made, err := c.makeVote(ctx, in)
		if err != nil {
			return nil, err
		}
		id := uuid.MustParse(made.GetId())
		c.hall.show(ctx, id)
		return c.toldVote(ctx, id)
	case "sign":
		if in.GetCode() != "" {
			return c.signsByCode(ctx, in.GetCode())
		}
	}
	id, err := uuid.Parse(in.GetVote())
	if err != nil {
		return nil, signal.Refuse(signal.ReasonMessage, "vote.vote")
	}
	switch in.GetDo() {
	case "choose":
		err = c.choose(ctx, id, in.GetChoice())
	case "sign":
		err = c.signs(ctx, id)
	case "right":
		return c.right(ctx, id, in.GetBlinded())
	case "voters":
		return c.listVoters(ctx, id, in.GetPageToken())
	case "receipts":
		return c.listReceipts(ctx, id, in.GetPageToken())
	case "code":
		return c.code(ctx, id)
	default:
		err = c.turn(ctx, id, in.GetDo())
	}
	if err != nil {
		return nil, err
	}
	return c.toldVote(ctx, id)
}

// toldVote answers with a vote.
func (c *conn) toldVote(ctx context.Context, id uuid.UUID) (*signalv1.FromServer, error) {
	var m *votev1.Vote
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.sql.GetVote(ctx, tx, id)
		if err == nil {
			m, err = c.s.tellVote(ctx, tx, v, c.person)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Votes{Votes: &votev1.Votes{Votes: []*votev1.Vote{m}}}}, nil
}

func (c *conn) listVotes(ctx context.Context) (*signalv1.FromServer, error) {
	out := &votev1.Votes{}
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := c.s.sql.ListVotes(ctx, tx, db.ListVotesParams{MeetingID: c.meeting, Size: votesAtOnce})
		if err == nil {
			out.Votes, err = c.s.tellVotes(ctx, tx, c.meeting, rows, c.person)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Votes{Votes: out}}, nil
}

// lockVote locks a vote of the meeting.
func (s *Service) lockVote(ctx context.Context, tx tenant.DBTX, meeting, id uuid.UUID) (*db.MeetingVote, error) {
	v, err := s.sql.LockVote(ctx, tx, db.LockVoteParams{MeetingID: meeting, ID: id})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, signal.Refuse(signal.ReasonGone, "vote.vote")
	}
	return &v, err
}

// ofMeeting is a vote of the meeting, to be read.
func (s *Service) ofMeeting(ctx context.Context, tx tenant.DBTX, meeting, id uuid.UUID) (*db.MeetingVote, error) {
	v, err := s.sql.GetVote(ctx, tx, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && v.MeetingID != meeting {
		return nil, signal.Refuse(signal.ReasonGone, "vote.vote")
	}
	return &v, err
}

// turn moves a vote on: open, end, confirm, void.
func (c *conn) turn(ctx context.Context, id uuid.UUID, do string) error {
	if do != "confirm" {
		if err := c.hall.leads(c.person); err != nil {
			return err
		}
	}
	var state string
	turn := func(all ballot.Sheet) (bool, error) {
		var err error
		state, err = c.turned(ctx, id, do, all)
		return state == voteClosed, err
	}
	var err error
	if do == "confirm" {
		// Nobody's ballot comes between what is written and the end of the box.
		err = c.s.boxes.of(c.meeting, id).Empty(turn)
	} else {
		_, err = turn(ballot.Sheet{})
	}
	switch {
	case errors.Is(err, ballot.ErrGone):
		return signal.Refuse(signal.ReasonMoved, "")
	case err != nil:
		return err
	}
	if state == voteOpen {
		c.s.boxes.of(c.meeting, id).Begin(c.hall.term.Load())
	}
	if state == voteVoid || state == voteClosed || state == voteDone {
		c.s.boxes.drop(c.meeting, id)
	}
	c.hall.show(ctx, id)
	return nil
}

// turned writes how a vote has moved on, and returns its state. all are the ballots at hand.
func (c *conn) turned(ctx context.Context, id uuid.UUID, do string, all ballot.Sheet) (after string, err error) {
	err = c.hall.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.lockVote(ctx, tx, c.meeting, id)
		if err != nil {
			return err
		}
		defer func() { after = v.State }()
		now := time.Now()
		state := stateOf(v, now)
		secret := v.Kind == kindSecret
		switch {
		case do == "open" && secret && state == voteDraft:
			return c.s.changeVote(ctx, tx, v, "meeting.vote_open", func() { v.State, v.OpenedAt = voteOpen, &now })
		case do == "end" && secret && state == voteOpen:
			return c.s.changeVote(ctx, tx, v, "meeting.vote_end", func() { v.State = voteEnding })
		case do == "end" && !secret && v.State == voteOpen:
			return c.s.changeVote(ctx, tx, v, "meeting.vote_end", func() { v.State, v.ClosedAt = voteDone, &now })
		case do == "void" && secret && state != voteDone && state != voteVoid:
			return c.s.changeVote(ctx, tx, v, "meeting.vote_void", func() { v.State, v.ClosedAt, v.Secret = voteVoid, &now, nil })
		case do == "confirm" && secret:
			return c.confirm(ctx, tx, v, now, all)
		}
		return errVoteState
	})
	return after, err
}

// choose votes in a poll; until it is closed one may choose anew.
func (c *conn) choose(ctx context.Context, id uuid.UUID, options []uint32) error {
	choice, ok := choiceOf(options)
	if !ok || choice == 0 {
		return signal.Refuse(signal.ReasonMessage, "vote.choice")
	}
	now := time.Now()
	err := c.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.ofMeeting(ctx, tx, c.meeting, id)
		if err != nil {
			return err
		}
		if v.Kind == kindSecret || v.Kind == kindSignIn || v.State != voteOpen {
			return errVoteState
		}
		lines, err := c.s.sql.VoteLines(ctx, tx, []uuid.UUID{id})
		if err != nil {
			return err
		}
		if !ruleOf(v, len(lines)-1, 0).Valid(choice) {
			return signal.Refuse(signal.ReasonMessage, "vote.choice")
		}
		old, err := absent(c.s.sql.LockVoter(ctx, tx, db.LockVoterParams{VoteID: id, PersonID: c.person}))
		if err != nil {
			return err
		}
		arg := db.ChooseParams{VoteID: id, MeetingID: c.meeting, PersonID: c.person, At: now, Choice: choice}
		if old == nil {
			if err := c.s.sql.Choose(ctx, tx, arg); err != nil {
				return err
			}
			return voterNoun.Made(ctx, tx, tenant.Act{Act: "meeting.choose"}, id, c.person)
		}
		seen, err := voterNoun.See(ctx, tx, id, c.person)
		if err != nil {
			return err
		}
		if err := c.s.sql.Choose(ctx, tx, arg); err != nil {
			return err
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.choose_again"})
	})
	if err == nil {
		c.hall.showSoon(id)
	}
	return err
}

// signs signs somebody in; once more changes nothing.
func (c *conn) signs(ctx context.Context, id uuid.UUID) error {
	err := c.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.ofMeeting(ctx, tx, c.meeting, id)
		if err != nil {
			return err
		}
		now := time.Now()
		if v.Kind != kindSignIn || stateOf(v, now) != voteOpen {
			return errVoteState
		}
		return c.s.signIn(ctx, tx, v, c.person, now)
	})
	if err == nil {
		c.hall.showSoon(id)
	}
	return err
}

// signIn writes that somebody is there.
func (s *Service) signIn(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote, person uuid.UUID, now time.Time) error {
	n, err := s.sql.SignPresent(ctx, tx, db.SignPresentParams{VoteID: v.ID, MeetingID: v.MeetingID, PersonID: person, At: now})
	if err != nil || n == 0 {
		return err
	}
	return voterNoun.Made(ctx, tx, tenant.Act{Act: "meeting.sign"}, v.ID, person)
}
