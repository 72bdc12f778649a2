package org

import (
	"context"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

// treeSize is the length of a page of departments or posts when the request names none.
const treeSize = 500

// after is where a page ended.
type after struct {
	Sort int32     `json:"s,omitempty"`
	ID   uuid.UUID `json:"i"`
}

// ListDepts returns the departments in tree order: each before those below it.
func (s *Service) ListDepts(ctx context.Context, req *orgv1.ListDeptsRequest) (*orgv1.ListDeptsReply, error) {
	var from after
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	var rows []db.ListDeptsRow
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.ListDepts(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, found := past(inTreeOrder(rows), from.ID)
	if !found {
		return nil, fault.Field("pageToken", "部门已变动，请回到第一页", "the departments have changed; go back to the first page")
	}
	reply := &orgv1.ListDeptsReply{}
	rows, reply.NextPageToken = page.Cut(rows, page.Size(req.GetPageSize(), treeSize), func(d db.ListDeptsRow) any { return after{ID: d.ID} })
	for _, d := range rows {
		reply.Depts = append(reply.Depts, dept(d.ID, d.ParentID, d.Name, d.Sort, d.Posts))
	}
	return reply, nil
}

// HasDept says whether the body has a department.
func (s *Service) HasDept(ctx context.Context, req *orgv1.HasDeptRequest) (*orgv1.HasDeptReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	reply := &orgv1.HasDeptReply{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		reply.Found, err = s.sql.HasDept(ctx, tx, id)
		return err
	})
	return reply, err
}

func dept(id, parent uuid.UUID, name string, sort, posts int32) *orgv1.Dept {
	d := &orgv1.Dept{Id: id.String(), Name: name, Sort: sort, Posts: posts}
	if parent != uuid.Nil {
		d.ParentId = parent.String()
	}
	return d
}

// inTreeOrder walks the departments from the top; siblings keep their order.
func inTreeOrder(rows []db.ListDeptsRow) []db.ListDeptsRow {
	below := map[uuid.UUID][]db.ListDeptsRow{}
	for _, d := range rows {
		below[d.ParentID] = append(below[d.ParentID], d)
	}
	out := make([]db.ListDeptsRow, 0, len(rows))
	var walk func(uuid.UUID)
	walk = func(parent uuid.UUID) {
		for _, d := range below[parent] {
			out = append(out, d)
			walk(d.ID)
		}
	}
	walk(uuid.Nil)
	return out
}

// past returns the departments behind the one with the id, or all for no id.
func past(rows []db.ListDeptsRow, id uuid.UUID) ([]db.ListDeptsRow, bool) {
	if id == uuid.Nil {
		return rows, true
	}
	for i, d := range rows {
		if d.ID == id {
			return rows[i+1:], true
		}
	}
	return nil, false
}

// CreateDept adds a department.
func (s *Service) CreateDept(ctx context.Context, req *orgv1.CreateDeptRequest) (*orgv1.Dept, error) {
	name, parent, err := deptFields(req.GetName(), req.GetParentId())
	if err != nil {
		return nil, err
	}
	reply := &orgv1.Dept{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, req, reply, func() error {
			tree, err := s.lockTree(ctx, tx)
			if err != nil {
				return err
			}
			if !tree.has(parent) {
				return errNoDept
			}
			id := tenant.NewID()
			err = s.sql.InsertDept(ctx, tx, db.InsertDeptParams{ID: id, ParentID: parent, Name: name, Sort: req.GetSort()})
			if err != nil {
				return named(err, "dept_name_key", errDeptDuplicate)
			}
			fill(reply, dept(id, parent, name, req.GetSort(), 0))
			return deptNoun.Made(ctx, tx, tenant.Act{Act: "org.dept_create"}, id)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// UpdateDept renames or moves a department.
func (s *Service) UpdateDept(ctx context.Context, req *orgv1.UpdateDeptRequest) (*orgv1.Dept, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	name, parent, err := deptFields(req.GetName(), req.GetParentId())
	if err != nil {
		return nil, err
	}
	var posts int32
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tree, err := s.lockTree(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case id == uuid.Nil || !tree.has(id) || !tree.has(parent):
			return errNoDept
		case tree.below(parent, id):
			return errDeptCycle
		}
		was, err := deptNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		err = s.sql.UpdateDept(ctx, tx, db.UpdateDeptParams{ID: id, ParentID: parent, Name: name, Sort: req.GetSort()})
		if err != nil {
			return named(err, "dept_name_key", errDeptDuplicate)
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "org.dept_update"}); err != nil {
			return err
		}
		posts, err = s.sql.CountPosts(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return dept(id, parent, name, req.GetSort(), posts), nil
}

// DeleteDept removes an empty department.
func (s *Service) DeleteDept(ctx context.Context, req *orgv1.DeleteDeptRequest) (*orgv1.DeleteDeptReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tree, err := s.lockTree(ctx, tx)
		if err != nil {
			return err
		}
		if id == uuid.Nil || !tree.has(id) {
			return errNoDept
		}
		for _, parent := range tree {
			if parent == id {
				return errDeptNotEmpty
			}
		}
		if err := deptNoun.Gone(ctx, tx, tenant.Act{Act: "org.dept_delete"}, id); err != nil {
			return err
		}
		return named(s.sql.DeleteDept(ctx, tx, id), "post_dept_fkey", errDeptNotEmpty)
	})
	if err != nil {
		return nil, err
	}
	return &orgv1.DeleteDeptReply{}, nil
}

func deptFields(rawName, rawParent string) (name string, parent uuid.UUID, err error) {
	if name, err = field.Required("name", rawName); err != nil || rawParent == "" {
		return name, uuid.Nil, err
	}
	parent, err = field.ID("parentId", rawParent)
	return name, parent, err
}

// tree is the parent of every department; the zero id stands for the top.
type tree map[uuid.UUID]uuid.UUID

// lockTree keeps others from changing the tree until the transaction ends.
func (s *Service) lockTree(ctx context.Context, tx tenant.DBTX) (tree, error) {
	rows, err := s.sql.LockDepts(ctx, tx)
	t := tree{}
	for _, d := range rows {
		t[d.ID] = d.ParentID
	}
	return t, err
}

func (t tree) has(id uuid.UUID) bool {
	_, ok := t[id]
	return ok || id == uuid.Nil
}

// below reports whether id is top or lies below it.
func (t tree) below(id, top uuid.UUID) bool {
	for range len(t) + 1 {
		if id == top {
			return true
		}
		if id == uuid.Nil {
			return false
		}
		id = t[id]
	}
	return true
}
