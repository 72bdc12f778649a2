package builder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"strings"
	"time"

	"gonghui/app/kit/fault"
	"gonghui/builder/apk"
	"gonghui/builder/input"
	"gonghui/builder/sign"
	"gonghui/builder/webclip"
)

// The channels, as in the proto.
const (
	pwa     = "pwa"
	android = "android"
	webClip = "webclip"

	ios         = "ios"
	miniProgram = "miniprogram"
	harmonyOS   = "harmony"
	filingSheet = "filing"
)

// errBroken is wrapped by what the check of a finished build finds.
var errBroken = errors.New("builder: what was built is not what was asked for")

// channel is one way in which an app comes to people.
type channel struct {
	name   string
	public bool // people get it from the download page
	rising bool // phones take higher versions only
	keyed  bool // signed with the body's key, or tells of it
	suffix string
	kind   string // media type of the file
	// takes keeps of the inputs what the channel goes by.
	takes func(in inputs) inputs
	// make gives the file; nil for the channel that has none, which is checked alone.
	make func(ctx context.Context, m *making) ([]byte, error)
	// check looks at the file as who gets it will.
	check func(ctx context.Context, m *making, file []byte) error
}

// making is a build on its way.
type making struct {
	s        *Service
	in       *inputs
	code     int32
	version  string
	day      time.Time // when it was asked for
	identity sign.Identity
	log      *journal
}

// channels are all there are, in the order in which they are shown.
var channels = []*channel{
	{
		name: pwa, public: true,
		takes: func(in inputs) inputs {
			return inputs{Format: in.Format, Name: in.Name, Start: in.Start, Colors: in.Colors, Icon: in.Icon}
		},
		check: checkPWA,
	},
	{
		name: android, public: true, rising: true, keyed: true, suffix: ".apk", kind: "application/vnd.android.package-archive",
		takes: func(in inputs) inputs { in.Body, in.Android, in.WeChat = nil, "", ""; return in },
		make:  makeAndroid, check: checkAndroid,
	},
	{
		name: webClip, public: true, keyed: true, suffix: ".mobileconfig", kind: webclip.ContentType,
		takes: func(in inputs) inputs {
			return inputs{Format: in.Format, ID: in.ID, Name: in.Name, Body: in.Body, Start: in.Start, Icon: in.Icon}
		},
		make: makeWebClip, check: checkWebClip,
	},
	{
		name: ios, suffix: "-ios.zip", kind: zipKind, takes: projectInputs, make: makeIOS, check: checkZip,
	},
	{
		name: miniProgram, suffix: "-weapp.zip", kind: zipKind,
		takes: func(in inputs) inputs {
			return inputs{Format: in.Format, Name: in.Name, Start: in.Start, Consent: in.Consent, Colors: in.Colors, Icon: in.Icon, WeChat: in.WeChat}
		},
		make: makeMiniProgram, check: checkZip,
	},
	{
		name: harmonyOS, suffix: "-harmony.zip", kind: zipKind, takes: projectInputs, make: makeHarmony, check: checkZip,
	},
	{
		name: filingSheet, keyed: true, suffix: "-filing.zip", kind: zipKind,
		takes: func(in inputs) inputs {
			consent := input.Consent{Policy: in.Consent.Policy}
			return inputs{
				Format: in.Format, ID: in.ID, Name: in.Name, Body: in.Body, Start: in.Start, Consent: &consent, Icon: in.Icon, WeChat: in.WeChat, Android: in.Android,
			}
		},
		make: makeFiling, check: checkZip,
	},
}

const zipKind = "application/zip"

// projectInputs are those of projects that are built elsewhere.
func projectInputs(in inputs) inputs {
	in.Shell, in.Update, in.Android, in.WeChat = "", "", "", ""
	return in
}

// channelOf is the channel of that name, or nil.
func channelOf(name string) *channel {
	for _, c := range channels {
		if c.name == name {
			return c
		}
	}
	return nil
}

func makeAndroid(ctx context.Context, m *making) ([]byte, error) {
	set, err := m.s.set(ctx, m.in.Icon, m.log)
	if err != nil {
		return nil, err
	}
	m.log.add("package", 50, "写入清单、资源与代码", "manifest, resources and code are written")
	raw, err := apk.Build(apk.Input{
		ID: m.in.ID, VersionCode: m.code, VersionName: m.version, Name: *m.in.Name, Start: m.in.Start, Scheme: m.in.Scheme,
		Hosts: []string{m.in.Host}, Update: m.in.Update, Consent: *m.in.Consent, Colors: *m.in.Colors, Icons: set, Uses: *m.in.Uses,
		TrialCA: m.in.Trial, Language: "zh",
	})
	if err != nil {
		return nil, err
	}
	m.log.add("sign", 70, "用本级密钥签名（v1、v2、v3）", "signed with the union's key (v1, v2, v3)")
	return sign.Package(raw, m.identity)
}

// checkAndroid reads the package as a phone does and compares what it says with what was asked for, the icon by its pixels.
func checkAndroid(ctx context.Context, m *making, file []byte) error {
	f, err := apk.Verify(file)
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	set, err := m.s.set(ctx, m.in.Icon, nil)
	if err != nil {
		return err
	}
	switch {
	case f.ID != m.in.ID || f.VersionCode != m.code || f.VersionName != m.version:
		return fmt.Errorf("%w: %s %d", errBroken, f.ID, f.VersionCode)
	case f.Config.Start != m.in.Start || f.Config.Name != *m.in.Name || f.Config.Consent != *m.in.Consent:
		return fmt.Errorf("%w: settings", errBroken)
	case f.Trial != (m.in.Trial != nil):
		return fmt.Errorf("%w: trial", errBroken)
	case !f.Certificate.Equal(m.identity.Certificate):
		return fmt.Errorf("%w: certificate", errBroken)
	}
	return samePixels(f.Icon, set.Foreground[len(set.Foreground)-1].PNG, set.Legacy[len(set.Legacy)-1].PNG)
}

// samePixels compares a picture with those that it may be.
func samePixels(got []byte, wants ...[]byte) error {
	for _, w := range wants {
		if bytes.Equal(got, w) {
			return nil
		}
	}
	return fmt.Errorf("%w: the icon is another one", errBroken)
}

func makeWebClip(ctx context.Context, m *making) ([]byte, error) {
	icon, err := m.s.large(ctx, m.in.Icon, webclip.Side, m.log)
	if err != nil {
		return nil, err
	}
	m.log.add("package", 50, "写入描述文件", "the profile is written")
	raw, err := webclip.Build(webclip.Input{
		ID: m.in.ID, Name: *m.in.Name, Organization: *m.in.Body, Start: m.in.Start, Icon: icon.Whole, Language: "zh",
		About: input.Text{
			ZH: "将“" + m.in.Name.ZH + "”放到主屏幕，可随时移除。", EN: "Puts " + m.in.Name.EN + " on the home screen. It can be removed at any time.",
		},
	})
	if err != nil {
		return nil, err
	}
	m.log.add("sign", 70, "用本级密钥签名（CMS）", "signed with the union's key (CMS)")
	return webclip.Sign(raw, m.identity)
}

func checkWebClip(ctx context.Context, m *making, file []byte) error {
	f, err := webclip.Verify(file, m.identity.Certificate)
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	if f.ID != m.in.ID || f.URL != m.in.Start || f.Name != m.in.Name.ZH {
		return fmt.Errorf("%w: %s %s", errBroken, f.ID, f.URL)
	}
	icon, err := m.s.large(ctx, m.in.Icon, webclip.Side, nil)
	if err != nil {
		return err
	}
	return samePixels(f.Icon, icon.Whole)
}

// webManifest is what is checked of a body's manifest (W3C Web Application Manifest).
type webManifest struct {
	Name    string
	Start   string `json:"start_url"`
	Display string
	Icons   []struct{ Src, Sizes, Type string }
}

// checkPWA asks the body's own host for what a phone needs to install its pages: manifest, icons of the sizes that it says, the page
// itself and its service worker.
func checkPWA(ctx context.Context, m *making, _ []byte) error {
	base := m.s.host.Scheme() + strings.TrimPrefix(strings.TrimSuffix(m.in.Start, "/"), "https")
	get := func(path, kind string) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
		if err != nil {
			return nil, err
		}
		resp, err := m.s.host.Web().Do(req)
		if err != nil {
			return nil, fmt.Errorf("pwa: %s: %w", path, err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
		if err != nil {
			return nil, fmt.Errorf("pwa: %s: %w", path, err)
		}
		if resp.StatusCode >= http.StatusInternalServerError {
			return nil, fmt.Errorf("pwa: %s: %s", path, resp.Status)
		}
		if resp.StatusCode != http.StatusOK || !strings.Contains(resp.Header.Get("Content-Type"), kind) {
			return nil, pwaFault(path, resp.Status+" "+resp.Header.Get("Content-Type"))
		}
		return raw, nil
	}
	raw, err := get("/manifest.webmanifest", "json")
	if err != nil {
		return err
	}
	var found webManifest
	if err := json.Unmarshal(raw, &found); err != nil || found.Name != m.in.Name.ZH || found.Start == "" || found.Display != "standalone" {
		return pwaFault("/manifest.webmanifest", fmt.Sprintf("%q %q %q", found.Name, found.Start, found.Display))
	}
	sizes := map[string]bool{}
	for _, i := range found.Icons {
		picture, err := get(i.Src, "image/png")
		if err != nil {
			return err
		}
		c, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil || fmt.Sprintf("%dx%d", c.Width, c.Height) != i.Sizes {
			return pwaFault(i.Src, i.Sizes)
		}
		sizes[i.Sizes] = true
	}
	if !sizes["192x192"] || !sizes["512x512"] {
		return pwaFault("/manifest.webmanifest", "icons")
	}
	m.log.add("check", 70, fmt.Sprintf("应用清单与 %d 个图标可用", len(found.Icons)), fmt.Sprintf("the manifest and %d icons answer", len(found.Icons)))
	for _, page := range []struct{ path, kind string }{{"/", "text/html"}, {"/sw.js", "javascript"}} {
		if _, err := get(page.path, page.kind); err != nil {
			return err
		}
	}
	m.log.add("check", 90, "首页与离线服务可用", "the first page and its service worker answer")
	return nil
}

func pwaFault(path, what string) error {
	return fault.Field("pwa", "本级主机的 "+path+" 不可用："+what, "the union's host does not give "+path+" as it should: "+what)
}
