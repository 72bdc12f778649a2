package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"gonghui/app/e2e/bench"
	"gonghui/media/sfu/load"
)

func init() {
	commands = append(commands, command{
		"bench", "[" + strings.Join(bench.Names(), " | ") + " …] [--json] [--write BENCH.md] [--small] [--profiles DIR]",
		"measure the product beside its floors, on private servers of its own", measure,
	})
}

// measure runs benches on a stack of their own; nothing of the environment's database is touched.
func measure(ctx context.Context, s *settings, args []string) error {
	var asJSON, small bool
	var file, profiles string
	names, err := flags("bench", args, func(f *flag.FlagSet) {
		f.BoolVar(&asJSON, "json", false, "print an object a line")
		f.BoolVar(&small, "small", false, "small sizes: whether it works, not how fast it is")
		f.StringVar(&file, "write", "", "write the report into this file; of some benches alone, in the place of their old figures")
		f.StringVar(&profiles, "profiles", "", "write where the time of servers of sound and pictures goes into this directory, for go tool pprof")
	})
	if err != nil {
		return err
	}
	if len(names) == 1 && names[0] == bench.BareWord {
		return serveFloors(ctx, s)
	}
	if len(names) == 3 && names[0] == bench.MediaWord {
		return load.Serve(ctx, names[1], names[2])
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	report, err := bench.Run(ctx, bench.Options{
		Binary: exe, Names: names, Small: small, Profiles: profiles, Progress: os.Stderr,
		Each: func(f bench.Figure) {
			if asJSON {
				_ = json.NewEncoder(os.Stdout).Encode(f)
			}
		},
	})
	if err != nil {
		return err
	}
	if !asJSON {
		fmt.Print(report.Markdown())
	}
	if file == "" {
		return nil
	}
	text := report.Markdown()
	if len(names) > 0 {
		old, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		text = report.Into(string(old))
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// serveFloors serves the bare handlers that bench measures against.
func serveFloors(ctx context.Context, s *settings) error {
	if err := s.needPG(); err != nil {
		return err
	}
	ring, err := s.ring(false)
	if err != nil {
		return err
	}
	return bench.Bare(ctx, s.Listen, s.tenantConfig(ring))
}
