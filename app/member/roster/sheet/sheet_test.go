package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func onDisk(t *testing.T, data []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// all reads a file to its end.
func all(t *testing.T, data []byte) ([]Row, error) {
	t.Helper()
	f, err := Open(onDisk(t, data))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := f.Rows("")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Row
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, row)
	}
}

func shown(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d:%s", r.Number, strings.Join(r.Cells, "|"))
		for _, f := range r.Formulas {
			fmt.Fprintf(&b, "=%d", f)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCSV(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("姓名,身份\r\n张三,1\r\n")
	if err != nil {
		t.Fatal(err)
	}
	wide := func(end unicode.Endianness, mark unicode.BOMPolicy) string {
		s, err := unicode.UTF16(end, mark).NewEncoder().String("姓名\t身份\r\n张三\t100200300400\r\n")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, tt := range map[string]struct{ in, want string }{
		"plain":          {"a,b\n1,2\n", "1:a|b\n2:1|2\n"},
		"mark":           {"\ufeffa,b\r\n1,2", "1:a|b\n2:1|2\n"},
		"semicolons":     {"a;b,c\n1;2;3\n", "1:a|b,c\n2:1|2|3\n"},
		"tabs":           {"a\tb\n1\t2\n", "1:a|b\n2:1|2\n"},
		"sep":            {"sep=;\na;b\n", "2:a|b\n"},
		"quotes":         {"\"a,\"\"x\"\"\",b\n\"1\n2\",3\n", "1:a,\"x\"|b\n2:1\n2|3\n"},
		"quote inside":   {"a\"b,c\n", "1:a\"b|c\n"},
		"empty rows":     {"\n\na\n,,\n \nb\n", "3:a\n6:b\n"},
		"plain formula":  {"=\"0123\",=5\n", "1:0123|5\n"},
		"formula":        {"a,=SUM(A1)\n", "1:a|=SUM(A1)=1\n"},
		"GBK":            {gbk, "1:姓名|身份\n2:张三|1\n"},
		"UTF-16 with":    {wide(unicode.BigEndian, unicode.UseBOM), "1:姓名|身份\n2:张三|100200300400\n"},
		"UTF-16 without": {wide(unicode.LittleEndian, unicode.IgnoreBOM), "1:姓名|身份\n2:张三|100200300400\n"},
	} {
		rows, err := all(t, []byte(tt.in))
		if err != nil || shown(rows) != tt.want {
			t.Errorf("%s: %q, %v; want %q", name, shown(rows), err, tt.want)
		}
	}
	long := strings.Repeat("张三,李四\n", 70_000)
	if rows, err := all(t, []byte(long)); err != nil || len(rows) != 70_000 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		want *Error
	}{
		"nothing":     {"", ErrEmpty},
		"binary":      {"\x89PNG\r\n\x1a\n\x00\x00\x01\x02\x03\xff\xfe\xfa", ErrKind},
		"old":         {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", ErrOld},
		"torn":        {"PK\x03\x04 and no more", ErrBroken},
		"broken mark": {"\ufeffa\xff\xff", ErrEncoding},
		"rows":        {strings.Repeat("\n", MaxEmpty+2), ErrEmpty},
		"gap":         {"a\n" + strings.Repeat("\n", MaxEmpty+2), ErrEmptyRows},
	} {
		_, err := all(t, []byte(tt.in))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	var e *Error
	if _, err := all(t, []byte("\"a\nb\n")); !errors.As(err, &e) || !strings.Contains(e.Zh, "第 1 行") {
		t.Errorf("an open quote: %v", err)
	}
}

func workbook(t *testing.T, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	data := workbook(t, func(f *excelize.File) error {
		return errors.Join(
			f.SetSheetRow("Sheet1", "A1", &[]any{"花名册"}), f.SetSheetRow("Sheet1", "A3", &[]any{"姓名", "单位", "数"}),
			f.SetSheetRow("Sheet1", "A4", &[]any{"张三", "甲厂", 440103199001011234}), f.SetSheetRow("Sheet1", "A5", &[]any{"李四"}),
			f.SetSheetRow("Sheet1", "A7", &[]any{"王五", "乙厂"}), f.MergeCell("Sheet1", "B4", "B6"), f.MergeCell("Sheet1", "A1", "C1"),
			f.SetCellFormula("Sheet1", "C5", "1+1"),
		)
	})
	rows, err := all(t, data)
	want := "1:花名册\n3:姓名|单位|数\n4:张三|甲厂|440103199001011234\n5:李四|甲厂|=2\n7:王五|乙厂\n"
	if err != nil || shown(rows) != want {
		t.Errorf("%q, %v; want %q", shown(rows), err, want)
	}
}

func TestWriting(t *testing.T) {
	t.Parallel()
	want := [][]string{{"姓名", "说明"}, {"张三", "=1+1"}, {"李四", "a,\"b\"\nc"}, {"", "+8613600000001"}, {"王五", "-x"}}
	for _, kind := range []string{CSV, XLSX} {
		var out bytes.Buffer
		w, err := NewWriter(kind, &out, "表")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range want {
			if err := w.Row(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		rows, err := all(t, out.Bytes())
		if err != nil || len(rows) != len(want) {
			t.Fatalf("%s: %q, %v", kind, shown(rows), err)
		}
		for i, row := range rows {
			got := slices.Clone(row.Cells)
			for j := range got {
				got[j] = strings.TrimPrefix(got[j], "'")
			}
			if !slices.Equal(got, want[i]) || len(row.Formulas) > 0 {
				t.Errorf("%s: %q, want %q", kind, got, want[i])
			}
		}
	}
}
