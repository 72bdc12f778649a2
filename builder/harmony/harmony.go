// Package harmony makes the HarmonyOS project of a body's app (ArkTS, stage model), for a store build with the body's own
// developer account. The program is the same for every body; what differs stands in files of data.
package harmony

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gonghui/app/kit/fault"
	"gonghui/builder/icon"
	"gonghui/builder/input"
)

// Side is that of the icons' layers, in pixels.
const Side = 1024

// Input is all that a project is made from; equal inputs give equal bytes.
type Input struct {
	ID          string // bundle name, of at least three parts: "cn.example.union"
	VersionCode int32  // higher with each submission
	VersionName string
	Name        input.Text
	Vendor      string   // the body that publishes the app
	Start       string   // https address that the app opens
	Scheme      string   // of links that open the app; empty for none
	Hosts       []string // whose https links open the app, beside the start's
	Consent     input.Consent
	Colors      input.Colors
	Icons       icon.Large // of Side
	Uses        input.Uses
	Language    string // "zh" or "en" for a phone whose language is neither; empty is zh
}

//go:embed all:project
var project embed.FS

const (
	maxCode   = 2_100_000_000
	maxVendor = 200 // characters
)

// reference is what the resource compiler takes for the name of another resource.
var reference = regexp.MustCompile(`^\$(ohos:)?[a-z]+:`)

func (in Input) check() error {
	if err := input.ID("id", in.ID); err != nil {
		return err
	}
	if n := strings.Count(in.ID, "."); n < 2 || len(in.ID) < 7 {
		return fault.Field("id", "鸿蒙包名须至少三段，例如 cn.example.union", "A HarmonyOS bundle name has at least three parts, such as cn.example.union")
	}
	if in.VersionCode < 1 || in.VersionCode > maxCode {
		return fault.Field("versionCode", "版本号须在 1 到 2100000000 之间", "The version code must be from 1 to 2100000000")
	}
	for _, err := range []error{
		input.Version("versionName", in.VersionName), input.Both("name", in.Name, input.MaxName), input.Line("vendor", in.Vendor, maxVendor), input.Address("start", in.Start),
		input.Scheme("scheme", in.Scheme), input.Hosts("hosts", in.Hosts), in.Consent.Check(), in.Colors.Check(),
		input.Picture("icons.layer", in.Icons.Layer, Side), input.Picture("icons.ground", in.Icons.Ground, Side), input.Language("language", in.Language),
	} {
		if err != nil {
			return err
		}
	}
	for _, n := range []struct{ field, text string }{{"name.zh", in.Name.ZH}, {"name.en", in.Name.EN}} {
		if reference.MatchString(n.text) {
			return fault.Field(n.field, "名称不能以“$类型:”开头，鸿蒙会把它当作资源引用", "A name cannot begin with $type:, which HarmonyOS takes for a reference")
		}
	}
	if input.Name(in.Start) == "" {
		return fault.Field("start", "起始地址须用域名，不能用 IP 地址", "The start address must have a host name, not an IP address")
	}
	return nil
}

// domains are those whose links open the app, each once.
func (in Input) domains() []string {
	all := append([]string{input.Name(in.Start)}, in.Hosts...)
	slices.Sort(all)
	return slices.Compact(all)
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
		return nil, fmt.Errorf("harmony: %w", err)
	}
	const app, entry = "AppScope/resources/", "entry/src/main/resources/"
	t[app+"base/media/foreground.png"] = in.Icons.Layer
	t[app+"base/media/background.png"] = in.Icons.Ground
	t[entry+"base/media/start.png"] = in.Icons.Layer
	files := map[string]any{
		"AppScope/app.json5":              in.app(),
		"entry/src/main/module.json5":     in.module(),
		entry + "rawfile/config.json":     in.config(),
		entry + "base/element/color.json": colors(in.Colors, in.Colors.Ground),
		entry + "dark/element/color.json": colors(in.Colors, in.Colors.GroundDark),
	}
	zh := func(t input.Text) string { return t.ZH }
	en := func(t input.Text) string { return t.EN }
	base := zh
	if in.Language == "en" {
		base = en
	}
	for folder, say := range map[string]func(input.Text) string{"base": base, "zh_CN": zh, "en_US": en} {
		files[app+folder+"/element/string.json"] = list("string", map[string]string{"app_name": say(in.Name)})
		said := map[string]string{}
		for name, words := range words {
			said[name] = say(words)
		}
		files[entry+folder+"/element/string.json"] = list("string", said)
	}
	for path, v := range files {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("harmony: %s: %w", path, err)
		}
		t[path] = append(b, '\n')
	}
	if err := t.Render("README.md.tmpl", "README.md", struct {
		Input
		Policy  string
		Domains []string
	}{in, in.Consent.Policy, in.domains()}); err != nil {
		return nil, fmt.Errorf("harmony: %w", err)
	}
	b, err := t.Zip("harmony")
	if err != nil {
		return nil, fmt.Errorf("harmony: %w", err)
	}
	return b, nil
}
