package identity

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/go-kratos/kratos/v2/transport"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"gonghui/app/identity/factor/softkey"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/pgtest"
)

func codeNow(t *testing.T, secret string, after time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(after))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// later is the time from the code that set an app up to the next one: far enough for a later step, near enough to be accepted, however the
// steps of the clock fall between.
const later = 30 * time.Second

// enrolled is an authenticator app that was set up with the code spent.
type enrolled struct {
	secret, spent string
	codes         []string
}

// withTotp sets an authenticator app up for who makes the call.
func (s *stage) withTotp(t *testing.T, me context.Context) enrolled {
	t.Helper()
	made, err := s.factors.StartTotp(me, nil)
	if err != nil {
		t.Fatal(err)
	}
	spent := codeNow(t, made.Secret, 0)
	codes, err := s.factors.ConfirmTotp(me, &identityv1.ConfirmTotpRequest{Code: spent})
	if err != nil {
		t.Fatal(err)
	}
	return enrolled{made.Secret, spent, codes.Codes}
}

func origin(b *pgtest.Body) string { return "https://" + b.Code + ".gonghui.test" }

// withPasskey makes a passkey for who makes the call, on the host of the body.
func (s *stage) withPasskey(t *testing.T, me context.Context, b *pgtest.Body, name string) (*softkey.Key, *identityv1.CreatePasskeyReply) {
	t.Helper()
	q, err := s.factors.StartPasskey(me, nil)
	if err != nil {
		t.Fatal(err)
	}
	key, answer, err := softkey.Create(q.Options, origin(b))
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.factors.CreatePasskey(me, &identityv1.CreatePasskeyRequest{Passkey: &identityv1.PasskeyAnswer{Id: q.Id, Credential: answer}, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return key, made
}

func sign(t *testing.T, key *softkey.Key, q *identityv1.PasskeyQuestion, origin string) *identityv1.PasskeyAnswer {
	t.Helper()
	answer, err := key.Sign(q.Options, origin)
	if err != nil {
		t.Fatal(err)
	}
	return &identityv1.PasskeyAnswer{Id: q.Id, Credential: answer}
}

// begin gives the password and returns the step that is left.
func (s *stage) begin(t *testing.T, ctx context.Context, phone string) *identityv1.SignInStep {
	t.Helper()
	in, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if in.Me != nil || in.Step == nil || cookie(t, ctx) != "" {
		t.Fatalf("the password alone answers %v", in)
	}
	return in.Step
}

func TestSignInWithAuthenticatorApp(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "两步人", phone, nil)
	me := s.signIn(t, s.body, phone)
	app := s.withTotp(t, me)
	secret, codes := app.secret, app.codes
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	if _, err := s.factors.StartTotp(me, nil); reason(err) != "TOTP_STATE" {
		t.Errorf("a second app: %v", err)
	}

	ctx := visit(s.body)
	step := s.begin(t, ctx, phone)
	if step.Needs != "factor" || strings.Join(step.Ways, " ") != "totp recovery" {
		t.Fatalf("the step is %v", step)
	}
	next := func(ctx context.Context, in *identityv1.ContinueSignInRequest) error {
		in.Ticket = step.Ticket
		_, err := s.ContinueSignIn(ctx, in)
		return err
	}
	if err := next(ctx, &identityv1.ContinueSignInRequest{}); field(err) != "totp" {
		t.Errorf("without a proof: %v", err)
	}
	if err := next(visit(s.other), &identityv1.ContinueSignInRequest{Totp: codeNow(t, secret, 0)}); reason(err) != "TICKET_INVALID" {
		t.Errorf("on another host: %v", err)
	}
	if err := next(ctx, &identityv1.ContinueSignInRequest{Totp: "000000", RecoveryCode: "x"}); field(err) != "totp" {
		t.Errorf("two proofs: %v", err)
	}
	right := codeNow(t, secret, later)
	if err := next(ctx, &identityv1.ContinueSignInRequest{Totp: wrong(right)}); reason(err) != "FACTOR_WRONG" {
		t.Errorf("a wrong code: %v", err)
	}
	if err := next(ctx, &identityv1.ContinueSignInRequest{Totp: app.spent}); reason(err) != "FACTOR_WRONG" {
		t.Errorf("the code of the set-up once more: %v", err)
	}
	if err := next(ctx, &identityv1.ContinueSignInRequest{Totp: right}); err != nil {
		t.Fatalf("the right code: %v", err)
	}
	list, err := s.ListSessions(s.as(t, ctx), &identityv1.ListSessionsRequest{})
	if err != nil || list.Sessions[0].Factor != "password+totp" || list.Sessions[1].Factor != "password" {
		t.Errorf("the devices are %v, %v", list, err)
	}
	if err := next(ctx, &identityv1.ContinueSignInRequest{Totp: codeNow(t, secret, later)}); reason(err) != "TICKET_INVALID" {
		t.Errorf("the ticket once more: %v", err)
	}
	ctx = visit(s.body)
	step = s.begin(t, ctx, phone)
	if err := next(ctx, &identityv1.ContinueSignInRequest{Totp: right}); reason(err) != "FACTOR_WRONG" {
		t.Errorf("a code for the second time: %v", err)
	}
	if err := next(ctx, &identityv1.ContinueSignInRequest{RecoveryCode: strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))}); err != nil {
		t.Fatalf("a recovery code: %v", err)
	}
	ctx = visit(s.body)
	step = s.begin(t, ctx, phone)
	if err := next(ctx, &identityv1.ContinueSignInRequest{RecoveryCode: codes[3]}); reason(err) != "FACTOR_WRONG" {
		t.Errorf("a recovery code for the second time: %v", err)
	}
	// Guesses bar the account's second factor, whatever ticket they come with.
	for range failuresOfPhone - 1 {
		if err := next(visit(s.body), &identityv1.ContinueSignInRequest{Totp: "000000"}); reason(err) != "FACTOR_WRONG" {
			t.Fatal(err)
		}
	}
	if err := next(visit(s.body), &identityv1.ContinueSignInRequest{Totp: codeNow(t, secret, later)}); reason(err) != "SIGN_IN_LOCKED" {
		t.Errorf("after five wrong ones: %v", err)
	}
}

// A code to the phone is one factor too, and so is the link of an invitation.
func TestSecondFactorHoldsForEveryWayIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "处处两步", phone, nil)
	me := s.signIn(t, s.body, phone)
	s.withTotp(t, me)
	in, ctx := s.byCode(t, s.body, phone, "")
	if in.Me != nil || in.Step.GetNeeds() != "factor" || cookie(t, ctx) != "" {
		t.Errorf("a code alone answers %v", in)
	}
	made, err := s.CreateInvitation(s.other.Ctx, &identityv1.CreateInvitationRequest{Phone: phone, Name: "处处两步", Role: "officer"})
	if err != nil {
		t.Fatal(err)
	}
	ctx = visit(s.other)
	reply, err := s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: tokenOf(t, made, "/console/invitation"), Password: password})
	if err != nil || reply.Me != nil || reply.Step.GetNeeds() != "factor" || cookie(t, ctx) != "" {
		t.Errorf("an invitation answers %v, %v", reply, err)
	}
}

func TestPasskeys(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "钥匙人", phone, nil)
	s.enrol(t, s.other, "member", "钥匙人", phone, nil)
	me := s.signIn(t, s.body, phone)
	key, made := s.withPasskey(t, me, s.body, "")
	if made.Passkey.Name != "Chrome · Windows" || len(made.RecoveryCodes) != 10 || key.RPID != "gonghui.test" {
		t.Fatalf("made %v for %s", made, key.RPID)
	}
	if _, made := s.withPasskey(t, me, s.body, "钥匙扣"); made.Passkey.Name != "钥匙扣" || len(made.RecoveryCodes) != 0 {
		t.Errorf("the second one answers %v", made)
	}

	// Alone, on every host where the person has a place.
	for _, b := range []*pgtest.Body{s.body, s.other} {
		ctx := visit(b)
		q, err := s.AskPasskey(ctx, &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		in, err := s.SignInWithPasskey(ctx, &identityv1.SignInWithPasskeyRequest{Passkey: sign(t, key, q, origin(b))})
		if err != nil || in.Me == nil || cookie(t, ctx) == "" {
			t.Fatalf("at %s: %v, %v", b.Code, in, err)
		}
	}
	hq := visit(nil)
	q, err := s.AskPasskey(hq, &identityv1.AskPasskeyRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if in, err := s.SignInWithPasskey(hq, &identityv1.SignInWithPasskeyRequest{Passkey: sign(t, key, q, "https://hq.gonghui.test")}); err != nil || in.Me == nil {
		t.Fatalf("at the supervision host: %v, %v", in, err)
	}

	refused := func(what string, change func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer) {
		t.Helper()
		ctx := visit(s.body)
		q, err := s.AskPasskey(ctx, &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SignInWithPasskey(ctx, &identityv1.SignInWithPasskeyRequest{Passkey: change(q)}); reason(err) != "PASSKEY_REFUSED" || cookie(t, ctx) != "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("from another site", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		return sign(t, key, q, "https://evil.example")
	})
	refused("from another body's page", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer { return sign(t, key, q, origin(s.other)) })
	refused("a copy whose counter lags", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		copied := *key
		copied.Counter = 1
		return sign(t, &copied, q, origin(s.body))
	})
	refused("for another account", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		other := *key
		id := uuid.New()
		other.Handle = id[:]
		key.Counter += 2
		other.Counter = key.Counter
		return sign(t, &other, q, origin(s.body))
	})
	refused("nonsense", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		return &identityv1.PasskeyAnswer{Id: q.Id, Credential: "{}"}
	})
	refused("an answer to another question", func(*identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		old, err := s.AskPasskey(visit(s.body), &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		answer := sign(t, key, old, origin(s.body))
		other, err := s.AskPasskey(visit(s.body), &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return &identityv1.PasskeyAnswer{Id: other.Id, Credential: answer.Credential}
	})
	refused("of an unknown question", func(*identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		return &identityv1.PasskeyAnswer{Id: strings.Repeat("x", 30), Credential: "{}"}
	})

	// As the second step after the password.
	ctx := visit(s.body)
	step := s.begin(t, ctx, phone)
	if strings.Join(step.Ways, " ") != "passkey recovery" {
		t.Errorf("the ways are %v", step.Ways)
	}
	q, err = s.AskPasskey(ctx, &identityv1.AskPasskeyRequest{Ticket: step.Ticket})
	if err != nil {
		t.Fatal(err)
	}
	answer := sign(t, key, q, origin(s.body))
	if _, err := s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{Ticket: step.Ticket, Passkey: answer}); err != nil {
		t.Fatalf("as the second step: %v", err)
	}
	me = s.as(t, ctx)

	// A stranger's passkey is nothing to the account, nor the account's to a stranger.
	other := mobile()
	s.enrol(t, s.body, "officer", "外人", other, nil)
	stranger := s.signIn(t, s.body, other)
	list, err := s.factors.ListPasskeys(me, &identityv1.ListPasskeysRequest{PageSize: 1})
	if err != nil || len(list.Passkeys) != 1 || list.NextPageToken == "" || list.Passkeys[0].Name != "钥匙扣" {
		t.Fatalf("the first page is %v, %v", list, err)
	}
	list, err = s.factors.ListPasskeys(me, &identityv1.ListPasskeysRequest{PageSize: 1, PageToken: list.NextPageToken})
	if err != nil || len(list.Passkeys) != 1 || list.NextPageToken != "" || list.Passkeys[0].UsedAt == nil {
		t.Fatalf("the second page is %v, %v", list, err)
	}
	id := list.Passkeys[0].Id
	if _, err := s.factors.RenamePasskey(stranger, &identityv1.RenamePasskeyRequest{Id: id, Name: "夺走"}); reason(err) != "PASSKEY_NOT_FOUND" {
		t.Errorf("a stranger renames it: %v", err)
	}
	if _, err := s.factors.RemovePasskey(stranger, &identityv1.RemovePasskeyRequest{Id: id}); reason(err) != "PASSKEY_NOT_FOUND" {
		t.Errorf("a stranger removes it: %v", err)
	}
	if _, err := s.factors.RenamePasskey(me, &identityv1.RenamePasskeyRequest{Id: id, Name: "  "}); field(err) != "name" {
		t.Errorf("renamed to nothing: %v", err)
	}
	if k, err := s.factors.RenamePasskey(me, &identityv1.RenamePasskeyRequest{Id: id, Name: " 办公电脑 "}); err != nil || k.Name != "办公电脑" {
		t.Errorf("renamed to %v, %v", k, err)
	}
	if _, err := s.factors.RemovePasskey(me, &identityv1.RemovePasskeyRequest{Id: id}); err != nil {
		t.Fatal(err)
	}
	refused("a removed one", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer { return sign(t, key, q, origin(s.body)) })
}

// Where the body demands a second factor, who has none sets one up on the way in.
func TestDemandedFactorIsSetUpOnTheWayIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone, second := mobile(), mobile()
	s.enrol(t, s.body, "officer", "要两步", phone, nil)
	s.enrol(t, s.body, "officer", "要钥匙", second, nil)
	s.enrol(t, s.other, "officer", "要两步", phone, nil)
	away := s.signIn(t, s.other, phone)
	s.demand(t, s.body, func(p *identityv1.SecurityPolicy) { p.FactorRoles = []string{"officer"} })

	// A session of one factor elsewhere is no way in.
	shown, err := s.GetMe(away, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateHandoff(away, &identityv1.CreateHandoffRequest{IdentityId: shown.Places[0].IdentityId}); reason(err) != "FACTOR_DEMANDED" {
		t.Errorf("a hand-off goes round the demand: %v", err)
	}

	ctx := visit(s.body)
	step := s.begin(t, ctx, phone)
	if step.Needs != "set_up" || strings.Join(step.Ways, " ") != "totp passkey" {
		t.Fatalf("the step is %v", step)
	}
	started, err := s.StartSetUp(ctx, &identityv1.StartSetUpRequest{Ticket: step.Ticket, Way: "totp"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{Ticket: step.Ticket, Totp: wrong(codeNow(t, started.Totp.Secret, 0))}); reason(err) != "FACTOR_WRONG" {
		t.Errorf("a wrong first code: %v", err)
	}
	in, err := s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{Ticket: step.Ticket, Totp: codeNow(t, started.Totp.Secret, 0)})
	if err != nil || in.Me == nil || len(in.RecoveryCodes) != 10 {
		t.Fatalf("the first code: %v, %v", in, err)
	}
	me := s.as(t, ctx)
	if _, err := s.factors.RemoveTotp(me, nil); reason(err) != "FACTOR_DEMANDED" {
		t.Errorf("the last factor is removed: %v", err)
	}
	// The ticket of who has a factor by now adds none.
	step = s.begin(t, visit(s.body), phone)
	if _, err := s.StartSetUp(visit(s.body), &identityv1.StartSetUpRequest{Ticket: step.Ticket, Way: "passkey"}); reason(err) != "TICKET_INVALID" {
		t.Errorf("another factor without the first: %v", err)
	}

	ctx = visit(s.body)
	step = s.begin(t, ctx, second)
	started, err = s.StartSetUp(ctx, &identityv1.StartSetUpRequest{Ticket: step.Ticket, Way: "passkey"})
	if err != nil {
		t.Fatal(err)
	}
	_, answer, err := softkey.Create(started.Passkey.Options, origin(s.body))
	if err != nil {
		t.Fatal(err)
	}
	in, err = s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{
		Ticket: step.Ticket, Passkey: &identityv1.PasskeyAnswer{Id: started.Passkey.Id, Credential: answer},
	})
	if err != nil || in.Me == nil || len(in.RecoveryCodes) != 10 {
		t.Fatalf("a passkey on the way in: %v, %v", in, err)
	}
}

func TestProveSelf(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "再证明", phone, nil)
	in := visit(s.body)
	if _, err := s.SignIn(in, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	account := tenant.SubjectFrom(s.as(t, in)).Account
	stale := func() context.Context {
		s.exec(t, "update platform.session set proved_at = now() - interval '11 minutes' where account_id = $1", account)
		s.forget(func(*tenant.Subject) bool { return true })
		me := s.as(t, in)
		if err := access.Fresh(me); reason(err) != "STEP_UP_REQUIRED" {
			t.Fatalf("after eleven minutes: %v", err)
		}
		return me
	}
	own := ownFactors{s.factors, s.Service}
	me := stale()
	shown, err := own.GetSecurity(me, nil)
	if err != nil || strings.Join(shown.Ways, " ") != "password code" || shown.FreshUntil.AsTime().After(time.Now()) || shown.IdleMinutes != 30 {
		t.Errorf("without a second factor: %v, %v", shown, err)
	}
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{Password: "wrong"}); reason(err) != "PASSWORD_WRONG" || field(err) != "password" {
		t.Errorf("a wrong password: %v", err)
	}
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{}); field(err) != "password" {
		t.Errorf("nothing: %v", err)
	}
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{Password: password}); err != nil {
		t.Fatal(err)
	}
	if err := access.Fresh(s.as(t, in)); err != nil {
		t.Errorf("after the password: %v", err)
	}
	me = stale()
	code := s.code(t, me, &identityv1.SendCodeRequest{Purpose: sms.StepUp}, phone)
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{Code: code}); err != nil {
		t.Fatal(err)
	}
	me = s.as(t, in)
	if err := access.Fresh(me); err != nil {
		t.Errorf("after a code: %v", err)
	}

	// Once there is a second factor, nothing less will do.
	secret := s.withTotp(t, me).secret
	key, _ := s.withPasskey(t, me, s.body, "")
	me = stale()
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{Password: password}); field(err) != "totp" {
		t.Errorf("the password in the place of the second factor: %v", err)
	}
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{Totp: codeNow(t, secret, later)}); err != nil {
		t.Fatal(err)
	}
	if err := access.Fresh(s.as(t, in)); err != nil {
		t.Errorf("after a code of the app: %v", err)
	}
	me = stale()
	q, err := own.AskOwnPasskey(me, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := own.ProveSelf(me, &identityv1.ProveSelfRequest{Passkey: sign(t, key, q, origin(s.body))}); err != nil {
		t.Fatal(err)
	}
	if err := access.Fresh(s.as(t, in)); err != nil {
		t.Errorf("after a passkey: %v", err)
	}
}

// A fresh proof counts in every process at once.
func TestOtherProcessesHearOfAProof(t *testing.T) {
	t.Parallel()
	s := open(t)
	far := s.elsewhere(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "远处", phone, nil)
	in := visit(s.body)
	if _, err := s.SignIn(in, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	s.exec(t, "update platform.session set proved_at = now() - interval '11 minutes' where account_id = $1", tenant.SubjectFrom(s.as(t, in)).Account)
	fresh := func() bool {
		subject, err := far.Authenticate(in, cookie(t, in), s.body.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		return access.Fresh(tenant.WithSubject(in, subject)) == nil
	}
	eventually(t, "the proof is old there", func() bool { return !fresh() })
	s.forget(func(*tenant.Subject) bool { return true })
	if _, err := s.factors.ProveSelf(s.as(t, in), &identityv1.ProveSelfRequest{Password: password}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the proof counts there", fresh)
}

func TestFactorsEndWithTheAccountAndWithTheLastOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "收尾", phone, nil)
	me := s.signIn(t, s.body, phone)
	first := s.withTotp(t, me).codes
	renewed, err := s.factors.RenewRecoveryCodes(me, nil)
	if err != nil || len(renewed.Codes) != 10 || renewed.Codes[0] == first[0] {
		t.Fatalf("renewed: %v, %v", renewed, err)
	}
	if _, err := s.factors.RemoveTotp(me, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.factors.RemoveTotp(me, nil); reason(err) != "TOTP_STATE" {
		t.Errorf("a second time: %v", err)
	}
	if _, err := s.factors.RenewRecoveryCodes(me, nil); reason(err) != "TOTP_STATE" {
		t.Errorf("codes without a factor: %v", err)
	}
	ctx := visit(s.body)
	if in, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil || in.Me == nil {
		t.Errorf("without a factor the password is enough: %v, %v", in, err)
	}
	me = s.as(t, ctx)
	s.withTotp(t, me)
	s.withPasskey(t, me, s.body, "")
	code := s.code(t, me, &identityv1.SendCodeRequest{Purpose: sms.Close}, phone)
	if _, err := s.CloseAccount(me, &identityv1.CloseAccountRequest{Code: code}); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"totp", "passkey", "recovery_code", "password_history"} {
		if n := s.count(t, "select count(*) from platform."+table+" where account_id = $1", tenant.SubjectFrom(me).Account); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// Who has lost every factor is let in again by an operator, and by nobody else.
func TestResetFactors(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "全丢了", phone, nil)
	in := visit(s.body)
	if _, err := s.SignIn(in, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	me := s.as(t, in)
	s.withTotp(t, me)
	s.withPasskey(t, me, s.body, "")
	reset := func(phone string) error {
		return s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
			return ResetFactors(ctx, tx, s.host, phone, "seen in person")
		})
	}
	if err := reset(mobile()); !errors.Is(err, ErrNoAccount) {
		t.Errorf("of nobody: %v", err)
	}
	if err := reset(phone); err != nil {
		t.Fatal(err)
	}
	if n := s.count(t, "select count(*) from platform.session where account_id = $1", tenant.SubjectFrom(me).Account); n != 0 {
		t.Errorf("%d sessions go on", n)
	}
	if reply, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil || reply.Me == nil {
		t.Errorf("the password alone: %v, %v", reply, err)
	}
}

// After three failures a try costs the solution of a puzzle, whether or not there is such an account.
func TestPuzzleAfterFailures(t *testing.T) {
	t.Parallel()
	s := open(t)
	known, unknown := mobile(), mobile()
	s.enrol(t, s.body, "officer", "会忘", known, nil)
	for _, phone := range []string{known, unknown} {
		for range failuresFree {
			if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "wrong"}); reason(err) != "SIGN_IN_REFUSED" {
				t.Fatal(err)
			}
		}
		if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: password}); reason(err) != "CAPTCHA_REQUIRED" {
			t.Errorf("after three failures: %v", err)
		}
		if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: password, Captcha: "made up"}); reason(err) != "CAPTCHA_REQUIRED" {
			t.Errorf("with a made-up solution: %v", err)
		}
	}
	var solution string
	used := visit(s.body)
	err := solving(func(captcha string) error {
		solution = captcha
		_, err := s.SignIn(used, &identityv1.SignInRequest{Phone: known, Password: "wrong", Captcha: captcha})
		return err
	})
	if reason(err) != "SIGN_IN_REFUSED" || solution == "" {
		t.Errorf("a wrong password with a solution: %v", err)
	}
	if _, err := s.SignIn(used, &identityv1.SignInRequest{Phone: known, Password: password, Captcha: solution}); reason(err) != "CAPTCHA_REQUIRED" {
		t.Errorf("a solution for the second time: %v", err)
	}
	if err := s.tryPassword(visit(s.body), known, password); err != nil {
		t.Errorf("the right password with a solution: %v", err)
	}
	// A source that failed is asked for any phone.
	source := visit(s.body)
	for range failuresFree {
		if _, err := s.SignIn(source, &identityv1.SignInRequest{Phone: mobile(), Password: "wrong"}); reason(err) != "SIGN_IN_REFUSED" {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn(source, &identityv1.SignInRequest{Phone: known, Password: password}); reason(err) != "CAPTCHA_REQUIRED" {
		t.Errorf("a source after three failures: %v", err)
	}
}

// with is the call of a device that still holds the cookie of another call.
func with(ctx, in context.Context, t *testing.T) context.Context {
	return transport.NewServerContext(ctx, &reply{header: header{}, asked: header{"Cookie": module.Cookie + "=" + cookie(t, in)}})
}

func TestOldestSessionMakesRoomAndHearsWhy(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "设备多", phone, nil)
	s.enrol(t, s.other, "member", "设备多", phone, nil)
	s.demand(t, s.body, func(p *identityv1.SecurityPolicy) { p.Sessions = 2 })
	elsewhere := visit(s.other)
	if _, err := s.SignIn(elsewhere, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	var in []context.Context
	for range 3 {
		ctx := visit(s.body)
		if _, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
			t.Fatal(err)
		}
		in = append(in, ctx)
	}
	if !s.out(t, in[0]) || s.out(t, in[1]) || s.out(t, in[2]) || s.out(t, elsewhere) {
		t.Error("another session than the oldest of the body was ended")
	}
	end, err := s.GetSessionEnd(with(visit(s.body), in[0], t), nil)
	if err != nil || end.Why != "limit" || end.Device != "Chrome · Windows" || time.Since(end.At.AsTime()) > time.Minute {
		t.Errorf("the device hears %v, %v", end, err)
	}
	if end, err := s.GetSessionEnd(with(visit(s.body), in[1], t), nil); err != nil || end.Why != "" {
		t.Errorf("a session that goes on hears %v, %v", end, err)
	}
	if end, err := s.GetSessionEnd(visit(s.body), nil); err != nil || end.Why != "" {
		t.Errorf("a stranger hears %v, %v", end, err)
	}
	list, err := s.ListSessions(s.as(t, in[2]), &identityv1.ListSessionsRequest{})
	if err != nil || len(list.Sessions) != 3 {
		t.Fatalf("the devices are %v, %v", list, err)
	}
	if _, err := s.RevokeSession(s.as(t, in[2]), &identityv1.RevokeSessionRequest{Id: list.Sessions[1].Id}); err != nil {
		t.Fatal(err)
	}
	if end, err := s.GetSessionEnd(with(visit(s.body), in[1], t), nil); err != nil || end.Why != "remote" {
		t.Errorf("a session ended from afar hears %v, %v", end, err)
	}
	s.exec(t, "update platform.session set seen_at = now() - interval '31 minutes' where id = $1", list.Sessions[0].Id)
	if end, err := s.GetSessionEnd(with(visit(s.body), in[2], t), nil); err != nil || end.Why != "idle" {
		t.Errorf("an unused session hears %v, %v", end, err)
	}
}

// demand changes what a body demands.
func (s *stage) demand(t *testing.T, b *pgtest.Body, change func(*identityv1.SecurityPolicy)) *identityv1.PolicyCard {
	t.Helper()
	card, err := s.GetPolicy(b.Ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	change(card.Own)
	if card, err = s.UpdatePolicy(b.Ctx, &identityv1.UpdatePolicyRequest{Policy: card.Own, Version: card.Version}); err != nil {
		t.Fatal(err)
	}
	return card
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "守规矩", phone, nil)
	in := visit(s.body)
	if _, err := s.SignIn(in, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	card, err := s.GetPolicy(s.body.Ctx, nil)
	if err != nil || card.Version != 0 || card.Floor != nil || card.Own.MinLength != 8 || card.Own.Kinds != 3 || card.Own.IdleMinutes != 30 {
		t.Fatalf("the defaults are %v, %v", card, err)
	}
	card = s.demand(t, s.body, func(p *identityv1.SecurityPolicy) { p.MinLength, p.IdleMinutes, p.AbsoluteHours = 12, 10, 2 })
	if card.Version != 1 || card.Effective.MinLength != 12 {
		t.Errorf("answered with %v", card)
	}
	if _, err := s.UpdatePolicy(s.body.Ctx, &identityv1.UpdatePolicyRequest{Policy: card.Own, Version: 0}); reason(err) != "POLICY_STALE" {
		t.Errorf("on the defaults that were changed: %v", err)
	}
	if _, err := s.UpdatePolicy(s.body.Ctx, &identityv1.UpdatePolicyRequest{Policy: card.Own, Version: 7}); reason(err) != "POLICY_STALE" {
		t.Errorf("on another version: %v", err)
	}
	if n := s.count(t, "select count(*) from platform.session where idle = interval '10 minutes' and expires_at <= created_at + interval '2 hours' and host = $1", s.body.Code+".gonghui.test"); n != 1 {
		t.Error("an open session keeps its longer times")
	}
	me := s.as(t, in)
	change := func(next string) error {
		_, err := s.ChangePassword(me, &identityv1.ChangePasswordRequest{OldPassword: password, NewPassword: next})
		return err
	}
	for next, want := range map[string]string{"Walnut7frog": "PASSWORD_WEAK", "walnutfrogmill": "PASSWORD_WEAK", "x" + phone + "-Kq": "PASSWORD_WEAK", "Tq9-守规矩-kz7w": "PASSWORD_WEAK"} {
		if err := change(next); reason(err) != want || field(err) != "newPassword" {
			t.Errorf("%s: %v", next, err)
		}
	}
	// What a body above demands of those below cannot be undercut.
	s.exec(t, "insert into platform.closure (line, ancestor_id, descendant_id, depth) values ('primary', $1, $2, 1) on conflict do nothing", s.body.ID, s.other.ID)
	if floor, err := s.GetPolicy(s.other.Ctx, nil); err != nil || floor.Floor != nil {
		t.Errorf("a demand on oneself reaches below: %v, %v", floor, err)
	}
	s.demand(t, s.body, func(p *identityv1.SecurityPolicy) {
		p.Below, p.MaxAgeDays, p.Sessions, p.FactorRoles = true, 90, 3, []string{"admin", "admin"}
	})
	card, err = s.GetPolicy(s.other.Ctx, nil)
	if err != nil || card.Floor.GetMinLength() != 12 || card.Effective.MinLength != 12 || card.Effective.MaxAgeDays != 90 || card.Own.MinLength != 8 || len(card.FloorOf) != 1 {
		t.Fatalf("below: %v, %v", card, err)
	}
	if got := strings.Join(card.Effective.FactorRoles, " "); got != "admin system_admin security_admin audit_admin" {
		t.Errorf("the roles are %s", got)
	}
	good := card.Effective
	for name, weaken := range map[string]func(p *identityv1.SecurityPolicy){
		"minLength":     func(p *identityv1.SecurityPolicy) { p.MinLength = 11 },
		"kinds":         func(p *identityv1.SecurityPolicy) { p.Kinds = 2 },
		"history":       func(p *identityv1.SecurityPolicy) { p.History = 4 },
		"maxAgeDays":    func(p *identityv1.SecurityPolicy) { p.MaxAgeDays = 0 },
		"idleMinutes":   func(p *identityv1.SecurityPolicy) { p.IdleMinutes = 11 },
		"absoluteHours": func(p *identityv1.SecurityPolicy) { p.AbsoluteHours = 3 },
		"sessions":      func(p *identityv1.SecurityPolicy) { p.Sessions = 4 },
		"factorRoles":   func(p *identityv1.SecurityPolicy) { p.FactorRoles = []string{"officer"} },
	} {
		p := &identityv1.SecurityPolicy{
			MinLength: good.MinLength, Kinds: good.Kinds, History: good.History, MaxAgeDays: good.MaxAgeDays, IdleMinutes: good.IdleMinutes,
			AbsoluteHours: good.AbsoluteHours, Sessions: good.Sessions, FactorRoles: good.FactorRoles,
		}
		weaken(p)
		if _, err := s.UpdatePolicy(s.other.Ctx, &identityv1.UpdatePolicyRequest{Policy: p}); field(err) != "policy."+name {
			t.Errorf("%s is undercut: %v", name, err)
		}
	}
	if _, err := s.UpdatePolicy(s.other.Ctx, &identityv1.UpdatePolicyRequest{Policy: good}); err != nil {
		t.Errorf("as much as above: %v", err)
	}
}

func TestPasswordHistoryAndAge(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "常换", phone, nil)
	me := s.signIn(t, s.body, phone)
	all := []string{password, "Walnut-frog1", "Walnut-frog2", "Walnut-frog3", "Walnut-frog4", "Walnut-frog5"}
	change := func(old, next string) error {
		_, err := s.ChangePassword(me, &identityv1.ChangePasswordRequest{OldPassword: old, NewPassword: next})
		return err
	}
	for i := 1; i < len(all); i++ {
		if err := change(all[i-1], all[i]); err != nil {
			t.Fatal(err)
		}
		for _, former := range all[:i+1] {
			if i < 5 || former != password {
				if err := change(all[i], former); reason(err) != "PASSWORD_REUSED" || field(err) != "newPassword" {
					t.Errorf("%s after %s: %v", former, all[i], err)
				}
			}
		}
	}
	if err := change(all[5], password); err != nil {
		t.Errorf("the sixth last one: %v", err)
	}
	// Half a year old, it is renewed on the way in.
	s.exec(t, "update platform.account set password_at = now() - interval '181 days' where id = $1", tenant.SubjectFrom(me).Account)
	ctx := visit(s.body)
	step := s.begin(t, ctx, phone)
	if step.Needs != "password" || step.Password.GetMinLength() != 8 || step.Password.GetKinds() != 3 {
		t.Fatalf("the step is %v", step)
	}
	for next, want := range map[string]string{"": "INVALID_ARGUMENT", "short": "PASSWORD_WEAK", password: "PASSWORD_REUSED"} {
		if _, err := s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{Ticket: step.Ticket, NewPassword: next}); reason(err) != want || field(err) != "newPassword" {
			t.Errorf("renewed to %q: %v", next, err)
		}
	}
	in, err := s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{Ticket: step.Ticket, NewPassword: "Walnut-frog6"})
	if err != nil || in.Me == nil {
		t.Fatalf("renewed: %v, %v", in, err)
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: password}); kerrors.Code(err) != 401 {
		t.Errorf("the old one: %v", err)
	}
}

// The steps of a sign-in follow from what was proved and what is demanded.
func TestNeeds(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		e                            entry
		hasFactor, demanded, expired bool
		want                         string
	}{
		"a password is enough":              {entry{First: "password"}, false, false, false, ""},
		"a factor that is there":            {entry{First: "password"}, true, false, false, "factor"},
		"a factor that is there, by code":   {entry{First: "code"}, true, false, false, "factor"},
		"a factor that is demanded":         {entry{First: "invitation"}, false, true, false, "set_up"},
		"a factor before the password":      {entry{First: "password"}, true, true, true, "factor"},
		"then the password":                 {entry{First: "password", Second: "totp"}, true, true, true, "password"},
		"then in":                           {entry{First: "password", Second: "totp", Renewed: true}, true, true, true, ""},
		"a passkey alone is two":            {entry{First: "passkey"}, true, true, true, ""},
		"an old password and a code":        {entry{First: "code"}, false, false, true, ""},
		"a recovery code is a second proof": {entry{First: "code", Second: "recovery"}, true, true, false, ""},
	} {
		if got := row.e.needs(row.hasFactor, row.demanded, row.expired); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}
