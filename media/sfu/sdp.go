package sfu

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"gonghui/media/sfu/codec"
)

// Names of header extensions.
const (
	extMID    = "urn:ietf:params:rtp-hdrext:sdes:mid"
	extRID    = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
	extRepair = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
	extTWCC   = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	extLevel  = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
)

// section is what matters of one media line.
type section struct {
	mid, kind, direction string
	payloads             map[uint8]payload
	ext                  map[string]uint8
	rids                 []string // from the smallest layer to the largest
	ssrcs                []uint32
	repairs              map[uint32]uint32 // SSRC of retransmission → of what it repeats
	nack                 bool              // lost packets may be asked for again
}

// payload is a payload type.
type payload struct {
	codec   codec.Codec
	clock   uint32
	repeats bool
	of      uint8 // the payload type that is repeated
	red     bool  // sound with that of earlier packets; codec is what is within
}

// Bounds of an offer.
const (
	longestSDP   = 256 << 10
	mostSections = 80
	mostSSRCs    = 32 // of a line: layers, their retransmissions and those of other ways to protect them
)

// sections reads a session description. Lines that are neither sound nor picture are left out.
func sections(text string) ([]section, error) {
	if len(text) > longestSDP {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrOffer, longestSDP)
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOffer, err)
	}
	if len(d.MediaDescriptions) > mostSections {
		return nil, fmt.Errorf("%w: more than %d media lines", ErrOffer, mostSections)
	}
	var out []section
	seen := map[string]bool{}
	for _, m := range d.MediaDescriptions {
		if m.MediaName.Media != "audio" && m.MediaName.Media != "video" {
			continue
		}
		s := readSection(m)
		if s.mid == "" || seen[s.mid] {
			return nil, fmt.Errorf("%w: a media line without a mid of its own", ErrOffer)
		}
		seen[s.mid] = true
		out = append(out, s)
	}
	return out, nil
}

func readSection(m *sdp.MediaDescription) section {
	s := section{kind: m.MediaName.Media, direction: "sendrecv", payloads: map[uint8]payload{}, ext: map[string]uint8{}, repairs: map[uint32]uint32{}}
	known := map[uint32]bool{}
	for _, a := range m.Attributes {
		switch a.Key {
		case "mid":
			s.mid = a.Value
		case "sendonly", "recvonly", "sendrecv", "inactive":
			s.direction = a.Key
		case "rtpmap":
			number, what, _ := strings.Cut(a.Value, " ")
			name, rest, _ := strings.Cut(what, "/")
			clock, _, _ := strings.Cut(rest, "/")
			pt, err := strconv.ParseUint(number, 10, 7)
			hz, err2 := strconv.ParseUint(clock, 10, 32)
			if err != nil || err2 != nil {
				continue
			}
			p := payload{clock: uint32(hz), repeats: strings.EqualFold(name, "rtx")}
			p.red = s.kind == "audio" && strings.EqualFold(name, "red")
			c, ok := codec.Of(s.kind + "/" + name)
			if p.codec = c; ok || p.repeats || p.red {
				s.payloads[uint8(pt)] = p
			}
		case "fmtp":
			number, what, _ := strings.Cut(a.Value, " ")
			apt, found := strings.CutPrefix(what, "apt=")
			pt, err := strconv.ParseUint(number, 10, 7)
			of, err2 := strconv.ParseUint(apt, 10, 7)
			if p, ok := s.payloads[uint8(pt)]; ok && found && err == nil && err2 == nil {
				p.of = uint8(of)
				s.payloads[uint8(pt)] = p
			}
		case "rtcp-fb":
			_, what, _ := strings.Cut(a.Value, " ")
			s.nack = s.nack || strings.TrimSpace(what) == "nack"
		case "extmap":
			number, name, _ := strings.Cut(a.Value, " ")
			number, _, _ = strings.Cut(number, "/")
			name, _, _ = strings.Cut(name, " ")
			if id, err := strconv.ParseUint(number, 10, 8); err == nil {
				s.ext[name] = uint8(id)
			}
		case "simulcast":
			// The order of the layers is the order in which they are offered: from the smallest to the largest.
			if _, list, ok := strings.Cut(a.Value, "send "); ok {
				list, _, _ = strings.Cut(list, " ")
				for rid := range strings.SplitSeq(list, ";") {
					rid, _, _ = strings.Cut(rid, ",")
					s.rids = append(s.rids, strings.TrimPrefix(rid, "~"))
				}
			}
		case "ssrc-group":
			f := strings.Fields(a.Value)
			if len(f) == 3 && f[0] == "FID" {
				first, err := strconv.ParseUint(f[1], 10, 32)
				second, err2 := strconv.ParseUint(f[2], 10, 32)
				if err == nil && err2 == nil {
					s.repairs[uint32(second)] = uint32(first)
				}
			}
		case "ssrc":
			number, _, _ := strings.Cut(a.Value, " ")
			if n, err := strconv.ParseUint(number, 10, 32); err == nil && !known[uint32(n)] && len(s.ssrcs) < mostSSRCs {
				known[uint32(n)] = true
				s.ssrcs = append(s.ssrcs, uint32(n))
			}
		}
	}
	if m.MediaName.Port.Value == 0 {
		// A line that was refused, unless it is only bundled with others.
		if _, bundled := m.Attribute("bundle-only"); !bundled {
			s.direction = "inactive"
		}
	}
	return s
}
