package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"gonghui/app/demo"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/directory/division"
)

// seedDivisions founds the bodies that the administrative divisions ask for. A second run changes nothing.
func seedDivisions(ctx context.Context, s *settings, args []string) error {
	var townships, asJSON bool
	_, err := flags("seed divisions", args, func(f *flag.FlagSet) {
		f.BoolVar(&townships, "townships", false, "41,352 more, registered only")
		f.BoolVar(&asJSON, "json", false, "print JSON lines")
	})
	if err != nil {
		return err
	}
	bodies, err := division.Bodies()
	if err != nil {
		return err
	}
	bodies = append(bodies, division.Industrial()...)
	if townships {
		towns, err := division.Townships()
		if err != nil {
			return err
		}
		bodies = append(bodies, towns...)
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		bar := newProgress("bodies", asJSON)
		added, err := directory.Seed(ctx, db, bodies, bar.at)
		if err != nil {
			return err
		}
		if asJSON {
			bar.result(map[string]int{"bodies": len(bodies), "added": added})
		} else {
			fmt.Fprintf(os.Stderr, "%d bodies, %d of them new\n", len(bodies), added)
		}
		return nil
	})
}

// seedDemo fills one province with generated people, once a body.
func seedDemo(ctx context.Context, s *settings, args []string) error {
	province, members := demo.Province, 20_000
	_, err := flags("seed demo", args, func(f *flag.FlagSet) {
		f.StringVar(&province, "province", province, "division code of six digits")
		f.IntVar(&members, "members", members, "about how many in all")
	})
	if err != nil {
		return err
	}
	if len(province) != 6 {
		return errors.New("--province takes a division code of six digits, such as 440000")
	}
	return asOperator(ctx, s, func(o operator) error {
		bar := newProgress("people", false)
		added, err := demo.Seed(ctx, o, province, members, bar.at)
		if err == nil {
			fmt.Fprintf(os.Stderr, "%d members added\n", added)
		}
		return err
	})
}
