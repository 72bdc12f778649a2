package tenant

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"gonghui/app/kit/chain"
)

// Config names a database and the secret from which the passwords of its logins come.
type Config struct {
	DSN    string // host, port and database; user and password are replaced
	Prefix string // before every role, login and tenant schema: roles are shared by all databases of a cluster
	Secret []byte
	// Connections of tenants: at most PerBucket of a bucket, at most Connections in all. 2 and 48 when 0.
	PerBucket   int
	Connections int
}

// Buckets is the number of logins over which tenant roles are spread. A backend's first SET ROLE takes PostgreSQL 15 time
// quadratic in the roles granted to its login (0.6 ms at 100 roles, 10.7 at 1,000), which asks for many logins; a
// connection of every bucket must fit under Config.Connections, or backends would be made and closed all the time, which
// asks for fewer.
const Buckets = 40

// maxConnAge bounds what a backend keeps for the tenants it has touched, about 260 KiB each.
const maxConnAge = 20 * time.Minute

// attempts is how often a transaction is run in all when the database could not serialise it.
const attempts = 4

// DB is the only way to SQL.
type DB struct {
	cfg      Config
	trail    chain.Key
	tenants  *pool
	platform *pgxpool.Pool
	// Activate makes the schema of a body that has none yet; it returns when the schema stands. Set by the host.
	Activate func(ctx context.Context, t *Tenant) error
	// News tells what changes above the tenants.
	News *News
}

// Open connects lazily: nothing is dialled before the first transaction.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.PerBucket == 0 {
		cfg.PerBucket = 2
	}
	if cfg.Connections == 0 {
		cfg.Connections = 48
	}
	pc, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, fmt.Errorf("tenant: dsn: %w", err)
	}
	pc.ConnConfig.User = cfg.PlatformLogin()
	pc.ConnConfig.Password = cfg.Password(pc.ConnConfig.User)
	pc.ConnConfig.RuntimeParams["application_name"] = "gonghui platform"
	pc.MaxConns = 12
	pc.MinConns = 0
	pc.MaxConnLifetime = maxConnAge
	platform, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, err
	}
	db := &DB{cfg: cfg, trail: chain.Derive(cfg.Secret), platform: platform}
	db.News = &News{db: db}
	db.tenants = newPool(Buckets, cfg.PerBucket, cfg.Connections, maxConnAge, func(ctx context.Context, bucket int) (*pgx.Conn, error) {
		return db.dial(ctx, cfg.BucketLogin(bucket), "gonghui tenants")
	})
	return db, nil
}

// dial opens a connection as one of the logins.
func (db *DB) dial(ctx context.Context, login, application string) (*pgx.Conn, error) {
	cc := db.platform.Config().ConnConfig.Copy()
	cc.User = login
	cc.Password = db.cfg.Password(login)
	cc.RuntimeParams["application_name"] = application
	return pgx.ConnectConfig(ctx, cc)
}

// Close ends all connections.
func (db *DB) Close() {
	db.tenants.close()
	db.platform.Close()
}

// Config returns what the DB was opened with.
func (db *DB) Config() Config { return db.cfg }

// Trail is the key of the audit trails.
func (db *DB) Trail() chain.Key { return db.trail }

// Connections returns how many tenant connections exist and how many are idle.
func (db *DB) Connections() (total, idle int) { return db.tenants.counts() }

// Role is the role, and the schema, of a tenant.
func (c Config) Role(code string) string { return c.Prefix + "_t_" + code }

// BucketLogin is the login that may act for the tenants of a bucket.
func (c Config) BucketLogin(bucket int) string { return fmt.Sprintf("%s_b%02d", c.Prefix, bucket) }

// PlatformLogin is the login of the platform's door.
func (c Config) PlatformLogin() string { return c.Prefix + "_platform" }

// ProvisionerLogin is the login that may create roles and schemas; only the provisioner process knows it.
func (c Config) ProvisionerLogin() string { return c.Prefix + "_provisioner" }

// Password derives a login's password from the secret.
func (c Config) Password(login string) string {
	mac := hmac.New(sha256.New, c.Secret)
	mac.Write([]byte("login:" + login))
	return hex.EncodeToString(mac.Sum(nil))
}

// Bucket is the bucket of a tenant.
func Bucket(code string) int {
	h := fnv.New32a()
	h.Write([]byte(code))
	return int(h.Sum32() % Buckets)
}

// Tx runs f in a transaction of the tenant in the context. It refuses a context without a tenant and one that comes from
// inside a door. f may be run again after a serialisation failure, so what it does outside the database must bear that.
func (db *DB) Tx(ctx context.Context, f func(ctx context.Context, db DBTX) error) error {
	return db.asTenant(ctx, "begin", f)
}

// Snapshot is Tx on one unchanging view of the data, for reading only.
func (db *DB) Snapshot(ctx context.Context, f func(ctx context.Context, db DBTX) error) error {
	return db.asTenant(ctx, "begin isolation level repeatable read read only", f)
}

func (db *DB) asTenant(ctx context.Context, begin string, f func(ctx context.Context, db DBTX) error) error {
	t, inner, err := db.enterTenant(ctx)
	if err != nil {
		return err
	}
	return retry(ctx, func() error {
		c, err := db.tenants.acquire(ctx, Bucket(t.Code))
		if err != nil {
			return fmt.Errorf("tenant: connect: %w", err)
		}
		defer db.tenants.release(c)
		return run(inner, &tx{conn: c.Conn, begin: begin, role: db.cfg.Role(t.Code), code: t.Code, key: db.trail}, f)
	})
}

// Read sends the queued statements in one round trip, in a read-only transaction of the tenant in the context.
func (db *DB) Read(ctx context.Context, queue func(b *pgx.Batch)) error {
	t, inner, err := db.enterTenant(ctx)
	if err != nil {
		return err
	}
	c, err := db.tenants.acquire(ctx, Bucket(t.Code))
	if err != nil {
		return fmt.Errorf("tenant: connect: %w", err)
	}
	defer db.tenants.release(c)
	b := &pgx.Batch{}
	b.Queue(setReader, db.cfg.Role(t.Code))
	head := b.Len()
	queue(b)
	for _, q := range b.QueuedQueries[head:] {
		q.SQL = c.ownSQL(t.Code, q.SQL)
	}
	return c.SendBatch(inner, b).Close()
}

func (db *DB) enterTenant(ctx context.Context) (*Tenant, context.Context, error) {
	t := From(ctx)
	if t == nil {
		return nil, nil, ErrNoTenant
	}
	inner, err := enterDoor(ctx)
	if err != nil {
		return nil, nil, err
	}
	if !t.Active {
		if db.Activate == nil {
			return nil, nil, ErrNotActive
		}
		if err := db.Activate(ctx, t); err != nil {
			return nil, nil, err
		}
	}
	return t, inner, nil
}

// Platform runs f in a transaction of the platform's own login. It refuses a context that comes from inside a door.
func (db *DB) Platform(ctx context.Context, f func(ctx context.Context, db DBTX) error) error {
	inner, err := enterDoor(ctx)
	if err != nil {
		return err
	}
	return retry(ctx, func() error {
		c, err := db.platform.Acquire(ctx)
		if err != nil {
			return fmt.Errorf("platform: connect: %w", err)
		}
		defer c.Release()
		return run(inner, &tx{conn: c.Conn(), begin: "begin", key: db.trail}, f)
	})
}

// ErrHungUp is joined to whatever failed because the database ended the connection.
var ErrHungUp = errors.New("tenant: the database hung up")

func run(ctx context.Context, t *tx, f func(ctx context.Context, db DBTX) error) (err error) {
	defer t.rollback()
	defer func() {
		if err != nil && ctx.Err() == nil && t.conn.IsClosed() {
			err = fmt.Errorf("%w: %w", ErrHungUp, err)
		}
	}()
	if err := f(ctx, t); err != nil {
		return err
	}
	return t.commit(ctx)
}

// retry runs f again when the database says that another try may succeed.
func retry(ctx context.Context, f func() error) error {
	var err error
	for i := range attempts {
		if err = f(); !serialization(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(i*i+1) * 3 * time.Millisecond):
		}
	}
	return err
}

func serialization(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// Violated reports whether err is a violation of the named constraint or unique index.
func Violated(err error, constraint string) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.ConstraintName == constraint
}
