package wire

import "encoding/binary"

// Types of RTCP packets, and formats of feedback.
const (
	TypeSR   = 200
	TypeRR   = 201
	TypeSDES = 202
	TypeBYE  = 203
	TypeRTP  = 205 // transport feedback
	TypePS   = 206 // payload-specific feedback

	FormatNACK = 1
	FormatTWCC = 15
	FormatPLI  = 1
	FormatFIR  = 4
)

// Block is one packet of a compound RTCP packet.
type Block struct {
	Type   uint8
	Format uint8  // or count
	Body   []byte // without the four bytes of its header and without padding
	Raw    []byte // all of it
}

// Next takes the first packet off a compound one.
func Next(b []byte) (Block, []byte, error) {
	if len(b) < 4 {
		return Block{}, nil, ErrShort
	}
	if b[0]>>6 != 2 {
		return Block{}, nil, ErrVersion
	}
	n := 4 + 4*int(binary.BigEndian.Uint16(b[2:]))
	if n > len(b) {
		return Block{}, nil, ErrShort
	}
	end := n
	if b[0]&0x20 != 0 {
		pad := int(b[n-1])
		if pad == 0 || 4+pad > n {
			return Block{}, nil, ErrPadding
		}
		end -= pad
	}
	return Block{Type: b[1], Format: b[0] & 0x1F, Body: b[4:end], Raw: b[:n]}, b[n:], nil
}

// Sender is the SSRC of who sent the packet; 0 when it ends before it.
func (p Block) Sender() uint32 { return p.word(0) }

// Media is the SSRC that feedback is about; 0 when it ends before it.
func (p Block) Media() uint32 { return p.word(4) }

func (p Block) word(at int) uint32 {
	if len(p.Body) < at+4 {
		return 0
	}
	return binary.BigEndian.Uint32(p.Body[at:])
}

// SenderInfo is what a sender report says of time.
type SenderInfo struct {
	NTP     uint64 // 32.32 seconds since 1900
	RTP     uint32
	Packets uint32
	Bytes   uint32
}

// SenderInfo reads a sender report.
func (p Block) SenderInfo() (SenderInfo, bool) {
	if p.Type != TypeSR || len(p.Body) < 24 {
		return SenderInfo{}, false
	}
	return SenderInfo{
		NTP: binary.BigEndian.Uint64(p.Body[4:]), RTP: binary.BigEndian.Uint32(p.Body[12:]),
		Packets: binary.BigEndian.Uint32(p.Body[16:]), Bytes: binary.BigEndian.Uint32(p.Body[20:]),
	}, true
}

// Report is a reception report: what the other side got of one stream.
type Report struct {
	SSRC     uint32
	Fraction uint8 // lost of 256 since the last report
	Lost     int32 // in all, 24 bits
	Highest  uint32
	Jitter   uint32 // in units of the stream's clock
	LastSR   uint32 // middle 32 bits of the NTP time of the last sender report
	Delay    uint32 // since then, in 1/65536 s
}

// Report reads the reception report with a number from 0; false past the last.
func (p Block) Report(i int) (Report, bool) {
	at := 4
	if p.Type == TypeSR {
		at = 24
	} else if p.Type != TypeRR {
		return Report{}, false
	}
	at += 24 * i
	if i < 0 || i >= int(p.Format) || len(p.Body) < at+24 {
		return Report{}, false
	}
	b := p.Body[at:]
	lost := int32(binary.BigEndian.Uint32(b[4:])<<8) >> 8
	return Report{
		SSRC: binary.BigEndian.Uint32(b), Fraction: b[4], Lost: lost, Highest: binary.BigEndian.Uint32(b[8:]),
		Jitter: binary.BigEndian.Uint32(b[12:]), LastSR: binary.BigEndian.Uint32(b[16:]), Delay: binary.BigEndian.Uint32(b[20:]),
	}, true
}

// Nack reads the pair with a number from 0 of a generic NACK: a first sequence number, and a mask of the sixteen that follow.
func (p Block) Nack(i int) (first uint16, mask uint16, ok bool) {
	at := 8 + 4*i
	if i < 0 || len(p.Body) < at+4 {
		return 0, 0, false
	}
	return binary.BigEndian.Uint16(p.Body[at:]), binary.BigEndian.Uint16(p.Body[at+2:]), true
}

// Fir reads the SSRC of the entry with a number from 0 of a full intra request (RFC 5104 section 4.3.1).
func (p Block) Fir(i int) (uint32, bool) {
	at := 8 + 8*i
	if i < 0 || len(p.Body) < at+8 {
		return 0, false
	}
	return binary.BigEndian.Uint32(p.Body[at:]), true
}

// AppendPLI asks for a picture that needs no other.
func AppendPLI(b []byte, sender, media uint32) []byte {
	return words(b, FormatPLI, TypePS, sender, media)
}

// AppendNACK asks for lost packets. Sequence numbers ascend, and there are not more than a packet holds: see NackMax.
func AppendNACK(b []byte, sender, media uint32, lost []uint16) []byte {
	if len(lost) == 0 {
		return b
	}
	at := len(b)
	b = words(b, FormatNACK, TypeRTP, sender, media)
	for i := 0; i < len(lost); {
		first, mask := lost[i], uint16(0)
		for i++; i < len(lost) && lost[i]-first >= 1 && lost[i]-first <= 16; i++ {
			mask |= 1 << (lost[i] - first - 1)
		}
		b = binary.BigEndian.AppendUint32(b, uint32(first)<<16|uint32(mask))
	}
	setLength(b, at)
	return b
}

// NackMax is how many sequence numbers fit into one NACK whatever their distance.
const NackMax = 250

// AppendRR writes a receiver report of up to 31 streams.
func AppendRR(b []byte, sender uint32, reports []Report) []byte {
	at := len(b)
	b = words(b, uint8(len(reports)), TypeRR, sender)
	for _, r := range reports {
		b = binary.BigEndian.AppendUint32(b, r.SSRC)
		b = binary.BigEndian.AppendUint32(b, uint32(r.Fraction)<<24|uint32(r.Lost)&0xFFFFFF)
		b = binary.BigEndian.AppendUint32(b, r.Highest)
		b = binary.BigEndian.AppendUint32(b, r.Jitter)
		b = binary.BigEndian.AppendUint32(b, r.LastSR)
		b = binary.BigEndian.AppendUint32(b, r.Delay)
	}
	setLength(b, at)
	return b
}

// AppendSR writes a sender report without reception reports.
func AppendSR(b []byte, sender uint32, info SenderInfo) []byte {
	at := len(b)
	b = words(b, 0, TypeSR, sender)
	b = binary.BigEndian.AppendUint64(b, info.NTP)
	b = binary.BigEndian.AppendUint32(b, info.RTP)
	b = binary.BigEndian.AppendUint32(b, info.Packets)
	b = binary.BigEndian.AppendUint32(b, info.Bytes)
	setLength(b, at)
	return b
}

// AppendCNAME writes a source description with a canonical name of up to 255 bytes.
func AppendCNAME(b []byte, ssrc uint32, name string) []byte {
	name = name[:min(len(name), 255)]
	at := len(b)
	b = words(b, 1, TypeSDES, ssrc)
	b = append(append(b, 1, byte(len(name))), name...)
	b = append(b, 0)
	for (len(b)-at)%4 != 0 {
		b = append(b, 0)
	}
	setLength(b, at)
	return b
}

// words writes the header of an RTCP packet and whole words.
func words(b []byte, format, packetType uint8, w ...uint32) []byte {
	b = append(b, 0x80|format&0x1F, packetType, 0, byte(len(w)))
	for _, v := range w {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// setLength writes the length of the packet that begins at at and ends with b.
func setLength(b []byte, at int) { binary.BigEndian.PutUint16(b[at+2:], uint16((len(b)-at)/4-1)) }
