package live

import signalv1 "gonghui/media/signal/v1"

// Tell tells everybody in the meeting something that is kept elsewhere.
func (m *Meeting) Tell(msg *signalv1.FromServer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tell(msg)
}

// Belongs reports whether somebody is in the meeting who has a place in a union body.
func (m *Meeting) Belongs(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	return p != nil && !p.Guest
}
