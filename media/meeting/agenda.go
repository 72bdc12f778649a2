package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	agendav1 "gonghui/media/meeting/agenda/v1"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

var (
	errPresenter = fault.Field("items", "报告人不在邀请之列，请重新选择或填写姓名", "the presenter is not among those invited; choose again, or write a name")
	errItem      = fault.Field("itemId", "议程已改变，请刷新后重选所属的议程项", "the agenda has changed; reload it and choose the item again")
	errReaders   = fault.Field("readers", "请从受邀人中选择可以查看的人", "choose those who may see it among the invitees")
	errOnlyLook  = fault.Field("download", "这种文件不能在页面中查看，须允许下载", "a file of this kind cannot be looked at in the page: let it be downloaded")
	errNoPaper   = fault.New(http.StatusNotFound, meetingv1.AgendaReason_PAPER_NOT_FOUND, "没有这个文件，或未向您开放", "there is no such file, or it is not for you")
	errPaperLook = fault.New(http.StatusForbidden, meetingv1.AgendaReason_PAPER_KEPT, "这份材料只能在页面中查看，不能下载", "this paper is looked at in the page alone")
	errPaperMany = fault.New(http.StatusConflict, meetingv1.AgendaReason_PAPER_MANY, "文件数量已达上限，请先删除不用的", "there are as many files as a meeting takes; remove some first")
	errPaperWay  = fault.New(http.StatusForbidden, meetingv1.AgendaReason_PAPER_ADDRESS, "文件地址已失效，请重新打开", "the address of the file has run out; open it again")
)

// agendas answers for the agendas and papers of the body in the context.
type agendas struct {
	meetingv1.UnimplementedAgendaServiceServer
	*Service
}

// versionOf tells apart what is planned of an agenda; where the meeting is in it does not count.
func versionOf(items []db.ListItemsRow) string {
	plain := make([]db.ListItemsRow, len(items))
	for i, one := range items {
		one.BeganAt, one.EndedAt = nil, nil
		plain[i] = one
	}
	raw, err := json.Marshal(plain)
	if err != nil {
		panic("meeting: " + err.Error()) // texts, numbers and ids
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// agendaFor is the agenda of a meeting as somebody may know it.
func (s *Service) agendaFor(ctx context.Context, tx tenant.DBTX, m *db.Meeting, r *reader) (*agendav1.Agenda, error) {
	items, err := s.sql.ListItems(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	out := &agendav1.Agenda{MeetingId: m.ID.String(), Version: versionOf(items), MayManage: r.manages}
	for _, i := range items {
		one := &agendav1.AgendaItem{
			Id: i.ID.String(), Title: i.Title, Minutes: int32(i.Minutes), Presenter: i.Presenter, Note: i.Note, BeganAt: stamp(i.BeganAt), EndedAt: stamp(i.EndedAt),
		}
		if r.manages {
			one.PresenterId = name(i.PresenterID)
		}
		out.Items = append(out.Items, one)
	}
	if out.Papers, err = s.papersFor(ctx, tx, m, r); err != nil || !r.manages || len(items) > 0 {
		return out, err
	}
	last, err := absent(s.sql.LastAgenda(ctx, tx, db.LastAgendaParams{ID: m.ID, StartsAt: m.StartsAt, HostID: m.HostID, Title: m.Title}))
	if last != nil {
		out.Last = &agendav1.LastAgenda{MeetingId: last.ID.String(), Title: last.Title, StartsAt: timestamppb.New(last.StartsAt)}
	}
	return out, err
}

// papersFor are those papers of a meeting that are for somebody.
func (s *Service) papersFor(ctx context.Context, tx tenant.DBTX, m *db.Meeting, r *reader) ([]*agendav1.Paper, error) {
	rows, err := s.sql.ListPapers(ctx, tx, m.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	readers, err := s.sql.ListReaders(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	named := map[uuid.UUID][]string{}
	own := map[uuid.UUID]bool{}
	for _, one := range readers {
		named[one.PaperID] = append(named[one.PaperID], one.IdentityID.String())
		own[one.PaperID] = own[one.PaperID] || r.is(one.IdentityID)
	}
	var out []*agendav1.Paper
	for _, p := range rows {
		if !r.sees(p.Access, own[p.ID]) {
			continue
		}
		one := &agendav1.Paper{
			Id: p.ID.String(), ItemId: name(p.ItemID), Name: p.Name, Kind: p.Kind, Size: p.Size, Access: p.Access, Download: p.Download, ByName: p.ByName, At: timestamppb.New(p.At),
		}
		if r.manages {
			one.Readers = named[p.ID]
		}
		out = append(out, one)
	}
	return out, nil
}

// GetAgenda returns that of a meeting that the caller sees.
func (s *agendas) GetAgenda(ctx context.Context, in *meetingv1.GetAgendaRequest) (*agendav1.Agenda, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var out *agendav1.Agenda
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.GetMeeting(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		r, err := s.readerOf(ctx, tx, &m)
		if err != nil {
			return err
		}
		if !r.invited && !r.comes && access.Check(ctx, "meeting.read") != nil {
			return errNoMeeting
		}
		out, err = s.agendaFor(ctx, tx, &m, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateAgenda replaces the items of a meeting.
func (s *agendas) UpdateAgenda(ctx context.Context, in *meetingv1.UpdateAgendaRequest) (*agendav1.Agenda, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	arg, err := readItems(id, in.GetItems())
	if err != nil {
		return nil, err
	}
	var out *agendav1.Agenda
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.ahead(ctx, tx, id)
		if err != nil {
			return err
		}
		before, err := s.sql.ListItems(ctx, tx, id)
		if err != nil {
			return err
		}
		if in.GetVersion() != versionOf(before) {
			return errStale
		}
		put := arg
		if err := s.presenters(ctx, tx, &m, &put); err != nil {
			return err
		}
		known := map[uuid.UUID]bool{}
		for _, one := range before {
			known[one.ID] = true
		}
		put.Ids = make([]uuid.UUID, len(arg.Ids))
		for i, one := range arg.Ids {
			switch {
			case one == uuid.Nil:
				put.Ids[i] = tenant.NewID()
			case !known[one]:
				return fault.Field(fmt.Sprintf("items[%d].id", i), "议程已改变，请刷新后重试", "there is no such item any more; reload the agenda")
			default:
				put.Ids[i] = one
			}
			delete(known, one)
		}
		seen, err := agendaNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.sql.LoosenPapers(ctx, tx, db.LoosenPapersParams{MeetingID: id, Kept: put.Ids}); err != nil {
			return err
		}
		if err := s.sql.DropItems(ctx, tx, db.DropItemsParams{MeetingID: id, Kept: put.Ids}); err != nil {
			return err
		}
		if err := s.sql.PutItems(ctx, tx, put); err != nil {
			return err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: "meeting.agenda"}); err != nil {
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
	s.tell(ctx, id, "agenda", struct{}{})
	return out, nil
}

// ahead is a meeting that the caller may change and that is not over.
func (s *Service) ahead(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (db.Meeting, error) {
	m, err := s.own(ctx, tx, id)
	if err == nil && m.State != planned && m.State != running {
		err = errOver
	}
	return m, err
}

// readItems checks items. New ones have no id yet.
func readItems(meeting uuid.UUID, items []*agendav1.AgendaItem) (db.PutItemsParams, error) {
	arg := db.PutItemsParams{MeetingID: meeting}
	seen := map[uuid.UUID]bool{}
	for i, in := range items {
		at := func(of string) string { return fmt.Sprintf("items[%d].%s", i, of) }
		id, presenter := uuid.Nil, uuid.Nil
		var err error
		if in.GetId() != "" {
			if id, err = field.ID(at("id"), in.GetId()); err != nil {
				return arg, err
			}
			if seen[id] {
				return arg, fault.Field(at("id"), "同一议程项出现了两次", "an item stands there twice")
			}
			seen[id] = true
		}
		title, err := field.Required(at("title"), in.GetTitle())
		if err != nil {
			return arg, err
		}
		who, err := field.Line(at("presenter"), in.GetPresenter())
		if err != nil {
			return arg, err
		}
		if in.GetPresenterId() != "" {
			if presenter, err = field.ID(at("presenterId"), in.GetPresenterId()); err != nil {
				return arg, err
			}
		}
		note, err := field.Text(at("note"), in.GetNote())
		if err != nil {
			return arg, err
		}
		arg.Ids, arg.Places, arg.Titles = append(arg.Ids, id), append(arg.Places, int16(i+1)), append(arg.Titles, title)
		arg.Minutes, arg.Presenters = append(arg.Minutes, int16(in.GetMinutes())), append(arg.Presenters, who)
		arg.PresenterIds, arg.Notes = append(arg.PresenterIds, presenter), append(arg.Notes, note)
	}
	return arg, nil
}

// presenters calls those by their names who are invited, and refuses others.
func (s *Service) presenters(ctx context.Context, tx tenant.DBTX, m *db.Meeting, arg *db.PutItemsParams) error {
	var ids []uuid.UUID
	for _, id := range arg.PresenterIds {
		if id != uuid.Nil && id != m.HostID {
			ids = append(ids, id)
		}
	}
	names := map[uuid.UUID]string{m.HostID: m.HostName}
	if len(ids) > 0 {
		rows, err := s.sql.InvitedOf(ctx, tx, db.InvitedOfParams{MeetingID: m.ID, Identities: ids})
		if err != nil {
			return err
		}
		for _, r := range rows {
			names[r.IdentityID] = r.Name
		}
	}
	who := make([]string, len(arg.Presenters))
	for i, id := range arg.PresenterIds {
		who[i] = arg.Presenters[i]
		if id == uuid.Nil {
			continue
		}
		if who[i] = names[id]; who[i] == "" {
			return errPresenter
		}
	}
	arg.Presenters = who
	return nil
}

// draftAgenda writes the items as headings, in their order.
func (s *Service) draftAgenda(ctx context.Context, tx tenant.DBTX, id uuid.UUID, d *draft) error {
	items, err := s.sql.ListItems(ctx, tx, id)
	if err != nil {
		return err
	}
	for i, one := range items {
		d.line("# " + ordinal(i+1) + "、" + one.Title)
		if one.Presenter != "" {
			d.line("报告人：" + one.Presenter)
		}
		if one.Note != "" {
			d.line(strings.ReplaceAll(one.Note, "\n", " "))
		}
	}
	return nil
}

// ordinal is a number from 1 to 99 as it stands before a heading.
func ordinal(n int) string {
	digits := []rune("一二三四五六七八九")
	out := ""
	if n >= 20 {
		out = string(digits[n/10-1])
	}
	if n >= 10 {
		out += "十"
	}
	if n%10 > 0 {
		out += string(digits[n%10-1])
	}
	return out
}
