package filekind

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// mostEntries is how many files a packed document has at most.
const mostEntries = 10_000

// packed is what a ZIP is by the names of what is in it. The directory at its end is read entry by entry: one that lies about its length
// costs no more than a short one.
func packed(r io.ReaderAt, size int64, head []byte) (string, error) {
	// OpenDocument says what it is in its first file, which is not compressed.
	if len(head) > 38 && string(head[30:38]) == "mimetype" {
		for _, k := range kinds {
			if strings.HasPrefix(string(head[38:]), k.Type) {
				return k.Name, nil
			}
		}
	}
	at, err := directory(r, size)
	if err != nil {
		return "", err
	}
	name, office := "", false
	for range mostEntries {
		var h [46]byte
		if _, err := r.ReadAt(h[:], at); err != nil || binary.LittleEndian.Uint32(h[:]) != 0x02014b50 {
			if office || name == "ofd" {
				return name, nil
			}
			return "", ErrUnknown
		}
		n := int64(binary.LittleEndian.Uint16(h[28:]))
		text := make([]byte, min(n, 512))
		if _, err := r.ReadAt(text, at+46); err != nil {
			return "", ErrUnknown
		}
		file := string(text)
		switch {
		case strings.EqualFold(file[strings.LastIndexByte(file, '/')+1:], "vbaProject.bin"):
			return "", ErrMacros
		case file == "[Content_Types].xml":
			office = true
		case file == "OFD.xml":
			name = "ofd"
		case strings.HasPrefix(file, "word/"):
			name = "docx"
		case strings.HasPrefix(file, "xl/"):
			name = "xlsx"
		case strings.HasPrefix(file, "ppt/"):
			name = "pptx"
		}
		at += 46 + n + int64(binary.LittleEndian.Uint16(h[30:])) + int64(binary.LittleEndian.Uint16(h[32:]))
	}
	return "", ErrUnknown
}

// directory is where the directory of a ZIP begins.
func directory(r io.ReaderAt, size int64) (int64, error) {
	const end = 22 // bytes of the record at the end, before a comment
	tail := make([]byte, min(size, end+1<<16))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || i+end > len(tail) {
		return 0, ErrUnknown
	}
	at := int64(binary.LittleEndian.Uint32(tail[i+16:]))
	if at >= size {
		return 0, ErrUnknown
	}
	return at, nil
}
