// Package factor is how an account proves who it belongs to, besides its password: authenticator apps, passkeys, recovery codes; the
// fresh proof before a sensitive act; and the puzzle before a guess too many.
package factor

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	"gonghui/app/module"
	"gonghui/tenant"
)

// Door is what the package needs of the module that it belongs to.
type Door interface {
	// Guess runs a check that may be guessed at: failures are counted by name and source, and too many are refused before
	// the check runs. A check that fails without an error of its own fails with the refusal.
	Guess(ctx context.Context, name string, refusal error, check func() (bool, error)) error
	// PasswordOf reports whether the password is that of the account.
	PasswordOf(ctx context.Context, account uuid.UUID, password string) (bool, error)
	// CodeOf uses up a code that was sent to the account's phone for a fresh proof.
	CodeOf(ctx context.Context, account uuid.UUID, code string) error
	// Demanded reports whether the caller's place demands a second factor.
	Demanded(ctx context.Context, tx tenant.DBTX) (bool, error)
	// Forget drops what memory holds of a session.
	Forget(session uuid.UUID)
	// Device is the caller's device in a few words.
	Device(ctx context.Context) string
}

// Service answers the RPCs of FactorService.
type Service struct {
	identityv1.UnimplementedFactorServiceServer
	host module.Host
	door Door
	q    *db.Queries
}

// New makes the service.
func New(h module.Host, door Door) *Service { return &Service{host: h, door: door, q: db.New()} }

// The ways to prove something, as the API calls them.
const (
	Totp     = "totp"
	Passkey  = "passkey"
	Recovery = "recovery"
	Password = "password"
	Code     = "code"
)

// Ways are the second factors of an account; none without any.
func Ways(of db.FactorsOfAccountRow) []string {
	var ways []string
	if of.Passkeys > 0 {
		ways = append(ways, Passkey)
	}
	if of.TotpAt != nil {
		ways = append(ways, Totp)
	}
	if len(ways) > 0 && of.RecoveryCodes > 0 {
		ways = append(ways, Recovery)
	}
	return ways
}

// Proof is one proof of a second factor; exactly one field is set.
type Proof struct {
	Totp, Recovery string
	Passkey        *identityv1.PasskeyAnswer
}

var (
	errOneProof = fault.Field("totp", "请提供一种验证方式", "give exactly one proof")
	errFactor   = func(field string) error {
		return fault.Of(http.StatusBadRequest, identityv1.Reason_FACTOR_WRONG, field,
			"验证码或恢复码不正确，或已经用过", "the code is wrong or was used already")
	}
)

// Verify checks a proof of the account's second factor and returns which it was.
func (s *Service) Verify(ctx context.Context, account uuid.UUID, p Proof) (string, error) {
	switch {
	case p.Totp != "" && p.Recovery == "" && p.Passkey == nil:
		return Totp, s.door.Guess(ctx, "factor:"+account.String(), errFactor("totp"), func() (bool, error) { return s.useTotp(ctx, account, p.Totp) })
	case p.Recovery != "" && p.Totp == "" && p.Passkey == nil:
		return Recovery, s.door.Guess(ctx, "factor:"+account.String(), errFactor("recoveryCode"), func() (bool, error) { return s.useRecovery(ctx, account, p.Recovery) })
	case p.Passkey != nil && p.Totp == "" && p.Recovery == "":
		_, err := s.signed(ctx, account, p.Passkey)
		return Passkey, err
	}
	return "", errOneProof
}

// VerifyAny checks the answer of a passkey of whichever account and returns the account.
func (s *Service) VerifyAny(ctx context.Context, answer *identityv1.PasskeyAnswer) (uuid.UUID, error) {
	return s.signed(ctx, uuid.Nil, answer)
}

// Ask returns what a passkey of the account has to sign, or of anybody when there is none.
func (s *Service) Ask(ctx context.Context, account uuid.UUID) (*identityv1.PasskeyQuestion, error) {
	return s.ask(ctx, account)
}

func (s *Service) useTotp(ctx context.Context, account uuid.UUID, code string) (bool, error) {
	var n int64
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.TotpOfAccount(ctx, tx, account)
		if isNone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		secret, err := s.host.Keys().Open("totp.secret", row.SecretSealed)
		if err != nil {
			return err
		}
		n, err = s.q.UseTotp(ctx, tx, db.UseTotpParams{AccountID: account, LastStep: stepOf(secret, code, time.Now())})
		return err
	})
	return n > 0, err
}

func (s *Service) useRecovery(ctx context.Context, account uuid.UUID, typed string) (bool, error) {
	var n int64
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		was, err := noun.Account.See(ctx, tx, account)
		if err != nil {
			return err
		}
		n, err = s.q.UseRecoveryCode(ctx, tx, db.UseRecoveryCodeParams{AccountID: account, Digest: s.recoveryDigest(account, typed)})
		if err != nil || n == 0 {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "recovery_code.use"})
	})
	return n > 0, err
}

func (s *Service) recoveryDigest(account uuid.UUID, code string) string {
	return s.host.Keys().Digest("recovery", account.String()+"|"+normalRecovery(code))
}

// newCodes gives the account ten recovery codes in the place of those it had.
func (s *Service) newCodes(ctx context.Context, tx tenant.DBTX, account uuid.UUID) ([]string, error) {
	codes := newRecoveryCodes()
	digests := make([]string, len(codes))
	for i, c := range codes {
		digests[i] = s.recoveryDigest(account, c)
	}
	was, err := noun.Account.See(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	if err := s.q.DeleteRecoveryCodes(ctx, tx, account); err != nil {
		return nil, err
	}
	if err := s.q.CreateRecoveryCodes(ctx, tx, db.CreateRecoveryCodesParams{AccountID: account, Digests: digests}); err != nil {
		return nil, err
	}
	return codes, was.Changed(ctx, tx, tenant.Act{Act: "recovery_code.renew"})
}

// firstCodes gives recovery codes to an account that has none.
func (s *Service) firstCodes(ctx context.Context, tx tenant.DBTX, account uuid.UUID) ([]string, error) {
	of, err := s.q.FactorsOfAccount(ctx, tx, account)
	if err != nil || of.RecoveryCodes > 0 {
		return nil, err
	}
	return s.newCodes(ctx, tx, account)
}

// SetUp is the second factor of an account that is being set up.
type SetUp struct {
	Totp    string // the first code of the authenticator app
	Passkey *identityv1.PasskeyAnswer
	Name    string // of the passkey
}

func newTotpKey(account uuid.UUID) string { return "gonghui:totp:" + account.String() }

// totpLife is how long a new secret waits for its first code.
const totpLife = 15 * time.Minute

var errTotpThere = fault.New(http.StatusConflict, identityv1.Reason_TOTP_STATE,
	"已经设置了动态验证码，请先关闭再重新设置", "an authenticator app is set up already; remove it first")

// NewTotp makes a secret for the account that waits for its first code.
func (s *Service) NewTotp(ctx context.Context, account uuid.UUID) (*identityv1.TotpSecret, error) {
	var of db.FactorsOfAccountRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		of, err = s.q.FactorsOfAccount(ctx, tx, account)
		return err
	})
	if err != nil {
		return nil, err
	}
	if of.TotpAt != nil {
		return nil, errTotpThere
	}
	phone, err := s.host.Keys().Open("person.phone", of.PhoneSealed)
	if err != nil {
		return nil, err
	}
	secret, url, err := newSecret("工会平台", cnid.MaskPhone(phone))
	if err != nil {
		return nil, err
	}
	err = s.host.Redis().Set(ctx, newTotpKey(account), s.host.Keys().Seal("totp.secret", secret), totpLife).Err()
	return &identityv1.TotpSecret{Secret: secret, Url: url}, err
}

// AskNew returns what a new passkey of the account is made for.
func (s *Service) AskNew(ctx context.Context, account uuid.UUID) (*identityv1.PasskeyQuestion, error) {
	return s.askNew(ctx, account)
}

// Add sets a second factor up. It returns which it was, the id of a passkey, and the recovery codes that come with the first one.
func (s *Service) Add(ctx context.Context, account uuid.UUID, in SetUp) (way string, passkey uuid.UUID, codes []string, err error) {
	switch {
	case in.Totp != "" && in.Passkey == nil:
		codes, err = s.addTotp(ctx, account, in.Totp)
		return Totp, uuid.Nil, codes, err
	case in.Passkey != nil && in.Totp == "":
		passkey, codes, err = s.addPasskey(ctx, account, in.Passkey, in.Name)
		return Passkey, passkey, codes, err
	}
	return "", uuid.Nil, nil, errOneProof
}

func (s *Service) addTotp(ctx context.Context, account uuid.UUID, code string) ([]string, error) {
	sealed, err := s.host.Redis().Get(ctx, newTotpKey(account)).Result()
	if isNil(err) {
		return nil, fault.New(http.StatusConflict, identityv1.Reason_TOTP_STATE, "设置已过期，请重新开始", "the set-up has expired; begin anew")
	}
	if err != nil {
		return nil, err
	}
	secret, err := s.host.Keys().Open("totp.secret", sealed)
	if err != nil {
		return nil, err
	}
	var step int64
	err = s.door.Guess(ctx, "factor:"+account.String(), errFactor("code"), func() (bool, error) {
		step = stepOf(secret, code, time.Now())
		return step > 0, nil
	})
	if err != nil {
		return nil, err
	}
	var codes []string
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.q.LockAccount(ctx, tx, account); err != nil {
			return err
		}
		was, err := noun.Account.See(ctx, tx, account)
		if err != nil {
			return err
		}
		n, err := s.q.CreateTotp(ctx, tx, db.CreateTotpParams{AccountID: account, SecretSealed: sealed, LastStep: step})
		if err != nil {
			return err
		}
		if n == 0 {
			return errTotpThere
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "totp.add"}); err != nil {
			return err
		}
		codes, err = s.firstCodes(ctx, tx, account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, s.host.Redis().Del(ctx, newTotpKey(account)).Err()
}

func (s *Service) addPasskey(ctx context.Context, account uuid.UUID, answer *identityv1.PasskeyAnswer, name string) (id uuid.UUID, codes []string, err error) {
	made, err := s.made(ctx, account, answer)
	if err != nil {
		return uuid.Nil, nil, err
	}
	if name == "" {
		name = s.door.Device(ctx)
	}
	if name == "" {
		name = "passkey"
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.q.LockAccount(ctx, tx, account); err != nil {
			return err
		}
		of, err := s.q.FactorsOfAccount(ctx, tx, account)
		if err != nil {
			return err
		}
		if of.Passkeys >= passkeysMost {
			return errTooMany
		}
		if id, err = s.keep(ctx, tx, account, made, name); err != nil {
			return err
		}
		codes, err = s.firstCodes(ctx, tx, account)
		return err
	})
	return id, codes, err
}

// Wipe takes every second factor from an account.
func Wipe(ctx context.Context, tx tenant.DBTX, account uuid.UUID) error {
	q := db.New()
	if _, err := q.DeleteTotp(ctx, tx, account); err != nil {
		return err
	}
	if err := q.DeletePasskeysOfAccount(ctx, tx, account); err != nil {
		return err
	}
	return q.DeleteRecoveryCodes(ctx, tx, account)
}

func isNone(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
func isNil(err error) bool  { return errors.Is(err, redis.Nil) }
