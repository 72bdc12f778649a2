package live

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	signalv1 "gonghui/media/signal/v1"
)

// kept is how a meeting stands, as another node goes on with it: without names, which it knows from elsewhere.
type kept struct {
	Room   json.RawMessage `json:"room"`
	People []keptPerson    `json:"people"` // in the order in which they came
	Clock  uint64          `json:"clock"`
}

type keptPerson struct {
	Person json.RawMessage `json:"person"`
	Order  uint64          `json:"order"`
}

// Save is how the meeting stands, and the number of changes until now.
func (m *Meeting) Save() (raw []byte, changes uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	room := proto.CloneOf(m.room)
	room.Title, room.Recording, room.Agenda = "", nil, nil // who goes on knows them from elsewhere
	k := kept{Room: plain(room), Clock: m.clock, People: make([]keptPerson, 0, len(m.people))}
	for _, p := range m.sorted() {
		one := proto.CloneOf(p.Person)
		one.Name, one.Post, one.Body, one.Consent, one.Away = "", "", "", "", false
		k.People = append(k.People, keptPerson{plain(one), p.order})
	}
	raw, err := json.Marshal(k)
	if err != nil {
		panic("live: " + err.Error()) // texts and numbers
	}
	return raw, m.told
}

func plain(m proto.Message) json.RawMessage {
	raw, err := protojson.Marshal(m)
	if err != nil {
		panic("live: " + err.Error()) // texts are checked where they come in
	}
	return raw
}

// Changes is the number of changes until now.
func (m *Meeting) Changes() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.told
}

// PeopleOf are the ids of those who were in a saved meeting.
func PeopleOf(raw []byte) (ids []string, err error) {
	_, people, err := parse(raw)
	for _, p := range people {
		ids = append(ids, p.Participant)
	}
	return ids, err
}

func parse(raw []byte) (k kept, people []*person, err error) {
	if err := json.Unmarshal(raw, &k); err != nil {
		return k, nil, fmt.Errorf("live: what was kept: %w", err)
	}
	for _, one := range k.People {
		p := &person{Person: &signalv1.Person{}, order: one.Order, restored: true}
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(one.Person, p.Person); err != nil {
			return k, nil, fmt.Errorf("live: what was kept: %w", err)
		}
		people = append(people, p)
	}
	return k, people, nil
}

// Restore goes on with a saved meeting in one that nobody has entered yet: who was in it is away until they come, and is then as they
// were. Title, lock and waiting room are as the meeting has them. who are the names by id: who is not among them is left out.
func (m *Meeting) Restore(raw []byte, who map[string]Who) error {
	k, people, err := parse(raw)
	if err != nil {
		return err
	}
	room := &signalv1.Room{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(k.Room, room); err != nil {
		return fmt.Errorf("live: what was kept: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	room.Title, room.Locked, room.WaitingRoom, room.Began = m.room.Title, m.room.Locked, m.room.WaitingRoom, m.room.Began
	room.Agenda, room.Files = m.room.Agenda, m.room.Files
	m.room, m.clock = room, k.Clock
	for _, p := range people {
		w, ok := who[p.Participant]
		if !ok {
			continue
		}
		p.Name, p.Post, p.Body, p.Guest, p.Away = w.Name, w.Post, w.Body, w.Guest, true
		p.room, p.Stenographer = m.place(p.Participant), m.writers[p.Participant]
		m.people[p.Participant] = p
		m.changed(p)
	}
	if m.people[room.GetSpotlight()] == nil {
		m.room.Spotlight = ""
	}
	return nil
}

// returns gives somebody the role that they had in a meeting that was restored: who was made host leads on, and whose it is comes back to
// what they were.
func (p *person) returns(role string) string {
	was := p.Role
	switch {
	case !p.restored:
		return role
	case was == Host, role == Host && was == CoHost:
		role = was
	}
	p.restored = false
	return role
}

// Seated is somebody with a connection.
type Seated struct {
	ID   string
	Conn Conn
}

// Connected are those in the meeting who have a connection, in the order in which they came, and those at the door.
func (m *Meeting) Connected() (in []Seated, door []Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.sorted() {
		if p.conn != nil {
			in = append(in, Seated{p.Participant, p.conn})
		}
	}
	all := make([]*waiter, 0, len(m.waiting))
	for _, w := range m.waiting {
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b *waiter) int { return cmp.Compare(a.order, b.order) })
	for _, w := range all {
		door = append(door, w.conn)
	}
	return in, door
}
