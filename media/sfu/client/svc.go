package client

import (
	"math/rand/v2"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// svc is a camera whose one stream has several spatial layers: VP9, where larger layers need smaller ones in whole pictures alone.
type svc struct {
	track *webrtc.TrackLocalStaticRTP
	seq   uint16
	pic   uint16
	level uint8
}

func newSVC() (*svc, error) {
	t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP9, ClockRate: 90000}, "camera", "own")
	if err != nil {
		return nil, err
	}
	return &svc{track: t, seq: uint16(rand.IntN(30000)), pic: uint16(rand.IntN(0x8000))}, nil
}

// ShowAll sends a picture in all layers of one stream, of so many packets each, at a clock of 90 kHz. It is a whole one when that was asked
// for. The third byte of each payload behind its descriptor is the layer.
func (c *Client) ShowAll(clock uint32, packets ...int) error {
	v := c.svc
	whole := c.whole.Swap(false)
	v.pic = (v.pic + 1) & 0x7FFF
	v.level++
	for layer, n := range packets {
		for k := range n {
			head := []byte{0xA0, 0x80 | byte(v.pic>>8), byte(v.pic), byte(layer << 1), v.level}
			if !whole {
				head[0] |= 0x40
			}
			if k == 0 {
				head[0] |= 0x08
			}
			if k == n-1 {
				head[0] |= 0x04
			}
			if whole && layer == 0 && k == 0 {
				head[0] |= 0x02
				head = append(head, byte(len(packets)-1)<<5|0x10)
				for i := range packets {
					height := 180 << i
					head = append(head, byte(height*16/9>>8), byte(height*16/9), byte(height>>8), byte(height))
				}
			}
			payload := make([]byte, PacketSize)
			at := copy(payload, head)
			payload[at+2] = byte(layer)
			p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: v.seq, Timestamp: clock, Marker: layer == len(packets)-1 && k == n-1}, Payload: payload}
			v.seq++
			if err := mark(&p, c.midID, []byte(c.mid)...); err != nil {
				return err
			}
			if err := v.track.WriteRTP(&p); err != nil {
				return err
			}
		}
	}
	return nil
}
