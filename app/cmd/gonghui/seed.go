package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

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

var errProduction = errors.New("demo people are refused in production: set GONGHUI_MODE=demo for a demo system")
