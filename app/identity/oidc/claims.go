package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/tenant"
)

// orgClaim holds the places of the person in the body of the issuer: an array of {body, name, role}.
const orgClaim = "org"

// orgPlace is a place as an application sees it. Places in other bodies are theirs to tell.
type orgPlace struct {
	Body string `json:"body"` // code
	Name string `json:"name"`
	Role string `json:"role"`
}

// fill puts in what the scopes allow to know of a person.
func (s *Service) fill(ctx context.Context, info *oidc.UserInfo, person uuid.UUID, scopes []string) error {
	return s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		p, err := s.q.PersonOfToken(ctx, tx, person)
		if err != nil {
			return err
		}
		if slices.Contains(scopes, scopeProfile) {
			info.Name = p.Name
		}
		if slices.Contains(scopes, scopePhone) {
			phone, err := s.host.Keys().Open("person.phone", p.PhoneSealed)
			if err != nil {
				return err
			}
			info.PhoneNumber, info.PhoneNumberVerified = "+86"+phone, true
		}
		if !slices.Contains(scopes, scopeOrg) {
			return nil
		}
		places, err := s.q.PlacesOfPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		here := []orgPlace{}
		for _, place := range places {
			if place.BodyID == tenant.From(ctx).ID {
				here = append(here, orgPlace{place.BodyCode, place.BodyName, place.Role})
			}
		}
		info.AppendClaims(orgClaim, here)
		return nil
	})
}

// SetUserinfoFromRequest implements op.CanSetUserinfoFromRequest: an ID token names the subject and the sign-in.
func (s storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, _ []string) error {
	info.Subject = request.GetSubject()
	switch r := request.(type) {
	case *authRequest:
		info.AppendClaims("sid", r.grant.String())
	case *refreshRequest:
		info.AppendClaims("sid", r.GrantID.String())
	}
	return nil
}

// SetUserinfoFromScopes implements op.OPStorage; SetUserinfoFromRequest does what there is to do.
func (storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromToken implements op.OPStorage.
func (s storage) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, tokenID, subject, _ string) error {
	t, err := s.live(ctx, tokenID, false)
	if err != nil {
		return err
	}
	info.Subject = s.subject(t.Own, t.Sector, tenant.From(ctx).ID, t.PersonID)
	if info.Subject != subject {
		return pgx.ErrNoRows
	}
	return s.fill(ctx, info, t.PersonID, t.Scopes)
}

// SetIntrospectionFromToken implements op.OPStorage: an application may ask about its own tokens.
func (s storage) SetIntrospectionFromToken(ctx context.Context, info *oidc.IntrospectionResponse, tokenID, subject, clientID string) error {
	t, err := s.live(ctx, tokenID, false)
	if err != nil {
		return err
	}
	if t.ClientID.String() != clientID {
		return errors.New("oidc: the token is another application's")
	}
	info.Subject, info.ClientID, info.Scope, info.TokenType = subject, clientID, t.Scopes, oidc.BearerToken
	info.Expiration, info.Issuer, info.Audience = oidc.FromTime(t.ExpiresAt), s.issuerOf(ctx), []string{clientID}
	return nil
}

// userinfo answers who holds an access token (OpenID Connect Core, 5.3). One that does not count gets 401 (RFC 6750, 3.1).
func (s *Service) userinfo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer && r.Method == http.MethodPost {
		token = r.PostFormValue("access_token")
	}
	if token == "" {
		w.Header().Set("WWW-Authenticate", "Bearer")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	info := &oidc.UserInfo{}
	plain, err := sealer{s.host.Keys()}.Decrypt(token)
	if err != nil {
		err = pgx.ErrNoRows
	} else {
		id, subject, _ := strings.Cut(plain, ":")
		err = storage{s}.SetUserinfoFromToken(r.Context(), info, id, subject, "")
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token", error_description="the access token is unknown, ended or expired"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	case err != nil:
		s.log.ErrorContext(r.Context(), "oidc: userinfo", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(info)
}

// discover describes the provider, without what the library offers and this provider does not.
func (s *Service) discover(w http.ResponseWriter, r *http.Request) {
	ctx := op.ContextWithIssuer(r.Context(), s.issuerOf(r.Context()))
	d := op.CreateDiscoveryConfig(ctx, s.provider, storage{s})
	d.ResponseTypesSupported = []string{string(oidc.ResponseTypeCode)}
	d.ResponseModesSupported = []string{string(oidc.ResponseModeQuery)}
	d.GrantTypesSupported = []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeClientCredentials}
	d.SubjectTypesSupported = []string{"public", "pairwise"}
	d.DeviceAuthorizationEndpoint, d.CheckSessionIframe = "", ""
	d.IntrospectionEndpointAuthMethodsSupported = []oidc.AuthMethod{oidc.AuthMethodBasic}
	d.IntrospectionEndpointAuthSigningAlgValuesSupported, d.RevocationEndpointAuthSigningAlgValuesSupported = nil, nil
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_ = json.NewEncoder(w).Encode(d)
}
