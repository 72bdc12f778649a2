package identity

import (
	"context"
	"testing"
	"time"

	identityv1 "gonghui/app/identity/v1"
)

func TestOldestSessionMakesRoomAndHearsWhy(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "设备多", phone, nil)
	s.enrol(t, s.other, "member", "设备多", phone, nil)
	s.demand(t, s.body, func(p *identityv1.SecurityPolicy) { p.Sessions = 2 })
	elsewhere := visit(s.other)
	if _, err := s.SignIn(elsewhere, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	var in []context.Context
	for range 3 {
		ctx := visit(s.body)
		if _, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
			t.Fatal(err)
		}
		in = append(in, ctx)
	}
	if !s.out(t, in[0]) || s.out(t, in[1]) || s.out(t, in[2]) || s.out(t, elsewhere) {
		t.Error("another session than the oldest of the body was ended")
	}
	end, err := s.GetSessionEnd(with(visit(s.body), in[0], t), nil)
	if err != nil || end.Why != "limit" || end.Device != "Chrome · Windows" || time.Since(end.At.AsTime()) > time.Minute {
		t.Errorf("the device hears %v, %v", end, err)
	}
	if end, err := s.GetSessionEnd(with(visit(s.body), in[1], t), nil); err != nil || end.Why != "" {
		t.Errorf("a session that goes on hears %v, %v", end, err)
	}
	if end, err := s.GetSessionEnd(visit(s.body), nil); err != nil || end.Why != "" {
		t.Errorf("a stranger hears %v, %v", end, err)
	}
	list, err := s.ListSessions(s.as(t, in[2]), &identityv1.ListSessionsRequest{})
	if err != nil || len(list.Sessions) != 3 {
		t.Fatalf("the devices are %v, %v", list, err)
	}
	if _, err := s.RevokeSession(s.as(t, in[2]), &identityv1.RevokeSessionRequest{Id: list.Sessions[1].Id}); err != nil {
		t.Fatal(err)
	}
	if end, err := s.GetSessionEnd(with(visit(s.body), in[1], t), nil); err != nil || end.Why != "remote" {
		t.Errorf("a session ended from afar hears %v, %v", end, err)
	}
	s.exec(t, "update platform.session set seen_at = now() - interval '31 minutes' where id = $1", list.Sessions[0].Id)
	if end, err := s.GetSessionEnd(with(visit(s.body), in[2], t), nil); err != nil || end.Why != "idle" {
		t.Errorf("an unused session hears %v, %v", end, err)
	}
}
