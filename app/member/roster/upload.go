package roster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/go-kratos/kratos/v2/encoding/json"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/column"
	"gonghui/app/member/roster/sheet"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// MaxUpload is the largest file that is taken, in bytes.
const MaxUpload = 200 << 20

// kept is how long an import that nobody finishes, and the faults of one that is finished, are kept.
const kept = 7 * 24 * time.Hour

// upload takes a file: POST /v1/imports?name=…, the body is the file.
func (s *Service) upload(w http.ResponseWriter, r *http.Request) error {
	name, err := field.Required("name", r.URL.Query().Get("name"))
	if err != nil {
		return err
	}
	if len([]rune(name)) > 200 {
		return fault.Field("name", "最多 200 个字", "at most 200 characters")
	}
	f, err := spool()
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, sum), r.Body)
	if err != nil {
		return received(err)
	}
	imp, err := s.accept(r.Context(), name, size, hex.EncodeToString(sum.Sum(nil)), f)
	if err != nil {
		return err
	}
	return reply(w, imp)
}

// received says what went wrong while a body was read.
func received(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return fault.Of(http.StatusBadRequest, memberv1.Reason_IMPORT_FILE, "file", "文件没有传完，请重新上传", "the file did not arrive whole; upload it again")
}

// accept looks at a file, keeps it, and starts its check when there is nothing to ask.
func (s *Service) accept(ctx context.Context, name string, size int64, digest string, f *os.File) (*memberv1.Import, error) {
	file, err := sheet.Open(f)
	if err != nil {
		return nil, named(err)
	}
	defer file.Close()
	first, rows, err := s.look(file)
	if err != nil {
		return nil, named(err)
	}
	layout := column.Recognise(rows)
	id := tenant.NewID()
	who := actorOf(ctx)
	row := db.AddImportParams{
		ID: id, FileName: name, Size: size, Kind: file.Kind, State: mapping, Sheets: encode(file.Sheets), Sheet: first,
		HeaderRow: int32(max(1, layout.Header)), Layout: encode(layout.Columns), Head: s.seal(headColumn, heads(rows, layout.Header)),
		ByName: who.name, ActorAccount: who.account, ActorIdentity: who.identity, ActorName: who.name,
	}
	if layout.Sure() {
		row.State = checking
	}
	out := &memberv1.Import{}
	// What makes two uploads with one idempotency key the same: name, size and content of the file.
	asked := &memberv1.Import{Id: digest, FileName: name, Size: size}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, asked, out, func() error {
			if err := s.sql.AddImport(ctx, tx, row); err != nil {
				return err
			}
			if err := s.keep(ctx, tx, id, io.NewSectionReader(f, 0, size)); err != nil {
				return err
			}
			if err := noun.Made(ctx, tx, tenant.Act{Act: "member.import.upload"}, id); err != nil {
				return err
			}
			if row.State == checking {
				if err := start(tx, id); err != nil {
					return err
				}
			}
			if err := tenant.EnqueueIn(tx, kept, lapseJob, task{id}); err != nil {
				return err
			}
			saved, err := s.sql.GetImport(ctx, tx, id)
			if err != nil {
				return err
			}
			fill(out, &saved)
			return nil
		})
	})
	return out, err
}

// look reads the first rows of the first sheet that has any.
func (s *Service) look(file *sheet.File) (name string, rows []column.Row, err error) {
	sheets := file.Sheets
	if file.Kind == sheet.CSV {
		sheets = []string{""}
	}
	for _, name := range sheets {
		if rows, err = top(file, name); err != nil {
			return "", nil, err
		}
		if len(rows) > 0 {
			return name, rows, nil
		}
	}
	return "", nil, sheet.ErrEmpty
}

// top is the beginning of a sheet.
func top(file *sheet.File, name string) ([]column.Row, error) {
	stream, err := file.Rows(name)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	var rows []column.Row
	for len(rows) < column.Look {
		row, err := stream.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, column.Row{Number: row.Number, Cells: row.Cells})
	}
	return rows, nil
}

// heads are the rows up to the titles, as the file of corrections repeats them.
func heads(rows []column.Row, header int64) [][]string {
	var out [][]string
	for _, r := range rows {
		if r.Number > header {
			break
		}
		for int64(len(out)) < r.Number-1 {
			out = append(out, nil)
		}
		out = append(out, r.Cells)
	}
	return out
}

func (s *Service) seal(where string, v any) string { return s.keys.Seal(where, encode(v)) }

// reply writes an answer as the RPCs do.
func reply(w http.ResponseWriter, imp *memberv1.Import) error {
	raw, err := json.MarshalOptions.Marshal(imp)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(raw)
	return err
}
