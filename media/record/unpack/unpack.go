// Package unpack makes of the packets of one stream what was coded: pictures whole, or sound. Packets may come out of order, twice, or
// not at all; a picture of which something is missing is left out, and so are those that build on it, up to the next that needs no other.
package unpack

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

// Frame is a picture, or a packet of sound.
type Frame struct {
	Stamp int64     // of the stream's clock, past its wraps
	At    time.Time // when its last packet came
	Key   bool      // needs no other
	Data  []byte
	// Of a whole picture of VP8: its size in pixels.
	Width, Height int
}

// patience is how long is waited for a packet that is missing: who sends is asked for it again.
const patience = time.Second

// Stream unpacks one. The zero value is not ready: use New.
type Stream struct {
	codec string
	emit  func(Frame)

	waiting []packet // by number
	next    int64    // number
	begun   bool
	stamp   int64 // of the last packet
	stamped bool

	vp8  codecs.VP8Packet
	vp9  codecs.VP9Packet
	h264 codecs.H264Packet

	building bool
	frame    Frame
	whole    bool // what is built on is there
	Lost     int  // packets that never came
}

type packet struct {
	number int64
	at     time.Time
	rtp    rtp.Packet
}

// New unpacks a stream of opus, vp8, vp9 or h264. What comes out is given to emit, in order; its data are good for ever.
func New(codec string, emit func(Frame)) *Stream { return &Stream{codec: codec, emit: emit} }

// Push takes a packet as it came.
func (s *Stream) Push(at time.Time, raw []byte) {
	var p rtp.Packet
	if p.Unmarshal(slices.Clone(raw)) != nil {
		return
	}
	number := int64(p.SequenceNumber)
	if s.begun {
		number = s.next + int64(int16(p.SequenceNumber-uint16(s.next)))
		if number < s.next {
			return // twice, or too late
		}
	} else {
		s.begun, s.next = true, number
	}
	i, twice := slices.BinarySearchFunc(s.waiting, number, func(p packet, n int64) int { return int(p.number - n) })
	if twice {
		return
	}
	s.waiting = slices.Insert(s.waiting, i, packet{number, at, p})
	s.release(at)
}

// release hands on what is in order, or waited long enough.
func (s *Stream) release(now time.Time) {
	n := 0
	for ; n < len(s.waiting); n++ {
		p := &s.waiting[n]
		if p.number != s.next {
			if now.Sub(p.at) < patience {
				break
			}
			s.Lost += int(p.number - s.next)
			s.broken()
			s.next = p.number
		}
		s.next++
		s.take(&p.rtp, p.at)
	}
	s.waiting = slices.Delete(s.waiting, 0, n)
}

// Flush hands on what waits, at the end.
func (s *Stream) Flush() {
	if len(s.waiting) > 0 {
		s.release(s.waiting[len(s.waiting)-1].at.Add(2 * patience))
	}
}

func (s *Stream) broken() {
	s.building, s.whole = false, false
	s.h264 = codecs.H264Packet{}
}

func (s *Stream) take(p *rtp.Packet, at time.Time) {
	if s.stamped {
		s.stamp += int64(int32(p.Timestamp - uint32(s.stamp)))
	} else {
		s.stamp, s.stamped = int64(p.Timestamp), true
	}
	if len(p.Payload) == 0 {
		return // padding
	}
	switch s.codec {
	case "opus":
		s.emit(Frame{Stamp: s.stamp, At: at, Key: true, Data: p.Payload})
	case "vp8":
		body, err := s.vp8.Unmarshal(p.Payload)
		if err != nil || len(body) == 0 {
			s.broken()
			return
		}
		first := s.vp8.S == 1 && s.vp8.PID == 0
		s.build(p, at, body, first, first && body[0]&1 == 0)
	case "vp9":
		body, err := s.vp9.Unmarshal(p.Payload)
		if err != nil || len(body) == 0 {
			s.broken()
			return
		}
		first := s.vp9.B && (!s.vp9.L || s.vp9.SID == 0)
		s.build(p, at, body, first, first && !s.vp9.P)
	case "h264":
		body, err := s.h264.Unmarshal(p.Payload)
		if err != nil {
			s.broken()
			return
		}
		first := !s.building || s.frame.Stamp != s.stamp
		s.build(p, at, body, first, first && keyH264(body))
		if !first && keyH264(body) {
			s.frame.Key = true
		}
	}
}

// build adds a packet to the picture.
func (s *Stream) build(p *rtp.Packet, at time.Time, body []byte, first, key bool) {
	switch {
	case first:
		s.frame, s.building = Frame{Stamp: s.stamp, Key: key}, true
	case !s.building || s.frame.Stamp != s.stamp:
		s.broken()
		return
	}
	s.frame.Data = append(s.frame.Data, body...)
	if !p.Marker {
		return
	}
	s.building, s.frame.At = false, at
	if s.whole = s.whole || s.frame.Key; !s.whole || len(s.frame.Data) == 0 {
		return
	}
	if b := s.frame.Data; s.codec == "vp8" && s.frame.Key && len(b) >= 10 {
		s.frame.Width, s.frame.Height = int(binary.LittleEndian.Uint16(b[6:])&0x3FFF), int(binary.LittleEndian.Uint16(b[8:])&0x3FFF)
	}
	s.emit(s.frame)
}

// keyH264 looks for a sequence parameter set or an IDR slice behind the start codes that pion writes.
func keyH264(b []byte) bool {
	for i := 0; i+4 < len(b); i++ {
		if b[i] == 0 && b[i+1] == 0 && b[i+2] == 0 && b[i+3] == 1 {
			if t := b[i+4] & 0x1F; t == 5 || t == 7 {
				return true
			}
		}
	}
	return false
}

// OpusLength is how long a packet of Opus sounds, in samples of 48 kHz (RFC 6716 section 3.1); 0 for none.
func OpusLength(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	config := int(b[0] >> 3)
	var one int
	switch {
	case config < 12:
		one = []int{480, 960, 1920, 2880}[config%4]
	case config < 16:
		one = []int{480, 960}[config%2]
	default:
		one = []int{120, 240, 480, 960}[config%4]
	}
	switch b[0] & 3 {
	case 0:
		return one
	case 1, 2:
		return 2 * one
	}
	if len(b) < 2 {
		return 0
	}
	if n := one * int(b[1]&0x3F); n <= 5760 {
		return n
	}
	return 0
}
