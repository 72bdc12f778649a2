package zipfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrMalformed is wrapped by every error of the reader.
var ErrMalformed = errors.New("malformed zip")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Archive is what a zip file consists of.
type Archive struct {
	Files []File
	// Between is what stands between the files and their directory: a package's signatures.
	Between []byte
	// FilesEnd and Directory are the places of the end of the files and of the directory, in bytes.
	FilesEnd, Directory int
}

// Decode reads an archive of the form that Encode writes, with or without something between files and directory. Each byte
// is accounted for: no gaps, no comment, no second copy of a field that says something else.
func Decode(b []byte) (Archive, error) {
	if len(b) < endSize {
		return Archive{}, malformed("%d bytes", len(b))
	}
	end := b[len(b)-endSize:]
	n := int(binary.LittleEndian.Uint16(end[8:]))
	size, at := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if at+size+endSize != int64(len(b)) || !bytes.Equal(end, appendEnd(nil, n, int(size), int(at))) {
		return Archive{}, malformed("the end of the directory")
	}
	a := Archive{Directory: int(at)}
	seen := map[string]bool{}
	for dir := b[at : at+size]; len(dir) > 0; {
		f, used, err := entry(b[:at], a.FilesEnd, dir)
		if err != nil {
			return Archive{}, err
		}
		if seen[f.Name] {
			return Archive{}, malformed("%s stands twice", f.Name)
		}
		seen[f.Name] = true
		a.Files = append(a.Files, f)
		a.FilesEnd += used
		dir = dir[centralSize+len(f.Name):]
	}
	if len(a.Files) != n {
		return Archive{}, malformed("%d files of %d", len(a.Files), n)
	}
	a.Between = b[a.FilesEnd:at]
	return a, nil
}

// entry reads the first entry of the directory and the file that it tells of, which must begin at a place in b.
func entry(b []byte, at int, dir []byte) (f File, used int, err error) {
	if len(dir) < centralSize {
		return f, 0, malformed("the directory ends in an entry")
	}
	f.Deflated = binary.LittleEndian.Uint16(dir[10:]) == 8
	f.CRC = binary.LittleEndian.Uint32(dir[16:])
	packed := int64(binary.LittleEndian.Uint32(dir[20:]))
	f.Size = binary.LittleEndian.Uint32(dir[24:])
	nameLen := int(binary.LittleEndian.Uint16(dir[28:]))
	if len(dir) < centralSize+nameLen {
		return f, 0, malformed("the directory ends in a name")
	}
	f.Name = string(dir[centralSize : centralSize+nameLen])
	if !goodName(f.Name) {
		return f, 0, malformed("a file called %q", f.Name)
	}
	// What Encode would write is the only form; comparing with it leaves no field unread.
	begin := at + localSize + nameLen
	pad := f.padding(at)
	begin += len(pad)
	if int64(begin)+packed > int64(len(b)) {
		return f, 0, malformed("%s is outside the file", f.Name)
	}
	f.Raw = b[begin : begin+int(packed)]
	head := f.common(binary.LittleEndian.AppendUint32(nil, localSig))
	head = binary.LittleEndian.AppendUint16(head, uint16(len(pad)))
	head = append(append(head, f.Name...), pad...)
	central := binary.LittleEndian.AppendUint32(nil, centralSig)
	central = binary.LittleEndian.AppendUint16(central, version)
	central = append(f.common(central), make([]byte, 12)...)
	central = binary.LittleEndian.AppendUint32(central, uint32(at))
	if !bytes.Equal(b[at:begin], head) || !bytes.Equal(dir[:centralSize], central) {
		return f, 0, malformed("the headers of %s differ or are of another form", f.Name)
	}
	if !f.Deflated && uint64(packed) != uint64(f.Size) {
		return f, 0, malformed("%s has two sizes", f.Name)
	}
	return f, begin - at + int(packed), nil
}

// Contents unfolds all files, by name. Together they are at most MaxContent bytes: a small archive cannot fill the memory.
func (a Archive) Contents() (map[string][]byte, error) {
	total := uint64(0)
	for _, f := range a.Files {
		if total += uint64(f.Size); total > MaxContent {
			return nil, malformed("the files would be more than %d bytes", MaxContent)
		}
	}
	out := make(map[string][]byte, len(a.Files))
	for _, f := range a.Files {
		var err error
		if out[f.Name], err = f.Content(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// File is the file of that name.
func (a Archive) File(name string) (File, bool) {
	for _, f := range a.Files {
		if f.Name == name {
			return f, true
		}
	}
	return File{}, false
}
