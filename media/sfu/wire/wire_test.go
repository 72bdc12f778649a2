package wire

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Pion's own code writes what is read here, and reads what is written here.
func TestHeaderAsPionWritesIt(t *testing.T) {
	for name, profile := range map[string]uint16{"one byte": 0xBEDE, "two bytes": 0x1000} {
		t.Run(name, func(t *testing.T) {
			p := rtp.Packet{Header: rtp.Header{
				Version: 2, Marker: true, PayloadType: 96, SequenceNumber: 65534, Timestamp: 4_000_000_000, SSRC: 77,
				CSRC: []uint32{1, 2}, Extension: true, ExtensionProfile: profile,
			}, Payload: []byte("payload"), PaddingSize: 5}
			p.Header.Padding = true
			for id, v := range map[uint8][]byte{3: {9}, 5: {1, 2}, 14: []byte("abcdefgh")} {
				if err := p.Header.SetExtension(id, v); err != nil {
					t.Fatal(err)
				}
			}
			b, err := p.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			var h Header
			if err := h.Parse(b); err != nil {
				t.Fatal(err)
			}
			if !h.Marker || h.PayloadType != 96 || h.Sequence != 65534 || h.Timestamp != 4_000_000_000 || h.SSRC != 77 {
				t.Errorf("header %+v", h)
			}
			if got := b[h.Payload:h.End]; string(got) != "payload" {
				t.Errorf("payload %q", got)
			}
			for id, want := range map[uint8][]byte{3: {9}, 5: {1, 2}, 14: []byte("abcdefgh"), 4: nil, 0: nil} {
				if got := h.Extension(b, id); !bytes.Equal(got, want) {
					t.Errorf("extension %d: %v, not %v", id, got, want)
				}
			}
		})
	}
}

func TestPutAsPionReadsIt(t *testing.T) {
	var b [64]byte
	ext := AppendExtension(nil, 5, 1, 2)
	ext = AppendExtension(ext, 6, 0x85)
	ext = AppendExtension(ext, 15, 1)
	ext = AppendExtension(ext, 7)
	n := Put(b[:], true, false, 111, 9, 10, 11, ext)
	var p rtp.Packet
	if err := p.Unmarshal(append(b[:n:n], "hello"...)); err != nil {
		t.Fatal(err)
	}
	if !p.Marker || p.PayloadType != 111 || p.SequenceNumber != 9 || p.Timestamp != 10 || p.SSRC != 11 || string(p.Payload) != "hello" {
		t.Errorf("packet %v", p)
	}
	if !bytes.Equal(p.GetExtension(5), []byte{1, 2}) || !bytes.Equal(p.GetExtension(6), []byte{0x85}) || len(p.GetExtensionIDs()) != 2 {
		t.Errorf("extensions %v", p.Extensions)
	}
	if n := Put(b[:], false, true, 1, 2, 3, 4, nil); n != FixedLen || b[0] != 0xA0 {
		t.Errorf("bare header of %d bytes, %x", n, b[0])
	}
}

func TestBadPackets(t *testing.T) {
	good := make([]byte, 20)
	good[0] = 0x80
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   error
	}{
		"good":                   {func(b []byte) []byte { return b }, nil},
		"empty":                  {func([]byte) []byte { return nil }, ErrShort},
		"version 1":              {func(b []byte) []byte { b[0] = 0x40; return b }, ErrVersion},
		"sources past the end":   {func(b []byte) []byte { b[0] |= 15; return b }, ErrShort},
		"extension past the end": {func(b []byte) []byte { b[0] |= 0x10; b[15] = 2; return b }, ErrShort},
		"no room for extension":  {func(b []byte) []byte { b[0] |= 0x10; return b[:14] }, ErrShort},
		"padding of nothing":     {func(b []byte) []byte { b[0] |= 0x20; return b }, ErrPadding},
		"padding past header":    {func(b []byte) []byte { b[0] |= 0x20; b[19] = 9; return b }, ErrPadding},
		"padding alone":          {func(b []byte) []byte { b[0] |= 0x20; b[19] = 8; return b }, nil},
	} {
		var h Header
		if err := h.Parse(c.change(bytes.Clone(good))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, not %v", name, err, c.want)
		}
	}
}

func TestFeedbackAsPionReadsIt(t *testing.T) {
	var b []byte
	b = AppendRR(b, 1, []Report{{SSRC: 2, Fraction: 3, Lost: -4, Highest: 5, Jitter: 6, LastSR: 7, Delay: 8}})
	b = AppendSR(b, 1, SenderInfo{NTP: 1 << 40, RTP: 2, Packets: 3, Bytes: 4})
	b = AppendCNAME(b, 1, "room")
	b = AppendPLI(b, 1, 2)
	lost := []uint16{65530, 65535, 10, 11, 12, 40, 41}
	b = AppendNACK(b, 1, 2, lost)
	b = AppendNACK(b, 1, 2, nil)
	all, err := rtcp.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 5 {
		t.Fatalf("%d packets", len(all))
	}
	if r := all[0].(*rtcp.ReceiverReport).Reports[0]; r.SSRC != 2 || r.FractionLost != 3 || r.TotalLost != 0xFFFFFC || r.LastSequenceNumber != 5 || r.Delay != 8 {
		t.Errorf("report %+v", r)
	}
	if s := all[1].(*rtcp.SenderReport); s.NTPTime != 1<<40 || s.RTPTime != 2 || s.PacketCount != 3 || s.OctetCount != 4 {
		t.Errorf("sender %+v", s)
	}
	if s := all[2].(*rtcp.SourceDescription); s.Chunks[0].Items[0].Text != "room" {
		t.Errorf("description %+v", s)
	}
	if p := all[3].(*rtcp.PictureLossIndication); p.SenderSSRC != 1 || p.MediaSSRC != 2 {
		t.Errorf("picture loss %+v", p)
	}
	var got []uint16
	for _, n := range all[4].(*rtcp.TransportLayerNack).Nacks {
		got = append(got, n.PacketList()...)
	}
	if !slices.Equal(got, lost) {
		t.Errorf("lost %v, not %v", got, lost)
	}
}

func TestFeedbackAsPionWritesIt(t *testing.T) {
	b, err := rtcp.Marshal([]rtcp.Packet{
		&rtcp.SenderReport{SSRC: 1, NTPTime: 2, RTPTime: 3, PacketCount: 4, OctetCount: 5, Reports: []rtcp.ReceptionReport{{SSRC: 6, TotalLost: 0xFFFFFF, LastSenderReport: 9}}},
		&rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: 2, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{5, 6, 30})},
		&rtcp.FullIntraRequest{SenderSSRC: 1, MediaSSRC: 2, FIR: []rtcp.FIREntry{{SSRC: 44}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	sr, b, err := Next(b)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := sr.SenderInfo(); !ok || sr.Sender() != 1 || s.NTP != 2 || s.RTP != 3 || s.Packets != 4 || s.Bytes != 5 {
		t.Errorf("sender %+v", s)
	}
	if r, ok := sr.Report(0); !ok || r.SSRC != 6 || r.Lost != -1 || r.LastSR != 9 {
		t.Errorf("report %+v", r)
	}
	if _, ok := sr.Report(1); ok {
		t.Error("a second report")
	}
	nack, b, err := Next(b)
	if err != nil || nack.Type != TypeRTP || nack.Format != FormatNACK || nack.Media() != 2 {
		t.Fatalf("%+v %v", nack, err)
	}
	if first, mask, ok := nack.Nack(0); !ok || first != 5 || mask != 1 {
		t.Errorf("first %d mask %b", first, mask)
	}
	if first, _, ok := nack.Nack(1); !ok || first != 30 {
		t.Errorf("second %d", first)
	}
	if _, _, ok := nack.Nack(2); ok {
		t.Error("a third pair")
	}
	fir, b, err := Next(b)
	if ssrc, ok := fir.Fir(0); err != nil || !ok || ssrc != 44 || len(b) != 0 {
		t.Errorf("intra request for %d, %v", ssrc, err)
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		b           []byte
		media, rtcp bool
	}{{nil, false, false}, {[]byte{0, 1}, false, false}, {[]byte{22, 254}, false, false}, {[]byte{0x80, 96}, true, false}, {[]byte{0x80, 96 | 128}, true, false}, {[]byte{0x81, 201}, true, true}} {
		if IsMedia(c.b) != c.media || IsRTCP(c.b) != c.rtcp {
			t.Errorf("%x: media %v, rtcp %v", c.b, IsMedia(c.b), IsRTCP(c.b))
		}
	}
}

func FuzzHeader(f *testing.F) {
	p := rtp.Packet{Header: rtp.Header{Version: 2, Extension: true, ExtensionProfile: 0xBEDE}, Payload: []byte{1}}
	_ = p.Header.SetExtension(1, []byte{7})
	b, _ := p.Marshal()
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var h Header
		if h.Parse(b) != nil {
			return
		}
		if h.Payload < FixedLen || h.Payload > h.End || h.End > len(b) {
			t.Fatalf("payload %d to %d of %d", h.Payload, h.End, len(b))
		}
		for id := range 256 {
			h.Extension(b, uint8(id))
		}
	})
}

func FuzzRTCP(f *testing.F) {
	f.Add(AppendNACK(AppendRR(nil, 1, []Report{{}}), 1, 2, []uint16{3, 900}))
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			p, rest, err := Next(b)
			if err != nil {
				return
			}
			if len(rest) >= len(b) || len(p.Raw)+len(rest) != len(b) {
				t.Fatal("no progress")
			}
			p.Sender()
			p.Media()
			p.SenderInfo()
			for i := range 70 {
				p.Report(i)
				p.Nack(i)
				p.Fir(i)
			}
			b = rest
		}
	})
}

func BenchmarkHeader(b *testing.B) {
	p := rtp.Packet{Header: rtp.Header{Version: 2, Extension: true, ExtensionProfile: 0xBEDE}, Payload: make([]byte, 1000)}
	_ = p.Header.SetExtension(1, []byte{7})
	_ = p.Header.SetExtension(5, []byte{7, 8})
	raw, _ := p.Marshal()
	var out [64]byte
	var extBuf [16]byte
	b.ReportAllocs()
	for b.Loop() {
		var h Header
		if h.Parse(raw) != nil || h.Extension(raw, 5) == nil {
			b.Fatal("not read")
		}
		ext := AppendExtension(extBuf[:0], 5, 1, 2)
		Put(out[:], h.Marker, false, h.PayloadType, h.Sequence, h.Timestamp, h.SSRC, ext)
	}
	if n := testing.AllocsPerRun(100, func() {
		var h Header
		_ = h.Parse(raw)
		Put(out[:], h.Marker, false, h.PayloadType, h.Sequence, h.Timestamp, h.SSRC, AppendExtension(extBuf[:0], 5, 1, 2))
	}); n != 0 {
		b.Fatalf("%v allocations a packet", n)
	}
}
