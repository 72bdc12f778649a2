package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

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
