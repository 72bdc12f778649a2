package identity

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-kratos/kratos/v2/transport"
	"github.com/pquerna/otp/totp"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/module"
	"gonghui/tenant"
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
	s.week(t, tenant.SubjectFrom(me).Account)
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

// with is the call of a device that still holds the cookie of another call.
func with(ctx, in context.Context, t *testing.T) context.Context {
	return transport.NewServerContext(ctx, &reply{header: header{}, asked: header{"Cookie": module.Cookie + "=" + cookie(t, in)}})
}
