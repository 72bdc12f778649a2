package live

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// Breakout is a room beside the main one.
type Breakout struct{ ID, Name string }

// rooms are the breakout rooms of a meeting.
type rooms struct {
	open, choice   bool
	until, closing time.Time // zero: not said
	list           []*Breakout
	of             map[string]string // who belongs where, present or not
	help           map[string]string // who calls, by room
	stale          bool              // the next beat tells how they stand
}

// ids are all rooms, the main one first.
func (r *rooms) ids() []string {
	out := make([]string, 1, len(r.list)+1)
	for _, b := range r.list {
		out = append(out, b.ID)
	}
	return out
}

func (r *rooms) named(id string) *Breakout {
	for _, b := range r.list {
		if b.ID == id {
			return b
		}
	}
	return nil
}

// place is where somebody sits who comes in.
func (m *Meeting) place(id string) string {
	if p := m.people[id]; p != nil {
		return p.room
	}
	if m.rooms.open {
		return m.rooms.of[id]
	}
	return ""
}

// Place is the breakout room of somebody who is there, or who comes; empty: the main one.
func (m *Meeting) Place(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.place(id)
}

// Room is a breakout room by its id; nil when there is none.
func (m *Meeting) Room(id string) *Breakout {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rooms.named(id)
}

// RoomList are the breakout rooms, and whether they are open.
func (m *Meeting) RoomList() (list []*Breakout, open bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.rooms.list), m.rooms.open
}

// MayBreakout tells whether somebody may do something with breakout rooms.
func (m *Meeting) MayBreakout(by string, b *signalv1.Breakout) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	me := m.people[by]
	if me == nil {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	lead, r := Leads(me.Role), &m.rooms
	known := func(id, field string) error {
		if id != "" && r.named(id) == nil {
			return signal.Refuse(signal.ReasonGone, field)
		}
		return nil
	}
	switch b.GetDo() {
	case "go":
		switch {
		case !r.open || b.GetRoom() != "" && !r.closing.IsZero():
			return signal.Refuse(signal.ReasonState, "breakout.room")
		case !lead && !r.choice && b.GetRoom() != "" && r.of[by] != b.GetRoom():
			return signal.Refuse(signal.ReasonRight, "breakout.room")
		}
		return known(b.GetRoom(), "breakout.room")
	case "help":
		if me.room == "" || lead {
			return signal.Refuse(signal.ReasonState, "breakout.do")
		}
		return nil
	}
	if !lead {
		return signal.Refuse(signal.ReasonRight, "breakout.do")
	}
	switch b.GetDo() {
	case "rooms":
		if r.open {
			return signal.Refuse(signal.ReasonState, "breakout.names")
		}
	case "assign":
		for _, v := range b.GetMoves() {
			if m.people[v.GetParticipant()] == nil {
				return signal.Refuse(signal.ReasonGone, "breakout.moves")
			}
			if err := known(v.GetRoom(), "breakout.moves"); err != nil {
				return err
			}
		}
	case "open":
		if r.open || len(r.list) == 0 {
			return signal.Refuse(signal.ReasonState, "breakout.do")
		}
	case "shuffle":
		if len(r.list) == 0 {
			return signal.Refuse(signal.ReasonState, "breakout.do")
		}
	case "close":
		if !r.open || !r.closing.IsZero() && !b.GetOn() {
			return signal.Refuse(signal.ReasonState, "breakout.do")
		}
	case "say":
		if !r.open {
			return signal.Refuse(signal.ReasonState, "breakout.text")
		}
	}
	return nil
}

// SetRooms takes over rooms, in the place of those there were, and who belongs where.
func (m *Meeting) SetRooms(list []*Breakout, of map[string]string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rooms.list, m.rooms.of = list, of
	if of == nil {
		m.rooms.of = map[string]string{}
	}
	m.roomsChanged()
}

// Assign takes over who belongs where.
func (m *Meeting) Assign(moves map[string]string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, room := range moves {
		if room == "" {
			delete(m.rooms.of, id)
		} else {
			m.rooms.of[id] = room
		}
	}
	m.roomsChanged()
}

// Shuffle says where those go who have no room and do not lead, so that rooms are as full as each other.
func (m *Meeting) Shuffle() map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	moves, full := map[string]string{}, map[string]int{}
	for _, room := range m.rooms.of {
		full[room]++
	}
	all := m.sorted()
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, p := range all {
		if Leads(p.Role) || m.rooms.of[p.Participant] != "" {
			continue
		}
		b := slices.MinFunc(m.rooms.list, func(a, b *Breakout) int { return cmp.Compare(full[a.ID], full[b.ID]) })
		moves[p.Participant] = b.ID
		full[b.ID]++
	}
	return moves
}

// StandRooms takes over whether rooms are open and people choose, and until when.
func (m *Meeting) StandRooms(open, choice bool, until, closing time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := &m.rooms
	r.open, r.choice, r.until, r.closing = open, choice, until, closing
	if !open {
		r.help = nil
	}
	m.roomsChanged()
}

// Strays are the people who are not where they belong, and where that is: with open rooms those who have one, with closed ones whoever is
// in one still.
func (m *Meeting) Strays() map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]string{}
	for id, p := range m.people {
		to, has := m.rooms.of[id]
		switch {
		case !m.rooms.open && p.room != "":
			out[id] = ""
		case m.rooms.open && has && p.room != to:
			out[id] = to
		}
	}
	return out
}

// Conn is the connection of somebody who is there, and their role; nil when it is lost.
func (m *Meeting) Conn(id string) (conn Conn, role string, there bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	if p == nil {
		return nil, "", false
	}
	return p.conn, p.Role, true
}

// Move takes somebody to another room, with a seat there, and tells everybody; nil for a seat: they have no connection now. answer makes
// the message by which they learn how it stands there.
func (m *Meeting) Move(id, room string, seat Seat, answer func(*signalv1.Joined) []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	if p == nil {
		if seat != nil {
			seat.Leave()
		}
		return
	}
	if p.seat != nil {
		p.seat.Leave()
	}
	if p.shown {
		delete(m.stage, id)
		m.tellRoom(p.room, &signalv1.FromServer{What: &signalv1.FromServer_Gone{Gone: &signalv1.Gone{Participant: id}}})
	}
	if m.rooms.help[p.room] == p.Name {
		delete(m.rooms.help, p.room)
	}
	p.room, p.seat = room, seat
	if Leads(p.Role) {
		delete(m.rooms.help, room)
	}
	conn := p.conn
	p.conn = nil
	m.enforce(p)
	m.changed(p)
	p.conn = conn
	if conn != nil {
		conn.Push(answer(m.state(p)))
	}
	m.roomsChanged()
}

// Help calls those who lead into somebody's room.
func (m *Meeting) Help(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	if p == nil || m.rooms.named(p.room) == nil {
		return
	}
	if m.rooms.help == nil {
		m.rooms.help = map[string]string{}
	}
	m.rooms.help[p.room] = p.Name
	m.tellLeads(&signalv1.FromServer{What: &signalv1.FromServer_Notice{Notice: &signalv1.Notice{
		What: "help", Name: p.Name, Room: m.rooms.named(p.room).Name,
	}}})
	m.roomsChanged()
}

// Notify says something to everybody, wherever they are.
func (m *Meeting) Notify(n *signalv1.Notice) {
	m.mu.Lock()
	defer m.mu.Unlock()
	raw := encode(&signalv1.FromServer{What: &signalv1.FromServer_Notice{Notice: n}})
	for _, p := range m.people {
		if p.conn != nil {
			p.conn.Push(raw)
		}
	}
}

// SaidIn shows a line in a room, whoever said it.
func (m *Meeting) SaidIn(room string, l *signalv1.Line) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tellRoom(room, &signalv1.FromServer{What: &signalv1.FromServer_Line{Line: l}})
}

func (m *Meeting) roomsChanged() {
	m.rooms.stale = true
	m.later()
}

// tellRooms tells everybody how rooms stand.
func (m *Meeting) tellRooms() {
	whole := encode(&signalv1.FromServer{What: &signalv1.FromServer_Rooms{Rooms: m.roomsTo(true)}})
	part := &signalv1.FromServer{What: &signalv1.FromServer_Rooms{Rooms: m.roomsTo(false)}}
	raw := encode(part)
	for _, p := range m.stage {
		switch {
		case p.conn == nil:
		case Leads(p.Role):
			p.conn.Push(whole)
		default:
			p.conn.Push(raw)
		}
	}
	if len(m.hidden) > 0 {
		for _, room := range m.rooms.ids() {
			m.put(room, part, nil)
		}
	}
}

// left is how long it is until a moment, in milliseconds, at least one when there is a moment.
func left(until time.Time) uint32 {
	if until.IsZero() {
		return 0
	}
	return uint32(max(1, time.Until(until).Milliseconds()))
}

// roomsTo are the rooms as those who lead know them, with everybody in them, or as the others do.
func (m *Meeting) roomsTo(lead bool) *signalv1.Rooms {
	r := &m.rooms
	out := &signalv1.Rooms{Open: r.open, Choice: r.choice, Left: left(r.until), Closing: left(r.closing)}
	if len(r.list) == 0 {
		return out
	}
	in := map[string][]*person{}
	for _, p := range m.people {
		room := p.room
		if room == "" {
			room = r.of[p.Participant]
		}
		if room != "" {
			in[room] = append(in[room], p)
		}
	}
	for _, b := range r.list {
		one := &signalv1.BreakoutRoom{Id: b.ID, Name: b.Name}
		members := in[b.ID]
		slices.SortFunc(members, func(a, b *person) int { return cmp.Compare(a.order, b.order) })
		for _, p := range members {
			away := r.open && p.room != b.ID
			if !away {
				one.People++
			}
			if lead {
				one.Members = append(one.Members, &signalv1.Member{Participant: p.Participant, Name: p.Name, Away: away})
			}
		}
		if lead {
			one.Help = r.help[b.ID]
		}
		out.List = append(out.List, one)
	}
	return out
}

// Places are the ids of all rooms of the meeting: the main one, which is empty, first.
func (m *Meeting) Places() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rooms.ids()
}
