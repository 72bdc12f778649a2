package sfu

import (
	"slices"
	"time"

	"gonghui/media/sfu/bwe"
	"gonghui/media/sfu/pacer"
	"gonghui/media/sfu/twcc"
	"gonghui/media/sfu/wire"
)

// mostRepeats is how many packets are repeated for one participant in one tick.
const mostRepeats = 100

// mostLooks is how many packets are looked for in one tick because a participant asks.
const mostLooks = 600

// mostOwed is how many bytes may be sent again at once; in the long run, as many as were sent.
const mostOwed = 256 << 10

// mostReports is how many datagrams of reports of one participant are read in a second. Browsers send some dozens.
const mostReports = 300

// hears takes a datagram of reports out of what is read of them.
func (u *up) hears(now time.Duration) bool {
	u.ears = min(u.ears+mostReports*min(now-u.heard, time.Second).Seconds(), mostReports)
	u.heard = now
	if u.ears < 1 {
		return false
	}
	u.ears--
	return true
}

// control takes a compound packet of reports. b is the reader's buffer, and is decrypted in place.
func (c *peer) control(b []byte) {
	now := c.server.now()
	c.up.mu.Lock()
	if c.up.in == nil || !c.up.hears(now) {
		c.up.mu.Unlock()
		return
	}
	plain, err := c.up.in.OpenRTCP(b)
	c.up.mu.Unlock()
	if err != nil {
		return
	}
	for len(plain) > 0 {
		var k wire.Block
		if k, plain, err = wire.Next(plain); err != nil {
			return
		}
		switch {
		case k.Type == wire.TypeSR:
			c.clock(k, now)
			c.reports(k, now)
		case k.Type == wire.TypeRR:
			c.reports(k, now)
		case k.Type == wire.TypeRTP && k.Format == wire.FormatTWCC:
			c.feedback(k, now)
		case k.Type == wire.TypeRTP && k.Format == wire.FormatNACK:
			c.asked(k, now)
		case k.Type == wire.TypePS && k.Format == wire.FormatPLI:
			c.picture(k.Media())
		case k.Type == wire.TypePS && k.Format == wire.FormatFIR:
			for i := 0; ; i++ {
				ssrc, ok := k.Fir(i)
				if !ok {
					break
				}
				c.picture(ssrc)
			}
		}
	}
}

// clock takes a sender report of the participant's.
func (c *peer) clock(k wire.Block, now time.Duration) {
	info, ok := k.SenderInfo()
	if !ok {
		return
	}
	c.up.mu.Lock()
	defer c.up.mu.Unlock()
	if in, ok := c.up.known[k.Sender()]; ok && !in.repeat {
		in.stream.report, in.stream.told = info, now
		in.stream.point.Store(&clockPoint{now, info.RTP})
		if t := c.who.room.tap.Load(); t != nil {
			t.push(tapped{at: now, stream: in.stream, report: true, info: info})
		}
	}
}

// reports takes what the participant says of what it was sent.
func (c *peer) reports(k wire.Block, now time.Duration) {
	d := &c.down
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := 0; ; i++ {
		r, ok := k.Report(i)
		if !ok {
			return
		}
		s := d.bySSRC[r.SSRC]
		if s == nil {
			continue
		}
		d.loss += 0.25 * (float64(r.Fraction)/256 - d.loss)
		if d.cc == 0 {
			d.cover(d.loss, now)
		}
		if r.LastSR != 0 {
			// All in units of 1/65536 s.
			if rtt := uint32(c.server.ntp(now)>>16) - r.LastSR - r.Delay; rtt < 10<<16 {
				d.rtt = time.Duration(rtt) * time.Second >> 16
			}
		}
	}
}

// feedback takes what the participant says of when packets came.
func (c *peer) feedback(k wire.Block, now time.Duration) {
	d := &c.down
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cc == 0 {
		return
	}
	var err error
	if d.told, err = twcc.Read(k.Body, d.told[:0]); err != nil {
		return
	}
	c.server.feedback.Add(1)
	d.waiting = 0
	if d.est == nil {
		o := c.server.opt
		d.est = bwe.New(bwe.Options{Start: o.Start, Min: 60_000, Max: o.Bitrate})
	}
	d.match = slices.DeleteFunc(d.sent.Match(d.told, d.match[:0]), func(p twcc.Packet) bool { return p.Sent < d.since })
	d.est.Feedback(d.match, now)
	d.cover(d.est.Loss(), now)
	d.pace.SetRate(2 * d.est.Target())
}

// asked repeats packets that did not come.
func (c *peer) asked(k wire.Block, now time.Duration) {
	d := &c.down
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.bySSRC[k.Media()]
	if s == nil || !s.bound || d.out == nil {
		return
	}
	if now-d.repeated >= everyTick {
		d.repeats, d.looked, d.repeated = 0, 0, now
	}
	for i := 0; ; i++ {
		first, mask, ok := k.Nack(i)
		if !ok {
			return
		}
		for bit := uint16(0); bit <= 16; bit++ {
			if bit > 0 && mask>>(bit-1)&1 == 0 {
				continue
			}
			if d.repeats >= mostRepeats || d.looked >= mostLooks {
				return
			}
			d.looked++
			// A run of pictures begins with a whole one: nothing before it is of use.
			if !s.sound() && !s.state.Current(first+bit) {
				continue
			}
			c.again(s, first+bit, 0, now)
		}
	}
}

// again repeats one packet, unless it was just repeated, and returns its length.
func (c *peer) again(s *slot, sequence uint16, probe uint16, now time.Duration) int {
	d := &c.down
	o, ok := s.state.Back(sequence)
	if !ok {
		return 0
	}
	st := c.who.room.stream(s, o.Source)
	if st == nil {
		return 0
	}
	ext, ok := s.cached(st, o.Ext)
	if !ok {
		return 0
	}
	sc, ok := c.server.spare.Get().(*scratch)
	if !ok {
		return 0
	}
	defer c.server.spare.Put(sc)
	n := st.cache.Get(ext, sc.packet[:])
	var p packet
	if n == 0 || !p.read(st, ext, sc.packet[:n]) || probe == 0 && (d.owed < n || !s.repeatable(sequence, d.rtt, now)) {
		return 0
	}
	d.repeats++
	if probe == 0 {
		d.owed -= n
	}
	if probe == 0 && !d.pace.Pass(pacer.Repeat, n, uint32(sequence), now) {
		d.pace.Push(pacer.Repeat, pacer.Item{Ref: s, Stream: o.Source, Ext: ext, Bytes: n, Burst: uint32(sequence)}, now)
		if !d.listed {
			c.shard.push(item{peer: c})
		}
		return n
	}
	c.repeat(s, &p, sequence, probe, now, sc)
	return n
}

// picture takes a wish for a whole picture.
func (c *peer) picture(ssrc uint32) {
	d := &c.down
	d.mu.Lock()
	s := d.bySSRC[ssrc]
	want := uint32(0)
	if s != nil {
		want = s.want
		if s.on {
			want = s.state.Source()
		}
	}
	d.mu.Unlock()
	if s == nil || want == 0 {
		return
	}
	if st := c.who.room.stream(s, want); st != nil {
		st.need.Store(true)
	}
}

// stream finds a stream by its id: one of what the place looks at, or of sound.
func (r *Room) stream(s *slot, id uint32) *stream {
	if t := s.track.Load(); t != nil {
		for i := range t.layers {
			if st := t.layers[i].Load(); st != nil && st.id == id {
				return st
			}
		}
	}
	return nil
}
