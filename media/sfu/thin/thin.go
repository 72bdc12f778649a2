// Package thin closes the gaps that are made on purpose: where a receiver gets some layers of a stream and not others, the packets it gets
// are numbered as if there had never been more. Gaps that the network made stay, so that what is lost is asked for; and a number leads
// back to the packet it stands for.
package thin

// history is how many times packets were left out that can be led back over: some seconds of pictures.
const history = 256

// Map is the numbering of one stream for one receiver. The zero value with a source is ready. All numbers are extended ones.
type Map struct {
	Source uint32 // the caller's name of the stream

	spans  [history]span
	count  int    // of spans ever begun
	newest uint64 // that was passed or dropped
}

// span is a stretch of packets before which so many were dropped. It ends where the next one's dropped packets begin.
type span struct{ from, dropped uint64 }

func (m *Map) span(i int) *span { return &m.spans[i%history] }

// Newest is the newest packet that was passed or dropped; 0: none yet.
func (m *Map) Newest() uint64 { return m.newest }

// Drop leaves a packet out. One that comes late has its number already, and leaves a gap.
func (m *Map) Drop(ext uint64) {
	if m.count == 0 {
		m.begin(ext)
	}
	if ext <= m.newest {
		return
	}
	m.newest = ext
	last := m.span(m.count - 1)
	if last.from == ext {
		last.from++
		last.dropped++
		return
	}
	*m.span(m.count) = span{ext + 1, last.dropped + 1}
	m.count++
}

func (m *Map) begin(ext uint64) {
	m.spans[0], m.count, m.newest = span{from: ext}, 1, ext-1
}

// Pass is the number of a packet that goes through; false for a late one from before all that is known, or that was left out.
func (m *Map) Pass(ext uint64) (uint64, bool) {
	if m.count == 0 {
		m.begin(ext)
	}
	m.newest = max(m.newest, ext)
	return m.Of(ext)
}

// Of is the number that a packet has; false for one that was left out, or is too old.
func (m *Map) Of(ext uint64) (uint64, bool) {
	for i := m.count - 1; i >= 0 && i >= m.count-history; i-- {
		s := m.span(i)
		if ext >= s.from {
			return ext - s.dropped, true
		}
		if i > 0 && i > m.count-history && ext >= s.from-(s.dropped-m.span(i-1).dropped) {
			return 0, false
		}
	}
	return 0, false
}

// Back is the packet that has a number; false when it is too old.
func (m *Map) Back(number uint64) (uint64, bool) {
	for i := m.count - 1; i >= 0 && i >= m.count-history; i-- {
		if s := m.span(i); number >= s.from-s.dropped {
			return number + s.dropped, true
		}
	}
	return 0, false
}
