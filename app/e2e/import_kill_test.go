package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/e2e/stack"
)

// beset is a product whose imports are killed.
var beset = begin()

// fate is where an import stands.
type fate struct {
	code, id, state string
	progress        int
}

// Servers and databases that are killed during imports leave none lying: each goes on where it was, and enters all or
// nothing, once.
func TestImportKills(t *testing.T) {
	r, err := beset()
	if err != nil {
		t.Fatal(err)
	}
	r.MustRun(t, "seed", "divisions")
	r.Provision(t)
	codes := []string{"440103", "440104", "440105", "440106", "440111", "440112", "440113", "440114"}
	r.MustRun(t, append([]string{"tenant", "activate"}, codes...)...)
	r.Serve(t)
	k := &killer{run: r, t: t, clients: map[string]*stack.Client{}, uploads: map[string]int{}}
	for i, code := range codes {
		p := stack.Person{Body: code, Role: "admin", Name: "管理员", Phone: fmt.Sprintf("1370001%04d", i)}
		r.Enrol(t, p)
		k.clients[code] = r.SignIn(t, code, p.Phone, stack.Password)
	}
	each := 3
	if testing.Short() {
		each = 1
	}
	kills := 0
	for began := time.Now(); ; {
		goal := k.rarest(each)
		if goal < 0 {
			break
		}
		if time.Since(began) > 80*time.Second {
			t.Errorf("after 80 s these points of the way were hit so often: %v", k.hits)
			break
		}
		if k.await(goal) {
			t.Logf("%.1f s: %v", time.Since(began).Seconds(), k.hits)
			// Every fourth time it is the database.
			if kills++; kills%4 == 0 {
				if err := r.KillPostgres(); err != nil {
					t.Fatal(err)
				}
			} else {
				r.Kill()
			}
			k.count(kills%4 == 0)
			if kills%4 != 0 {
				if err := r.TryServe(); err != nil {
					t.Fatal(err)
				}
			} else if err := r.Ready(30 * time.Second); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d kills; imports hit by tenth of the check, and in the commit: %v", kills, k.hits)
	k.finish()
	for _, code := range codes {
		schema, want := r.Prefix+"_t_"+code, int64(k.uploads[code])
		for what, sql := range map[string]string{
			"imports":              "select count(*) from " + schema + ".import where state = 'done'",
			"events":               "select count(*) from cell.event_log where kind = 'member.imported' and tenant = '" + code + "'",
			"acts":                 "select count(*) from " + schema + ".audit_log where act = 'member.import'",
			"thousands of members": fmt.Sprintf("select count(*) / %d from %s.member", killRows, schema),
			"thousands with keys":  fmt.Sprintf("select count(distinct member_id) / %d from %s.member_search", killRows, schema),
			"thousands claimed":    fmt.Sprintf("select count(*) / %d from platform.membership m join platform.body b on b.id = m.body_id where m.live and b.code = '%s'", killRows, code),
			"thousands in hq":      fmt.Sprintf("select f.own / %d from platform.figure f join platform.body b on b.id = f.body_id where f.metric = 'member.active' and b.code = '%s'", killRows, code),
		} {
			stack.Eventually(t, 20*time.Second, fmt.Sprintf("%s has %d %s", code, want, what), func() bool {
				var n int64
				err := k.sql().QueryRow(context.Background(), sql).Scan(&n)
				return want == 0 || err == nil && n == want
			})
		}
		var odd int64
		if err := k.sql().QueryRow(context.Background(), fmt.Sprintf("select count(*) %% %d from %s.member", killRows, schema)).Scan(&odd); err != nil || odd != 0 {
			t.Errorf("%s: half an import came in: %d members too many (%v)", code, odd, err)
		}
	}
}

// killRows is how many rows the imports have that are killed.
const killRows = 12_000

// killer keeps imports going and knows where they were hit.
type killer struct {
	*run
	t       *testing.T
	clients map[string]*stack.Client
	uploads map[string]int
	hits    [11]int // tenths of the check, and the commit
	conn    *pgx.Conn
}

// sql is a connection that outlives the database.
func (k *killer) sql() *pgx.Conn {
	k.t.Helper()
	ctx := context.Background()
	if k.conn == nil || k.conn.IsClosed() || k.conn.Ping(ctx) != nil {
		err := stack.Wait(30*time.Second, func() (ok bool) {
			conn, err := pgx.Connect(ctx, k.PGDSN)
			if err == nil {
				k.conn = conn
			}
			return err == nil
		})
		if err != nil {
			k.t.Fatal(err)
		}
	}
	return k.conn
}

// fates are where the unfinished imports stand.
func (k *killer) fates() []fate {
	var union []string
	for code := range k.clients {
		union = append(union, fmt.Sprintf("select '%s', id::text, state, progress from %s_t_%s.import where state not in ('done')", code, k.Prefix, code))
	}
	rows, err := k.sql().Query(context.Background(), strings.Join(union, " union all "))
	if err != nil {
		return nil
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f fate, err error) {
		err = row.Scan(&f.code, &f.id, &f.state, &f.progress)
		return f, err
	})
	if err != nil {
		return nil
	}
	return all
}

// point is the tenth of the check, or the commit.
func (f fate) point() int {
	switch f.state {
	case "checking":
		return min(9, f.progress/100)
	case "committing":
		return 10
	}
	return -1
}

// rarest is the point that was hit least, or -1 when all were hit often enough.
func (k *killer) rarest(each int) int {
	least := 0
	for i, n := range k.hits {
		if n < k.hits[least] {
			least = i
		}
	}
	if k.hits[least] >= each {
		return -1
	}
	return least
}

// await keeps four imports going until one is at a point.
func (k *killer) await(goal int) bool {
	err := stack.Wait(20*time.Second, func() bool {
		fates := k.fates()
		busy := map[string]bool{}
		for _, f := range fates {
			busy[f.code] = true
			if f.state == "ready" {
				k.clients[f.code].Do("POST", "/v1/imports/"+f.id+":commit", []byte("{}"))
			}
			if f.point() == goal {
				return true
			}
		}
		for code := range k.clients {
			if len(busy) < 5 && !busy[code] {
				busy[code] = true
				k.upload(code)
			}
		}
		return false
	})
	return err == nil
}

func (k *killer) upload(code string) {
	var csv bytes.Buffer
	csv.WriteString("姓名,身份证号码\n")
	for range killRows {
		csv.WriteString("张三," + idNumber() + "\n")
	}
	// Connections that died with the database are found dead one by one.
	err := stack.Wait(20*time.Second, func() bool {
		status, raw, err := tryUpload(k.clients[code], "名册.csv", csv.Bytes())
		if err != nil || status != http.StatusOK && status != http.StatusServiceUnavailable {
			k.t.Fatalf("upload: %d %s %v", status, short(string(raw)), err)
		}
		return status == http.StatusOK
	})
	if err != nil {
		k.t.Fatalf("upload: %v", err)
	}
	k.uploads[code]++
}

// count notes where the imports were when they were hit.
func (k *killer) count(database bool) {
	if database {
		if err := k.Ready(30 * time.Second); err != nil {
			k.t.Fatal(err)
		}
	}
	for _, f := range k.fates() {
		if p := f.point(); p >= 0 {
			k.hits[p]++
		}
	}
}

// finish waits until no import is under way.
func (k *killer) finish() {
	k.t.Helper()
	defer func() {
		for _, f := range k.fates() {
			var jobs string
			_ = k.sql().QueryRow(context.Background(), `select coalesce(string_agg(format('%s, due in %s s, tried %s times %s', state,
				round(extract(epoch from scheduled_at - now())), attempt, coalesce(errors[array_length(errors, 1)] ->> 'error', '')), '; '), 'no job')
				from cell.river_job where args -> 'args' ->> 'import' = $1 and state <> 'completed'`, f.id).Scan(&jobs)
			k.t.Logf("an import of %s lies at %s, %d of 1000: %s", f.code, f.state, f.progress, jobs)
		}
	}()
	stack.Eventually(k.t, 60*time.Second, "all imports come to an end", func() bool {
		fates := k.fates()
		for _, f := range fates {
			if f.state == "ready" {
				k.clients[f.code].Do("POST", "/v1/imports/"+f.id+":commit", []byte("{}"))
			}
		}
		return len(fates) == 0 && k.conn.Ping(context.Background()) == nil
	})
}
