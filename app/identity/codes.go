package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/module"
	"gonghui/tenant"
)

// codes proves that somebody holds a phone. Only keyed digests are kept, in Redis, by phone and purpose: a code for one thing
// opens no other.
type codes struct {
	redis redis.UniversalClient
	keys  module.Keys
}

const (
	codeLife     = 5 * time.Minute
	codeTries    = 5
	codeAgain    = time.Minute
	codesOfPhone = 10 // in a day
	// codesOfSource in an hour: a whole office may sit behind one address.
	codesOfSource = 100
)

// A phone is named by its digest throughout.

func codeKey(purpose, phone string) string  { return "gonghui:code:" + purpose + ":" + phone }
func againKey(purpose, phone string) string { return "gonghui:code:again:" + purpose + ":" + phone }
func codesOfPhoneKey(phone string) string   { return "gonghui:code:phone:" + phone }
func codesOfSourceKey(source string) string { return "gonghui:code:source:" + network(source) }

func (c codes) digest(purpose, phone, code string) string {
	return c.keys.Digest("code", purpose+"|"+phone+"|"+code)
}

// allow counts a code that is asked for, or refuses it.
func (c codes) allow(ctx context.Context, purpose, phone, source string) error {
	free, err := c.redis.SetNX(ctx, againKey(purpose, phone), 1, codeAgain).Result()
	if err != nil {
		return err
	}
	if !free {
		return c.tooOften(ctx, againKey(purpose, phone))
	}
	pipe := c.redis.Pipeline()
	ofPhone := pipe.Incr(ctx, codesOfPhoneKey(phone))
	pipe.ExpireNX(ctx, codesOfPhoneKey(phone), 24*time.Hour)
	ofSource := pipe.Incr(ctx, codesOfSourceKey(source))
	pipe.ExpireNX(ctx, codesOfSourceKey(source), time.Hour)
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	full := ""
	switch {
	case ofPhone.Val() > codesOfPhone:
		full = codesOfPhoneKey(phone)
	case ofSource.Val() > codesOfSource:
		full = codesOfSourceKey(source)
	default:
		return nil
	}
	if err := c.giveBack(ctx, purpose, phone, source); err != nil {
		return err
	}
	return c.tooOften(ctx, full)
}

// giveBack takes a code that was not sent out of the counts.
func (c codes) giveBack(ctx context.Context, purpose, phone, source string) error {
	pipe := c.redis.Pipeline()
	pipe.Decr(ctx, codesOfPhoneKey(phone))
	pipe.Decr(ctx, codesOfSourceKey(source))
	pipe.Del(ctx, againKey(purpose, phone), codeKey(purpose, phone))
	_, err := pipe.Exec(ctx)
	return err
}

// tooOften refuses until the key is gone.
func (c codes) tooOften(ctx context.Context, key string) error {
	left, err := c.redis.PTTL(ctx, key).Result()
	if err != nil {
		return err
	}
	seconds := strconv.Itoa(max(1, int((left+time.Second-1)/time.Second)))
	refusal := fault.New(http.StatusTooManyRequests, identityv1.Reason_CODE_TOO_OFTEN,
		"验证码发送过于频繁，请 "+seconds+" 秒后再试", "codes were asked for too often; try again in "+seconds+" seconds")
	refusal.Metadata["retry_after"] = seconds
	return refusal
}

// issue makes a code, in the place of an older one.
func (c codes) issue(ctx context.Context, purpose, phone string) (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	code := fmt.Sprintf("%06d", n)
	return code, c.keep(ctx, purpose, phone, code)
}

// keep makes a code good for its whole life.
func (c codes) keep(ctx context.Context, purpose, phone, code string) error {
	key := codeKey(purpose, phone)
	pipe := c.redis.TxPipeline()
	pipe.Del(ctx, key)
	pipe.HSet(ctx, key, "digest", c.digest(purpose, phone, code))
	pipe.Expire(ctx, key, codeLife)
	_, err := pipe.Exec(ctx)
	return err
}

// take uses a code up: the right one is good once, after five wrong ones it is good no more.
var take = redis.NewScript(`
local digest = redis.call('HGET', KEYS[1], 'digest')
if not digest then return 0 end
if digest == ARGV[1] then
	redis.call('DEL', KEYS[1])
	return 1
end
if redis.call('HINCRBY', KEYS[1], 'tries', 1) >= tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
return 0`)

// proven uses up the code that was sent to the phone for the purpose. Wrong ones are counted like wrong passwords, but apart
// from them: who guesses at a password must not bar the phone's holder from the way round it.
func (s *Service) proven(ctx context.Context, purpose, phone, source, code string) error {
	guessed := "code:" + phone
	if err := s.guard.admit(ctx, guessed, source); err != nil {
		return err
	}
	ok, err := take.Run(ctx, s.codes.redis, []string{codeKey(purpose, phone)}, s.codes.digest(purpose, phone, code), codeTries).Bool()
	if err != nil {
		return err
	}
	if !ok {
		if err := s.guard.fail(ctx, guessed, source); err != nil {
			return err
		}
		return fault.Of(http.StatusBadRequest, identityv1.Reason_CODE_WRONG, "code",
			"验证码不正确或已过期，请核对或重新获取", "the code is wrong or has expired; look again or ask for another")
	}
	if err := s.firstProof(ctx, phone); err != nil {
		return err
	}
	return s.guard.pass(ctx, guessed)
}

// firstProof ends what was set on the account of a phone before its holder had proved it: a link can be in wrong hands, and a
// phone mistyped.
func (s *Service) firstProof(ctx context.Context, phone string) error {
	var account uuid.UUID
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.AccountOfPhone.See(ctx, tx, phone)
		if err != nil {
			return err
		}
		row, err := s.q.ProvePhone(ctx, tx, phone)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !row.HadPassword {
			return nil
		}
		if err != nil {
			return err
		}
		account = row.ID
		if err := factor.Wipe(ctx, tx, account); err != nil {
			return err
		}
		if err := s.q.ForgetPasswords(ctx, tx, account); err != nil {
			return err
		}
		err = was.Changed(ctx, tx, tenant.Act{Act: "password.clear", Object: account.String(), Reason: "the phone was proved for the first time"})
		if err != nil {
			return err
		}
		_, err = s.q.DeleteSessionsOfAccount(ctx, tx, account)
		return err
	})
	s.forget(func(o *tenant.Subject) bool { return o.Account == account })
	return err
}
