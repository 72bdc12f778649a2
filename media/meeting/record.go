package meeting

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// ListMessages pages back through what was said in the chat.
func (s *Service) ListMessages(ctx context.Context, in *meetingv1.ListMessagesRequest) (*meetingv1.ListMessagesReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	from := after{ID: lastID}
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 50)
	reply := &meetingv1.ListMessagesReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.GetMeeting(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		whole := mayManage(ctx, &m)
		if !whole {
			p, err := s.sql.PersonByIdentity(ctx, tx, db.PersonByIdentityParams{MeetingID: id, IdentityID: &tenant.SubjectFrom(ctx).Identity})
			if err == nil && p.State != stateIn {
				err = errNoMeeting
			}
			if err != nil {
				return orNot(err, errNoMeeting)
			}
		}
		rows, err := s.sql.ListLines(ctx, tx, db.ListLinesParams{MeetingID: id, Before: from.ID, Size: size + 1, Whole: whole})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(l db.ListLinesRow) any { return after{ID: l.ID} })
		names, err := s.roomNames(ctx, tx, id)
		if err != nil {
			return err
		}
		reply.Messages = nil
		for _, l := range rows {
			reply.Messages = append(reply.Messages, &meetingv1.Message{
				Id: l.ID.String(), Participant: l.PersonID.String(), Name: l.Name, Text: l.Text, At: timestamppb.New(l.At), Room: names(l.RoomID), File: fileOf(&l),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// ListAttendance pages through the stays, in the order in which they began.
func (s *Service) ListAttendance(ctx context.Context, in *meetingv1.ListAttendanceRequest) (*meetingv1.ListAttendanceReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var from after
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 100)
	reply := &meetingv1.ListAttendanceReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.sql.GetMeeting(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		if !mayManage(ctx, &m) && access.Check(ctx, "meeting.read") != nil {
			return errNoMeeting
		}
		rows, err := s.sql.ListStays(ctx, tx, db.ListStaysParams{MeetingID: id, After: from.ID, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListStaysRow) any { return after{ID: r.ID} })
		names, err := s.roomNames(ctx, tx, id)
		if err != nil {
			return err
		}
		stays := make([]uuid.UUID, len(rows))
		for i, r := range rows {
			stays[i] = r.ID
		}
		quality, err := s.qualityOf(ctx, tx, id, stays)
		if err != nil {
			return err
		}
		reply.Attendance = nil
		for _, r := range rows {
			reply.Attendance = append(reply.Attendance, &meetingv1.Attendance{
				Id: r.ID.String(), Participant: r.PersonID.String(), Name: r.Name, BodyName: r.BodyName, Post: r.Post, Role: r.Role, Guest: r.Home == "",
				JoinedAt: timestamppb.New(r.JoinedAt), LeftAt: stamp(r.LeftAt), Room: names(r.RoomID),
				Quality: quality[r.ID],
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// roomNames says how the breakout rooms of a meeting are called, those that are no more included.
func (s *Service) roomNames(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) (func(*uuid.UUID) string, error) {
	rooms, err := s.sql.NameRooms(ctx, tx, meeting)
	names := map[uuid.UUID]string{}
	for _, r := range rooms {
		names[r.ID] = r.Name
	}
	return func(id *uuid.UUID) string {
		if id == nil {
			return ""
		}
		return names[*id]
	}, err
}

// absent turns the absence of a row into none.
func absent[R any](row R, err error) (*R, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}
