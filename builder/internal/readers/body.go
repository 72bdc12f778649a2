package readers

import (
	"errors"
	"image"
	"image/color"
	"testing"

	kratos "github.com/go-kratos/kratos/v2/errors"

	"gonghui/builder/icon"
	"gonghui/builder/input"
)

// A body to make apps of.
var (
	Name    = input.Text{ZH: "浙江工会", EN: "Zhejiang Unions"}
	Colors  = input.Colors{Brand: 0xC8161D, Ground: 0xFFFFFF, GroundDark: 0x141414}
	Consent = input.Consent{
		Version: "2026-11-01", Title: input.Text{ZH: "隐私保护说明", EN: "Privacy notice"}, Policy: "https://zj.example.cn/privacy",
		Text: input.Text{ZH: "我们怎样处理您的个人信息……\n第二段。", EN: "How we treat your personal data …\nSecond paragraph."},
	}
)

// Icons draws a yellow square on the body's red, as large as asked.
func Icons(t testing.TB, side int) icon.Large {
	t.Helper()
	logo := image.NewNRGBA(image.Rect(0, 0, 48, 48))
	for i := 0; i < len(logo.Pix); i += 4 {
		copy(logo.Pix[i:], []uint8{0xff, 0xd7, 0x00, 0xff})
	}
	drawn, err := icon.DrawLarge(icon.Source{Logo: logo, Background: color.NRGBA{0xc8, 0x16, 0x1d, 0xff}}, side)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// Wrong checks that an error is about that field and says so in both languages.
func Wrong(t testing.TB, err error, field string) {
	t.Helper()
	var e *kratos.Error
	if !errors.As(err, &e) || e.Metadata["field"] != field || e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
		t.Errorf("%s: %v", field, err)
	}
}

// Sound checks that every file of a project is read by the parser of its kind.
func Sound(t testing.TB, files map[string][]byte, kinds map[string]string) {
	t.Helper()
	var asks []Ask
	for path, b := range files {
		for suffix, kind := range kinds {
			if len(path) > len(suffix) && path[len(path)-len(suffix):] == suffix {
				asks = append(asks, Ask{kind, path, string(b)})
			}
		}
	}
	seen := map[string]bool{}
	for i, a := range Read(t, asks...) {
		seen[asks[i].Kind] = true
		if a.Error != "" {
			t.Errorf("%s: %s", asks[i].Name, a.Error)
		}
	}
	for _, kind := range kinds {
		if !seen[kind] {
			t.Errorf("there is no file of the kind %s", kind)
		}
	}
}
