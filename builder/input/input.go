// Package input holds what a body says of its app whatever it is packed as, and the checks of it. Every error is one of
// fault.Field and names the field as in the JSON of the request.
package input

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonghui/app/kit/fault"
)

// Text is said in both languages of the product.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
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
	MaxName        = 40     // characters; launchers show about ten
	MaxTitle       = 80     // characters
	MaxConsentText = 30_000 // characters
	MaxHosts       = 8
	MaxURL         = 2000 // bytes
)

var (
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
	schemeForm  = regexp.MustCompile(`^[a-z][a-z0-9.+-]{2,29}$`)
	hostForm    = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	versionForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+-]{0,49}$`)
)

// Schemes that phones or browsers keep for themselves.
var takenSchemes = []string{"http", "https", "file", "content", "javascript", "data", "blob", "about", "intent", "tel", "mailto", "sms", "geo", "market", "weixin", "alipays"}

// ID checks the name by which phones and shops tell apps apart.
func ID(field, s string) error {
	if !idForm.MatchString(s) || len(s) > 100 {
		return fault.Field(field, "应用包名须为小写字母、数字、下划线，用点分成至少两段，每段以字母开头，总长不超过 100",
			"The application id takes small letters, digits and underscores, in two or more parts with dots between, each beginning with a letter, 100 in all")
	}
	return nil
}

// Version checks the name of a version.
func Version(field, s string) error {
	if !versionForm.MatchString(s) {
		return fault.Field(field, "版本名须为不超过 50 个的字母、数字、点、加号或连字符", "The version name takes up to 50 letters, digits, dots, plus signs and hyphens")
	}
	return nil
}

// Both checks a line in both languages.
func Both(field string, t Text, most int) error {
	if err := Line(field+".zh", t.ZH, most); err != nil {
		return err
	}
	return Line(field+".en", t.EN, most)
}

// Line refuses what is not one line of plain text of at most that many characters: control characters, and those that turn the
// direction of what follows.
func Line(field, s string, most int) error {
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

// Scheme checks that of links that open the app; empty is none.
func Scheme(field, s string) error {
	if s == "" {
		return nil
	}
	if !schemeForm.MatchString(s) {
		return fault.Field(field, "链接协议须以小写字母开头，由 3 到 30 个小写字母、数字、点、加号、连字符组成",
			"A link scheme begins with a small letter and has 3 to 30 small letters, digits, dots, plus signs and hyphens")
	}
	if slices.Contains(takenSchemes, s) {
		return fault.Field(field, "该链接协议已由系统或其他应用使用，请换一个", "Phones or other apps use this link scheme already, choose another")
	}
	return nil
}

// Hosts checks those whose links open the app.
func Hosts(field string, hosts []string) error {
	if len(hosts) > MaxHosts {
		return fault.Field(field, fmt.Sprintf("域名最多 %d 个", MaxHosts), fmt.Sprintf("At most %d hosts are taken", MaxHosts))
	}
	for i, h := range hosts {
		if !hostForm.MatchString(h) || len(h) > 253 {
			return fault.Field(fmt.Sprintf("%s[%d]", field, i), "域名格式不正确", "This is not a host name")
		}
	}
	return nil
}

// Address checks a whole https address.
func Address(field, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(address) > MaxURL || !utf8.ValidString(address) ||
		strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || direction(r) }) {
		return fault.Field(field, "须为完整的 https 地址", "This must be a whole https address")
	}
	return nil
}

// Name is the host name of an https address, in small letters; empty when it has an IP address instead.
func Name(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(name); err == nil || !hostForm.MatchString(name) {
		return ""
	}
	return name
}

// Language checks the one for a phone whose language is neither; empty is zh.
func Language(field, s string) error {
	if s != "" && s != "zh" && s != "en" {
		return fault.Field(field, "默认语言须为 zh 或 en", "The language must be zh or en")
	}
	return nil
}

// Check names the first field of a consent that is wrong, below "consent".
func (c Consent) Check() error {
	if !versionForm.MatchString(c.Version) {
		return fault.Field("consent.version", "须填写隐私说明的版本，用字母、数字、点或连字符", "The privacy notice needs a version of letters, digits, dots or hyphens")
	}
	if err := Both("consent.title", c.Title, MaxTitle); err != nil {
		return err
	}
	for _, n := range []struct{ field, text string }{{"consent.text.zh", c.Text.ZH}, {"consent.text.en", c.Text.EN}} {
		bad := func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || direction(r)) }
		if strings.TrimSpace(n.text) == "" || !utf8.ValidString(n.text) || utf8.RuneCountInString(n.text) > MaxConsentText || strings.ContainsFunc(n.text, bad) {
			return fault.Field(n.field, fmt.Sprintf("须填写隐私说明，不超过 %d 字，不含控制字符", MaxConsentText),
				fmt.Sprintf("The privacy notice is needed, of at most %d characters and without control characters", MaxConsentText))
		}
	}
	return Address("consent.policy", c.Policy)
}
