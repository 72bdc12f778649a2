package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"

	"gonghui/app/kit/cnid"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// rules are what imports and exports know of a member's file.
type rules struct{ *Service }

var _ roster.Rules = rules{}

// Read implements roster.Rules.
func (s rules) Read(f *memberv1.MemberFields, today time.Time) (*roster.Record, []roster.Fault) {
	n, refusals := readAll(f, nil, today)
	if len(refusals) > 0 {
		faults := make([]roster.Fault, len(refusals))
		for i, err := range refusals {
			faults[i] = faultOf(err)
		}
		return nil, faults
	}
	c := s.seal(n)
	return &roster.Record{
		Name: n.name, Initials: c.initials, Pinyin: c.pinyin, IDKind: n.idKind, IDNumber: c.idNumber, IDDigest: c.idDigest,
		Phone: c.phone, PhoneTail: n.phoneTail(), Sex: n.sex, Birth: n.birth, Nation: n.nation, Education: n.education,
		Political: n.political, Employer: n.employer, Job: n.job, Employment: n.employment, Address: n.address, Joined: n.joined,
		Keys: found{name: n.name, initials: c.initials, pinyin: c.pinyin, phoneTail: n.phoneTail()}.all(),
	}, nil
}

// faultOf gives the refusal of a field its kind.
func faultOf(err error) roster.Fault {
	e := kerrors.FromError(err)
	f := roster.Fault{Field: strings.TrimPrefix(e.Metadata["field"], "fields."), Zh: e.Metadata["zh"], En: e.Metadata["en"]}
	var number *cnid.Error
	switch {
	case errors.Is(err, errMismatch):
		f.Kind = "mismatch"
	case f.Field == "phone":
		f.Kind = "phone"
	case errors.Is(err, cnid.ErrCheckDigit):
		f.Kind = "id_digit"
	case errors.Is(err, cnid.ErrDate), errors.Is(err, cnid.ErrFuture):
		f.Kind = "id_date"
	case errors.As(err, &number):
		f.Kind = "id_format"
	case f.Field == "idNumber":
		f.Kind = "id_missing"
	case f.Field == "name":
		f.Kind = "name_missing"
	case f.Field == "birth", f.Field == "joinedOn":
		f.Kind = "day_order"
	default:
		f.Kind = "code"
	}
	return f
}

// Update implements roster.Rules. What the record leaves empty stays as it is.
func (s rules) Update(ctx context.Context, tx tenant.DBTX, before *db.Member, r *roster.Record) (bool, int64, error) {
	old, err := s.open(before)
	if err != nil {
		return false, 0, err
	}
	f, err := s.merge(old, r)
	if err != nil {
		return false, 0, err
	}
	changed := f.changed(old)
	if len(changed) == 0 {
		return false, 0, nil
	}
	after, err := s.update(ctx, tx, before.ID, f)
	if err != nil {
		return false, 0, err
	}
	moveKeys(tx, before, &after)
	s.record(ctx, tx, before.ID, "import", "", changed)
	return true, share(&after) - share(before), nil
}

// merge lays a record over a file.
func (s rules) merge(old *file, r *roster.Record) (*file, error) {
	f := *old
	for _, t := range []struct {
		into *string
		text string
	}{
		{&f.name, r.Name},
		{&f.idKind, r.IDKind},
		{&f.sex, r.Sex},
		{&f.nation, r.Nation},
		{&f.education, r.Education},
		{&f.political, r.Political},
		{&f.employer, r.Employer},
		{&f.job, r.Job},
		{&f.employment, r.Employment},
		{&f.address, r.Address},
	} {
		if t.text != "" {
			*t.into = t.text
		}
	}
	if r.Phone != "" {
		phone, err := s.keys.Open(phoneColumn, r.Phone)
		if err != nil {
			return nil, fmt.Errorf("import: phone: %w", err)
		}
		f.phone = phone
	}
	if r.Migrant != nil {
		f.migrant = *r.Migrant
	}
	if !r.Birth.IsZero() {
		f.birth = r.Birth
	}
	if !r.Joined.IsZero() {
		f.joined = r.Joined
	}
	return &f, nil
}

// Head implements roster.Rules.
func (s rules) Head(ctx context.Context, year int) (string, int) {
	head := fmt.Sprintf("%s%02d", division(tenant.From(ctx).Code), year%100)
	return head, luhnSum(head + "0000000")
}

// Duplicate implements roster.Rules.
func (s rules) Duplicate(ctx context.Context, tx tenant.DBTX, name, idKind, idNumber string) error {
	by, _ := actor(ctx)
	return s.sql.AddDuplicate(ctx, tx, db.AddDuplicateParams{
		ID: tenant.NewID(), Name: name, IDKind: idKind, IDNumber: s.keys.Seal(duplicateColumn, idNumber),
		IDDigest: s.keys.Digest(idDigest, idNumber), Source: "import", ByName: by, MadeBy: maker(ctx),
	})
}

// Imported implements roster.Rules.
func (s rules) Imported(tx tenant.DBTX, operation uuid.UUID, members, whole int64) error {
	data := Admission{Members: int(members), Event: claim.Event{Operation: &operation}}
	return emit(tx, Imported, uuid.Nil, data, counts{active: members, complete: whole, roster.Metric: members})
}

// Fields implements roster.Rules.
func (s rules) Fields(row *db.Member) (*memberv1.MemberFields, error) {
	f, err := s.open(row)
	if err != nil {
		return nil, err
	}
	return f.proto(), nil
}
