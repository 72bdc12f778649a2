package column

import (
	"slices"
	"testing"

	"gonghui/app/kit/cnid"
)

func id(n int) string {
	head := "4401031990010" + string(rune('1'+n%9)) + "00" + string(rune('1'+n%9))
	return head + string(cnid.CheckDigit(head))
}

func rows(cells ...[]string) []Row {
	out := make([]Row, len(cells))
	for i, c := range cells {
		out[i] = Row{int64(i + 1), c}
	}
	return out
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows   []Row
		header int64
		sure   bool
		fields []string
	}{
		"plain":        {rows([]string{"姓名", "身份证号码"}, []string{"张三", id(1)}), 1, true, []string{"name", "idNumber"}},
		"titles above": {rows([]string{"花名册"}, []string{"单位：甲", "", "时间"}, []string{"序号", "会员姓名*", "证件号"}, []string{"1", "张三", id(1)}), 3, true, []string{"", "name", "idNumber"}},
		"two rows": {
			rows([]string{"姓名", "公民身份号码", "联系方式", ""}, []string{"", "", "手机", "家庭住址"}, []string{"张三", id(1), "13600000001", "某路"}), 2, true,
			[]string{"name", "idNumber", "phone", "address"},
		},
		"english":        {rows([]string{"Full Name", "ID Number", "Date of birth"}, []string{"Li", id(1), "1990-01-01"}), 1, true, []string{"name", "idNumber", "birth"}},
		"no header":      {rows([]string{"张三", id(1)}, []string{"李四", id(2)}), 0, false, []string{"", "idNumber"}},
		"odd title":      {rows([]string{"姓名", "身份证", "本人常用手机"}, []string{"张三", id(1), "见附表"}), 1, false, []string{"name", "idNumber", "phone"}},
		"wrong values":   {rows([]string{"姓名", "身份证", "出生日期"}, []string{"张三", id(1), "不详"}), 1, false, []string{"name", "idNumber", "birth"}},
		"shape":          {rows([]string{"姓名", "身份证", "备用"}, []string{"张三", id(1), "13600000001"}), 1, false, []string{"name", "idNumber", "phone"}},
		"reason is left": {rows([]string{"姓名", "身份证", Reason}, []string{"张三", id(1), "姓名：请填写"}), 1, true, []string{"name", "idNumber", ""}},
		"needed lacks":   {rows([]string{"姓名", "性别"}, []string{"张三", "男"}), 1, false, []string{"name", "sex"}},
		"nothing":        {nil, 0, false, nil},
	} {
		l := Recognise(tt.rows)
		var fields []string
		for _, c := range l.Columns {
			fields = append(fields, c.Field)
		}
		if l.Header != tt.header || l.Sure() != tt.sure || !slices.Equal(fields, tt.fields) {
			t.Errorf("%s: header %d, sure %v, fields %q; want %d, %v, %q", name, l.Header, l.Sure(), fields, tt.header, tt.sure, tt.fields)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"11010519491231002X": "110***********002X", "13800138000": "138****8000", "张三": "张三", "1990-01-02": "1990-01-02", "号码 1234567": "号码 123****", "12": "12",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every field has spellings, and no spelling is lost because it is normalised to nothing.
func TestTitles(t *testing.T) {
	t.Parallel()
	n := map[string]int{}
	for key, field := range titles {
		n[field]++
		if key == "" {
			t.Error("a title without letters")
		}
	}
	for _, f := range Fields {
		if n[f] < 4 {
			t.Errorf("%s has %d spellings", f, n[f])
		}
	}
}
