package meeting

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/signal"
	"gonghui/media/signal/token"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

const (
	// joinWithin is how long a connection may be open before it shows a token.
	joinWithin = 10 * time.Second
	// beat is how often it is asked whether it lives, and how long it has to answer.
	beat, answerWithin = 20 * time.Second, 10 * time.Second
	// writeWithin is how long one message may take on its way.
	writeWithin = 10 * time.Second
	// mostQueued messages wait for a slow browser; one that is slower comes back and learns anew how things stand.
	mostQueued = 1024
)

// conn is the WebSocket of one browser.
type conn struct {
	s       *Service
	ctx     context.Context // of the body and whose session it is; ends with the connection
	cancel  context.CancelFunc
	ws      *websocket.Conn
	meeting uuid.UUID
	session *signal.Session
	queue   *signal.Queue
	stop    chan struct{}
	stopped sync.Once
	why     string

	dismissed atomic.Bool // the session has ended

	// from Enter on
	hall   *hall
	person uuid.UUID
	home   string
	from   abroad
	claims token.Claims
	joined chan struct{}
}

// socket takes a connection to a meeting. A page of another host does not get one.
func (s *Service) socket(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := field.ID("id", strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/meetings/"), "/signal"))
	if err == nil {
		err = open(ctx)
	}
	if err != nil {
		return err
	}
	if led, err := s.lead(w, r, id); led || err != nil {
		return err
	}
	return s.serve(w, r, id)
}

// serve takes a connection to a meeting that is on this node.
func (s *Service) serve(w http.ResponseWriter, r *http.Request, id uuid.UUID) error {
	ctx := r.Context()
	if err := s.only(ctx, id); err != nil {
		return err
	}
	media, err := s.media.get()
	if err != nil {
		return err
	}
	shake := &handshake{ResponseWriter: w}
	ws, err := websocket.Accept(shake, r, nil)
	if err != nil {
		return shake.refusal()
	}
	ws.SetReadLimit(signal.Longest + 1)
	c := &conn{s: s, ws: ws, meeting: id, queue: signal.NewQueue(mostQueued), stop: make(chan struct{}), joined: make(chan struct{})}
	c.ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer c.cancel()
	c.session = signal.New(signal.Options{
		Media: media, Tokens: s.tokens, Tenant: tenant.From(ctx).Code, Desk: c,
		Send: func(m *signalv1.FromServer) { c.Push(answering(m.GetId(), m)) }, Raw: c.Push,
	})
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.conns, c)
	}()
	var wg sync.WaitGroup
	wg.Go(c.write)
	wg.Go(c.beat)
	c.read()
	if c.hall != nil {
		if c.session.Left() || c.dismissed.Load() {
			c.hall.left(c)
		} else {
			c.hall.lost(c)
		}
	}
	c.Close("")
	wg.Wait()
	return nil
}

// handshake keeps back what would be answered to who asks for a WebSocket in a wrong way: it is refused as everything else is.
type handshake struct {
	http.ResponseWriter
	code int
}

// WriteHeader lets only the beginning of a WebSocket out.
func (h *handshake) WriteHeader(code int) {
	if h.code = code; code < http.StatusBadRequest {
		h.ResponseWriter.WriteHeader(code)
	}
}

// Write drops the text of a refusal.
func (h *handshake) Write(p []byte) (int, error) { return len(p), nil }

// Unwrap is what the connection is taken from.
func (h *handshake) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// refusal says why there is no WebSocket; nil when the connection is gone by then.
func (h *handshake) refusal() error {
	switch {
	case h.code == http.StatusForbidden:
		return errOrigin
	case h.code >= http.StatusInternalServerError:
		return errMedia
	case h.code >= http.StatusBadRequest:
		return errSocket
	}
	return nil
}

// read takes messages until the connection ends.
func (c *conn) read() {
	for {
		kind, raw, err := c.ws.Read(c.ctx)
		if err != nil || kind != websocket.MessageText {
			return
		}
		ctx, cancel := context.WithTimeout(c.ctx, patience)
		over := c.session.Handle(ctx, raw)
		cancel()
		if over {
			return
		}
	}
}

// write sends what is queued, and hangs up at the end.
func (c *conn) write() {
	defer c.cancel()
	for {
		select {
		case <-c.queue.Wake():
			if !c.sendAll() {
				return
			}
			continue
		case <-c.ctx.Done():
			return
		case <-c.stop:
		}
		if !c.sendAll() {
			return
		}
		if c.why != "" {
			c.send(answering("", &signalv1.FromServer{What: &signalv1.FromServer_Over{Over: &signalv1.Over{Why: c.why}}}))
		}
		_ = c.ws.Close(websocket.StatusNormalClosure, c.why)
		return
	}
}

// sendAll sends what is queued.
func (c *conn) sendAll() bool {
	for _, m := range c.queue.Take() {
		if !c.send(m) {
			return false
		}
	}
	return true
}

func (c *conn) send(m []byte) bool {
	ctx, cancel := context.WithTimeout(c.ctx, writeWithin)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageText, m) == nil
}

// beat ends a connection at whose other end nobody is, and one that shows no token.
func (c *conn) beat() {
	t := time.NewTicker(beat)
	defer t.Stop()
	first := time.NewTimer(joinWithin)
	defer first.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-c.stop:
			return
		case <-first.C:
			select {
			case <-c.joined:
				continue
			default:
			}
			c.Close("")
			return
		case <-t.C:
			ctx, cancel := context.WithTimeout(c.ctx, answerWithin)
			err := c.ws.Ping(ctx)
			cancel()
			if err != nil {
				c.cancel()
				return
			}
		}
	}
}

// Push queues a message.
func (c *conn) Push(m []byte) {
	if !c.queue.Push(m) {
		c.cancel()
	}
}

// Close says why, and hangs up.
func (c *conn) Close(why string) {
	c.stopped.Do(func() {
		c.why = why
		close(c.stop)
	})
}

// Enter lets in who showed a right token, as it stands by now.
func (c *conn) Enter(ctx context.Context, _ *signal.Session, message string, claims token.Claims) error {
	person, err := uuid.Parse(claims.Person)
	if err != nil || claims.Room != c.meeting.String() {
		return token.ErrOther
	}
	// A token from a session is good with that session alone.
	if me := tenant.SubjectFrom(ctx); claims.Session != "" && (me == nil || me.Session.String() != claims.Session) {
		return token.ErrOther
	}
	if err := c.s.once(ctx, claims); err != nil {
		return err
	}
	var m db.Meeting
	read := func(ctx context.Context, tx tenant.DBTX) (err error) {
		m, err = c.s.sql.GetMeeting(ctx, tx, c.meeting)
		return err
	}
	if err := c.s.db.Tx(ctx, read); err != nil {
		return err
	}
	if m.State != running {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	h, err := c.s.enter(ctx, &m)
	if err != nil {
		return err
	}
	defer h.mu.Unlock()
	var p db.MeetingPerson
	if err := h.goesOn(); err != nil {
		h.tidy()
		return err
	}
	err = h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		err := read(ctx, tx)
		if err == nil {
			p, err = c.s.sql.LockPerson(ctx, tx, db.LockPersonParams{MeetingID: c.meeting, ID: person})
			if errors.Is(err, pgx.ErrNoRows) {
				err = token.ErrOther
			}
		}
		if err == nil && m.State == running && p.State == stateIn {
			err = h.stay(ctx, tx, person)
		}
		return err
	})
	if err == nil && m.State != running {
		err = signal.Refuse(signal.ReasonClosed, "")
	}
	if err == nil {
		c.hall, c.person, c.home, c.claims = h, person, p.Home, claims
		if p.IdentityID != nil && p.Home != tenant.From(ctx).Code {
			c.from = abroad{p.Home, *p.IdentityID}
		}
		err = c.place(&m, &p, message)
	}
	if err != nil {
		h.tidy()
		return err
	}
	close(c.joined)
	return nil
}

// place seats somebody, or has them wait.
func (c *conn) place(m *db.Meeting, p *db.MeetingPerson, message string) error {
	// Who holds the meeting leads it whenever they are there.
	if p.IdentityID != nil && *p.IdentityID == m.HostID {
		p.Role = live.Host
	}
	if p.State == stateIn {
		return c.hall.sit(c, p, message)
	}
	c.Push(answering(message, &signalv1.FromServer{What: &signalv1.FromServer_Waiting{Waiting: &signalv1.Waiting{Title: m.Title}}}))
	if !c.hall.live.Wait(whoOf(p, p.Role), c) {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	return nil
}
