package filekind

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// compoundMark begins a compound file [MS-CFB]: documents of Office before 2007, and of WPS.
var compoundMark = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}

// mostSectors is how many sectors of a directory are read at most.
const mostSectors = 256

// compound is what a compound file is by the streams in it. Its directory is a chain of sectors, by the table of which sector follows.
func compound(r io.ReaderAt, size int64) (string, error) {
	var head [512]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return "", ErrUnknown
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return "", ErrUnknown
	}
	length := int64(1) << shift
	sector := make([]byte, length)
	name := ""
	for at, n := binary.LittleEndian.Uint32(head[48:]), 0; at < 0xfffffffa && n < mostSectors; n++ {
		if _, err := r.ReadAt(sector, (int64(at)+1)*length); err != nil && err != io.EOF {
			return "", ErrUnknown
		}
		for i := 0; i+128 <= len(sector); i += 128 {
			switch entry(sector[i : i+128]) {
			case "WordDocument":
				name = "doc"
			case "Workbook", "Book":
				name = "xls"
			case "PowerPoint Document":
				name = "ppt"
			case "_VBA_PROJECT_CUR", "VBA", "Macros":
				return "", ErrMacros
			}
		}
		// The table itself is found by the head, which names its first 109 sectors.
		per := uint32(length / 4)
		if at/per >= 109 {
			break
		}
		table := binary.LittleEndian.Uint32(head[76+4*(at/per):])
		var next [4]byte
		if _, err := r.ReadAt(next[:], (int64(table)+1)*length+int64(at%per)*4); err != nil {
			break
		}
		at = binary.LittleEndian.Uint32(next[:])
	}
	if name == "" {
		return "", ErrUnknown
	}
	return name, nil
}

// entry is the name of an entry of the directory; empty where there is none.
func entry(raw []byte) string {
	n := int(binary.LittleEndian.Uint16(raw[64:]))
	if raw[66] == 0 || n < 2 || n > 64 {
		return ""
	}
	units := make([]uint16, 0, n/2)
	for i := 0; i+1 < n-1; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(raw[i:]))
	}
	return string(utf16.Decode(units))
}
