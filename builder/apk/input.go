package apk

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonghui/app/kit/fault"
	"gonghui/builder/icon"
)

// Text is said in both languages of the product.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Input is all that a package is made from; equal inputs give equal bytes.
type Input struct {
	// ID is the application id, by which phones and shops tell apps apart, for ever: "cn.example.union".
	ID string
	// VersionCode rises with every package of an app that is published, a roll-back included.
	VersionCode int32
	VersionName string
	Name        Text // under the icon

	Start    string   // https address that the app opens
	Scheme   string   // of links that open the app, "ghunion": ghunion://open/path
	Hosts    []string // whose https links open the app, once assetlinks.json there names it
	Update   string   // https address of the update manifest; empty where a shop updates
	Consent  Consent
	Colors   Colors
	Icons    icon.Set
	Uses     Uses
	TrialCA  []byte // certificate in DER of a local authority that a trial package trusts for its hosts; such packages are not for publishing
	Language string // "zh" or "en" for a phone whose language is neither; empty is zh
}

// Consent is what a person reads before the app does anything, and agrees to or leaves.
type Consent struct {
	Version string `json:"version"` // of the texts; another version asks anew
	Title   Text   `json:"title"`
	Text    Text   `json:"text"`
	Policy  string `json:"policy"` // https address of the whole policy
}

// Colors are the body's, as 0xRRGGBB.
type Colors struct {
	Brand      uint32 // of bars and buttons
	Ground     uint32 // behind text, in light
	GroundDark uint32 // behind text, in dark
}

// Uses are what the app may ask for, each at the moment that a page wants it.
type Uses struct {
	Camera, Microphone, Location bool
}

const (
	maxName        = 40     // characters; launchers show about ten
	maxConsentText = 20_000 // characters
	maxHosts       = 8
	maxURL         = 2000 // bytes
	// maxVersionCode is the highest that Google Play takes; other shops take no more.
	maxVersionCode = 2_100_000_000
)

var (
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
	schemeForm  = regexp.MustCompile(`^[a-z][a-z0-9.+-]{2,29}$`)
	hostForm    = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	versionForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+-]{0,49}$`)
)

// Schemes that phones or browsers keep for themselves.
var takenSchemes = []string{"http", "https", "file", "content", "javascript", "data", "blob", "about", "intent", "tel", "mailto", "sms", "geo", "market", "weixin", "alipays"}

// check names the first field that is wrong.
func (in Input) check() error {
	if !idForm.MatchString(in.ID) || len(in.ID) > 100 {
		return fault.Field("id", "应用包名须为小写字母、数字、下划线，用点分成至少两段，每段以字母开头，总长不超过 100",
			"The application id takes small letters, digits and underscores, in two or more parts with dots between, each beginning with a letter, 100 in all")
	}
	if in.VersionCode < 1 || in.VersionCode > maxVersionCode {
		return fault.Field("versionCode", "版本号须在 1 到 2100000000 之间", "The version code must be from 1 to 2100000000")
	}
	if !versionForm.MatchString(in.VersionName) {
		return fault.Field("versionName", "版本名须为不超过 50 个的字母、数字、点、加号或连字符", "The version name takes up to 50 letters, digits, dots, plus signs and hyphens")
	}
	for _, n := range []struct{ field, text string }{{"name.zh", in.Name.ZH}, {"name.en", in.Name.EN}} {
		if err := line(n.field, n.text, maxName); err != nil {
			return err
		}
	}
	if in.Scheme != "" {
		if !schemeForm.MatchString(in.Scheme) {
			return fault.Field("scheme", "链接协议须以小写字母开头，由 3 到 30 个小写字母、数字、点、加号、连字符组成",
				"A link scheme begins with a small letter and has 3 to 30 small letters, digits, dots, plus signs and hyphens")
		}
		for _, s := range takenSchemes {
			if in.Scheme == s {
				return fault.Field("scheme", "该链接协议已由系统或其他应用使用，请换一个", "Phones or other apps use this link scheme already, choose another")
			}
		}
	}
	if len(in.Hosts) > maxHosts {
		return fault.Field("hosts", fmt.Sprintf("域名最多 %d 个", maxHosts), fmt.Sprintf("At most %d hosts are taken", maxHosts))
	}
	for i, h := range in.Hosts {
		if !hostForm.MatchString(h) || len(h) > 253 {
			return fault.Field(fmt.Sprintf("hosts[%d]", i), "域名格式不正确", "This is not a host name")
		}
	}
	if err := in.addresses(); err != nil {
		return err
	}
	if err := in.Consent.check(); err != nil {
		return err
	}
	if max(in.Colors.Brand, in.Colors.Ground, in.Colors.GroundDark) > 0xffffff {
		return fault.Field("colors", "颜色须为六位十六进制数", "A colour has six hexadecimal digits")
	}
	if len(in.Icons.Legacy) == 0 || len(in.Icons.Foreground) == 0 || len(in.Icons.Monochrome) == 0 {
		return fault.Field("icons", "缺少应用图标", "The icons are missing")
	}
	if in.TrialCA != nil {
		if c, err := x509.ParseCertificate(in.TrialCA); err != nil || !c.IsCA {
			return fault.Field("trialCa", "试用证书须为一份 CA 证书（DER）", "The trial certificate must be an authority's, in DER")
		}
	}
	if in.Language != "" && in.Language != "zh" && in.Language != "en" {
		return fault.Field("language", "默认语言须为 zh 或 en", "The language must be zh or en")
	}
	return nil
}

func (in Input) addresses() error {
	for _, a := range []struct {
		field, address string
		optional       bool
	}{{"start", in.Start, false}, {"update", in.Update, true}, {"consent.policy", in.Consent.Policy, false}} {
		if a.address == "" && a.optional {
			continue
		}
		u, err := url.Parse(a.address)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(a.address) > maxURL || strings.ContainsFunc(a.address, unicode.IsSpace) {
			return fault.Field(a.field, "须为完整的 https 地址", "This must be a whole https address")
		}
	}
	return nil
}

func (c Consent) check() error {
	if !versionForm.MatchString(c.Version) {
		return fault.Field("consent.version", "须填写隐私说明的版本，用字母、数字、点或连字符", "The privacy notice needs a version of letters, digits, dots or hyphens")
	}
	for _, n := range []struct{ field, text string }{{"consent.title.zh", c.Title.ZH}, {"consent.title.en", c.Title.EN}} {
		if err := line(n.field, n.text, maxName); err != nil {
			return err
		}
	}
	for _, n := range []struct{ field, text string }{{"consent.text.zh", c.Text.ZH}, {"consent.text.en", c.Text.EN}} {
		bad := func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || direction(r)) }
		if strings.TrimSpace(n.text) == "" || !utf8.ValidString(n.text) || utf8.RuneCountInString(n.text) > maxConsentText || strings.ContainsFunc(n.text, bad) {
			return fault.Field(n.field, fmt.Sprintf("须填写隐私说明，不超过 %d 字，不含控制字符", maxConsentText),
				fmt.Sprintf("The privacy notice is needed, of at most %d characters and without control characters", maxConsentText))
		}
	}
	return nil
}

// line refuses what is not one line of plain text: control characters, and those that turn the direction of what follows.
func line(field, s string, most int) error {
	bad := func(r rune) bool {
		return unicode.IsControl(r) || direction(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar || r == '\ufeff'
	}
	if strings.TrimSpace(s) != s || s == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > most || strings.ContainsFunc(s, bad) ||
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }) {
		return fault.Field(field, fmt.Sprintf("须为 1 到 %d 个字，首尾无空格，不含控制字符与改变书写方向的字符", most),
			fmt.Sprintf("This takes 1 to %d characters without space at the ends, control characters and marks of direction", most))
	}
	return nil
}

func direction(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r)
}
