// Package identity knows who is there: persons, their accounts and identities, sessions and invitations. All of it stands
// above tenants, in schema platform.
package identity

import (
	"context"
	"embed"
	"time"

	"gonghui/app/identity/internal/db"
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
		{Name: "identity.invite", Title: module.Text{Zh: "邀请管理人员", En: "Invite officers"}, Roles: []string{"admin"}},
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
	host     module.Host
	q        *db.Queries
	sessions *recent.Cache[tokenDigest, held]
	guard    guard
	codes    codes
	proofs   proofs
	sms      sms.Provider
}

// New makes the service. A demo system without a gateway for text messages gets an inbox that shows them.
func New(h module.Host) (*Service, error) {
	s := &Service{
		host: h, q: db.New(), sessions: newSessions(h.DB().News),
		guard: guard{h.Redis()}, codes: codes{h.Redis(), h.Keys()}, proofs: proofs{h.Redis(), h.Keys()}, sms: sms.None{},
	}
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
	return s, nil
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
	r.Handle("GET", "/handoff", "public", modulev1.Realm_REALM_ANY, s.redeem)
	if inbox, ok := s.sms.(*sms.Inbox); ok {
		devInbox{inbox}.mount(r)
	}
}

// Run clears away what has expired, once an hour.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			_ = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
				if _, err := s.q.DeleteExpiredSessions(ctx, tx, idle); err != nil {
					return err
				}
				if err := s.q.DeleteOldInvitations(ctx, tx); err != nil {
					return err
				}
				return s.q.DeleteOldHandoffs(ctx, tx)
			})
		}
	}
}
