package live

import (
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// What somebody says to being recorded; empty: nothing yet.
const (
	Agreed   = "agreed"
	Declined = "declined"
)

// listens reports whether somebody is held because they did not agree to be recorded: breakout rooms are not recorded.
func (p *person) listens() bool { return p.Consent == Declined && p.room == "" }

// Record tells everybody that the meeting is recorded from now on, and asks those whose consent is not known; nil: that it is recorded no
// more, and who did not agree may speak again.
func (m *Meeting) Record(r *signalv1.Recording, consents map[string]string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room.Recording = r
	for id, p := range m.people {
		if said := consents[id]; p.Consent != said {
			p.Consent = said
			m.enforce(p)
			m.changed(p)
		}
	}
	m.roomChanged()
}

// Consent notes what somebody says to being recorded, and returns by which name they go. Who does not agree is held.
func (m *Meeting) Consent(id string, agrees bool) (name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	switch {
	case p == nil:
		return "", signal.Refuse(signal.ReasonClosed, "")
	case m.room.Recording == nil:
		return "", signal.Refuse(signal.ReasonState, "consent")
	}
	p.Consent = Declined
	if agrees {
		p.Consent = Agreed
	}
	m.enforce(p)
	m.changed(p)
	return p.Name, nil
}

// Names are those of the people in it, by their ids.
func (m *Meeting) Names() map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[string]string, len(m.people))
	for id, p := range m.people {
		out[id] = p.Name
	}
	return out
}

// Title is what the meeting is called.
func (m *Meeting) Title() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.room.Title
}
