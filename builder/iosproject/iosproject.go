// Package iosproject makes the Xcode project of a body's iOS app, for a store build with the body's own developer account. The
// program is the same for every body; what differs stands in files of data, which encoders write.
package iosproject

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"howett.net/plist"

	"gonghui/app/kit/fault"
	"gonghui/builder/icon"
	"gonghui/builder/input"
)

// Side is that of the icons, in pixels: the App Store's, from which Xcode cuts all others.
const Side = 1024

// Input is all that a project is made from; equal inputs give equal bytes.
type Input struct {
	ID          string // bundle id: "cn.example.union"
	VersionCode int32  // build number, higher with each submission
	VersionName string // up to three numbers with dots between
	Name        input.Text
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

var (
	// Apple takes letters, digits, hyphens and dots, where Android takes letters, digits, underscores and dots.
	versionForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){0,2}$`)
	maxCode     = int32(2_100_000_000)
)

func (in Input) check() error {
	if err := input.ID("id", in.ID); err != nil {
		return err
	}
	if strings.Contains(in.ID, "_") {
		return fault.Field("id", "苹果的 Bundle ID 不能含下划线，请换一个标识", "Apple's Bundle ID has no underscore, choose another id")
	}
	if in.VersionCode < 1 || in.VersionCode > maxCode {
		return fault.Field("versionCode", "版本号须在 1 到 2100000000 之间", "The version code must be from 1 to 2100000000")
	}
	if !versionForm.MatchString(in.VersionName) {
		return fault.Field("versionName", "苹果的版本名须为一到三段数字，用点分开，例如 1.2.0", "Apple's version name is one to three numbers with dots between, such as 1.2.0")
	}
	for _, err := range []error{
		input.Both("name", in.Name, input.MaxName), input.Address("start", in.Start), input.Scheme("scheme", in.Scheme), input.Hosts("hosts", in.Hosts),
		in.Consent.Check(), in.Colors.Check(), input.Picture("icons.whole", in.Icons.Whole, Side), input.Picture("icons.layer", in.Icons.Layer, Side),
		input.Picture("icons.shape", in.Icons.Shape, Side), input.Language("language", in.Language),
	} {
		if err != nil {
			return err
		}
	}
	if input.Name(in.Start) == "" {
		return fault.Field("start", "起始地址须用域名，不能用 IP 地址", "The start address must have a host name, not an IP address")
	}
	return nil
}

// domains are those whose pages belong to the app, each once.
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
		return nil, fmt.Errorf("iosproject: %w", err)
	}
	t["App.xcconfig"] = fmt.Appendf(nil, "PRODUCT_BUNDLE_IDENTIFIER = %s\nMARKETING_VERSION = %s\nCURRENT_PROJECT_VERSION = %d\n", in.ID, in.VersionName, in.VersionCode)
	for path, list := range map[string]any{
		"App/Info.plist":                      in.info(),
		"App/App.entitlements":                in.entitlements(),
		"App/PrivacyInfo.xcprivacy":           privacy(),
		"App/zh-Hans.lproj/InfoPlist.strings": in.strings(func(t input.Text) string { return t.ZH }),
		"App/en.lproj/InfoPlist.strings":      in.strings(func(t input.Text) string { return t.EN }),
	} {
		b, err := plist.MarshalIndent(list, plist.XMLFormat, "\t")
		if err != nil {
			return nil, fmt.Errorf("iosproject: %s: %w", path, err)
		}
		t[path] = append(b, '\n')
	}
	if err := in.assets(t); err != nil {
		return nil, fmt.Errorf("iosproject: %w", err)
	}
	if err := set(t, "App/config.json", in.config()); err != nil {
		return nil, fmt.Errorf("iosproject: %w", err)
	}
	if err := t.Render("README.md.tmpl", "README.md", struct {
		Input
		Version string
		Code    int32
		Domains []string
	}{in, in.VersionName, in.VersionCode, in.domains()}); err != nil {
		return nil, fmt.Errorf("iosproject: %w", err)
	}
	b, err := t.Zip("ios")
	if err != nil {
		return nil, fmt.Errorf("iosproject: %w", err)
	}
	return b, nil
}

// set writes a value as JSON.
func set(t input.Tree, path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	t[path] = append(b, '\n')
	return nil
}

// config is what the program reads.
func (in Input) config() any {
	return struct {
		Start    string        `json:"start"`
		Name     input.Text    `json:"name"`
		Brand    string        `json:"brand"` // #RRGGBB
		Ground   string        `json:"ground"`
		Dark     string        `json:"groundDark"`
		Scheme   string        `json:"scheme"`
		Hosts    []string      `json:"hosts"`
		Language string        `json:"language"`
		Consent  input.Consent `json:"consent"`
	}{
		in.Start, in.Name, input.Hex(in.Colors.Brand), input.Hex(in.Colors.Ground), input.Hex(in.Colors.GroundDark),
		in.Scheme, append([]string{}, in.Hosts...), in.Language, in.Consent,
	}
}
