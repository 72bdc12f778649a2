package provision

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/migrate"
	"gonghui/tenant/migrations"
)

// Board says how many bodies stand where.
type Board struct {
	Bodies   int       `json:"bodies"`
	Active   int       `json:"active"`
	Waiting  int       `json:"waiting"`
	Failed   int       `json:"failed"`
	Behind   int       `json:"behind"`
	Failures []Failure `json:"failures,omitempty"`
}

// Failure is a body that could not be made ready.
type Failure struct {
	Code  string `json:"code"`
	Error string `json:"error"`
}

// behind selects active bodies that lack a version of a module they have on. latest is a values list (module, version).
const behind = `select b.id from platform.body b
	join (values %s) latest (module, version) on true
	left join platform.tenant_module on_module on on_module.body_id = b.id and on_module.module = latest.module
	where b.status = 'active' and (latest.module = 'kernel' or on_module.body_id is not null)
		and not exists (select 1 from cell.migration m where m.tenant = b.code and m.module = latest.module and m.version >= latest.version)
	group by b.id`

func behindSQL(infos []*module.Info) (string, error) {
	core, err := migrate.Scripts(migrations.Tenant, "tenant")
	if err != nil {
		return "", err
	}
	latest := []string{fmt.Sprintf("('kernel', %d)", len(core))}
	for _, info := range infos {
		scripts, err := migrate.Scripts(info.Tenant, "migrate")
		if err != nil {
			return "", err
		}
		if len(scripts) > 0 {
			latest = append(latest, fmt.Sprintf("('%s', %d)", info.Name, len(scripts)))
		}
	}
	return fmt.Sprintf(behind, strings.Join(latest, ", ")), nil
}

// Status reads the board.
func Status(ctx context.Context, db *tenant.DB, infos []*module.Info) (Board, error) {
	late, err := behindSQL(infos)
	if err != nil {
		return Board{}, err
	}
	var b Board
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		err := tx.QueryRow(ctx, `select (select count(*) from platform.body), (select count(*) from platform.body where status = 'active'),
			(select count(*) from platform.activation where state = 'wanted'), (select count(*) from platform.activation where state = 'failed'),
			(select count(*) from (`+late+`) late)`).Scan(&b.Bodies, &b.Active, &b.Waiting, &b.Failed, &b.Behind)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `select b.code, a.error from platform.activation a join platform.body b on b.id = a.body_id
			where a.state = 'failed' order by b.code limit 20`)
		if err != nil {
			return err
		}
		b.Failures, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Failure])
		return err
	})
	return b, err
}

// Behind asks the provisioner for every active body that lacks a migration, and returns how many those are.
func Behind(ctx context.Context, db *tenant.DB, infos []*module.Info) (int, error) {
	late, err := behindSQL(infos)
	if err != nil {
		return 0, err
	}
	n := 0
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tag, err := tx.Exec(ctx, `insert into platform.activation as a (body_id, modules) select id, $1 from (`+late+`) late
			on conflict (body_id) do update set state = 'wanted', tries = 0, error = ''`, Preset(infos))
		n = int(tag.RowsAffected())
		tx.Later("select pg_notify('" + channel + "', '')")
		return err
	})
	return n, err
}
