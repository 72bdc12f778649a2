package identity

import (
	"context"
	"testing"
	"time"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// elsewhere is another process: its own memory of sessions, and its own ear for news.
func (s *stage) elsewhere(t *testing.T) *Service {
	t.Helper()
	db, err := tenant.Open(context.Background(), s.env.DB.Config())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- db.News.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		db.Close()
	})
	service, err := New(host{env: &pgtest.Env{DB: db, Keys: s.env.Keys}, redis: s.codes.redis, sms: s.phones, looks: s.looks})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "news is heard", func() bool { return db.News.Life() == tenant.Heard })
	return service
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within five seconds: %s", what)
		case <-tick.C:
		}
	}
}

// What ends a session here is known in other processes at once, though they keep in memory who holds it.
func TestOtherProcessesHearOfTheEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	far := s.elsewhere(t)
	for name, end := range map[string]func(ctx context.Context, phone string, file string) error{
		"the place ends": func(_ context.Context, _, file string) error {
			_, err := s.EndPlace(s.body.Ctx, &identityv1.EndPlaceRequest{MemberId: file})
			return err
		},
		"the account is closed": func(ctx context.Context, phone, _ string) error { return s.close(t, ctx, phone) },
		"the password is reset": func(ctx context.Context, phone, _ string) error {
			code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.Reset}, phone)
			_, err := s.ResetPassword(ctx, &identityv1.ResetPasswordRequest{Phone: phone, Code: code, NewPassword: "Other-passw0rd"})
			return err
		},
	} {
		phone, file := mobile(), tenant.NewID()
		in, err := s.take(t, s.body, phone, "远方人", "digest of "+phone, file)
		if err != nil {
			t.Fatal(err)
		}
		known := func() bool {
			who, err := far.Authenticate(in, cookie(t, in), s.body.Tenant)
			if err != nil {
				t.Fatal(err)
			}
			return who != nil
		}
		if !known() {
			t.Fatalf("%s: the session is not known elsewhere", name)
		}
		if err := end(s.as(t, in), phone, file.String()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		eventually(t, name+", and the other process knows", func() bool { return !known() })
	}
}
