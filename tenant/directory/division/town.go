package division

import (
	"regexp"
	"strings"
)

// trims take from a township's name what speaks of its office or of its place in the statistics, not of the place.
var trims = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`^（(.+?)）`), "$1"},            // （工业园区）城南街道
	{regexp.MustCompile(`街道(办事处|筹备组|筹备处|地区)$`), "街道"}, // 保康街道办事处
	{regexp.MustCompile(`办事处街道$`), "街道"},              // 柏泉办事处街道
	{regexp.MustCompile(`(路|区|港|码)办$`), "${1}办事处"},    // 宁连路办
	{regexp.MustCompile(`(管理委员会|管委会)$`), ""},          // 莲花管理委员会
	{regexp.MustCompile(`(类似)?乡级单位$`), ""},            // 红光类似乡级单位
	{regexp.MustCompile(`局?局直$`), "局直属单位"},            // 建三江管理局局直
	{regexp.MustCompile(`直属乡镇$`), "直属单位"},             // 经济开发区直属乡镇
	{regexp.MustCompile(`^.*直辖村级区划$`), "直辖村（社区）"},     // 海棠区直辖村级区划
}

// seat matches towns, townships and streets, which have a 总工会; what matches not (a farm, a park, a works) has a 工会联合会. A
// bracket after the name, or the end of what it holds, may say which it is: 三星镇（叠石桥家纺产业园区）, 科技城（东渚街道）.
var seat = regexp.MustCompile(`(街道|街|镇|乡|苏木)(（[^）]*）|）)?$`)

// townName puts the county before the name of a township, or the city where that already names the county.
func townName(town, county, city, province division) naming {
	base := town.name
	for _, t := range trims {
		base = t.pattern.ReplaceAllString(base, t.with)
	}
	place := countyPlace(county, city, province)
	suffix, kind := "工会联合会", KindFederation
	if isSeat(town, base) {
		suffix, kind = "总工会", KindTerritorial
	}
	if strings.HasSuffix(place, base) { // the county's, or the zone's, own row
		base = "直属单位"
	}
	return naming{within(base, place, county, city, province) + suffix, base + suffix, kind}
}

// isSeat tells what has a 总工会. Beijing calls a township that became urban 地区.
func isSeat(town division, base string) bool {
	return seat.MatchString(base) || town.code[:2] == "11" && strings.HasSuffix(base, "地区")
}

// within makes a township's name complete without saying a place twice.
func within(base, place string, county, city, province division) string {
	switch {
	case strings.HasPrefix(base, province.name), layers[city.name] == "" && strings.HasPrefix(base, city.name):
		return base
	case strings.HasPrefix(base, countyBase(county)):
		return strings.TrimSuffix(place, countyBase(county)) + base
	}
	return place + unsaid(place, base)
}

// unsaid is base without the characters at its head that place ends with: 开发区黎明街道 in a 高新技术产业开发区, 县林场 in a county.
// Less than three may be chance before a town (县溪镇, 市中街道), not before a farm or a park.
func unsaid(place, base string) string {
	least := 1
	if seat.MatchString(base) {
		least = 3
	}
	runes := []rune(base)
	for n := len(runes) - 1; n >= least; n-- {
		if strings.HasSuffix(place, string(runes[:n])) {
			return string(runes[n:])
		}
	}
	return base
}
