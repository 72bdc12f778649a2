package access

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/tenant"
	"gonghui/tenant/access/source"
	accessv1 "gonghui/tenant/access/v1"
)

// templates are the roles that bodies above have published, without what they say.
func templates(ctx context.Context, db tenant.DBTX, body uuid.UUID) ([]*role, error) {
	rows, err := db.Query(ctx, visibleSQL+" where v.rank = 1", body)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRole)
}

// PublishTemplate shows a role to the bodies below, or takes it back.
func (s *Service) PublishTemplate(ctx context.Context, in *accessv1.PublishTemplateRequest) (*accessv1.Role, error) {
	ctx, err := s.seat(ctx, "access.roles", "", "")
	if err != nil {
		return nil, err
	}
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	reply := &accessv1.Role{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		r, err := lockRole(ctx, db, t, id)
		if err != nil {
			return err
		}
		if in.Template == "" && r.template != "" {
			var used bool
			err := db.QueryRow(ctx, `select exists (select from platform.role where parent_id = $1 and body_id <> $2)
				or exists (select from platform."grant" where role_id = $1 and body_id <> $2 and ended_at is null)`, id, t.ID).Scan(&used)
			if err != nil {
				return err
			}
			if used {
				return errRoleInUse
			}
		}
		if in.Template != "" && r.template == "" && slices.Contains(source.Replaceable, r.code) {
			// From now on it is what all who have this place below hold.
			h := &heir{role: *r, of: t.ID, had: map[string]Level{}}
			h.template = in.Template
			wider, err := widened(ctx, db, []*heir{h})
			if err != nil {
				return err
			}
			if err := s.mayWiden(ctx, db, t, wider, "template"); err != nil {
				return err
			}
		}
		was, err := roleNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "update platform.role set template = $2, version = version + 1 where id = $1", id, in.Template); err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "access.role_publish", Reason: r.code + " @ " + t.Code + " " + in.Template}); err != nil {
			return err
		}
		return answerRole(ctx, db, t.ID, id, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}
