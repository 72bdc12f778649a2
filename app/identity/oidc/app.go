package oidc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/tenant"
)

// scopeAPI lets an application act by itself, with the rights that are granted to it, and no other.
const scopeAPI = "api"

// AppRole stands where people have the built-in role of their place.
const AppRole = "app"

// acts reports whether the application may act by itself: it has a secret to prove who it is.
func (c client) acts() bool { return c.Kind == confidential && slices.Contains(c.Scopes, scopeAPI) }

// appRequest asks for a token by which an application acts for nobody (RFC 6749, 4.4); it implements op.TokenRequest.
type appRequest struct{ client }

func (r *appRequest) GetSubject() string    { return r.ID.String() }
func (r *appRequest) GetAudience() []string { return []string{r.ID.String()} }
func (r *appRequest) GetScopes() []string   { return []string{scopeAPI} }

var _ op.ClientCredentialsStorage = storage{}

// ClientCredentials implements op.ClientCredentialsStorage.
func (s storage) ClientCredentials(ctx context.Context, id, secret string) (op.Client, error) {
	if err := s.AuthorizeClientIDSecret(ctx, id, secret); err != nil {
		return nil, err
	}
	return s.GetClientByClientID(ctx, id)
}

// ClientCredentialsTokenRequest implements op.ClientCredentialsStorage.
func (s storage) ClientCredentialsTokenRequest(ctx context.Context, id string, scopes []string) (op.TokenRequest, error) {
	for _, scope := range scopes {
		if scope != "" && scope != scopeAPI {
			return nil, oidc.ErrInvalidScope().WithDescription("an application that acts by itself has the scope api, and no other")
		}
	}
	c, err := s.client(ctx, id)
	return &appRequest{c}, s.trouble(err)
}

// issue keeps the token of an application.
func (s *Service) issue(ctx context.Context, tx tenant.DBTX, r *appRequest, id string, until time.Time) error {
	if err := s.q.CreateAppToken(ctx, tx, db.CreateAppTokenParams{ID: id, ClientID: r.ID, ExpiresAt: until}); err != nil {
		return err
	}
	return noun.Tokens.Made(ctx, tx, tenant.Act{
		Act: "oidc.app_token", Object: r.ID.String(), As: appSubject(r.ID, r.Name, uuid.Nil, tenant.From(ctx).Code),
	}, id)
}

func appSubject(id uuid.UUID, name string, body uuid.UUID, code string) *tenant.Subject {
	return &tenant.Subject{App: id, Name: "应用“" + name + "”", Role: AppRole, Body: body, BodyCode: code}
}

// Acting returns the application that a bearer token was given to, and until when it is good; nobody for any other text.
func (s *Service) Acting(ctx context.Context, token string) (*tenant.Subject, time.Time, error) {
	plain, err := sealer{s.host.Keys()}.Decrypt(token)
	if err != nil {
		return nil, time.Time{}, nil // none of ours
	}
	id, _, _ := strings.Cut(plain, ":")
	var row db.AppTokenRow
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.q.AppToken(ctx, tx, id)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, time.Time{}, nil
	}
	return appSubject(row.ClientID, row.Name, row.BodyID, row.BodyCode), row.ExpiresAt, err
}
