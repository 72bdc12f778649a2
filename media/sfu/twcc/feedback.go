// Package twcc is transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): reading what a
// receiver tells of the packets sent to it, remembering what was sent, and telling a publisher what came.
package twcc

import (
	"encoding/binary"
	"errors"
	"time"
)

// ErrFeedback says that feedback is not what the draft describes.
var ErrFeedback = errors.New("twcc: feedback is malformed")

// Arrival is what a receiver tells of one packet.
type Arrival struct {
	Sequence uint16
	Received bool
	At       time.Duration // by the receiver's clock, which wraps every twelve days
}

// Units of the draft.
const (
	reference = 64 * time.Millisecond
	tick      = 250 * time.Microsecond
)

// most is how many packets one feedback may tell of: a second of the fastest stream.
const most = 4096

// Read appends what feedback says to into; body is that of an RTCP packet, behind its first four bytes.
func Read(body []byte, into []Arrival) ([]Arrival, error) {
	if len(body) < 16 {
		return into, ErrFeedback
	}
	seq := binary.BigEndian.Uint16(body[8:])
	count := int(binary.BigEndian.Uint16(body[10:]))
	if count > most {
		return into, ErrFeedback
	}
	at := time.Duration(int32(binary.BigEndian.Uint32(body[12:]))>>8) * reference
	// First the symbols, then the differences of time that they promise.
	start := len(into)
	b := body[16:]
	for left := count; left > 0; {
		if len(b) < 2 {
			return into[:start], ErrFeedback
		}
		chunk := binary.BigEndian.Uint16(b)
		b = b[2:]
		n, symbol := 0, func(int) uint16 { return chunk >> 13 & 3 }
		switch {
		case chunk>>15 == 0:
			n = int(chunk & 0x1FFF)
			if n == 0 {
				return into[:start], ErrFeedback
			}
		case chunk>>14&1 == 0:
			n, symbol = 14, func(i int) uint16 { return chunk >> (13 - i) & 1 }
		default:
			n, symbol = 7, func(i int) uint16 { return chunk >> (12 - 2*i) & 3 }
		}
		for i := range min(n, left) {
			s := symbol(i)
			if s == 3 {
				return into[:start], ErrFeedback
			}
			into = append(into, Arrival{Sequence: seq, Received: s > 0, At: time.Duration(s)})
			seq++
		}
		left -= min(n, left)
	}
	for i := start; i < len(into); i++ {
		a := &into[i]
		switch a.At {
		case 1:
			if len(b) < 1 {
				return into[:start], ErrFeedback
			}
			at += time.Duration(b[0]) * tick
			b = b[1:]
		case 2:
			if len(b) < 2 {
				return into[:start], ErrFeedback
			}
			at += time.Duration(int16(binary.BigEndian.Uint16(b))) * tick
			b = b[2:]
		}
		a.At = 0
		if a.Received {
			a.At = at
		}
	}
	return into, nil
}
