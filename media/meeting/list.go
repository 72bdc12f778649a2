package meeting

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/day"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// after is where a page of meetings ended.
type after struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

const meetingsSize = 50

// Bounds of time and of ids, for a list that is not bound.
var (
	longAgo = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	never   = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	lastID  = uuid.Max
)

// ListMeetings pages through the meetings of the body.
func (s *Service) ListMeetings(ctx context.Context, in *meetingv1.ListMeetingsRequest) (*meetingv1.ListMeetingsReply, error) {
	return s.list(ctx, in, true)
}

// ListOwnMeetings pages through those that concern the caller.
func (s *Service) ListOwnMeetings(ctx context.Context, in *meetingv1.ListMeetingsRequest) (*meetingv1.ListMeetingsReply, error) {
	return s.list(ctx, in, false)
}

func (s *Service) list(ctx context.Context, in *meetingv1.ListMeetingsRequest, whole bool) (*meetingv1.ListMeetingsReply, error) {
	query, err := field.Line("query", in.GetQuery())
	if err != nil {
		return nil, err
	}
	past := in.GetState() == "past"
	from := after{At: longAgo}
	if past {
		from = after{never, lastID}
	}
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), meetingsSize)
	arg := db.ListAheadParams{
		Now: time.Now(), AfterAt: from.At, After: from.ID, FromAt: longAgo, ToAt: never, Query: strings.ToLower(query), Whole: whole,
		Self: tenant.SubjectFrom(ctx).Identity, Size: size + 1,
	}
	if in.GetDay() != "" {
		d, err := field.Day("day", in.GetDay())
		if err != nil {
			return nil, err
		}
		arg.FromAt = time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, day.Zone)
		arg.ToAt = arg.FromAt.AddDate(0, 0, 1)
	}
	reply := &meetingv1.ListMeetingsReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		var rows []db.Meeting
		var err error
		if past {
			rows, err = s.sql.ListPast(ctx, tx, db.ListPastParams(arg))
		} else {
			rows, err = s.sql.ListAhead(ctx, tx, arg)
		}
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(m db.Meeting) any { return after{m.StartsAt, m.ID} })
		ids := make([]uuid.UUID, len(rows))
		for i, m := range rows {
			ids[i] = m.ID
		}
		roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: arg.Self, Meetings: ids})
		if err != nil {
			return err
		}
		invited := map[uuid.UUID]string{}
		for _, r := range roles {
			invited[r.MeetingID] = r.Role
		}
		links, err := s.links(ctx, tx, ids)
		if err != nil {
			return err
		}
		reply.Meetings = nil
		for i := range rows {
			m, err := s.told(ctx, underLink(&rows[i], links), invited[rows[i].ID])
			if err != nil {
				return err
			}
			reply.Meetings = append(reply.Meetings, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// planRole is what a person with a place in the body is in a meeting by its plan; empty: they are not invited.
func planRole(m *db.Meeting, identity uuid.UUID, invited string) string {
	switch {
	case identity == m.HostID:
		return live.Host
	case invited != "":
		return invited
	case m.OpenTo == "invited":
		return ""
	}
	return comesAs(m)
}

// comesAs is what those are who come without being named.
func comesAs(m *db.Meeting) string {
	if m.Audience {
		return live.Audience
	}
	return live.Speaker
}

// told is a row as the caller may know it, without the invitees.
func (s *Service) told(ctx context.Context, m *db.Meeting, invited string) (*meetingv1.Meeting, error) {
	out := &meetingv1.Meeting{
		Id: m.ID.String(), Number: m.Number, Title: m.Title, StartsAt: timestamppb.New(m.StartsAt), Minutes: int32(m.EndsAt.Sub(m.StartsAt) / time.Minute),
		State: m.State, BeganAt: stamp(m.BeganAt), EndedAt: stamp(m.EndedAt), OpenTo: m.OpenTo, WaitingRoom: m.WaitingRoom, Locked: m.Locked,
		HasPassword: m.Password != nil, Page: s.page(ctx, m), HostIdentityId: m.HostID.String(), HostName: m.HostName,
		OwnRole: planRole(m, tenant.SubjectFrom(ctx).Identity, invited), MayManage: mayManage(ctx, m), Audience: m.Audience, Version: m.Version,
	}
	if m.State == running {
		n, err := s.presentIn(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		out.Present = int32(n)
	}
	if !out.MayManage {
		return out, nil
	}
	var err error
	if m.Password != nil {
		if out.Password, err = s.keys.Open(passwordColumn, *m.Password); err != nil {
			return nil, err
		}
	}
	if m.OpenTo == "anyone" {
		key, err := s.keys.Open(keyColumn, m.GuestKey)
		if err != nil {
			return nil, err
		}
		out.Link = out.Page + "#key=" + key
	}
	return out, nil
}

func stamp(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

// page is where people go who come to a meeting.
func (s *Service) page(ctx context.Context, m *db.Meeting) string {
	return s.host.Scheme() + "://" + tenant.From(ctx).Code + "." + s.host.Base() + "/meet/" + m.Number
}

// answer fills a reply from a row, with those invited.
func (s *Service) answer(ctx context.Context, tx tenant.DBTX, reply *meetingv1.Meeting, m *db.Meeting) error {
	rows, err := s.sql.ListInvitees(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	me, invited := tenant.SubjectFrom(ctx), ""
	for _, i := range rows {
		if i.IdentityID == me.Identity {
			invited = i.Role
		}
	}
	if invited == "" {
		roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: me.Identity, Meetings: []uuid.UUID{m.ID}}) // by a group
		if err != nil {
			return err
		}
		invited = first(roles)
	}
	links, err := s.links(ctx, tx, []uuid.UUID{m.ID})
	if err != nil {
		return err
	}
	out, err := s.told(ctx, underLink(m, links), invited)
	if err != nil {
		return err
	}
	option, err := absent(s.sql.GetOption(ctx, tx, m.ID))
	if err != nil {
		return err
	}
	out.Watermark = option != nil && option.Watermark
	if err := s.tellArranged(ctx, tx, out, m.ID); err != nil {
		return err
	}
	for _, i := range rows {
		out.Invitees = append(out.Invitees, &meetingv1.Invitee{IdentityId: i.IdentityID.String(), Role: i.Role, Name: i.Name, Home: i.Home})
	}
	targets, err := s.sql.ListTargets(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	out.Targets = targetsOf(targets)
	if out.Series, err = s.seriesOf(ctx, tx, m.ID); err != nil {
		return err
	}
	fill(reply, out)
	return nil
}

// GetMeeting returns one that the caller may know of.
func (s *Service) GetMeeting(ctx context.Context, in *meetingv1.GetMeetingRequest) (*meetingv1.Meeting, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.Meeting{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.GetMeeting(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		if err := s.answer(ctx, tx, reply, &m); err != nil {
			return err
		}
		if reply.GetOwnRole() == "" && access.Check(ctx, "meeting.read") != nil {
			return errNoMeeting
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// ListInvitable pages through the people of the body.
func (s *Service) ListInvitable(ctx context.Context, in *meetingv1.ListInvitableRequest) (*meetingv1.ListInvitableReply, error) {
	var from after
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 20)
	req := &identityv1.ListPeopleRequest{
		Query: in.GetQuery(), Size: size + 1, Roles: []string{"admin", "officer", "member", "system_admin", "security_admin", "audit_admin"},
	}
	if from.ID != uuid.Nil {
		req.AfterId = from.ID.String()
	}
	found, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, req)
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.ListInvitableReply{}
	var people []*identityv1.Placed
	people, reply.NextPageToken = page.Cut(found.GetPeople(), size, func(p *identityv1.Placed) any {
		id, _ := uuid.Parse(p.GetIdentityId()) // of our own making
		return after{ID: id}
	})
	for _, p := range people {
		reply.People = append(reply.People, &meetingv1.Invitable{IdentityId: p.GetIdentityId(), Name: p.GetName(), Role: p.GetRole()})
	}
	// Behind the last of the body come those of other bodies who have been at a meeting here, as many as a search tells apart.
	if reply.NextPageToken != "" || in.GetQuery() == "" {
		return reply, nil
	}
	return reply, s.addAway(ctx, in.GetQuery(), reply)
}
