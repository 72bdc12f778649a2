package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/audit"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// What a restore does to the trail, around a backup of a release before : rows written since stay, a sealed row
// that was lost comes back from the backup, and one that nobody sealed does not.
func TestTrailGoesOnOverARestore(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	ctx := context.Background()
	sealer := audit.NewSealer(env.DB)
	act := func(object string) {
		t.Helper()
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			tenant.Audit(ctx, tx, tenant.Act{Act: "member.update", Kind: "member", Object: object, Before: "as it was", After: "as it is"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sealer.Round(ctx); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(ctx, env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	run := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	schema := env.DB.Config().Role(b.Code)
	in := func(sql string) string { return strings.ReplaceAll(sql, "{schema}", schema) }
	act("1")
	act("2")
	run(in(`create schema {schema}_dump; create table {schema}_dump.audit_log as table {schema}.audit_log;
		insert into {schema}_dump.audit_log (id, who, act, object_kind, object_id, result, before, after, role, anchor, reason, changed, source, request_id, at)
			values (gen_random_uuid(), 'x', 'x', 'x', 'forged', 'ok', '', '', '', '', '', 'null', '', '', now())`))
	act("3")
	run(in("delete from {schema}.audit_log where object_id = '2'"))

	run("begin")
	run(fmt.Sprintf(trailAside, schema))
	run(in(`drop schema {schema} cascade; create schema {schema}; grant usage on schema {schema} to {schema};
		create table {schema}.audit_log as table {schema}_dump.audit_log; drop schema {schema}_dump cascade`))
	run(fmt.Sprintf(trailBack, schema, b.Code))
	run("commit")

	report, err := (&audit.Verifier{DB: env.DB}).Tenant(b.Ctx)
	if err != nil || report.Found != 0 || report.Rows != 3 {
		t.Errorf("%+v %v", report, err)
	}
	if n := env.Count(t, "select count(*) from "+schema+".audit_log"); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
	act("4") // the role may still write
	if report, err = (&audit.Verifier{DB: env.DB}).Tenant(b.Ctx); err != nil || report.Found != 0 || report.Rows != 4 {
		t.Errorf("%+v %v", report, err)
	}
}
