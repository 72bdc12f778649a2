package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
	"gonghui/tenant/audit"
	"gonghui/tenant/directory"
)

// auditVerify follows trails from their first row to their last and says what is wrong.
func auditVerify(ctx context.Context, s *settings, args []string) error {
	var code, heads, archive string
	var all, platform, asJSON bool
	_, err := flags("audit verify", args, func(f *flag.FlagSet) {
		f.StringVar(&code, "tenant", "", "code of one body")
		f.BoolVar(&all, "all", false, "every trail")
		f.BoolVar(&platform, "platform", false, "the trail of what is done above the bodies")
		f.StringVar(&heads, "heads", "", "file of heads that was kept elsewhere, of audit heads or a backup")
		f.StringVar(&archive, "archive", "", "an archived part: a file, or a key in the store; with --tenant or --platform and the word all, every part of the trail")
		f.BoolVar(&asJSON, "json", false, "print JSON lines")
	})
	switch {
	case err != nil:
		return err
	case code != "" && !codeForm.MatchString(code):
		return fmt.Errorf("%q is no code of a body", code)
	case archive == "" && !all && !platform && code == "", archive == "all" && !platform && code == "":
		return errors.New("--tenant names a body, --platform or --all the others")
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		p := newProgress("verify", asJSON)
		sum := verdict{p: p, json: asJSON}
		if archive != "" {
			return errors.Join(verifyArchive(ctx, s, db, &sum, code, archive), sum.end())
		}
		v := &audit.Verifier{DB: db}
		if heads != "" {
			if v.Against, err = readHeads(heads); err != nil {
				return err
			}
		}
		trails := []string{code}
		if all {
			if trails, err = allTrails(ctx, db, v.Against); err != nil {
				return err
			}
		} else if platform && code != "" {
			trails = append(trails, "")
		}
		lookup := directory.LookupOf(db)
		for i, trail := range trails {
			if len(trails) == 1 {
				v.Progress = func(done, total int64) { p.at(int(done), int(total)) }
			}
			report, err := v.Of(ctx, trail, lookup)
			if err != nil {
				return err
			}
			sum.take(report)
			if len(trails) > 1 {
				p.at(i+1, len(trails))
			}
		}
		return sum.end()
	})
}

// verdict adds up reports and prints what they found.
type verdict struct {
	p                           *progress
	json                        bool
	trails                      int
	rows, archived, found, more int64
}

func (v *verdict) take(r audit.Report) {
	v.trails++
	v.rows += r.Rows
	v.archived += r.Archived
	v.found += r.Found
	v.more += r.Found - int64(len(r.Findings))
	if v.json && r.Found > 0 {
		v.p.result(r)
	} else if !v.json {
		for _, f := range r.Findings {
			fmt.Println(f)
		}
	}
}

func (v *verdict) end() error {
	if v.json {
		v.p.result(map[string]any{"trails": v.trails, "rows": v.rows, "archived": v.archived, "found": v.found})
	} else {
		fmt.Printf("%d trails, %d rows in the tables, %d in archives, %d findings", v.trails, v.rows, v.archived, v.found)
		if v.more > 0 {
			fmt.Printf(", %d of them not listed", v.more)
		}
		fmt.Println()
	}
	if v.found > 0 {
		return fmt.Errorf("the audit trail is not whole: %d findings", v.found)
	}
	return nil
}

// allTrails are those of active bodies, those that have heads, and those that somebody kept a head of.
func allTrails(ctx context.Context, db *tenant.DB, against map[string][]audit.Kept) ([]string, error) {
	trails := []string{""}
	in := map[string]bool{"": true}
	add := func(code string) {
		if !in[code] {
			in[code] = true
			trails = append(trails, code)
		}
	}
	if err := eachActive(ctx, db, func(ctx context.Context, _, _ int) error {
		add(tenant.From(ctx).Code)
		return nil
	}); err != nil {
		return nil, err
	}
	for code := range against {
		add(code)
	}
	return trails, audit.AllHeads(ctx, db, func(k audit.Kept) error {
		add(k.Trail)
		return nil
	})
}

// verifyArchive verifies a file on the disk, one in the store, or all files of a trail.
func verifyArchive(ctx context.Context, s *settings, db *tenant.DB, sum *verdict, code, archive string) error {
	parts, err := audit.Parts(ctx, db, code)
	if err != nil {
		return err
	}
	one := func(r io.ReadCloser, err error, want *audit.Part) error {
		if err != nil {
			return err
		}
		defer r.Close()
		report, err := audit.VerifyFile(r, db.Trail(), want)
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		sum.take(report)
		return nil
	}
	if archive != "all" {
		if f, err := os.Open(archive); err == nil {
			return one(f, nil, nil)
		}
		var want *audit.Part
		for i := range parts {
			if parts[i].File == archive {
				want = &parts[i]
			}
		}
		r, err := s.Files.Get(ctx, archive, 0, -1)
		return one(r, err, want)
	}
	for i := range parts {
		r, err := s.Files.Get(ctx, parts[i].File, 0, -1)
		if err := one(r, err, &parts[i]); err != nil {
			return err
		}
		sum.p.at(i+1, len(parts))
	}
	return nil
}

// readHeads reads what audit heads wrote.
func readHeads(path string) (map[string][]audit.Kept, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	heads := map[string][]audit.Kept{}
	for d := json.NewDecoder(f); ; {
		var k audit.Kept
		err := d.Decode(&k)
		if err == io.EOF {
			break
		}
		if err != nil || k.Count < 1 || len(k.Hash) != len(chain.Sum{}) {
			return nil, errors.Join(fmt.Errorf("%s is no file of heads", path), err)
		}
		heads[k.Trail] = append(heads[k.Trail], k)
	}
	if len(heads) == 0 {
		return nil, fmt.Errorf("%s holds no head", path)
	}
	return heads, nil
}

// auditHeads prints the signed head of every trail, a line each, to be kept where the database's administrators cannot reach.
func auditHeads(ctx context.Context, s *settings, args []string) error {
	if _, err := flags("audit heads", args, noFlags); err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error { return writeHeads(ctx, db, os.Stdout) })
}

func writeHeads(ctx context.Context, db *tenant.DB, w io.Writer) error {
	lines := json.NewEncoder(w)
	return audit.AllHeads(ctx, db, func(k audit.Kept) error { return lines.Encode(k) })
}

// auditArchive moves what is older than its policy into files, as every night does.
func auditArchive(ctx context.Context, s *settings, args []string) error {
	var asJSON bool
	if _, err := flags("audit archive", args, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "print JSON lines") }); err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		p := newProgress("archive", asJSON)
		rows, err := (&audit.Archiver{DB: db, Files: s.Files, Bodies: directory.LookupOf(db), Progress: p.at}).Run(ctx)
		if asJSON {
			p.result(map[string]any{"rows": rows})
		} else {
			fmt.Printf("%d rows archived\n", rows)
		}
		return err
	})
}

// auditAdopt seals rows that have no seal, as those that an earlier release wrote: whether they are genuine, whoever runs it answers
// for. That it was done stands in the trail.
func auditAdopt(ctx context.Context, s *settings, args []string) error {
	var code, reason string
	var all, platform bool
	_, err := flags("audit adopt", args, func(f *flag.FlagSet) {
		f.StringVar(&code, "tenant", "", "code of one body")
		f.BoolVar(&all, "all", false, "every trail")
		f.BoolVar(&platform, "platform", false, "the trail of what is done above the bodies")
		f.StringVar(&reason, "reason", "", "why: it is recorded")
	})
	switch {
	case err != nil:
		return err
	case reason == "":
		return errors.New("--reason says why; it is recorded")
	case code == "" && !all && !platform:
		return errors.New("--tenant names a body, --platform or --all the others")
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		trails := []string{code}
		if all {
			if trails, err = allTrails(ctx, db, nil); err != nil {
				return err
			}
		}
		rows, lookup := 0, directory.LookupOf(db)
		for _, trail := range trails {
			n, err := audit.Adopt(ctx, db, lookup, trail, reason)
			if rows += n; err != nil {
				return err
			}
		}
		fmt.Printf("%d rows wait for their seals now\n", rows)
		return nil
	})
}
