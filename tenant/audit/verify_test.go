package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// Whatever a superuser does to a trail is found, and the row is named.
func TestTampering(t *testing.T) {
	env := pgtest.Open(t)
	for _, row := range []struct {
		what string
		sql  string // {log} is the table of the log; {trail} the code
		want string // kinds that are found, with the place
	}{
		{"nothing", "select 1", ""},
		{"a name changed", "update {log} set who = '别人' where id = {row 5}", "changed@5"},
		{"a reason changed by one character", "update {log} set reason = '更改' where id = {row 1}", "changed@1"},
		{"a time changed by a microsecond", "update {log} set at = at + interval '1 microsecond' where id = {row 9}", "changed@9"},
		{"a refusal turned into success", "update {log} set result = 'refused' where id = {row 3}", "changed@3"},
		{"an account taken away", "update {log} set account_id = null where id = {row 4}", "changed@4"},
		{"a digest of state changed", "update {log} set after = before where id = {row 4}", "changed@4"},
		{"a row deleted", "delete from {log} where id = {row 5}", "missing@5"},
		{"the first row deleted", "delete from {log} where id = {row 1}", "missing@1"},
		{"the last row deleted", "delete from {log} where id = {row 12}", "missing@12"},
		{"a row and its seal deleted", "delete from {log} where id = {row 5}; delete from cell.audit_seal where trail = '{trail}' and seq = 5", "broken@5"},
		{"rows swapped", `update {log} set id = gen_random_uuid() where id = {row 2};
			update {log} set id = {row 2} where id = {row 7}`, "missing@7 changed@2 inserted"},
		{"seals swapped", `update cell.audit_seal set seq = -1 where trail = '{trail}' and seq = 4;
			update cell.audit_seal set seq = 4 where trail = '{trail}' and seq = 8;
			update cell.audit_seal set seq = 8 where trail = '{trail}' and seq = -1`, "broken@4 broken@5 broken@8 broken@9 head@8"},
		{"a seal changed", "update cell.audit_seal set hash = sha256('x') where trail = '{trail}' and seq = 6", "broken@6 broken@7"},
		{"a row changed with the digest of its seal", `update {log} set who = '别人' where id = {row 5};
			update cell.audit_seal set digest = sha256('x') where trail = '{trail}' and seq = 5`, "broken@5 changed@5"},
		{"all of a row, its seals and those after it made anew without the key", `update {log} set who = '别人' where id = {row 12};
			update cell.audit_seal set digest = sha256('x'), hash = sha256('y') where trail = '{trail}' and seq = 12;
			update platform.audit_head set hash = sha256('y') where trail = '{trail}' and count = 12`, "broken@12 changed@12 head@12 head@12"},
		{"the end of the log cut off", "delete from {log} where id >= {row 10}", "missing@10 missing@11 missing@12"},
		{"the end cut off with its seals", "delete from {log} where id >= {row 10}; delete from cell.audit_seal where trail = '{trail}' and seq >= 10", "cut@10 cut@10"},
		{"the end of the seals cut off", "delete from cell.audit_seal where trail = '{trail}' and seq >= 11", "cut@11 cut@11 inserted inserted"},
		{"the last head removed", "delete from platform.audit_head where trail = '{trail}' and count = 12", "head@12"},
		{"a head changed", "update platform.audit_head set at = at - interval '1 day' where trail = '{trail}' and count = 8", "head@8"},
		{"the end cut off with its seals and heads", `delete from {log} where id >= {row 10};
			delete from cell.audit_seal where trail = '{trail}' and seq >= 10; delete from platform.audit_head where trail = '{trail}' and count >= 10`, "head@9 cut@10"},
		{"everything emptied", `delete from {log}; delete from cell.audit_seal where trail = '{trail}'; delete from platform.audit_head where trail = '{trail}'`, "cut@1"},
		{"everything made anew in place of what was", `delete from {log} where id >= {row 12};
			delete from cell.audit_seal where trail = '{trail}' and seq >= 12; delete from platform.audit_head where trail = '{trail}' and count >= 12;
			{again 1}`, "head@12"},
		{"a row forged", "insert into {log} (id, who, act, object_kind, object_id) values (gen_random_uuid(), '某人', 'member.update', 'member', '1')", "inserted"},
		{"a row forged and handed to the sealer", `insert into {log} (id, who, act, object_kind, object_id) values ('018f0000-0000-7000-8000-000000000009', '某人', 'member.update', 'member', '1');
			insert into cell.audit_pending (trail, row_id, digest) values ('{trail}', '018f0000-0000-7000-8000-000000000009', sha256('x'))`, "changed@13"},
		{"heads removed, and the work goes on", "delete from platform.audit_head where trail = '{trail}' and count > 1; {again 1}", ""},
		{"the end of the seals cut off, and the work goes on", "delete from cell.audit_seal where trail = '{trail}' and seq >= 11; {again 1}", "broken@11 inserted inserted head@12 head@12"},
		{"a row brought from another trail", `insert into {log} select id, at, account_id, identity_id, who, act, object_kind, object_id, reason, changed, source, request_id,
				role, anchor, result, before, after from {other} limit 1;
			insert into cell.audit_pending (trail, row_id, digest) select '{trail}', row_id, digest from cell.audit_seal where trail = '{other trail}' and seq = 1`, "changed@13"},
		{"a row handed to the sealer twice", "insert into cell.audit_pending (trail, row_id, digest) select trail, row_id, digest from cell.audit_seal where trail = '{trail}' and seq = 3", ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			b, other := env.Body(t, nil), env.Body(t, nil)
			s := NewSealer(env.DB)
			act(t, env, other, 1)
			for _, n := range []int{1, 7, 4} { // heads at 1, 8 and 12
				act(t, env, b, n)
				seal(t, s)
			}
			was := verify(t, env, b)
			if was.Found != 0 || was.Rows != 12 || was.Head.Count != 12 {
				t.Fatalf("before: %+v", was)
			}
			sql := row.sql
			cfg := env.DB.Config()
			for i := range 13 {
				var id uuid.UUID
				if strings.Contains(sql, fmt.Sprintf("{row %d}", i)) {
					id = rowAt(t, env, b.Code, i)
					sql = strings.ReplaceAll(sql, fmt.Sprintf("{row %d}", i), "'"+id.String()+"'")
				}
			}
			sql, again := strings.CutSuffix(sql, "{again 1}")
			sql = strings.NewReplacer("{log}", cfg.Role(b.Code)+".audit_log", "{other}", cfg.Role(other.Code)+".audit_log",
				"{trail}", b.Code, "{other trail}", other.Code).Replace(sql)
			superuser(t, env, sql)
			if again {
				act(t, env, b, 1)
			}
			seal(t, NewSealer(env.DB))
			r := verify(t, env, b, was.Head)
			var got []string
			for _, f := range r.Findings {
				s := f.Kind
				if f.Seq > 0 {
					s += fmt.Sprintf("@%d", f.Seq)
				}
				got = append(got, s)
				if f.Trail != b.Code {
					t.Errorf("%v does not name the trail", f)
				}
			}
			if !sameSet(got, strings.Fields(row.want)) {
				t.Errorf("found %v, want %s\n%v", got, row.want, r.Findings)
			}
			if other := verify(t, env, other); other.Found != 0 {
				t.Errorf("the other trail: %v", other.Findings)
			}
		})
	}
}

func rowAt(t *testing.T, env *pgtest.Env, trail string, seq int) (id uuid.UUID) {
	t.Helper()
	err := env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select row_id from cell.audit_seal where trail = $1 and seq = $2", trail, seq).Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func sameSet(a, b []string) bool {
	n := map[string]int{}
	for _, s := range a {
		n[s]++
	}
	for _, s := range b {
		n[s]--
	}
	for _, k := range n {
		if k != 0 {
			return false
		}
	}
	return true
}

// The database restored to an earlier state is whole in itself: only a head that was kept elsewhere tells, or the process that
// has sealed more.
func TestRestoredToAnEarlierState(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	s := NewSealer(env.DB)
	act(t, env, b, 3)
	seal(t, s)
	act(t, env, b, 2)
	seal(t, s)
	line := verify(t, env, b).Head
	kept, ok := ParseHead(b.Code, line.String())
	if !ok || kept.Count != 5 {
		t.Fatalf("the line %q reads %+v", line.String(), kept)
	}
	log := env.DB.Config().Role(b.Code) + ".audit_log"
	superuser(t, env, "delete from "+log+" where id >= '"+rowAt(t, env, b.Code, 4).String()+"'; delete from cell.audit_seal where trail = '"+b.Code+
		"' and seq > 3; delete from platform.audit_head where trail = '"+b.Code+"' and count > 3")
	if r := verify(t, env, b); r.Found != 0 {
		t.Errorf("without the head: %v", r.Findings)
	}
	if r := verify(t, env, b, kept); r.Found != 1 || r.Findings[0].Kind != Cut {
		t.Errorf("with the head: %v", r.Findings)
	}
	forged := kept
	forged.Count, forged.Sign = 3, append(Hex(nil), kept.Sign...)
	if r := verify(t, env, b, forged); r.Found != 1 || r.Findings[0].Kind != Head {
		t.Errorf("with a forged head: %v", r.Findings)
	}
	act(t, env, b, 1)
	seal(t, s) // the process that knows of five
	if n := env.Count(t, "select count(*) from platform.audit_log where act = 'audit.shortened' and object_id = $1", b.Code); n != 1 {
		t.Errorf("%d alarms, want 1", n)
	}
}

// Roles that serve requests can neither change nor remove what is recorded, seal for others, or skip the guard of removal.
func TestRightsOnTrails(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	act(t, env, b, 1)
	seal(t, NewSealer(env.DB))
	refused := func(door door, ctx context.Context, sql string) {
		t.Helper()
		err := door(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		var pe *pgconn.PgError
		if !errors.As(err, &pe) || pe.Code != "42501" {
			t.Errorf("%s: %v, want 42501", sql, err)
		}
	}
	for _, sql := range []string{
		"update audit_log set who = 'x'", "delete from audit_log", "insert into cell.audit_pending (trail, row_id, digest) values ('x', gen_random_uuid(), sha256('x'))",
		"insert into cell.audit_seal (trail, seq, row_id, digest, hash) values ('x', 1, gen_random_uuid(), sha256('x'), sha256('x'))",
		"select trail from cell.audit_seal", "select trail from cell.audit_pending", "delete from cell.audit_pending", "select trail from platform.audit_head",
		"select cell.audit_trim('" + b.Code + "', 1)", "alter table audit_log disable trigger all",
	} {
		refused(env.DB.Tx, b.Ctx, sql)
	}
	for _, sql := range []string{
		"update platform.audit_log set who = 'x'", "delete from platform.audit_log", "update cell.audit_seal set seq = 1", "delete from cell.audit_seal",
		"update cell.audit_pending set digest = sha256('x')", "update platform.audit_head set count = 1", "delete from platform.audit_head",
		"update platform.audit_archive set last_seq = 1", "delete from platform.audit_archive", "select cell.audit_trim('" + b.Code + "', 1)",
	} {
		refused(env.DB.Platform, context.Background(), sql)
	}
	// What a tenant hands over is its own, whatever it says.
	if err := env.DB.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, "select cell.audited('018f0000-0000-7000-8000-00000000000a', sha256('x'))")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n := env.Count(t, "select count(*) from cell.audit_pending where row_id = '018f0000-0000-7000-8000-00000000000a' and trail = $1", b.Code); n != 1 {
		t.Errorf("%d rows wait in the own trail", n)
	}
}

// A finding reads as JSON with the row's id in words.
func TestFindingAsJSON(t *testing.T) {
	id := uuid.MustParse("018f0000-0000-7000-8000-000000000009")
	raw, err := json.Marshal(Report{Trail: "a", Found: 1, Findings: []Finding{{"a", Changed, 3, &id, "d"}}, Head: Kept{Trail: "a", Count: 1, Hash: make(Hex, len(chain.Sum{}))}})
	if err != nil || !strings.Contains(string(raw), `"row":"018f0000-0000-7000-8000-000000000009"`) || !strings.Contains(string(raw), `"hash":"000000`) {
		t.Errorf("%s %v", raw, err)
	}
	if _, ok := ParseHead("a", "1:2:zz:00"); ok {
		t.Error("a broken line was read")
	}
}
