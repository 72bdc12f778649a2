package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxRecord bounds a row of a csv file, in bytes.
const maxRecord = 256 << 10

// sample is how much of a file is looked at to tell its separator, and whether GB18030 is its encoding.
const sample = 1 << 20

// text is a csv file of which encoding and separator are known.
type text struct {
	file      *os.File
	size      int64
	skip      int64             // bytes of the byte order mark
	encoding  encoding.Encoding // nil for UTF-8
	separator byte
}

// sniff finds out encoding and separator.
func sniff(file *os.File, size int64) (*text, error) {
	head := make([]byte, min(size, sample))
	if _, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	t := &text{file: file, size: size}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		t.skip = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		t.skip, t.encoding = 2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		t.skip, t.encoding = 2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		t.encoding = wide(head)
	}
	if t.encoding == nil {
		valid, err := validUTF8(io.NewSectionReader(file, t.skip, size-t.skip))
		if err != nil {
			return nil, err
		}
		if !valid && t.skip > 0 {
			return nil, ErrEncoding
		}
		if !valid {
			t.encoding = simplifiedchinese.GB18030
		}
	}
	start, err := io.ReadAll(io.LimitReader(t.reader(nil), sample))
	if err != nil {
		return nil, err
	}
	// The sample may end in the middle of a character.
	if i := bytes.IndexRune(start, utf8.RuneError); i >= 0 && i < len(start)-8 {
		return nil, ErrKind
	}
	if bytes.ContainsFunc(start, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\v' && r != '\f' }) {
		return nil, ErrKind
	}
	if len(bytes.TrimSpace(start)) == 0 && size <= sample {
		return nil, ErrEmpty
	}
	t.separator = separator(start)
	return t, nil
}

// wide tells UTF-16 without a mark by the zero bytes of its digits and separators.
func wide(head []byte) encoding.Encoding {
	var zero [2]int
	for i, b := range head {
		if b == 0 {
			zero[i%2]++
		}
	}
	switch pairs := len(head) / 2; {
	case zero[1] > pairs/5 && zero[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zero[0] > pairs/5 && zero[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// validUTF8 reads to the end, or to the first byte that is not UTF-8.
func validUTF8(r io.Reader) (bool, error) {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		n += kept
		if err == io.EOF {
			return utf8.Valid(buf[:n]), nil
		}
		if err != nil {
			return false, err
		}
		whole := n
		for i := 1; i < utf8.UTFMax && i <= n; i++ {
			if utf8.RuneStart(buf[n-i]) {
				if !utf8.FullRune(buf[n-i : n]) {
					whole = n - i
				}
				break
			}
		}
		if !utf8.Valid(buf[:whole]) {
			return false, nil
		}
		kept = copy(buf, buf[whole:n])
	}
}

// separator is the character that parts the cells: the one that the first rows have most often outside quotes, or the one
// that Excel wrote in a line of its own (sep=;).
func separator(start []byte) byte {
	if rest, ok := bytes.CutPrefix(start, []byte("sep=")); ok && len(rest) > 0 {
		return rest[0]
	}
	counts := map[byte]int{}
	quoted, lines := false, 0
	for _, b := range start {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			lines++
		case b == ',' || b == ';' || b == '\t':
			counts[b]++
		}
		if lines == 50 {
			break
		}
	}
	best := byte(',')
	for _, b := range []byte{';', '\t'} {
		if counts[b] > counts[best] {
			best = b
		}
	}
	return best
}

// reader decodes the file from its beginning; read counts its bytes.
func (t *text) reader(read *int64) io.Reader {
	var r io.Reader = &counter{r: io.NewSectionReader(t.file, t.skip, t.size-t.skip), n: read}
	if t.encoding != nil {
		r = transform.NewReader(r, t.encoding.NewDecoder())
	}
	return r
}

type counter struct {
	r io.Reader
	n *int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.n != nil {
		*c.n += int64(n)
	}
	return n, err
}

func (t *text) rows() (source, error) {
	s := &csvRows{text: t}
	s.in = bufio.NewReaderSize(t.reader(&s.read), 128<<10)
	return s, nil
}

// csvRows splits rows as RFC 4180 says. It is forgiving where spreadsheets are: a quotation mark inside a cell that does not
// begin with one is a character like others.
type csvRows struct {
	text   *text
	in     *bufio.Reader
	read   int64
	number int64
	record []byte // the cells of a row, one after the other
	ends   []int  // where each ends
}

func (s *csvRows) done() int {
	return int(max(0, s.read-int64(s.in.Buffered())) * 1000 / max(1, s.text.size))
}

func (s *csvRows) close() error { return nil }

func (s *csvRows) next() (Row, error) {
	for {
		line, err := s.line()
		if err != nil {
			return Row{}, err
		}
		s.number++
		s.record, s.ends = s.record[:0], s.ends[:0]
		if err := s.split(line); err != nil {
			return Row{}, err
		}
		if s.number == 1 && bytes.HasPrefix(line, []byte("sep=")) && len(line) <= 5 {
			continue
		}
		if s.number > MaxRows {
			return Row{}, ErrRows
		}
		all := string(s.record)
		if strings.ContainsRune(all, utf8.RuneError) {
			return Row{}, at(ErrEncoding, s.number)
		}
		row := Row{Number: s.number, Cells: make([]string, len(s.ends))}
		from := 0
		for i, end := range s.ends {
			if end-from > MaxCell {
				return Row{}, at(ErrCell, s.number)
			}
			row.Cells[i] = all[from:end]
			if formula(row.Cells[i]) {
				row.Cells[i] = plain(row.Cells[i], &row, i)
			}
			from = end
		}
		return row, nil
	}
}

// line reads up to the end of a line, which is not part of it. It is valid until the next call.
func (s *csvRows) line() ([]byte, error) {
	line, err := s.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, at(ErrCell, s.number+1)
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(line) == 0 {
		return nil, io.EOF
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// split cuts a line into cells; a quoted cell may go on in the lines that follow.
func (s *csvRows) split(line []byte) error {
	for {
		if len(line) == 0 || line[0] != '"' {
			i := bytes.IndexByte(line, s.text.separator)
			if i < 0 {
				s.record = append(s.record, line...)
				s.ends = append(s.ends, len(s.record))
				return nil
			}
			s.record = append(s.record, line[:i]...)
			s.ends = append(s.ends, len(s.record))
			line = line[i+1:]
			continue
		}
		line = line[1:]
		for {
			i := bytes.IndexByte(line, '"')
			if i >= 0 && i+1 < len(line) && line[i+1] == '"' {
				s.record = append(s.record, line[:i+1]...)
				line = line[i+2:]
				continue
			}
			if i >= 0 {
				s.record = append(s.record, line[:i]...)
				line = line[i+1:]
				break
			}
			s.record = append(append(s.record, line...), '\n')
			if len(s.record) > maxRecord {
				return at(ErrQuotes, s.number)
			}
			var err error
			if line, err = s.line(); err == io.EOF {
				return at(ErrQuotes, s.number)
			} else if err != nil {
				return err
			}
		}
		// What follows a closed quotation mark up to the separator belongs to the cell.
		i := bytes.IndexByte(line, s.text.separator)
		if i < 0 {
			s.record = append(s.record, line...)
			s.ends = append(s.ends, len(s.record))
			return nil
		}
		s.record = append(s.record, line[:i]...)
		s.ends = append(s.ends, len(s.record))
		line = line[i+1:]
	}
}

// formula reports whether a text would be a formula in a spreadsheet.
func formula(s string) bool { return len(s) > 1 && s[0] == '=' }

// plain is the text of a formula that is no more than a text, as Excel writes numbers that must keep their zeros: ="0123".
// Any other formula has no plain value.
func plain(s string, row *Row, column int) string {
	if inner, ok := strings.CutPrefix(s, `="`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok && !strings.ContainsAny(inner, `"&`) {
			return inner
		}
	}
	if inner := s[1:]; strings.Trim(inner, "0123456789") == "" {
		return inner
	}
	row.Formulas = append(row.Formulas, column)
	return s
}
