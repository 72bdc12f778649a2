package record

import (
	"encoding/binary"
	"io"
)

// fourCC are the names of codecs in IVF.
var fourCC = map[string]string{"vp8": "VP80", "vp9": "VP90", "h264": "H264"}

// ivf writes pictures for ffmpeg, in the frame of WebM's test files; times are microseconds.
type ivf struct{ out io.Writer }

func newIVF(out io.Writer, codec string) (ivf, error) {
	h := make([]byte, 32)
	copy(h, "DKIF")
	h[6] = 32
	copy(h[8:], fourCC[codec])
	// The size stands in the pictures themselves; players of the frame want one that is none of theirs.
	binary.LittleEndian.PutUint16(h[12:], 640)
	binary.LittleEndian.PutUint16(h[14:], 360)
	binary.LittleEndian.PutUint32(h[16:], 1_000_000)
	binary.LittleEndian.PutUint32(h[20:], 1)
	_, err := out.Write(h)
	return ivf{out}, err
}

func (w ivf) write(at int64, picture []byte) error {
	var h [12]byte
	binary.LittleEndian.PutUint32(h[:], uint32(len(picture)))
	binary.LittleEndian.PutUint64(h[4:], uint64(at))
	if _, err := w.out.Write(h[:]); err != nil {
		return err
	}
	_, err := w.out.Write(picture)
	return err
}

// ogg writes packets of Opus one behind the other, each on a page of its own (RFC 3533, RFC 7845).
type ogg struct {
	out     io.Writer
	page    uint32
	granule uint64
}

func newOgg(out io.Writer) (*ogg, error) {
	o := &ogg{out: out}
	head := []byte("OpusHead\x01\x02\x00\x00\x80\xbb\x00\x00\x00\x00\x00") // two channels, nothing to skip, 48 kHz
	if err := o.put(2, head); err != nil {
		return nil, err
	}
	return o, o.put(0, []byte("OpusTags\x07\x00\x00\x00gonghui\x00\x00\x00\x00"))
}

// write adds a packet that sounds for so many samples.
func (o *ogg) write(packet []byte, samples int) error {
	o.granule += uint64(samples)
	return o.put(0, packet)
}

// end ends the stream with a page of nothing.
func (o *ogg) end() error { return o.put(4, nil) }

func (o *ogg) put(flags byte, packet []byte) error {
	lacing := len(packet)/255 + 1
	if packet == nil {
		lacing = 0
	}
	b := make([]byte, 27+lacing, 27+lacing+len(packet))
	copy(b, "OggS")
	b[5] = flags
	binary.LittleEndian.PutUint64(b[6:], o.granule)
	binary.LittleEndian.PutUint32(b[14:], 1)
	binary.LittleEndian.PutUint32(b[18:], o.page)
	o.page++
	b[26] = byte(lacing)
	for i := range lacing {
		b[27+i] = 255
	}
	if lacing > 0 {
		b[26+lacing] = byte(len(packet) % 255)
	}
	b = append(b, packet...)
	binary.LittleEndian.PutUint32(b[22:], oggSum(b))
	_, err := o.out.Write(b)
	return err
}

var oggTable = func() (t [256]uint32) {
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			if r&0x80000000 != 0 {
				r = r<<1 ^ 0x04C11DB7
			} else {
				r <<= 1
			}
		}
		t[i] = r
	}
	return t
}()

func oggSum(b []byte) (sum uint32) {
	for _, v := range b {
		sum = sum<<8 ^ oggTable[byte(sum>>24)^v]
	}
	return sum
}
