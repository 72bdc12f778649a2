package filekind_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf16"

	"gonghui/media/meeting/filekind"
)

func packed(t *testing.T, method uint16, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		name, text, _ := strings.Cut(f, "=")
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: method, CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text))})
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.SetComment("a comment behind the end"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compound is a compound file whose directory has some entries, over two sectors.
func compound(names ...string) []byte {
	file := make([]byte, 512*5)
	copy(file, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1})
	binary.LittleEndian.PutUint16(file[30:], 9)
	binary.LittleEndian.PutUint32(file[48:], 1) // the directory begins in sector 1
	binary.LittleEndian.PutUint32(file[76:], 0) // the table is in sector 0
	table := file[512:]
	binary.LittleEndian.PutUint32(table[4:], 3) // sector 3 follows sector 1
	binary.LittleEndian.PutUint32(table[12:], 0xfffffffe)
	at := []int{512 * 2, 512*2 + 128, 512 * 4, 512*4 + 128}
	for i, name := range names {
		e := file[at[i]:]
		for n, u := range utf16.Encode([]rune(name)) {
			binary.LittleEndian.PutUint16(e[2*n:], u)
		}
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66] = 2
	}
	return file
}

func TestOf(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	var asPNG, asJPEG, asGIF, huge bytes.Buffer
	for _, err := range []error{
		png.Encode(&asPNG, img), jpeg.Encode(&asJPEG, img, nil), gif.Encode(&asGIF, img, nil), png.Encode(&huge, image.NewGray(image.Rect(0, 0, 1, 1))),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// The same picture, said to be 100,000 pixels wide and high; its header has a sum of its own, which is not looked at here.
	big := bytes.Clone(huge.Bytes())
	binary.BigEndian.PutUint32(big[16:], 100_000)
	binary.BigEndian.PutUint32(big[20:], 100_000)
	docx := packed(t, zip.Deflate, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
	for what, c := range map[string]struct {
		file []byte
		kind string
		err  error
	}{
		"pdf":                     {[]byte("%PDF-1.7\n%\xe2\xe3\n"), "pdf", nil},
		"png":                     {asPNG.Bytes(), "png", nil},
		"jpeg":                    {asJPEG.Bytes(), "jpeg", nil},
		"gif":                     {asGIF.Bytes(), "gif", nil},
		"docx":                    {docx, "docx", nil},
		"xlsx":                    {packed(t, zip.Deflate, "[Content_Types].xml", "xl/workbook.xml"), "xlsx", nil},
		"pptx":                    {packed(t, zip.Deflate, "[Content_Types].xml", "ppt/presentation.xml"), "pptx", nil},
		"odt":                     {packed(t, zip.Store, "mimetype=application/vnd.oasis.opendocument.text", "content.xml"), "odt", nil},
		"ofd":                     {packed(t, zip.Deflate, "OFD.xml", "Doc_0/Document.xml"), "ofd", nil},
		"doc":                     {compound("Root Entry", "1Table", "WordDocument"), "doc", nil},
		"xls":                     {compound("Root Entry", "Workbook"), "xls", nil},
		"ppt":                     {compound("PowerPoint Document"), "ppt", nil},
		"a docm":                  {packed(t, zip.Deflate, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "", filekind.ErrMacros},
		"a doc with macros":       {compound("Root Entry", "WordDocument", "1Table", "Macros"), "", filekind.ErrMacros},
		"an installer":            {compound("Root Entry", "\x05SummaryInformation"), "", filekind.ErrUnknown},
		"a bomb of pixels":        {big, "", filekind.ErrUnknown},
		"an archive":              {packed(t, zip.Deflate, "a.exe"), "", filekind.ErrUnknown},
		"half an archive":         {docx[:60], "", filekind.ErrUnknown},
		"an archive that lies":    {append(bytes.Clone(docx[:len(docx)-30]), bytes.Repeat([]byte{0xff}, 30)...), "", filekind.ErrUnknown},
		"a page":                  {[]byte("<html><script>alert(1)</script>"), "", filekind.ErrUnknown},
		"a page behind a mark":    {[]byte("GIF89a<script>alert(1)</script>"), "", nil},
		"a drawing with a script": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "", filekind.ErrUnknown},
		"a program":               {[]byte("MZ\x90\x00\x03"), "", filekind.ErrUnknown},
		"a text":                  {[]byte("通知"), "", filekind.ErrUnknown},
		"one byte":                {[]byte("P"), "", filekind.ErrUnknown},
	} {
		k, err := filekind.Of(bytes.NewReader(c.file), int64(len(c.file)))
		if what == "a page behind a mark" { // a picture by its head is told as one, and shown as one: never as a page
			if err == nil && k.Type != "image/gif" {
				t.Errorf("%s: %v", what, k)
			}
			continue
		}
		if k.Name != c.kind || !errors.Is(err, c.err) {
			t.Errorf("%s: %q %v", what, k.Name, err)
		}
	}
}

func TestCall(t *testing.T) {
	t.Parallel()
	pdf, _ := filekind.Named("pdf")
	jpeg, _ := filekind.Named("jpeg")
	for _, c := range []struct {
		kind       filekind.Kind
		name, want string
	}{
		{pdf, "工作报告.pdf", "工作报告.pdf"},
		{pdf, "工作报告.PDF", "工作报告.PDF"},
		{pdf, "照片.png", "照片.png.pdf"},
		{pdf, "工作报告", "工作报告.pdf"},
		{jpeg, "合影.jpeg", "合影.jpeg"},
		{pdf, strings.Repeat("长", 40) + ".pdf", strings.Repeat("长", 26) + ".pdf"},
	} {
		if got := c.kind.Call(c.name, 30); len([]rune(c.name)) <= 30 && got != c.want || len([]rune(got)) > 30 || len([]rune(c.name)) > 30 && got != c.want {
			t.Errorf("%s is called %s, want %s", c.name, got, c.want)
		}
	}
	if _, ok := filekind.Named("exe"); ok {
		t.Error("there is a kind that is not taken")
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte("%PDF-1.4"))
	f.Add(compound("Root Entry", "WordDocument"))
	f.Add([]byte("PK\x03\x04PK\x05\x06"))
	f.Fuzz(func(t *testing.T, file []byte) {
		k, err := filekind.Of(bytes.NewReader(file), int64(len(file)))
		if (err == nil) != (k.Name != "") {
			t.Errorf("%v %v", k, err)
		}
	})
}
