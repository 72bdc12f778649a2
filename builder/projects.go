package builder

import (
	"context"
	"fmt"

	"gonghui/app/kit/fault"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/filing"
	"gonghui/builder/harmony"
	"gonghui/builder/iosproject"
	"gonghui/builder/miniprogram"
)

func makeIOS(ctx context.Context, m *making) ([]byte, error) {
	icons, err := m.s.large(ctx, m.in.Icon, iosproject.Side, m.log)
	if err != nil {
		return nil, err
	}
	m.log.add("package", 60, "写入 Xcode 工程", "the Xcode project is written")
	return iosproject.Build(iosproject.Input{
		ID: m.in.ID, VersionCode: m.code, VersionName: m.version, Name: *m.in.Name, Start: m.in.Start, Scheme: m.in.Scheme, Hosts: []string{m.in.Host},
		Consent: *m.in.Consent, Colors: *m.in.Colors, Icons: icons, Uses: *m.in.Uses, Language: "zh",
	})
}

func makeHarmony(ctx context.Context, m *making) ([]byte, error) {
	icons, err := m.s.large(ctx, m.in.Icon, harmony.Side, m.log)
	if err != nil {
		return nil, err
	}
	m.log.add("package", 60, "写入鸿蒙工程", "the HarmonyOS project is written")
	return harmony.Build(harmony.Input{
		ID: m.in.ID, VersionCode: m.code, VersionName: m.version, Name: *m.in.Name, Vendor: m.in.Body.ZH, Start: m.in.Start, Scheme: m.in.Scheme,
		Hosts: []string{m.in.Host}, Consent: *m.in.Consent, Colors: *m.in.Colors, Icons: icons, Uses: *m.in.Uses, Language: "zh",
	})
}

func makeMiniProgram(ctx context.Context, m *making) ([]byte, error) {
	if m.in.WeChat == "" {
		return nil, fault.Field("wechatAppId", "请先填写小程序的 AppID", "enter the AppID of the mini-program first")
	}
	icons, err := m.s.large(ctx, m.in.Icon, miniprogram.Side, m.log)
	if err != nil {
		return nil, err
	}
	m.log.add("package", 60, "写入小程序工程", "the project of the mini-program is written")
	return miniprogram.Build(miniprogram.Input{
		AppID: m.in.WeChat, VersionName: m.version, Name: *m.in.Name, Start: m.in.Start, Consent: *m.in.Consent, Colors: *m.in.Colors, Icon: icons.Whole, Language: "zh",
	})
}

// The files of a filing sheet.
const sheetTable, sheetPage = "filing.csv", "filing.html"

func makeFiling(ctx context.Context, m *making) ([]byte, error) {
	icons, err := m.s.large(ctx, m.in.Icon, filing.Side, m.log)
	if err != nil {
		return nil, err
	}
	in := filing.Input{
		Name: *m.in.Name, Body: *m.in.Body, Start: m.in.Start, Policy: m.in.Consent.Policy, Icon: icons.Whole, Day: m.day, MiniProgram: m.in.WeChat,
		Android: filing.Android{App: filing.App{ID: m.in.ID, Version: m.in.Android}, Certificate: m.identity.Certificate},
		IOS:     filing.App{ID: m.in.ID, Version: m.in.Android}, Harmony: filing.App{ID: m.in.ID, Version: m.in.Android},
	}
	m.log.add("package", 60, "写入备案信息表", "the filing sheet is written")
	table, err := filing.Table(in)
	if err != nil {
		return nil, err
	}
	page, err := filing.Page(in)
	if err != nil {
		return nil, err
	}
	return zipfile.Encode([]zipfile.File{zipfile.Deflated(sheetTable, table), zipfile.Deflated(sheetPage, page)})
}

// checkZip reads every file of a project back.
func checkZip(_ context.Context, _ *making, file []byte) error {
	archive, err := zipfile.Decode(file)
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	if len(archive.Files) < 2 {
		return fmt.Errorf("%w: %d files", errBroken, len(archive.Files))
	}
	for _, f := range archive.Files {
		if _, err := f.Content(); err != nil {
			return fmt.Errorf("%w: %s: %w", errBroken, f.Name, err)
		}
	}
	return nil
}
