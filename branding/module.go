// Package branding gives every body its own looks: colour, logo and the name of its app, as design tokens.
package branding

import (
	"embed"
	"sync"

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
		About:  module.Text{Zh: "本级工会应用的名称、标志与配色", En: "Name, logo and colours of the union's app"},
		Order:  30,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "branding.write", Title: module.Text{Zh: "设计并发布本级应用的形象", En: "Design and publish how the union's app looks"}, Roles: []string{"admin"}},
		},
		Menu: []module.MenuEntry{
			{Key: "branding", Path: "/branding", Icon: "design", Title: module.Text{Zh: "应用设计", En: "App design"}, Capability: "branding.write", Order: 810},
		},
		New: func(host module.Host) (module.Service, error) { return New(host), nil },
	})
}

// Service serves the looks of the host that is asked, and lets a body design its own.
type Service struct {
	brandingv1.UnimplementedBrandingServiceServer
	db           *tenant.DB
	sql          *db.Queries
	keys         module.Keys
	scheme, base string
	demo         bool
	looks        *looks
	icons        icons
	// drawing is held while a picture is unfolded: one at a time bounds the memory.
	drawing sync.Mutex
}

// New makes the service.
func New(host module.Host) *Service {
	return &Service{
		db: host.DB(), sql: db.New(), keys: host.Keys(), scheme: host.Scheme(), base: host.Base(), demo: host.Demo(), looks: newLooks(host.DB()),
	}
}

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	brandingv1.RegisterBrandingServiceServer(r, s)
	brandingv1.RegisterBrandingServiceHTTPServer(r.HTTP(), s)
	s.mountInstall(r)
}
