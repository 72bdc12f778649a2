package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/branding"
	brandingv1 "gonghui/branding/v1"
	"gonghui/builder"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/signer"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
)

// apps measures builds of bodies' apps on their way through queue, signer, database and store.
func apps(ctx context.Context, w *world) error {
	p, err := w.spawn("signer", nil, "signer")
	if err != nil {
		return err
	}
	defer p.stop()
	a := &appWorld{world: w, signer: p, keys: signer.Dial(filepath.Join(w.dir, "signer.sock"))}
	if err := a.prepare(ctx); err != nil {
		return err
	}
	minute := func(n int, took time.Duration) float64 { return float64(n) / took.Minutes() }
	n := len(a.bodies)
	size := fmt.Sprintf("of %d bodies", n)

	cold, err := a.all(ctx, false)
	if err != nil {
		return err
	}
	w.report(figure("builder: a package with its icons drawn, 95th percentile", millis(cold.p95), "ms").atMost(250))
	w.report(figure("builder: packages "+size+" with their icons drawn", minute(n, cold.took), "/min").atLeast(1000))
	w.report(figure("builder: CPU a package with its icons drawn, server, signer and database", millis(cold.cpu), "ms"))
	cached, err := a.all(ctx, true)
	if err != nil {
		return err
	}
	w.report(figure("builder: a package with its icons at hand, 95th percentile", millis(cached.p95), "ms").atMost(60))
	w.report(figure("builder: packages "+size+" with their icons at hand", minute(n, cached.took), "/min").atLeast(5000))
	w.report(figure("builder: the largest package", float64(cached.largest)/1024, "KB").atMost(120))
	sdk, err := a.sdk(ctx)
	if err != nil {
		return err
	}
	w.report(figure("builder: CPU a package of aapt2, zipalign and apksigner", millis(sdk), "ms").over(millis(cached.cpu)).atLeastTimes(10))

	took, err := a.channels(ctx)
	if err != nil {
		return err
	}
	w.report(figure("builder: all channels of a body, 95th percentile", millis(took), "ms").atMost(2000))
	if took, err = a.rebuild(ctx); err != nil {
		return err
	}
	w.report(figure("builder: every app "+size+" built and published anew after a change of the shell", took.Seconds(), "s").atMost(30))
	return nil
}

// appWorld is a world with a signer and bodies of their own looks.
type appWorld struct {
	*world
	signer *process
	keys   *signer.Client
	bodies []appBody
	app    *builder.Service
}

// appHost is the host of the module as the driver uses it: to ask for builds as an administrator of each body would.
type appHost struct {
	operator
	looks *branding.Service
}

func (h *appHost) Files() object.Store { return object.NewLocal(filepath.Join(h.w.dir, "files")) }

func (h *appHost) Signer() string                       { return filepath.Join(h.w.dir, "signer.sock") }
func (h *appHost) Conn(string) grpc.ClientConnInterface { return h }

// NewStream implements grpc.ClientConnInterface.
func (h *appHost) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, fmt.Errorf("no streams here")
}

// Invoke answers what the module asks of others.
func (h *appHost) Invoke(ctx context.Context, operation string, in, out any, _ ...grpc.CallOption) (err error) {
	var reply proto.Message
	switch q := in.(type) {
	case *brandingv1.GetLookRequest:
		reply, err = h.looks.GetLook(ctx, q)
	case *identityv1.GetLegalRequest:
		reply = &identityv1.Legal{
			Kind: q.Kind, Version: "2026-11-01", TitleZh: "隐私政策", TitleEn: "Privacy notice",
			TextZh: []string{strings.Repeat("我们怎样处理您的个人信息。", 200)}, TextEn: []string{strings.Repeat("How we treat your personal data. ", 200)},
		}
	default:
		err = fmt.Errorf("nobody answers %s", operation)
	}
	if err == nil {
		proto.Merge(out.(proto.Message), reply)
	}
	return err
}

// prepare gives bodies looks of their own, and makes their keys ahead, as the pool does over time.
func (a *appWorld) prepare(ctx context.Context) error {
	h := &appHost{operator: operator{a.world}}
	h.looks = branding.New(h)
	a.app = builder.New(h)
	codes, err := a.codes(ctx, a.sizes.apps)
	if err != nil {
		return err
	}
	rows, err := a.root.Query(ctx, "select id, code, name from platform.body where code = any($1) order by code", codes)
	if err != nil {
		return err
	}
	for rows.Next() {
		var b appBody
		if err := rows.Scan(&b.id, &b.code, &b.name); err != nil {
			return err
		}
		a.bodies = append(a.bodies, b)
	}
	if rows.Err() != nil {
		return rows.Err()
	}
	for n, b := range a.bodies {
		if err := a.look(ctx, n, b); err != nil {
			return err
		}
	}
	spare := make(chan struct{}, len(a.bodies))
	for range a.bodies {
		spare <- struct{}{}
	}
	close(spare)
	var wg sync.WaitGroup
	failed := make(chan error, 2)
	for range 2 {
		wg.Go(func() {
			for range spare {
				sealed, err := a.keys.Make(ctx)
				if err == nil {
					err = a.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
						_, err := db.Exec(ctx, "insert into platform.app_key (id, sealed) values ($1, $2)", tenant.NewID(), sealed)
						return err
					})
				}
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	return <-failed
}

// look publishes a body's looks: a name, a colour and a logo that nobody else has, of the size of what people upload.
func (a *appWorld) look(ctx context.Context, n int, b appBody) error {
	r := rand.New(rand.NewPCG(11, uint64(n)))
	img := image.NewNRGBA(image.Rect(0, 0, 400, 400))
	ink := color.NRGBA{R: uint8(r.Uint32()), G: uint8(r.Uint32()), B: uint8(r.Uint32()), A: 255}
	second := color.NRGBA{R: uint8(r.Uint32()), G: uint8(r.Uint32()), B: uint8(r.Uint32()), A: 255}
	at, radius := 150+r.IntN(100), 60+r.IntN(60)
	for y := range 400 {
		for x := range 400 {
			switch d := (x-200)*(x-200) + (y-200)*(y-200); {
			case (x-at)*(x-at)+(y-200)*(y-200) < radius*radius:
				img.SetNRGBA(x, y, second)
			case d < 180*180:
				img.SetNRGBA(x, y, ink)
			}
		}
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, img); err != nil {
		return err
	}
	sum := sha256.Sum256(raw.Bytes())
	digest := hex.EncodeToString(sum[:])
	profile, err := json.Marshal(map[string]any{
		"names": map[string]string{"appName": fmt.Sprintf("第%d号工会", n), "appNameEn": fmt.Sprintf("Union %d", n)},
		"logo":  map[string]string{"digest": digest}, "theme": map[string]string{"accent": fmt.Sprintf("#%02X%02X%02X", ink.R, ink.G, ink.B)},
	})
	if err != nil {
		return err
	}
	if _, err := a.root.Exec(ctx, "insert into platform.branding_logo (body_id, digest, kind, content, width, height) values ($1, $2, 'image/png', $3, 400, 400)", b.id, digest, raw.Bytes()); err != nil {
		return err
	}
	_, err = a.root.Exec(ctx, "insert into platform.branding (body_id, version, profile, current, published_by) values ($1, 1, $2, true, 'bench')", b.id, profile)
	return err
}

// appBody is a body by its name, which its profile tells.
type appBody struct {
	body
	name string
}

// asAdmin is a context in which an administrator of the body acts.
func (b appBody) asAdmin(ctx context.Context) context.Context {
	ctx = tenant.With(ctx, &tenant.Tenant{ID: b.id, Code: b.code, Name: b.name, Active: true})
	return tenant.WithSubject(ctx, &tenant.Subject{
		Account: uuid.New(), Person: uuid.New(), Identity: uuid.New(), Session: uuid.New(), Name: "bench", Role: "admin", Body: b.id, BodyCode: b.code,
	})
}

// built is what a load of builds took.
type built struct {
	took, p95, cpu time.Duration // cpu of one, of server, signer and database together
	largest        int64
}

// all builds the Android app of every body. The queue is filled while the serving process stands still: what is measured is its work.
func (a *appWorld) all(ctx context.Context, again bool) (b built, err error) {
	if err := a.server.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return b, err
	}
	ids := make([]uuid.UUID, 0, len(a.bodies))
	for _, one := range a.bodies {
		reply, err := a.app.StartBuild(one.asAdmin(ctx), &builderv1.StartAppBuildRequest{Channels: []string{"android"}, NewVersion: again})
		if err != nil {
			_ = a.server.cmd.Process.Signal(syscall.SIGCONT)
			return b, err
		}
		ids = append(ids, uuid.MustParse(reply.Builds[0].Id))
	}
	used, err := a.spent(func() error {
		if err := a.server.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			return err
		}
		return a.until(ctx, ids)
	}, a.server, a.signer)
	if err != nil {
		return b, err
	}
	b.cpu = used / time.Duration(len(ids))
	var took, p95 float64
	err = a.root.QueryRow(ctx, `select extract(epoch from max(ended_at) - min(started_at)), extract(epoch from percentile_disc(0.95) within group (order by ended_at - started_at)), max(size)
		from platform.app_build where id = any($1)`, ids).Scan(&took, &p95, &b.largest)
	b.took, b.p95 = time.Duration(took*float64(time.Second)), time.Duration(p95*float64(time.Second))
	return b, err
}

// until waits until builds are over; one that is not done is an error.
func (a *appWorld) until(ctx context.Context, ids []uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var left, wrong int
		var first string
		err := a.root.QueryRow(ctx, `select count(*) filter (where state in ('queued', 'running')), count(*) filter (where state in ('failed', 'cancelled')),
			coalesce(min(channel || ' ' || (error ->> 'en')), '') from platform.app_build where id = any($1)`, ids).Scan(&left, &wrong, &first)
		switch {
		case err != nil:
			return err
		case wrong > 0:
			return fmt.Errorf("%d builds are not done: %s", wrong, first)
		case left == 0:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d builds are left: %w", left, len(ids), ctx.Err())
		case <-tick.C:
		}
	}
}

// everything are the channels that need no account elsewhere.
var everything = []string{"pwa", "android", "webclip", "ios", "harmony", "filing"}

// channels builds all channels of one body after the other, from the asking to the last that is done.
func (a *appWorld) channels(ctx context.Context) (time.Duration, error) {
	var took []time.Duration
	for _, b := range a.bodies[:min(20, len(a.bodies))] {
		begin := time.Now()
		reply, err := a.app.StartBuild(b.asAdmin(ctx), &builderv1.StartAppBuildRequest{Channels: everything, NewVersion: true})
		if err != nil {
			return 0, err
		}
		var ids []uuid.UUID
		for _, one := range reply.Builds {
			ids = append(ids, uuid.MustParse(one.Id))
		}
		if err := a.until(ctx, ids); err != nil {
			return 0, err
		}
		took = append(took, time.Since(begin))
	}
	return percentile(took, 95), nil
}

// rebuild publishes what every body has, takes it for one of an earlier shell, and has all built and published anew from above.
func (a *appWorld) rebuild(ctx context.Context) (time.Duration, error) {
	var top appBody
	if err := a.root.QueryRow(ctx, "select id, code from platform.body where level = 'national' limit 1").Scan(&top.id, &top.code); err != nil {
		return 0, err
	}
	for _, sql := range []string{
		`insert into platform.app_release (id, body_id, channel, build_id, share, published_by)
			select gen_random_uuid(), body_id, 'android', id, 100, 'bench' from platform.app_build b where channel = 'android' and state = 'done'
				and version_code = (select max(version_code) from platform.app_build x where x.body_id = b.body_id and x.channel = 'android')`,
		`update platform.app_build set shell = '00000000' where channel = 'android'`,
	} {
		if _, err := a.root.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	above := tenant.WithCall(tenant.WithSubject(ctx, tenant.SubjectFrom(top.asAdmin(ctx))), tenant.Call{Supervision: true})
	begin := time.Now()
	r, err := a.app.StartRebuild(above, &builderv1.StartFleetRebuildRequest{Share: 100, Reason: "bench"})
	if err != nil {
		return 0, err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		now, err := a.app.GetRebuild(above, &builderv1.GetFleetRebuildRequest{Id: r.Id})
		switch {
		case err != nil:
			return 0, err
		case now.State == "done" && int(now.Done) == len(a.bodies):
			return time.Since(begin), nil
		case now.State != "running", time.Since(begin) > 5*time.Minute:
			return 0, fmt.Errorf("the rebuild: %v", now)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
	}
}

// framework is what the SDK's tools link against (Debian: android-framework-res).
const framework = "/usr/share/android-framework-res/framework-res.apk"

// sdk is the processor time in which the SDK's tools make a package of the same pictures, code and settings.
func (a *appWorld) sdk(ctx context.Context) (time.Duration, error) {
	var key string
	if err := a.root.QueryRow(ctx, "select file from platform.app_build where channel = 'android' and state = 'done' limit 1").Scan(&key); err != nil {
		return 0, err
	}
	raw, err := os.ReadFile(filepath.Join(a.dir, "files", key))
	if err != nil {
		return 0, err
	}
	archive, err := zipfile.Decode(raw)
	if err != nil {
		return 0, err
	}
	dir := filepath.Join(a.dir, "sdk")
	write := func(name string, content []byte) error {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o600)
	}
	for _, f := range archive.Files {
		switch filepath.Ext(f.Name) {
		case ".png", ".dex", ".json":
			content, err := f.Content()
			if err == nil {
				err = write(f.Name, content)
			}
			if err != nil {
				return 0, err
			}
		}
	}
	for name, text := range sources {
		if err := write(name, []byte(text)); err != nil {
			return 0, err
		}
	}
	spare, err := a.keys.Make(ctx)
	if err != nil {
		return 0, err
	}
	sealed, certificate, err := a.keys.Adopt(ctx, spare, "bench", "bench")
	if err != nil {
		return 0, err
	}
	p12, err := a.keys.Export(ctx, "bench", sealed, certificate, "password")
	if err != nil {
		return 0, err
	}
	if err := write("key.p12", p12); err != nil {
		return 0, err
	}
	const rounds = 3
	var used time.Duration
	for range rounds {
		for _, words := range [][]string{
			{"aapt2", "compile", "--dir", "res", "-o", "compiled.zip"},
			{"aapt2", "link", "-I", framework, "--manifest", "AndroidManifest.xml", "-A", "assets", "-o", "linked.apk", "compiled.zip"},
			{"aapt", "add", "linked.apk", "classes.dex"},
			{"zipalign", "-f", "-p", "4", "linked.apk", "aligned.apk"},
			{"apksigner", "sign", "--ks", "key.p12", "--ks-type", "PKCS12", "--ks-pass", "pass:password", "--min-sdk-version", "21", "--out", "signed.apk", "aligned.apk"},
		} {
			cmd := exec.CommandContext(ctx, words[0], words[1:]...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				return 0, fmt.Errorf("%s: %w: %s", words[0], err, out)
			}
			used += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
		if err := os.Remove(filepath.Join(dir, "linked.apk")); err != nil {
			return 0, err
		}
	}
	return used / rounds, nil
}

// sources are what the SDK's tools start from beside pictures, code and settings.
var sources = map[string]string{
	"AndroidManifest.xml": `<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="cn.example.union" android:versionCode="1" android:versionName="1">
  <uses-sdk android:minSdkVersion="21" android:targetSdkVersion="29"/>
  <application android:label="@string/app_name" android:icon="@mipmap/icon" android:networkSecurityConfig="@xml/network">
    <activity android:name="app.gonghui.shell.MainActivity" android:exported="true"/>
  </application>
</manifest>`,
	"res/values/values.xml":    `<resources><string name="app_name">工会</string><color name="icon_ground">#C8161D</color></resources>`,
	"res/values-en/values.xml": `<resources><string name="app_name">Union</string></resources>`,
	"res/xml/network.xml":      `<network-security-config><base-config cleartextTrafficPermitted="false"/></network-security-config>`,
	"res/mipmap-anydpi-v26/icon.xml": `<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
  <background android:drawable="@color/icon_ground"/><foreground android:drawable="@mipmap/icon_front"/></adaptive-icon>`,
}
