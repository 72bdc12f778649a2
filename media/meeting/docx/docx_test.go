package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, "# 会议纪要\n时间：今天 <b>&\x01\n# 议程\n一、二"); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(raw)
		d := xml.NewDecoder(bytes.NewReader(raw))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	doc := parts["word/document.xml"]
	if len(parts) != 3 || strings.Count(doc, "<w:p>") != 4 || strings.Count(doc, `w:val="44"`) != 1 || !strings.Contains(doc, "今天 &lt;b&gt;&amp;") || strings.Contains(doc, "#") {
		t.Errorf("%d parts, document %s", len(parts), doc)
	}
}
