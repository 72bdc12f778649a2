// Package quality sums up how sound and pictures were for one participant, out of what the page tells every ten seconds and of what
// came to the server meanwhile.
package quality

import (
	"time"

	signalv1 "gonghui/media/signal/v1"
)

// Every is how often a page reports.
const Every = 10 * time.Second

// least is the time between two reports that are counted: a page that tells more is not believed more.
const least = Every / 2

// Came is what has come to the server of somebody so far: packets that should have and that have not, and how unevenly.
type Came struct {
	Expected, Lost uint64
	Jitter         time.Duration
}

// Sum is what is known of a stay. The zero value knows nothing.
type Sum struct {
	samples                                             int64
	lossUp, lossDown, rtt, jitter, concealed            int64
	kbitUp, kbitDown, freezes                           int64
	lossUpMost, lossDownMost, rttMost, heightUp, height int32
	browser, system                                     string

	at                     time.Time
	came                   Came
	expected, lost, uneven uint64
}

// Add takes a report, and what has come by then; false: it came too soon.
func (s *Sum) Add(r *signalv1.Report, came Came, now time.Time) bool {
	if s.samples > 0 && now.Sub(s.at) < least {
		return false
	}
	s.at = now
	s.samples++
	s.lossUp += int64(r.GetLossUp())
	s.lossDown += int64(r.GetLossDown())
	s.rtt += int64(r.GetRtt())
	s.jitter += int64(r.GetJitter())
	s.concealed += int64(r.GetConcealed())
	s.kbitUp += int64(r.GetUp())
	s.kbitDown += int64(r.GetDown())
	s.freezes = min(s.freezes+int64(r.GetFreezes()), 1_000_000)
	s.lossUpMost = max(s.lossUpMost, int32(r.GetLossUp()))
	s.lossDownMost = max(s.lossDownMost, int32(r.GetLossDown()))
	s.rttMost = max(s.rttMost, int32(r.GetRtt()))
	s.heightUp = max(s.heightUp, int32(r.GetHeightUp()))
	s.height = max(s.height, int32(r.GetHeightDown()))
	s.browser, s.system = r.GetBrowser(), r.GetSystem()
	// A new connection counts from nothing.
	if came.Expected < s.came.Expected {
		s.came = Came{}
	}
	s.expected += came.Expected - s.came.Expected
	if came.Lost > s.came.Lost {
		s.lost += came.Lost - s.came.Lost
	}
	s.came = came
	s.uneven = max(s.uneven, uint64(came.Jitter.Milliseconds()))
	return true
}

// Summary is a stay in numbers: of 1,000, in milliseconds, in kilobits a second, in lines.
type Summary struct {
	Samples                                    int32
	LossUp, LossUpMost, LossDown, LossDownMost int16
	Rtt, RttMost, Jitter                       int32
	Concealed                                  int16
	Freezes, KbitUp, KbitDown                  int32
	HeightUp, HeightDown                       int16
	ServerLoss                                 int16
	ServerJitter                               int32
	Browser, System                            string
}

// Summary sums up; false when nothing was told.
func (s *Sum) Summary() (Summary, bool) {
	if s.samples == 0 {
		return Summary{}, false
	}
	mean := func(sum int64) int64 { return (sum + s.samples/2) / s.samples }
	loss := uint64(0)
	if s.expected > 0 {
		loss = min(1000, s.lost*1000/s.expected)
	}
	return Summary{
		Samples: int32(min(s.samples, 1<<30)), LossUp: int16(mean(s.lossUp)), LossUpMost: int16(s.lossUpMost),
		LossDown: int16(mean(s.lossDown)), LossDownMost: int16(s.lossDownMost), Rtt: int32(mean(s.rtt)), RttMost: s.rttMost,
		Jitter: int32(mean(s.jitter)), Concealed: int16(mean(s.concealed)), Freezes: int32(s.freezes), KbitUp: int32(mean(s.kbitUp)),
		KbitDown: int32(mean(s.kbitDown)), HeightUp: int16(s.heightUp), HeightDown: int16(s.height), ServerLoss: int16(loss),
		ServerJitter: int32(min(s.uneven, 60_000)), Browser: s.browser, System: s.system,
	}, true
}
