package identity

import (
	"context"
	"testing"

	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

func TestHolders(t *testing.T) {
	t.Parallel()
	s := open(t)
	boss, deputy, officer, both, abroad := mobile(), mobile(), mobile(), mobile(), mobile()
	s.enrol(t, s.body, "admin", "管理甲", boss, nil)
	s.enrol(t, s.body, "admin", "管理乙", deputy, nil)
	s.enrol(t, s.body, "officer", "干部丙", officer, nil)
	s.enrol(t, s.body, "officer", "两地丁", both, nil)
	s.enrol(t, s.other, "admin", "两地丁", both, nil)
	s.enrol(t, s.other, "officer", "外地戊", abroad, nil)
	admin := s.signIn(t, s.body, boss)
	list := func(in *identityv1.ListHoldersRequest) []*identityv1.Holder {
		t.Helper()
		reply, err := s.ListHolders(admin, in)
		if err != nil {
			t.Fatal(err)
		}
		return reply.Holders
	}
	if all := list(&identityv1.ListHoldersRequest{}); len(all) != 4 || all[0].Name != "两地丁" || len(all[0].Places) != 1 || !all[3].Self || all[3].Sessions != 1 || all[3].SeenAt == nil {
		t.Errorf("the people of the body: %v", all)
	}
	for query, want := range map[string]int{"干部": 1, officer: 1, officer[:7]: 0, "外地": 0, abroad: 0, "%": 0, "甲": 1} {
		if got := list(&identityv1.ListHoldersRequest{Query: query}); len(got) != want {
			t.Errorf("searched for %q: %v", query, got)
		}
	}
	page1, err := s.ListHolders(admin, &identityv1.ListHoldersRequest{PageSize: 3})
	if err != nil || len(page1.Holders) != 3 || page1.NextPageToken == "" {
		t.Fatalf("the first page: %v %v", page1, err)
	}
	if rest := list(&identityv1.ListHoldersRequest{PageSize: 3, PageToken: page1.NextPageToken}); len(rest) != 1 {
		t.Errorf("the second page: %v", rest)
	}

	// Locked here, a person is out at once, cannot come back, and works on elsewhere.
	here, there := s.signIn(t, s.body, both), s.signIn(t, s.other, both)
	person := list(&identityv1.ListHoldersRequest{Query: both})[0]
	locked, err := s.LockHolder(admin, &identityv1.LockHolderRequest{PersonId: person.PersonId, Reason: "停职"})
	if err != nil || locked.State != "locked" || locked.Sessions != 0 {
		t.Fatalf("locked: %v %v", locked, err)
	}
	for name, row := range map[string]struct {
		ctx  func() string
		gone bool
	}{
		"here":  {func() string { return sessionOf(t, s, here) }, true},
		"there": {func() string { return sessionOf(t, s, there) }, false},
	} {
		if (row.ctx() == "") != row.gone {
			t.Errorf("the session %s: gone %v", name, !row.gone)
		}
	}
	if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: both, Password: password}); reason(err) != "SIGN_IN_REFUSED" {
		t.Errorf("a locked person comes in: %v", err)
	}
	if _, err := s.SignIn(visit(s.other), &identityv1.SignInRequest{Phone: both, Password: password}); err != nil {
		t.Errorf("locked here, a person is barred elsewhere: %v", err)
	}
	if got := list(&identityv1.ListHoldersRequest{State: "locked"}); len(got) != 1 || got[0].PersonId != person.PersonId {
		t.Errorf("the locked ones: %v", got)
	}
	if _, err := s.UnlockHolder(admin, &identityv1.UnlockHolderRequest{PersonId: person.PersonId}); err != nil {
		t.Fatal(err)
	}
	s.signIn(t, s.body, both)

	// Nobody of another body is known, nor does anybody do this to themselves.
	var stranger string
	err = s.env.DB.Platform(visit(s.body), func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select id::text from platform.person where phone_digest = $1", s.env.Keys.Digest("phone", abroad)).Scan(&stranger)
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]string{"of another body": stranger, "of nobody": uuid.NewString()} {
		if _, err := s.LockHolder(admin, &identityv1.LockHolderRequest{PersonId: id, Reason: "x"}); reason(err) != "HOLDER_NOT_FOUND" {
			t.Errorf("an account %s is locked: %v", name, err)
		}
		if _, err := s.GetHolder(admin, &identityv1.GetHolderRequest{PersonId: id}); reason(err) != "HOLDER_NOT_FOUND" {
			t.Errorf("an account %s is shown: %v", name, err)
		}
	}
	me := tenant.SubjectFrom(admin)
	if _, err := s.LockHolder(admin, &identityv1.LockHolderRequest{PersonId: me.Person.String(), Reason: "x"}); reason(err) != "OWN_PLACE" {
		t.Errorf("somebody locks themselves: %v", err)
	}

	// A role ends; the last administrator's does not.
	second := list(&identityv1.ListHoldersRequest{Query: deputy})[0]
	other := s.signIn(t, s.body, deputy)
	if _, err := s.EndHolderPlace(admin, &identityv1.EndHolderPlaceRequest{PersonId: second.PersonId, IdentityId: second.Places[0].IdentityId, Reason: "离任"}); err != nil {
		t.Fatal(err)
	}
	if sessionOf(t, s, other) != "" {
		t.Error("a session outlives its role")
	}
	first := list(&identityv1.ListHoldersRequest{Query: boss})[0]
	if _, err := s.EndHolderPlace(other, &identityv1.EndHolderPlaceRequest{PersonId: first.PersonId, IdentityId: first.Places[0].IdentityId, Reason: "离任"}); reason(err) != "LAST_ADMIN" {
		t.Errorf("the last administrator is dismissed: %v", err)
	}
	ref := uuid.New()
	member := mobile()
	s.enrol(t, s.body, "member", "会员己", member, &ref)
	file := list(&identityv1.ListHoldersRequest{Query: member})[0]
	if _, err := s.EndHolderPlace(admin, &identityv1.EndHolderPlaceRequest{PersonId: file.PersonId, IdentityId: file.Places[0].IdentityId, Reason: "x"}); field(err) != "identityId" {
		t.Errorf("a member's place is ended here: %v", err)
	}
}

func TestResetOfASecondFactor(t *testing.T) {
	t.Parallel()
	s := open(t)
	boss, lost := mobile(), mobile()
	s.enrol(t, s.body, "admin", "管理甲", boss, nil)
	s.enrol(t, s.body, "officer", "丢机乙", lost, nil)
	s.enrol(t, s.other, "officer", "丢机乙", lost, nil)
	admin, away := s.signIn(t, s.body, boss), s.signIn(t, s.other, lost)
	found, err := s.ListHolders(admin, &identityv1.ListHoldersRequest{Query: lost})
	if err != nil || len(found.Holders) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	id := found.Holders[0].PersonId
	s.sql(t, "insert into platform.totp (account_id, secret_sealed, last_step) select id, 'x', 0 from platform.account where person_id = $1", id)
	if h, err := s.GetHolder(admin, &identityv1.GetHolderRequest{PersonId: id}); err != nil || !h.SecondFactor {
		t.Errorf("the second factor is not seen: %v %v", h, err)
	}
	if _, err := s.ResetHolderFactor(admin, &identityv1.ResetHolderFactorRequest{PersonId: id, Code: "000000"}); reason(err) != "CODE_WRONG" {
		t.Errorf("reset without the person: %v", err)
	}
	if _, err := s.SendHolderCode(admin, &identityv1.SendHolderCodeRequest{PersonId: id}); err != nil {
		t.Fatal(err)
	}
	h, err := s.ResetHolderFactor(admin, &identityv1.ResetHolderFactorRequest{PersonId: id, Code: s.phones.last["factor"+lost]})
	if err != nil || h.SecondFactor {
		t.Fatalf("reset: %v %v", h, err)
	}
	if sessionOf(t, s, away) != "" {
		t.Error("a session outlives the reset")
	}
	if _, err := s.SendHolderCode(admin, &identityv1.SendHolderCodeRequest{PersonId: tenant.SubjectFrom(admin).Person.String()}); reason(err) != "OWN_PLACE" {
		t.Errorf("the own factor: %v", err)
	}
}

// sessionOf is the id of the session behind a call, "" when it has ended.
func sessionOf(t *testing.T, s *stage, call context.Context) string {
	t.Helper()
	n := 0
	id := tenant.SubjectFrom(call).Session
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select count(*) from platform.session where id = $1", id).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		return ""
	}
	return id.String()
}
