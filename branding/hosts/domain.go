package hosts

import (
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"gonghui/app/kit/fault"
)

// inner are endings of names that mean something on one network alone (RFC 6761, 6762, 8375, 9476).
var inner = []string{"localhost", "local", "internal", "intranet", "lan", "home.arpa", "arpa", "test", "invalid", "example", "onion", "alt"}

// Domain reads a domain that a body wants for its host, as typed, and returns it in ASCII (RFC 5891). base is the platform's own.
func Domain(field, typed, base string) (string, error) {
	typed = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(typed)), ".")
	bad := fault.Field(field, "请填写完整域名，如 app.example.org.cn，不带 https:// 和路径", "write a whole domain such as app.example.org, without https:// and path")
	if strings.ContainsAny(typed, "/:@?#_*\\ ") || !strings.Contains(typed, ".") {
		return "", bad
	}
	name, err := idna.Lookup.ToASCII(typed)
	if err != nil || len(name) > 253 {
		return "", bad
	}
	if _, err := netip.ParseAddr(name); err == nil || name[strings.LastIndexByte(name, '.')+1] <= '9' {
		return "", bad
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return "", bad
		}
	}
	for _, end := range inner {
		if name == end || strings.HasSuffix(name, "."+end) {
			return "", fault.Field(field, "这是只在内部网络有效的域名，外面访问不到", "this name is of an inner network; nobody outside would find it")
		}
	}
	own, _, err := net.SplitHostPort(base)
	if err != nil {
		own = base
	}
	if name == own || strings.HasSuffix(name, "."+own) {
		return "", fault.Field(field, "这是平台自己的域名，请改用上面的网址前缀", "this is the platform's own domain; choose a name before it instead")
	}
	if end, _ := publicsuffix.PublicSuffix(name); end == name {
		return "", fault.Field(field, "这是公共域名后缀，请填写属于本会的域名", "this is an ending that is everybody's; write a domain of the body's own")
	}
	return name, nil
}
