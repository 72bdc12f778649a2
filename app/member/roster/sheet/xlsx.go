package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook, in bytes.
const (
	maxPacked   = 100 << 20 // excelize holds a packed workbook in memory
	maxUnpacked = 2 << 30
	maxInMemory = 8 << 20 // parts beyond this are unpacked to disk
	maxParts    = 2_000
	maxRatio    = 200 // unpacked to packed; rosters come to 10, a bomb to 1,000
)

// maxMarks bounds the formulas without a value and the merged areas of a sheet that are kept.
const maxMarks = 200_000

// book is an open workbook.
type book struct {
	file     *excelize.File
	zip      *zip.Reader
	sheets   []string
	paths    map[string]string // of the worksheets in the package, by name
	date1904 bool
}

// openBook looks at the package before excelize unpacks it.
func openBook(file *os.File, size int64) (*book, error) {
	if size > maxPacked {
		return nil, ErrBomb
	}
	zr, err := zip.NewReader(file, size)
	if err != nil {
		return nil, ErrBroken
	}
	if err := inspect(zr, size); err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	x, err := excelize.OpenReader(file, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, ErrBroken
	}
	b := &book{file: x, zip: zr}
	if props, err := x.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.date1904 = *props.Date1904
	}
	for _, name := range x.GetSheetList() {
		if visible, err := x.GetSheetVisible(name); err == nil && visible {
			b.sheets = append(b.sheets, name)
		}
	}
	b.paths, err = sheetPaths(zr)
	if err != nil || len(b.sheets) == 0 {
		b.close()
		return nil, ErrBroken
	}
	return b, nil
}

// inspect refuses what need not be unpacked to be known.
func inspect(zr *zip.Reader, size int64) error {
	var total uint64
	workbook := false
	if len(zr.File) > maxParts {
		return ErrBomb
	}
	for _, part := range zr.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		total += part.UncompressedSize64
		switch {
		case part.Flags&1 != 0:
			return ErrOld
		case strings.Contains(name, "vbaproject") || strings.HasPrefix(name, "xl/macrosheets/"):
			return ErrMacros
		case total > maxUnpacked, part.UncompressedSize64 > 16<<20 && total > uint64(size)*maxRatio:
			return ErrBomb
		}
		workbook = workbook || name == "xl/workbook.xml"
	}
	if !workbook {
		return ErrKind
	}
	return nil
}

func (b *book) close() { _ = b.file.Close() }

// part opens a part of the package.
func part(zr *zip.Reader, name string) (io.ReadCloser, *zip.File, error) {
	for _, f := range zr.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			r, err := f.Open()
			return r, f, err
		}
	}
	return nil, nil, ErrBroken
}

func readXML(zr *zip.Reader, name string, into any) error {
	r, _, err := part(zr, name)
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(io.LimitReader(r, maxInMemory)).Decode(into)
}

// sheetPaths are the parts that hold the worksheets, by name.
func sheetPaths(zr *zip.Reader) (map[string]string, error) {
	var workbook struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(readXML(zr, "xl/workbook.xml", &workbook), readXML(zr, "xl/_rels/workbook.xml.rels", &links)); err != nil {
		return nil, err
	}
	paths := map[string]string{}
	for _, s := range workbook.Sheets {
		for _, l := range links.All {
			if l.ID != s.ID {
				continue
			}
			paths[s.Name] = strings.TrimPrefix(l.Target, "/")
			if !strings.HasPrefix(l.Target, "/") {
				paths[s.Name] = path.Join("xl", l.Target)
			}
		}
	}
	return paths, nil
}

func (b *book) rows(name string) (source, error) {
	if !slices.Contains(b.sheets, name) {
		return nil, ErrSheet
	}
	marks, err := b.marks(b.paths[name])
	if err != nil {
		return nil, err
	}
	rows, err := b.file.Rows(name)
	if err != nil {
		return nil, ErrBroken
	}
	return &xlsxRows{rows: rows, marks: marks, open: map[int]*run{}}, nil
}

// marks are what a stream of values does not tell of a worksheet.
type marks struct {
	rows     int              // row elements
	formulas map[cellAt]bool  // formulas without a plain value
	areas    map[int64][]area // merged over several rows, by their first row
}

type cellAt struct {
	row    int64
	column int
}

type area struct {
	column      int
	first, last int64
}

// marks reads a worksheet once for what it counts and, if it has formulas or merged areas, takes them up.
func (b *book) marks(name string) (*marks, error) {
	m := &marks{}
	r, _, err := part(b.zip, name)
	if err != nil {
		return nil, ErrBroken
	}
	formulas, merged, err := m.scan(r)
	r.Close()
	if err != nil {
		return nil, ErrBroken
	}
	if !formulas && !merged {
		return m, nil
	}
	if r, _, err = part(b.zip, name); err != nil {
		return nil, ErrBroken
	}
	defer r.Close()
	if formulas {
		return m, m.read(xml.NewDecoder(r))
	}
	return m, m.readMerged(r)
}

// scan counts rows and tells whether there are formulas and merged areas, by the beginnings of tags alone.
func (m *marks) scan(r io.Reader) (formulas, merged bool, err error) {
	const tag = 16 // bytes of a tag that are looked at
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		chunk := buf[:kept+n]
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return false, false, err
		}
		// A tag that the end of the chunk may cut is looked at with the next one.
		end := len(chunk)
		if !last {
			end -= tag
		}
		at := 0
		for at < end {
			i := bytes.IndexByte(chunk[at:end], '<')
			if i < 0 {
				at = end
				break
			}
			at += i + 1
			name := chunk[at:min(at+tag-1, len(chunk))]
			if len(name) < 2 {
				continue
			}
			switch name[0] {
			case 'c', 'v', '/', 'i', 't': // cells, by far the most
			case 'r':
				if bytes.HasPrefix(name, []byte("row")) {
					m.rows++
				}
			case 'f':
				formulas = formulas || name[1] == '>' || name[1] == ' '
			case 'm':
				merged = merged || bytes.HasPrefix(name, []byte("mergeCell "))
			default:
				// Names with a prefix are rare: then all is read as XML.
				formulas = formulas || bytes.Contains(name, []byte(":row")) || bytes.Contains(name, []byte(":f"))
			}
		}
		if last {
			return formulas, merged, nil
		}
		kept = copy(buf, chunk[at:])
	}
}

// read takes up formulas and merged areas.
func (m *marks) read(d *xml.Decoder) error {
	m.formulas, m.areas = map[cellAt]bool{}, map[int64][]area{}
	type value struct {
		Ref  string  `xml:"r,attr"`
		Type string  `xml:"t,attr"`
		F    *string `xml:"f"`
		V    string  `xml:"v"`
	}
	var row int64
	column := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return ErrBroken
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "row":
			row, column = row+1, 0
			for _, a := range start.Attr {
				if a.Name.Local == "r" {
					if n, ok := number(a.Value); ok {
						row = n
					}
				}
			}
		case "c":
			var c value
			if err := d.DecodeElement(&c, &start); err != nil {
				return ErrBroken
			}
			column++
			if c.Ref != "" {
				if col, _, err := excelize.CellNameToCoordinates(c.Ref); err == nil {
					column = col
				}
			}
			if c.F != nil && (c.V == "" || c.Type == "e") {
				if len(m.formulas) >= maxMarks {
					return ErrBomb
				}
				m.formulas[cellAt{row, column - 1}] = true
			}
		case "mergeCell":
			if err := m.merge(start); err != nil {
				return err
			}
		}
	}
}

// readMerged takes up merged areas, which stand behind all rows.
func (m *marks) readMerged(r io.Reader) error {
	m.areas = map[int64][]area{}
	in := &skipper{r: r, until: []byte("<mergeCells")}
	d := xml.NewDecoder(io.MultiReader(strings.NewReader("<x>"), in))
	d.Strict = false
	for {
		token, err := d.Token()
		if err != nil {
			return nil // the end: what follows is of no interest
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "mergeCell" {
				if err := m.merge(t); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "mergeCells" {
				return nil
			}
		}
	}
}

func (m *marks) merge(e xml.StartElement) error {
	for _, a := range e.Attr {
		if a.Name.Local != "ref" {
			continue
		}
		from, to, ok := strings.Cut(a.Value, ":")
		if !ok {
			continue
		}
		c1, r1, err1 := excelize.CellNameToCoordinates(from)
		c2, r2, err2 := excelize.CellNameToCoordinates(to)
		if err1 != nil || err2 != nil || r2 <= r1 || c2 < c1 {
			continue
		}
		if len(m.areas) >= maxMarks {
			return ErrBomb
		}
		m.areas[int64(r1)] = append(m.areas[int64(r1)], area{c1 - 1, int64(r1), int64(r2)})
	}
	return nil
}

// skipper leaves out what stands before a mark.
type skipper struct {
	r     io.Reader
	until []byte
	rest  []byte
	found bool
}

func (s *skipper) Read(p []byte) (int, error) {
	buf := make([]byte, 64<<10)
	kept := 0
	for !s.found {
		n, err := s.r.Read(buf[kept:])
		chunk := buf[:kept+n]
		if i := bytes.Index(chunk, s.until); i >= 0 {
			s.rest, s.found = slices.Clone(chunk[i:]), true
			break
		}
		if err != nil {
			return 0, io.EOF
		}
		kept = copy(buf, chunk[max(0, len(chunk)-len(s.until)):])
	}
	if len(s.rest) > 0 {
		n := copy(p, s.rest)
		s.rest = s.rest[n:]
		return n, nil
	}
	return s.r.Read(p)
}

func number(s string) (n int64, ok bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1e8 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, s != ""
}

// run is a merged area that goes on below.
type run struct {
	last  int64
	value string
}

// xlsxRows fills merged areas downwards: the cell of a merged area holds its value for each row of it.
type xlsxRows struct {
	rows   *excelize.Rows
	marks  *marks
	number int64
	open   map[int]*run // by column
}

func (s *xlsxRows) next() (Row, error) {
	if !s.rows.Next() {
		if s.rows.Error() != nil {
			return Row{}, ErrRows
		}
		return Row{}, io.EOF
	}
	s.number++
	cells, err := s.rows.Columns()
	if err != nil {
		return Row{}, at(ErrBroken, s.number)
	}
	for _, c := range cells {
		if len(c) > MaxCell {
			return Row{}, at(ErrCell, s.number)
		}
	}
	row := Row{Number: s.number, Cells: cells}
	if len(s.marks.formulas) > 0 {
		for i := range cells {
			if s.marks.formulas[cellAt{s.number, i}] {
				row.Formulas = append(row.Formulas, i)
			}
		}
	}
	s.fill(&row)
	return row, nil
}

func (s *xlsxRows) fill(row *Row) {
	if len(s.marks.areas) == 0 {
		return
	}
	filled := row.Empty() // a merged area does not make a row out of nothing
	for column, r := range s.open {
		if row.Number > r.last {
			delete(s.open, column)
			continue
		}
		if filled || column >= MaxColumns {
			continue
		}
		for len(row.Cells) <= column {
			row.Cells = append(row.Cells, "")
		}
		if row.Cells[column] == "" {
			row.Cells[column] = r.value
		}
	}
	for _, a := range s.marks.areas[row.Number] {
		if a.column < len(row.Cells) {
			s.open[a.column] = &run{a.last, row.Cells[a.column]}
		}
	}
}

func (s *xlsxRows) done() int {
	return int(min(1000, s.number*1000/int64(max(1, s.marks.rows))))
}

func (s *xlsxRows) close() error { return s.rows.Close() }
