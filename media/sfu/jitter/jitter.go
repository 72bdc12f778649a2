// Package jitter keeps what a receiver knows of one RTP stream: its sequence numbers past their wrap, what was lost, and the
// jitter of its arrival, after RFC 3550 sections 6.4.1 and appendix A. It is for the receiver reports of the SFU.
package jitter

import "time"

// Jumps after which a stream is taken to have begun anew (RFC 3550 A.1).
const (
	maxDropout  = 3000
	maxMisorder = 1000
)

// Unwrap makes 16-bit sequence numbers into 64-bit ones that do not wrap. The zero value is ready; the first number counts from
// 2^16, so that what comes late before it still has a place.
type Unwrap struct {
	last    uint64
	started bool
}

// Next is the extended number of a packet that came; it may be before the last.
func (u *Unwrap) Next(seq uint16) uint64 {
	if !u.started {
		u.started = true
		u.last = 1<<16 | uint64(seq)
		return u.last
	}
	ext := u.Peek(seq)
	u.last = max(u.last, ext)
	return ext
}

// Peek is the extended number nearest to the highest one seen.
func (u *Unwrap) Peek(seq uint16) uint64 {
	return uint64(int64(u.last) + int64(int16(seq-uint16(u.last))))
}

// Highest is the highest extended number seen.
func (u *Unwrap) Highest() uint64 { return u.last }

// Receiver is what is known of one stream. The zero value with a clock rate is ready.
type Receiver struct {
	ClockRate uint32 // of the stream, in Hz

	seq       Unwrap
	first     uint64
	received  uint64
	transit   int64
	jitter    float64 // in units of the clock
	timestamp uint32
	timed     bool
	suspect   uint16 // what would come next if the stream began anew
	suspected bool

	// at the last report
	expectedThen, receivedThen uint64
}

// Observe takes a packet that came at now, counted from any fixed moment, and returns its extended sequence number. It is false
// for one whose number lies so far off that it is not believed; a second in a row makes the stream begin anew.
func (r *Receiver) Observe(seq uint16, timestamp uint32, now time.Duration) (ext uint64, ok bool) {
	if r.received == 0 {
		r.begin(seq)
	} else if d := int(int16(seq - uint16(r.seq.last))); d >= maxDropout || d < -maxMisorder {
		if !r.suspected || seq != r.suspect {
			r.suspect, r.suspected = seq+1, true
			return 0, false
		}
		// Numbers go on upward over the break: what holds packets by extended number never sees one twice.
		r.seq.last = r.seq.last>>16<<16 + 2<<16 + uint64(seq)
		r.first, r.received, r.expectedThen, r.receivedThen, r.timed = r.seq.last, 0, 0, 0, false
	}
	r.suspected = false
	ext = r.seq.Next(seq)
	r.received++
	r.arrival(timestamp, now)
	return ext, true
}

// Place is the extended number of a packet that came by another way, repeated under a number of its own; false when it is far off.
// It is not counted.
func (r *Receiver) Place(seq uint16) (ext uint64, ok bool) {
	d := int(int16(seq - uint16(r.seq.last)))
	return r.seq.Peek(seq), r.received > 0 && d < maxDropout && d > -maxDropout
}

func (r *Receiver) begin(seq uint16) { r.first = r.seq.Next(seq) }

// arrival smooths the difference of transit times (RFC 3550 A.8). Packets of one picture share a timestamp and count once.
func (r *Receiver) arrival(timestamp uint32, now time.Duration) {
	if r.timed && timestamp == r.timestamp {
		return
	}
	at := int64(now) / 1000 * int64(r.ClockRate) / 1_000_000
	if r.timed {
		// The difference is taken of 32 bits, as the timestamp wraps.
		d := int64(int32(uint32(at-r.transit) - timestamp))
		if d < 0 {
			d = -d
		}
		r.jitter += (float64(d) - r.jitter) / 16
	}
	r.transit = at - int64(timestamp)
	r.timestamp, r.timed = timestamp, true
}

// Highest is the highest extended sequence number; 0 before the first packet.
func (r *Receiver) Highest() uint64 { return r.seq.Highest() }

// Jitter is the smoothed jitter.
func (r *Receiver) Jitter() time.Duration {
	if r.ClockRate == 0 {
		return 0
	}
	return time.Duration(r.jitter / float64(r.ClockRate) * float64(time.Second))
}

// Report is what a reception report says.
type Report struct {
	Fraction uint8  // lost of 256 since the report before
	Lost     int32  // in all; packets that came twice count against it
	Highest  uint32 // low 32 bits of the extended number
	Jitter   uint32 // in units of the clock
}

// Report sums up, and begins the next interval; false before the first packet.
func (r *Receiver) Report() (Report, bool) {
	if r.received == 0 {
		return Report{}, false
	}
	expected := r.seq.Highest() - r.first + 1
	lost := int64(expected) - int64(r.received)
	out := Report{
		Lost:    int32(max(-1<<23, min(lost, 1<<23-1))),
		Highest: uint32(r.seq.Highest() - 1<<16), Jitter: uint32(r.jitter),
	}
	e, g := expected-r.expectedThen, r.received-r.receivedThen
	r.expectedThen, r.receivedThen = expected, r.received
	if e > g {
		out.Fraction = uint8(min((e-g)<<8/e, 255))
	}
	return out, true
}

// Counts are the packets that should have come so far, and those of them that have not.
func (r *Receiver) Counts() (expected, lost uint64) {
	if r.received == 0 {
		return 0, 0
	}
	expected = r.seq.Highest() - r.first + 1
	return expected, expected - min(expected, r.received)
}
