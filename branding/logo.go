package branding

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image/jpeg"
	"image/png"
	"strings"
)

const (
	maxLogoBytes = 64 << 10
	maxLogoSide  = 2048 // pixels: a small file can unfold to a huge picture
)

// validLogo reports whether s is a data: address of a picture that is what it says it is, and small.
func validLogo(s string) bool {
	head, data, ok := strings.Cut(s, ";base64,")
	if !ok || len(data) > base64.StdEncoding.EncodedLen(maxLogoBytes) {
		return false
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(data)
	if err != nil || len(raw) > maxLogoBytes {
		return false
	}
	var width, height int
	switch head {
	case "data:image/png":
		c, err := png.DecodeConfig(bytes.NewReader(raw))
		width, height, ok = c.Width, c.Height, err == nil
	case "data:image/jpeg":
		c, err := jpeg.DecodeConfig(bytes.NewReader(raw))
		width, height, ok = c.Width, c.Height, err == nil
	case "data:image/webp":
		width, height, ok = webpSize(raw)
	default:
		return false
	}
	return ok && width > 0 && height > 0 && width <= maxLogoSide && height <= maxLogoSide
}

// webpSize reads width and height out of the head of a WebP file: a RIFF container whose first chunk is VP8 (lossy, RFC 6386
// section 9.1), VP8L (lossless) or VP8X (extended), see RFC 9649.
func webpSize(raw []byte) (width, height int, ok bool) {
	if len(raw) < 30 || string(raw[:4]) != "RIFF" || string(raw[8:12]) != "WEBP" ||
		int64(binary.LittleEndian.Uint32(raw[4:8]))+8 > int64(len(raw)) {
		return 0, 0, false
	}
	chunk := raw[20:]
	switch string(raw[12:16]) {
	case "VP8 ":
		if chunk[3] != 0x9D || chunk[4] != 0x01 || chunk[5] != 0x2A {
			return 0, 0, false
		}
		return int(binary.LittleEndian.Uint16(chunk[6:]) & 0x3FFF), int(binary.LittleEndian.Uint16(chunk[8:]) & 0x3FFF), true
	case "VP8L":
		if chunk[0] != 0x2F {
			return 0, 0, false
		}
		bits := binary.LittleEndian.Uint32(chunk[1:])
		return int(bits&0x3FFF) + 1, int(bits>>14&0x3FFF) + 1, true
	case "VP8X":
		three := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		return three(chunk[4:]) + 1, three(chunk[7:]) + 1, true
	}
	return 0, 0, false
}
