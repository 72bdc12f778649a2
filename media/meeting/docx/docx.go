// Package docx writes a plain text as a document that word processors open (ECMA-376, transitional): a title, headings, paragraphs, in the
// sizes of official papers (GB/T 9704: body 16 pt, title 22 pt, 28 pt between lines).
package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

const (
	types = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	rels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	// A4 with the margins of GB/T 9704, in twentieths of a point.
	foot = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>`
)

// look is how a paragraph is set; sizes in half points.
type look struct {
	font   string
	size   int
	layout string
}

var (
	title   = look{"宋体", 44, `<w:jc w:val="center"/>`}
	heading = look{"黑体", 32, `<w:ind w:firstLineChars="200"/>`}
	body    = look{"仿宋", 32, `<w:ind w:firstLineChars="200"/>`}
)

// Write writes a text. Its lines are paragraphs; those that begin with # are headings, the first of them the title.
func Write(w io.Writer, text string) error {
	var doc bytes.Buffer
	doc.WriteString(head)
	titled := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \r\t")
		at := body
		if h := strings.TrimLeft(line, "#"); h != line {
			line = strings.TrimSpace(h)
			if at = heading; !titled {
				at, titled = title, true
			}
		}
		paragraph(&doc, line, at)
	}
	doc.WriteString(foot)
	z := zip.NewWriter(w)
	for _, part := range []struct {
		name string
		text []byte
	}{{"[Content_Types].xml", []byte(types)}, {"_rels/.rels", []byte(rels)}, {"word/document.xml", doc.Bytes()}} {
		f, err := z.Create(part.name)
		if err == nil {
			_, err = f.Write(part.text)
		}
		if err != nil {
			return fmt.Errorf("docx: writing %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}

func paragraph(doc *bytes.Buffer, line string, at look) {
	fmt.Fprintf(doc, `<w:p><w:pPr><w:spacing w:line="560" w:lineRule="exact"/>%s</w:pPr><w:r><w:rPr><w:rFonts w:ascii=%q w:hAnsi=%q w:eastAsia=%q/><w:sz w:val="%d"/></w:rPr><w:t xml:space="preserve">`,
		at.layout, at.font, at.font, at.font, at.size)
	_ = xml.EscapeText(doc, []byte(line)) // a buffer takes everything
	doc.WriteString(`</w:t></w:r></w:p>`)
}
