package bwe

import "time"

// usage is what the delay of packets says of the path.
type usage int8

const (
	normal usage = iota
	over         // a queue grows
	under        // a queue empties
)

// Constants of the trendline filter, as browsers have them.
const (
	burst     = 5 * time.Millisecond // packets sent within are one group
	points    = 20                   // groups in the line
	smoothing = 0.9
	gain      = 4.0
	trendMax  = 60 // groups that a trend is multiplied with at most
	kUp       = 0.0087
	kDown     = 0.039
	gammaMin  = 6.0
	gammaMax  = 600.0
	overTime  = 10 * time.Millisecond // over the threshold for so long is overuse
	standing  = 12.0                  // ms by which all of the last moments must be late: a queue that stands
	moment    = 100 * time.Millisecond
	moments   = 3
	base      = 10 // seconds in which the least delay is sought
)

// trend fits a line through the queueing delay of the last groups of packets (draft-ietf-rmcat-gcc-02 section 5, with the slope
// by linear regression instead of the Kalman filter).
type trend struct {
	// the group that is being gathered, and the one before
	first, sent, came    time.Duration
	lastSent, lastCame   time.Duration
	gathering, have      bool
	x, y                 [points]float64 // ms since the first group, smoothed delay in ms
	n                    int
	total, smooth, slope float64
	origin               time.Duration
	gamma                float64
	judged               time.Duration
	above                time.Duration
	times                int
	previous             float64 // slope
	state                usage
	delay                standingDelay
}

// standingDelay tells a queue that stands from a receiver that was busy for a moment: after that one the next packets are in time
// again, behind a queue none is.
type standingDelay struct {
	lately least // of the last moments
	ever   least // of the last seconds
}

// add takes a group's delay in ms, against any fixed moment.
func (s *standingDelay) add(d float64, at time.Duration) {
	s.lately.add(d, int64(at/moment))
	s.ever.add(d, int64(at/time.Second))
}

// late is by how many ms even the best of the last moments is behind the best of the last seconds.
func (s *standingDelay) late() float64 { return s.lately.min(moments) - s.ever.min(base) }

// least keeps the least value of each of the last spans of time.
type least struct {
	values  [base]float64
	span    int64
	started bool
}

func (l *least) add(d float64, span int64) {
	if !l.started || span < l.span || span-l.span >= base {
		l.started, l.span = true, span
		for i := range l.values {
			l.values[i] = d
		}
	}
	for l.span < span {
		l.span++
		l.values[l.at(0)] = d
	}
	l.values[l.at(0)] = min(l.values[l.at(0)], d)
}

// at is the place of the span so many before the last.
func (l *least) at(before int64) int { return int(((l.span-before)%base + base) % base) }

func (l *least) min(n int64) float64 {
	v := l.values[l.at(0)]
	for i := range n {
		v = min(v, l.values[l.at(i)])
	}
	return v
}

// add takes a packet that came, in the order of sending.
func (t *trend) add(sent, came time.Duration) {
	if !t.gathering {
		t.gathering, t.first, t.sent, t.came = true, sent, sent, came
		return
	}
	if sent < t.first {
		return
	}
	if sent-t.first <= burst {
		t.sent, t.came = max(t.sent, sent), max(t.came, came)
		return
	}
	if t.have {
		t.group(t.sent-t.lastSent, t.came-t.lastCame, t.came)
	}
	t.have, t.lastSent, t.lastCame = true, t.sent, t.came
	t.first, t.sent, t.came = sent, sent, came
}

// group takes the differences between two groups.
func (t *trend) group(sent, came, at time.Duration) {
	if came < -time.Second || came > 10*time.Second {
		// The receiver's clock was set, or it lies.
		*t = trend{gamma: t.gamma}
		return
	}
	if t.n == 0 {
		t.origin = at
	}
	t.total += ms(came - sent)
	t.delay.add(ms(t.came-t.sent), at)
	t.smooth = smoothing*t.smooth + (1-smoothing)*t.total
	t.x[t.n%points], t.y[t.n%points] = ms(at-t.origin), t.smooth
	t.n++
	if t.n >= points {
		t.slope = t.fit()
	}
	t.judge(ms(sent), at)
}

// fit is the slope of the least squares line.
func (t *trend) fit() float64 {
	var sx, sy float64
	for i := range points {
		sx += t.x[i]
		sy += t.y[i]
	}
	mx, my := sx/points, sy/points
	var num, den float64
	for i := range points {
		num += (t.x[i] - mx) * (t.y[i] - my)
		den += (t.x[i] - mx) * (t.x[i] - mx)
	}
	if den == 0 {
		return t.slope
	}
	return num / den
}

// judge compares the trend with a threshold that follows it slowly, so that neither jitter nor a competing stream makes it deaf.
func (t *trend) judge(sent float64, at time.Duration) {
	if t.gamma == 0 {
		t.gamma = 12.5
	}
	m := min(float64(t.n), trendMax) * t.slope * gain
	switch {
	case m > t.gamma:
		t.above += time.Duration(sent * float64(time.Millisecond))
		t.times++
		if t.above > overTime && t.times > 1 && t.slope >= t.previous && t.delay.late() > standing {
			t.state = over
		}
	case m < -t.gamma:
		t.state, t.above, t.times = under, 0, 0
	default:
		t.state, t.above, t.times = normal, 0, 0
	}
	t.previous = t.slope
	size := m
	if size < 0 {
		size = -size
	}
	if t.judged > 0 && size-t.gamma < 15 {
		k := kDown
		if size > t.gamma {
			k = kUp
		}
		t.gamma += k * (size - t.gamma) * min(max(ms(at-t.judged), 0), 100)
		t.gamma = max(gammaMin, min(t.gamma, gammaMax))
	}
	t.judged = at
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
