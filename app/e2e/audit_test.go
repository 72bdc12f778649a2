package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// wholeness is the last line of audit verify --json.
type wholeness struct {
	Trails, Rows, Found int
}

func (r *run) verify(t *testing.T, args ...string) (wholeness, string, error) {
	t.Helper()
	out, err := r.Run(append([]string{"audit", "verify", "--json"}, args...)...)
	var v wholeness
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		if strings.Contains(lines.Text(), `"trails"`) {
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				t.Fatal(err)
			}
		}
	}
	return v, out, err
}

// Acts of the running product are sealed within a second; refusals are on record; the command finds what a superuser does to
// them, also against heads that were kept elsewhere.
func TestAuditOfTheRunningProduct(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", watching)
	conn := r.SQL(t)
	ctx := context.Background()
	log := r.Prefix + "_t_" + watching + ".audit_log"
	waiting := func() (n int) {
		if err := conn.QueryRow(ctx, "select count(*) from cell.audit_pending where trail = $1", watching).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	admit(t, admin, 5)
	admitted := time.Now()
	for waiting() > 0 {
		if time.Since(admitted) > 5*time.Second {
			t.Fatal("rows wait for five seconds")
		}
	}
	t.Logf("sealed %v after the last act", time.Since(admitted).Round(time.Millisecond))
	if took := time.Since(admitted); took > time.Second {
		t.Errorf("sealing took %v, want a second at most", took)
	}
	v, out, err := r.verify(t, "--all")
	if err != nil || v.Found != 0 || v.Rows == 0 {
		t.Fatalf("%v: %s", err, out)
	}
	heads := filepath.Join(t.TempDir(), "heads.jsonl")
	if err := os.WriteFile(heads, []byte(r.MustRun(t, "audit", "heads")), 0o600); err != nil {
		t.Fatal(err)
	}

	// Somebody without a right is refused, and on record with the reason.
	member := r.signedIn(t, "member", watching)
	if f := refused(t, member, "POST", "/v1/members", map[string]any{"fields": fields("无权")}); f.Reason != "FORBIDDEN" {
		t.Errorf("refused for %s", f.Reason)
	}
	var reason string
	if err := conn.QueryRow(ctx, "select reason from "+log+" where result = 'refused' and act = 'refused' and object_id = 'member.write' order by id desc limit 1").Scan(&reason); err != nil || !strings.HasPrefix(reason, "FORBIDDEN POST /v1/members") {
		t.Errorf("the refusal on record: %q %v", reason, err)
	}

	// One row changed: the command names body and row. Then it is put right again, for the others.
	var id, who string
	if err := conn.QueryRow(ctx, "select id::text, who from "+log+" where act = 'member.create' order by id desc limit 1").Scan(&id, &who); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "update "+log+" set who = '别人' where id = $1", id); err != nil {
		t.Fatal(err)
	}
	_, out, err = r.verify(t, "--tenant", watching)
	if err == nil || !strings.Contains(out, id) || !strings.Contains(out, `"changed"`) || !strings.Contains(out, watching) {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := conn.Exec(ctx, "update "+log+" set who = $2 where id = $1", id, who); err != nil {
		t.Fatal(err)
	}
	if _, out, err = r.verify(t, "--all", "--heads", heads); err != nil {
		t.Errorf("put right again: %v: %s", err, out)
	}

	// A head that this system did not sign proves nothing.
	raw, err := os.ReadFile(heads)
	if err != nil {
		t.Fatal(err)
	}
	further := strings.Replace(string(raw), `{"trail":"`+watching+`","count":`, `{"trail":"`+watching+`","count":9`, 1)
	if further == string(raw) {
		t.Fatalf("no head of %s in %s", watching, raw)
	}
	if err := os.WriteFile(heads, []byte(further), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, err = r.verify(t, "--tenant", watching, "--heads", heads); err == nil || !strings.Contains(out, `"head"`) {
		t.Errorf("with a forged head: %v: %s", err, out)
	}
	for _, args := range [][]string{{"audit", "verify"}, {"audit", "verify", "--tenant", "../x"}, {"audit", "verify", "--all", "--heads", "/nowhere"}, {"audit", "adopt", "--all"}} {
		if _, err := r.Run(args...); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
