package builder

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/builder/apk"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// meanwhile is a store that does something once before it keeps a file of an app.
type meanwhile struct {
	object.Store
	do func()
}

func (m *meanwhile) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if do := m.do; do != nil && strings.HasSuffix(key, ".apk") {
		m.do = nil
		do()
	}
	return m.Store.Put(ctx, key, r, size)
}

// claimedHere starts a build that no queue takes up, and returns the arguments of its job.
func (s *stage) claimedHere(t *testing.T, b *pgtest.Body) (id string, args json.RawMessage) {
	t.Helper()
	s.stopWork()
	reply, err := s.StartBuild(b.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}})
	if err != nil {
		t.Fatal(err)
	}
	id = reply.Builds[0].Id
	if args, err = json.Marshal(jobArgs{uuid.MustParse(id)}); err != nil {
		t.Fatal(err)
	}
	return id, args
}

// A worker that was taken for dead goes on beside the one that has its build now: what the faster one has done stays.
func TestTwoWorkers(t *testing.T) {
	s := open(t)
	id, args := s.claimedHere(t, s.county)
	s.files = &meanwhile{Store: s.files, do: func() {
		if err := s.work(s.county.Ctx, args); err != nil {
			t.Error(err)
		}
	}}
	if err := s.work(s.county.Ctx, args); err != nil {
		t.Fatal(err)
	}
	if b := s.until(t, s.county, id); b.State != "done" || int64(len(s.fileOf(t, id))) != b.Size {
		t.Errorf("%v", b)
	}
}

// A build that is cancelled at the last moment leaves nothing behind.
func TestCancelledLate(t *testing.T) {
	s := open(t)
	id, args := s.claimedHere(t, s.county)
	s.files = &meanwhile{Store: s.files, do: func() {
		if _, err := s.CancelBuild(s.county.Ctx, &builderv1.CancelAppBuildRequest{Id: id}); err != nil {
			t.Error(err)
		}
	}}
	if err := s.work(s.county.Ctx, args); err != nil {
		t.Fatal(err)
	}
	if _, err := s.files.Stat(t.Context(), "app/"+s.county.ID.String()+"/"+id+".apk"); !errors.Is(err, object.ErrNotFound) {
		t.Errorf("its file: %v", err)
	}
	if b := s.until(t, s.county, id); b.State != "cancelled" || b.Log[len(b.Log)-1].Step != "cancelled" {
		t.Errorf("%v", b)
	}
}

// Who waits for icons that another body's build draws does not fail with it.
func TestTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var flight singleflight.Group
		leave := make(chan struct{})
		first, second := make(chan error, 1), make(chan int, 1)
		go func() {
			_, err := together(&flight, "k", func() (int, error) { <-leave; return 0, errIconsGone })
			first <- err
		}()
		synctest.Wait()
		go func() {
			n, err := together(&flight, "k", func() (int, error) { return 7, nil })
			if err != nil {
				t.Error(err)
			}
			second <- n
		}()
		synctest.Wait()
		close(leave)
		if n := <-second; n != 7 {
			t.Errorf("the second got %d", n)
		}
		<-first
	})
}

// Legal texts of a body's own, written in Chinese alone and pasted from elsewhere, are no reason for an app to fail.
func TestLegalInChinese(t *testing.T) {
	s := open(t)
	s.host.legal = &identityv1.Legal{Version: "2026-11-22.1a2b3c4d", TitleZh: "隐私\u200e说明", TextZh: []string{"# 总则", "一\t我们怎样处理您的个人信息。"}}
	for _, b := range s.build(t, s.county, &builderv1.StartAppBuildRequest{Channels: []string{android, ios, harmonyOS, filingSheet}}) {
		if b.Channel != android {
			continue
		}
		f, err := apk.Verify(s.fileOf(t, b.Id))
		if err != nil {
			t.Fatal(err)
		}
		if c := f.Config.Consent; c.Title.EN != "隐私说明" || c.Text.EN != "总则\n\n一 我们怎样处理您的个人信息。" || c.Text.ZH != c.Text.EN {
			t.Errorf("%+v", c)
		}
	}
	s.host.legal = &identityv1.Legal{
		Version: "2026-11-22.1a2b3c4e", TitleZh: "隐私说明", TitleEn: strings.Repeat("Privacy ", 10)[:79], TextZh: []string{"一"}, TextEn: []string{strings.Repeat("x", 23_900)},
	}
	s.android(t, s.county, false)
}

// A fault of ours is an attempt that has failed, not a build that is under way for ever; nor is one whose job was lost.
func TestNeverForEver(t *testing.T) {
	s := open(t)
	id, args := s.claimedHere(t, s.county)
	s.files = &meanwhile{Store: s.files, do: func() { panic("a fault") }}
	if err := s.work(s.county.Ctx, args); err == nil {
		t.Error("the queue does not hear of it")
	}
	if b := s.until(t, s.county, id, "queued", "running"); b.State != "queued" || b.ErrorZh == "" {
		t.Errorf("%v", b)
	}
	if err := s.prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b := s.until(t, s.county, id, "queued", "failed"); b.State != "queued" {
		t.Errorf("one that waits: %v", b)
	}
	err := s.env.DB.Platform(t.Context(), func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, "update platform.app_build set queued_at = now() - interval '8 days' where id = $1", id)
		return err
	})
	if err == nil {
		err = s.prune(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if b := s.until(t, s.county, id, "queued", "failed"); b.State != "failed" || b.ErrorEn == "" || b.EndedAt == nil {
		t.Errorf("one that waits for a week: %v", b)
	}
	if reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}}); err != nil || reply.Builds[0].Id == id {
		t.Errorf("the next one: %v, %v", reply, err)
	}
}
