package miniprogram_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonghui/builder/input"
	"gonghui/builder/internal/readers"
	"gonghui/builder/miniprogram"
)

func sample(t testing.TB) miniprogram.Input {
	t.Helper()
	return miniprogram.Input{
		AppID: "wx0123456789abcdef", VersionName: "1.2.0", Name: readers.Name, Start: "https://zj.example.cn/?from=mp", Consent: readers.Consent,
		Colors: readers.Colors, Icon: readers.Icons(t, miniprogram.Side).Whole,
	}
}

func build(t testing.TB, in miniprogram.Input) map[string][]byte {
	t.Helper()
	b, err := miniprogram.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for path, content := range readers.Unzip(t, b) {
		short, ok := strings.CutPrefix(path, "miniprogram/")
		if !ok {
			t.Errorf("%s lies outside the folder", path)
		}
		files[short] = content
	}
	return files
}

func TestSameInputSameBytes(t *testing.T) {
	a, err := miniprogram.Build(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := miniprogram.Build(sample(t))
	if err != nil || !bytes.Equal(a, b) {
		t.Error("the same input gave other bytes", err)
	}
}

func TestEveryFileIsRead(t *testing.T) {
	files := build(t, sample(t))
	readers.Sound(t, files, map[string]string{".js": "js", ".json": "json", ".wxml": "wxml"})
	for path := range files {
		if strings.HasSuffix(path, ".tmpl") {
			t.Errorf("%s was left", path)
		}
	}
}

func TestPagesAreThere(t *testing.T) {
	in := sample(t)
	files := build(t, in)
	var app struct {
		Pages  []string
		Window map[string]string
	}
	readers.Value(t, readers.Ask{Kind: "json", Name: "app.json", Text: string(files["app.json"])}, &app)
	if len(app.Pages) != 2 || app.Window["navigationBarTitleText"] != in.Name.ZH || app.Window["navigationBarTextStyle"] != "white" {
		t.Errorf("app.json: %+v", app)
	}
	for _, p := range app.Pages {
		for _, end := range []string{".js", ".json", ".wxml", ".wxss"} {
			if files[p+end] == nil {
				t.Errorf("%s%s is not there", p, end)
			}
		}
	}
	var tool map[string]any
	readers.Value(t, readers.Ask{Kind: "json", Name: "project.config.json", Text: string(files["project.config.json"])}, &tool)
	if tool["appid"] != in.AppID {
		t.Errorf("project.config.json: %v", tool)
	}
	if !bytes.Contains(files["app.wxss"], []byte("--brand: #C8161D")) || !bytes.Contains(files["README.md"], []byte("`zj.example.cn`")) || !bytes.Equal(files["images/logo.png"], in.Icon) {
		t.Error("colour, README or icon are not the body's")
	}
	// What a page binds, its script has; what a script requires is there.
	for _, p := range app.Pages {
		var seen struct {
			Elements []struct {
				Attributes map[string]string
			}
		}
		readers.Value(t, readers.Ask{Kind: "wxml", Name: p, Text: string(files[p+".wxml"])}, &seen)
		bound := 0
		for _, e := range seen.Elements {
			for name, value := range e.Attributes {
				if strings.HasPrefix(name, "bind") {
					bound++
					if !strings.Contains(string(files[p+".js"]), "\n  "+value+"()") {
						t.Errorf("%s binds %s, which its script lacks", p, value)
					}
				}
			}
		}
		if bound == 0 {
			t.Errorf("%s binds nothing", p)
		}
	}
}

// drive runs the program's own pages against a stand-in for WeChat and tells what they asked of it.
func drive(t *testing.T, in miniprogram.Input, script string) []string {
	t.Helper()
	readers.Need(t, "node")
	dir := t.TempDir()
	for path, b := range build(t, in) {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const stand = `
const said = [], kept = {};
globalThis.wx = {
  getAppBaseInfo: () => ({ language: globalThis.language || 'zh_CN' }),
  getStorageSync: (k) => kept[k] || '', setStorageSync: (k, v) => { kept[k] = v; }, clearStorageSync: () => { for (const k in kept) delete kept[k]; },
  setNavigationBarTitle: (o) => said.push('title ' + o.title), redirectTo: (o) => said.push('redirect ' + o.url), reLaunch: (o) => said.push('relaunch ' + o.url),
  setClipboardData: (o) => said.push('copy ' + o.data),
};
const open = (path, options = {}) => {
  let page;
  globalThis.Page = (p) => { page = p; };
  delete require.cache[require.resolve(process.argv[1 + 1] + '/' + path)];
  require(process.argv[1 + 1] + '/' + path);
  page.setData = (d) => Object.assign(page.data, d);
  page.onLoad(options);
  return page;
};
`
	file := filepath.Join(dir, "drive.cjs")
	if err := os.WriteFile(file, []byte(stand+script+"\nconsole.log(JSON.stringify(said));"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", file, dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var said []string
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return said
}

func TestNoPageBeforeConsent(t *testing.T) {
	in := sample(t)
	for _, c := range []struct{ name, script, want string }{
		{"asked first", `const p = open('pages/index/index.js'); said.push(String(p.data.asking), p.data.title)`, "title 浙江工会|true|隐私保护说明"},
		{"English", `globalThis.language = 'en'; const p = open('pages/index/index.js'); said.push(p.data.title)`, "title Zhejiang Unions|Privacy notice"},
		{
			"agreed", `open('pages/index/index.js').agree(); const w = open('pages/web/web.js'); said.push(w.data.src)`,
			"title 浙江工会|redirect /pages/web/web|title 浙江工会|https://zj.example.cn/?from=mp",
		},
		{"kept", `open('pages/index/index.js').agree(); said.length = 0; open('pages/index/index.js')`, "title 浙江工会|redirect /pages/web/web"},
		{"refused", `const p = open('pages/index/index.js'); p.refuse(); said.push(String(p.data.refused)); p.reconsider(); said.push(String(p.data.refused))`, "title 浙江工会|true|false"},
		{"the page alone", `const w = open('pages/web/web.js', { path: '%2Fme' }); said.push(w.data.src)`, "relaunch /pages/index/index?path=%2Fme|"},
		{"withdrawn", `open('pages/index/index.js').agree(); said.length = 0; const p = open('pages/index/index.js', { withdraw: '1' }); said.push(String(p.data.asking))`, "title 浙江工会|true"},
		{
			"shared", `open('pages/index/index.js', { path: '%2Fnews%3Fid%3D1' }).agree(); const w = open('pages/web/web.js', { path: '%2Fnews%3Fid%3D1' }); said.push(w.data.src, w.onShareAppMessage({ webViewUrl: 'https://zj.example.cn/a?b=1' }).path)`,
			"title 浙江工会|redirect /pages/web/web?path=%2Fnews%3Fid%3D1|title 浙江工会|https://zj.example.cn/news?id=1|/pages/index/index?path=%2Fa%3Fb%3D1",
		},
		{
			"another host", `open('pages/index/index.js').agree(); said.length = 0; for (const path of ['//evil.cn/', '/\\evil.cn', 'https://evil.cn/', '@evil.cn', '.evil.cn', '']) { said.push(open('pages/web/web.js', { path: encodeURIComponent(path) }).data.src) }
said.push(open('pages/web/web.js').onShareAppMessage({ webViewUrl: 'https://zj.example.cn.evil.cn/x' }).path)`,
			strings.Repeat("title 浙江工会|https://zj.example.cn/?from=mp|", 6) + "title 浙江工会|/pages/index/index",
		},
		{
			"failure", `open('pages/index/index.js').agree(); said.length = 0; const w = open('pages/web/web.js'); w.failed(); said.push(String(w.data.failed), w.data.src); w.retry(); said.push(w.data.src)`,
			"title 浙江工会|true||https://zj.example.cn/?from=mp",
		},
	} {
		if got := strings.Join(drive(t, in, c.script), "|"); got != c.want {
			t.Errorf("%s: %s, wanted %s", c.name, got, c.want)
		}
	}
}

func TestHostileNames(t *testing.T) {
	for _, name := range readers.Hostile {
		in := sample(t)
		in.Name, in.Consent.Title, in.Consent.Text = input.Text{ZH: name, EN: name}, input.Text{ZH: name, EN: name}, input.Text{ZH: name + "\n" + name, EN: name}
		in.Start = "https://zj.example.cn/?a='\"</script>"
		got := drive(t, in, `const p = open('pages/index/index.js'); said.push(p.data.name, p.data.text); p.agree(); said.push(open('pages/web/web.js').data.src)`)
		want := []string{"title " + name, name, name + "\n" + name, "redirect /pages/web/web", "title " + name, in.Start}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q became %q", name, got)
		}
		readers.Sound(t, build(t, in), map[string]string{".js": "js", ".json": "json", ".wxml": "wxml"})
	}
}

func TestWrongFieldsAreNamed(t *testing.T) {
	type row struct {
		field string
		spoil func(*miniprogram.Input)
	}
	rows := []row{
		{"appId", func(in *miniprogram.Input) { in.AppID = "" }},
		{"appId", func(in *miniprogram.Input) { in.AppID = "wx0123456789ABCDEF" }},
		{"versionName", func(in *miniprogram.Input) { in.VersionName = "一" }},
		{"start", func(in *miniprogram.Input) { in.Start = "https://zj.example.cn:8443/" }},
		{"start", func(in *miniprogram.Input) { in.Start = "https://10.0.0.1/" }},
		{"consent.policy", func(in *miniprogram.Input) { in.Consent.Policy = "" }},
		{"colors", func(in *miniprogram.Input) { in.Colors.GroundDark = 1 << 25 }},
		{"icon", func(in *miniprogram.Input) { in.Icon = in.Icon[:10] }},
		{"language", func(in *miniprogram.Input) { in.Language = "zh-CN" }},
	}
	for _, name := range readers.Refused {
		rows = append(rows, row{"name.zh", func(in *miniprogram.Input) { in.Name.ZH = name }}, row{"name.en", func(in *miniprogram.Input) { in.Name.EN = name }})
	}
	good := sample(t)
	for _, r := range rows {
		in := good
		r.spoil(&in)
		_, err := miniprogram.Build(in)
		readers.Wrong(t, err, r.field)
	}
}
