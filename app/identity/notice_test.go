package identity

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

// counting is a gateway that counts what it was given, and refuses when it is told to.
type counting struct {
	mu   sync.Mutex
	sent map[string]int
	fail bool
}

func (c *counting) Send(_ context.Context, phone, template string, params map[string]string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail {
		return errors.New("the gateway is away")
	}
	if template != sms.MeetingReminder || params["title"] != "例会" {
		return errors.New("not what was asked for")
	}
	c.sent[phone]++
	return nil
}

// A notice goes once to each for a key, to people of the body alone, and so many a day.
func TestNotices(t *testing.T) {
	t.Parallel()
	s := open(t)
	gateway := &counting{sent: map[string]int{}}
	s.sms = gateway
	phones, ids := []string{mobile(), mobile()}, []string{}
	for n, phone := range phones {
		name := "通知人" + []string{"甲", "乙"}[n]
		s.enrol(t, s.body, "officer", name, phone, nil)
		found, err := s.ListPeople(visit(s.body), &identityv1.ListPeopleRequest{Name: name})
		if err != nil || len(found.GetPeople()) != 1 {
			t.Fatalf("found %v %v", found, err)
		}
		ids = append(ids, found.GetPeople()[0].GetIdentityId())
	}
	send := func(key string, ids ...string) *identityv1.SendNoticeReply {
		t.Helper()
		got, err := s.SendNotice(visit(s.body), &identityv1.SendNoticeRequest{
			Key: key, IdentityIds: ids, Template: sms.MeetingReminder, Params: &identityv1.NoticeParams{Title: "例会", Body: "甲", When: "11-24 09:00", Number: "1234567890"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	// Two who ask at one moment tell each person once.
	var both sync.WaitGroup
	replies := make([]*identityv1.SendNoticeReply, 2)
	for n := range replies {
		both.Go(func() { replies[n] = send("first", slices.Concat(ids, []string{tenant.NewID().String()})...) })
	}
	both.Wait()
	if n := replies[0].GetSent() + replies[1].GetSent(); n != 2 || gateway.sent[phones[0]] != 1 || gateway.sent[phones[1]] != 1 {
		t.Errorf("sent %d: %v", n, gateway.sent)
	}
	if got := send("second", ids[0]); got.GetSent() != 1 {
		t.Errorf("for another key: %v", got)
	}
	// In another body the same person is nobody.
	if got, err := s.SendNotice(visit(s.other), &identityv1.SendNoticeRequest{Key: "first", IdentityIds: ids, Template: sms.MeetingReminder}); err != nil || got.GetSent()+got.GetHeld()+got.GetFailed() != 0 {
		t.Errorf("elsewhere: %v %v", got, err)
	}
	// What may have arrived is not sent again.
	gateway.fail = true
	if got := send("third", ids[0]); got.GetFailed() != 1 {
		t.Errorf("without a gateway: %v", got)
	}
	gateway.fail = false
	if got := send("third", ids[0]); got.GetSent()+got.GetFailed() != 0 {
		t.Errorf("once more: %v", got)
	}
	held := int32(0)
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		held += send(key, ids[0]).GetHeld()
	}
	if held != 2 {
		t.Errorf("%d of eight were held back", held)
	}
	if s.env.Count(t, "select count(*) from platform.audit_log where act = 'notice.send' and object_id = 'second'") != 1 {
		t.Error("what was sent is not in the audit log")
	}
}

// Somebody is found by the whole name, in the own body alone.
func TestPeopleByTheirWholeName(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.enrol(t, s.body, "member", "全名人", mobile(), nil)
	find := func(in context.Context, name string) int {
		t.Helper()
		got, err := s.ListPeople(in, &identityv1.ListPeopleRequest{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return len(got.GetPeople())
	}
	if n := find(visit(s.body), "全名人"); n != 1 {
		t.Errorf("%d found", n)
	}
	if n := find(visit(s.body), "全名"); n != 0 {
		t.Errorf("%d found by part of it", n)
	}
	if n := find(visit(s.other), "全名人"); n != 0 {
		t.Errorf("%d found elsewhere", n)
	}
}
