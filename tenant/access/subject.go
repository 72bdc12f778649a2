package access

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
)

// named is a subject's name: of a person, with the built-in role of the identity; of a post, with its department; of a group; of an app,
// with the body above that registered it.
type named struct {
	name, note, role string
	ended            bool // an app that acts no more
}

// subjects is what names are looked up for.
type subjects map[string][]string // ids by kind

func (s *Service) people() identityv1.PeopleServiceClient {
	return identityv1.NewPeopleServiceClient(s.host.Conn("identity"))
}

// names looks names up, by kind and id. Who has no place in the body of the host has no name here.
func (s *Service) names(ctx context.Context, of subjects) (map[string]named, error) {
	names := map[string]named{}
	for start := 0; start < max(len(of["identity"]), len(of["account"])); start += 500 {
		reply, err := s.people().ListPeople(ctx, &identityv1.ListPeopleRequest{
			IdentityIds: part(of["identity"], start), AccountIds: part(of["account"], start),
		})
		if err != nil {
			return nil, err
		}
		for _, p := range reply.People {
			names["identity "+p.IdentityId] = named{name: p.Name, note: p.Role, role: p.Role}
			names["account "+p.AccountId] = named{name: p.Name}
		}
	}
	for start := 0; start < len(of["post"]); start += 500 {
		reply, err := orgv1.NewOrgServiceClient(s.host.Conn("org")).NamePosts(ctx, &orgv1.NamePostsRequest{Ids: part(of["post"], start)})
		if err != nil {
			return nil, err
		}
		for _, p := range reply.Posts {
			names["post "+p.Id] = named{name: p.Name, note: p.DeptName}
		}
	}
	for start := 0; start < len(of["app"]); start += 500 {
		reply, err := s.people().NameApps(ctx, &identityv1.NameAppsRequest{Ids: part(of["app"], start)})
		if err != nil {
			return nil, err
		}
		for _, a := range reply.Apps {
			names["app "+a.Id] = named{name: a.Name, note: a.BodyName, ended: !a.Active}
		}
	}
	if len(of["group"]) == 0 {
		return names, nil
	}
	err := s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		rows, err := db.Query(ctx, "select id::text, name, about from platform.subject_group where body_id = $1 and id = any($2::uuid[])", t.ID, of["group"])
		if err != nil {
			return err
		}
		var id, name, about string
		_, err = pgx.ForEachRow(rows, []any{&id, &name, &about}, func() error {
			names["group "+id] = named{name: name, note: about}
			return nil
		})
		return err
	})
	return names, err
}

func part(ids []string, start int) []string {
	if start >= len(ids) {
		return nil
	}
	return ids[start:min(start+500, len(ids))]
}

// nameOf is the name of one subject, which must be of the body of the host.
func (s *Service) nameOf(ctx context.Context, kind string, id uuid.UUID) (named, error) {
	names, err := s.names(ctx, subjects{kind: {id.String()}})
	if err != nil {
		return named{}, err
	}
	n, ok := names[kind+" "+id.String()]
	if !ok || n.ended {
		return n, errNoSubject
	}
	return n, nil
}

// named fills in the names of the subjects of grants.
func (s *Service) named(ctx context.Context, grants []*accessv1.Grant) error {
	of := subjects{}
	for _, g := range grants {
		of[g.Subject.Kind] = append(of[g.Subject.Kind], g.Subject.Id)
	}
	names, err := s.names(ctx, of)
	if err != nil {
		return err
	}
	for _, g := range grants {
		n := names[g.Subject.Kind+" "+g.Subject.Id]
		g.Subject.Name, g.Subject.Note = n.name, n.note
	}
	return nil
}

// afterSubject is where a page of subjects ended.
type afterSubject struct {
	Kind string
	ID   uuid.UUID
}

// ListSubjects pages through who may be given something: groups, posts, apps, persons, each by age.
func (s *Service) ListSubjects(ctx context.Context, in *accessv1.ListSubjectsRequest) (*accessv1.ListSubjectsReply, error) {
	ctx, err := s.seat(ctx, "access.read", in.HomeCode, "homeCode")
	if err != nil {
		return nil, err
	}
	query, err := field.Line("query", in.Query)
	if err != nil {
		return nil, err
	}
	kinds := []string{"group", "post", "app", "identity"}
	if in.Kind != "" {
		kinds = []string{in.Kind}
	}
	var after afterSubject
	more, err := page.Parse(in.PageToken, &after)
	if err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	var all []*accessv1.Subject
	for _, kind := range kinds {
		from := uuid.Nil
		if more && kind == after.Kind {
			from, more = after.ID, false
		}
		if more || int32(len(all)) > size {
			continue
		}
		found, err := s.subjectsOf(ctx, kind, query, from, size+1-int32(len(all)))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	reply := &accessv1.ListSubjectsReply{}
	reply.Subjects, reply.NextPageToken = page.Cut(all, size, func(x *accessv1.Subject) any { return afterSubject{x.Kind, uuid.MustParse(x.Id)} })
	return reply, nil
}

func (s *Service) subjectsOf(ctx context.Context, kind, query string, after uuid.UUID, size int32) ([]*accessv1.Subject, error) {
	var all []*accessv1.Subject
	switch kind {
	case "identity":
		reply, err := s.people().ListPeople(ctx, &identityv1.ListPeopleRequest{Query: query, AfterId: after.String(), Size: size})
		if err != nil {
			return nil, err
		}
		for _, p := range reply.People {
			all = append(all, &accessv1.Subject{Kind: kind, Id: p.IdentityId, Name: p.Name, Note: p.Role})
		}
	case "app":
		reply, err := s.people().NameApps(ctx, &identityv1.NameAppsRequest{Query: query, AfterId: after.String(), Size: size})
		if err != nil {
			return nil, err
		}
		for _, a := range reply.Apps {
			all = append(all, &accessv1.Subject{Kind: kind, Id: a.Id, Name: a.Name, Note: a.BodyName})
		}
	case "post":
		reply, err := orgv1.NewOrgServiceClient(s.host.Conn("org")).NamePosts(ctx, &orgv1.NamePostsRequest{Query: query, AfterId: after.String(), Size: size})
		if err != nil {
			return nil, err
		}
		for _, p := range reply.Posts {
			all = append(all, &accessv1.Subject{Kind: kind, Id: p.Id, Name: p.Name, Note: p.DeptName})
		}
	default:
		err := s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
			rows, err := db.Query(ctx, `select id::text, name, about from platform.subject_group
				where body_id = $1 and id > $2 and strpos(lower(name), $3) > 0 order by id limit $4`, t.ID, after, strings.ToLower(query), size)
			if err != nil {
				return err
			}
			all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*accessv1.Subject, error) {
				x := &accessv1.Subject{Kind: kind}
				return x, row.Scan(&x.Id, &x.Name, &x.Note)
			})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
