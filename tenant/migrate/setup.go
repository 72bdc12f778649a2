package migrate

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/migrations"
)

// Setup brings logins, the schemas platform and cell, the tables in them and the template of a tenant up to date. It
// needs a connection that may create roles and schemas, and may be run again at any time.
func Setup(ctx context.Context, dsn string, cfg tenant.Config, infos []*module.Info) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate: connect: %w", err)
	}
	defer conn.Release()
	s := &setup{ctx: ctx, conn: conn.Conn(), cfg: cfg}
	if _, err := s.conn.Exec(ctx, "select pg_advisory_lock(hashtext('gonghui setup'))"); err != nil {
		return err
	}
	defer s.conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock(hashtext('gonghui setup'))")
	if err := s.logins(); err != nil {
		return err
	}
	if err := s.shared("kernel", migrations.Platform, "platform"); err != nil {
		return err
	}
	river, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "cell"})
	if err != nil {
		return err
	}
	if _, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate: river: %w", err)
	}
	if err := s.shared("cell", migrations.Cell, "cell"); err != nil {
		return err
	}
	for _, info := range infos {
		if err := s.shared(info.Name, info.Shared, "shared"); err != nil {
			return err
		}
	}
	if err := s.metrics(infos); err != nil {
		return err
	}
	if err := s.grants(); err != nil {
		return err
	}
	return s.template(infos)
}

type setup struct {
	ctx  context.Context
	conn *pgx.Conn
	cfg  tenant.Config
}

// run sends one script by the simple protocol: several statements, one transaction.
func (s *setup) run(sql string) error {
	sql = strings.ReplaceAll(sql, "{{prefix}}", s.cfg.Prefix)
	_, err := s.conn.Exec(s.ctx, sql)
	return err
}

func (s *setup) logins() error {
	var b strings.Builder
	b.WriteString(migrations.Schemas)
	role := func(name, attributes string) {
		fmt.Fprintf(&b, `do $$ begin
			if not exists (select 1 from pg_roles where rolname = '%[1]s') then create role %[1]s; end if;
		end $$; alter role %[1]s %[2]s;`, name, attributes)
	}
	var database string
	if err := s.conn.QueryRow(s.ctx, "select current_database()").Scan(&database); err != nil {
		return err
	}
	db := pgx.Identifier{database}.Sanitize()
	secret := func(login string) string { return "login noinherit password '" + s.cfg.Password(login) + "'" }
	role(s.cfg.Prefix+"_cell", "nologin")
	role(s.cfg.PlatformLogin(), secret(s.cfg.PlatformLogin()))
	role(s.cfg.ProvisionerLogin(), secret(s.cfg.ProvisionerLogin())+" createrole")
	for i := range tenant.Buckets {
		login := s.cfg.BucketLogin(i)
		role(login, secret(login))
		fmt.Fprintf(&b, `alter role %s in database %s set search_path = "$user", tenant_template;`, login, db)
	}
	fmt.Fprintf(&b, `
		revoke all on database %[1]s from public;
		grant connect on database %[1]s to %[2]s;
		grant create on database %[1]s to %[3]s;
		revoke all on schema public from public;
		create table if not exists platform.migration (
			module varchar(20) not null, version integer not null, at timestamptz not null default now(), primary key (module, version)
		);`, db, strings.Join(s.allLogins(), ", "), s.cfg.ProvisionerLogin())
	return s.run(b.String())
}

func (s *setup) allLogins() []string {
	all := []string{s.cfg.PlatformLogin(), s.cfg.ProvisionerLogin()}
	for i := range tenant.Buckets {
		all = append(all, s.cfg.BucketLogin(i))
	}
	return all
}

// shared applies the scripts of one module that platform.migration does not know yet, each in its own transaction.
func (s *setup) shared(name string, fsys fs.FS, dir string) error {
	scripts, err := Scripts(fsys, dir)
	if err != nil {
		return err
	}
	var done int
	if err := s.conn.QueryRow(s.ctx, "select coalesce(max(version), 0) from platform.migration where module = $1", name).Scan(&done); err != nil {
		return err
	}
	for _, script := range scripts[min(done, len(scripts)):] {
		sql := fmt.Sprintf("begin; %s; insert into platform.migration (module, version) values ('%s', %d); commit",
			script.SQL, name, script.Version)
		if err := s.run(sql); err != nil {
			_ = s.run("rollback")
			return fmt.Errorf("migrate: %s %04d_%s: %w", name, script.Version, script.Name, err)
		}
	}
	return nil
}

func (s *setup) metrics(infos []*module.Info) error {
	batch := &pgx.Batch{}
	for _, info := range infos {
		for _, m := range info.Metrics {
			batch.Queue("insert into platform.metric (name, module) values ($1, $2) on conflict (name) do update set module = excluded.module", m.Name, info.Name)
		}
	}
	return s.conn.SendBatch(s.ctx, batch).Close()
}

// grants gives each login what it needs and no more. Logs are written and read, never changed.
func (s *setup) grants() error {
	return s.run(`
		grant usage on schema platform, cell to {{prefix}}_platform, {{prefix}}_cell, {{prefix}}_provisioner;
		grant usage on schema cell to public;
		grant select, insert, update, delete on all tables in schema platform to {{prefix}}_platform;
		grant select, insert, update, delete on all tables in schema cell to {{prefix}}_platform;
		grant usage, select on all sequences in schema cell to {{prefix}}_platform, {{prefix}}_cell;
		revoke update, delete on platform.audit_log, platform.body_event, platform.migration, cell.migration,
			platform.audit_head, platform.audit_archive, cell.audit_seal from {{prefix}}_platform;
		revoke update on cell.audit_pending from {{prefix}}_platform;
		grant select on platform.metric, platform.figure, platform.body to {{prefix}}_cell;
		grant select, insert on cell.outbox, cell.idempotency, cell.river_job to {{prefix}}_cell;
		grant insert on cell.audit_pending to {{prefix}}_cell;
		grant select on platform.body, platform.tenant_module, platform.activation to {{prefix}}_provisioner;
		grant update on platform.body, platform.activation to {{prefix}}_provisioner;
		grant insert, update on platform.tenant_module to {{prefix}}_provisioner;
		grant insert on platform.body_event, cell.outbox to {{prefix}}_provisioner;
		grant select, insert, delete on cell.migration to {{prefix}}_provisioner;
		grant select on platform.audit_archive to {{prefix}}_provisioner;
		grant select, delete on platform.audit_log, platform.audit_head, cell.audit_seal to {{prefix}}_provisioner;
		alter schema tenant_template owner to {{prefix}}_provisioner;
		grant usage on schema tenant_template to ` + strings.Join(s.allLogins(), ", "))
}

// template keeps an empty copy of every tenant table, without rights, so that statements can be prepared on a connection
// before it has taken a tenant's role.
func (s *setup) template(infos []*module.Info) error {
	apply := func(name string, scripts []Script) error {
		var done int
		if err := s.conn.QueryRow(s.ctx, "select coalesce(max(version), 0) from cell.migration where tenant = '' and module = $1", name).Scan(&done); err != nil {
			return err
		}
		for _, script := range scripts[min(done, len(scripts)):] {
			sql := fmt.Sprintf("begin; set local role {{prefix}}_provisioner; set local search_path = tenant_template; %s; "+
				"insert into cell.migration (tenant, module, version) values ('', '%s', %d); commit", script.SQL, name, script.Version)
			if err := s.run(sql); err != nil {
				_ = s.run("rollback")
				return fmt.Errorf("migrate: template %s %04d_%s: %w", name, script.Version, script.Name, err)
			}
		}
		return nil
	}
	core, err := Scripts(migrations.Tenant, "tenant")
	if err != nil {
		return err
	}
	if err := apply("kernel", core); err != nil {
		return err
	}
	for _, info := range infos {
		scripts, err := Scripts(info.Tenant, "migrate")
		if err != nil {
			return err
		}
		if err := apply(info.Name, scripts); err != nil {
			return err
		}
	}
	return nil
}
