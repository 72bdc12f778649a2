package live

import (
	"cmp"
	"slices"
	"strings"

	signalv1 "gonghui/media/signal/v1"
)

// Beat is how often those who only listen are told what is new, at most: [Meeting.Flush] is called so long after Later, in milliseconds.
const Beat = 250

// mostLines of the chat are told to listeners at a time; older ones are there to be recalled.
const mostLines = 50

// pending is what the listeners of one room are to be told at the next beat.
type pending struct {
	persons  map[string]*person // nil: gone
	lines    []*signalv1.Line
	captions map[string]*signalv1.Caption
	room     bool
	rooms    bool
	venues   bool
}

func (n *pending) empty() bool {
	return len(n.persons)+len(n.lines)+len(n.captions) == 0 && !n.room && !n.rooms && !n.venues
}

func (m *Meeting) later() {
	if m.due {
		return
	}
	m.due = true
	if m.Later != nil {
		m.Later()
	}
}

func (m *Meeting) pending(room string) *pending {
	n := m.news[room]
	if n == nil {
		n = &pending{persons: map[string]*person{}, captions: map[string]*signalv1.Caption{}}
		m.news[room] = n
	}
	m.later()
	return n
}

// tell lets everybody in the meeting know. The caller holds the lock.
func (m *Meeting) tell(msg *signalv1.FromServer) {
	m.told++
	raw := encode(msg)
	for _, p := range m.stage {
		if p.conn != nil {
			p.conn.Push(raw)
		}
	}
	if len(m.hidden) == 0 {
		return
	}
	for _, room := range m.rooms.ids() {
		m.put(room, msg, nil)
	}
}

// tellRoom lets everybody in a room know.
func (m *Meeting) tellRoom(room string, msg *signalv1.FromServer) {
	m.told++
	raw := encode(msg)
	for _, p := range m.stage {
		if p.conn != nil && p.room == room {
			p.conn.Push(raw)
		}
	}
	if len(m.hidden) > 0 {
		m.put(room, msg, nil)
	}
}

// put keeps a message for the listeners of a room until the next beat.
func (m *Meeting) put(room string, msg *signalv1.FromServer, of *person) {
	n := m.pending(room)
	switch what := msg.GetWhat().(type) {
	case *signalv1.FromServer_Person:
		n.persons[what.Person.GetParticipant()] = m.people[what.Person.GetParticipant()]
	case *signalv1.FromServer_Gone:
		n.persons[what.Gone.GetParticipant()] = of
	case *signalv1.FromServer_Line:
		if n.lines = append(n.lines, what.Line); len(n.lines) > mostLines {
			n.lines = n.lines[1:]
		}
	case *signalv1.FromServer_Caption:
		n.captions[what.Caption.GetId()] = what.Caption
	case *signalv1.FromServer_Room:
		n.room = true
	case *signalv1.FromServer_Rooms:
		n.rooms = true
	case *signalv1.FromServer_Venues:
		n.venues = true
	}
}

// changed tells of somebody, unless they only listen: these are counted.
func (m *Meeting) changed(p *person) {
	m.told++
	was := p.shown
	p.shown = p.Role != Audience || p.Hand != 0 || m.venues.has(p.Participant)
	id := p.Participant
	switch {
	case p.shown && m.stage[id] == nil:
		if m.hidden[id] != nil {
			delete(m.hidden, id)
			m.count = true
			m.later()
			m.catchUp(p)
		}
		m.stage[id] = p
	case !p.shown && m.hidden[id] == nil:
		delete(m.stage, id)
		m.hidden[id] = p
		m.count = true
		m.later()
	}
	msg := &signalv1.FromServer{What: &signalv1.FromServer_Person{Person: p.Person}}
	if p.shown || was {
		m.tellRoom(p.room, msg)
	}
	if !p.shown && p.conn != nil {
		p.conn.Push(encode(msg))
	}
}

// forget takes somebody out of those who are told, and tells the others.
func (m *Meeting) forget(p *person) {
	m.told++
	id := p.Participant
	if m.hidden[id] != nil {
		delete(m.hidden, id)
		m.count = true
		m.later()
	} else {
		delete(m.stage, id)
		m.tellRoom(p.room, &signalv1.FromServer{What: &signalv1.FromServer_Gone{Gone: &signalv1.Gone{Participant: id}}})
	}
	if len(m.rooms.list) > 0 {
		m.roomsChanged()
	}
}

func (m *Meeting) roomChanged() {
	m.tell(&signalv1.FromServer{What: &signalv1.FromServer_Room{Room: m.room}})
}

// changes are what is pending for a room, as one message; nil: nothing is.
func (m *Meeting) changes(room string) []byte {
	n := m.news[room]
	if (n == nil || n.empty()) && !m.count {
		return nil
	}
	c := &signalv1.Changes{}
	if m.count {
		listeners := uint32(len(m.hidden))
		c.Listeners = &listeners
	}
	if n != nil {
		for id, p := range n.persons {
			if p == nil || m.people[id] != p || p.room != room {
				c.Gone = append(c.Gone, id)
			} else {
				c.Persons = append(c.Persons, p.Person)
			}
		}
		c.Lines = n.lines
		for _, one := range n.captions {
			c.Captions = append(c.Captions, one)
		}
		if n.room {
			c.Room = m.room
		}
		if n.rooms {
			c.Rooms = m.roomsTo(false)
		}
		if n.venues {
			c.Venues = m.venues.told()
		}
	}
	return encode(&signalv1.FromServer{What: &signalv1.FromServer_Changes{Changes: c}})
}

// catchUp tells somebody at once who is told of everything from now on.
func (m *Meeting) catchUp(p *person) {
	if raw := m.changes(p.room); raw != nil && p.conn != nil {
		p.conn.Push(raw)
	}
}

// Flush tells those who only listen what is new since the last time, in one message for all of a room.
func (m *Meeting) Flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.due = true // what comes up here is told here
	if m.rooms.stale {
		m.rooms.stale = false
		m.tellRooms()
	}
	texts := map[string][]byte{}
	for _, p := range m.hidden {
		if p.conn == nil {
			continue
		}
		raw, made := texts[p.room]
		if !made {
			raw = m.changes(p.room)
			texts[p.room] = raw
		}
		if raw != nil {
			p.conn.Push(raw)
		}
	}
	if m.count {
		listeners := uint32(len(m.hidden))
		raw := encode(&signalv1.FromServer{What: &signalv1.FromServer_Changes{Changes: &signalv1.Changes{Listeners: &listeners}}})
		for _, p := range m.stage {
			if p.conn != nil {
				p.conn.Push(raw)
			}
		}
	}
	m.due, m.count = false, false
	clear(m.news)
}

// Look is a page of those who only listen, in the order in which they came.
func (m *Meeting) Look(l *signalv1.Look) *signalv1.Seen {
	m.mu.Lock()
	defer m.mu.Unlock()
	words := strings.ToLower(strings.TrimSpace(l.GetQuery()))
	var all []*person
	for _, p := range m.hidden {
		if words == "" || strings.Contains(strings.ToLower(p.Name+" "+p.Post+" "+p.Body), words) {
			all = append(all, p)
		}
	}
	seen := &signalv1.Seen{Total: uint32(len(all))}
	all = slices.DeleteFunc(all, func(p *person) bool { return p.order <= l.GetAfter() })
	slices.SortFunc(all, func(a, b *person) int { return cmp.Compare(a.order, b.order) })
	size := max(1, int(l.GetSize()))
	for i, p := range all {
		if i == size {
			seen.Next = all[i-1].order
			break
		}
		seen.Persons = append(seen.Persons, p.Person)
	}
	return seen
}
