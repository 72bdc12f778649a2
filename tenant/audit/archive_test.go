package audit

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"gonghui/media/object"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
)

// aged makes the n oldest rows of a body look as if they had been written years ago, by the product of then: the digests hold.
func aged(t *testing.T, env *pgtest.Env, b *pgtest.Body, n int, years int) {
	t.Helper()
	for i := range n {
		err := env.DB.Tx(b.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			code, key := b.Code, env.DB.Trail()
			at := time.Now().AddDate(-years, 0, 0).Add(time.Duration(i) * time.Minute).UTC().Truncate(time.Microsecond)
			id := firstOf(at)
			id[6], id[8], id[15] = 0x70, 0x80, byte(i)
			r := rowOf(id, at)
			if _, err := tx.Exec(ctx, "insert into audit_log (id, at, who, act, object_kind, object_id) values ($1, $2, $3, $4, $5, $6)", r.ID, r.At, r.Who, r.Act, r.Kind, r.Object); err != nil {
				return err
			}
			digest := key.Row(code, &r)
			_, err := tx.Exec(ctx, "select cell.audited($1, $2)", r.ID, digest[:])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What is older than the policy goes into a file; the chain goes on over it, and the file verifies by itself.
func TestArchive(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	s := NewSealer(env.DB)
	aged(t, env, b, 7, 4)
	act(t, env, b, 3)
	seal(t, s)
	files := object.NewLocal(t.TempDir())
	a := &Archiver{DB: env.DB, Files: files, Bodies: directory.LookupOf(env.DB)}
	auditor := on(b, "audit_admin")
	due := func(months int32) int64 {
		t.Helper()
		trail, err := New(env.DB, files, a.Bodies).GetTrail(auditor, &auditv1.GetTrailRequest{Months: months})
		if err != nil {
			t.Fatal(err)
		}
		if now := time.Now(); !trail.ArchiveAt.AsTime().After(now) || trail.ArchiveAt.AsTime().Sub(now) > 24*time.Hour || trail.OldestAt.AsTime().After(now) {
			t.Errorf("the oldest is of %v, archived at %v", trail.OldestAt.AsTime(), trail.ArchiveAt.AsTime())
		}
		return trail.Due
	}
	if a, b := due(60), due(0); a != 0 || b != 7 {
		t.Errorf("the next night would archive %d of five years and %d of three", a, b)
	}
	if n, err := a.Trail(t.Context(), b.Code, 60); err != nil || n != 0 {
		t.Fatalf("kept for five years: %d %v", n, err)
	}
	before := verify(t, env, b).Head
	n, err := a.Run(t.Context())
	if err != nil || n != 7 {
		t.Fatalf("kept for three years: %d rows %v", n, err)
	}
	seal(t, s)
	r := verify(t, env, b, before)
	if r.Found != 0 || r.Rows != 3 || r.Archived != 7 {
		t.Errorf("after it: %+v", r)
	}
	if n, err := a.Run(t.Context()); err != nil || n != 0 {
		t.Errorf("once more: %d rows %v", n, err)
	}
	if n := due(0); n != 0 {
		t.Errorf("after it the next night would archive %d", n)
	}
	parts, err := Parts(t.Context(), env.DB, b.Code)
	if err != nil || len(parts) != 1 || parts[0].Last != 7 {
		t.Fatalf("%+v %v", parts, err)
	}
	get := func() []byte {
		f, err := files.Get(t.Context(), parts[0].File, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		raw, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	key := env.DB.Trail()
	if r, err := VerifyFile(bytes.NewReader(get()), key, &parts[0]); err != nil || r.Found != 0 || r.Archived != 7 {
		t.Errorf("the file: %+v %v", r, err)
	}
	// A file of the same rows, written by somebody without the key, or with rows left out.
	var entries []entry
	for i := range 7 {
		at := time.Now().AddDate(-4, 0, 0).UTC().Truncate(time.Microsecond)
		entries = append(entries, entry{int64(i + 1), make(Hex, 32), make(Hex, 32), rowOf(firstOf(at), at)})
	}
	forged, err := pack(&parts[0], entries)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := VerifyFile(bytes.NewReader(forged), key, nil); err != nil || r.Found == 0 {
		t.Errorf("a forged file: %+v %v", r, err)
	}
	cut, err := pack(&parts[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := VerifyFile(bytes.NewReader(cut), key, nil); err != nil || r.Found == 0 {
		t.Errorf("an empty file: %+v %v", r, err)
	}
	if _, err := VerifyFile(strings.NewReader("x"), key, nil); err == nil {
		t.Error("what is no archive was read")
	}
	// The checkpoint is signed too: rows cannot be cut off at the beginning by writing one.
	superuser(t, env, "update platform.audit_archive set hash = sha256('x') where trail = $1", b.Code)
	if r := verify(t, env, b); r.Found == 0 || r.Findings[0].Kind != Archive {
		t.Errorf("with another checkpoint: %+v", r)
	}
}

// The database itself keeps rows for six months, and a trail that was touched is not archived.
func TestArchiveRefuses(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	act(t, env, b, 2)
	seal(t, NewSealer(env.DB))
	a := &Archiver{DB: env.DB, Files: object.NewLocal(t.TempDir()), Bodies: directory.LookupOf(env.DB), now: func() time.Time { return time.Now().AddDate(1, 0, 0) }}
	if n, err := a.Trail(t.Context(), b.Code, LeastMonths); err == nil || !strings.Contains(err.Error(), "younger than six months") {
		t.Errorf("with a clock a year ahead: %d %v", n, err)
	}
	old := env.Body(t, nil)
	aged(t, env, old, 3, 4)
	seal(t, NewSealer(env.DB))
	superuser(t, env, "update "+env.DB.Config().Role(old.Code)+".audit_log set who = 'x'")
	a.now = nil
	if n, err := a.Trail(t.Context(), old.Code, LeastMonths); err == nil || n != 0 || !strings.Contains(err.Error(), "touched") {
		t.Errorf("touched: %d %v", n, err)
	}
	if r := verify(t, env, old); r.Found != 3 || r.Archived != 0 {
		t.Errorf("after it: %+v", r)
	}
}
