package meeting

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/sfu"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// countdown is how long everybody has before breakout rooms that are being closed are over.
const countdown = 30 * time.Second

// inside is what a hall keeps besides who is there: what is set for the meeting, and the clock of its breakout rooms.
type inside struct {
	option  db.MeetingOption
	closing time.Time // of the breakout rooms; zero: they are not being closed
	clock   *time.Timer
	marked  bool // there is a watermark, and those who are there have theirs
}

// restore takes over what is kept of a meeting that goes on.
func (h *hall) restore(ctx context.Context, tx tenant.DBTX) error {
	option, err := h.s.sql.GetOption(ctx, tx, h.key.meeting)
	if errors.Is(err, pgx.ErrNoRows) {
		option, err = db.MeetingOption{MeetingID: h.key.meeting, Files: live.FilesAll}, nil
	}
	if err != nil {
		return err
	}
	rooms, err := h.s.sql.ListRooms(ctx, tx, h.key.meeting)
	if err != nil {
		return err
	}
	parts, err := h.s.sql.ListParts(ctx, tx, h.key.meeting)
	if err != nil {
		return err
	}
	list := make([]*live.Breakout, len(rooms))
	for i, r := range rooms {
		list[i] = &live.Breakout{ID: r.ID.String(), Name: r.Name}
	}
	of := map[string]string{}
	slices.SortStableFunc(parts, func(a, b db.ListPartsRow) int { return int(a.Venue) - int(b.Venue) })
	venues := live.Venues{On: option.Venue, Main: name(option.MainID), Called: name(option.CalledID)}
	for _, p := range parts {
		if p.RoomID != nil {
			of[p.PersonID.String()] = p.RoomID.String()
		}
		if p.Stenographer {
			h.live.SetStenographer(p.PersonID.String(), true)
		}
		if p.Venue > 0 {
			venues.Subs = append(venues.Subs, p.PersonID.String())
		}
	}
	last, err := h.s.sql.LastCaptions(ctx, tx, db.LastCaptionsParams{MeetingID: h.key.meeting, Size: live.Mendable})
	if err != nil {
		return err
	}
	var captions []*signalv1.Caption
	for _, c := range slices.Backward(last) {
		captions = append(captions, &signalv1.Caption{Id: c.ID.String(), Participant: c.PersonID.String(), Text: c.Text, At: c.At.UnixMilli()})
	}
	h.live.RestoreCaptions(captions)
	course, err := h.s.course(ctx, tx, h.key.meeting)
	if err != nil {
		return err
	}
	h.live.SetCourse(course)
	h.live.SetFiles(option.Files)
	h.inside = inside{option: option}
	h.live.SetRooms(list, of)
	h.live.SetVenues(venues)
	h.inside.marked = option.Watermark
	h.live.SetWatermark(option.Watermark)
	h.stand()
	return nil
}

// name is an id as it is told; empty: nobody's.
func name(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// stand tells how the breakout rooms stand, and sets the clock that closes them. The caller holds the lock.
func (h *hall) stand() {
	o := &h.inside.option
	until := time.Time{}
	if o.Until != nil && h.inside.closing.IsZero() {
		until = *o.Until
	}
	h.live.StandRooms(o.RoomsOpen, o.Choice, until, h.inside.closing)
	if h.inside.clock != nil {
		h.inside.clock.Stop()
	}
	at := h.inside.closing
	if at.IsZero() {
		at = until
	}
	if o.RoomsOpen && !at.IsZero() {
		h.inside.clock = time.AfterFunc(max(0, time.Until(at)), h.rings)
	}
}

// rings closes breakout rooms whose time is over: first they are told, then everybody is taken back.
func (h *hall) rings() {
	h.mu.Lock()
	defer h.mu.Unlock()
	o := &h.inside.option
	due := h.inside.closing
	if due.IsZero() && o.Until != nil {
		due = *o.Until
	}
	if h.over || !o.RoomsOpen || due.IsZero() || time.Now().Before(due) {
		return
	}
	if h.inside.closing.IsZero() {
		h.inside.closing = time.Now().Add(h.s.countdown)
		h.stand()
		return
	}
	ctx, cancel := context.WithTimeout(h.base, patience)
	defer cancel()
	if err := h.closeRooms(ctx, "meeting.rooms_over"); err != nil {
		slog.Error("meeting: the breakout rooms were not closed", "meeting", h.key.meeting, "error", err)
		h.inside.clock = time.AfterFunc(patience, h.rings)
	}
}

// keep writes what is set for the meeting, and records the act.
func (h *hall) keep(ctx context.Context, act string, change func(*db.MeetingOption), also func(context.Context, tenant.DBTX) error) error {
	o := h.inside.option
	change(&o)
	err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		seen, err := insideNoun.See(ctx, tx, h.key.meeting)
		if err != nil {
			return err
		}
		if err := h.s.sql.PutOption(ctx, tx, db.PutOptionParams(o)); err != nil {
			return err
		}
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: act})
	})
	if err == nil {
		h.inside.option = o
	}
	return err
}

// breakout does what is asked for with breakout rooms.
func (h *hall) breakout(ctx context.Context, by string, b *signalv1.Breakout) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	if err := h.live.MayBreakout(by, b); err != nil {
		return err
	}
	o := &h.inside.option
	same := func(*db.MeetingOption) {}
	switch b.GetDo() {
	case "rooms":
		return h.setRooms(ctx, b.GetNames())
	case "assign", "shuffle":
		moves := map[string]string{}
		for _, v := range b.GetMoves() {
			moves[v.GetParticipant()] = v.GetRoom()
		}
		if b.GetDo() == "shuffle" {
			moves = h.live.Shuffle()
		}
		if len(moves) == 0 {
			return nil
		}
		err := h.keep(ctx, "meeting.rooms_assign", same, func(ctx context.Context, tx tenant.DBTX) error { return h.assign(ctx, tx, moves) })
		if err != nil {
			return err
		}
		h.live.Assign(moves)
		// Who is taken out of their room goes back to the main one.
		for id, to := range moves {
			if to != "" || h.live.Place(id) == "" {
				delete(moves, id)
			}
		}
		if o.RoomsOpen {
			maps.Copy(moves, h.live.Strays())
		}
		return h.move(ctx, moves)
	case "choice":
		if err := h.keep(ctx, "meeting.rooms_choice", func(o *db.MeetingOption) { o.Choice = b.GetOn() }, nil); err != nil {
			return err
		}
		h.stand()
	case "open":
		err := h.keep(ctx, "meeting.rooms_open", func(o *db.MeetingOption) {
			o.RoomsOpen, o.Until = true, nil
			if n := b.GetMinutes(); n > 0 {
				until := time.Now().Add(time.Duration(n) * time.Minute)
				o.Until = &until
			}
		}, nil)
		if err != nil {
			return err
		}
		h.inside.closing = time.Time{}
		h.stand()
		return h.move(ctx, h.live.Strays())
	case "close":
		if b.GetOn() {
			return h.closeRooms(ctx, "meeting.rooms_close")
		}
		if err := h.keep(ctx, "meeting.rooms_close", same, nil); err != nil {
			return err
		}
		h.inside.closing = time.Now().Add(h.s.countdown)
		h.stand()
	case "say":
		return h.sayAll(ctx, by, b.GetText())
	case "go":
		_, role, _ := h.live.Conn(by)
		if room := b.GetRoom(); room != "" && !live.Leads(role) {
			err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return h.assign(ctx, tx, map[string]string{by: room}) })
			if err != nil {
				return err
			}
			h.live.Assign(map[string]string{by: room})
		}
		return h.move(ctx, map[string]string{by: b.GetRoom()})
	case "help":
		h.live.Help(by)
	}
	return nil
}

// setRooms makes rooms of the names; those there were are kept for the record alone.
func (h *hall) setRooms(ctx context.Context, names []string) error {
	list := make([]*live.Breakout, 0, len(names))
	ids := make([]uuid.UUID, 0, len(names))
	clean := make([]string, 0, len(names))
	for _, n := range names {
		n, err := field.Line("breakout.names", n)
		if err != nil || n == "" || slices.Contains(clean, n) {
			return signal.Refuse(signal.ReasonMessage, "breakout.names")
		}
		id := tenant.NewID()
		ids, clean = append(ids, id), append(clean, n)
		list = append(list, &live.Breakout{ID: id.String(), Name: n})
	}
	err := h.keep(ctx, "meeting.rooms", func(o *db.MeetingOption) { o.Until = nil }, func(ctx context.Context, tx tenant.DBTX) error {
		if err := h.s.sql.RetireRooms(ctx, tx, h.key.meeting); err != nil {
			return err
		}
		if err := h.s.sql.ForgetRooms(ctx, tx, h.key.meeting); err != nil {
			return err
		}
		return h.s.sql.InsertRooms(ctx, tx, db.InsertRoomsParams{MeetingID: h.key.meeting, Ids: ids, Names: clean})
	})
	if err != nil {
		return err
	}
	h.live.SetRooms(list, nil)
	return nil
}

// assign writes who belongs where.
func (h *hall) assign(ctx context.Context, tx tenant.DBTX, moves map[string]string) error {
	arg := db.AssignRoomsParams{MeetingID: h.key.meeting}
	for _, id := range slices.Sorted(maps.Keys(moves)) {
		person, room, err := pair(id, moves[id])
		if err != nil {
			return err
		}
		arg.People, arg.Rooms = append(arg.People, person), append(arg.Rooms, room)
	}
	return h.s.sql.AssignRooms(ctx, tx, arg)
}

// pair reads the ids of a person and of a room; no room is the id of nobody.
func pair(person, room string) (p, r uuid.UUID, err error) {
	if p, err = uuid.Parse(person); err == nil && room != "" {
		r, err = uuid.Parse(room)
	}
	if err != nil {
		err = signal.Refuse(signal.ReasonGone, "breakout.room")
	}
	return p, r, err
}

// closeRooms takes everybody back.
func (h *hall) closeRooms(ctx context.Context, act string) error {
	err := h.keep(ctx, act, func(o *db.MeetingOption) { o.RoomsOpen, o.Until = false, nil }, nil)
	if err != nil {
		return err
	}
	h.inside.closing = time.Time{}
	h.stand()
	return h.move(ctx, h.live.Strays())
}

// roomName is what the media server calls a room of the meeting.
func (h *hall) roomName(breakout string) string {
	if breakout == "" {
		return h.stage()
	}
	return h.stage() + "/" + breakout
}

// move takes people to other rooms, by their ids: their stay in the one ends and one in the other begins.
func (h *hall) move(ctx context.Context, moves map[string]string) error {
	by := map[uuid.UUID][]uuid.UUID{}
	for id, room := range moves {
		if h.live.Place(id) == room {
			delete(moves, id)
			continue
		}
		p, r, err := pair(id, room)
		if err != nil {
			return err
		}
		by[r] = append(by[r], p)
	}
	if len(moves) == 0 {
		return nil
	}
	server, err := h.s.media.get()
	if err != nil {
		return err
	}
	now := time.Now()
	err = h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for room, people := range by {
			if err := h.keepQuality(ctx, tx, people...); err != nil {
				return err
			}
			if err := h.s.sql.EndSomeStays(ctx, tx, db.EndSomeStaysParams{MeetingID: h.key.meeting, People: people, At: now}); err != nil {
				return err
			}
			ids := make([]uuid.UUID, len(people))
			for i := range ids {
				ids[i] = tenant.NewID()
			}
			if err := h.s.sql.BeginRoomStays(ctx, tx, db.BeginRoomStaysParams{MeetingID: h.key.meeting, Ids: ids, People: people, At: now, RoomID: room}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, people := range by {
		h.quality.forget(people...)
	}
	for _, id := range slices.Sorted(maps.Keys(moves)) {
		h.shift(server, id, moves[id])
	}
	return nil
}

// shift gives somebody a seat in another room. Who has no connection just now sits there when they are back.
func (h *hall) shift(server *sfu.Server, id, room string) {
	at, role, there := h.live.Conn(id)
	if !there {
		return
	}
	c, ok := at.(*conn) // only connections of ours are there
	if !ok {
		h.live.Move(id, room, nil, nil)
		return
	}
	seat, err := h.seat(server, c, id, room, role)
	if err != nil {
		// The page comes back, and is given its seat there.
		h.live.Move(id, room, nil, h.joined("", c))
		c.Close(live.Restart)
		return
	}
	h.live.Move(id, room, seat, h.joined("", c))
}

// seat takes a seat on the media server for a connection.
func (h *hall) seat(server *sfu.Server, c *conn, id, room, role string) (seat *sfu.Participant, err error) {
	for range 3 {
		// A room that its last one has just left is closed: the next one of the name is another.
		if seat, err = server.Room(h.roomName(room)).Join(id, live.RightsOf(role), c.session.Event); !errors.Is(err, sfu.ErrClosed) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	if room == "" {
		h.tapeRoom()
	}
	c.session.Sit(seat)
	return seat, nil
}

// joined answers a message with how the meeting stands.
func (h *hall) joined(message string, c *conn) func(*signalv1.Joined) []byte {
	return func(j *signalv1.Joined) []byte {
		j.MayRecord = mayRecord(c.ctx)
		j.Version, j.IceServers = signal.Version, h.s.media.relays(j.GetParticipant())
		return answering(message, &signalv1.FromServer{What: &signalv1.FromServer_Joined{Joined: j}})
	}
}

// sayAll writes a line into every breakout room, and shows it to everybody at once.
func (h *hall) sayAll(ctx context.Context, by, text string) error {
	text, err := field.Text("breakout.text", text)
	if err != nil || text == "" {
		return signal.Refuse(signal.ReasonMessage, "breakout.text")
	}
	person, err := uuid.Parse(by)
	if err != nil {
		return err
	}
	who, err := h.live.Speech(by)
	if err != nil {
		return err
	}
	list, _ := h.live.RoomList()
	now := time.Now()
	lines := make([]db.InsertLineParams, len(list))
	for i, b := range list {
		_, room, err := pair(by, b.ID)
		if err != nil {
			return err
		}
		lines[i] = db.InsertLineParams{MeetingID: h.key.meeting, ID: tenant.NewID(), PersonID: person, At: now, Text: text, RoomID: &room}
	}
	err = h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for _, l := range lines {
			if err := h.s.sql.InsertLine(ctx, tx, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, b := range list {
		h.live.SaidIn(b.ID, &signalv1.Line{Id: lines[i].ID.String(), Participant: by, Name: who, Text: text, At: now.UnixMilli()})
	}
	h.live.Notify(&signalv1.Notice{What: "said", Name: who, Text: text})
	return nil
}

// later has those who only listen told what is new, a moment from now.
func (h *hall) later() {
	time.AfterFunc(live.Beat*time.Millisecond, h.live.Flush)
}
