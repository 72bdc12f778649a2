package org

import (
	"context"
	"time"

	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/day"
	"gonghui/app/kit/field"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

func appointment(a db.GetAppointmentRow) *orgv1.Appointment {
	return &orgv1.Appointment{
		Id: a.ID.String(), OfficerId: a.OfficerID.String(), PostId: a.PostID.String(), PostName: a.PostName, DeptName: a.DeptName,
		StartOn: day.Format(a.StartOn), EndOn: formatDay(a.EndOn), ApprovalDocNo: a.ApprovalDocNo, Acting: a.Acting,
	}
}

// CreateAppointment gives an officer a post. The post must have a place from that day on.
func (s *Service) CreateAppointment(ctx context.Context, req *orgv1.CreateAppointmentRequest) (*orgv1.Appointment, error) {
	row := db.InsertAppointmentParams{Acting: req.GetActing()}
	var err error
	if row.OfficerID, err = field.ID("officerId", req.GetOfficerId()); err != nil {
		return nil, err
	}
	if row.PostID, err = field.ID("postId", req.GetPostId()); err != nil {
		return nil, err
	}
	if row.StartOn, err = requiredDay("startOn", req.GetStartOn()); err != nil {
		return nil, err
	}
	if row.ApprovalDocNo, err = field.Line("approvalDocNo", req.GetApprovalDocNo()); err != nil {
		return nil, err
	}
	if err := s.mayWork(ctx, row.OfficerID); err != nil {
		return nil, err
	}
	reply := &orgv1.Appointment{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, req, reply, func() error {
			if err := s.mayHold(ctx, tx, row); err != nil {
				return err
			}
			row.ID = tenant.NewID()
			if err := s.sql.InsertAppointment(ctx, tx, row); err != nil {
				return err
			}
			if err := appointmentNoun.Made(ctx, tx, tenant.Act{Act: "org.appoint"}, row.ID); err != nil {
				return err
			}
			if err := emit(tx, Appointed, row.ID, Holding{row.OfficerID, row.PostID, day.Format(row.StartOn), ""}, 0); err != nil {
				return err
			}
			return s.answerAppointment(ctx, tx, reply, row.ID)
		})
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// mayWork refuses a post to one of the three administrators of the body, who do no business. Operators, who act for nobody, put
// up a body before there are any.
func (s *Service) mayWork(ctx context.Context, officer uuid.UUID) error {
	if tenant.SubjectFrom(ctx) == nil {
		return nil
	}
	phone := ""
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		o, err := s.sql.LockOfficer(ctx, tx, officer)
		if err != nil {
			return orNot(err, errNoOfficer)
		}
		phone, err = s.phone(&o)
		return err
	})
	if err != nil {
		return err
	}
	_, err = identityv1.NewDutyServiceClient(s.conn("identity")).CheckDuty(ctx, &identityv1.CheckDutyRequest{Phone: phone})
	return err
}

// mayHold locks officer and post, and checks that the one may take the other.
func (s *Service) mayHold(ctx context.Context, tx tenant.DBTX, row db.InsertAppointmentParams) error {
	o, err := s.sql.LockOfficer(ctx, tx, row.OfficerID)
	if err != nil {
		return orNot(err, errNoOfficer)
	}
	if o.State != working {
		return errOfficerHasLeft
	}
	headcount, err := s.sql.LockPost(ctx, tx, row.PostID)
	if err != nil {
		return orNot(err, errNoPost)
	}
	n, err := s.sql.CountFrom(ctx, tx, db.CountFromParams{OfficerID: row.OfficerID, PostID: row.PostID, Day: row.StartOn})
	switch {
	case err != nil:
		return err
	case n.Own > 0:
		return errAppointedTwice
	case n.Holders >= headcount:
		return errPostFull
	}
	return nil
}

// EndAppointment ends the holding of a post: on that day it is held no more.
func (s *Service) EndAppointment(ctx context.Context, req *orgv1.EndAppointmentRequest) (*orgv1.Appointment, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	end, err := requiredDay("endOn", req.GetEndOn())
	if err != nil {
		return nil, err
	}
	reply := &orgv1.Appointment{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		a, err := s.sql.LockAppointment(ctx, tx, id)
		switch {
		case err != nil:
			return orNot(err, errNoAppointment)
		case a.EndOn != nil:
			return errAlreadyEnded
		case end.Before(a.StartOn):
			return errEndBeforeStart
		}
		was, err := appointmentNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.sql.EndAppointment(ctx, tx, db.EndAppointmentParams{ID: id, EndOn: &end}); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "org.appointment_end"}); err != nil {
			return err
		}
		if err := emit(tx, AppointmentEnded, id, Holding{a.OfficerID, a.PostID, day.Format(a.StartOn), day.Format(end)}, 0); err != nil {
			return err
		}
		return s.answerAppointment(ctx, tx, reply, id)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

func (s *Service) answerAppointment(ctx context.Context, tx tenant.DBTX, reply *orgv1.Appointment, id uuid.UUID) error {
	row, err := s.sql.GetAppointment(ctx, tx, id)
	if err != nil {
		return err
	}
	fill(reply, appointment(row))
	return nil
}

func requiredDay(name, s string) (time.Time, error) {
	if _, err := field.Required(name, s); err != nil {
		return time.Time{}, err
	}
	return field.Day(name, s)
}
