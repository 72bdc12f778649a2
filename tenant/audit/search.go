package audit

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/chain"
	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
	"gonghui/tenant/audit/words"
	"gonghui/tenant/directory/scope"
)

// system is who acts when nobody does: jobs, and the operator's commands.
const system = "system"

// shanghai is the zone in which days begin.
var shanghai = day.Zone

// query is a search, as conditions on a log. Rows are found by their ids, which begin with the time of writing.
type query struct {
	shared bool // platform.audit_log
	where  []string
	args   []any
}

// and adds a condition; each %s stands for the next of the values.
func (q *query) and(condition string, values ...any) {
	places := make([]any, len(values))
	for i, v := range values {
		q.args = append(q.args, v)
		places[i] = fmt.Sprintf("$%d", len(q.args))
	}
	q.where = append(q.where, fmt.Sprintf(condition, places...))
}

// sql selects the newest rows that fulfil the conditions, at most size.
func (q *query) sql(size int32) (string, []any) {
	table := "audit_log"
	if q.shared {
		table = "platform.audit_log"
	}
	s := "select " + columns(q.shared) + " from " + table + " l"
	if len(q.where) > 0 {
		s += " where " + strings.Join(q.where, " and ")
	}
	return fmt.Sprintf("%s order by id desc limit %d", s, size), q.args
}

func (q *query) run(ctx context.Context, tx tenant.DBTX, size int32) ([]chain.Row, error) {
	s, args := q.sql(size)
	rows, err := tx.Query(ctx, s, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRow)
}

// firstOf is the least UUIDv7 of a moment.
func firstOf(t time.Time) (id uuid.UUID) {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(id[:6], ms[2:])
	return id
}

// filter is what a person searches for, checked.
type filter struct {
	*auditv1.ListActsRequest
	from, to time.Time // to is the end of its day
}

func readFilter(in *auditv1.ListActsRequest) (*filter, error) {
	f := &filter{ListActsRequest: in}
	for _, d := range []struct {
		name, text string
		to         *time.Time
		days       int
	}{{"from", in.From, &f.from, 0}, {"to", in.To, &f.to, 1}} {
		day, err := field.Day(d.name, d.text)
		if err != nil {
			return nil, err
		}
		if !day.IsZero() {
			*d.to = time.Date(day.Year(), day.Month(), day.Day()+d.days, 0, 0, 0, 0, shanghai)
		}
	}
	if !f.from.IsZero() && !f.to.IsZero() && !f.from.Before(f.to) {
		return nil, fault.Field("to", "结束日期早于开始日期", "the last day is before the first")
	}
	return f, nil
}

var likes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// on turns the search into conditions.
func (f *filter) on(shared bool) *query {
	q := &query{shared: shared}
	if !f.from.IsZero() {
		q.and("id >= %s and at >= %s", firstOf(f.from.Add(-time.Minute)), f.from)
	}
	if !f.to.IsZero() {
		q.and("id < %s and at < %s", firstOf(f.to.Add(time.Minute)), f.to)
	}
	if id, err := uuid.Parse(f.Person); err == nil {
		q.and("account_id = %s", id)
	} else if f.Person != "" {
		q.and("who like '%%' || %s || '%%'", likes.Replace(strings.TrimSpace(f.Person)))
	}
	if strings.HasSuffix(f.Act, ".") {
		q.and("act like %s || '%%'", likes.Replace(f.Act))
	} else if f.Act != "" {
		q.and("act = %s", f.Act)
	}
	for _, c := range []struct{ column, value string }{{"object_kind", f.Kind}, {"object_id", strings.TrimSpace(f.Object)}, {"result", f.Result}} {
		if c.value != "" {
			q.and(c.column+" = %s", c.value)
		}
	}
	if f.Source != "" {
		q.and("source like %s || '%%'", likes.Replace(f.Source))
	}
	return q
}

// words are the search in a line, for its own record.
func (f *filter) words() string {
	var parts []string
	for _, p := range []struct{ name, value string }{
		{"from", f.From},
		{"to", f.To},
		{"person", f.Person},
		{"act", f.Act},
		{"kind", f.Kind},
		{"object", f.Object},
		{"result", f.Result},
		{"source", f.Source},
		{"body", f.Body},
	} {
		if p.value != "" {
			parts = append(parts, p.name+"="+p.value)
		}
	}
	return strings.Join(parts, " ")
}

// place is where a page of a list ended.
type place struct {
	ID uuid.UUID `json:"i"`
}

// ListActs searches.
func (s *Service) ListActs(ctx context.Context, in *auditv1.ListActsRequest) (*auditv1.ListActsReply, error) {
	f, err := readFilter(in)
	if err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	rows, err := s.search(ctx, f, in.PageToken, size+1, tenant.Act{Act: "audit.search", Kind: "trail", Object: s.trailOf(ctx), Reason: f.words()})
	if err != nil {
		return nil, err
	}
	return reply(rows, size), nil
}

// shown is a row with the trail that it stands in.
type shown struct {
	chain.Row
	shared bool
}

// search returns the newest rows that a caller may see, and records that he looked: each page anew, for a page may be asked for by itself.
func (s *Service) search(ctx context.Context, f *filter, token string, size int32, a tenant.Act) ([]shown, error) {
	var at place
	further, err := page.Parse(token, &at)
	if err != nil {
		return nil, err
	}
	own, above, err := s.queries(ctx, f)
	if err != nil {
		return nil, err
	}
	if further {
		above.and("id < %s", at.ID)
		own.and("id < %s", at.ID)
	}
	return s.both(ctx, own, above, size, &a)
}

// queries are what a caller searches: the log of the host's body and what was done above it there, or what was done above the
// bodies of his subtree.
func (s *Service) queries(ctx context.Context, f *filter) (own, above *query, err error) {
	own, above = f.on(false), f.on(true)
	if t := tenant.From(ctx); t != nil {
		if f.Body != "" && f.Body != t.Code {
			return nil, nil, scope.NotFound("body")
		}
		above.and("body = %s", t.Code)
		return own, above, nil
	}
	anchor := scope.Of(ctx).Anchor
	if f.Body != "" {
		var top uuid.UUID
		err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return tx.QueryRow(ctx, "select b.id from platform.body b where b.code = $1 and "+scope.Inside("b.id", "$2"), f.Body, anchor).Scan(&top)
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil, scope.NotFound("body")
		}
		if err != nil {
			return nil, nil, err
		}
		anchor = top
	}
	above.and("exists (select from platform.body b where b.code = l.body and "+scope.Inside("b.id", "%s")+")", anchor)
	return own, above, nil
}

// both merges the two logs by id, newest first. The act, if there is one, is recorded with the reading of the first.
func (s *Service) both(ctx context.Context, own, above *query, size int32, a *tenant.Act) ([]shown, error) {
	var all []shown
	read := func(q *query, record bool) func(context.Context, tenant.DBTX) error {
		return func(ctx context.Context, tx tenant.DBTX) error {
			rows, err := q.run(ctx, tx, size)
			if err != nil {
				return err
			}
			for i := range rows {
				all = append(all, shown{rows[i], q.shared})
			}
			if record && a != nil && q.shared {
				tenant.AuditPlatform(ctx, tx, *a)
			} else if record && a != nil {
				tenant.Audit(ctx, tx, *a)
			}
			return nil
		}
	}
	t := tenant.From(ctx)
	inBody := t != nil && t.Active
	if inBody {
		if err := s.db.Tx(ctx, read(own, true)); err != nil {
			return nil, err
		}
	}
	kept := len(all)
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		all = all[:kept]
		return read(above, !inBody)(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b shown) int { return strings.Compare(string(b.ID[:]), string(a.ID[:])) })
	return all[:min(len(all), int(size))], nil
}

func reply(rows []shown, size int32) *auditv1.ListActsReply {
	rows, next := page.Cut(rows, size, func(r shown) any { return place{r.ID} })
	out := &auditv1.ListActsReply{NextPageToken: next}
	for i := range rows {
		out.Acts = append(out.Acts, actOf(&rows[i]))
	}
	return out
}

func actOf(r *shown) *auditv1.Act {
	act, kind := words.Act(r.Act), words.Kind(r.Kind)
	a := &auditv1.Act{
		Id: r.ID.String(), At: timestamppb.New(r.At), Who: r.Who, Role: r.Role, Anchor: r.Anchor,
		Act: r.Act, ActZh: act.Zh, ActEn: act.En, Kind: r.Kind, KindZh: kind.Zh, KindEn: kind.En, Object: r.Object,
		Result: r.Result, Reason: r.Reason, Source: r.Source, Body: r.Body, Trail: "body",
	}
	if r.shared {
		a.Trail = "shared"
	}
	if a.System = r.Account == nil && r.Who == system; a.System {
		a.Who = ""
	}
	return a
}

var errAct = fault.New(http.StatusNotFound, auditv1.Reason_ACT_NOT_FOUND, "没有这条审计记录", "there is no such act in the trail")

// GetAct shows one act, its digests, and its place in the chain.
func (s *Service) GetAct(ctx context.Context, in *auditv1.GetActRequest) (*auditv1.ActDetail, error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	own, above, err := s.queries(ctx, &filter{ListActsRequest: &auditv1.ListActsRequest{}})
	if err != nil {
		return nil, err
	}
	own.and("id = %s", id)
	above.and("id = %s", id)
	rows, err := s.both(ctx, own, above, 1, &tenant.Act{Act: "audit.view", Kind: "act", Object: in.Id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errAct
	}
	r := &rows[0]
	out := &auditv1.ActDetail{Act: actOf(r), Before: r.Before, After: r.After, Request: r.Request}
	for _, of := range []struct {
		id *uuid.UUID
		to *string
	}{{r.Account, &out.AccountId}, {r.Identity, &out.IdentityId}} {
		if of.id != nil {
			*of.to = of.id.String()
		}
	}
	if err := json.Unmarshal([]byte(r.Changed), &out.Changed); err != nil {
		out.Changed = []string{r.Changed} // cut off, or not written by us
	}
	return out, s.inChain(ctx, r, out)
}

// inChain finds the seal of a row, or the digest that waits for one.
func (s *Service) inChain(ctx context.Context, r *shown, out *auditv1.ActDetail) error {
	trail := ""
	if !r.shared {
		trail = s.trailOf(ctx)
	}
	var seq *int64
	var digest, hash []byte
	var at *time.Time
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, `select s.seq, s.digest, s.hash, (select h.at from platform.audit_head h where h.trail = $1 and h.count >= s.seq order by h.count limit 1)
				from cell.audit_seal s where s.trail = $1 and s.row_id = $2
			union all select null, p.digest, null, null from cell.audit_pending p where p.trail = $1 and p.row_id = $2 limit 1`, trail, r.ID).
			Scan(&seq, &digest, &hash, &at)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // never sealed: not intact
	}
	if err != nil {
		return err
	}
	want := s.db.Trail().Row(trail, &r.Row)
	out.Intact = string(digest) == string(want[:])
	out.Hash = hex.EncodeToString(hash)
	if seq != nil {
		out.Seq = *seq
	}
	if at != nil {
		out.SealedAt = timestamppb.New(*at)
	}
	return nil
}

// ListActNames are the acts and kinds that can be searched for.
func (s *Service) ListActNames(context.Context, *auditv1.ListActNamesRequest) (*auditv1.ListActNamesReply, error) {
	out := &auditv1.ListActNamesReply{}
	for _, n := range words.Acts() {
		out.Acts = append(out.Acts, &auditv1.ActName{Name: n.Name, Zh: n.Zh, En: n.En})
	}
	for _, n := range words.Kinds() {
		out.Kinds = append(out.Kinds, &auditv1.ActName{Name: n.Name, Zh: n.Zh, En: n.En})
	}
	return out, nil
}

// ListOwnActs is what the caller's own account did.
func (s *Service) ListOwnActs(ctx context.Context, in *auditv1.ListOwnActsRequest) (*auditv1.ListActsReply, error) {
	var at place
	further, err := page.Parse(in.PageToken, &at)
	if err != nil {
		return nil, err
	}
	own, above := &query{}, &query{shared: true}
	for _, q := range []*query{own, above} {
		q.and("account_id = %s", tenant.SubjectFrom(ctx).Account)
		if further {
			q.and("id < %s", at.ID)
		}
	}
	size := page.Size(in.PageSize, 20)
	rows, err := s.both(ctx, own, above, size+1, nil)
	if err != nil {
		return nil, err
	}
	return reply(rows, size), nil
}
