package oidc

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/tenant"
)

// refreshRequest is a refresh token that somebody shows; it implements op.RefreshTokenRequest.
type refreshRequest struct {
	db.LiveTokenRow
	subject string
	current []string
}

func (r *refreshRequest) GetAMR() []string                 { return nil }
func (r *refreshRequest) GetAudience() []string            { return []string{r.ClientID.String()} }
func (r *refreshRequest) GetAuthTime() time.Time           { return r.AuthTime }
func (r *refreshRequest) GetClientID() string              { return r.ClientID.String() }
func (r *refreshRequest) GetScopes() []string              { return r.current }
func (r *refreshRequest) GetSubject() string               { return r.subject }
func (r *refreshRequest) SetCurrentScopes(scopes []string) { r.current = scopes }

// secret is a text of 256 random bits.
func secret() string {
	var raw [32]byte
	_, _ = rand.Read(raw[:])
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// CreateAccessToken implements op.AuthStorage.
func (s storage) CreateAccessToken(ctx context.Context, request op.TokenRequest) (string, time.Time, error) {
	id, _, until, err := s.create(ctx, request, "", false)
	return id, until, err
}

// CreateAccessAndRefreshTokens implements op.AuthStorage. current is the refresh token that is exchanged, or "".
func (s storage) CreateAccessAndRefreshTokens(ctx context.Context, request op.TokenRequest, current string) (string, string, time.Time, error) {
	return s.create(ctx, request, current, true)
}

func (s storage) create(ctx context.Context, request op.TokenRequest, current string, refreshing bool) (id, refresh string, until time.Time, err error) {
	id, until = secret(), time.Now().Add(accessLife)
	if refreshing {
		refresh = secret()
	}
	again := false
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		again = false
		put := func(token string, refresh bool, scopes []string, until time.Time, of db.CreateTokenParams) error {
			of.ID, of.Refresh, of.Scopes, of.ExpiresAt = token, refresh, scopes, until
			return s.q.CreateToken(ctx, tx, of)
		}
		of, granted := db.CreateTokenParams{}, request.GetScopes()
		switch r := request.(type) {
		case *authRequest:
			if err := s.grant(ctx, tx, r); err != nil {
				return err
			}
			of.GrantID = r.grant
		case *refreshRequest:
			n, err := s.q.UseRefresh(ctx, tx, s.digest(current))
			if err != nil {
				return err
			}
			if n == 0 {
				again = true
				return s.shownAgain(ctx, tx, r.LiveTokenRow)
			}
			of.GrantID, granted = r.GrantID, r.Scopes
		case *appRequest:
			return s.issue(ctx, tx, r, id, until)
		default:
			return oidc.ErrUnsupportedGrantType()
		}
		if err := put(id, false, request.GetScopes(), until, of); err != nil {
			return err
		}
		if refreshing {
			return put(s.digest(refresh), true, granted, time.Now().Add(refreshLife), of)
		}
		return nil
	})
	if err == nil && again {
		err = errRefresh()
	}
	return id, refresh, until, s.trouble(err)
}

// grant makes the sign-in that a code stands for.
func (s storage) grant(ctx context.Context, tx tenant.DBTX, r *authRequest) error {
	n, err := s.q.CreateGrant(ctx, tx, db.CreateGrantParams{ID: r.grant, SessionID: r.session.ID, AccountID: r.session.AccountID, AuthTime: r.authTime})
	if tenant.Violated(err, "oidc_grant_session_id_fkey") || err == nil && n == 0 {
		return oidc.ErrInvalidGrant().WithDescription("the session has ended, or the code was shown twice")
	}
	if err != nil {
		return err
	}
	err = noun.SignIn.Made(ctx, tx, tenant.Act{Act: "oidc.sign_in", Object: r.ClientID.String(), Reason: "session " + r.session.ID.String()}, r.grant)
	if err != nil {
		return err
	}
	return s.q.CreateSignIn(ctx, tx, db.CreateSignInParams{ID: tenant.NewID(), ClientID: r.ClientID, PersonID: r.session.PersonID, Device: r.session.Device})
}

func errRefresh() *oidc.Error {
	return oidc.ErrInvalidGrant().WithDescription("the refresh token is unknown, used or expired")
}

// shownAgain ends a sign-in whose refresh token came twice: one of the two has stolen it (RFC 9700, 4.14.2).
func (s *Service) shownAgain(ctx context.Context, tx tenant.DBTX, t db.LiveTokenRow) error {
	err := noun.Exchanged.Gone(ctx, tx, tenant.Act{Act: "oidc.refresh_again", Object: t.ClientID.String()}, t.GrantID)
	if err != nil {
		return err
	}
	_, err = s.q.DeleteGrant(ctx, tx, t.GrantID)
	return err
}

// TokenRequestByRefreshToken implements op.AuthStorage.
func (s storage) TokenRequestByRefreshToken(ctx context.Context, token string) (op.RefreshTokenRequest, error) {
	t, err := s.live(ctx, s.digest(token), true)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errRefresh()
	}
	if err != nil {
		return nil, s.trouble(err)
	}
	if t.UsedAt != nil {
		err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error { return s.shownAgain(ctx, tx, t) })
		return nil, errors.Join(errRefresh(), err)
	}
	return &refreshRequest{t, s.subject(t.Own, t.Sector, tenant.From(ctx).ID, t.PersonID), t.Scopes}, nil
}

// live finds a token that counts in the body of the host.
func (s *Service) live(ctx context.Context, id string, refresh bool) (db.LiveTokenRow, error) {
	var t db.LiveTokenRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		t, err = s.q.LiveToken(ctx, tx, db.LiveTokenParams{BodyID: tenant.From(ctx).ID, ID: id, Refresh: refresh})
		return err
	})
	return t, err
}

// GetRefreshTokenInfo implements op.AuthStorage.
func (s storage) GetRefreshTokenInfo(ctx context.Context, clientID, token string) (userID, tokenID string, err error) {
	t, err := s.live(ctx, s.digest(token), true)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && t.ClientID.String() != clientID {
		return "", "", op.ErrInvalidRefreshToken
	}
	return "", refreshMark + t.ID, err
}

// RevokeToken implements op.AuthStorage. A refresh token takes every token of its sign-in with it (RFC 7009, 2.1); one that is
// not there, or another application's, is none of the caller's business.
func (s storage) RevokeToken(ctx context.Context, token, _, clientID string) *oidc.Error {
	c, err := s.client(ctx, clientID)
	if err == nil {
		err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			id, refresh := cutRefresh(token)
			was, err := noun.Tokens.See(ctx, tx, id)
			if err != nil {
				return err
			}
			if refresh {
				err = s.q.DeleteTokensOfRefresh(ctx, tx, db.DeleteTokensOfRefreshParams{ID: id, ClientID: c.ID})
			} else if err = s.q.DeleteAppToken(ctx, tx, db.DeleteAppTokenParams{ID: token, ClientID: c.ID}); err == nil {
				err = s.q.DeleteToken(ctx, tx, db.DeleteTokenParams{ID: token, ClientID: c.ID})
			}
			if err != nil {
				return err
			}
			return was.Changed(ctx, tx, tenant.Act{Act: "oidc.token_revoke", Object: clientID})
		})
	}
	if err != nil {
		return oidc.ErrServerError().WithParent(err)
	}
	return nil
}
