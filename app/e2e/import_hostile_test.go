package e2e_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Files that are none, or would cost too much, end in a clear refusal; other encodings are read.
func TestImportHostileFiles(t *testing.T) {
	r := product(t)
	c := r.freshly(t, "admin", watching)
	plain := fmt.Sprintf("姓名,身份证号码\n张三,%s\n", idNumber())
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	packed := func(parts map[string][]byte) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, data := range parts {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write(data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	book := map[string][]byte{"xl/workbook.xml": []byte("<workbook/>")}
	with := func(name string, data []byte) []byte {
		parts := map[string][]byte{name: data}
		for k, v := range book {
			parts[k] = v
		}
		return packed(parts)
	}
	for name, row := range map[string]struct {
		file   []byte
		status int
		says   string
	}{
		"nothing":            {[]byte{}, 400, "文件是空的"},
		"blanks":             {[]byte(" \r\n \r\n"), 400, "文件是空的"},
		"a picture":          {append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), bytes.Repeat([]byte{0, 1, 2, 250}, 500)...), 400, "不是 xlsx 或 csv"},
		"an old workbook":    {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), 400, "旧版 xls 文件或加密"},
		"a zip of something": {packed(map[string][]byte{"a.txt": []byte("a")}), 400, "不是 xlsx 或 csv"},
		"half a workbook":    {with("xl/styles.xml", []byte("<x>"))[:120], 400, "已损坏"},
		"no sheets":          {with("xl/styles.xml", []byte("<x/>")), 400, "已损坏"},
		"macros":             {with("xl/vbaProject.bin", []byte("x")), 400, "含有宏"},
		"a bomb":             {with("xl/worksheets/sheet1.xml", bytes.Repeat([]byte("0"), 200<<20)), 400, "解压后过大"},
		"empty rows":         {append([]byte(plain), bytes.Repeat([]byte("\n"), 10_000_000)...), 400, "大量空行"},
		"an open quote":      {[]byte("姓名,身份证号码\n\"张三," + strings.Repeat("x,y\n", 100_000)), 400, "引号没有成对"},
		"a huge cell":        {[]byte("姓名,身份证号码\n" + strings.Repeat("长", 60_000) + ",1\n"), 400, "内容过长"},
		"GBK":                {[]byte(gbk), 200, `"checking"`},
		"UTF-16":             {[]byte(wide), 200, `"checking"`},
		"no titles":          {[]byte("张三," + idNumber() + "\n李四," + idNumber() + "\n"), 200, `"mapping"`},
	} {
		status, raw, err := tryUpload(c, name, row.file)
		if err != nil || status != row.status || !strings.Contains(string(raw), row.says) {
			t.Errorf("%s: %d %s %v, want %d %q", name, status, short(string(raw)), err, row.status, row.says)
		}
		if status == http.StatusBadRequest && !strings.Contains(string(raw), "IMPORT_FILE") {
			t.Errorf("%s: %s", name, short(string(raw)))
		}
	}
	status, _, err := tryUpload(c, "too large", make([]byte, 201<<20))
	if err == nil && status != http.StatusRequestEntityTooLarge {
		t.Errorf("201 MB: %d", status)
	}
	if status, raw, _ := c.Do("POST", "/v1/imports", []byte("x")); status != 400 || !strings.Contains(string(raw), `"field":"name"`) {
		t.Errorf("without a name: %d %s", status, raw)
	}
}
