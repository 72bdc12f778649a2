package builder

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/gorilla/mux"

	"gonghui/app/module"
	"gonghui/builder/apk"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func withID(r *http.Request, id string) *http.Request {
	return mux.SetURLVars(r, map[string]string{"id": id})
}

// offered asks for updates as an app does that was installed under that number.
func (s *stage) offered(t *testing.T, b *pgtest.Body, install int, version int32) *apk.Update {
	t.Helper()
	w := s.get(t, b, fmt.Sprintf("/app/update.json?install=%032x&version=%d", install, version), s.update)
	if w.Code != http.StatusOK {
		return nil
	}
	u := &apk.Update{}
	if err := json.Unmarshal(w.Body.Bytes(), u); err != nil {
		t.Fatal(err)
	}
	return u
}

func TestStagedRelease(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	if u := s.offered(t, s.county, 1, 1); u != nil {
		t.Errorf("before anything is published: %v", u)
	}
	first := s.android(t, s.county, false)
	s.publish(t, s.county, first.Id, 100)
	second := s.android(t, s.county, true)
	staged := s.publish(t, s.county, second.Id, 20)
	const devices = 500
	share := func() (young map[int]bool) {
		young = map[int]bool{}
		for n := range devices {
			u := s.offered(t, s.county, n, 1)
			if u == nil || u.VersionCode != 1 && u.VersionCode != 2 {
				t.Fatalf("device %d is offered %v", n, u)
			}
			young[n] = u.VersionCode == 2
			if !young[n] {
				delete(young, n)
			}
		}
		return young
	}
	narrow := share()
	if n := len(narrow); n < devices*12/100 || n > devices*28/100 {
		t.Errorf("a fifth of %d devices are %d", devices, n)
	}
	// Who comes for the file gets what is for all; whoever was told of the newer one gets that.
	if w := s.get(t, s.county, "/app/android.apk", s.published(android)); !bytes.Equal(w.Body.Bytes(), s.fileOf(t, first.Id)) {
		t.Error("the page hands out what is not for all")
	}
	w := s.get(t, s.county, "/app/android.apk?v=2", s.published(android))
	if !bytes.Equal(w.Body.Bytes(), s.fileOf(t, second.Id)) {
		t.Error("a device of the share does not get the newer one")
	}
	if w := s.get(t, s.county, "/app/android.apk?v=2", s.published(android), "Range", "bytes=100-199"); w.Code != http.StatusPartialContent || w.Body.Len() != 100 {
		t.Errorf("a range: %d, %d bytes", w.Code, w.Body.Len())
	}
	_, err := s.SetShare(s.county.Ctx, &builderv1.SetAppShareRequest{Id: staged.Id, Share: 20})
	want(t, "a share that is no wider", err, "APP_RELEASE_STATE")
	if _, err := s.SetShare(s.county.Ctx, &builderv1.SetAppShareRequest{Id: staged.Id, Share: 60}); err != nil {
		t.Fatal(err)
	}
	s.offers.Clear()
	wide := share()
	for n := range narrow {
		if !wide[n] {
			t.Errorf("device %d was offered the newer version, and is not any more", n)
		}
	}
	if len(wide) < devices/2 {
		t.Errorf("60 percent of %d devices are %d", devices, len(wide))
	}
	if _, err := s.StopRelease(s.county.Ctx, &builderv1.StopAppReleaseRequest{Id: staged.Id}); err != nil {
		t.Fatal(err)
	}
	s.offers.Clear()
	if n := len(share()); n != 0 {
		t.Errorf("after it was stopped %d devices are offered it", n)
	}
	_, err = s.SetShare(s.county.Ctx, &builderv1.SetAppShareRequest{Id: staged.Id, Share: 100})
	want(t, "widening what is over", err, "APP_RELEASE_STATE")
	_, err = s.StopRelease(s.other.Ctx, &builderv1.StopAppReleaseRequest{Id: staged.Id})
	want(t, "another body's release", err, "APP_RELEASE_NOT_FOUND")

	// A stopped version can be published again, to all; then the older one cannot.
	s.publish(t, s.county, second.Id, 100)
	if u := s.offered(t, s.county, 1, 1); u.VersionCode != 2 || u.SHA256 != second.Sha256 || u.Size != second.Size || u.Notes.ZH != "修正" ||
		u.URL != "https://"+s.county.Code+".example.org/app/android.apk?v=2" {
		t.Errorf("%+v", u)
	}
	_, err = s.PublishBuild(s.county.Ctx, &builderv1.PublishAppBuildRequest{Id: first.Id, Share: 100})
	want(t, "an older version", err, "APP_BUILD_OLDER")
	list, err := s.ListReleases(s.county.Ctx, &builderv1.ListAppReleasesRequest{})
	if err != nil || len(list.Releases) != 3 || list.Releases[0].EndedAt != nil || list.Releases[1].EndedAt == nil || list.Releases[2].EndedAt == nil {
		t.Errorf("%v, %v", list, err)
	}
}

func TestRollBack(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	first := s.android(t, s.county, false)
	_, err := s.RollBack(s.county.Ctx, &builderv1.RollBackAppRequest{Id: first.Id})
	want(t, "rolling back to what was never published", err, "APP_BUILD_STATE")
	s.publish(t, s.county, first.Id, 100)
	s.brand(t, s.county, "错误的名称", "#AA5500", blue)
	second := s.android(t, s.county, false)
	s.publish(t, s.county, second.Id, 100)
	third, err := s.RollBack(s.county.Ctx, &builderv1.RollBackAppRequest{Id: first.Id})
	if err != nil {
		t.Fatal(err)
	}
	done := s.until(t, s.county, third.Id)
	if done.State != "done" || done.VersionCode != 3 || done.RollsBackTo != first.Id || done.InputHash != first.InputHash || !done.Published {
		t.Fatalf("%v", done)
	}
	s.offers.Clear()
	if u := s.offered(t, s.county, 1, 2); u == nil || u.VersionCode != 3 {
		t.Errorf("phones are offered %v", u)
	}
	then, err := apk.Verify(s.fileOf(t, first.Id))
	if err != nil {
		t.Fatal(err)
	}
	now, err := apk.Verify(s.fileOf(t, third.Id))
	if err != nil {
		t.Fatal(err)
	}
	if now.Name != then.Name || now.Config.Brand != then.Config.Brand || !bytes.Equal(now.Icon, then.Icon) || !now.Certificate.Equal(then.Certificate) {
		t.Error("the content is not that of then")
	}
	clip := s.build(t, s.county, &builderv1.StartAppBuildRequest{Channels: []string{webClip}})[0]
	_, err = s.RollBack(s.county.Ctx, &builderv1.RollBackAppRequest{Id: clip.Id})
	want(t, "a channel without an order of versions", err, "APP_CHANNEL_LIVE")
}

// Going back joins a build of the same content that is under way, and has it published.
func TestRollBackJoins(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	first := s.android(t, s.county, false)
	s.publish(t, s.county, first.Id, 100)
	s.stopWork()
	reply, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}, NewVersion: true})
	if err != nil {
		t.Fatal(err)
	}
	back, err := s.RollBack(s.county.Ctx, &builderv1.RollBackAppRequest{Id: first.Id})
	if err != nil || back.Id != reply.Builds[0].Id || back.RollsBackTo != first.Id {
		t.Fatalf("%v, %v", back, err)
	}
	s.work1(t)
	if done := s.until(t, s.county, back.Id); done.State != "done" || !done.Published {
		t.Errorf("%v", done)
	}
	s.offers.Clear()
	if u := s.offered(t, s.county, 1, 1); u == nil || u.VersionCode != 2 {
		t.Errorf("phones are offered %v", u)
	}
}

func TestDownloadPage(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "甲县工会", "#0055AA", red)
	for _, b := range s.build(t, s.county, &builderv1.StartAppBuildRequest{Channels: []string{android, webClip}}) {
		if r := s.publish(t, s.county, b.Id, 30); (r.Share == 100) != (b.Channel == webClip) {
			t.Errorf("%v", r)
		}
	}
	d, err := s.GetDownload(s.county.Ctx, &builderv1.GetAppDownloadRequest{})
	if err != nil || len(d.Channels) != 2 || d.AppName != "甲县工会" || d.Url != "https://"+s.county.Code+".example.org/get" ||
		d.Channels[0].Url != "https://"+s.county.Code+".example.org/app/android.apk" {
		t.Errorf("%v, %v", d, err)
	}
	if d, err := s.GetDownload(s.other.Ctx, &builderv1.GetAppDownloadRequest{}); err != nil || len(d.Channels) != 0 {
		t.Errorf("a body without an app: %v, %v", d, err)
	}
	if w := s.get(t, s.county, "/app/ios.mobileconfig", s.published(webClip)); w.Code != 200 || w.Header().Get("Content-Type") != "application/x-apple-aspen-config" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, path := range []string{"/app/android.apk", "/app/android.apk?v=1"} {
		if w := s.get(t, s.other, path, s.published(android)); w.Code != 404 {
			t.Errorf("%s of a body without an app: %d", path, w.Code)
		}
	}
	var links []struct {
		Target struct {
			Package string   `json:"package_name"`
			Prints  []string `json:"sha256_cert_fingerprints"`
		}
	}
	app, err := s.GetApp(s.county.Ctx, &builderv1.GetAppRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(s.get(t, s.county, "/", s.assetLinks).Body.Bytes(), &links); err != nil || len(links) != 1 ||
		links[0].Target.Package != app.ApplicationId || links[0].Target.Prints[0] != app.Key.Sha256 {
		t.Errorf("%v, %v", links, err)
	}
	if got := s.get(t, s.other, "/", s.assetLinks).Body.String(); got != "[]\n" {
		t.Errorf("of a body without an app: %s", got)
	}
}

// What was published, is gone back to, or is the newest stays; what else is old goes, with its file.
func TestPrune(t *testing.T) {
	s := open(t)
	first, second, third, fourth := s.android(t, s.county, false), s.android(t, s.county, true), s.android(t, s.county, true), s.android(t, s.county, true)
	s.publish(t, s.county, first.Id, 100)
	young := s.android(t, s.other, false)
	s.android(t, s.other, true)
	age := func(ids ...string) {
		t.Helper()
		err := s.env.DB.Platform(t.Context(), func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, "update platform.app_build set ended_at = ended_at - interval '91 days' where id = any($1::uuid[])", ids)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	age(first.Id, second.Id, fourth.Id)
	file := "app/" + s.county.ID.String() + "/" + second.Id + ".apk"
	if _, err := s.files.Stat(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := s.prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := s.GetBuild(s.county.Ctx, &builderv1.GetAppBuildRequest{Id: second.Id})
	want(t, "an old build that nobody wants", err, "APP_BUILD_NOT_FOUND")
	if _, err := s.files.Stat(t.Context(), file); !errors.Is(err, object.ErrNotFound) {
		t.Errorf("its file: %v", err)
	}
	for _, id := range []string{first.Id, third.Id, fourth.Id} {
		s.fileOf(t, id)
	}
	if s.until(t, s.other, young.Id).State != "done" {
		t.Error("a young build is gone")
	}
}

func TestInstalls(t *testing.T) {
	s := open(t)
	first := s.android(t, s.county, false)
	s.publish(t, s.county, first.Id, 100)
	s.publish(t, s.county, s.android(t, s.county, true).Id, 100)
	for n := range 7 {
		s.offered(t, s.county, n, 1)
	}
	for n := range 3 {
		s.offered(t, s.county, n, 2) // three of them have taken the newer one
	}
	s.offered(t, s.county, 50, 9)                                                   // never built
	s.offered(t, s.county, 0, 9)                                                    // neither by one that is known
	s.get(t, s.county, "/app/update.json?install=not-a-number&version=1", s.update) // no number of ours
	s.offered(t, s.other, 1, 1)                                                     // has no app
	list, err := s.ListInstalls(s.county.Ctx, &builderv1.ListAppInstallsRequest{})
	if err != nil || len(list.Installs) != 2 || list.Installs[0].VersionCode != 2 || list.Installs[0].Devices != 3 || list.Installs[1].Devices != 4 || list.Installs[1].Active != 4 {
		t.Errorf("%v, %v", list, err)
	}
	one, err := s.ListInstalls(s.county.Ctx, &builderv1.ListAppInstallsRequest{PageSize: 1})
	if err != nil || len(one.Installs) != 1 || one.NextPageToken == "" {
		t.Fatalf("%v, %v", one, err)
	}
	rest, err := s.ListInstalls(s.county.Ctx, &builderv1.ListAppInstallsRequest{PageSize: 1, PageToken: one.NextPageToken})
	if err != nil || len(rest.Installs) != 1 || rest.Installs[0].VersionCode != 1 || rest.NextPageToken != "" {
		t.Errorf("%v, %v", rest, err)
	}
	if list, err := s.ListInstalls(s.other.Ctx, &builderv1.ListAppInstallsRequest{}); err != nil || len(list.Installs) != 0 {
		t.Errorf("another body counts %v, %v", list, err)
	}
	if n := s.env.Count(t, "select count(*) from platform.app_install where device like '%00000%'"); n != 0 {
		t.Error("a number of a device rests in the clear")
	}
}

// A package for a demo on a local network opens the body at the port for phones, trusts its authority, and is for nobody else.
func TestTrial(t *testing.T) {
	s := open(t)
	s.brand(t, s.county, "试用县工会", "#0055AA", red)
	if _, err := s.StartBuild(s.county.Ctx, &builderv1.StartAppBuildRequest{Trial: true}); kerrors.Reason(err) != "APP_TRIAL_UNAVAILABLE" {
		t.Errorf("without a port for phones: %v", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "试用"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	s.host.phones = &module.LAN{Origin: "https://192.168.1.5:8443", Entry: "/t/", Authority: raw}
	b := s.build(t, s.county, &builderv1.StartAppBuildRequest{Trial: true})[0]
	f, err := apk.Verify(s.fileOf(t, b.Id))
	if err != nil {
		t.Fatal(err)
	}
	if !b.Trial || !f.Trial || f.Config.Start != "https://192.168.1.5:8443/t/"+s.county.Code || f.Config.Update != "https://192.168.1.5:8443/app/update.json" {
		t.Errorf("%v, %+v", b, f.Config)
	}
	if _, err := s.PublishBuild(s.county.Ctx, &builderv1.PublishAppBuildRequest{Id: b.Id, Share: 100}); kerrors.Reason(err) != "APP_BUILD_TRIAL" {
		t.Errorf("a trial is published: %v", err)
	}
}
