package builder

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
)

// everybody is the share of a release that goes to all devices.
const everybody = 100

// release is a row of platform.app_release with what it offers.
type release struct {
	id, build        uuid.UUID
	channel, version string
	code, share      int32
	size             int64
	sha256, file     string
	fileName         string
	notesZh, notesEn string
	at               time.Time
	by               string
	ended            *time.Time
}

const releaseSQL = `select r.id, r.build_id, r.channel, b.version_name, b.version_code, r.share, b.size, b.sha256, b.file, b.file_name, r.notes_zh, r.notes_en,
	r.published_at, r.published_by, r.ended_at from platform.app_release r join platform.app_build b on b.id = r.build_id `

func releases(ctx context.Context, db tenant.DBTX, where string, args ...any) ([]*release, error) {
	rows, err := db.Query(ctx, releaseSQL+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*release, error) {
		r := &release{}
		return r, row.Scan(&r.id, &r.build, &r.channel, &r.version, &r.code, &r.share, &r.size, &r.sha256, &r.file, &r.fileName, &r.notesZh, &r.notesEn, &r.at, &r.by, &r.ended)
	})
}

// inForce are the releases of a channel that people are offered, the newest first.
func inForce(ctx context.Context, db tenant.DBTX, body uuid.UUID, channel string) ([]*release, error) {
	return releases(ctx, db, "where r.body_id = $1 and r.channel = $2 and r.ended_at is null order by r.id desc", body, channel)
}

func (r *release) proto() *builderv1.AppRelease {
	return &builderv1.AppRelease{
		Id: r.id.String(), Channel: r.channel, BuildId: r.build.String(), VersionCode: r.code, VersionName: r.version, Size: r.size, Sha256: r.sha256, Share: r.share,
		PublishedAt: timestamppb.New(r.at), PublishedBy: r.by, EndedAt: stamp(r.ended), NotesZh: r.notesZh, NotesEn: r.notesEn,
	}
}

// publishable says why a build cannot be published, or nil.
func publishable(b *build) error {
	switch c := channelOf(b.channel); {
	case c == nil || !c.public:
		return errPrivate
	case b.trial:
		return errTrial
	}
	return nil
}

// publish offers a build to a share of the devices. The app is locked, the build done.
func publish(ctx context.Context, db tenant.DBTX, body uuid.UUID, b *build, share int32, notesZh, notesEn, by string) (*release, error) {
	if err := publishable(b); err != nil {
		return nil, err
	}
	now, err := inForce(ctx, db, body, b.channel)
	if err != nil {
		return nil, err
	}
	rising := channelOf(b.channel).rising
	if !rising {
		share = everybody
	}
	for _, r := range now {
		switch {
		case r.build == b.id:
			return nil, errReleased
		case rising && r.code > b.code:
			return nil, errOlder
		}
	}
	for _, r := range now {
		if share == everybody || r.share < everybody {
			if err := end(ctx, db, r.id); err != nil {
				return nil, err
			}
		}
	}
	id := tenant.NewID()
	_, err = db.Exec(ctx, `insert into platform.app_release (id, body_id, channel, build_id, share, notes_zh, notes_en, published_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, body, b.channel, b.id, share, notesZh, notesEn, by)
	if err != nil {
		return nil, err
	}
	if err := releaseNoun.Made(ctx, db, tenant.Act{Act: "app.publish", Reason: b.channel + " " + b.version}, id); err != nil {
		return nil, err
	}
	return oneRelease(ctx, db, body, id)
}

// end ends a release.
func end(ctx context.Context, db tenant.DBTX, id uuid.UUID) error {
	was, err := releaseNoun.See(ctx, db, id)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, "update platform.app_release set ended_at = now() where id = $1", id); err != nil {
		return err
	}
	return was.Changed(ctx, db, tenant.Act{Act: "app.release_end"})
}

func oneRelease(ctx context.Context, db tenant.DBTX, body, id uuid.UUID) (*release, error) {
	found, err := releases(ctx, db, "where r.body_id = $1 and r.id = $2", body, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errNoRelease
	}
	return found[0], nil
}

// PublishBuild offers a build to a share of the devices.
func (s *Service) PublishBuild(ctx context.Context, req *builderv1.PublishAppBuildRequest) (*builderv1.AppRelease, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	zh, err := field.Text("notesZh", req.NotesZh)
	if err != nil {
		return nil, err
	}
	en, err := field.Text("notesEn", req.NotesEn)
	if err != nil {
		return nil, err
	}
	id := uuid.MustParse(req.Id)
	var b *build
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		b, err = oneBuild(ctx, db, t.ID, id, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := publishable(b); err != nil {
		return nil, err
	}
	if b.state != "done" {
		return nil, errState
	}
	if b.file != "" {
		// What cannot be handed out is not offered.
		switch info, err := s.files.Stat(ctx, b.file); {
		case errors.Is(err, object.ErrNotFound) || err == nil && info.Size != b.size:
			return nil, errNoBuild
		case err != nil:
			return nil, err
		}
	}
	reply := &builderv1.AppRelease{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		proto.Reset(reply)
		return tenant.OncePlatform(ctx, db, req, reply, func() error {
			if err := alone(ctx, db, t.ID); err != nil {
				return err
			}
			r, err := publish(ctx, db, t.ID, b, req.Share, zh, en, who(ctx))
			if err == nil {
				proto.Merge(reply, r.proto())
			}
			return err
		})
	})
	return reply, err
}

// onRelease does something with a release in force, the app being locked, and returns how it is then.
func (s *Service) onRelease(ctx context.Context, text string, f func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, r *release) error) (*builderv1.AppRelease, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	id := uuid.MustParse(text)
	var r *release
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if err := alone(ctx, db, t.ID); err != nil {
			return err
		}
		if r, err = oneRelease(ctx, db, t.ID, id); err != nil {
			return err
		}
		if r.ended != nil {
			return errReleased
		}
		if err := f(ctx, db, t, r); err != nil {
			return err
		}
		r, err = oneRelease(ctx, db, t.ID, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.proto(), nil
}

// SetShare widens a release.
func (s *Service) SetShare(ctx context.Context, req *builderv1.SetAppShareRequest) (*builderv1.AppRelease, error) {
	return s.onRelease(ctx, req.Id, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, r *release) error {
		if req.Share <= r.share {
			return errReleased
		}
		if req.Share == everybody {
			others, err := inForce(ctx, db, t.ID, r.channel)
			if err != nil {
				return err
			}
			for _, o := range others {
				if o.id != r.id {
					if err := end(ctx, db, o.id); err != nil {
						return err
					}
				}
			}
		}
		was, err := releaseNoun.See(ctx, db, r.id)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "update platform.app_release set share = $2 where id = $1", r.id, req.Share); err != nil {
			return err
		}
		return was.Changed(ctx, db, tenant.Act{Act: "app.share"})
	})
}

// StopRelease ends a release.
func (s *Service) StopRelease(ctx context.Context, req *builderv1.StopAppReleaseRequest) (*builderv1.AppRelease, error) {
	return s.onRelease(ctx, req.Id, func(ctx context.Context, db tenant.DBTX, _ *tenant.Tenant, r *release) error {
		return end(ctx, db, r.id)
	})
}

// ListReleases pages through what was published, newest first.
func (s *Service) ListReleases(ctx context.Context, req *builderv1.ListAppReleasesRequest) (*builderv1.ListAppReleasesReply, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	before := uuid.Max
	if _, err := page.Parse(req.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	var found []*release
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		found, err = releases(ctx, db, "where r.body_id = $1 and r.id < $2 and ($3 = '' or r.channel = $3) order by r.id desc limit $4", t.ID, before, req.Channel, size+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &builderv1.ListAppReleasesReply{}
	found, reply.NextPageToken = page.Cut(found, size, func(r *release) any { return r.id })
	for _, r := range found {
		reply.Releases = append(reply.Releases, r.proto())
	}
	return reply, nil
}

// RollBack builds earlier content once more under a higher version, to be published to all when it is done.
func (s *Service) RollBack(ctx context.Context, req *builderv1.RollBackAppRequest) (*builderv1.AppBuild, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	id := uuid.MustParse(req.Id)
	reply := &builderv1.AppBuild{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		proto.Reset(reply)
		return tenant.OncePlatform(ctx, db, req, reply, func() error {
			if err := alone(ctx, db, t.ID); err != nil {
				return err
			}
			old, err := oneBuild(ctx, db, t.ID, id, "")
			if err != nil {
				return err
			}
			if err := publishable(old); err != nil {
				return err
			}
			if !channelOf(old.channel).rising {
				return errLive
			}
			var was bool
			in, err := inputOf(ctx, db, old.id)
			if err == nil {
				err = db.QueryRow(ctx, "select exists (select from platform.app_release where build_id = $1)", old.id).Scan(&was)
			}
			if err != nil {
				return err
			}
			if !was || old.state != "done" {
				return fault.Of(http.StatusConflict, builderv1.Reason_APP_BUILD_STATE, "id", "只能回退到曾经发布过的版本", "only a version that was published can be gone back to")
			}
			// The content is that of then, the code that of now: an earlier shell is not carried any more.
			in.Shell, in.Format = shellVersion(), format
			b, _, err := queue(ctx, db, t, &order{
				channel: channelOf(old.channel), in: in, again: true, by: who(ctx), share: everybody, rollsBack: &old.id,
			})
			if err != nil {
				return err
			}
			out, err := b.proto()
			if err != nil {
				return err
			}
			proto.Merge(reply, out)
			return nil
		})
	})
	return reply, err
}
