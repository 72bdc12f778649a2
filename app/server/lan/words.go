package lan

// said is one text in both languages.
type said struct{ zh, en string }

func (s said) in(lang string) string {
	if lang == "en" {
		return s.en
	}
	return s.zh
}

var helpWords = map[string]said{
	"title":    {"用手机打开演示系统", "Open the demo on a phone"},
	"intro":    {"演示系统在这台电脑上运行，只有同一 Wi-Fi 里的手机能打开。先让手机信任这台电脑的证书，功能才完整。", "The demo runs on this computer and opens only on the same Wi-Fi. Let the phone trust this computer's certificate first, so that everything works."},
	"asking":   {"正在检查这部手机是否信任证书……", "Checking whether this phone trusts the certificate …"},
	"yes":      {"这部手机已信任证书，全部功能可用。", "This phone trusts the certificate: everything works."},
	"no":       {"这部手机还没有信任证书，请按下面三步操作。", "This phone does not trust the certificate yet. Follow the three steps below."},
	"enter":    {"进入", "Enter"},
	"step1":    {"第一步 下载证书", "1 Download the certificate"},
	"download": {"下载证书", "Download the certificate"},
	"compare":  {"安装前请核对：下面的指纹（SHA-256）应与电脑终端上显示的一致，不一致就不要安装。", "Before you install it, compare: this fingerprint (SHA-256) must be the one on the computer's terminal. If it is not, do not install it."},
	"step2":    {"第二步 安装并信任", "2 Install and trust it"},
	"step3":    {"第三步 进入", "3 Enter"},
	"without":  {"不装证书会怎样", "Without the certificate"},
	"always":   {"局域网里用不了的", "What a local network never has"},
	"scope":    {"这份证书由这台电脑自己签发，只对局域网地址有效，不能冒充任何网站。演示结束后，可在安装的地方把它删除。", "The certificate was made by this computer and counts for addresses of local networks only: it cannot pass for any website. After the demo, delete it where you installed it."},
}

var without = []said{
	{"浏览器每次都提示“不安全”，要手动选择继续", "The browser warns every time, and you have to go on by hand"},
	{"不能离线打开，不能安装到桌面", "No opening without a network, no installing on the home screen"},
	{"摄像头、麦克风可能被浏览器禁用：扫码、视频会议用不了", "The browser may refuse camera and microphone: no scanning, no video meetings"},
}

var always = []said{
	{"通行密钥登录：它只认域名，不认 IP 地址", "Passkeys: they know domain names, not IP addresses"},
	{"短信、邀请里的链接：它们指向电脑上的地址，请在电脑上打开", "Links in messages and invitations: they lead to addresses of the computer, open them there"},
}

// system is how a phone or computer installs a certificate.
type system struct {
	key, name string
	steps     []said
}

var systems = []system{
	{"android", "Android", []said{
		{"点“下载证书”，保存文件。", "Tap Download and keep the file."},
		{"打开系统设置，搜索“CA 证书”（一般在 安全 › 加密与凭据 › 安装证书 › CA 证书）。", "Open Settings and search for CA certificate (usually Security › Encryption and credentials › Install a certificate › CA certificate)."},
		{"选择 gonghui-lan-ca.crt，确认安装，再回到这里。请用系统浏览器或 Chrome；微信里打不开时改用浏览器。", "Choose gonghui-lan-ca.crt, confirm, and come back. Use Chrome or the phone's browser; if it does not open inside WeChat, use the browser."},
	}},
	{"ios", "iPhone · iPad", []said{
		{"用 Safari 打开本页，点“下载证书”，选“允许”。", "Open this page in Safari, tap Download, then Allow."},
		{"设置 › 通用 › VPN 与设备管理，点“Gonghui LAN”，安装。", "Settings › General › VPN & Device Management: tap Gonghui LAN and install it."},
		{"设置 › 通用 › 关于本机 › 证书信任设置，打开“Gonghui LAN”的开关，再回到这里。", "Settings › General › About › Certificate Trust Settings: switch Gonghui LAN on and come back."},
	}},
	{"harmony", "HarmonyOS 鸿蒙", []said{
		{"点“下载证书”，保存到文件管理。", "Tap Download and keep the file."},
		{"打开系统设置，搜索“证书”，进入“证书与凭据”或“加密和凭据”，选“从存储设备安装”，类型选“CA 证书”。", "Open Settings, search for certificate, and choose to install a CA certificate from storage."},
		{"选择 gonghui-lan-ca.crt，确认安装，再回到这里。", "Choose gonghui-lan-ca.crt, confirm, and come back."},
	}},
	{"windows", "Windows", []said{
		{"点“下载证书”，双击下载的文件，点“安装证书”，选“当前用户”。", "Download it, open the file, choose Install Certificate, then Current User."},
		{"选“将所有的证书都放入下列存储”，浏览到“受信任的根证书颁发机构”，完成。", "Choose to place all certificates in one store: Trusted Root Certification Authorities."},
		{"核对弹窗里的指纹后点“是”，重新打开浏览器。", "Compare the fingerprint in the warning, choose Yes, and start the browser again."},
	}},
}
