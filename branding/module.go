// Package branding gives every body its own looks: colour, logo and the name of its app, as design tokens.
package branding

import (
	"embed"
	"net/http"
	"os"
	"sync"
	"time"

	"gonghui/app/kit/recent"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/branding/hosts"
	"gonghui/branding/internal/db"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/menu"
)

//go:embed shared/*.sql
var shared embed.FS

func init() {
	module.Register(module.Info{
		Name:   "branding",
		Title:  module.Text{Zh: "品牌形象", En: "Branding"},
		About:  module.Text{Zh: "本级工会应用的名称、标志与配色", En: "Name, logo and colours of the union's app"},
		Order:  9,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "branding.write", Title: module.Text{Zh: "设计并发布本级应用的形象", En: "Design and publish how the union's app looks"}, Roles: []string{"admin", "system_admin"}, Duty: "system"},
			{
				Name: "branding.hosts", Title: module.Text{Zh: "设置网址前缀和自有域名", En: "Set the name and the domains of the union's host"},
				Roles: []string{"admin", "system_admin"}, Duty: "system",
			},
			{Name: "branding.domains", Title: module.Text{Zh: "查看下级的自有域名", En: "See the domains of the unions below"}, Roles: []string{"supervisor"}},
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
	brandingv1.UnimplementedLegalServiceServer
	brandingv1.UnimplementedHostServiceServer
	db           *tenant.DB
	sql          *db.Queries
	keys         module.Keys
	scheme, base string
	demo         bool
	looks        *looks
	menus        *menu.Service
	names        *hosts.Names
	prover       hosts.Prover
	icons        icons
	light        *recent.Cache[logoKey, bool]
	// drawing is held while a picture is unfolded: one at a time bounds the memory.
	drawing sync.Mutex
}

// New makes the service.
func New(host module.Host) *Service {
	return &Service{
		db: host.DB(), sql: db.New(), keys: host.Keys(), scheme: host.Scheme(), base: host.Base(), demo: host.Demo(), looks: newLooks(host.DB()),
		menus: menu.New(host.DB()), names: hosts.NamesOf(host.DB()), prover: proverOf(os.Getenv("GONGHUI_DNS")),
		light: recent.New[logoKey, bool](func() time.Duration { return 24 * time.Hour }, looksKept),
	}
}

// proverOf asks a name server of the operator's choice, "host:port", about domains; "" is the system's own.
func proverOf(server string) hosts.Prover {
	if server == "" {
		return hosts.Prover{}
	}
	return hosts.Prover{Resolver: hosts.At(server)}
}

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	brandingv1.RegisterBrandingServiceServer(r, s)
	brandingv1.RegisterBrandingServiceHTTPServer(r.HTTP(), s)
	brandingv1.RegisterLegalServiceServer(r, s)
	brandingv1.RegisterHostServiceServer(r, s)
	brandingv1.RegisterHostServiceHTTPServer(r.HTTP(), s)
	r.Handle(http.MethodGet, hosts.Path, "public", modulev1.Realm_REALM_TENANT, s.proofFile)
	s.mountInstall(r)
}
