// Package audit keeps the trail of what was done: it seals the rows that [tenant.Audit] writes into chains, finds out whether a
// chain was touched, and shows the trail to whom it concerns.
package audit

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
	"gonghui/tenant/directory"
)

// Info is what the host knows of the module.
var Info = module.Info{
	Name:  "audit",
	Title: module.Text{Zh: "审计", En: "Audit"},
	About: module.Text{Zh: "操作留痕、封存校验与查询", En: "The trail of what was done: sealed, verified, searched"},
	Order: 8,
	Core:  true,
	Capabilities: []module.Capability{
		{
			Name: "audit.read", Title: module.Text{Zh: "查询审计记录", En: "Search the audit trail"},
			Roles: []string{"audit_admin", "supervisor"}, Duty: "audit",
		},
		{
			Name: "audit.verify", Title: module.Text{Zh: "校验审计记录", En: "Verify the audit trail"},
			Roles: []string{"audit_admin", "supervisor"}, Duty: "audit",
		},
		{
			Name: "audit.export", Title: module.Text{Zh: "导出审计记录", En: "Export the audit trail"},
			Roles: []string{"audit_admin"}, Duty: "audit", Sensitive: true,
		},
		{
			Name: "audit.policy", Title: module.Text{Zh: "设定审计记录保存期限", En: "Set how long the audit trail is kept"},
			Roles: []string{"audit_admin"}, Duty: "audit",
		},
	},
	Menu: []module.MenuEntry{
		{Key: "audit", Path: "/audit", Icon: "safety-certificate", Title: module.Text{Zh: "审计", En: "Audit"}, Capability: "audit.read", Order: 90},
	},
	New: func(h module.Host) (module.Service, error) {
		return New(h.DB(), h.Files(), directory.LookupOf(h.DB())), nil
	},
}

func init() { module.Register(Info) }

// Bodies finds a body as a tenant.
type Bodies interface {
	ByCode(ctx context.Context, code string) (*tenant.Tenant, error)
}

// Service answers the RPCs of audit.v1 and, in [Service.Run], seals, verifies and archives.
type Service struct {
	auditv1.UnimplementedAuditServiceServer
	db     *tenant.DB
	files  object.Store
	bodies Bodies
	wake   chan struct{} // a verification waits
}

// New makes the service. files takes what is archived.
func New(db *tenant.DB, files object.Store, bodies Bodies) *Service {
	return &Service{db: db, files: files, bodies: bodies, wake: make(chan struct{}, 1)}
}

// Mount registers the service.
func (s *Service) Mount(r module.Routes) {
	auditv1.RegisterAuditServiceServer(r, s)
	auditv1.RegisterAuditServiceHTTPServer(r.HTTP(), s)
	r.Transfer(http.MethodPost, "/v1/audit/acts:export", "audit.export", modulev1.Realm_REALM_TENANT, 0, s.export)
}

// Run seals, verifies what was asked for, and archives every night, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { s.verifications(ctx) })
	wg.Go(func() { s.nights(ctx) })
	err := NewSealer(s.db).Run(ctx)
	wg.Wait()
	return err
}

// trailOf is the trail that a call is about: the body's own, or the shared one on the supervision host.
func (s *Service) trailOf(ctx context.Context) string {
	if t := tenant.From(ctx); t != nil {
		return t.Code
	}
	return ""
}

// record writes an act that has no transaction of its own, where the caller's trail is.
func (s *Service) record(ctx context.Context, a tenant.Act) error {
	if t := tenant.From(ctx); t != nil && t.Active {
		return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			tenant.Audit(ctx, tx, a)
			return nil
		})
	}
	return s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.AuditPlatform(ctx, tx, a)
		return nil
	})
}

// Refused implements module.Recorder: it records, in a transaction of its own, that an act was refused.
func (s *Service) Refused(ctx context.Context, a tenant.Act) {
	a.Refused = true
	if err := s.record(ctx, a); err != nil {
		slog.ErrorContext(ctx, "audit: a refusal is not recorded", "request", tenant.CallFrom(ctx).Request, "act", a.Act, "object", a.Object, "error", err)
	}
}
