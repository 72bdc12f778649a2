package access

import (
	"context"
	"embed"
	"sync"

	"gonghui/app/module"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
	"gonghui/tenant/directory/scope"
)

//go:embed shared/*.sql
var shared embed.FS

func init() {
	module.Register(module.Info{
		Name:   "access",
		Title:  module.Text{Zh: "权限管理", En: "Access"},
		About:  module.Text{Zh: "角色、授权、群组与权限说明", En: "Roles, grants, groups and why somebody may"},
		Order:  25,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "access.read", Title: module.Text{Zh: "查看角色与授权", En: "See roles and grants"}, Roles: []string{"admin", "system_admin", "security_admin", "audit_admin"}},
			{Name: "access.roles", Title: module.Text{Zh: "维护角色与三员分立", En: "Change roles and the separation of administrators"}, Roles: []string{"admin", "security_admin"}, Duty: "security"},
			{Name: "access.grant", Title: module.Text{Zh: "授予和收回权限", En: "Grant and take back rights"}, Roles: []string{"admin", "security_admin"}, Duty: "security"},
			{Name: "access.explain", Title: module.Text{Zh: "查看他人权限的由来", En: "See why somebody may or may not"}, Roles: []string{"admin", "security_admin", "audit_admin"}},
		},
		Menu: []module.MenuEntry{
			{Key: "access", Path: "/access", Icon: "safety", Title: module.Text{Zh: "权限", En: "Rights"}, Capability: "access.read", Order: 810},
		},
		New: func(h module.Host) (module.Service, error) { return New(h), nil },
	})
}

// Service answers the RPCs of access.v1 and, in [Service.Run], keeps the holders of posts and
// the index of all bodies.
type Service struct {
	accessv1.UnimplementedRoleServiceServer
	accessv1.UnimplementedGrantServiceServer
	accessv1.UnimplementedExplainServiceServer
	accessv1.UnimplementedGroupServiceServer
	host   module.Host
	db     *tenant.DB
	engine *Engine
}

// New makes the service.
func New(h module.Host) *Service { return &Service{host: h, db: h.DB(), engine: EngineOf(h.DB())} }

// Mount registers the services.
func (s *Service) Mount(r module.Routes) {
	accessv1.RegisterRoleServiceServer(r, s)
	accessv1.RegisterRoleServiceHTTPServer(r.HTTP(), s)
	accessv1.RegisterGrantServiceServer(r, s)
	accessv1.RegisterGrantServiceHTTPServer(r.HTTP(), s)
	accessv1.RegisterExplainServiceServer(r, s)
	accessv1.RegisterExplainServiceHTTPServer(r.HTTP(), s)
	accessv1.RegisterGroupServiceServer(r, s)
}

// Run keeps the holders of posts right until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	s.engine.Refresh(ctx) // so that the first who come need not wait for it
	var work sync.WaitGroup
	work.Go(func() { s.engine.Run(ctx) })
	defer work.Wait()
	return s.db.Consume(ctx, holders())
}

// platform runs f in the platform's door, for the body of the host.
func (s *Service) platform(ctx context.Context, f func(context.Context, tenant.DBTX, *tenant.Tenant) error) error {
	t := tenant.From(ctx)
	if t == nil {
		return scope.NotFound("code")
	}
	return s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error { return f(ctx, db, t) })
}
