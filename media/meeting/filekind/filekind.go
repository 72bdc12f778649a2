// Package filekind finds out what a file is by what is in it, whatever it is called: documents and pictures that are safe to hand on. No
// whole file is held in memory, and nothing is unpacked.
package filekind

import (
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // as pictures come
	_ "image/jpeg" // as pictures come
	_ "image/png"  // as pictures come
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	_ "golang.org/x/image/webp" // as pictures come
)

// Why a file is not taken.
var (
	ErrUnknown = errors.New("filekind: neither a document nor a picture that is taken")
	ErrMacros  = errors.New("filekind: the document carries a program")
	ErrPixels  = errors.New("filekind: the picture has too many pixels")
)

// MostPixels is how many a picture has at most: what a phone shows without running out of memory.
const MostPixels = 60_000_000

// Kind is what a file is.
type Kind struct {
	Name string // pdf, docx, png …
	Type string // as HTTP says it
	Look bool   // browsers show it
	Ends []string
}

var kinds = []Kind{
	{"pdf", "application/pdf", true, []string{"pdf"}},
	{"png", "image/png", true, []string{"png"}},
	{"jpeg", "image/jpeg", true, []string{"jpg", "jpeg", "jpe", "jfif"}},
	{"gif", "image/gif", true, []string{"gif"}},
	{"webp", "image/webp", true, []string{"webp"}},
	{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false, []string{"docx", "dotx"}},
	{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false, []string{"xlsx", "xltx"}},
	{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", false, []string{"pptx", "ppsx", "potx"}},
	{"doc", "application/msword", false, []string{"doc", "dot", "wps"}},
	{"xls", "application/vnd.ms-excel", false, []string{"xls", "xlt", "et"}},
	{"ppt", "application/vnd.ms-powerpoint", false, []string{"ppt", "pps", "dps"}},
	{"odt", "application/vnd.oasis.opendocument.text", false, []string{"odt"}},
	{"ods", "application/vnd.oasis.opendocument.spreadsheet", false, []string{"ods"}},
	{"odp", "application/vnd.oasis.opendocument.presentation", false, []string{"odp"}},
	{"ofd", "application/ofd", false, []string{"ofd"}}, // GB/T 33190
}

// Named is the kind of a name that Of has given.
func Named(name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}

// Call is the name of a file of the kind: with an ending that is the kind's, and most characters at most.
func (k Kind) Call(name string, most int) string {
	end := strings.TrimPrefix(strings.ToLower(path.Ext(name)), ".")
	if slices.Contains(k.Ends, end) && utf8.RuneCountInString(name) <= most {
		return name
	}
	if slices.Contains(k.Ends, end) {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	end = "." + k.Ends[0]
	if runes := []rune(name); len(runes)+len(end) > most {
		name = string(runes[:most-len(end)])
	}
	return name + end
}

// Of is the kind of a file of so many bytes.
func Of(r io.ReaderAt, size int64) (Kind, error) {
	head := make([]byte, min(size, 128))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Kind{}, err
	}
	name := ""
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-1.")), bytes.HasPrefix(head, []byte("%PDF-2.")):
		name = "pdf"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		name, err = packed(r, size, head)
	case bytes.HasPrefix(head, compoundMark):
		name, err = compound(r, size)
	default:
		name, err = picture(r, size)
	}
	if err != nil {
		return Kind{}, err
	}
	k, ok := Named(name)
	if !ok {
		return Kind{}, ErrUnknown
	}
	return k, nil
}

func picture(r io.ReaderAt, size int64) (string, error) {
	c, name, err := image.DecodeConfig(io.NewSectionReader(r, 0, size))
	switch {
	case err != nil || c.Width <= 0 || c.Height <= 0:
		return "", ErrUnknown
	case int64(c.Width)*int64(c.Height) > MostPixels:
		return "", ErrPixels
	}
	return name, nil
}
