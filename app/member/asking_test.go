package member

import (
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"

	memberv1 "gonghui/app/member/v1"
)

// A file without a phone goes to nobody by itself: it is asked for, and an officer says to whom it goes.
func TestAskingForAFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), ""))
	id := uuid.MustParse(m.Id)
	ask := func(phone string, again bool) error { return s.askFor(s.ctx, id, phone, again) }
	first := ask(mobile(1), false)
	since := kerrors.FromError(first).Metadata["since"]
	if reason(first) != "CLAIM_PENDING" || since == "" {
		t.Fatalf("the first claim: %v", first)
	}
	if again := ask(mobile(1), true); reason(again) != "CLAIM_PENDING" || kerrors.FromError(again).Metadata["since"] != since {
		t.Errorf("the same phone once more: %v", again)
	}
	for n := 2; n <= 3; n++ {
		if err := ask(mobile(n), false); reason(err) != "CLAIM_PENDING" {
			t.Errorf("phone %d: %v", n, err)
		}
	}
	if err := ask(mobile(4), false); reason(err) != "CLAIM_REFUSED" {
		t.Errorf("a fourth phone: %v", err)
	}
	waiting := func() []*memberv1.ChangeRequest {
		t.Helper()
		list, err := s.ListRequests(s.ctx, &memberv1.ListRequestsRequest{})
		if err != nil || int(list.Open) != len(list.Requests) {
			t.Fatalf("%v, %v", list, err)
		}
		return list.Requests
	}
	all := waiting()
	if len(all) != 3 || !all[0].Claim || all[0].MemberId != m.Id || len(all[0].Changes) != 1 || all[0].Changes[0].After != mobile(1) {
		t.Fatalf("the officer sees %v", all)
	}
	if n := s.env.Count(t, "select count(*) from "+s.table("member_request")+" r where to_jsonb(r)::text like '%1390000%'"); n != 0 {
		t.Error("a phone stands in the clear")
	}

	// Refused with a reason: told so, until the claim is made again.
	if _, err := s.DecideRequest(s.ctx, &memberv1.DecideRequestRequest{Id: all[0].Id, Reason: "与本人核实，不是其本人"}); err != nil {
		t.Fatal(err)
	}
	told := func(state string) int64 {
		t.Helper()
		return s.env.Count(t, "select count(*) from cell.river_job j join "+s.table("member_request")+
			" r on r.id::text = j.args -> 'args' ->> 'request' where j.args ->> 'name' = $1 and r.state = $2", tellClaimantJob, state)
	}
	if err := ask(mobile(1), false); reason(err) != "CLAIM_DECLINED" || !strings.Contains(kerrors.FromError(err).Message, "不是其本人") {
		t.Errorf("after the refusal: %v", err)
	}
	if err := ask(mobile(1), true); reason(err) != "CLAIM_PENDING" {
		t.Errorf("claimed again: %v", err)
	}
	if n := told("refused"); n != 1 {
		t.Errorf("%d messages of the refusal", n)
	}

	// A member's own request, whoever makes it, does not touch the claims; approving one refuses the others.
	all = waiting()
	done, err := s.DecideRequest(s.ctx, &memberv1.DecideRequestRequest{Id: all[0].Id, Approve: true})
	if err != nil || done.State != "approved" || !done.Claim {
		t.Fatalf("%v, %v", done, err)
	}
	got, err := s.GetMember(s.ctx, &memberv1.GetMemberRequest{Id: m.Id})
	if err != nil || got.Fields.Phone != all[0].Changes[0].After {
		t.Errorf("the file has %v, %v", got, err)
	}
	if left := waiting(); len(left) != 0 {
		t.Errorf("%d claims still wait", len(left))
	}
	if err := ask(mobile(3), false); reason(err) != "CLAIM_DECLINED" || !strings.Contains(kerrors.FromError(err).Message, overtakenReason) {
		t.Errorf("who came second hears %v", err)
	}
	if a, r := told("approved"), told("refused"); a != 1 || r != 3 {
		t.Errorf("%d messages of the approval, %d of refusals", a, r)
	}
	for act, want := range map[string]int64{"member.claim": 4, "member.request.approved": 1, "member.request.refused": 3, "member.update": 1} {
		if n := s.env.Count(t, "select count(*) from "+s.table("audit_log")+" where act = $1", act); n != want {
			t.Errorf("%d audit rows of %s, want %d", n, act, want)
		}
	}

	// Claimed meanwhile, or given a phone by an officer: what waits cannot be approved any more.
	other := s.create(t, fields("李四", citizen(2), ""))
	if err := s.askFor(s.ctx, uuid.MustParse(other.Id), mobile(9), false); reason(err) != "CLAIM_PENDING" {
		t.Fatal(err)
	}
	f := fields("李四", citizen(2), mobile(8))
	if _, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: other.Id, Fields: f, Version: other.Version}); err != nil {
		t.Fatal(err)
	}
	late := waiting()
	if _, err := s.DecideRequest(s.ctx, &memberv1.DecideRequestRequest{Id: late[0].Id, Approve: true}); reason(err) != "REQUEST_STATE" {
		t.Errorf("approved over a phone: %v", err)
	}
}
