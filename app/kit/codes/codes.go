// Package codes holds the short national code lists that forms offer.
package codes

// Entry is a code with its wording.
type Entry struct{ Code, Zh, En string }

// List is a code list in the order of its standard.
type List []Entry

// Has reports whether the list holds the code.
func (l List) Has(code string) bool {
	_, ok := l.Find(code)
	return ok
}

// Find returns the entry of a code.
func (l List) Find(code string) (Entry, bool) {
	for _, e := range l {
		if e.Code == code {
			return e, true
		}
	}
	return Entry{}, false
}

// Nations are the peoples of China by GB/T 3304-1991, with the romanisation of the standard; 97 and 98 are those of the
// ministry of public security.
var Nations = List{
	{"01", "汉族", "Han"},
	{"02", "蒙古族", "Mongol"},
	{"03", "回族", "Hui"},
	{"04", "藏族", "Zang"},
	{"05", "维吾尔族", "Uygur"},
	{"06", "苗族", "Miao"},
	{"07", "彝族", "Yi"},
	{"08", "壮族", "Zhuang"},
	{"09", "布依族", "Buyei"},
	{"10", "朝鲜族", "Chosen"},
	{"11", "满族", "Man"},
	{"12", "侗族", "Dong"},
	{"13", "瑶族", "Yao"},
	{"14", "白族", "Bai"},
	{"15", "土家族", "Tujia"},
	{"16", "哈尼族", "Hani"},
	{"17", "哈萨克族", "Kazak"},
	{"18", "傣族", "Dai"},
	{"19", "黎族", "Li"},
	{"20", "傈僳族", "Lisu"},
	{"21", "佤族", "Va"},
	{"22", "畲族", "She"},
	{"23", "高山族", "Gaoshan"},
	{"24", "拉祜族", "Lahu"},
	{"25", "水族", "Sui"},
	{"26", "东乡族", "Dongxiang"},
	{"27", "纳西族", "Naxi"},
	{"28", "景颇族", "Jingpo"},
	{"29", "柯尔克孜族", "Kirgiz"},
	{"30", "土族", "Tu"},
	{"31", "达斡尔族", "Daur"},
	{"32", "仫佬族", "Mulao"},
	{"33", "羌族", "Qiang"},
	{"34", "布朗族", "Blang"},
	{"35", "撒拉族", "Salar"},
	{"36", "毛南族", "Maonan"},
	{"37", "仡佬族", "Gelao"},
	{"38", "锡伯族", "Xibe"},
	{"39", "阿昌族", "Achang"},
	{"40", "普米族", "Pumi"},
	{"41", "塔吉克族", "Tajik"},
	{"42", "怒族", "Nu"},
	{"43", "乌孜别克族", "Uzbek"},
	{"44", "俄罗斯族", "Russ"},
	{"45", "鄂温克族", "Ewenki"},
	{"46", "德昂族", "Deang"},
	{"47", "保安族", "Bonan"},
	{"48", "裕固族", "Yugur"},
	{"49", "京族", "Gin"},
	{"50", "塔塔尔族", "Tatar"},
	{"51", "独龙族", "Derung"},
	{"52", "鄂伦春族", "Oroqen"},
	{"53", "赫哲族", "Hezhen"},
	{"54", "门巴族", "Monba"},
	{"55", "珞巴族", "Lhoba"},
	{"56", "基诺族", "Jino"},
	{"97", "其他", "Other"},
	{"98", "外国血统中国籍人士", "Chinese national of foreign descent"},
}

// Educations are the levels of schooling by GB/T 4658-1984.
var Educations = List{
	{"10", "研究生", "Postgraduate"},
	{"11", "研究生毕业", "Postgraduate, graduated"},
	{"19", "研究生肄业", "Postgraduate, unfinished"},
	{"20", "大学本科", "University"},
	{"21", "大学毕业", "University, graduated"},
	{"28", "相当大学毕业", "Equivalent to university"},
	{"29", "大学肄业", "University, unfinished"},
	{"30", "大学专科和专科学校", "Junior college"},
	{"31", "专科毕业", "Junior college, graduated"},
	{"38", "相当专科毕业", "Equivalent to junior college"},
	{"39", "专科肄业", "Junior college, unfinished"},
	{"40", "中等专业学校或中等技术学校", "Secondary technical school"},
	{"41", "中专毕业", "Secondary specialised school, graduated"},
	{"42", "中技毕业", "Secondary technical school, graduated"},
	{"48", "相当中专或中技毕业", "Equivalent to secondary technical school"},
	{"49", "中专或中技肄业", "Secondary technical school, unfinished"},
	{"50", "技工学校", "Skilled workers' school"},
	{"51", "技工学校毕业", "Skilled workers' school, graduated"},
	{"59", "技工学校肄业", "Skilled workers' school, unfinished"},
	{"60", "高中", "Senior high school"},
	{"61", "高中毕业", "Senior high school, graduated"},
	{"62", "职业高中毕业", "Vocational high school, graduated"},
	{"63", "农业高中毕业", "Agricultural high school, graduated"},
	{"68", "相当高中毕业", "Equivalent to senior high school"},
	{"69", "高中肄业", "Senior high school, unfinished"},
	{"70", "初中", "Junior high school"},
	{"71", "初中毕业", "Junior high school, graduated"},
	{"72", "职业初中毕业", "Vocational junior high school, graduated"},
	{"73", "农业初中毕业", "Agricultural junior high school, graduated"},
	{"78", "相当初中毕业", "Equivalent to junior high school"},
	{"79", "初中肄业", "Junior high school, unfinished"},
	{"80", "小学", "Primary school"},
	{"81", "小学毕业", "Primary school, graduated"},
	{"88", "相当小学毕业", "Equivalent to primary school"},
	{"89", "小学肄业", "Primary school, unfinished"},
	{"90", "文盲或半文盲", "No schooling"},
}

// Politics are the political affiliations by GB/T 4762-1984.
var Politics = List{
	{"01", "中共党员", "Member of the Communist Party of China"},
	{"02", "中共预备党员", "Probationary member of the Communist Party of China"},
	{"03", "共青团员", "Member of the Communist Youth League"},
	{"04", "民革党员", "Member of the Revolutionary Committee of the Chinese Kuomintang"},
	{"05", "民盟盟员", "Member of the China Democratic League"},
	{"06", "民建会员", "Member of the China National Democratic Construction Association"},
	{"07", "民进会员", "Member of the China Association for Promoting Democracy"},
	{"08", "农工党党员", "Member of the Chinese Peasants' and Workers' Democratic Party"},
	{"09", "致公党党员", "Member of the China Zhi Gong Party"},
	{"10", "九三学社社员", "Member of the Jiusan Society"},
	{"11", "台盟盟员", "Member of the Taiwan Democratic Self-Government League"},
	{"12", "无党派人士", "Personage without party affiliation"},
	{"13", "群众", "None"},
}
