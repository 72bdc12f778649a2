package identity

import (
	"regexp"
	"strings"
)

// named is a browser or a system and what its user agent holds.
type named struct{ mark, name string }

// Browsers, the more particular first: most call themselves Chrome and Safari too.
var browsers = []named{
	{"GonghuiApp/", "Gonghui"},
	{"MicroMessenger/", "WeChat"},
	{"DingTalk/", "DingTalk"},
	{"AlipayClient/", "Alipay"},
	{"Lark/", "Feishu"},
	{"QQ/", "QQ"},
	{"HuaweiBrowser/", "Huawei Browser"},
	{"MiuiBrowser/", "Mi Browser"},
	{"HeyTapBrowser/", "OPPO Browser"},
	{"VivoBrowser/", "vivo Browser"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"MQQBrowser/", "QQ Browser"},
	{"QQBrowser/", "QQ Browser"},
	{"UCBrowser/", "UC"},
	{"UBrowser/", "UC"},
	{"QHBrowser/", "360"},
	{"EdgA/", "Edge"},
	{"EdgiOS/", "Edge"},
	{"Edg/", "Edge"},
	{"OPR/", "Opera"},
	{"FxiOS/", "Firefox"},
	{"Firefox/", "Firefox"},
	{"CriOS/", "Chrome"},
	{"HeadlessChrome/", "Chrome"},
	{"Chrome/", "Chrome"},
	{"Version/", "Safari"},
}

var systems = []named{
	{"HarmonyOS", "HarmonyOS"},
	{"OpenHarmony", "HarmonyOS"},
	{"iPhone", "iPhone"},
	{"iPad", "iPad"},
	{"Android", "Android"},
	{"Windows", "Windows"},
	{"Macintosh", "macOS"},
	{"CrOS", "ChromeOS"},
	{"Linux", "Linux"},
}

// program is what a user agent of another form begins with: "curl/8.5.0".
var program = regexp.MustCompile(`^[\w.+-]{1,40}(/[\w.]{1,20})?`)

// device says in a few words what a user agent says at length: "Edge · Windows". It is empty for one that says nothing.
func device(agent string) string {
	browser, system := find(browsers, agent), find(systems, agent)
	switch {
	case browser != "" && system != "":
		return browser + " · " + system
	case browser != "" || system != "":
		return browser + system
	}
	return program.FindString(agent)
}

func find(all []named, agent string) string {
	for _, n := range all {
		if strings.Contains(agent, n.mark) {
			return n.name
		}
	}
	return ""
}
