package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	_ "gonghui/app/all" // what is measured is the product
	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	"gonghui/deploy/local"
	"gonghui/media/object"
	"gonghui/tenant"
)

// world is a running product of its own: durable private servers, the provisioner and one serving process, each a process
// by itself so that their CPU time can be told apart.
type world struct {
	opt        Options
	sizes      sizes
	dir        string
	servers    *local.Stack
	env        []string
	base, addr string // "gonghui.localhost:21000", "127.0.0.1:21000"
	bareAddr   string

	root       *pgx.Conn // superuser: looks from outside
	postmaster postmaster
	ring       *crypt.Ring
	db         *tenant.DB

	server, provisioner, bare *process

	active  []body
	members map[string][]string // ids by code of the body
	born    atomic.Int64        // how many people were generated
}

// body is an active body.
type body struct {
	id   uuid.UUID
	code string
}

func (b body) context(ctx context.Context) context.Context {
	return tenant.With(ctx, &tenant.Tenant{ID: b.id, Code: b.code, Active: true})
}

// newWorld is one in which nothing runs yet.
func newWorld(opt Options) (*world, error) {
	w := &world{opt: opt, sizes: full, members: map[string][]string{}}
	if opt.Small {
		w.sizes = small
	}
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "GONGHUI_") {
			w.env = append(w.env, kv)
		}
	}
	var err error
	w.dir, err = os.MkdirTemp("", "gonghui-bench-")
	return w, err
}

// start starts everything; the directory holds all bodies, none of them active.
func (w *world) start(ctx context.Context) (err error) {
	fmt.Fprintln(w.opt.Progress, "bench: starting a product of its own")
	// The servers may run as another user, who must be able to enter.
	if err := os.Chmod(w.dir, 0o755); err != nil {
		return err
	}
	quiet := slog.New(slog.DiscardHandler)
	w.servers, err = local.Start(ctx, local.Options{Dir: filepath.Join(w.dir, "run"), Durable: true, Log: quiet})
	if err != nil {
		return err
	}
	if w.addr, err = freeAddress(); err != nil {
		return err
	}
	if w.bareAddr, err = freeAddress(); err != nil {
		return err
	}
	w.base = "gonghui.localhost" + w.addr[strings.LastIndexByte(w.addr, ':'):]
	keys := filepath.Join(w.dir, "keys.json")
	w.env = append(w.env, "GONGHUI_PG_DSN="+w.servers.PGDSN, "GONGHUI_REDIS_URL="+w.servers.RedisURL, "GONGHUI_KEY_FILE="+keys,
		"GONGHUI_BASE="+w.base, "GONGHUI_LISTEN="+w.addr, "GONGHUI_DIR="+w.dir, "GONGHUI_MODE=demo", "GONGHUI_NO_LIMITS=1")
	for _, command := range [][]string{{"migrate"}, {"seed", "divisions"}} {
		if _, err := w.run(ctx, command...); err != nil {
			return err
		}
	}
	if w.root, err = pgx.Connect(ctx, w.servers.PGDSN); err != nil {
		return err
	}
	if w.postmaster, err = findPostmaster(ctx, w.root); err != nil {
		return err
	}
	if w.ring, err = crypt.Load(keys); err != nil {
		return err
	}
	w.db, err = tenant.Open(ctx, tenant.Config{DSN: w.servers.PGDSN, Prefix: "gh", Secret: w.ring.Secret()})
	if err != nil {
		return err
	}
	if w.provisioner, err = w.spawn("provisioner", nil, "provisioner"); err != nil {
		return err
	}
	if w.server, err = w.spawn("server", nil, "serve"); err != nil {
		return err
	}
	if err := w.answers(ctx, w.server, "server", w.addr); err != nil {
		return err
	}
	if w.bare, err = w.spawn("bare", []string{"GONGHUI_LISTEN=" + w.bareAddr}, "bench", BareWord); err != nil {
		return err
	}
	return w.answers(ctx, w.bare, "bare", w.bareAddr)
}

func freeAddress() (string, error) {
	port, err := local.FreePort(0)
	return fmt.Sprintf("127.0.0.1:%d", port), err
}

func (w *world) close() error {
	w.bare.stop()
	w.server.stop()
	w.provisioner.stop()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if w.db != nil {
		w.db.Close()
	}
	if w.root != nil {
		_ = w.root.Close(ctx)
	}
	var err error
	if w.servers != nil {
		err = w.servers.Stop(ctx)
	}
	return errors.Join(err, os.RemoveAll(w.dir))
}

// bodies returns n active bodies, or all that there are for 0; what is not active yet is made so.
func (w *world) bodies(ctx context.Context, n int) ([]body, error) {
	if n > 0 && len(w.active) >= n {
		return w.active[:n], nil
	}
	words := []string{"tenant", "activate", "--all"}
	if n > 0 {
		codes, err := w.codes(ctx, n)
		if err != nil {
			return nil, err
		}
		words = append(words[:2], codes...)
	}
	if _, err := w.run(ctx, words...); err != nil {
		return nil, err
	}
	rows, err := w.root.Query(ctx, "select id, code from platform.body where status = 'active' order by md5(code)")
	if err != nil {
		return nil, err
	}
	w.active, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (b body, err error) {
		err = row.Scan(&b.id, &b.code)
		return b, err
	})
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return w.active[:n], nil
	}
	return w.active, nil
}

// codes are those of n counties, the same in every run.
func (w *world) codes(ctx context.Context, n int) ([]string, error) {
	rows, err := w.root.Query(ctx, "select code from platform.body where level = 'county' order by status, md5(code) limit $1", n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// operator is the module.Host of what is seeded from here.
type operator struct{ w *world }

func (o operator) DB() *tenant.DB                       { return o.w.db }
func (o operator) Conn(string) grpc.ClientConnInterface { return nil }
func (o operator) Keys() module.Keys                    { return o.w.ring }
func (o operator) Base() string                         { return o.w.base }
func (o operator) Scheme() string                       { return "http" }
func (o operator) Redis() redis.UniversalClient         { return nil }
func (o operator) Demo() bool                           { return true }
func (o operator) SMS() module.Messenger                { return nil }
func (o operator) Files() object.Store                  { return nil }
func (o operator) LAN() *module.LAN                     { return nil }
func (o operator) Signer() string                       { return "" }
func (o operator) Web() *http.Client                    { return nil }
