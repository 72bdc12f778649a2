package division

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gonghui/app/kit/pinyin"
)

// all returns every body, in the order in which the directory takes them in.
func all(t testing.TB) []Body {
	t.Helper()
	bodies, err := Bodies()
	if err != nil {
		t.Fatal(err)
	}
	towns, err := Townships()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(bodies, Industrial(), towns)
}

func TestCounts(t *testing.T) {
	t.Parallel()
	type group struct{ level, kind string }
	want := map[group]int{
		{LevelNational, KindTerritorial}:          1,
		{LevelProvince, KindTerritorial}:          31,
		{LevelCity, KindTerritorial}:              333,
		{LevelCity, KindFederation}:               9,
		{LevelCounty, KindTerritorial}:            2974,
		{LevelCounty, KindFederation}:             4,
		{LevelNationalIndustrial, KindIndustrial}: 10,
		{LevelProvince, KindIndustrial}:           20,
		{LevelTown, KindTerritorial}:              38775,
		{LevelTown, KindFederation}:               2577,
	}
	got := map[group]int{}
	bodies := all(t)
	for _, b := range bodies {
		got[group{b.Level, b.Kind}]++
	}
	for g, n := range want {
		if got[g] != n {
			t.Errorf("%v: %d, want %d", g, got[g], n)
		}
	}
	if territorial, _ := Bodies(); len(territorial) != 3352 {
		t.Errorf("%d territorial bodies, want 3352", len(territorial))
	}
	if want := 3352 + 30 + 41352; len(bodies) != want {
		t.Errorf("%d bodies, want %d", len(bodies), want)
	}
}

func TestEveryBodyIsWellFormed(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`^([0-9]{6}|[0-9]{9}|i[0-9]{2}([0-9]{2})?)$`)
	division := regexp.MustCompile(`^([0-9]{6}|[0-9]{9})$`)
	above := map[string]string{
		LevelProvince: LevelNational, LevelCity: LevelProvince, LevelCounty: LevelCity, LevelTown: LevelCounty,
	}
	seen, names := map[string]Body{}, map[string]string{}
	for _, b := range all(t) {
		if _, taken := seen[b.Code]; taken || !code.MatchString(b.Code) || !division.MatchString(b.DivisionCode) {
			t.Errorf("code of %+v", b)
		}
		if other, taken := names[b.Name]; taken {
			t.Errorf("%s and %s are both called %s", other, b.Code, b.Name)
		}
		if n := utf8.RuneCountInString(b.Name); n < 5 || n > 80 || b.ShortName == "" || utf8.RuneCountInString(b.ShortName) > n {
			t.Errorf("name of %+v", b)
		}
		if b.PrimaryLine == LineTerritorial && b.Parent == "" && b.Code != NationCode ||
			b.PrimaryLine == LineIndustrial && b.IndustrialParent == "" {
			t.Errorf("%s has no parent on its primary line", b.Code)
		}
		if b.Parent != "" && b.Kind != KindIndustrial {
			parent, ok := seen[b.Parent]
			if !ok || parent.Level != above[b.Level] || b.Level == LevelTown && parent.Code[:6] != b.Code[:6] {
				t.Errorf("%s %s has the parent %q", b.Code, b.Name, b.Parent)
			}
		}
		if b.IndustrialParent != "" {
			if _, ok := seen[b.IndustrialParent]; !ok || b.Kind != KindIndustrial {
				t.Errorf("%s %s has the industrial parent %q", b.Code, b.Name, b.IndustrialParent)
			}
		}
		seen[b.Code], names[b.Name] = b, b.Code
	}
}

func TestNamesReadWell(t *testing.T) {
	t.Parallel()
	artefact := regexp.MustCompile(`^市辖区|市辖区总工会|^县总工会|直辖县级行政区划|直辖村级区划|乡级单位|管委会工会|管委会总工会|管理委员会工会|总工会总工会|局直工会|[A-Za-z ]`)
	for _, b := range all(t) {
		if artefact.MatchString(b.Name) {
			t.Errorf("%s %s", b.Code, b.Name)
		}
		if place := doubled(b.Name); place != "" && b.Name != "洪江市江市镇总工会" {
			t.Errorf("%s %s says %s twice", b.Code, b.Name, place)
		}
		if !strings.HasSuffix(b.Name, "总工会") && !strings.HasSuffix(b.Name, "工会联合会") && !strings.HasSuffix(b.Name, "委员会") {
			t.Errorf("%s %s is no union", b.Code, b.Name)
		}
	}
}

// doubled returns the place that a name says twice in a row, 东莞市 in 东莞市东莞市总工会.
func doubled(name string) string {
	runes := []rune(name)
	for n := 2; n <= len(runes)/2; n++ {
		for i := 0; i+2*n <= len(runes); i++ {
			once := string(runes[i : i+n])
			if strings.ContainsRune("省市县区旗州盟镇乡", runes[i+n-1]) && string(runes[i+n:i+2*n]) == once {
				return once
			}
		}
	}
	return ""
}

func TestNames(t *testing.T) {
	t.Parallel()
	byCode := map[string]Body{}
	for _, b := range all(t) {
		byCode[b.Code] = b
	}
	for _, row := range []struct{ code, name, short string }{
		{"000000", "中华全国总工会", "全国总工会"},
		{"440000", "广东省总工会", "广东省总工会"},
		{"110000", "北京市总工会", "北京市总工会"},
		{"150000", "内蒙古自治区总工会", "内蒙古自治区总工会"},
		{"650000", "新疆维吾尔自治区总工会", "新疆维吾尔自治区总工会"},

		{"440100", "广州市总工会", "广州市总工会"},
		{"222400", "延边朝鲜族自治州总工会", "延边朝鲜族自治州总工会"},
		{"232700", "大兴安岭地区总工会", "大兴安岭地区总工会"},
		{"152500", "锡林郭勒盟总工会", "锡林郭勒盟总工会"},
		{"441900", "东莞市总工会", "东莞市总工会"},
		{"441900000", "东莞市总工会镇街工作委员会", "镇街工作委员会"},
		{"110100", "北京市总工会市辖区工作委员会", "市辖区工作委员会"},
		{"500200", "重庆市总工会市辖县工作委员会", "市辖县工作委员会"},
		{"429000", "湖北省总工会直辖县级工作委员会", "直辖县级工作委员会"},
		{"659000", "新疆维吾尔自治区总工会直辖县级工作委员会", "直辖县级工作委员会"},

		{"440103", "广州市荔湾区总工会", "荔湾区总工会"},
		{"110101", "北京市东城区总工会", "东城区总工会"},
		{"310115", "上海市浦东新区总工会", "浦东新区总工会"},
		{"500229", "重庆市城口县总工会", "城口县总工会"},
		{"500240", "重庆市石柱土家族自治县总工会", "石柱土家族自治县总工会"},
		{"150722", "呼伦贝尔市莫力达瓦达斡尔族自治旗总工会", "莫力达瓦达斡尔族自治旗总工会"},
		{"430121", "长沙市长沙县总工会", "长沙县总工会"},
		{"430181", "浏阳市总工会", "浏阳市总工会"},
		{"430781", "津市市总工会", "津市市总工会"},
		{"370103", "济南市市中区总工会", "市中区总工会"},
		{"421002", "荆州市沙市区总工会", "沙市区总工会"},
		{"140311", "阳泉市郊区总工会", "郊区总工会"},
		{"632324", "黄南藏族自治州河南蒙古族自治县总工会", "河南蒙古族自治县总工会"},
		{"429004", "仙桃市总工会", "仙桃市总工会"},
		{"429021", "神农架林区总工会", "神农架林区总工会"},
		{"469030", "琼中黎族苗族自治县总工会", "琼中黎族苗族自治县总工会"},
		{"659001", "石河子市总工会", "石河子市总工会"},
		{"460321", "三沙市西沙群岛总工会", "西沙群岛总工会"},
		{"460323", "三沙市中沙群岛总工会", "中沙群岛总工会"},
		{"620201", "嘉峪关市总工会镇街工作委员会", "镇街工作委员会"},
		{"340271", "芜湖经济技术开发区总工会", "芜湖经济技术开发区总工会"},
		{"340371", "蚌埠市高新技术开发区总工会", "蚌埠市高新技术开发区总工会"},
		{"370176", "济南高新技术产业开发区总工会", "济南高新技术产业开发区总工会"},
		{"130274", "河北唐山海港经济开发区总工会", "河北唐山海港经济开发区总工会"},
		{"152971", "内蒙古阿拉善高新技术产业开发区总工会", "内蒙古阿拉善高新技术产业开发区总工会"},
		{"140971", "忻州市五台山风景名胜区总工会", "五台山风景名胜区总工会"},
		{"152571", "锡林郭勒盟乌拉盖管理区总工会", "乌拉盖管理区总工会"},
		{"632857", "海西蒙古族藏族自治州大柴旦行政委员会总工会", "大柴旦行政委员会总工会"},

		{"440103001", "广州市荔湾区沙面街道总工会", "沙面街道总工会"},
		{"441900101", "东莞市石碣镇总工会", "石碣镇总工会"},
		{"441900401", "东莞市松山湖工会联合会", "松山湖工会联合会"},
		{"152501400", "二连浩特市社区建设管理局工会联合会", "二连浩特市社区建设管理局工会联合会"},
		{"140824400", "运城市稷山县社区工会联合会", "稷山县社区工会联合会"},
		{"110105021", "北京市朝阳区南磨房地区总工会", "南磨房地区总工会"},
		{"653121402", "喀什地区疏附县林场工会联合会", "县林场工会联合会"},
		{"431230101", "怀化市通道侗族自治县县溪镇总工会", "县溪镇总工会"},
		{"150521403", "通辽市科尔沁左翼中旗保康街道总工会", "保康街道总工会"},
		{"220802006", "白城市洮北区工业园区城南街道总工会", "工业园区城南街道总工会"},
		{"230671010", "大庆高新技术产业开发区黎明街道总工会", "开发区黎明街道总工会"},
		{"230421500", "鹤岗市萝北县宝泉岭管理局直属单位工会联合会", "宝泉岭管理局直属单位工会联合会"},
		{"320505407", "苏州市虎丘区科技城（东渚街道）总工会", "科技城（东渚街道）总工会"},
		{"320812450", "淮安市清江浦区宁连路办事处工会联合会", "宁连路办事处工会联合会"},
		{"340371400", "蚌埠市高新技术开发区直属单位工会联合会", "直属单位工会联合会"},
		{"350527000", "泉州市金门县直属单位工会联合会", "直属单位工会联合会"},
		{"360983502", "江西省瑞州监狱工会联合会", "江西省瑞州监狱工会联合会"},
		{"370505402", "东营市垦利区红光工会联合会", "红光工会联合会"},
		{"420112002", "武汉市东西湖区柏泉街道总工会", "柏泉街道总工会"},
		{"460202198", "三亚市海棠区直辖村（社区）工会联合会", "直辖村（社区）工会联合会"},
		{"659012503", "白杨市一六三团工会联合会", "一六三团工会联合会"},

		{"i01", "中国教科文卫体工会全国委员会", "中国教科文卫体工会"},
		{"i08", "中华全国铁路总工会", "全国铁路总工会"},
		{"i0144", "广东省教科文卫体工会委员会", "广东省教科文卫体工会"},
		{"i1051", "四川省金融工会委员会", "四川省金融工会"},
	} {
		if b := byCode[row.code]; b.Name != row.name || b.ShortName != row.short {
			t.Errorf("%s is %q, %q; want %q, %q", row.code, b.Name, b.ShortName, row.name, row.short)
		}
	}
}

func TestIndustrialLines(t *testing.T) {
	t.Parallel()
	for _, b := range Industrial() {
		vertical := slices.Contains([]string{"i08", "i09", "i10"}, b.Code[:3])
		want := Body{Parent: "", IndustrialParent: NationCode, PrimaryLine: LineIndustrial, DivisionCode: NationCode}
		if b.Level == LevelProvince {
			want = Body{
				Parent: b.Code[3:] + "0000", IndustrialParent: b.Code[:3], PrimaryLine: LineTerritorial,
				DivisionCode: b.Code[3:] + "0000",
			}
			if vertical {
				want.PrimaryLine = LineIndustrial
			}
		}
		if b.Parent != want.Parent || b.IndustrialParent != want.IndustrialParent || b.PrimaryLine != want.PrimaryLine ||
			b.DivisionCode != want.DivisionCode {
			t.Errorf("%+v, want %+v", b, want)
		}
	}
}

// Each name must be found from a keyboard: no character without a reading.
func TestEveryCharacterHasAReading(t *testing.T) {
	t.Parallel()
	for _, b := range all(t) {
		for _, r := range b.Name {
			if pinyin.Full(string(r)) == "" && !strings.ContainsRune("（）、-", r) {
				t.Errorf("%s %s: %c has no reading", b.Code, b.Name, r)
			}
		}
	}
}

func TestTheSameEveryTime(t *testing.T) {
	t.Parallel()
	if !slices.Equal(all(t), all(t)) {
		t.Error("two readings differ")
	}
}

func TestDataIsSmallAndLicensed(t *testing.T) {
	t.Parallel()
	for _, packed := range [][]byte{divisions, townships} {
		if len(packed) >= 1<<20 {
			t.Errorf("%d bytes", len(packed))
		}
	}
	if !strings.Contains(License(), "Version 2, December 2004") {
		t.Errorf("licence: %.80q", License())
	}
}

func BenchmarkBodies(b *testing.B) {
	for b.Loop() {
		if _, err := Bodies(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTownships(b *testing.B) {
	for b.Loop() {
		if _, err := Townships(); err != nil {
			b.Fatal(err)
		}
	}
}
