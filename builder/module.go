// Package builder makes a body's own app for every kind of phone out of its looks, publishes it in steps, takes it back, and tells
// those above what is out there.
package builder

import (
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/recent"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	brandingv1 "gonghui/branding/v1"
	"gonghui/builder/icon"
	"gonghui/builder/signer"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/rounds"

	"github.com/google/uuid"
)

//go:embed shared/*.sql
var shared embed.FS

func init() {
	module.Register(module.Info{
		Name:   "builder",
		Title:  module.Text{Zh: "定制应用", En: "Own app"},
		About:  module.Text{Zh: "本级工会自己的手机应用：生成、发布、回退、安装统计", En: "The union's own app: built, published, rolled back, counted"},
		Order:  35,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "builder.read", Title: module.Text{Zh: "查看本级应用", En: "See the union's app"}, Roles: []string{"admin", "system_admin"}},
			{
				Name: "builder.write", Title: module.Text{Zh: "生成并发布本级应用", En: "Build and publish the union's app"},
				Roles: []string{"admin", "system_admin"}, Duty: "system",
			},
			{
				Name: "builder.key", Title: module.Text{Zh: "导出本级应用的签名密钥", En: "Export the signing key of the union's app"},
				Roles: []string{"admin", "system_admin"}, Duty: "system", Sensitive: true,
			},
			{Name: "builder.oversee", Title: module.Text{Zh: "查看下级应用", En: "See the apps of the unions below"}, Roles: []string{"supervisor"}},
			{Name: "builder.rebuild", Title: module.Text{Zh: "统一重新生成下级应用", En: "Rebuild the apps of the unions below"}, Roles: []string{"supervisor"}},
		},
		Menu: []module.MenuEntry{
			{Key: "app", Path: "/app", Icon: "mobile", Title: module.Text{Zh: "应用发布", En: "App publishing"}, Capability: "builder.read", Order: 812},
		},
		New: func(host module.Host) (module.Service, error) { return New(host), nil },
	})
}

const (
	// keptSets bounds the icon sets in memory: about 70 KB each.
	keptSets = 200
	// keptOffers bounds what is kept of what bodies offer: about 1 KB each.
	keptOffers = 20_000
	// keptSeen bounds the devices whose last report is remembered: about 100 bytes each.
	keptSeen = 200_000
	// seenFor is how long a device that says the same again is not written down anew.
	seenFor = time.Hour
)

// Service builds the apps of bodies and offers them.
type Service struct {
	builderv1.UnimplementedAppServiceServer
	builderv1.UnimplementedFleetServiceServer
	host   module.Host
	db     *tenant.DB
	files  object.Store
	signer *signer.Client
	sets   *recent.Cache[string, icon.Set]
	offers *recent.Cache[uuid.UUID, *offer]
	seen   *recent.Cache[string, int32]
	flight singleflight.Group
	// drawing is held while icons are drawn: two at a time bound the memory.
	drawing chan struct{}
	// making is held while a build is under way: as many at a time as there are processors, so that none waits half done.
	making chan struct{}
	wake   chan struct{} // keys were taken out of the pool
	told   sync.Once
}

// New makes the service.
func New(host module.Host) *Service {
	d := host.DB()
	always := func() time.Duration { return seenFor }
	s := &Service{
		host: host, db: d, files: host.Files(), signer: signer.Dial(host.Signer()), drawing: make(chan struct{}, 2), making: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))), wake: make(chan struct{}, 1),
		sets:   recent.New[string, icon.Set](func() time.Duration { return 24 * time.Hour }, keptSets),
		offers: recent.New[uuid.UUID, *offer](d.News.Life, keptOffers),
		seen:   recent.New[string, int32](always, keptSeen),
	}
	d.News.On("app", func(body string) {
		if id, err := uuid.Parse(body); err == nil {
			s.offers.Forget(id)
			return
		}
		s.offers.Clear()
	})
	return s
}

// Mount registers the services and the routes.
func (s *Service) Mount(r module.Routes) {
	builderv1.RegisterAppServiceServer(r, s)
	builderv1.RegisterAppServiceHTTPServer(r.HTTP(), s)
	builderv1.RegisterFleetServiceServer(r, s)
	builderv1.RegisterFleetServiceHTTPServer(r.HTTP(), s)
	tenantRealm := modulev1.Realm_REALM_TENANT
	r.Transfer(http.MethodGet, "/v1/app/builds/{id}/log", "builder.read", tenantRealm, 0, s.stream)
	r.Transfer(http.MethodGet, "/v1/app/builds/{id}/file", "builder.read", tenantRealm, 0, s.file)
	r.Transfer(http.MethodPost, "/v1/app/key:export", "builder.key", tenantRealm, 4096, s.exportKey)
	r.Transfer(http.MethodGet, "/app/android.apk", "public", tenantRealm, 0, s.published(android))
	r.Transfer(http.MethodGet, "/app/ios.mobileconfig", "public", tenantRealm, 0, s.published(webClip))
	r.Handle(http.MethodGet, "/app/update.json", "public", tenantRealm, s.update)
	r.Handle(http.MethodGet, "/.well-known/assetlinks.json", "public", tenantRealm, s.assetLinks)
}

// Jobs implements module.Worker.
func (s *Service) Jobs() map[string]tenant.Job {
	return map[string]tenant.Job{
		buildJob: func(ctx context.Context, args json.RawMessage) error { return s.work(ctx, args) },
		planJob:  func(ctx context.Context, args json.RawMessage) error { return s.plan(ctx, args) },
	}
}

// Run keeps keys made ahead, and clears builds away at night, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { rounds.Nightly(ctx, s.db, "builder prune", pruneHour, s.prune) })
	err := s.keepSpares(ctx)
	wg.Wait()
	return err
}

func (s *Service) branding() brandingv1.BrandingServiceClient {
	return brandingv1.NewBrandingServiceClient(s.host.Conn("branding"))
}

func (s *Service) accounts() identityv1.AccountServiceClient {
	return identityv1.NewAccountServiceClient(s.host.Conn("identity"))
}
