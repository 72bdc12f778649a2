// Package rollup counts: what every union body has of its own, and what its subtree has. Events of tenants carry changes of
// figures into the outbox; the [Drainer] adds them up along the primary line; [Recount] compares with the tables.
package rollup

import (
	"context"
	"log/slog"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	rollupv1 "gonghui/tenant/rollup/v1"
	"gonghui/tenant/rounds"
)

// Info is what the host knows of the module.
var Info = module.Info{
	Name:  "rollup",
	Title: module.Text{Zh: "数据汇总", En: "Roll-up"},
	About: module.Text{Zh: "各级工会的数据自下而上逐级汇总", En: "Figures of all bodies, added up from the grassroots to the nation"},
	Order: 6,
	Core:  true,
	Capabilities: []module.Capability{
		{
			Name: "rollup.read", Title: module.Text{Zh: "查看汇总数据", En: "See figures"},
			Roles: []string{"admin", "officer", "supervisor"},
		},
	},
	Columns: []module.Column{
		{Key: "figures", Place: "home", Title: module.Text{Zh: "本单位数据", En: "Figures of this union"}, Capability: "rollup.read", Order: 10},
		{Key: "figures", Place: "portal", Title: module.Text{Zh: "本单位数据", En: "Figures of this union"}, Capability: "rollup.read", Order: 40},
	},
	New: func(h module.Host) (module.Service, error) {
		return NewService(h.DB(), directory.LookupOf(h.DB())), nil
	},
}

func init() { module.Register(Info) }

// Bodies finds a body as a tenant.
type Bodies interface {
	ByCode(ctx context.Context, code string) (*tenant.Tenant, error)
}

// Service answers the RPCs of rollup.v1 and, in [Service.Run], does the work behind them.
type Service struct {
	rollupv1.UnimplementedRollupServiceServer
	db     *tenant.DB
	bodies Bodies
}

// NewService makes the service.
func NewService(db *tenant.DB, bodies Bodies) *Service { return &Service{db: db, bodies: bodies} }

// Mount registers the service.
func (s *Service) Mount(r module.Routes) {
	rollupv1.RegisterRollupServiceServer(r, s)
	rollupv1.RegisterRollupServiceHTTPServer(r.HTTP(), s)
}

// Run drains the outbox until ctx ends, and recounts every night at 03:00 in Asia/Shanghai.
func (s *Service) Run(ctx context.Context) error {
	nights := make(chan struct{})
	go func() {
		defer close(nights)
		s.nights(ctx)
	}()
	err := NewDrainer(s.db).Run(ctx)
	<-nights
	return err
}

// nights recounts every night in one of the processes.
func (s *Service) nights(ctx context.Context) {
	rounds.Nightly(ctx, s.db, "recount", 3, s.nightly)
}

func (s *Service) nightly(ctx context.Context) error {
	report, err := Recount(ctx, s.db, s.bodies, false, nil)
	if err != nil {
		return err
	}
	if report.Wrong > 0 {
		slog.ErrorContext(ctx, "figures differ from the tables", "bodies", report.Bodies, "wrong", report.Wrong, "first", report.First)
	}
	return nil
}
