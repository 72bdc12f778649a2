package sfu

// Backstage lets what the participant sends from a source be seen by those alone who have the right to preview, or by all again. It
// holds over new connections; sound has to be held instead.
func (p *Participant) Backstage(source string, on bool) {
	key := trackKey{p.id, source}
	r := p.room
	r.mu.Lock()
	was := r.backstage[key]
	switch {
	case on:
		r.backstage[key] = true
	default:
		delete(r.backstage, key)
	}
	r.mu.Unlock()
	if was == on {
		return
	}
	for _, o := range r.list(nil) {
		o.look(p.id)
	}
}

// look gives places anew what they are to show of somebody.
func (p *Participant) look(at string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.views.Lock()
	concerned := false
	for _, v := range p.shows {
		concerned = concerned || v.Participant == at
	}
	p.views.Unlock()
	if concerned {
		p.restore(p.peer)
	}
}

// visible is what a place shows of what it is to show. The caller holds the participant's lock.
func (p *Participant) visible(v View) View {
	if p.rights.Preview || v.Participant == "" {
		return v
	}
	p.room.mu.RLock()
	defer p.room.mu.RUnlock()
	if p.room.backstage[trackKey{v.Participant, v.Source}] {
		return View{}
	}
	return v
}
