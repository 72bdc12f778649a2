package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	agendav1 "gonghui/media/meeting/agenda/v1"
	"gonghui/media/meeting/filekind"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// aboutAgenda answers what somebody in the meeting asks about agenda and files.
func (c *conn) aboutAgenda(ctx context.Context, ask *signalv1.AskAgenda) (*signalv1.FromServer, error) {
	switch ask.GetDo() {
	case "list":
		return c.listAgenda(ctx)
	case "open":
		return c.openPaper(ctx, ask)
	}
	return signal.Done(), c.hall.runItem(ctx, c.person.String(), ask.GetId())
}

func (c *conn) listAgenda(ctx context.Context) (*signalv1.FromServer, error) {
	var out *agendav1.Agenda
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := c.s.sql.GetMeeting(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		r, err := c.s.readerAt(ctx, tx, &m, c.person)
		if err != nil {
			return err
		}
		out, err = c.s.agendaFor(ctx, tx, &m, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Agenda{Agenda: out}}, nil
}

// openPaper gives an address of a paper, or of a file of the chat of the room in which the person is.
func (c *conn) openPaper(ctx context.Context, ask *signalv1.AskAgenda) (*signalv1.FromServer, error) {
	id, err := uuid.Parse(ask.GetId())
	if err != nil {
		return nil, signal.Refuse(signal.ReasonGone, "agenda.id")
	}
	as := ""
	if tenant.SubjectFrom(c.ctx) == nil {
		as = c.person.String()
	}
	room := c.room()
	var out *agendav1.PaperAddress
	err = c.s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		p, r, err := c.s.readable(ctx, tx, id, func(m *db.Meeting) (*reader, error) {
			if m.ID != c.meeting {
				return nil, errNoPaper
			}
			return c.s.readerAt(ctx, tx, m, c.person)
		})
		if err == nil && p.Access == inChat && name(p.RoomID) != name(room) && !r.manages {
			err = errNoPaper
		}
		if err == nil {
			out, err = c.s.addressed(ctx, tx, &p, r, as, c.claims.Mark, ask.GetDownload())
		}
		return err
	})
	switch err {
	case error(errNoPaper):
		return nil, signal.Refuse(signal.ReasonGone, "agenda.id")
	case error(errPaperLook):
		return nil, signal.Refuse(signal.ReasonRight, "agenda.download")
	case nil:
		return &signalv1.FromServer{What: &signalv1.FromServer_Address{Address: out}}, nil
	}
	return nil, err
}

// attach announces a file for the chat.
func (c *conn) attach(ctx context.Context, a *signalv1.Attach) (*signalv1.FromServer, error) {
	called, err := fileName("attach.name", a.GetName())
	if err != nil {
		return nil, signal.Refuse(signal.ReasonMessage, "attach.name")
	}
	who, err := c.hall.live.Sender(c.person.String())
	if err != nil {
		return nil, err
	}
	now := time.Now()
	arg := db.InsertPaperParams{
		ID: tenant.NewID(), MeetingID: c.meeting, PersonID: &c.person, Name: called, Size: int64(a.GetSize()), Access: inChat, Download: true, ByName: who, At: now,
	}
	err = c.hall.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		n, err := c.s.sql.CountPapers(ctx, tx, db.CountPapersParams{MeetingID: c.meeting, PersonID: c.person, Since: now.Add(-time.Minute)})
		switch {
		case err != nil:
			return err
		case n.Recent >= filesAMinute:
			return signal.Refuse(signal.ReasonRate, "attach")
		case n.Files >= mostFiles:
			return signal.Refuse(signal.ReasonFull, "attach")
		}
		if err := c.s.sql.InsertPaper(ctx, tx, arg); err != nil {
			return err
		}
		return tenant.EnqueueIn(tx, unarrivedFor+time.Minute, papersJob, filing{c.meeting})
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Ticket{Ticket: &signalv1.Ticket{Url: c.s.ticket(arg.ID, now), File: arg.ID.String()}}}, nil
}

// arrived shows a file that has come to all who are in the room of who sent it.
func (h *hall) arrived(ctx context.Context, f sent) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.goesOn(); err != nil {
		return err
	}
	var line *signalv1.Line
	err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		line = nil
		p, err := h.s.sql.LockPaper(ctx, tx, f.File)
		if err != nil {
			return err
		}
		if h.over || p.Arrived || p.PersonID == nil || p.MeetingID != h.key.meeting {
			return nil
		}
		id := p.PersonID.String()
		who, err := h.live.Sender(id)
		if err != nil {
			return err
		}
		kind, _ := filekind.Named(f.Kind)
		called := kind.Call(p.Name, longestName)
		row := db.InsertLineParams{MeetingID: h.key.meeting, ID: tenant.NewID(), PersonID: *p.PersonID, At: time.Now(), Text: called, RoomID: idOf(h.live.Place(id))}
		if err := h.s.sql.InsertLine(ctx, tx, row); err != nil {
			return err
		}
		if err := h.s.sql.ArrivePaper(ctx, tx, db.ArrivePaperParams{ID: f.File, Name: called, Kind: f.Kind, Size: f.Size, LineID: &row.ID}); err != nil {
			return err
		}
		if err := paperNoun.Made(ctx, tx, tenant.Act{Act: "meeting.file.send", Reason: who}, f.File); err != nil {
			return err
		}
		line = &signalv1.Line{
			Id: row.ID.String(), Participant: id, Name: who, Text: called, At: row.At.UnixMilli(),
			File: &agendav1.ChatFile{Id: f.File.String(), Name: called, Kind: f.Kind, Size: f.Size},
		}
		return nil
	})
	if err == nil && line != nil {
		h.live.Said(line)
	}
	return err
}

// runItem puts the meeting at an item of its agenda; at none, when there is no id.
func (h *hall) runItem(ctx context.Context, by, item string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return signal.Refuse(signal.ReasonClosed, "")
	}
	if !live.Leads(h.live.Role(by)) {
		return signal.Refuse(signal.ReasonRight, "agenda.do")
	}
	id := idOf(item)
	switch {
	case item != "" && id == nil:
		return signal.Refuse(signal.ReasonGone, "agenda.id")
	case item == h.live.At():
		return nil
	}
	var course *signalv1.Course
	err := h.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		seen, err := courseNoun.See(ctx, tx, h.key.meeting)
		if err != nil {
			return err
		}
		now := time.Now()
		if err := h.s.sql.EndItems(ctx, tx, db.EndItemsParams{MeetingID: h.key.meeting, At: &now}); err != nil {
			return err
		}
		if id != nil {
			n, err := h.s.sql.BeginItem(ctx, tx, db.BeginItemParams{MeetingID: h.key.meeting, ID: *id, At: &now})
			if err != nil {
				return err
			}
			if n == 0 {
				return signal.Refuse(signal.ReasonGone, "agenda.id")
			}
		}
		if course, err = h.s.course(ctx, tx, h.key.meeting); err != nil {
			return err
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.item"})
	})
	if err == nil {
		h.live.SetCourse(course)
	}
	return err
}

// course is where a meeting is in its agenda.
func (s *Service) course(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) (*signalv1.Course, error) {
	items, err := s.sql.ListItems(ctx, tx, meeting)
	if err != nil {
		return nil, err
	}
	c := &signalv1.Course{Items: uint32(len(items)), Version: uint64(time.Now().UnixMicro())}
	for n, i := range items {
		if i.BeganAt != nil && i.EndedAt == nil {
			c.Item, c.Place, c.Title, c.Minutes, c.Began = i.ID.String(), uint32(n+1), i.Title, uint32(i.Minutes), i.BeganAt.UnixMilli()
		}
	}
	return c, nil
}

// refreshAgenda takes over what was changed of the agenda and its papers.
func (h *hall) refreshAgenda(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return nil
	}
	var course *signalv1.Course
	err := h.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		course, err = h.s.course(ctx, tx, h.key.meeting)
		return err
	})
	if err == nil {
		h.live.SetCourse(course)
	}
	return err
}
