package roster

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"

	"gonghui/app/member/roster/cell"
	"gonghui/app/member/roster/column"
	"gonghui/app/member/roster/sheet"
	memberv1 "gonghui/app/member/v1"
)

// reader turns the cells of a row into a member's file.
type reader struct {
	rules    Rules
	today    time.Time
	date1904 bool
	columns  []fieldAt
}

type fieldAt struct {
	index int
	field string
}

func newReader(rules Rules, today time.Time, date1904 bool, columns []column.Column) *reader {
	r := &reader{rules: rules, today: today, date1904: date1904}
	for _, c := range columns {
		if c.Field != "" {
			r.columns = append(r.columns, fieldAt{c.Index, c.Field})
		}
	}
	return r
}

// limits are the lengths that the proto allows for the texts of a file, in characters, by field.
var limits = func() map[string]int {
	m := map[string]int{}
	fields := (&memberv1.MemberFields{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if rules, ok := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules); ok && rules.GetString().GetMaxLen() > 0 {
			m[f.JSONName()] = int(rules.GetString().GetMaxLen())
		}
	}
	return m
}()

// kindOf is the kind of fault of a cell that cannot be read.
var kindOf = map[string]string{
	"idKind": "code", "sex": "code", "nation": "code", "education": "code", "politicalStatus": "code", "employment": "code", "migrant": "code",
	"birth": "day", "joinedOn": "day", "phone": "phone", "idNumber": "id_format",
}

// checked is a row that was read.
type checked struct {
	fields  memberv1.MemberFields
	migrant *bool
	record  *Record // nil when there are faults
	faults  []Fault
}

// read checks one row. Of each field the first fault is told.
func (r *reader) read(row *sheet.Row) *checked {
	c := &checked{}
	f := &c.fields
	f.IdKind = "citizen_id"
	bad := map[string]bool{}
	refuse := func(field string, fault Fault) {
		if !bad[field] {
			bad[field] = true
			fault.Field = field
			c.faults = append(c.faults, fault)
		}
	}
	for _, at := range r.columns {
		if at.index >= len(row.Cells) {
			continue
		}
		if len(row.Formulas) > 0 && isFormula(row, at.index) {
			refuse(at.field, Fault{Kind: "formula", Zh: "单元格是公式且没有计算结果，请改为数值或文字", En: "the cell is a formula without a value; write the value itself"})
			continue
		}
		err := r.set(c, at.field, row.Cells[at.index])
		var e *cell.Error
		if errors.As(err, &e) {
			refuse(at.field, Fault{Kind: kindOf[at.field], Zh: e.Zh, En: e.En})
		}
	}
	for _, t := range []struct {
		field string
		text  string
	}{{"name", f.Name}, {"employer", f.Employer}, {"job", f.Job}, {"address", f.Address}} {
		if most := limits[t.field]; len(t.text) > most && utf8.RuneCountInString(t.text) > most {
			refuse(t.field, Fault{Kind: "too_long", Zh: fmt.Sprintf("最多 %d 个字", most), En: fmt.Sprintf("at most %d characters", most)})
		}
	}
	record, faults := r.rules.Read(f, r.today)
	for _, fault := range faults {
		refuse(fault.Field, fault)
	}
	if len(c.faults) == 0 {
		c.record = record
		c.record.Migrant = c.migrant
		if f.JoinedOn == "" {
			c.record.Joined = time.Time{}
		}
	}
	return c
}

func isFormula(row *sheet.Row, column int) bool {
	for _, f := range row.Formulas {
		if f == column {
			return true
		}
	}
	return false
}

// set reads one cell into its field.
func (r *reader) set(c *checked, field, text string) (err error) {
	f := &c.fields
	switch field {
	case "name":
		f.Name = cell.Name(text)
	case "idNumber":
		f.IdNumber, err = cell.ID(text)
	case "idKind":
		f.IdKind, err = cell.Kind(text)
	case "phone":
		if f.Phone, err = cell.Phone(text); strings.Trim(f.Phone, "-/无") == "" {
			f.Phone = ""
		}
	case "sex":
		f.Sex, err = cell.Sex(text)
	case "birth":
		f.Birth, err = cell.Day(text, r.date1904)
	case "joinedOn":
		f.JoinedOn, err = cell.Day(text, r.date1904)
	case "nation":
		f.Nation, err = cell.Nation(text)
	case "education":
		f.Education, err = cell.Education(text)
	case "politicalStatus":
		f.PoliticalStatus, err = cell.Political(text)
	case "employment":
		f.Employment, err = cell.Employment(text)
	case "migrant":
		if text != "" {
			f.Migrant, err = cell.Yes(text)
			c.migrant = &f.Migrant
		}
	case "employer":
		f.Employer = cell.Text(text)
	case "job":
		f.Job = cell.Text(text)
	case "address":
		f.Address = cell.Text(text)
	}
	return err
}

// blank reports whether a row has nothing in the columns that are imported: a line of remarks, or of a sum.
func (r *reader) blank(row *sheet.Row) bool {
	for _, at := range r.columns {
		if at.index < len(row.Cells) && (strings.TrimSpace(row.Cells[at.index]) != "" || isFormula(row, at.index)) {
			return false
		}
	}
	return true
}
