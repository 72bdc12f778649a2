// Package hosts is about the names under which the host of a body is reached: which names may be given, how a domain is proved to
// be its owner's, and whose a host is.
package hosts

import (
	"regexp"
	"slices"
	"strings"

	"gonghui/app/kit/fault"
)

var slug = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// reserved are labels that the platform uses or may want to, and those by which somebody would pass for an authority.
var reserved = strings.Fields(`
	account accounts acftu admin administrator api app apps assets auth blog book build builder cdn china cloud code console dashboard data demo
	dev dns docs download email example file files ftp git gonghui gov government gw hd help home host hq id image images img imap info
	internal intranet local localhost login logs m mail master media meet member members mobile monitor mx news ns ns1 ns2 oa official oidc
	open ops pay payment pop portal preview prod proxy public quanzong register root safe sandbox sec secure security service shop sign signin
	signup site sms smtp sso staff stage staging static stats status support sys system team temp test tmp tool tools update upload user users
	v1 vip vpn web webmail wechat weixin wiki work ws www www1 www2 xtgl zhongguo zonggonghui`)

// Slug checks a label that a body wants before the base.
func Slug(field, s string) error {
	switch {
	case len(s) < 3 || len(s) > 30:
		return fault.Field(field, "网址前缀须为 3 到 30 个字符", "the name takes 3 to 30 characters")
	case !slug.MatchString(s):
		return fault.Field(field, "只能用小写字母、数字和中间的连字符，并以字母开头", "only small letters, digits and single hyphens between them, a letter first")
	case slices.ContainsFunc(reserved, func(r string) bool { return Look(r) == Look(s) }):
		return fault.Field(field, "这个网址前缀由平台保留，请换一个", "the platform keeps this name; choose another")
	}
	return nil
}

// alike are characters that are taken for others, in small print or in a hurry.
var alike = strings.NewReplacer("-", "", "rn", "m", "vv", "w", "cl", "d", "0", "o", "1", "l", "i", "l", "5", "s", "2", "z", "8", "b", "9", "g", "q", "g")

// Look is a slug as it looks: two with the same look are taken for each other.
func Look(s string) string { return alike.Replace(s) }

// endings stand behind the place in the spelled name of a body.
var endings = []string{
	"", "zonggonghui", "shengzonggonghui", "shizonggonghui", "quzonggonghui", "xianzonggonghui", "zizhiquzonggonghui", "zizhizhouzonggonghui",
	"gonghui", "gonghuiweiyuanhui", "lianhegonghui", "gonghuilianhehui",
}

// Spelled are the spelled names of bodies for whose own a slug would be taken.
func Spelled(s string) []string {
	plain := strings.ReplaceAll(s, "-", "")
	out := make([]string, len(endings))
	for n, end := range endings {
		out[n] = plain + end
	}
	return out
}
