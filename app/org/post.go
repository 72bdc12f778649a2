package org

import (
	"context"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

// ListPosts returns the posts by their sort number.
func (s *Service) ListPosts(ctx context.Context, req *orgv1.ListPostsRequest) (*orgv1.ListPostsReply, error) {
	from := after{Sort: -1}
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), treeSize)
	var rows []db.ListPostsRow
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.ListPosts(ctx, tx, db.ListPostsParams{Today: day.Today(), AfterSort: from.Sort, AfterID: from.ID, Size: size + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &orgv1.ListPostsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(p db.ListPostsRow) any { return after{p.Sort, p.ID} })
	for _, p := range rows {
		reply.Posts = append(reply.Posts, post(db.GetPostRow(p)))
	}
	return reply, nil
}

func post(p db.GetPostRow) *orgv1.Post {
	return &orgv1.Post{
		Id: p.ID.String(), DeptId: p.DeptID.String(), Name: p.Name, Headcount: p.Headcount, FullTime: p.FullTime,
		Duties: p.Duties, Sort: p.Sort, Holders: p.Holders,
	}
}

// CreatePost adds a post to a department.
func (s *Service) CreatePost(ctx context.Context, req *orgv1.CreatePostRequest) (*orgv1.Post, error) {
	dept, name, duties, err := postFields(req.GetDeptId(), req.GetName(), req.GetDuties())
	if err != nil {
		return nil, err
	}
	reply := &orgv1.Post{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, req, reply, func() error {
			row := db.InsertPostParams{
				ID: tenant.NewID(), DeptID: dept, Name: name, Headcount: req.GetHeadcount(), FullTime: req.GetFullTime(),
				Duties: duties, Sort: req.GetSort(),
			}
			if err := s.sql.InsertPost(ctx, tx, row); err != nil {
				return named(err, "post_dept_fkey", errNoDept)
			}
			fill(reply, post(db.GetPostRow{
				ID: row.ID, DeptID: dept, Name: name, Headcount: row.Headcount, FullTime: row.FullTime, Duties: duties, Sort: row.Sort,
			}))
			return postNoun.Made(ctx, tx, tenant.Act{Act: "org.post_create"}, row.ID)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// UpdatePost replaces the fields of a post.
func (s *Service) UpdatePost(ctx context.Context, req *orgv1.UpdatePostRequest) (*orgv1.Post, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	dept, name, duties, err := postFields(req.GetDeptId(), req.GetName(), req.GetDuties())
	if err != nil {
		return nil, err
	}
	var row db.GetPostRow
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.sql.LockPost(ctx, tx, id); err != nil {
			return orNot(err, errNoPost)
		}
		was, err := postNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		err = s.sql.UpdatePost(ctx, tx, db.UpdatePostParams{
			ID: id, DeptID: dept, Name: name, Headcount: req.GetHeadcount(), FullTime: req.GetFullTime(), Duties: duties, Sort: req.GetSort(),
		})
		if err != nil {
			return named(err, "post_dept_fkey", errNoDept)
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "org.post_update"}); err != nil {
			return err
		}
		row, err = s.sql.GetPost(ctx, tx, db.GetPostParams{ID: id, Today: day.Today()})
		return err
	})
	if err != nil {
		return nil, err
	}
	return post(row), nil
}

// DeletePost removes a post that nobody holds or has held.
func (s *Service) DeletePost(ctx context.Context, req *orgv1.DeletePostRequest) (*orgv1.DeletePostReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.sql.LockPost(ctx, tx, id); err != nil {
			return orNot(err, errNoPost)
		}
		if err := postNoun.Gone(ctx, tx, tenant.Act{Act: "org.post_delete"}, id); err != nil {
			return err
		}
		n, err := s.sql.DeletePost(ctx, tx, id)
		if err != nil {
			return named(err, "appointment_post_fkey", errPostInUse)
		}
		if n == 0 {
			return errNoPost
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &orgv1.DeletePostReply{}, nil
}

func postFields(rawDept, rawName, rawDuties string) (dept uuid.UUID, name, duties string, err error) {
	if dept, err = field.ID("deptId", rawDept); err != nil {
		return dept, name, duties, err
	}
	if name, err = field.Required("name", rawName); err != nil {
		return dept, name, duties, err
	}
	duties, err = field.Text("duties", rawDuties)
	return dept, name, duties, err
}
