// Package zipfile writes and reads zip files as Android packages need them: the same input gives the same bytes, stored
// files begin at multiples of four, and the reader refuses whatever two readers could understand in two ways.
package zipfile

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"
	"sync"
	"unicode/utf8"
)

// File is one file of an archive, its bytes as they stand in it.
type File struct {
	Name string
	// Raw is the content, or when Deflated what flate made of it.
	Raw      []byte
	Deflated bool
	Size     uint32 // of the content, in bytes
	CRC      uint32 // of the content, IEEE 802.3
}

// Stored is a file that the system maps into memory as it is.
func Stored(name string, content []byte) File {
	return File{Name: name, Raw: content, Size: uint32(len(content)), CRC: crc32.ChecksumIEEE(content)}
}

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant that flate knows
	}
	return w
}}

// Deflated is a file that is compressed, unless that would make it longer.
func Deflated(name string, content []byte) File {
	f := Stored(name, content)
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	// A buffer takes everything.
	_, _ = w.Write(content)
	_ = w.Close()
	if b.Len() < len(content) {
		f.Raw, f.Deflated = b.Bytes(), true
	}
	return f
}

// MaxContent is the most that a file, or all of an archive by Contents, may unfold to, in bytes: packages of the product are a
// hundredth of that.
const MaxContent = 16 << 20

// Content unfolds the file and compares it with its size and its check sum.
func (f File) Content() ([]byte, error) {
	out := f.Raw
	if f.Deflated {
		if f.Size > MaxContent {
			return nil, malformed("%s would be %d bytes", f.Name, f.Size)
		}
		from := bytes.NewReader(f.Raw)
		r := flate.NewReader(from)
		var err error
		out, err = io.ReadAll(io.LimitReader(r, int64(f.Size)+1))
		if err != nil || from.Len() > 0 {
			return nil, malformed("%s does not unfold", f.Name)
		}
	}
	if uint64(len(out)) != uint64(f.Size) || crc32.ChecksumIEEE(out) != f.CRC {
		return nil, malformed("%s is not what its check sum says", f.Name)
	}
	return out, nil
}

const (
	localSize   = 30
	centralSize = 46
	endSize     = 22

	localSig   = 0x04034b50
	centralSig = 0x02014b50
	endSig     = 0x06054b50

	version  = 20 // 2.0, the least that knows flate (APPNOTE.TXT 4.4.3)
	nameUTF8 = 1 << 11
	// date is 1 January 1981, time midnight: the same for every file of every package.
	date = 1<<9 | 1<<5 | 1

	align = 4
	// alignID marks a field that makes up for the place of a stored file, as zipalign and apksigner write it.
	alignID = 0xd935
)

// Encode writes an archive of those files in their order.
func Encode(files []File) ([]byte, error) {
	if len(files) >= math.MaxUint16 {
		return nil, fmt.Errorf("zip: %d files", len(files))
	}
	var out, central []byte
	seen := map[string]bool{}
	for _, f := range files {
		if seen[f.Name] {
			return nil, fmt.Errorf("zip: %s stands twice", f.Name)
		}
		seen[f.Name] = true
		if !goodName(f.Name) {
			return nil, fmt.Errorf("zip: a file called %q", f.Name)
		}
		at := len(out)
		out = binary.LittleEndian.AppendUint32(out, localSig)
		out = f.common(out)
		extra := f.padding(at)
		out = binary.LittleEndian.AppendUint16(out, uint16(len(extra)))
		out = append(out, f.Name...)
		out = append(out, extra...)
		out = append(out, f.Raw...)
		if int64(len(out)) > math.MaxInt32 {
			return nil, errors.New("zip: larger than 2 GiB")
		}

		central = binary.LittleEndian.AppendUint32(central, centralSig)
		central = binary.LittleEndian.AppendUint16(central, version)
		central = f.common(central)
		central = append(central, make([]byte, 12)...) // no extra field, no comment, disk 0, no attributes
		central = binary.LittleEndian.AppendUint32(central, uint32(at))
		central = append(central, f.Name...)
	}
	at := len(out)
	out = append(out, central...)
	return appendEnd(out, len(files), len(central), at), nil
}

// goodName leaves out what could be a path elsewhere or look like another name.
func goodName(s string) bool {
	if s == "" || len(s) > 255 || !utf8.ValidString(s) || s[0] == '/' {
		return false
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f })
}

// common are the fields that the header of a file and its entry in the directory share.
func (f File) common(b []byte) []byte {
	var flags, method uint16
	if f.Deflated {
		method = 8
	}
	for _, c := range f.Name {
		if c >= utf8.RuneSelf {
			flags = nameUTF8
		}
	}
	for _, v := range []uint16{version, flags, method, 0, date} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	for _, v := range []uint32{f.CRC, uint32(len(f.Raw)), f.Size} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return binary.LittleEndian.AppendUint16(b, uint16(len(f.Name)))
}

// padding is the extra field that moves a stored file's content to a multiple of align.
func (f File) padding(at int) []byte {
	if f.Deflated {
		return nil
	}
	const head = 6
	begin := at + localSize + len(f.Name)
	if begin%align == 0 {
		return nil
	}
	pad := (align - (begin+head)%align) % align
	extra := binary.LittleEndian.AppendUint16(nil, alignID)
	extra = binary.LittleEndian.AppendUint16(extra, uint16(2+pad))
	extra = binary.LittleEndian.AppendUint16(extra, align)
	return append(extra, make([]byte, pad)...)
}

func appendEnd(b []byte, n, size, at int) []byte {
	b = binary.LittleEndian.AppendUint32(b, endSig)
	for _, v := range []uint16{0, 0, uint16(n), uint16(n)} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	b = binary.LittleEndian.AppendUint32(b, uint32(at))
	return binary.LittleEndian.AppendUint16(b, 0)
}
