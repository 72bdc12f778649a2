package codec

import (
	"bytes"
	"testing"

	"github.com/pion/rtp/codecs"
)

func TestOf(t *testing.T) {
	for name, want := range map[string]Codec{"audio/opus": Opus, "video/VP8": VP8, "VIDEO/h264": H264, "video/VP9": VP9} {
		if got, ok := Of(name); !ok || got != want {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
	if _, ok := Of("video/rtx"); ok {
		t.Error("retransmission is no codec")
	}
	if !Opus.Audio() || VP8.Audio() {
		t.Error("audio")
	}
}

func TestWhole(t *testing.T) {
	for name, c := range map[string]struct {
		codec Codec
		b     []byte
		want  bool
	}{
		"opus":                          {Opus, []byte{1}, true},
		"VP8 key":                       {VP8, []byte{0x10, 0x00, 1}, true},
		"VP8 delta":                     {VP8, []byte{0x10, 0x01, 1}, false},
		"VP8 key, second packet":        {VP8, []byte{0x00, 0x00, 1}, false},
		"VP8 key, second partition":     {VP8, []byte{0x11, 0x00, 1}, false},
		"VP8 key, all numbers":          {VP8, []byte{0x90, 0xF0, 0x81, 0x02, 7, 0x40, 0x00}, true},
		"VP8 delta, all numbers":        {VP8, []byte{0x90, 0xF0, 0x81, 0x02, 7, 0x40, 0x01}, false},
		"VP8 ends in numbers":           {VP8, []byte{0x90, 0xF0, 0x81}, false},
		"H264 IDR":                      {H264, []byte{0x65, 1}, true},
		"H264 slice":                    {H264, []byte{0x61, 1}, false},
		"H264 parameters":               {H264, []byte{0x67, 1}, true},
		"H264 aggregate":                {H264, []byte{24, 0, 2, 0x06, 1, 0, 2, 0x67, 1}, true},
		"H264 aggregate of none":        {H264, []byte{24, 0, 2, 0x06, 1, 0, 2, 0x61, 1}, false},
		"H264 aggregate that ends":      {H264, []byte{24, 0, 9, 0x06, 1}, false},
		"H264 fragment, first":          {H264, []byte{28, 0x85, 1}, true},
		"H264 fragment, second":         {H264, []byte{28, 0x05, 1}, false},
		"H264 nothing":                  {H264, nil, false},
		"VP9 key":                       {VP9, []byte{0x88, 0x11, 9}, true},
		"VP9 key, layered":              {VP9, []byte{0xA8, 0x11, 0x00, 7, 9}, true},
		"VP9 key, wide number, layered": {VP9, []byte{0xA8, 0x91, 0x11, 0x00, 7, 9}, true},
		"VP9 key, second layer":         {VP9, []byte{0xA8, 0x11, 0x02, 7, 9}, false},
		"VP9 predicted":                 {VP9, []byte{0xC8, 0x11, 9}, false},
		"VP9 within a frame":            {VP9, []byte{0x80, 0x11, 9}, false},
		"VP9 ends":                      {VP9, []byte{0xA8, 0x91, 0x11}, false},
	} {
		if got := c.codec.Whole(c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestVP8NumbersAsPionReadsThem(t *testing.T) {
	for name, c := range map[string]struct {
		b       []byte
		picture uint16
		level   uint8
	}{
		"15 bits":      {[]byte{0x90, 0xF0, 0x80 | 0x12, 0x34, 7, 0x5F, 0, 9, 9}, 0x7FFE, 200},
		"7 bits":       {[]byte{0x90, 0xC0, 0x12, 7, 0, 9, 9}, 0x55, 0},
		"picture only": {[]byte{0x90, 0x80, 0x12, 0, 9, 9}, 0x7F, 0},
		"level only":   {[]byte{0x90, 0x60, 7, 0x40, 0, 9, 9}, 0, 3},
		"neither":      {[]byte{0x10, 0, 9, 9}, 0, 0},
	} {
		before := bytes.Clone(c.b)
		d, ok := ReadVP8(c.b)
		if !ok || !d.Whole {
			t.Fatalf("%s: not read", name)
		}
		var want codecs.VP8Packet
		if _, err := want.Unmarshal(c.b); err != nil {
			t.Fatal(err)
		}
		if d.Picture != want.PictureID || d.Level != want.TL0PICIDX || d.Temporal != want.TID {
			t.Errorf("%s: %+v is not %+v", name, d, want)
		}
		d.Patch(c.b, c.picture, c.level)
		if _, err := want.Unmarshal(c.b); err != nil {
			t.Fatal(err)
		}
		if d.HasPicture() && want.PictureID != c.picture || d.HasLevel() && want.TL0PICIDX != c.level {
			t.Errorf("%s: patched to %+v", name, want)
		}
		d.Patch(c.b, d.Picture, d.Level)
		if !bytes.Equal(c.b, before) {
			t.Errorf("%s: %x is not %x again", name, c.b, before)
		}
	}
}

func TestSizeVP8(t *testing.T) {
	key := []byte{0x90, 0x80, 0x12, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x00, 0x45, 0xD0, 0x02, 9}
	if w, h, ok := SizeVP8(key); !ok || w != 1280 || h != 720 {
		t.Errorf("%d × %d, %v", w, h, ok)
	}
	for name, b := range map[string][]byte{"delta": {0x90, 0x80, 0x12, 0x11, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0, 5, 0xD0, 2}, "ends": key[:12], "no start code": {0x10, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, "nothing": nil} {
		if _, _, ok := SizeVP8(b); ok {
			t.Errorf("%s has a size", name)
		}
	}
}

func FuzzPayload(f *testing.F) {
	f.Add([]byte{0x90, 0xF0, 0x92, 0x34, 7, 0x5F, 0, 9})
	f.Add([]byte{24, 0, 2, 0x67, 1, 0, 1, 0x65})
	f.Add([]byte{0xA8, 0x91, 0x11, 0x02})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, c := range []Codec{Opus, VP8, H264, VP9} {
			c.Whole(b)
		}
		SizeVP8(b)
		if d, ok := ReadVP9(b); ok && (d.Layers > 8 || d.Spatial > 7) {
			t.Fatalf("%+v", d)
		}
		before := bytes.Clone(b)
		d, ok := ReadVP8(b)
		if !ok {
			return
		}
		d.Patch(b, d.Picture, d.Level)
		if !bytes.Equal(b, before) {
			t.Fatalf("%x became %x", before, b)
		}
	})
}

func BenchmarkVP8(b *testing.B) {
	p := append([]byte{0x90, 0xF0, 0x80 | 0x12, 0x34, 7, 0x5F, 0}, make([]byte, 1000)...)
	b.ReportAllocs()
	for b.Loop() {
		d, _ := ReadVP8(p)
		d.Patch(p, d.Picture+1, d.Level+1)
	}
}

func TestVP9AsPionReadsIt(t *testing.T) {
	key := []byte{0xAA, 0x81, 0x23, 0x02, 7, 0x58, 0x01, 0x40, 0x00, 0xB4, 0x02, 0x80, 0x01, 0x68, 0x05, 0x00, 0x02, 0xD0, 1, 0x04, 1, 2, 3}
	for name, b := range map[string][]byte{
		"with the structure":          key,
		"flexible, with two it needs": {0xF4, 0x81, 0x23, 0x24, 0x03, 0x04, 9, 9},
		"the end of a second layer":   {0xE4, 0x05, 0x42, 7, 9},
		"without layers":              {0x8C, 0x05, 9},
	} {
		var p codecs.VP9Packet
		if _, err := p.Unmarshal(b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d, ok := ReadVP9(b)
		if !ok || d.Layered != p.L || d.Spatial != p.SID || d.Begins != p.B || d.Ends != p.E || p.V && d.Layers != int(p.NS)+1 {
			t.Errorf("%s: %+v, Pion reads %+v", name, d, p)
		}
		for i, h := range p.Height {
			if d.Heights[i] != h {
				t.Errorf("%s: height %d of layer %d, Pion reads %d", name, d.Heights[i], i, h)
			}
		}
		for cut := range min(4, len(b)) {
			if _, ok := ReadVP9(b[:cut]); ok && d.Layered {
				t.Errorf("%s: is read of %d bytes", name, cut)
			}
		}
	}
}
