package oidc

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/tenant"
)

// authRequest is a request on its way; it implements op.AuthRequest.
type authRequest struct {
	db.OpenRequestRow
	grant    uuid.UUID // what its code is exchanged for
	subject  string
	authTime time.Time
	session  db.LiveSessionRow
	done     bool
}

func (r *authRequest) GetID() string                      { return r.ID.String() }
func (r *authRequest) GetACR() string                     { return "" }
func (r *authRequest) GetAMR() []string                   { return nil }
func (r *authRequest) GetAudience() []string              { return []string{r.ClientID.String()} }
func (r *authRequest) GetAuthTime() time.Time             { return r.authTime }
func (r *authRequest) GetClientID() string                { return r.ClientID.String() }
func (r *authRequest) GetNonce() string                   { return r.Nonce }
func (r *authRequest) GetRedirectURI() string             { return r.Redirect }
func (r *authRequest) GetResponseType() oidc.ResponseType { return oidc.ResponseTypeCode }
func (r *authRequest) GetResponseMode() oidc.ResponseMode { return "" }
func (r *authRequest) GetScopes() []string                { return r.Scopes }
func (r *authRequest) GetState() string                   { return r.State }
func (r *authRequest) GetSubject() string                 { return r.subject }
func (r *authRequest) Done() bool                         { return r.done }

func (r *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.Challenge, Method: oidc.CodeChallengeMethodS256}
}

// CreateAuthRequest implements op.AuthStorage. hinted is the subject of the request's id_token_hint.
func (s storage) CreateAuthRequest(ctx context.Context, in *oidc.AuthRequest, hinted string) (op.AuthRequest, error) {
	c, err := s.client(ctx, in.ClientID)
	if err != nil {
		return nil, s.trouble(err)
	}
	if u, kind := address(in.RedirectURI); kind == unfit || len(in.RedirectURI) > 300 ||
		!slices.Contains(c.Redirects, in.RedirectURI) && (kind != loopback || u.Scheme != "http") {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("the redirect_uri is not registered for this application")
	}
	if in.CodeChallenge == "" || in.CodeChallengeMethod != oidc.CodeChallengeMethodS256 || len(in.CodeChallenge) != 43 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE is required: code_challenge with code_challenge_method S256")
	}
	if in.ResponseMode != "" && in.ResponseMode != oidc.ResponseModeQuery {
		return nil, oidc.ErrInvalidRequest().WithDescription("response_mode must be query")
	}
	if len(in.State) > 1000 || len(in.Nonce) > 500 {
		return nil, oidc.ErrInvalidRequest().WithDescription("state takes 1000 characters, nonce 500")
	}
	scopes := slices.DeleteFunc(slices.Clone([]string(in.Scopes)), func(scope string) bool { return !c.IsScopeAllowed(scope) })
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	if !slices.Contains(scopes, scopeOpenID) {
		return nil, oidc.ErrInvalidScope().WithDescription("the scope must hold openid")
	}
	r := &authRequest{OpenRequestRow: db.OpenRequestRow{
		ID: tenant.NewID(), ClientID: c.ID, Redirect: in.RedirectURI, Scopes: scopes, State: in.State, Nonce: in.Nonce,
		Challenge: in.CodeChallenge, Asks: slices.Contains(in.Prompt, oidc.PromptConsent), Own: c.Own, Sector: c.Sector,
	}}
	if in.MaxAge != nil {
		since := time.Now().Add(-time.Duration(min(*in.MaxAge, 10*365*24*3600)) * time.Second)
		r.FreshSince = &since
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if slices.Contains(in.Prompt, oidc.PromptNone) {
			step, err := s.stepOf(ctx, tx, r)
			switch {
			case err != nil:
				return err
			case step == signIn, hinted != "" && hinted != s.subject(c.Own, c.Sector, tenant.From(ctx).ID, tenant.SubjectFrom(ctx).Person):
				return oidc.ErrLoginRequired()
			case step == consent:
				return oidc.ErrInteractionRequired()
			}
		}
		return s.q.CreateRequest(ctx, tx, db.CreateRequestParams{
			ID: r.ID, ClientID: r.ClientID, Redirect: r.Redirect, Scopes: r.Scopes, State: r.State, Nonce: r.Nonce,
			Challenge: r.Challenge, FreshSince: r.FreshSince, Asks: r.Asks, ExpiresAt: time.Now().Add(requestLife),
		})
	})
	return r, s.trouble(err)
}

// step is what a request waits for.
type step int

const (
	signIn  step = iota // a session, or a younger one
	consent             // the person's word
	nothing
)

// stepOf tells what a request waits for, from who sends it.
func (s *Service) stepOf(ctx context.Context, tx tenant.DBTX, r *authRequest) (step, error) {
	me := tenant.SubjectFrom(ctx)
	if me == nil {
		return signIn, nil
	}
	session, err := s.q.LiveSession(ctx, tx, db.LiveSessionParams{BodyID: tenant.From(ctx).ID, SessionID: me.Session})
	if errors.Is(err, pgx.ErrNoRows) {
		return signIn, nil
	}
	if err != nil {
		return signIn, err
	}
	if r.FreshSince != nil && session.CreatedAt.Before(*r.FreshSince) {
		return signIn, nil
	}
	if r.Own && !r.Asks {
		return nothing, nil
	}
	given, err := s.q.ConsentOf(ctx, tx, db.ConsentOfParams{AccountID: me.Account, ClientID: r.ClientID})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return consent, err
	}
	for _, scope := range r.Scopes {
		if r.Asks || !slices.Contains(given, scope) {
			return consent, nil
		}
	}
	return nothing, nil
}

// open finds a request that is still on its way.
func (s *Service) open(ctx context.Context, tx tenant.DBTX, id string) (*authRequest, error) {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return nil, pgx.ErrNoRows
	}
	row, err := s.q.OpenRequest(ctx, tx, db.OpenRequestParams{ID: parsed, BodyID: tenant.From(ctx).ID})
	return &authRequest{OpenRequestRow: row}, err
}

// goOn is where a request comes first: with nothing to ask it goes straight back to the application, else to the page that asks.
func (s *Service) goOn(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("request")
	to := "/authorize?request=" + id
	err := s.host.DB().Platform(r.Context(), func(ctx context.Context, tx tenant.DBTX) error {
		req, err := s.open(ctx, tx, id)
		if err != nil {
			return err
		}
		to = "/authorize?request=" + req.ID.String()
		step, err := s.stepOf(ctx, tx, req)
		if err != nil || step != nothing {
			return err
		}
		to = callback(req.ID)
		return s.settle(ctx, tx, req.ID)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		refuse(w, http.StatusBadRequest)
	case err != nil:
		s.log.ErrorContext(r.Context(), "oidc: continue", "error", err)
		refuse(w, http.StatusServiceUnavailable)
	default:
		http.Redirect(w, r, to, http.StatusSeeOther)
	}
}

// callback is where an answered request goes on.
func callback(id uuid.UUID) string { return Path + "/authorize/callback?id=" + id.String() }

// settle gives a request to the session of the call.
func (s *Service) settle(ctx context.Context, tx tenant.DBTX, id uuid.UUID) error {
	n, err := s.q.SettleRequest(ctx, tx, db.SettleRequestParams{ID: id, SessionID: tenant.SubjectFrom(ctx).Session})
	if err == nil && n == 0 {
		err = pgx.ErrNoRows
	}
	return err
}

// AuthRequestByID implements op.AuthStorage. A request is done for the session that settled it only.
func (s storage) AuthRequestByID(ctx context.Context, id string) (op.AuthRequest, error) {
	var r *authRequest
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if r, err = s.open(ctx, tx, id); err != nil {
			return err
		}
		me := tenant.SubjectFrom(ctx)
		r.done = me != nil && r.SessionID != nil && *r.SessionID == me.Session
		return nil
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, oidc.ErrInvalidRequest().WithDescription("the request is unknown or has expired")
	}
	return r, s.trouble(err)
}

// SaveAuthCode implements op.AuthStorage: one code a request.
func (s storage) SaveAuthCode(ctx context.Context, id, code string) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return err
	}
	return s.trouble(s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n, err := s.q.SaveCode(ctx, tx, db.SaveCodeParams{ID: parsed, CodeDigest: s.digest(code), ExpiresAt: time.Now().Add(codeLife)})
		if err == nil && n == 0 {
			return oidc.ErrInvalidRequest().WithDescription("the request was answered already")
		}
		return err
	}))
}

// digest is how codes and refresh tokens are kept.
func (s *Service) digest(secret string) string { return s.host.Keys().Digest("oidc.token", secret) }

// AuthRequestByCode implements op.AuthStorage. A code is good once, whatever comes of it; one that comes again has been
// stolen by one of the two who showed it, and ends what it was exchanged for (RFC 6749, 4.1.2).
func (s storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	r := &authRequest{grant: uuid.New()}
	digest, body := s.digest(code), tenant.From(ctx).ID
	again := false
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.TakeCode(ctx, tx, db.TakeCodeParams{BodyID: body, GrantID: r.grant, CodeDigest: digest})
		if errors.Is(err, pgx.ErrNoRows) {
			again = true
			spoilt, err := s.q.SpoilCode(ctx, tx, digest)
			if err != nil || spoilt.GrantID == nil {
				return err
			}
			err = noun.Exchanged.Gone(ctx, tx, tenant.Act{Act: "oidc.code_again", Object: spoilt.ClientID.String()}, *spoilt.GrantID)
			if err != nil {
				return err
			}
			_, err = s.q.DeleteGrant(ctx, tx, *spoilt.GrantID)
			return err
		}
		if err != nil {
			return err
		}
		r.OpenRequestRow = db.OpenRequestRow{
			ID: row.ID, ClientID: row.ClientID, Redirect: row.Redirect, Scopes: row.Scopes, State: row.State, Nonce: row.Nonce,
			Challenge: row.Challenge, SessionID: row.SessionID, Own: row.Own, Sector: row.Sector,
		}
		r.session, err = s.q.LiveSession(ctx, tx, db.LiveSessionParams{BodyID: body, SessionID: *row.SessionID})
		r.authTime = r.session.CreatedAt
		r.subject = s.subject(r.Own, r.Sector, body, r.session.PersonID)
		return err
	})
	if again && err == nil || errors.Is(err, pgx.ErrNoRows) {
		return nil, oidc.ErrInvalidGrant().WithDescription("the code is unknown, used or expired")
	}
	return r, s.trouble(err)
}

// DeleteAuthRequest implements op.AuthStorage. The row stays for a day, to know the code when it comes again.
func (storage) DeleteAuthRequest(context.Context, string) error { return nil }
