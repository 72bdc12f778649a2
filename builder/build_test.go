package builder

import (
	"bytes"
	"context"
	"image/color"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gonghui/builder/apk"
	"gonghui/builder/apk/zipfile"
	builderv1 "gonghui/builder/v1"
	"gonghui/builder/webclip"
	"gonghui/tenant"
)

var red, blue = color.NRGBA{R: 200, A: 255}, color.NRGBA{B: 200, A: 255}

// fileOf is what was built, as it is kept.
func (s *stage) fileOf(t *testing.T, id string) []byte {
	t.Helper()
	var key string
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		return db.QueryRow(ctx, "select file from platform.app_build where id = $1", id).Scan(&key)
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := s.read(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestBuild(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	built := s.build(t, s.county, &builderv1.StartAppBuildRequest{})
	if len(built) != len(channels)-1 { // the mini-program has no AppID yet
		t.Fatalf("%d channels were built", len(built))
	}
	by := map[string]*builderv1.AppBuild{}
	for _, b := range built {
		by[b.Channel] = b
		if b.VersionCode != 1 || b.VersionName != "1.0.1" || b.StartedBy != "测试员" || b.Progress != 100 || len(b.Log) < 3 || b.Log[len(b.Log)-1].Step != "done" {
			t.Errorf("%v", b)
		}
		for n, l := range b.Log {
			if l.Zh == "" || l.En == "" || int(l.Number) != n+1 || n > 0 && (l.AtMs < b.Log[n-1].AtMs || l.Progress < b.Log[n-1].Progress) {
				t.Errorf("%s: line %d of the log: %v", b.Channel, n, l)
			}
		}
	}
	raw := s.fileOf(t, by[android].Id)
	f, err := apk.Verify(raw)
	if err != nil {
		t.Fatal(err)
	}
	host := s.county.Code + ".example.org"
	if f.ID != "org.example.u"+s.county.Code || f.Name.ZH != "甲县工会" || f.Config.Start != "https://"+host+"/" || f.Config.Update != "https://"+host+"/app/update.json" ||
		f.Config.Consent.Version != "2026-11-01" || f.Config.Brand != "#0055AA" || f.Trial || strings.Contains(f.Config.Consent.Text.ZH, "#") {
		t.Errorf("the package: %+v", f.Config)
	}
	if len(raw) > 120<<10 || int64(len(raw)) != by[android].Size {
		t.Errorf("%d bytes", len(raw))
	}
	if f.Certificate.Subject.CommonName != s.county.Name {
		t.Errorf("the certificate is of %s", f.Certificate.Subject)
	}
	clip, err := webclip.Verify(s.fileOf(t, by[webClip].Id), f.Certificate)
	if err != nil || clip.URL != f.Config.Start || clip.Name != "甲县工会" {
		t.Errorf("the profile: %+v, %v", clip, err)
	}
	if by[pwa].Size != 0 || by[pwa].FileName != "" {
		t.Errorf("the web app is no file: %v", by[pwa])
	}

	// The same inputs: what is there is the answer, whoever asks how often. A new version is another build of the same bytes but the version.
	for _, b := range s.build(t, s.county, &builderv1.StartAppBuildRequest{}) {
		if !b.Reused || b.Id != by[b.Channel].Id {
			t.Errorf("%s was built again: %v", b.Channel, b)
		}
	}
	second := s.android(t, s.county, true)
	if second.Reused || second.VersionCode != 2 || second.InputHash != by[android].InputHash {
		t.Errorf("a new version: %v", second)
	}

	// What differs is told, by channel.
	now, err := s.GetApp(s.county.Ctx, &builderv1.GetAppRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range now.Channels {
		differs := ""
		if c.Channel == filingSheet { // it names the newest version
			differs = "version"
		}
		if strings.Join(c.Changes, " ") != differs || c.Changed != (differs != "") || (c.Last == nil) != (c.Channel == miniProgram) || c.Release != nil {
			t.Errorf("%v", c)
		}
	}
	if now.ApplicationId != f.ID || now.Key == nil || len(now.Key.Sha256) != 95 || now.DownloadUrl != "https://"+host+"/get" || now.AppName != "甲县工会" {
		t.Errorf("the app: %v", now)
	}
	s.brand(t, s.county, "甲县职工之家", "#0055AA", red)
	if now, err = s.GetApp(s.county.Ctx, &builderv1.GetAppRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range now.Channels {
		if c.Channel != miniProgram && (!c.Changed || !strings.HasPrefix(strings.Join(c.Changes, " "), "name")) {
			t.Errorf("after the name has changed: %v", c)
		}
	}

	// Nobody else's.
	for _, other := range []context.Context{s.other.Ctx, s.stranger.Ctx, s.province.Ctx} {
		_, err := s.GetBuild(other, &builderv1.GetAppBuildRequest{Id: second.Id})
		want(t, "another body's build", err, "APP_BUILD_NOT_FOUND")
		_, err = s.CancelBuild(other, &builderv1.CancelAppBuildRequest{Id: second.Id})
		want(t, "cancelling another body's build", err, "APP_BUILD_NOT_FOUND")
		_, err = s.PublishBuild(other, &builderv1.PublishAppBuildRequest{Id: second.Id, Share: 100})
		want(t, "publishing another body's build", err, "APP_BUILD_NOT_FOUND")
		_, err = s.RollBack(other, &builderv1.RollBackAppRequest{Id: second.Id})
		want(t, "rolling back to another body's build", err, "APP_BUILD_NOT_FOUND")
		list, err := s.ListBuilds(other, &builderv1.ListAppBuildsRequest{})
		if err != nil || len(list.Builds) != 0 {
			t.Errorf("another body lists %v, %v", list, err)
		}
	}

	// Pages.
	var ids []string
	for token := ""; ; {
		list, err := s.ListBuilds(s.county.Ctx, &builderv1.ListAppBuildsRequest{PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range list.Builds {
			ids = append(ids, b.Id)
		}
		if token = list.NextPageToken; token == "" {
			break
		}
	}
	if len(ids) != len(channels) || ids[0] != second.Id {
		t.Errorf("the list: %v", ids)
	}
}

// The same inputs under the same version and key give the same bytes, whatever was kept meanwhile.
func TestSameInputsSameBytes(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	b := s.android(t, s.county, false)
	first := s.fileOf(t, b.Id)
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		if _, err := db.Exec(ctx, "update platform.app_build set state = 'queued', sha256 = '' where id = $1", b.Id); err != nil {
			return err
		}
		return tenant.EnqueueFor(db, buildJob, []string{s.county.Code}, []any{jobArgs{uuid.MustParse(b.Id)}})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.sets.Clear()
	again := s.until(t, s.county, b.Id, "done")
	if again.Sha256 != b.Sha256 || !bytes.Equal(first, s.fileOf(t, b.Id)) {
		t.Error("another package came of the same inputs")
	}
}

func TestIdempotency(t *testing.T) {
	s := open(t)
	ctx := tenant.WithCall(s.county.Ctx, tenant.Call{IdempotencyKey: "k1"})
	req := &builderv1.StartAppBuildRequest{Channels: []string{android}, NewVersion: true}
	first, err := s.StartBuild(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	s.until(t, s.county, first.Builds[0].Id, "done")
	again, err := s.StartBuild(ctx, req)
	if err != nil || again.Builds[0].Id != first.Builds[0].Id {
		t.Errorf("a retry: %v, %v", again, err)
	}
	if n := s.env.Count(t, "select count(*) from platform.app_build where body_id = $1", s.county.ID); n != 1 {
		t.Errorf("%d builds", n)
	}
}

func TestCancel(t *testing.T) {
	s := open(t)
	s.stopWork()
	reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}})
	if err != nil {
		t.Fatal(err)
	}
	id := reply.Builds[0].Id
	twice, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}, NewVersion: true})
	if err != nil || twice.Builds[0].Id != id || !twice.Builds[0].Reused {
		t.Errorf("one that is queued is asked for again: %v, %v", twice, err)
	}
	_, err = s.PublishBuild(s.county.Ctx, &builderv1.PublishAppBuildRequest{Id: id, Share: 100})
	want(t, "publishing what is not done", err, "APP_BUILD_STATE")
	got, err := s.CancelBuild(s.county.Ctx, &builderv1.CancelAppBuildRequest{Id: id})
	if err != nil || got.State != "cancelled" || got.EndedAt == nil {
		t.Fatalf("%v, %v", got, err)
	}
	_, err = s.CancelBuild(s.county.Ctx, &builderv1.CancelAppBuildRequest{Id: id})
	want(t, "cancelling twice", err, "APP_BUILD_STATE")
	s.work1(t)
	// The queue still has its job, which finds nothing to do; the next build comes after it.
	if b := s.android(t, s.county, false); b.Id == id || b.VersionCode != 2 {
		t.Errorf("after it was cancelled: %v", b)
	}
	if got := s.until(t, s.county, id, "cancelled"); got.Sha256 != "" {
		t.Errorf("the cancelled build was made: %v", got)
	}
}

// A worker that was killed leaves its build as it was under way: the next one begins it anew.
func TestResume(t *testing.T) {
	s := open(t)
	s.stopWork()
	reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}})
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.MustParse(reply.Builds[0].Id)
	if c, err := s.claim(t.Context(), s.county.Tenant, id); err != nil || c == nil || c.resumed {
		t.Fatalf("%v, %v", c, err)
	}
	s.work1(t)
	b := s.until(t, s.county, id.String())
	if b.State != "done" || b.Log[0].Step != "resumed" {
		t.Errorf("%v", b)
	}
}

// What cannot be built says which field is wrong, and is not tried again.
func TestWrongInputs(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县\u200f工会", "#0055AA", nil)
	reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}})
	if err != nil {
		t.Fatal(err)
	}
	b := s.until(t, s.county, reply.Builds[0].Id)
	if b.State != "failed" || b.ErrorField != "name.zh" || b.ErrorZh == "" || b.ErrorEn == "" || b.Log[len(b.Log)-1].Step != "failed" {
		t.Errorf("%v", b)
	}
	_, err = s.PublishBuild(s.county.Ctx, &builderv1.PublishAppBuildRequest{Id: b.Id, Share: 100})
	want(t, "publishing what has failed", err, "APP_BUILD_STATE")
}

// What is for administrators: projects that are built elsewhere, and the sheet for the authorities.
func TestProjects(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{miniProgram}})
	if err != nil {
		t.Fatal(err)
	}
	if b := s.until(t, s.county, reply.Builds[0].Id); b.State != "failed" || b.ErrorField != "wechatAppId" {
		t.Errorf("a mini-program without an AppID: %v", b)
	}
	app, err := s.UpdateApp(s.county.Ctx, &builderv1.UpdateAppRequest{WechatAppId: "wx0123456789abcdef"})
	if err != nil || app.WechatAppId != "wx0123456789abcdef" {
		t.Fatalf("%v, %v", app, err)
	}
	for _, b := range s.build(t, s.county, &builderv1.StartAppBuildRequest{Channels: []string{ios, miniProgram, harmonyOS, filingSheet}}) {
		raw := s.fileOf(t, b.Id)
		archive, err := zipfile.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		named := false
		for _, f := range archive.Files {
			content, err := f.Content()
			if err != nil {
				t.Fatal(err)
			}
			named = named || bytes.Contains(content, []byte("甲县工会"))
			if bytes.Contains(content, []byte(s.other.Code)) {
				t.Errorf("%s of %s tells of another body", f.Name, b.Channel)
			}
		}
		if !named || !strings.HasSuffix(b.FileName, ".zip") {
			t.Errorf("%s: %d files, %s", b.Channel, len(archive.Files), b.FileName)
		}
		_, err = s.PublishBuild(s.county.Ctx, &builderv1.PublishAppBuildRequest{Id: b.Id, Share: 100})
		want(t, "publishing "+b.Channel, err, "APP_CHANNEL_PRIVATE")
		if b.Channel != filingSheet {
			continue
		}
		w := s.get(t, s.county, "/?part=page", func(w http.ResponseWriter, r *http.Request) error { return s.file(w, withID(r, b.Id)) })
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || !strings.Contains(w.Body.String(), app.ApplicationId) {
			t.Errorf("the page: %d %v", w.Code, w.Header())
		}
		if now, err := s.GetApp(s.county.Ctx, &builderv1.GetAppRequest{}); err != nil || !strings.Contains(w.Body.String(), now.Key.Md5) {
			t.Errorf("the page does not tell the key's digest: %v", err)
		}
	}
}

// A host that does not answer as it should makes the web app's check fail, by name.
func TestPWACheck(t *testing.T) {
	s := open(t)
	b := s.build(t, s.county, &builderv1.StartAppBuildRequest{Channels: []string{pwa}})[0]
	if b.Log[len(b.Log)-2].Step != "check" {
		t.Errorf("%v", b.Log)
	}
	s.brand(t, s.other, "乙县工会", "#0055AA", nil)
	s.pages.Store(s.other.Code, "另一个名称")
	reply, err := s.StartBuild(s.other.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{pwa}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.until(t, s.other, reply.Builds[0].Id); got.State != "failed" || got.ErrorField != "pwa" || !strings.Contains(got.ErrorEn, "/manifest.webmanifest") {
		t.Errorf("%v", got)
	}
}

// While the signer is away a build waits for it.
func TestSignerAway(t *testing.T) {
	s := open(t)
	s.signer.stop()
	reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}})
	if err != nil {
		t.Fatal(err)
	}
	id := reply.Builds[0].Id
	for {
		b := s.until(t, s.county, id, "queued", "failed", "done")
		if b.State != "queued" {
			t.Fatalf("%v", b)
		}
		if b.ErrorZh == errAway.Metadata["zh"] {
			break
		}
	}
	s.signer.start(t)
	if b := s.until(t, s.county, id, "done", "failed"); b.State != "done" || b.ErrorZh != "" {
		t.Errorf("%v", b)
	}
}

func TestFileAndStream(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	b := s.android(t, s.county, false)
	if got := fileName(&inputs{Name: nil}, "z1", channelOf(android), "1.0.1"); got != "z1-1.0.1.apk" {
		t.Error(got)
	}
	if b.FileName != "甲县工会-1.0.1.apk" {
		t.Errorf("it is called %s", b.FileName)
	}
	w := s.get(t, s.county, "/", func(w http.ResponseWriter, r *http.Request) error { return s.file(w, withID(r, b.Id)) })
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), s.fileOf(t, b.Id)) || w.Header().Get("Content-Type") != "application/vnd.android.package-archive" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := s.get(t, s.other, "/", func(w http.ResponseWriter, r *http.Request) error { return s.file(w, withID(r, b.Id)) }); w.Code != 404 {
		t.Errorf("another body gets the file: %d", w.Code)
	}
	stream := func(w http.ResponseWriter, r *http.Request) error { return s.stream(w, withID(r, b.Id)) }
	all := s.get(t, s.county, "/", stream).Body.String()
	if n := strings.Count(all, "event: line\n"); n != len(b.Log) || strings.Count(all, "event: end\n") != 1 || !strings.Contains(all, `"step":"done"`) {
		t.Errorf("%d of %d lines: %s", n, len(b.Log), all)
	}
	rest := s.get(t, s.county, "/", stream, "Last-Event-ID", "2").Body.String()
	if strings.Contains(rest, "id: 2\n") || !strings.Contains(rest, "id: 3\n") {
		t.Errorf("from the third on: %s", rest)
	}
	if w := s.get(t, s.other, "/", stream); w.Code != 404 || w.Body.Len() > 0 {
		t.Errorf("another body reads the log: %d", w.Code)
	}
}
