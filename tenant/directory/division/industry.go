package division

// industry is one of the ten national industrial unions.
type industry struct {
	// field is what it organises; name and short are those of the national body.
	field, name, short string
	// vertical: its bodies are led by the industry first. The others are led by their territory first.
	vertical bool
}

// industries in the order of their codes, i01 to i10.
var industries = []industry{
	{"教科文卫体", "中国教科文卫体工会全国委员会", "中国教科文卫体工会", false},
	{"海员建设", "中国海员建设工会全国委员会", "中国海员建设工会", false},
	{"能源化学地质", "中国能源化学地质工会全国委员会", "中国能源化学地质工会", false},
	{"机械冶金建材", "中国机械冶金建材工会全国委员会", "中国机械冶金建材工会", false},
	{"国防邮电", "中国国防邮电工会全国委员会", "中国国防邮电工会", false},
	{"财贸轻纺烟草", "中国财贸轻纺烟草工会全国委员会", "中国财贸轻纺烟草工会", false},
	{"农林水利气象", "中国农林水利气象工会全国委员会", "中国农林水利气象工会", false},
	{"铁路", "中华全国铁路总工会", "全国铁路总工会", true},
	{"民航", "中国民航工会全国委员会", "中国民航工会", true},
	{"金融", "中国金融工会全国委员会", "中国金融工会", true},
}

// industrialProvinces have a body of each industry.
var industrialProvinces = []division{{"44", "广东省"}, {"51", "四川省"}}

// Industrial returns the ten national industrial unions and their provincial bodies, parents first. A national one has the
// nation as its parent on the industrial line alone; a provincial one has its province on the territorial line as well.
func Industrial() []Body {
	bodies := make([]Body, 0, len(industries)*(1+len(industrialProvinces)))
	for i, in := range industries {
		bodies = append(bodies, Body{
			Code: industrialCode(i, ""), Name: in.name, ShortName: in.short, Level: LevelNationalIndustrial, Kind: KindIndustrial,
			DivisionCode: NationCode, PrimaryLine: LineIndustrial, IndustrialParent: NationCode,
		})
	}
	for _, p := range industrialProvinces {
		for i, in := range industries {
			line := LineTerritorial
			if in.vertical {
				line = LineIndustrial
			}
			name := p.name + in.field + "工会"
			bodies = append(bodies, Body{
				Code: industrialCode(i, p.code), Name: name + "委员会", ShortName: name, Level: LevelProvince, Kind: KindIndustrial,
				DivisionCode: p.code + "0000", PrimaryLine: line, Parent: p.code + "0000", IndustrialParent: industrialCode(i, ""),
			})
		}
	}
	return bodies
}

func industrialCode(index int, province string) string {
	return "i" + string(rune('0'+(index+1)/10)) + string(rune('0'+(index+1)%10)) + province
}
