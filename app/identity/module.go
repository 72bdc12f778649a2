// Package identity knows who is there: persons, their accounts and identities, sessions and invitations. All of it stands
// above tenants, in schema platform.
package identity

import (
	"context"
	"embed"
	"log/slog"
	"sync"
	"time"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/merge"
	"gonghui/app/identity/oidc"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/recent"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/tenant"
)

//go:embed shared/*.sql
var shared embed.FS

// Info is what the host knows of the module.
var Info = module.Info{
	Name:   "identity",
	Title:  module.Text{Zh: "身份", En: "Identity"},
	About:  module.Text{Zh: "账号、登录、会话与邀请", En: "Accounts, sign-in, sessions and invitations"},
	Order:  10,
	Core:   true,
	Shared: shared,
	Capabilities: []module.Capability{
		{Name: "identity.invite", Title: module.Text{Zh: "邀请管理人员", En: "Invite officers"}, Roles: []string{"admin", "system_admin"}, Duty: "system"},
		{Name: "identity.policy", Title: module.Text{Zh: "设置安全策略", En: "Set the security policy"}, Roles: []string{"admin", "security_admin"}, Duty: "security"},
		{Name: "identity.accounts", Title: module.Text{Zh: "管理账号", En: "Look after accounts"}, Roles: []string{"admin", "system_admin"}, Duty: "system"},
		{Name: "identity.clients", Title: module.Text{Zh: "管理应用接入", En: "Connect applications"}, Roles: []string{"admin", "system_admin"}, Duty: "system"},
		{Name: "identity.merge", Title: module.Text{Zh: "合并重复账号", En: "Merge duplicate accounts"}, Roles: []string{"admin", "system_admin"}, Duty: "system"},
	},
	Menu: []module.MenuEntry{
		{Key: "accounts", Path: "/accounts", Icon: "solution", Title: module.Text{Zh: "账号", En: "Accounts"}, Capability: "identity.accounts", Order: 800},
		{Key: "clients", Path: "/clients", Icon: "api", Title: module.Text{Zh: "应用接入", En: "Applications"}, Capability: "identity.clients", Order: 801},
	},
	Columns: []module.Column{
		{Key: "apps", Place: "portal", Title: module.Text{Zh: "授权的应用", En: "My apps"}, Capability: "session", Order: 50},
	},
	Tabs: []module.Tab{
		{Key: "apps", Path: "/me/apps", Icon: "apps", Title: module.Text{Zh: "应用", En: "Apps"}, Capability: "session", Order: 50},
	},
	New: func(h module.Host) (module.Service, error) { return New(h) },
}

func init() { module.Register(Info) }

// Service answers the RPCs of identity.v1.
type Service struct {
	identityv1.UnimplementedIdentityServiceServer
	identityv1.UnimplementedPhoneServiceServer
	identityv1.UnimplementedAccountServiceServer
	identityv1.UnimplementedEntryServiceServer
	identityv1.UnimplementedPlaceServiceServer
	identityv1.UnimplementedDutyServiceServer
	identityv1.UnimplementedSignInServiceServer
	identityv1.UnimplementedPolicyServiceServer
	identityv1.UnimplementedPeopleServiceServer
	identityv1.UnimplementedNoticeServiceServer
	host     module.Host
	q        *db.Queries
	sessions *recent.Cache[tokenDigest, held]
	guard    guard
	codes    codes
	proofs   proofs
	puzzle   factor.Puzzle
	factors  *factor.Service
	sms      sms.Provider
	sso      *oidc.Service
	merges   *merge.Service
}

// New makes the service. A demo system without a gateway for text messages gets an inbox that shows them.
func New(h module.Host) (*Service, error) {
	s := &Service{
		host: h, q: db.New(), sessions: newSessions(h.DB().News),
		guard: guard{h.Redis()}, codes: codes{h.Redis(), h.Keys()}, proofs: proofs{h.Redis(), h.Keys()}, sms: sms.None{},
		puzzle: factor.Puzzle{Redis: h.Redis(), Keys: h.Keys()},
	}
	s.factors = factor.New(h, door{s})
	switch gateway := h.SMS(); {
	case gateway != nil:
		s.sms = gateway
	case h.Demo():
		inbox, err := sms.NewInbox(h.Redis(), h.Demo())
		if err != nil {
			return nil, err
		}
		s.sms = inbox
	}
	sso, err := oidc.New(h, s.q)
	s.sso, s.merges = sso, merge.New(h, s.q, mergePhones{s})
	return s, err
}

// Mount registers the service and the route that redeems a hand-off.
func (s *Service) Mount(r module.Routes) {
	identityv1.RegisterIdentityServiceServer(r, s)
	identityv1.RegisterIdentityServiceHTTPServer(r.HTTP(), s)
	identityv1.RegisterPhoneServiceServer(r, s)
	identityv1.RegisterPhoneServiceHTTPServer(r.HTTP(), s)
	identityv1.RegisterAccountServiceServer(r, s)
	identityv1.RegisterAccountServiceHTTPServer(r.HTTP(), s)
	identityv1.RegisterEntryServiceServer(r, s)
	identityv1.RegisterPlaceServiceServer(r, s)
	identityv1.RegisterPlaceServiceHTTPServer(r.HTTP(), s)
	identityv1.RegisterDutyServiceServer(r, s)
	s.sso.Mount(r)
	s.merges.Mount(r)
	identityv1.RegisterSignInServiceServer(r, s)
	identityv1.RegisterSignInServiceHTTPServer(r.HTTP(), s)
	identityv1.RegisterPolicyServiceServer(r, s)
	identityv1.RegisterPolicyServiceHTTPServer(r.HTTP(), s)
	own := ownFactors{s.factors, s}
	identityv1.RegisterFactorServiceServer(r, own)
	identityv1.RegisterFactorServiceHTTPServer(r.HTTP(), own)
	identityv1.RegisterPeopleServiceServer(r, s)
	identityv1.RegisterNoticeServiceServer(r, s)
	r.Handle("GET", "/handoff", "public", modulev1.Realm_REALM_ANY, module.Answers(s.redeem))
	if inbox, ok := s.sms.(*sms.Inbox); ok {
		devInbox{inbox}.mount(r)
	}
}

// Run clears away what has expired, once an hour, and serves single sign-on.
func (s *Service) Run(ctx context.Context) error {
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { s.sso.Run(ctx) })
	work.Go(func() { s.closeAsDue(ctx) })
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			_ = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
				if _, err := s.q.DeleteExpiredSessions(ctx, tx); err != nil {
					return err
				}
				if err := s.q.DeleteOldSessionEnds(ctx, tx); err != nil {
					return err
				}
				if err := s.q.DeleteOldInvitations(ctx, tx); err != nil {
					return err
				}
				if err := s.merges.Sweep(ctx, tx); err != nil {
					return err
				}
				return s.q.DeleteOldHandoffs(ctx, tx)
			})
		}
	}
}

// closeAsDue closes accounts when their time has come. What fails is tried again in the next round.
func (s *Service) closeAsDue(ctx context.Context) {
	tick := time.NewTicker(closingRound)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.closeDue(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "accounts that are due to be closed", "error", err)
			}
		}
	}
}
