package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"gonghui/app/e2e/stack"
)

// mobile is a phone that no other call returns, and that no other test plants.
func mobile() string { return fmt.Sprintf("158%08d", next()) }

// visitor comes to the host from an address of its own.
func (r *run) visitor(label string) *stack.Client {
	c := r.Client(label)
	c.Source = address()
	return c
}

// code asks for a code and reads it in the inbox.
func (r *run) code(t *testing.T, c *stack.Client, ask map[string]any, phone string) string {
	t.Helper()
	var sent struct{ AgainAfter, Life int }
	c.Must(t, "POST", "/v1/codes:send", ask, &sent)
	if sent.AgainAfter != 60 || sent.Life != 300 {
		t.Errorf("a code may be asked for again after %d s and lasts %d s, want 60 and 300", sent.AgainAfter, sent.Life)
	}
	return r.inbox(t, phone, ask["purpose"].(string))
}

// inbox is the newest code that was sent to the phone for the purpose.
func (r *run) inbox(t *testing.T, phone, purpose string) string {
	t.Helper()
	var box struct {
		Messages []struct {
			Phone, Template string
			Params          map[string]string
		}
	}
	r.visitor(county).Must(t, "GET", "/v1/dev/messages", nil, &box)
	for _, m := range box.Messages {
		if m.Phone == phone && m.Template == purpose {
			return m.Params["code"]
		}
	}
	t.Fatalf("no message for %s to %s", purpose, phone)
	return ""
}

// signInByCode is the whole way in of somebody with a place on the host.
func (r *run) signInByCode(t *testing.T, label, phone string) *stack.Client {
	t.Helper()
	c := r.visitor(label)
	code := r.code(t, c, map[string]any{"phone": phone, "purpose": "sign_in"}, phone)
	var in struct{ Me *struct{ Name string } }
	c.Must(t, "POST", "/v1/session:signInWithCode", map[string]any{"phone": phone, "code": code}, &in)
	if in.Me == nil {
		t.Fatalf("%s has no place at %s", phone, label)
	}
	// Another code may be asked for in a minute, which is let pass.
	if err := r.redis(t).Del(context.Background(), r.keysOf(t, "gonghui:code:again:*")...).Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *run) redis(t *testing.T) *redis.Client {
	t.Helper()
	opt, err := redis.ParseURL(r.Redis)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opt)
	t.Cleanup(func() { c.Close() })
	return c
}

func (r *run) keysOf(t *testing.T, pattern string) []string {
	t.Helper()
	keys, err := r.redis(t).Keys(context.Background(), pattern).Result()
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys %s (%v)", len(keys), pattern, err)
	}
	return keys
}

// A code reaches the inbox within a second, opens one session, and no second one.
func TestSignInByCode(t *testing.T) {
	r := product(t)
	phone := mobile()
	r.Enrol(t, stack.Person{Body: county, Role: "member", Name: "陈有位", Phone: phone})
	c := r.visitor(county)
	begin := time.Now()
	code := r.code(t, c, map[string]any{"phone": phone, "purpose": "sign_in"}, phone)
	if took := time.Since(begin); took > time.Second {
		t.Errorf("the code took %s", took)
	}
	if f := refused(t, c, "POST", "/v1/codes:send", map[string]any{"phone": phone, "purpose": "sign_in"}); f.Code != http.StatusTooManyRequests || f.Reason != "CODE_TOO_OFTEN" || f.Metadata["retry_after"] == "" {
		t.Errorf("a second code at once: %d %s %v", f.Code, f.Reason, f.Metadata)
	}
	var legal struct{ Version string }
	c.Must(t, "GET", "/v1/legal/privacy", nil, &legal)
	var in struct {
		Me *struct {
			Name                    string
			ConsentDue, PasswordSet bool
		}
		PhoneToken string
	}
	c.Must(t, "POST", "/v1/session:signInWithCode", map[string]any{"phone": phone, "code": code, "consent": legal.Version}, &in)
	if in.Me == nil || in.Me.Name != "陈有位" || in.Me.ConsentDue || !in.Me.PasswordSet || in.PhoneToken != "" {
		t.Fatalf("signed in as %v, token %q", in.Me, in.PhoneToken)
	}
	c.Must(t, "GET", "/v1/me", nil, nil)
	if f := refused(t, r.visitor(county), "POST", "/v1/session:signInWithCode", map[string]any{"phone": phone, "code": code}); f.Code != http.StatusBadRequest || f.Reason != "CODE_WRONG" {
		t.Errorf("a code was good twice: %d %s", f.Code, f.Reason)
	}
}

// A stranger learns nothing of who is known: not from the answers to a known and an unknown phone, not from a wrong code, not
// from a link that is made up. Only who holds the phone hears more.
func TestStrangersLearnNothing(t *testing.T) {
	r := product(t)
	known, unknown := mobile(), mobile()
	r.Enrol(t, stack.Person{Body: county, Role: "member", Name: "不可说", Phone: known})
	answers := map[string]string{}
	for _, try := range []struct {
		label, path string
		body        map[string]any
	}{
		{county, "/v1/codes:send", map[string]any{"purpose": "sign_in"}},
		{county, "/v1/codes:send", map[string]any{"purpose": "reset"}},
		{"hq", "/v1/codes:send", map[string]any{"purpose": "sign_in"}},
		{county, "/v1/session:signInWithCode", map[string]any{"code": "000000"}},
		{county, "/v1/password:reset", map[string]any{"code": "000000", "newPassword": "Good-passw0rd"}},
		{county, "/v1/session:signIn", map[string]any{"password": "Wrong-passw0rd"}},
	} {
		for _, phone := range []string{known, unknown} {
			if try.label == "hq" {
				phone = phone[:3] + "9" + phone[4:] // of its own: the other one was sent a code a moment ago
			}
			try.body["phone"] = phone
			var answer map[string]any
			status := r.visitor(try.label).Call(t, "POST", try.path, try.body, &answer)
			if m, ok := answer["metadata"].(map[string]any); ok {
				delete(m, "request")
			}
			is := fmt.Sprint(status, answer)
			asked := fmt.Sprint(try.label, try.path, try.body["purpose"])
			if was, second := answers[asked]; second && was != is {
				t.Errorf("%s tells a known phone from an unknown one: %s against %s", try.path, was, is)
			}
			answers[asked] = is
			if strings.Contains(is, "不可说") || strings.Contains(is, phone) {
				t.Errorf("%s tells %s", try.path, is)
			}
		}
	}
	for _, path := range []string{"/v1/invitations:open", "/v1/invitations:accept"} {
		if f := refused(t, r.visitor(county), "POST", path, map[string]any{"token": token(20), "code": "123456"}); f.Reason != "INVITATION_INVALID" {
			t.Errorf("%s with a token that is made up: %s", path, f.Reason)
		}
	}
	if f := refused(t, r.visitor(county), "POST", "/v1/codes:send", map[string]any{"purpose": "close", "phone": known}); f.Code != http.StatusUnauthorized {
		t.Errorf("a stranger asks for the code that closes an account: %d", f.Code)
	}
	// On the supervision host, the holder of a phone without a place there hears what a wrong password hears.
	c := r.visitor("hq")
	if err := r.redis(t).Del(context.Background(), r.keysOf(t, "gonghui:code:again:*")...).Err(); err != nil {
		t.Fatal(err)
	}
	code := r.code(t, c, map[string]any{"phone": unknown, "purpose": "sign_in"}, unknown)
	if f := refused(t, c, "POST", "/v1/session:signInWithCode", map[string]any{"phone": unknown, "code": code}); f.Code != http.StatusUnauthorized || f.Reason != "SIGN_IN_REFUSED" {
		t.Errorf("on the supervision host: %d %s", f.Code, f.Reason)
	}
}

// Who forgot the password sets a new one by a code; every device is signed out.
func TestResetPassword(t *testing.T) {
	r := product(t)
	phone := mobile()
	r.Enrol(t, stack.Person{Body: county, Role: "officer", Name: "忘密码", Phone: phone})
	old := r.SignIn(t, county, phone, stack.Password)
	c := r.visitor(county)
	code := r.code(t, c, map[string]any{"phone": phone, "purpose": "reset"}, phone)
	reset := map[string]any{"phone": phone, "code": code, "newPassword": "password123"}
	if f := refused(t, c, "POST", "/v1/password:reset", reset); f.Reason != "PASSWORD_WEAK" || f.Metadata["field"] != "newPassword" {
		t.Errorf("a weak password: %s", f.Reason)
	}
	reset["newPassword"] = "Quite-new-1"
	c.Must(t, "POST", "/v1/password:reset", reset, nil)
	if f := refused(t, old, "GET", "/v1/me", nil); f.Code != http.StatusUnauthorized {
		t.Errorf("the old session: %d", f.Code)
	}
	if f := refused(t, r.visitor(county), "POST", "/v1/session:signIn", map[string]any{"phone": phone, "password": stack.Password}); f.Code != http.StatusUnauthorized {
		t.Errorf("the old password: %d", f.Code)
	}
	r.SignIn(t, county, phone, "Quite-new-1").Must(t, "GET", "/v1/members", nil, nil)
}

// Three devices are told apart; one of them signs another one out.
func TestDevices(t *testing.T) {
	r := product(t)
	phone := mobile()
	r.Enrol(t, stack.Person{Body: county, Role: "officer", Name: "三台机", Phone: phone})
	var in []*stack.Client
	for _, agent := range []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
	} {
		c := r.visitor(county)
		c.Must(t, "POST", "/v1/session:signIn", map[string]any{"phone": phone, "password": stack.Password}, nil, "User-Agent", agent)
		in = append(in, c)
	}
	type session struct {
		ID, Device, IP string
		Current        bool
	}
	var page struct {
		Sessions      []session
		NextPageToken string
	}
	in[2].Must(t, "GET", "/v1/sessions?page_size=2", nil, &page)
	all := slices.Clone(page.Sessions)
	in[2].Must(t, "GET", "/v1/sessions?page_size=2&page_token="+url.QueryEscape(page.NextPageToken), nil, &page)
	all = append(all, page.Sessions...)
	if len(all) != 3 || all[0].Device != "Safari · macOS" || all[1].Device != "WeChat · iPhone" || all[2].Device != "Edge · Windows" || !all[0].Current || all[1].IP != in[1].Source {
		t.Fatalf("the devices are %v", all)
	}
	in[2].Must(t, "DELETE", "/v1/sessions/"+all[1].ID, nil, nil)
	if f := refused(t, in[1], "GET", "/v1/me", nil); f.Code != http.StatusUnauthorized {
		t.Errorf("the device that was signed out: %d", f.Code)
	}
	in[0].Must(t, "GET", "/v1/me", nil, nil)
	if f := refused(t, r.signedIn(t, "admin", county), "DELETE", "/v1/sessions/"+all[0].ID, nil); f.Code != http.StatusNotFound {
		t.Errorf("an administrator signs somebody's device out: %d", f.Code)
	}
}

// A member who is an officer of the same body too goes from one to the other in one act, and has one session all the while.
func TestSwitchOnOneHost(t *testing.T) {
	r := product(t)
	phone := mobile()
	r.Enrol(t,
		stack.Person{Body: county, Role: "officer", Name: "双身份", Phone: phone},
		stack.Person{Body: county, Role: "member", Name: "双身份", Phone: phone},
		stack.Person{Body: city, Role: "officer", Name: "双身份", Phone: phone})
	c := r.signInByCode(t, county, phone)
	type place struct{ IdentityID, Role, BodyCode string }
	var me struct {
		Place  place
		Places []place
	}
	for _, to := range []struct{ role, page string }{{"member", "/"}, {"officer", "/console/"}, {"member", "/"}} {
		c.Must(t, "GET", "/v1/me", nil, &me)
		if len(me.Places) != 2 {
			t.Fatalf("beside %v there are %v", me.Place, me.Places)
		}
		at := slices.IndexFunc(me.Places, func(p place) bool { return p.BodyCode == county && p.Role == to.role })
		if at < 0 {
			t.Fatalf("no way to the %s: %v", to.role, me.Places)
		}
		before := c.As("")
		var made struct{ URL string }
		c.Must(t, "POST", "/v1/session:handoff", map[string]any{"identityId": me.Places[at].IdentityID}, &made)
		link, err := url.Parse(made.URL)
		if err != nil || link.Host != c.Host {
			t.Fatalf("the link leads to %s", made.URL)
		}
		req, err := http.NewRequest(http.MethodGet, "http://"+r.Addr+link.RequestURI(), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, _, err := c.Send(req)
		if err != nil || resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != to.page {
			t.Fatalf("the link answers %v, %v", resp, err)
		}
		c.Must(t, "GET", "/v1/me", nil, &me)
		if me.Place.Role != to.role {
			t.Errorf("went to the %s and is %s", to.role, me.Place.Role)
		}
		if f := refused(t, before, "GET", "/v1/me", nil); f.Code != http.StatusUnauthorized {
			t.Errorf("the session before the switch: %d", f.Code)
		}
		status := c.Call(t, "GET", "/v1/members", nil, nil)
		if want := map[string]int{"member": http.StatusForbidden, "officer": http.StatusOK}[to.role]; status != want {
			t.Errorf("as %s the roll answers %d, want %d", to.role, status, want)
		}
	}
	var open struct{ Sessions []any }
	c.Must(t, "GET", "/v1/sessions", nil, &open)
	if len(open.Sessions) != 1 {
		t.Errorf("%d sessions after three switches", len(open.Sessions))
	}
}

// An account is closed by a code, after a week: everything ends, nothing that names the person is left, and the phone begins anew.
func TestCloseAccount(t *testing.T) {
	r := product(t)
	phone := mobile()
	const name = "将离开"
	r.Enrol(t,
		stack.Person{Body: county, Role: "member", Name: name, Phone: phone},
		stack.Person{Body: city, Role: "officer", Name: name, Phone: phone})
	c := r.signInByCode(t, county, phone)
	there := r.SignIn(t, city, phone, stack.Password)
	var own struct {
		Name, Phone      string
		Places, Sessions []any
	}
	c.Must(t, "GET", "/v1/own/account", nil, &own)
	if own.Name != name || own.Phone != phone || len(own.Places) != 2 || len(own.Sessions) != 2 {
		t.Errorf("exported %v", own)
	}
	if f := refused(t, c, "POST", "/v1/own/account:close", map[string]any{"code": "000000"}); f.Reason != "CODE_WRONG" {
		t.Errorf("a wrong code: %s", f.Reason)
	}
	code := r.code(t, c, map[string]any{"purpose": "close"}, phone)
	before := c.As("")
	c.Must(t, "POST", "/v1/own/account:close", map[string]any{"code": code}, nil)
	if c.Token() != "" {
		t.Error("the cookie was not taken back")
	}
	for _, gone := range []*stack.Client{before, there} {
		if f := refused(t, gone, "GET", "/v1/me", nil); f.Code != http.StatusUnauthorized {
			t.Errorf("a session of the closed account: %d", f.Code)
		}
	}
	var me struct{ ClosingAt string }
	r.SignIn(t, county, phone, stack.Password).Must(t, "GET", "/v1/me", nil, &me)
	if at, err := time.Parse(time.RFC3339, me.ClosingAt); err != nil || time.Until(at).Round(time.Hour) != 7*24*time.Hour {
		t.Errorf("in the cooling-off period the account closes at %q (%v)", me.ClosingAt, err)
	}
	// The week passes, and the product closes the account by itself.
	conn := r.SQL(t)
	if _, err := conn.Exec(context.Background(), `update platform.account a set closing_at = now() from platform.person p
		where p.id = a.person_id and p.name = $1`, name); err != nil {
		t.Fatal(err)
	}
	stack.Eventually(t, time.Minute, "the account is closed", func() bool {
		var n int
		err := conn.QueryRow(context.Background(), "select count(*) from platform.person where name = $1", name).Scan(&n)
		return err == nil && n == 0
	})
	if f := refused(t, r.visitor(county), "POST", "/v1/session:signIn", map[string]any{"phone": phone, "password": stack.Password}); f.Code != http.StatusUnauthorized {
		t.Errorf("signing in afterwards: %d", f.Code)
	}
	var left int
	if err := r.SQL(t).QueryRow(context.Background(), "select count(*) from platform.person where name = $1", name).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d persons are still called so (%v)", left, err)
	}
	if err := r.redis(t).Del(context.Background(), r.keysOf(t, "gonghui:code:again:*")...).Err(); err != nil {
		t.Fatal(err)
	}
	c = r.visitor(county)
	code = r.code(t, c, map[string]any{"phone": phone, "purpose": "sign_in"}, phone)
	var in struct{ PhoneToken string }
	c.Must(t, "POST", "/v1/session:signInWithCode", map[string]any{"phone": phone, "code": code}, &in)
	if in.PhoneToken == "" {
		t.Error("the phone does not begin anew")
	}
	// The only administrator of a body stays.
	if err := r.SQL(t).QueryRow(context.Background(), `select count(*) from platform.identity i join platform.body b on b.id = i.body_id
		where b.code = $1 and i.role = 'admin' and i.valid_to is null`, abroad).Scan(&left); err != nil || left != 1 {
		t.Fatalf("%d administrators at %s (%v)", left, abroad, err)
	}
	only := r.people["admin@"+abroad]
	admin := r.freshly(t, "admin", abroad)
	code = r.code(t, admin, map[string]any{"purpose": "close"}, only.Phone)
	f := refused(t, admin, "POST", "/v1/own/account:close", map[string]any{"code": code})
	if f.Code != http.StatusConflict || f.Reason != "LAST_ADMIN" || !bilingual(f) {
		t.Errorf("the only administrator: %d %s", f.Code, f.Reason)
	}
	admin.Must(t, "GET", "/v1/me", nil, nil)
}

// The inbox of a demo system is a page for people too, newest first, in both languages.
func TestInboxPage(t *testing.T) {
	r := product(t)
	phone := mobile()
	c := r.visitor(county)
	code := r.code(t, c, map[string]any{"phone": phone, "purpose": "sign_in"}, phone)
	for lang, want := range map[string]string{"zh": "登录验证码 " + code, "en": code + " is your sign-in code"} {
		status, raw, err := c.Do("GET", "/dev/inbox?lang="+lang, nil)
		if err != nil || status != http.StatusOK || !strings.Contains(string(raw), want) || !strings.Contains(string(raw), `http-equiv="refresh"`) {
			t.Errorf("%s: %d, %v", lang, status, err)
		}
		if first := strings.Index(string(raw), `class="code"`); first < 0 || !strings.HasPrefix(string(raw)[first:], `class="code">`+code) {
			t.Errorf("%s: the newest message is not the first", lang)
		}
	}
}

// A production system shows nobody's messages: the inbox is refused at the start, and without a gateway it does not exist.
func TestNoInboxInProduction(t *testing.T) {
	s := stack.Start(t, "GONGHUI_MODE=production", "GONGHUI_NO_LIMITS=0")
	s.Provision(t)
	s.MustRun(t, "seed", "divisions")
	s.Serve(t)
	c := s.Client("hq")
	for _, path := range []string{"/v1/dev/messages", "/v1/demo/accounts"} {
		if status := c.Call(t, "GET", path, nil, nil); status != http.StatusNotFound {
			t.Errorf("%s in production: %d", path, status)
		}
	}
	var f failure
	if status := c.Call(t, "POST", "/v1/codes:send", map[string]any{"phone": mobile(), "purpose": "sign_in"}, &f); status != http.StatusServiceUnavailable || f.Reason != "CODE_NOT_SENT" || !bilingual(f) {
		t.Errorf("a code without a gateway: %d %s", status, f.Reason)
	}
	for _, bad := range [][]string{
		{"GONGHUI_SMS=inbox"}, {"GONGHUI_SMS=http://sms.example/", "GONGHUI_SMS_KEY=0123456789abcdef"}, {"GONGHUI_SMS=https://sms.example/", "GONGHUI_SMS_KEY=short"},
	} {
		if out, err := s.RunWith(append(bad, "GONGHUI_LISTEN=127.0.0.1:0"), "serve"); err == nil || !strings.Contains(err.Error(), "GONGHUI_SMS") {
			t.Errorf("%v: started: %s, %v", bad, out, err)
		}
	}
}
