package live

import (
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// Who sends files in the chat.
const (
	FilesAll     = "all"
	FilesMembers = "members" // no guests
	FilesNone    = "none"
)

// SetCourse tells everybody where the meeting is in its agenda.
func (m *Meeting) SetCourse(c *signalv1.Course) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room.Agenda = c
	m.roomChanged()
}

// At is the id of the item that the meeting is at; empty: none.
func (m *Meeting) At() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.room.GetAgenda().GetItem()
}

// SetFiles says who sends files in the chat.
func (m *Meeting) SetFiles(who string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room.Files = who
	m.roomChanged()
}

// Sender is who sends a file in the chat, if they may.
func (m *Meeting) Sender(id string) (name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	switch {
	case p == nil:
		return "", signal.Refuse(signal.ReasonClosed, "")
	case !m.room.Chat && !Leads(p.Role):
		return "", signal.Refuse(signal.ReasonState, "attach")
	case m.room.Files == FilesNone, m.room.Files == FilesMembers && p.Guest:
		return "", signal.Refuse(signal.ReasonState, "attach")
	}
	return p.Name, nil
}
