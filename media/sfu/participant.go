package sfu

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Rights are what a participant may do.
type Rights struct {
	Send    bool // publish at all
	Sources int  // tracks at most; 0: 6
	Receive int  // places at most; 0: 60
	Preview bool // sees what is backstage
	Apart   bool // is told who is heard and wanted, but not who comes, goes and shows something: somebody else tells that
}

func (r Rights) sources() int { return bound(r.Sources, 6) }
func (r Rights) places() int  { return bound(r.Receive, 60) }

func bound(v, d int) int {
	if v <= 0 {
		return d
	}
	return v
}

// Participant is a seat in a room. Its connection may drop and come back.
type Participant struct {
	id   string
	room *Room

	mu     sync.Mutex           // negotiation, one at a time
	peer   *peer                // of now; nil while dropped
	now    atomic.Pointer[peer] // the same, for those who cannot wait for a negotiation
	rights Rights
	gone   bool
	seat   *time.Timer

	notify atomic.Pointer[func(Event)]

	views sync.Mutex
	shows map[string]View // by mid
}

// View is what a place shows.
type View struct {
	Participant string
	Source      string
	Height      int // at which it is shown, in device pixels; 0: not now
	Priority    int // the larger, the sooner served
}

// ID is the participant's in its room.
func (p *Participant) ID() string { return p.id }

// sit takes the seat for a session, unless it was given up.
func (p *Participant) sit(rights Rights, notify func(Event)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return false
	}
	p.rights = rights
	p.room.nearer(p, rights)
	p.notify.Store(&notify)
	if p.seat != nil {
		p.seat.Stop()
		p.seat = nil
	}
	return true
}

func (p *Participant) event(e Event) {
	if f := p.notify.Load(); f != nil && *f != nil {
		(*f)(e)
	}
}

// Connect answers the offer of a new connection; one that the participant had is closed. sources name what each sending line of the
// offer carries, by its mid: a line without a name is the camera or the microphone.
func (p *Participant) Connect(ctx context.Context, offer string, sources map[string]string) (answer string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return "", ErrGone
	}
	c, err := newPeer(p)
	if err != nil {
		return "", err
	}
	answer, err = c.negotiate(ctx, offer, sources, p.rights)
	if err != nil {
		c.close()
		return "", err
	}
	old := p.peer
	p.peer = c
	p.now.Store(c)
	p.restore(c)
	if old != nil {
		old.close()
	}
	return answer, nil
}

// Offer answers a further offer of the same connection: another line, or new addresses (an ICE restart).
func (p *Participant) Offer(ctx context.Context, offer string, sources map[string]string) (answer string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return "", ErrGone
	}
	if p.peer == nil {
		return "", fmt.Errorf("%w: there is no connection yet", ErrOffer)
	}
	answer, err = p.peer.negotiate(ctx, offer, sources, p.rights)
	if err == nil {
		p.restore(p.peer)
	}
	return answer, err
}

// Show says what places show from now on, by their mids; places that are not named stay as they are. A participant does not see
// itself.
func (p *Participant) Show(views map[string]View) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return ErrGone
	}
	for mid, v := range views {
		if p.peer == nil || p.peer.video(mid) == nil {
			return fmt.Errorf("%w: %q", ErrPlace, mid)
		}
		if v.Participant == p.id {
			return fmt.Errorf("%w: %q shows its own picture", ErrPlace, mid)
		}
	}
	p.views.Lock()
	for mid, v := range views {
		p.shows[mid] = v
	}
	p.views.Unlock()
	p.restore(p.peer)
	return nil
}

// restore gives the places of a connection what the participant looks at.
func (p *Participant) restore(c *peer) {
	if c == nil {
		return
	}
	p.views.Lock()
	defer p.views.Unlock()
	for mid, v := range p.shows {
		if s := c.video(mid); s != nil {
			s.show(p.room, p.visible(v))
		} else if len(p.shows) > mostSections {
			delete(p.shows, mid) // of a connection long gone
		}
	}
	c.choose()
}

// dropped is called when a connection has ended by itself. The seat is kept for a while.
func (p *Participant) dropped(c *peer) {
	p.mu.Lock()
	if p.peer != c || p.gone {
		p.mu.Unlock()
		return
	}
	p.peer = nil
	p.now.Store(nil)
	var seat *time.Timer
	seat = time.AfterFunc(p.room.server.opt.Seat, func() { p.leave(func() bool { return p.peer == nil && p.seat == seat }) })
	p.seat = seat
	p.mu.Unlock()
	c.close()
	p.room.tell(Event{Kind: Dropped, Participant: p.id}, p)
}

// Hold keeps what the participant sends from a source from going out, from now on and over new connections, or lets it out again.
func (p *Participant) Hold(source string, on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.gone {
		p.room.hold(trackKey{p.id, source}, on)
	}
}

// Allow changes what the participant may do. What it sends already goes on until it offers anew: who may send no more is held, too.
func (p *Participant) Allow(rights Rights) {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := p.rights.Preview != rights.Preview
	p.rights = rights
	p.room.nearer(p, rights)
	if again {
		p.restore(p.peer)
	}
}

// Leave gives the seat up.
func (p *Participant) Leave() { p.leave(func() bool { return true }) }

// leave gives the seat up if still says so, asked under the lock under which a seat is taken.
func (p *Participant) leave(still func() bool) {
	p.mu.Lock()
	if p.gone || !still() {
		p.mu.Unlock()
		return
	}
	p.gone = true
	c := p.peer
	p.peer = nil
	p.now.Store(nil)
	if p.seat != nil {
		p.seat.Stop()
		p.seat = nil
	}
	p.mu.Unlock()
	if c != nil {
		c.close()
	}
	p.room.remove(p)
}

// Connected tells whether media flows.
func (p *Participant) Connected() bool {
	c := p.now.Load()
	return c != nil && c.ready()
}
