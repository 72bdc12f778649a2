// Package provision makes bodies into tenants. Its [Provisioner] runs in a process of its own, with the only login that
// may create roles and schemas; a serving process asks for work through [Ask] and waits.
package provision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/migrate"
	"gonghui/tenant/migrations"
)

// Workers is how many bodies are made at a time. Each CREATE INDEX waits for the disk, which two overlap; more only
// disturb the backends that serve, for whom every new relation is an invalidation.
const Workers = 2

// channel wakes the provisioner.
const channel = "gonghui_activation"

// maxTries is how often a body is tried before it is given up as failed.
const maxTries = 5

// Provisioner makes schemas.
type Provisioner struct {
	cfg    tenant.Config
	pool   *pgxpool.Pool
	core   []migrate.Script
	infos  []*module.Info
	script map[string][]migrate.Script
	log    *slog.Logger
}

// Open connects as the provisioner's login.
func Open(ctx context.Context, cfg tenant.Config, infos []*module.Info, log *slog.Logger) (*Provisioner, error) {
	pc, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, err
	}
	pc.ConnConfig.User = cfg.ProvisionerLogin()
	pc.ConnConfig.Password = cfg.Password(pc.ConnConfig.User)
	pc.ConnConfig.RuntimeParams["application_name"] = "gonghui provisioner"
	pc.MaxConns = Workers + 1
	pc.MinConns = 0
	// A backend remembers every relation it has made: it is renewed before that becomes much.
	pc.MaxConnLifetime = 2 * time.Minute
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, err
	}
	p := &Provisioner{cfg: cfg, pool: pool, infos: infos, log: log, script: map[string][]migrate.Script{}}
	if p.core, err = migrate.Scripts(migrations.Tenant, "tenant"); err != nil {
		return nil, err
	}
	for _, info := range infos {
		if p.script[info.Name], err = migrate.Scripts(info.Tenant, "migrate"); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Close ends the connections.
func (p *Provisioner) Close() { p.pool.Close() }

// Preset are the modules that a body has from its activation.
func Preset(infos []*module.Info) []string {
	var names []string
	for _, info := range infos {
		if info.Core || info.Preset {
			names = append(names, info.Name)
		}
	}
	return names
}

// Run works off what is asked for until ctx ends.
func (p *Provisioner) Run(ctx context.Context) error {
	wake := make(chan struct{}, Workers)
	var wg sync.WaitGroup
	for range Workers {
		wg.Go(func() { p.work(ctx, wake) })
	}
	for ctx.Err() == nil {
		if err := p.listen(ctx, wake); err != nil && ctx.Err() == nil {
			p.log.Warn("provisioner listens again", "error", err)
			pause(ctx, time.Second)
		}
	}
	wg.Wait()
	return nil
}

func (p *Provisioner) listen(ctx context.Context, wake chan<- struct{}) error {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "unlisten *")
	for {
		for range Workers {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
		wait, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, err := conn.Conn().WaitForNotification(wait)
		expired := wait.Err() != nil
		cancel()
		if err != nil && (ctx.Err() != nil || !expired) {
			return err
		}
	}
}

func (p *Provisioner) work(ctx context.Context, wake <-chan struct{}) {
	for {
		found, err := p.Next(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.log.Error("activation", "error", err)
			pause(ctx, 300*time.Millisecond)
		case !found:
			select {
			case <-ctx.Done():
				return
			case <-wake:
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// Next makes one body ready and reports whether there was one to make. The row of the request stays locked meanwhile, so
// a crash leaves the request as it was and no two workers meet on one body.
func (p *Provisioner) Next(ctx context.Context) (bool, error) {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	var id uuid.UUID
	found, err := p.next(ctx, conn.Conn(), &id)
	if err == nil || id == uuid.Nil || ctx.Err() != nil {
		return found, err
	}
	_, ferr := conn.Exec(ctx, `update platform.activation set tries = tries + 1, error = left($2, 400), asked_at = now(),
		state = case when tries + 1 >= $3 then 'failed' else 'wanted' end where body_id = $1`, id, err.Error(), maxTries)
	return true, errors.Join(err, ferr)
}

func (p *Provisioner) next(ctx context.Context, conn *pgx.Conn, id *uuid.UUID) (bool, error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	var code, status string
	var modules []string
	err = tx.QueryRow(ctx, `select a.body_id, b.code, b.status, a.modules from platform.activation a join platform.body b on b.id = a.body_id
		where a.state = 'wanted' order by a.asked_at limit 1 for update of a skip locked`).Scan(id, &code, &status, &modules)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	done, err := p.ledger(ctx, tx, code)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, p.plan(*id, code, status != "active", modules, done)); err != nil {
		return false, fmt.Errorf("body %s: %w", code, err)
	}
	return true, tx.Commit(ctx)
}

// ledger returns the versions a tenant stands on, by module.
func (p *Provisioner) ledger(ctx context.Context, tx pgx.Tx, code string) (map[string]int, error) {
	rows, err := tx.Query(ctx, "select module, max(version) from cell.migration where tenant = $1 group by module", code)
	if err != nil {
		return nil, err
	}
	done := map[string]int{}
	var name string
	var version int
	_, err = pgx.ForEachRow(rows, []any{&name, &version}, func() error { done[name] = version; return nil })
	return done, err
}

// plan is all that a body still lacks, as one script. Names come from a checked code and from our own modules.
func (p *Provisioner) plan(id uuid.UUID, code string, fresh bool, modules []string, done map[string]int) string {
	role := p.cfg.Role(code)
	var b strings.Builder
	if _, begun := done["kernel"]; !begun {
		fmt.Fprintf(&b, `do $$ begin
			if not exists (select 1 from pg_roles where rolname = '%[1]s') then create role %[1]s nologin; end if;
		end $$;
		grant %[1]s to %[2]s;
		create schema if not exists %[1]s;
		grant usage on schema %[1]s to %[1]s;
`, role, p.cfg.BucketLogin(tenant.Bucket(code)))
	}
	fmt.Fprintf(&b, "set local search_path = %s;\n", role)
	var ledger []string
	apply := func(name string, scripts []migrate.Script) {
		for _, s := range scripts[min(done[name], len(scripts)):] {
			b.WriteString(s.SQL)
			b.WriteString(";\n")
			b.WriteString(grants(role, s.SQL))
			ledger = append(ledger, fmt.Sprintf("('%s', '%s', %d)", code, name, s.Version))
		}
	}
	apply("kernel", p.core)
	var on []string
	for _, info := range p.infos {
		if slices.Contains(modules, info.Name) {
			apply(info.Name, p.script[info.Name])
			on = append(on, fmt.Sprintf("('%s', '%s', 'on')", id, info.Name))
		}
	}
	b.WriteString("set local search_path = pg_catalog;\n")
	if len(ledger) > 0 {
		fmt.Fprintf(&b, "insert into cell.migration (tenant, module, version) values %s;\n", strings.Join(ledger, ", "))
	}
	if len(on) > 0 {
		fmt.Fprintf(&b, `insert into platform.tenant_module (body_id, module, state) values %s
		on conflict (body_id, module) do nothing;
`, strings.Join(on, ", "))
	}
	if fresh {
		fmt.Fprintf(&b, `update platform.body set status = 'active' where id = '%[1]s';
		insert into platform.body_event (id, body_id, kind, effective_on) values ('%[2]s', '%[1]s', 'activate', (now() at time zone 'Asia/Shanghai')::date);
		insert into cell.outbox (tenant, kind, subject, data, counts) values ('%[3]s', 'directory.activated', '%[1]s', '{}', '{"directory.active": 1}');
`, id, tenant.NewID(), code)
	}
	fmt.Fprintf(&b, "update platform.activation set state = 'done', error = '', done_at = now() where body_id = '%s';\n", id)
	return b.String()
}

var created = regexp.MustCompile(`(?m)^create table ([a-z0-9_]+)`)

// grants gives a role its rights on the tables that a script creates. Logs and histories are written and read, never
// changed: see the names of the tables. They are named one by one because ALL TABLES IN SCHEMA, and any other question to
// pg_class by schema, reads the relations of every tenant there is.
func grants(role, script string) string {
	var all, kept []string
	for _, m := range created.FindAllStringSubmatch(script, -1) {
		if strings.HasSuffix(m[1], "_log") || strings.HasSuffix(m[1], "_history") {
			kept = append(kept, m[1])
		} else {
			all = append(all, m[1])
		}
	}
	sql := ""
	if len(all) > 0 {
		sql += fmt.Sprintf("grant select, insert, update, delete on %s to %s;\n", strings.Join(all, ", "), role)
	}
	if len(kept) > 0 {
		sql += fmt.Sprintf("grant select, insert on %s to %s;\n", strings.Join(kept, ", "), role)
	}
	return sql
}
