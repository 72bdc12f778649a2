package iosproject

import "gonghui/builder/input"

type dict = map[string]any

// usage is why the app asks, in the words that the system shows.
var usage = map[string]input.Text{
	"NSCameraUsageDescription":            {ZH: "用于视频会议、扫码和拍摄您要上传的材料。", EN: "For video meetings, scanning codes and photographing what you upload."},
	"NSMicrophoneUsageDescription":        {ZH: "用于您在视频会议中发言。", EN: "For you to speak in video meetings."},
	"NSLocationWhenInUseUsageDescription": {ZH: "用于活动签到和查找附近的服务点，仅在您使用时获取。", EN: "For checking in at events and finding services nearby, only while you use it."},
	"NSPhotoLibraryAddUsageDescription":   {ZH: "用于把您选择的图片保存到相册。", EN: "For saving the pictures you choose to your photos."},
}

// asks are the keys of what this app may ask for.
func (in Input) asks() []string {
	keys := []string{"NSPhotoLibraryAddUsageDescription"}
	for _, u := range []struct {
		used bool
		key  string
	}{{in.Uses.Camera, "NSCameraUsageDescription"}, {in.Uses.Microphone, "NSMicrophoneUsageDescription"}, {in.Uses.Location, "NSLocationWhenInUseUsageDescription"}} {
		if u.used {
			keys = append(keys, u.key)
		}
	}
	return keys
}

// info is Info.plist. Xcode replaces $(…) in it: nothing that a body writes freely stands here, its name is in the localised
// strings.
func (in Input) info() dict {
	upright := []string{"UIInterfaceOrientationPortrait", "UIInterfaceOrientationLandscapeLeft", "UIInterfaceOrientationLandscapeRight"}
	d := dict{
		"CFBundleDevelopmentRegion":             "$(DEVELOPMENT_LANGUAGE)",
		"CFBundleDisplayName":                   "$(PRODUCT_NAME)",
		"CFBundleExecutable":                    "$(EXECUTABLE_NAME)",
		"CFBundleIdentifier":                    "$(PRODUCT_BUNDLE_IDENTIFIER)",
		"CFBundleInfoDictionaryVersion":         "6.0",
		"CFBundleLocalizations":                 []string{"zh-Hans", "en"},
		"CFBundleName":                          "$(PRODUCT_NAME)",
		"CFBundlePackageType":                   "APPL",
		"CFBundleShortVersionString":            "$(MARKETING_VERSION)",
		"CFBundleVersion":                       "$(CURRENT_PROJECT_VERSION)",
		"ITSAppUsesNonExemptEncryption":         false, // https of the system alone
		"LSRequiresIPhoneOS":                    true,
		"UIApplicationSceneManifest":            dict{"UIApplicationSupportsMultipleScenes": false},
		"UILaunchScreen":                        dict{"UIColorName": "LaunchGround", "UIImageName": "Launch", "UIImageRespectsSafeAreaInsets": true},
		"UIRequiredDeviceCapabilities":          []string{"arm64"},
		"UISupportedInterfaceOrientations":      upright,
		"UISupportedInterfaceOrientations~ipad": append([]string{"UIInterfaceOrientationPortraitUpsideDown"}, upright...),
		"WKAppBoundDomains":                     in.domains(), // at most ten; only these get service workers
	}
	if in.Scheme != "" {
		d["CFBundleURLTypes"] = []dict{{"CFBundleTypeRole": "Viewer", "CFBundleURLName": in.ID, "CFBundleURLSchemes": []string{in.Scheme}}}
	}
	for _, key := range in.asks() {
		d[key] = usage[key].ZH
	}
	return d
}

// strings are Info.plist's words in one language.
func (in Input) strings(say func(input.Text) string) map[string]string {
	d := map[string]string{"CFBundleDisplayName": say(in.Name)}
	for _, key := range in.asks() {
		d[key] = say(usage[key])
	}
	return d
}

func (in Input) entitlements() dict {
	var all []string
	for _, service := range []string{"applinks", "webcredentials"} {
		for _, host := range in.domains() {
			all = append(all, service+":"+host)
		}
	}
	return dict{"com.apple.developer.associated-domains": all}
}

// privacy is the manifest that the App Store asks for: the pages handle a member's name and telephone number for the app's own
// purpose; the program itself keeps one answer.
func privacy() dict {
	collected := func(what string) dict {
		return dict{
			"NSPrivacyCollectedDataType": "NSPrivacyCollectedDataType" + what, "NSPrivacyCollectedDataTypeLinked": true, "NSPrivacyCollectedDataTypeTracking": false,
			"NSPrivacyCollectedDataTypePurposes": []string{"NSPrivacyCollectedDataTypePurposeAppFunctionality"},
		}
	}
	return dict{
		"NSPrivacyTracking":           false,
		"NSPrivacyTrackingDomains":    []string{},
		"NSPrivacyCollectedDataTypes": []dict{collected("Name"), collected("PhoneNumber"), collected("UserID")},
		// CA92.1: settings of the app itself.
		"NSPrivacyAccessedAPITypes": []dict{{"NSPrivacyAccessedAPIType": "NSPrivacyAccessedAPICategoryUserDefaults", "NSPrivacyAccessedAPITypeReasons": []string{"CA92.1"}}},
	}
}
