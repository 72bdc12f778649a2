package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/policy"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// normalPhone is the number of a request in its one form.
func normalPhone(s string) (string, error) {
	phone, err := cnid.NormalizePhone(s)
	if err != nil {
		return "", fault.Field("phone", "请输入 11 位手机号", "enter a mobile number of 11 digits")
	}
	return phone, nil
}

// SendCode sends a code to a phone. It is sent whether or not there is an account: neither the answer nor its time tells.
// The message leaves within the call, so that who asks hears at once when it could not.
func (s *Service) SendCode(ctx context.Context, in *identityv1.SendCodeRequest) (*identityv1.SendCodeReply, error) {
	phone, err := s.recipient(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.sendCode(ctx, in.Purpose, phone)
}

// sendCode sends a code for a purpose to a phone.
func (s *Service) sendCode(ctx context.Context, purpose, phone string) (*identityv1.SendCodeReply, error) {
	digest, source := s.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source
	if err := s.codes.allow(ctx, purpose, digest, source); err != nil {
		return nil, err
	}
	code, err := s.codes.issue(ctx, purpose, digest)
	if err != nil {
		return nil, err
	}
	err = s.sms.Send(ctx, phone, purpose, map[string]string{"code": code, "minutes": strconv.Itoa(int(codeLife / time.Minute))})
	if err != nil {
		slog.ErrorContext(ctx, "sms", "request", tenant.CallFrom(ctx).Request, "error", err)
		if err := s.codes.giveBack(context.WithoutCancel(ctx), purpose, digest, source); err != nil {
			return nil, err
		}
		return nil, notSent(err)
	}
	return &identityv1.SendCodeReply{AgainAfter: int32(codeAgain / time.Second), Life: int32(codeLife / time.Second)}, nil
}

func notSent(err error) error {
	if errors.Is(err, sms.ErrNone) {
		return fault.New(http.StatusServiceUnavailable, identityv1.Reason_CODE_NOT_SENT,
			"系统尚未开通短信服务，请用密码登录或联系工会管理员", "text messages are not set up here; use your password or ask the administrator")
	}
	return fault.New(http.StatusServiceUnavailable, identityv1.Reason_CODE_NOT_SENT,
		"短信暂时无法发送，请稍后再试", "the message cannot be sent just now; try again shortly")
}

// recipient is the phone that a code goes to: the one of the request, of the caller or of the invitation.
func (s *Service) recipient(ctx context.Context, in *identityv1.SendCodeRequest) (string, error) {
	switch in.Purpose {
	case sms.Close, sms.StepUp:
		me := tenant.SubjectFrom(ctx)
		if me == nil {
			return "", errSession()
		}
		return s.phoneOf(ctx, me.Account)
	case sms.Invitation:
		row, err := s.openInvitation(ctx, in.Token)
		if err != nil {
			return "", err
		}
		return s.host.Keys().Open("person.phone", row.PhoneSealed)
	}
	return normalPhone(in.Phone)
}

// phoneOf is the phone of an account.
func (s *Service) phoneOf(ctx context.Context, account uuid.UUID) (string, error) {
	var sealed string
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.AccountOfMe(ctx, tx, db.AccountOfMeParams{ID: account})
		sealed = row.PhoneSealed
		return err
	})
	if err != nil {
		return "", err
	}
	return s.host.Keys().Open("person.phone", sealed)
}

// refused answers who has no place on the host, in one way whatever the reason.
func refused() error {
	return fault.New(http.StatusUnauthorized, identityv1.Reason_SIGN_IN_REFUSED,
		"手机号或密码不正确，或您不在本工会的名单中", "the phone or the password is wrong, or you have no place in this union body")
}

// SignInWithCode opens a session for the phone's place on this host; without one, on the host of a body, the answer is a token
// with which the own file can be claimed.
func (s *Service) SignInWithCode(ctx context.Context, in *identityv1.SignInWithCodeRequest) (*identityv1.SignInWithCodeReply, error) {
	phone, err := normalPhone(in.Phone)
	if err != nil {
		return nil, err
	}
	if in.Consent != "" {
		if err := s.inForce(ctx, in.Consent); err != nil {
			return nil, err
		}
	}
	digest := s.host.Keys().Digest("phone", phone)
	source := tenant.CallFrom(ctx).Source
	if err := s.guard.admit(ctx, "code:"+digest, source); err != nil {
		return nil, err
	}
	if err := s.unhurried(ctx, "code:"+digest, source, in.Captcha); err != nil {
		return nil, err
	}
	if err := s.proven(ctx, sms.SignIn, digest, source, in.Code); err != nil {
		return nil, err
	}
	var rows []db.CandidatesRow
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.q.Candidates(ctx, tx, digest)
		return err
	})
	if err != nil {
		return nil, err
	}
	t := tenant.From(ctx)
	place := placeOn(rows, t)
	switch {
	case place != nil && place.State == "open":
		reply, err := s.proceed(ctx, entry{Account: place.AccountID, Identity: place.IdentityID, Consent: in.Consent, First: "code"}, nil)
		if err != nil {
			return nil, err
		}
		return &identityv1.SignInWithCodeReply{Me: reply.Me, Step: reply.Step}, nil
	case t == nil, len(rows) > 0 && rows[0].State != "open":
		return nil, refused()
	}
	token, err := s.proofs.issue(ctx, proof{Phone: phone, Body: t.ID, Consent: in.Consent})
	if err != nil {
		return nil, err
	}
	return &identityv1.SignInWithCodeReply{PhoneToken: token}, nil
}

// ResetPassword sets a new password for who holds the phone, and ends every session of the account.
func (s *Service) ResetPassword(ctx context.Context, in *identityv1.ResetPasswordRequest) (*identityv1.ResetPasswordReply, error) {
	phone, err := normalPhone(in.Phone)
	if err != nil {
		return nil, err
	}
	// What is demanded of everybody is said before the code is used up.
	if p := policy.Members(s.host.Demo()); p.Check(in.NewPassword, policy.Owner{Phone: phone}) != policy.Fine {
		return nil, flawOf("newPassword", p.Check(in.NewPassword, policy.Owner{Phone: phone}), p)
	}
	digest, source := s.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source
	if err := s.proven(ctx, sms.Reset, digest, source, in.Code); err != nil {
		return nil, err
	}
	var account uuid.UUID
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.AccountByPhone(ctx, tx, digest)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && row.State != "open" {
			// Only who holds the phone hears this.
			return fault.Of(http.StatusBadRequest, identityv1.Reason_SIGN_IN_REFUSED, "phone",
				"这个手机号还没有账号，请用验证码登录", "this phone has no account yet; sign in with a code")
		}
		account = row.ID
		return err
	})
	if err != nil {
		return nil, err
	}
	hash, err := s.newPassword(ctx, "newPassword", in.NewPassword, account)
	if err != nil {
		// What is demanded of staff is said to who has proved to be it; the code stays good for another try.
		if kept := s.codes.keep(ctx, sms.Reset, digest, in.Code); kept != nil {
			return nil, kept
		}
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Account.See(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, account, hash); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "password.reset"}); err != nil {
			return err
		}
		_, err = s.q.EndOtherSessions(ctx, tx, db.EndOtherSessionsParams{AccountID: account, Why: endPassword})
		return err
	})
	if err != nil {
		return nil, err
	}
	s.forget(func(o *tenant.Subject) bool { return o.Account == account })
	if err := s.guard.pass(ctx, digest); err != nil {
		return nil, err
	}
	return &identityv1.ResetPasswordReply{}, nil
}

// digestOf is how a token is kept.
func digestOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// mergePhones are what merging needs to know of phones.
type mergePhones struct{ *Service }

// SendTo implements merge.Phones.
func (p mergePhones) SendTo(ctx context.Context, phone string) (*identityv1.SendCodeReply, error) {
	return p.sendCode(ctx, sms.Merge, phone)
}

// Proven implements merge.Phones.
func (p mergePhones) Proven(ctx context.Context, phone, code string) error {
	return p.proven(ctx, sms.Merge, p.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source, code)
}

func errSession() error {
	return fault.New(http.StatusUnauthorized, identityv1.Reason_SESSION_REQUIRED, "请先登录", "sign in first")
}
