package org

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"gonghui/app/kit/cnid"
	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/kit/pinyin"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	working = "working"
	left    = "left"
	// officerSize is the length of a page of officers when the request names none.
	officerSize = 50
	phoneColumn = "officer.phone"
)

// ListOfficers pages through the officers in the order in which they were entered, each with their appointments.
func (s *Service) ListOfficers(ctx context.Context, req *orgv1.ListOfficersRequest) (*orgv1.ListOfficersReply, error) {
	query, err := field.Line("query", req.GetQuery())
	if err != nil {
		return nil, err
	}
	var from after
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	state := req.GetState()
	if state == "" {
		state = working
	}
	size := page.Size(req.GetPageSize(), officerSize)
	reach, err := access.Within(ctx, "org.read")
	if err != nil {
		return nil, err
	}
	reply := &orgv1.ListOfficersReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.ListOfficers(ctx, tx, db.ListOfficersParams{
			After: from.ID, State: state, Query: strings.ToLower(query), Size: size + 1,
			Whole: reach.All, Self: reach.Self, Departments: reach.Departments, Today: day.Today(),
		})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(o db.Officer) any { return after{ID: o.ID} })
		reply.Officers, err = s.officers(ctx, tx, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// officers are rows in the clear, with their appointments, the latest first.
func (s *Service) officers(ctx context.Context, tx tenant.DBTX, rows []db.Officer) ([]*orgv1.Officer, error) {
	out := make([]*orgv1.Officer, len(rows))
	ids := make([]uuid.UUID, len(rows))
	at := map[uuid.UUID]*orgv1.Officer{}
	for i, o := range rows {
		phone, err := s.phone(&o)
		if err != nil {
			return nil, err
		}
		out[i] = &orgv1.Officer{
			Id: o.ID.String(), Name: o.Name, Phone: phone, FullTime: o.FullTime, State: o.State, Title: o.Title,
			Version: o.Version, Demo: o.Demo,
		}
		ids[i], at[o.ID] = o.ID, out[i]
	}
	if len(ids) == 0 {
		return out, nil
	}
	held, err := s.sql.ListAppointments(ctx, tx, ids)
	for _, a := range held {
		o := at[a.OfficerID]
		o.Appointments = append(o.Appointments, appointment(db.GetAppointmentRow(a)))
	}
	return out, err
}

// answer fills a reply from a row.
func (s *Service) answer(ctx context.Context, tx tenant.DBTX, reply *orgv1.Officer, row db.Officer) error {
	all, err := s.officers(ctx, tx, []db.Officer{row})
	if err != nil {
		return err
	}
	fill(reply, all[0])
	return nil
}

func (s *Service) phone(o *db.Officer) (string, error) {
	phone, err := s.keys.Open(phoneColumn, o.Phone)
	if err != nil {
		return "", fmt.Errorf("officer %s: phone: %w", o.ID, err)
	}
	return phone, nil
}

// CreateOfficer adds an officer. One whom no person entered, on a demo system, is a generated one.
func (s *Service) CreateOfficer(ctx context.Context, req *orgv1.CreateOfficerRequest) (*orgv1.Officer, error) {
	f, err := readOfficer(req.GetName(), req.GetPhone(), req.GetTitle())
	if err != nil {
		return nil, err
	}
	digest := s.digest(f.phone)
	reply := &orgv1.Officer{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, req, reply, func() error {
			row, err := s.sql.InsertOfficer(ctx, tx, db.InsertOfficerParams{
				ID: tenant.NewID(), Name: f.name, Initials: f.initials(), Phone: s.keys.Seal(phoneColumn, f.phone), PhoneDigest: &digest,
				PhoneTail: f.tail(), FullTime: req.GetFullTime(), Title: f.title, Demo: s.demo && tenant.SubjectFrom(ctx) == nil,
			})
			if err != nil {
				return named(err, "officer_phone_key", errOfficerTwice)
			}
			if err := officerNoun.Made(ctx, tx, tenant.Act{Act: "org.officer_create"}, row.ID); err != nil {
				return err
			}
			if err := emit(tx, OfficerAdded, row.ID, nil, 1); err != nil {
				return err
			}
			return s.answer(ctx, tx, reply, row)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// UpdateOfficer replaces the fields of an officer. One who leaves gives up every post today.
func (s *Service) UpdateOfficer(ctx context.Context, req *orgv1.UpdateOfficerRequest) (*orgv1.Officer, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	reply := &orgv1.Officer{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		before, err := s.sql.LockOfficer(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoOfficer)
		}
		if before.Version != req.GetVersion() {
			return errStale
		}
		old, err := s.phone(&before)
		if err != nil {
			return err
		}
		phone := req.GetPhone()
		if phone == "" {
			phone = old
		}
		f, err := readOfficer(req.GetName(), phone, req.GetTitle())
		if err != nil {
			return err
		}
		was, err := officerNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		row, err := s.update(ctx, tx, req, id, f)
		if err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "org.officer_update", Changed: changes(&before, &row, f.phone != old)}); err != nil {
			return err
		}
		if err := s.moved(ctx, tx, &before, &row); err != nil {
			return err
		}
		return s.answer(ctx, tx, reply, row)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

func (s *Service) update(ctx context.Context, tx tenant.DBTX, req *orgv1.UpdateOfficerRequest, id uuid.UUID, f officer) (db.Officer, error) {
	p := db.UpdateOfficerParams{
		ID: id, Name: f.name, Initials: f.initials(), Phone: s.keys.Seal(phoneColumn, f.phone), PhoneTail: f.tail(),
		FullTime: req.GetFullTime(), Title: f.title, State: req.GetState(),
	}
	if p.State == working {
		digest := s.digest(f.phone)
		p.PhoneDigest = &digest
	}
	row, err := s.sql.UpdateOfficer(ctx, tx, p)
	return row, named(err, "officer_phone_key", errOfficerTwice)
}

// moved does what follows from a change of state.
func (s *Service) moved(ctx context.Context, tx tenant.DBTX, before, after *db.Officer) error {
	switch {
	case before.State == after.State:
		return nil
	case after.State == left:
		were, err := s.appointmentsOf(ctx, tx, after.ID)
		if err != nil {
			return err
		}
		ended, err := s.sql.EndAppointmentsOf(ctx, tx, db.EndAppointmentsOfParams{OfficerID: after.ID, Day: day.Today()})
		if err != nil {
			return err
		}
		for _, a := range ended {
			if err := were[a.ID].Changed(ctx, tx, tenant.Act{Act: "org.appointment_end"}); err != nil {
				return err
			}
			err := emit(tx, AppointmentEnded, a.ID, Holding{after.ID, a.PostID, day.Format(a.StartOn), formatDay(a.EndOn)}, 0)
			if err != nil {
				return err
			}
		}
		return emit(tx, OfficerLeft, after.ID, nil, -1)
	default:
		return emit(tx, OfficerReturned, after.ID, nil, 1)
	}
}

// appointmentsOf are the appointments of an officer as they stand.
func (s *Service) appointmentsOf(ctx context.Context, tx tenant.DBTX, officer uuid.UUID) (map[uuid.UUID]tenant.Seen, error) {
	rows, err := s.sql.ListAppointments(ctx, tx, []uuid.UUID{officer})
	if err != nil {
		return nil, err
	}
	seen := make(map[uuid.UUID]tenant.Seen, len(rows))
	for _, a := range rows {
		if seen[a.ID], err = appointmentNoun.See(ctx, tx, a.ID); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

func changes(before, after *db.Officer, phone bool) (names []string) {
	for _, c := range []struct {
		name    string
		changed bool
	}{
		{"name", before.Name != after.Name},
		{"phone", phone},
		{"fullTime", before.FullTime != after.FullTime},
		{"title", before.Title != after.Title},
		{"state", before.State != after.State},
	} {
		if c.changed {
			names = append(names, c.name)
		}
	}
	return names
}

// digest finds the other officers at work with the same phone.
func (s *Service) digest(phone string) string { return s.keys.Digest("officer_phone", phone) }

// officer is what a request says of an officer, checked.
type officer struct{ name, phone, title string }

func readOfficer(name, phone, title string) (o officer, err error) {
	if o.name, err = field.Required("name", name); err != nil {
		return o, err
	}
	if o.title, err = field.Line("title", title); err != nil {
		return o, err
	}
	if phone, err = field.Required("phone", phone); err != nil {
		return o, err
	}
	o.phone, err = cnid.NormalizePhone(phone)
	var e *cnid.Error
	if errors.As(err, &e) {
		return o, fault.Field("phone", e.Zh, e.En)
	}
	return o, err
}

// initials are those of the pinyin, as far as the column holds them.
func (o officer) initials() string {
	initials := []rune(pinyin.PersonInitials(o.name))
	return string(initials[:min(len(initials), 60)])
}

func (o officer) tail() string { return o.phone[len(o.phone)-4:] }
