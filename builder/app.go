package builder

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
)

// inputOf are the inputs of a build.
func inputOf(ctx context.Context, db tenant.DBTX, id uuid.UUID) (*inputs, error) {
	var raw []byte
	if err := db.QueryRow(ctx, "select input from platform.app_build where id = $1", id).Scan(&raw); err != nil {
		return nil, err
	}
	in := &inputs{}
	return in, json.Unmarshal(raw, in)
}

// standing is where a channel stands.
type standing struct {
	inForce []*release
	last    *build
	shown   *inputs // of the newest release, or where nothing is published of the newest build that is done; nil without either
}

// GetApp returns the body's app and where each channel stands.
func (s *Service) GetApp(ctx context.Context, _ *builderv1.GetAppRequest) (*builderv1.BodyApp, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	var a *own
	var key *appKey
	stands := map[string]*standing{}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if a, err = s.appOf(ctx, db, t); err != nil {
			return err
		}
		if key, err = keyOf(ctx, db, t.ID); err != nil {
			return err
		}
		return read(ctx, db, t.ID, stands)
	})
	if err != nil {
		return nil, err
	}
	now, err := s.today(ctx, t, a)
	if err != nil {
		return nil, err
	}
	out := &builderv1.BodyApp{
		ApplicationId: a.id, WechatAppId: a.wechat, AppName: now.Name.ZH, AppNameEn: now.Name.EN, StartUrl: now.Start, DownloadUrl: s.address(t, "/get"), Shell: shellVersion(),
		TrialAvailable: s.host.LAN() != nil,
	}
	if key != nil {
		if out.Key, err = key.proto(); err != nil {
			return nil, err
		}
	}
	for _, c := range channels {
		st := stands[c.name]
		row := &builderv1.AppChannel{Channel: c.name, Public: c.public}
		for _, r := range st.inForce {
			if r.share == everybody {
				row.Release = r.proto()
			} else {
				row.Staged = r.proto()
			}
		}
		if st.last != nil {
			if row.Last, err = st.last.proto(); err != nil {
				return nil, err
			}
		}
		if st.shown != nil {
			in := c.takes(*now)
			row.Changes = changes(st.shown, &in)
			row.Changed = len(row.Changes) > 0
		}
		out.Channels = append(out.Channels, row)
	}
	return out, nil
}

// UpdateApp changes what the body says of its app.
func (s *Service) UpdateApp(ctx context.Context, req *builderv1.UpdateAppRequest) (*builderv1.BodyApp, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.app(ctx, t); err != nil {
		return nil, err
	}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if err := alone(ctx, db, t.ID); err != nil {
			return err
		}
		was, err := appNoun.See(ctx, db, t.ID)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "update platform.app set wechat_app_id = $2 where body_id = $1", t.ID, req.WechatAppId); err != nil {
			return err
		}
		return was.Changed(ctx, db, tenant.Act{Act: "app.update"})
	})
	if err != nil {
		return nil, err
	}
	return s.GetApp(ctx, &builderv1.GetAppRequest{})
}

// read fills in where each channel stands.
func read(ctx context.Context, db tenant.DBTX, body uuid.UUID, stands map[string]*standing) error {
	for _, c := range channels {
		stands[c.name] = &standing{}
	}
	out, err := releases(ctx, db, "where r.body_id = $1 and r.ended_at is null order by r.id desc", body)
	if err != nil {
		return err
	}
	for _, r := range out {
		if st := stands[r.channel]; st != nil {
			st.inForce = append(st.inForce, r)
		}
	}
	rows, err := db.Query(ctx, `select `+buildColumns+` from unnest($2::text[]) c(name) cross join lateral (
		select x.id from platform.app_build x where x.body_id = $1 and x.channel = c.name order by x.version_code desc limit 1) l
		join platform.app_build b on b.id = l.id`, body, names())
	if err != nil {
		return err
	}
	last, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (*build, error) { return scanBuild(r) })
	if err != nil {
		return err
	}
	for _, b := range last {
		stands[b.channel].last = b
	}
	rows, err = db.Query(ctx, `select c.name, b.input from unnest($2::text[]) c(name) cross join lateral (
		select x.input from platform.app_build x
		where x.id = coalesce(
			(select r.build_id from platform.app_release r where r.body_id = $1 and r.channel = c.name and r.ended_at is null order by r.id desc limit 1),
			(select d.id from platform.app_build d where d.body_id = $1 and d.channel = c.name and d.state = 'done' and not d.trial order by d.version_code desc limit 1))) b`,
		body, names())
	if err != nil {
		return err
	}
	var name string
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&name, &raw}, func() error {
		in := &inputs{}
		stands[name].shown = in
		return json.Unmarshal(raw, in)
	})
	return err
}

func names() []string {
	out := make([]string, len(channels))
	for i, c := range channels {
		out[i] = c.name
	}
	return out
}

// address is that of a page of the body's host, as people open it.
func (s *Service) address(t *tenant.Tenant, path string) string {
	return s.host.Scheme() + "://" + t.Code + "." + s.host.Base() + path
}
