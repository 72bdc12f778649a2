package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	postgresName   = "Postgres"
	postgresComm   = "postgres"
	postgresFolder = "pg"   // of the state directory
	postgresData   = "data" // of the folder: the cluster
	oldestMajor    = 15

	superuser = "postgres"
	database  = "gonghui"
)

// binaries are where Debian puts the servers, one folder a major version.
const binaries = "/usr/lib/postgresql/*/bin/postgres"

type postgres struct {
	home     *home
	say      teller
	bin      string // folder of the binaries
	data     string
	password string
	durable  bool
}

// newPostgres finds the binaries and makes the cluster when there is none yet.
func newPostgres(ctx context.Context, h *home, durable bool, say teller) (*postgres, error) {
	top, err := h.data(postgresFolder)
	if err != nil {
		return nil, err
	}
	p := &postgres{home: h, say: say, data: filepath.Join(top, postgresData), durable: durable}
	written, err := os.ReadFile(filepath.Join(p.data, "PG_VERSION"))
	exists := err == nil
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, badDir(top, err)
	}
	if p.bin, err = findPostgres(strings.TrimSpace(string(written))); err != nil {
		return nil, err
	}
	if p.password, err = h.password(postgresFolder, !exists); err != nil {
		return nil, err
	}
	if !exists {
		if err := p.create(ctx, top); err != nil {
			return nil, &Error{Reason: ReasonStartFailed, Zh: "无法创建数据库", En: "cannot create the database cluster", Err: err}
		}
	}
	return p, nil
}

// findPostgres returns the folder of the binaries: of the major that wrote the data, else the oldest that we accept, which is
// the one the product is measured on.
func findPostgres(written string) (string, error) {
	paths, err := filepath.Glob(binaries)
	if err != nil {
		return "", err
	}
	bin := map[int]string{}
	for _, path := range paths {
		dir := filepath.Dir(path)
		if major, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && major >= oldestMajor {
			bin[major] = dir
		}
	}
	var majors []int
	for major := range bin {
		majors = append(majors, major)
	}
	slices.Sort(majors)
	if major, err := strconv.Atoi(written); err == nil {
		if bin[major] != "" {
			return bin[major], nil
		}
		return "", &Error{
			Reason: ReasonNoPostgres,
			Zh:     fmt.Sprintf("数据由 Postgres %d 写成，但本机没有这个版本（现有：%v）", major, majors),
			En:     fmt.Sprintf("the data was written by Postgres %d, which is not installed (there are: %v)", major, majors),
		}
	}
	if len(majors) == 0 {
		return "", &Error{
			Reason: ReasonNoPostgres,
			Zh:     "没有找到 Postgres 15 或更新版本，请先运行 deploy/local/bootstrap.sh",
			En:     "Postgres 15 or newer was not found, run deploy/local/bootstrap.sh first",
		}
	}
	return bin[majors[0]], nil
}

// create runs initdb beside the final place and renames, so that a cluster is there whole or not at all.
func (p *postgres) create(ctx context.Context, top string) error {
	p.say.creating()
	fresh := filepath.Join(top, "new")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	secret := filepath.Join(top, "initdb.password")
	defer os.Remove(secret)
	if err := writeFile(secret, []byte(p.password+"\n"), 0o600); err != nil {
		return err
	}
	if err := os.Chown(secret, p.home.as.uid, p.home.as.gid); err != nil {
		return err
	}
	// Collation C keeps prefix searches on plain indexes; the character type still knows all of Unicode.
	args := []string{
		"--pgdata=" + fresh, "--username=" + superuser, "--pwfile=" + secret, "--auth=scram-sha-256",
		"--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C",
	}
	if !p.durable {
		args = append(args, "--no-sync")
	}
	if err := runOnce(ctx, p.home.as, top, filepath.Join(p.bin, "initdb"), args...); err != nil {
		return err
	}
	return os.Rename(fresh, p.data)
}

// configure writes the cluster's two files anew at each start: the directory may have moved, the port changed, the product been
// updated.
func (p *postgres) configure(port int) error {
	for name, text := range map[string]string{
		"postgresql.conf": p.settings(port),
		"pg_hba.conf":     "host all all 127.0.0.1/32 scram-sha-256\n",
	} {
		path := filepath.Join(p.data, name)
		if err := writeFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := os.Chown(path, p.home.as.uid, p.home.as.gid); err != nil {
			return err
		}
	}
	return nil
}

func (p *postgres) settings(port int) string {
	fsync := "on"
	if !p.durable {
		fsync = "off"
	}
	// No Unix socket: its path is limited to 107 bytes, and one door is enough. The lock table is wide because a transaction
	// may touch the tables of many tenants. Full pages stay on without fsync: a killed process can leave half a page.
	return fmt.Sprintf(`# Written at each start.
listen_addresses = '127.0.0.1'
port = %d
unix_socket_directories = ''
password_encryption = 'scram-sha-256'

max_connections = 300
shared_buffers = '256MB'
max_locks_per_transaction = 1024
jit = off
random_page_cost = 1.1

fsync = %s
synchronous_commit = on
full_page_writes = on
wal_compression = on
max_wal_size = '2GB'
checkpoint_timeout = '15min'

logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%%m [%%p] %%q%%u@%%d '
log_checkpoints = off
log_timezone = 'UTC'
timezone = 'UTC'
datestyle = 'iso, ymd'
`, port, fsync)
}

func (p *postgres) program(port int) program {
	return program{
		name:    postgresName,
		comm:    postgresComm,
		dir:     p.data,
		log:     filepath.Join(p.home.dir, postgresFolder+".log"),
		as:      p.home.as,
		prepare: func() error { return p.configure(port) },
		cmd:     func() *exec.Cmd { return exec.Command(filepath.Join(p.bin, "postgres"), "-D", p.data) },
		probe: func(ctx context.Context) error {
			return p.ensureDatabase(ctx, port)
		},
		// Fast shutdown, then immediate: the latter costs a recovery, never a row.
		ending: ending{polite: syscall.SIGINT, hurry: syscall.SIGQUIT, grace: 30 * time.Second},
	}
}

func (p *postgres) dsn(port int, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, p.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// ensureDatabase succeeds when the product's database answers; it is made the first time. Only our own server knows the
// password, so another one on the port is never taken for it.
func (p *postgres) ensureDatabase(ctx context.Context, port int) error {
	conn, err := pgx.Connect(ctx, p.dsn(port, database))
	if err == nil {
		return conn.Close(ctx)
	}
	if pgErr := new(pgconn.PgError); !errors.As(err, &pgErr) || pgErr.Code != "3D000" { // invalid_catalog_name
		return err
	}
	if conn, err = pgx.Connect(ctx, p.dsn(port, "postgres")); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+database)
	return errors.Join(err, conn.Close(ctx))
}
