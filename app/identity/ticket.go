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

	"gonghui/app/identity/factor"
	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/policy"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// entry is somebody on the way in: the account and the place are known, what has been proved so far is kept.
type entry struct {
	Account  uuid.UUID `json:"account"`
	Identity uuid.UUID `json:"identity"`
	Body     uuid.UUID `json:"body"` // of the host; nil for the supervision host
	Consent  string    `json:"consent,omitempty"`
	First    string    `json:"first"`            // password | code | invitation | passkey
	Second   string    `json:"second,omitempty"` // totp | passkey | recovery
	Renewed  bool      `json:"renewed,omitempty"`
}

// factor is by what the session was opened, as it is kept with it.
func (e entry) factor() string {
	if e.Second == "" {
		return e.First
	}
	return e.First + "+" + e.Second
}

// strong reports whether a session was opened by two factors.
func strong(factors string) bool {
	switch factors {
	case "password", "code", "invitation":
		return false
	}
	return true
}

// The steps that may be left of a sign-in.
const (
	needFactor   = "factor"
	needSetUp    = "set_up"
	needPassword = "password"
)

// needs is the next step of somebody on the way in; "" when there is none.
func (e entry) needs(hasFactor, demanded, expired bool) string {
	switch {
	case !strong(e.factor()) && hasFactor:
		return needFactor
	case !strong(e.factor()) && demanded:
		return needSetUp
	case e.First == "password" && expired && !e.Renewed:
		return needPassword
	}
	return ""
}

// ticketLife is how long a step of a sign-in may take.
const ticketLife = 10 * time.Minute

func ticketKey(token string) string { return "gonghui:ticket:" + hex.EncodeToString(digestOf(token)) }

var errTicket = fault.Of(http.StatusBadRequest, identityv1.Reason_TICKET_INVALID, "ticket",
	"登录已过期，请重新登录", "this sign-in has expired; begin anew")

// ticketed reads who is on the way in on this host.
func (s *Service) ticketed(ctx context.Context, token string) (entry, error) {
	var e entry
	raw, err := s.host.Redis().Get(ctx, ticketKey(token)).Bytes()
	if errors.Is(err, redis.Nil) {
		return e, errTicket
	}
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return e, err
	}
	if e.Body != hostBody(ctx) {
		return e, errTicket
	}
	return e, nil
}

// hostBody is the body of the host; nil on the supervision host.
func hostBody(ctx context.Context) uuid.UUID {
	if t := tenant.From(ctx); t != nil {
		return t.ID
	}
	return uuid.Nil
}

// standing is what decides about the next step.
type standing struct {
	of       db.FactorsOfAccountRow
	role     string
	policy   policy.Policy // of the place
	password policy.Policy // of the account
	expired  bool
}

func (s *Service) standing(ctx context.Context, tx tenant.DBTX, account, identity uuid.UUID) (st standing, err error) {
	if st.of, err = s.q.FactorsOfAccount(ctx, tx, account); err != nil {
		return st, err
	}
	place, err := s.q.IdentityByID(ctx, tx, identity)
	if err != nil {
		return st, err
	}
	st.role = place.Role
	if st.policy, err = s.policyFor(ctx, tx, place.BodyID, place.Role); err != nil {
		return st, err
	}
	if st.password, _, err = s.passwordPolicy(ctx, tx, account); err != nil {
		return st, err
	}
	st.expired = st.of.PasswordSet && st.of.PasswordAt != nil && st.password.Expired(*st.of.PasswordAt, time.Now())
	return st, nil
}

// proceed opens the session, or says what is left to do first. codes are recovery codes that were made on the way.
func (s *Service) proceed(ctx context.Context, e entry, codes []string) (*identityv1.SignInReply, error) {
	e.Body = hostBody(ctx)
	var st standing
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		st, err = s.standing(ctx, tx, e.Account, e.Identity)
		return err
	})
	if err != nil {
		return nil, err
	}
	ways := factor.Ways(st.of)
	needs := e.needs(len(ways) > 0, st.policy.Demands(st.role), st.expired)
	if needs == "" {
		reply, err := s.enter(ctx, e, st.policy)
		if reply != nil {
			reply.RecoveryCodes = codes
		}
		return reply, err
	}
	step := &identityv1.SignInStep{Needs: needs}
	switch needs {
	case needFactor:
		step.Ways = ways
	case needSetUp:
		step.Ways = []string{factor.Totp, factor.Passkey}
	case needPassword:
		step.Password = rulesOf(st.password)
	}
	kept, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	step.Ticket, _ = newToken()
	if err := s.host.Redis().Set(ctx, ticketKey(step.Ticket), kept, ticketLife).Err(); err != nil {
		return nil, err
	}
	return &identityv1.SignInReply{Step: step, RecoveryCodes: codes}, nil
}

// ContinueSignIn does the step that is left. A failed one can be tried again with the same ticket, a done one uses it up.
func (s *Service) ContinueSignIn(ctx context.Context, in *identityv1.ContinueSignInRequest) (*identityv1.SignInReply, error) {
	e, err := s.ticketed(ctx, in.Ticket)
	if err != nil {
		return nil, err
	}
	var st standing
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		st, err = s.standing(ctx, tx, e.Account, e.Identity)
		return err
	})
	if err != nil {
		return nil, err
	}
	if st.of.State != "open" {
		return nil, errTicket
	}
	var codes []string
	switch e.needs(len(factor.Ways(st.of)) > 0, st.policy.Demands(st.role), st.expired) {
	case needFactor:
		e.Second, err = s.factors.Verify(ctx, e.Account, factor.Proof{Totp: in.Totp, Recovery: in.RecoveryCode, Passkey: in.Passkey})
	case needSetUp:
		e.Second, _, codes, err = s.factors.Add(ctx, e.Account, factor.SetUp{Totp: in.Totp, Passkey: in.Passkey})
	case needPassword:
		e.Renewed, err = true, s.renewPassword(ctx, e.Account, in.NewPassword)
	}
	if err != nil {
		return nil, err
	}
	// Of two who bring the same ticket one goes on.
	n, err := s.host.Redis().Del(ctx, ticketKey(in.Ticket)).Result()
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errTicket
	}
	return s.proceed(ctx, e, codes)
}

// renewPassword replaces a password that is too old and ends what was opened with it.
func (s *Service) renewPassword(ctx context.Context, account uuid.UUID, password string) error {
	if password == "" {
		return fault.Field("newPassword", "请设置新密码", "choose a new password")
	}
	hash, err := s.newPassword(ctx, "newPassword", password, account)
	if err != nil {
		return err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Account.See(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, account, hash); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "password.change", Reason: "it was too old"}); err != nil {
			return err
		}
		_, err = s.q.EndOtherSessions(ctx, tx, db.EndOtherSessionsParams{AccountID: account, Why: endPassword})
		return err
	})
	s.forget(func(o *tenant.Subject) bool { return o.Account == account })
	return err
}

// StartSetUp begins the set-up of a second factor on the way in.
func (s *Service) StartSetUp(ctx context.Context, in *identityv1.StartSetUpRequest) (*identityv1.StartSetUpReply, error) {
	e, err := s.ticketed(ctx, in.Ticket)
	if err != nil {
		return nil, err
	}
	var st standing
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		st, err = s.standing(ctx, tx, e.Account, e.Identity)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Who has a factor proves it: a first proof alone must not add another.
	if e.needs(len(factor.Ways(st.of)) > 0, st.policy.Demands(st.role), st.expired) != needSetUp {
		return nil, errTicket
	}
	reply := &identityv1.StartSetUpReply{}
	if in.Way == factor.Passkey {
		reply.Passkey, err = s.factors.AskNew(ctx, e.Account)
	} else {
		reply.Totp, err = s.factors.NewTotp(ctx, e.Account)
	}
	return reply, err
}

// AskPasskey returns what a passkey has to sign to open a session.
func (s *Service) AskPasskey(ctx context.Context, in *identityv1.AskPasskeyRequest) (*identityv1.PasskeyQuestion, error) {
	if in.Ticket == "" {
		return s.factors.Ask(ctx, uuid.Nil)
	}
	e, err := s.ticketed(ctx, in.Ticket)
	if err != nil {
		return nil, err
	}
	return s.factors.Ask(ctx, e.Account)
}

// SignInWithPasskey opens a session by a passkey alone.
func (s *Service) SignInWithPasskey(ctx context.Context, in *identityv1.SignInWithPasskeyRequest) (*identityv1.SignInReply, error) {
	account, err := s.factors.VerifyAny(ctx, in.Passkey)
	if err != nil {
		return nil, err
	}
	var rows []db.PlacesOfAccountRow
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.q.PlacesOfAccount(ctx, tx, account)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if t := tenant.From(ctx); t != nil && r.BodyID == t.ID || t == nil && r.Role != "member" {
			return s.proceed(ctx, entry{Account: account, Identity: r.IdentityID, First: "passkey"}, nil)
		}
	}
	return nil, refused()
}
