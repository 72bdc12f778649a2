// Package rollup counts: what every union body has of its own, and what its subtree has. Events of tenants carry changes of
// figures into the outbox; the [Drainer] adds them up along the primary line; [Recount] compares with the tables.
package rollup

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	rollupv1 "gonghui/tenant/rollup/v1"
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

func (s *Service) nights(ctx context.Context) {
	for {
		now := time.Now()
		at := nextNight(now)
		select {
		case <-ctx.Done():
			return
		case <-time.After(at.Sub(now)):
		}
		if err := s.nightly(ctx, at); err != nil && !errors.Is(err, context.Canceled) {
			slog.ErrorContext(ctx, "recount", "error", err)
		}
	}
}

// nightly recounts in whichever process claims the night first.
func (s *Service) nightly(ctx context.Context, night time.Time) error {
	mine := false
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		tag, err := db.Exec(ctx, `insert into cell.idempotency (tenant, account, key, digest, answer)
			values ('', '00000000-0000-0000-0000-000000000000', $1, '', '') on conflict do nothing`, "recount "+night.Format(time.DateOnly))
		mine = tag.RowsAffected() == 1
		return err
	})
	if err != nil || !mine {
		return err
	}
	report, err := Recount(ctx, s.db, s.bodies, false, nil)
	if err != nil {
		return err
	}
	if report.Wrong > 0 {
		slog.ErrorContext(ctx, "figures differ from the tables", "bodies", report.Bodies, "wrong", report.Wrong, "first", report.First)
	}
	return nil
}

// nextNight is the next 03:00 in Asia/Shanghai.
func nextNight(now time.Time) time.Time {
	local := now.In(shanghai)
	at := time.Date(local.Year(), local.Month(), local.Day(), 3, 0, 0, 0, shanghai)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// shanghai is the zone in which days begin. China has one zone and no summer time.
var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)
