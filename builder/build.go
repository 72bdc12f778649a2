package builder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/page"
	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
)

// build is a row of platform.app_build without its log and inputs.
type build struct {
	id                                uuid.UUID
	channel, state, hash, version, by string
	trial                             bool
	code                              int32
	size                              int64
	sha256, file, fileName            string
	queuedAt                          time.Time
	startedAt, endedAt                *time.Time
	progress                          int32
	rollsBackTo                       *uuid.UUID
	failed                            []byte
	published                         bool
}

// buildColumns are those of scanBuild, of the table b.
const buildColumns = `b.id, b.channel, b.state, b.input_hash, b.version_name, b.started_by, b.trial, b.version_code, b.size, b.sha256, b.file, b.file_name,
	b.queued_at, b.started_at, b.ended_at, b.progress, b.rolls_back_to, b.error,
	exists (select from platform.app_release r where r.build_id = b.id and r.ended_at is null)`

func scanBuild(row pgx.Row) (*build, error) {
	b := &build{}
	return b, row.Scan(&b.id, &b.channel, &b.state, &b.hash, &b.version, &b.by, &b.trial, &b.code, &b.size, &b.sha256, &b.file, &b.fileName,
		&b.queuedAt, &b.startedAt, &b.endedAt, &b.progress, &b.rollsBackTo, &b.failed, &b.published)
}

// oneBuild is a build of the body.
func oneBuild(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, lock string) (*build, error) {
	b, err := scanBuild(db.QueryRow(ctx, "select "+buildColumns+" from platform.app_build b where b.body_id = $1 and b.id = $2 "+lock, body, id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNoBuild
	}
	return b, err
}

func stamp(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

func (b *build) proto() (*builderv1.AppBuild, error) {
	out := &builderv1.AppBuild{
		Id: b.id.String(), Channel: b.channel, State: b.state, VersionCode: b.code, VersionName: b.version, InputHash: b.hash, Size: b.size, Sha256: b.sha256,
		FileName: b.fileName, StartedBy: b.by, QueuedAt: timestamppb.New(b.queuedAt), StartedAt: stamp(b.startedAt), EndedAt: stamp(b.endedAt), Trial: b.trial,
		Progress: b.progress, Published: b.published,
	}
	if b.rollsBackTo != nil {
		out.RollsBackTo = b.rollsBackTo.String()
	}
	if b.failed != nil {
		var f failure
		if err := json.Unmarshal(b.failed, &f); err != nil {
			return nil, err
		}
		out.ErrorZh, out.ErrorEn, out.ErrorField = f.Zh, f.En, f.Field
	}
	return out, nil
}

// body is the body of the host.
func body(ctx context.Context) (*tenant.Tenant, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	return t, nil
}

func who(ctx context.Context) string {
	if s := tenant.SubjectFrom(ctx); s != nil {
		return s.Name
	}
	return ""
}

// StartBuild queues builds of today's inputs.
func (s *Service) StartBuild(ctx context.Context, req *builderv1.StartAppBuildRequest) (*builderv1.StartAppBuildReply, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	wanted := req.Channels
	phones := s.host.LAN()
	if req.Trial {
		if phones == nil {
			return nil, errNoTrial
		}
		wanted = []string{android}
	}
	a, err := s.app(ctx, t)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		for _, c := range channels {
			if c.name != miniProgram || a.wechat != "" {
				wanted = append(wanted, c.name)
			}
		}
	}
	now, err := s.today(ctx, t, a)
	if err != nil {
		return nil, err
	}
	reply := &builderv1.StartAppBuildReply{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		proto.Reset(reply)
		return tenant.OncePlatform(ctx, db, req, reply, func() error {
			if err := alone(ctx, db, t.ID); err != nil {
				return err
			}
			for _, name := range wanted {
				c := channelOf(name)
				in := c.takes(*now)
				if req.Trial {
					in.onTrial(phones, t.Code)
				}
				b, reused, err := queue(ctx, db, t, &order{channel: c, in: &in, again: req.NewVersion, trial: req.Trial, by: who(ctx)})
				if err != nil {
					return err
				}
				out, err := b.proto()
				if err != nil {
					return err
				}
				out.Reused = reused
				reply.Builds = append(reply.Builds, out)
			}
			return nil
		})
	})
	return reply, err
}

// app is the body's app, which is founded by its first build.
func (s *Service) app(ctx context.Context, t *tenant.Tenant) (a *own, err error) {
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if a, err = s.appOf(ctx, db, t); err != nil {
			return err
		}
		tag, err := db.Exec(ctx, "insert into platform.app (body_id, application_id) values ($1, $2) on conflict (body_id) do nothing", t.ID, a.id)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return appNoun.Made(ctx, db, tenant.Act{Act: "app.found", Reason: a.id}, t.ID)
	})
	return a, err
}

// appOf is the body's app as it is, or as its first build would found it.
func (s *Service) appOf(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) (*own, error) {
	a := &own{id: applicationID(s.host.Base(), t.Code), newest: 1}
	err := db.QueryRow(ctx, `select a.application_id, a.wechat_app_id, coalesce((select max(b.version_code) from platform.app_build b
		where b.body_id = a.body_id and b.channel = 'android' and b.state = 'done' and not b.trial), 1) from platform.app a where a.body_id = $1`, t.ID).
		Scan(&a.id, &a.wechat, &a.newest)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return a, err
}

// alone has those who build and publish the body's app wait for each other.
func alone(ctx context.Context, db tenant.DBTX, body uuid.UUID) error {
	_, err := db.Exec(ctx, "select from platform.app where body_id = $1 for update", body)
	return err
}

// order is a build that is asked for.
type order struct {
	channel   *channel
	in        *inputs
	again     bool // a new version although nothing has changed
	trial     bool
	by        string
	share     int32 // published to this share when it is done; 0: not by itself
	rollsBack *uuid.UUID
	rebuild   *uuid.UUID
}

// queue queues a build, or finds one of the same inputs that is under way, or done unless another is asked for. The app is locked.
func queue(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, o *order) (b *build, reused bool, err error) {
	hash, raw, err := o.in.hash(o.channel.name)
	if err != nil {
		return nil, false, err
	}
	states := "('queued', 'running', 'done')"
	if o.again {
		states = "('queued', 'running')"
	}
	b, err = scanBuild(db.QueryRow(ctx, "select "+buildColumns+" from platform.app_build b where b.body_id = $1 and b.channel = $2 and b.input_hash = $3 and b.trial = $4"+
		" and b.state in "+states+" order by b.id desc limit 1", t.ID, o.channel.name, hash, o.trial))
	if err == nil && o.share > 0 {
		b, err = join(ctx, db, t, b, o)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return b, err == nil, err
	}
	id := tenant.NewID()
	if err := insertBuild(ctx, db, t.ID, id, o, hash, raw); err != nil {
		return nil, false, err
	}
	if err := tenant.EnqueueFor(db, buildJob, []string{t.Code}, []any{jobArgs{id}}); err != nil {
		return nil, false, err
	}
	if err := buildNoun.Made(ctx, db, tenant.Act{Act: "app.build", Reason: o.channel.name}, id); err != nil {
		return nil, false, err
	}
	b, err = oneBuild(ctx, db, t.ID, id, "")
	return b, false, err
}

// join has a build that is under way published when it is done, as the order wants that found it.
func join(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, b *build, o *order) (*build, error) {
	was, err := buildNoun.See(ctx, db, b.id)
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(ctx, "update platform.app_build set then_share = greatest(then_share, $2), rolls_back_to = coalesce(rolls_back_to, $3) where id = $1", b.id, o.share, o.rollsBack)
	if err != nil {
		return nil, err
	}
	if err := was.Changed(ctx, db, tenant.Act{Act: "app.roll_back", Reason: o.channel.name}); err != nil {
		return nil, err
	}
	return oneBuild(ctx, db, t.ID, b.id, "")
}

// insertBuild writes a queued build under the channel's next version.
func insertBuild(ctx context.Context, db tenant.DBTX, body, id uuid.UUID, o *order, hash string, raw []byte) error {
	var code int32
	err := db.QueryRow(ctx, `insert into platform.app_channel as c (body_id, channel, last_code) values ($1, $2, 1)
		on conflict (body_id, channel) do update set last_code = c.last_code + 1 returning last_code`, body, o.channel.name).Scan(&code)
	if err != nil {
		return err
	}
	shell := ""
	if o.channel.name == android {
		shell = o.in.Shell
	}
	_, err = db.Exec(ctx, `insert into platform.app_build (id, body_id, channel, trial, input_hash, input, shell, version_code, version_name, started_by, rebuild_id,
		rolls_back_to, then_share) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, body, o.channel.name, o.trial, hash, raw, shell, code, versionName(code), o.by, o.rebuild, o.rollsBack, o.share)
	return err
}

// versionName is what people read: 1.0.7.
func versionName(code int32) string { return fmt.Sprintf("1.%d.%d", code/1000, code%1000) }

// ListBuilds pages through the body's builds, newest first.
func (s *Service) ListBuilds(ctx context.Context, req *builderv1.ListAppBuildsRequest) (*builderv1.ListAppBuildsReply, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	before := uuid.Max
	if _, err := page.Parse(req.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	var found []*build
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		rows, err := db.Query(ctx, "select "+buildColumns+" from platform.app_build b where b.body_id = $1 and b.id < $2 and ($3 = '' or b.channel = $3) order by b.id desc limit $4",
			t.ID, before, req.Channel, size+1)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (*build, error) { return scanBuild(r) })
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &builderv1.ListAppBuildsReply{}
	found, reply.NextPageToken = page.Cut(found, size, func(b *build) any { return b.id })
	for _, b := range found {
		out, err := b.proto()
		if err != nil {
			return nil, err
		}
		reply.Builds = append(reply.Builds, out)
	}
	return reply, nil
}

// GetBuild returns one build with its log.
func (s *Service) GetBuild(ctx context.Context, req *builderv1.GetAppBuildRequest) (*builderv1.AppBuild, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	b, lines, err := s.logged(ctx, t.ID, uuid.MustParse(req.Id))
	if err != nil {
		return nil, err
	}
	out, err := b.proto()
	if err != nil {
		return nil, err
	}
	for n := range lines {
		out.Log = append(out.Log, lines[n].proto(n))
	}
	return out, nil
}

func (l *line) proto(n int) *builderv1.AppBuildLine {
	return &builderv1.AppBuildLine{Number: int32(n + 1), AtMs: l.At, Step: l.Step, Zh: l.Zh, En: l.En, Progress: l.Progress}
}

// logged is a build of the body and its log.
func (s *Service) logged(ctx context.Context, body, id uuid.UUID) (b *build, lines []line, err error) {
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if b, err = oneBuild(ctx, db, body, id, ""); err != nil {
			return err
		}
		var raw []byte
		if err := db.QueryRow(ctx, "select log from platform.app_build where id = $1", id).Scan(&raw); err != nil {
			return err
		}
		lines = nil
		return json.Unmarshal(raw, &lines)
	})
	return b, lines, err
}

// CancelBuild ends a build that is not over.
func (s *Service) CancelBuild(ctx context.Context, req *builderv1.CancelAppBuildRequest) (*builderv1.AppBuild, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	id := uuid.MustParse(req.Id)
	var b *build
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if b, err = oneBuild(ctx, db, t.ID, id, "for update of b"); err != nil {
			return err
		}
		if b.state != "queued" && b.state != "running" {
			return errState
		}
		was, err := buildNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		raw, err := json.Marshal([]line{{Step: "cancelled", Zh: "已取消", En: "cancelled", Progress: b.progress}})
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, "update platform.app_build set state = 'cancelled', ended_at = now(), log = log || $2::jsonb where id = $1", id, raw)
		if err != nil {
			return err
		}
		if err := was.Changed(ctx, db, tenant.Act{Act: "app.cancel"}); err != nil {
			return err
		}
		b, err = oneBuild(ctx, db, t.ID, id, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	return b.proto()
}

// fileName is what a file is called where people keep it: the app's name, as far as file systems take it, and the version.
func fileName(in *inputs, code string, c *channel, version string) string {
	name := ""
	if in.Name != nil {
		name = strings.Map(func(r rune) rune {
			if strings.ContainsRune(`/\:*?"<>|'%`, r) || r < ' ' {
				return -1
			}
			return r
		}, in.Name.ZH)
	}
	if name = strings.Trim(name, ". "); name == "" {
		name = code
	}
	return name + "-" + version + c.suffix
}
