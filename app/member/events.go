package member

import (
	"github.com/google/uuid"

	"gonghui/tenant"
)

// active is the metric of members whose membership is in force.
const active = "member.active"

// Kinds of the events that this module publishes. Their subject is the member's id.
const (
	Admitted = "member.admitted" // Data: Admission
	Updated  = "member.updated"  // Data: Update
	Ended    = "member.ended"    // Data: End
	Restored = "member.restored"
)

// Admission is the data of an Admitted event. Many members entered at once make one event without a subject.
type Admission struct {
	Members int `json:"members"`
}

// Update is the data of an Updated event.
type Update struct {
	Changed []string `json:"changed"` // names of fields
}

// End is the data of an Ended event.
type End struct {
	State string `json:"state"` // withdrawn | deceased
}

func emit(tx tenant.DBTX, kind string, id uuid.UUID, data any, change int64) error {
	e := tenant.Event{Kind: kind, Subject: id, Data: data}
	if change != 0 {
		e.Counts = map[string]int64{active: change}
	}
	return tenant.Emit(tx, e)
}
