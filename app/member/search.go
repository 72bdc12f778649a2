package member

import (
	"context"

	"github.com/google/uuid"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// maxScan bounds how many keys one statement of a search reads.
const maxScan = 2000

// spot is where a page of search results ended: in which kind of keys, and at which key.
type spot struct {
	Kind int       `json:"n"`
	Key  string    `json:"k"`
	ID   uuid.UUID `json:"i"`
}

// search walks the keys that begin with the query, one kind after the other, in the order of the table's primary key. A
// member with several such keys is given once, at the first.
func (s *Service) search(ctx context.Context, query, state string, size int32, token string, reach access.Reach) (*memberv1.ListMembersReply, error) {
	var from spot
	if _, err := page.Parse(token, &from); err != nil {
		return nil, err
	}
	if _, err := field.Line("pageToken", from.Key); err != nil {
		return nil, err
	}
	var hits []db.SearchMembersRow
	var last []spot
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		hits, last, err = s.walk(ctx, tx, query, state, int(size)+1, from, reach)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ListMembersReply{}
	if len(hits) > int(size) {
		hits = hits[:size]
		reply.NextPageToken = page.Token(last[size-1])
	}
	for i := range hits {
		m, err := s.proto(&hits[i].Member)
		if err != nil {
			return nil, err
		}
		reply.Members = append(reply.Members, m)
	}
	return reply, nil
}

// walk returns up to want hits after a spot, and the spot of each.
func (s *Service) walk(ctx context.Context, tx tenant.DBTX, query, state string, want int, from spot, reach access.Reach) (hits []db.SearchMembersRow, spots []spot, err error) {
	kinds := kindsOf(query, state)
	scan := int32(want)
	for kind := max(from.Kind, 0); kind < len(kinds); {
		prefix := kinds[kind] + ":" + query
		rows, err := s.sql.SearchMembers(ctx, tx, db.SearchMembersParams{
			AfterKey: max(from.Key, prefix), AfterID: from.ID, High: prefix + "\U0010FFFF", State: state, Size: scan,
			Whole: reach.All, Self: reach.Self, Own: reach.Own, Departments: reach.Departments,
		})
		if err != nil {
			return nil, nil, err
		}
		for _, r := range rows {
			from = spot{kind, r.Key, r.Member.ID}
			if foundBy(&r.Member).seenBefore(kinds, kind, query, r.Key) {
				continue
			}
			hits, spots = append(hits, r), append(spots, from)
			if len(hits) == want {
				return hits, spots, nil
			}
		}
		if int32(len(rows)) < scan {
			kind++
			from = spot{Kind: kind}
			scan = int32(want)
			continue
		}
		scan = min(scan*4, maxScan)
	}
	return hits, spots, nil
}
