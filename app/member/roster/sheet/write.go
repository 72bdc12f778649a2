package sheet

import (
	"bufio"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Writer writes rows into a file of one of the kinds.
type Writer interface {
	Row(cells []string) error
	// Close writes the end of the file.
	Close() error
}

// NewWriter writes into w. Cells are texts, never formulas, whatever they begin with.
func NewWriter(kind string, w io.Writer, sheet string) (Writer, error) {
	if kind == CSV {
		out := bufio.NewWriterSize(w, 64<<10)
		// Spreadsheets take a file without the mark for one in the encoding of the country.
		_, err := out.WriteString("\ufeff")
		return &csvWriter{out}, err
	}
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	stream, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	return &xlsxWriter{file: f, stream: stream, out: w}, nil
}

type csvWriter struct{ out *bufio.Writer }

func (c *csvWriter) Row(cells []string) error {
	for i, s := range cells {
		if i > 0 {
			_ = c.out.WriteByte(',')
		}
		if executable(s) {
			s = "'" + s
		}
		if strings.ContainsAny(s, ",;\t\"\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		_, _ = c.out.WriteString(s)
	}
	_, err := c.out.WriteString("\r\n")
	return err
}

// executable tells texts that a spreadsheet would take for a formula when it opens a csv file. The apostrophe that is put
// before them marks a text, and is left out when the file is read again.
func executable(s string) bool {
	return s != "" && (strings.ContainsRune("=@\t", rune(s[0])) || strings.ContainsRune("+-", rune(s[0])) && strings.Trim(s[1:], "0123456789 -") != "")
}

func (c *csvWriter) Close() error { return c.out.Flush() }

type xlsxWriter struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	out    io.Writer
	row    int
}

func (x *xlsxWriter) Row(cells []string) error {
	x.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		if c != "" {
			values[i] = c
		}
	}
	at, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	return x.stream.SetRow(at, values)
}

func (x *xlsxWriter) Close() error {
	if err := x.stream.Flush(); err != nil {
		return err
	}
	if err := x.file.Write(x.out); err != nil {
		return err
	}
	return x.file.Close()
}
