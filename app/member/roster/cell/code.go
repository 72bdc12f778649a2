package cell

import (
	"strings"

	"gonghui/app/kit/codes"
)

// ErrCode is the refusal of a code or name that is on no list.
var ErrCode = &Error{"不在国家标准代码表中", "it is not in the national code list"}

// The code lists, by their codes, names in both languages, and what people write instead.
var (
	nations    = index(codes.Nations, map[string]string{"维吾尔": "05", "其他民族": "97", "外籍": "98"})
	educations = index(codes.Educations, map[string]string{
		"博士": "10", "博士研究生": "10", "硕士": "10", "硕士研究生": "10", "研究生学历": "10", "研究生及以上": "10",
		"本科": "20", "大学": "20", "学士": "20", "全日制本科": "20", "本科学历": "20", "大学本科毕业": "21", "本科毕业": "21",
		"大专": "30", "专科": "30", "大学专科": "30", "高职": "30", "大专学历": "30", "大专毕业": "31",
		"中专": "40", "中等专业学校": "40", "中等专科": "40", "中等职业教育": "40", "中职": "40", "中技": "42",
		"技校": "50", "技工": "50", "技校毕业": "51", "职高": "62", "职业高中": "62", "普通高中": "60", "高中及以下": "60",
		"初级中学": "70", "初中及以下": "70", "小学及以下": "80", "文盲": "90", "无学历": "90",
		"doctor": "10", "phd": "10", "master": "10", "bachelor": "20", "college": "30",
	})
	politics = index(codes.Politics, map[string]string{
		"党员": "01", "共产党员": "01", "中国共产党党员": "01", "中共": "01", "cpc": "01", "预备党员": "02", "中国共产党预备党员": "02",
		"团员": "03", "中国共产主义青年团团员": "03", "共青团": "03", "民革": "04", "民盟": "05", "民建": "06", "民进": "07", "农工党": "08",
		"致公党": "09", "九三学社": "10", "台盟": "11", "无党派": "12", "无党派民主人士": "12", "一般群众": "13", "普通群众": "13", "普通公民": "13",
		"无": "13",
	})
)

func index(list codes.List, more map[string]string) map[string]string {
	m := map[string]string{}
	for _, e := range list {
		m[e.Code] = e.Code
		m[strings.TrimPrefix(e.Code, "0")] = e.Code
		m[key(e.Zh)] = e.Code
		m[key(e.En)] = e.Code
		if short, ok := strings.CutSuffix(e.Zh, "族"); ok {
			m[short] = e.Code
		}
	}
	for name, code := range more {
		m[key(name)] = code
	}
	return m
}

func key(s string) string { return strings.ToLower(Narrow(s)) }

// Nation, Education and Political read a code or a name into the code of the standard.
func Nation(s string) (string, error)    { return find(nations, s) }
func Education(s string) (string, error) { return find(educations, s) }
func Political(s string) (string, error) { return find(politics, s) }

func find(m map[string]string, s string) (string, error) {
	if s == "" {
		return "", nil
	}
	if code, ok := m[s]; ok {
		return code, nil
	}
	k := key(s)
	if k == "" || k == "-" {
		return "", nil
	}
	if code, ok := m[k]; ok {
		return code, nil
	}
	return "", ErrCode
}
