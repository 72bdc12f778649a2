package load

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/encoding/protojson"

	"gonghui/media/sfu"
	"gonghui/media/signal"
	"gonghui/media/signal/token"
	signalv1 "gonghui/media/signal/v1"
)

// tenant is whose meetings are measured.
const tenant = "bench"

// desk is the product's signalling over WebSockets, without the meeting behind it: whoever has a token is seated.
type desk struct {
	media  *sfu.Server
	tokens *token.Tokens
}

func newDesk(media *sfu.Server) (*desk, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	tokens, err := token.New(secret)
	return &desk{media, tokens}, err
}

// token gives one to whoever asks.
func (d *desk) token(room, id string) (string, error) {
	now := time.Now()
	return d.tokens.Make(token.Claims{Person: id, Home: tenant, Tenant: tenant, Room: room, Expires: now.Add(time.Minute), Send: true}, now)
}

// Of a connection, as the product has it.
const (
	waiting     = 1024 // messages
	beat        = 20 * time.Second
	writeWithin = 10 * time.Second
)

// serve takes a WebSocket and keeps it until one side ends.
func (d *desk) serve(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // it has answered
	}
	ws.SetReadLimit(signal.Longest + 1)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	queue, stop := signal.NewQueue(waiting), make(chan struct{})
	s := signal.New(signal.Options{Media: d.media, Tokens: d.tokens, Tenant: tenant, Send: func(m *signalv1.FromServer) {
		raw, err := protojson.Marshal(m)
		if err != nil || !queue.Push(raw) {
			cancel() // it does not keep up
		}
	}})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer cancel()
		for ending := false; !ending; {
			select {
			case <-queue.Wake():
			case <-stop: // what is queued goes yet
				ending = true
			case <-ctx.Done():
				return
			}
			for _, m := range queue.Take() {
				within, done := context.WithTimeout(ctx, writeWithin)
				err := ws.Write(within, websocket.MessageText, m)
				done()
				if err != nil {
					return
				}
			}
		}
	})
	wg.Go(func() {
		t := time.NewTicker(beat)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
			within, done := context.WithTimeout(ctx, writeWithin)
			err := ws.Ping(within)
			done()
			if err != nil {
				cancel()
			}
		}
	})
	for {
		kind, raw, err := ws.Read(ctx)
		if err != nil || kind != websocket.MessageText || s.Handle(ctx, raw) {
			break
		}
	}
	close(stop)
	wg.Wait()
	cancel()
	_ = ws.CloseNow()
}

// Line is a browser's side of the signalling.
type Line struct {
	ws     *websocket.Conn
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	n       int
	answers map[string]chan *signalv1.FromServer
}

// Errors of a line.
var (
	ErrOver    = errors.New("load: the signalling has ended")
	ErrRefused = errors.New("load: refused")
)

// dial opens a line to a server of the product's and takes a seat in a room.
func dial(ctx context.Context, address, room, id, token string) (*Line, error) {
	ws, resp, err := websocket.Dial(ctx, "ws://"+address+"/signal", nil)
	if err != nil {
		return nil, fmt.Errorf("load: dialling: %w", err)
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	ws.SetReadLimit(1 << 20)
	reading, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l := &Line{ws: ws, cancel: cancel, done: make(chan struct{}), answers: map[string]chan *signalv1.FromServer{}}
	go l.read(reading)
	a, err := l.Ask(ctx, &signalv1.FromClient{What: &signalv1.FromClient_Join{Join: &signalv1.Join{Version: signal.Version, Token: token, Room: room}}})
	if err == nil && a.GetJoined() == nil {
		err = errors.New("load: not joined")
	}
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("load: %s joins %s: %w", id, room, err)
	}
	return l, nil
}

func (l *Line) read(ctx context.Context) {
	defer close(l.done)
	for {
		_, raw, err := l.ws.Read(ctx)
		if err != nil {
			return
		}
		// Most of what comes are events of others, which nobody here waits for.
		if !strings.Contains(string(raw[:min(len(raw), 24)]), `"id"`) {
			continue
		}
		var m signalv1.FromServer
		if protojson.Unmarshal(raw, &m) != nil {
			continue
		}
		l.mu.Lock()
		c := l.answers[m.GetId()]
		delete(l.answers, m.GetId())
		l.mu.Unlock()
		if c != nil {
			c <- &m
		}
	}
}

// Ask sends a message and waits for its answer; what is refused is an error.
func (l *Line) Ask(ctx context.Context, m *signalv1.FromClient) (*signalv1.FromServer, error) {
	c := make(chan *signalv1.FromServer, 1)
	l.mu.Lock()
	l.n++
	m.Id = fmt.Sprint(l.n)
	l.answers[m.GetId()] = c
	l.mu.Unlock()
	raw, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	if err := l.ws.Write(ctx, websocket.MessageText, raw); err != nil {
		return nil, fmt.Errorf("load: asking: %w", err)
	}
	var a *signalv1.FromServer
	select {
	case a = <-c:
	case <-l.done:
		select {
		case a = <-c: // the last answer, and then the end
		default:
			return nil, ErrOver
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if r := a.GetRefused(); r != nil {
		return nil, fmt.Errorf("%w: %s %s", ErrRefused, r.GetReason(), r.GetField())
	}
	return a, nil
}

// Offer sends an offer of a new connection, or of one that goes on, and returns the answer.
func (l *Line) Offer(ctx context.Context, sdp string, fresh bool) (string, error) {
	a, err := l.Ask(ctx, &signalv1.FromClient{What: &signalv1.FromClient_Offer{Offer: &signalv1.Offer{Sdp: sdp, Fresh: fresh}}})
	return a.GetAnswer().GetSdp(), err
}

// Show says what places show, by their mids.
func (l *Line) Show(ctx context.Context, places map[string]sfu.View) error {
	show := &signalv1.Show{}
	for mid, v := range places {
		show.Views = append(show.Views, &signalv1.View{Mid: mid, Participant: v.Participant, Source: v.Source, Height: uint32(v.Height), Priority: uint32(v.Priority)})
	}
	_, err := l.Ask(ctx, &signalv1.FromClient{What: &signalv1.FromClient_Show{Show: show}})
	return err
}

// Leave says goodbye.
func (l *Line) Leave(ctx context.Context) error {
	_, err := l.Ask(ctx, &signalv1.FromClient{What: &signalv1.FromClient_Leave{Leave: &signalv1.Leave{}}})
	return err
}

// Close ends the line without a word.
func (l *Line) Close() {
	l.cancel()
	_ = l.ws.CloseNow()
	<-l.done
}
