package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"gonghui/app/identity"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	"gonghui/builder"
	"gonghui/builder/signer"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/reseal"
	"gonghui/tenant/rollup"
)

// operator is the module.Host of a command: doors and keys, but no other modules to call.
type operator struct {
	s    *settings
	db   *tenant.DB
	ring *crypt.Ring
}

func (o operator) DB() *tenant.DB                       { return o.db }
func (o operator) Conn(string) grpc.ClientConnInterface { return nil }
func (o operator) Keys() module.Keys                    { return o.ring }
func (o operator) Base() string                         { return o.s.Base }
func (o operator) Redis() redis.UniversalClient         { return nil }
func (o operator) Demo() bool                           { return o.s.Mode == "demo" }
func (o operator) SMS() module.Messenger                { return nil }
func (o operator) Files() object.Store                  { return o.s.Files }
func (o operator) LAN() *module.LAN                     { return nil }
func (o operator) Signer() string                       { return o.s.Signer }
func (o operator) Web() *http.Client                    { return nil }
func (o operator) Scheme() string {
	if o.s.CertFile != "" || len(o.s.Proxies) > 0 {
		return "https"
	}
	return "http"
}

// asOperator opens doors and keys for a command.
func asOperator(ctx context.Context, s *settings, f func(o operator) error) error {
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		ring, err := s.ring(false)
		if err != nil {
			return err
		}
		return f(operator{s, db, ring})
	})
}

// adminInvite prints the entry link of a body's first administrator.
func adminInvite(ctx context.Context, s *settings, args []string) error {
	var code, phone, name, role string
	_, err := flags("admin invite", args, func(f *flag.FlagSet) {
		f.StringVar(&code, "body", "", "code of the body")
		f.StringVar(&phone, "phone", "", "mobile number")
		f.StringVar(&name, "name", "管理员", "name of the person")
		f.StringVar(&role, "role", "admin", "admin, officer or supervisor")
	})
	if err != nil {
		return err
	}
	if role != "admin" && role != "officer" && role != "supervisor" {
		return errors.New("--role takes admin, officer or supervisor")
	}
	if s.Base == "" {
		return errors.New("GONGHUI_BASE is not set: the domain of all hosts")
	}
	return asOperator(ctx, s, func(o operator) error {
		return o.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			var id uuid.UUID
			err := tx.QueryRow(ctx, "select id from platform.body where code = $1", code).Scan(&id)
			if errors.Is(err, pgx.ErrNoRows) {
				return fmt.Errorf("there is no body %q", code)
			}
			if err != nil {
				return err
			}
			made, err := identity.Invite(ctx, tx, o, id, code, &identityv1.CreateInvitationRequest{Phone: phone, Name: name, Role: role})
			if err != nil {
				return err
			}
			fmt.Println(made.Url)
			return nil
		})
	})
}

// adminResetFactors lets somebody in again who has lost phone, passkeys and recovery codes. Who they are was looked at by people:
// the reason says how.
func adminResetFactors(ctx context.Context, s *settings, args []string) error {
	var phone, reason string
	_, err := flags("admin reset-factors", args, func(f *flag.FlagSet) {
		f.StringVar(&phone, "phone", "", "mobile number of the account")
		f.StringVar(&reason, "reason", "", "who asked for it, and how they were known")
	})
	if err != nil {
		return err
	}
	if reason == "" {
		return errors.New("--reason is empty: say who asked for it, and how they were known")
	}
	return asOperator(ctx, s, func(o operator) error {
		return o.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return identity.ResetFactors(ctx, tx, o, phone, reason)
		})
	})
}

// keysRotate takes a new key into use and encrypts anew what older ones sealed. Stopped halfway it goes on where it was:
// run it again.
func keysRotate(ctx context.Context, s *settings, args []string) error {
	var resume bool
	_, err := flags("keys rotate", args, func(f *flag.FlagSet) {
		f.BoolVar(&resume, "resume", false, "make no new key, only finish the re-encryption")
	})
	if err != nil {
		return err
	}
	if !resume {
		if _, err := crypt.Rotate(s.KeyFile); err != nil {
			return err
		}
		if _, err := crypt.Rotate(s.SignerKeyFile); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return asOperator(ctx, s, func(o operator) error {
		// Who serves takes the new key into use a little later, and what is under way may still bring a text of the old one.
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * crypt.CheckEvery):
		}
		changed, err := resealApps(ctx, o)
		if err != nil {
			return err
		}
		for {
			n, err := resealAll(ctx, o)
			if changed += n; err != nil {
				return err
			}
			if n == 0 {
				fmt.Fprintf(os.Stderr, "%d rows encrypted anew\n", changed)
				return nil
			}
		}
	})
}

// resealApps has the signer seal the signing keys of apps anew. Where nothing was ever signed there need be no signer.
func resealApps(ctx context.Context, o operator) (int, error) {
	var any bool
	err := o.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select exists (select from platform.app_key)").Scan(&any)
	})
	if err != nil || !any {
		return 0, err
	}
	return builder.Reseal(ctx, o.db, signer.Dial(o.s.Signer))
}

// resealAll goes over everything once and returns how many rows it encrypted anew.
func resealAll(ctx context.Context, o operator) (int, error) {
	changed, err := identity.Reseal(ctx, o.db, o.ring)
	if err != nil {
		return changed, err
	}
	bar := newProgress("reseal", false)
	err = eachActive(ctx, o.db, func(ctx context.Context, done, total int) error {
		n, err := reseal.Tenant(ctx, o.db, o.ring, module.All())
		changed += n
		bar.at(done+1, total)
		return err
	})
	return changed, err
}

// eachActive runs f in the context of every active body.
func eachActive(ctx context.Context, db *tenant.DB, f func(ctx context.Context, done, total int) error) error {
	var codes []string
	err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, "select code from platform.body where status = 'active' order by code")
		if err != nil {
			return err
		}
		codes, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return err
	}
	lookup := directory.LookupOf(db)
	for i, code := range codes {
		t, err := lookup.ByCode(ctx, code)
		if err != nil {
			return err
		}
		if err := f(tenant.With(ctx, t), i, len(codes)); err != nil {
			return fmt.Errorf("body %s: %w", code, err)
		}
	}
	return nil
}

// rollupRecount compares every figure with the tables it counts.
func rollupRecount(ctx context.Context, s *settings, args []string) error {
	var repair, asJSON bool
	_, err := flags("rollup recount", args, func(f *flag.FlagSet) {
		f.BoolVar(&repair, "repair", false, "put right what is wrong")
		f.BoolVar(&asJSON, "json", false, "print JSON")
	})
	if err != nil {
		return err
	}
	return withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		bar := newProgress("recount", asJSON)
		report, err := rollup.Recount(ctx, db, directory.LookupOf(db), repair, bar.at)
		if err != nil {
			return err
		}
		if asJSON {
			bar.result(report)
		} else {
			fmt.Printf("%d bodies, %d figures differ\n", report.Bodies, report.Wrong)
		}
		if report.Wrong > 0 && !repair {
			return fmt.Errorf("first difference: %s", report.First)
		}
		return nil
	})
}
