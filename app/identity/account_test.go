package identity

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	brandingv1 "gonghui/branding/v1"
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
	// A body has texts of its own: everybody is asked there, and there alone.
	own := &brandingv1.BrandingLegal{
		Version: "2026-11-22.1a2b3c4d",
		Privacy: &brandingv1.BrandingLegalText{TitleZh: "本会隐私政策", TextZh: "第一段。\n\n# 标题\n\n第二段。"}, Terms: &brandingv1.BrandingLegalText{TitleZh: "本会用户协议", TextZh: "约定。"},
	}
	s.exec(t, "update platform.consent set version = $2 where account_id = $1", account, legal().version)
	s.looks.legal[s.body.Code] = own
	if !due() {
		t.Error("no consent is due to the body's own texts")
	}
	text, err := s.GetLegal(me, &identityv1.GetLegalRequest{Kind: "privacy"})
	if err != nil || text.TitleZh != "本会隐私政策" || text.Version != own.Version || strings.Join(text.TextZh, "|") != "第一段。|# 标题|第二段。" || len(text.TextEn) != 0 {
		t.Errorf("the body's text: %v, %v", text, err)
	}
	if text, err := s.GetLegal(visit(s.other), &identityv1.GetLegalRequest{Kind: "terms"}); err != nil || text.Version != legal().version || text.TitleZh != "服务协议" {
		t.Errorf("another body's text: %v, %v", text, err)
	}
	if _, err := s.GiveConsent(me, &identityv1.GiveConsentRequest{Version: legal().version}); reason(err) != "CONSENT_STALE" {
		t.Errorf("to the product's texts: %v", err)
	}
	if _, err := s.GiveConsent(me, &identityv1.GiveConsentRequest{Version: own.Version}); err != nil || due() {
		t.Errorf("to the body's texts: %v", err)
	}
	delete(s.looks.legal, s.body.Code)
	s.exec(t, "update platform.consent set version = '2001-01-01' where account_id = $1 and version = $2", account, legal().version)
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

func TestWithdrawConsent(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "撤回者", phone, nil)
	other := s.signIn(t, s.body, phone)
	me := s.signIn(t, s.body, phone)
	account := tenant.SubjectFrom(me).Account
	if _, err := s.GiveConsent(me, &identityv1.GiveConsentRequest{Version: legal().version}); err != nil {
		t.Fatal(err)
	}
	// Of a body's own texts, agreed to elsewhere.
	s.exec(t, "insert into platform.consent (id, account_id, version, source, device) values (gen_random_uuid(), $1, '2026-11-01.0a1b2c3d', '', '')", account)
	if _, err := s.WithdrawConsent(me, nil); err != nil {
		t.Fatal(err)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'consent.withdraw' and object_id = $1 and reason = $2",
		account.String(), "2026-11-01.0a1b2c3d "+legal().version); n != 1 {
		t.Error("the trail does not tell which consents were taken back")
	}
	if !s.out(t, me) || !s.out(t, other) {
		t.Error("a session goes on without consent")
	}
	again := s.signIn(t, s.body, phone)
	if now, err := s.GetMe(again, nil); err != nil || !now.ConsentDue {
		t.Errorf("signed in again: %v, %v", now, err)
	}
	own, err := s.ExportOwnAccount(again, nil)
	if err != nil || len(own.Consents) != 2 || own.Consents[0].WithdrawnAt == nil || own.Consents[1].WithdrawnAt == nil {
		t.Errorf("exported %v, %v", own.GetConsents(), err)
	}
	// Without a consent there is none to take back, but one is signed out all the same.
	if _, err := s.WithdrawConsent(again, nil); err != nil || !s.out(t, again) {
		t.Errorf("a second time: %v", err)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'consent.withdraw' and object_id = $1", account.String()); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	last := s.signIn(t, s.body, phone)
	if _, err := s.GiveConsent(last, &identityv1.GiveConsentRequest{Version: legal().version}); err != nil {
		t.Fatal(err)
	}
	if now, err := s.GetMe(last, nil); err != nil || now.ConsentDue {
		t.Errorf("agreed again: %v, %v", now, err)
	}
}

// close asks for the code and has the account of the call closed, which takes a week.
func (s *stage) close(t *testing.T, me context.Context, phone string) error {
	t.Helper()
	code := s.code(t, me, &identityv1.SendCodeRequest{Purpose: sms.Close}, phone)
	_, err := s.CloseAccount(me, &identityv1.CloseAccountRequest{Code: code})
	return err
}

// week lets the cooling-off period of an account pass.
func (s *stage) week(t *testing.T, account uuid.UUID) {
	t.Helper()
	s.exec(t, "update platform.account set closing_at = now() - interval '1 second' where id = $1", account)
	if err := s.closeDue(context.Background()); err != nil {
		t.Fatal(err)
	}
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
		t.Error("a session outlived the wish to go")
	}
	// For a week the account is as it was, and whoever comes back can keep it.
	if err := s.closeDue(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.againNow(t, sms.Close, phone)
	_, came := s.byCode(t, s.body, phone, "")
	back := s.as(t, came)
	was, err := s.GetMe(back, nil)
	if err != nil || was.Name != "要注销" || was.ClosingAt == nil || time.Until(was.ClosingAt.AsTime()).Round(time.Hour) != coolingOff {
		t.Fatalf("in the cooling-off period: %v, %v", was, err)
	}
	for range 2 { // the second time there is nothing to take back
		if _, err := s.KeepAccount(back, nil); err != nil {
			t.Fatal(err)
		}
	}
	if now, err := s.GetMe(back, nil); err != nil || now.ClosingAt != nil {
		t.Errorf("kept, and still closing at %v (%v)", now.GetClosingAt(), err)
	}
	s.week(t, subject.Account) // the date alone, as if it had been asked for
	if !s.out(t, back) {
		t.Error("a session outlived the account")
	}
	for act, want := range map[string]int64{"account.closing": 1, "account.keep": 1, "account.close": 1} {
		if n := s.env.Count(t, "select count(*) from platform.audit_log where act = $1 and object_id = $2", act, subject.Account.String()); n != want {
			t.Errorf("%d records of %s, want %d", n, act, want)
		}
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
	// Who is about to go counts as gone: the one who stays cannot leave in the meantime either.
	for phone, ctx := range calls {
		if s.out(t, ctx) {
			continue
		}
		if err := s.close(t, ctx, phone); reason(err) != "LAST_ADMIN" {
			t.Errorf("the one who is left: %v", err)
		}
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
