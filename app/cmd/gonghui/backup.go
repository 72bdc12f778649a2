package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/day"
	"gonghui/app/member"
	"gonghui/app/module"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/provision"
	"gonghui/tenant/rollup"
)

// A backup is a dump a schema and, for each body, what tells that its dump is whole and which versions its tables had. A
// whole-database dump would need a lock for every relation at once.
type manifest struct {
	Code     string         `json:"code"`
	At       time.Time      `json:"at"`
	Versions map[string]int `json:"versions"`
	Size     int64          `json:"size"`   // of the dump, bytes
	SHA256   string         `json:"sha256"` // of the dump
}

// allBodies is written when a backup of everything is whole; no body's code has a hyphen.
const allBodies = "all-bodies.json"

// auditHeadsFile holds the signed heads of the audit trails, for audit verify --heads.
const auditHeadsFile = "audit-heads.jsonl"

var codeForm = regexp.MustCompile(`^[a-z0-9]{2,24}$`)

// place is where a backup lies: a folder, or with s3: before it a prefix in the bucket of the settings.
func place(s *settings, at string) (object.Store, error) {
	prefix, remote := strings.CutPrefix(at, "s3:")
	if !remote {
		return object.NewLocal(at), nil
	}
	if !s.bucket() {
		return nil, errors.New("s3: needs the settings GONGHUI_S3_*")
	}
	return object.Under(s.Files, prefix)
}

// backup writes the shared schemas and every active body, or one body. What is there from an interrupted run stays.
func backup(ctx context.Context, s *settings, args []string) error {
	var to, code string
	_, err := flags("backup", args, func(f *flag.FlagSet) {
		f.StringVar(&to, "to", "", "folder, or s3:PREFIX in the bucket; s3:backup/DAY when there is a bucket")
		f.StringVar(&code, "tenant", "", "code of one body")
	})
	if err != nil {
		return err
	}
	if code != "" && !codeForm.MatchString(code) {
		return fmt.Errorf("%q is no code of a body", code)
	}
	if to == "" {
		if !s.bucket() {
			return errors.New("--to names the folder of the backup")
		}
		to = "s3:backup/" + day.Format(day.Today())
	}
	store, err := place(s, to)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "backup to", to)
	return withDB(ctx, s, func(db *tenant.DB, cfg tenant.Config) error {
		if code != "" {
			return backupTenant(ctx, s, db, cfg, store, code)
		}
		began, bodies := time.Now().UTC(), 0
		if info, err := store.Stat(ctx, allBodies); err == nil {
			return fmt.Errorf("%s holds a whole backup of %s already: name another place", to, info.Modified.Local().Format(time.DateTime))
		} else if !errors.Is(err, object.ErrNotFound) {
			return err
		}
		for _, schema := range []string{"platform", "cell"} {
			if _, _, err := dump(ctx, s, schema, store, schema+".dump"); err != nil {
				return err
			}
		}
		bar := newProgress("backup", false)
		err := eachActive(ctx, db, func(ctx context.Context, done, total int) error {
			defer bar.at(done+1, total)
			bodies = total
			code := tenant.From(ctx).Code
			if _, err := store.Stat(ctx, code+".json"); !errors.Is(err, object.ErrNotFound) {
				return err
			}
			return backupTenant(ctx, s, db, cfg, store, code)
		})
		if err != nil {
			return err
		}
		// Heads of the audit trails, in another place than the database: they show when its end is cut off.
		var heads bytes.Buffer
		if err := writeHeads(ctx, db, &heads); err != nil {
			return err
		}
		if err := store.Put(ctx, auditHeadsFile, &heads, int64(heads.Len())); err != nil {
			return err
		}
		return putJSON(ctx, store, allBodies, map[string]any{"began": began, "ended": time.Now().UTC(), "bodies": bodies})
	})
}

// backupTenant writes a body's dump and, last, what tells that it is whole. Over an older backup that one holds until the new
// dump is there; between the two the digest tells that they do not belong together.
func backupTenant(ctx context.Context, s *settings, db *tenant.DB, cfg tenant.Config, to object.Store, code string) error {
	m := manifest{Code: code, At: time.Now().UTC(), Versions: map[string]int{}}
	err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, "select module, max(version) from cell.migration where tenant = $1 group by module", code)
		if err != nil {
			return err
		}
		var name string
		var version int
		_, err = pgx.ForEachRow(rows, []any{&name, &version}, func() error { m.Versions[name] = version; return nil })
		return err
	})
	if err != nil {
		return err
	}
	if len(m.Versions) == 0 {
		return fmt.Errorf("body %s has no schema", code)
	}
	if m.Size, m.SHA256, err = dump(ctx, s, cfg.Role(code), to, code+".dump"); err != nil {
		return err
	}
	return putJSON(ctx, to, code+".json", m)
}

func putJSON(ctx context.Context, to object.Store, key string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return to.Put(ctx, key, bytes.NewReader(raw), int64(len(raw)))
}

// dump streams one schema into the store, where it appears when it is whole, and returns its size and SHA-256.
func dump(ctx context.Context, s *settings, schema string, to object.Store, key string) (int64, string, error) {
	run, err := pgTool(ctx, s, "pg_dump", "--format=custom", "--schema="+schema)
	if err != nil {
		return 0, "", err
	}
	r, w := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.CloseWithError(run(nil, w)) // a dump that failed must not look like one that ended
	}()
	sum := &digest{Hash: sha256.New()}
	err = to.Put(ctx, key, io.TeeReader(r, sum), -1)
	r.CloseWithError(err)
	<-ended
	return sum.n, sum.hex(), err
}

// digest takes in what passes by.
type digest struct {
	hash.Hash
	n int64
}

func (d *digest) Write(p []byte) (int, error) {
	d.n += int64(len(p))
	return d.Hash.Write(p)
}

func (d *digest) hex() string { return hex.EncodeToString(d.Sum(nil)) }

// restore puts one body back, in one transaction, while the others work; then its figures are counted anew.
func restore(ctx context.Context, s *settings, args []string) error {
	var from, code string
	_, err := flags("restore", args, func(f *flag.FlagSet) {
		f.StringVar(&from, "from", "", "folder of the backup, or s3:PREFIX in the bucket")
		f.StringVar(&code, "tenant", "", "code of the body")
	})
	if err != nil {
		return err
	}
	if from == "" || !codeForm.MatchString(code) {
		return errors.New("--from names the folder of the backup, or s3:PREFIX, and --tenant the body")
	}
	store, err := place(s, from)
	if err != nil {
		return err
	}
	m, err := readManifest(ctx, store, code)
	if errors.Is(err, object.ErrNotFound) {
		return fmt.Errorf("the backup in %s holds no body %s", from, code)
	}
	if err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, cfg tenant.Config) error {
		if err := restoreSchema(ctx, s, cfg.Role(code), store, m); err != nil {
			return err
		}
		lookup := directory.LookupOf(db)
		t, err := lookup.ByCode(ctx, code)
		if err != nil {
			return err
		}
		// Modules that came after the backup get their tables, and the figures are what the tables say.
		err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return provision.Again(ctx, tx, t.ID, provision.Preset(module.All()))
		})
		if err != nil {
			return err
		}
		if err := provision.Wait(ctx, db, t.ID); err != nil {
			return err
		}
		lost, err := reregister(ctx, s, db, t)
		if err != nil {
			return err
		}
		err = db.Tx(tenant.With(ctx, t), func(ctx context.Context, tx tenant.DBTX) error {
			tenant.Audit(ctx, tx, tenant.Act{Act: "audit.restore", Kind: "body", Object: code, Reason: "backup of " + m.At.Format(time.RFC3339), After: m})
			return nil
		})
		if err != nil {
			return err
		}
		report, err := rollup.Recount(ctx, db, lookup, true, func(int, int) {})
		if err == nil {
			fmt.Fprintf(os.Stderr, "body %s is as of %s; %d figures were put right; %d of its members have joined another body since\n",
				code, m.At.Local().Format(time.DateTime), report.Wrong, lost)
		}
		return err
	})
}

// reregister tells the nation's registry who is on the roll that was put back.
func reregister(ctx context.Context, s *settings, db *tenant.DB, t *tenant.Tenant) (lost int, err error) {
	if !t.On["member"] {
		return 0, nil
	}
	ring, err := s.ring(false)
	if err != nil {
		return 0, err
	}
	return member.Renew(tenant.With(ctx, t), operator{s, db, ring})
}

func readManifest(ctx context.Context, from object.Store, code string) (m manifest, err error) {
	r, err := from.Get(ctx, code+".json", 0, -1)
	if err != nil {
		return m, err
	}
	defer r.Close()
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return m, fmt.Errorf("%s.json of the backup: %w", code, err)
	}
	if m.Code != code {
		return m, fmt.Errorf("%s.json of the backup is of body %q", code, m.Code)
	}
	for name := range m.Versions {
		if !codeForm.MatchString(name) {
			return m, fmt.Errorf("%s.json of the backup names a module %q", code, name)
		}
	}
	return m, nil
}

// The audit trail is not put back: it goes on. The log of the body as it stands is laid aside and takes the place of the one
// in the backup, whose sealed rows it gets where they are missing. A body that has lost its schema gets the log of the backup.
const (
	trailAside = `do $$ begin
	if to_regclass('%[1]s.audit_log') is not null then
		create schema %[1]s_aside;
		alter table %[1]s.audit_log set schema %[1]s_aside;
	end if;
end $$;
`
	trailBack = `
do $$ declare columns text;
begin
	if to_regclass('%[1]s_aside.audit_log') is not null then
		select string_agg(quote_ident(a.attname), ', ') into columns from pg_catalog.pg_attribute a
			where a.attrelid = '%[1]s.audit_log'::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped;
		execute 'insert into %[1]s_aside.audit_log (' || columns || ') select ' || columns || ' from %[1]s.audit_log l
			where exists (select from cell.audit_seal s where s.trail = ''%[2]s'' and s.row_id = l.id)
				and not exists (select from %[1]s_aside.audit_log k where k.id = l.id)';
		drop table %[1]s.audit_log;
		alter table %[1]s_aside.audit_log set schema %[1]s;
		drop schema %[1]s_aside;
	end if;
end $$;
`
)

// restoreSchema runs what pg_restore makes of the dump in one transaction with the versions of the tables: by psql, because
// the script may hold COPY data. Nothing runs before the whole dump has been seen to be what was written.
func restoreSchema(ctx context.Context, s *settings, schema string, from object.Store, m manifest) error {
	script, err := os.CreateTemp("", "gonghui-restore-")
	if err != nil {
		return err
	}
	defer os.Remove(script.Name())
	defer script.Close()
	if _, err := fmt.Fprintf(script, "select pg_advisory_xact_lock(hashtext('%[1]s'));\n"+trailAside+"drop schema if exists %[1]s cascade;\n", schema); err != nil {
		return err
	}
	if err := unpack(ctx, s, script, from, m); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(script, trailBack, schema, m.Code); err != nil {
		return err
	}
	var versions strings.Builder
	fmt.Fprintf(&versions, "delete from cell.migration where tenant = '%s';\n", m.Code)
	for _, name := range slices.Sorted(maps.Keys(m.Versions)) {
		for v := 1; v <= m.Versions[name]; v++ {
			fmt.Fprintf(&versions, "insert into cell.migration (tenant, module, version) values ('%s', '%s', %d);\n", m.Code, name, v)
		}
	}
	if _, err := script.WriteString(versions.String()); err != nil {
		return err
	}
	run, err := pgTool(ctx, s, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file="+script.Name())
	if err != nil {
		return err
	}
	return run(nil, nil)
}

// unpack writes what pg_restore makes of the dump, and fails when it is not the dump that the manifest was written for.
func unpack(ctx context.Context, s *settings, script *os.File, from object.Store, m manifest) error {
	run, err := pgTool(ctx, s, "pg_restore", "--file=-")
	if err != nil {
		return err
	}
	r, err := from.Get(ctx, m.Code+".dump", 0, -1)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := &digest{Hash: sha256.New()}
	dump := io.TeeReader(r, sum)
	failed := run(dump, script)
	if _, err := io.Copy(io.Discard, dump); err != nil { // pg_restore need not read to the end
		return err
	}
	if sum.n != m.Size || sum.hex() != m.SHA256 {
		return fmt.Errorf("%s.dump is not what the backup wrote: %d bytes with SHA-256 %s, want %d with %s", m.Code, sum.n, sum.hex(), m.Size, m.SHA256)
	}
	return failed
}

// pgTool prepares one of Postgres' own programs for the database; the password goes by the environment.
func pgTool(ctx context.Context, s *settings, name string, args ...string) (func(in io.Reader, out io.Writer) error, error) {
	path, err := exec.LookPath(name)
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		path, err = found[len(found)-1], nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s is not installed: %w", name, err)
	}
	cc, err := pgx.ParseConfig(s.PGDSN)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PGHOST="+cc.Host, fmt.Sprintf("PGPORT=%d", cc.Port), "PGUSER="+cc.User, "PGPASSWORD="+cc.Password, "PGDATABASE="+cc.Database)
	return func(in io.Reader, out io.Writer) error {
		var trouble bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, &trouble
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(trouble.Bytes()))
		}
		return nil
	}, nil
}
