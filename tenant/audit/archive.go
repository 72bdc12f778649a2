package audit

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/chain"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/rounds"
)

// part is how many rows a file has at most.
const part = 20_000

// archiveFormat is the first line of a file, before the trail, the places and the links that it begins and ends with.
const archiveFormat = "gonghui audit 1"

// opening is the first line of a file.
type opening struct {
	Format string `json:"format"`
	Trail  string `json:"trail"`
	First  int64  `json:"first"`
	Last   int64  `json:"last"`
	Before Hex    `json:"before"`
	Hash   Hex    `json:"hash"`
}

// entry is a line of a file: a row with its place in the chain.
type entry struct {
	Seq    int64     `json:"seq"`
	Digest Hex       `json:"digest"`
	Hash   Hex       `json:"hash"`
	Row    chain.Row `json:"row"`
}

// Archiver moves what is older than the policy of its trail from the tables into files. A file is in the store, and was read back
// from there, before a row goes; in the row's place stands a signed checkpoint.
type Archiver struct {
	DB     *tenant.DB
	Files  object.Store
	Bodies Bodies
	// Progress is told how many trails of how many are done; may be nil.
	Progress func(done, total int)
	now      func() time.Time
}

// dueSQL are the trails whose oldest row is old enough for the shortest policy, with their own.
const dueSQL = `with recursive trails (trail) as (
		(select trail from platform.audit_head order by trail limit 1)
		union all
		select (select h.trail from platform.audit_head h where h.trail > t.trail order by h.trail limit 1) from trails t where t.trail is not null
	)
	select t.trail, coalesce(p.months, $1) from trails t left join platform.audit_policy p on p.trail = t.trail,
		lateral (select row_id from cell.audit_seal where trail = t.trail order by seq limit 1) s
	where t.trail is not null and s.row_id < $2 order by t.trail`

// Run archives all that is due and returns how many rows that were.
func (a *Archiver) Run(ctx context.Context) (rows int64, err error) {
	type due struct {
		trail  string
		months int
	}
	var all []due
	err = a.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		found, err := tx.Query(ctx, dueSQL, Months, firstOf(a.time().AddDate(0, -LeastMonths, 0)))
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(found, func(r pgx.CollectableRow) (d due, err error) {
			err = r.Scan(&d.trail, &d.months)
			return d, err
		})
		return err
	})
	if err != nil {
		return 0, err
	}
	for i, d := range all {
		n, terr := a.Trail(ctx, d.trail, d.months)
		rows += n
		if ctx.Err() != nil {
			return rows, ctx.Err()
		}
		if terr != nil { // the others are not kept waiting
			err = errors.Join(err, fmt.Errorf("archive %q: %w", d.trail, terr))
		}
		if a.Progress != nil {
			a.Progress(i+1, len(all))
		}
	}
	return rows, err
}

// Trail archives what of one trail is older than so many months.
func (a *Archiver) Trail(ctx context.Context, trail string, months int) (rows int64, err error) {
	before := a.time().AddDate(0, -max(months, LeastMonths), 0)
	door, of, err := a.door(ctx, trail)
	if err != nil {
		return 0, err
	}
	for {
		n, err := a.part(ctx, of, door, trail, before)
		rows += n
		if err != nil || n < part {
			return rows, err
		}
	}
}

func (a *Archiver) time() time.Time {
	if a.now != nil {
		return a.now()
	}
	return time.Now()
}

func (a *Archiver) door(ctx context.Context, trail string) (door, context.Context, error) {
	if trail == "" {
		return a.DB.Platform, ctx, nil
	}
	t, err := a.Bodies.ByCode(ctx, trail)
	if err != nil {
		return nil, nil, err
	}
	if !t.Active {
		return nil, nil, tenant.ErrNotActive
	}
	return a.DB.Tx, tenant.With(ctx, t), nil
}

// part archives the oldest rows of a trail up to a moment, as many as a file takes. Only what verifies is archived: a trail
// that was touched stays as it is, for somebody to look at.
func (a *Archiver) part(ctx context.Context, of context.Context, rows door, trail string, before time.Time) (int64, error) {
	v := &Verifier{DB: a.DB}
	w := &walk{Verifier: v, Report: Report{Trail: trail}, rows: rows, table: "audit_log", key: a.DB.Trail(), known: true}
	if trail == "" {
		w.table = "platform.audit_log"
	}
	var seals []sealed
	err := a.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		parts, err := partsOf(ctx, tx, trail)
		if err != nil {
			return err
		}
		w.archived(parts)
		found, err := tx.Query(ctx, "select seq, row_id, digest, hash from cell.audit_seal where trail = $1 and seq > $2 and row_id < $3 order by seq limit $4",
			trail, w.seq, firstOf(before), part)
		if err != nil {
			return err
		}
		seals, err = pgx.CollectRows(found, pgx.RowToStructByPos[sealed])
		return err
	})
	if err != nil {
		return 0, err
	}
	p := Part{Trail: trail, First: w.seq + 1, Before: bytes.Clone(w.hash[:])}
	var entries []entry
	for len(seals) > 0 {
		some := seals[:min(chunk, len(seals))]
		seals = seals[len(some):]
		found, err := w.load(of, some)
		if err != nil {
			return 0, err
		}
		for i := range some {
			row := found[some[i].Row]
			if some[i].Seq != w.seq+1 || row != nil && !row.At.Before(before) {
				seals = nil // a younger row stands between: what comes after waits for it
				break
			}
			if w.place(&some[i], row); w.Found > 0 {
				return 0, fmt.Errorf("it was touched and stays as it is: %v", w.Findings[0])
			}
			entries = append(entries, entry{some[i].Seq, some[i].Digest, some[i].Hash, *row})
		}
	}
	if len(entries) == 0 {
		return 0, nil
	}
	p.Last, p.Hash = w.seq, bytes.Clone(w.hash[:])
	p.From, p.To = entries[0].Row.At, entries[len(entries)-1].Row.At
	return int64(len(entries)), a.keep(ctx, &p, entries)
}

// keep writes the file, reads it back, and puts the checkpoint in the place of the rows.
func (a *Archiver) keep(ctx context.Context, p *Part, entries []entry) error {
	raw, err := pack(p, entries)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	folder := p.Trail
	if folder == "" {
		folder = "platform"
	}
	p.Size, p.SHA256 = int64(len(raw)), sum[:]
	p.File = fmt.Sprintf("audit/%s/%012d-%012d.%x.jsonl.gz", folder, p.First, p.Last, sum[:4])
	p.At = time.Now().UTC().Truncate(time.Microsecond)
	key := a.DB.Trail()
	sign := p.sign(key, p.Trail)
	p.Sign = sign[:]
	if err := a.Files.Put(ctx, p.File, bytes.NewReader(raw), p.Size); err != nil {
		return err
	}
	r, err := a.Files.Get(ctx, p.File, 0, -1)
	if err != nil {
		return err
	}
	defer r.Close()
	if report, err := VerifyFile(r, key, p); err != nil || report.Found > 0 {
		return errors.Join(err, fmt.Errorf("the file %s does not read as it was written: %v", p.File, report.Findings))
	}
	return a.DB.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, `insert into platform.audit_archive (trail, first_seq, last_seq, before, hash, from_at, to_at, file, size, sha256, at, sign)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			p.Trail, p.First, p.Last, []byte(p.Before), []byte(p.Hash), p.From, p.To, p.File, p.Size, []byte(p.SHA256), p.At, []byte(p.Sign))
		if err != nil {
			return err
		}
		var removed int64
		if err := tx.QueryRow(ctx, "select cell.audit_trim($1, $2)", p.Trail, p.Last).Scan(&removed); err != nil {
			return err
		}
		if removed != p.Last-p.First+1 {
			return fmt.Errorf("%d rows of %s were removed, want %d", removed, p.File, p.Last-p.First+1)
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "audit.archive", Kind: "trail", Object: p.Trail, Reason: p.File, After: p})
		return nil
	})
}

// pack writes a file: an opening, and a line for each row.
func pack(p *Part, entries []entry) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	lines := json.NewEncoder(z)
	if err := lines.Encode(opening{archiveFormat, p.Trail, p.First, p.Last, p.Before, p.Hash}); err != nil {
		return nil, err
	}
	for i := range entries {
		if err := lines.Encode(&entries[i]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// VerifyFile reads an archived part and follows its chain. With a checkpoint the file has to be the very one that it was made for.
func VerifyFile(r io.Reader, key chain.Key, want *Part) (Report, error) {
	sum := sha256.New()
	var size counter
	whole := io.TeeReader(r, io.MultiWriter(sum, &size))
	z, err := gzip.NewReader(whole)
	if err != nil {
		return Report{}, fmt.Errorf("this is no archive: %w", err)
	}
	lines := json.NewDecoder(bufio.NewReaderSize(z, 1<<16))
	var o opening
	if err := lines.Decode(&o); err != nil || o.Format != archiveFormat {
		return Report{}, errors.Join(errors.New("this is no archive of a trail"), err)
	}
	w := &walk{Verifier: &Verifier{}, Report: Report{Trail: o.Trail}, key: key, seq: o.First - 1, hash: o.Before.sum(), known: true}
	for {
		var e entry
		err := lines.Decode(&e)
		if err == io.EOF {
			break
		}
		if err != nil {
			return w.Report, fmt.Errorf("after row %d: %w", w.seq, err)
		}
		if len(e.Digest) != len(chain.Sum{}) || len(e.Hash) != len(chain.Sum{}) {
			return w.Report, fmt.Errorf("after row %d: a seal is not whole", w.seq)
		}
		w.place(&sealed{e.Seq, e.Row.ID, e.Digest, e.Hash}, &e.Row)
	}
	if w.seq != o.Last || w.hash != o.Hash.sum() {
		w.add(Cut, w.seq+1, nil, "the file ends at %d, its opening says %d", w.seq, o.Last)
	}
	if _, err := io.Copy(io.Discard, whole); err != nil {
		return w.Report, err
	}
	if want != nil && (want.Trail != o.Trail || want.First != o.First || want.Last != o.Last || want.hash() != o.Hash.sum() || want.before() != o.Before.sum() ||
		want.Size != int64(size) || !bytes.Equal(want.SHA256, sum.Sum(nil)) || !want.valid(key, o.Trail)) {
		w.add(Archive, o.First, nil, "the file is not the one that its checkpoint was made for")
	}
	w.Archived, w.Rows = w.Rows, 0
	return w.Report, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// Parts returns all archived parts of a trail, in order.
func Parts(ctx context.Context, db *tenant.DB, trail string) (parts []Part, err error) {
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		parts, err = partsOf(ctx, tx, trail)
		return err
	})
	return parts, err
}

// nightHour is when what is due is archived.
const nightHour = 4

// nights archives every night in one of the processes.
func (s *Service) nights(ctx context.Context) {
	rounds.Nightly(ctx, s.db, "audit archive", nightHour, func(ctx context.Context) error {
		rows, err := (&Archiver{DB: s.db, Files: s.files, Bodies: s.bodies}).Run(ctx)
		if rows > 0 {
			slog.InfoContext(ctx, "audit: archived", "rows", rows)
		}
		return err
	})
}
