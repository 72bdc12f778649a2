package member

import (
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	memberv1 "gonghui/app/member/v1"
)

func TestRequests(t *testing.T) {
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), "13800138000"))
	own := asMember(t, s.body, m.Id)
	f := fields("李四", citizen(1), "13900139000")
	f.Employer, f.Sex, f.JoinedOn = "第一中学", "female", "2001-01-01"
	ask := func() *memberv1.ChangeRequest {
		t.Helper()
		r, err := s.CreateOwnRequest(own, &memberv1.CreateOwnRequestRequest{Fields: f, Note: "换号"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first := ask()
	var names []string
	for _, c := range first.Changes {
		names = append(names, c.Field)
		if c.Field == "phone" && (c.Before != "13800138000" || c.After != "13900139000") {
			t.Errorf("%v", c)
		}
	}
	if got := strings.Join(names, " "); got != "phone employer" {
		t.Errorf("a member asks for changes of %s", got)
	}
	if n := s.env.Count(t, "select count(*) from "+s.table("member_request")+" where changes like '%139%'"); n != 0 {
		t.Error("a phone stands in the clear")
	}
	second := ask()
	list, err := s.ListRequests(s.ctx, &memberv1.ListRequestsRequest{})
	if err != nil || len(list.Requests) != 1 || list.Requests[0].Id != second.Id || list.Open != 1 {
		t.Fatalf("a new request takes the place of the open one: %v, %v", list, err)
	}
	if _, err := s.DecideRequest(s.ctx, &memberv1.DecideRequestRequest{Id: second.Id}); kerrors.FromError(err).Metadata["field"] != "reason" {
		t.Errorf("refused without a reason: %v", err)
	}
	done, err := s.DecideRequest(s.ctx, &memberv1.DecideRequestRequest{Id: second.Id, Approve: true})
	if err != nil || done.State != "approved" {
		t.Fatalf("%v, %v", done, err)
	}
	got, err := s.GetMember(s.ctx, &memberv1.GetMemberRequest{Id: m.Id})
	if err != nil || got.Fields.Employer != "第一中学" || got.Fields.Phone != "13900139000" || got.Fields.Name != "张三" {
		t.Errorf("%v, %v", got, err)
	}
	events, err := s.ListMemberEvents(s.ctx, &memberv1.ListMemberEventsRequest{Id: m.Id})
	if err != nil || events.Events[0].Kind != "request" || strings.Join(events.Events[0].Changed, " ") != "phone employer" {
		t.Errorf("%v, %v", events, err)
	}
	if _, err := s.DecideRequest(s.ctx, &memberv1.DecideRequestRequest{Id: second.Id, Approve: true}); reason(err) != "REQUEST_STATE" {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := s.CreateOwnRequest(own, &memberv1.CreateOwnRequestRequest{Fields: f}); kerrors.FromError(err).Metadata["field"] != "fields" {
		t.Errorf("a request that changes nothing: %v", err)
	}

	f.Job = "教师"
	third := ask()
	stranger := s.create(t, fields("王五", citizen(2), mobile(2)))
	if _, err := s.WithdrawOwnRequest(asMember(t, s.body, stranger.Id), &memberv1.WithdrawOwnRequestRequest{Id: third.Id}); reason(err) != "REQUEST_NOT_FOUND" {
		t.Errorf("a stranger withdraws: %v", err)
	}
	if r, err := s.WithdrawOwnRequest(own, &memberv1.WithdrawOwnRequestRequest{Id: third.Id}); err != nil || r.State != "withdrawn" {
		t.Errorf("%v, %v", r, err)
	}
	page, err := s.ListOwnRequests(own, &memberv1.ListOwnRequestsRequest{PageSize: 2})
	if err != nil || len(page.Requests) != 2 || page.NextPageToken == "" {
		t.Fatalf("%v, %v", page, err)
	}
	page, err = s.ListOwnRequests(own, &memberv1.ListOwnRequestsRequest{PageSize: 2, PageToken: page.NextPageToken})
	if err != nil || len(page.Requests) != 1 || page.Requests[0].Id != first.Id {
		t.Fatalf("%v, %v", page, err)
	}
}
