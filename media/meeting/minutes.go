package meeting

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/media/meeting/docx"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	// partLength is how many characters a row holds, mostMinutes how many minutes have.
	partLength, mostMinutes = 400, 60_000
	draftPage               = 500
)

// minutesOf is a meeting whose minutes the caller may read; to write them, one that they hold.
func (s *Service) minutesOf(ctx context.Context, tx tenant.DBTX, id uuid.UUID, write bool) (m db.Meeting, err error) {
	if write {
		return s.own(ctx, tx, id)
	}
	m, err = s.sql.GetMeeting(ctx, tx, id)
	if err != nil {
		return m, orNot(err, errNoMeeting)
	}
	if !mayManage(ctx, &m) && access.Check(ctx, "meeting.read") != nil {
		return m, errNoMeeting
	}
	return m, nil
}

// DraftMinutes makes a text out of what is kept of a meeting.
func (s *Service) DraftMinutes(ctx context.Context, in *meetingv1.DraftMinutesRequest) (*meetingv1.MinutesDraft, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var lines []uuid.UUID
	for _, l := range in.GetLines() {
		line, err := field.ID("lines", l)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	var d draft
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		d = draft{}
		m, err := s.minutesOf(ctx, tx, id, false)
		if err != nil {
			return err
		}
		if !mayManage(ctx, &m) {
			return errNotHost
		}
		d.head(&m)
		if in.GetAttendance() {
			if err := s.draftPeople(ctx, tx, id, &d); err != nil {
				return err
			}
		}
		if in.GetAgenda() {
			if err := s.draftAgenda(ctx, tx, id, &d); err != nil {
				return err
			}
		}
		if in.GetCaptions() {
			if err := s.draftCaptions(ctx, tx, id, &d); err != nil {
				return err
			}
		}
		return s.draftChat(ctx, tx, id, lines, &d)
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.MinutesDraft{Text: d.text()}, nil
}

// draft is a text that grows, until it is as long as minutes may be.
type draft struct {
	strings.Builder
	length int
	cut    bool
}

// cutMark stands at the end of what was too long.
const cutMark = "（以下从略）"

func (d *draft) line(text string) {
	n := utf8.RuneCountInString(text) + 1
	if d.cut = d.cut || d.length+n > mostMinutes-utf8.RuneCountInString(cutMark)-1; d.cut {
		return
	}
	d.length += n
	d.WriteString(text)
	d.WriteByte('\n')
}

func (d *draft) text() string {
	if d.cut {
		d.WriteString(cutMark)
	}
	return strings.TrimRight(d.String(), "\n")
}

// head is what every draft begins with. Minutes are papers of the union: they are in Chinese whoever asks.
func (d *draft) head(m *db.Meeting) {
	from, to := m.StartsAt, m.EndsAt
	if m.BeganAt != nil {
		from = *m.BeganAt
	}
	if m.EndedAt != nil {
		to = *m.EndedAt
	}
	d.line("# " + m.Title + "会议纪要")
	d.line("时间：" + from.In(day.Zone).Format("2006年1月2日 15:04") + "—" + to.In(day.Zone).Format("15:04"))
	d.line("形式：视频会议，会议号 " + m.Number[:3] + " " + m.Number[3:6] + " " + m.Number[6:])
	d.line("主持：" + m.HostName)
}

func (s *Service) draftPeople(ctx context.Context, tx tenant.DBTX, id uuid.UUID, d *draft) error {
	var speak, listen []string
	for from := uuid.Nil; ; {
		rows, err := s.sql.SumAttendance(ctx, tx, db.SumAttendanceParams{MeetingID: id, After: from, Size: draftPage})
		if err != nil {
			return err
		}
		for _, p := range rows {
			name := p.Name
			if of := strings.TrimSpace(p.BodyName + " " + p.Post); of != "" {
				name += "（" + of + "）"
			}
			if p.Role == live.Audience {
				listen = append(listen, name)
			} else {
				speak = append(speak, name)
			}
			from = p.ID
		}
		if len(rows) < draftPage {
			break
		}
	}
	d.line("# 参会人员")
	d.line("出席：" + strings.Join(speak, "、"))
	if len(listen) > 0 {
		d.line(fmt.Sprintf("列席（%d 人）：%s", len(listen), strings.Join(listen, "、")))
	}
	return nil
}

func (s *Service) draftCaptions(ctx context.Context, tx tenant.DBTX, id uuid.UUID, d *draft) error {
	begun := false
	for from := uuid.Nil; !d.cut; {
		rows, err := s.sql.ListCaptions(ctx, tx, db.ListCaptionsParams{MeetingID: id, After: from, Size: draftPage})
		if err != nil {
			return err
		}
		for _, c := range rows {
			if !begun {
				d.line("# 会议记录")
				begun = true
			}
			d.line(c.At.In(day.Zone).Format("15:04") + " " + c.Text)
			from = c.ID
		}
		if len(rows) < draftPage {
			break
		}
	}
	return nil
}

func (s *Service) draftChat(ctx context.Context, tx tenant.DBTX, id uuid.UUID, lines []uuid.UUID, d *draft) error {
	if len(lines) == 0 {
		return nil
	}
	rows, err := s.sql.PickLines(ctx, tx, db.PickLinesParams{MeetingID: id, Lines: lines})
	if err != nil || len(rows) == 0 {
		return err
	}
	d.line("# 文字发言")
	for _, l := range rows {
		d.line(l.At.In(day.Zone).Format("15:04") + " " + l.Name + "：" + strings.ReplaceAll(l.Text, "\n", " "))
	}
	return nil
}

// readMinutes is a version, the latest for 0.
func (s *Service) readMinutes(ctx context.Context, tx tenant.DBTX, m *db.Meeting, version int32) (*meetingv1.Minutes, error) {
	latest, err := s.sql.LastMinutes(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	out := &meetingv1.Minutes{Version: version, Latest: latest, MayWrite: mayManage(ctx, m)}
	if version == 0 {
		out.Version = latest
	}
	rows, err := s.sql.GetMinutes(ctx, tx, db.GetMinutesParams{MeetingID: m.ID, Version: out.GetVersion()})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 && out.GetVersion() != 0 {
		return nil, errNoMeeting
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.Text)
		if r.ByName != nil {
			out.ByName, out.At = *r.ByName, stamp(r.At)
		}
	}
	out.Text = b.String()
	return out, nil
}

// GetMinutes returns a version of the minutes.
func (s *Service) GetMinutes(ctx context.Context, in *meetingv1.GetMinutesRequest) (*meetingv1.Minutes, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var out *meetingv1.Minutes
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.minutesOf(ctx, tx, id, false)
		if err == nil {
			out, err = s.readMinutes(ctx, tx, &m, in.GetVersion())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// SaveMinutes keeps a further version.
func (s *Service) SaveMinutes(ctx context.Context, in *meetingv1.SaveMinutesRequest) (*meetingv1.Minutes, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	text, err := field.Text("text", in.GetText())
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, errNoText
	}
	out := &meetingv1.Minutes{}
	now := time.Now()
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.minutesOf(ctx, tx, id, true)
		if err != nil {
			return err
		}
		latest, err := s.sql.LastMinutes(ctx, tx, id)
		if err != nil {
			return err
		}
		if latest != in.GetVersion() {
			return errStale
		}
		seen, err := minutesNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		arg := db.InsertMinutesParams{MeetingID: id, Version: latest + 1, At: &now}
		runes := []rune(text)
		for from := 0; from < len(runes); from += partLength {
			by := ""
			if from == 0 {
				by = tenant.SubjectFrom(ctx).Name
			}
			arg.Parts = append(arg.Parts, int16(len(arg.Parts)))
			arg.Texts = append(arg.Texts, string(runes[from:min(from+partLength, len(runes))]))
			arg.ByNames = append(arg.ByNames, by)
		}
		if err := s.sql.InsertMinutes(ctx, tx, arg); err != nil {
			return err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: "meeting.minutes"}); err != nil {
			return err
		}
		fill(out, &meetingv1.Minutes{
			Version: latest + 1, Latest: latest + 1, Text: text, ByName: tenant.SubjectFrom(ctx).Name, At: timestamppb.New(now), MayWrite: mayManage(ctx, &m),
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// minutesFile sends a version of the minutes as a document: the one that is asked for, or the latest.
func (s *Service) minutesFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := field.ID("id", strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/meetings/"), "/minutes.docx"))
	if err != nil {
		return err
	}
	version := 0
	if text := r.URL.Query().Get("version"); text != "" {
		if version, err = strconv.Atoi(text); err != nil || version < 1 || version > math.MaxInt32 {
			return fault.Field("version", "版本号应为正整数", "a version is a number from 1")
		}
	}
	var minutes *meetingv1.Minutes
	var m db.Meeting
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		var err error
		if m, err = s.minutesOf(ctx, tx, id, false); err != nil {
			return err
		}
		if minutes, err = s.readMinutes(ctx, tx, &m, int32(version)); err != nil {
			return err
		}
		if minutes.GetVersion() == 0 {
			return errNoMinutes
		}
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.minutes_export", Kind: "meeting", Object: id.String()})
		return nil
	})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := docx.Write(&file, minutes.GetText()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": m.Title + "会议纪要.docx"}))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(file.Bytes()) // who has gone away needs no answer
	return nil
}
