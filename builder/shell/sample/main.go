// Command sample writes the package that the shell's tests run in: Android's own parser and resource tables read it there.
package main

import (
	"image"
	"image/color"
	"log"
	"os"

	"gonghui/builder/apk"
	"gonghui/builder/icon"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: sample <package>")
	}
	if err := write(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func write(path string) error {
	icons, err := icon.Draw(icon.Source{Logo: image.NewGray(image.Rect(0, 0, 8, 8)), Background: color.NRGBA{0xc8, 0x16, 0x1d, 0xff}})
	if err != nil {
		return err
	}
	b, err := apk.Build(apk.Input{
		ID: "cn.example.union", VersionCode: 7, VersionName: "1.0",
		Name:  apk.Text{ZH: "浙江工会", EN: "Zhejiang Unions"},
		Start: "https://t1.example.cn/?from=app", Scheme: "zjunion", Hosts: []string{"app.example.cn"},
		Update: "https://update.invalid/update.json",
		Consent: apk.Consent{
			Version: "2026-11", Policy: "https://www.example.cn/privacy",
			Title: apk.Text{ZH: "隐私保护说明", EN: "Privacy notice"},
			Text:  apk.Text{ZH: "我们怎样处理您的个人信息", EN: "How we treat your personal data"},
		},
		Colors: apk.Colors{Brand: 0xc8161d, Ground: 0xffffff, GroundDark: 0x141414},
		Icons:  icons,
		Uses:   apk.Uses{Camera: true, Microphone: true, Location: true},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
