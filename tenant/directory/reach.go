package directory

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	directoryv1 "gonghui/tenant/directory/v1"
)

// reach tells other modules of bodies that something is to be told to.
type reach struct {
	directoryv1.UnimplementedReachServiceServer
	db *tenant.DB
}

func scanReached(row pgx.CollectableRow) (*directoryv1.ReachedBody, error) {
	b := &directoryv1.ReachedBody{}
	return b, row.Scan(&b.Id, &b.Code, &b.Name, &b.Within)
}

// NameBodies returns the bodies with the codes.
func (r *reach) NameBodies(ctx context.Context, in *directoryv1.NameBodiesRequest) (*directoryv1.NameBodiesReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, scope.NotFound("codes")
	}
	reply := &directoryv1.NameBodiesReply{}
	err := r.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		rows, err := db.Query(ctx, `select b.id::text, b.code, b.name, `+scope.Inside("b.id", "$1::uuid")+`
			from platform.body b where b.code = any($2) order by b.id`, t.ID, in.GetCodes())
		if err != nil {
			return err
		}
		reply.Bodies, err = pgx.CollectRows(rows, scanReached)
		return err
	})
	return reply, err
}

// ListBelow pages through the bodies at work below one of the host's subtree, itself among them.
func (r *reach) ListBelow(ctx context.Context, in *directoryv1.ListBelowRequest) (*directoryv1.ListBelowReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, scope.NotFound("code")
	}
	after := uuid.Nil
	if in.GetAfterId() != "" {
		var err error
		if after, err = field.ID("afterId", in.GetAfterId()); err != nil {
			return nil, err
		}
	}
	size := page.Size(in.GetSize(), 500)
	reply := &directoryv1.ListBelowReply{}
	err := r.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		rows, err := db.Query(ctx, `select b.id::text, b.code, b.name, true from platform.body b
			join platform.body root on root.code = $1 and `+scope.Inside("root.id", "$2::uuid")+`
			where b.status = 'active' and b.id > $3 and `+scope.Inside("b.id", "root.id")+` order by b.id limit $4`, in.GetCode(), t.ID, after, size)
		if err != nil {
			return err
		}
		reply.Bodies, err = pgx.CollectRows(rows, scanReached)
		return err
	})
	return reply, err
}
