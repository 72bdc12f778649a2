package webclip_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	kratos "github.com/go-kratos/kratos/v2/errors"

	"gonghui/builder/icon"
	"gonghui/builder/input"
	"gonghui/builder/internal/readers"
	"gonghui/builder/sign"
	"gonghui/builder/webclip"
)

var from = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func sample(t testing.TB) webclip.Input {
	t.Helper()
	logo := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range logo.Pix {
		logo.Pix[i] = 0xff
	}
	drawn, err := icon.DrawLarge(icon.Source{Logo: logo, Background: color.NRGBA{0xc8, 0x16, 0x1d, 0xff}}, webclip.Side)
	if err != nil {
		t.Fatal(err)
	}
	return webclip.Input{
		ID: "cn.example.union", Name: input.Text{ZH: "浙江工会", EN: "Zhejiang Unions"}, Organization: input.Text{ZH: "浙江省总工会", EN: "Zhejiang Federation"},
		About: input.Text{ZH: "把会员端放到主屏幕。", EN: "Puts the member app on the home screen."}, Start: "https://zj.example.cn/?from=clip&a=1", Icon: drawn.Whole,
	}
}

func build(t testing.TB, in webclip.Input) []byte {
	t.Helper()
	b, err := webclip.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// list is a profile as another's parser sees it.
type list struct {
	PayloadContent []struct {
		FullScreen, IsRemovable                                       bool
		Icon, Label, PayloadIdentifier, PayloadType, PayloadUUID, URL string
	}
	PayloadDisplayName, PayloadIdentifier, PayloadOrganization, PayloadType, PayloadUUID string
	PayloadVersion                                                                       int
	ConsentText                                                                          map[string]string
}

func TestProfileIsRead(t *testing.T) {
	in := sample(t)
	var got list
	readers.Plist(t, build(t, in), &got)
	if len(got.PayloadContent) != 1 {
		t.Fatalf("%d payloads", len(got.PayloadContent))
	}
	c := got.PayloadContent[0]
	if got.PayloadType != "Configuration" || c.PayloadType != "com.apple.webClip.managed" || got.PayloadVersion != 1 || !c.FullScreen || !c.IsRemovable ||
		c.Label != in.Name.ZH || c.URL != in.Start || got.PayloadOrganization != in.Organization.ZH || got.ConsentText["en"] != in.About.EN ||
		got.PayloadIdentifier != in.ID || c.PayloadIdentifier == in.ID || c.Icon != base64.StdEncoding.EncodeToString(in.Icon) {
		t.Errorf("%+v", got)
	}
	in.Language = "en"
	var english list
	readers.Plist(t, build(t, in), &english)
	if english.PayloadContent[0].Label != in.Name.EN || english.PayloadDisplayName != in.Name.EN {
		t.Errorf("%+v", english)
	}
	// A profile takes the place of an older one of the same body, and of nobody else's.
	other := sample(t)
	other.ID = "cn.example.other"
	var second list
	readers.Plist(t, build(t, other), &second)
	if english.PayloadUUID != got.PayloadUUID || second.PayloadUUID == got.PayloadUUID || c.PayloadUUID == got.PayloadUUID || len(c.PayloadUUID) != 36 {
		t.Errorf("UUIDs: %s, %s, %s, %s", got.PayloadUUID, english.PayloadUUID, second.PayloadUUID, c.PayloadUUID)
	}
}

func TestHostileNames(t *testing.T) {
	var made [][]byte
	for _, name := range readers.Hostile {
		in := sample(t)
		in.Name, in.Organization.ZH, in.About.ZH = input.Text{ZH: name, EN: name}, name, name
		made = append(made, build(t, in))
	}
	for i, raw := range readers.Plists(t, made...) {
		name := readers.Hostile[i]
		var got list
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.PayloadContent) != 1 || got.PayloadContent[0].Label != name || got.PayloadOrganization != name || got.ConsentText["zh-Hans"] != name {
			t.Errorf("%q became %+v", name, got)
		}
	}
}

func TestWrongFieldsAreNamed(t *testing.T) {
	type row struct {
		field string
		spoil func(*webclip.Input)
	}
	rows := []row{
		{"id", func(in *webclip.Input) { in.ID = "Union" }},
		{"organization.en", func(in *webclip.Input) { in.Organization.EN = strings.Repeat("x", 201) }},
		{"about.zh", func(in *webclip.Input) { in.About.ZH = "" }},
		{"start", func(in *webclip.Input) { in.Start = "http://zj.example.cn/" }},
		{"start", func(in *webclip.Input) { in.Start = "javascript:alert(1)" }},
		{"icon", func(in *webclip.Input) { in.Icon = []byte("GIF89a") }},
		{"icon", func(in *webclip.Input) { in.Icon = nil }},
		{"language", func(in *webclip.Input) { in.Language = "fr" }},
	}
	for _, name := range readers.Refused {
		rows = append(rows, row{"name.zh", func(in *webclip.Input) { in.Name.ZH = name }}, row{"name.en", func(in *webclip.Input) { in.Name.EN = name }})
	}
	for _, r := range rows {
		in := sample(t)
		r.spoil(&in)
		_, err := webclip.Build(in)
		var e *kratos.Error
		if !errors.As(err, &e) || e.Metadata["field"] != r.field || e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
			t.Errorf("%s: %v", r.field, err)
		}
	}
}

// authority is a certificate of its own, and one that it has given to a key.
var authority = sync.OnceValues(func() (root *x509.Certificate, id sign.Identity) {
	own, key, err := sign.NewIdentity("root", from)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "测试根"}, NotBefore: from, NotAfter: from.AddDate(50, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, own.Key.Public(), key)
	if err != nil {
		panic(err)
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	leafKey, err := rsa.GenerateKey(rand.Reader, sign.KeyBits)
	if err != nil {
		panic(err)
	}
	der, err = x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(8), Subject: pkix.Name{CommonName: "浙江省总工会"}, NotBefore: from, NotAfter: from.AddDate(49, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}, root, leafKey.Public(), key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return root, sign.Identity{Key: leafKey, Certificate: leaf}
})

func signed(t testing.TB) []byte {
	t.Helper()
	root, id := authority()
	b, err := webclip.Sign(build(t, sample(t)), id, root)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSameInputSameBytes(t *testing.T) {
	if !bytes.Equal(build(t, sample(t)), build(t, sample(t))) || !bytes.Equal(signed(t), signed(t)) {
		t.Error("the same input gave other bytes")
	}
}

// openssl says what it thinks of a signed profile, and gives what is signed.
func openssl(t *testing.T, b []byte, more ...string) ([]byte, error) {
	t.Helper()
	readers.Need(t, "openssl")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"smime", "-verify", "-inform", "DER", "-binary", "-in", in, "-out", out}, more...)
	if said, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
		return said, err
	}
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return content, nil
}

func TestOpenSSLVerifies(t *testing.T) {
	b := signed(t)
	content, err := openssl(t, b, "-noverify")
	if err != nil || !bytes.Equal(content, build(t, sample(t))) {
		t.Fatalf("%v: %s", err, content)
	}
	// With the root at hand, the chain holds as well; without it, it does not.
	root, _ := authority()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := "-----BEGIN CERTIFICATE-----\n" + base64.StdEncoding.EncodeToString(root.Raw) + "\n-----END CERTIFICATE-----\n"
	if err := os.WriteFile(ca, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := openssl(t, b, "-CAfile", ca, "-no-CApath"); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	if _, err := openssl(t, b, "-no-CAfile", "-no-CApath"); err == nil {
		t.Error("a chain without its root was believed")
	}
	at := bytes.Index(b, []byte("zj.example.cn"))
	b[at] ^= 1
	if _, err := openssl(t, b, "-noverify"); err == nil {
		t.Error("a changed address was believed")
	}
}

func TestFlippedByteIsRefused(t *testing.T) {
	b := signed(t)
	root, id := authority()
	in := sample(t)
	f, err := webclip.Verify(b, id.Certificate, root)
	if err != nil || f.ID != in.ID || f.Name != in.Name.ZH || f.URL != in.Start || !bytes.Equal(f.Icon, in.Icon) {
		t.Fatalf("%+v: %v", f, err)
	}
	for i := range b {
		b[i] ^= 0x20
		if _, err := webclip.Verify(b, id.Certificate, root); !errors.Is(err, webclip.ErrUnsigned) {
			t.Fatalf("byte %d: %v", i, err)
		}
		b[i] ^= 0x20
	}
	if _, err := webclip.Verify(b, root); !errors.Is(err, webclip.ErrUnsigned) {
		t.Error("another's certificate was believed", err)
	}
	other, err := webclip.Sign([]byte("<plist/>"), id, root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := webclip.Verify(other, id.Certificate, root); !errors.Is(err, webclip.ErrUnsigned) {
		t.Error("something else than a web clip was taken", err)
	}
}
