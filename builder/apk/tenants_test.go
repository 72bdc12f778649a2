package apk_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"image"
	"image/color"
	"math/big"
	mathrand "math/rand/v2"
	"sync"
	"testing"
	"time"

	"gonghui/builder/apk"
	"gonghui/builder/icon"
	"gonghui/builder/sign"
)

// A few keys serve all bodies of the tests: making one takes longer than anything else here.
var identities = sync.OnceValue(func() []sign.Identity {
	var out []sign.Identity
	for _, name := range []string{"浙江省总工会", "Trade Union of 'Quotes', \"Commas\" & Co"} {
		id, _, err := sign.NewIdentity(name, time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
		if err != nil {
			panic(err)
		}
		out = append(out, id)
	}
	return out
})

var authority = sync.OnceValue(func() []byte {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Trial"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return der
})

type tenant struct {
	input    apk.Input
	source   icon.Source
	flat     bool // the logo's middle is of one colour
	identity sign.Identity
}

// Names that break careless tools, all of them allowed.
var names = []apk.Text{
	{ZH: "浙江工会", EN: "Zhejiang Unions"},
	{ZH: "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗总工会", EN: "Morin Dawa Daur Federation of Unions"},
	{ZH: "@string/app_name", EN: "@null"},
	{ZH: `\u0041工会`, EN: `\"quoted\" 'single' & <b>`},
	{ZH: "💪工会👷‍♀️", EN: "Union 🛠️"},
	{ZH: "نقابة العمال", EN: "איגוד עובדים"},
	{ZH: "?attr/colorPrimary", EN: "100% %1$s %%"},
	{ZH: "工会\u00a0之家", EN: "Ünïön – “Home”"},
}

// tenantOf makes the body of that number up, always the same.
func tenantOf(t testing.TB, n int) tenant {
	t.Helper()
	r := mathrand.New(mathrand.NewPCG(7, uint64(n)))
	name := names[n%len(names)]
	if n >= len(names) {
		name = apk.Text{ZH: fmt.Sprintf("第%d工会", n), EN: fmt.Sprintf("Union %d", n)}
	}
	drawing, flat := logo(r)
	source := icon.Source{Logo: drawing, Background: color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255}}
	icons, err := icon.Draw(source)
	if err != nil {
		t.Fatal(err)
	}
	in := apk.Input{
		ID: fmt.Sprintf("cn.gonghui.t%d_%c", n, 'a'+r.IntN(26)), VersionCode: 1 + r.Int32N(2_000_000_000), VersionName: fmt.Sprintf("%d.%d.%d", r.IntN(9), r.IntN(99), n),
		Name: name, Start: fmt.Sprintf("https://t%d.example.cn/?from=app", n),
		Consent: apk.Consent{
			Version: "2026-11-01", Title: apk.Text{ZH: "隐私保护说明", EN: "Privacy notice"}, Policy: "https://example.cn/privacy",
			Text: apk.Text{ZH: "我们怎样处理您的个人信息……\n第二段。", EN: "How we treat your personal data …\nSecond paragraph."},
		},
		Colors: apk.Colors{Brand: r.Uint32() & 0xffffff, Ground: 0xffffff, GroundDark: 0x111111},
		Icons:  icons,
		Uses:   apk.Uses{Camera: r.IntN(2) == 0, Microphone: r.IntN(2) == 0, Location: r.IntN(2) == 0},
	}
	if r.IntN(2) == 0 {
		in.Scheme = fmt.Sprintf("gonghui-%d", n)
	}
	for i := range r.IntN(4) {
		in.Hosts = append(in.Hosts, fmt.Sprintf("t%d-%d.example.cn", n, i))
	}
	if r.IntN(2) == 0 {
		in.Update = fmt.Sprintf("https://t%d.example.cn/app/update.json", n)
	}
	if r.IntN(4) == 0 {
		in.TrialCA = authority()
	}
	if r.IntN(3) == 0 {
		in.Language = "en"
	}
	return tenant{in, source, flat, identities()[n%2]}
}

// logo is a drawing of its own, flat, clear around or not, or a picture with many colours.
func logo(r *mathrand.Rand) (drawing image.Image, flat bool) {
	w, h := 64+r.IntN(448), 64+r.IntN(448)
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	kind := r.IntN(4)
	ink := color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255}
	cx, cy, rad := w/2, h/2, min(w, h)/3
	for y := range h {
		for x := range w {
			in := (x-cx)*(x-cx)+(y-cy)*(y-cy) < rad*rad
			switch {
			case kind == 0:
				img.SetNRGBA(x, y, color.NRGBA{uint8(r.Uint32()), uint8(x), uint8(y), 255})
			case kind == 1 && !in:
				img.SetNRGBA(x, y, color.NRGBA{255, 255, 255, 255})
			case in:
				img.SetNRGBA(x, y, ink)
			}
		}
	}
	return img, kind != 0
}

// draw makes the body's icons anew.
func (tn *tenant) draw(t testing.TB) {
	t.Helper()
	icons, err := icon.Draw(tn.source)
	if err != nil {
		t.Fatal(err)
	}
	tn.input.Icons = icons
}

func (tn tenant) signed(t testing.TB) []byte {
	t.Helper()
	raw, err := apk.Build(tn.input)
	if err != nil {
		t.Fatal(err)
	}
	out, err := sign.Package(raw, tn.identity)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
