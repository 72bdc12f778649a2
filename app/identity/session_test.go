package identity

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

func TestDeviceNames(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36":                                                                                                        "Chrome · Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0":                                                                                          "Edge · Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                                                                                                  "Safari · macOS",
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0":                                                                                                                                                 "Firefox · Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":                                                                                "Safari · iPhone",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/zh_CN":                                            "WeChat · iPhone",
		"Mozilla/5.0 (Linux; Android 14; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600 WeChat/arm64 Language/zh_CN": "WeChat · Android",
		"Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.301 Mobile Safari/537.36":                                                        "Huawei Browser · HarmonyOS",
		"Mozilla/5.0 (Linux; U; Android 14; zh-cn; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.5.40902":                                               "Mi Browser · Android",
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1":                                                                                  "Chrome · iPad",
		"curl/8.5.0":                    "curl/8.5.0",
		"grpc-go/1.68.0":                "grpc-go/1.68.0",
		"":                              "",
		"<script>alert(1)</script>":     "",
		"Mozilla/5.0 (Windows NT 10.0)": "Windows",
	} {
		if got := device(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone, foreign := mobile(), mobile()
	s.enrol(t, s.body, "officer", "多设备", phone, nil)
	s.enrol(t, s.body, "officer", "外人", foreign, nil)
	stranger := s.signIn(t, s.body, foreign)
	var in []context.Context
	for range 5 {
		ctx := visit(s.body)
		if _, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
			t.Fatal(err)
		}
		in = append(in, ctx)
	}
	me := s.as(t, in[4])
	var seen []*identityv1.Session
	token := ""
	for {
		list, err := s.ListSessions(me, &identityv1.ListSessionsRequest{PageSize: 2, PageToken: token})
		if err != nil || len(list.Sessions) > 2 {
			t.Fatalf("a page of %d, %v", len(list.GetSessions()), err)
		}
		seen = append(seen, list.Sessions...)
		if token = list.NextPageToken; token == "" {
			break
		}
	}
	if len(seen) != 5 || !seen[0].Current || seen[1].Current || seen[0].Device != "Chrome · Windows" || seen[0].Host != s.body.Code+".gonghui.test" {
		t.Fatalf("the sessions are %v", seen)
	}
	if _, err := s.RevokeSession(stranger, &identityv1.RevokeSessionRequest{Id: seen[1].Id}); reason(err) != "SESSION_NOT_FOUND" {
		t.Errorf("somebody else ends it: %v", err)
	}
	if _, err := s.RevokeSession(me, &identityv1.RevokeSessionRequest{Id: seen[1].Id}); err != nil {
		t.Fatal(err)
	}
	if !s.out(t, in[3]) || s.out(t, in[4]) || s.out(t, in[2]) {
		t.Error("the wrong device was signed out")
	}
	if _, err := s.RevokeSession(me, &identityv1.RevokeSessionRequest{Id: seen[1].Id}); reason(err) != "SESSION_NOT_FOUND" {
		t.Errorf("a second time: %v", err)
	}
	// On the wrong kind of host, and at another body, a session is refused as if there were nothing.
	for name, t2 := range map[string]*tenant.Tenant{"the supervision host": nil, "another body": s.other.Tenant} {
		if _, err := s.Authenticate(in[4], cookie(t, in[4]), t2); kerrors.Code(err) != 404 {
			t.Errorf("at %s: %v", name, err)
		}
	}
	// An officer's session that was unused for half an hour has ended, and is no device any more.
	s.exec(t, "update platform.session set seen_at = now() - interval '31 minutes' where id = $1", seen[4].Id)
	s.exec(t, "update platform.session set expires_at = now() where id = $1", seen[3].Id)
	fresh, err := New(s.host)
	if err != nil {
		t.Fatal(err)
	}
	for n, name := range []string{"an unused session", "an old session"} {
		if who, err := fresh.Authenticate(in[n], cookie(t, in[n]), s.body.Tenant); who != nil || err != nil {
			t.Errorf("%s: %v, %v", name, who, err)
		}
	}
	list, err := s.ListSessions(me, &identityv1.ListSessionsRequest{})
	if err != nil || len(list.Sessions) != 2 {
		t.Errorf("%d devices are left, want 2 (%v)", len(list.GetSessions()), err)
	}
}

// A session may end between the gate and the answer.
func TestEndedUnderway(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "半路人", phone, nil)
	me := s.signIn(t, s.body, phone)
	if _, err := s.SignOut(me, &identityv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.GetMe(me, nil); reason(err) != "SESSION_REQUIRED" {
		t.Errorf("a session that is over is told %v", err)
	}
}

// One person, two roles in one body: going from one to the other replaces the session.
func TestSwitchOnTheSameHost(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone, file := mobile(), tenant.NewID()
	s.enrol(t, s.body, "officer", "两用人", phone, nil)
	s.enrol(t, s.body, "member", "两用人", phone, &file)
	in := visit(s.body)
	if _, err := s.SignIn(in, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	me := s.as(t, in)
	shown, err := s.GetMe(me, nil)
	if err != nil || shown.Place.Role != "officer" || len(shown.Places) != 1 || shown.Places[0].Role != "member" {
		t.Fatalf("came in as %v, %v", shown, err)
	}
	made, err := s.CreateHandoff(me, &identityv1.CreateHandoffRequest{IdentityId: shown.Places[0].IdentityId})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(made.Url)
	if err != nil || u.Host != s.body.Code+".gonghui.test" {
		t.Fatalf("the link leads to %s", made.Url)
	}
	w := httptest.NewRecorder()
	s.redeem(w, httptest.NewRequest(http.MethodGet, u.RequestURI(), nil).WithContext(me))
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" || len(cookies) != 1 {
		t.Fatalf("the link answers %d, to %q, with %d cookies", w.Code, w.Header().Get("Location"), len(cookies))
	}
	now, err := s.Authenticate(me, cookies[0].Value, s.body.Tenant)
	if err != nil || now == nil || now.Role != "member" || now.Ref != file {
		t.Errorf("the new session is %v, %v", now, err)
	}
	if !s.out(t, in) {
		t.Error("the old session goes on beside the new one")
	}
}
