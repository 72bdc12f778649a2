// Package filing makes the sheet that a body files its app with: what China's authorities and app shops ask of an app (MIIT,
// notice on filing mobile apps, 2023, no. 105), as a table for computers and as a page for people.
package filing

import (
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"gonghui/app/kit/creditcode"
	"gonghui/app/kit/fault"
	"gonghui/builder/input"
	"gonghui/builder/sign"
)

// Side is that of the icon, in pixels.
const Side = 240

// Input is all that a sheet is made from; equal inputs give equal bytes.
type Input struct {
	Name       input.Text
	Body       input.Text // who runs the app
	CreditCode string     // unified social credit code of the body; empty when it is not known here
	Start      string     // https address that the app opens
	Hosts      []string   // further domains of the app
	Policy     string     // https address of the privacy policy
	Icon       []byte     // PNG of Side
	Day        time.Time  // of the sheet

	Android     Android
	IOS         App    // its certificate is made in the body's own account: left open
	Harmony     App    // likewise
	MiniProgram string // AppID; empty for none
}

// Android is the package that the body signs itself.
type Android struct {
	App
	Certificate *x509.Certificate // with an RSA key
}

// App is one platform's; without an ID there is none.
type App struct {
	ID, Version string
}

const maxBody = 200 // characters

func (in Input) check() error {
	for _, err := range []error{
		input.Both("name", in.Name, input.MaxName), input.Both("body", in.Body, maxBody), input.Address("start", in.Start), input.Hosts("hosts", in.Hosts),
		input.Address("policy", in.Policy), input.Picture("icon", in.Icon, Side),
	} {
		if err != nil {
			return err
		}
	}
	var code *creditcode.Error
	if in.CreditCode != "" && errors.As(creditcode.Validate(in.CreditCode), &code) {
		return fault.Field("creditCode", code.Zh, code.En)
	}
	if in.Day.IsZero() {
		return fault.Field("day", "缺少制表日期", "The day of the sheet is missing")
	}
	for _, a := range []struct {
		field string
		app   App
	}{{"android", in.Android.App}, {"ios", in.IOS}, {"harmony", in.Harmony}} {
		if a.app == (App{}) {
			continue
		}
		if err := input.ID(a.field+".id", a.app.ID); err != nil {
			return err
		}
		if err := input.Version(a.field+".version", a.app.Version); err != nil {
			return err
		}
	}
	if in.Android.ID != "" && in.Android.Certificate == nil {
		return fault.Field("android.certificate", "缺少安卓签名证书", "The certificate of the Android package is missing")
	}
	if in.MiniProgram != "" {
		if err := input.Line("miniProgram", in.MiniProgram, 32); err != nil {
			return err
		}
	}
	if in.Android.ID == "" && in.IOS.ID == "" && in.Harmony.ID == "" && in.MiniProgram == "" {
		return fault.Field("android.id", "至少要有一个平台的应用", "There must be an app for at least one platform")
	}
	return nil
}

// part is a heading and the lines under it.
type part struct {
	Title input.Text
	Note  input.Text
	Lines []line
}

// line is one fact. Mono is for what is compared letter by letter; Open is for what the body fills in by hand.
type line struct {
	Item       input.Text
	Value      string
	Mono, Open bool
}

func fact(zh, en, value string) line { return line{Item: input.Text{ZH: zh, EN: en}, Value: value} }

func exact(zh, en, value string) line {
	return line{Item: input.Text{ZH: zh, EN: en}, Value: value, Mono: true}
}

func open(zh, en string) line { return line{Item: input.Text{ZH: zh, EN: en}, Open: true} }

// parts are what the sheet says, in order.
func (in Input) parts() ([]part, error) {
	domains := in.Hosts
	if u, err := url.Parse(in.Start); err == nil && !slices.Contains(domains, strings.ToLower(u.Hostname())) {
		domains = append([]string{strings.ToLower(u.Hostname())}, domains...)
	}
	code := exact("统一社会信用代码", "Credit code", in.CreditCode)
	code.Open = in.CreditCode == ""
	out := []part{
		{Title: input.Text{ZH: "主办单位", EN: "Body"}, Lines: []line{
			fact("单位名称", "Name", in.Body.ZH), fact("英文名称", "Name in English", in.Body.EN), code, open("负责人及联系电话", "Person in charge, telephone"),
		}},
		{Title: input.Text{ZH: "应用", EN: "App"}, Lines: []line{
			fact("应用名称", "Name", in.Name.ZH), fact("英文名称", "Name in English", in.Name.EN), fact("服务域名", "Domains", strings.Join(domains, "、")),
			fact("应用网址", "Address", in.Start), fact("隐私政策", "Privacy policy", in.Policy), open("接入服务商、服务器 IP", "Provider, server address"), open("ICP 备案号", "Filing number"),
		}},
	}
	if in.Android.ID != "" {
		lines, err := certificate(in.Android.Certificate)
		if err != nil {
			return nil, err
		}
		out = append(out, part{
			Title: input.Text{ZH: "安卓 Android", EN: ""},
			Note:  input.Text{ZH: "指纹与公钥取自本单位的签名证书，各应用市场填写一致。", EN: "Fingerprints and key are of this body's own certificate, the same for every shop."},
			Lines: append([]line{exact("包名", "Package name", in.Android.ID), fact("版本", "Version", in.Android.Version)}, lines...),
		})
	}
	own := input.Text{ZH: "证书由本单位的开发者账号签发，编译后在此补填。", EN: "The certificate comes from the body's own developer account: fill it in after the build."}
	for _, a := range []struct {
		app           App
		title, zh, en string
	}{{in.IOS, "苹果 iOS", "Bundle ID", "Bundle ID"}, {in.Harmony, "鸿蒙 HarmonyOS", "包名", "Bundle name"}} {
		if a.app.ID != "" {
			out = append(out, part{Title: input.Text{ZH: a.title}, Note: own, Lines: []line{
				exact(a.zh, a.en, a.app.ID), fact("版本", "Version", a.app.Version), open("证书 SHA-1", "Certificate SHA-1"), open("公钥", "Public key"),
			}})
		}
	}
	if in.MiniProgram != "" {
		out = append(out, part{Title: input.Text{ZH: "微信小程序", EN: "WeChat mini-program"}, Lines: []line{exact("AppID", "AppID", in.MiniProgram)}})
	}
	return out, nil
}

// certificate is what is filed of a signing certificate.
func certificate(c *x509.Certificate) ([]line, error) {
	f, err := sign.FingerprintsOf(c)
	if err != nil {
		return nil, fault.Field("android.certificate", "安卓签名证书须为 RSA 证书", "The certificate of the Android package must have an RSA key")
	}
	modulus := new(big.Int).SetBytes(f.Modulus)
	return []line{
		exact("证书 MD5", "Certificate MD5", colons(f.MD5)),
		exact("证书 SHA-1", "Certificate SHA-1", colons(f.SHA1)),
		exact("证书 SHA-256", "Certificate SHA-256", colons(f.SHA256)),
		exact("公钥算法", "Public key algorithm", fmt.Sprintf("RSA %d", modulus.BitLen())),
		exact("公钥模数（十六进制）", "Modulus, hexadecimal", strings.ToUpper(hex.EncodeToString(f.Modulus))),
		exact("公钥模数（十进制）", "Modulus, decimal", modulus.String()),
		fact("证书有效期至", "Valid until", c.NotAfter.UTC().Format(time.DateOnly)),
	}, nil
}

// colons is a fingerprint as openssl and keytool write it.
func colons(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = fmt.Sprintf("%02X", c)
	}
	return strings.Join(parts, ":")
}
