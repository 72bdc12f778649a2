package e2e_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"gonghui/app/e2e/stack"
)

// relying is an application of a body, built on the libraries that applications use.
type relying struct {
	t        *testing.T
	r        *run
	body     string
	id       string
	ctx      context.Context // holds the HTTP client that finds the product's hosts
	http     *http.Client
	provider *goidc.Provider
	oauth    oauth2.Config
	told     chan string // logout tokens
}

// relies registers an application of the body and gets it going by discovery.
func (r *run) relies(t *testing.T, body, kind string, own bool) *relying {
	t.Helper()
	a := &relying{t: t, r: r, body: body, told: make(chan string, 10)}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		a.told <- req.PostFormValue("logout_token")
	}))
	t.Cleanup(listener.Close)
	var made struct{ ID, Secret, Issuer string }
	back := listener.URL + "/back"
	r.signedIn(t, "admin", body).Must(t, http.MethodPost, "/v1/oidc/clients", map[string]any{
		"name": "文体活动报名 " + token(3), "kind": kind, "own": own, "redirectUris": []string{back}, "postLogoutRedirectUris": []string{listener.URL + "/bye"},
		"backchannelLogoutUri": listener.URL + "/logout", "scopes": []string{"openid", "profile", "phone", "org", "offline_access"},
	}, &made)
	if (made.Secret != "") != (kind == "confidential") {
		t.Fatalf("a %s application has the secret %q", kind, made.Secret)
	}
	a.http = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if strings.HasSuffix(addr, strings.TrimPrefix(r.Base, "gonghui.localhost")) {
			addr = r.Addr
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a.ctx = goidc.ClientContext(context.Background(), a.http)
	provider, err := goidc.NewProvider(a.ctx, made.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	a.provider, a.id = provider, made.ID
	a.oauth = oauth2.Config{
		ClientID: made.ID, ClientSecret: made.Secret, Endpoint: provider.Endpoint(), RedirectURL: back,
		Scopes: []string{"openid", "profile", "phone", "org", "offline_access"},
	}
	return a
}

// visit opens an address as the person's browser and returns the status and where it is sent on.
func visit(t *testing.T, c *stack.Client, address string) (int, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodGet, "http://"+c.Addr()+u.RequestURI(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, _, err := c.Send(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Location")
}

// follow goes from page to page of the product until it is sent somewhere else, allowing what is asked for.
func (a *relying) follow(c *stack.Client, address string) string {
	a.t.Helper()
	for range 8 {
		status, to := visit(a.t, c, address)
		if status != http.StatusFound && status != http.StatusSeeOther {
			a.t.Fatalf("%s: %d", address, status)
		}
		if id, asks := strings.CutPrefix(to, "/authorize?request="); asks {
			var next struct{ URL string }
			c.Must(a.t, http.MethodPost, "/v1/oidc/requests/"+id+":decide", map[string]any{"allow": true}, &next)
			to = next.URL
		}
		if !strings.HasPrefix(to, "/") && !strings.Contains(to, a.r.Base) {
			return to
		}
		address = to
	}
	a.t.Fatal("the sign-in goes in circles")
	return ""
}

// code lets the person sign in at the application and returns the code.
func (a *relying) code(c *stack.Client, verifier string, options ...oauth2.AuthCodeOption) string {
	a.t.Helper()
	state := token(8)
	back, err := url.Parse(a.follow(c, a.oauth.AuthCodeURL(state, append(options, oauth2.S256ChallengeOption(verifier))...)))
	if err != nil || !strings.HasPrefix(back.String(), a.oauth.RedirectURL) || back.Query().Get("state") != state {
		a.t.Fatalf("the person came back to %s: %v", back, err)
	}
	return back.Query().Get("code")
}

// signIn is the whole way.
func (a *relying) signIn(c *stack.Client, options ...oauth2.AuthCodeOption) (*oauth2.Token, *goidc.IDToken) {
	a.t.Helper()
	verifier := oauth2.GenerateVerifier()
	tokens, err := a.oauth.Exchange(a.ctx, a.code(c, verifier, options...), oauth2.VerifierOption(verifier))
	if err != nil {
		a.t.Fatal(err)
	}
	return tokens, a.verified(tokens)
}

func (a *relying) verified(tokens *oauth2.Token) *goidc.IDToken {
	a.t.Helper()
	raw, _ := tokens.Extra("id_token").(string)
	id, err := a.provider.Verifier(&goidc.Config{ClientID: a.id}).Verify(a.ctx, raw)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := id.VerifyAccessToken(tokens.AccessToken); err != nil {
		a.t.Fatal(err)
	}
	return id
}

// lives reports whether the access token is good for anything.
func (a *relying) lives(tokens *oauth2.Token) bool {
	_, err := a.provider.UserInfo(a.ctx, oauth2.StaticTokenSource(tokens))
	return err == nil
}

// refresh exchanges the refresh token.
func (a *relying) refresh(tokens *oauth2.Token) (*oauth2.Token, error) {
	return a.oauth.TokenSource(a.ctx, &oauth2.Token{RefreshToken: tokens.RefreshToken, Expiry: time.Now().Add(-time.Hour)}).Token()
}

// person is somebody of the county with a session of their own.
func (r *run) person(t *testing.T, role string) (*stack.Client, string) {
	t.Helper()
	p := stack.Person{Body: county, Role: role, Name: "区单点", Phone: "135" + padded(next(), 8)}
	r.Enrol(t, p)
	return r.SignIn(t, county, p.Phone, stack.Password), p.Phone
}

func padded(n, width int) string {
	s := strings.Repeat("0", width)
	for i := width - 1; n > 0; i-- {
		s = s[:i] + string(rune('0'+n%10)) + s[i+1:]
		n /= 10
	}
	return s
}

func TestSignInAtAnApplication(t *testing.T) {
	t.Parallel()
	r := product(t)
	a := r.relies(t, county, "confidential", false)
	c, phone := r.person(t, "officer")
	tokens, id := a.signIn(c, goidc.Nonce("a-nonce"))
	if id.Nonce != "a-nonce" || id.Issuer != "http://"+county+"."+r.Base+"/oidc" {
		t.Errorf("the ID token is of %s with the nonce %q", id.Issuer, id.Nonce)
	}
	info, err := a.provider.UserInfo(a.ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Sub, Name string
		Phone     string `json:"phone_number"`
		Org       []struct{ Body, Role string }
	}
	if err := info.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if claims.Sub != id.Subject || claims.Name != "区单点" || claims.Phone != "+86"+phone || len(claims.Org) != 1 || claims.Org[0].Role != "officer" || claims.Org[0].Body != county {
		t.Errorf("userinfo: %+v", claims)
	}
	var me struct{ PersonID string }
	c.Must(t, http.MethodGet, "/v1/me", nil, &me)
	if id.Subject == me.PersonID {
		t.Error("a third party learns the person's own id")
	}
	// What was allowed once is not asked again, and no other third party knows the person by the same name.
	status, to := visit(t, c, a.oauth.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
	if status == http.StatusFound {
		status, to = visit(t, c, to)
	}
	if !strings.HasPrefix(to, "/oidc/authorize/callback") {
		t.Errorf("the second time the person is sent to %s (%d)", to, status)
	}
	if _, again := a.signIn(c); again.Subject != id.Subject {
		t.Error("the subject changed from one sign-in to the next")
	}
	own := r.relies(t, county, "public", true)
	if _, mine := own.signIn(c); mine.Subject != me.PersonID {
		t.Errorf("the union's own application knows the person by %s", mine.Subject)
	}
	var apps struct {
		Apps []struct{ ClientID, Name string }
	}
	c.Must(t, http.MethodGet, "/v1/own/apps", nil, &apps)
	if len(apps.Apps) != 1 || apps.Apps[0].ClientID != a.id {
		t.Errorf("the person's applications: %+v", apps)
	}
	var signIns struct{ SignIns []struct{ Name string } }
	r.signedIn(t, "admin", county).Must(t, http.MethodGet, "/v1/oidc/clients/"+a.id+"/sign-ins", nil, &signIns)
	if len(signIns.SignIns) != 2 || signIns.SignIns[0].Name != "区**" {
		t.Errorf("sign-ins: %+v", signIns)
	}
	// Taken back, it is good for nothing.
	c.Must(t, http.MethodDelete, "/v1/own/apps/"+a.id, nil, nil)
	if a.lives(tokens) {
		t.Error("a token outlives the consent")
	}
	if _, err := a.refresh(tokens); err == nil {
		t.Error("a refresh token outlives the consent")
	}
	status, to = visit(t, c, a.oauth.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
	if _, to = visit(t, c, to); !strings.HasPrefix(to, "/authorize?request=") {
		t.Errorf("after the consent was taken back the person is sent to %s (%d)", to, status)
	}
}

// refusedWith reports whether an exchange was refused with the error of the protocol.
func refusedWith(err error, code string) bool {
	var refused *oauth2.RetrieveError
	return err != nil && asRetrieve(err, &refused) && refused.ErrorCode == code
}

func asRetrieve(err error, target **oauth2.RetrieveError) bool {
	for e := err; e != nil; {
		if r, ok := e.(*oauth2.RetrieveError); ok {
			*target = r
			return true
		}
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		e = u.Unwrap()
	}
	return false
}

func TestAttacksOnSingleSignOn(t *testing.T) {
	t.Parallel()
	r := product(t)
	a := r.relies(t, county, "confidential", false)
	other := r.relies(t, county, "confidential", false)
	abroadApp := r.relies(t, sibling, "confidential", false)
	c, _ := r.person(t, "member")

	t.Run("a code comes twice", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		tokens, err := a.oauth.Exchange(a.ctx, code, oauth2.VerifierOption(verifier))
		if err != nil || !a.lives(tokens) {
			t.Fatal("the first exchange: ", err)
		}
		if _, err := a.oauth.Exchange(a.ctx, code, oauth2.VerifierOption(verifier)); !refusedWith(err, "invalid_grant") {
			t.Errorf("the second exchange: %v", err)
		}
		if a.lives(tokens) {
			t.Error("what the code was exchanged for is still good")
		}
		if _, err := a.refresh(tokens); !refusedWith(err, "invalid_grant") {
			t.Errorf("and so is its refresh token: %v", err)
		}
	})
	t.Run("many exchange a code at once", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		got := make(chan *oauth2.Token, 8)
		for range cap(got) {
			go func() {
				tokens, _ := a.oauth.Exchange(a.ctx, code, oauth2.VerifierOption(verifier))
				got <- tokens
			}()
		}
		var given []*oauth2.Token
		for range cap(got) {
			if tokens := <-got; tokens != nil {
				given = append(given, tokens)
			}
		}
		if len(given) > 1 {
			t.Errorf("%d exchanges succeeded", len(given))
		}
		for _, tokens := range given {
			if a.lives(tokens) {
				t.Error("a code that was shown eight times is good for something")
			}
		}
	})
	t.Run("wrong verifier", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		if _, err := a.oauth.Exchange(a.ctx, code, oauth2.VerifierOption(oauth2.GenerateVerifier())); !refusedWith(err, "invalid_grant") {
			t.Errorf("a wrong verifier: %v", err)
		}
		if _, err := a.oauth.Exchange(a.ctx, code, oauth2.VerifierOption(verifier)); !refusedWith(err, "invalid_grant") {
			t.Errorf("the right one after a wrong one: %v", err)
		}
		code = a.code(c, verifier)
		if _, err := a.oauth.Exchange(a.ctx, code); err == nil {
			t.Error("no verifier is needed")
		}
	})
	t.Run("without PKCE", func(t *testing.T) {
		_, to := visit(t, c, a.oauth.AuthCodeURL("s"))
		if u, _ := url.Parse(to); u.Query().Get("error") != "invalid_request" {
			t.Errorf("sent to %s", to)
		}
		_, to = visit(t, c, a.oauth.AuthCodeURL("s", oauth2.SetAuthURLParam("code_challenge", strings.Repeat("a", 43)), oauth2.SetAuthURLParam("code_challenge_method", "plain")))
		if u, _ := url.Parse(to); u.Query().Get("error") != "invalid_request" {
			t.Errorf("sent to %s", to)
		}
	})
	t.Run("another address to return to", func(t *testing.T) {
		for _, bad := range []string{
			"https://evil.example/back", a.oauth.RedirectURL + "/more", a.oauth.RedirectURL + "?x=1", a.oauth.RedirectURL + "#f", "javascript:alert(1)", "",
			strings.Replace(a.oauth.RedirectURL, "http://", "http://user@", 1), url.QueryEscape(a.oauth.RedirectURL), strings.ToUpper(a.oauth.RedirectURL),
		} {
			evil := a.oauth
			evil.RedirectURL = bad
			status, to := visit(t, c, evil.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
			if status != http.StatusBadRequest || to != "" {
				t.Errorf("%q: %d, sent to %s", bad, status, to)
			}
		}
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		evil := a.oauth
		evil.RedirectURL = "https://evil.example/back"
		if _, err := evil.Exchange(a.ctx, code, oauth2.VerifierOption(verifier)); !refusedWith(err, "invalid_grant") {
			t.Errorf("exchanged for another address: %v", err)
		}
	})
	t.Run("another application's code", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		thief := other.oauth
		thief.RedirectURL = a.oauth.RedirectURL
		if _, err := thief.Exchange(a.ctx, code, oauth2.VerifierOption(verifier)); !refusedWith(err, "invalid_grant") {
			t.Errorf("exchanged by another application: %v", err)
		}
	})
	t.Run("wrong secret", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		wrong := a.oauth
		wrong.ClientSecret = token(20)
		if _, err := wrong.Exchange(a.ctx, code, oauth2.VerifierOption(verifier)); !refusedWith(err, "invalid_client") {
			t.Errorf("a wrong secret: %v", err)
		}
		wrong.ClientSecret = ""
		if _, err := wrong.Exchange(a.ctx, a.code(c, verifier), oauth2.VerifierOption(verifier)); !refusedWith(err, "invalid_client") {
			t.Errorf("no secret: %v", err)
		}
	})
	t.Run("a refresh token comes twice", func(t *testing.T) {
		first, _ := a.signIn(c)
		second, err := a.refresh(first)
		if err != nil || second.RefreshToken == first.RefreshToken || !a.lives(second) {
			t.Fatalf("no rotation: %v", err)
		}
		if a.verified(second).Subject == "" {
			t.Error("no subject after a refresh")
		}
		if _, err := a.refresh(first); !refusedWith(err, "invalid_grant") {
			t.Errorf("the old one: %v", err)
		}
		if _, err := a.refresh(second); !refusedWith(err, "invalid_grant") {
			t.Errorf("the new one after the old one came again: %v", err)
		}
		if a.lives(second) {
			t.Error("the access token is still good")
		}
	})
	t.Run("another application's refresh token", func(t *testing.T) {
		tokens, _ := a.signIn(c)
		if _, err := other.refresh(tokens); !refusedWith(err, "invalid_grant") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a foreign body", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		code := a.code(c, verifier)
		foreign := a.oauth
		foreign.Endpoint = abroadApp.oauth.Endpoint
		if _, err := foreign.Exchange(a.ctx, code, oauth2.VerifierOption(verifier)); err == nil {
			t.Error("a code is good on another body's host")
		}
		tokens, _ := a.signIn(c)
		if abroadApp.lives(tokens) {
			t.Error("an access token is good on another body's host")
		}
		foreign.Endpoint = abroadApp.oauth.Endpoint
		if _, err := foreign.TokenSource(a.ctx, &oauth2.Token{RefreshToken: tokens.RefreshToken}).Token(); err == nil {
			t.Error("a refresh token is good on another body's host")
		}
		stranger := r.Client(sibling)
		if status, to := visit(t, stranger, foreign.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))); status != http.StatusBadRequest || to != "" {
			t.Errorf("an application is known on another body's host: %d %s", status, to)
		}
		if got := r.signedIn(t, "admin", sibling).Call(t, http.MethodGet, "/v1/oidc/clients/"+a.id, nil, nil); got != http.StatusNotFound {
			t.Errorf("another body's administrator sees the application: %d", got)
		}
	})
	t.Run("somebody else's browser", func(t *testing.T) {
		_, to := visit(t, c, a.oauth.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
		_, callback := visit(t, c, to)
		thief, _ := r.person(t, "member")
		if status, back := visit(t, thief, callback); strings.Contains(back, "code=") {
			t.Errorf("a settled request gives its code to another session: %d %s", status, back)
		}
	})
	t.Run("what cannot be read", func(t *testing.T) {
		for _, body := range []string{"grant_type=authorization_code&code=a&code=b", "grant_type=authorization_code&code=%00", "%%%", "grant_type=password", ""} {
			req, _ := http.NewRequest(http.MethodPost, a.oauth.Endpoint.TokenURL, strings.NewReader(body))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.SetBasicAuth("%zz", "%zz")
			resp, err := a.http.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			var refused struct{ Error string }
			err = json.NewDecoder(resp.Body).Decode(&refused)
			resp.Body.Close()
			if err != nil || resp.StatusCode/100 != 4 || refused.Error == "" {
				t.Errorf("%q: %d %v", body, resp.StatusCode, err)
			}
		}
	})
}

func TestSessionsEndEverywhere(t *testing.T) {
	t.Parallel()
	r := product(t)
	a, b := r.relies(t, county, "confidential", false), r.relies(t, county, "public", false)
	// told checks that an application hears of the end of the sign-in, and returns when.
	told := func(t *testing.T, a *relying, id *goidc.IDToken) {
		t.Helper()
		select {
		case raw := <-a.told:
			verifier := a.provider.Verifier(&goidc.Config{ClientID: a.id})
			notice, err := verifier.Verify(a.ctx, raw)
			if err != nil {
				t.Fatal(err)
			}
			var of, was struct {
				Sid    string
				Events map[string]any
				Nonce  *string
			}
			if err := notice.Claims(&of); err != nil {
				t.Fatal(err)
			}
			if err := id.Claims(&was); err != nil {
				t.Fatal(err)
			}
			if of.Sid != was.Sid || was.Sid == "" || notice.Subject != id.Subject || of.Nonce != nil || of.Events["http://schemas.openid.net/event/backchannel-logout"] == nil {
				t.Errorf("the notice is %+v, the ID token was %+v", of, was)
			}
		case <-time.After(20 * time.Second):
			t.Error("the application was not told")
		}
	}
	signOut := map[string]func(t *testing.T, c *stack.Client, phone, idToken string){
		"here": func(t *testing.T, c *stack.Client, _, _ string) {
			c.Must(t, http.MethodPost, "/v1/session:signOut", map[string]any{}, nil)
		},
		"at the application": func(t *testing.T, c *stack.Client, _, idToken string) {
			q := url.Values{"id_token_hint": {idToken}, "post_logout_redirect_uri": {strings.TrimSuffix(a.oauth.RedirectURL, "back") + "bye"}, "state": {"xyz"}}
			status, to := visit(t, c, "/oidc/end_session?"+q.Encode())
			if status != http.StatusFound || !strings.HasSuffix(to, "/bye?state=xyz") {
				t.Errorf("sent to %s (%d)", to, status)
			}
		},
		"by the administrator": func(t *testing.T, c *stack.Client, phone, _ string) {
			admin := r.signedIn(t, "admin", county)
			var found struct{ Holders []struct{ PersonID string } }
			admin.Must(t, http.MethodGet, "/v1/accounts?query="+phone, nil, &found)
			if len(found.Holders) != 1 {
				t.Fatalf("the account is not found: %+v", found)
			}
			admin.Must(t, http.MethodPost, "/v1/accounts/"+found.Holders[0].PersonID+":lock", map[string]any{"reason": "离职"}, nil)
		},
		"from another device": func(t *testing.T, c *stack.Client, phone, _ string) {
			second := r.SignIn(t, county, phone, stack.Password)
			var all struct {
				Sessions []struct {
					ID      string
					Current bool
				}
			}
			second.Must(t, http.MethodGet, "/v1/sessions", nil, &all)
			for _, s := range all.Sessions {
				if !s.Current {
					second.Must(t, http.MethodDelete, "/v1/sessions/"+s.ID, nil, nil)
				}
			}
		},
	}
	for name, end := range signOut {
		t.Run(name, func(t *testing.T) {
			c, phone := r.person(t, "officer")
			tokensA, idA := a.signIn(c)
			tokensB, idB := b.signIn(c)
			raw, _ := tokensA.Extra("id_token").(string)
			end(t, c, phone, raw)
			if a.lives(tokensA) || b.lives(tokensB) {
				t.Error("a token outlives its session")
			}
			if _, err := a.refresh(tokensA); err == nil {
				t.Error("a refresh token outlives its session")
			}
			if got := c.Call(t, http.MethodGet, "/v1/me", nil, nil); got != http.StatusUnauthorized {
				t.Errorf("the session goes on: %d", got)
			}
			told(t, a, idA)
			told(t, b, idB)
		})
	}
	t.Run("without a proof the person is asked", func(t *testing.T) {
		c, _ := r.person(t, "officer")
		if status, to := visit(t, c, "/oidc/end_session?client_id="+a.id); status != http.StatusFound || to != "/sign-out" {
			t.Errorf("sent to %s (%d)", to, status)
		}
		if got := c.Call(t, http.MethodGet, "/v1/me", nil, nil); got != http.StatusOK {
			t.Errorf("any page can sign people out: %d", got)
		}
	})
}

func TestPromptsOfSingleSignOn(t *testing.T) {
	t.Parallel()
	r := product(t)
	a := r.relies(t, county, "public", false)
	c, _ := r.person(t, "officer")
	none := func(c *stack.Client) string {
		_, to := visit(t, c, a.oauth.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()), oauth2.SetAuthURLParam("prompt", "none")))
		u, _ := url.Parse(to)
		return u.Query().Get("error")
	}
	if got := none(r.Client(county)); got != "login_required" {
		t.Errorf("a stranger with prompt=none: %q", got)
	}
	if got := none(c); got != "interaction_required" {
		t.Errorf("prompt=none before the consent: %q", got)
	}
	a.signIn(c)
	if got := none(c); got != "" {
		t.Errorf("prompt=none after the consent: %q", got)
	}
	_, to := visit(t, c, a.oauth.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()), oauth2.SetAuthURLParam("prompt", "login")))
	_, to = visit(t, c, to)
	id, asks := strings.CutPrefix(to, "/authorize?request=")
	var shown struct {
		SignInAgain bool
		Scopes      []string
	}
	if !asks {
		t.Fatalf("prompt=login leads to %s", to)
	}
	c.Must(t, http.MethodGet, "/v1/oidc/requests/"+id, nil, &shown)
	if !shown.SignInAgain || !slices.Contains(shown.Scopes, "phone") {
		t.Errorf("prompt=login shows %+v", shown)
	}
	if got := c.Call(t, http.MethodPost, "/v1/oidc/requests/"+id+":decide", map[string]any{"allow": true}, nil); got != http.StatusConflict {
		t.Errorf("an old session answers prompt=login: %d", got)
	}
	var back struct{ URL string }
	c.Must(t, http.MethodPost, "/v1/oidc/requests/"+id+":decide", map[string]any{"allow": false}, &back)
	if u, _ := url.Parse(back.URL); u.Query().Get("error") != "access_denied" || u.Query().Get("state") != "s" {
		t.Errorf("refused, the application hears %s", back.URL)
	}
}

func TestApplicationsAreCheckedWhenRegistered(t *testing.T) {
	t.Parallel()
	r := product(t)
	admin := r.signedIn(t, "admin", county)
	good := func() map[string]any {
		return map[string]any{"name": "读书会", "kind": "confidential", "redirectUris": []string{"https://rp.example/back"}, "scopes": []string{"openid"}}
	}
	for name, row := range map[string]struct {
		change func(map[string]any)
		field  string
	}{
		"http on the network":   {func(in map[string]any) { in["redirectUris"] = []string{"http://rp.example/back"} }, "redirectUris[0]"},
		"a wildcard":            {func(in map[string]any) { in["redirectUris"] = []string{"https://*.rp.example/back"} }, "redirectUris[0]"},
		"a fragment":            {func(in map[string]any) { in["redirectUris"] = []string{"https://rp.example/back#x"} }, "redirectUris[0]"},
		"a script":              {func(in map[string]any) { in["redirectUris"] = []string{"javascript:alert(1)"} }, "redirectUris[0]"},
		"a user":                {func(in map[string]any) { in["redirectUris"] = []string{"https://a:b@rp.example/back"} }, "redirectUris[0]"},
		"a scheme of a program": {func(in map[string]any) { in["redirectUris"] = []string{"com.example.app:/back"} }, "redirectUris[0]"},
		"twice the same":        {func(in map[string]any) { in["redirectUris"] = []string{"https://rp.example/a", "https://rp.example/a"} }, "redirectUris[1]"},
		"two hosts": {func(in map[string]any) {
			in["redirectUris"] = []string{"https://rp.example/a", "https://other.example/a"}
		}, "redirectUris[1]"},
		"no address":                 {func(in map[string]any) { in["redirectUris"] = []string{} }, "redirectUris"},
		"no name":                    {func(in map[string]any) { in["name"] = " " }, "name"},
		"another kind":               {func(in map[string]any) { in["kind"] = "secret" }, "kind"},
		"a scope nobody knows":       {func(in map[string]any) { in["scopes"] = []string{"admin"} }, "scopes[0]"},
		"a notice on the inner side": {func(in map[string]any) { in["backchannelLogoutUri"] = "http://10.0.0.1/x" }, "backchannelLogoutUri"},
	} {
		in := good()
		row.change(in)
		var refused struct {
			Reason   string
			Metadata map[string]string
		}
		if got := admin.Call(t, http.MethodPost, "/v1/oidc/clients", in, &refused); got != http.StatusBadRequest || refused.Metadata["field"] != row.field || refused.Metadata["zh"] == "" {
			t.Errorf("%s: %d %+v", name, got, refused)
		}
	}
	if got := r.signedIn(t, "officer", county).Call(t, http.MethodPost, "/v1/oidc/clients", good(), nil); got != http.StatusForbidden {
		t.Errorf("an officer registers an application: %d", got)
	}
	// A call repeated with its key makes no second application, and tells the secret no second time.
	var first, again struct{ ID, Secret string }
	admin.Must(t, http.MethodPost, "/v1/oidc/clients", good(), &first, "Idempotency-Key", "once-"+first.ID+token(4))
	key := "once-" + token(6)
	admin.Must(t, http.MethodPost, "/v1/oidc/clients", good(), &first, "Idempotency-Key", key)
	admin.Must(t, http.MethodPost, "/v1/oidc/clients", good(), &again, "Idempotency-Key", key)
	if first.ID != again.ID || first.Secret == "" || again.Secret != "" {
		t.Errorf("repeated: %+v, then %+v", first, again)
	}
	var rotated struct{ Secret string }
	admin.Must(t, http.MethodPost, "/v1/oidc/clients/"+first.ID+":rotateSecret", map[string]any{}, &rotated)
	if rotated.Secret == "" || rotated.Secret == first.Secret {
		t.Error("no new secret")
	}
	admin.Must(t, http.MethodDelete, "/v1/oidc/clients/"+first.ID, nil, nil)
	if got := admin.Call(t, http.MethodPost, "/v1/oidc/clients/"+first.ID+":rotateSecret", map[string]any{}, nil); got != http.StatusNotFound {
		t.Errorf("an ended application gets a secret: %d", got)
	}
}
