package directory

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/page"
	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
)

// afterEvent is where a page of events ended.
type afterEvent struct{ ID uuid.UUID }

// ListBodyEvents returns what happened to a body of the caller's subtree. It is more than a name, so a body's own host
// shows no other's either.
func (s *Service) ListBodyEvents(ctx context.Context, req *directoryv1.ListBodyEventsRequest) (*directoryv1.ListBodyEventsReply, error) {
	var after afterEvent
	if _, err := page.Parse(req.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 50)
	v, err := s.sight(ctx, "directory.tree")
	if err != nil {
		return nil, err
	}
	var events []*directoryv1.BodyEvent
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		id, err := idOf(ctx, db, req.Code, "code")
		if err != nil {
			return err
		}
		if err := inside(ctx, db, v, id, "code"); err != nil {
			return err
		}
		rows, err := db.Query(ctx, `select id, kind, effective_on, approval_doc_no, before, after, at from platform.body_event
			where body_id = $1 and ($2 or id < $3) order by id desc limit $4`, id, after.ID == uuid.Nil, after.ID, size+1)
		if err != nil {
			return err
		}
		events, err = pgx.CollectRows(rows, scanEvent)
		return err
	})
	if err != nil {
		return nil, err
	}
	events, next := page.Cut(events, size, func(e *directoryv1.BodyEvent) any { return afterEvent{uuid.MustParse(e.Id)} })
	return &directoryv1.ListBodyEventsReply{Events: events, NextPageToken: next}, nil
}

func scanEvent(row pgx.CollectableRow) (*directoryv1.BodyEvent, error) {
	e := &directoryv1.BodyEvent{}
	var id uuid.UUID
	var on, at time.Time
	if err := row.Scan(&id, &e.Kind, &on, &e.ApprovalDocNo, &e.Before, &e.After, &at); err != nil {
		return nil, err
	}
	e.Id, e.EffectiveOn, e.At = id.String(), on.Format(time.DateOnly), timestamppb.New(at)
	return e, nil
}
