package live

import (
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
)

// Own does what somebody does with their own microphone, camera, screen and hand.
func (m *Meeting) Own(id string, o *signalv1.Own) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	if p == nil {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	for _, f := range []struct {
		on   bool
		name string
	}{{o.GetMicrophone(), "own.microphone"}, {o.GetCamera(), "own.camera"}, {o.GetSharing(), "own.sharing"}} {
		if f.on && p.Role == Audience {
			return signal.Refuse(signal.ReasonRight, f.name)
		}
		if f.on && p.listens() {
			return signal.Refuse(signal.ReasonState, f.name)
		}
	}
	if o.GetMicrophone() && !p.Microphone && m.room.Muted && !Leads(p.Role) {
		return signal.Refuse(signal.ReasonState, "own.microphone")
	}
	if o.Microphone != nil {
		p.Microphone = o.GetMicrophone()
		p.Silenced = p.Silenced && !p.Microphone
	}
	if o.Camera != nil {
		p.Camera = o.GetCamera()
	}
	if o.Sharing != nil {
		p.Sharing = o.GetSharing()
	}
	if o.Hand != nil {
		m.hand(p, o.GetHand())
	}
	m.enforce(p)
	m.changed(p)
	return nil
}

// hand raises a hand behind those that are up, or lowers it.
func (m *Meeting) hand(p *person, up bool) {
	switch {
	case !up:
		p.Hand = 0
	case p.Hand == 0:
		m.clock++
		p.Hand = m.clock
	}
}

// May tells whether somebody may do an act to whom it names: an error says why not.
func (m *Meeting) May(by string, a *signalv1.Act) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.may(by, a)
}

func (m *Meeting) may(by string, a *signalv1.Act) error {
	me := m.people[by]
	if me == nil {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	if !Leads(me.Role) {
		return signal.Refuse(signal.ReasonRight, "act.do")
	}
	of := m.people[a.GetParticipant()]
	switch a.GetDo() {
	case "end":
		if me.Role != Host {
			return signal.Refuse(signal.ReasonRight, "act.do")
		}
	case "admit", "refuse":
		if m.waiting[a.GetParticipant()] == nil {
			return signal.Refuse(signal.ReasonGone, "act.participant")
		}
	case "mute", "ask-unmute", "stop-camera", "stop-sharing", "lower-hand", "remove":
		switch {
		case of == nil:
			return signal.Refuse(signal.ReasonGone, "act.participant")
		// The host is nobody's to act on, and co-hosts are the host's alone.
		case of != me && (of.Role == Host || of.Role == CoHost && me.Role != Host), of == me && a.GetDo() == "remove":
			return signal.Refuse(signal.ReasonRight, "act.participant")
		}
	case "role":
		switch {
		case of == nil:
			return signal.Refuse(signal.ReasonGone, "act.participant")
		case a.GetRole() == "":
			return signal.Refuse(signal.ReasonMessage, "act.role")
		case of == me, of.Role == Host:
			return signal.Refuse(signal.ReasonRight, "act.participant")
		case me.Role != Host && (Leads(a.GetRole()) || Leads(of.Role)):
			return signal.Refuse(signal.ReasonRight, "act.role")
		}
	case "spotlight":
		if a.GetParticipant() != "" && of == nil {
			return signal.Refuse(signal.ReasonGone, "act.participant")
		}
	}
	return nil
}

// Act does an act, if it may be done, and tells everybody. Letting in, refusing, removing and ending are the caller's, who keeps them.
func (m *Meeting) Act(by string, a *signalv1.Act) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.may(by, a); err != nil {
		return err
	}
	me, of := m.people[by], m.people[a.GetParticipant()]
	switch a.GetDo() {
	case "mute":
		of.Silenced = of.Silenced || of.Microphone
		of.Microphone = false
	case "ask-unmute":
		if of.conn != nil {
			of.conn.Push(encode(&signalv1.FromServer{What: &signalv1.FromServer_Asked{Asked: &signalv1.Asked{What: "unmute"}}}))
		}
		return nil
	case "stop-camera":
		of.Camera = false
	case "stop-sharing":
		of.Sharing = false
	case "lower-hand":
		of.Hand = 0
	case "role":
		m.rank(me, of, a.GetRole())
	default:
		m.all(me, a)
		return nil
	}
	m.enforce(of)
	m.changed(of)
	return nil
}

// all does an act on the meeting as a whole.
func (m *Meeting) all(me *person, a *signalv1.Act) {
	switch a.GetDo() {
	case "mute-all":
		m.room.Muted = a.GetOn()
		for _, p := range m.people {
			if p != me && !Leads(p.Role) && p.Microphone {
				p.Microphone, p.Silenced = false, true
				m.enforce(p)
				m.changed(p)
			}
		}
	case "allow-unmute":
		m.room.Muted = false
	case "lower-hands":
		for _, p := range m.people {
			if p.Hand != 0 {
				p.Hand = 0
				m.changed(p)
			}
		}
		return
	case "spotlight":
		m.room.Spotlight = a.GetParticipant()
	case "lock":
		m.room.Locked = a.GetOn()
	case "waiting-room":
		m.room.WaitingRoom = a.GetOn()
	case "chat":
		m.room.Chat = a.GetOn()
	}
	m.roomChanged()
}

// rank gives a role. Who makes another the host is a co-host from then on.
func (m *Meeting) rank(me, of *person, role string) {
	led := Leads(of.Role)
	of.Role = role
	if role == Host {
		me.Role = CoHost
		m.changed(me)
	}
	if !led && Leads(role) {
		m.showDoor(of)
	}
}

// Speech is who says a line, if they may.
func (m *Meeting) Speech(id string) (name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.people[id]
	switch {
	case p == nil:
		return "", signal.Refuse(signal.ReasonClosed, "")
	case !m.room.Chat && !Leads(p.Role):
		return "", signal.Refuse(signal.ReasonState, "say.text")
	}
	return p.Name, nil
}

// Changed takes over what was changed in the plan.
func (m *Meeting) Changed(title string, waitingRoom bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room.Title, m.room.WaitingRoom = title, waitingRoom
	m.roomChanged()
}
