package member

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// Capabilities about members. A right to one may reach no further than the files of some departments, or than those that the
// holder entered: lists and counts are cut to that, and any other file answers as one that there is not.
const (
	mayRead   = "member.read"
	mayWrite  = "member.write"
	mayReveal = "member.reveal"
)

var (
	errNoDept  = fault.Of(http.StatusNotFound, memberv1.Reason_MEMBER_DEPT, "fields.deptId", "本单位没有这个部门，请从列表中选择", "the body has no such department; choose one of the list")
	errFarDept = fault.Of(http.StatusForbidden, memberv1.Reason_MEMBER_DEPT, "fields.deptId", "请选择您有权管理的部门", "choose a department that your right reaches")
)

// right is what a call acts by: how far it reaches among the files.
type right func(context.Context) (access.Reach, error)

// by is the caller's right to a capability.
func by(capability string) right {
	return func(ctx context.Context) (access.Reach, error) { return access.Within(ctx, capability) }
}

// only is the right of a member to his own file.
func only(member uuid.UUID) right {
	return func(context.Context) (access.Reach, error) {
		return access.Reach{Self: member, Departments: []uuid.UUID{}}, nil
	}
}

// whole is the right to every file: that of the product itself, and of who was let in to all of them.
func whole(context.Context) (access.Reach, error) {
	return access.Reach{All: true, Departments: []uuid.UUID{}}, nil
}

// takes reports whether a right reaches a file.
func takes(r access.Reach, row *db.Member) bool { return r.Takes(row.ID, row.MadeBy, row.DeptID) }

// maker is the identity, or the app, that enters a file, nil for the system.
func maker(ctx context.Context) *uuid.UUID {
	s := tenant.SubjectFrom(ctx)
	if s == nil || s.Actor() == uuid.Nil {
		return nil
	}
	by := s.Actor()
	return &by
}

// department reads the department of a file and checks that there is one, unless it is the file's already. Who reaches but one
// department need not name it.
func (s *Service) department(ctx context.Context, text string, old *uuid.UUID, reach access.Reach) (*uuid.UUID, error) {
	if text == "" {
		if old == nil && reach.Own == uuid.Nil && len(reach.Departments) == 1 {
			return &reach.Departments[0], nil
		}
		return nil, nil
	}
	id, err := field.ID("fields.deptId", text)
	if err != nil || old != nil && *old == id {
		return &id, err
	}
	there, err := orgv1.NewOrgServiceClient(s.host.Conn("org")).HasDept(ctx, &orgv1.HasDeptRequest{Id: text})
	if err == nil && !there.GetFound() {
		err = errNoDept
	}
	return &id, err
}
