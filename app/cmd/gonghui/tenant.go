package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/migrate"
	"gonghui/tenant/provision"
)

func noFlags(*flag.FlagSet) {}

// withDB opens the doors for an operator's command.
func withDB(ctx context.Context, s *settings, f func(db *tenant.DB, cfg tenant.Config) error) error {
	if err := s.needPG(); err != nil {
		return err
	}
	ring, err := s.ring(false)
	if err != nil {
		return err
	}
	cfg := s.tenantConfig(ring)
	db, stop, err := openDB(ctx, cfg)
	if err != nil {
		return err
	}
	defer stop()
	return f(db, cfg)
}

// provisioner makes bodies ready until it is told to stop.
func provisioner(ctx context.Context, s *settings, args []string) error {
	if _, err := flags("provisioner", args, noFlags); err != nil {
		return err
	}
	if err := s.needPG(); err != nil {
		return err
	}
	ring, err := s.ring(false)
	if err != nil {
		return err
	}
	p, err := provision.Open(ctx, s.tenantConfig(ring), module.All(), s.Log)
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Run(ctx)
}

// migrateAll brings the shared schemas up to date and asks the provisioner for every tenant that is behind.
func migrateAll(ctx context.Context, s *settings, args []string) error {
	if _, err := flags("migrate", args, noFlags); err != nil {
		return err
	}
	if err := s.needPG(); err != nil {
		return err
	}
	ring, err := s.ring(true)
	if err != nil {
		return err
	}
	cfg := s.tenantConfig(ring)
	if err := migrate.Setup(ctx, s.PGDSN, cfg, module.All()); err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		n, err := provision.Behind(ctx, db, module.All())
		if err == nil && n > 0 {
			fmt.Fprintf(os.Stderr, "%d bodies are behind; the provisioner brings them up to date\n", n)
		}
		return err
	})
}

// tenantActivate asks for bodies and waits until they are ready. Cancelled, it leaves its wishes to the provisioner.
func tenantActivate(ctx context.Context, s *settings, args []string) error {
	var all, asJSON bool
	codes, err := flags("tenant activate", args, func(f *flag.FlagSet) {
		f.BoolVar(&all, "all", false, "every body below county level excepted")
		f.BoolVar(&asJSON, "json", false, "print JSON lines")
	})
	if err != nil {
		return err
	}
	if !all && len(codes) == 0 {
		return errors.New("name the bodies to activate, or say --all")
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		wanted, err := want(ctx, db, all, codes)
		if err != nil {
			return err
		}
		bar := newProgress("activate", asJSON)
		begin := time.Now()
		for {
			var left, failed int
			var reason string
			err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
				return tx.QueryRow(ctx, `select count(*) filter (where state = 'wanted'), count(*) filter (where state = 'failed'),
					coalesce(max(error) filter (where state = 'failed'), '') from platform.activation where body_id = any($1)`, wanted).
					Scan(&left, &failed, &reason)
			})
			if err != nil {
				return err
			}
			bar.at(len(wanted)-left, len(wanted))
			if left == 0 {
				if failed > 0 {
					return fmt.Errorf("%d bodies failed: %s", failed, reason)
				}
				if asJSON {
					bar.result(map[string]any{"activated": len(wanted), "seconds": time.Since(begin).Seconds()})
				}
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
}

// want writes the wishes and returns the bodies that are not ready yet.
func want(ctx context.Context, db *tenant.DB, all bool, codes []string) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	preset := provision.Preset(module.All())
	err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, `select id from platform.body where status <> 'active'
			and (code = any($1) or $2 and level in ('national', 'national_industrial', 'province', 'city', 'county'))`, codes, all)
		if err != nil {
			return err
		}
		if ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
			return err
		}
		if !all {
			var known int
			if err := tx.QueryRow(ctx, "select count(*) from platform.body where code = any($1)", codes).Scan(&known); err != nil {
				return err
			}
			if known < len(codes) {
				return fmt.Errorf("%d of the %d codes are no bodies", len(codes)-known, len(codes))
			}
		}
		return provision.WantAll(ctx, tx, ids, preset)
	})
	return ids, err
}

// tenantStatus is the board of who stands where.
func tenantStatus(ctx context.Context, s *settings, args []string) error {
	var asJSON bool
	if _, err := flags("tenant status", args, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "print JSON") }); err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		board, err := provision.Status(ctx, db, module.All())
		if err != nil {
			return err
		}
		if asJSON {
			newProgress("", true).result(board)
			return nil
		}
		fmt.Printf("bodies %d\nactive %d\nwaiting %d\nfailed %d\nbehind %d\n", board.Bodies, board.Active, board.Waiting, board.Failed, board.Behind)
		for _, f := range board.Failures {
			fmt.Printf("  %s  %s\n", f.Code, f.Error)
		}
		return nil
	})
}
