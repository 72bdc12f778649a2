package org

import (
	"context"

	"gonghui/app/kit/day"
	"gonghui/app/kit/field"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

// HandOver moves a post from one officer to another on a day. The place that the first one leaves is the second one's, so the
// post may be full.
func (s *Service) HandOver(ctx context.Context, req *orgv1.HandOverRequest) (*orgv1.Appointment, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	row := db.InsertAppointmentParams{Acting: req.GetActing()}
	if row.OfficerID, err = field.ID("officerId", req.GetOfficerId()); err != nil {
		return nil, err
	}
	if row.StartOn, err = requiredDay("on", req.GetOn()); err != nil {
		return nil, err
	}
	if row.ApprovalDocNo, err = field.Line("approvalDocNo", req.GetApprovalDocNo()); err != nil {
		return nil, err
	}
	reply := &orgv1.Appointment{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, req, reply, func() error {
			a, err := s.sql.LockAppointment(ctx, tx, id)
			switch {
			case err != nil:
				return orNot(err, errNoAppointment)
			case a.EndOn != nil:
				return errAlreadyEnded
			case row.StartOn.Before(a.StartOn):
				return errHandOverEarly
			case a.OfficerID == row.OfficerID:
				return errHandOverSelf
			}
			row.PostID = a.PostID
			was, err := appointmentNoun.See(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := s.sql.EndAppointment(ctx, tx, db.EndAppointmentParams{ID: id, EndOn: &row.StartOn}); err != nil {
				return err
			}
			if err := s.mayHold(ctx, tx, row); err != nil {
				return err
			}
			row.ID = tenant.NewID()
			if err := s.sql.InsertAppointment(ctx, tx, row); err != nil {
				return err
			}
			on := day.Format(row.StartOn)
			if err := was.Changed(ctx, tx, tenant.Act{Act: "org.appointment_end"}); err != nil {
				return err
			}
			if err := appointmentNoun.Made(ctx, tx, tenant.Act{Act: "org.hand_over"}, row.ID); err != nil {
				return err
			}
			if err := emit(tx, AppointmentEnded, id, Holding{a.OfficerID, a.PostID, day.Format(a.StartOn), on}, 0); err != nil {
				return err
			}
			if err := emit(tx, Appointed, row.ID, Holding{row.OfficerID, row.PostID, on, ""}, 0); err != nil {
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
