package builder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
)

// buildJob is the queue's name for one build; its arguments say which.
const buildJob = "builder.build"

type jobArgs struct {
	Build uuid.UUID `json:"build"`
}

// claimed is a build that a worker has taken up.
type claimed struct {
	*build
	in      *inputs
	tries   int
	resumed bool
}

// work makes one build. It may be called again for the same one: after a killed worker it begins anew, after a build that is over it
// does nothing.
func (s *Service) work(ctx context.Context, args json.RawMessage) error {
	var job jobArgs
	if err := json.Unmarshal(args, &job); err != nil {
		return err
	}
	t, err := body(ctx)
	if err != nil {
		return err
	}
	select {
	case s.making <- struct{}{}:
		defer func() { <-s.making }()
	case <-ctx.Done():
		return ctx.Err()
	}
	c, err := s.claim(ctx, t, job.Build)
	if err != nil || c == nil {
		return err
	}
	log := &journal{db: s.db, build: c.id, begin: time.Now()}
	if c.resumed {
		log.add("resumed", 0, "处理进程曾中断，重新开始", "the work was interrupted and begins anew")
	}
	watched, stop := log.watched(ctx)
	made, err := s.produce(watched, t, c, log)
	if cause := context.Cause(watched); errors.Is(cause, errCancelled) {
		err = errCancelled
	}
	stop()
	if err == nil {
		err = s.finish(ctx, t, c, log, made)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errCancelled):
		return s.sweep(ctx, t, c)
	case ctx.Err() != nil: // the process is stopping: another takes it up
		return err
	}
	if err := s.fail(ctx, c, log, err); err != nil {
		return err
	}
	return s.sweep(ctx, t, c)
}

// sweep takes away what an attempt has kept of a build that came to nothing. Where another worker goes on with the build, or has done
// it, the file of the same name is that one's.
func (s *Service) sweep(ctx context.Context, t *tenant.Tenant, c *claimed) error {
	ch := channelOf(c.channel)
	if ch == nil || ch.make == nil {
		return nil
	}
	var wanted bool
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		return db.QueryRow(ctx, "select exists (select from platform.app_build where id = $1 and state in ('queued', 'running', 'done'))", c.id).Scan(&wanted)
	})
	if err != nil || wanted {
		return err
	}
	return s.files.Delete(ctx, c.key(t, ch))
}

// key is where the file of a build is kept: the same whichever worker makes it.
func (c *claimed) key(t *tenant.Tenant, ch *channel) string {
	return "app/" + t.ID.String() + "/" + c.id.String() + ch.suffix
}

// claim takes up a build; nil when it is over.
func (s *Service) claim(ctx context.Context, t *tenant.Tenant, id uuid.UUID) (c *claimed, err error) {
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		c = nil
		var raw []byte
		k := &claimed{build: &build{id: id}}
		err := db.QueryRow(ctx, `update platform.app_build b set state = 'running', started_at = now() from platform.app_build o
			where o.id = b.id and b.id = $1 and b.body_id = $2 and b.state in ('queued', 'running')
			returning b.channel, b.version_code, b.version_name, b.trial, b.input, b.tries, b.started_by, b.queued_at, o.state = 'running'`, id, t.ID).
			Scan(&k.channel, &k.code, &k.version, &k.trial, &raw, &k.tries, &k.by, &k.queuedAt, &k.resumed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err == nil {
			c, k.in = k, &inputs{}
			err = json.Unmarshal(raw, k.in)
		}
		return err
	})
	return c, err
}

// product is what a build gave.
type product struct {
	key, name, sha256 string
	size              int64
}

// produce makes the file, checks it and keeps it. A fault of ours is an attempt that has failed: a build that ends without a word would
// be under way for ever.
func (s *Service) produce(ctx context.Context, t *tenant.Tenant, c *claimed, log *journal) (_ *product, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("builder: panic: %v\n%s", p, debug.Stack())
		}
	}()
	ch := channelOf(c.channel)
	if ch == nil {
		return nil, fmt.Errorf("builder: there is no channel %q here", c.channel)
	}
	log.add("inputs", 5, "读取名称、配色、标志与条款", "name, colours, logo and terms are read")
	m := &making{s: s, in: c.in, code: c.code, version: c.version, log: log, day: c.queuedAt}
	if ch.keyed {
		identity, err := s.key(ctx, t, log)
		if err != nil {
			return nil, err
		}
		m.identity = identity
		log.add("key", 20, "签名密钥可用", "the signing key is at hand")
	}
	if ch.make == nil {
		return &product{}, ch.check(ctx, m, nil)
	}
	file, err := ch.make(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := ch.check(ctx, m, file); err != nil {
		return nil, err
	}
	log.add("check", 85, "自检通过：签名、内容、图标一致", "checked: signature, contents and icon agree")
	sum := sha256.Sum256(file)
	p := &product{
		key: c.key(t, ch), name: fileName(c.in, t.Code, ch, c.version),
		size: int64(len(file)), sha256: hex.EncodeToString(sum[:]),
	}
	if err := s.files.Put(ctx, p.key, bytes.NewReader(file), p.size); err != nil {
		return nil, err
	}
	log.add("store", 95, "已保存，"+kilobytes(p.size), "kept, "+kilobytes(p.size))
	return p, nil
}

func kilobytes(n int64) string { return strconv.FormatFloat(float64(n)/1024, 'f', 1, 64) + " KB" }

// finish writes down that a build is done, and publishes it where that was asked for with it.
func (s *Service) finish(ctx context.Context, t *tenant.Tenant, c *claimed, log *journal, p *product) error {
	log.add("done", 100, "完成", "done")
	raw, _, err := log.json()
	if err != nil {
		return err
	}
	return s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		// Who asks meanwhile for what is to become of the build waits, or has been heard.
		if err := alone(ctx, db, t.ID); err != nil {
			return err
		}
		var share int32
		err := db.QueryRow(ctx, `update platform.app_build set state = 'done', ended_at = now(), progress = 100, log = $2, size = $3, sha256 = $4, file = $5, file_name = $6, error = null
			where id = $1 and state = 'running' returning then_share`, c.id, raw, p.size, p.sha256, p.key, p.name).Scan(&share)
		if errors.Is(err, pgx.ErrNoRows) {
			return errCancelled
		}
		if err != nil || share == 0 {
			return err
		}
		_, err = publish(ctx, db, t.ID, c.build, share, "", "", c.by)
		if errors.Is(err, errOlder) { // somebody has published a newer one meanwhile: that one stands
			return nil
		}
		return err
	})
}

// fail writes down that an attempt has failed. One that may do better later stays queued, and the error goes to the queue.
func (s *Service) fail(ctx context.Context, c *claimed, log *journal, cause error) error {
	f, final := judge(cause)
	slog.WarnContext(ctx, "builder", "build", c.id, "channel", c.channel, "try", c.tries+1, "final", final, "error", cause)
	final = final || c.tries+1 >= maxTries
	state := "queued"
	if final {
		state = "failed"
	}
	log.add("failed", 100, f.Zh, f.En)
	lines, progress, err := log.json()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, `update platform.app_build set state = $2::varchar, tries = tries + 1, error = $3, log = $4, progress = $5, ended_at = case when $2 = 'failed' then now() end
			where id = $1 and state = 'running'`, c.id, state, raw, lines, progress)
		return err
	})
	if err != nil || final {
		return err
	}
	return cause
}
