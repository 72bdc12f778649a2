package roster

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"gonghui/app/kit/day"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	"gonghui/tenant"
)

const (
	// claimedShare is the part of the progress of a commit, in thousandths, that is claiming.
	claimedShare = 400
	// updated is how many members are locked and changed at a time.
	updated = 500
)

// commit enters the rows: their persons are claimed, then all is one transaction. It may be done again from the beginning at
// any time before that one.
func (w *worker) commit(ctx context.Context) error {
	err := w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := w.sql.ManyRows(ctx, tx); err != nil {
			return err
		}
		return w.sql.MarkKnown(ctx, tx, db.MarkKnownParams{ImportID: w.id, Policy: w.row.Policy})
	})
	if err != nil {
		return err
	}
	refused, err := w.claim(ctx)
	if err != nil {
		return err
	}
	if refused {
		file, err := w.fetch(ctx, w.id)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := w.giveCells(ctx, file); err != nil {
			return err
		}
	}
	if err := w.takeSerials(ctx); err != nil {
		return err
	}
	return w.db.Tx(ctx, w.enter)
}

// claim claims the persons of the rows that admit, two pages at a time; those who are members elsewhere become faults.
func (w *worker) claim(ctx context.Context) (refused bool, err error) {
	for after := int64(0); ; {
		var rows []db.ListClaimsRow
		err := w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
			rows, err = w.sql.ListClaims(ctx, tx, db.ListClaimsParams{ImportID: w.id, After: after, Size: 2 * claim.Most})
			return err
		})
		if err != nil {
			return refused, err
		}
		if len(rows) == 0 {
			return refused, nil
		}
		after = rows[len(rows)-1].Number
		half := (len(rows) + 1) / 2
		var both errgroup.Group
		lost := make([]map[string]claim.Holder, 2)
		for i, part := range [][]db.ListClaimsRow{rows[:half], rows[half:]} {
			both.Go(func() (err error) {
				lost[i], err = w.takePage(ctx, part)
				return err
			})
		}
		if err := both.Wait(); err != nil {
			return refused, err
		}
		if err := w.refuse(ctx, rows, lost, after); err != nil {
			return refused, err
		}
		refused = refused || len(lost[0])+len(lost[1]) > 0
	}
}

func (w *worker) takePage(ctx context.Context, rows []db.ListClaimsRow) (map[string]claim.Holder, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	claims := make([]claim.Claim, len(rows))
	for i, r := range rows {
		claims[i] = claim.Claim{Digest: r.IDDigest, Member: r.MemberID}
	}
	return claim.Take(ctx, w.db, w.id, claims)
}

// refuse marks the rows whose persons somebody else holds, and notes how far the claims have come.
func (w *worker) refuse(ctx context.Context, rows []db.ListClaimsRow, lost []map[string]claim.Holder, after int64) error {
	body := tenant.From(ctx).ID
	marks := map[Fault][]int64{}
	for _, r := range rows {
		for _, holders := range lost {
			if h, ok := holders[r.IDDigest]; ok {
				f := elsewhere
				if h.Body == body {
					f = underWay
				}
				marks[f] = append(marks[f], r.Number)
			}
		}
	}
	return w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for f, numbers := range marks {
			err := w.sql.MarkFault(ctx, tx, db.MarkFaultParams{ImportID: w.id, Numbers: numbers, Kinds: f.Kind, Faults: encode([]Fault{f})})
			if err != nil {
				return err
			}
		}
		return holding(w.sql.AdvanceImport(ctx, tx, db.AdvanceImportParams{
			ID: w.id, Worker: &w.me, Reached: after, Faults: encode(w.counts), Progress: int32(min(1, float64(after)/float64(max(1, w.row.Total))) * claimedShare),
		}))
	})
}

// takeSerials keeps serials for the numbers of the new members, in a transaction of its own: whoever admits a single member
// meanwhile need not wait for the end of the import.
func (w *worker) takeSerials(ctx context.Context) error {
	if w.row.SerialYear > 0 {
		return nil
	}
	return w.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n, _, err := w.tally(ctx, tx)
		if err != nil || n[admit] == 0 {
			return err
		}
		taken, err := w.sql.TakeSerials(ctx, tx, db.TakeSerialsParams{Year: int16(day.Today().Year()), Count: int32(n[admit])})
		if err != nil {
			return err
		}
		if taken.Last > maxSerial {
			return fmt.Errorf("import %s: the numbers of the year are used up", w.id)
		}
		w.row.SerialYear, w.row.SerialFrom = int32(taken.Year), taken.Last-int32(n[admit])+1
		return holding(w.sql.KeepSerials(ctx, tx, db.KeepSerialsParams{ID: w.id, Worker: &w.me, Year: w.row.SerialYear, Serial: w.row.SerialFrom}))
	})
}

// maxSerial is the last serial of a year in a body.
const maxSerial = 9_999_999

// enter is the one transaction in which all happens, or nothing.
func (w *worker) enter(ctx context.Context, tx tenant.DBTX) error {
	changed, whole, err := w.updateAll(ctx, tx)
	if err != nil {
		return err
	}
	if err := w.sql.ManyRows(ctx, tx); err != nil {
		return err
	}
	head, sum := w.rules.Head(ctx, int(w.row.SerialYear))
	entered, err := w.sql.EnterMembers(ctx, tx, db.EnterMembersParams{
		ImportID: w.id, Head: head, HeadSum: int32(sum), Serial: w.row.SerialFrom, Today: day.Today(), MadeBy: actorOf(ctx).identity,
	})
	if err != nil {
		return err
	}
	if err := w.sql.EnterKeys(ctx, tx, w.id); err != nil {
		return err
	}
	who := actorOf(ctx)
	if err := w.sql.EnterHistory(ctx, tx, db.EnterHistoryParams{ImportID: w.id, ByAccount: who.account, ByName: who.name}); err != nil {
		return err
	}
	if err := w.keepDuplicates(ctx, tx); err != nil {
		return err
	}
	n, faults, err := w.tally(ctx, tx)
	if err != nil {
		return err
	}
	if err := w.rules.Imported(tx, w.id, entered.Members, entered.Whole+whole); err != nil {
		return err
	}
	was, err := noun.See(ctx, tx, w.id)
	if err != nil {
		return err
	}
	// Last, so that the lease can be prolonged until here; and guarded, so that whoever has lost it enters nothing.
	err = holding(w.sql.CommittedImport(ctx, tx, db.CommittedImportParams{
		ID: w.id, Worker: &w.me, Admitted: entered.Members, Known: n[update] + n[skip], Faulty: n[faulty], Faults: encode(faults),
	}))
	if err != nil {
		return err
	}
	return was.Changed(ctx, tx, tenant.Act{Act: "member.import", Reason: fmt.Sprintf("%d admitted, %d changed", entered.Members, changed)})
}

// updateAll changes the members whom the policy lets be changed.
func (w *worker) updateAll(ctx context.Context, tx tenant.DBTX) (changed int, whole int64, err error) {
	if w.row.Policy != update {
		return 0, 0, nil
	}
	for after := int64(0); ; {
		rows, err := w.sql.ListUpdates(ctx, tx, db.ListUpdatesParams{ImportID: w.id, After: after, Size: updated})
		if err != nil || len(rows) == 0 {
			return changed, whole, err
		}
		after = rows[len(rows)-1].Number
		digests := make([]string, len(rows))
		for i := range rows {
			digests[i] = rows[i].IDDigest
		}
		locked, err := w.sql.LockMembersByDigest(ctx, tx, digests)
		if err != nil {
			return 0, 0, err
		}
		before := make(map[string]*db.Member, len(locked))
		for i := range locked {
			before[*locked[i].IDDigest] = &locked[i]
		}
		for i := range rows {
			member := before[rows[i].IDDigest]
			if member == nil {
				continue // the membership has ended since
			}
			did, n, err := w.rules.Update(ctx, tx, member, recordOf(&rows[i]))
			if err != nil {
				return 0, 0, err
			}
			whole += n
			if did {
				changed++
			}
		}
	}
}

// recordOf is a staged row as a record. The phone stays sealed.
func recordOf(r *db.ListUpdatesRow) *Record {
	rec := &Record{
		Name: r.Name, Initials: r.Initials, Pinyin: r.Pinyin, IDKind: r.IDKind, IDDigest: r.IDDigest, Phone: r.Phone, Sex: r.Sex,
		Nation: r.Nation, Education: r.Education, Political: r.PoliticalStatus, Employer: r.Employer, Job: r.Job,
		Employment: r.Employment, Migrant: r.Migrant, Address: r.Address,
	}
	if r.Birth != nil {
		rec.Birth = *r.Birth
	}
	if r.JoinedOn != nil {
		rec.Joined = *r.JoinedOn
	}
	return rec
}

// keepDuplicates brings the list of duplicates up to date: who is a member elsewhere comes in, who was admitted goes out.
func (w *worker) keepDuplicates(ctx context.Context, tx tenant.DBTX) error {
	if err := w.sql.DropDuplicatesOfImport(ctx, tx, w.id); err != nil {
		return err
	}
	for after := int64(0); ; {
		rows, err := w.sql.ListElsewhere(ctx, tx, db.ListElsewhereParams{ImportID: w.id, After: after, Size: updated})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			after = r.Number
			number, err := w.keys.Open(idNumberColumn, r.IDNumber)
			if err != nil {
				return err
			}
			if err := w.rules.Duplicate(ctx, tx, r.Name, r.IDKind, number); err != nil {
				return err
			}
		}
	}
}
