package builder

import (
	"context"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	"gonghui/builder/apk"
	"gonghui/builder/apk/zipfile"
	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// above is a context in which somebody of the body looks down from the supervision host.
func above(b *pgtest.Body) context.Context {
	ctx := pgtest.As(context.Background(), b.Tenant, "supervisor")
	return tenant.WithCall(ctx, tenant.Call{Supervision: true})
}

// aged makes the published packages of bodies carry an older shell, as after a release of the product.
func (s *stage) aged(t *testing.T, bodies ...*pgtest.Body) {
	t.Helper()
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		for _, b := range bodies {
			_, err := db.Exec(ctx, "update platform.app_build set shell = '00000000', input = jsonb_set(input, '{shell}', '\"00000000\"') where body_id = $1", b.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFleet(t *testing.T) {
	s := open(t)
	down := []*pgtest.Body{s.county, s.other}
	for n, b := range append(down, s.stranger) {
		s.brand(t, b, fmt.Sprintf("第%d工会", n), "#0055AA", color.NRGBA{R: uint8(50 * n), G: 100, A: 255})
		s.publish(t, b, s.android(t, b, false).Id, 100)
		s.offered(t, b, n, 1)
	}
	s.aged(t, s.county, s.stranger)
	list := func(ctx context.Context, req *builderv1.ListFleetAppsRequest) (codes string, reply *builderv1.ListFleetAppsReply) {
		t.Helper()
		reply, err := s.ListApps(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, a := range reply.Apps {
			all = append(all, a.BodyCode)
		}
		return strings.Join(all, " "), reply
	}
	nation := above(s.province)
	codes, reply := list(nation, &builderv1.ListFleetAppsRequest{})
	if codes != s.county.Code+" "+s.other.Code {
		t.Errorf("the apps below: %s", codes)
	}
	a := reply.Apps[0]
	if !a.Outdated || reply.Apps[1].Outdated || a.Devices != 1 || len(a.Installs) != 1 || a.Installs[0].VersionCode != 1 || len(a.Channels) != 1 || a.Channels[0].Share != 100 {
		t.Errorf("%v", reply)
	}
	if codes, _ := list(nation, &builderv1.ListFleetAppsRequest{Outdated: true}); codes != s.county.Code {
		t.Errorf("those of an older shell: %s", codes)
	}
	if codes, _ := list(nation, &builderv1.ListFleetAppsRequest{Search: s.other.Code}); codes != s.other.Code {
		t.Errorf("by code: %s", codes)
	}
	if codes, _ := list(nation, &builderv1.ListFleetAppsRequest{Search: "%"}); codes != "" {
		t.Errorf("a sign of patterns finds %s", codes)
	}
	if codes, reply := list(nation, &builderv1.ListFleetAppsRequest{PageSize: 1}); codes != s.county.Code || reply.NextPageToken == "" {
		t.Errorf("the first page: %s", codes)
	} else if codes, reply := list(nation, &builderv1.ListFleetAppsRequest{PageSize: 1, PageToken: reply.NextPageToken}); codes != s.other.Code || reply.NextPageToken != "" {
		t.Errorf("the second page: %s", codes)
	}
	if codes, _ := list(above(s.county), &builderv1.ListFleetAppsRequest{}); codes != s.county.Code {
		t.Errorf("a county sees %s", codes)
	}

	// Those of an older shell are built and published anew, with the content that they have; what is not below is left alone.
	started, err := s.StartRebuild(nation, &builderv1.StartFleetRebuildRequest{Share: 100, Reason: "修正外壳"})
	if err != nil {
		t.Fatal(err)
	}
	done := s.over(t, nation, started.Id)
	if done.State != "done" || done.Total != 1 || done.Done != 1 || done.Failed != 0 || done.EndedAt == nil {
		t.Errorf("%v", done)
	}
	s.offers.Clear()
	u := s.offered(t, s.county, 0, 1)
	if u == nil || u.VersionCode != 2 {
		t.Fatalf("the county offers %v", u)
	}
	if u := s.offered(t, s.other, 1, 1); u.VersionCode != 1 {
		t.Errorf("the other county offers %v", u)
	}
	if u := s.offered(t, s.stranger, 2, 1); u.VersionCode != 1 {
		t.Errorf("a body elsewhere offers %v", u)
	}
	if codes, _ := list(nation, &builderv1.ListFleetAppsRequest{Outdated: true}); codes != "" {
		t.Errorf("still of an older shell: %s", codes)
	}
	builds, err := s.ListBuilds(s.county.Ctx, &builderv1.ListAppBuildsRequest{})
	if err != nil || builds.Builds[0].StartedBy != "" || !builds.Builds[0].Published {
		t.Errorf("%v, %v", builds, err)
	}

	// One that is under way is answered as it is; cancelled, it leaves what is done.
	s.stopWork()
	first, err := s.StartRebuild(nation, &builderv1.StartFleetRebuildRequest{Reason: "全部", All: true})
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.StartRebuild(nation, &builderv1.StartFleetRebuildRequest{Reason: "再来一次", All: true})
	if err != nil || again.Id != first.Id {
		t.Errorf("a second one beside it: %v, %v", again, err)
	}
	_, err = s.GetRebuild(above(s.county), &builderv1.GetFleetRebuildRequest{Id: first.Id})
	want(t, "a rebuild of those above", err, "FLEET_REBUILD_NOT_FOUND")
	_, err = s.CancelRebuild(above(s.stranger), &builderv1.CancelFleetRebuildRequest{Id: first.Id})
	want(t, "cancelling another body's rebuild", err, "FLEET_REBUILD_NOT_FOUND")
	over, err := s.CancelRebuild(nation, &builderv1.CancelFleetRebuildRequest{Id: first.Id})
	if err != nil || over.State != "cancelled" || over.EndedAt == nil {
		t.Fatalf("%v, %v", over, err)
	}
	_, err = s.CancelRebuild(nation, &builderv1.CancelFleetRebuildRequest{Id: first.Id})
	want(t, "cancelling twice", err, "APP_BUILD_STATE")
	all, err := s.ListRebuilds(nation, &builderv1.ListFleetRebuildsRequest{})
	if err != nil || len(all.Rebuilds) != 2 || all.Rebuilds[0].Id != first.Id || all.Rebuilds[1].State != "done" {
		t.Errorf("%v, %v", all, err)
	}
	s.work1(t)
	third, err := s.StartRebuild(nation, &builderv1.StartFleetRebuildRequest{Reason: "全部", All: true})
	if err != nil {
		t.Fatal(err)
	}
	if done := s.over(t, nation, third.Id); done.Total != 2 || done.Done != 2 {
		t.Errorf("%v", done)
	}
	if u := s.offered(t, s.other, 1, 1); u.VersionCode != 1 {
		t.Errorf("without a share it is published: %v", u)
	}
}

// What a body gives to a share of its devices is not given to all by a rebuild: that takes what is for all, and where nothing is, keeps
// to the share.
func TestRebuildKeepsShares(t *testing.T) {
	s := open(t)
	for _, b := range []*pgtest.Body{s.county, s.other} {
		s.brand(t, b, "旧名称", "#0055AA", red)
	}
	s.publish(t, s.county, s.android(t, s.county, false).Id, 100)
	s.brand(t, s.county, "新名称", "#0055AA", red)
	s.publish(t, s.county, s.android(t, s.county, false).Id, 10)
	s.publish(t, s.other, s.android(t, s.other, false).Id, 10)
	s.aged(t, s.county, s.other)
	nation := above(s.province)
	started, err := s.StartRebuild(nation, &builderv1.StartFleetRebuildRequest{Share: 100, Reason: "修正外壳"})
	if err != nil {
		t.Fatal(err)
	}
	if done := s.over(t, nation, started.Id); done.Done != 2 {
		t.Fatalf("%v", done)
	}
	for b, want := range map[*pgtest.Body]int32{s.county: 100, s.other: 10} {
		list, err := s.ListReleases(b.Ctx, &builderv1.ListAppReleasesRequest{})
		if err != nil {
			t.Fatal(err)
		}
		young := list.Releases[0]
		if young.Share != want || young.EndedAt != nil {
			t.Errorf("%s: %v", b.Code, young)
		}
		f, err := apk.Verify(s.fileOf(t, young.BuildId))
		if err != nil || f.Name.ZH != "旧名称" {
			t.Errorf("%s offers %v, %v", b.Code, f.Name, err)
		}
	}
}

func (s *stage) over(t *testing.T, ctx context.Context, id string) *builderv1.FleetRebuild {
	t.Helper()
	end := time.NewTimer(60 * time.Second)
	defer end.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := s.GetRebuild(ctx, &builderv1.GetFleetRebuildRequest{Id: id})
		if err != nil {
			t.Fatal(err)
		}
		if got.State != "running" {
			return got
		}
		select {
		case <-end.C:
			t.Fatalf("after a minute: %v", got)
		case <-tick.C:
		}
	}
}

// No asset, name, colour, key or address of one brand stands in another's package, though one process made all of them.
func TestNothingOfAnotherBrand(t *testing.T) {
	s := open(t)
	type brand struct {
		*pgtest.Body
		name, accent string
		files        map[string][]byte
		cert         string
	}
	var all []*brand
	for n := range 16 {
		b := &brand{Body: s.env.Registered(t), name: fmt.Sprintf("独有名称第%02d号", n), accent: fmt.Sprintf("#10%02X%02X", 40+5*n, 200-6*n)}
		b.Ctx = tenant.WithCall(b.Ctx, tenant.Call{})
		s.brand(t, b.Body, b.name, b.accent, color.NRGBA{R: uint8(10 * n), G: uint8(255 - 10*n), B: uint8(77 * n), A: 255})
		all = append(all, b)
	}
	ids := map[string]*brand{}
	for _, b := range all { // all of them in the queue at once
		reply, err := s.StartBuild(b.Ctx, &builderv1.StartAppBuildRequest{Channels: []string{android}})
		if err != nil {
			t.Fatal(err)
		}
		ids[reply.Builds[0].Id] = b
	}
	for id, b := range ids {
		if done := s.until(t, b.Body, id); done.State != "done" {
			t.Fatalf("%v", done)
		}
		raw := s.fileOf(t, id)
		f, err := apk.Verify(raw)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name.ZH != b.name || !strings.Contains(f.Config.Start, b.Code) || f.Certificate.Subject.CommonName != b.Name {
			t.Errorf("%s has the package of %s", b.Code, f.Name.ZH)
		}
		b.cert = string(f.Certificate.Raw)
		archive, err := zipfile.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		b.files = map[string][]byte{}
		for _, file := range archive.Files {
			if b.files[file.Name], err = file.Content(); err != nil {
				t.Fatal(err)
			}
		}
	}
	compared := 0
	for _, b := range all {
		for _, o := range all {
			if o == b {
				continue
			}
			if b.cert == o.cert {
				t.Fatalf("%s and %s have one certificate", b.Code, o.Code)
			}
			for path, content := range b.files {
				for _, trace := range []string{o.name, "u" + o.Code, o.Code + ".example.org", o.accent, o.cert, o.Name} {
					if strings.Contains(string(content), trace) {
						t.Errorf("%s of %s holds %.40q of %s", path, b.Code, trace, o.Code)
					}
				}
				// The shape in one colour is the same for the same shape; what has colours is not.
				if strings.HasSuffix(path, ".png") && !strings.Contains(path, "icon_shape") && string(content) == string(o.files[path]) {
					t.Errorf("%s of %s is the picture of %s", path, b.Code, o.Code)
				}
				compared++
			}
		}
	}
	if compared < 16*15*10 {
		t.Errorf("only %d files were compared", compared)
	}
}
