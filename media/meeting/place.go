package meeting

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// What a taken room is answered with: nothing more is planned, times are called off, or take place without a room.
const (
	takenSkip   = "skip"
	takenOnline = "online"
	// clashesNamed is how many bookings an error names.
	clashesNamed = 3
)

var (
	errNoPlace    = fault.Of(http.StatusNotFound, meetingv1.ArrangeReason_PLACE_NOT_FOUND, "plan.placeId", "没有这个会议室，或已停用", "there is no such room, or it is closed")
	errPlaceKept  = fault.Of(http.StatusForbidden, meetingv1.ArrangeReason_PLACE_KEPT, "plan.placeId", "这个会议室只能由会议管理员预订", "this room is booked by those alone who manage meetings")
	errPlaceName  = fault.Of(http.StatusConflict, meetingv1.ArrangeReason_PLACE_NAME, "place.name", "已有同名的会议室", "another room has this name")
	errPlaceStale = fault.New(http.StatusConflict, meetingv1.ArrangeReason_PLACE_STALE, "会议室已被他人修改，请刷新后再改", "somebody else has changed the room; reload it, then make your change")
	errText       = fault.Field("plan.reminding.text", "您没有用短信提醒参会人的权限", "you may not have people reminded by text message")
)

func placeCard(p *db.MeetingPlace) *meetingv1.MeetingPlace {
	return &meetingv1.MeetingPlace{
		Id: p.ID.String(), Name: p.Name, Location: p.Location, Seats: p.Seats, Equipment: p.Equipment, Bookers: p.Bookers, Closed: p.Closed, Version: p.Version,
	}
}

// book gives the room of a plan to the times of a meeting. The lock on the room keeps others who book it waiting until this is done.
func (s *Service) book(ctx context.Context, tx tenant.DBTX, times []slot, ids []uuid.UUID, p *plan) error {
	was, err := absent(s.sql.PlaceOf(ctx, tx, times[0].id))
	if err != nil {
		return err
	}
	if err := s.sql.DropBookings(ctx, tx, ids); err != nil || p.place == nil {
		return err
	}
	place, err := s.sql.LockPlace(ctx, tx, *p.place)
	if err != nil {
		return orNot(err, errNoPlace)
	}
	if was == nil || was.ID != place.ID {
		switch {
		case place.Closed:
			return errNoPlace
		case place.Bookers == "managers" && access.Check(ctx, "meeting.manage") != nil:
			return errPlaceKept
		}
	}
	ask := db.ClashesParams{PlaceID: place.ID, Meetings: ids}
	for _, t := range times {
		ask.Starts, ask.Ends = append(ask.Starts, t.starts), append(ask.Ends, t.ends)
	}
	clashes, err := s.sql.Clashes(ctx, tx, ask)
	if err != nil {
		return err
	}
	taken := map[int]bool{}
	for _, c := range clashes {
		taken[int(c.Place)-1] = true
	}
	how := p.GetTaken()
	if len(taken) > 0 && (how != takenOnline && how != takenSkip || how == takenSkip && taken[0] || len(times) == 1) {
		return errTaken(place.Name, times, clashes)
	}
	arg := db.PutBookingsParams{PlaceID: place.ID}
	now := time.Now()
	for n, t := range times {
		switch {
		case !taken[n]:
			arg.Meetings, arg.Starts, arg.Ends = append(arg.Meetings, t.id), append(arg.Starts, t.starts), append(arg.Ends, t.ends)
		case how == takenSkip:
			if err := s.callOff(ctx, tx, t.id, now); err != nil {
				return err
			}
		}
	}
	return s.sql.PutBookings(ctx, tx, arg)
}

// errTaken says who has the room, and when. Not what for: that is told by their meetings to whom they are for.
func errTaken(room string, times []slot, clashes []db.ClashesRow) error {
	var held, dates []string
	for _, c := range clashes {
		if date := day.Format(day.Of(times[c.Place-1].starts)); !slices.Contains(dates, date) {
			dates = append(dates, date)
		}
		if len(held) < clashesNamed {
			held = append(held, c.StartsAt.In(day.Zone).Format("01-02 15:04")+"–"+c.EndsAt.In(day.Zone).Format("15:04")+" "+c.HostName)
		}
	}
	text := strings.Join(held, " · ")
	if n := len(clashes) - len(held); n > 0 {
		text += " · +" + strconv.Itoa(n)
	}
	taken := fault.Of(http.StatusConflict, meetingv1.ArrangeReason_PLACE_TAKEN, "plan.placeId", "“"+room+"”已被预订："+text, "“"+room+"” is booked: "+text)
	taken.Metadata["room"], taken.Metadata["held"], taken.Metadata["dates"] = room, text, strings.Join(dates, ",")
	return taken
}

// afterName is where a page of rooms ended.
type afterName struct {
	Name string    `json:"name"`
	ID   uuid.UUID `json:"id"`
}

// ListPlaces pages through the rooms of the body.
func (s *Service) ListPlaces(ctx context.Context, in *meetingv1.ListPlacesRequest) (*meetingv1.ListPlacesReply, error) {
	query, err := field.Line("query", in.GetQuery())
	if err != nil {
		return nil, err
	}
	var from afterName
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	if _, err := field.Line("pageToken", from.Name); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 50)
	reply := &meetingv1.ListPlacesReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.ListPlaces(ctx, tx, db.ListPlacesParams{AfterName: from.Name, After: from.ID, Whole: in.GetWhole(), Query: strings.ToLower(query), Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(p db.MeetingPlace) any { return afterName{p.Name, p.ID} })
		reply.Places = nil
		for i := range rows {
			reply.Places = append(reply.Places, placeCard(&rows[i]))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// readPlace checks what is said of a room.
func readPlace(in *meetingv1.PlaceFields) (name, location, equipment string, err error) {
	if name, err = field.Required("place.name", in.GetName()); err != nil {
		return name, location, equipment, err
	}
	if location, err = field.Line("place.location", in.GetLocation()); err != nil {
		return name, location, equipment, err
	}
	equipment, err = field.Line("place.equipment", in.GetEquipment())
	return name, location, equipment, err
}

// CreatePlace adds a room.
func (s *Service) CreatePlace(ctx context.Context, in *meetingv1.CreatePlaceRequest) (*meetingv1.MeetingPlace, error) {
	name, location, equipment, err := readPlace(in.GetPlace())
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.MeetingPlace{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, in, reply, func() error {
			p, err := s.sql.InsertPlace(ctx, tx, db.InsertPlaceParams{
				ID: tenant.NewID(), Name: name, Location: location, Seats: in.GetPlace().GetSeats(), Equipment: equipment, Bookers: in.GetPlace().GetBookers(),
			})
			if err != nil {
				return orNot(err, errPlaceName)
			}
			fill(reply, placeCard(&p))
			return placeNoun.Made(ctx, tx, tenant.Act{Act: "meeting.place_add"}, p.ID)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// UpdatePlace changes a room. What is booked stays booked.
func (s *Service) UpdatePlace(ctx context.Context, in *meetingv1.UpdatePlaceRequest) (*meetingv1.MeetingPlace, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	name, location, equipment, err := readPlace(in.GetPlace())
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.MeetingPlace{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := s.sql.LockPlace(ctx, tx, id)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return errNoPlace
		case err != nil:
			return err
		case was.Version != in.GetVersion():
			return errPlaceStale
		}
		seen, err := placeNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := s.sql.UpdatePlace(ctx, tx, db.UpdatePlaceParams{
			ID: id, Name: name, Location: location, Seats: in.GetPlace().GetSeats(), Equipment: equipment, Bookers: in.GetPlace().GetBookers(), Closed: in.GetClosed(),
		})
		var pe *pgconn.PgError
		if errors.As(err, &pe) && pe.ConstraintName == "meeting_place_name_key" {
			return errPlaceName // given to another room in this very moment
		}
		if err != nil {
			return orNot(err, errPlaceName)
		}
		fill(reply, placeCard(&p))
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.place_update"})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// ListBookings pages through what rooms are booked for on a day.
func (s *Service) ListBookings(ctx context.Context, in *meetingv1.ListBookingsRequest) (*meetingv1.ListBookingsReply, error) {
	on, err := field.Day("day", in.GetDay())
	if err != nil {
		return nil, err
	}
	last := after{At: longAgo}
	if _, err := page.Parse(in.GetPageToken(), &last); err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	sees := access.Check(ctx, "meeting.read") == nil
	size := page.Size(in.GetPageSize(), 200)
	from := midnight(on)
	arg := db.ListBookingsParams{Self: me.Identity, FromAt: from, ToAt: from.AddDate(0, 0, 1), AfterAt: last.At, After: last.ID, Size: size + 1}
	reply := &meetingv1.ListBookingsReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.ListBookings(ctx, tx, arg)
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListBookingsRow) any { return after{r.StartsAt, r.MeetingID} })
		reply.Bookings = nil
		for _, r := range rows {
			b := &meetingv1.Booking{
				MeetingId: r.MeetingID.String(), PlaceId: r.PlaceID.String(), StartsAt: timestamppb.New(r.StartsAt), EndsAt: timestamppb.New(r.EndsAt),
				HostName: r.HostName, State: r.State,
			}
			if sees || planRole(&db.Meeting{HostID: r.HostID, OpenTo: r.OpenTo}, me.Identity, r.Invited) != "" {
				b.Title = r.Title
			}
			reply.Bookings = append(reply.Bookings, b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}
