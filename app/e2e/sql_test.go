package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gonghui/tenant"
)

// rightsSQL lists every right that a role has on what is not its own. $1 the role, $2 its schema.
const rightsSQL = `
select 'relation', n.nspname || '.' || c.relname, p.p from pg_class c join pg_namespace n on n.oid = c.relnamespace
	cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
	where n.nspname <> $2 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f')
		and has_table_privilege($1, c.oid, p.p)
union all
select 'column of', n.nspname || '.' || c.relname, p.p from pg_class c join pg_namespace n on n.oid = c.relnamespace
	cross join unnest(array['select', 'insert', 'update', 'references']) p
	where n.nspname <> $2 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f')
		and has_any_column_privilege($1, c.oid, p.p)
union all
select 'sequence', n.nspname || '.' || c.relname, p.p from pg_class c join pg_namespace n on n.oid = c.relnamespace
	cross join unnest(array['usage', 'select', 'update']) p
	where n.nspname <> $2 and n.nspname !~ '^pg_' and c.relkind = 'S' and has_sequence_privilege($1, c.oid, p.p)
union all
select 'schema', n.nspname, p.p from pg_namespace n cross join unnest(array['usage', 'create']) p
	where n.nspname <> $2 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege($1, n.oid, p.p)
union all
select 'schema', $2, 'create' where case when to_regnamespace($2) is not null then has_schema_privilege($1, $2, 'create') end
union all
select 'function', p.oid::regprocedure::text, 'execute' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and p.prosecdef and has_function_privilege($1, p.oid, 'execute')
union all
select 'database', d.datname, p.p from pg_database d cross join unnest(array['create', 'temp']) p
	where d.datname = current_database() and has_database_privilege($1, d.oid, p.p)
union all
select 'member of', r.rolname, 'set role' from pg_roles r where r.rolname <> $1 and pg_has_role($1, r.oid, 'member')
union all
select 'attribute', r.rolname, a.a from pg_roles r, lateral (values ('superuser', rolsuper), ('createrole', rolcreaterole), ('createdb', rolcreatedb),
	('replication', rolreplication), ('bypassrls', rolbypassrls), ('login', rolcanlogin), ('inherit', false)) a (a, has) where r.rolname = $1 and a.has
order by 1, 2, 3`

// open to every tenant: the functions that take the tenant from the role, and the schema they are in.
var openToTenants = []string{
	"function cell.audited(uuid,bytea) execute",
	"function cell.emit(text,uuid,text,text) execute", "function cell.enqueue(text,text) execute",
	"function cell.enqueue_at(text,text,timestamp with time zone) execute", "function cell.figure(text) execute",
	"function cell.recall(uuid,text,bytea) execute", "function cell.remember(uuid,text,bytea,bytea) execute", "schema cell usage",
}

func rights(t *testing.T, conn *pgx.Conn, role, own string) []string {
	t.Helper()
	rows, err := conn.Query(context.Background(), rightsSQL, role, own)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (string, error) {
		var what, name, right string
		err := r.Scan(&what, &name, &right)
		return what + " " + name + " " + right, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What the catalogue says: a tenant's role has rights on its own schema and on nothing else; its login has none at all.
func TestRolesHoldTheirOwnSchemaOnly(t *testing.T) {
	r, codes := thirty(t)
	conn := r.SQL(t)
	cfg := tenant.Config{Prefix: r.Prefix}
	var relations int
	if err := conn.QueryRow(context.Background(), "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'").Scan(&relations); err != nil {
		t.Fatal(err)
	}
	for _, code := range codes {
		role := cfg.Role(code)
		for _, right := range rights(t, conn, role, role) {
			if !slices.Contains(openToTenants, right) {
				t.Errorf("%s holds: %s", role, right)
			}
		}
		// In the own schema: rows, no more; of logs and histories neither change nor removal.
		rows, err := conn.Query(context.Background(), `select c.relname, string_agg(p.p, ' ' order by p.p) from pg_class c
			cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
			where c.relnamespace = to_regnamespace($1) and c.relkind = 'r' and has_table_privilege($1, c.oid, p.p) group by 1`, role)
		if err != nil {
			t.Fatal(err)
		}
		var table, has string
		n := 0
		_, err = pgx.ForEachRow(rows, []any{&table, &has}, func() error {
			want := "delete insert select update"
			if strings.HasSuffix(table, "_log") || strings.HasSuffix(table, "_history") {
				want = "insert select"
			}
			if n++; has != want {
				t.Errorf("%s may %s on its own %s, want %s", role, has, table, want)
			}
			return nil
		})
		if err != nil || n < 5 {
			t.Errorf("%s: %d tables of its own (%v)", role, n, err)
		}
	}
	for bucket := range tenant.Buckets {
		login := cfg.BucketLogin(bucket)
		for _, right := range rights(t, conn, login, "nowhere") {
			name, isMember := strings.CutPrefix(right, "member of "+r.Prefix+"_t_")
			code, _, _ := strings.Cut(name, " ")
			switch {
			case isMember && tenant.Bucket(code) == bucket:
			case right == "attribute "+login+" login", right == "schema cell usage", right == "schema tenant_template usage":
			case strings.HasPrefix(right, "function cell."): // they refuse a role that is no tenant's
			case strings.HasPrefix(right, "relation "+r.Prefix+"_t_"), strings.HasPrefix(right, "column of "+r.Prefix+"_t_"):
				t.Errorf("%s holds without taking a role: %s", login, right)
			default:
				t.Errorf("%s holds: %s", login, right)
			}
		}
	}
	t.Logf("%d roles and %d logins against %d relations", len(codes), tenant.Buckets, relations)
}

func sqlState(err error) string {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code
	}
	return fmt.Sprint(err)
}

// What the server does: through its own login each role tries a sample of what is not its own.
func TestRolesAreRefusedElsewhere(t *testing.T) {
	r, codes := thirty(t)
	rnd := random(t, 3)
	ctx := context.Background()
	admin := r.SQL(t)
	_, ring := r.Doors(t)
	cfg := tenant.Config{DSN: r.PGDSN, Prefix: r.Prefix, Secret: ring.Secret()}
	rows, err := admin.Query(ctx, `select n.nspname, c.relname, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = 1)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`)
	if err != nil {
		t.Fatal(err)
	}
	type relation struct{ Schema, Name, Column string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[relation])
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, code := range codes {
		cc, err := pgx.ParseConfig(cfg.DSN)
		if err != nil {
			t.Fatal(err)
		}
		cc.User = cfg.BucketLogin(tenant.Bucket(code))
		cc.Password = cfg.Password(cc.User)
		cc.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
		conn, err := pgx.ConnectConfig(ctx, cc)
		if err != nil {
			t.Fatal(err)
		}
		refused := func(sql string, states ...string) {
			t.Helper()
			tried++
			if _, err := conn.Exec(ctx, sql); !slices.Contains(states, sqlState(err)) {
				t.Errorf("%s: %s: %v, want it refused", code, sql, err)
			}
		}
		// Before it takes a role the login reads nothing, its own tenants' tables included.
		refused("select id from "+cfg.Role(code)+".member limit 1", "42501")
		for _, other := range codes {
			if tenant.Bucket(other) != tenant.Bucket(code) {
				refused("set role "+cfg.Role(other), "42501")
				refused("select set_config('role', '"+cfg.Role(other)+"', false)", "42501", "22023")
			}
		}
		for _, role := range []string{"postgres", cfg.PlatformLogin(), cfg.ProvisionerLogin(), cfg.Prefix + "_cell", cfg.BucketLogin((tenant.Bucket(code) + 1) % tenant.Buckets)} {
			refused("set role "+role, "42501")
			refused("set session authorization "+role, "42501")
		}
		if _, err := conn.Exec(ctx, "set role "+cfg.Role(code)); err != nil {
			t.Fatalf("%s cannot take its own role: %v", code, err)
		}
		if _, err := conn.Exec(ctx, "select id from member limit 1"); err != nil {
			t.Errorf("%s cannot read its own members: %v", code, err)
		}
		for _, at := range rnd.Perm(len(all)) {
			rel := all[at]
			foreign := strings.HasPrefix(rel.Schema, cfg.Prefix+"_t_")
			if rel.Schema == cfg.Role(code) || foreign && rnd.IntN(12) > 0 {
				continue
			}
			name := pgx.Identifier{rel.Schema, rel.Name}.Sanitize()
			column := pgx.Identifier{rel.Column}.Sanitize()
			for _, sql := range []string{
				"select count(*) from " + name, "insert into " + name + " default values", "update " + name + " set " + column + " = default",
				"delete from " + name, "truncate " + name, "do $$ begin lock table " + name + "; end $$", "copy " + name + " to stdout", "drop table " + name,
				"create index on " + name + " (" + column + ")", "alter table " + name + " add x int", "create view v as select count(*) from " + name,
				"grant select on " + name + " to public", "comment on table " + name + " is 'x'",
			} {
				refused(sql, "42501")
			}
		}
		for _, sql := range []string{
			"create schema x", "create table x (a int)", "create temp table x (a int)", "create role x", "alter role " + cfg.Role(code) + " superuser", "create extension dblink",
			"copy member to program 'true'", "copy member from program 'true'", "select pg_read_file('/etc/passwd')", "select lo_import('/etc/passwd')", "alter system set fsync = off",
			"update audit_log set who = ''", "delete from audit_log", "truncate audit_log", "drop table member", "alter table member disable trigger all",
			"select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'", "create function f() returns int language sql as 'select 1'",
		} {
			refused(sql, "42501")
		}
		conn.Close(ctx)
	}
	t.Logf("%d attempts by %d roles", tried, len(codes))
}
