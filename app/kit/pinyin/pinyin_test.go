package pinyin

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFullAndInitials(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, full, initials string }{
		{"广东省总工会", "guangdongshengzonggonghui", "gdszgh"},
		{"中华全国总工会", "zhonghuaquanguozonggonghui", "zhqgzgh"},
		{"重庆市总工会", "chongqingshizonggonghui", "cqszgh"},
		{"长沙", "changsha", "cs"},
		{"厦门", "xiamen", "xm"},
		{"成都", "chengdu", "cd"},
		{"西藏自治区", "xizangzizhiqu", "xzzzq"},
		{"蚌埠", "bengbu", "bb"},
		{"六安", "luan", "la"},
		{"亳州", "bozhou", "bz"},
		{"番禺", "panyu", "py"},
		{"吐鲁番", "tulufan", "tlf"},
		{"台州", "taizhou", "tz"},
		{"乐清", "yueqing", "yq"},
		{"乐山", "leshan", "ls"},
		{"丽水", "lishui", "ls"},
		{"涡阳", "guoyang", "gy"},
		{"歙县", "shexian", "sx"},
		{"莘县", "shenxian", "sx"},
		{"大埔", "dabu", "db"},
		{"黄埔", "huangpu", "hp"},
		{"东莞", "dongguan", "dg"},
		{"浚县", "xunxian", "xx"},
		{"解放区", "jiefangqu", "jfq"},
		{"解州", "xiezhou", "xz"},
		{"荥阳", "xingyang", "xy"},
		{"荥经", "yingjing", "yj"},
		{"长子县", "zhangzixian", "zzx"},
		{"子长市", "zichangshi", "zcs"},
		{"盱眙", "xuyi", "xy"},
		{"鄄城", "juancheng", "jc"},
		{"濮阳", "puyang", "py"},
		{"什邡", "shifang", "sf"},
		{"郫都", "pidu", "pd"},
		{"耒阳", "leiyang", "ly"},
		{"茌平", "chiping", "cp"},
		{"宿州", "suzhou", "sz"},
		{"弥勒", "mile", "ml"},
		{"昆都仑", "kundulun", "kdl"},
		{"莎车", "shache", "sc"},
		{"伽师", "jiashi", "js"},
		{"佛山", "foshan", "fs"},
		{"吕梁", "lvliang", "ll"},
		{"大城县", "daichengxian", "dcx"},
		{"大城市", "dachengshi", "dcs"},
		{"广东阿波罗", "guangdongaboluo", "gdabl"},
		{"闵行", "minhang", "mh"},
		{"大柴旦行政委员会", "dachaidanxingzhengweiyuanhui", "dcdxzwyh"},
		{"中国银行", "zhongguoyinhang", "zgyh"},
		{"兵团二二一团", "bingtuanereryituan", "bteeyt"},
		{"Ａ座１2号 B-3", "azuo12haob3", "az12hb3"},
		{"José（何塞）", "josehesai", "josehs"},
		{"，。·", "", ""},
		{"", "", ""},
		{"\xff\xfe", "", ""},
	} {
		if got := Full(row.in); got != row.full {
			t.Errorf("Full(%q) = %q, want %q", row.in, got, row.full)
		}
		if got := Initials(row.in); got != row.initials {
			t.Errorf("Initials(%q) = %q, want %q", row.in, got, row.initials)
		}
	}
}

func TestPerson(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, full, initials string }{
		{"曾国强", "zengguoqiang", "zgq"},
		{"单雄信", "shanxiongxin", "sxx"},
		{"仇英", "qiuying", "qy"},
		{"解晓东", "xiexiaodong", "xxd"},
		{"查良镛", "zhaliangyong", "zly"},
		{"任长霞", "renchangxia", "rcx"},
		{"区志航", "ouzhihang", "ozh"},
		{"尉迟恭", "yuchigong", "ycg"},
		{"尉健行", "weijianxing", "wjx"},
		{"朴槿惠", "piaojinhui", "pjh"},
		{"盖叫天", "gejiaotian", "gjt"},
		{"华罗庚", "hualuogeng", "hlg"},
		{"万俟卨", "moqixie", "mqx"},
		{"万里", "wanli", "wl"},
		{"长孙无忌", "zhangsunwuji", "zswj"},
		{"翟天临", "zhaitianlin", "ztl"},
		{"张重庆", "zhangchongqing", "zcq"},
		{"欧阳修", "ouyangxiu", "oyx"},
		{"查干·巴特尔", "chaganbateer", "cgbte"},
		{" 曾 侃 ", "zengkan", "zk"},
		{"Jane Doe", "janedoe", "janedoe"},
		{"", "", ""},
	} {
		if got := PersonFull(row.in); got != row.full {
			t.Errorf("PersonFull(%q) = %q, want %q", row.in, got, row.full)
		}
		if got := PersonInitials(row.in); got != row.initials {
			t.Errorf("PersonInitials(%q) = %q, want %q", row.in, got, row.initials)
		}
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	longest := 0
	for _, table := range []map[string]string{words, compoundSurnames} {
		for word, reading := range table {
			longest = max(longest, utf8.RuneCountInString(word))
			if got, want := len(strings.Fields(reading)), utf8.RuneCountInString(word); got != want {
				t.Errorf("%s has %d syllables, want %d", word, got, want)
			}
		}
	}
	if longest != longestWord {
		t.Errorf("longestWord = %d, the longest has %d", longestWord, longest)
	}
}

func FuzzSpell(f *testing.F) {
	f.Add("广东省总工会")
	f.Add("\xff曾é１")
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{Full(s), Initials(s), PersonFull(s), PersonInitials(s)} {
			if strings.ContainsFunc(got, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
				t.Fatalf("%q became %q", s, got)
			}
		}
	})
}

func TestTablesHaveNoIdleRows(t *testing.T) {
	t.Parallel()
	letters := func(s string) string {
		var out strings.Builder
		for _, r := range s {
			out.WriteString(single(r))
		}
		return out.String()
	}
	for _, table := range []map[string]string{words, compoundSurnames} {
		for word, reading := range table {
			if letters(word) == strings.ReplaceAll(reading, " ", "") {
				t.Errorf("%s is read %s without the table", word, reading)
			}
		}
	}
	for surname, reading := range surnames {
		if single(surname) == reading {
			t.Errorf("%c is read %s without the table", surname, reading)
		}
	}
}
