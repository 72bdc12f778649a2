package member

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
)

// Columns whose texts are sealed.
const (
	idNumberColumn = "member.id_number"
	phoneColumn    = "member.phone"

	// idDigest is the purpose of the digests by which one person is found in the whole nation.
	idDigest = "id_number"
)

// open reads a row in the clear.
func (s *Service) open(row *db.Member) (*file, error) {
	f := &file{
		name: row.Name, idKind: row.IDKind, sex: row.Sex, nation: row.Nation, education: row.Education,
		political: row.PoliticalStatus, employer: row.Employer, job: row.Job, employment: row.Employment, migrant: row.Migrant,
		address: row.Address, joined: row.JoinedOn, dept: row.DeptID,
	}
	if row.Birth != nil {
		f.birth = *row.Birth
	}
	var err error
	if f.idNumber, err = s.keys.Open(idNumberColumn, row.IDNumber); err != nil {
		return nil, fmt.Errorf("member %s: ID number: %w", row.ID, err)
	}
	if row.Phone != "" {
		if f.phone, err = s.keys.Open(phoneColumn, row.Phone); err != nil {
			return nil, fmt.Errorf("member %s: phone: %w", row.ID, err)
		}
	}
	return f, nil
}

// sealed is a file as it is stored.
type sealed struct {
	initials, pinyin, idNumber, phone string
	idDigest                          string // stored while the membership is in force
	birth                             *time.Time
}

func (s *Service) seal(f *file) sealed {
	out := sealed{idNumber: s.keys.Seal(idNumberColumn, f.idNumber), idDigest: s.digest(f)}
	out.initials, out.pinyin = spellings(f.name)
	if f.phone != "" {
		out.phone = s.keys.Seal(phoneColumn, f.phone)
	}
	if !f.birth.IsZero() {
		out.birth = &f.birth
	}
	return out
}

// digest finds the other files with the same ID number.
func (s *Service) digest(f *file) string { return s.keys.Digest(idDigest, f.idNumber) }

// proto is the member in the clear, as the gate takes it.
func (s *Service) proto(row *db.Member) (*memberv1.Member, error) {
	f, err := s.open(row)
	if err != nil {
		return nil, err
	}
	return &memberv1.Member{
		Id: row.ID.String(), MemberNo: row.MemberNo, Fields: f.proto(), State: row.State, Version: row.Version,
		CreatedAt: timestamppb.New(row.CreatedAt), UpdatedAt: timestamppb.New(row.UpdatedAt), Demo: row.Demo,
	}, nil
}

func foundBy(row *db.Member) found {
	return found{row.Name, row.Initials, row.Pinyin, row.PhoneTail, row.MemberNo, row.State != stateActive}
}
