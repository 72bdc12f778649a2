package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
)

// Kinds of findings.
const (
	Changed  = "changed"  // a row does not say what it said when it was written, or was written without the key
	Missing  = "missing"  // a sealed row is gone
	Inserted = "inserted" // a row was never sealed: it did not come from the product
	Broken   = "broken"   // seals were changed, reordered or removed
	Cut      = "cut"      // the end is gone: a head that is kept, here or elsewhere, is further
	Head     = "head"     // a head is gone, or its signature does not hold
	Late     = "late"     // a row has been waiting for its seal for a minute: no sealer is at work
	Archive  = "archive"  // a part that was archived cannot be trusted
)

// Finding is one thing that is wrong with a trail.
type Finding struct {
	Trail  string     `json:"trail"` // code of the body; empty for the shared trail
	Kind   string     `json:"kind"`
	Seq    int64      `json:"seq,omitempty"` // place in the chain, where there is one
	Row    *uuid.UUID `json:"row,omitempty"`
	Detail string     `json:"detail"`
}

func (f Finding) String() string {
	trail := f.Trail
	if trail == "" {
		trail = "platform"
	}
	s := trail + ": " + f.Kind
	if f.Seq > 0 {
		s += fmt.Sprintf(" at %d", f.Seq)
	}
	if f.Row != nil {
		s += " row " + f.Row.String()
	}
	return s + ": " + f.Detail
}

// maxFindings bounds how many findings are listed; the rest is counted.
const maxFindings = 200

// Report is the outcome of a verification.
type Report struct {
	Trail    string    `json:"trail"`
	Rows     int64     `json:"rows"`     // sealed rows that were looked at
	Archived int64     `json:"archived"` // rows in files
	Found    int64     `json:"found"`
	Findings []Finding `json:"findings,omitempty"`
	Head     Kept      `json:"head"` // how far the trail was
}

func (r *Report) add(kind string, seq int64, row *uuid.UUID, detail string, args ...any) {
	if r.Found++; r.Found <= maxFindings {
		r.Findings = append(r.Findings, Finding{r.Trail, kind, seq, row, fmt.Sprintf(detail, args...)})
	}
}

// chunk is how many rows are looked at in one go.
const chunk = 4000

// patience is how long a row may wait for its seal before a verification complains.
const patience = time.Minute

// Verifier looks at trails.
type Verifier struct {
	DB *tenant.DB
	// Against are heads that were kept elsewhere, by trail: the trail has to hold them still.
	Against map[string][]Kept
	// Progress is told how many sealed rows have been looked at, of how many; may be nil.
	Progress func(done, total int64)
}

// Shared verifies platform.audit_log.
func (v *Verifier) Shared(ctx context.Context) (Report, error) {
	return v.trail(ctx, "", v.DB.Platform)
}

// Tenant verifies the log of the body in the context.
func (v *Verifier) Tenant(ctx context.Context) (Report, error) {
	t := tenant.From(ctx)
	if t == nil {
		return Report{}, tenant.ErrNoTenant
	}
	return v.trail(ctx, t.Code, v.DB.Tx)
}

// Of verifies a trail by its code; empty for the shared one. Of a body that has no schema any more every sealed row is missing.
func (v *Verifier) Of(ctx context.Context, trail string, bodies Bodies) (Report, error) {
	if trail == "" {
		return v.Shared(ctx)
	}
	t, err := bodies.ByCode(ctx, trail)
	if err != nil && !kerrors.IsNotFound(err) {
		return Report{}, err
	}
	if err != nil || !t.Active {
		return v.trail(ctx, trail, nil)
	}
	return v.Tenant(tenant.With(ctx, t))
}

type door func(ctx context.Context, f func(ctx context.Context, tx tenant.DBTX) error) error

// walk is one verification under way.
type walk struct {
	*Verifier
	Report
	rows  door // to the log itself; nil when it does not exist
	table string
	key   chain.Key
	seq   int64     // the last place looked at
	hash  chain.Sum // the link there
	known bool      // hash can be relied on
	heads []Kept    // heads still to be met, by count
	parts int       // in files
}

// trail looks once more when rows were archived meanwhile: what the first look missed lies in a file by now.
func (v *Verifier) trail(ctx context.Context, trail string, rows door) (Report, error) {
	for again := true; ; again = false {
		w, err := v.walk(ctx, trail, rows)
		if err != nil || w.Found == 0 || !again {
			return w.Report, err
		}
		var parts []Part
		err = v.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
			parts, err = partsOf(ctx, tx, trail)
			return err
		})
		if err != nil || len(parts) == w.parts {
			return w.Report, err
		}
	}
}

func (v *Verifier) walk(ctx context.Context, trail string, rows door) (*walk, error) {
	w := &walk{Verifier: v, Report: Report{Trail: trail}, rows: rows, table: "audit_log", key: v.DB.Trail(), known: true}
	if trail == "" {
		w.table = "platform.audit_log"
	}
	end, err := w.bounds(ctx)
	if err != nil {
		return w, err
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return w.chain(ctx, end) },
		w.strangers,
	} {
		if err := step(ctx); err != nil {
			return w, fmt.Errorf("verify %q: %w", trail, err)
		}
	}
	return w, nil
}

const endsSQL = `select coalesce((select max(seq) from cell.audit_seal where trail = $1), 0),
	coalesce((select max(count) from platform.audit_head where trail = $1), 0)`

// bounds finds where the chain begins and ends. What is sealed later is left to the next verification.
func (w *walk) bounds(ctx context.Context) (end int64, err error) {
	var head int64
	var parts []Part
	err = w.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := tx.QueryRow(ctx, endsSQL, w.Trail).Scan(&end, &head); err != nil {
			return err
		}
		var err error
		parts, err = partsOf(ctx, tx, w.Trail)
		return err
	})
	if err != nil {
		return 0, err
	}
	w.parts = len(parts)
	w.archived(parts)
	if last := max(end, w.seq); head > last {
		w.add(Cut, last+1, nil, "the chain ends at %d, its last head says %d", last, head)
	} else if last > head {
		w.add(Head, last, nil, "the chain is at %d, its last head says %d: heads are gone", last, head)
	}
	end = max(end, w.seq)
	for _, k := range w.Against[w.Trail] {
		switch {
		case !k.valid(w.key):
			w.add(Head, k.Count, nil, "the head that was kept elsewhere is not signed by this system")
		case k.Count > end:
			w.add(Cut, end+1, nil, "the chain ends at %d, a head that was kept elsewhere says %d", end, k.Count)
		default:
			w.heads = append(w.heads, k)
		}
	}
	w.compare(parts)
	w.known = true
	return end, nil
}

// archived follows the parts that lie in files, from the first row to where the tables go on.
func (w *walk) archived(parts []Part) {
	for _, p := range parts {
		if p.First != w.seq+1 || !chain.Sum.Equal(p.before(), w.hash) {
			w.add(Archive, p.First, nil, "the archived part %d to %d does not go on from %d", p.First, p.Last, w.seq)
		}
		if !p.valid(w.key, w.Trail) {
			w.add(Archive, p.First, nil, "the archived part %d to %d is not signed by this system", p.First, p.Last)
		}
		w.Archived += p.Last - p.First + 1
		w.seq, w.hash = p.Last, p.hash()
	}
}

// compare settles the heads, kept elsewhere, of what has been archived since: only those at the end of a part can be compared.
func (w *walk) compare(parts []Part) {
	rest := w.heads[:0]
	for _, k := range w.heads {
		if k.Count > w.seq {
			rest = append(rest, k)
			continue
		}
		for _, p := range parts {
			if p.Last == k.Count && !chain.Sum.Equal(p.hash(), k.hash()) {
				w.add(Head, k.Count, nil, "the archived part does not end as the head that was kept elsewhere says")
			}
		}
	}
	w.heads = rest
	sortKept(w.heads)
}

// sealed is one place of the chain.
type sealed struct {
	Seq    int64
	Row    uuid.UUID
	Digest []byte
	Hash   []byte
}

const sealsSQL = `select seq, row_id, digest, hash from cell.audit_seal where trail = $1 and seq > $2 and seq <= $3 order by seq limit $4`

// chain follows the seals in their order, and looks at the row behind each.
func (w *walk) chain(ctx context.Context, end int64) error {
	from := w.seq
	for w.seq < end {
		var seals []sealed
		var heads []Kept
		err := w.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			rows, err := tx.Query(ctx, sealsSQL, w.Trail, w.seq, end, chunk)
			if err != nil {
				return err
			}
			if seals, err = pgx.CollectRows(rows, pgx.RowToStructByPos[sealed]); err != nil || len(seals) == 0 {
				return err
			}
			heads, err = headsOf(ctx, tx, w.Trail, w.seq, seals[len(seals)-1].Seq)
			return err
		})
		if err != nil {
			return err
		}
		if len(seals) == 0 {
			break
		}
		found, err := w.load(ctx, seals)
		if err != nil {
			return err
		}
		heads = append(heads, w.due(seals[len(seals)-1].Seq)...)
		sortKept(heads)
		for i := range seals {
			w.place(&seals[i], found[seals[i].Row])
			for len(heads) > 0 && heads[0].Count <= w.seq {
				w.meet(&heads[0])
				heads = heads[1:]
			}
		}
		if w.Progress != nil {
			w.Progress(w.seq-from, end-from)
		}
	}
	return nil
}

// due takes the heads kept elsewhere up to a place.
func (w *walk) due(upto int64) []Kept {
	n := 0
	for n < len(w.heads) && w.heads[n].Count <= upto {
		n++
	}
	due := w.heads[:n]
	w.heads = w.heads[n:]
	return due
}

// load reads the rows behind seals, by id.
func (w *walk) load(ctx context.Context, seals []sealed) (map[uuid.UUID]*chain.Row, error) {
	found := make(map[uuid.UUID]*chain.Row, len(seals))
	if w.rows == nil {
		return found, nil
	}
	ids := make([]uuid.UUID, len(seals))
	for i := range seals {
		ids[i] = seals[i].Row
	}
	err := w.rows(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, "select "+columns(w.Trail == "")+" from "+w.table+" where id = any($1)", ids)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, scanRow)
		for i := range all {
			found[all[i].ID] = &all[i]
		}
		return err
	})
	return found, err
}

// place looks at one seal and its row.
func (w *walk) place(s *sealed, row *chain.Row) {
	w.Rows++
	if s.Seq != w.seq+1 {
		w.add(Broken, w.seq+1, nil, "the seals %d to %d are gone", w.seq+1, s.Seq-1)
		w.known = false
	}
	if w.known && chain.Link(w.hash, s.Seq, s.Row, chain.Sum(s.Digest)) != chain.Sum(s.Hash) {
		w.add(Broken, s.Seq, &s.Row, "the seal does not follow from the one before it: changed or reordered")
	}
	w.seq, w.hash, w.known = s.Seq, chain.Sum(s.Hash), true
	switch {
	case row == nil:
		w.add(Missing, s.Seq, &s.Row, "the row was sealed and is gone")
	case w.key.Row(w.Trail, row) != chain.Sum(s.Digest):
		w.add(Changed, s.Seq, &s.Row, "the row of %s, act %s on %s %s, is not what was sealed", row.At.Format(time.RFC3339), row.Act, row.Kind, row.Object)
	}
}

// meet compares a head with the chain at its place.
func (w *walk) meet(k *Kept) {
	switch {
	case k.Count != w.seq:
		w.add(Head, k.Count, nil, "the head is at a place that the chain does not have")
	case !chain.Sum.Equal(k.hash(), w.hash):
		w.add(Head, k.Count, nil, "the chain is not what the head of %s says", k.At.Format(time.RFC3339))
	case !k.valid(w.key):
		w.add(Head, k.Count, nil, "the signature of the head of %s does not hold", k.At.Format(time.RFC3339))
	}
}

// astraySQL finds among ids of rows those that are neither sealed nor wait for it: one snapshot sees both.
const astraySQL = `select u.id, exists (select from cell.audit_pending p where p.trail = $1 and p.row_id = u.id) from unnest($2::uuid[]) u (id)
	where not exists (select from cell.audit_seal s where s.trail = $1 and s.row_id = u.id)`

// strangers looks for rows that have no seal. It reads the log before it reads seals and waiting rows: what was committed then
// is in one of the two.
func (w *walk) strangers(ctx context.Context) error {
	if w.rows == nil {
		return w.last(ctx)
	}
	for after := uuid.Nil; ; {
		var ids []uuid.UUID
		err := w.rows(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			rows, err := tx.Query(ctx, "select id from "+w.table+" where id > $1 order by id limit $2", after, chunk)
			if err != nil {
				return err
			}
			ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			return err
		})
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return w.last(ctx)
		}
		after = ids[len(ids)-1]
		err = w.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			rows, err := tx.Query(ctx, astraySQL, w.Trail, ids)
			if err != nil {
				return err
			}
			var id uuid.UUID
			var waits bool
			_, err = pgx.ForEachRow(rows, []any{&id, &waits}, func() error {
				row := id
				if written := writtenAt(row); !waits {
					w.add(Inserted, 0, &row, "the row was never sealed: it was not written by this system")
				} else if time.Since(written) > patience {
					w.add(Late, 0, &row, "the row of %s still waits for its seal", written.Format(time.RFC3339))
				}
				return nil
			})
			return err
		})
		if err != nil {
			return err
		}
	}
}

// last notes how far the trail was.
func (w *walk) last(ctx context.Context) error {
	return w.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		k, err := lastHead(ctx, tx, w.Trail)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		w.Head = k
		return err
	})
}

// writtenAt is the time in a UUIDv7.
func writtenAt(id uuid.UUID) time.Time {
	sec, nsec := id.Time().UnixTime()
	return time.Unix(sec, nsec).UTC()
}

// columns are those of a log that make a [chain.Row].
func columns(shared bool) string {
	body := "''"
	if shared {
		body = "body"
	}
	return `id, at, account_id, identity_id, who, role, anchor, ` + body + `, act, object_kind, object_id, result, reason, changed, before, after, source, request_id`
}

func scanRow(rows pgx.CollectableRow) (r chain.Row, err error) {
	err = rows.Scan(&r.ID, &r.At, &r.Account, &r.Identity, &r.Who, &r.Role, &r.Anchor, &r.Body, &r.Act, &r.Kind, &r.Object, &r.Result,
		&r.Reason, &r.Changed, &r.Before, &r.After, &r.Source, &r.Request)
	return r, err
}
