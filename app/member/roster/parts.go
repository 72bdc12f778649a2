package roster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/sheet"
	"gonghui/tenant"
)

// partSize is how much of a file one sealed part holds, in bytes.
const partSize = 256 << 10

// spool makes a file that nobody else can open, and that is gone when it is closed.
func spool() (*os.File, error) {
	f, err := os.CreateTemp("", "gonghui-import-")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}

// keep stores a file in sealed parts.
func (s *Service) keep(ctx context.Context, tx tenant.DBTX, id uuid.UUID, f io.Reader) error {
	buf := make([]byte, partSize)
	for no := int32(0); ; no++ {
		n, err := io.ReadFull(f, buf)
		if n > 0 {
			if err := s.sql.AddPart(ctx, tx, db.AddPartParams{ImportID: id, No: no, Data: s.keys.Seal(partColumn, string(buf[:n]))}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// fetch unseals the file of an import and opens it.
func (s *Service) fetch(ctx context.Context, id uuid.UUID) (*sheet.File, error) {
	f, err := spool()
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, partSize)
	for no := int32(0); ; no++ {
		var data string
		err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
			data, err = s.sql.GetPart(ctx, tx, db.GetPartParams{ImportID: id, No: no})
			return err
		})
		if errors.Is(err, pgx.ErrNoRows) && no > 0 {
			break
		}
		if err == nil {
			data, err = s.keys.Open(partColumn, data)
		}
		if err == nil {
			_, err = w.WriteString(data)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("import %s: part %d: %w", id, no, err), f.Close())
		}
	}
	if err := w.Flush(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	opened, err := sheet.Open(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return opened, nil
}
