package builder

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
)

// planJob is the queue's name for queueing the builds of a rebuild; its arguments say which.
const planJob = "builder.rebuild"

type planArgs struct {
	Rebuild uuid.UUID `json:"rebuild"`
}

// planned is how many bodies are queued in one transaction.
const planned = 100

// rebuild is a row of platform.app_rebuild with what has become of its builds.
type rebuild struct {
	id              uuid.UUID
	state, reason   string
	share           int32
	by              string
	at              time.Time
	ended           *time.Time
	total, done, no int32
}

// rebuildSQL says of a rebuild whose builds are all over that it is done, when the last one was.
const rebuildSQL = `select r.id, case when r.state = 'running' and r.planned and n.left_over = 0 then 'done' else r.state end, r.reason, r.share, r.started_by, r.started_at,
	case when r.state = 'cancelled' then r.ended_at when r.planned and n.left_over = 0 then coalesce(n.last, r.started_at) end, r.total, n.done, n.failed
	from platform.app_rebuild r cross join lateral (
		select count(*) filter (where b.state in ('queued', 'running')) as left_over, count(*) filter (where b.state = 'done') as done,
			count(*) filter (where b.state = 'failed') as failed, max(b.ended_at) as last
		from platform.app_build b where b.rebuild_id = r.id
	) n `

func rebuilds(ctx context.Context, db tenant.DBTX, where string, args ...any) ([]*rebuild, error) {
	rows, err := db.Query(ctx, rebuildSQL+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*rebuild, error) {
		r := &rebuild{}
		return r, row.Scan(&r.id, &r.state, &r.reason, &r.share, &r.by, &r.at, &r.ended, &r.total, &r.done, &r.no)
	})
}

// within are the rebuilds that the caller may see: those started from his anchor or below it.
var within = "where " + scope.Inside("r.body_id", "$1::uuid")

func oneRebuild(ctx context.Context, db tenant.DBTX, id uuid.UUID) (*rebuild, error) {
	found, err := rebuilds(ctx, db, within+" and r.id = $2", scope.Of(ctx).Anchor, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errNoRebuild
	}
	return found[0], nil
}

func (r *rebuild) proto() *builderv1.FleetRebuild {
	return &builderv1.FleetRebuild{
		Id: r.id.String(), State: r.state, Reason: r.reason, Share: r.share, StartedBy: r.by, StartedAt: timestamppb.New(r.at), EndedAt: stamp(r.ended),
		Total: r.total, Done: r.done, Failed: r.no,
	}
}

// StartRebuild queues builds of the bodies below with today's shell.
func (s *Service) StartRebuild(ctx context.Context, req *builderv1.StartFleetRebuildRequest) (*builderv1.FleetRebuild, error) {
	reason, err := field.Required("reason", req.Reason)
	if err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	reply := &builderv1.FleetRebuild{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		proto.Reset(reply)
		return tenant.OncePlatform(ctx, db, req, reply, func() error {
			// One after another for one body: that is how one that is under way is found.
			if _, err := db.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended($1, 0))", "rebuild "+me.Body.String()); err != nil {
				return err
			}
			found, err := rebuilds(ctx, db, `where r.body_id = $1 and r.state = 'running' and (not r.planned or n.left_over > 0) limit 1`, me.Body)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				id := tenant.NewID()
				_, err := db.Exec(ctx, "insert into platform.app_rebuild (id, body_id, reason, share, every, started_by) values ($1, $2, $3, $4, $5, $6)",
					id, me.Body, reason, req.Share, req.All, me.Name)
				if err != nil {
					return err
				}
				if err := rebuildNoun.Made(ctx, db, tenant.Act{Act: "app.rebuild", Reason: reason}, id); err != nil {
					return err
				}
				if err := tenant.EnqueueFor(db, planJob, []string{me.BodyCode}, []any{planArgs{id}}); err != nil {
					return err
				}
				one, err := oneRebuild(ctx, db, id)
				if err != nil {
					return err
				}
				found = []*rebuild{one}
			}
			proto.Merge(reply, found[0].proto())
			return nil
		})
	})
	return reply, err
}

// GetRebuild returns a rebuild and its progress.
func (s *Service) GetRebuild(ctx context.Context, req *builderv1.GetFleetRebuildRequest) (*builderv1.FleetRebuild, error) {
	var r *rebuild
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		r, err = oneRebuild(ctx, db, uuid.MustParse(req.Id))
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.proto(), nil
}

// ListRebuilds pages through the rebuilds, newest first.
func (s *Service) ListRebuilds(ctx context.Context, req *builderv1.ListFleetRebuildsRequest) (*builderv1.ListFleetRebuildsReply, error) {
	before := uuid.Max
	if _, err := page.Parse(req.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	var found []*rebuild
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		found, err = rebuilds(ctx, db, within+" and r.id < $2 order by r.id desc limit $3", scope.Of(ctx).Anchor, before, size+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &builderv1.ListFleetRebuildsReply{}
	found, reply.NextPageToken = page.Cut(found, size, func(r *rebuild) any { return r.id })
	for _, r := range found {
		reply.Rebuilds = append(reply.Rebuilds, r.proto())
	}
	return reply, nil
}

// CancelRebuild ends a rebuild; what is done stays.
func (s *Service) CancelRebuild(ctx context.Context, req *builderv1.CancelFleetRebuildRequest) (*builderv1.FleetRebuild, error) {
	id := uuid.MustParse(req.Id)
	var r *rebuild
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		if _, err := db.Exec(ctx, "select from platform.app_rebuild where id = $1 for update", id); err != nil {
			return err
		}
		if r, err = oneRebuild(ctx, db, id); err != nil {
			return err
		}
		if r.state != "running" {
			return errOver
		}
		was, err := rebuildNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "update platform.app_rebuild set state = 'cancelled', ended_at = now() where id = $1", id); err != nil {
			return err
		}
		_, err = db.Exec(ctx, `update platform.app_build set state = 'cancelled', ended_at = now(), log = log || jsonb_build_array($2::jsonb || jsonb_build_object('progress', progress))
			where rebuild_id = $1 and state in ('queued', 'running')`, id, line{Step: "cancelled", Zh: "统一生成已取消", En: "the rebuild was cancelled"})
		if err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "app.rebuild_cancel"}); err != nil {
			return err
		}
		r, err = oneRebuild(ctx, db, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.proto(), nil
}

// plan queues the builds of a rebuild, a part at a time; what is queued already stays so when it is begun again.
func (s *Service) plan(ctx context.Context, args json.RawMessage) error {
	var job planArgs
	if err := json.Unmarshal(args, &job); err != nil {
		return err
	}
	for more := true; more; {
		err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
			more, err = planPart(ctx, db, job.Rebuild)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// wanted is a body whose app is to be built anew, with the inputs of what it offers and the share of the devices that get it.
type wanted struct {
	body  uuid.UUID
	code  string
	raw   []byte
	share int32
}

var wantedSQL = `select a.body_id, d.code, b.input, b.share
	from platform.body d join platform.app a on a.body_id = d.id
	cross join lateral (select b.input, b.shell, r.share ` + offeredSQL + `) b
	where d.code > $1 and ` + scope.Inside("a.body_id", "$2::uuid") + ` and ($3 or b.shell <> $4)
	order by d.code limit $5`

// planPart queues the builds of the next bodies, and reports whether there may be more.
func planPart(ctx context.Context, db tenant.DBTX, id uuid.UUID) (more bool, err error) {
	var anchor uuid.UUID
	var every bool
	var share int32
	var seen, reason string
	err = db.QueryRow(ctx, "select body_id, every, share, seen_to, reason from platform.app_rebuild where id = $1 and state = 'running' and not planned for update", id).
		Scan(&anchor, &every, &share, &seen, &reason)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	rows, err := db.Query(ctx, wantedSQL, seen, anchor, every, shellVersion(), planned)
	if err != nil {
		return false, err
	}
	found, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (w wanted, err error) { return w, r.Scan(&w.body, &w.code, &w.raw, &w.share) })
	if err != nil {
		return false, err
	}
	queued := 0
	for _, w := range found {
		in := &inputs{}
		if err := json.Unmarshal(w.raw, in); err != nil {
			return false, err
		}
		in.Shell, in.Format = shellVersion(), format
		// What the body gives to a share of its devices is not for others to give to all.
		there, err := planOne(ctx, db, &w, &order{channel: channelOf(android), in: in, share: min(share, w.share), rebuild: &id}, reason)
		if err != nil {
			return false, err
		}
		if seen = w.code; there {
			queued++
		}
	}
	_, err = db.Exec(ctx, "update platform.app_rebuild set seen_to = $2, total = total + $3, planned = $4 where id = $1", id, seen, queued, len(found) < planned)
	return len(found) == planned, err
}

// planOne queues one body's build, unless one of the same inputs is under way.
func planOne(ctx context.Context, db tenant.DBTX, w *wanted, o *order, reason string) (queued bool, err error) {
	hash, raw, err := o.in.hash(o.channel.name)
	if err != nil {
		return false, err
	}
	if err := alone(ctx, db, w.body); err != nil {
		return false, err
	}
	var under bool
	err = db.QueryRow(ctx, `select exists (select from platform.app_build where body_id = $1 and channel = $2 and input_hash = $3 and not trial and state in ('queued', 'running'))`,
		w.body, o.channel.name, hash).Scan(&under)
	if err != nil || under {
		return false, err
	}
	id := tenant.NewID()
	if err := insertBuild(ctx, db, w.body, id, o, hash, raw); err != nil {
		return false, err
	}
	if err := tenant.EnqueueFor(db, buildJob, []string{w.code}, []any{jobArgs{id}}); err != nil {
		return false, err
	}
	// The act is on record with the body whose app it is.
	there := tenant.With(ctx, &tenant.Tenant{ID: w.body, Code: w.code})
	return true, buildNoun.Made(there, db, tenant.Act{Act: "app.build", Reason: reason}, id)
}
