// Package sheet reads rosters as people send them, xlsx and csv, as a stream of rows of cells in bounded memory, and writes
// them.
//
// What a hostile file may cost is bounded: bytes when unpacked, rows, columns, characters of a cell, rows without content.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// Kinds of files.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Limits of a file.
const (
	MaxRows    = 2_000_000 // rows of a csv file; a worksheet has at most 1,048,576 by its standard
	MaxColumns = 200       // columns that are read
	MaxCell    = 4_000     // bytes of a cell
	MaxEmpty   = 100_000   // rows without content in a row
)

// Error says why a file cannot be read, worded for the person who sent it.
type Error struct{ Zh, En string }

func (e *Error) Error() string { return e.En }

// Why a file is refused as a whole.
var (
	ErrKind      = &Error{"这不是 xlsx 或 csv 文件", "this is neither an xlsx nor a csv file"}
	ErrEmpty     = &Error{"文件是空的", "the file is empty"}
	ErrOld       = &Error{"这是旧版 xls 文件或加密的工作簿，请另存为不加密的 xlsx 后重试", "this is an old xls file or an encrypted workbook; save it as xlsx without a password"}
	ErrMacros    = &Error{"工作簿含有宏，请另存为不含宏的 xlsx 后重试", "the workbook has macros; save it as xlsx without macros"}
	ErrBroken    = &Error{"工作簿已损坏，无法读取", "the workbook is damaged and cannot be read"}
	ErrBomb      = &Error{"工作簿解压后过大，已拒绝", "the workbook is too large when unpacked and was refused"}
	ErrEncoding  = &Error{"文字编码无法识别，请另存为 UTF-8 编码的 csv 后重试", "the encoding of the text is not known; save the file as csv in UTF-8"}
	ErrRows      = &Error{"行数超过上限", "the file has too many rows"}
	ErrEmptyRows = &Error{"文件含有大量空行，请删除空行后重试", "the file has a great many empty rows; delete them and try again"}
	ErrCell      = &Error{"有单元格的内容过长", "the content of a cell is too long"}
	ErrColumns   = &Error{"列数超过 200", "the file has more than 200 columns"}
	ErrSheet     = &Error{"工作簿里没有这张工作表", "the workbook has no such sheet"}
	ErrQuotes    = &Error{"引号没有成对，无法分清单元格", "a quotation mark is not closed, so cells cannot be told apart"}
)

// Row is a row of the file that has content.
type Row struct {
	Number int64 // from 1, rows without content counted
	Cells  []string
	// Formulas are the columns, from 0, whose cell is a formula without a plain value.
	Formulas []int
}

// Empty reports whether no cell has content.
func (r *Row) Empty() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return len(r.Formulas) == 0
}

// File is an open roster.
type File struct {
	Kind     string
	Sheets   []string // of a workbook
	Date1904 bool     // days are counted from 1904-01-01, as on old Macintoshes

	file *os.File
	size int64
	book *book
	text *text
}

// source is what rows come from.
type source interface {
	// next returns the next row, and io.EOF after the last.
	next() (Row, error)
	// done is the share of the file that was read, 0 to 1000.
	done() int
	close() error
}

// Open takes over a file; Close closes it. The error is one of this package's, or one of the disk.
func Open(file *os.File) (*File, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	f := &File{file: file, size: info.Size()}
	head := make([]byte, 8)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	head = head[:n]
	switch {
	case n == 0:
		return nil, ErrEmpty
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, ErrOld
	case bytes.HasPrefix(head, []byte("PK")):
		f.Kind = XLSX
		if f.book, err = openBook(file, f.size); err != nil {
			return nil, err
		}
		f.Sheets, f.Date1904 = f.book.sheets, f.book.date1904
	default:
		f.Kind = CSV
		if f.text, err = sniff(file, f.size); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Close closes the file and removes what was unpacked of it.
func (f *File) Close() error {
	if f.book != nil {
		f.book.close()
	}
	return f.file.Close()
}

// Rows streams the rows of a sheet, of the first one for "". A csv file has no sheets.
func (f *File) Rows(sheet string) (*Rows, error) {
	if f.Kind == CSV {
		src, err := f.text.rows()
		return &Rows{src: src}, err
	}
	if sheet == "" && len(f.Sheets) > 0 {
		sheet = f.Sheets[0]
	}
	src, err := f.book.rows(sheet)
	if err != nil {
		return nil, err
	}
	return &Rows{src: src}, nil
}

// Rows is a stream of the rows that have content.
type Rows struct {
	src   source
	last  int64
	empty int64
}

// Next returns the next row with content, and io.EOF after the last. A file that goes beyond a limit ends with an [Error].
func (r *Rows) Next() (Row, error) {
	for {
		row, err := r.src.next()
		if err != nil {
			return Row{}, err
		}
		r.empty += row.Number - r.last - 1
		r.last = row.Number
		if !row.Empty() {
			if len(row.Cells) > MaxColumns {
				if row.Cells = trim(row.Cells); len(row.Cells) > MaxColumns {
					return Row{}, ErrColumns
				}
			}
			r.empty = 0
			return row, nil
		}
		if r.empty++; r.empty > MaxEmpty {
			return Row{}, ErrEmptyRows
		}
		if row.Number > MaxRows {
			return Row{}, ErrRows
		}
	}
}

// trim cuts the cells without content at the end.
func trim(cells []string) []string {
	n := len(cells)
	for n > 0 && strings.TrimSpace(cells[n-1]) == "" {
		n--
	}
	return cells[:n]
}

// Done is the share of the file that was read, 0 to 1000.
func (r *Rows) Done() int { return r.src.done() }

// Close ends the stream.
func (r *Rows) Close() error { return r.src.close() }

// at adds the row to a refusal.
func at(e *Error, row int64) *Error {
	return &Error{fmt.Sprintf("第 %d 行：%s", row, e.Zh), fmt.Sprintf("row %d: %s", row, e.En)}
}
