package roster

import (
	"context"
	"errors"
	"io"
	"strings"

	"golang.org/x/sync/errgroup"

	"gonghui/app/kit/day"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/column"
	"gonghui/app/member/roster/sheet"
	"gonghui/tenant"
)

const (
	// chunk is how many rows are staged in one transaction.
	chunk = 1000
	// ahead is how many chunks are read and checked before the one that is being staged.
	ahead = 3
	// checkedShare is the part of the progress of a check, in thousandths, that is staging.
	checkedShare = 960
)

// Faults that only the whole file, or the whole nation, tells.
var (
	twice     = Fault{"twice_in_file", "idNumber", "与第 %1$s 行证件号码相同", "row %1$s has the same ID number"}
	elsewhere = Fault{elsewhen, "idNumber", "此人已是其他工会的会员，须先在原工会办理转出或退会", "this person is a member of another union body; the membership there has to end or be transferred first"}
	underWay  = Fault{elsewhen, "idNumber", "此人的入会正在由另一操作办理", "another operation is admitting this person just now"}
)

// batch is a chunk on its way.
type batch struct {
	rows  []sheet.Row
	share int // of the file that is read with it, in thousandths
	out   db.StageRowsParams
	count struct{ admitted, known, faulty int64 }
	kinds map[string]int64
	ready chan struct{}
	err   error
}

// check stages every row of the file with what is to become of it. It goes on where another worker has stopped.
func (w *worker) check(ctx context.Context) error {
	if w.row.Reached == 0 {
		if err := w.clear(ctx); err != nil {
			return err
		}
	}
	file, err := w.fetch(ctx, w.id)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := w.stageAll(ctx, file); err != nil {
		return err
	}
	err = w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := w.sql.ManyRows(ctx, tx); err != nil {
			return err
		}
		return w.sql.MarkTwice(ctx, tx, db.MarkTwiceParams{ImportID: w.id, Faults: encode([]Fault{twice})})
	})
	if err != nil {
		return err
	}
	if err := w.giveCells(ctx, file); err != nil {
		return err
	}
	return w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n, faults, err := w.tally(ctx, tx)
		if err != nil {
			return err
		}
		return holding(w.sql.CheckedImport(ctx, tx, db.CheckedImportParams{
			ID: w.id, Worker: &w.me, Total: n[admit] + n[update] + n[skip] + n[faulty], Admitted: n[admit], Known: n[update] + n[skip],
			Faulty: n[faulty], Faults: encode(faults),
		}))
	})
}

// clear removes what an earlier check has staged and claimed.
func (w *worker) clear(ctx context.Context) error {
	if err := claim.Release(ctx, w.db, w.id); err != nil {
		return err
	}
	return w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		_, err := w.sql.DropRows(ctx, tx, db.DropRowsParams{ImportID: w.id})
		return err
	})
}

// tally counts outcomes and faults.
func (w *worker) tally(ctx context.Context, tx tenant.DBTX) (outcomes, faults map[string]int64, err error) {
	outcomes, faults = map[string]int64{}, map[string]int64{}
	all, err := w.sql.CountOutcomes(ctx, tx, w.id)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range all {
		outcomes[o.Outcome] = o.N
	}
	kinds, err := w.sql.CountFaults(ctx, tx, w.id)
	for _, k := range kinds {
		faults[k.Kind] = k.N
	}
	return outcomes, faults, err
}

// stageAll reads, checks and stages, each on its own: chunks are checked side by side and staged in the order of the file.
func (w *worker) stageAll(ctx context.Context, file *sheet.File) error {
	rows, err := file.Rows(w.row.Sheet)
	if err != nil {
		return err
	}
	defer rows.Close()
	r := newReader(w.rules, day.Today(), file.Date1904, decode[[]column.Column](w.row.Layout))
	queue := make(chan *batch, ahead)
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		defer close(queue)
		for {
			b, err := w.take(rows, r)
			if err != nil {
				return err
			}
			if len(b.rows) == 0 {
				return nil
			}
			go func() {
				defer close(b.ready)
				b.err = w.prepare(ctx, r, b)
			}()
			select {
			case queue <- b:
			case <-ctx.Done():
				<-b.ready
				return ctx.Err()
			}
		}
	})
	all.Go(func() error {
		for b := range queue {
			<-b.ready
			if b.err != nil {
				return b.err
			}
			if err := w.stage(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return all.Wait()
}

// take reads the next chunk of rows that are not staged yet.
func (w *worker) take(rows *sheet.Rows, r *reader) (*batch, error) {
	b := &batch{rows: make([]sheet.Row, 0, chunk), ready: make(chan struct{}), kinds: map[string]int64{}}
	after := max(w.row.Reached, int64(w.row.HeaderRow))
	for len(b.rows) < chunk {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if row.Number > after && !r.blank(&row) {
			b.rows = append(b.rows, row)
		}
	}
	b.share = rows.Done()
	return b, nil
}

// prepare checks the rows of a chunk and looks for their persons, in the body and in the nation.
func (w *worker) prepare(ctx context.Context, r *reader, b *batch) error {
	all := make([]*checked, len(b.rows))
	digests := make([]string, 0, len(b.rows))
	for i := range b.rows {
		all[i] = r.read(&b.rows[i])
		if all[i].record != nil {
			digests = append(digests, all[i].record.IDDigest)
		}
	}
	known, err := w.known(ctx, digests)
	if err != nil {
		return err
	}
	holders, err := claim.Find(ctx, w.db, digests)
	if err != nil {
		return err
	}
	b.out.ImportID = w.id
	body := tenant.From(ctx).ID
	for i, c := range all {
		outcome := admit
		if c.record != nil {
			holder, held := holders[c.record.IDDigest]
			switch {
			case known[c.record.IDDigest]:
				outcome = w.row.Policy
			case held && holder.Body != body:
				c.faults = append(c.faults, elsewhere)
			}
		}
		if len(c.faults) > 0 {
			outcome = faulty
		}
		w.append(b, &b.rows[i], c, outcome)
	}
	b.rows = b.rows[:len(b.rows):len(b.rows)]
	return nil
}

// known are those of some persons who are on the roll of the body.
func (w *worker) known(ctx context.Context, digests []string) (map[string]bool, error) {
	found := map[string]bool{}
	err := w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := w.sql.MembersByDigest(ctx, tx, digests)
		for _, row := range rows {
			found[row.IDDigest] = true
		}
		return err
	})
	return found, err
}

// append writes a row into the arrays of its chunk.
func (w *worker) append(b *batch, row *sheet.Row, c *checked, outcome string) {
	rec := c.record
	cells, faults, kinds := "", "", ""
	if outcome == faulty {
		b.count.faulty++
		var all []string
		seen := map[string]bool{}
		for _, f := range c.faults {
			if !seen[f.Kind] {
				seen[f.Kind] = true
				all = append(all, f.Kind)
				b.kinds[f.Kind]++
			}
		}
		kinds, faults, cells = strings.Join(all, ","), encode(c.faults), w.seal(cellsColumn, row.Cells)
	} else if outcome == admit {
		b.count.admitted++
	} else {
		b.count.known++
	}
	if rec == nil {
		rec = w.refused(c)
	}
	migrant := int16(-1)
	if rec.Migrant != nil {
		migrant = 0
		if *rec.Migrant {
			migrant = 1
		}
	}
	o := &b.out
	o.Numbers = append(o.Numbers, row.Number)
	o.Outcomes = append(o.Outcomes, outcome)
	o.Ids = append(o.Ids, tenant.NewID())
	o.Names = append(o.Names, rec.Name)
	o.Initials = append(o.Initials, rec.Initials)
	o.Pinyins = append(o.Pinyins, rec.Pinyin)
	o.IDKinds = append(o.IDKinds, rec.IDKind)
	o.IDNumbers = append(o.IDNumbers, rec.IDNumber)
	o.IDDigests = append(o.IDDigests, rec.IDDigest)
	o.Phones = append(o.Phones, rec.Phone)
	o.PhoneTails = append(o.PhoneTails, rec.PhoneTail)
	o.Sexes = append(o.Sexes, rec.Sex)
	o.Births = append(o.Births, rec.Birth)
	o.Nations = append(o.Nations, rec.Nation)
	o.Educations = append(o.Educations, rec.Education)
	o.PoliticalStatuses = append(o.PoliticalStatuses, rec.Political)
	o.Employers = append(o.Employers, rec.Employer)
	o.Jobs = append(o.Jobs, rec.Job)
	o.Employments = append(o.Employments, rec.Employment)
	o.Migrants = append(o.Migrants, migrant)
	o.Addresses = append(o.Addresses, rec.Address)
	o.JoinedOns = append(o.JoinedOns, rec.Joined)
	o.Keys = append(o.Keys, strings.Join(rec.Keys, "\n"))
	o.Kinds = append(o.Kinds, kinds)
	o.Faults = append(o.Faults, faults)
	o.Cells = append(o.Cells, cells)
}

// refused is what is shown of a row with faults: name, and the numbers as they came.
func (w *worker) refused(c *checked) *Record {
	f := &c.fields
	rec := &Record{Name: cut(f.Name, 60), IDKind: f.IdKind}
	if f.IdNumber != "" {
		rec.IDNumber = w.keys.Seal(idNumberColumn, cut(f.IdNumber, 18))
	}
	if f.Phone != "" {
		rec.Phone = w.keys.Seal(phoneColumn, cut(f.Phone, 11))
	}
	return rec
}

// cut bounds a text in bytes and characters at once for what is to be sealed: the column holds no more.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		s = string(r[:n])
	}
	return s
}

// stage writes a chunk, with how far the check has come.
func (w *worker) stage(ctx context.Context, b *batch) error {
	counts := map[string]int64{}
	for kind, n := range w.counts {
		counts[kind] = n
	}
	for kind, n := range b.kinds {
		counts[kind] += n
	}
	last := b.out.Numbers[len(b.out.Numbers)-1]
	err := w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		err := holding(w.sql.AdvanceImport(ctx, tx, db.AdvanceImportParams{
			ID: w.id, Worker: &w.me, Reached: last, Total: int64(len(b.out.Numbers)), Admitted: b.count.admitted, Known: b.count.known,
			Faulty: b.count.faulty, Faults: encode(counts), Progress: int32(b.share * checkedShare / 1000),
		}))
		if err != nil {
			return err
		}
		db.LazyLater(tx)
		return w.sql.StageRows(ctx, tx, b.out)
	})
	if err == nil {
		w.counts = counts
	}
	return err
}

// giveCells adds the cells to the rows that were refused after they were staged.
func (w *worker) giveCells(ctx context.Context, file *sheet.File) error {
	wanted, err := w.withoutCells(ctx, 0)
	if err != nil || len(wanted) == 0 {
		return err
	}
	rows, err := file.Rows(w.row.Sheet)
	if err != nil {
		return err
	}
	defer rows.Close()
	got := db.GiveCellsParams{ImportID: w.id}
	for len(wanted) > 0 {
		row, err := rows.Next()
		if err != nil {
			return err
		}
		if row.Number != wanted[0] {
			continue
		}
		got.Numbers = append(got.Numbers, row.Number)
		got.Cells = append(got.Cells, w.seal(cellsColumn, row.Cells))
		if wanted = wanted[1:]; len(wanted) > 0 {
			continue
		}
		err = w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return w.sql.GiveCells(ctx, tx, got) })
		if err != nil {
			return err
		}
		if wanted, err = w.withoutCells(ctx, row.Number); err != nil {
			return err
		}
		got.Numbers, got.Cells = nil, nil
	}
	return nil
}

func (w *worker) withoutCells(ctx context.Context, after int64) (numbers []int64, err error) {
	err = w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		numbers, err = w.sql.FaultsWithoutCells(ctx, tx, db.FaultsWithoutCellsParams{ImportID: w.id, After: after, Size: chunk})
		return err
	})
	return numbers, err
}
