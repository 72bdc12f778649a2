package directory

import (
	"context"
	"crypto/rand"

	"google.golang.org/protobuf/proto"

	"gonghui/tenant"
	"gonghui/tenant/access"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/rollup/figure"
)

// CreateBody founds a body under one of the caller's subtree. Of a body led by its industry first, with one parent given,
// that is the parent on the industrial line.
func (s *Service) CreateBody(ctx context.Context, req *directoryv1.CreateBodyRequest) (*directoryv1.Body, error) {
	n, err := newOf(req)
	if err != nil {
		return nil, err
	}
	v, err := s.sight(ctx, "directory.write")
	if err != nil {
		return nil, err
	}
	reply := &directoryv1.Body{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if err := figure.Lock(ctx, db); err != nil {
			return err
		}
		return tenant.OncePlatform(ctx, db, req, reply, func() error { return create(ctx, db, v, n, reply) })
	})
	if err != nil {
		return nil, err
	}
	s.lookup.Forget(reply.Code)
	access.EngineOf(s.db).Refresh(ctx)
	return reply, nil
}

// bodyNoun is a body with its parents.
var bodyNoun = tenant.Noun{Kind: "body", State: `select to_jsonb(b) || jsonb_build_object('parents',
	(select coalesce(jsonb_object_agg(p.line, p.parent_id), '{}') from platform.body_parent p where p.body_id = b.id)) from platform.body b where b.code = $1`}

func create(ctx context.Context, db tenant.DBTX, v sight, n New, reply *directoryv1.Body) error {
	for _, p := range []struct{ code, field string }{{n.Parent, "parentCode"}, {n.IndustrialParent, "industrialParentCode"}} {
		if p.code == "" {
			continue
		}
		parent, err := idOf(ctx, db, p.code, p.field)
		if err != nil {
			return err
		}
		if err := inside(ctx, db, v, parent, p.field); err != nil {
			return err
		}
	}
	if n.Code == "" {
		n.Code = newCode()
	}
	if _, err := Create(ctx, db, n); err != nil {
		return err
	}
	if err := bodyNoun.Made(ctx, db, tenant.Act{Act: "directory.create", Reason: n.ApprovalDocNo}, n.Code); err != nil {
		return err
	}
	return read(ctx, db, n.Code, reply)
}

func newOf(req *directoryv1.CreateBodyRequest) (New, error) {
	n := New{
		Code: req.Code, Level: req.Level, Kind: req.Kind, DivisionCode: req.DivisionCode, PrimaryLine: req.PrimaryLine,
		Parent: req.ParentCode, IndustrialParent: req.IndustrialParentCode,
	}
	var err error
	if n.Name, err = text("name", req.Name, false); err != nil {
		return n, err
	}
	if n.CreditCode, err = checkCredit(req.CreditCode); err != nil {
		return n, err
	}
	if n.FoundedOn, err = past("foundedOn", req.FoundedOn); err != nil {
		return n, err
	}
	if n.ApprovalDocNo, err = text("approvalDocNo", req.ApprovalDocNo, true); err != nil {
		return n, err
	}
	if n.PrimaryLine == industrial && n.IndustrialParent == "" {
		n.Parent, n.IndustrialParent = "", n.Parent
	}
	return n, nil
}

// MoveBody puts a body of the caller's subtree under another parent of it.
func (s *Service) MoveBody(ctx context.Context, req *directoryv1.MoveBodyRequest) (*directoryv1.Body, error) {
	on, err := past("effectiveOn", req.EffectiveOn)
	if err != nil {
		return nil, err
	}
	docNo, err := text("approvalDocNo", req.ApprovalDocNo, true)
	if err != nil {
		return nil, err
	}
	v, err := s.sight(ctx, "directory.write")
	if err != nil {
		return nil, err
	}
	reply := &directoryv1.Body{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if err := figure.Lock(ctx, db); err != nil {
			return err
		}
		for _, b := range []struct{ code, field string }{{req.Code, "code"}, {req.ParentCode, "parentCode"}} {
			id, err := idOf(ctx, db, b.code, b.field)
			if err != nil {
				return err
			}
			if err := inside(ctx, db, v, id, b.field); err != nil {
				return err
			}
		}
		was, err := bodyNoun.See(ctx, db, req.Code)
		if err != nil {
			return err
		}
		if err := Move(ctx, db, req.Code, req.Line, req.ParentCode, on, docNo); err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "directory.move", Reason: docNo, Changed: []string{"parent." + req.Line}}); err != nil {
			return err
		}
		return read(ctx, db, req.Code, reply)
	})
	if err != nil {
		return nil, err
	}
	access.EngineOf(s.db).Refresh(ctx)
	return reply, nil
}

func read(ctx context.Context, db tenant.DBTX, code string, into *directoryv1.Body) error {
	var children int32
	b, err := scanBody(db.QueryRow(ctx, `select `+columns+`,
		(select count(*) from platform.body_parent k where k.parent_id = b.id and k.line = b.primary_line) from platform.body b where b.code = $1`, code), &children)
	if err != nil {
		return err
	}
	b.Children = children
	proto.Reset(into)
	proto.Merge(into, b)
	return nil
}

// newCode makes the code of a body that was given none: a letter, so that it is never taken for a division's, eight
// characters that are not misread, and a digit, by which a code is told from a word. Should two meet, the unique key refuses
// the second.
func newCode() string {
	const characters, digits = "2345679abcdefghjkmnpqrstuvwxyz", 7
	raw := make([]byte, 10)
	_, _ = rand.Read(raw)
	raw[0] = 'g'
	for i, b := range raw[1:9] {
		raw[i+1] = characters[int(b)%len(characters)]
	}
	raw[9] = characters[int(raw[9])%digits]
	return string(raw)
}
