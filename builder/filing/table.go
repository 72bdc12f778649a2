package filing

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// Table makes the sheet as CSV (RFC 4180) in UTF-8 with a mark, as Excel takes it. What is wrong with the input is an error of
// fault.Field.
func Table(in Input) ([]byte, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	parts, err := in.parts()
	if err != nil {
		return nil, err
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	rows := [][]string{{"类别 Part", "项目 Item", "内容 Value"}}
	for _, p := range parts {
		for _, l := range p.Lines {
			rows = append(rows, []string{joined(p.Title.ZH, p.Title.EN), joined(l.Item.ZH, l.Item.EN), inert(l.Value)})
		}
	}
	// A buffer takes everything.
	_ = w.WriteAll(rows)
	return b.Bytes(), nil
}

func joined(zh, en string) string {
	if zh == en {
		return zh
	}
	return strings.TrimSpace(zh + " " + en)
}

// inert keeps a spreadsheet from taking a text for a formula, or a long number for one of fifteen digits.
func inert(s string) string {
	if s != "" && (strings.ContainsRune("=+-@\t\r", rune(s[0])) || len(s) > 11 && strings.Trim(s, "0123456789") == "") {
		return "'" + s
	}
	return s
}
