package member

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const duplicateColumn = "member_duplicate.id_number"

var errNoDuplicate = fault.New(http.StatusNotFound, memberv1.Reason_DUPLICATE_NOT_FOUND, "这条重复记录已不在名单中", "this duplicate is not on the list any more")

// States of a person seen from a body.
const (
	free      = "free"
	here      = "here"
	elsewhere = "elsewhere"
)

// CheckPerson says whether a person could be admitted. The question is audited: it tells of a person.
func (s *Service) CheckPerson(ctx context.Context, req *memberv1.CheckPersonRequest) (*memberv1.CheckPersonReply, error) {
	paper, err := cnid.ParsePaper(req.GetIdKind(), req.GetIdNumber())
	if err != nil {
		return nil, worded("idNumber", err)
	}
	digest := s.keys.Digest(idDigest, paper.Number)
	found, err := claim.Find(ctx, s.db, []string{digest})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.CheckPersonReply{State: free}
	if holder, ok := found[digest]; ok {
		reply.State = elsewhere
		if holder.Body == tenant.From(ctx).ID {
			reply.State = here
			if _, err := s.row(ctx, holder.Member, by(mayRead)); err == nil {
				reply.MemberId = holder.Member.String()
			} else if !errors.Is(err, errNotFound) {
				return nil, err
			}
		} else {
			names, err := s.known(ctx, []uuid.UUID{holder.Body})
			if err != nil {
				return nil, err
			}
			if name, ok := names[holder.Body]; ok {
				reply.BodyCode, reply.BodyName = holder.Code, name
			}
		}
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.check", Kind: "person", Object: digest, Reason: reply.State})
		return nil
	})
	return reply, err
}

// known returns the names of those bodies that the body of the host may know members to be in: its own and those below it.
func (s *Service) known(ctx context.Context, bodies []uuid.UUID) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	if len(bodies) == 0 {
		return names, nil
	}
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, `select b.id, b.name from platform.body b join platform.closure c on c.descendant_id = b.id
			where b.id = any($1) and c.line = 'primary' and c.ancestor_id = $2`, bodies, tenant.From(ctx).ID)
		if err != nil {
			return err
		}
		var id uuid.UUID
		var name string
		_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { names[id] = name; return nil })
		return err
	})
	return names, err
}

// ListDuplicates pages through whom the body wanted while they were members elsewhere.
func (s *Service) ListDuplicates(ctx context.Context, req *memberv1.ListDuplicatesRequest) (*memberv1.ListDuplicatesReply, error) {
	before := uuid.Max
	if _, err := page.Parse(req.GetPageToken(), &before); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), 50)
	reach, err := access.Within(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	var rows []db.MemberDuplicate
	err = s.db.Read(ctx, func(b *pgx.Batch) {
		db.QueueDuplicates(b, db.ListDuplicatesParams{
			Before: before, Size: size + 1, Whole: reach.All, Own: reach.Own, Departments: reach.Departments,
		}, &rows)
	})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ListDuplicatesReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.MemberDuplicate) any { return r.ID })
	digests := make([]string, len(rows))
	for i, r := range rows {
		digests[i] = r.IDDigest
	}
	holders, err := claim.Find(ctx, s.db, digests)
	if err != nil {
		return nil, err
	}
	var bodies []uuid.UUID
	for _, h := range holders {
		bodies = append(bodies, h.Body)
	}
	names, err := s.known(ctx, bodies)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		number, err := s.keys.Open(duplicateColumn, r.IDNumber)
		if err != nil {
			return nil, err
		}
		d := &memberv1.Duplicate{
			Id: r.ID.String(), Name: r.Name, IdNumber: number, Source: r.Source, ByName: r.ByName,
			At: timestamppb.New(r.At), State: free,
		}
		if h, ok := holders[r.IDDigest]; ok {
			d.State, d.BodyName = elsewhere, names[h.Body]
			if h.Body == tenant.From(ctx).ID {
				d.State = here
			}
		}
		reply.Duplicates = append(reply.Duplicates, d)
	}
	return reply, nil
}

// DismissDuplicate takes a duplicate off the list.
func (s *Service) DismissDuplicate(ctx context.Context, req *memberv1.DismissDuplicateRequest) (*memberv1.DismissDuplicateReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	reach, err := access.Within(ctx, mayWrite)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := duplicateNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := s.sql.DropDuplicate(ctx, tx, db.DropDuplicateParams{
			ID: id, Whole: reach.All, Own: reach.Own, Departments: reach.Departments,
		})
		if err == nil && n == 0 {
			return errNoDuplicate
		}
		if err == nil {
			was.Gone(ctx, tx, tenant.Act{Act: "member.duplicate.dismiss"})
		}
		return err
	})
	return &memberv1.DismissDuplicateReply{}, err
}
