package hosts

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/branding/hosts/nameserver"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"liwan": true, "liwan-zgh": true, "gz2026": true, "abc": true,
		"ab": false, "-liwan": false, "liwan-": false, "li--wan": false, "Liwan": false, "2liwan": false, "荔湾": false, "xn--fiqs8s": false,
		"admin": false, "hq": false, "adm1n": false, "www": false, "zong-gong-hui": false, "li_wan": false, "li.wan": false,
		strings.Repeat("a", 31): false, "liwan ": false, "": false,
	} {
		err := Slug("name", s)
		if (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
		if e := kerrors.FromError(err); err != nil && (e.Metadata["field"] != "name" || e.Metadata["zh"] == "" || e.Metadata["en"] == "") {
			t.Errorf("%q: %v", s, err)
		}
	}
	for a, b := range map[string]string{"liwan": "l1wan", "huizhou": "hu1zh0u", "dan-yang": "danyang", "shimen": "shirnen", "wuhan": "vvuhan", "qingdao": "9ingda0"} {
		if Look(a) != Look(b) {
			t.Errorf("%s and %s look different: %s, %s", a, b, Look(a), Look(b))
		}
	}
	if Look("liwan") == Look("lixia") {
		t.Error("all look the same")
	}
}

func TestDomain(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"app.lwzgh.org.cn": "app.lwzgh.org.cn", " App.LWZGH.org.cn. ": "app.lwzgh.org.cn", "荔湾工会.中国": "xn--lbr8x9bv7l27h.xn--fiqs8s", "lwzgh.cn": "lwzgh.cn",
		"": "", "lwzgh": "", "https://lwzgh.cn": "", "lwzgh.cn/app": "", "lwzgh.cn:8080": "", "*.lwzgh.cn": "", "a b.cn": "", "lwzgh..cn": "", "-a.lwzgh.cn": "",
		"10.0.0.1": "", "::1": "", "[::1]": "", "1.2.3": "", "a.localhost": "", "printer.local": "", "db.internal": "", "org.cn": "", "com": "", "github.io": "",
		"liwan.union.example.org": "", "union.example.org": "", strings.Repeat("a", 64) + ".cn": "", "user@lwzgh.cn": "", "a_b.lwzgh.cn": "",
	} {
		got, err := Domain("name", typed, "union.example.org:8080")
		if (err == nil) != (want != "") || err == nil && want != "xn--lbr8x9bv7l27h.xn--fiqs8s" && got != want || err == nil && !strings.Contains(got, ".") {
			t.Errorf("%q: %q %v", typed, got, err)
		}
		if err == nil {
			if again, err := Domain("name", got, "union.example.org:8080"); err != nil || again != got {
				t.Errorf("%q: %q %v", got, again, err)
			}
		}
	}
}

// A real name server is asked over UDP; a real web server, for the file.
func TestProve(t *testing.T) {
	t.Parallel()
	ns := nameserver.Start(t)
	content, status := "", http.StatusOK
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != Path || r.Host != net.JoinHostPort("app.union.org", r.Host[strings.LastIndexByte(r.Host, ':')+1:]) {
			http.NotFound(w, r)
			return
		}
		if status == http.StatusFound {
			http.Redirect(w, r, "http://app.union.org/elsewhere", status)
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, content)
	}))
	defer web.Close()
	at, err := netip.ParseAddrPort(web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := &Prover{Resolver: At(ns.Address), Port: fmt.Sprint(at.Port()), Reach: func(a netip.Addr) bool { return a.IsLoopback() }}
	prove := func(want string) {
		t.Helper()
		way, problem := p.Prove(context.Background(), "app.union.org", "t0ken")
		if got := way + problem; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	prove(NoRecord)
	ns.Text("_gonghui.app.union.org", "v=spf1 -all", "gonghui-verify=other")
	prove(OtherToken)
	ns.Text("_gonghui.app.union.org", "v=spf1 -all", "gonghui-verify=t0ken")
	prove("dns")
	// A longer one is another one, as is one beside the domain.
	ns.Text("_gonghui.app.union.org", "gonghui-verify=t0kenx")
	ns.Text("app.union.org", "gonghui-verify=t0ken")
	prove(OtherToken)
	ns.Text("_gonghui.app.union.org")
	ns.Break(true)
	prove(Unreachable)
	ns.Break(false)

	ns.Host("app.union.org", [4]byte{127, 0, 0, 1})
	prove(NoRecord)
	content = "gonghui-verify=t0ken\r\n"
	prove("http")
	content = "gonghui-verify=other\n"
	prove(OtherToken)
	content = "gonghui-verify=t0ken" + strings.Repeat("x", 4096)
	prove(OtherToken)
	content, status = "gonghui-verify=t0ken", http.StatusFound
	prove(NoRecord)
	status = http.StatusOK
	prove("http")
	// What leads to an inner address is not asked.
	p.Reach = nil
	prove(NoRecord)
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for a, want := range map[string]bool{
		"8.8.8.8": true, "114.114.114.114": true, "2400:3200::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "192.168.1.1": false, "172.16.0.1": false, "169.254.169.254": false, "0.0.0.0": false, "100.64.0.1": false,
		"224.0.0.1": false, "255.255.255.255": false, "::1": false, "fe80::1": false, "fd00::1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		if got := public(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s: %v", a, got)
		}
	}
}
