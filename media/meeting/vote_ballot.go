package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/bits"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/cluster"
	"gonghui/media/meeting/internal/db"
	votev1 "gonghui/media/meeting/vote/v1"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// right spends somebody's right to vote: their blinded token is signed, once. That it was given is recorded. Whose answer was lost asks
// for the same token again.
func (c *conn) right(ctx context.Context, id uuid.UUID, blinded []byte) (*signalv1.FromServer, error) {
	sum := sha256.Sum256(blinded)
	asked := base64.RawURLEncoding.EncodeToString(sum[:])
	var signature []byte
	first := false
	err := c.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		v, err := c.s.ofMeeting(ctx, tx, c.meeting, id)
		if err != nil {
			return err
		}
		voter, err := absent(c.s.sql.LockVoter(ctx, tx, db.LockVoterParams{VoteID: id, PersonID: c.person}))
		if err != nil {
			return err
		}
		again := voter != nil && voter.Asked != nil && *voter.Asked == asked
		switch {
		case v.Kind != kindSecret, v.State != voteOpen && (v.State != voteEnding || !again):
			return errVoteState
		case voter == nil, voter.At != nil && !again:
			return signal.Refuse(signal.ReasonRight, "vote.vote")
		}
		key, err := c.s.voteKey(v)
		if err != nil {
			return err
		}
		if signature, err = key.Sign(blinded); errors.Is(err, ballot.ErrBlinded) {
			return signal.Refuse(signal.ReasonMessage, "vote.blinded")
		}
		if err != nil || again {
			return err
		}
		if first, err = c.first(ctx, tx, id); err != nil {
			return err
		}
		seen, err := voterNoun.See(ctx, tx, id, c.person)
		if err != nil {
			return err
		}
		if err := c.s.sql.GiveRight(ctx, tx, db.GiveRightParams{VoteID: id, PersonID: c.person, At: time.Now(), Asked: asked}); err != nil {
			return err
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.right"})
	})
	if err != nil {
		return nil, err
	}
	if first {
		c.s.boxes.of(c.meeting, id).Begin(c.hall.term.Load())
	}
	c.hall.showSoon(id)
	return &signalv1.FromServer{What: &signalv1.FromServer_Right{Right: &votev1.Right{Signature: signature}}}, nil
}

// first reports whether nobody has been given the right to vote yet: a box that was lost by then held nothing.
func (c *conn) first(ctx context.Context, tx tenant.DBTX, vote uuid.UUID) (bool, error) {
	if !c.hall.unsure(vote) {
		return false, nil
	}
	came, err := c.s.rights(ctx, tx, vote)
	return came == 0, err
}

// rights is how many rights to vote have been given.
func (s *Service) rights(ctx context.Context, tx tenant.DBTX, vote uuid.UUID) (int, error) {
	counts, err := s.sql.VoteCounts(ctx, tx, []uuid.UUID{vote})
	if err != nil || len(counts) == 0 {
		return 0, err
	}
	return int(counts[0].Came), nil
}

// complete refuses to close a ballot of which a part may have been lost with a process: it is written whole, or declared void and held
// again.
func (c *conn) complete(ctx context.Context, tx tenant.DBTX, vote uuid.UUID, all ballot.Sheet) error {
	if all.Whole(c.hall.term.Load()) {
		return nil
	}
	came, err := c.s.rights(ctx, tx, vote)
	if err == nil && len(all.IDs) < came {
		err = signal.Refuse(signal.ReasonState, "vote.cast")
	}
	return err
}

// confirm is a scrutineer's: when both have confirmed the closing, the ballots are written and the key is destroyed; when both have
// confirmed the opening, the result is told.
func (c *conn) confirm(ctx context.Context, tx tenant.DBTX, v *db.MeetingVote, now time.Time, all ballot.Sheet) error {
	bit := 0
	for i, w := range []*uuid.UUID{v.WatcherA, v.WatcherB} {
		if w != nil && *w == c.person {
			bit = 1 << i
		}
	}
	if bit == 0 {
		return signal.Refuse(signal.ReasonRight, "vote.do")
	}
	switch v.State {
	case voteEnding:
		if err := c.complete(ctx, tx, v.ID, all); err != nil {
			return err
		}
		v.Confirmed |= int16(bit)
		if v.Confirmed&confirmedClosing != confirmedClosing {
			return c.s.changeVote(ctx, tx, v, "meeting.vote_confirm", func() {})
		}
		if err := c.s.write(ctx, tx, v.ID, all); err != nil {
			return err
		}
		return c.s.changeVote(ctx, tx, v, "meeting.vote_close", func() { v.State, v.ClosedAt, v.Secret = voteClosed, &now, nil })
	case voteClosed:
		v.Confirmed |= int16(bit << 2)
		if v.Confirmed&confirmedOpening != confirmedOpening {
			return c.s.changeVote(ctx, tx, v, "meeting.vote_confirm", func() {})
		}
		return c.s.changeVote(ctx, tx, v, "meeting.vote_count", func() { v.State = voteDone })
	}
	return errVoteState
}

// write writes all ballots of one vote at once. Neither an idempotency key nor an act in the trail belongs to one of them.
func (s *Service) write(ctx context.Context, tx tenant.DBTX, vote uuid.UUID, all ballot.Sheet) error {
	if len(all.IDs) == 0 {
		return nil
	}
	if err := s.sql.WriteReceipts(ctx, tx, db.WriteReceiptsParams{VoteID: vote, Receipts: all.Receipts}); err != nil {
		return err
	}
	return s.sql.WriteBallots(ctx, tx, db.WriteBallotsParams{VoteID: vote, Ids: all.IDs, Choices: all.Choices})
}

// castPath takes ballots, from pages that do not say who they are.
const castPath = "/v1/meetings:cast"

// castBody is what a page sends; bytes are base64.
type castBody struct {
	Vote      string   `json:"vote"`
	Token     []byte   `json:"token"`
	Signature []byte   `json:"signature"`
	Choice    []uint32 `json:"choice"`
}

// castReply tells a page whether to keep its ballot and cast it again later.
type castReply struct {
	Receipt string `json:"receipt"`
	Written bool   `json:"written"`
}

// mostCast is how long a ballot may be, in bytes.
const mostCast = 4 << 10

var (
	errCast      = fault.Field("body", "选票无法读取", "this ballot cannot be read")
	errSignature = fault.Field("signature", "这张选票没有有效的投票凭证", "this ballot has no valid right to vote")
	errChoice    = fault.Field("choice", "所选项数不符合要求", "so many options cannot be chosen")
)

// cast takes a ballot into the box. Nothing in the request says whose it is, and nothing of it is kept but the choice and the receipt.
func (s *Service) cast(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := open(ctx); err != nil {
		return err
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, mostCast))
	if err != nil {
		return errCast
	}
	var in castBody
	if json.Unmarshal(raw, &in) != nil {
		return errCast
	}
	id, err := field.ID("vote", in.Vote)
	if err != nil {
		return err
	}
	choice, ok := choiceOf(in.Choice)
	if !ok {
		return errChoice
	}
	reply := castReply{Receipt: ballot.Receipt(in.Token)}
	var v db.MeetingVote
	var lines int
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		var err error
		if v, err = s.sql.GetVote(ctx, tx, id); errors.Is(err, pgx.ErrNoRows) || err == nil && v.Kind != kindSecret {
			return errNoMeeting
		}
		if err != nil {
			return err
		}
		all, err := s.sql.VoteLines(ctx, tx, []uuid.UUID{id})
		lines = len(all) - 1
		if err == nil && (v.State == voteClosed || v.State == voteDone) {
			reply.Written, err = s.sql.HasReceipt(ctx, tx, db.HasReceiptParams{VoteID: id, Receipt: reply.Receipt})
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case reply.Written:
	case v.State != voteOpen && v.State != voteEnding:
		return errState
	default:
		if err := s.put(ctx, &v, &in, choice, lines, reply.Receipt); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(reply)
}

// boxed is a ballot on its way to the node where the meeting is.
type boxed struct {
	Vote    uuid.UUID `json:"vote"`
	Receipt string    `json:"receipt"`
	Choice  int64     `json:"choice"`
}

// put checks a ballot and puts it into the box, which is where the meeting is.
func (s *Service) put(ctx context.Context, v *db.MeetingVote, in *castBody, choice int64, options int, receipt string) error {
	key, err := s.voteKey(v)
	if err != nil {
		return err
	}
	if key.Check(in.Token, in.Signature) != nil {
		return errSignature
	}
	if !ruleOf(v, options, 0).Valid(choice) || bits.OnesCount64(uint64(choice)) > int(v.Most) {
		return errChoice
	}
	one := boxed{v.ID, receipt, choice}
	at, away, err := s.away(ctx, v.MeetingID)
	switch {
	case err != nil:
		return err
	case away:
		raw, err := json.Marshal(one)
		if err != nil {
			return err
		}
		_, err = s.nodes.Call(ctx, at, "/halls/"+v.MeetingID.String()+"/cast", raw, noteOf(ctx))
		return notPut(err)
	}
	return notPut(s.boxes.put(v.MeetingID, one))
}

// notPut says why a ballot is not in its box. While there is none that can take it, the page casts again.
func notPut(err error) error {
	there := (*cluster.StatusError)(nil)
	errors.As(err, &there)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ballot.ErrSpent), there != nil && there.Status == http.StatusConflict:
		return errSpent
	case errors.Is(err, ballot.ErrShut), there != nil && there.Status == http.StatusGone:
		return errState
	}
	return errNoBox.WithCause(err)
}

// away is the other node on which a meeting is; false: it is here.
func (s *Service) away(ctx context.Context, meeting uuid.UUID) (cluster.Place, bool, error) {
	if s.nodes == nil || s.there(ctx, meeting) != nil {
		return cluster.Place{}, false, nil
	}
	at, ok, err := s.nodes.Where(ctx, roomOf(tenant.From(ctx), meeting))
	if err == nil && !ok {
		err = errNoBox // its node has died, and nobody has come back yet
	}
	return at, !at.Here, err
}
