package builder

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
)

// offeredSQL is the release of a body's package that counts from above: the one for all; that for a share where there is no other.
const offeredSQL = `from platform.app_release r join platform.app_build b on b.id = r.build_id
	where r.body_id = a.body_id and r.channel = 'android' and r.ended_at is null order by r.share = 100 desc, r.id desc limit 1`

// carried is the shell that a body's package carries.
const carried = `(select b.shell ` + offeredSQL + `)`

var fleetSQL = `select a.body_id, d.code, d.name, a.application_id, coalesce(` + carried + ` <> $1, false)
	from platform.app a join platform.body d on d.id = a.body_id
	where ` + scope.Inside("a.body_id", "$2::uuid") + ` and d.code > $3 and ($4 = '' or d.code like $5 or d.name like '%' || $5)
		and (not $6 or ` + carried + ` <> $1)
	order by d.code limit $7`

// shownVersions is how many versions of an app's installs a row has.
const shownVersions = 5

// ListApps pages through the apps below the caller, by code.
func (s *Service) ListApps(ctx context.Context, req *builderv1.ListFleetAppsRequest) (*builderv1.ListFleetAppsReply, error) {
	search, err := field.Line("search", req.Search)
	if err != nil {
		return nil, err
	}
	after := ""
	if _, err := page.Parse(req.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(search) + "%"
	reply := &builderv1.ListFleetAppsReply{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		rows, err := db.Query(ctx, fleetSQL, shellVersion(), scope.Of(ctx).Anchor, after, search, like, req.Outdated, size+1)
		if err != nil {
			return err
		}
		type row struct {
			id  uuid.UUID
			app *builderv1.FleetApp
		}
		found, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (row, error) {
			out := row{app: &builderv1.FleetApp{}}
			return out, r.Scan(&out.id, &out.app.BodyCode, &out.app.BodyName, &out.app.ApplicationId, &out.app.Outdated)
		})
		if err != nil {
			return err
		}
		found, reply.NextPageToken = page.Cut(found, size, func(r row) any { return r.app.BodyCode })
		by, ids := map[uuid.UUID]*builderv1.FleetApp{}, make([]uuid.UUID, len(found))
		reply.Apps = nil
		for n, r := range found {
			by[r.id], ids[n] = r.app, r.id
			reply.Apps = append(reply.Apps, r.app)
		}
		return fill(ctx, db, ids, by)
	})
	return reply, err
}

// fill adds to apps what is published and installed.
func fill(ctx context.Context, db tenant.DBTX, ids []uuid.UUID, by map[uuid.UUID]*builderv1.FleetApp) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := db.Query(ctx, `select r.body_id, r.channel, b.version_code, b.version_name, r.share, r.published_at
		from platform.app_release r join platform.app_build b on b.id = r.build_id where r.body_id = any($1) and r.ended_at is null order by r.body_id, r.channel, r.id desc`, ids)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var at time.Time
	c := builderv1.FleetChannel{}
	_, err = pgx.ForEachRow(rows, []any{&id, &c.Channel, &c.VersionCode, &c.VersionName, &c.Share, &at}, func() error {
		by[id].Channels = append(by[id].Channels, &builderv1.FleetChannel{
			Channel: c.Channel, VersionCode: c.VersionCode, VersionName: c.VersionName, Share: c.Share, PublishedAt: timestamppb.New(at),
		})
		return nil
	})
	if err != nil {
		return err
	}
	rows, err = db.Query(ctx, `select n.body_id, n.channel, n.version_code, n.devices, n.active, n.seen, n.place from (
			select i.body_id, i.channel, i.version_code, count(*) as devices, count(*) filter (where i.last_seen_at > now() - $2::interval) as active,
				max(i.last_seen_at) as seen, row_number() over (partition by i.body_id order by i.version_code desc) as place
			from platform.app_install i where i.body_id = any($1) group by i.body_id, i.channel, i.version_code
		) n order by n.body_id, n.place`, ids, activeFor)
	if err != nil {
		return err
	}
	i := builderv1.AppInstalls{}
	place := 0
	_, err = pgx.ForEachRow(rows, []any{&id, &i.Channel, &i.VersionCode, &i.Devices, &i.Active, &at, &place}, func() error {
		app := by[id]
		if app.Devices += i.Devices; place <= shownVersions {
			app.Installs = append(app.Installs, &builderv1.AppInstalls{
				Channel: i.Channel, VersionCode: i.VersionCode, VersionName: versionName(i.VersionCode), Devices: i.Devices, Active: i.Active, LastSeenAt: timestamppb.New(at),
			})
		}
		return nil
	})
	return err
}
