package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/e2e/stack"
)

// writer admits members one after the other until it is stopped, and takes no refusal.
type writer struct {
	stop context.CancelFunc
	done sync.WaitGroup
	mu   sync.Mutex
	ids  []string
	err  error
}

func write(c *stack.Client) *writer {
	ctx, cancel := context.WithCancel(context.Background())
	w := &writer{stop: cancel}
	w.done.Go(func() {
		for ctx.Err() == nil {
			body, err := json.Marshal(map[string]any{"fields": fields(fmt.Sprintf("后来%d", next()))})
			if err != nil {
				panic(err)
			}
			status, raw, err := c.Do("POST", "/v1/members", body)
			var reply struct{ ID string }
			if err == nil && status == http.StatusOK {
				err = json.Unmarshal(raw, &reply)
			} else if err == nil {
				err = fmt.Errorf("%d %s", status, raw)
			}
			w.mu.Lock()
			if w.err = err; err == nil {
				w.ids = append(w.ids, reply.ID)
			}
			w.mu.Unlock()
			if err != nil {
				return
			}
			pause := time.NewTimer(5 * time.Millisecond)
			select {
			case <-pause.C:
			case <-ctx.Done():
			}
			pause.Stop()
		}
	})
	return w
}

// end stops the writer and returns the ids that it was told.
func (w *writer) end(t *testing.T, who string) []string {
	t.Helper()
	w.stop()
	w.done.Wait()
	if w.err != nil {
		t.Errorf("%s could not work on: %v", who, w.err)
	}
	return w.ids
}

// One body is put back as a backup has it while the others work on.
func TestRestoreOneBody(t *testing.T) {
	r := product(t)
	lost, other := r.signedIn(t, "admin", kept), r.signedIn(t, "admin", watching)
	hq := r.signedIn(t, "supervisor", nation)
	p := r.plant(t, kept, "备份")
	admit(t, lost, 10)
	admit(t, other, 3)
	r.settle(t)
	schema := r.Prefix + "_t_" + kept
	before := r.database(t, schema)
	own := hq.Subtree(t, kept, metric)

	dir := filepath.Join(t.TempDir(), "backup")
	began := time.Now()
	r.MustRun(t, "backup", "--to", dir)
	t.Logf("backup of everything: %.1f s", time.Since(began).Seconds())
	if info, err := os.Stat(filepath.Join(dir, kept+".dump")); err != nil || info.Size() == 0 || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the dump: %v %v, want a file that only its owner reads", info, err)
	}

	// Both change.
	admit(t, lost, 5)
	lost.Must(t, "POST", "/v1/members/"+p.ids["member"]+":end", map[string]any{"state": "withdrawn", "reason": "转出"}, nil)
	lost.Must(t, "DELETE", "/v1/invitations/"+p.ids["invitation"], nil, nil)
	admit(t, other, 2)
	w := write(other)
	began = time.Now()
	r.MustRun(t, "restore", "--from", dir, "--tenant", kept)
	t.Logf("restore of one body: %.1f s", time.Since(began).Seconds())
	ids := w.end(t, "the other body")
	if len(ids) == 0 {
		t.Error("the other body did nothing meanwhile")
	}
	delete(before, schema+".audit_log") // it is not put back: it goes on
	unchanged(t, before, r.database(t, schema))
	kind := func(act string) (n int) {
		if err := r.SQL(t).QueryRow(context.Background(), "select count(*) from "+schema+".audit_log where act = $1", act).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if kind("member.end") != 1 || kind("audit.restore") != 1 {
		t.Errorf("the trail has %d ends of membership and %d restores, want what happened after the backup and the restore", kind("member.end"), kind("audit.restore"))
	}
	r.MustRun(t, "audit", "verify", "--all", "--heads", filepath.Join(dir, "audit-heads.jsonl"))

	// What its people see is what was.
	var file struct{ State string }
	lost.Must(t, "GET", "/v1/members/"+p.ids["member"], nil, &file)
	if file.State != "active" {
		t.Errorf("the member is %s, want active again", file.State)
	}
	var full struct{ IDNumber, Phone string }
	lost.Must(t, "POST", "/v1/members/"+p.ids["member"]+":reveal", map[string]any{"reason": "核对备份"}, &full)
	if !slices.Contains(p.marks, full.IDNumber) || !slices.Contains(p.marks, full.Phone) {
		t.Errorf("the file reads %v", full)
	}
	r.settle(t)
	if n := hq.Subtree(t, kept, metric); n != own {
		t.Errorf("the figure is %d, want %d as before", n, own)
	}
	for _, id := range ids {
		other.Must(t, "GET", "/v1/members/"+id, nil, nil)
	}
	conn := r.SQL(t)
	for _, code := range []string{kept, watching} {
		var n int64
		if err := conn.QueryRow(context.Background(), fmt.Sprintf("select count(*) from %s_t_%s.member where state = 'active'", r.Prefix, code)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if f := hq.Subtree(t, code, metric); f != n {
			t.Errorf("%s: the figure is %d, the table has %d", code, f, n)
		}
	}
	var astray int
	if err := conn.QueryRow(context.Background(), fmt.Sprintf(`select count(*) from (select id_digest::text as digest, id as member_id from %s_t_%s.member where state = 'active') roll
		full join (select m.digest::text as digest, m.member_id from platform.membership m join platform.body b on b.id = m.body_id where b.code = $1) registry
		using (digest, member_id) where roll.digest is null or registry.digest is null`, r.Prefix, kept), kept).Scan(&astray); err != nil {
		t.Fatal(err)
	}
	if astray != 0 {
		t.Errorf("roll and registry differ in %d persons", astray)
	}
	// It works on, with rights as before.
	admit(t, lost, 1)
	for _, right := range rights(t, conn, schema, schema) {
		if !slices.Contains(openToTenants, right) {
			t.Errorf("after the restore the role holds: %s", right)
		}
	}
	if _, err := conn.Exec(context.Background(), "set role "+schema); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(context.Background(), "delete from "+schema+".audit_log"); sqlState(err) != "42501" {
		t.Errorf("after the restore the role may empty its audit log: %v", err)
	}
	if _, err := r.Run("restore", "--from", dir, "--tenant", "440112x"); err == nil {
		t.Error("a body that the backup does not hold was restored")
	}
}

// Keys change under people who read and write: nothing becomes unreadable, and in the end nothing old is left.
func TestKeysRotateWhileServing(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", watching)
	p := r.plant(t, watching, "换钥")
	ctx := context.Background()
	conn := r.SQL(t)
	current := func(file string) string {
		raw, err := os.ReadFile(filepath.Join(r.Dir, file))
		if err != nil {
			t.Fatal(err)
		}
		var f struct{ Current string }
		if err := json.Unmarshal(raw, &f); err != nil || f.Current == "" {
			t.Fatalf("the key file: %v", err)
		}
		return f.Current
	}
	reads := func(when string) {
		t.Helper()
		var full struct{ IDNumber, Phone string }
		admin.Must(t, "POST", "/v1/members/"+p.ids["member"]+":reveal", map[string]any{"reason": "核对密钥"}, &full)
		if !slices.Contains(p.marks, full.IDNumber) || !slices.Contains(p.marks, full.Phone) {
			t.Errorf("%s the file reads %v", when, full)
		}
		var officers struct{ Officers []struct{ Phone string } }
		admin.Must(t, "GET", "/v1/officers", nil, &officers)
		if len(officers.Officers) == 0 || !strings.Contains(officers.Officers[0].Phone, "****") {
			t.Errorf("%s the officers read %v", when, officers)
		}
	}
	old := current("keys.json")
	reads("before")
	w := write(admin)
	r.MustRun(t, "keys", "rotate")
	ids := w.end(t, "the writer")
	fresh, signers := current("keys.json"), current("signer.json")
	if fresh == old {
		t.Fatal("the key is the same")
	}
	reads("after")
	for _, id := range ids {
		admin.Must(t, "GET", "/v1/members/"+id, nil, nil)
	}
	// Every sealed text, wherever it stands: a column of the form kid|A|….
	rows, err := conn.Query(ctx, `select n.nspname, c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
		join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.atttypid in ('varchar'::regtype, 'text'::regtype)
			and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`)
	if err != nil {
		t.Fatal(err)
	}
	type column struct{ Schema, Table, Name string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		t.Fatal(err)
	}
	sealed, tables := 0, map[string]bool{}
	for _, c := range columns {
		name := pgx.Identifier{c.Name}.Sanitize()
		key := fresh
		if c.Table == "app_key" {
			key = signers
		}
		var all, young int
		err := conn.QueryRow(ctx, fmt.Sprintf(`select count(*), count(*) filter (where %[1]s like $1 || '|%%') from %[2]s where %[1]s ~ '^[0-9a-f]{8}\|A\|'`,
			name, pgx.Identifier{c.Schema, c.Table}.Sanitize()), key).Scan(&all, &young)
		if err != nil {
			t.Fatal(err)
		}
		if sealed += all; all > 0 {
			tables[c.Table+"."+c.Name] = true
		}
		if all != young {
			t.Errorf("%s.%s.%s: %d of %d texts are sealed with an old key", c.Schema, c.Table, c.Name, all-young, all)
		}
	}
	if sealed < 20 || !tables["member.id_number"] || !tables["person.phone_sealed"] {
		t.Errorf("%d sealed texts in %v", sealed, tables)
	}
	t.Logf("%d sealed texts in %v; %d members admitted meanwhile", sealed, tables, len(ids))
	// People still sign in, and are found by what only a digest tells.
	r.freshly(t, "admin", watching)
	f := refused(t, admin, "POST", "/v1/members", map[string]any{"fields": map[string]any{"name": "同证", "idKind": "citizen_id", "idNumber": p.marks[slices.IndexFunc(p.marks, func(m string) bool { return len(m) == 18 && m[0] == '4' })]}})
	if f.Reason != "MEMBER_DUPLICATE" {
		t.Errorf("the same ID number again: %s", f.Reason)
	}
	if _, err := r.Run("keys", "rotate", "--resume"); err != nil {
		t.Error(err)
	}
}
