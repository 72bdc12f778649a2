package client

import (
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

// mtu is the payload of a packet at most, in bytes.
const mtu = 1100

// Picture sends a picture of VP8 in one layer, at a clock of 90 kHz.
func (c *Client) Picture(i int, clock uint32, picture []byte) error {
	l := c.layers[i]
	l.pic = (l.pic + 1) & 0x7FFF
	parts := (&codecs.VP8Payloader{}).Payload(mtu, picture)
	for k, payload := range parts {
		p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: l.seq, Timestamp: clock, Marker: k == len(parts)-1}, Payload: payload}
		l.seq++
		if l.rid != "" {
			if err := mark(&p, c.ridID, []byte(l.rid)...); err != nil {
				return err
			}
		}
		if err := mark(&p, c.midID, []byte(c.mid)...); err != nil {
			return err
		}
		if err := l.track.WriteRTP(&p); err != nil {
			return err
		}
	}
	return nil
}

// Sound sends the i-th packet of Opus, of 20 ms, at a level in -dBov.
func (c *Client) Sound(i int, packet []byte, level uint8) error {
	p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i) * 960}, Payload: packet}
	if err := mark(&p, c.level, 0x80|level); err != nil {
		return err
	}
	if err := mark(&p, c.midID, []byte(c.voice)...); err != nil {
		return err
	}
	return c.sound.WriteRTP(&p)
}
