package cell

import (
	"errors"
	"testing"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "",
		" 张三\t":                     "张三",
		"第一\r\n车间":                  "第一 车间",
		"\ufeffＡＢ１２\u200b":          "AB12",
		"'00123":                    "00123",
		"广州（总）公司":                   "广州（总）公司",
		"a  b":                      "a b",
		"中山七路\u300050\u00a0号\u00a0": "中山七路 50 号",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"张　三": "张三", "欧阳 修 远": "欧阳修远", "买买提•吐尔逊": "买买提·吐尔逊", "古丽．买买提": "古丽·买买提", "John  Smith": "John Smith", "J. Smith": "J. Smith",
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"11010519491231002x": "11010519491231002X", " 110105 19491231 002X": "11010519491231002X", "'11010519491231002X": "11010519491231002X",
		"１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X", "110105194912310020.0": "110105194912310020", "E12345678": "E12345678", "": "",
		"4.40103E+17": "!", "4.4010319900101E17": "!", "４.４E＋１７": "!",
	} {
		got, err := ID(in)
		if want == "!" {
			if !errors.Is(err, ErrLost) {
				t.Errorf("ID(%q) = %q, %v", in, got, err)
			}
		} else if err != nil || got != want {
			t.Errorf("ID(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"136 0000 0001": "13600000001", "13600000001.0": "13600000001", "1.3600000001E10": "13600000001", "1.3800138E+10": "13800138000",
		"1.38E+10": "!", "+86-13600000001": "+86-13600000001",
	} {
		got, err := Phone(in)
		if want == "!" {
			if !errors.Is(err, ErrLost) {
				t.Errorf("Phone(%q) = %q, %v", in, got, err)
			}
		} else if err != nil || got != want {
			t.Errorf("Phone(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1990-01-02": "1990-01-02", "1990.1.2": "1990-01-02", "1990/1/2": "1990-01-02", "1990年1月2日": "1990-01-02", "19900102": "1990-01-02",
		"１９９０．１．２": "1990-01-02", " 1990 年 1 月 2 日 ": "1990-01-02", "1990-01-02 00:00:00": "1990-01-02", "1990-01-02T08:30:00": "1990-01-02",
		"Jan 2, 1990": "1990-01-02", "2 January 1990": "1990-01-02", "32875": "1990-01-02", "32875.5": "1990-01-02", "1": "1900-01-01", "59": "1900-02-28",
		"61": "1900-03-01", "": "", "-": "", "无": "",
		"1990": "!", "1990.1": "!", "90.1.2": "!", "1/2/1990": "!", "1990-13-01": "!", "1990-02-30": "!", "19901301": "!", "去年": "!", "100000": "!",
		"1990-1-2-3": "!", "0": "!",
	} {
		got, err := Day(in, false)
		if want == "!" {
			if !errors.Is(err, ErrDay) {
				t.Errorf("Day(%q) = %q, %v", in, got, err)
			}
		} else if err != nil || got != want {
			t.Errorf("Day(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	if got, err := Day("31413", true); err != nil || got != "1990-01-02" {
		t.Errorf("by the calendar of 1904: %q, %v", got, err)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		read func(string) (string, error)
		rows map[string]string
	}{
		"sex":        {Sex, map[string]string{"男": "male", "女性": "female", "１": "male", "2": "female", "F": "female", "m": "male", "": "", "未知": "", "雄": "!"}},
		"nation":     {Nation, map[string]string{"汉": "01", "汉族": "01", "1": "01", "01": "01", "壮族": "08", " 壮 族 ": "08", "Han": "01", "土家": "15", "": "", "火星族": "!", "57": "!"}},
		"education":  {Education, map[string]string{"本科": "20", "大专": "30", "研究生": "10", "初中": "70", "20": "20", "University": "20", "": "", "博导": "!"}},
		"politics":   {Political, map[string]string{"党员": "01", "中共预备党员": "02", "群众": "13", "团员": "03", "13": "13", "无": "13", "": "", "外星人": "!"}},
		"kind":       {Kind, map[string]string{"": "citizen_id", "身份证": "citizen_id", "护照": "passport", "台胞证": "hmt_permit", "驾照": "!"}},
		"employment": {Employment, map[string]string{"劳动合同": "contract", "劳务派遣": "dispatched", "灵活就业": "flexible", "新就业形态": "new_form", "": "", "老板": "!"}},
	} {
		for in, want := range tt.rows {
			got, err := tt.read(in)
			if want == "!" {
				var e *Error
				if !errors.As(err, &e) || e.Zh == "" || e.En == "" {
					t.Errorf("%s of %q = %q, %v", name, in, got, err)
				}
			} else if err != nil || got != want {
				t.Errorf("%s of %q = %q, %v; want %q", name, in, got, err, want)
			}
		}
	}
	for in, want := range map[string]bool{"是": true, "Y": true, "√": true, "否": false, "": false, "0": false} {
		if got, err := Yes(in); err != nil || got != want {
			t.Errorf("Yes(%q) = %v, %v", in, got, err)
		}
	}
	if _, err := Yes("也许"); err == nil {
		t.Error("也许 is read")
	}
}
