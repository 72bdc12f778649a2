package division

import "strings"

// naming is how the body of a division is called.
type naming struct {
	full, short, kind string
}

// union is a 总工会 whose name stands on its own.
func union(place string) naming {
	return naming{place + "总工会", place + "总工会", KindTerritorial}
}

// committee stands between a union and the unions that it leads without a union in between, where the divisions have a layer
// that is no place: 北京市总工会市辖区工作委员会.
func committee(leader, what string) naming {
	return naming{leader + "总工会" + what, what, KindFederation}
}

// layers are the cities of the data that are no cities, and the committees in their place.
var layers = map[string]string{
	"市辖区":         "市辖区工作委员会",
	"县":           "市辖县工作委员会",
	"省直辖县级行政区划":   "直辖县级工作委员会",
	"自治区直辖县级行政区划": "直辖县级工作委员会",
}

func cityName(city, province division) naming {
	if what, ok := layers[city.name]; ok {
		return committee(province.name, what)
	}
	return union(city.name)
}

// countyName puts the city before the names of districts, counties and banners. County-level cities, directly governed
// counties and zones that already say where they lie stand on their own.
func countyName(county, city, province division) naming {
	if isCityItself(county, city) {
		return committee(city.name, "镇街工作委员会")
	}
	return naming{countyPlace(county, city, province) + "总工会", countyBase(county) + "总工会", KindTerritorial}
}

// countyPlace is a county's name, complete on its own.
func countyPlace(county, city, province division) string {
	base := countyBase(county)
	switch {
	case isCityItself(county, city), strings.HasSuffix(base, "市"):
		return base
	case isZone(county) && (strings.HasPrefix(base, stem(city.name)) || strings.HasPrefix(base, stem(province.name))):
		return base
	case city.name == "市辖区", city.name == "县":
		return province.name + base
	case layers[city.name] != "":
		return base
	}
	return city.name + base
}

// countyBase is a county's name without what speaks of its office or its waters.
func countyBase(county division) string {
	base := strings.TrimSuffix(county.name, "管委会")
	return strings.TrimSuffix(base, "的岛礁及其海域")
}

// isCityItself tells the one county that the data gives a city without counties (东莞市, 中山市, 儋州市, 嘉峪关市).
func isCityItself(county, city division) bool { return county.name == city.name }

// isZone tells development zones and the like, which the bureau numbers 71 to 79 within a city.
func isZone(county division) bool { return county.code[4] == '7' && county.code[5] != '0' }

// stem is the name of a province or city without its kind: 广西 of 广西壮族自治区, 锡林郭勒 of 锡林郭勒盟.
func stem(place string) string {
	for _, kind := range []string{"壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "地区", "省", "市", "盟"} {
		if s, ok := strings.CutSuffix(place, kind); ok {
			return s
		}
	}
	return place
}
