package tenant_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
	"gonghui/tenant/provision"
)

func TestMain(m *testing.M) {
	module.Register(module.Info{Name: "probe", Core: true, Metrics: []module.Metric{{Name: "probe.rows", Count: "select count(*) from audit_log"}}})
	pgtest.Main(m)
}

func code(err error) string {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code
	}
	return ""
}

func TestDoorsDoNotNest(t *testing.T) {
	env := pgtest.Open(t)
	body := env.Body(t, nil)
	nothing := func(context.Context, tenant.DBTX) error { return nil }
	for name, try := range map[string]func() error{
		"no tenant": func() error { return env.DB.Tx(context.Background(), nothing) },
		"tx in tx": func() error {
			return env.DB.Tx(body.Ctx, func(ctx context.Context, _ tenant.DBTX) error { return env.DB.Tx(ctx, nothing) })
		},
		"platform in tx": func() error {
			return env.DB.Tx(body.Ctx, func(ctx context.Context, _ tenant.DBTX) error { return env.DB.Platform(ctx, nothing) })
		},
		"tx in platform": func() error {
			return env.DB.Platform(body.Ctx, func(ctx context.Context, _ tenant.DBTX) error { return env.DB.Tx(ctx, nothing) })
		},
		"read in tx": func() error {
			return env.DB.Tx(body.Ctx, func(ctx context.Context, _ tenant.DBTX) error {
				return env.DB.Read(ctx, func(*pgx.Batch) {})
			})
		},
	} {
		want := tenant.ErrNestedDoor
		if name == "no tenant" {
			want = tenant.ErrNoTenant
		}
		if err := try(); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// Every act on something that is not the tenant's own is refused by the database itself.
func TestDatabaseKeepsTenantsApart(t *testing.T) {
	env := pgtest.Open(t)
	own, other := env.Body(t, nil), env.Body(t, nil)
	cfg := env.DB.Config()
	foreign, mine := cfg.Role(other.Code), cfg.Role(own.Code)
	refused := []string{
		"select id from " + foreign + ".audit_log",
		"insert into " + foreign + ".audit_log (id, who, act, object_kind, object_id) values (gen_random_uuid(), '', '', '', '')",
		"create table " + foreign + ".x (a int)",
		"create table " + mine + ".x (a int)",
		"create temp table audit_log (a int)",
		"create schema evil",
		"drop table audit_log",
		"update audit_log set who = 'nobody'",
		"delete from audit_log",
		"truncate audit_log",
		"select * from platform.body",
		"select * from platform.figure",
		"select * from platform.audit_log",
		"select * from cell.outbox",
		"select * from cell.event_log",
		"select * from cell.idempotency",
		"select * from cell.river_job",
		"insert into cell.outbox (tenant, kind, data, counts) values ('" + other.Code + "', 'x', '{}', '{}')",
		"select * from tenant_template.audit_log",
		"alter role " + mine + " superuser",
		"select pg_read_file('/etc/passwd')",
		"copy audit_log to program 'true'",
		"set session authorization " + cfg.PlatformLogin(),
	}
	for _, sql := range refused {
		err := env.DB.Tx(own.Ctx, func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, sql)
			return err
		})
		if c := code(err); c != "42501" && c != "3F000" && c != "42P01" {
			t.Errorf("%s: %v, want it refused", sql, err)
		}
	}
}

// A context without a role reads nothing either: the logins hold no rights of their own.
func TestLoginsHoldNothing(t *testing.T) {
	env := pgtest.Open(t)
	body := env.Body(t, nil)
	cfg := env.DB.Config()
	cc, err := pgx.ParseConfig(cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	cc.User = cfg.BucketLogin(tenant.Bucket(body.Code))
	cc.Password = cfg.Password(cc.User)
	conn, err := pgx.ConnectConfig(context.Background(), cc)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, sql := range []string{
		"select id from " + cfg.Role(body.Code) + ".audit_log", "select id from audit_log", "select id from platform.body", "select id from cell.outbox",
		"select cell.emit('x', null, '{}', '{}')", "create temp table x (a int)", "set role " + cfg.PlatformLogin(), "set role " + cfg.ProvisionerLogin(),
	} {
		if _, err := conn.Exec(context.Background(), sql); code(err) != "42501" {
			t.Errorf("%s: %v, want 42501", sql, err)
		}
	}
}

// SQL that was injected can change the role only to a tenant of the same bucket, and cannot bring a second statement.
func TestInjectionIsKeptToItsBucket(t *testing.T) {
	env := pgtest.Open(t)
	own := env.Body(t, nil)
	cfg := env.DB.Config()
	near, far := "", ""
	for near == "" || far == "" {
		b := env.Body(t, nil)
		if tenant.Bucket(b.Code) == tenant.Bucket(own.Code) {
			near = b.Code
		} else {
			far = b.Code
		}
		if near == "" && far != "" && len(far) > 0 {
			for i := range 400 { // codes are free: find one of the bucket without making bodies
				c := fmt.Sprintf("near%d", i)
				if tenant.Bucket(c) == tenant.Bucket(own.Code) {
					near = c
					break
				}
			}
		}
	}
	try := func(sql string) error {
		return env.DB.Tx(own.Ctx, func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, sql)
			return err
		})
	}
	for _, role := range []string{cfg.Role(far), cfg.PlatformLogin(), cfg.ProvisionerLogin(), cfg.Prefix + "_cell", "postgres"} {
		err := try("select set_config('role', '" + role + "', true)")
		if c := code(err); c != "42501" && c != "22023" {
			t.Errorf("role %s: %v, want it refused", role, err)
		}
	}
	if err := try("select 1; select set_config('role', 'none', true)"); code(err) != "42601" {
		t.Errorf("two statements in one: %v, want 42601", err)
	}
}

func TestEmitTakesTenantFromRole(t *testing.T) {
	env := pgtest.Open(t)
	own, other := env.Body(t, nil), env.Body(t, nil)
	err := env.DB.Tx(own.Ctx, func(ctx context.Context, db tenant.DBTX) error {
		return tenant.Emit(db, tenant.Event{Kind: "probe.forged", Data: map[string]string{"tenant": other.Code}, Counts: map[string]int64{"probe.rows": 7}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := env.Count(t, "select count(*) from cell.outbox where kind = 'probe.forged' and tenant = $1", own.Code); n != 1 {
		t.Errorf("%d events of the own tenant, want 1", n)
	}
	err = env.DB.Tx(own.Ctx, func(ctx context.Context, db tenant.DBTX) error {
		return tenant.Emit(db, tenant.Event{Kind: "probe.made_up", Counts: map[string]int64{"nobody.declared": 1}})
	})
	if code(err) != "22023" {
		t.Errorf("an undeclared metric: %v, want it refused", err)
	}
	var figure int64
	for _, b := range []*pgtest.Body{own, other} {
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, db tenant.DBTX) error {
			return db.QueryRow(ctx, "select cell.figure('probe.rows')").Scan(&figure)
		})
		want := int64(0)
		if b == own {
			want = 7
		}
		if err != nil || figure != want {
			t.Errorf("figure of %s is %d, want %d (%v)", b.Code, figure, want, err)
		}
	}
}

func TestAFailureLeavesNothing(t *testing.T) {
	env := pgtest.Open(t)
	body := env.Body(t, nil)
	boom := errors.New("boom")
	for name, f := range map[string]func(ctx context.Context, db tenant.DBTX) error{
		"error of the function": func(ctx context.Context, db tenant.DBTX) error {
			tenant.Audit(ctx, db, tenant.Act{Act: "x", Kind: "x", Object: "x"})
			if _, err := db.Exec(ctx, "insert into audit_log (id, who, act, object_kind, object_id) values ($1, '', '', '', '')", tenant.NewID()); err != nil {
				return err
			}
			return boom
		},
		"error in the tail": func(ctx context.Context, db tenant.DBTX) error {
			tenant.Audit(ctx, db, tenant.Act{Act: "x", Kind: "x", Object: "x"})
			db.Later("select 1/0")
			return nil
		},
		"error in the first statement": func(ctx context.Context, db tenant.DBTX) error {
			tenant.Audit(ctx, db, tenant.Act{Act: "x", Kind: "x", Object: "x"})
			_, err := db.Exec(ctx, "select nothing from nowhere")
			return err
		},
		"a failure that was swallowed": func(ctx context.Context, db tenant.DBTX) error {
			_, _ = db.Exec(ctx, "select 1")
			_, _ = db.Exec(ctx, "select 1/0")
			tenant.Audit(ctx, db, tenant.Act{Act: "x", Kind: "x", Object: "x"})
			return nil
		},
	} {
		if err := env.DB.Tx(body.Ctx, f); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := env.Count(t, "select count(*) from "+env.DB.Config().Role(body.Code)+".audit_log"); n != 0 {
			t.Errorf("%s left %d rows", name, n)
		}
	}
	if total, idle := env.DB.Connections(); total == 0 || idle == 0 {
		t.Errorf("%d connections, %d idle: they were not given back", total, idle)
	}
}

func TestRetriesAfterSerialisationFailure(t *testing.T) {
	env := pgtest.Open(t)
	body := env.Body(t, nil)
	runs := 0
	err := env.DB.Tx(body.Ctx, func(ctx context.Context, db tenant.DBTX) error {
		if runs++; runs < 3 {
			_, err := db.Exec(ctx, "do $$ begin raise exception 'again' using errcode = '40001'; end $$")
			return err
		}
		return nil
	})
	if err != nil || runs != 3 {
		t.Errorf("%d runs, error %v; want 3 and none", runs, err)
	}
}

func TestOnce(t *testing.T) {
	env := pgtest.Open(t)
	body, other := env.Body(t, nil), env.Body(t, nil)
	create := func(ctx context.Context, what string) (string, error) {
		reply := &wrapperspb.StringValue{}
		err := env.DB.Tx(ctx, func(ctx context.Context, db tenant.DBTX) error {
			return tenant.Once(ctx, db, wrapperspb.String(what), reply, func() error {
				tenant.Audit(ctx, db, tenant.Act{Act: "create", Kind: "thing", Object: what})
				reply.Value = tenant.NewID().String()
				return nil
			})
		})
		return reply.Value, err
	}
	ctx := tenant.WithCall(body.Ctx, tenant.Call{IdempotencyKey: "k1"})
	var wg sync.WaitGroup
	answers := make([]string, 20)
	for i := range answers {
		wg.Go(func() {
			a, err := create(ctx, "a")
			if err != nil {
				t.Error(err)
			}
			answers[i] = a
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a != answers[0] || a == "" {
			t.Fatalf("answers differ: %v", answers)
		}
	}
	if n := env.Count(t, "select count(*) from "+env.DB.Config().Role(body.Code)+".audit_log where act = 'create'"); n != 1 {
		t.Errorf("made %d times, want once", n)
	}
	if _, err := create(ctx, "b"); err == nil {
		t.Error("the key was taken for another request")
	}
	if a, err := create(tenant.WithCall(other.Ctx, tenant.Call{IdempotencyKey: "k1"}), "a"); err != nil || a == answers[0] {
		t.Errorf("another tenant's key: %q, %v", a, err)
	}
}

// Many callers race for bodies that are not ready: each is made once and all get in.
func TestFirstUseActivates(t *testing.T) {
	env := pgtest.Open(t)
	stop := env.Provision(t)
	defer stop()
	b := env.Registered(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := provision.Ask(context.Background(), env.DB, b.ID, provision.Preset(module.All())); err != nil {
				t.Error(err)
				return
			}
			own := *b.Tenant
			own.Active = true
			err := env.DB.Tx(tenant.With(context.Background(), &own), func(ctx context.Context, db tenant.DBTX) error {
				tenant.Audit(ctx, db, tenant.Act{Act: "first", Kind: "x", Object: "x"})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	role := env.DB.Config().Role(b.Code)
	if n := env.Count(t, "select count(*) from "+role+".audit_log"); n != 50 {
		t.Errorf("%d rows, want 50", n)
	}
	if n := env.Count(t, "select count(*) from platform.body_event where body_id = $1 and kind = 'activate'", b.ID); n != 1 {
		t.Errorf("activated %d times, want once", n)
	}
}

// Affinity: however many run at once, a bucket has at most two backends and the cap holds.
func TestPoolHoldsItsBounds(t *testing.T) {
	env := pgtest.Open(t)
	bodies := make([]*pgtest.Body, 12)
	for i := range bodies {
		bodies[i] = env.Body(t, nil)
	}
	cfg := env.DB.Config()
	cfg.PerBucket, cfg.Connections = 2, 5
	db, err := tenant.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			b := bodies[i%len(bodies)]
			err := db.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
				var role string
				if err := tx.QueryRow(ctx, "select current_user").Scan(&role); err != nil {
					return err
				}
				if !strings.HasSuffix(role, b.Code) {
					return fmt.Errorf("acting as %s for %s", role, b.Code)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if total, _ := db.Connections(); total > 5 {
				t.Errorf("%d connections, want at most 5", total)
			}
		})
	}
	wg.Wait()
	cancelled, cancel := context.WithCancel(bodies[0].Ctx)
	cancel()
	if err := db.Tx(cancelled, func(context.Context, tenant.DBTX) error { return nil }); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}

// A job runs as the tenant that queued it, whatever its arguments say, and again after a failure.
func TestJobsRunAsTheirTenant(t *testing.T) {
	env := pgtest.Open(t)
	own, other := env.Body(t, nil), env.Body(t, nil)
	err := env.DB.Tx(own.Ctx, func(ctx context.Context, db tenant.DBTX) error {
		return tenant.Enqueue(db, "probe", map[string]string{"tenant": other.Code})
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan string, 1)
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() {
		stopped <- env.DB.Work(ctx, slog.New(slog.DiscardHandler), func(_ context.Context, code string) (*tenant.Tenant, error) {
			return map[string]*tenant.Tenant{own.Code: own.Tenant, other.Code: other.Tenant}[code], nil
		}, map[string]tenant.Job{"probe": func(ctx context.Context, _ json.RawMessage) error {
			ran <- tenant.From(ctx).Code
			return env.DB.Tx(ctx, func(ctx context.Context, db tenant.DBTX) error {
				tenant.Audit(ctx, db, tenant.Act{Act: "probe", Kind: "x", Object: "x"})
				return nil
			})
		}})
	}()
	select {
	case code := <-ran:
		if code != own.Code {
			t.Errorf("ran as %s, want %s", code, own.Code)
		}
	case <-time.After(20 * time.Second):
		t.Error("the job did not run")
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if n := env.Count(t, "select count(*) from "+env.DB.Config().Role(own.Code)+".audit_log where act = 'probe'"); n != 1 {
		t.Errorf("%d acts, want 1", n)
	}
}
