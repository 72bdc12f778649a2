package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/app/identity/internal/db"
	"gonghui/tenant"
)

// client is an application as the protocol sees it; it implements op.Client.
type client struct{ db.ActiveClientRow }

const (
	confidential = "confidential"
	public       = "public"
)

func (c client) GetID() string                    { return c.ID.String() }
func (c client) RedirectURIs() []string           { return c.Redirects }
func (c client) PostLogoutRedirectURIs() []string { return c.LogoutReturns }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) LoginURL(id string) string { return Path + "/continue?request=" + id }
func (c client) AccessTokenType() op.AccessTokenType {
	return op.AccessTokenTypeBearer
}
func (c client) IDTokenLifetime() time.Duration { return idLife }
func (c client) DevMode() bool                  { return false }
func (c client) IsScopeAllowed(scope string) bool {
	return scope != scopeAPI && slices.Contains(c.Scopes, scope) // which is no person's to allow
}
func (c client) IDTokenUserinfoClaimsAssertion() bool { return false }
func (c client) ClockSkew() time.Duration             { return 0 }

// ApplicationType: one without a secret may be a program on a device, with an address of its own or of the device.
func (c client) ApplicationType() op.ApplicationType {
	if c.Kind == confidential {
		return op.ApplicationTypeWeb
	}
	return op.ApplicationTypeNative
}

func (c client) AuthMethod() oidc.AuthMethod {
	if c.Kind == confidential {
		return oidc.AuthMethodBasic
	}
	return oidc.AuthMethodNone
}

func (c client) GrantTypes() []oidc.GrantType {
	types := []oidc.GrantType{oidc.GrantTypeCode}
	if slices.Contains(c.Scopes, scopeOffline) {
		types = append(types, oidc.GrantTypeRefreshToken)
	}
	if c.acts() {
		types = append(types, oidc.GrantTypeClientCredentials)
	}
	return types
}

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

var errNoClient = errors.New("oidc: no such application in this body")

// client finds an application of the body of the host.
func (s *Service) client(ctx context.Context, id string) (client, error) {
	parsed, err := uuid.Parse(id)
	if err != nil || len(id) != 36 {
		return client{}, errNoClient
	}
	var c client
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		c.ActiveClientRow, err = s.q.ActiveClient(ctx, tx, db.ActiveClientParams{ID: parsed, BodyID: tenant.From(ctx).ID})
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNoClient
	}
	return c, err
}

// GetClientByClientID implements op.OPStorage.
func (s storage) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := s.client(ctx, id)
	if errors.Is(err, errNoClient) {
		return nil, oidc.ErrInvalidClient().WithParent(err)
	}
	if err != nil {
		return nil, s.trouble(err)
	}
	return c, nil
}

// AuthorizeClientIDSecret implements op.OPStorage.
func (s storage) AuthorizeClientIDSecret(ctx context.Context, id, secret string) error {
	c, err := s.client(ctx, id)
	if err != nil {
		return err
	}
	given := s.secretDigest(secret)
	if c.SecretDigest == "" || subtle.ConstantTimeCompare([]byte(given), []byte(c.SecretDigest)) != 1 {
		return errors.New("oidc: wrong secret")
	}
	return nil
}

// secretDigest is how a secret is kept. It has 256 bits, which nobody guesses, so no slow hash is needed.
func (s *Service) secretDigest(secret string) string {
	return s.host.Keys().Digest("oidc.secret", secret)
}

// subject is what an application calls a person by: the person's id for one of the union's own, and for a third party an id
// that no other third party knows the person by (OpenID Connect Core, 8.1).
func (s *Service) subject(own bool, sector string, body, person uuid.UUID) string {
	if own {
		return person.String()
	}
	return s.host.Keys().Digest("oidc.subject", body.String()+"|"+sector+"|"+person.String())
}
