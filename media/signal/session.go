// Package signal is what a browser and the media server say to each other: the messages of signal.proto, checked and bounded, turned
// into what package sfu does. The connection that carries them is the caller's.
package signal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/encoding/protojson"

	"gonghui/media/sfu"
	"gonghui/media/signal/token"
	signalv1 "gonghui/media/signal/v1"
)

// Version is that of the protocol.
const Version = 1

// Longest is how long a message may be, in bytes.
const Longest = 300 << 10

// Reasons why a message is refused.
const (
	ReasonVersion  = "VERSION"  // the client speaks another protocol: it should load itself anew
	ReasonToken    = "TOKEN"    // it needs another token
	ReasonOrder    = "ORDER"    // not joined yet, or already
	ReasonMessage  = "MESSAGE"  // malformed; Field says where
	ReasonRate     = "RATE"     // too many
	ReasonFull     = "FULL"     // the room is
	ReasonClosed   = "CLOSED"   // the meeting has ended, or the seat was given up
	ReasonOffer    = "OFFER"    // cannot be used, or asks for more than is allowed
	ReasonPlace    = "PLACE"    // there is no such place
	ReasonRight    = "RIGHT"    // it is for hosts, or for those who may speak
	ReasonGone     = "GONE"     // who is meant is not there
	ReasonState    = "STATE"    // it cannot be done as things stand: the chat is closed, or nobody may unmute
	ReasonMoved    = "MOVED"    // the meeting goes on elsewhere, see Moved
	ReasonInternal = "INTERNAL" // our fault
)

// Bounds for a client that does not behave: it is told so, and in the end hung up on.
const (
	messages, messagesAtOnce = 20, 60 // a second
	offers, offersAtOnce     = 1, 10
	mostFaults               = 20
)

var validator = sync.OnceValues(func() (protovalidate.Validator, error) { return protovalidate.New(protovalidate.WithFailFast()) })

// Options are what sessions need.
type Options struct {
	Media  *sfu.Server
	Tokens *token.Tokens
	Tenant string                     // whose host the connection came to: tokens of other bodies' meetings are refused
	Send   func(*signalv1.FromServer) // must not block; called by many
	Now    func() time.Time           // nil: time.Now
	Desk   Desk                       // nil: whoever has a token is seated, and nothing but media is spoken of
	Raw    func([]byte)               // sends an event that is encoded already; nil: Send
}

// Desk is the meeting behind a session: it knows who may come in, and what is said there besides media.
type Desk interface {
	// Enter lets in who showed a right token, by [Session.Sit], or has them wait; it answers the message of the id itself.
	Enter(ctx context.Context, s *Session, id string, c token.Claims) error
	// Do answers Own, Say, Recall and Act of who is seated; nil: it has answered itself.
	Do(ctx context.Context, m *signalv1.FromClient) (*signalv1.FromServer, error)
}

// Refuse is an error of a [Desk]: the message is answered with one of the reasons.
func Refuse(reason, field string) error { return refusal{reason, field} }

// Session is one connection of one browser. Handle is called by one at a time.
type Session struct {
	opt      Options
	joined   bool
	left     bool
	seat     atomic.Pointer[sfu.Participant]
	messages bucket
	offers   bucket
	faults   int
}

// New begins a session.
func New(opt Options) *Session {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Session{opt: opt, messages: bucket{rate: messages, most: messagesAtOnce}, offers: bucket{rate: offers, most: offersAtOnce}}
}

// refusal is why a message is refused.
type refusal struct{ reason, field string }

func (r refusal) Error() string { return "signal: refused: " + r.reason + " " + r.field }

// Handle takes a message and answers it. over is true when the connection should be closed.
func (s *Session) Handle(ctx context.Context, raw []byte) (over bool) {
	var m signalv1.FromClient
	answer, err := s.take(ctx, raw, &m)
	if err != nil {
		s.faults++
		answer = refused(err)
	} else {
		s.faults = 0
	}
	if answer != nil {
		answer.Id = m.GetId()
		s.opt.Send(answer)
	}
	return s.faults >= mostFaults || m.GetLeave() != nil && err == nil
}

func refused(err error) *signalv1.FromServer {
	r := refusal{reason: ReasonInternal}
	for _, c := range []struct {
		err    error
		reason string
	}{
		{sfu.ErrOffer, ReasonOffer},
		{sfu.ErrPlace, ReasonPlace},
		{sfu.ErrFull, ReasonFull},
		{sfu.ErrClosed, ReasonClosed},
		{sfu.ErrGone, ReasonClosed},
		{token.ErrForged, ReasonToken},
		{token.ErrExpired, ReasonToken},
		{token.ErrUsed, ReasonToken},
		{token.ErrOther, ReasonToken},
	} {
		if errors.Is(err, c.err) {
			r.reason = c.reason
		}
	}
	errors.As(err, &r)
	return &signalv1.FromServer{What: &signalv1.FromServer_Refused{Refused: &signalv1.Refused{Reason: r.reason, Field: r.field}}}
}

// take does what a message asks for.
func (s *Session) take(ctx context.Context, raw []byte, m *signalv1.FromClient) (*signalv1.FromServer, error) {
	if !s.messages.take(s.opt.Now()) {
		return nil, refusal{reason: ReasonRate}
	}
	if len(raw) > Longest {
		return nil, refusal{reason: ReasonMessage}
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(raw, m); err != nil {
		return nil, refusal{reason: ReasonMessage}
	}
	check, err := validator()
	if err != nil {
		return nil, fmt.Errorf("signal: %w", err)
	}
	var broken *protovalidate.ValidationError
	switch err := check.Validate(m); {
	case errors.As(err, &broken) && len(broken.Violations) > 0:
		return nil, refusal{ReasonMessage, protovalidate.FieldPathString(broken.Violations[0].Proto.GetField())}
	case err != nil:
		return nil, fmt.Errorf("signal: %w", err)
	}
	if join := m.GetJoin(); join != nil {
		return s.join(ctx, m.GetId(), join)
	}
	if m.GetPing() != nil {
		return done(), nil
	}
	if m.GetLeave() != nil && s.joined {
		s.left = true
		if seat := s.seat.Load(); seat != nil {
			seat.Leave()
		}
		return done(), nil
	}
	seat := s.seat.Load()
	if seat == nil {
		return nil, refusal{reason: ReasonOrder}
	}
	switch what := m.GetWhat().(type) {
	case *signalv1.FromClient_Offer:
		return s.offer(ctx, seat, what.Offer)
	case *signalv1.FromClient_Show:
		views := make(map[string]sfu.View, len(what.Show.GetViews()))
		for _, v := range what.Show.GetViews() {
			views[v.GetMid()] = sfu.View{Participant: v.GetParticipant(), Source: v.GetSource(), Height: int(v.GetHeight()), Priority: int(v.GetPriority())}
		}
		return done(), seat.Show(views)
	}
	if s.opt.Desk != nil {
		return s.opt.Desk.Do(ctx, m)
	}
	return nil, refusal{reason: ReasonMessage}
}

// Sit gives the session its seat.
func (s *Session) Sit(seat *sfu.Participant) { s.seat.Store(seat) }

// Seat is the session's; nil before it has one.
func (s *Session) Seat() *sfu.Participant { return s.seat.Load() }

// Left reports whether the participant has said goodbye.
func (s *Session) Left() bool { return s.left }

// Done answers what has no answer of its own.
func Done() *signalv1.FromServer { return done() }

func done() *signalv1.FromServer {
	return &signalv1.FromServer{What: &signalv1.FromServer_Done{Done: &signalv1.Done{}}}
}

// join takes the seat. A token is used up even when the room is full: the page that gave it gives another.
func (s *Session) join(ctx context.Context, id string, j *signalv1.Join) (*signalv1.FromServer, error) {
	if s.joined {
		return nil, refusal{reason: ReasonOrder}
	}
	if j.GetVersion() != Version {
		return nil, refusal{ReasonVersion, "join.version"}
	}
	c, err := s.opt.Tokens.Use(j.GetToken(), s.opt.Tenant, j.GetRoom(), s.opt.Now())
	if err != nil {
		return nil, err
	}
	if s.opt.Desk != nil {
		err := s.opt.Desk.Enter(ctx, s, id, c)
		s.joined = err == nil
		return nil, err
	}
	// Rooms of two bodies may bear the same name.
	room := s.opt.Media.Room(c.Tenant + "/" + c.Room)
	seat, err := room.Join(c.Person, sfu.Rights{Send: c.Send, Sources: c.Sources, Receive: c.Places}, s.Event)
	if err != nil {
		return nil, err
	}
	s.joined = true
	s.Sit(seat)
	return &signalv1.FromServer{What: &signalv1.FromServer_Joined{Joined: &signalv1.Joined{Version: Version, Participant: seat.ID(), People: room.People()}}}, nil
}

func (s *Session) offer(ctx context.Context, seat *sfu.Participant, o *signalv1.Offer) (*signalv1.FromServer, error) {
	if !s.offers.take(s.opt.Now()) {
		return nil, refusal{reason: ReasonRate}
	}
	negotiate := seat.Offer
	if o.GetFresh() {
		negotiate = seat.Connect
	}
	sdp, err := negotiate(ctx, o.GetSdp(), o.GetSources())
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Answer{Answer: &signalv1.Answer{Sdp: sdp}}}, nil
}

// kinds are the names of events.
var kinds = map[sfu.EventKind]string{
	sfu.Joined: "joined", sfu.Left: "left", sfu.Dropped: "dropped", sfu.Published: "published", sfu.Unpublished: "unpublished",
	sfu.Speaking: "speaking", sfu.Heard: "heard", sfu.Wanted: "wanted",
}

// Event tells the browser what happens in the room, once it has its seat.
func (s *Session) Event(e sfu.Event) {
	if s.opt.Desk != nil && s.seat.Load() == nil {
		return
	}
	if s.opt.Raw != nil {
		s.opt.Raw(encoded.of(e))
		return
	}
	s.opt.Send(eventOf(e))
}

// bucket lets so many pass a second, and some at once.
type bucket struct {
	rate, most float64
	left       float64
	at         time.Time
}

func (b *bucket) take(now time.Time) bool {
	if b.at.IsZero() {
		b.left = b.most
	} else {
		b.left = min(b.most, b.left+b.rate*now.Sub(b.at).Seconds())
	}
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
