package builder

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	"gonghui/branding"
	brandingv1 "gonghui/branding/v1"
	"gonghui/builder/signer"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// host gives the module what it uses of a host: the real looks, a signer that runs, files on a disk.
type host struct {
	module.Host
	env    *pgtest.Env
	looks  *branding.Service
	redis  redis.UniversalClient
	files  object.Store
	socket string
	web    *http.Client
	phones *module.LAN
	legal  *identityv1.Legal // the body's own privacy notice; nil for the product's
}

func (h *host) DB() *tenant.DB                       { return h.env.DB }
func (h *host) Keys() module.Keys                    { return h.env.Keys }
func (h *host) Base() string                         { return "example.org" }
func (h *host) Scheme() string                       { return "https" }
func (h *host) Demo() bool                           { return false }
func (h *host) Redis() redis.UniversalClient         { return h.redis }
func (h *host) Files() object.Store                  { return h.files }
func (h *host) Signer() string                       { return h.socket }
func (h *host) Web() *http.Client                    { return h.web }
func (h *host) LAN() *module.LAN                     { return h.phones }
func (h *host) Conn(string) grpc.ClientConnInterface { return h }

func (h *host) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, io.ErrUnexpectedEOF
}

// Invoke answers as the modules do that this one calls.
func (h *host) Invoke(ctx context.Context, operation string, in, out any, _ ...grpc.CallOption) error {
	if tenant.InDoor(ctx) {
		return tenant.ErrNestedDoor
	}
	var reply proto.Message
	var err error
	switch q := in.(type) {
	case *brandingv1.GetLookRequest:
		reply, err = h.looks.GetLook(ctx, q)
	case *brandingv1.DrawLogoRequest:
		reply, err = h.looks.DrawLogo(ctx, q)
	case *identityv1.GetLegalRequest:
		if reply = h.legal; h.legal != nil {
			break
		}
		reply = &identityv1.Legal{
			Kind: q.Kind, Version: "2026-11-01", TitleZh: "隐私政策", TitleEn: "Privacy notice",
			TextZh: []string{"# 总则", "我们怎样处理您的个人信息。"}, TextEn: []string{"# General", "How we treat your personal data."},
		}
	default:
		return fmt.Errorf("nobody answers %s", operation)
	}
	if err == nil {
		proto.Merge(out.(proto.Message), reply)
	}
	return err
}

// stage is the service at work with a queue, a province with two counties, and a body beside it.
type stage struct {
	*Service
	host                              *host
	env                               *pgtest.Env
	province, county, other, stranger *pgtest.Body
	signer                            *sink
	stopWork                          func()
	// pages are the names that the hosts of bodies say of themselves, by code, where they are not the product's.
	pages *sync.Map
}

// sink is a signer that can be stopped and started.
type sink struct {
	file, socket string
	stop         func()
}

func (k *sink) start(t *testing.T) {
	t.Helper()
	ring, err := crypt.Load(k.file)
	if err != nil {
		t.Fatal(err)
	}
	l, err := signer.Listen(k.socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := signer.Serve(ctx, l, ring, slog.New(slog.DiscardHandler)); err != nil {
			t.Error(err)
		}
	})
	k.stop = func() { cancel(); wg.Wait(); k.stop = func() {} }
	t.Cleanup(func() { k.stop() })
}

func open(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	var pages sync.Map
	dir, err := os.MkdirTemp("", "builder-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	k := &sink{file: filepath.Join(dir, "signer.json"), socket: filepath.Join(dir, "signer.sock")}
	if _, err := crypt.Create(k.file); err != nil {
		t.Fatal(err)
	}
	k.start(t)
	h := &host{env: env, redis: pgtest.Redis(t), files: object.NewLocal(filepath.Join(dir, "files")), socket: k.socket, web: web(t, &pages)}
	h.looks = branding.New(h)
	s := &stage{pages: &pages, Service: New(h), host: h, env: env, signer: k, province: env.Body(t, nil), stranger: env.Body(t, nil)}
	s.county, s.other = env.Body(t, s.province), env.Body(t, s.province)
	for _, b := range []*pgtest.Body{s.province, s.county, s.other, s.stranger} {
		b.Ctx = tenant.WithCall(b.Ctx, tenant.Call{Source: "203.0.113.7", Device: "Dalvik/2.1.0"})
	}
	s.work1(t)
	return s
}

// work1 runs the queue until the test ends or stopWork is called.
func (s *stage) work1(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.env.DB.Work(ctx, slog.New(slog.DiscardHandler), directory.LookupOf(s.env.DB).ByCode, s.Jobs()); err != nil {
			t.Error(err)
		}
	})
	s.stopWork = func() { cancel(); wg.Wait(); s.stopWork = func() {} }
	t.Cleanup(func() { s.stopWork() })
}

// web answers as the hosts of bodies do, by the pages of the look that their names give.
func web(t *testing.T, names *sync.Map) *http.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/manifest.webmanifest", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/manifest+json")
		name := "工会网上工作平台"
		if own, ok := names.Load(strings.TrimSuffix(r.Host, ".example.org")); ok {
			name = own.(string)
		}
		fmt.Fprintf(w, `{"name":%q,"start_url":"/","display":"standalone","icons":[{"src":"/icon-192.png","sizes":"192x192"},{"src":"/icon-512.png","sizes":"512x512"}]}`, name)
	})
	for _, side := range []int{192, 512} {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, side, side))); err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc(fmt.Sprintf("/icon-%d.png", side), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(b.Bytes())
		})
	}
	mux.HandleFunc("/sw.js", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/javascript") })
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/html") })
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	c := server.Client()
	c.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true // the names are those of bodies
	c.Transport = dialling{c.Transport, server.Listener.Addr().String()}
	return c
}

// dialling sends every request to one address, whatever host it names.
type dialling struct {
	http.RoundTripper
	addr string
}

func (d dialling) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host, r.URL.Host = r.URL.Host, d.addr
	return d.RoundTripper.RoundTrip(r)
}

// brand publishes a look of the body's own.
func (s *stage) brand(t *testing.T, b *pgtest.Body, name, accent string, logo color.Color) {
	t.Helper()
	p := &brandingv1.BrandingProfile{
		Names: &brandingv1.BrandingNames{AppName: name, AppNameEn: "App of " + b.Code}, Theme: &brandingv1.BrandingColours{Accent: accent},
	}
	if logo != nil {
		img := image.NewNRGBA(image.Rect(0, 0, 200, 200))
		draw.Draw(img, image.Rect(20, 20, 180, 180), image.NewUniform(logo), image.Point{}, draw.Src)
		var raw bytes.Buffer
		if err := png.Encode(&raw, img); err != nil {
			t.Fatal(err)
		}
		added, err := s.host.looks.AddLogo(b.Ctx, &brandingv1.AddLogoRequest{Data: raw.Bytes()})
		if err != nil {
			t.Fatal(err)
		}
		p.Logo = &brandingv1.BrandingLogo{Digest: added.Logo.Digest}
	}
	now, err := s.host.looks.GetBranding(b.Ctx, &brandingv1.GetBrandingRequest{})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := s.host.looks.SaveBrandingDraft(b.Ctx, &brandingv1.SaveBrandingDraftRequest{Profile: p, Revision: now.Revision})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.host.looks.PublishBranding(b.Ctx, &brandingv1.PublishBrandingRequest{Revision: saved.Revision}); err != nil {
		t.Fatal(err)
	}
	s.pages.Store(b.Code, name)
	// The news of the change is what a serving process hears; here nobody listens.
	s.host.looks = branding.New(s.host)
}

// until waits for a build to be over, or in one of the states.
func (s *stage) until(t *testing.T, b *pgtest.Body, id string, states ...string) *builderv1.AppBuild {
	t.Helper()
	if len(states) == 0 {
		states = []string{"done", "failed", "cancelled"}
	}
	end := time.NewTimer(60 * time.Second)
	defer end.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := s.GetBuild(b.Ctx, &builderv1.GetAppBuildRequest{Id: id})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range states {
			if got.State == want {
				return got
			}
		}
		select {
		case <-end.C:
			t.Fatalf("the build is %v after a minute", got)
		case <-tick.C:
		}
	}
}

// build builds channels and waits for all to be done.
func (s *stage) build(t *testing.T, b *pgtest.Body, req *builderv1.StartAppBuildRequest) (built []*builderv1.AppBuild) {
	t.Helper()
	reply, err := s.StartBuild(b.Ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range reply.Builds {
		got := s.until(t, b, one.Id)
		if got.State != "done" {
			t.Fatalf("%s: %v", got.Channel, got)
		}
		got.Reused = one.Reused
		built = append(built, got)
	}
	return built
}

// android builds the Android app, anew when asked, and returns it.
func (s *stage) android(t *testing.T, b *pgtest.Body, anew bool) *builderv1.AppBuild {
	t.Helper()
	return s.build(t, b, &builderv1.StartAppBuildRequest{Channels: []string{android}, NewVersion: anew})[0]
}

func (s *stage) publish(t *testing.T, b *pgtest.Body, id string, share int32) *builderv1.AppRelease {
	t.Helper()
	r, err := s.PublishBuild(b.Ctx, &builderv1.PublishAppBuildRequest{Id: id, Share: share, NotesZh: "修正", NotesEn: "Mended"})
	if err != nil {
		t.Fatal(err)
	}
	s.offers.Clear() // the news of it is what a serving process hears
	return r
}

// get asks a route of a body's host.
func (s *stage) get(t *testing.T, b *pgtest.Body, path string, h func(http.ResponseWriter, *http.Request) error, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil).WithContext(b.Ctx)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	if err := h(w, r); err != nil {
		w.Code = int(kerrors.FromError(err).Code)
	}
	return w
}

// want checks a refusal by its reason, or the field of a bad request.
func want(t *testing.T, what string, err error, reason string) {
	t.Helper()
	got := kerrors.FromError(err)
	if err == nil || got.Code >= 500 && got.Code != http.StatusServiceUnavailable || got.Reason != reason && got.Metadata["field"] != reason || got.Metadata["zh"] == "" {
		t.Errorf("%s: %v, want %s", what, err, reason)
	}
}
