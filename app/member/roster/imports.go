package roster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/column"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// pageSize is the length of a page when the request names none.
const pageSize = 50

// person is who acts, as the rows of an import keep it.
type person struct {
	name              string
	account, identity *uuid.UUID
}

func actorOf(ctx context.Context) person {
	s := tenant.SubjectFrom(ctx)
	if s == nil {
		return person{name: "system"}
	}
	name := []rune(s.Name)
	return person{string(name[:min(60, len(name))]), &s.Account, &s.Identity}
}

// ListImports pages through the imports of the body, newest first.
func (s *Service) ListImports(ctx context.Context, req *memberv1.ListImportsRequest) (*memberv1.ListImportsReply, error) {
	from := struct {
		Before uuid.UUID `json:"b"`
	}{uuid.Max}
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), pageSize)
	var rows []db.Import
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.ListImports(ctx, tx, db.ListImportsParams{Before: from.Before, Size: size + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ListImportsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.Import) any {
		from.Before = r.ID
		return from
	})
	for i := range rows {
		imp := &memberv1.Import{}
		fill(imp, &rows[i])
		reply.Imports = append(reply.Imports, imp)
	}
	return reply, nil
}

// GetImport returns one import.
func (s *Service) GetImport(ctx context.Context, req *memberv1.GetImportRequest) (*memberv1.Import, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	row, err := s.get(ctx, id)
	if err != nil {
		return nil, err
	}
	reply := &memberv1.Import{}
	fill(reply, row)
	return reply, nil
}

func (s *Service) get(ctx context.Context, id uuid.UUID) (*db.Import, error) {
	var row db.Import
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.sql.GetImport(ctx, tx, id)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNotFound
	}
	return &row, err
}

func fill(out *memberv1.Import, r *db.Import) {
	out.Id, out.FileName, out.Size, out.State = r.ID.String(), r.FileName, r.Size, r.State
	out.Sheets, out.Sheet, out.HeaderRow, out.Policy = decode[[]string](r.Sheets), r.Sheet, r.HeaderRow, r.Policy
	for _, c := range decode[[]column.Column](r.Layout) {
		out.Columns = append(out.Columns, &memberv1.ImportColumn{
			Index: int32(c.Index), Title: c.Title, Samples: c.Samples, Field: c.Field, Sure: c.Sure,
		})
	}
	out.Counts = &memberv1.ImportCounts{Rows: r.Total, Admitted: r.Admitted, Known: r.Known, Faulty: r.Faulty}
	for kind, n := range decode[map[string]int64](r.Faults) {
		out.Counts.Faults = append(out.Counts.Faults, &memberv1.ImportFaultCount{Kind: kind, Count: n})
	}
	slices.SortFunc(out.Counts.Faults, func(a, b *memberv1.ImportFaultCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind))
	})
	out.Progress, out.FaultZh, out.FaultEn, out.ByName = r.Progress, r.FaultZh, r.FaultEn, r.ByName
	out.CreatedAt = timestamppb.New(r.CreatedAt)
	if r.EndedAt != nil {
		out.EndedAt = timestamppb.New(*r.EndedAt)
	}
}

// step locks an import, lets act move it on, and answers with what has become of it.
func (s *Service) step(ctx context.Context, rawID, name string, act func(ctx context.Context, tx tenant.DBTX, row *db.Import) (changed bool, err error)) (*memberv1.Import, error) {
	id, err := field.ID("id", rawID)
	if err != nil {
		return nil, err
	}
	reply := &memberv1.Import{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.sql.LockImport(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNotFound
		}
		if err != nil {
			return err
		}
		was, err := noun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		changed, err := act(ctx, tx, &row)
		if err != nil {
			return err
		}
		if changed {
			if err := was.Changed(ctx, tx, tenant.Act{Act: name}); err != nil {
				return err
			}
			if row, err = s.sql.GetImport(ctx, tx, id); err != nil {
				return err
			}
		}
		fill(reply, &row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// MapImport says which column is which field and starts the check, anew if there was one.
func (s *Service) MapImport(ctx context.Context, req *memberv1.MapImportRequest) (*memberv1.Import, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	row, err := s.get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !open(row.State) {
		return nil, errState
	}
	found, head, err := s.layout(ctx, row, req)
	if err != nil {
		return nil, err
	}
	next := checking
	if len(req.GetColumns()) == 0 && !found.Sure() {
		next = mapping
	}
	who := actorOf(ctx)
	return s.step(ctx, req.GetId(), "member.import.map", func(ctx context.Context, tx tenant.DBTX, row *db.Import) (bool, error) {
		if !open(row.State) {
			return false, errState
		}
		err := s.sql.MapImport(ctx, tx, db.MapImportParams{
			ID: id, State: next, Sheet: req.GetSheet(), HeaderRow: int32(max(1, found.Header)), Layout: encode(found.Columns), Head: s.seal(headColumn, head),
			Policy: req.GetPolicy(), ActorAccount: who.account, ActorIdentity: who.identity, ActorName: who.name,
		})
		if err != nil || next == mapping {
			return true, err
		}
		return true, start(tx, id)
	})
}

// open reports whether an import in a state may still be changed.
func open(state string) bool { return state == mapping || state == checking || state == ready }

// layout is what a request makes of the columns. Without a choice of columns they are recognised anew: in another sheet wherever
// the titles stand, in the same one below the row that is named.
func (s *Service) layout(ctx context.Context, row *db.Import, req *memberv1.MapImportRequest) (found column.Layout, head [][]string, err error) {
	if sheets := decode[[]string](row.Sheets); len(sheets) > 0 && !slices.Contains(sheets, req.GetSheet()) {
		return found, nil, fault.Field("sheet", "工作簿里没有这张工作表", "the workbook has no such sheet")
	}
	file, err := s.fetch(ctx, row.ID)
	if err != nil {
		return found, nil, named(err)
	}
	defer file.Close()
	rows, err := top(file, req.GetSheet())
	if err != nil {
		return found, nil, named(err)
	}
	found = column.At(rows, int64(req.GetHeaderRow()))
	if len(req.GetColumns()) == 0 {
		if req.GetSheet() != row.Sheet {
			found = column.Recognise(rows)
		}
		return found, heads(rows, found.Header), nil
	}
	columns := found.Columns
	for i := range columns {
		columns[i].Field, columns[i].Sure = "", true
	}
	taken := map[string]bool{}
	for _, c := range req.GetColumns() {
		f := c.GetField()
		switch i := int(c.GetIndex()); {
		case i >= len(columns):
			return found, nil, badColumns("文件没有第 %d 列", "the file has no column %d", i+1)
		case f == "":
		case !slices.Contains(column.Fields, f):
			return found, nil, badColumns("没有“%s”这个字段", "there is no field %q", f)
		case taken[f]:
			return found, nil, badColumns("字段“%s”对应了两列", "the field %q is mapped twice", f)
		default:
			taken[f] = true
			columns[i].Field = f
		}
	}
	for _, f := range column.Needed {
		if !taken[f] {
			return found, nil, badColumns("请指明“%s”在哪一列", "say which column is %q", f)
		}
	}
	found.Header = int64(req.GetHeaderRow())
	return found, heads(rows, found.Header), nil
}

func badColumns(zh, en string, arg any) error {
	return fault.Of(http.StatusBadRequest, memberv1.Reason_IMPORT_COLUMNS, "columns", fmt.Sprintf(zh, arg), fmt.Sprintf(en, arg))
}

// CommitImport enters the valid rows. A second call answers with what has become of the first.
func (s *Service) CommitImport(ctx context.Context, req *memberv1.CommitImportRequest) (*memberv1.Import, error) {
	who := actorOf(ctx)
	return s.step(ctx, req.GetId(), "member.import.commit", func(ctx context.Context, tx tenant.DBTX, row *db.Import) (bool, error) {
		switch row.State {
		case committing, done:
			return false, nil
		case ready:
		default:
			return false, errState
		}
		err := s.sql.BeginCommit(ctx, tx, db.BeginCommitParams{ID: row.ID, ActorAccount: who.account, ActorIdentity: who.identity, ActorName: who.name})
		if err != nil {
			return false, err
		}
		return true, start(tx, row.ID)
	})
}

// CancelImport stops an import that is not being entered yet and forgets its file.
func (s *Service) CancelImport(ctx context.Context, req *memberv1.CancelImportRequest) (*memberv1.Import, error) {
	return s.step(ctx, req.GetId(), "member.import.cancel", func(ctx context.Context, tx tenant.DBTX, row *db.Import) (bool, error) {
		if row.State == cancelled {
			return false, nil
		}
		if !open(row.State) {
			return false, errState
		}
		return true, s.end(ctx, tx, row.ID, cancelled, "", "")
	})
}

// end closes an import that came to nothing; what it kept is forgotten by a job.
func (s *Service) end(ctx context.Context, tx tenant.DBTX, id uuid.UUID, state, zh, en string) error {
	if err := s.sql.EndImport(ctx, tx, db.EndImportParams{ID: id, State: state, FaultZh: zh, FaultEn: en}); err != nil {
		return err
	}
	return start(tx, id)
}

// ListImportRows pages through the checked rows, in the order of the file.
func (s *Service) ListImportRows(ctx context.Context, req *memberv1.ListImportRowsRequest) (*memberv1.ListImportRowsReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	var from struct {
		After int64 `json:"a"`
	}
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), pageSize)
	if _, err := s.get(ctx, id); err != nil {
		return nil, err
	}
	var rows []db.ListRowsRow
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.ListRows(ctx, tx, db.ListRowsParams{ImportID: id, After: from.After, Outcome: req.GetOutcome(), Size: size + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ListImportRowsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListRowsRow) any {
		from.After = r.Number
		return from
	})
	for _, r := range rows {
		row := &memberv1.ImportRow{Number: r.Number, Name: r.Name, Outcome: r.Outcome}
		if row.IdNumber, err = s.open(idNumberColumn, r.IDNumber); err != nil {
			return nil, err
		}
		if row.Phone, err = s.open(phoneColumn, r.Phone); err != nil {
			return nil, err
		}
		for _, f := range decode[[]Fault](r.Faults) {
			row.Faults = append(row.Faults, &memberv1.ImportFault{Kind: f.Kind, Field: f.Field, Zh: f.Zh, En: f.En})
		}
		reply.Rows = append(reply.Rows, row)
	}
	return reply, nil
}

// open reads a sealed text; one that is missing is empty.
func (s *Service) open(where, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	return s.keys.Open(where, sealed)
}
