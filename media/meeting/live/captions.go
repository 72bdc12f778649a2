package live

import (
	"slices"

	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// Mendable is how many of the last lines of the captions may be mended while the meeting runs, and are told to who comes in.
const Mendable = 10

// SetStenographer lets somebody write the captions, or no more.
func (m *Meeting) SetStenographer(id string, on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.writers[id] = on; !on {
		delete(m.writers, id)
	}
	if p := m.people[id]; p != nil && p.Stenographer != on {
		p.Stenographer = on
		m.changed(p)
	}
}

// MaySet tells whether somebody may set what is set for the whole meeting.
func (m *Meeting) MaySet(by string, s *signalv1.Set) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	me := m.people[by]
	switch {
	case me == nil:
		return signal.Refuse(signal.ReasonClosed, "")
	case !Leads(me.Role):
		return signal.Refuse(signal.ReasonRight, "set")
	case s.GetStenographer() != "" && m.people[s.GetStenographer()] == nil:
		return signal.Refuse(signal.ReasonGone, "set.stenographer")
	case s.GetStenographer() == "" && s.Watermark == nil && s.Files == nil:
		return signal.Refuse(signal.ReasonMessage, "set.watermark")
	}
	return nil
}

// MayWrite tells whether somebody may write a line, or mend the one of an id.
func (m *Meeting) MayWrite(id string, w *signalv1.Write) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	switch {
	case p == nil:
		return signal.Refuse(signal.ReasonClosed, "")
	case !p.Stenographer:
		return signal.Refuse(signal.ReasonRight, "write.text")
	case w.GetId() != "" && m.captionAt(w.GetId()) < 0:
		return signal.Refuse(signal.ReasonGone, "write.id")
	}
	return nil
}

func (m *Meeting) captionAt(id string) int {
	return slices.IndexFunc(m.captions, func(c *signalv1.Caption) bool { return c.GetId() == id })
}

// Wrote shows a line of the captions; one without an id is being written.
func (m *Meeting) Wrote(c *signalv1.Caption) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.GetId() != "" {
		if i := m.captionAt(c.GetId()); i >= 0 {
			c.At = m.captions[i].GetAt()
			m.captions = slices.Clone(m.captions)
			m.captions[i] = c
		} else {
			m.captions = append(slices.Clone(m.captions), c)
			m.captions = m.captions[max(0, len(m.captions)-Mendable):]
		}
	}
	m.tell(&signalv1.FromServer{What: &signalv1.FromServer_Caption{Caption: c}})
}

// RestoreCaptions takes over the last lines, the oldest first.
func (m *Meeting) RestoreCaptions(last []*signalv1.Caption) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.captions = last
}

// markOf is what somebody sees over everything.
func (m *Meeting) markOf(p *person) string {
	if !m.room.GetWatermark() {
		return ""
	}
	return p.mark
}

// Conns are the connections of those who are there, by their ids.
func (m *Meeting) Conns() map[string]Conn {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]Conn{}
	for id, p := range m.people {
		if p.conn != nil {
			out[id] = p.conn
		}
	}
	return out
}

// SetMark says what somebody sees over everything, where there is a watermark.
func (m *Meeting) SetMark(id, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	if p == nil || p.mark == text {
		return
	}
	if p.mark = text; m.room.GetWatermark() && p.conn != nil {
		p.conn.Push(encode(&signalv1.FromServer{What: &signalv1.FromServer_Mark{Mark: &signalv1.Mark{Text: text}}}))
	}
}

// SetWatermark shows everybody their own name over what is shown, or no more.
func (m *Meeting) SetWatermark(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.room.Watermark == on {
		return
	}
	m.room.Watermark = on
	m.roomChanged()
	for _, p := range m.people {
		if p.conn != nil {
			p.conn.Push(encode(&signalv1.FromServer{What: &signalv1.FromServer_Mark{Mark: &signalv1.Mark{Text: m.markOf(p)}}}))
		}
	}
}
