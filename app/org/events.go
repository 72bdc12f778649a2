package org

import (
	"github.com/google/uuid"

	"gonghui/tenant"
)

// officers is the metric of officers at work.
const officers = "org.officers"

// Kinds of the events that this module publishes. The subject of the first three is an officer, of the others an
// appointment.
const (
	OfficerAdded     = "org.officer_added"
	OfficerLeft      = "org.officer_left"
	OfficerReturned  = "org.officer_returned"
	Appointed        = "org.appointed"         // Data: Holding
	AppointmentEnded = "org.appointment_ended" // Data: Holding
)

// Holding is the data of the events of appointments. Days are by the clock of Asia/Shanghai.
type Holding struct {
	Officer uuid.UUID `json:"officer"`
	Post    uuid.UUID `json:"post"`
	From    string    `json:"from"`         // first day
	To      string    `json:"to,omitempty"` // first day on which it is held no more
}

func emit(tx tenant.DBTX, kind string, id uuid.UUID, data any, change int64) error {
	e := tenant.Event{Kind: kind, Subject: id, Data: data}
	if change != 0 {
		e.Counts = map[string]int64{officers: change}
	}
	return tenant.Emit(tx, e)
}
