package live

import (
	"slices"

	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// venues are those of a meeting of several venues: while it is on, the main one and the one called are seen and heard by all; those who
// lead see the others, too.
type venues struct {
	on           bool
	main, called string
	subs         []string
}

// Venues is how venues stand.
type Venues struct {
	On           bool
	Main, Called string
	Subs         []string
}

// has reports whether somebody is a venue.
func (v *venues) has(id string) bool {
	return v.on && (id == v.main || id == v.called || slices.Contains(v.subs, id))
}

// lets tells whether what somebody sends goes out to all, and else whether those who lead see it.
func (v *venues) lets(id string) (out, preview bool) {
	if !v.on || id == v.main || id == v.called {
		return true, false
	}
	return false, slices.Contains(v.subs, id)
}

// drop takes the floor from who is gone.
func (v *venues) drop(id string) bool {
	if v.called != id {
		return false
	}
	v.called = ""
	return true
}

func (v *venues) told() *signalv1.Venues {
	return &signalv1.Venues{On: v.on, Main: v.main, Called: v.called, Subs: v.subs}
}

func (m *Meeting) venuesChanged() {
	m.tell(&signalv1.FromServer{What: &signalv1.FromServer_Venues{Venues: m.venues.told()}})
}

// Venues is how they stand.
func (m *Meeting) Venues() Venues {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := &m.venues
	return Venues{v.on, v.main, v.called, slices.Clone(v.subs)}
}

// SetVenues takes over how venues stand.
func (m *Meeting) SetVenues(v Venues) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.venues
	m.venues = venues{v.On, v.Main, v.Called, v.Subs}
	switch {
	case before.on != v.On:
		for _, p := range m.people {
			m.directed(p)
		}
	default:
		concerned := slices.Concat(before.subs, v.Subs, []string{before.main, before.called, v.Main, v.Called})
		slices.Sort(concerned)
		for _, id := range slices.Compact(concerned) {
			if p := m.people[id]; p != nil {
				m.directed(p)
			}
		}
	}
	m.venuesChanged()
}

// directed gives somebody what they are among the venues.
func (m *Meeting) directed(p *person) {
	m.enforce(p)
	if shown := p.Role != Audience || p.Hand != 0 || m.venues.has(p.Participant); shown != p.shown {
		m.changed(p)
	}
}

// Direct says how venues stand after somebody has done something with them, if they may.
func (m *Meeting) Direct(by string, d *signalv1.Venue) (Venues, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := Venues{m.venues.on, m.venues.main, m.venues.called, slices.Clone(m.venues.subs)}
	me, of := m.people[by], m.people[d.GetParticipant()]
	id := d.GetParticipant()
	switch {
	case me == nil:
		return v, signal.Refuse(signal.ReasonClosed, "")
	case !Leads(me.Role):
		return v, signal.Refuse(signal.ReasonRight, "venue.do")
	case d.GetDo() == "on":
		if v.On = true; m.people[v.Main] == nil {
			v.Main = by
		}
		return v, nil
	case d.GetDo() == "off":
		v.On, v.Called = false, ""
		return v, nil
	case !v.On:
		return v, signal.Refuse(signal.ReasonState, "venue.do")
	case d.GetDo() == "call" && id == "":
		v.Called = ""
		return v, nil
	case of == nil:
		return v, signal.Refuse(signal.ReasonGone, "venue.participant")
	case of.Role == Audience && d.GetDo() != "none":
		// Who only listens has no line to send on.
		return v, signal.Refuse(signal.ReasonState, "venue.participant")
	}
	without := slices.DeleteFunc(slices.Clone(v.Subs), func(one string) bool { return one == id })
	switch d.GetDo() {
	case "main":
		if v.Main != "" && v.Main != id && m.people[v.Main] != nil {
			without = append(without, v.Main)
		}
		v.Main, v.Subs = id, without
		if v.Called == id {
			v.Called = ""
		}
	case "sub":
		if id != v.Main && !slices.Contains(v.Subs, id) {
			v.Subs = append(v.Subs, id)
		}
	case "none":
		v.Subs = without
		if v.Called == id {
			v.Called = ""
		}
	case "call":
		if !slices.Contains(v.Subs, id) {
			return v, signal.Refuse(signal.ReasonGone, "venue.participant")
		}
		v.Called = id
	}
	return v, nil
}
