package access

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
)

// NameGroups returns groups of the body of the host to other modules: those with the ids, or a page of those that fit.
func (s *Service) NameGroups(ctx context.Context, in *accessv1.NameGroupsRequest) (*accessv1.ListGroupsReply, error) {
	ids := make([]uuid.UUID, 0, len(in.GetIds()))
	for _, text := range in.GetIds() {
		id, err := field.ID("ids", text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	after, err := afterID(in.GetAfterId())
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListGroupsReply{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		rows, err := db.Query(ctx, groupSQL+` where g.body_id = $1 and g.id > $2 and (cardinality($3::uuid[]) = 0 or g.id = any($3))
			and strpos(lower(g.name), $4) > 0 order by g.id limit $5`, t.ID, after, ids, strings.ToLower(in.GetQuery()), page.Size(in.GetSize(), 50))
		if err != nil {
			return err
		}
		reply.Groups, err = pgx.CollectRows(rows, scanGroup)
		return err
	})
	return reply, err
}

// ListGroupIdentities pages through who is in a group of the body of the host.
func (s *Service) ListGroupIdentities(ctx context.Context, in *accessv1.ListGroupIdentitiesRequest) (*accessv1.ListGroupIdentitiesReply, error) {
	after, err := afterID(in.GetAfterId())
	if err != nil {
		return nil, err
	}
	group, err := field.ID("groupId", in.GetGroupId())
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListGroupIdentitiesReply{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		rows, err := db.Query(ctx, `select m.identity_id::text from platform.subject_group_member m join platform.subject_group g on g.id = m.group_id
			where g.body_id = $1 and g.id = $2 and m.identity_id > $3 order by m.identity_id limit $4`, t.ID, group, after, page.Size(in.GetSize(), 500))
		if err != nil {
			return err
		}
		reply.IdentityIds, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return reply, err
}

func afterID(text string) (uuid.UUID, error) {
	if text == "" {
		return uuid.Nil, nil
	}
	return field.ID("afterId", text)
}
