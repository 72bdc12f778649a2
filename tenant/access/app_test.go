package access_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// app is an application that acts by itself.
type app struct {
	*person
	id, secret string
}

// registers has an administrator register an application that acts by itself.
func (p *person) registers(t *testing.T, more object) *app {
	t.Helper()
	in := object{"name": "工资系统", "kind": "confidential", "scopes": []string{"api"}}
	for k, v := range more {
		in[k] = v
	}
	var made struct{ ID, Secret string }
	p.want(t, "200", http.MethodPost, "/v1/oidc/clients", in, &made)
	return &app{&person{world: p.world, host: p.host}, made.ID, made.Secret}
}

// token asks for a token and returns the status and the error, if any.
func (a *app) token(t *testing.T, secret, scope string) (int, string) {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}
	req, err := http.NewRequest(http.MethodPost, "http://"+a.world.addr+"/oidc/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = a.host
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(a.id, secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		AccessToken string `json:"access_token"`
		Error       string
		ExpiresIn   int `json:"expires_in"`
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%d %s", resp.StatusCode, raw)
	}
	if resp.StatusCode == 200 {
		if out.ExpiresIn <= 0 || out.ExpiresIn > 600 {
			t.Errorf("good for %d seconds", out.ExpiresIn)
		}
		a.bearer = out.AccessToken
	}
	return resp.StatusCode, out.Error
}

// TestAppsActWithWhatIsGranted has an application of the body above act in a body, and ends that in every way there is.
func TestAppsActWithWhatIsGranted(t *testing.T) {
	w := open(t)
	top, other := w.Body(t, nil), w.Body(t, nil)
	b := w.Body(t, top)
	above, admin := w.enrol(t, top, "admin", top.Code, nil), w.enrol(t, b, "admin", b.Code, nil)
	stranger := w.enrol(t, other, "admin", other.Code, nil)

	above.want(t, "400 INVALID_ARGUMENT redirectUris", http.MethodPost, "/v1/oidc/clients", object{"name": "无回调", "kind": "confidential", "scopes": []string{"profile"}}, nil)
	above.want(t, "400 INVALID_ARGUMENT scopes", http.MethodPost, "/v1/oidc/clients",
		object{"name": "手机应用", "kind": "public", "scopes": []string{"api"}, "redirectUris": []string{"https://a.example/back"}}, nil)
	a := above.registers(t, nil)
	signIn := above.registers(t, object{"scopes": []string{"profile"}, "redirectUris": []string{"https://a.example/back"}})
	if code, reason := signIn.token(t, signIn.secret, "api"); code != 400 || reason != "unauthorized_client" {
		t.Errorf("an application that may not act by itself: %d %s", code, reason)
	}
	if code, reason := a.token(t, "wrong", "api"); code != 401 || reason != "invalid_client" {
		t.Errorf("a wrong secret: %d %s", code, reason)
	}
	if code, reason := a.token(t, a.secret, "phone"); code != 400 || reason != "invalid_scope" {
		t.Errorf("a scope of persons: %d %s", code, reason)
	}
	if code, reason := a.token(t, a.secret, "api"); code != 200 {
		t.Fatalf("no token: %d %s", code, reason)
	}

	// Nothing is held before it is granted, in the own body or elsewhere; what every person may do is not a program's to do.
	a.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/members", nil, nil)
	for _, door := range []string{"/v1/me", "/v1/sessions", "/v1/own/apps"} {
		if code, raw := a.call(t, http.MethodGet, door, nil, nil); code != 403 {
			t.Errorf("%s: %d %s", door, code, raw)
		}
	}
	a.host = other.Code + ".test"
	a.want(t, "404 NOT_FOUND", http.MethodGet, "/v1/members", nil, nil)
	a.host = "hq.test"
	a.want(t, "404 NOT_FOUND", http.MethodGet, "/v1/supervision/bodies", nil, nil)

	// The body below grants it, from the list.
	var list struct {
		Subjects []struct{ Kind, ID, Name, Note string }
	}
	admin.want(t, "200", http.MethodGet, "/v1/access/subjects?kind=app", nil, &list)
	if len(list.Subjects) != 1 || list.Subjects[0].ID != a.id || list.Subjects[0].Note != top.Name {
		t.Fatalf("offered %+v", list.Subjects)
	}
	subject := object{"kind": "app", "id": a.id}
	stranger.want(t, "404 SUBJECT_NOT_FOUND subject.id", http.MethodPost, "/v1/access/grants",
		object{"subject": subject, "capability": "member.read", "scope": object{"kind": "body"}}, nil)
	admin.want(t, "404 SUBJECT_NOT_FOUND subject.id", http.MethodPost, "/v1/access/grants",
		object{"subject": object{"kind": "app", "id": signIn.id}, "capability": "member.read", "scope": object{"kind": "body"}}, nil)
	grant := func(capability string) string {
		t.Helper()
		return admin.made(t, "/v1/access/grants", object{"subject": subject, "capability": capability, "scope": object{"kind": "body"}})
	}
	read := grant("member.read")
	grant("member.write")
	a.host = b.Code + ".test"
	t.Logf("granted after %s", a.soon(t, five, 200, http.MethodGet, "/v1/members"))
	a.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/access/grants", nil, nil)
	grant("member.export")
	a.until(t, five, func(code int, answer string) bool { return code == 403 && strings.Contains(answer, "STEP_UP_REQUIRED") },
		http.MethodPost, "/v1/members:export", object{"reason": "年度核对", "format": "csv"})
	a.host = top.Code + ".test"
	a.want(t, "403 FORBIDDEN", http.MethodGet, "/v1/members", nil, nil)
	a.host = b.Code + ".test"
	made := a.admit(t, 600, "")
	if n := w.Count(t, "select count(*) from "+w.DB.Config().Role(b.Code)+".audit_log where act = 'member.create' and object_id = $1 and who = '应用“工资系统”' and role = 'app' and identity_id = $2 and account_id is null", made.ID, a.id); n != 1 {
		t.Error("the trail does not name the application")
	}

	// People may come to return to it: by a host of its own, as with any other.
	back := []string{"https://pay.example/back"}
	above.want(t, "200", http.MethodPut, "/v1/oidc/clients/"+a.id, object{"name": "工资系统", "scopes": []string{"api"}, "redirectUris": back}, nil)
	above.want(t, "400 INVALID_ARGUMENT redirectUris[0]", http.MethodPut, "/v1/oidc/clients/"+a.id,
		object{"name": "工资系统", "scopes": []string{"api"}, "redirectUris": []string{"https://other.example/back"}}, nil)

	// Every way to an end.
	admin.want(t, "200", http.MethodPost, "/v1/access/grants/"+read+":end", object{}, nil)
	t.Logf("taken back after %s", a.soon(t, five, 403, http.MethodGet, "/v1/members"))
	grant("member.read")
	a.soon(t, five, 200, http.MethodGet, "/v1/members")
	var renewed struct{ Secret string }
	above.want(t, "200", http.MethodPost, "/v1/oidc/clients/"+a.id+":rotateSecret", object{}, &renewed)
	t.Logf("a new secret after %s", a.soon(t, five, 401, http.MethodGet, "/v1/members"))
	if code, _ := a.token(t, a.secret, "api"); code == 200 {
		t.Error("the old secret is good")
	}
	a.host = top.Code + ".test"
	if code, reason := a.token(t, renewed.Secret, "api"); code != 200 {
		t.Fatalf("the new secret: %d %s", code, reason)
	}
	a.host = b.Code + ".test"
	a.want(t, "200", http.MethodGet, "/v1/members", nil, nil)
	above.want(t, "200", http.MethodDelete, "/v1/oidc/clients/"+a.id, nil, nil)
	t.Logf("ended after %s", a.soon(t, five, 401, http.MethodGet, "/v1/members"))
	admin.want(t, "404 SUBJECT_NOT_FOUND subject.id", http.MethodPost, "/v1/access/grants",
		object{"subject": subject, "capability": "member.verify", "scope": object{"kind": "body"}}, nil)
	for _, forged := range []string{"x", a.bearer[:len(a.bearer)-3] + "abc", strings.Repeat("a", 43)} {
		a.bearer = forged
		a.want(t, "401 SESSION_REQUIRED", http.MethodGet, "/v1/members", nil, nil)
	}
}
