package iosproject_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"

	"gonghui/builder/input"
	"gonghui/builder/internal/readers"
	"gonghui/builder/iosproject"
)

func sample(t testing.TB) iosproject.Input {
	t.Helper()
	return iosproject.Input{
		ID: "cn.example.union", VersionCode: 12, VersionName: "1.2.0", Name: readers.Name, Start: "https://zj.example.cn/?from=ios", Scheme: "ghunion",
		Hosts: []string{"union.example.cn", "zj.example.cn"}, Consent: readers.Consent, Colors: readers.Colors, Icons: readers.Icons(t, iosproject.Side),
		Uses: input.Uses{Camera: true, Location: true},
	}
}

func build(t testing.TB, in iosproject.Input) map[string][]byte {
	t.Helper()
	b, err := iosproject.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for path, content := range readers.Unzip(t, b) {
		short, ok := strings.CutPrefix(path, "ios/")
		if !ok {
			t.Errorf("%s lies outside the folder", path)
		}
		files[short] = content
	}
	return files
}

func TestSameInputSameBytes(t *testing.T) {
	a, err := iosproject.Build(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := iosproject.Build(sample(t))
	if err != nil || !bytes.Equal(a, b) {
		t.Error("the same input gave other bytes", err)
	}
}

// Every file is read by a parser of its language.
func TestEveryFileIsRead(t *testing.T) {
	files := build(t, sample(t))
	readers.Sound(t, files, map[string]string{
		".swift": "swift", ".json": "json", ".pbxproj": "pbxproj", ".xcscheme": "xml", ".plist": "plist", ".entitlements": "plist", ".xcprivacy": "plist", ".strings": "plist",
	})
	if bad := readers.Read(t, readers.Ask{Kind: "swift", Name: "x", Text: string(files["App/Links.swift"]) + "}"}, readers.Ask{Kind: "pbxproj", Name: "x", Text: string(files["App.xcodeproj/project.pbxproj"][:900])}); bad[0].Error == "" || bad[1].Error == "" {
		t.Error("the parsers take anything")
	}
}

// The project knows every file of the program, and names none that is not there.
func TestProjectNamesItsFiles(t *testing.T) {
	files := build(t, sample(t))
	var raw struct {
		RootObject string                    `json:"rootObject"`
		Objects    map[string]map[string]any `json:"objects"`
	}
	readers.Value(t, readers.Ask{Kind: "pbxproj", Name: "project.pbxproj", Text: string(files["App.xcodeproj/project.pbxproj"])}, &raw)
	object := func(isa, id string) map[string]any {
		o, ok := raw.Objects[isa][id].(map[string]any)
		if !ok {
			t.Fatalf("there is no %s %s", isa, id)
		}
		return o
	}
	one := func(isa string) map[string]any {
		for id := range raw.Objects[isa] {
			if !strings.HasSuffix(id, "_comment") {
				return object(isa, id)
			}
		}
		t.Fatalf("there is no %s", isa)
		return nil
	}
	if object("PBXProject", raw.RootObject)["compatibilityVersion"] == nil {
		t.Error("the root object says nothing")
	}
	if p := fmt.Sprint(one("PBXNativeTarget")["productType"]); !strings.Contains(p, "com.apple.product-type.application") {
		t.Errorf("the target is a %s", p)
	}
	// What is built, by the path that its reference has.
	built := map[string]bool{}
	for _, phase := range []string{"PBXSourcesBuildPhase", "PBXResourcesBuildPhase"} {
		for _, f := range one(phase)["files"].([]any) {
			ref := object("PBXBuildFile", f.(map[string]any)["value"].(string))["fileRef"].(string)
			if group, ok := raw.Objects["PBXVariantGroup"][ref].(map[string]any); ok {
				for _, c := range group["children"].([]any) {
					built[path(object("PBXFileReference", c.(map[string]any)["value"].(string)))] = true
				}
				continue
			}
			built[path(object("PBXFileReference", ref))] = true
		}
	}
	for p := range built {
		found := false
		for file := range files {
			found = found || file == "App/"+p || strings.HasPrefix(file, "App/"+p+"/")
		}
		if !found {
			t.Errorf("the project names %s, which is not there", p)
		}
	}
	for file := range files {
		short, ok := strings.CutPrefix(file, "App/")
		if !ok || short == "Info.plist" || short == "App.entitlements" {
			continue
		}
		short, _, _ = strings.Cut(short, ".xcassets/")
		if !built[short] && !built[short+".xcassets"] {
			t.Errorf("%s is not built", file)
		}
	}
	settings := string(files["App.xcodeproj/project.pbxproj"])
	for _, named := range []string{"INFOPLIST_FILE = App/Info.plist", "CODE_SIGN_ENTITLEMENTS = App/App.entitlements", "ASSETCATALOG_COMPILER_APPICON_NAME = AppIcon"} {
		if !strings.Contains(settings, named) {
			t.Errorf("no setting says %s", named)
		}
	}
}

func path(ref map[string]any) string { return strings.Trim(ref["path"].(string), `"`) }

func TestListsSayWhatTheBodySays(t *testing.T) {
	in := sample(t)
	files := build(t, in)
	var info map[string]any
	readers.Plist(t, files["App/Info.plist"], &info)
	if info["CFBundleIdentifier"] != "$(PRODUCT_BUNDLE_IDENTIFIER)" || info["NSCameraUsageDescription"] == nil || info["NSLocationWhenInUseUsageDescription"] == nil ||
		info["NSMicrophoneUsageDescription"] != nil || fmt.Sprint(info["WKAppBoundDomains"]) != "[union.example.cn zj.example.cn]" ||
		!strings.Contains(fmt.Sprint(info["CFBundleURLTypes"]), "ghunion") {
		t.Errorf("Info.plist: %v", info)
	}
	for folder, name := range map[string]string{"zh-Hans": in.Name.ZH, "en": in.Name.EN} {
		var words map[string]string
		readers.Plist(t, files["App/"+folder+".lproj/InfoPlist.strings"], &words)
		if words["CFBundleDisplayName"] != name || words["NSCameraUsageDescription"] == "" || words["NSMicrophoneUsageDescription"] != "" {
			t.Errorf("%s: %v", folder, words)
		}
	}
	var rights struct {
		Domains []string `json:"com.apple.developer.associated-domains"`
	}
	readers.Plist(t, files["App/App.entitlements"], &rights)
	if !slices.Equal(rights.Domains, []string{"applinks:union.example.cn", "applinks:zj.example.cn", "webcredentials:union.example.cn", "webcredentials:zj.example.cn"}) {
		t.Errorf("domains: %v", rights.Domains)
	}
	var privacy map[string]any
	readers.Plist(t, files["App/PrivacyInfo.xcprivacy"], &privacy)
	if privacy["NSPrivacyTracking"] != false || !strings.Contains(fmt.Sprint(privacy["NSPrivacyAccessedAPITypes"]), "CA92.1") {
		t.Errorf("privacy manifest: %v", privacy)
	}
	if got := string(files["App.xcconfig"]); got != "PRODUCT_BUNDLE_IDENTIFIER = cn.example.union\nMARKETING_VERSION = 1.2.0\nCURRENT_PROJECT_VERSION = 12\n" {
		t.Errorf("App.xcconfig: %s", got)
	}
	if got := string(files["README.md"]); !strings.Contains(got, "浙江工会") || !strings.Contains(got, "TEAMID.cn.example.union") || !strings.Contains(got, "- `union.example.cn`") {
		t.Errorf("README.md: %s", got)
	}
	in.Scheme, in.Hosts, in.Uses = "", nil, input.Uses{}
	clear(info)
	readers.Plist(t, build(t, in)["App/Info.plist"], &info)
	if info["CFBundleURLTypes"] != nil || info["NSCameraUsageDescription"] != nil || fmt.Sprint(info["WKAppBoundDomains"]) != "[zj.example.cn]" {
		t.Errorf("Info.plist of an app that asks for nothing: %v", info)
	}
}

func TestConfigIsWhatTheProgramReads(t *testing.T) {
	files := build(t, sample(t))
	var config map[string]any
	readers.Value(t, readers.Ask{Kind: "json", Name: "config.json", Text: string(files["App/config.json"])}, &config)
	if config["brand"] != "#C8161D" || config["language"] != "zh" || config["start"] != "https://zj.example.cn/?from=ios" {
		t.Errorf("%v", config)
	}
	// Each property of Config.swift without a default is in the file, or the app would not start.
	_, declared, _ := strings.Cut(string(files["App/Config.swift"]), "struct Config: Decodable {")
	properties := 0
	for line := range strings.Lines(declared) {
		name, ok := strings.CutPrefix(line, "    let ")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, ":")
		properties++
		if config[name] == nil {
			t.Errorf("config.json has no %s", name)
		}
	}
	if properties < 8 {
		t.Errorf("only %d properties were looked at", properties)
	}
	// Nothing is loaded before the consent: the one place that makes the web view is past it.
	root := string(files["App/RootViewController.swift"])
	if strings.Count(root, "WebViewController(config:") != 1 || !strings.Contains(root, "if consent.isNeeded(config) {\n            ask()\n        } else {\n            browse()") {
		t.Error("the pages are not behind the consent")
	}
}

func TestIcons(t *testing.T) {
	files := build(t, sample(t))
	folder := "App/Assets.xcassets/AppIcon.appiconset/"
	var contents struct {
		Images []struct{ Filename, Size string }
	}
	readers.Value(t, readers.Ask{Kind: "json", Name: "Contents.json", Text: string(files[folder+"Contents.json"])}, &contents)
	if len(contents.Images) != 3 {
		t.Errorf("%d icons", len(contents.Images))
	}
	for _, i := range contents.Images {
		img, err := png.Decode(bytes.NewReader(files[folder+i.Filename]))
		if err != nil || fmt.Sprintf("%dx%d", img.Bounds().Dx(), img.Bounds().Dy()) != i.Size {
			t.Errorf("%s: %v", i.Filename, err)
		}
	}
	img, err := png.Decode(bytes.NewReader(files[folder+"icon.png"]))
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		t.Error("the icon is not opaque: the store refuses it")
	}
	at := func(img image.Image, x, y int) color.NRGBA {
		return color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
	}
	if middle, corner := at(img, 512, 512), at(img, 2, 2); middle != (color.NRGBA{0xff, 0xd7, 0, 0xff}) || corner != (color.NRGBA{0xc8, 0x16, 0x1d, 0xff}) {
		t.Errorf("%v in the middle, %v in the corner", middle, corner)
	}
}

func TestHostileNames(t *testing.T) {
	type said struct {
		words  [2]map[string]string
		info   map[string]any
		config struct{ Consent input.Consent }
	}
	got := make([]said, len(readers.Hostile))
	wanted := make([]iosproject.Input, len(readers.Hostile))
	var asks []readers.Ask
	var into []any
	for i, name := range readers.Hostile {
		in := sample(t)
		in.Name, in.Consent.Title, in.Consent.Text = input.Text{ZH: name, EN: name}, input.Text{ZH: name, EN: name}, input.Text{ZH: name + "\n" + name, EN: name}
		wanted[i] = in
		files := build(t, in)
		for _, a := range []struct {
			kind, path string
			to         any
		}{
			{"plist", "App/zh-Hans.lproj/InfoPlist.strings", &got[i].words[0]},
			{"plist", "App/en.lproj/InfoPlist.strings", &got[i].words[1]},
			{"plist", "App/Info.plist", &got[i].info},
			{"json", "App/config.json", &got[i].config},
		} {
			asks, into = append(asks, readers.Ask{Kind: a.kind, Name: name + ": " + a.path, Text: string(files[a.path])}), append(into, a.to)
		}
		// Xcode replaces variables in these: a name may not stand there.
		for _, p := range []string{"App/Info.plist", "App.xcconfig", "App.xcodeproj/project.pbxproj"} {
			if bytes.Contains(files[p], []byte(name)) {
				t.Errorf("%q stands in %s", name, p)
			}
		}
	}
	readers.Values(t, asks, into...)
	for i, name := range readers.Hostile {
		if got[i].words[0]["CFBundleDisplayName"] != name || got[i].words[1]["CFBundleDisplayName"] != name || got[i].config.Consent != wanted[i].Consent || len(got[i].info) == 0 {
			t.Errorf("%q became %+v", name, got[i])
		}
	}
}

func TestWrongFieldsAreNamed(t *testing.T) {
	type row struct {
		field string
		spoil func(*iosproject.Input)
	}
	rows := []row{
		{"id", func(in *iosproject.Input) { in.ID = "cn.example.my_union" }},
		{"id", func(in *iosproject.Input) { in.ID = "cn.example.union\nX = 1" }},
		{"versionCode", func(in *iosproject.Input) { in.VersionCode = 0 }},
		{"versionName", func(in *iosproject.Input) { in.VersionName = "1.2-beta" }},
		{"versionName", func(in *iosproject.Input) { in.VersionName = "1.2.3.4" }},
		{"start", func(in *iosproject.Input) { in.Start = "https://192.168.1.2/" }},
		{"start", func(in *iosproject.Input) { in.Start = "https://a b/" }},
		{"scheme", func(in *iosproject.Input) { in.Scheme = "https" }},
		{"hosts[1]", func(in *iosproject.Input) { in.Hosts = []string{"a.cn", "*.b.cn"} }},
		{"hosts", func(in *iosproject.Input) { in.Hosts = make([]string, 9) }},
		{"consent.version", func(in *iosproject.Input) { in.Consent.Version = "" }},
		{"consent.text.en", func(in *iosproject.Input) { in.Consent.Text.EN = "\u202e" }},
		{"consent.policy", func(in *iosproject.Input) { in.Consent.Policy = "http://a.cn" }},
		{"colors", func(in *iosproject.Input) { in.Colors.Brand = 1 << 24 }},
		{"icons.whole", func(in *iosproject.Input) { in.Icons.Whole = nil }},
		{"icons.shape", func(in *iosproject.Input) { in.Icons.Shape = in.Icons.Shape[:20] }},
		{"language", func(in *iosproject.Input) { in.Language = "fr" }},
	}
	for _, name := range readers.Refused {
		rows = append(rows, row{"name.zh", func(in *iosproject.Input) { in.Name.ZH = name }}, row{"name.en", func(in *iosproject.Input) { in.Name.EN = name }})
	}
	good := sample(t)
	for _, r := range rows {
		in := good
		r.spoil(&in)
		_, err := iosproject.Build(in)
		readers.Wrong(t, err, r.field)
	}
}

func BenchmarkBuild(b *testing.B) {
	in := sample(b)
	for b.Loop() {
		if _, err := iosproject.Build(in); err != nil {
			b.Fatal(err)
		}
	}
}
