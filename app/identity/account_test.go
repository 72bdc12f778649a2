package identity

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

// exec changes rows from outside, as time would.
func (s *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestLegalTexts(t *testing.T) {
	s := &Service{}
	for _, kind := range []string{"privacy", "terms"} {
		text, err := s.GetLegal(context.Background(), &identityv1.GetLegalRequest{Kind: kind})
		if err != nil || text.Kind != kind || len(text.Version) != 10 || text.TitleZh == "" || text.TitleEn == "" {
			t.Fatalf("%s: %v, %v", kind, text, err)
		}
		if len(text.TextZh) != len(text.TextEn) || len(text.TextZh) < 10 {
			t.Errorf("%s has %d paragraphs in Chinese and %d in English", kind, len(text.TextZh), len(text.TextEn))
		}
		for n := range min(len(text.TextZh), len(text.TextEn)) {
			if strings.HasPrefix(text.TextZh[n], "# ") != strings.HasPrefix(text.TextEn[n], "# ") {
				t.Errorf("%s, paragraph %d: %q against %q", kind, n+1, text.TextZh[n], text.TextEn[n])
			}
		}
	}
}

func TestConsent(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "同意书", phone, nil)
	me := s.signIn(t, s.body, phone)
	due := func() bool {
		t.Helper()
		r, err := s.GetMe(me, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.ConsentDue
	}
	if !due() {
		t.Error("nothing was agreed to, and no consent is due")
	}
	if _, err := s.GiveConsent(me, &identityv1.GiveConsentRequest{Version: "2001-01-01"}); reason(err) != "CONSENT_STALE" {
		t.Errorf("an old version: %v", err)
	}
	for range 2 {
		if _, err := s.GiveConsent(me, &identityv1.GiveConsentRequest{Version: legal().version}); err != nil {
			t.Fatal(err)
		}
	}
	if due() {
		t.Error("consent is due after it was given")
	}
	account := tenant.SubjectFrom(me).Account
	if n := s.env.Count(t, "select count(*) from platform.consent where account_id = $1", account); n != 1 {
		t.Errorf("%d consents", n)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'consent.give' and object_id = $1", account.String()); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	// When the texts have a newer version, it is due again.
	s.exec(t, "update platform.consent set version = '2001-01-01' where account_id = $1", account)
	if !due() {
		t.Error("no consent is due to a newer version")
	}
	// On the way in it is given with the code; a version that is not in force does not use the code up.
	ctx := visit(s.body)
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	if _, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: code, Consent: "2001-01-01"}); reason(err) != "CONSENT_STALE" {
		t.Errorf("an old version on the way in: %v", err)
	}
	in, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: code, Consent: legal().version})
	if err != nil || in.Me.ConsentDue {
		t.Errorf("came in as %v, %v", in, err)
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	in, err := s.take(t, s.body, phone, "无密码", "digest of 无密码", tenant.NewID())
	if err != nil {
		t.Fatal(err)
	}
	me := s.as(t, in)
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "anything-2026"}); reason(err) != "SIGN_IN_REFUSED" {
		t.Errorf("an account without a password takes one: %v", err)
	}
	if _, err := s.ChangePassword(me, &identityv1.ChangePasswordRequest{NewPassword: "First-passw0rd"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChangePassword(me, &identityv1.ChangePasswordRequest{NewPassword: "Second-passw0rd"}); reason(err) != "PASSWORD_WRONG" {
		t.Errorf("a second time without the old one: %v", err)
	}
	other := visit(s.body)
	if _, err := s.SignIn(other, &identityv1.SignInRequest{Phone: phone, Password: "First-passw0rd"}); err != nil {
		t.Fatal(err)
	}

	// Forgotten: a code sets a new one and ends every session.
	ctx := visit(s.body)
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.Reset}, phone)
	reset := func(phone, code, new string) error {
		_, err := s.ResetPassword(ctx, &identityv1.ResetPasswordRequest{Phone: phone, Code: code, NewPassword: new})
		return err
	}
	if err := reset(phone, code, "a"+phone); reason(err) != "PASSWORD_WEAK" || field(err) != "newPassword" {
		t.Errorf("a weak password: %v", err)
	}
	if err := reset(phone, code, "Third-passw0rd"); err != nil {
		t.Fatal(err)
	}
	if !s.out(t, in) || !s.out(t, other) {
		t.Error("a session outlived the reset")
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "First-passw0rd"}); reason(err) != "SIGN_IN_REFUSED" {
		t.Errorf("the old password: %v", err)
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "Third-passw0rd"}); err != nil {
		t.Errorf("the new password: %v", err)
	}
	stranger := mobile()
	code = s.code(t, ctx, &identityv1.SendCodeRequest{Phone: stranger, Purpose: sms.Reset}, stranger)
	if err := reset(stranger, code, "Third-passw0rd"); reason(err) != "SIGN_IN_REFUSED" {
		t.Errorf("a phone without an account: %v", err)
	}
}

func TestExportOwnAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "导出者", phone, nil)
	s.enrol(t, s.other, "admin", "导出者", phone, nil)
	me := s.signIn(t, s.body, phone)
	if _, err := s.GiveConsent(me, &identityv1.GiveConsentRequest{Version: legal().version}); err != nil {
		t.Fatal(err)
	}
	own, err := s.ExportOwnAccount(me, nil)
	if err != nil || own.Name != "导出者" || own.Phone != phone || len(own.Places) != 2 || len(own.Sessions) != 1 || len(own.Consents) != 1 || own.CreatedAt == nil {
		t.Fatalf("exported %v, %v", own, err)
	}
	if !own.Sessions[0].Current || own.Sessions[0].Device != "Chrome · Windows" || own.Consents[0].Version != legal().version || own.Consents[0].Device != "Chrome · Windows" {
		t.Errorf("exported %v and %v", own.Sessions[0], own.Consents[0])
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'account.export' and object_id = $1", tenant.SubjectFrom(me).Account.String()); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

// close asks for the code and closes the account of the call.
func (s *stage) close(t *testing.T, me context.Context, phone string) error {
	t.Helper()
	code := s.code(t, me, &identityv1.SendCodeRequest{Purpose: sms.Close}, phone)
	_, err := s.CloseAccount(me, &identityv1.CloseAccountRequest{Code: code})
	return err
}

func TestCloseAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	file := tenant.NewID()
	in, err := s.take(t, s.body, phone, "要注销", "digest of 要注销", file)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := s.take(t, s.other, phone, "要注销", "digest of 要注销", tenant.NewID())
	if err != nil {
		t.Fatal(err)
	}
	me := s.as(t, in)
	subject := tenant.SubjectFrom(me)
	if _, err := s.SendCode(visit(s.body), &identityv1.SendCodeRequest{Purpose: sms.Close, Phone: phone}); reason(err) != "SESSION_REQUIRED" {
		t.Errorf("a code for closing without a session: %v", err)
	}
	if _, err := s.CloseAccount(me, &identityv1.CloseAccountRequest{Code: "000000"}); reason(err) != "CODE_WRONG" {
		t.Errorf("a wrong code: %v", err)
	}
	if err := s.close(t, me, phone); err != nil {
		t.Fatal(err)
	}
	if !s.out(t, in) || !s.out(t, elsewhere) {
		t.Error("a session outlived the account")
	}
	if n := s.env.Count(t, `select count(*) from platform.person p join platform.account a on a.person_id = p.id
		where p.id = $1 and p.name = '' and p.phone_sealed = '' and p.phone_digest is null and p.id_digest is null and a.state = 'closed' and a.password_hash = ''`, subject.Person); n != 1 {
		t.Error("the person was not forgotten")
	}
	if n := s.env.Count(t, "select count(*) from platform.identity where person_id = $1 and (valid_to is null or valid_to >= current_date)", subject.Person); n != 0 {
		t.Errorf("%d places go on", n)
	}
	if n := s.env.Count(t, "select count(*) from platform.consent where account_id = $1 and device = '' and source = ''", subject.Account); n != 1 {
		t.Errorf("%d consents are kept, want one without its source", n)
	}
	// The phone begins anew, as another person, and may even take the same file.
	again, err := s.take(t, s.body, phone, "要注销", "digest of 要注销", file)
	if err != nil {
		t.Fatal(err)
	}
	if tenant.SubjectFrom(s.as(t, again)).Person == subject.Person {
		t.Error("the closed person came back")
	}
}

func TestLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, second := mobile(), mobile()
	s.enrol(t, s.body, "admin", "最后一位", first, nil)
	me := s.signIn(t, s.body, first)
	err := s.close(t, me, first)
	if reason(err) != "LAST_ADMIN" || !strings.Contains(err.Error(), s.body.Name) {
		t.Errorf("the only administrator: %v", err)
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: first, Password: password}); err != nil {
		t.Errorf("after the refusal: %v", err)
	}
	s.enrol(t, s.body, "admin", "另一位", second, nil)
	// Both leave at once: one stays.
	calls := map[string]context.Context{first: me, second: s.signIn(t, s.body, second)}
	codes := map[string]string{}
	for phone, ctx := range calls {
		codes[phone] = s.code(t, ctx, &identityv1.SendCodeRequest{Purpose: sms.Close}, phone)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	why := map[string]int{}
	for phone, ctx := range calls {
		wg.Go(func() {
			_, err := s.CloseAccount(ctx, &identityv1.CloseAccountRequest{Code: codes[phone]})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				why["closed"]++
			} else {
				why[reason(err)]++
			}
		})
	}
	wg.Wait()
	if fmt.Sprint(why) != "map[LAST_ADMIN:1 closed:1]" {
		t.Errorf("two administrators left at once: %v", why)
	}
	// A body that has no schema yet holds nobody back.
	registered := s.env.Registered(t)
	third := mobile()
	s.enrol(t, registered, "admin", "筹备人", third, nil)
	if err := s.close(t, s.signIn(t, registered, third), third); err != nil {
		t.Errorf("the administrator of a body that is not active: %v", err)
	}
}

// count is the number that a query of one row and column returns.
func (s *stage) count(t *testing.T, sql string, args ...any) int {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	n := 0
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
