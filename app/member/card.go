package member

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/day"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// A card's code is "GH1.body.member.week.step.mac": the phone makes a new one every step from a secret that changes every
// week, so that a phone may be without a network for some days, and one that was lost shows no card after that.
const (
	cardMark  = "GH1"
	cardStep  = 30 * time.Second
	cardSteps = 2 // how many steps a code is good for
	cardWeek  = 7 * 24 * time.Hour
	cardMAC   = 12 // bytes
)

// Outcomes of a check.
const (
	cardValid   = "valid"
	cardExpired = "expired"
	cardUnknown = "unknown"
	cardEnded   = "ended"
)

var base64url = base64.RawURLEncoding

func cardHead(body string, member uuid.UUID, week int64) string {
	return fmt.Sprintf("%s.%s.%s.%d", cardMark, body, base64url.EncodeToString(member[:]), week)
}

// cardSecret is the key of the codes with a head.
func (s *Service) cardSecret(head string) []byte {
	sum := sha256.Sum256([]byte(s.keys.Digest("member.card", head)))
	return sum[:]
}

func cardCode(secret []byte, head string, step int64) string {
	text := head + "." + strconv.FormatInt(step, 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + base64url.EncodeToString(mac.Sum(nil)[:cardMAC])
}

// GetOwnCard returns the caller's card.
func (s *Service) GetOwnCard(ctx context.Context, _ *memberv1.GetOwnCardRequest) (*memberv1.Card, error) {
	id, err := ownMember(ctx)
	if err != nil {
		return nil, err
	}
	row, err := s.row(ctx, id, only(id))
	if err != nil {
		return nil, err
	}
	t, now := tenant.From(ctx), time.Now()
	card := &memberv1.Card{
		MemberNo: row.MemberNo, Name: row.Name, BodyName: t.Name, JoinedOn: day.Format(row.JoinedOn), State: row.State,
		Life: int32(cardSteps * cardStep / time.Second), Now: now.Unix(),
	}
	if row.State == stateActive {
		card.Head = cardHead(t.Code, row.ID, now.Unix()/int64(cardWeek/time.Second))
		card.Secret = base64url.EncodeToString(s.cardSecret(card.Head))
	}
	return card, nil
}

// VerifyCard checks a scanned code.
func (s *Service) VerifyCard(ctx context.Context, req *memberv1.VerifyCardRequest) (*memberv1.VerifyCardReply, error) {
	body, member, outcome := s.readCard(strings.TrimSpace(req.GetCode()), time.Now())
	reply := &memberv1.VerifyCardReply{Outcome: outcome}
	if outcome == cardUnknown {
		return reply, nil
	}
	t := tenant.From(ctx)
	reply.Own = body == t.Code
	var err error
	if reply.Own {
		err = s.verifyOwn(ctx, reply, member)
	} else {
		err = s.verifyOther(ctx, reply, member)
	}
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.verify", Kind: "member", Object: member.String(), Reason: reply.Outcome})
		return nil
	})
	return reply, err
}

// readCard checks what a code says of itself: a body, a member, and how fresh it is.
func (s *Service) readCard(code string, now time.Time) (body string, member uuid.UUID, outcome string) {
	part := strings.Split(code, ".")
	if len(part) != 6 || part[0] != cardMark {
		return "", uuid.Nil, cardUnknown
	}
	raw, err := base64url.DecodeString(part[2])
	if err != nil || len(raw) != len(member) {
		return "", uuid.Nil, cardUnknown
	}
	week, err1 := strconv.ParseInt(part[3], 10, 64)
	step, err2 := strconv.ParseInt(part[4], 10, 64)
	if err1 != nil || err2 != nil {
		return "", uuid.Nil, cardUnknown
	}
	member = uuid.UUID(raw)
	head := cardHead(part[1], member, week)
	if !hmac.Equal([]byte(cardCode(s.cardSecret(head), head, step)), []byte(code)) {
		return "", uuid.Nil, cardUnknown
	}
	old := now.Unix()/int64(cardStep/time.Second) - step
	weeks := now.Unix()/int64(cardWeek/time.Second) - week
	// A phone's clock may be a step ahead, and its secret a week old.
	if old < -1 || old >= cardSteps || weeks < 0 || weeks > 1 {
		return part[1], member, cardExpired
	}
	return part[1], member, cardValid
}

func (s *Service) verifyOwn(ctx context.Context, reply *memberv1.VerifyCardReply, member uuid.UUID) error {
	row, err := s.row(ctx, member, whole)
	if errors.Is(err, errNotFound) {
		reply.Outcome = cardUnknown
		return nil
	}
	if err != nil {
		return err
	}
	reply.BodyName, reply.Name, reply.MemberNo, reply.MemberId = tenant.From(ctx).Name, row.Name, row.MemberNo, row.ID.String()
	if row.State != stateActive {
		reply.Outcome = cardEnded
	}
	return nil
}

// verifyOther tells of another body's member what the registry knows: the body, and that the membership is in force.
func (s *Service) verifyOther(ctx context.Context, reply *memberv1.VerifyCardReply, member uuid.UUID) error {
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, `select b.name from platform.membership m join platform.body b on b.id = m.body_id
			where m.member_id = $1 and m.live`, member).Scan(&reply.BodyName)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		reply.Outcome = cardEnded
		return nil
	}
	return err
}
