package directory

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/directory/scope"
	directoryv1 "gonghui/tenant/directory/v1"
)

// GetOwnBody returns the body of the host.
func (s *Service) GetOwnBody(ctx context.Context, _ *directoryv1.GetOwnBodyRequest) (*directoryv1.GetOwnBodyReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, scope.NotFound("code")
	}
	return s.lineage(ctx, t.Code)
}

// GetBody returns a body with the lines above it.
func (s *Service) GetBody(ctx context.Context, req *directoryv1.GetBodyRequest) (*directoryv1.GetOwnBodyReply, error) {
	return s.lineage(ctx, req.Code)
}

// lineageSQL returns a body (depth 0) and its ancestors on both lines, from the top.
var lineageSQL = `select ` + columns + `, c.line = 'primary', c.depth, ` + scope.Inside("b.id", "$2") + `,
		case c.depth when 0 then (select count(*) from platform.body_parent k where k.parent_id = b.id and k.line = me.primary_line) else 0 end
	from platform.body me
	join platform.closure c on c.descendant_id = me.id
		and c.line in ('primary', case me.primary_line when 'territorial' then 'industrial' else 'territorial' end)
	join platform.body b on b.id = c.ancestor_id
	where me.code = $1
	order by c.depth desc`

func (s *Service) lineage(ctx context.Context, code string) (*directoryv1.GetOwnBodyReply, error) {
	v, err := s.sight(ctx, "directory.tree")
	if err != nil {
		return nil, err
	}
	var reply *directoryv1.GetOwnBodyReply
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		reply = &directoryv1.GetOwnBodyReply{}
		rows, err := db.Query(ctx, lineageSQL, code, v.Anchor)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var first, inside bool
			var depth, children int32
			b, err := scanBody(rows, &first, &depth, &inside, &children)
			if err != nil {
				return err
			}
			b.Children = children
			if v.Supervision {
				inside = v.sees(uuid.MustParse(b.Id))
			}
			if !inside {
				if depth == 0 && v.Supervision {
					return scope.NotFound("code")
				}
				b = nameOnly(b)
			}
			switch {
			case depth == 0:
				reply.Body = b
			case first:
				reply.Ancestors = append(reply.Ancestors, b)
			default:
				reply.OtherAncestors = append(reply.OtherAncestors, b)
			}
		}
		return rows.Err()
	})
	if err == nil && reply.Body == nil {
		err = scope.NotFound("code")
	}
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// afterCode is where a page of bodies ended.
type afterCode struct{ Code string }

var childrenSQL = `with top as (
		select t.id from platform.body t where t.code = $1
	)
	select ` + columns + `, (select count(*) from platform.body_parent k where k.parent_id = b.id and k.line = $2), ` + scope.Inside("b.id", "$5") + `
	from top join platform.body_parent p on p.parent_id = top.id and p.line = $2 join platform.body b on b.id = p.body_id
	where b.code > $3
	order by b.code limit $4`

// ListTree returns the bodies directly below one on a line. On the supervision host the page leaves out those that the caller may
// not look at.
func (s *Service) ListTree(ctx context.Context, req *directoryv1.ListTreeRequest) (*directoryv1.ListBodiesReply, error) {
	line := req.Line
	if line == "" {
		line = territorial
	}
	var after afterCode
	if more, err := page.Parse(req.PageToken, &after); err != nil {
		return nil, err
	} else if more && !isCode(after.Code) {
		return nil, badToken()
	}
	size := page.Size(req.PageSize, 50)
	v, err := s.sight(ctx, "directory.tree")
	if err != nil {
		return nil, err
	}
	var bodies []*directoryv1.Body
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		if v.Supervision {
			if err := visible(ctx, db, v, req.Code); err != nil {
				return err
			}
		}
		bodies, err = list(ctx, db, v, childrenSQL, req.Code, line, after.Code, size+1, v.Anchor)
		if err != nil || len(bodies) > 0 || v.Supervision {
			return err
		}
		return visible(ctx, db, v, req.Code)
	})
	if err != nil {
		return nil, err
	}
	bodies, next := page.Cut(bodies, size, func(b *directoryv1.Body) any { return afterCode{b.Code} })
	if v.Supervision {
		bodies = slices.DeleteFunc(bodies, func(b *directoryv1.Body) bool { return !v.sees(uuid.MustParse(b.Id)) })
	}
	return &directoryv1.ListBodiesReply{Bodies: bodies, NextPageToken: next}, nil
}

// list reads columns, the number of children, and whether the body is in the viewer's subtree.
func list(ctx context.Context, db tenant.DBTX, v sight, sql string, args ...any) ([]*directoryv1.Body, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*directoryv1.Body, error) {
		var children int32
		var inside bool
		b, err := scanBody(row, &children, &inside)
		if err != nil {
			return nil, err
		}
		b.Children = children
		if v.Supervision {
			inside = v.sees(uuid.MustParse(b.Id))
		}
		if !inside {
			b = nameOnly(b)
		}
		return b, nil
	})
}

// visible says BODY_NOT_FOUND for a body that is not there for the viewer.
func visible(ctx context.Context, db tenant.DBTX, v sight, code string) error {
	id, err := idOf(ctx, db, code, "code")
	if err != nil || !v.Supervision {
		return err
	}
	return inside(ctx, db, v, id, "code")
}

// sight is from where a caller looks, and what he sees on the supervision host, where rights may reach further or less far than
// the subtree of his own body.
type sight struct {
	scope.Viewer
	sees func(body uuid.UUID) bool // on the supervision host
}

// sight is what the caller may do with the capability. It is asked for outside any door.
func (s *Service) sight(ctx context.Context, capability string) (sight, error) {
	v := sight{Viewer: scope.Of(ctx)}
	if !v.Supervision {
		return v, nil
	}
	var err error
	v.sees, err = access.EngineOf(s.db).Seen(ctx, capability)
	return v, err
}

// inside says BODY_NOT_FOUND for a body that the viewer may not look at.
func inside(ctx context.Context, db tenant.DBTX, v sight, body uuid.UUID, field string) error {
	if v.Supervision {
		if !v.sees(body) {
			return scope.NotFound(field)
		}
		return nil
	}
	var yes bool
	err := db.QueryRow(ctx, "select "+scope.Inside("$2::uuid", "$1::uuid"), v.Anchor, body).Scan(&yes)
	if err == nil && !yes {
		return scope.NotFound(field)
	}
	return err
}
