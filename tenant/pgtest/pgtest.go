// Package pgtest gives tests real tenants: a private Postgres server, a database of their own a package, bodies made by
// the real provisioner.
package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	"gonghui/deploy/local"
	"gonghui/tenant"
	"gonghui/tenant/migrate"
	"gonghui/tenant/provision"
)

// Env is one database with the product's tables in it.
type Env struct {
	DB     *tenant.DB
	Keys   *crypt.Ring
	Admin  string // DSN of a superuser
	prov   *provision.Provisioner
	mu     sync.Mutex
	serial int
}

var (
	once   sync.Once
	shared *Env
	failed error
	stop   []func()
)

// Main runs a package's tests and takes the servers down after them: call it from TestMain. It fails when an act was recorded without
// the digests that belong to it.
func Main(m *testing.M) {
	code := m.Run()
	if shared != nil && code == 0 {
		wrong, err := Unstated(context.Background(), shared.Admin)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		for _, w := range wrong {
			fmt.Fprintln(os.Stderr, "pgtest: recorded wrongly:", w)
			code = 1
		}
	}
	end(code)
}

// Tampering is Main for tests that write trails by hand.
func Tampering(m *testing.M) { end(m.Run()) }

func end(code int) {
	for i := len(stop) - 1; i >= 0; i-- {
		stop[i]()
	}
	os.Exit(code)
}

// Open returns the package's database with the tables of every registered module, made on first use.
func Open(t testing.TB) *Env {
	t.Helper()
	once.Do(func() { shared, failed = open() })
	if failed != nil {
		t.Fatalf("pgtest: %v", failed)
	}
	return shared
}

// Server returns the DSN of a superuser on a server for tests: that of GONGHUI_TEST_PG_DSN, or a private one.
func Server() (string, error) {
	if dsn := os.Getenv("GONGHUI_TEST_PG_DSN"); dsn != "" {
		return dsn, nil
	}
	dir, err := os.MkdirTemp("", "gonghui-test-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	stack, err := local.StartTest(context.Background(), dir)
	if err != nil {
		return "", err
	}
	stop = append(stop, func() {
		_ = stack.Stop(context.Background())
		_ = os.RemoveAll(dir)
	})
	ownRedis = stack.RedisURL
	return stack.PGDSN, nil
}

// ownRedis is the address of the Redis that was started beside a private Postgres.
var ownRedis string

// Redis returns a client of a Redis server for tests, closed with the test: that of GONGHUI_TEST_REDIS_URL, or a private one.
// Other tests may use the same server.
func Redis(t testing.TB) redis.UniversalClient {
	t.Helper()
	Open(t)
	address := os.Getenv("GONGHUI_TEST_REDIS_URL")
	if address == "" {
		address = ownRedis
	}
	if address == "" {
		t.Fatal("pgtest: GONGHUI_TEST_PG_DSN is set, GONGHUI_TEST_REDIS_URL is not")
	}
	opt, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opt)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func open() (*Env, error) {
	ctx := context.Background()
	server, err := Server()
	if err != nil {
		return nil, err
	}
	var raw [4]byte
	_, _ = rand.Read(raw[:])
	name := "x" + hex.EncodeToString(raw[:])
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return nil, err
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "create database "+name); err != nil {
		return nil, err
	}
	cc, err := pgx.ParseConfig(server)
	if err != nil {
		return nil, err
	}
	dsn := strings.Replace(server, "/"+cc.Database, "/"+name, 1)
	cfg := tenant.Config{DSN: dsn, Prefix: name, Secret: []byte("secret of a test")}
	if err := migrate.Setup(ctx, dsn, cfg, module.All()); err != nil {
		return nil, err
	}
	ring, err := crypt.Create(filepath.Join(os.TempDir(), name+".key"))
	if err != nil {
		return nil, err
	}
	stop = append(stop, func() { _ = os.Remove(filepath.Join(os.TempDir(), name+".key")) })
	db, err := tenant.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	prov, err := provision.Open(ctx, cfg, module.All(), slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return nil, err
	}
	stop = append(stop, prov.Close, db.Close)
	return &Env{DB: db, Keys: ring, Admin: dsn, prov: prov}, nil
}

// Body is a body of a test, with a context in which one of its administrators acts.
type Body struct {
	*tenant.Tenant
	Ctx context.Context
}

// Registered founds a body that has no schema yet.
func (e *Env) Registered(t testing.TB) *Body {
	t.Helper()
	return e.found(t, nil, nil)
}

// RegisteredUnder is Registered for a body below the parent.
func (e *Env) RegisteredUnder(t testing.TB, parent *Body) *Body {
	t.Helper()
	return e.found(t, parent, nil)
}

// Modules are the names of every registered module.
func (e *Env) Modules() (names []string) {
	for _, info := range module.All() {
		names = append(names, info.Name)
	}
	return names
}

// Provision runs a provisioner until the returned function is called.
func (e *Env) Provision(t testing.TB) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := e.prov.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return func() { cancel(); <-done }
}

// Body founds a county body under the parent (nil for none) and makes it active with every registered module.
func (e *Env) Body(t testing.TB, parent *Body) *Body {
	t.Helper()
	b := e.found(t, parent, e.Modules())
	for !b.Active {
		if _, err := e.prov.Next(context.Background()); err != nil {
			t.Fatalf("pgtest: body: %v", err)
		}
		err := e.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
			return db.QueryRow(ctx, "select status = 'active' from platform.body where id = $1", b.ID).Scan(&b.Active)
		})
		if err != nil {
			t.Fatalf("pgtest: body: %v", err)
		}
	}
	return b
}

// found writes the directory's rows, and asks for the modules if there are any.
func (e *Env) found(t testing.TB, parent *Body, modules []string) *Body {
	t.Helper()
	e.mu.Lock()
	e.serial++
	code := fmt.Sprintf("z%05d", e.serial)
	e.mu.Unlock()
	ctx := context.Background()
	b := &tenant.Tenant{ID: tenant.NewID(), Code: code, Name: "测试工会" + code, Level: "county", On: map[string]bool{}}
	for _, name := range modules {
		b.On[name] = true
	}
	err := e.DB.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if _, err := db.Exec(ctx, `insert into platform.body (id, code, name, level, kind, primary_line) values ($1, $2, $3, 'county', 'territorial_union', 'territorial')`, b.ID, b.Code, b.Name); err != nil {
			return err
		}
		for _, line := range []string{"primary", "territorial"} {
			db.Later("insert into platform.closure values ($1, $2, $2, 0)", line, b.ID)
			if parent != nil {
				db.Later(`insert into platform.closure select line, ancestor_id, $3, depth + 1 from platform.closure
					where line = $1 and descendant_id = $2`, line, parent.ID, b.ID)
			}
		}
		db.Later("update platform.directory_version set version = version + 1")
		if parent != nil {
			db.Later("insert into platform.body_parent values ($1, 'territorial', $2)", b.ID, parent.ID)
		}
		if modules == nil {
			return nil
		}
		return provision.Want(ctx, db, b.ID, modules)
	})
	if err != nil {
		t.Fatalf("pgtest: body: %v", err)
	}
	return &Body{b, As(tenant.With(ctx, b), b, "admin")}
}

// As returns a context in which somebody with the role acts in the body.
func As(ctx context.Context, b *tenant.Tenant, role string) context.Context {
	return tenant.WithSubject(ctx, &tenant.Subject{
		Account: tenant.NewID(), Person: tenant.NewID(), Identity: tenant.NewID(), Session: tenant.NewID(),
		Name: "测试员", Role: role, Body: b.ID, BodyCode: b.Code, Ref: uuid.Nil,
	})
}

// Count runs a query for one number with the superuser: the truth, without product code.
func (e *Env) Count(t testing.TB, sql string, args ...any) int64 {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), e.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var n int64
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
