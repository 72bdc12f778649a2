package main

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonghui/builder/apk"
	"gonghui/builder/icon"
	"gonghui/builder/sign"
)

func TestAppVerify(t *testing.T) {
	t.Parallel()
	logo := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range logo.Pix {
		logo.Pix[i] = 0xff
	}
	icons, err := icon.Draw(icon.Source{Logo: logo, Background: color.NRGBA{0x15, 0x65, 0xc0, 0xff}})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := apk.Build(apk.Input{
		ID: "cn.example.union", VersionCode: 7, VersionName: "1.0.7", Name: apk.Text{ZH: "荔湾职工之家", EN: "Liwan Union"},
		Start: "https://440103.example.cn/", Language: "zh", Icons: icons, Colors: apk.Colors{Brand: 0x1565c0, Ground: 0xffffff, GroundDark: 0x161513},
		Consent: apk.Consent{
			Version: "1", Title: apk.Text{ZH: "隐私政策", EN: "Privacy"}, Text: apk.Text{ZH: "请阅读。", EN: "Please read."},
			Policy: "https://440103.example.cn/legal/privacy",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	identity, _, err := sign.NewIdentity("荔湾区总工会", time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := sign.Package(raw, identity)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "android.apk")
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(signed)
	facts, err := readPackage(file)
	if err != nil {
		t.Fatal(err)
	}
	if facts.ID != "cn.example.union" || facts.VersionCode != 7 || facts.NameZh != "荔湾职工之家" || facts.Size != len(signed) || len(facts.Certificate) != 64 {
		t.Errorf("the package is read as %+v", facts)
	}
	signed[len(signed)/2] ^= 1
	write(signed)
	if err := appVerify(t.Context(), nil, []string{file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a flipped byte is answered with %v", err)
	}
	if err := appVerify(t.Context(), nil, nil); err == nil {
		t.Error("no file is no error")
	}
}
