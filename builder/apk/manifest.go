package apk

import (
	"gonghui/builder/apk/axml"
	"gonghui/builder/apk/chunk"
	"gonghui/builder/shell"
)

// The system's attributes, by number (android.R.attr of API level 35).
const (
	attrTheme         = 0x01010000
	attrLabel         = 0x01010001
	attrIcon          = 0x01010002
	attrName          = 0x01010003
	attrExported      = 0x01010010
	attrAuthorities   = 0x01010018
	attrGrantURI      = 0x0101001b
	attrLaunchMode    = 0x0101001d
	attrConfigChanges = 0x0101001f
	attrValue         = 0x01010024
	attrScheme        = 0x01010027
	attrHost          = 0x01010028
	attrDrawable      = 0x01010199
	attrMinSDK        = 0x0101020c
	attrVersionCode   = 0x0101021b
	attrVersionName   = 0x0101021c
	attrSoftInput     = 0x0101022b
	attrTargetSDK     = 0x01010270
	attrAllowBackup   = 0x01010280
	attrRequired      = 0x0101028e
	attrHardware      = 0x010102d3
	attrRTL           = 0x010103af
	attrFullBackup    = 0x010104eb
	attrCleartext     = 0x010104ec
	attrAutoVerify    = 0x010104ee
	attrNetwork       = 0x01010527
	attrRoundIcon     = 0x0101052c
	attrCompileSDK    = 0x01010572
	attrCompileName   = 0x01010573
)

const (
	singleTask   = 2
	adjustResize = 0x10
	// changes are all that the shell lives through without a restart, so that a call or a form is not lost: keyboard,
	// orientation, layout, size, direction, night, density, font scale (ActivityInfo.CONFIG_*).
	changes = 0x0010 | 0x0020 | 0x0040 | 0x0080 | 0x0100 | 0x0200 | 0x0400 | 0x0800 | 0x1000 | 0x2000 | 0x40000000

	trialMeta = "gonghui.trial"
)

// permission is asked of the person only when a page wants what it is for.
func (in Input) permissions() []string {
	out := []string{"INTERNET", "ACCESS_NETWORK_STATE"}
	if in.Uses.Camera {
		out = append(out, "CAMERA")
	}
	if in.Uses.Microphone {
		// Without the second a call has no sound of the other side on some phones.
		out = append(out, "RECORD_AUDIO", "MODIFY_AUDIO_SETTINGS")
	}
	if in.Uses.Location {
		// From Android 12 on the precise one may be asked only together with the coarse.
		out = append(out, "ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION")
	}
	if in.Update != "" {
		out = append(out, "REQUEST_INSTALL_PACKAGES")
	}
	return out
}

// features that permissions imply, so that phones without them can still install the app.
func (in Input) features() []string {
	out := []string{"android.hardware.touchscreen"}
	if in.Uses.Camera {
		out = append(out, "android.hardware.camera", "android.hardware.camera.autofocus")
	}
	if in.Uses.Microphone {
		out = append(out, "android.hardware.microphone")
	}
	if in.Uses.Location {
		out = append(out, "android.hardware.location", "android.hardware.location.gps", "android.hardware.location.network")
	}
	return out
}

func (in Input) manifest(id ids) axml.Node {
	root := axml.Node{
		Name: "manifest",
		Attrs: []axml.Attr{
			{Name: "versionCode", ID: attrVersionCode, Value: chunk.Int(in.VersionCode)},
			{Name: "versionName", ID: attrVersionName, Value: chunk.Str(in.VersionName)},
			{Name: "compileSdkVersion", ID: attrCompileSDK, Value: chunk.Int(TargetSDK)},
			{Name: "compileSdkVersionCodename", ID: attrCompileName, Value: chunk.Str("15")},
			{Name: "package", Value: chunk.Str(in.ID)},
		},
		Kids: []axml.Node{{Name: "uses-sdk", Attrs: []axml.Attr{
			{Name: "minSdkVersion", ID: attrMinSDK, Value: chunk.Int(MinSDK)},
			{Name: "targetSdkVersion", ID: attrTargetSDK, Value: chunk.Int(TargetSDK)},
		}}},
	}
	for _, p := range in.permissions() {
		root.Kids = append(root.Kids, named("uses-permission", "android.permission."+p))
	}
	for _, f := range in.features() {
		root.Kids = append(root.Kids, named("uses-feature", f, axml.Attr{Name: "required", ID: attrRequired, Value: chunk.Bool(false)}))
	}
	root.Kids = append(root.Kids, in.application(id))
	return root
}

func (in Input) application(id ids) axml.Node {
	app := axml.Node{
		Name: "application",
		Attrs: []axml.Attr{
			{Name: "theme", ID: attrTheme, Value: chunk.Ref(id.theme)},
			{Name: "label", ID: attrLabel, Value: chunk.Ref(id.name)},
			{Name: "icon", ID: attrIcon, Value: chunk.Ref(id.icon)},
			{Name: "roundIcon", ID: attrRoundIcon, Value: chunk.Ref(id.icon)},
			// Sessions do not leave the phone with its backup.
			{Name: "allowBackup", ID: attrAllowBackup, Value: chunk.Bool(false)},
			{Name: "fullBackupContent", ID: attrFullBackup, Value: chunk.Bool(false)},
			{Name: "hardwareAccelerated", ID: attrHardware, Value: chunk.Bool(true)},
			{Name: "supportsRtl", ID: attrRTL, Value: chunk.Bool(true)},
			{Name: "usesCleartextTraffic", ID: attrCleartext, Value: chunk.Bool(false)},
			{Name: "networkSecurityConfig", ID: attrNetwork, Value: chunk.Ref(id.network)},
		},
		Kids: []axml.Node{
			// Nothing is told to the maker of the web view about its use.
			meta("android.webkit.WebView.MetricsOptOut", true),
			meta("android.webkit.WebView.EnableSafeBrowsing", false),
		},
	}
	if in.TrialCA != nil {
		app.Kids = append(app.Kids, meta(trialMeta, true))
	}
	return axml.Node{Name: app.Name, Attrs: app.Attrs, Kids: append(app.Kids, in.activity(), axml.Node{
		Name: "provider",
		Attrs: []axml.Attr{
			{Name: "name", ID: attrName, Value: chunk.Str(shell.Provider)},
			{Name: "exported", ID: attrExported, Value: chunk.Bool(false)},
			{Name: "authorities", ID: attrAuthorities, Value: chunk.Str(in.ID + ".files")},
			{Name: "grantUriPermissions", ID: attrGrantURI, Value: chunk.Bool(true)},
		},
	})}
}

func (in Input) activity() axml.Node {
	a := axml.Node{
		Name: "activity",
		Attrs: []axml.Attr{
			{Name: "name", ID: attrName, Value: chunk.Str(shell.Activity)},
			{Name: "exported", ID: attrExported, Value: chunk.Bool(true)},
			{Name: "launchMode", ID: attrLaunchMode, Value: chunk.Int(singleTask)},
			{Name: "configChanges", ID: attrConfigChanges, Value: chunk.Flags(changes)},
			{Name: "windowSoftInputMode", ID: attrSoftInput, Value: chunk.Flags(adjustResize)},
		},
		Kids: []axml.Node{{Name: "intent-filter", Kids: []axml.Node{
			named("action", "android.intent.action.MAIN"),
			named("category", "android.intent.category.LAUNCHER"),
		}}},
	}
	view := func(attrs []axml.Attr, data ...axml.Node) axml.Node {
		return axml.Node{Name: "intent-filter", Attrs: attrs, Kids: append([]axml.Node{
			named("action", "android.intent.action.VIEW"),
			named("category", "android.intent.category.DEFAULT"),
			named("category", "android.intent.category.BROWSABLE"),
		}, data...)}
	}
	scheme := func(s string) axml.Attr { return axml.Attr{Name: "scheme", ID: attrScheme, Value: chunk.Str(s)} }
	if in.Scheme != "" {
		a.Kids = append(a.Kids, view(nil, axml.Node{Name: "data", Attrs: []axml.Attr{scheme(in.Scheme)}}))
	}
	if len(in.Hosts) > 0 {
		var data []axml.Node
		for _, h := range in.Hosts {
			data = append(data, axml.Node{Name: "data", Attrs: []axml.Attr{scheme("https"), {Name: "host", ID: attrHost, Value: chunk.Str(h)}}})
		}
		a.Kids = append(a.Kids, view([]axml.Attr{{Name: "autoVerify", ID: attrAutoVerify, Value: chunk.Bool(true)}}, data...))
	}
	return a
}

func named(element, name string, more ...axml.Attr) axml.Node {
	return axml.Node{Name: element, Attrs: append([]axml.Attr{{Name: "name", ID: attrName, Value: chunk.Str(name)}}, more...)}
}

func meta(name string, value bool) axml.Node {
	return named("meta-data", name, axml.Attr{Name: "value", ID: attrValue, Value: chunk.Bool(value)})
}
