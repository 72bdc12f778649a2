package meeting

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// Metrics of the module.
const (
	held     = "meeting.held"     // meetings to which somebody came
	attended = "meeting.attended" // people who came, once a meeting
)

// heldEvent is what is told when a meeting has ended to which somebody came. Its subject is the meeting.
const heldEvent = "meeting.held"

var metrics = []module.Metric{{
	Name:       held,
	Title:      module.Text{Zh: "召开会议", En: "Meetings held"},
	Definition: module.Text{Zh: "已结束且有人参加的视频会议场数，由召集的工会计入", En: "Video meetings that have ended and to which somebody came, counted for the union that held them"},
	Unit:       module.Text{Zh: "场", En: "meetings"},
	Count:      "select count(*) from meeting m where m.state = 'ended' and exists (select from meeting_stay s where s.meeting_id = m.id)",
}, {
	Name:       attended,
	Title:      module.Text{Zh: "参会人次", En: "Attendances"},
	Definition: module.Text{Zh: "已结束的视频会议的参会人次，一人一场计一次", En: "People who came to video meetings that have ended, each counted once a meeting"},
	Unit:       module.Text{Zh: "人次", En: "attendances"},
	Count:      "select count(distinct s.person_id) from meeting_stay s join meeting m on m.id = s.meeting_id where m.state = 'ended'",
}}

// countHeld adds a meeting that ends to the body's figures, if anybody came.
func (s *Service) countHeld(ctx context.Context, tx tenant.DBTX, id uuid.UUID) error {
	came, err := s.sql.CountPresent(ctx, tx, id)
	if err != nil || came == 0 {
		return err
	}
	return tenant.Emit(tx, tenant.Event{Kind: heldEvent, Subject: id, Data: struct{}{}, Counts: map[string]int64{held: 1, attended: int64(came)}})
}

// mountPlan registers what is around meetings that do not run.
func (s *Service) mountPlan(r module.Routes) {
	meetingv1.RegisterPlanServiceServer(r, s)
	meetingv1.RegisterPlanServiceHTTPServer(r.HTTP(), s)
	meetingv1.RegisterReminderServiceServer(r, s)
	meetingv1.RegisterReminderServiceHTTPServer(r.HTTP(), s)
	meetingv1.RegisterPlaceServiceServer(r, s)
	meetingv1.RegisterPlaceServiceHTTPServer(r.HTTP(), s)
	r.Handle(http.MethodGet, "/v1/meetings/{id}/invitation.ics", "meeting.join", modulev1.Realm_REALM_TENANT, s.invitation)
	// Programs that take up a calendar have no session: the secret in the address says whose it is.
	r.Handle(http.MethodGet, "/v1/meetings/feed/{identity}/{secret}", access.Public, modulev1.Realm_REALM_TENANT, s.feed)
}

// addAway adds people of other bodies to those who can be invited.
func (s *Service) addAway(ctx context.Context, query string, reply *meetingv1.ListInvitableReply) error {
	var rows []db.KnownAwayRow
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.KnownAway(ctx, tx, db.KnownAwayParams{Own: tenant.From(ctx).Code, Identities: []uuid.UUID{}, Query: query, Size: 20})
		return err
	})
	for _, r := range rows {
		reply.People = append(reply.People, &meetingv1.Invitable{IdentityId: r.IdentityID.String(), Name: r.Name, BodyName: r.BodyName})
	}
	return err
}
