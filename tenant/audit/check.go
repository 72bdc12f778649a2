package audit

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
)

const (
	// look is how often a process looks for verifications that wait, or that a process left when it was killed.
	look = 5 * time.Second
	// beat is how often progress is written, and abandoned after how long without it a verification is begun anew by another process.
	beat      = 500 * time.Millisecond
	abandoned = 15 * time.Second
)

const checkColumns = "id, state, done, total, found, findings, head, who, at, ended_at"

func scanCheck(row pgx.CollectableRow) (*auditv1.Check, error) {
	c := &auditv1.Check{}
	var id uuid.UUID
	var findings []byte
	var at time.Time
	var ended *time.Time
	if err := row.Scan(&id, &c.State, &c.Done, &c.Total, &c.Found, &findings, &c.Head, &c.Who, &at, &ended); err != nil {
		return nil, err
	}
	c.Id, c.At = id.String(), timestamppb.New(at)
	if ended != nil {
		c.EndedAt = timestamppb.New(*ended)
	}
	var all []Finding
	if err := json.Unmarshal(findings, &all); err != nil {
		return nil, err
	}
	for _, f := range all {
		out := &auditv1.Finding{Kind: f.Kind, Seq: f.Seq}
		if f.Row != nil {
			out.Row = f.Row.String()
		}
		c.Findings = append(c.Findings, out)
	}
	return c, nil
}

// StartCheck asks for a verification of the caller's trail; one that is under way is as good.
func (s *Service) StartCheck(ctx context.Context, in *auditv1.StartCheckRequest) (*auditv1.Check, error) {
	trail := s.trailOf(ctx)
	if _, err := readHead(trail, in.Head); err != nil {
		return nil, err
	}
	var out *auditv1.Check
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtext('gonghui audit check ' || $1))", trail); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "select "+checkColumns+" from platform.audit_check where trail = $1 and state = 'running' and head = $2", trail, in.Head)
		if err != nil {
			return err
		}
		if out, err = pgx.CollectOneRow(rows, scanCheck); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		id := tenant.NewID()
		rows, err = tx.Query(ctx, `insert into platform.audit_check (id, trail, head, who, beat_at) values ($1, $2, $3, left($4, 60), '-infinity')
			returning `+checkColumns, id, trail, in.Head, tenant.SubjectFrom(ctx).Name)
		if err != nil {
			return err
		}
		if out, err = pgx.CollectOneRow(rows, scanCheck); err != nil {
			return err
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "audit.verify", Kind: "trail", Object: trail, After: out})
		return nil
	})
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return out, err
}

var errCheck = fault.New(http.StatusNotFound, auditv1.Reason_CHECK_NOT_FOUND, "没有这次校验", "there is no such verification")

// GetCheck is a verification of the caller's trail.
func (s *Service) GetCheck(ctx context.Context, in *auditv1.GetCheckRequest) (out *auditv1.Check, err error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, "select "+checkColumns+" from platform.audit_check where trail = $1 and id = $2", s.trailOf(ctx), id)
		if err != nil {
			return err
		}
		out, err = pgx.CollectOneRow(rows, scanCheck)
		return absent(err, errCheck)
	})
	return out, err
}

// ListChecks are the verifications of the caller's trail.
func (s *Service) ListChecks(ctx context.Context, in *auditv1.ListChecksRequest) (*auditv1.ListChecksReply, error) {
	at := place{uuid.Max}
	if _, err := page.Parse(in.PageToken, &at); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 20)
	out := &auditv1.ListChecksReply{}
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, "select "+checkColumns+" from platform.audit_check where trail = $1 and id < $2 order by id desc limit $3", s.trailOf(ctx), at.ID, size+1)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, scanCheck)
		out.Checks, out.NextPageToken = page.Cut(all, size, func(c *auditv1.Check) any { return place{uuid.MustParse(c.Id)} })
		return err
	})
	return out, err
}

// verifications does what was asked for, one at a time, until ctx ends.
func (s *Service) verifications(ctx context.Context) {
	for {
		more, err := s.verifyNext(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "audit: verification", "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-time.After(look):
		}
	}
}

// verifyNext takes up one verification that nobody works on.
func (s *Service) verifyNext(ctx context.Context) (bool, error) {
	var id uuid.UUID
	var trail, line string
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, `update platform.audit_check set beat_at = now() where id = (
				select id from platform.audit_check where state = 'running' and beat_at < now() - $1::interval order by id limit 1 for update skip locked
			) returning id, trail, head`, abandoned).Scan(&id, &trail, &line)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	report, err := s.verify(ctx, id, trail, line)
	state := "done"
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err() // another process takes it up
	case err != nil:
		slog.ErrorContext(ctx, "audit: verification", "trail", trail, "error", err)
		state = "failed"
	}
	findings, err := json.Marshal(report.Findings)
	if err != nil {
		return true, err
	}
	if report.Findings == nil {
		findings = []byte("[]")
	}
	return true, s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, `update platform.audit_check set state = $2, done = $3, total = $3, found = $4, findings = $5, ended_at = now() where id = $1`,
			id, state, report.Rows, report.Found, string(findings))
		if report.Found > 0 {
			tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "audit.tampered", Kind: "trail", Object: trail, Reason: report.Findings[0].String()})
		}
		return err
	})
}

func (s *Service) verify(ctx context.Context, id uuid.UUID, trail, line string) (Report, error) {
	against, err := readHead(trail, line)
	if err != nil {
		return Report{}, err
	}
	var told time.Time
	v := &Verifier{DB: s.db, Against: against, Progress: func(done, total int64) {
		if time.Since(told) < beat {
			return
		}
		told = time.Now()
		err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			_, err := tx.Exec(ctx, "update platform.audit_check set done = $2, total = $3, beat_at = now() where id = $1", id, done, total)
			return err
		})
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "audit: progress of a verification", "error", err)
		}
	}}
	return v.Of(ctx, trail, s.bodies)
}
