// Package miniprogram makes the WeChat mini-program of a body: a page that asks for consent, and one that shows the member app
// in a web-view. The program is the same for every body; what differs stands in files of data.
package miniprogram

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"

	"gonghui/app/kit/fault"
	"gonghui/builder/input"
)

// Side is that of the icon, in pixels.
const Side = 240

// Input is all that a project is made from; equal inputs give equal bytes.
type Input struct {
	AppID       string // WeChat's: "wx" and 16 hexadecimal digits
	VersionName string
	Name        input.Text
	Start       string // https address that the program opens; WeChat takes a host name without a port
	Consent     input.Consent
	Colors      input.Colors
	Icon        []byte // PNG of Side
	Language    string // "zh" or "en" for a phone whose language is neither; empty is zh
}

//go:embed all:project
var project embed.FS

var appIDForm = regexp.MustCompile(`^wx[0-9a-f]{16}$`)

func (in Input) check() error {
	if !appIDForm.MatchString(in.AppID) {
		return fault.Field("appId", "小程序 AppID 以 wx 开头，后接 16 位小写十六进制字符，可在小程序后台“开发设置”中查到",
			"A mini-program's AppID is wx and 16 small hexadecimal digits; the console shows it under development settings")
	}
	for _, err := range []error{
		input.Version("versionName", in.VersionName), input.Both("name", in.Name, input.MaxName), input.Address("start", in.Start),
		in.Consent.Check(), in.Colors.Check(), input.Picture("icon", in.Icon, Side), input.Language("language", in.Language),
	} {
		if err != nil {
			return err
		}
	}
	if u, err := url.Parse(in.Start); err != nil || u.Port() != "" || input.Name(in.Start) == "" {
		return fault.Field("start", "微信业务域名不支持 IP 地址和端口，请使用 https 默认端口的域名", "WeChat takes neither IP addresses nor ports: use a host name with the usual port of https")
	}
	return nil
}

// Build makes the project as a zip file. What is wrong with the input is an error of fault.Field.
func Build(in Input) ([]byte, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.Language == "" {
		in.Language = "zh"
	}
	t := input.Tree{}
	if err := t.Copy(project, "project"); err != nil {
		return nil, fmt.Errorf("miniprogram: %w", err)
	}
	t["images/logo.png"] = in.Icon
	for path, v := range map[string]any{
		"app.json": in.app(), "theme.json": in.theme(), "sitemap.json": sitemap(), "project.config.json": in.tool(), "config.js": in.config(),
	} {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("miniprogram: %s: %w", path, err)
		}
		if path == "config.js" {
			b = fmt.Appendf(nil, "module.exports = %s;", b)
		}
		t[path] = append(b, '\n')
	}
	hex := input.Hex
	for _, r := range []struct {
		from, to string
		data     any
	}{
		{"app.wxss.tmpl", "app.wxss", struct{ Brand, OnBrand, Ground, Ink, Dark, DarkInk string }{
			hex(in.Colors.Brand), hex(input.Ink(in.Colors.Brand)), hex(in.Colors.Ground), hex(input.Ink(in.Colors.Ground)),
			hex(in.Colors.GroundDark), hex(input.Ink(in.Colors.GroundDark)),
		}},
		{"README.md.tmpl", "README.md", struct {
			Input
			Host string
		}{in, input.Name(in.Start)}},
	} {
		if err := t.Render(r.from, r.to, r.data); err != nil {
			return nil, fmt.Errorf("miniprogram: %w", err)
		}
	}
	b, err := t.Zip("miniprogram")
	if err != nil {
		return nil, fmt.Errorf("miniprogram: %w", err)
	}
	return b, nil
}

type dict = map[string]any

// app is app.json: pages and the bar above them.
func (in Input) app() dict {
	return dict{
		"pages": []string{"pages/index/index", "pages/web/web"},
		"window": dict{
			"navigationBarTitleText": in.Name.ZH, "navigationBarBackgroundColor": input.Hex(in.Colors.Brand), "navigationBarTextStyle": bar(in.Colors.Brand),
			"backgroundColor": "@ground", "backgroundTextStyle": "@loading",
		},
		"darkmode": true, "themeLocation": "theme.json", "sitemapLocation": "sitemap.json", "style": "v2", "lazyCodeLoading": "requiredComponents",
		"__usePrivacyCheck__": true,
	}
}

// bar is the colour of signs on a bar: WeChat knows two.
func bar(ground uint32) string {
	if input.Ink(ground) == 0xFFFFFF {
		return "white"
	}
	return "black"
}

func (in Input) theme() dict {
	return dict{
		"light": dict{"ground": input.Hex(in.Colors.Ground), "loading": "dark"},
		"dark":  dict{"ground": input.Hex(in.Colors.GroundDark), "loading": "light"},
	}
}

// sitemap lets WeChat's search find the first page and nothing of a member's.
func sitemap() dict {
	return dict{"rules": []dict{{"action": "allow", "page": "pages/index/index"}, {"action": "disallow", "page": "*"}}}
}

// tool is project.config.json, for WeChat's developer tools.
func (in Input) tool() dict {
	return dict{
		"appid": in.AppID, "projectname": "union", "compileType": "miniprogram", "libVersion": "3.6.0",
		"setting":     dict{"urlCheck": true, "es6": true, "postcss": true, "minified": true, "enhance": true, "uglifyFileName": true},
		"packOptions": dict{"ignore": []dict{{"type": "file", "value": "README.md"}}, "include": []dict{}},
	}
}

// config is what the program reads.
func (in Input) config() any {
	return struct {
		Start    string        `json:"start"`
		Name     input.Text    `json:"name"`
		Language string        `json:"language"`
		Consent  input.Consent `json:"consent"`
	}{in.Start, in.Name, in.Language, in.Consent}
}
