package member

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

var (
	errNotFound  = fault.New(http.StatusNotFound, memberv1.Reason_MEMBER_NOT_FOUND, "会员不存在", "the member does not exist")
	errStale     = fault.New(http.StatusConflict, memberv1.Reason_MEMBER_STALE, "档案已被他人修改，请刷新后再改", "somebody else has changed this file; reload it, then make your change")
	errDuplicate = fault.Of(http.StatusConflict, memberv1.Reason_MEMBER_DUPLICATE, "fields.idNumber", "本单位已有相同证件号的会员", "a member of this union has the same ID number")
	errEnded     = fault.New(http.StatusConflict, memberv1.Reason_MEMBER_STATE, "会籍已终止，请先恢复会籍", "the membership has ended; restore it first")
	errNotEnded  = fault.New(http.StatusConflict, memberv1.Reason_MEMBER_STATE, "会籍有效，无需恢复", "the membership is in force; there is nothing to restore")
)

// States in requests: a member's own, and that of a list of members in whatever state.
const (
	stateActive = "active"
	stateAll    = "all"
)

// GetMember returns one member.
func (s *Service) GetMember(ctx context.Context, req *memberv1.GetMemberRequest) (*memberv1.Member, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	return s.get(ctx, id, by(mayRead))
}

// GetOwnMember returns the file of the member who asks.
func (s *Service) GetOwnMember(ctx context.Context, _ *memberv1.GetOwnMemberRequest) (*memberv1.Member, error) {
	id, err := ownMember(ctx)
	if err != nil {
		return nil, err
	}
	return s.get(ctx, id, only(id))
}

func (s *Service) get(ctx context.Context, id uuid.UUID, r right) (*memberv1.Member, error) {
	row, err := s.row(ctx, id, r)
	if err != nil {
		return nil, err
	}
	return s.proto(row)
}

// CreateMember admits a member.
func (s *Service) CreateMember(ctx context.Context, req *memberv1.CreateMemberRequest) (*memberv1.Member, error) {
	today := day.Today()
	f, err := read(req.GetFields(), nil, today)
	if err != nil {
		return nil, err
	}
	reach, err := access.Within(ctx, mayWrite)
	if err != nil {
		return nil, err
	}
	if f.dept, err = s.department(ctx, f.deptText, nil, reach); err != nil {
		return nil, err
	}
	reply := &memberv1.Member{}
	id := tenant.NewID()
	if !reach.Takes(id, maker(ctx), f.dept) {
		return nil, errFarDept
	}
	err = s.claimed(ctx, f, id, func(operation uuid.UUID) error {
		return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return tenant.Once(ctx, tx, req, reply, func() error {
				serial, err := s.sql.TakeSerials(ctx, tx, db.TakeSerialsParams{Year: int16(today.Year()), Count: 1})
				if err != nil {
					return err
				}
				no, err := number(tenant.From(ctx).Code, int(serial.Year), int(serial.Last))
				if err != nil {
					return err
				}
				row, err := s.insert(ctx, tx, id, f, no)
				if err != nil {
					return err
				}
				db.AddKeysLater(tx, db.AddKeysParams{Keys: foundBy(&row).all(), MemberID: id})
				db.DropDuplicateOfLater(tx, *row.IDDigest)
				s.record(ctx, tx, id, "admit", "", nil)
				tenant.Audit(ctx, tx, tenant.Act{Act: "member.create", Kind: "member", Object: id.String(), After: f.asAudited(row.State)})
				if err := emit(tx, Admitted, id, Admission{Members: 1, Event: claim.Event{Operation: &operation}}, counts{active: 1, complete: share(&row)}); err != nil {
					return err
				}
				return s.answer(reply, &row)
			})
		})
	})
	return reply, err
}

func (s *Service) insert(ctx context.Context, tx tenant.DBTX, id uuid.UUID, f *file, no string) (db.Member, error) {
	c := s.seal(f)
	row, err := s.sql.InsertMember(ctx, tx, db.InsertMemberParams{
		ID: id, MemberNo: no, Name: f.name, Initials: c.initials, Pinyin: c.pinyin, IDKind: f.idKind,
		IDNumber: c.idNumber, IDDigest: &c.idDigest, Phone: c.phone, PhoneTail: f.phoneTail(), Sex: f.sex, Birth: c.birth,
		Nation: f.nation, Education: f.education, PoliticalStatus: f.political, Employer: f.employer, Job: f.job,
		Employment: f.employment, Migrant: f.migrant, Address: f.address, JoinedOn: f.joined,
		DeptID: f.dept, MadeBy: maker(ctx),
	})
	return row, named(err)
}

// UpdateMember replaces the fields of a file. A request that changes nothing leaves no trace.
func (s *Service) UpdateMember(ctx context.Context, req *memberv1.UpdateMemberRequest) (*memberv1.Member, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	old, err := s.row(ctx, id, by(mayWrite))
	if err != nil {
		return nil, err
	}
	dept, err := s.department(ctx, req.GetFields().GetDeptId(), old.DeptID, access.Reach{})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.Member{}
	change := func(operation *uuid.UUID) error {
		return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			reach, err := access.Within(ctx, mayWrite)
			if err != nil {
				return err
			}
			before, err := s.lock(ctx, tx, id, by(mayWrite))
			if err != nil {
				return err
			}
			switch {
			case before.Version != req.GetVersion():
				return errStale
			case before.State != stateActive:
				return errEnded
			}
			after, err := s.change(ctx, tx, &before, operation, "update", "", func(old *file) (*file, error) {
				f, err := read(req.GetFields(), old, day.Today())
				if err == nil && !reach.Takes(id, before.MadeBy, dept) {
					err = errFarDept
				}
				f.dept = dept
				return f, err
			})
			if err != nil {
				return err
			}
			return s.answer(reply, after)
		})
	}
	if req.GetFields().GetIdNumber() == "" {
		return reply, change(nil)
	}
	// Another ID number may be another person: the claim goes first.
	f, err := s.proposed(ctx, id, req.GetFields())
	if err != nil {
		return nil, err
	}
	err = s.claimed(ctx, f, id, func(operation uuid.UUID) error { return change(&operation) })
	return reply, err
}

// proposed is the file of a member as a request would have it.
func (s *Service) proposed(ctx context.Context, id uuid.UUID, fields *memberv1.MemberFields) (*file, error) {
	old, err := s.file(ctx, id, by(mayWrite))
	if err != nil {
		return nil, err
	}
	return read(fields, old, day.Today())
}

// file is a member's file as it stands.
func (s *Service) file(ctx context.Context, id uuid.UUID, r right) (*file, error) {
	row, err := s.row(ctx, id, r)
	if err != nil {
		return nil, err
	}
	return s.open(row)
}

// row is a file that a right reaches.
func (s *Service) row(ctx context.Context, id uuid.UUID, r right) (*db.Member, error) {
	reach, err := r(ctx)
	if err != nil {
		return nil, err
	}
	var rows []db.Member
	if err := s.db.Read(ctx, func(b *pgx.Batch) { db.QueueMember(b, id, &rows) }); err != nil {
		return nil, err
	}
	if len(rows) == 0 || !takes(reach, &rows[0]) {
		return nil, errNotFound
	}
	return &rows[0], nil
}

// change writes what edit makes of the file of a locked row, with its history, audit and event. An edit that changes nothing
// leaves no trace.
func (s *Service) change(ctx context.Context, tx tenant.DBTX, before *db.Member, operation *uuid.UUID, kind, reason string, edit func(old *file) (*file, error)) (*db.Member, error) {
	old, err := s.open(before)
	if err != nil {
		return nil, err
	}
	f, err := edit(old)
	if err != nil {
		return nil, err
	}
	changed := f.changed(old)
	if len(changed) == 0 {
		if operation != nil {
			return before, emit(tx, Updated, before.ID, Update{Event: claim.Event{Operation: operation}}, nil)
		}
		return before, nil
	}
	after, err := s.update(ctx, tx, before.ID, f)
	if err != nil {
		return nil, err
	}
	moveKeys(tx, before, &after)
	s.record(ctx, tx, before.ID, kind, reason, changed)
	tenant.Audit(ctx, tx, tenant.Act{
		Act: "member.update", Kind: "member", Object: before.ID.String(), Reason: reason, Changed: changed,
		Before: old.asAudited(before.State), After: f.asAudited(after.State),
	})
	data := Update{Changed: changed, Event: claim.Event{Operation: operation}}
	return &after, emit(tx, Updated, before.ID, data, counts{complete: share(&after) - share(before)})
}

func (s *Service) update(ctx context.Context, tx tenant.DBTX, id uuid.UUID, f *file) (db.Member, error) {
	c := s.seal(f)
	row, err := s.sql.UpdateMember(ctx, tx, db.UpdateMemberParams{
		ID: id, Name: f.name, Initials: c.initials, Pinyin: c.pinyin, IDKind: f.idKind, IDNumber: c.idNumber,
		IDDigest: &c.idDigest, Phone: c.phone, PhoneTail: f.phoneTail(), Sex: f.sex, Birth: c.birth, Nation: f.nation,
		Education: f.education, PoliticalStatus: f.political, Employer: f.employer, Job: f.job, Employment: f.employment,
		Migrant: f.migrant, Address: f.address, JoinedOn: f.joined, DeptID: f.dept,
	})
	return row, named(err)
}

// moveKeys changes the search keys by which two versions of a row differ.
func moveKeys(tx tenant.DBTX, before, after *db.Member) {
	old, young := foundBy(before).all(), foundBy(after).all()
	gone := slices.DeleteFunc(slices.Clone(old), func(k string) bool { return slices.Contains(young, k) })
	come := slices.DeleteFunc(slices.Clone(young), func(k string) bool { return slices.Contains(old, k) })
	if len(gone) > 0 {
		db.DropKeysLater(tx, db.DropKeysParams{Keys: gone, MemberID: after.ID})
	}
	if len(come) > 0 {
		db.AddKeysLater(tx, db.AddKeysParams{Keys: come, MemberID: after.ID})
	}
}

// lock returns a row that a right reaches, and that nobody else changes until the transaction ends.
func (s *Service) lock(ctx context.Context, tx tenant.DBTX, id uuid.UUID, r right) (db.Member, error) {
	reach, err := r(ctx)
	if err != nil {
		return db.Member{}, err
	}
	row, err := s.sql.LockMember(ctx, tx, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !takes(reach, &row) {
		return row, errNotFound
	}
	return row, err
}

// answer fills a reply from a row.
func (s *Service) answer(reply *memberv1.Member, row *db.Member) error {
	m, err := s.proto(row)
	if err != nil {
		return err
	}
	proto.Reset(reply)
	proto.Merge(reply, m)
	return nil
}

// named gives the violation of a rule in the database its name.
func named(err error) error {
	if tenant.Violated(err, "member_id_digest_key") {
		return errDuplicate
	}
	return err
}
