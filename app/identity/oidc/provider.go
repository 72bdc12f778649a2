// Package oidc lets applications take the sign-in of a body's host: an OpenID Connect provider on every body's host, the
// register of its applications, and what people allowed them.
package oidc

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/tenant"
)

// Path is where the provider stands on a body's host; the issuer ends with it.
const Path = "/oidc"

const (
	requestLife = 15 * time.Minute // for sign-in and consent
	codeLife    = time.Minute
	accessLife  = 10 * time.Minute
	refreshLife = 30 * 24 * time.Hour
	idLife      = time.Hour

	sweepPause = 10 * time.Minute // so long after a session has run out its applications hear of it
)

// Scopes that an application may be given.
const (
	scopeOpenID  = "openid"
	scopeProfile = "profile" // name
	scopePhone   = "phone"
	scopeOrg     = "org" // the places in the body
	scopeOffline = "offline_access"
)

// Service is the provider and the RPCs around it.
type Service struct {
	identityv1.UnimplementedClientServiceServer
	identityv1.UnimplementedConsentServiceServer
	host     module.Host
	q        *db.Queries
	keys     *keys
	provider *op.Provider
	notices  *notices
	log      *slog.Logger
}

// The library keeps one table of addresses for all providers, and its options write to it: it is set once.
func init() {
	op.DefaultEndpoints.Token, op.DefaultEndpoints.Introspection = op.NewEndpoint("token"), op.NewEndpoint("introspect")
}

// New makes the service.
func New(h module.Host, q *db.Queries) (*Service, error) {
	s := &Service{host: h, q: q, keys: newKeys(h, q), log: slog.Default()}
	s.notices = newNotices(s)
	options := []op.Option{
		op.WithCrypto(sealer{h.Keys()}),
		op.WithCORSOptions(nil),
		op.WithLogger(s.log),
	}
	if h.Scheme() == "http" {
		options = append(options, op.WithAllowInsecure())
	}
	config := &op.Config{
		DefaultLogoutRedirectURI: "/", CodeMethodS256: true, AuthMethodPost: true, GrantTypeRefreshToken: true,
		SupportedUILocales: []language.Tag{language.SimplifiedChinese, language.English},
		SupportedScopes:    []string{scopeOpenID, scopeProfile, scopePhone, scopeOrg, scopeOffline, scopeAPI},
		SupportedClaims: []string{
			"sub", "aud", "exp", "iat", "iss", "auth_time", "nonce", "amr", "at_hash", "c_hash", "azp", "sid",
			"name", "phone_number", "phone_number_verified", "updated_at", orgClaim,
		},
		BackChannelLogoutSupported: true, BackChannelLogoutSessionSupported: true,
	}
	provider, err := op.NewProvider(config, storage{s}, func(bool) (op.IssuerFromRequest, error) {
		return func(r *http.Request) string { return s.issuerOf(r.Context()) }, nil
	}, options...)
	s.provider = provider
	return s, err
}

// issuer is the name of the provider on the host of a body.
func (s *Service) issuer(code string) string {
	return s.host.Scheme() + "://" + code + "." + s.host.Base() + Path
}

func (s *Service) issuerOf(ctx context.Context) string { return s.issuer(tenant.From(ctx).Code) }

// Mount registers the RPCs and the endpoints of the protocol. Those that an application calls itself are open to pages of
// other sites and know nothing of the session.
func (s *Service) Mount(r module.Routes) {
	identityv1.RegisterClientServiceServer(r, s)
	identityv1.RegisterClientServiceHTTPServer(r.HTTP(), s)
	identityv1.RegisterConsentServiceServer(r, s)
	identityv1.RegisterConsentServiceHTTPServer(r.HTTP(), s)

	own := http.StripPrefix(Path, s.provider).ServeHTTP
	person := func(method, path string, h http.HandlerFunc) {
		r.Handle(method, Path+path, "public", modulev1.Realm_REALM_TENANT, module.Answers(h))
	}
	open := func(path string, h http.HandlerFunc, methods ...string) {
		for _, method := range append(methods, http.MethodOptions) {
			r.Open(method, Path+path, "public", modulev1.Realm_REALM_TENANT, module.Answers(cross(h)))
		}
	}
	person(http.MethodGet, "/authorize", explained(own))
	r.Open(http.MethodPost, Path+"/authorize", "public", modulev1.Realm_REALM_TENANT, module.Answers(explained(own)))
	person(http.MethodGet, "/authorize/callback", explained(own))
	person(http.MethodGet, "/continue", s.goOn)
	person(http.MethodGet, "/end_session", explained(own))
	r.Open(http.MethodPost, Path+"/end_session", "public", modulev1.Realm_REALM_TENANT, module.Answers(explained(own)))
	open("/.well-known/openid-configuration", s.discover, http.MethodGet)
	open("/keys", own, http.MethodGet)
	open("/token", wellFormed(own), http.MethodPost)
	open("/userinfo", s.userinfo, http.MethodGet, http.MethodPost)
	open("/introspect", wellFormed(own), http.MethodPost)
	open("/revoke", wellFormed(own), http.MethodPost)
}

// Run tells applications of ended sign-ins, and clears away what has expired, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { s.sweep(ctx) })
	s.notices.run(ctx)
	work.Wait()
}

func (s *Service) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
				for _, step := range []func(context.Context, db.DBTX) error{s.q.SweepGrants, s.q.SweepRequests, s.q.SweepTokens, s.q.SweepAppTokens, s.q.SweepSignIns, s.q.DeleteGoneKeys} {
					if err := step(ctx, tx); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil && ctx.Err() == nil {
				s.log.Error("oidc: sweep", "error", err)
			}
		}
	}
}
