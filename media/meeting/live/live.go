// Package live is a meeting while it runs: who is in it and who waits, what they have turned on, whose hand is up, and who may do what.
// It tells everybody of every change. What is kept beyond the meeting is its caller's.
package live

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"gonghui/media/sfu"
	signalv1 "gonghui/media/signal/v1"
)

// Roles in a meeting.
const (
	Host     = "host"
	CoHost   = "cohost"
	Speaker  = "speaker"
	Audience = "audience"
)

// Leads reports whether a role may act on others.
func Leads(role string) bool { return role == Host || role == CoHost }

// Conn is the connection of a participant's browser. Its methods do not block.
type Conn interface {
	// Push sends a message as it is written.
	Push(message []byte)
	// Close says why, and hangs up.
	Close(why string)
}

// Seat is a participant's on the media server.
type Seat interface {
	Hold(source string, on bool)
	Backstage(source string, on bool)
	Allow(rights sfu.Rights)
	Leave()
}

// Why a connection is closed; see signal.proto.
const (
	Ended     = "ended"
	Removed   = "removed"
	Refused   = "refused"
	Elsewhere = "elsewhere"
	Restart   = "restart"
	Moved     = "moved"
)

// Who is a participant, as it is told to the others.
type Who struct {
	ID, Name, Post, Body string
	Guest                bool
	Role                 string
	Consent              string // to being recorded
	Mark                 string // what they see over everything, where that is set
}

// RightsOf are what a role may do on the media server. Who comes and goes is told from here.
func RightsOf(role string) sfu.Rights {
	return sfu.Rights{Send: role != Audience, Preview: Leads(role), Apart: true}
}

// sources are all that a participant may send from.
var sources = []string{sfu.Microphone, sfu.Camera, sfu.Screen, sfu.ScreenSound}

// person is somebody in the meeting. seat is nil until the media server has given one.
type person struct {
	*signalv1.Person
	conn  Conn
	seat  Seat
	order uint64 // of coming
	// restored: from before the meeting came to this node, and not back yet.
	restored bool
	room     string // the breakout room; empty: the main one
	shown    bool   // is among those of whom all are told
	mark     string
}

// waiter is somebody at the door.
type waiter struct {
	Who
	conn  Conn
	order uint64
}

// Meeting is one. Its methods may be called by many.
type Meeting struct {
	mu      sync.Mutex
	room    *signalv1.Room
	people  map[string]*person
	waiting map[string]*waiter
	clock   uint64 // of comings and hands
	told    uint64 // changes until now
	over    bool

	stage    map[string]*person // of whom all are told
	hidden   map[string]*person // who only listen
	due      bool
	count    bool // the number of listeners is news
	news     map[string]*pending
	rooms    rooms
	venues   venues
	captions []*signalv1.Caption
	writers  map[string]bool // who write the captions, there or not

	// Later is called when something is to be told by Flush, a quarter of a second from now. It must not block.
	Later func()
}

// New begins a meeting.
func New(title string, began time.Time, locked, waitingRoom bool) *Meeting {
	return &Meeting{
		room:   &signalv1.Room{Title: title, Locked: locked, WaitingRoom: waitingRoom, Chat: true, Files: FilesAll, Began: began.UnixMilli()},
		people: map[string]*person{}, waiting: map[string]*waiter{}, stage: map[string]*person{}, hidden: map[string]*person{},
		news: map[string]*pending{}, rooms: rooms{of: map[string]string{}}, writers: map[string]bool{},
	}
}

func encode(m *signalv1.FromServer) []byte {
	raw, err := protojson.Marshal(m)
	if err != nil {
		panic("live: " + err.Error()) // texts are checked where they come in
	}
	return raw
}

// tellLeads lets hosts and co-hosts know.
func (m *Meeting) tellLeads(msg *signalv1.FromServer) {
	raw := encode(msg)
	for _, p := range m.stage {
		if p.conn != nil && Leads(p.Role) {
			p.conn.Push(raw)
		}
	}
}

// Enter takes somebody in, or back to the place they have; a connection that they still had is closed. answer makes the message by which
// the one who comes learns how the meeting stands: it goes out before anything else does. False: the meeting is over.
func (m *Meeting) Enter(w Who, conn Conn, seat Seat, answer func(*signalv1.Joined) []byte) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return false
	}
	m.unwait(w.ID)
	p := m.people[w.ID]
	if p == nil {
		m.clock++
		p = &person{Person: &signalv1.Person{Participant: w.ID, Stenographer: m.writers[w.ID]}, order: m.clock, room: m.place(w.ID)}
		m.people[w.ID] = p
	} else if p.conn != nil && p.conn != conn {
		p.conn.Close(Elsewhere)
	}
	p.Name, p.Post, p.Body, p.Guest, p.Role, p.Consent, p.Away = w.Name, w.Post, w.Body, w.Guest, p.returns(w.Role), w.Consent, false
	p.conn, p.seat, p.mark = nil, seat, w.Mark
	if p.Role == Host {
		for _, o := range m.stage {
			if o != p && o.Role == Host {
				o.Role = CoHost
				m.changed(o)
			}
		}
	}
	m.enforce(p)
	m.changed(p)
	if p.room != "" {
		m.roomsChanged()
	}
	p.conn = conn
	conn.Push(answer(m.state(p)))
	return true
}

// state is the meeting as a participant comes to know it.
func (m *Meeting) state(p *person) *signalv1.Joined {
	j := &signalv1.Joined{
		Participant: p.Participant, Room: m.room, Breakout: p.room, Rooms: m.roomsTo(Leads(p.Role)), Listeners: uint32(len(m.hidden)),
		Captions: m.captions, Venues: m.venues.told(), Mark: &signalv1.Mark{Text: m.markOf(p)},
	}
	for _, o := range sorted(m.stage) {
		if o.room == p.room {
			j.People = append(j.People, o.Participant)
			j.Persons = append(j.Persons, o.Person)
		}
	}
	if !p.shown {
		j.People = append(j.People, p.Participant)
		j.Persons = append(j.Persons, p.Person)
	}
	if Leads(p.Role) {
		j.Waiting = m.knocks()
	}
	return j
}

// sorted are the people in the order in which they came.
func (m *Meeting) sorted() []*person { return sorted(m.people) }

func sorted(people map[string]*person) []*person {
	all := make([]*person, 0, len(people))
	for _, p := range people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *person) int { return cmp.Compare(a.order, b.order) })
	return all
}

func (m *Meeting) knocks() []*signalv1.Knock {
	all := make([]*waiter, 0, len(m.waiting))
	for _, w := range m.waiting {
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b *waiter) int { return cmp.Compare(a.order, b.order) })
	out := make([]*signalv1.Knock, len(all))
	for i, w := range all {
		out[i] = w.knock(false)
	}
	return out
}

func (w *waiter) knock(gone bool) *signalv1.Knock {
	return &signalv1.Knock{Participant: w.ID, Name: w.Name, Post: w.Post, Body: w.Body, Guest: w.Guest, Gone: gone}
}

// enforce lets out of a seat what is on, and nothing else.
func (m *Meeting) enforce(p *person) {
	if p.seat == nil {
		return
	}
	if p.Role == Audience || p.listens() {
		p.Microphone, p.Camera, p.Sharing = false, false, false
	}
	out, preview := m.venues.lets(p.Participant)
	for _, s := range sources {
		on := p.Microphone
		switch s {
		case sfu.Camera:
			on = p.Camera
		case sfu.Screen, sfu.ScreenSound:
			on = p.Sharing
		}
		picture := s == sfu.Camera || s == sfu.Screen
		p.seat.Backstage(s, picture && !out)
		p.seat.Hold(s, !on || !out && !(picture && preview))
	}
	p.seat.Allow(RightsOf(p.Role))
}

// Wait has somebody stand at the door. False: the meeting is over.
func (m *Meeting) Wait(w Who, conn Conn) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return false
	}
	if old := m.waiting[w.ID]; old != nil && old.conn != conn {
		old.conn.Close(Elsewhere)
	}
	m.clock++
	n := &waiter{w, conn, m.clock}
	m.waiting[w.ID] = n
	m.tellLeads(&signalv1.FromServer{What: &signalv1.FromServer_Knock{Knock: n.knock(false)}})
	return true
}

// Waits are the ids of those at the door, in the order in which they came.
func (m *Meeting) Waits() (ids []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.knocks() {
		ids = append(ids, k.Participant)
	}
	return ids
}

// Call takes somebody from the door, whose connection is returned; false when nobody of the id stands there.
func (m *Meeting) Call(id string) (Who, Conn, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.waiting[id]
	if w == nil {
		return Who{}, nil, false
	}
	m.unwait(id)
	return w.Who, w.conn, true
}

func (m *Meeting) unwait(id string) {
	if w := m.waiting[id]; w != nil {
		delete(m.waiting, id)
		m.tellLeads(&signalv1.FromServer{What: &signalv1.FromServer_Knock{Knock: w.knock(true)}})
	}
}

// Lost notes that a connection has ended: who was at the door is gone, who was in is away for a while. It reports whether somebody in
// the meeting is without a connection now.
func (m *Meeting) Lost(id string, conn Conn) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.waiting[id]; w != nil && w.conn == conn {
		m.unwait(id)
	}
	p := m.people[id]
	if p == nil || p.conn != conn {
		return false
	}
	p.conn, p.Away = nil, true
	m.changed(p)
	return true
}

// Away reports whether somebody in the meeting has no connection.
func (m *Meeting) Away(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	return p != nil && p.conn == nil
}

// Leave takes somebody out; their connection, when there is one, is closed with a reason unless that is empty. When it was the host, the
// meeting passes to another, whose id is returned.
func (m *Meeting) Leave(id, why string) (heir string, left bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	if p == nil {
		return "", false
	}
	delete(m.people, id)
	if p.seat != nil {
		p.seat.Leave()
	}
	if p.conn != nil && why != "" {
		p.conn.Close(why)
	}
	m.forget(p)
	if m.venues.drop(id) {
		m.venuesChanged()
	}
	if m.room.Spotlight == id {
		m.room.Spotlight = ""
		m.roomChanged()
	}
	if p.Role == Host {
		if next := m.heir(); next != nil {
			next.Role = Host
			m.enforce(next)
			m.changed(next)
			m.showDoor(next)
			heir = next.Participant
		}
	}
	return heir, true
}

// heir is who leads when the host is gone: the co-host, speaker or listener who came first, one with a place in a union body before a
// guest.
func (m *Meeting) heir() *person {
	rank := func(p *person) int {
		n := slices.Index([]string{Host, CoHost, Speaker, Audience}, p.Role)
		if p.Guest && p.Role != CoHost {
			n += 4
		}
		if p.conn == nil {
			n += 8
		}
		return n
	}
	all := m.sorted()
	if len(all) == 0 {
		return nil
	}
	return slices.MinFunc(all, func(a, b *person) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.order, b.order))
	})
}

// showDoor tells somebody who has come to lead who waits.
func (m *Meeting) showDoor(p *person) {
	if p.conn == nil {
		return
	}
	for _, k := range m.knocks() {
		p.conn.Push(encode(&signalv1.FromServer{What: &signalv1.FromServer_Knock{Knock: k}}))
	}
}

// End ends it for all, those at the door too, and returns who was in.
func (m *Meeting) End(why string) (were []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.over = true
	for id, p := range m.people {
		were = append(were, id)
		if p.seat != nil {
			p.seat.Leave()
		}
		if p.conn != nil {
			p.conn.Close(why)
		}
	}
	for _, w := range m.waiting {
		w.conn.Close(why)
	}
	clear(m.people)
	clear(m.stage)
	clear(m.hidden)
	clear(m.waiting)
	return were
}

// Present is how many are in it.
func (m *Meeting) Present() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.people)
}

// Empty reports whether nobody is in it and nobody waits; it is over then, and another one begins for who comes next.
func (m *Meeting) Empty() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.people)+len(m.waiting) > 0 {
		return false
	}
	m.over = true
	return true
}

// Role is what somebody in the meeting is; empty when they are not there.
func (m *Meeting) Role(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.people[id]; p != nil {
		return p.Role
	}
	return ""
}

// Said shows a line of the chat to all who are in the room of who said it.
func (m *Meeting) Said(l *signalv1.Line) {
	m.mu.Lock()
	defer m.mu.Unlock()
	room := ""
	if p := m.people[l.GetParticipant()]; p != nil {
		room = p.room
	}
	m.tellRoom(room, &signalv1.FromServer{What: &signalv1.FromServer_Line{Line: l}})
}
