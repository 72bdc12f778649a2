package member

import (
	"errors"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/cnid"
	"gonghui/app/kit/codes"
	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	memberv1 "gonghui/app/member/v1"
)

// errMismatch is the cause of refusals of what does not agree with the ID number.
var errMismatch = errors.New("member: mismatch")

// file is what a member's file says, checked and in the clear.
type file struct {
	name, idKind, idNumber, phone, sex          string
	birth                                       time.Time // zero when unknown
	nation, education, political, employer, job string
	employment                                  string
	migrant                                     bool
	address                                     string
	joined                                      time.Time
	deptText                                    string     // the department as a request names it
	dept                                        *uuid.UUID // nil for none
}

// read checks the fields of a request. An update leaves ID number, phone and joining date empty to keep those of the old
// file; for a new one old is nil.
func read(f *memberv1.MemberFields, old *file, today time.Time) (*file, error) {
	n, refusals := readAll(f, old, today)
	if len(refusals) > 0 {
		return n, refusals[0]
	}
	return n, nil
}

// readAll is read with everything that is to be refused.
func readAll(f *memberv1.MemberFields, old *file, today time.Time) (*file, []error) {
	r := reader{}
	n := &file{
		name:       r.text("name", f.GetName(), true),
		nation:     r.code("nation", f.GetNation(), codes.Nations),
		education:  r.code("education", f.GetEducation(), codes.Educations),
		political:  r.code("politicalStatus", f.GetPoliticalStatus(), codes.Politics),
		employer:   r.text("employer", f.GetEmployer(), false),
		job:        r.text("job", f.GetJob(), false),
		employment: f.GetEmployment(),
		migrant:    f.GetMigrant(),
		address:    r.text("address", f.GetAddress(), false),
		birth:      r.day("birth", f.GetBirth()),
		joined:     r.day("joinedOn", f.GetJoinedOn()),
		idKind:     f.GetIdKind(),
		idNumber:   f.GetIdNumber(),
		phone:      f.GetPhone(),
		sex:        f.GetSex(),
		deptText:   f.GetDeptId(),
	}
	if old != nil {
		n.keep(old)
	} else if n.joined.IsZero() {
		n.joined = today
	}
	r.try(func() error { return n.checkPaper() })
	r.try(func() error { return n.checkPhone() })
	r.try(func() error { return n.checkDays(today) })
	return n, r.refusals
}

func (n *file) keep(old *file) {
	if n.idNumber == "" {
		n.idNumber = old.idNumber
	}
	if n.phone == "" {
		n.phone = old.phone
	}
	if n.joined.IsZero() {
		n.joined = old.joined
	}
	n.dept = old.dept
}

// checkPaper reads the ID number; sex and birth follow from it where it tells them.
func (n *file) checkPaper() error {
	if _, err := field.Required("fields.idNumber", n.idNumber); err != nil {
		return err
	}
	paper, err := cnid.ParsePaper(n.idKind, n.idNumber)
	if err != nil {
		return worded("fields.idNumber", err)
	}
	n.idNumber = paper.Number
	if sex := string(paper.Sex); sex != "" {
		if n.sex != "" && n.sex != sex {
			return fault.Field("fields.sex", "性别与证件号码不符", "the sex does not agree with the ID number").WithCause(errMismatch)
		}
		n.sex = sex
	}
	if !paper.Birth.IsZero() {
		if !n.birth.IsZero() && !n.birth.Equal(paper.Birth) {
			return fault.Field("fields.birth", "出生日期与证件号码不符", "the date of birth does not agree with the ID number").WithCause(errMismatch)
		}
		n.birth = paper.Birth
	}
	return nil
}

func (n *file) checkPhone() error {
	if n.phone == "" {
		return nil
	}
	if _, err := field.Line("fields.phone", n.phone); err != nil {
		return err
	}
	phone, err := cnid.NormalizePhone(n.phone)
	if err != nil {
		return worded("fields.phone", err)
	}
	n.phone = phone
	return nil
}

func (n *file) checkDays(today time.Time) error {
	switch {
	case n.birth.After(today):
		return fault.Field("fields.birth", "出生日期不能晚于今天", "the date of birth lies in the future")
	case n.joined.After(today):
		return fault.Field("fields.joinedOn", "入会日期不能晚于今天", "the joining date lies in the future")
	case !n.birth.IsZero() && n.joined.Before(n.birth):
		return fault.Field("fields.joinedOn", "入会日期不能早于出生日期", "the joining date lies before the date of birth")
	}
	return nil
}

// changed names the fields in which two files differ.
func (n *file) changed(old *file) []string {
	var names []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"name", n.name == old.name},
		{"idKind", n.idKind == old.idKind},
		{"idNumber", n.idNumber == old.idNumber},
		{"phone", n.phone == old.phone},
		{"sex", n.sex == old.sex},
		{"birth", n.birth.Equal(old.birth)},
		{"nation", n.nation == old.nation},
		{"education", n.education == old.education},
		{"politicalStatus", n.political == old.political},
		{"employer", n.employer == old.employer},
		{"job", n.job == old.job},
		{"employment", n.employment == old.employment},
		{"migrant", n.migrant == old.migrant},
		{"address", n.address == old.address},
		{"joinedOn", n.joined.Equal(old.joined)},
		{"deptId", n.deptID() == old.deptID()},
	} {
		if !f.same {
			names = append(names, f.name)
		}
	}
	return names
}

func (n *file) phoneTail() string {
	if len(n.phone) < 4 {
		return ""
	}
	return n.phone[len(n.phone)-4:]
}

// proto is the file in the clear: what of it is shown, the gate decides.
func (n *file) proto() *memberv1.MemberFields {
	return &memberv1.MemberFields{
		Name: n.name, IdKind: n.idKind, IdNumber: n.idNumber, Phone: n.phone,
		Sex: n.sex, Birth: day.Format(n.birth), Nation: n.nation, Education: n.education, PoliticalStatus: n.political,
		Employer: n.employer, Job: n.job, Employment: n.employment, Migrant: n.migrant, Address: n.address,
		JoinedOn: day.Format(n.joined), DeptId: n.deptID(),
	}
}

func (n *file) deptID() string {
	if n.dept == nil {
		return ""
	}
	return n.dept.String()
}

// worded turns a refusal of the number kits into one of the field.
func worded(name string, err error) error {
	var e *cnid.Error
	if errors.As(err, &e) {
		return fault.Field(name, e.Zh, e.En).WithCause(e)
	}
	return err
}

// reader keeps the refusals.
type reader struct{ refusals []error }

func (r *reader) try(f func() error) {
	if err := f(); err != nil {
		r.refusals = append(r.refusals, err)
	}
}

func (r *reader) text(name, s string, required bool) (out string) {
	r.try(func() (err error) {
		if required {
			out, err = field.Required("fields."+name, s)
		} else {
			out, err = field.Line("fields."+name, s)
		}
		return err
	})
	return out
}

func (r *reader) day(name, s string) (out time.Time) {
	r.try(func() (err error) {
		out, err = field.Day("fields."+name, s)
		return err
	})
	return out
}

func (r *reader) code(name, s string, list codes.List) string {
	r.try(func() error {
		if s != "" && !list.Has(s) {
			return fault.Field("fields."+name, "代码不在国家标准代码表中", "the code is not in the national code list")
		}
		return nil
	})
	return s
}

// asAudited is the state of a member for the digests of the audit, the same whenever file and standing are the same.
func (n *file) asAudited(standing string) any {
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(n.proto())
	if err != nil {
		panic(err) // the texts of a file are checked when it is read
	}
	return map[string]any{"file": raw, "standing": standing}
}
