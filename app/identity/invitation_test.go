package identity

import (
	"context"
	"net/url"
	"testing"
	"time"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// tokenOf is the token of an entry link that leads to the page.
func tokenOf(t *testing.T, made *identityv1.Invitation, page string) string {
	t.Helper()
	u, err := url.Parse(made.Url)
	if err != nil || u.Path != page || len(u.Query().Get("token")) < 40 {
		t.Fatalf("the link is %q", made.Url)
	}
	return u.Query().Get("token")
}

func TestInvitationOfAnOfficer(t *testing.T) {
	t.Parallel()
	s := open(t)
	invite := func(phone string) string {
		t.Helper()
		made, err := s.CreateInvitation(s.body.Ctx, &identityv1.CreateInvitationRequest{Phone: phone, Name: "新干部", Role: "officer"})
		if err != nil {
			t.Fatal(err)
		}
		return tokenOf(t, made, "/console/invitation")
	}
	phone := mobile()
	token := invite(phone)
	ctx := visit(s.body)
	for name, bad := range map[string]struct {
		in         *identityv1.AcceptInvitationRequest
		why, field string
	}{
		"nothing":         {&identityv1.AcceptInvitationRequest{Token: token}, "INVALID_ARGUMENT", "password"},
		"a weak password": {&identityv1.AcceptInvitationRequest{Token: token, Password: "password1"}, "PASSWORD_WEAK", "password"},
		"another token":   {&identityv1.AcceptInvitationRequest{Token: token + "x", Password: "Good-passw0rd"}, "INVITATION_INVALID", "token"},
	} {
		if _, err := s.AcceptInvitation(ctx, bad.in); reason(err) != bad.why || field(err) != bad.field {
			t.Errorf("%s: %v, want %s of %s", name, err, bad.why, bad.field)
		}
	}
	in, err := s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: token, Password: "Good-passw0rd"})
	if err != nil || in.Me.Place.Role != "officer" || !in.Me.PasswordSet {
		t.Fatalf("accepted as %v, %v", in, err)
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "Good-passw0rd"}); err != nil {
		t.Error(err)
	}

	// Whoever has an account must give its password, and has as many tries as when signing in.
	known := mobile()
	s.enrol(t, s.other, "officer", "老干部", known, nil)
	token = invite(known)
	ctx = visit(s.body)
	for range failuresOfPhone {
		if _, err := s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: token, Password: "Wrong-passw0rd"}); reason(err) != "PASSWORD_WRONG" {
			t.Fatal(err)
		}
	}
	if _, err := s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: token, Password: password}); reason(err) != "SIGN_IN_LOCKED" {
		t.Errorf("after five wrong passwords: %v", err)
	}
	// By a code to the invited phone it works all the same, and the password stays as it is.
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Purpose: sms.Invitation, Token: token}, known)
	in, err = s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: token, Code: code, Password: "Another-passw0rd"})
	if err != nil || in.Me.Name != "老干部" || len(in.Me.Places) != 1 {
		t.Fatalf("accepted as %v, %v", in, err)
	}
	if err := s.guard.pass(context.Background(), s.env.Keys.Digest("phone", known)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignIn(visit(s.other), &identityv1.SignInRequest{Phone: known, Password: password}); err != nil {
		t.Errorf("the old password: %v", err)
	}
}

// Who holds a link but not the phone gets no hold of an account that is there already.
func TestInvitationGivesNobodyElsesAccountAPassword(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	if _, err := s.take(t, s.other, phone, "无密码", "digest of "+phone, tenant.NewID()); err != nil {
		t.Fatal(err)
	}
	made, err := s.CreateInvitation(s.body.Ctx, &identityv1.CreateInvitationRequest{Phone: phone, Name: "无密码", Role: "officer"})
	if err != nil {
		t.Fatal(err)
	}
	token := tokenOf(t, made, "/console/invitation")
	ctx := visit(s.body)
	ask := &identityv1.AcceptInvitationRequest{Token: token, Password: "Good-passw0rd"}
	if _, err := s.AcceptInvitation(ctx, ask); reason(err) != "INVALID_ARGUMENT" || field(err) != "code" {
		t.Fatalf("by the link alone: %v", err)
	}
	if _, err := s.SignIn(visit(s.other), &identityv1.SignInRequest{Phone: phone, Password: "Good-passw0rd"}); reason(err) != "SIGN_IN_REFUSED" {
		t.Errorf("the account took the password: %v", err)
	}
	ask.Code = s.code(t, ctx, &identityv1.SendCodeRequest{Purpose: sms.Invitation, Token: token}, phone)
	if _, err := s.AcceptInvitation(ctx, ask); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignIn(visit(s.other), &identityv1.SignInRequest{Phone: phone, Password: "Good-passw0rd"}); err != nil {
		t.Errorf("the password that the holder of the phone chose: %v", err)
	}
}

// A link in wrong hands, or to a mistyped phone: when the holder of the phone comes, nobody else is in the account any more.
func TestFirstProofOfAPhoneEndsWhatALinkHasSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	made, err := s.CreateInvitation(s.body.Ctx, &identityv1.CreateInvitationRequest{Phone: phone, Name: "新干部", Role: "officer"})
	if err != nil {
		t.Fatal(err)
	}
	intruder := visit(s.body)
	if _, err := s.AcceptInvitation(intruder, &identityv1.AcceptInvitationRequest{Token: tokenOf(t, made, "/console/invitation"), Password: "Good-passw0rd"}); err != nil {
		t.Fatal(err)
	}
	in, holder := s.byCode(t, s.body, phone, "")
	if in.Me == nil || in.Me.PasswordSet {
		t.Errorf("the holder of the phone is %v", in.Me)
	}
	if !s.out(t, intruder) || s.out(t, holder) {
		t.Error("the session of the link goes on, or that of the holder does not")
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "Good-passw0rd"}); reason(err) != "SIGN_IN_REFUSED" {
		t.Errorf("the password of the link: %v", err)
	}
	if _, err := s.ChangePassword(s.as(t, holder), &identityv1.ChangePasswordRequest{NewPassword: "Better-passw0rd"}); err != nil {
		t.Fatal(err)
	}
	s.againNow(t, sms.SignIn, phone)
	if in, _ := s.byCode(t, s.body, phone, ""); !in.Me.PasswordSet {
		t.Error("a second proof took away the holder's own password")
	}
}

func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	ask := &identityv1.CreateInvitationRequest{Phone: mobile(), Name: "过期", Role: "admin"}
	stale := tenant.WithSubject(s.body.Ctx, &tenant.Subject{Proved: time.Now().Add(-access.FreshFor)})
	if _, err := s.CreateInvitation(stale, ask); reason(err) != "STEP_UP_REQUIRED" {
		t.Errorf("an administrator is invited without a fresh proof: %v", err)
	}
	made, err := s.CreateInvitation(tenant.WithSubject(s.body.Ctx, &tenant.Subject{Proved: time.Now()}), ask)
	if err != nil {
		t.Fatal(err)
	}
	token := tokenOf(t, made, "/console/invitation")
	if _, err := s.RevokeInvitation(s.other.Ctx, &identityv1.RevokeInvitationRequest{Id: made.Id}); reason(err) != "INVITATION_NOT_FOUND" {
		t.Errorf("another body takes it back: %v", err)
	}
	s.exec(t, "update platform.invitation set expires_at = now() where id = $1", made.Id)
	if _, err := s.AcceptInvitation(visit(s.body), &identityv1.AcceptInvitationRequest{Token: token, Password: "Good-passw0rd"}); reason(err) != "INVITATION_INVALID" {
		t.Errorf("after seven days: %v", err)
	}
	list, err := s.ListInvitations(s.body.Ctx, &identityv1.ListInvitationsRequest{})
	if err != nil || len(list.Invitations) != 1 || list.Invitations[0].State != "expired" {
		t.Errorf("listed as %v, %v", list, err)
	}
}
