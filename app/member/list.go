package member

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant/access"
)

// pageSize is the length of a page when the request names none.
const pageSize = 50

// place is where a page of rows that are ordered by id ended.
type place struct {
	Before uuid.UUID `json:"b"`
}

// ListMembers pages through the members, newest first; with a query it searches them.
func (s *Service) ListMembers(ctx context.Context, req *memberv1.ListMembersRequest) (*memberv1.ListMembersReply, error) {
	query, err := field.Line("query", req.GetQuery())
	if err != nil {
		return nil, err
	}
	state := req.GetState()
	if state == "" {
		state = stateActive
	}
	size := page.Size(req.GetPageSize(), pageSize)
	return s.list(ctx, query, state, size, req.GetPageToken(), by(mayRead))
}

// list is a page of the members that a right reaches.
func (s *Service) list(ctx context.Context, query, state string, size int32, token string, r right) (*memberv1.ListMembersReply, error) {
	reach, err := r(ctx)
	if err != nil {
		return nil, err
	}
	if query = fold(query); query != "" {
		return s.search(ctx, query, state, size, token, reach)
	}
	from := place{uuid.Max}
	later, err := page.Parse(token, &from)
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ListMembersReply{}
	var rows []db.Member
	err = s.db.Read(ctx, func(b *pgx.Batch) {
		db.QueueMembers(b, db.ListMembersParams{
			Before: from.Before, State: state, Size: size + 1,
			Whole: reach.All, Self: reach.Self, Own: reach.Own, Departments: reach.Departments,
		}, &rows)
		switch {
		case later:
		case reach.All:
			db.QueueFigure(b, active, &reply.Total)
		default:
			db.QueueCount(b, db.CountMembersParams{Self: reach.Self, Own: reach.Own, Departments: reach.Departments}, &reply.Total)
		}
	})
	if err != nil {
		return nil, err
	}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.Member) any { return place{r.ID} })
	for i := range rows {
		m, err := s.proto(&rows[i])
		if err != nil {
			return nil, err
		}
		reply.Members = append(reply.Members, m)
	}
	return reply, nil
}

// ListMemberEvents is a member's history, newest first.
func (s *Service) ListMemberEvents(ctx context.Context, req *memberv1.ListMemberEventsRequest) (*memberv1.ListMemberEventsReply, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	from := place{uuid.Max}
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), pageSize)
	reach, err := access.Within(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	var files []db.Member
	var rows []db.MemberHistory
	err = s.db.Read(ctx, func(b *pgx.Batch) {
		db.QueueMember(b, id, &files)
		db.QueueHistory(b, db.ListHistoryParams{MemberID: id, Before: from.Before, Size: size + 1}, &rows)
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 || !takes(reach, &files[0]) {
		return nil, errNotFound
	}
	reply := &memberv1.ListMemberEventsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.MemberHistory) any { return place{r.ID} })
	for i := range rows {
		reply.Events = append(reply.Events, eventOf(&rows[i]))
	}
	return reply, nil
}
