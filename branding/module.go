// Package branding gives every body its own looks: colour, logo and the name of its app, as design tokens.
package branding

import (
	"embed"

	"gonghui/app/module"
	"gonghui/branding/internal/db"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

//go:embed shared/*.sql
var shared embed.FS

func init() {
	module.Register(module.Info{
		Name:   "branding",
		Title:  module.Text{Zh: "品牌形象", En: "Branding"},
		About:  module.Text{Zh: "本级工会的主题色、标志与应用名称", En: "The union's own colour, logo and name of its app"},
		Order:  30,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "branding.write", Title: module.Text{Zh: "设置主题色与标志", En: "Set colour and logo"}, Roles: []string{"admin"}},
		},
		New: func(host module.Host) (module.Service, error) { return New(host), nil },
	})
}

// Service serves the theme of the host that is asked.
type Service struct {
	brandingv1.UnimplementedBrandingServiceServer
	db    *tenant.DB
	sql   *db.Queries
	demo  bool
	cache *cache
	icons icons
}

// New makes the service.
func New(host module.Host) *Service {
	return &Service{db: host.DB(), sql: db.New(), demo: host.Demo(), cache: newCache()}
}

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	brandingv1.RegisterBrandingServiceServer(r, s)
	brandingv1.RegisterBrandingServiceHTTPServer(r.HTTP(), s)
	s.mountInstall(r)
}
