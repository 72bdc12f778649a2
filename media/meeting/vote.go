package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/internal/db"
	votev1 "gonghui/media/meeting/vote/v1"
	"gonghui/tenant"
)

// Kinds of votes. What is veiled is hidden from the others, not from who runs the system; only a ballot is secret.
const (
	kindNamed  = "named"
	kindVeiled = "veiled"
	kindSecret = "secret"
	kindSignIn = "signin"
)

// States of votes.
const (
	voteDraft  = "draft"
	voteOpen   = "open"
	voteEnding = "ending"
	voteClosed = "closed"
	voteDone   = "done"
	voteVoid   = "void"
)

// What scrutineers have confirmed: bits for the first and the second.
const (
	confirmedClosing = 1 | 2
	confirmedOpening = 4 | 8
)

var (
	voteNoun = tenant.Noun{Kind: "meeting_vote", State: `select to_jsonb(v) - 'secret' || jsonb_build_object('lines', (
		select coalesce(jsonb_agg(l.text order by l.no), '[]') from meeting_vote_line l where l.vote_id = v.id)) from meeting_vote v where v.id = $1`}
	// That somebody voted in a poll, signed in or was given the right to vote is recorded; what they chose, or had signed, is not.
	voterNoun = tenant.Noun{Kind: "meeting_voter", State: "select to_jsonb(r) - 'choice' - 'asked' from meeting_voter r where r.vote_id = $1 and r.person_id = $2"}
)

// chosen are the options, counted from 1, that a choice stands for.
func chosen(choice int64) (options []uint32) {
	for n := uint32(1); choice>>(n-1) != 0; n++ {
		if choice&(1<<(n-1)) != 0 {
			options = append(options, n)
		}
	}
	return options
}

// choiceOf is the other way round; false for options that cannot be.
func choiceOf(options []uint32) (choice int64, ok bool) {
	for _, n := range options {
		if n < 1 || n > 60 || choice&(1<<(n-1)) != 0 {
			return 0, false
		}
		choice |= 1 << (n - 1)
	}
	return choice, true
}

// stateOf is how a vote stands by now: a sign-in ends by its time.
func stateOf(v *db.MeetingVote, now time.Time) string {
	if v.Kind == kindSignIn && v.State == voteOpen && v.EndsAt != nil && now.After(*v.EndsAt) {
		return voteDone
	}
	return v.State
}

// voteKey is the key of a ballot that is not closed.
func (s *Service) voteKey(v *db.MeetingVote) (*ballot.Key, error) {
	if v.Secret == nil {
		return nil, ballot.ErrKey
	}
	text, err := s.keys.Open(secretColumn, *v.Secret)
	if err != nil {
		return nil, err
	}
	return ballot.ReadKey(text)
}

const secretColumn = "meeting_vote.secret"

// voteFacts are what is told of votes beside their rows.
type voteFacts struct {
	lines  map[uuid.UUID][]string
	counts map[uuid.UUID]db.VoteCountsRow
	tally  map[uuid.UUID][]int
	cast   map[uuid.UUID]db.BallotCountsRow
	names  map[uuid.UUID]string
	own    map[uuid.UUID]db.OwnVotesRow
	in     int64
}

func (s *Service) voteFacts(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID, rows []db.MeetingVote, person uuid.UUID) (*voteFacts, error) {
	f := &voteFacts{map[uuid.UUID][]string{}, map[uuid.UUID]db.VoteCountsRow{}, map[uuid.UUID][]int{}, map[uuid.UUID]db.BallotCountsRow{}, map[uuid.UUID]string{}, map[uuid.UUID]db.OwnVotesRow{}, 0}
	var ids, polls, ballots, people []uuid.UUID
	for _, v := range rows {
		ids = append(ids, v.ID)
		switch {
		case v.Kind != kindSecret && v.State == voteDone:
			polls = append(polls, v.ID)
		case v.Kind == kindSecret && (v.State == voteClosed || v.State == voteDone):
			ballots = append(ballots, v.ID)
		}
		if v.WatcherA != nil && v.WatcherB != nil {
			people = append(people, *v.WatcherA, *v.WatcherB)
		}
	}
	lines, err := s.sql.VoteLines(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		f.lines[l.VoteID] = append(f.lines[l.VoteID], l.Text)
	}
	counts, err := s.sql.VoteCounts(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		f.counts[c.VoteID] = c
	}
	for _, id := range ids {
		f.tally[id] = make([]int, max(len(f.lines[id])-1, 0))
	}
	if len(polls) > 0 {
		tally, err := s.sql.PollTally(ctx, tx, polls)
		if err != nil {
			return nil, err
		}
		for _, t := range tally {
			f.tally[t.VoteID][t.No-1] = int(t.Votes)
		}
	}
	if len(ballots) > 0 {
		tally, err := s.sql.BallotTally(ctx, tx, ballots)
		if err != nil {
			return nil, err
		}
		for _, t := range tally {
			f.tally[t.VoteID][t.No-1] = int(t.Votes)
		}
		cast, err := s.sql.BallotCounts(ctx, tx, ballots)
		if err != nil {
			return nil, err
		}
		for _, c := range cast {
			f.cast[c.VoteID] = c
		}
	}
	if len(people) > 0 {
		names, err := s.sql.VoteNames(ctx, tx, db.VoteNamesParams{MeetingID: meeting, People: people})
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			f.names[n.ID] = n.Name
		}
	}
	if person != uuid.Nil {
		own, err := s.sql.OwnVotes(ctx, tx, db.OwnVotesParams{PersonID: person, Votes: ids})
		if err != nil {
			return nil, err
		}
		for _, o := range own {
			f.own[o.VoteID] = o
		}
	}
	f.in, err = s.sql.CountIn(ctx, tx, meeting)
	return f, err
}

// tellVotes is votes as all may know them, with the part of a person unless that is none.
func (s *Service) tellVotes(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID, rows []db.MeetingVote, person uuid.UUID) ([]*votev1.Vote, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	f, err := s.voteFacts(ctx, tx, meeting, rows, person)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	out := make([]*votev1.Vote, 0, len(rows))
	for i := range rows {
		v := &rows[i]
		m := &votev1.Vote{
			Id: v.ID.String(), Kind: v.Kind, Form: v.Form, State: stateOf(v, now), Most: uint32(v.Most), Seats: uint32(v.Seats), Due: uint32(v.Due),
			Quorum: v.Quorum, Majority: v.Majority, MadeAt: timestamppb.New(v.MadeAt), OpenedAt: stamp(v.OpenedAt), EndsAt: stamp(v.EndsAt),
			ClosedAt: stamp(v.ClosedAt), Voters: uint32(f.in), Came: uint32(f.counts[v.ID].Came),
		}
		if l := f.lines[v.ID]; len(l) > 0 {
			m.Question, m.Options = l[0], l[1:]
		}
		if v.Kind == kindSecret {
			if err := s.tellBallot(v, m, f, s.there(ctx, meeting)); err != nil {
				return nil, err
			}
		}
		if m.State == voteDone && v.Kind != kindSignIn {
			m.Result = resultOf(v, m, f)
		}
		if person != uuid.Nil {
			o, listed := f.own[v.ID]
			m.Own = &votev1.OwnPart{May: listed || v.Kind != kindSecret, Did: o.At != nil}
			if o.Choice != nil {
				m.Own.Choice = chosen(*o.Choice)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// tellBallot adds what belongs to a ballot alone; h is the running meeting, nil when it is not on this node.
func (s *Service) tellBallot(v *db.MeetingVote, m *votev1.Vote, f *voteFacts, h *hall) error {
	m.Voters = uint32(f.counts[v.ID].Voters)
	for i, w := range []*uuid.UUID{v.WatcherA, v.WatcherB} {
		if w != nil {
			m.Watchers = append(m.Watchers, &votev1.Scrutineer{
				Participant: w.String(), Name: f.names[*w], Closing: v.Confirmed&(1<<i) != 0, Opening: v.Confirmed&(4<<i) != 0,
			})
		}
	}
	switch v.State {
	case voteOpen, voteEnding:
		if h == nil {
			break // where the meeting is, it is known
		}
		m.Unsure = h.unsure(v.ID)
		if v.State == voteEnding {
			m.Cast = uint32(s.boxes.of(v.MeetingID, v.ID).Len())
		}
	case voteClosed, voteDone:
		m.Cast = uint32(f.cast[v.ID].Ballots)
	}
	if v.State == voteOpen || v.State == voteEnding {
		key, err := s.voteKey(v)
		if err != nil {
			return err
		}
		m.Modulus = key.Modulus()
	}
	return nil
}

// ruleOf is the rule by which a vote is counted.
func ruleOf(v *db.MeetingVote, options, voters int) ballot.Rule {
	return ballot.Rule{
		Form: v.Form, Options: options, Most: int(v.Most), Seats: int(v.Seats), Due: int(v.Due), Voters: voters, Quorum: v.Quorum, Majority: v.Majority,
	}
}

func resultOf(v *db.MeetingVote, m *votev1.Vote, f *voteFacts) *votev1.VoteResult {
	cast, blank := m.GetCame(), int64(0)
	if v.Kind == kindSecret {
		cast, blank = m.GetCast(), f.cast[v.ID].Blank
	}
	r := ruleOf(v, len(m.GetOptions()), int(m.GetVoters())).Count(f.tally[v.ID], int(cast))
	out := &votev1.VoteResult{Cast: cast, Blank: uint32(blank), Quorate: r.Quorate, Need: uint32(r.Need), Passed: r.Passed}
	for _, n := range f.tally[v.ID] {
		out.Votes = append(out.Votes, uint32(n))
	}
	for _, o := range r.Won {
		out.Won = append(out.Won, uint32(o))
	}
	for _, o := range r.Tied {
		out.Tied = append(out.Tied, uint32(o))
	}
	return out
}

// tellVote is one vote.
func (s *Service) tellVote(ctx context.Context, tx tenant.DBTX, v db.MeetingVote, person uuid.UUID) (*votev1.Vote, error) {
	all, err := s.tellVotes(ctx, tx, v.MeetingID, []db.MeetingVote{v}, person)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}
