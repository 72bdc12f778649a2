package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/provision"
	"gonghui/tenant/rollup"
)

// A backup is a folder: a dump a schema and, for each body, the versions its tables had. A whole-database dump would need
// a lock for every relation at once.
type manifest struct {
	Code     string         `json:"code"`
	At       time.Time      `json:"at"`
	Versions map[string]int `json:"versions"`
}

var codeForm = regexp.MustCompile(`^[a-z0-9]{2,24}$`)

// backup writes the shared schemas and every active body, or one body. What is there from an interrupted run stays.
func backup(ctx context.Context, s *settings, args []string) error {
	var to, code string
	_, err := flags("backup", args, func(f *flag.FlagSet) {
		f.StringVar(&to, "to", "", "folder")
		f.StringVar(&code, "tenant", "", "code of one body")
	})
	if err != nil {
		return err
	}
	if to == "" {
		return errors.New("--to names the folder of the backup")
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, cfg tenant.Config) error {
		if code != "" {
			return backupTenant(ctx, s, db, cfg, to, code)
		}
		for _, schema := range []string{"platform", "cell"} {
			if err := dump(ctx, s, schema, filepath.Join(to, schema+".dump")); err != nil {
				return err
			}
		}
		bar := newProgress("backup", false)
		return eachActive(ctx, db, func(ctx context.Context, done, total int) error {
			defer bar.at(done+1, total)
			code := tenant.From(ctx).Code
			if _, err := os.Stat(filepath.Join(to, code+".json")); err == nil {
				return nil
			}
			return backupTenant(ctx, s, db, cfg, to, code)
		})
	})
}

func backupTenant(ctx context.Context, s *settings, db *tenant.DB, cfg tenant.Config, to, code string) error {
	if !codeForm.MatchString(code) {
		return fmt.Errorf("%q is no code of a body", code)
	}
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
	if err := dump(ctx, s, cfg.Role(code), filepath.Join(to, code+".dump")); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, code+".json"), raw, 0o600)
}

// dump writes one schema; the file is its owner's alone, and appears under its name when it is whole.
func dump(ctx context.Context, s *settings, schema, file string) error {
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	cmd, err := pgTool(ctx, s, "pg_dump", "--format=custom", "--schema="+schema, "--file="+part)
	if err != nil {
		return err
	}
	if err := cmd(nil); err != nil {
		return err
	}
	return os.Rename(part, file)
}

// restore puts one body back, in one transaction, while the others work; then its figures are counted anew.
func restore(ctx context.Context, s *settings, args []string) error {
	var from, code string
	_, err := flags("restore", args, func(f *flag.FlagSet) {
		f.StringVar(&from, "from", "", "folder of the backup")
		f.StringVar(&code, "tenant", "", "code of the body")
	})
	if err != nil {
		return err
	}
	if from == "" || !codeForm.MatchString(code) {
		return errors.New("--from names the folder of the backup, --tenant the body")
	}
	var m manifest
	raw, err := os.ReadFile(filepath.Join(from, code+".json"))
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		return fmt.Errorf("the backup holds no body %s: %w", code, err)
	}
	return withDB(ctx, s, func(db *tenant.DB, cfg tenant.Config) error {
		var script bytes.Buffer
		fmt.Fprintf(&script, "select pg_advisory_xact_lock(hashtext('%[1]s'));\ndrop schema if exists %[1]s cascade;\n", cfg.Role(code))
		read, err := pgTool(ctx, s, "pg_restore", "--file=-", filepath.Join(from, code+".dump"))
		if err != nil {
			return err
		}
		if err := read(&script); err != nil {
			return err
		}
		fmt.Fprintf(&script, "delete from cell.migration where tenant = '%s';\n", code)
		names := make([]string, 0, len(m.Versions))
		for name := range m.Versions {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			for v := 1; v <= m.Versions[name]; v++ {
				fmt.Fprintf(&script, "insert into cell.migration (tenant, module, version) values ('%s', '%s', %d);\n", code, name, v)
			}
		}
		if err := runScript(ctx, s, script.Bytes()); err != nil {
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
		report, err := rollup.Recount(ctx, db, lookup, true, func(int, int) {})
		if err == nil {
			fmt.Fprintf(os.Stderr, "body %s is as of %s; %d figures were put right\n", code, m.At.Local().Format(time.DateTime), report.Wrong)
		}
		return err
	})
}

// runScript runs what pg_restore wrote: psql, because the script may hold COPY data.
func runScript(ctx context.Context, s *settings, script []byte) error {
	f, err := os.CreateTemp("", "gonghui-restore-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(script); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	run, err := pgTool(ctx, s, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file="+f.Name())
	if err != nil {
		return err
	}
	return run(nil)
}

// pgTool prepares one of Postgres' own programs for the database; the password goes by the environment.
func pgTool(ctx context.Context, s *settings, name string, args ...string) (func(out *bytes.Buffer) error, error) {
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
	return func(out *bytes.Buffer) error {
		var trouble bytes.Buffer
		if out != nil {
			cmd.Stdout = out
		}
		cmd.Stderr = &trouble
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(trouble.Bytes()))
		}
		return nil
	}, nil
}
