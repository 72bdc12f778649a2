package access

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
	accessv1 "gonghui/tenant/access/v1"
)

const groupSQL = `select g.id::text, g.name, g.about, g.version,
	(select count(*) from platform.subject_group_member m where m.group_id = g.id)::integer from platform.subject_group g`

func scanGroup(row pgx.CollectableRow) (*accessv1.Group, error) {
	g := &accessv1.Group{}
	return g, row.Scan(&g.Id, &g.Name, &g.About, &g.Version, &g.Members)
}

func answerGroup(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, reply *accessv1.Group) error {
	rows, err := db.Query(ctx, groupSQL+" where g.body_id = $1 and g.id = $2", body, id)
	if err != nil {
		return err
	}
	g, err := pgx.CollectExactlyOneRow(rows, scanGroup)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoGroup
	}
	if err != nil {
		return err
	}
	proto.Reset(reply)
	proto.Merge(reply, g)
	return nil
}

// ListGroups pages through the groups of the body, by age.
func (s *Service) ListGroups(ctx context.Context, in *accessv1.ListGroupsRequest) (*accessv1.ListGroupsReply, error) {
	var after uuid.UUID
	if _, err := page.Parse(in.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	var groups []*accessv1.Group
	err := s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		rows, err := db.Query(ctx, groupSQL+" where g.body_id = $1 and g.id > $2 order by g.id limit $3", t.ID, after, size+1)
		if err != nil {
			return err
		}
		groups, err = pgx.CollectRows(rows, scanGroup)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListGroupsReply{}
	reply.Groups, reply.NextPageToken = page.Cut(groups, size, func(g *accessv1.Group) any { return uuid.MustParse(g.Id) })
	return reply, nil
}

func groupTexts(name, about string) (string, string, error) {
	name, err := field.Required("name", name)
	if err != nil {
		return "", "", err
	}
	about, err = field.Line("about", about)
	return name, about, err
}

// CreateGroup makes a group without members.
func (s *Service) CreateGroup(ctx context.Context, in *accessv1.CreateGroupRequest) (*accessv1.Group, error) {
	name, about, err := groupTexts(in.Name, in.About)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Group{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			id := tenant.NewID()
			_, err := db.Exec(ctx, "insert into platform.subject_group (id, body_id, name, about) values ($1, $2, $3, $4)", id, t.ID, name, about)
			if tenant.Violated(err, "subject_group_name_key") {
				return errNameTaken
			}
			if err != nil {
				return err
			}
			if err := groupNoun.Made(ctx, db, tenant.Act{Act: "access.group_create", Reason: name + " @ " + t.Code}, id); err != nil {
				return err
			}
			return answerGroup(ctx, db, t.ID, id, reply)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// UpdateGroup renames a group.
func (s *Service) UpdateGroup(ctx context.Context, in *accessv1.UpdateGroupRequest) (*accessv1.Group, error) {
	name, about, err := groupTexts(in.Name, in.About)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Group{}
	err = s.onGroup(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID) error {
		was, err := groupNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		tag, err := db.Exec(ctx, `update platform.subject_group set name = $3, about = $4, version = version + 1
			where body_id = $1 and id = $2 and version = $5`, t.ID, id, name, about, in.Version)
		switch {
		case tenant.Violated(err, "subject_group_name_key"):
			return errNameTaken
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return errStale
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "access.group_update"}); err != nil {
			return err
		}
		return answerGroup(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// onGroup runs f with a group of the body locked.
func (s *Service) onGroup(ctx context.Context, text string, f func(context.Context, tenant.DBTX, *tenant.Tenant, uuid.UUID) error) error {
	id, err := field.ID("id", text)
	if err != nil {
		return err
	}
	return s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		var found bool
		err := db.QueryRow(ctx, "select true from platform.subject_group where body_id = $1 and id = $2 for update", t.ID, id).Scan(&found)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoGroup
		}
		if err != nil {
			return err
		}
		return f(ctx, db, t, id)
	})
}

// DeleteGroup removes a group to which nothing is granted any more.
func (s *Service) DeleteGroup(ctx context.Context, in *accessv1.DeleteGroupRequest) (*accessv1.DeleteGroupReply, error) {
	err := s.onGroup(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID) error {
		gifts, err := running(ctx, db, "subject_kind = 'group' and subject_id = $1", id)
		if err != nil {
			return err
		}
		if len(gifts) > 0 {
			return errInUse
		}
		if err := groupNoun.Gone(ctx, db, tenant.Act{Act: "access.group_delete", Reason: t.Code}, id); err != nil {
			return err
		}
		_, err = db.Exec(ctx, "delete from platform.subject_group where id = $1", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &accessv1.DeleteGroupReply{}, nil
}

// ListGroupMembers pages through the members of a group.
func (s *Service) ListGroupMembers(ctx context.Context, in *accessv1.ListGroupMembersRequest) (*accessv1.ListSubjectsReply, error) {
	var after uuid.UUID
	if _, err := page.Parse(in.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	var ids []string
	err := s.onGroup(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, _ *tenant.Tenant, id uuid.UUID) error {
		rows, err := db.Query(ctx, `select identity_id::text from platform.subject_group_member where group_id = $1 and identity_id > $2
			order by identity_id limit $3`, id, after, size+1)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListSubjectsReply{}
	ids, reply.NextPageToken = page.Cut(ids, size, func(id string) any { return uuid.MustParse(id) })
	names, err := s.names(ctx, subjects{"identity": ids})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		n := names["identity "+id]
		reply.Subjects = append(reply.Subjects, &accessv1.Subject{Kind: "identity", Id: id, Name: n.name, Note: n.note})
	}
	return reply, nil
}

// AddGroupMember puts a person into a group, and so gives what the group has.
func (s *Service) AddGroupMember(ctx context.Context, in *accessv1.AddGroupMemberRequest) (*accessv1.Group, error) {
	identity, err := field.ID("identityId", in.IdentityId)
	if err != nil {
		return nil, err
	}
	who, err := s.nameOf(ctx, "identity", identity)
	if err != nil {
		return nil, err
	}
	if source.Places[who.role].Duty != "" {
		return nil, duty("identityId")
	}
	reply := &accessv1.Group{}
	err = s.onGroup(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID) error {
		gifts, err := running(ctx, db, "subject_kind = 'group' and subject_id = $1", id)
		if err != nil {
			return err
		}
		if err := s.givesAgain(ctx, db, t, gifts, "id"); err != nil {
			return err
		}
		tag, err := db.Exec(ctx, `insert into platform.subject_group_member (group_id, identity_id) values ($1, $2) on conflict do nothing`, id, identity)
		if err == nil && tag.RowsAffected() > 0 {
			err = groupMemberNoun.Made(ctx, db, tenant.Act{Act: "access.group_add", Reason: identity.String()}, id, identity)
		}
		if err != nil {
			return err
		}
		return answerGroup(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// RemoveGroupMember takes a person out of a group.
func (s *Service) RemoveGroupMember(ctx context.Context, in *accessv1.RemoveGroupMemberRequest) (*accessv1.Group, error) {
	identity, err := field.ID("identityId", in.IdentityId)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Group{}
	err = s.onGroup(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID) error {
		was, err := groupMemberNoun.See(ctx, db, id, identity)
		if err != nil {
			return err
		}
		tag, err := db.Exec(ctx, "delete from platform.subject_group_member where group_id = $1 and identity_id = $2", id, identity)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errNoSubject
		}
		was.Gone(ctx, db, tenant.Act{Act: "access.group_remove", Reason: identity.String()})
		return answerGroup(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// running are the grants that are not over and fit a condition on $1.
func running(ctx context.Context, db tenant.DBTX, which string, arg any) ([]*Gift, error) {
	rows, err := db.Query(ctx, `select body_id, role_id, coalesce(capability, ''), scope, anchor_id, depth, departments, set_id, level, effect = 'deny', mode,
			valid_from, valid_to from platform."grant" where `+which+` and ended_at is null and (valid_to is null or valid_to > now())`, arg)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Gift, error) {
		g := &Gift{}
		var scope, level, mode string
		err := row.Scan(&g.Body, &g.Role, &g.Capability, &scope, &g.Anchor, &g.Depth, &g.Departments, &g.Set, &level, &g.Deny, &mode, &g.From, &g.To)
		g.Scope, _ = policy.ParseScope(scope)
		g.Level, _ = policy.ParseLevel(level)
		g.Mode = map[string]policy.Mode{"use": policy.Use, "give": policy.Give, "both": policy.Both}[mode]
		return g, err
	})
}

// givesAgain refuses what would give running grants to more persons, or in more bodies, when the caller could not make them now.
func (s *Service) givesAgain(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, gifts []*Gift, name string) error {
	if len(gifts) == 0 {
		return nil
	}
	giver, err := s.engine.giver(ctx, db)
	if err != nil {
		return err
	}
	now := s.engine.now()
	for _, g := range gifts {
		if g.Deny {
			continue // takes away, wherever it reaches
		}
		span, err := g.span(ctx, db, now)
		if err != nil {
			return err
		}
		terms, _, err := g.terms(ctx, db, t, span)
		if err == error(errEmptyRole) { // by identity: errors.Is takes all bad fields for one
			continue
		}
		if err != nil {
			return err
		}
		for _, x := range terms {
			if giver.beyond(x.capability, x.term) != "" {
				return beyond(name, product().Name(x.capability))
			}
		}
	}
	return nil
}

// span is where and when a running grant holds from now on.
func (g *Gift) span(ctx context.Context, db tenant.DBTX, now time.Time) (*policy.Span, error) {
	span := &policy.Span{
		Scope: g.Scope, Anchor: g.Anchor, Depth: g.Depth, Departments: g.Departments, Mode: g.Mode, From: latest(g.From, now).UnixMicro(), To: policy.Never,
	}
	if g.To != nil {
		span.To = g.To.UnixMicro()
	}
	var err error
	if g.Set != nil {
		span.Bodies, err = setBodies(ctx, db, g.Body, *g.Set)
	}
	return span, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
