package directory

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	directoryv1 "gonghui/tenant/directory/v1"
)

// columns of a body b that scanBody reads.
const columns = `b.id, b.code, b.name, b.short_name, b.level, b.kind, b.division_code, b.credit_code, b.status, b.primary_line, b.founded_on`

// scanBody reads columns and what follows them.
func scanBody(row pgx.Row, more ...any) (*directoryv1.Body, error) {
	b := &directoryv1.Body{}
	var id uuid.UUID
	var founded *time.Time
	err := row.Scan(append([]any{
		&id, &b.Code, &b.Name, &b.ShortName, &b.Level, &b.Kind, &b.DivisionCode, &b.CreditCode, &b.Status,
		&b.PrimaryLine, &founded,
	}, more...)...)
	if err != nil {
		return nil, err
	}
	b.Id = id.String()
	if founded != nil {
		b.FoundedOn = founded.Format(time.DateOnly)
	}
	return b, nil
}

// nameOnly is what everybody signed in may know of any body.
func nameOnly(b *directoryv1.Body) *directoryv1.Body {
	return &directoryv1.Body{
		Id: b.Id, Code: b.Code, Name: b.Name, ShortName: b.ShortName, Level: b.Level, Kind: b.Kind, Status: b.Status,
		PrimaryLine: b.PrimaryLine, Children: b.Children,
	}
}
