package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
)

// failure is the shape of every refusal.
type failure struct {
	Code     int
	Reason   string
	Metadata map[string]string
}

const metric = "member.active"

// admit adds members as the client and returns their ids.
func admit(t *testing.T, c *stack.Client, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range ids {
		var reply struct{ ID, MemberNo string }
		c.Must(t, "POST", "/v1/members", map[string]any{"fields": fields(fmt.Sprintf("会员%d", next()))}, &reply, "Idempotency-Key", token(8))
		if ids[i] = reply.ID; reply.ID == "" || len(reply.MemberNo) != 16 {
			t.Fatalf("the new member has id %q and number %q", reply.ID, reply.MemberNo)
		}
	}
	return ids
}

// A county admits twenty members; county, city, province and nation are up by twenty within two seconds.
func TestTwentyMembersReachTheNation(t *testing.T) {
	r := product(t)
	admin := r.freshly(t, "admin", county)
	hq := r.signedIn(t, "supervisor", nation)
	r.settle(t)
	above := []string{county, city, province, nation}
	before := map[string]int64{}
	for _, code := range above {
		before[code] = hq.Subtree(t, code, metric)
	}
	others := map[string]int64{sibling: hq.Subtree(t, sibling, metric), abroad: hq.Subtree(t, abroad, metric)}
	var was struct {
		Total int64 `json:",string"`
	}
	admin.Must(t, "GET", "/v1/members?page_size=1", nil, &was)

	admit(t, admin, 20)
	answered := time.Now()
	arrived := map[string]time.Duration{}
	stack.Eventually(t, 10*time.Second, "twenty more in hq", func() bool {
		for _, code := range above {
			if arrived[code] == 0 && hq.Subtree(t, code, metric) == before[code]+20 {
				arrived[code] = time.Since(answered)
			}
		}
		return len(arrived) == len(above)
	})
	for _, code := range above {
		t.Logf("%s was right in hq %d ms after the last answer", code, arrived[code].Milliseconds())
		if arrived[code] > 2*time.Second {
			t.Errorf("%s took %s, want at most 2 s", code, arrived[code])
		}
	}
	for code, n := range others {
		if now := hq.Subtree(t, code, metric); now != n {
			t.Errorf("%s went from %d to %d", code, n, now)
		}
	}
	var is struct {
		Total int64 `json:",string"`
	}
	admin.Must(t, "GET", "/v1/members?page_size=1", nil, &is)
	if is.Total != was.Total+20 {
		t.Errorf("the county itself counts %d, want %d", is.Total, was.Total+20)
	}
}

// Nobody from outside gets anything through any door of a tenant, and nothing there changes.
func TestOutsidersGetNothing(t *testing.T) {
	r := product(t)
	p := r.plant(t, county, "翡翠")
	outsiders := map[string]*stack.Client{
		"an administrator of a sibling":           r.signedIn(t, "admin", sibling),
		"an administrator of the city above":      r.signedIn(t, "admin", city),
		"an administrator of another province":    r.signedIn(t, "admin", abroad),
		"a member of a sibling":                   r.signedIn(t, "member", sibling),
		"a supervisor of the province above":      r.signedIn(t, "supervisor", province),
		"a supervisor of the nation":              r.signedIn(t, "supervisor", nation),
		"a stranger":                              r.Client(county),
		"an officer of a body in another country": r.signedIn(t, "officer", farCity),
	}
	schemas := []string{"platform", "cell", r.Prefix + "_t_" + county}
	before := r.database(t, schemas...)
	s := sample{ids: p.ids, code: county}
	tried := 0
	for who, c := range outsiders {
		c = c.As(county)
		c.Source = address()
		for _, route := range doors(t) {
			q := s.request(t, route)
			status, raw, err := c.Do(q.method, q.target(), q.raw())
			tried++
			if err != nil {
				t.Fatalf("%s at %s: %v", who, route.Operation, err)
			}
			if open := route.Capability == "public"; open {
				if status >= http.StatusInternalServerError {
					t.Errorf("%s at %s: %d %s", who, route.Operation, status, short(string(raw)))
				}
			} else if status != http.StatusUnauthorized && status != http.StatusNotFound {
				t.Errorf("%s at %s: %d %s", who, route.Operation, status, short(string(raw)))
			}
			if m := leaked(raw, p.marks); m != "" {
				t.Errorf("%s at %s is told %q", who, route.Operation, m)
			}
		}
	}
	unchanged(t, before, r.database(t, schemas...))
	t.Logf("%d calls by %d outsiders", tried, len(outsiders))
}

// A member of the body sees what is his own and nothing of the others'.
func TestMembersSeeTheirOwn(t *testing.T) {
	r := product(t)
	p := r.plant(t, county, "琥珀")
	c := r.signedIn(t, "member", county)
	s := sample{ids: p.ids, code: county}
	before := r.database(t, r.Prefix+"_t_"+county)
	for _, route := range doors(t) {
		if route.Capability == "public" || route.Capability == "session" || strings.HasSuffix(route.Operation, "Feed") { // the own calendar's address
			continue
		}
		q := s.request(t, route)
		status, raw, err := c.Do(q.method, q.target(), q.raw())
		if err != nil {
			t.Fatal(err)
		}
		allowed := []int{http.StatusForbidden, http.StatusNotFound}
		if holds(route.Capability, "member") {
			allowed = append(allowed, http.StatusOK)
		}
		if !slices.Contains(allowed, status) {
			t.Errorf("%s: %d %s", route.Operation, status, short(string(raw)))
		}
		// What the body says of itself is meant for its members.
		if m := leaked(raw, p.marks); m != "" && route.Capability != "org.profile" {
			t.Errorf("%s tells %q", route.Operation, m)
		}
	}
	unchanged(t, before, r.database(t, r.Prefix+"_t_"+county))
}

func TestSignOut(t *testing.T) {
	r := product(t)
	c := r.freshly(t, "admin", county)
	old := c.Token()
	c.Must(t, "GET", "/v1/me", nil, nil)
	c.Must(t, "POST", "/v1/session:signOut", map[string]any{}, nil)
	if c.Token() != "" {
		t.Error("the cookie was not taken back")
	}
	c.SetToken(old)
	if status := c.Call(t, "GET", "/v1/me", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d, want 401", status)
	}
	// Another session of the same account is ended by its id.
	c, other := r.freshly(t, "admin", county), r.freshly(t, "admin", county)
	var list struct {
		Sessions []struct {
			ID      string
			Current bool
		}
	}
	other.Must(t, "GET", "/v1/sessions", nil, &list)
	current := slices.IndexFunc(list.Sessions, func(s struct {
		ID      string
		Current bool
	},
	) bool {
		return s.Current
	})
	c.Must(t, "DELETE", "/v1/sessions/"+list.Sessions[current].ID, nil, nil)
	if status := other.Call(t, "GET", "/v1/me", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("an ended session: %d, want 401", status)
	}
	c.Must(t, "GET", "/v1/me", nil, nil)
}

// refused calls and returns how it was refused.
func refused(t *testing.T, c *stack.Client, method, path string, in any) failure {
	t.Helper()
	var f failure
	status := c.Call(t, method, path, in, &f)
	if status < 400 || f.Code != status {
		t.Errorf("%s %s: %d, want a refusal", method, path, status)
	}
	return f
}

func TestInvitation(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", county)
	invite := func(role string) (id, token string) {
		t.Helper()
		var made struct{ ID, URL string }
		admin.Must(t, "POST", "/v1/invitations", map[string]any{"phone": fmt.Sprintf("133%08d", next()), "name": "新来的", "role": role}, &made)
		u, err := url.Parse(made.URL)
		if err != nil || u.Host != admin.Host {
			t.Fatalf("the entry link %q leads elsewhere", made.URL)
		}
		return made.ID, u.Query().Get("token")
	}
	accept := func(label, token, password string) (*stack.Client, int, failure) {
		t.Helper()
		c := r.Client(label)
		var f failure
		status := c.Call(t, "POST", "/v1/invitations:accept", map[string]any{"token": token, "password": password}, &f)
		return c, status, f
	}
	_, good := invite("officer")
	for name, try := range map[string]struct{ label, token, password, reason string }{
		"on another body's host": {sibling, good, "Fresh-passw0rd", "INVITATION_INVALID"},
		"with a weak password":   {county, good, "password1", "PASSWORD_WEAK"},
		"with a made-up token":   {county, token(20), "Fresh-passw0rd", "INVITATION_INVALID"},
	} {
		if _, status, f := accept(try.label, try.token, try.password); status != http.StatusBadRequest || f.Reason != try.reason {
			t.Errorf("%s: %d %s, want 400 %s", name, status, f.Reason, try.reason)
		}
	}
	officer, status, f := accept(county, good, "Fresh-passw0rd")
	if status != http.StatusOK {
		t.Fatalf("accepting: %d %v", status, f)
	}
	officer.Must(t, "GET", "/v1/members", nil, nil)
	if f := refused(t, officer, "POST", "/v1/invitations", map[string]any{"phone": "13300000000", "name": "谁", "role": "admin"}); f.Code != http.StatusForbidden {
		t.Errorf("an officer invites: %d, want 403", f.Code)
	}
	if _, status, f := accept(county, good, "Fresh-passw0rd"); status != http.StatusBadRequest || f.Reason != "INVITATION_INVALID" {
		t.Errorf("accepting twice: %d %s", status, f.Reason)
	}
	id, taken := invite("admin")
	admin.Must(t, "DELETE", "/v1/invitations/"+id, nil, nil)
	if _, status, f := accept(county, taken, "Fresh-passw0rd"); status != http.StatusBadRequest || f.Reason != "INVITATION_INVALID" {
		t.Errorf("accepting what was taken back: %d %s", status, f.Reason)
	}
	if f := refused(t, r.signedIn(t, "admin", sibling), "DELETE", "/v1/invitations/"+id, nil); f.Code != http.StatusNotFound {
		t.Errorf("another body takes the invitation back: %d, want 404", f.Code)
	}
}

// Three failures ask for work, five lock a phone, for those who know the password too; other phones and other sources go on.
func TestLockout(t *testing.T) {
	r := product(t)
	phone := fmt.Sprintf("132%08d", next())
	r.Enrol(t, stack.Person{Body: county, Role: "admin", Name: "常忘密码", Phone: phone})
	c := r.Client(county)
	c.Source = address()
	sign := func(c *stack.Client, phone, password string) failure {
		t.Helper()
		var f failure
		f.Code = c.Call(t, "POST", "/v1/session:signIn", map[string]any{"phone": phone, "password": password}, &f)
		if f.Reason == "CAPTCHA_REQUIRED" {
			solved := stack.Solve(f.Metadata)
			f = failure{}
			f.Code = c.Call(t, "POST", "/v1/session:signIn", map[string]any{"phone": phone, "password": password, "captcha": solved}, &f)
		}
		return f
	}
	for i := range 5 {
		if f := sign(c, phone, "wrong"); f.Code != http.StatusUnauthorized || f.Reason != "SIGN_IN_REFUSED" {
			t.Fatalf("failure %d: %d %s", i+1, f.Code, f.Reason)
		}
	}
	elsewhere := r.Client(county)
	elsewhere.Source = address()
	for _, try := range []struct {
		c        *stack.Client
		password string
	}{{c, "wrong"}, {c, stack.Password}, {elsewhere, stack.Password}} {
		f := sign(try.c, phone, try.password)
		if f.Code != http.StatusTooManyRequests || f.Reason != "SIGN_IN_LOCKED" || f.Metadata["retry_after"] == "" || f.Metadata["zh"] == "" {
			t.Errorf("after five failures: %d %s %v, want 429 SIGN_IN_LOCKED", f.Code, f.Reason, f.Metadata)
		}
	}
	// A phone without an account is locked in the same way, so that nobody learns which phones have one.
	unknown := fmt.Sprintf("132%08d", next())
	for range 5 {
		sign(c, unknown, "wrong")
	}
	if f := sign(c, unknown, "wrong"); f.Code != http.StatusTooManyRequests {
		t.Errorf("an unknown phone after five failures: %d, want 429", f.Code)
	}
	if f := sign(elsewhere, r.people["admin@"+county].Phone, stack.Password); f.Code != http.StatusOK {
		t.Errorf("another person is locked out too: %d", f.Code)
	}
}

// A code for another host opens one session there, within thirty seconds, and none anywhere else.
func TestHandoff(t *testing.T) {
	r := product(t)
	phone := fmt.Sprintf("131%08d", next())
	r.Enrol(t,
		stack.Person{Body: county, Role: "admin", Name: "两处任职", Phone: phone},
		stack.Person{Body: city, Role: "officer", Name: "两处任职", Phone: phone},
		stack.Person{Body: province, Role: "supervisor", Name: "两处任职", Phone: phone})
	c := r.SignIn(t, county, phone, stack.Password)
	var me struct {
		Places []struct{ IdentityID, Role, BodyCode string }
	}
	c.Must(t, "GET", "/v1/me", nil, &me)
	places := map[string]string{}
	for _, p := range me.Places {
		places[p.BodyCode] = p.IdentityID
	}
	if len(places) != 2 {
		t.Fatalf("the other places are %v", me.Places)
	}
	code := func(identity string, supervision bool) (host, path string) {
		t.Helper()
		var made struct{ URL string }
		c.Must(t, "POST", "/v1/session:handoff", map[string]any{"identityId": identity, "supervision": supervision}, &made)
		u, err := url.Parse(made.URL)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(u.Host, "."+r.Base), u.RequestURI()
	}
	// redeem returns the visitor that the code made, signed in or not.
	redeem := func(host, path string) *stack.Client {
		t.Helper()
		v := r.Client(host)
		status, _, err := v.Do("GET", path, nil)
		if err != nil || status != http.StatusSeeOther {
			t.Errorf("the entry link answers %d (%v), want 303", status, err)
		}
		return v
	}
	host, path := code(places[city], false)
	if host != city {
		t.Fatalf("the link leads to %s", host)
	}
	there := redeem(host, path)
	there.Must(t, "GET", "/v1/members", nil, nil)
	if v := redeem(host, path); v.Token() != "" {
		t.Error("a code was good twice")
	}
	host, path = code(places[province], true)
	if host != "hq" {
		t.Fatalf("the link leads to %s", host)
	}
	redeem(host, path).Must(t, "GET", "/v1/figures/"+province, nil, nil)
	for _, wrong := range []string{county, sibling, "hq"} {
		_, path = code(places[city], false)
		if v := redeem(wrong, path); v.Token() != "" {
			t.Errorf("a code for %s opened a session on %s", city, wrong)
		}
		if v := redeem(city, path); v.Token() != "" {
			t.Errorf("a code that was shown to %s is still good", wrong)
		}
	}
	// What is left of the thirty seconds stands in the database; there they are let pass.
	_, path = code(places[city], false)
	conn := r.SQL(t)
	var left float64
	if err := conn.QueryRow(context.Background(), "select max(extract(epoch from expires_at - now()))::float8 from platform.handoff").Scan(&left); err != nil || left > 30 || left < 25 {
		t.Errorf("a fresh code has %.1f s, want 30 (%v)", left, err)
	}
	if _, err := conn.Exec(context.Background(), "update platform.handoff set expires_at = expires_at - interval '30 seconds'"); err != nil {
		t.Fatal(err)
	}
	if v := redeem(city, path); v.Token() != "" {
		t.Error("a code was good after thirty seconds")
	}
	// Somebody else's identity is not to be had.
	var other struct{ Place struct{ IdentityID string } }
	r.signedIn(t, "admin", sibling).Must(t, "GET", "/v1/me", nil, &other)
	if f := refused(t, c, "POST", "/v1/session:handoff", map[string]any{"identityId": other.Place.IdentityID}); f.Code != http.StatusBadRequest || f.Metadata["field"] != "identityId" {
		t.Errorf("somebody else's identity: %d %v", f.Code, f.Metadata)
	}
}

// A body that moves takes its tenant, members and counts along.
func TestMovingABodyMovesItsCounts(t *testing.T) {
	r := product(t)
	hq := r.signedIn(t, "supervisor", nation)
	found := map[string]any{
		"name": "流动工会委员会", "level": "grassroots", "kind": "grassroots_union", "primaryLine": "territorial", "parentCode": county,
	}
	key := token(8)
	var body, again struct{ Code, Status string }
	hq.Must(t, "POST", "/v1/bodies", found, &body, "Idempotency-Key", key)
	hq.Must(t, "POST", "/v1/bodies", found, &again, "Idempotency-Key", key)
	if body.Code != again.Code {
		t.Fatalf("a retry founded a second body: %s and %s", body.Code, again.Code)
	}
	phone := fmt.Sprintf("139%08d", 80000000+next())
	r.Enrol(t, stack.Person{Body: body.Code, Role: "admin", Name: "流动管理员", Phone: phone})
	admin := r.SignIn(t, body.Code, phone, stack.Password)
	watched := []string{body.Code, county, sibling, city, province, abroad, farCity, nation}
	look := func() map[string]int64 {
		all := map[string]int64{}
		for _, code := range watched {
			all[code] = hq.Subtree(t, code, metric)
		}
		return all
	}
	expect := func(what string, from map[string]int64, change map[string]int64) {
		t.Helper()
		var now map[string]int64
		err := stack.Wait(3*time.Second, func() bool {
			now = look()
			for _, code := range watched {
				if now[code] != from[code]+change[code] {
					return false
				}
			}
			return true
		})
		if err != nil {
			t.Fatalf("%s: from %v to %v, want the changes %v", what, from, now, change)
		}
	}
	r.settle(t)
	start := look()
	ids := admit(t, admin, 3) // the first use makes the body ready
	expect("three members", start, map[string]int64{body.Code: 3, county: 3, city: 3, province: 3, nation: 3})
	move := func(to string) {
		t.Helper()
		hq.Must(t, "POST", "/v1/bodies/"+body.Code+":move", map[string]any{"line": "territorial", "parentCode": to, "effectiveOn": "2026-01-02", "approvalDocNo": "工发〔2026〕1号"}, nil)
	}
	move(sibling)
	expect("to the sibling", start, map[string]int64{body.Code: 3, sibling: 3, city: 3, province: 3, nation: 3})
	move(farCity)
	expect("to another province", start, map[string]int64{body.Code: 3, farCity: 3, abroad: 3, nation: 3})
	ids = append(ids, admit(t, admin, 1)...)
	expect("one more there", start, map[string]int64{body.Code: 4, farCity: 4, abroad: 4, nation: 4})
	for _, id := range ids {
		admin.Must(t, "GET", "/v1/members/"+id, nil, nil)
	}
	var events struct{ Events []struct{ Kind string } }
	hq.Must(t, "GET", "/v1/bodies/"+body.Code+"/events", nil, &events)
	moves := 0
	for _, e := range events.Events {
		if e.Kind == "move" {
			moves++
		}
	}
	if moves != 2 {
		t.Errorf("%d moves in the body's history, want 2: %v", moves, events.Events)
	}
	for name, try := range map[string]struct {
		who        *stack.Client
		code, to   string
		reason     string
		statusCode int
	}{
		"under what lies below":               {hq, city, county, "BODY_CYCLE", http.StatusConflict},
		"under itself":                        {hq, city, city, "BODY_CYCLE", http.StatusConflict},
		"under a body that does not exist":    {hq, city, "999999", "BODY_NOT_FOUND", http.StatusNotFound},
		"by the supervisor of somewhere else": {r.signedIn(t, "supervisor", province), body.Code, county, "BODY_NOT_FOUND", http.StatusNotFound},
	} {
		f := refused(t, try.who, "POST", "/v1/bodies/"+try.code+":move", map[string]any{"line": "territorial", "parentCode": try.to})
		if f.Code != try.statusCode && f.Code != http.StatusBadRequest || f.Reason != try.reason {
			t.Errorf("%s: %d %s, want %d %s", name, f.Code, f.Reason, try.statusCode, try.reason)
		}
	}
	expect("refused moves", start, map[string]int64{body.Code: 4, farCity: 4, abroad: 4, nation: 4})
}

// Fifty people race for a body that is not ready yet: it is made once, and all get in.
func TestFirstUseMakesABodyReady(t *testing.T) {
	r := product(t)
	const code = "440112"
	phone := fmt.Sprintf("139%08d", next())
	r.Enrol(t, stack.Person{Body: code, Role: "admin", Name: "第一位", Phone: phone})
	c := r.SignIn(t, code, phone, stack.Password)
	type answer struct {
		status int
		raw    []byte
		err    error
	}
	answers := make(chan answer)
	for range 50 {
		go func() {
			status, raw, err := c.Do("GET", "/v1/members", nil)
			answers <- answer{status, raw, err}
		}()
	}
	for range 50 {
		if a := <-answers; a.err != nil || a.status != http.StatusOK || !bytes.Contains(a.raw, []byte("members")) {
			t.Errorf("%d %s %v", a.status, short(string(a.raw)), a.err)
		}
	}
	var made int
	if err := r.SQL(t).QueryRow(context.Background(), `select count(*) from platform.body_event e join platform.body b on b.id = e.body_id
		where b.code = $1 and e.kind = 'activate'`, code).Scan(&made); err != nil || made != 1 {
		t.Errorf("made ready %d times (%v), want once", made, err)
	}
}
