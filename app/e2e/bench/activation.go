package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant/migrate"
	"gonghui/tenant/migrations"
	"gonghui/tenant/provision"
)

// activation makes all bodies ready and lets some of them work.
func activation(ctx context.Context, w *world) error {
	if err := w.relations(ctx); err != nil {
		return err
	}
	floor, err := newSchemas(ctx, w)
	if err != nil {
		return err
	}
	defer floor.close()
	if err := floor.turn(ctx, w.sizes.floor); err != nil {
		return err
	}
	var before int
	if err := w.root.QueryRow(ctx, "select count(*) from platform.body where status = 'active'").Scan(&before); err != nil {
		return err
	}
	var took time.Duration
	used, err := w.spent(func() error {
		begin := time.Now()
		_, err := w.bodies(ctx, w.sizes.bodies)
		took = time.Since(begin)
		return err
	}, w.provisioner, w.server)
	if err != nil {
		return err
	}
	if err := floor.turn(ctx, w.sizes.floor); err != nil {
		return err
	}
	made := float64(len(w.active) - before)
	w.report(figure(fmt.Sprintf("activation: %d bodies", int(made)), took.Seconds(), "s").
		over(floor.took.Seconds() / float64(floor.made) * made).atMost(240))
	w.report(figure("activation: bodies a second", made/took.Seconds(), "/s").over(float64(floor.made) / floor.took.Seconds()))
	w.report(figure("activation: CPU a body", millis(used)/made, "ms").over(millis(floor.used) / float64(floor.made)))
	return w.trips(ctx)
}

// relations counts what a body has in pg_class: tables, indexes, and the TOAST tables that lie elsewhere.
func (w *world) relations(ctx context.Context) error {
	codes, err := w.codes(ctx, 2)
	if err != nil {
		return err
	}
	var core []string
	for _, info := range module.All() {
		if info.Core {
			core = append(core, info.Name)
		}
	}
	count := func(code string, modules []string) (n float64, err error) {
		var b body
		if err := w.root.QueryRow(ctx, "select id, code from platform.body where code = $1", code).Scan(&b.id, &b.code); err != nil {
			return 0, err
		}
		if err := provision.Ask(ctx, w.db, b.id, modules); err != nil {
			return 0, err
		}
		err = w.root.QueryRow(ctx, "select count(*) + 2 * count(*) filter (where reltoastrelid <> 0) from pg_class where relnamespace = $1::text::regnamespace",
			w.db.Config().Role(code)).Scan(&n)
		return n, err
	}
	bare, err := count(codes[0], core)
	if err != nil {
		return err
	}
	preset, err := count(codes[1], provision.Preset(module.All()))
	if err != nil {
		return err
	}
	w.report(figure("activation: relations of a body, core", bare, "relations").atMost(60))
	w.report(figure("activation: relations of a body, with preset modules", preset, "relations"))
	_, err = count(codes[0], provision.Preset(module.All()))
	return err
}

// schemas is the floor: the same tables by one bare transaction a schema, in a database of its own.
type schemas struct {
	w      *world
	script string
	conns  []*pgx.Conn
	made   int
	took   time.Duration
	used   time.Duration
}

func newSchemas(ctx context.Context, w *world) (*schemas, error) {
	if _, err := w.root.Exec(ctx, "create database floor"); err != nil {
		return nil, err
	}
	at, err := url.Parse(w.servers.PGDSN)
	if err != nil {
		return nil, err
	}
	at.Path = "/floor"
	s := &schemas{w: w}
	for range provision.Workers {
		conn, err := pgx.Connect(ctx, at.String())
		if err != nil {
			return nil, err
		}
		s.conns = append(s.conns, conn)
	}
	if _, err := s.conns[0].Exec(ctx, "create role floor_login"); err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("begin; create role {{t}} nologin; grant {{t}} to floor_login; create schema {{t}}; grant usage on schema {{t}} to {{t}}; set local search_path = {{t}};\n")
	scripts, err := migrate.Scripts(migrations.Tenant, "tenant")
	if err != nil {
		return nil, err
	}
	preset := provision.Preset(module.All())
	for _, info := range module.All() {
		own, err := migrate.Scripts(info.Tenant, "migrate")
		if err != nil {
			return nil, err
		}
		if slices.Contains(preset, info.Name) {
			scripts = append(scripts, own...)
		}
	}
	for _, script := range scripts {
		b.WriteString(script.SQL + ";\n")
	}
	b.WriteString("grant select, insert, update, delete on all tables in schema {{t}} to {{t}}; commit")
	s.script = b.String()
	return s, nil
}

// turn makes n more schemas.
func (s *schemas) turn(ctx context.Context, n int) error {
	begin := time.Now()
	used, err := s.w.spent(func() error {
		return inParallel(ctx, len(s.conns), len(s.conns), func(ctx context.Context, worker int) error {
			for i := worker; i < n; i += len(s.conns) {
				name := fmt.Sprintf("floor_t_%d", s.made+i)
				if _, err := s.conns[worker].Exec(ctx, strings.ReplaceAll(s.script, "{{t}}", name)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	s.took += time.Since(begin)
	s.used += used
	s.made += n
	return err
}

func (s *schemas) close() {
	for _, c := range s.conns {
		_ = c.Close(context.Background())
	}
}

// trips lets bodies work over the API: sign in, admit a member, read the file, find it in the list.
func (w *world) trips(ctx context.Context) error {
	n := min(w.sizes.trips, len(w.active))
	rows := w.people(n)
	right := 0
	var took []time.Duration
	for i, b := range w.active[:n] {
		if err := w.enrol(ctx, b, "admin"); err != nil {
			return err
		}
		label := b.code
		c := w.get(label, "/v1/session:signIn", `"me"`)
		c.method, c.token = http.MethodPost, ""
		c.body, _ = json.Marshal(map[string]string{"phone": phone, "password": password})
		_, _, header, err := c.send(ctx)
		if err != nil {
			return err
		}
		cookies := (&http.Response{Header: header}).Cookies()
		if len(cookies) == 0 {
			return fmt.Errorf("the sign-in at %s gave no session", label)
		}
		session := cookies[0].Value
		begin := time.Now()
		if err := w.trip(ctx, label, session, map[string]any{"fields": map[string]any{
			"name": rows[i].Name, "idKind": rows[i].IdKind, "idNumber": rows[i].IdNumber, "phone": rows[i].Phone,
		}}); err != nil {
			return err
		}
		took = append(took, time.Since(begin))
		right++
	}
	w.report(figure(fmt.Sprintf("activation: of %d random bodies, right in create, get and list", n), float64(right), "bodies").atLeast(float64(n)))
	w.report(figure("activation: create, get and list together, median", millis(percentile(took, 50)), "ms"))
	return nil
}

func (w *world) trip(ctx context.Context, label, session string, request any) error {
	create := w.get(label, "/v1/members", `"id"`)
	create.method, create.token = http.MethodPost, session
	create.body, _ = json.Marshal(request)
	_, raw, _, err := create.send(ctx)
	if err != nil {
		return err
	}
	var made struct{ ID string }
	if err := json.Unmarshal(raw, &made); err != nil {
		return err
	}
	for _, path := range []string{"/v1/members/" + made.ID, "/v1/members"} {
		c := w.get(label, path, made.ID)
		c.token = session
		if _, _, _, err := c.send(ctx); err != nil {
			return err
		}
	}
	w.members[label] = append(w.members[label], made.ID)
	return nil
}
