package roster

import (
	"slices"

	"github.com/xuri/excelize/v2"

	"gonghui/app/kit/codes"
	"gonghui/app/member/roster/column"
)

var (
	kindNames = map[string]string{
		"citizen_id": "居民身份证", "passport": "护照", "hmt_permit": "港澳台居民居住证", "foreign_permit": "外国人永久居留身份证",
	}
	sexNames        = map[string]string{"male": "男", "female": "女"}
	employmentNames = map[string]string{"contract": "劳动合同", "dispatched": "劳务派遣", "flexible": "灵活就业", "new_form": "新就业形态"}
	lists           = map[string]codes.List{"nation": codes.Nations, "education": codes.Educations, "politicalStatus": codes.Politics}
)

// nameOf is the name of a code.
func nameOf(field, code string) string {
	e, _ := lists[field].Find(code)
	return e.Zh
}

// choices are the values of a field that a list offers, or nil.
func choices(field string) []string {
	switch field {
	case "idKind":
		return []string{"居民身份证", "护照", "港澳台居民居住证", "外国人永久居留身份证"}
	case "sex":
		return []string{"男", "女"}
	case "employment":
		return []string{"劳动合同", "劳务派遣", "灵活就业", "新就业形态"}
	case "migrant":
		return []string{"是", "否"}
	}
	var out []string
	for _, e := range lists[field] {
		out = append(out, e.Zh)
	}
	return out
}

// hints explain the fields.
var hints = map[string]label{
	"name": {"必填，与证件一致，最多 60 个字", "needed, as on the paper, at most 60 characters"}, "idKind": {"留空为居民身份证", "a citizen's ID when empty"},
	"idNumber": {"必填；列已设为文本格式，请勿改为数值", "needed; the column holds texts, do not make it one of numbers"},
	"phone":    {"11 位手机号码", "a mobile number of 11 digits"}, "sex": {"可由身份证号码得出", "follows from a citizen's ID"},
	"birth": {"写成 1990-01-02；可由身份证号码得出", "as 1990-01-02; follows from a citizen's ID"}, "nation": {"名称或国标代码", "name or code of GB/T 3304"},
	"education": {"名称或国标代码", "name or code of GB/T 4658"}, "politicalStatus": {"名称或国标代码", "name or code of GB/T 4762"},
	"employer": {"最多 120 个字", "at most 120 characters"}, "job": {"最多 60 个字", "at most 60 characters"},
	"employment": {"从列表中选择", "choose from the list"}, "migrant": {"是或否", "是 (yes) or 否 (no)"}, "address": {"最多 200 个字", "at most 200 characters"},
	"joinedOn": {"写成 2020-05-01；留空为导入当天", "as 2020-05-01; the day of the import when empty"},
}

// templateRows is how many rows of the template offer lists.
const templateRows = 5000

func fillTemplate(f *excelize.File) error {
	const roster, options, notes = "会员", "选项", "填写说明"
	if err := f.SetSheetName("Sheet1", roster); err != nil {
		return err
	}
	for _, name := range []string{notes, options} {
		if _, err := f.NewSheet(name); err != nil {
			return err
		}
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	if err != nil {
		return err
	}
	note := [][]string{{"列", "怎样填写", "column", "how to fill it in"}}
	for i, field := range column.Fields {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		title := labels[field].zh
		if slices.Contains(column.Needed, field) {
			title += "（必填）"
		}
		steps := []error{
			f.SetColStyle(roster, name, text), f.SetColWidth(roster, name, name, 18),
			f.SetCellStr(roster, name+"1", title), f.SetCellStyle(roster, name+"1", name+"1", bold),
		}
		for _, err := range steps {
			if err != nil {
				return err
			}
		}
		if err := offer(f, roster, options, name, choices(field)); err != nil {
			return err
		}
		note = append(note, []string{labels[field].zh, hints[field].zh, labels[field].en, hints[field].en})
	}
	for i, row := range note {
		if err := f.SetSheetRow(notes, cellName(1, i+1), &row); err != nil {
			return err
		}
	}
	if err := f.SetColWidth(notes, "A", "D", 30); err != nil {
		return err
	}
	return f.SetSheetVisible(options, false)
}

// offer lets the cells of a column be chosen from a list, which stands on a sheet of its own: a list in the rule itself may
// have 255 characters only.
func offer(f *excelize.File, roster, options, column string, list []string) error {
	if len(list) == 0 {
		return nil
	}
	for i, text := range list {
		if err := f.SetCellStr(options, column+rowName(i+1), text); err != nil {
			return err
		}
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = column + "2:" + column + rowName(templateRows)
	v.SetSqrefDropList(options + "!$" + column + "$1:$" + column + "$" + rowName(len(list)))
	return f.AddDataValidation(roster, v)
}

func cellName(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column, row)
	return name
}

func rowName(row int) string { return cellName(1, row)[1:] }
