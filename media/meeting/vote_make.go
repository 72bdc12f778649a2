package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/field"
	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/internal/db"
	votev1 "gonghui/media/meeting/vote/v1"
	"gonghui/media/signal"
	"gonghui/tenant"
)

const (
	// mostVotes a meeting may have.
	mostVotes = 100
	// mostPoll options has a poll.
	mostPoll = 10
	// fewest people vote by ballot; up to smallest it must be known that the result tells much of each.
	fewest, smallest = 3, 5
)

// motion is a vote to be made, checked.
type motion struct {
	row            db.InsertVoteParams
	lines          []string
	people, guests []uuid.UUID
}

func wrong(name string) error { return signal.Refuse(signal.ReasonMessage, "vote.make."+name) }

// readMotion checks what somebody who leads wants to put to the meeting.
func (h *hall) readMotion(in *votev1.MakeVote, by uuid.UUID, now time.Time) (*motion, error) {
	m := &motion{row: db.InsertVoteParams{
		MeetingID: h.key.meeting, ID: tenant.NewID(), Kind: in.GetKind(), Form: in.GetForm(), State: voteOpen, MadeBy: by, Most: int16(max(in.GetMost(), 1)),
		Quorum: "none", Majority: "most", MadeAt: now, OpenedAt: &now,
	}}
	if m.row.Form == "" {
		m.row.Form = ballot.Choice
	}
	for i, text := range append([]string{in.GetQuestion()}, in.GetOptions()...) {
		name := "options"
		if i == 0 {
			name = "question"
		}
		line, err := field.Line(name, text)
		if err != nil || line == "" || i > 0 && slices.Contains(m.lines[1:], line) {
			return nil, wrong(name)
		}
		m.lines = append(m.lines, line)
	}
	options := len(m.lines) - 1
	switch {
	case in.GetKind() == kindSignIn:
		if options != 0 || m.row.Form != ballot.Choice {
			return nil, wrong("options")
		}
		if in.GetMinutes() > 0 {
			ends := now.Add(time.Duration(in.GetMinutes()) * time.Minute)
			m.row.EndsAt = &ends
		}
		return m, nil
	case in.GetKind() == kindSecret:
		return m, h.readBallot(in, m, options)
	case m.row.Form != ballot.Choice:
		return nil, wrong("form")
	case options < 2 || options > mostPoll:
		return nil, wrong("options")
	case int(m.row.Most) > options:
		return nil, wrong("most")
	}
	return m, nil
}

// readBallot checks what belongs to a ballot alone.
func (h *hall) readBallot(in *votev1.MakeVote, m *motion, options int) error {
	m.row.State, m.row.OpenedAt = voteDraft, nil
	m.row.Seats = int16(in.GetSeats())
	switch {
	case m.row.Form == ballot.Consent && (options != 3 || m.row.Most != 1), options < 2 && m.row.Form != ballot.Elect, options < 1:
		return wrong("options")
	case int(m.row.Most) > options:
		return wrong("most")
	case m.row.Form == ballot.Elect && (m.row.Seats < 1 || int(m.row.Seats) > options), m.row.Form != ballot.Elect && m.row.Seats != 0:
		return wrong("seats")
	}
	for _, l := range []struct {
		from []string
		to   *[]uuid.UUID
		name string
	}{{in.GetPeople(), &m.people, "people"}, {in.GetGuests(), &m.guests, "guests"}} {
		for _, text := range l.from {
			id, err := uuid.Parse(text)
			if err != nil || slices.Contains(*l.to, id) {
				return wrong(l.name)
			}
			*l.to = append(*l.to, id)
		}
	}
	voters := len(m.people) + len(m.guests)
	switch {
	case voters < fewest:
		return wrong("people")
	case voters < smallest && !in.GetSmall():
		return wrong("small")
	case in.GetDue() > 0 && int(in.GetDue()) < voters:
		return wrong("due")
	}
	m.row.Due = int32(max(int(in.GetDue()), voters))
	if in.GetQuorum() != "" {
		m.row.Quorum = in.GetQuorum()
	}
	if in.GetMajority() != "" {
		m.row.Majority = in.GetMajority()
	}
	if len(in.GetWatchers()) != 2 || in.GetWatchers()[0] == in.GetWatchers()[1] {
		return wrong("watchers")
	}
	var watchers [2]uuid.UUID
	for i, text := range in.GetWatchers() {
		id, err := uuid.Parse(text)
		if err != nil || !h.live.Belongs(text) {
			return wrong("watchers")
		}
		watchers[i] = id
	}
	m.row.WatcherA, m.row.WatcherB = &watchers[0], &watchers[1]
	key, err := ballot.NewKey()
	if err != nil {
		return err
	}
	sealed := h.s.keys.Seal(secretColumn, key.Text())
	m.row.Secret = &sealed
	return nil
}

// makeVote puts something to the meeting. A second message with the same id makes no second one.
func (c *conn) makeVote(ctx context.Context, in *votev1.Voting) (*votev1.Vote, error) {
	h := c.hall
	if err := h.leads(c.person); err != nil {
		return nil, err
	}
	if in.GetMake() == nil {
		return nil, wrong("kind")
	}
	m, err := h.readMotion(in.GetMake(), c.person, time.Now())
	if err != nil {
		return nil, err
	}
	call := tenant.CallFrom(ctx)
	if in.GetVote() != "" {
		call.IdempotencyKey = "vote " + in.GetVote()
	}
	ctx = tenant.WithCall(ctx, call)
	made := &votev1.Vote{}
	err = h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, in, made, func() error {
			n, err := h.s.sql.CountVotes(ctx, tx, c.meeting)
			if err != nil {
				return err
			}
			if n.Votes >= mostVotes {
				return signal.Refuse(signal.ReasonFull, "vote.make")
			}
			if err := h.s.insertVote(ctx, tx, m); err != nil {
				return err
			}
			proto.Reset(made)
			made.Id = m.row.ID.String()
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (s *Service) insertVote(ctx context.Context, tx tenant.DBTX, m *motion) error {
	if err := s.sql.InsertVote(ctx, tx, m.row); err != nil {
		return err
	}
	if err := s.sql.InsertVoteLines(ctx, tx, db.InsertVoteLinesParams{VoteID: m.row.ID, Texts: m.lines}); err != nil {
		return err
	}
	if voters := slices.Concat(m.people, m.guests); len(voters) > 0 {
		n, err := s.sql.InsertVoters(ctx, tx, db.InsertVotersParams{VoteID: m.row.ID, MeetingID: m.row.MeetingID, People: voters, Guests: m.guests})
		if err != nil {
			return err
		}
		if n != int64(len(voters)) {
			return wrong("people") // somebody is not there any more, is there twice, or is a guest whom nobody named
		}
	}
	return voteNoun.Made(ctx, tx, tenant.Act{Act: "meeting.vote_make"}, m.row.ID)
}
