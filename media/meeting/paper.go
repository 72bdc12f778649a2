package meeting

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	agendav1 "gonghui/media/meeting/agenda/v1"
	"gonghui/media/meeting/filekind"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// For whom a paper is.
const (
	forAll   = "all"
	forHosts = "hosts"
	forNamed = "named"
	inChat   = "chat" // for those in the room in which it was sent
)

const (
	papersJob = "meeting.papers"
	// lookFor is how long an address is good at which a paper is looked at in the page; fetchFor one from which it is kept.
	lookFor, fetchFor = 30 * time.Minute, 5 * time.Minute
	// unarrivedFor is how long a file may be on its way, more than the edge gives it.
	unarrivedFor = 30 * time.Minute
)

// reader is who looks at the papers of a meeting.
type reader struct {
	identity uuid.UUID // Nil: a guest
	manages  bool      // holds the meeting, or manages those of others
	leads    bool      // as host or co-host
	invited  bool      // the plan is for them
	comes    bool      // may come without being asked anything, or has come
	in       bool      // has come, and was not sent out
}

func (r *reader) is(identity uuid.UUID) bool { return identity != uuid.Nil && identity == r.identity }

// sees tells whether a paper is for somebody; named: they are named with it.
func (r *reader) sees(who string, named bool) bool {
	switch {
	case r.manages:
		return true
	case !r.comes:
		return false
	case who == forHosts:
		return r.leads
	case who == forNamed:
		return named
	case who == inChat:
		return r.in
	}
	return who == forAll
}

// readerOf is whoever has a session in the context, before the papers of a meeting.
func (s *Service) readerOf(ctx context.Context, tx tenant.DBTX, m *db.Meeting) (*reader, error) {
	me := tenant.SubjectFrom(ctx)
	if me == nil || me.App != uuid.Nil {
		return &reader{}, nil
	}
	roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: me.Identity, Meetings: []uuid.UUID{m.ID}})
	if err != nil {
		return nil, err
	}
	p, err := absent(s.sql.PersonByIdentity(ctx, tx, db.PersonByIdentityParams{MeetingID: m.ID, IdentityID: &me.Identity}))
	if err != nil {
		return nil, err
	}
	role := planRole(m, me.Identity, first(roles))
	r := &reader{identity: me.Identity, manages: mayManage(ctx, m), invited: role != "", leads: live.Leads(role)}
	// Who is neither named nor has been let in may have to show a password or wait at the door.
	r.comes = len(roles) > 0 || role == live.Host || role != "" && m.Password == nil && !m.WaitingRoom
	r.has(p)
	return r, nil
}

// readerAt is somebody in the meeting, by their seat.
func (s *Service) readerAt(ctx context.Context, tx tenant.DBTX, m *db.Meeting, person uuid.UUID) (*reader, error) {
	r := &reader{}
	if m.State != running {
		return r, nil
	}
	people, err := s.sql.ListPeople(ctx, tx, db.ListPeopleParams{MeetingID: m.ID, Ids: []uuid.UUID{person}})
	if err != nil || len(people) == 0 {
		return r, err
	}
	if id := people[0].IdentityID; id != nil {
		r.identity, r.manages = *id, *id == m.HostID
	}
	r.has(&people[0])
	return r, nil
}

// has takes over what became of somebody who came to the meeting. No guest sees what is for those who lead.
func (r *reader) has(p *db.MeetingPerson) {
	if p == nil {
		return
	}
	switch p.State {
	case stateIn:
		r.comes, r.in = true, true
		r.leads = r.leads || live.Leads(p.Role) && p.IdentityID != nil
	case stateOut, stateRefused:
		r.comes, r.leads = false, false
	}
}

// readable is a paper or a file of the chat with its meeting, if it is for somebody.
func (s *Service) readable(ctx context.Context, tx tenant.DBTX, id uuid.UUID, who func(*db.Meeting) (*reader, error)) (p db.GetPaperRow, r *reader, err error) {
	if p, err = s.sql.GetPaper(ctx, tx, id); err != nil {
		return p, nil, orNot(err, errNoPaper)
	}
	m, err := s.sql.GetMeeting(ctx, tx, p.MeetingID)
	if err != nil {
		return p, nil, err
	}
	if r, err = who(&m); err != nil {
		return p, nil, err
	}
	named := false
	if p.Access == forNamed && r.identity != uuid.Nil {
		if named, err = s.sql.IsReader(ctx, tx, db.IsReaderParams{PaperID: id, IdentityID: r.identity}); err != nil {
			return p, nil, err
		}
	}
	if !p.Arrived || !r.sees(p.Access, named) {
		err = errNoPaper
	}
	return p, r, err
}

// addressed makes an address of a file, and records for whom. as: the seat of somebody without a session; empty: it goes by the session.
func (s *Service) addressed(ctx context.Context, tx tenant.DBTX, p *db.GetPaperRow, r *reader, as, watermark string, keep bool) (*agendav1.PaperAddress, error) {
	may := p.Download || r.manages
	if keep && !may {
		return nil, errPaperLook
	}
	good, save, who := lookFor, "", ""
	if as != "" {
		who = watermark
	}
	if keep {
		good, save = fetchFor, "1"
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.paper.save", Kind: "meeting_paper", Object: p.ID.String(), Reason: who})
	} else {
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.paper.open", Kind: "meeting_paper", Object: p.ID.String(), Reason: who})
	}
	until := time.Now().Add(good).Truncate(time.Second)
	q := url.Values{"until": {strconv.FormatInt(until.Unix(), 10)}}
	if save != "" {
		q.Set("save", save)
	}
	if as != "" {
		q.Set("as", as)
	}
	q.Set("sign", s.signPaper(p.ID, as, r.identity, q.Get("until"), save))
	return &agendav1.PaperAddress{
		Url: "/v1/papers/" + p.ID.String() + "/file?" + q.Encode(), Until: timestamppb.New(until), Watermark: watermark, Name: p.Name, Kind: p.Kind, Download: may,
	}, nil
}

// signPaper is what makes an address good for one seat, or one identity, and no other.
func (s *Service) signPaper(id uuid.UUID, as string, identity uuid.UUID, until, save string) string {
	who := as
	if as == "" {
		who = "identity " + identity.String()
	}
	return s.keys.Digest("meeting_paper", strings.Join([]string{id.String(), who, until, save}, "|"))
}

// OpenPaper gives an address of a file that is for the caller.
func (s *agendas) OpenPaper(ctx context.Context, in *meetingv1.OpenPaperRequest) (*agendav1.PaperAddress, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	watermark, err := s.markOf(ctx)
	if err != nil {
		return nil, err
	}
	var out *agendav1.PaperAddress
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		p, r, err := s.readable(ctx, tx, id, func(m *db.Meeting) (*reader, error) { return s.readerOf(ctx, tx, m) })
		if err == nil && p.RoomID != nil && !r.manages {
			err = errNoPaper // afterwards each room's chat is for who holds the meeting
		}
		if err == nil {
			out, err = s.addressed(ctx, tx, &p, r, "", watermark, in.GetDownload())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// file answers with a file, or a range of it, to whom the address was given. Whether it is still for them is looked up anew.
func (s *agendas) file(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := open(ctx); err != nil {
		return err
	}
	id, err := field.ID("id", path.Base(path.Dir(r.URL.Path)))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	as, identity := q.Get("as"), uuid.Nil
	if me := tenant.SubjectFrom(ctx); as == "" && me != nil && access.Check(ctx, "meeting.join") == nil {
		identity = me.Identity
	}
	until, err := strconv.ParseInt(q.Get("until"), 10, 64)
	if err != nil || time.Now().Unix() > until || as == "" && identity == uuid.Nil ||
		!hmac.Equal([]byte(q.Get("sign")), []byte(s.signPaper(id, as, identity, q.Get("until"), q.Get("save")))) {
		return errPaperWay
	}
	// What is looked at in the page is no page of its own.
	if q.Get("save") == "" && r.Header.Get("Sec-Fetch-Dest") == "document" {
		return errPaperWay
	}
	var p db.GetPaperRow
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		p, _, err = s.readable(ctx, tx, id, func(m *db.Meeting) (*reader, error) {
			if as == "" {
				return s.readerOf(ctx, tx, m)
			}
			person, err := uuid.Parse(as)
			if err != nil {
				return nil, errPaperWay
			}
			return s.readerAt(ctx, tx, m, person)
		})
		return err
	})
	if err != nil {
		return err
	}
	kind, _ := filekind.Named(p.Kind)
	h := w.Header()
	h.Set("Content-Type", kind.Type)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	how := "inline"
	if q.Get("save") != "" || !kind.Look {
		how = "attachment"
	}
	h.Set("Content-Disposition", how+`; filename="file.`+kind.Ends[0]+`"; filename*=UTF-8''`+url.PathEscape(p.Name))
	body := &ranged{ctx: ctx, files: s.host.Files(), key: paperKey(ctx, p.MeetingID, id), size: p.Size}
	defer body.Close()
	http.ServeContent(w, r, "", p.At, body)
	return nil
}

// paperPrefix is under what the files of a meeting are in the store.
func paperPrefix(ctx context.Context, meeting uuid.UUID) string {
	return "papers/" + tenant.From(ctx).Code + "/" + meeting.String() + "/"
}

func paperKey(ctx context.Context, meeting, id uuid.UUID) string {
	return paperPrefix(ctx, meeting) + id.String()
}

// putUp is what is said of a paper, checked.
type putUp struct {
	item     *uuid.UUID
	access   string
	readers  []uuid.UUID
	download bool
}

// readPutUp checks what is said of a paper of a meeting.
func (s *Service) readPutUp(ctx context.Context, tx tenant.DBTX, m *db.Meeting, item, who string, readers []string, download bool) (p putUp, err error) {
	p = putUp{access: who, download: download}
	if item != "" {
		id, err := field.ID("itemId", item)
		if err != nil {
			return p, err
		}
		items, err := s.sql.ListItems(ctx, tx, m.ID)
		if err != nil {
			return p, err
		}
		if !slices.ContainsFunc(items, func(i db.ListItemsRow) bool { return i.ID == id }) {
			return p, errItem
		}
		p.item = &id
	}
	if who != forNamed {
		return p, nil
	}
	for _, one := range readers {
		id, err := field.ID("readers", one)
		if err != nil {
			return p, err
		}
		if !slices.Contains(p.readers, id) {
			p.readers = append(p.readers, id)
		}
	}
	if len(p.readers) == 0 {
		return p, errReaders
	}
	rows, err := s.sql.InvitedOf(ctx, tx, db.InvitedOfParams{MeetingID: m.ID, Identities: p.readers})
	if err == nil && len(rows) != len(p.readers) {
		err = errReaders
	}
	return p, err
}

func (s *Service) putReaders(ctx context.Context, tx tenant.DBTX, id uuid.UUID, readers []uuid.UUID) error {
	if err := s.sql.ClearReaders(ctx, tx, id); err != nil || len(readers) == 0 {
		return err
	}
	return s.sql.InsertReaders(ctx, tx, db.InsertReadersParams{PaperID: id, Identities: readers})
}

// ownPaper locks a paper of a meeting that the caller may change; who may not is told of a paper only where it is for them.
func (s *agendas) ownPaper(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (p db.LockPaperRow, m db.Meeting, err error) {
	if _, _, err = s.readable(ctx, tx, id, func(m *db.Meeting) (*reader, error) { return s.readerOf(ctx, tx, m) }); err != nil {
		return p, m, err
	}
	if p, err = s.sql.LockPaper(ctx, tx, id); err != nil {
		return p, m, orNot(err, errNoPaper)
	}
	if p.Access == inChat {
		return p, m, errNoPaper
	}
	m, err = s.own(ctx, tx, p.MeetingID)
	return p, m, err
}

// UpdatePaper changes what is said of a paper.
func (s *agendas) UpdatePaper(ctx context.Context, in *meetingv1.UpdatePaperRequest) (*agendav1.Agenda, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	called, err := fileName("name", in.GetName())
	if err != nil {
		return nil, err
	}
	var out *agendav1.Agenda
	meeting := uuid.Nil
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		p, m, err := s.ownPaper(ctx, tx, id)
		if err != nil {
			return err
		}
		meeting = m.ID
		said, err := s.readPutUp(ctx, tx, &m, in.GetItemId(), in.GetAccess(), in.GetReaders(), in.GetDownload())
		if err != nil {
			return err
		}
		kind, _ := filekind.Named(p.Kind)
		if !kind.Look && !said.download {
			return errOnlyLook
		}
		seen, err := paperNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		err = s.sql.UpdatePaper(ctx, tx, db.UpdatePaperParams{
			ID: id, ItemID: said.item, Name: kind.Call(called, longestName), Access: said.access, Download: said.download,
		})
		if err != nil {
			return err
		}
		if err := s.putReaders(ctx, tx, id, said.readers); err != nil {
			return err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: "meeting.paper.update"}); err != nil {
			return err
		}
		r, err := s.readerOf(ctx, tx, &m)
		if err == nil {
			out, err = s.agendaFor(ctx, tx, &m, r)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx, meeting, "agenda", struct{}{})
	return out, nil
}

// DeletePaper removes a paper.
func (s *agendas) DeletePaper(ctx context.Context, in *meetingv1.DeletePaperRequest) (*meetingv1.DeletePaperReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	meeting := uuid.Nil
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		_, m, err := s.ownPaper(ctx, tx, id)
		if err != nil {
			return err
		}
		meeting = m.ID
		if err := paperNoun.Gone(ctx, tx, tenant.Act{Act: "meeting.paper.delete"}, id); err != nil {
			return err
		}
		if err := s.sql.DeletePaper(ctx, tx, id); err != nil {
			return err
		}
		return tenant.Enqueue(tx, papersJob, filing{m.ID})
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx, meeting, "agenda", struct{}{})
	return &meetingv1.DeletePaperReply{}, nil
}

// clearPapers removes the papers of a meeting that is called off.
func (s *Service) clearPapers(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) error {
	n, err := s.sql.ClearPapers(ctx, tx, meeting)
	if err != nil || n == 0 {
		return err
	}
	return tenant.Enqueue(tx, papersJob, filing{meeting})
}

// filing is the argument of the job that brings files and tables in line.
type filing struct {
	Meeting uuid.UUID `json:"meeting"`
}

// settlePapers forgets files that did not arrive, and deletes what is stored of those that are not known. An object is there only after its
// row, so one that is listed first and not known afterwards is nobody's.
func (s *Service) settlePapers(ctx context.Context, args json.RawMessage) error {
	var f filing
	if err := json.Unmarshal(args, &f); err != nil {
		return err
	}
	prefix := paperPrefix(ctx, f.Meeting)
	for after := ""; ; {
		page, next, err := s.host.Files().List(ctx, prefix, after, 0)
		if err != nil {
			return err
		}
		var known []uuid.UUID
		err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			if err := s.sql.DropUnarrived(ctx, tx, db.DropUnarrivedParams{MeetingID: f.Meeting, Before: time.Now().Add(-unarrivedFor)}); err != nil {
				return err
			}
			var err error
			known, err = s.sql.PaperIDs(ctx, tx, f.Meeting)
			return err
		})
		if err != nil {
			return err
		}
		for _, one := range page {
			id, err := uuid.Parse(strings.TrimPrefix(one.Key, prefix))
			if err == nil && slices.Contains(known, id) {
				continue
			}
			if err := s.host.Files().Delete(ctx, one.Key); err != nil {
				return err
			}
		}
		if after = next; next == "" {
			return nil
		}
	}
}

// fileOf is the file that stands at a line of the chat; nil: there is none.
func fileOf(l *db.ListLinesRow) *agendav1.ChatFile {
	if l.FileID == nil {
		return nil
	}
	return &agendav1.ChatFile{Id: l.FileID.String(), Name: *l.FileName, Kind: *l.FileKind, Size: *l.FileSize}
}
