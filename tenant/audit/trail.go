package audit

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
)

const (
	// LeastMonths is how long a trail is kept at least: six months by the Cybersecurity Law of the PRC, article 21.
	LeastMonths = 6
	// MostMonths bounds what stands in the tables.
	MostMonths = 120
	// Months is how long a trail is kept where nobody said otherwise.
	Months = 36
)

const trailSQL = `select coalesce(h.count, 0), h.hash, h.at, h.sign, (select count(*) from cell.audit_pending where trail = $1),
	coalesce((select max(last_seq) from platform.audit_archive where trail = $1), 0), coalesce((select months from platform.audit_policy where trail = $1), $2)
	from (select) one left join lateral (select count, hash, at, sign from platform.audit_head where trail = $1 order by count desc limit 1) h on true`

// GetTrail says how far the caller's trail has come.
func (s *Service) GetTrail(ctx context.Context, in *auditv1.GetTrailRequest) (*auditv1.Trail, error) {
	out := &auditv1.Trail{LeastMonths: LeastMonths, MostMonths: MostMonths}
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		k := Kept{Trail: s.trailOf(ctx)}
		var err error
		if out.Settable, err = settable(ctx, tx); err != nil {
			return err
		}
		at := &k.At
		err = tx.QueryRow(ctx, trailSQL, k.Trail, Months).Scan(&k.Count, (*[]byte)(&k.Hash), &at, (*[]byte)(&k.Sign), &out.Waiting, &out.Archived, &out.Months)
		if err != nil || at == nil {
			return err
		}
		k.At = *at
		out.Count, out.Hash, out.SealedAt, out.Head = k.Count, hex.EncodeToString(k.Hash), timestamppb.New(k.At), k.String()
		months := out.Months
		if in.Months > 0 {
			months = max(in.Months, LeastMonths)
		}
		return outlook(ctx, tx, out, k.Trail, time.Now(), int(months))
	})
	return out, err
}

// outlook says what the next night puts into files, of a trail that is kept so many months: the rows from the oldest one up to the first
// that is younger.
func outlook(ctx context.Context, tx tenant.DBTX, out *auditv1.Trail, trail string, now time.Time, months int) error {
	night := day.Next(now, nightHour)
	var oldest *uuid.UUID
	err := tx.QueryRow(ctx, `select (select row_id from cell.audit_seal where trail = $1 order by seq limit 1),
		coalesce((select seq from cell.audit_seal where trail = $1 and row_id >= $2 order by seq limit 1) - 1, $3) - $4::bigint`,
		trail, firstOf(night.AddDate(0, -months, 0)), out.Count, out.Archived).Scan(&oldest, &out.Due)
	if err != nil || oldest == nil {
		return err
	}
	seconds, nanos := oldest.Time().UnixTime()
	out.OldestAt, out.ArchiveAt = timestamppb.New(time.Unix(seconds, nanos)), timestamppb.New(night)
	return nil
}

// settable reports whether the trail of the host is one whose keeping the caller may set, given the right to: on the supervision host,
// who serves the nation.
func settable(ctx context.Context, tx tenant.DBTX) (ok bool, err error) {
	if tenant.From(ctx) != nil {
		return true, nil
	}
	err = tx.QueryRow(ctx, "select exists (select from platform.body where id = $1 and level = 'national')", tenant.SubjectFrom(ctx).Body).Scan(&ok)
	return ok, err
}

var errNation = fault.Plain(http.StatusForbidden, "FORBIDDEN",
	"共享审计记录的保存期限由全国一级的审计管理员设定", "how long the shared trail is kept is for the audit administrator of the nation to say")

// SetPolicy says how long the trail of the host is kept.
func (s *Service) SetPolicy(ctx context.Context, in *auditv1.SetPolicyRequest) (*auditv1.Trail, error) {
	trail, who := s.trailOf(ctx), tenant.SubjectFrom(ctx)
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if ok, err := settable(ctx, tx); err != nil || !ok {
			return cmp.Or(err, error(errNation))
		}
		var before int32
		err := tx.QueryRow(ctx, `with now as (
				insert into platform.audit_policy as p (trail, months, who) values ($1, $2, left($3, 60))
				on conflict (trail) do update set months = excluded.months, who = excluded.who, at = now() returning p.trail
			) select coalesce((select p.months from platform.audit_policy p where p.trail = $1), $4) from now`, trail, in.Months, who.Name, Months).Scan(&before)
		if err != nil {
			return err
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{
			Act: "audit.policy", Kind: "trail", Object: trail, Reason: fmt.Sprintf("%d → %d", before, in.Months), Changed: []string{"months"}, Before: before, After: in.Months,
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.GetTrail(ctx, &auditv1.GetTrailRequest{})
}

// last is where a page of parts ended.
type last struct {
	Last int64 `json:"l"`
}

// ListParts lists what was archived.
func (s *Service) ListParts(ctx context.Context, in *auditv1.ListPartsRequest) (*auditv1.ListPartsReply, error) {
	at := last{1<<63 - 1}
	if _, err := page.Parse(in.PageToken, &at); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 20)
	out := &auditv1.ListPartsReply{}
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, `select trail, first_seq, last_seq, before, hash, from_at, to_at, file, size, sha256, at, sign
			from platform.audit_archive where trail = $1 and last_seq < $2 order by last_seq desc limit $3`, s.trailOf(ctx), at.Last, size+1)
		if err != nil {
			return err
		}
		parts, err := pgx.CollectRows(rows, scanPart)
		if err != nil {
			return err
		}
		parts, out.NextPageToken = page.Cut(parts, size, func(p Part) any { return last{p.Last} })
		out.Parts = nil
		for _, p := range parts {
			out.Parts = append(out.Parts, &auditv1.Part{
				First: p.First, Last: p.Last, From: timestamppb.New(p.From), To: timestamppb.New(p.To), At: timestamppb.New(p.At),
				Size: p.Size, Sha256: hex.EncodeToString(p.SHA256), File: p.File,
			})
		}
		return nil
	})
	return out, err
}

var errHead = fault.Of(400, auditv1.Reason_HEAD_INVALID, "head", "这不是本系统给出的摘要，请完整粘贴", "this is no head that the system gave; paste all of it")

// readHead reads a head that a person noted down; "" is none.
func readHead(trail, line string) (map[string][]Kept, error) {
	if line == "" {
		return nil, nil
	}
	k, ok := ParseHead(trail, line)
	if !ok {
		return nil, errHead
	}
	return map[string][]Kept{trail: {k}}, nil
}

// absent turns "no row" into an error that may be shown.
func absent(err, shown error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return shown
	}
	return err
}
