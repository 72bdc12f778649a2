package identity

import (
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/identity/factor/softkey"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

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
