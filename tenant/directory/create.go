package directory

import (
	"context"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/pinyin"
	"gonghui/tenant"
	"gonghui/tenant/rollup/figure"
)

// The lines of closure: two that bodies are led on, and primary, which follows every body's primary one.
const (
	primary     = "primary"
	territorial = "territorial"
	industrial  = "industrial"
)

// New is a body to found.
type New struct {
	Code, Name, ShortName    string
	Level, Kind              string // in the words of the API
	DivisionCode             string
	CreditCode               string // with both check digits right, or empty
	PrimaryLine              string // territorial when empty
	Parent, IndustrialParent string // codes; at most one on each line
	FoundedOn                *time.Time
	ApprovalDocNo            string
}

// Create founds a body. It waits for the lock of [figure.Lock], so it should be the transaction's first act.
func Create(ctx context.Context, db tenant.DBTX, n New) (uuid.UUID, error) {
	credit, err := checkCredit(n.CreditCode)
	if err != nil {
		return uuid.Nil, err
	}
	if n.PrimaryLine == "" {
		n.PrimaryLine = territorial
	}
	if err := figure.Lock(ctx, db); err != nil {
		return uuid.Nil, err
	}
	id := tenant.NewID()
	_, err = db.Exec(ctx, createSQL, id, n.Code, n.Name, n.ShortName, spelled(n.Name), pinyin.Initials(n.Name), n.Level, n.Kind,
		n.DivisionCode, credit, n.PrimaryLine, n.FoundedOn, n.ApprovalDocNo, tenant.NewID())
	switch {
	case tenant.Violated(err, "body_code_key"):
		return uuid.Nil, codeTaken()
	case tenant.Violated(err, "body_credit_code_key"):
		return uuid.Nil, fault.Field("creditCode", "这个信用代码已属于另一工会组织，请核对", "another body has this credit code; compare it with the certificate")
	case err != nil:
		return uuid.Nil, err
	}
	if err := changed(ctx, db); err != nil {
		return uuid.Nil, err
	}
	for _, p := range []struct{ line, code, field string }{
		{territorial, n.Parent, "parentCode"}, {industrial, n.IndustrialParent, "industrialParentCode"},
	} {
		if p.code == "" {
			continue
		}
		parent, err := idOf(ctx, db, p.code, p.field)
		if err != nil {
			return uuid.Nil, err
		}
		if err := link(ctx, db, id, parent, p.line, p.line == n.PrimaryLine); err != nil {
			return uuid.Nil, err
		}
	}
	return id, nil
}

// createSQL writes the body, its place in the closure, the event of its life and the one that the drainer counts.
const createSQL = `
with made as (
	insert into platform.body (id, code, name, short_name, pinyin, initials, level, kind, division_code, credit_code, primary_line, founded_on)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id, code
), itself as (
	insert into platform.closure (line, ancestor_id, descendant_id, depth)
	select l, made.id, made.id, 0 from made, unnest('{primary, territorial, industrial}'::varchar[]) l
), told as (
	insert into platform.body_event (id, body_id, kind, effective_on, approval_doc_no, after)
	select $14, made.id, 'found', coalesce($12, (now() at time zone 'Asia/Shanghai')::date), $13, made.code from made
)
insert into cell.outbox (tenant, kind, subject, data, counts)
select made.code, 'directory.founded', made.id, '{}', '{"directory.bodies": 1}' from made`

// spelled is the pinyin of a name as far as its column reaches, 400 letters.
func spelled(name string) string {
	s := pinyin.Full(name)
	return s[:min(len(s), 400)]
}

// changed tells those who keep a copy of names and places that it is out of date.
func changed(ctx context.Context, db tenant.DBTX) error {
	_, err := db.Exec(ctx, "update platform.directory_version set version = version + 1")
	return err
}
