package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/day"
	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

const (
	// remindJob reminds people of a meeting by text message when the time for it has come.
	remindJob = "meeting.remind"
	// remindPage is how many are told at a time: a killed server takes up behind the last page, and identity tells nobody twice.
	remindPage = 100
	// mostReminders are shown together.
	mostReminders = 20
	// longestTitle is how much of a title a text message has room for.
	longestTitle = 24
)

// due is the argument of the job: the meeting as it was planned when the job was made. One that was moved has other jobs.
type due struct {
	Meeting uuid.UUID `json:"meeting"`
	Starts  time.Time `json:"starts"`
	Lead    int16     `json:"lead"` // minutes
	After   uuid.UUID `json:"after"`
}

// enqueueReminders has the text messages of a meeting sent in their time; what would be late is left to the banner.
func enqueueReminders(tx tenant.DBTX, meeting uuid.UUID, starts time.Time, r reminders) error {
	if !r.Text {
		return nil
	}
	for _, lead := range []int16{r.First, r.Second} {
		in := time.Until(starts.Add(-time.Duration(lead) * time.Minute))
		if lead == 0 || in < 0 {
			continue
		}
		if err := tenant.EnqueueIn(tx, in, remindJob, due{Meeting: meeting, Starts: starts, Lead: lead}); err != nil {
			return err
		}
	}
	return nil
}

// reminded is a meeting of which people are told, of this body or of another one.
type reminded struct {
	title, number, body, state string
	starts                     time.Time
	reminders
}

// remind is the job: one page of people, and another job for those after it.
func (s *Service) remind(ctx context.Context, args json.RawMessage) error {
	var d due
	if err := json.Unmarshal(args, &d); err != nil {
		return err
	}
	var m *reminded
	var ids []string
	var pointers []db.MeetingPointer
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		ids, pointers = nil, nil
		if m, err = s.remindedHere(ctx, tx, d.Meeting); err != nil {
			return err
		}
		if m == nil {
			pointers, err = s.sql.PointersTo(ctx, tx, d.Meeting)
			return err
		}
		who, err := s.sql.ToRemind(ctx, tx, db.ToRemindParams{MeetingID: d.Meeting, After: d.After, Size: remindPage})
		for _, id := range who {
			ids = append(ids, id.String())
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(pointers) > 0 {
		p := &pointers[0]
		m = &reminded{p.Title, p.Number, p.BodyName, p.State, p.StartsAt, reminders{p.RemindFirst, p.RemindSecond, p.RemindText}}
	}
	now := time.Now()
	if m == nil || !m.Text || m.state != planned && m.state != running || !m.starts.Equal(d.Starts) || d.Lead != m.First && d.Lead != m.Second || now.After(m.starts) {
		return nil // called off, moved, or to be told otherwise by now
	}
	if len(pointers) > 0 {
		if ids, err = s.pointedAt(ctx, pointers, d.After); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.tellByText(ctx, &d, m, ids)
}

// remindedHere is a meeting of this body; nil: it is of another one.
func (s *Service) remindedHere(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (*reminded, error) {
	m, err := absent(s.sql.GetMeeting(ctx, tx, id))
	if m == nil {
		return nil, err
	}
	links, err := s.links(ctx, tx, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	r, err := s.remindersOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	told := underLink(m, links)
	return &reminded{m.Title, told.Number, tenant.From(ctx).Name, m.State, m.StartsAt, r}, nil
}

// pointedAt are those of this body who are invited to a meeting of another one, by their ids, a page behind one of them.
func (s *Service) pointedAt(ctx context.Context, pointers []db.MeetingPointer, after uuid.UUID) ([]string, error) {
	var ids []string
	for _, p := range pointers {
		if p.IdentityID != uuid.Nil {
			ids = append(ids, p.IdentityID.String())
		}
	}
	if len(ids) < len(pointers) {
		ask := &identityv1.ListPeopleRequest{Roles: []string{"admin", "officer"}, Size: remindPage}
		if after != uuid.Nil {
			ask.AfterId = after.String()
		}
		staff, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, ask)
		if err != nil {
			return nil, err
		}
		for _, p := range staff.GetPeople() {
			ids = append(ids, p.GetIdentityId())
		}
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id <= after.String() })
	return ids[:min(len(ids), remindPage)], nil
}

// tellByText has a page of people told.
func (s *Service) tellByText(ctx context.Context, d *due, m *reminded, page []string) error {
	last, err := uuid.Parse(page[len(page)-1])
	if err != nil {
		return err
	}
	coming, err := s.coming(ctx, d.Meeting, page)
	if err != nil {
		return err
	}
	told := &identityv1.SendNoticeReply{}
	if len(coming) > 0 {
		title := []rune(m.title)
		if len(title) > longestTitle {
			title = append(title[:longestTitle-1], '…')
		}
		told, err = identityv1.NewNoticeServiceClient(s.conn("identity")).SendNotice(ctx, &identityv1.SendNoticeRequest{
			Key:         fmt.Sprintf("meeting.remind/%s/%d/%d", d.Meeting, d.Starts.Unix(), d.Lead),
			IdentityIds: coming, Template: "meeting_reminder",
			Params: &identityv1.NoticeParams{Title: string(title), Body: m.body, When: m.starts.In(day.Zone).Format("01-02 15:04"), Number: m.number},
		})
		if err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if told.GetSent()+told.GetHeld()+told.GetFailed() > 0 {
			tenant.Audit(ctx, tx, tenant.Act{
				Act: "meeting.remind", Kind: "meeting", Object: d.Meeting.String(), Reason: fmt.Sprintf("%d/%d/%d", told.GetSent(), told.GetHeld(), told.GetFailed()),
			})
		}
		if len(page) < remindPage {
			return nil
		}
		next := *d
		next.After = last
		return tenant.Enqueue(tx, remindJob, next)
	})
}

// coming are those among some who have not said that they do not come.
func (s *Service) coming(ctx context.Context, meeting uuid.UUID, page []string) (who []string, err error) {
	ids := make([]uuid.UUID, len(page))
	for i, text := range page {
		if ids[i], err = uuid.Parse(text); err != nil {
			return nil, err
		}
	}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		not, err := s.sql.NotComing(ctx, tx, db.NotComingParams{MeetingID: meeting, Identities: ids})
		who = nil
		for i, id := range ids {
			if !slices.Contains(not, id) {
				who = append(who, page[i])
			}
		}
		return err
	})
	return who, err
}

// ListReminders returns the meetings of which the caller is to be reminded now.
func (s *Service) ListReminders(ctx context.Context, _ *meetingv1.ListRemindersRequest) (*meetingv1.ListRemindersReply, error) {
	me := tenant.SubjectFrom(ctx)
	reply := &meetingv1.ListRemindersReply{}
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.DueReminders(ctx, tx, db.DueRemindersParams{Self: me.Identity, Selves: selves(me), Now: time.Now(), Size: mostReminders})
		reply.Reminders = nil
		for _, r := range rows {
			reply.Reminders = append(reply.Reminders, &meetingv1.Reminder{
				MeetingId: r.ID.String(), Number: r.Number, Title: r.Title, StartsAt: timestamppb.New(r.StartsAt), Minutes: minutes(r.StartsAt, r.EndsAt), State: r.State,
				HostName: r.HostName, BodyCode: r.BodyCode, BodyName: r.BodyName, OwnRole: r.Role, DueAt: timestamppb.New(r.DueAt),
			})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// DismissReminder puts away what the caller is reminded of.
func (s *Service) DismissReminder(ctx context.Context, in *meetingv1.DismissReminderRequest) (*meetingv1.DismissReminderReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.concerns(ctx, tx, id, me); err != nil {
			return err
		}
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.dismiss", Kind: "meeting", Object: id.String()})
		return s.sql.Dismiss(ctx, tx, db.DismissParams{MeetingID: id, IdentityID: me.Identity, At: time.Now()})
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.DismissReminderReply{}, nil
}

// concerns is the state of a meeting, here or in another body, that is for the caller.
func (s *Service) concerns(ctx context.Context, tx tenant.DBTX, id uuid.UUID, me *tenant.Subject) (state string, err error) {
	m, err := absent(s.sql.GetMeeting(ctx, tx, id))
	if err != nil {
		return "", err
	}
	if m == nil {
		p, err := s.sql.GetPointer(ctx, tx, db.GetPointerParams{MeetingID: id, Selves: selves(me)})
		return p.State, orNot(err, errNoMeeting)
	}
	roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: me.Identity, Meetings: []uuid.UUID{id}})
	if err == nil && planRole(m, me.Identity, first(roles)) == "" {
		err = errNoMeeting
	}
	return m.State, err
}
