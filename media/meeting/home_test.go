package meeting

import (
	"context"
	"testing"

	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// Who came with a pass is out when the own body lets them take part in meetings no more, and does not come back to the seat.
func TestAPassEndsWithTheRightAtHome(t *testing.T) {
	t.Parallel()
	s := begin(t)
	other := s.env.Body(t, nil)
	m := s.plan(t, s.as("officer", "李四"), func(in *meetingv1.CreateMeetingRequest) { in.Instant, in.Plan.OpenTo = true, "bodies" })
	comes := func(name string) (context.Context, *meetingv1.JoinReply, *browser) {
		t.Helper()
		who := s.in(other, "officer", name)
		pass, err := s.CreatePass(who, &meetingv1.CreatePassRequest{BodyCode: s.body.Code, Number: m.GetNumber()})
		want(t, "a pass", err, "")
		here := s.stranger()
		k, err := s.JoinAsGuest(here, &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Pass: pass.GetPass()})
		want(t, "coming with it", err, "")
		b := s.connect(t, here, k)
		b.join(k)
		return who, k, b
	}
	stays, _, staying := comes("留任")
	leaves, seat, leaving := comes("离任")
	back := func() error {
		_, err := s.JoinAsGuest(s.stranger(), &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Seat: seat.GetSeat()})
		return err
	}
	id := func(of context.Context) uuid.UUID { return tenant.SubjectFrom(of).Identity }
	known := &identityv1.Placed{IdentityId: id(stays).String(), Role: "officer"}
	s.peer.people = []*identityv1.Placed{known, {IdentityId: id(leaves).String(), Role: "member"}}
	s.askHomes(t.Context())
	want(t, "with another place there", back(), "")
	s.homeChanged(tenant.NewID().String())
	if len(s.homeNews) != 0 {
		t.Error("asked because of somebody who is not here")
	}
	s.peer.people = []*identityv1.Placed{known}
	s.homeChanged(id(leaves).String())
	if len(s.homeNews) != 1 {
		t.Error("not asked though somebody who is here is meant")
	}
	s.askHomes(t.Context())
	leaving.over(live.Restart)
	want(t, "back to the seat", back(), "MEETING_PASS")
	if a := staying.say(&signalv1.FromClient{What: &signalv1.FromClient_Recall{Recall: &signalv1.Recall{}}}); a.GetTold() == nil {
		t.Errorf("who may stay: %v", a)
	}
	if may, err := s.mayAtHome(t.Context(), "999999", []uuid.UUID{id(stays)}); err != nil || may[id(stays)] {
		t.Errorf("a body that there is not: %v %v", may, err)
	}
}
