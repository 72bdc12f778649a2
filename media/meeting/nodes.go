package meeting

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/field"
	"gonghui/app/module"
	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/cluster"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/signal"
	"gonghui/media/signal/token"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/directory"
)

// NodesPrefix stands before what nodes of a deployment keep in Redis. The braces keep it together in a Redis Cluster.
func NodesPrefix(keys module.Keys) string {
	return "{gonghui:meeting:" + keys.Digest("meeting_nodes", "")[:8] + "}:"
}

// nodeFromEnv reads GONGHUI_MEDIA_INTERNAL (host:port at which the other nodes reach this one; empty: this process is alone),
// GONGHUI_MEDIA_NODE (its name among them; the machine's with the process id) and GONGHUI_MEDIA_CAPACITY (participants; 1000).
func nodeFromEnv() (opt cluster.Options, err error) {
	opt.Internal = os.Getenv("GONGHUI_MEDIA_INTERNAL")
	if opt.Internal == "" {
		return opt, nil
	}
	if _, _, err := net.SplitHostPort(opt.Internal); err != nil {
		return opt, errors.New("GONGHUI_MEDIA_INTERNAL has to be an address and a port, as in 10.0.0.7:3481")
	}
	opt.Name = nodeName()
	if text := os.Getenv("GONGHUI_MEDIA_CAPACITY"); text != "" {
		if opt.Capacity, err = strconv.Atoi(text); err != nil || opt.Capacity <= 0 {
			return opt, errors.New("GONGHUI_MEDIA_CAPACITY has to be a number of participants")
		}
	}
	return opt, nil
}

// nodeName is what this process is called among others: GONGHUI_MEDIA_NODE, or the machine's name with the process id.
func nodeName() string {
	if name := os.Getenv("GONGHUI_MEDIA_NODE"); name != "" {
		return name
	}
	machine, err := os.Hostname()
	if err != nil {
		machine = "machine"
	}
	return fmt.Sprintf("%s-%d", machine, os.Getpid())
}

const (
	// rivalGoes is how long it is waited for another process to be gone: one that was killed has its lease for three seconds.
	rivalGoes = 4 * time.Second
	// rivalAgain is how often it is looked.
	rivalAgain = 100 * time.Millisecond
)

// only refuses to open a meeting while processes that know nothing of each other might each open it. What runs here goes on.
func (s *Service) only(ctx context.Context, meeting uuid.UUID) error {
	rival := func() bool {
		if s.nodes != nil {
			return s.nodes.Rival()
		}
		return s.alone.Rival()
	}
	if !rival() || s.there(ctx, meeting) != nil {
		return nil
	}
	late := time.NewTimer(rivalGoes)
	defer late.Stop()
	again := time.NewTicker(rivalAgain)
	defer again.Stop()
	for rival() {
		select {
		case <-ctx.Done():
			return errRival
		case <-late.C:
			return errRival
		case <-again.C:
		}
	}
	return nil
}

// join makes this process one of several nodes.
func (s *Service) join(opt cluster.Options) (err error) {
	opt.Redis, opt.Secret = s.redis, []byte(s.keys.Digest("meeting_node", ""))
	if opt.Prefix == "" {
		opt.Prefix = NodesPrefix(s.keys)
	}
	opt.Load, opt.Tend, opt.Lost, opt.Drain, opt.Inner = s.present, s.keepHalls, s.leaseLost, s.giveAway, s.inner()
	s.nodes, err = cluster.New(opt)
	return err
}

// present is how many people are in the meetings of this node, and still need it for one that goes on elsewhere.
func (s *Service) present() int {
	n := int(s.leaving.Load())
	for _, h := range s.all() {
		n += h.live.Present()
	}
	return n
}

func (s *Service) all() []*hall {
	s.mu.Lock()
	defer s.mu.Unlock()
	halls := make([]*hall, 0, len(s.halls))
	for _, h := range s.halls {
		halls = append(halls, h)
	}
	return halls
}

func roomOf(t *tenant.Tenant, meeting uuid.UUID) string { return t.Code + "/" + meeting.String() }

// presentIn is how many people are in a meeting of the body in the context, on whichever node.
func (s *Service) presentIn(ctx context.Context, meeting uuid.UUID) (int, error) {
	if h := s.there(ctx, meeting); h != nil {
		return h.live.Present(), nil
	}
	if s.nodes == nil {
		return 0, nil
	}
	return s.nodes.Present(ctx, roomOf(tenant.From(ctx), meeting))
}

// noteHeader carries what the edge has found out about a request from node to node.
const noteHeader = "Gonghui-Note"

type note struct {
	Body    string          `json:"body"`
	Call    tenant.Call     `json:"call"`
	Subject *tenant.Subject `json:"subject,omitempty"`
}

func noteOf(ctx context.Context) http.Header {
	raw, err := json.Marshal(note{tenant.From(ctx).Code, tenant.CallFrom(ctx), tenant.SubjectFrom(ctx)})
	if err != nil {
		panic("meeting: " + err.Error()) // texts, ids and times
	}
	return http.Header{noteHeader: {base64.StdEncoding.EncodeToString(raw)}}
}

// noted is the context of a request that another node has led on. Only nodes of the deployment come to where it is asked for.
func (s *Service) noted(r *http.Request) (context.Context, error) {
	raw, err := base64.StdEncoding.DecodeString(r.Header.Get(noteHeader))
	if err != nil {
		return nil, err
	}
	var n note
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, err
	}
	t, err := directory.LookupOf(s.db).ByCode(r.Context(), n.Body)
	if err != nil {
		return nil, err
	}
	ctx := tenant.WithCall(tenant.With(r.Context(), t), n.Call)
	if n.Subject != nil {
		ctx = access.With(tenant.WithSubject(ctx, n.Subject), access.EngineOf(s.db))
	}
	return ctx, nil
}

// inner answers other nodes: WebSockets of meetings that are here, and acts on them.
func (s *Service) inner() http.Handler {
	mux := http.NewServeMux()
	answer := func(f func(w http.ResponseWriter, r *http.Request, meeting uuid.UUID) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			ctx, err := s.noted(r)
			var id uuid.UUID
			if err == nil {
				id, err = field.ID("id", r.PathValue("id"))
			}
			if err == nil {
				err = f(w, r.WithContext(ctx), id)
			}
			switch {
			case errors.Is(err, ballot.ErrSpent):
				http.Error(w, err.Error(), http.StatusConflict)
			case errors.Is(err, ballot.ErrShut):
				http.Error(w, err.Error(), http.StatusGone)
			case err != nil:
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
			}
		}
	}
	mux.HandleFunc("GET /v1/meetings/{id}/signal", answer(func(w http.ResponseWriter, r *http.Request, id uuid.UUID) error {
		mine, err := s.nodes.Mine(r.Context(), roomOf(tenant.From(r.Context()), id))
		if err == nil && !mine {
			err = cluster.ErrMoved
		}
		if err != nil {
			return err
		}
		return s.serve(w, r, id)
	}))
	mux.HandleFunc("POST /halls/{id}/{act}", answer(func(w http.ResponseWriter, r *http.Request, id uuid.UUID) error {
		var what json.RawMessage
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostTold)).Decode(&what); err != nil {
			return err
		}
		return s.here(r.Context(), id, r.PathValue("act"), what)
	}))
	return mux
}

// mostTold is how long what one node tells another is at most, in bytes.
const mostTold = 1 << 20

// hallActs are what may be done to a running meeting from any node, by name.
var hallActs = map[string]func(ctx context.Context, h *hall, what json.RawMessage) error{
	"changed": func(_ context.Context, h *hall, what json.RawMessage) error {
		var c changed
		err := json.Unmarshal(what, &c)
		if err == nil {
			h.live.Changed(c.Title, c.WaitingRoom)
			h.mark(c.Watermark)
		}
		return err
	},
	"close": func(_ context.Context, h *hall, what json.RawMessage) error {
		var why string
		err := json.Unmarshal(what, &why)
		if err == nil {
			h.close(why)
		}
		return err
	},
	"agenda": func(ctx context.Context, h *hall, _ json.RawMessage) error { return h.refreshAgenda(ctx) },
	"file": func(ctx context.Context, h *hall, what json.RawMessage) error {
		var f sent
		err := json.Unmarshal(what, &f)
		if err == nil {
			err = h.arrived(ctx, f)
		}
		return err
	},
	"vote": func(_ context.Context, h *hall, what json.RawMessage) error {
		var id uuid.UUID
		err := json.Unmarshal(what, &id)
		if err == nil {
			h.showSoon(id)
		}
		return err
	},
}

// boxActs are what may be done to the ballot boxes of a meeting that is on this node, whether somebody is in it already or not.
var boxActs = map[string]func(ctx context.Context, s *Service, meeting uuid.UUID, what json.RawMessage) error{
	"cast": func(_ context.Context, s *Service, meeting uuid.UUID, what json.RawMessage) error {
		var one boxed
		err := json.Unmarshal(what, &one)
		if err == nil {
			err = s.boxes.put(meeting, one)
		}
		return err
	},
	"boxes": func(ctx context.Context, s *Service, meeting uuid.UUID, what json.RawMessage) error {
		var cargo map[uuid.UUID]ballot.Cargo
		err := json.Unmarshal(what, &cargo)
		if err == nil {
			err = s.boxesCome(ctx, meeting, cargo)
		}
		return err
	},
}

// changed is what a change of the plan changes of a running meeting.
type changed struct {
	Title       string `json:"title"`
	WaitingRoom bool   `json:"waitingRoom"`
	Watermark   bool   `json:"watermark"`
}

func (s *Service) here(ctx context.Context, meeting uuid.UUID, act string, what json.RawMessage) error {
	if do := boxActs[act]; do != nil {
		return do(ctx, s, meeting, what)
	}
	do := hallActs[act]
	if do == nil {
		return fmt.Errorf("meeting: there is no act %q on a hall", act)
	}
	if h := s.there(ctx, meeting); h != nil {
		return do(ctx, h, what)
	}
	return nil
}

// tell does one of [hallActs] to a meeting of the body in the context where it runs; nothing when it runs nowhere.
func (s *Service) tell(ctx context.Context, meeting uuid.UUID, act string, what any) {
	raw, err := json.Marshal(what)
	if err == nil && (s.nodes == nil || s.there(ctx, meeting) != nil) {
		err = s.here(ctx, meeting, act, raw)
	} else if err == nil {
		err = s.send(ctx, meeting, act, raw)
	}
	if err != nil {
		// What is kept has been written; the hall learns of it when it is opened next.
		slog.ErrorContext(ctx, "meeting: a running meeting was not told", "meeting", meeting, "act", act, "error", err)
	}
}

func (s *Service) send(ctx context.Context, meeting uuid.UUID, act string, raw []byte) error {
	at, ok, err := s.nodes.Where(ctx, roomOf(tenant.From(ctx), meeting))
	if err != nil || !ok || at.Here {
		return err
	}
	_, err = s.nodes.Call(ctx, at, "/halls/"+meeting.String()+"/"+act, raw, noteOf(ctx))
	return err
}

const (
	// soughtFor is how long a WebSocket waits for a node of its meeting that can be reached: a node that has died holds it for as
	// long as its lease lasts.
	soughtFor = 8 * time.Second
	// soughtEvery is how often it is asked again.
	soughtEvery = 200 * time.Millisecond
)

// lead leads the WebSocket of a meeting to the node where the meeting is; false: it is here.
func (s *Service) lead(w http.ResponseWriter, r *http.Request, meeting uuid.UUID) (led bool, err error) {
	if s.nodes == nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), soughtFor)
	defer cancel()
	again := time.NewTicker(soughtEvery)
	defer again.Stop()
	for {
		at, err := s.nodes.Place(ctx, roomOf(tenant.From(ctx), meeting))
		if err == nil && at.Here {
			return false, nil
		}
		if err == nil {
			if err = s.nodes.Lead(w, r, at, noteOf(ctx)); err == nil {
				return true, nil
			}
		}
		select {
		case <-ctx.Done():
			return false, errMedia.WithCause(err)
		case <-again.C:
		}
	}
}

// once refuses a token that was used on another node.
func (s *Service) once(ctx context.Context, c token.Claims) error {
	if s.nodes == nil {
		return nil // what was used here is known
	}
	first, err := s.nodes.Once(ctx, c.ID, time.Until(c.Expires))
	if err == nil && !first {
		err = token.ErrUsed
	}
	return err
}

// errFenced is for who writes of a meeting that another process has opened since.
var errFenced = errors.New("meeting: another process has the meeting")

// tx is a transaction that writes of the meeting: it fails when the meeting is on another node by now, and ends it here.
func (h *hall) tx(ctx context.Context, f func(ctx context.Context, tx tenant.DBTX) error) error {
	err := h.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if h.term.Load() != 0 {
			run, err := h.s.sql.ShareTerm(ctx, tx, h.key.meeting)
			if err != nil {
				return err
			}
			if run.Term != h.term.Load() {
				return errFenced
			}
		}
		return f(ctx, tx)
	})
	if errors.Is(err, errFenced) {
		h.cut()
		go h.close(live.Restart) // the caller holds the lock
	}
	return err
}

// goesOn refuses what is asked of a meeting that is not, or soon will not be, on this node.
func (h *hall) goesOn() error {
	switch {
	case h.moving.Load():
		return signal.Refuse(signal.ReasonMoved, "")
	case h.s.nodes != nil && !h.s.nodes.Holds():
		return signal.Refuse(signal.ReasonClosed, "")
	}
	return nil
}

// stage is the main room on the media server. A meeting that comes back to a node gets another one than it had.
func (h *hall) stage() string { return h.room + "#" + strconv.Itoa(int(h.term.Load())) }

// cut ends sound and pictures of a hall at once, and what is kept of the meeting stays.
func (h *hall) cut() {
	h.stays.Store(true)
	if server, err := h.s.media.get(); err == nil {
		for _, place := range h.live.Places() {
			server.Room(h.roomName(place)).Close()
		}
	}
}

// leaseLost ends what runs here: another node may have it by now.
func (s *Service) leaseLost() {
	s.mu.Lock()
	for c := range s.conns {
		c.Close(live.Restart)
	}
	s.mu.Unlock()
	for _, h := range s.all() {
		h.cut()
		go h.close(live.Restart)
	}
}

// open begins the hall: with what another process has left of the meeting when there are nodes. The caller holds the lock.
func (h *hall) open(ctx context.Context, m *db.Meeting) error {
	s := h.s
	if s.nodes == nil {
		// Stays that a process did not end before it went down ended then, at the latest.
		return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			if err := s.sql.EndStays(ctx, tx, db.EndStaysParams{MeetingID: m.ID, At: time.Now()}); err != nil {
				return err
			}
			return h.restore(ctx, tx)
		})
	}
	mine, err := s.nodes.Mine(ctx, h.room)
	if err == nil && !mine {
		err = cluster.ErrMoved
	}
	if err != nil {
		return err
	}
	raw, err := s.nodes.Kept(ctx, h.room)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	if raw != nil {
		texts, err := live.PeopleOf(raw)
		if err != nil {
			return err
		}
		for _, text := range texts {
			id, err := uuid.Parse(text)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
	}
	var people []db.MeetingPerson
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		term, err := s.sql.TakeTerm(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		h.term.Store(term)
		if people, err = s.sql.ListPeople(ctx, tx, db.ListPeopleParams{MeetingID: m.ID, Ids: ids}); err != nil {
			return err
		}
		there := make([]uuid.UUID, len(people))
		for i, p := range people {
			there[i] = p.ID
		}
		if err := s.sql.EndOtherStays(ctx, tx, db.EndOtherStaysParams{MeetingID: m.ID, But: there, At: time.Now()}); err != nil {
			return err
		}
		return h.restore(ctx, tx)
	})
	if err == nil && !s.nodes.Holds() {
		err = cluster.ErrLease
	}
	if err == nil {
		h.boxesFollow()
	}
	if err != nil || raw == nil {
		return err
	}
	who := make(map[string]live.Who, len(people))
	for i := range people {
		w := whoOf(&people[i], people[i].Role)
		who[w.ID] = w
	}
	if err := h.live.Restore(raw, who); err != nil {
		return err
	}
	for i := range people {
		h.timers[people[i].ID] = time.AfterFunc(s.kept, func() { h.gaveUp(people[i].ID) })
	}
	return nil
}

// forget ends what is kept of a meeting for other nodes, unless it goes on there. The caller holds the lock.
func (h *hall) forget() {
	if h.s.nodes == nil || h.stays.Load() || h.moving.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(h.base, time.Second)
	defer cancel()
	if err := h.s.nodes.Forget(ctx, h.room); err != nil {
		slog.Warn("meeting: what was kept of a meeting is still there", "meeting", h.key.meeting, "error", err)
	}
}

// touchEvery is how often a meeting in which nothing changes is said to go on here.
const touchEvery = time.Minute

// keepHalls keeps how the meetings of this node stand where other nodes find it, those that have changed.
func (s *Service) keepHalls(ctx context.Context) {
	for _, h := range s.all() {
		h.remember(ctx)
	}
}

// remember keeps how the meeting stands where other nodes find it, if it has changed.
func (h *hall) remember(ctx context.Context) {
	s := h.s
	if s.nodes == nil {
		return
	}
	h.keeping.Lock()
	defer h.keeping.Unlock()
	if h.moving.Load() || h.stays.Load() {
		return
	}
	var err error
	switch changes := h.live.Changes(); {
	case changes != h.kept:
		var raw []byte
		raw, changes = h.live.Save()
		if err = s.nodes.Keep(ctx, h.room, raw, h.live.Present()); err == nil {
			h.kept, h.touched = changes, time.Now()
		}
	case time.Since(h.touched) > touchEvery:
		if err = s.nodes.Touch(ctx, h.room); err == nil {
			h.touched = time.Now()
		}
	}
	switch {
	case errors.Is(err, cluster.ErrMoved) && !h.moving.Load() && s.there(h.base, h.key.meeting) == h:
		h.cut()
		h.close(live.Restart)
	case err != nil && ctx.Err() == nil:
		slog.Warn("meeting: how a meeting stands was not kept", "meeting", h.key.meeting, "error", err)
	}
}
