package harmony_test

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"gonghui/builder/harmony"
	"gonghui/builder/input"
	"gonghui/builder/internal/readers"
)

func sample(t testing.TB) harmony.Input {
	t.Helper()
	return harmony.Input{
		ID: "cn.example.union", VersionCode: 12, VersionName: "1.2.0", Name: readers.Name, Vendor: "浙江省总工会", Start: "https://zj.example.cn/?from=ohos", Scheme: "ghunion",
		Hosts: []string{"union.example.cn"}, Consent: readers.Consent, Colors: readers.Colors, Icons: readers.Icons(t, harmony.Side), Uses: input.Uses{Microphone: true, Location: true},
	}
}

func build(t testing.TB, in harmony.Input) map[string][]byte {
	t.Helper()
	b, err := harmony.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for path, content := range readers.Unzip(t, b) {
		short, ok := strings.CutPrefix(path, "harmony/")
		if !ok {
			t.Errorf("%s lies outside the folder", path)
		}
		files[short] = content
	}
	return files
}

func TestSameInputSameBytes(t *testing.T) {
	a, err := harmony.Build(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := harmony.Build(sample(t))
	if err != nil || !bytes.Equal(a, b) {
		t.Error("the same input gave other bytes", err)
	}
}

func TestEveryFileIsRead(t *testing.T) {
	files := build(t, sample(t))
	readers.Sound(t, files, map[string]string{".ets": "ets", ".ts": "ets", ".json5": "json5", ".json": "json"})
	index := string(files["entry/src/main/ets/pages/Index.ets"])
	if bad := readers.Read(t, readers.Ask{Kind: "ets", Name: "Index.ets", Text: strings.Replace(index, "build() {", "build( {", 1)}); bad[0].Error == "" {
		t.Error("the parser takes anything")
	}
}

type skill struct {
	Uris         []map[string]string
	DomainVerify bool
}

func TestManifestSaysWhatTheBodySays(t *testing.T) {
	in := sample(t)
	files := build(t, in)
	var app struct {
		App struct {
			BundleName, Vendor, VersionName, Icon, Label string
			VersionCode                                  int32
		}
	}
	readers.Value(t, readers.Ask{Kind: "json5", Name: "app.json5", Text: string(files["AppScope/app.json5"])}, &app)
	if a := app.App; a.BundleName != in.ID || a.Vendor != in.Vendor || a.VersionCode != 12 || a.VersionName != "1.2.0" || a.Label != "$string:app_name" {
		t.Errorf("app.json5: %+v", a)
	}
	var module struct {
		Module struct {
			RequestPermissions []struct{ Name, Reason string }
			Abilities          []struct {
				SrcEntry string
				Skills   []skill
			}
		}
	}
	readers.Value(t, readers.Ask{Kind: "json5", Name: "module.json5", Text: string(files["entry/src/main/module.json5"])}, &module)
	var asks []string
	for _, p := range module.Module.RequestPermissions {
		asks = append(asks, strings.TrimPrefix(p.Name, "ohos.permission."))
	}
	if fmt.Sprint(asks) != "[INTERNET MICROPHONE APPROXIMATELY_LOCATION LOCATION]" {
		t.Errorf("permissions: %v", asks)
	}
	ability := module.Module.Abilities[0]
	if files["entry/src/main/"+strings.TrimPrefix(ability.SrcEntry, "./")] == nil {
		t.Errorf("%s is not there", ability.SrcEntry)
	}
	if got := fmt.Sprint(ability.Skills[1:]); got != "[{[map[host:union.example.cn scheme:https] map[host:zj.example.cn scheme:https]] true} {[map[scheme:ghunion]] false}]" {
		t.Errorf("links: %s", got)
	}
	if !strings.Contains(string(files["README.md"]), "- `union.example.cn`") {
		t.Error("README.md does not name the hosts")
	}
}

// Each resource that is named somewhere is there, in every language and look.
func TestResourcesAreThere(t *testing.T) {
	files := build(t, sample(t))
	type lists map[string][]struct{ Name, Value string }
	var asks []readers.Ask
	var into []any
	for path, b := range files {
		if strings.Contains(path, "/element/") {
			asks, into = append(asks, readers.Ask{Kind: "json", Name: path, Text: string(b)}), append(into, &lists{})
		}
	}
	readers.Values(t, asks, into...)
	have := map[string]map[string]bool{}
	for i, a := range asks {
		path := a.Name
		for kind, all := range *into[i].(*lists) {
			for _, r := range all {
				folder := strings.Split(path, "/resources/")[1]
				folder = strings.Split(folder, "/")[0]
				if have[kind+"."+r.Name] == nil {
					have[kind+"."+r.Name] = map[string]bool{}
				}
				have[kind+"."+r.Name][folder] = true
				if r.Value == "" {
					t.Errorf("%s in %s is empty", r.Name, path)
				}
			}
		}
	}
	named := regexp.MustCompile(`app\.(string|color)\.(\w+)|"\$(string|color):(\w+)"`)
	seen := map[string]bool{}
	for path, b := range files {
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			kind, name := m[1]+m[3], m[2]+m[4]
			seen[kind+"."+name] = true
			folders := []string{"base", "zh_CN", "en_US"}
			if kind == "color" {
				folders = []string{"base"}
			}
			for _, f := range folders {
				if !have[kind+"."+name][f] {
					t.Errorf("%s names %s %s, which %s lacks", path, kind, name, f)
				}
			}
		}
	}
	for name := range have {
		if !seen[name] && name != "string.camera_reason" { // this body's app asks for no camera
			t.Errorf("nobody uses %s", name)
		}
	}
	if !have["color.ground"]["dark"] {
		t.Error("the dark ground is not there")
	}
	for _, f := range []string{"foreground.png", "background.png"} {
		img, err := png.Decode(bytes.NewReader(files["AppScope/resources/base/media/"+f]))
		if err != nil || img.Bounds().Dx() != harmony.Side {
			t.Errorf("%s: %v", f, err)
			continue
		}
		want := map[string]color.NRGBA{"foreground.png": {0xff, 0xd7, 0, 0xff}, "background.png": {0xc8, 0x16, 0x1d, 0xff}}[f]
		if got := color.NRGBAModel.Convert(img.At(512, 512)); got != want {
			t.Errorf("%s has %v in the middle", f, got)
		}
	}
}

func TestConfigIsWhatTheProgramReads(t *testing.T) {
	files := build(t, sample(t))
	var config map[string]any
	readers.Value(t, readers.Ask{Kind: "json", Name: "config.json", Text: string(files["entry/src/main/resources/rawfile/config.json"])}, &config)
	_, declared, _ := strings.Cut(string(files["entry/src/main/ets/shell/Config.ets"]), "export interface Config {")
	declared, _, _ = strings.Cut(declared, "}")
	properties := regexp.MustCompile(`(?m)^  (\w+):`).FindAllStringSubmatch(declared, -1)
	if len(properties) < 6 {
		t.Errorf("only %d properties were looked at", len(properties))
	}
	for _, p := range properties {
		if config[p[1]] == nil {
			t.Errorf("config.json has no %s", p[1])
		}
	}
	index := string(files["entry/src/main/ets/pages/Index.ets"])
	if strings.Count(index, "Web({") != 1 || !strings.Contains(index, "if (this.stage === Stage.OPEN) {\n        Web({") {
		t.Error("the pages are not behind the consent")
	}
}

func TestHostileNames(t *testing.T) {
	type said struct {
		words  struct{ String []struct{ Value string } }
		config struct{ Consent input.Consent }
		app    struct{ App struct{ Vendor string } }
	}
	got := make([]said, len(readers.Hostile))
	wanted := make([]harmony.Input, len(readers.Hostile))
	var asks []readers.Ask
	var into []any
	for i, name := range readers.Hostile {
		in := sample(t)
		in.Name, in.Vendor, in.Consent.Title, in.Consent.Text = input.Text{ZH: name, EN: name}, name, input.Text{ZH: name, EN: name}, input.Text{ZH: name + "\n" + name, EN: name}
		wanted[i] = in
		files := build(t, in)
		for _, a := range []struct {
			kind, path string
			to         any
		}{
			{"json", "AppScope/resources/zh_CN/element/string.json", &got[i].words},
			{"json", "entry/src/main/resources/rawfile/config.json", &got[i].config},
			{"json5", "AppScope/app.json5", &got[i].app},
		} {
			asks, into = append(asks, readers.Ask{Kind: a.kind, Name: name + ": " + a.path, Text: string(files[a.path])}), append(into, a.to)
		}
	}
	readers.Values(t, asks, into...)
	for i, name := range readers.Hostile {
		if got[i].words.String[0].Value != name || got[i].config.Consent != wanted[i].Consent || got[i].app.App.Vendor != name {
			t.Errorf("%q became %+v", name, got[i])
		}
	}
}

func TestWrongFieldsAreNamed(t *testing.T) {
	type row struct {
		field string
		spoil func(*harmony.Input)
	}
	rows := []row{
		{"id", func(in *harmony.Input) { in.ID = "cn.union" }},
		{"id", func(in *harmony.Input) { in.ID = "cn.example.工会" }},
		{"versionCode", func(in *harmony.Input) { in.VersionCode = -1 }},
		{"versionName", func(in *harmony.Input) { in.VersionName = "" }},
		{"name.zh", func(in *harmony.Input) { in.Name.ZH = "$string:agree" }},
		{"name.en", func(in *harmony.Input) { in.Name.EN = "$ohos:media:icon" }},
		{"vendor", func(in *harmony.Input) { in.Vendor = strings.Repeat("会", 201) }},
		{"start", func(in *harmony.Input) { in.Start = "https://[::1]/" }},
		{"scheme", func(in *harmony.Input) { in.Scheme = "A" }},
		{"hosts[0]", func(in *harmony.Input) { in.Hosts = []string{"localhost"} }},
		{"consent.title.zh", func(in *harmony.Input) { in.Consent.Title.ZH = "" }},
		{"colors", func(in *harmony.Input) { in.Colors.Ground = 1 << 24 }},
		{"icons.layer", func(in *harmony.Input) { in.Icons.Layer = nil }},
		{"icons.ground", func(in *harmony.Input) { in.Icons.Ground = []byte("x") }},
		{"language", func(in *harmony.Input) { in.Language = "zh_CN" }},
	}
	for _, name := range readers.Refused {
		rows = append(rows, row{"name.zh", func(in *harmony.Input) { in.Name.ZH = name }}, row{"name.en", func(in *harmony.Input) { in.Name.EN = name }})
	}
	good := sample(t)
	for _, r := range rows {
		in := good
		r.spoil(&in)
		_, err := harmony.Build(in)
		readers.Wrong(t, err, r.field)
	}
}
