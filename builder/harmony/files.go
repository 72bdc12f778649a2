package harmony

import (
	"maps"
	"slices"

	"gonghui/builder/input"
)

type dict = map[string]any

// words are what the program itself says.
var words = map[string]input.Text{
	"module_desc":       {ZH: "会员端", EN: "Member app"},
	"agree":             {ZH: "同意并继续", EN: "Agree and continue"},
	"disagree":          {ZH: "不同意", EN: "Do not agree"},
	"policy":            {ZH: "查看完整隐私政策", EN: "Read the whole privacy policy"},
	"leave":             {ZH: "退出应用", EN: "Leave the app"},
	"reconsider":        {ZH: "返回查看说明", EN: "Back to the notice"},
	"refused_title":     {ZH: "您未同意隐私说明", EN: "You did not agree to the privacy notice"},
	"refused":           {ZH: "未经您同意，应用不会联网，也不会收集任何信息，因此暂时无法使用。您可以查看完整政策后再决定，或退出应用。", EN: "Without your consent the app does not connect and collects nothing, so it cannot be used. You may read the whole policy and decide then, or leave."},
	"offline_title":     {ZH: "网络连接不上", EN: "No connection"},
	"offline":           {ZH: "请检查网络后重试。", EN: "Check the network, then try again."},
	"unsafe_title":      {ZH: "连接不安全，已中断", EN: "The connection was not safe and was stopped"},
	"unsafe":            {ZH: "服务器证书不受信任。请检查手机的日期和时间，或换一个网络再试。", EN: "The server's certificate is not trusted. Check the date and time of this phone, or try another network."},
	"crash_title":       {ZH: "页面意外关闭", EN: "The page closed unexpectedly"},
	"crash":             {ZH: "手机内存可能不足，请关闭其他应用后重试。", EN: "The phone may be short of memory. Close other apps, then try again."},
	"retry":             {ZH: "重试", EN: "Try again"},
	"no_app":            {ZH: "手机上没有可以打开它的应用", EN: "No app on this phone can open this"},
	"not_saved":         {ZH: "文件未能保存", EN: "The file could not be saved"},
	"not_kept":          {ZH: "设置未能保存，请重试", EN: "The setting could not be kept, try again"},
	"camera_reason":     {ZH: "用于视频会议、扫码和拍摄您要上传的材料", EN: "For video meetings, scanning codes and photographing what you upload"},
	"microphone_reason": {ZH: "用于您在视频会议中发言", EN: "For you to speak in video meetings"},
	"location_reason":   {ZH: "用于活动签到和查找附近的服务点，仅在您使用时获取", EN: "For checking in at events and finding services nearby, only while you use it"},
}

// list is a file of resources of one kind, in the order of their names.
func list(kind string, values map[string]string) dict {
	all := []dict{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, dict{"name": name, "value": values[name]})
	}
	return dict{kind: all}
}

func colors(c input.Colors, ground uint32) dict {
	return list("color", map[string]string{
		"brand": input.Hex(c.Brand), "on_brand": input.Hex(input.Ink(c.Brand)), "ground": input.Hex(ground), "ink": input.Hex(input.Ink(ground)),
	})
}

// app is AppScope/app.json5.
func (in Input) app() dict {
	return dict{"app": dict{
		"bundleName": in.ID, "vendor": in.Vendor, "versionCode": in.VersionCode, "versionName": in.VersionName,
		"icon": "$media:layered_image", "label": "$string:app_name",
	}}
}

const ability = "EntryAbility"

// module is module.json5: the window, what opens it, and what it may ask for.
func (in Input) module() dict {
	skills := []dict{{"entities": []string{"entity.system.home"}, "actions": []string{"action.system.home"}}}
	view := func(uris []dict) dict {
		return dict{"entities": []string{"entity.system.browsable"}, "actions": []string{"ohos.want.action.viewData"}, "uris": uris}
	}
	var hosts []dict
	for _, h := range in.domains() {
		hosts = append(hosts, dict{"scheme": "https", "host": h})
	}
	links := view(hosts)
	links["domainVerify"] = true
	skills = append(skills, links)
	if in.Scheme != "" {
		skills = append(skills, view([]dict{{"scheme": in.Scheme}}))
	}
	asks := []dict{{"name": "ohos.permission.INTERNET"}}
	for _, u := range []struct {
		used         bool
		name, reason string
	}{
		{in.Uses.Camera, "CAMERA", "camera"},
		{in.Uses.Microphone, "MICROPHONE", "microphone"},
		{in.Uses.Location, "APPROXIMATELY_LOCATION", "location"},
		{in.Uses.Location, "LOCATION", "location"},
	} {
		if u.used {
			asks = append(asks, dict{
				"name": "ohos.permission." + u.name, "reason": "$string:" + u.reason + "_reason",
				"usedScene": dict{"abilities": []string{ability}, "when": "inuse"},
			})
		}
	}
	return dict{"module": dict{
		"name": "entry", "type": "entry", "description": "$string:module_desc", "mainElement": ability, "deviceTypes": []string{"phone", "tablet"},
		"deliveryWithInstall": true, "installationFree": false, "pages": "$profile:main_pages", "requestPermissions": asks,
		"abilities": []dict{{
			"name": ability, "srcEntry": "./ets/entryability/EntryAbility.ets", "description": "$string:module_desc", "icon": "$media:layered_image",
			"label": "$string:app_name", "startWindowIcon": "$media:start", "startWindowBackground": "$color:brand", "exported": true, "skills": skills,
		}},
	}}
}

// config is what the program reads.
func (in Input) config() any {
	return struct {
		Start    string        `json:"start"`
		Name     input.Text    `json:"name"`
		Scheme   string        `json:"scheme"`
		Hosts    []string      `json:"hosts"`
		Language string        `json:"language"`
		Consent  input.Consent `json:"consent"`
	}{in.Start, in.Name, in.Scheme, append([]string{}, in.Hosts...), in.Language, in.Consent}
}
