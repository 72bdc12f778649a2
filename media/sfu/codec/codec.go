// Package codec reads as much of a video payload as an SFU needs: whether a whole picture begins here, and VP8's picture numbers
// (RFC 7741), H.264 (RFC 6184), VP9 (RFC 9628). Payloads come from strangers: each read is bounded.
package codec

// Codec is a way of coding that the SFU forwards.
type Codec uint8

const (
	Opus Codec = iota
	VP8
	H264
	VP9
	Count // how many there are
)

// Of is the codec of an SDP name such as "video/VP8"; false for one that is not forwarded.
func Of(mime string) (Codec, bool) {
	switch lower(mime) {
	case "audio/opus":
		return Opus, true
	case "video/vp8":
		return VP8, true
	case "video/h264":
		return H264, true
	case "video/vp9":
		return VP9, true
	}
	return 0, false
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// Audio tells sound from pictures.
func (c Codec) Audio() bool { return c == Opus }

// Whole tells whether a picture that needs no other begins with this payload.
func (c Codec) Whole(payload []byte) bool {
	switch c {
	case VP8:
		d, ok := ReadVP8(payload)
		return ok && d.Whole
	case H264:
		return wholeH264(payload)
	case VP9:
		d, ok := ReadVP9(payload)
		return ok && d.Whole
	default:
		return true
	}
}

// wholeH264 looks for a sequence parameter set or an IDR slice.
func wholeH264(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	key := func(nal byte) bool { return nal&0x1F == 5 || nal&0x1F == 7 }
	switch b[0] & 0x1F {
	case 24: // STAP-A: NAL units with their lengths
		for b = b[1:]; len(b) > 2; {
			n := int(b[0])<<8 | int(b[1])
			if key(b[2]) {
				return true
			}
			if n == 0 || len(b) < 2+n {
				return false
			}
			b = b[2+n:]
		}
		return false
	case 28: // FU-A: its first part carries the type
		return b[1]&0x80 != 0 && key(b[1])
	default:
		return key(b[0])
	}
}
