package member

import (
	"github.com/google/uuid"

	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	"gonghui/tenant"
)

// Metrics of the module.
const (
	active   = "member.active"   // members whose membership is in force
	complete = "member.complete" // those of them whose file lacks nothing
)

// counts are changes of figures by metric.
type counts map[string]int64

// share is what a row counts for in complete.
func share(row *db.Member) int64 {
	if row.State == stateActive && row.Complete {
		return 1
	}
	return 0
}

// Kinds of the events that this module publishes. Their subject is the member's id.
const (
	Admitted = "member.admitted" // Data: Admission
	Imported = "member.imported" // Data: Admission
	Updated  = "member.updated"  // Data: Update
	Ended    = "member.ended"    // Data: End
	Restored = "member.restored" // Data: claim.Event
)

// Admission is the data of an Admitted event. Many members entered at once make one event without a subject.
type Admission struct {
	claim.Event
	Members int `json:"members"`
}

// Update is the data of an Updated event.
type Update struct {
	claim.Event
	Changed []string `json:"changed"` // names of fields
}

// End is the data of an Ended event.
type End struct {
	State string `json:"state"` // withdrawn | deceased
}

func emit(tx tenant.DBTX, kind string, id uuid.UUID, data any, changes counts) error {
	e := tenant.Event{Kind: kind, Subject: id, Data: data}
	for metric, n := range changes {
		if n == 0 {
			delete(changes, metric)
		}
	}
	if len(changes) > 0 {
		e.Counts = changes
	}
	return tenant.Emit(tx, e)
}
