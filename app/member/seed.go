package member

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/tenant"
)

// seedChunk is how many members one statement of a seed enters.
const seedChunk = 1000

// Seed enters many generated members into the body of the context, marked as demo, and returns their ids: all in one
// transaction, with one event, or none of them.
func Seed(ctx context.Context, host module.Host, rows []*memberv1.MemberFields) ([]uuid.UUID, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	today := day.Today()
	files := make([]*file, len(rows))
	for i, row := range rows {
		var err error
		if files[i], err = read(row, nil, today); err != nil {
			return nil, fmt.Errorf("member: seed row %d: %w", i, err)
		}
	}
	s := New(host)
	operation := tenant.NewID()
	ids := make([]uuid.UUID, len(files))
	for i := range ids {
		ids[i] = tenant.NewID()
	}
	if err := s.claimSeed(ctx, operation, files, ids); err != nil {
		return nil, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		serial, err := s.sql.TakeSerials(ctx, tx, db.TakeSerialsParams{Year: int16(today.Year()), Count: int32(len(files))})
		if err != nil {
			return err
		}
		year, next := int(serial.Year), int(serial.Last)-len(files)+1
		whole := int64(0)
		for from := 0; from < len(files); from += seedChunk {
			to := min(from+seedChunk, len(files))
			n, err := s.seed(ctx, tx, files[from:to], ids[from:to], year, next+from)
			if err != nil {
				return err
			}
			whole += n
		}
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.seed", Kind: "member", Object: fmt.Sprintf("%d", len(files)), After: ids})
		data := Admission{Members: len(files), Event: claim.Event{Operation: &operation}}
		return emit(tx, Admitted, uuid.Nil, data, counts{active: int64(len(files)), complete: whole})
	})
	if err != nil {
		return nil, errors.Join(err, claim.Release(context.WithoutCancel(ctx), s.db, operation))
	}
	return ids, nil
}

// claimSeed claims the people of a seed; one who is a member already fails it.
func (s *Service) claimSeed(ctx context.Context, operation uuid.UUID, files []*file, ids []uuid.UUID) error {
	for from := 0; from < len(files); from += claim.Most {
		var claims []claim.Claim
		for i := from; i < min(from+claim.Most, len(files)); i++ {
			claims = append(claims, claim.Claim{Digest: s.digest(files[i]), Member: ids[i]})
		}
		refused, err := claim.Take(ctx, s.db, operation, claims)
		if err == nil && len(refused) > 0 {
			err = errDuplicate
		}
		if err != nil {
			return errors.Join(err, claim.Release(context.WithoutCancel(ctx), s.db, operation))
		}
	}
	return nil
}

// seed enters a chunk and returns how many of its files are complete.
func (s *Service) seed(ctx context.Context, tx tenant.DBTX, files []*file, ids []uuid.UUID, year, serial int) (int64, error) {
	var m db.SeedMembersParams
	var k db.SeedKeysParams
	var h db.SeedHistoryParams
	h.ByName, _ = actor(ctx)
	for i, f := range files {
		no, err := number(tenant.From(ctx).Code, year, serial+i)
		if err != nil {
			return 0, err
		}
		c, id := s.seal(f), ids[i]
		m.Ids = append(m.Ids, id)
		m.MemberNos = append(m.MemberNos, no)
		m.Names = append(m.Names, f.name)
		m.Initials = append(m.Initials, c.initials)
		m.Pinyins = append(m.Pinyins, c.pinyin)
		m.IDKinds = append(m.IDKinds, f.idKind)
		m.IDNumbers = append(m.IDNumbers, c.idNumber)
		m.IDDigests = append(m.IDDigests, c.idDigest)
		m.Phones = append(m.Phones, c.phone)
		m.PhoneTails = append(m.PhoneTails, f.phoneTail())
		m.Sexes = append(m.Sexes, f.sex)
		m.Births = append(m.Births, f.birth)
		m.Nations = append(m.Nations, f.nation)
		m.Educations = append(m.Educations, f.education)
		m.PoliticalStatuses = append(m.PoliticalStatuses, f.political)
		m.Employers = append(m.Employers, f.employer)
		m.Jobs = append(m.Jobs, f.job)
		m.Employments = append(m.Employments, f.employment)
		m.Migrants = append(m.Migrants, f.migrant)
		m.Addresses = append(m.Addresses, f.address)
		m.JoinedOns = append(m.JoinedOns, f.joined)
		h.MemberIds = append(h.MemberIds, id)
		h.Ids = append(h.Ids, tenant.NewID())
		for _, key := range (found{f.name, c.initials, c.pinyin, f.phoneTail(), no, false}).all() {
			k.Keys = append(k.Keys, key)
			k.MemberIds = append(k.MemberIds, id)
		}
	}
	whole, err := s.sql.SeedMembers(ctx, tx, m)
	if err != nil {
		return 0, named(err)
	}
	if err := s.sql.SeedKeys(ctx, tx, k); err != nil {
		return 0, err
	}
	return whole, s.sql.SeedHistory(ctx, tx, h)
}
