// Package align says at which time of the server's what was coded is to be seen or heard. The clocks of all streams of one connection are
// tied to their sender's by its reports (RFC 3550 section 6.4), so that lips and voice stay together however differently their packets
// travelled; the sender's clock is tied to the server's by the packets that came the fastest, and its drift is evened out.
package align

import (
	"slices"
	"time"
)

// bucket is over how long the fastest packet is looked for.
const bucket = 20 * time.Second

// Connection is the streams of one sender over one connection. First everything is told, then asked. Times are microseconds since 1970.
type Connection struct {
	streams map[uint32]*stream
	shared  line // from the sender's clock to the server's
	fitted  bool
}

type stream struct {
	clock   int64
	reports []report
	arrived []sample // the last of each stamp
	own     line     // without reports: from the stream's clock to the server's
}

// report is that the stream's clock stood at stamp when the sender's stood at sender.
type report struct{ sender, stamp int64 }

// near is over how long reports are compared: one made while its sender was busy is late, and never early.
const near = 30 * time.Second

// sample is when a stamp came.
type sample struct{ stamp, at int64 }

// New is a connection of which nothing is known.
func New() *Connection { return &Connection{streams: map[uint32]*stream{}} }

// Stream tells of a stream and its clock, in ticks a second.
func (c *Connection) Stream(id uint32, clock uint32) {
	c.streams[id] = &stream{clock: int64(max(clock, 1))}
}

// Packet tells that a stamp came. Of each half second the fastest is kept.
func (c *Connection) Packet(id uint32, stamp int64, at time.Time) {
	s := c.streams[id]
	now := at.UnixMicro()
	if n := len(s.arrived); n > 0 {
		last := &s.arrived[n-1]
		if (stamp-last.stamp)*2 < s.clock {
			if now-s.micros(stamp) < last.at-s.micros(last.stamp) {
				*last = sample{stamp, now}
			}
			return
		}
	}
	s.arrived = append(s.arrived, sample{stamp, now})
}

// Report tells that the stream's clock stood at rtp when the sender's stood at ntp.
func (c *Connection) Report(id uint32, ntp uint64, rtp uint32) {
	s := c.streams[id]
	if len(s.arrived) == 0 {
		return
	}
	last := s.arrived[len(s.arrived)-1].stamp
	stamp := last + int64(int32(rtp-uint32(last)))
	const since1900 = 2_208_988_800
	sender := (int64(ntp>>32)-since1900)*1e6 + int64((ntp&0xFFFFFFFF)*1_000_000>>32)
	if n := len(s.reports); n > 0 {
		last := s.reports[n-1]
		over, by := sender-last.sender, s.micros(stamp-last.stamp)
		// A clock that goes wrong by more than a twentieth is not believed.
		if over <= 0 || by <= 0 || over-by > over/20+5000 || by-over > over/20+5000 {
			return
		}
	}
	s.reports = append(s.reports, report{sender, stamp})
}

// smooth has each report say what the earliest of those around it says.
func (s *stream) smooth() {
	lead, at := make([]int64, len(s.reports)), make([]int64, len(s.reports))
	for i, r := range s.reports {
		at[i] = s.micros(r.stamp)
		lead[i] = r.sender - at[i]
	}
	from, until := 0, 0
	for i := range s.reports {
		for at[i]-at[from] > near.Microseconds() {
			from++
		}
		for until < len(at) && at[until]-at[i] < near.Microseconds() {
			until++
		}
		s.reports[i].sender = at[i] + slices.Min(lead[from:until])
	}
}

func (s *stream) micros(ticks int64) int64 {
	return ticks/s.clock*1e6 + ticks%s.clock*1e6/s.clock
}

// sent is the sender's time of a stamp. There is a report.
func (s *stream) sent(stamp int64) int64 {
	i, _ := slices.BinarySearchFunc(s.reports, stamp, func(r report, t int64) int {
		switch {
		case r.stamp < t:
			return -1
		case r.stamp > t:
			return 1
		}
		return 0
	})
	if i == 0 {
		r := s.reports[0]
		return r.sender + s.micros(stamp-r.stamp)
	}
	a := s.reports[i-1]
	if i == len(s.reports) {
		return a.sender + s.micros(stamp-a.stamp)
	}
	b := s.reports[i]
	return a.sender + int64(float64(b.sender-a.sender)*float64(stamp-a.stamp)/float64(b.stamp-a.stamp))
}

// fit makes the lines.
func (c *Connection) fit() {
	c.fitted = true
	var shared []sample
	for _, s := range c.streams {
		s.smooth()
		var own []sample
		for _, a := range s.arrived {
			if len(s.reports) > 0 {
				shared = append(shared, sample{s.sent(a.stamp), a.at})
			} else {
				own = append(own, sample{s.micros(a.stamp), a.at})
			}
		}
		s.own = fastest(own)
	}
	c.shared = fastest(shared)
}

// Time is when a stamp is to be seen or heard.
func (c *Connection) Time(id uint32, stamp int64) int64 {
	if !c.fitted {
		c.fit()
	}
	s := c.streams[id]
	if len(s.reports) == 0 {
		t := s.micros(stamp)
		return t + s.own.at(t)
	}
	t := s.sent(stamp)
	return t + c.shared.at(t)
}

// line is how much is added to a time.
type line struct {
	from   int64
	offset float64
	slope  float64
}

func (l line) at(t int64) int64 { return int64(l.offset + l.slope*float64(t-l.from)) }

// mostDrift bounds what is taken for drift: clocks of computers are good to 200 in a million.
const mostDrift = 500e-6

// fastest lays a line along the samples that came the fastest, one a bucket.
func fastest(all []sample) (l line) {
	if len(all) == 0 {
		return l
	}
	slices.SortFunc(all, func(a, b sample) int {
		switch {
		case a.stamp < b.stamp:
			return -1
		case a.stamp > b.stamp:
			return 1
		}
		return 0
	})
	type point struct{ x, y float64 }
	var points []point
	l.from = all[0].stamp
	end := l.from
	for _, s := range all {
		y := float64(s.at - s.stamp)
		if s.stamp >= end {
			end = s.stamp + bucket.Microseconds()
			points = append(points, point{float64(s.stamp - l.from), y})
		} else if p := &points[len(points)-1]; y < p.y {
			*p = point{float64(s.stamp - l.from), y}
		}
	}
	least := points[0].y
	var sx, sy float64
	for _, p := range points {
		least = min(least, p.y)
		sx += p.x
		sy += p.y
	}
	// Over less than some minutes drift is nothing, and chance a lot.
	if len(points) < 9 {
		l.offset = least
		return l
	}
	n := float64(len(points))
	mx, my := sx/n, sy/n
	var xx, xy float64
	for _, p := range points {
		xx += (p.x - mx) * (p.x - mx)
		xy += (p.x - mx) * (p.y - my)
	}
	l.slope = max(-mostDrift, min(mostDrift, xy/xx))
	l.offset = my - l.slope*mx
	return l
}
