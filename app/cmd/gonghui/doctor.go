package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/builder/signer"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/provision"
)

// doctor looks at everything a serving process needs and says what is not right.
func doctor(ctx context.Context, s *settings, args []string) error {
	if _, err := flags("doctor", args, noFlags); err != nil {
		return err
	}
	bad, all := 0, 0
	check := func(what string, f func() (string, error)) {
		all++
		detail, err := f()
		if err != nil {
			bad++
			fmt.Printf("✗ %-12s %v\n", what, err)
			return
		}
		fmt.Printf("✓ %-12s %s\n", what, detail)
	}
	check("keys", func() (string, error) {
		_, err := s.ring(false)
		return s.KeyFile, err
	})
	check("redis", func() (string, error) {
		r, stop, err := openRedis(s)
		if err != nil {
			return "", err
		}
		defer stop()
		return "answers", r.Ping(ctx).Err()
	})
	check("messages", func() (string, error) {
		gateway, err := s.messenger()
		switch {
		case err != nil:
			return "", err
		case gateway != nil:
			return s.SMS, nil
		case s.Mode == "demo":
			return "shown in the inbox of the demo system: /dev/inbox", nil
		}
		return "", errors.New("no gateway: nobody can sign in by a code; GONGHUI_SMS names one")
	})
	check("postgres", func() (string, error) {
		if err := s.needPG(); err != nil {
			return "", err
		}
		conn, err := pgx.Connect(ctx, s.PGDSN)
		if err != nil {
			return "", err
		}
		defer conn.Close(ctx)
		var version string
		var locks, connections int
		err = conn.QueryRow(ctx, `select current_setting('server_version'), current_setting('max_locks_per_transaction')::int,
			current_setting('max_connections')::int`).Scan(&version, &locks, &connections)
		if err == nil && (locks < 256 || connections < 100) {
			err = fmt.Errorf("max_locks_per_transaction %d, want 256; max_connections %d, want 100", locks, connections)
		}
		return version, err
	})
	check("clock", func() (string, error) {
		var at time.Time
		err := withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
			return db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
				return tx.QueryRow(ctx, "select clock_timestamp()").Scan(&at)
			})
		})
		if off := time.Since(at).Abs(); err == nil && off > 2*time.Second {
			err = fmt.Errorf("this machine and the database differ by %s", off.Round(time.Millisecond))
		}
		return "agrees with the database", err
	})
	check("tenants", func() (string, error) {
		var b provision.Board
		err := withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) (err error) {
			b, err = provision.Status(ctx, db, module.All())
			return err
		})
		if err == nil && b.Failed+b.Behind > 0 {
			err = fmt.Errorf("%d failed, %d behind: see gonghui tenant status", b.Failed, b.Behind)
		}
		return fmt.Sprintf("%d of %d bodies active", b.Active, b.Bodies), err
	})
	check("audit", func() (string, error) {
		return sealing(ctx, s)
	})
	check("signer", func() (string, error) { return s.Signer, signer.Dial(s.Signer).Health(ctx) })
	check("meetings", func() (string, error) { return meetingProcesses(ctx, s) })
	check("files", func() (string, error) { return fmt.Sprint(s.Files), tryFiles(ctx, s.Files) })
	if bad > 0 {
		return fmt.Errorf("%d of %d checks failed", bad, all)
	}
	_, err := fmt.Fprintln(os.Stdout, "all is well")
	return err
}

// sealing says whether audit rows are sealed: one that has waited for longer than a minute means that no process serves.
func sealing(ctx context.Context, s *settings) (detail string, err error) {
	err = withDB(ctx, s, func(db *tenant.DB, _ tenant.Config) error {
		var waiting, trails int
		var oldest *time.Time
		err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			var id *uuid.UUID
			if err := tx.QueryRow(ctx, `select (select count(*) from cell.audit_pending), (select count(distinct trail) from platform.audit_head),
				(select row_id from cell.audit_pending order by id limit 1)`).Scan(&waiting, &trails, &id); err != nil || id == nil {
				return err
			}
			at := time.Unix(id.Time().UnixTime())
			oldest = &at
			return nil
		})
		if err == nil && oldest != nil && time.Since(*oldest) > time.Minute {
			return fmt.Errorf("%d rows wait for their seals, the oldest since %s: no process serves the module audit", waiting, oldest.Local().Format(time.DateTime))
		}
		detail = fmt.Sprintf("%d trails sealed, %d rows wait", trails, waiting)
		return err
	})
	return detail, err
}

// tryFiles writes an object, reads it back and removes it.
func tryFiles(ctx context.Context, files object.Store) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	text := rand.Text()
	key := "doctor/" + text
	if err := files.Put(ctx, key, strings.NewReader(text), int64(len(text))); err != nil {
		return err
	}
	r, err := files.Get(ctx, key, 0, -1)
	if err != nil {
		return err
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err == nil && string(got) != text {
		err = fmt.Errorf("%s reads otherwise than it was written", key)
	}
	if err != nil {
		return err
	}
	if err := files.Delete(ctx, key); err != nil {
		return err
	}
	switch _, err := files.Stat(ctx, key); {
	case err == nil:
		return fmt.Errorf("%s is still there after it was deleted", key)
	case !errors.Is(err, object.ErrNotFound):
		return err
	}
	return nil
}
