package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
	"gonghui/tenant/directory/scope"
)

const setSQL = `select s.id::text, s.name, s.version,
	array(select b.code::text from platform.body_set_item i join platform.body b on b.id = i.body_id where i.set_id = s.id order by b.code),
	array(select b.name::text from platform.body_set_item i join platform.body b on b.id = i.body_id where i.set_id = s.id order by b.code)
from platform.body_set s`

func scanSet(row pgx.CollectableRow) (*accessv1.BodySet, error) {
	s := &accessv1.BodySet{}
	return s, row.Scan(&s.Id, &s.Name, &s.Version, &s.BodyCodes, &s.BodyNames)
}

// setBodies are the bodies of a set of a body.
func setBodies(ctx context.Context, db tenant.DBTX, body, set uuid.UUID) ([]uuid.UUID, error) {
	rows, err := db.Query(ctx, `select i.body_id from platform.body_set s join platform.body_set_item i on i.set_id = s.id
		where s.body_id = $1 and s.id = $2`, body, set)
	if err != nil {
		return nil, err
	}
	bodies, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err == nil && len(bodies) == 0 {
		return nil, errNoSet
	}
	return bodies, err
}

func answerSet(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, reply *accessv1.BodySet) error {
	rows, err := db.Query(ctx, setSQL+" where s.body_id = $1 and s.id = $2", body, id)
	if err != nil {
		return err
	}
	x, err := pgx.CollectExactlyOneRow(rows, scanSet)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoSet
	}
	if err != nil {
		return err
	}
	proto.Reset(reply)
	proto.Merge(reply, x)
	return nil
}

// ListSets pages through the body's named sets, by age.
func (s *Service) ListSets(ctx context.Context, in *accessv1.ListSetsRequest) (*accessv1.ListSetsReply, error) {
	ctx, err := s.seat(ctx, "access.read", "", "")
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	if _, err := page.Parse(in.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 20)
	var sets []*accessv1.BodySet
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		rows, err := db.Query(ctx, setSQL+" where s.body_id = $1 and s.id > $2 order by s.id limit $3", t.ID, after, size+1)
		if err != nil {
			return err
		}
		sets, err = pgx.CollectRows(rows, scanSet)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListSetsReply{}
	reply.Sets, reply.NextPageToken = page.Cut(sets, size, func(x *accessv1.BodySet) any { return uuid.MustParse(x.Id) })
	return reply, nil
}

// fillSet makes the bodies with the codes those of a set. All of them lie in the subtree of the body that the set is of.
func fillSet(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID, codes []string) error {
	rows, err := db.Query(ctx, "select b.id, b.code from platform.body b where b.code = any($1) and "+scope.Inside("b.id", "$2"), codes, t.ID)
	if err != nil {
		return err
	}
	ids := []uuid.UUID{}
	known := map[string]bool{}
	var body uuid.UUID
	var code string
	if _, err := pgx.ForEachRow(rows, []any{&body, &code}, func() error {
		ids, known[code] = append(ids, body), true
		return nil
	}); err != nil {
		return err
	}
	for i, code := range codes {
		if !known[code] {
			return scope.NotFound(fmt.Sprintf("bodyCodes[%d]", i))
		}
	}
	if _, err := db.Exec(ctx, "delete from platform.body_set_item where set_id = $1 and not body_id = any($2)", id, ids); err != nil {
		return err
	}
	_, err = db.Exec(ctx, "insert into platform.body_set_item (set_id, body_id) select $1, unnest($2::uuid[]) on conflict do nothing", id, ids)
	return err
}

// CreateSet makes a named set of bodies of the own subtree.
func (s *Service) CreateSet(ctx context.Context, in *accessv1.CreateSetRequest) (*accessv1.BodySet, error) {
	name, err := field.Required("name", in.Name)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.BodySet{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			id := tenant.NewID()
			_, err := db.Exec(ctx, "insert into platform.body_set (id, body_id, name) values ($1, $2, $3)", id, t.ID, name)
			if tenant.Violated(err, "body_set_name_key") {
				return errNameTaken
			}
			if err != nil {
				return err
			}
			if err := fillSet(ctx, db, t, id, in.BodyCodes); err != nil {
				return err
			}
			if err := setNoun.Made(ctx, db, tenant.Act{Act: "access.set_create", Reason: name + " @ " + t.Code}, id); err != nil {
				return err
			}
			return answerSet(ctx, db, t.ID, id, reply)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// onSet runs f with a set of the body locked.
func (s *Service) onSet(ctx context.Context, text string, f func(context.Context, tenant.DBTX, *tenant.Tenant, uuid.UUID, int32) error) error {
	id, err := field.ID("id", text)
	if err != nil {
		return err
	}
	return s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		var version int32
		err := db.QueryRow(ctx, "select version from platform.body_set where body_id = $1 and id = $2 for update", t.ID, id).Scan(&version)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoSet
		}
		if err != nil {
			return err
		}
		return f(ctx, db, t, id, version)
	})
}

// UpdateSet replaces name and bodies of a set: grants that name it reach the new bodies at once.
func (s *Service) UpdateSet(ctx context.Context, in *accessv1.UpdateSetRequest) (*accessv1.BodySet, error) {
	name, err := field.Required("name", in.Name)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.BodySet{}
	err = s.onSet(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID, version int32) error {
		if version != in.Version {
			return errStale
		}
		was, err := setNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, "update platform.body_set set name = $2, version = version + 1 where id = $1", id, name)
		if tenant.Violated(err, "body_set_name_key") {
			return errNameTaken
		}
		if err != nil {
			return err
		}
		if err := fillSet(ctx, db, t, id, in.BodyCodes); err != nil {
			return err
		}
		gifts, err := running(ctx, db, "set_id = $1", id)
		if err != nil {
			return err
		}
		if err := s.givesAgain(ctx, db, t, gifts, "bodyCodes"); err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "access.set_update"}); err != nil {
			return err
		}
		return answerSet(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// DeleteSet removes a set that no grant names.
func (s *Service) DeleteSet(ctx context.Context, in *accessv1.DeleteSetRequest) (*accessv1.DeleteSetReply, error) {
	err := s.onSet(ctx, in.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, id uuid.UUID, _ int32) error {
		err := setNoun.Gone(ctx, db, tenant.Act{Act: "access.set_delete", Reason: t.Code}, id)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, "delete from platform.body_set where id = $1", id)
		if tenant.Violated(err, "grant_set_id_fkey") {
			return errInUse
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &accessv1.DeleteSetReply{}, nil
}
