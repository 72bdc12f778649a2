package access

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	accessv1 "gonghui/tenant/access/v1"
)

// lack is a capability that somebody has not, at a level, in a body.
type lack struct {
	capability int32
	level      Level
	body       uuid.UUID
}

const (
	mostGivers = 10
	mostAsked  = 50 // of those who may be givers: each is asked
)

// givers are those in the body who could give what is lacking: administrators, and who was given it to give on. Where there is
// nobody, it is the body above that could.
func (s *Service) givers(ctx context.Context, l lack, tree *tree) ([]*accessv1.Subject, error) {
	t := tenant.From(ctx)
	people, err := s.people().ListPeople(ctx, &identityv1.ListPeopleRequest{Roles: []string{"admin", "security_admin"}, Size: 20})
	if err != nil {
		return nil, err
	}
	var others []string
	above := &accessv1.Subject{Kind: "body"}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		roles, err := rolesSaying(ctx, db, product().Name(l.capability))
		if err != nil {
			return err
		}
		rows, err := db.Query(ctx, `select distinct subject_id::text from platform."grant"
			where subject_kind = 'identity' and mode in ('give', 'both') and effect = 'allow' and ended_at is null and valid_from <= now()
				and (valid_to is null or valid_to > now()) and (capability = $1 or role_id = any ($2::uuid[]))
				and subject_id in (select i.id from platform.identity i where i.body_id = $3) limit $4`,
			product().Name(l.capability), roles, t.ID, mostAsked)
		if err != nil {
			return err
		}
		if others, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return err
		}
		err = db.QueryRow(ctx, `select b.id::text, b.name from platform.closure c join platform.body b on b.id = c.ancestor_id
			where c.line = 'primary' and c.descendant_id = $1 and c.depth = 1`, t.ID).Scan(&above.Id, &above.Name)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(others) > 0 {
		more, err := s.people().ListPeople(ctx, &identityv1.ListPeopleRequest{IdentityIds: others})
		if err != nil {
			return nil, err
		}
		people.People = append(people.People, more.People...)
	}
	var out []*accessv1.Subject
	for _, p := range people.People {
		if len(out) == mostGivers {
			break
		}
		if slices.ContainsFunc(out, func(x *accessv1.Subject) bool { return x.Id == p.IdentityId }) {
			continue
		}
		gives, err := s.gives(ctx, t, p, l, tree)
		if err != nil {
			return nil, err
		}
		if gives {
			out = append(out, &accessv1.Subject{Kind: "identity", Id: p.IdentityId, Name: p.Name, Note: p.Role})
		}
	}
	if len(out) == 0 && above.Id != "" {
		out = append(out, above)
	}
	return out, nil
}

// gives reports whether somebody could give it now.
func (s *Service) gives(ctx context.Context, t *tenant.Tenant, p *identityv1.Placed, l lack, tree *tree) (bool, error) {
	w, err := placed(t, p)
	if err != nil {
		return false, err
	}
	var held *policy.Policy
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		held, _, err = load(ctx, db, w)
		return err
	})
	if err != nil {
		return false, err
	}
	r := &rights{policy.Compile(tree.Index, held, policy.Give, t.ID, s.engine.now().UnixMicro()), tree.Index}
	if l.body == t.ID {
		return r.Parts(l.capability).All >= l.level, nil
	}
	return r.Level(l.capability, l.body) >= l.level, nil
}
