package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"gonghui/app/identity"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory/division"
)

// The administrator of every body, and supervisor of the nation, in the whole bench.
const (
	phone    = "13900000000"
	password = "bench-2026-gonghui"
	hq       = "hq"
)

// enrol gives the one person of the bench a place in a body.
func (w *world) enrol(ctx context.Context, b body, role string) error {
	hash, err := passwordHash()
	if err != nil {
		return err
	}
	return w.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return identity.Enrol(ctx, tx, w.ring, identity.Enrolment{
			Name: "测试员", Phone: phone, PasswordHash: hash, Body: b.id, Role: role, Demo: true,
		})
	})
}

var passwordHash = sync.OnceValues(func() (string, error) { return identity.HashPassword(password) })

// enter gives the person a session in every active body and at headquarters. A sign-in for each would measure argon2.
func (w *world) enter(ctx context.Context) error {
	nation := body{code: division.NationCode}
	if err := w.root.QueryRow(ctx, "select id from platform.body where code = $1", nation.code).Scan(&nation.id); err != nil {
		return err
	}
	if err := w.enrol(ctx, nation, "supervisor"); err != nil {
		return err
	}
	_, err := w.root.Exec(ctx, `
		with who as (
			select a.id, a.person_id from platform.account a join platform.person p on p.id = a.person_id where p.phone_digest = $1
		), place as (
			insert into platform.identity (id, person_id, body_id, role)
			select gen_random_uuid(), who.person_id, b.id, 'admin' from platform.body b, who where b.status = 'active'
			on conflict (person_id, body_id, role) do update set valid_to = null
			returning id, body_id
		), host as (
			select place.id, b.code, false as supervision from place join platform.body b on b.id = place.body_id
			union all
			select i.id, $2, true from platform.identity i join who on who.person_id = i.person_id where i.role = 'supervisor'
		)
		insert into platform.session (id, token_digest, account_id, identity_id, supervision, host, source, device, expires_at)
		select gen_random_uuid(), sha256(convert_to('bench-' || host.code, 'UTF8')), who.id, host.id, host.supervision, host.code, '', 'bench',
			now() + interval '1 day'
		from host, who on conflict do nothing`, w.ring.Digest("phone", phone), hq)
	return err
}

func token(label string) string { return "bench-" + label }

// call is one request and what its answer must hold.
type call struct {
	address string
	host    string // label
	method  string // GET when empty
	path    string
	body    []byte
	token   string
	want    string
}

// get is a request to the product with the session of the host.
func (w *world) get(label, path, want string) call {
	return call{address: w.addr, host: label + "." + w.base, path: path, token: token(label), want: want}
}

// plain is a request to the bare handler.
func (w *world) plain(path, want string) call {
	return call{address: w.bareAddr, host: w.bareAddr, path: path, want: want}
}

var client = &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 64, DisableCompression: true}

// send does a call and returns how long it took and what came back. Any answer but the right one is an error.
func (c call) send(ctx context.Context) (time.Duration, []byte, http.Header, error) {
	method := c.method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.address+c.path, bytes.NewReader(c.body))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Host = c.host
	if c.token != "" {
		req.AddCookie(&http.Cookie{Name: module.Cookie, Value: c.token})
	}
	if len(c.body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	begin := time.Now()
	resp, err := client.RoundTrip(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	took := time.Since(begin)
	if err != nil {
		return 0, nil, nil, err
	}
	if resp.StatusCode != http.StatusOK || !bytes.Contains(raw, []byte(c.want)) {
		return 0, nil, nil, &refusal{resp.StatusCode, fmt.Sprintf("%s %s%s: status %d, want an answer with %q, got %.300s", method, c.host, c.path, resp.StatusCode, c.want, raw)}
	}
	return took, raw, resp.Header, nil
}

// refusal is an answer that was not wanted.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// drive sends total calls from some workers, each of which waits for its answer before the next (a closed loop). pick
// draws the calls, the same ones for one seed.
func drive(ctx context.Context, workers, total int, seed uint64, pick func(r *rand.Rand) call) ([]time.Duration, error) {
	took := make([]time.Duration, total)
	var next atomic.Int64
	err := inParallel(ctx, workers, workers, func(ctx context.Context, worker int) error {
		r := rand.New(rand.NewPCG(seed, uint64(worker)))
		for {
			i := int(next.Add(1)) - 1
			if i >= total {
				return nil
			}
			d, _, _, err := pick(r).send(ctx)
			if err != nil {
				return err
			}
			took[i] = d
		}
	})
	return took, err
}

// inParallel runs f for 0 … n-1 and ends at the first error.
func inParallel(ctx context.Context, workers, n int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := f(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
