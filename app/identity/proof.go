package identity

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"gonghui/app/kit/fault"
	"gonghui/app/module"

	identityv1 "gonghui/app/identity/v1"
)

// proofLife is how long who proved to hold a phone may take to say who they are.
const proofLife = 10 * time.Minute

// proof is what a phone token stands for: on the host of one body somebody held the phone, and agreed to a version of the
// legal texts or to none.
type proof struct {
	Phone   string    `json:"phone"` // sealed where it is kept
	Body    uuid.UUID `json:"body"`
	Consent string    `json:"consent,omitempty"`
}

// proofs keeps phone tokens, by their digests, in Redis.
type proofs struct {
	redis redis.UniversalClient
	keys  module.Keys
}

func proofKey(token string) string { return "gonghui:proof:" + hex.EncodeToString(digestOf(token)) }

var errProof = fault.Of(http.StatusBadRequest, identityv1.Reason_PHONE_TOKEN_INVALID, "phoneToken",
	"手机验证已过期，请重新获取验证码", "the proof of the phone has expired; ask for a new code")

// issue returns a new token.
func (p proofs) issue(ctx context.Context, of proof) (string, error) {
	token, _ := newToken()
	return token, p.put(ctx, token, of, proofLife)
}

func (p proofs) put(ctx context.Context, token string, of proof, life time.Duration) error {
	of.Phone = p.keys.Seal("proof.phone", of.Phone)
	raw, err := json.Marshal(of)
	if err != nil {
		return err
	}
	return p.redis.Set(ctx, proofKey(token), raw, life).Err()
}

// look reads a token made on the host of the body.
func (p proofs) look(ctx context.Context, token string, body uuid.UUID) (proof, error) {
	return p.read(p.redis.Get(ctx, proofKey(token)), body)
}

// use takes a token out of use; giveBack puts it back, for an act that came to nothing.
func (p proofs) use(ctx context.Context, token string, body uuid.UUID) (of proof, giveBack func() error, err error) {
	if _, err := p.look(ctx, token, body); err != nil {
		return proof{}, nil, err
	}
	left, err := p.redis.PTTL(ctx, proofKey(token)).Result()
	if err != nil {
		return proof{}, nil, err
	}
	if of, err = p.read(p.redis.GetDel(ctx, proofKey(token)), body); err != nil {
		return proof{}, nil, err
	}
	return of, func() error {
		if left <= 0 {
			return nil
		}
		return p.put(context.WithoutCancel(ctx), token, of, left)
	}, nil
}

func (p proofs) read(answer *redis.StringCmd, body uuid.UUID) (proof, error) {
	raw, err := answer.Bytes()
	if errors.Is(err, redis.Nil) {
		return proof{}, errProof
	}
	var of proof
	if err == nil {
		err = json.Unmarshal(raw, &of)
	}
	if err == nil {
		of.Phone, err = p.keys.Open("proof.phone", of.Phone)
	}
	if err == nil && of.Body != body {
		err = errProof
	}
	return of, err
}
