// Package chunk reads and writes what binary XML and resource tables share: chunks, string pools and typed values
// (Android's ResourceTypes.h). All numbers are little-endian.
package chunk

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The kinds of chunks (RES_*_TYPE of ResourceTypes.h).
const (
	StringPool   = 0x0001
	Table        = 0x0002
	XML          = 0x0003
	XMLStartNS   = 0x0100
	XMLEndNS     = 0x0101
	XMLStart     = 0x0102
	XMLEnd       = 0x0103
	XMLMap       = 0x0180
	TablePackage = 0x0200
	TableType    = 0x0201
	TableSpec    = 0x0202
)

// None stands where no string is meant.
const None = 0xffffffff

// ErrMalformed is wrapped by every error of the readers of this package and of those built on it.
var ErrMalformed = errors.New("malformed resource data")

// Malformed is an error that wraps ErrMalformed.
func Malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Begin starts a chunk whose header, with the extra fields that the caller appends, is of headerSize bytes.
// End writes the size once the body is there.
func Begin(b []byte, kind, headerSize uint16) (out []byte, start int) {
	start = len(b)
	b = U16(b, kind)
	b = U16(b, headerSize)
	return U32(b, 0), start
}

// End closes the chunk that began at start.
func End(b []byte, start int) []byte {
	binary.LittleEndian.PutUint32(b[start+4:], uint32(len(b)-start))
	return b
}

// U16 appends two bytes.
func U16(b []byte, v uint16) []byte { return binary.LittleEndian.AppendUint16(b, v) }

// U32 appends four bytes.
func U32(b []byte, vs ...uint32) []byte {
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// Chunk is one of a sequence: Head are its first bytes, the eight common ones among them, Body those that follow.
type Chunk struct {
	Kind uint16
	Head []byte
	Body []byte
}

// Next takes the first chunk off b.
func Next(b []byte) (c Chunk, rest []byte, err error) {
	if len(b) < 8 {
		return c, nil, Malformed("%d bytes are no chunk", len(b))
	}
	head, size := int(Get16(b, 2)), int64(Get32(b, 4))
	if head < 8 || size < int64(head) || size > int64(len(b)) || size%4 != 0 {
		return c, nil, Malformed("chunk of %d bytes with a header of %d among %d", size, head, len(b))
	}
	return Chunk{Kind: Get16(b, 0), Head: b[:head], Body: b[head:size]}, b[size:], nil
}

// Only takes the one chunk, of that kind and with a header of that size, that b consists of.
func Only(b []byte, kind, headerSize uint16) (Chunk, error) {
	c, rest, err := Next(b)
	if err != nil {
		return c, err
	}
	if len(rest) > 0 {
		return c, Malformed("%d bytes after the end", len(rest))
	}
	return c, c.Want(kind, headerSize)
}

// Want refuses a chunk of another kind or with a header of another size.
func (c Chunk) Want(kind, headerSize uint16) error {
	if c.Kind != kind || len(c.Head) != int(headerSize) {
		return Malformed("chunk %#x with a header of %d bytes, wanted %#x with %d", c.Kind, len(c.Head), kind, headerSize)
	}
	return nil
}

// Get16 reads two bytes at an offset that the caller has checked.
func Get16(b []byte, at int) uint16 { return binary.LittleEndian.Uint16(b[at:]) }

// Get32 reads four bytes at an offset that the caller has checked.
func Get32(b []byte, at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
