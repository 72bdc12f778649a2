package identity

import (
	"context"
	"fmt"
	"sync"
	"testing"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

// enrolled tries to give a person a role, as an operator would.
func (s *stage) enrolled(body *tenant.Tenant, role, phone string) error {
	return s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		return dutyTold(Enrol(ctx, tx, s.env.Keys, Enrolment{Name: "三员", Phone: phone, Body: body.ID, Role: role}))
	})
}

var everyRole = []string{"admin", "officer", "supervisor", "member", SystemAdmin, SecurityAdmin, AuditAdmin}

func TestDutiesStandAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, first := range everyRole {
		for _, second := range everyRole {
			if first == second {
				continue
			}
			phone := mobile()
			if err := s.enrolled(s.body.Tenant, first, phone); err != nil {
				t.Fatalf("%s: %v", first, err)
			}
			want := "<nil>"
			if first != "member" && second != "member" && (isDuty(first) || isDuty(second)) {
				want = "DUTY_CONFLICT"
			}
			if got := reason(s.enrolled(s.body.Tenant, second, phone)); got != want {
				t.Errorf("%s and %s in one body: %s, want %s", first, second, got, want)
			}
			if err := s.enrolled(s.other.Tenant, second, phone); err != nil {
				t.Errorf("%s here and %s there: %v", first, second, err)
			}
		}
	}
}

func TestDutiesInARace(t *testing.T) {
	t.Parallel()
	s := open(t)
	for round := range 20 {
		phone := mobile()
		if err := s.enrolled(s.body.Tenant, "member", phone); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		begin := make(chan struct{})
		for _, role := range []string{SystemAdmin, SecurityAdmin, AuditAdmin, "admin"} {
			wg.Go(func() {
				<-begin
				if err := s.enrolled(s.body.Tenant, role, phone); err != nil && reason(err) != "DUTY_CONFLICT" {
					t.Errorf("%s: %v", role, err)
				}
			})
		}
		close(begin)
		wg.Wait()
		n := 0
		err := s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
			return tx.QueryRow(ctx, `select count(*) from platform.identity i join platform.person p on p.id = i.person_id
				where p.phone_digest = $1 and i.body_id = $2 and i.role <> 'member'`, s.env.Keys.Digest("phone", phone), s.body.ID).Scan(&n)
		})
		if err != nil || n != 1 {
			t.Fatalf("round %d: %d roles won, want 1 (%v)", round, n, err)
		}
	}
}

func TestDutiesAreOfferedApart(t *testing.T) {
	t.Parallel()
	s := open(t)
	offer := func(role, phone string) error {
		_, err := s.CreateInvitation(visit(s.body), &identityv1.CreateInvitationRequest{Name: "郑审计", Phone: phone, Role: role})
		return err
	}
	phone := mobile()
	if err := offer(SystemAdmin, phone); err != nil {
		t.Fatal(err)
	}
	if err := offer(AuditAdmin, phone); reason(err) != "DUTY_CONFLICT" || field(err) != "role" {
		t.Errorf("a second duty is offered: %v", err)
	}
	if err := offer("officer", phone); reason(err) != "DUTY_CONFLICT" {
		t.Errorf("business is offered beside a duty: %v", err)
	}
	if err := offer(AuditAdmin, mobile()); err != nil {
		t.Error(err)
	}
	// Offered before the other role came, it is refused when it is accepted.
	late := mobile()
	ctx := visit(s.body)
	made, err := s.CreateInvitation(ctx, &identityv1.CreateInvitationRequest{Name: "郑审计", Phone: late, Role: SecurityAdmin})
	if err != nil {
		t.Fatal(err)
	}
	s.enrol(t, s.body, "officer", "郑审计", late, nil)
	token := made.Url[len(made.Url)-43:]
	in := visit(s.body)
	_, err = s.AcceptInvitation(in, &identityv1.AcceptInvitationRequest{Token: token, Password: password})
	if reason(err) != "DUTY_CONFLICT" {
		t.Errorf("accepted beside another role: %v", err)
	}
	if cookie(t, in) != "" {
		t.Error("a refused invitation opens a session")
	}
	duties, err := s.GetDuties(visit(s.body), &identityv1.GetDutiesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(duties.Duties[0].Invited, duties.Duties[1].Invited, duties.Duties[2].Invited); got != "1 1 1" {
		t.Errorf("invited are %s", got)
	}
}

func TestDutiesGetNoPosts(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, role := range everyRole {
		phone := mobile()
		if err := s.enrolled(s.body.Tenant, role, phone); err != nil {
			t.Fatal(err)
		}
		_, here := s.CheckDuty(visit(s.body), &identityv1.CheckDutyRequest{Phone: phone})
		_, there := s.CheckDuty(visit(s.other), &identityv1.CheckDutyRequest{Phone: phone})
		if (reason(here) == "DUTY_CONFLICT") != isDuty(role) || there != nil {
			t.Errorf("%s: %v here, %v elsewhere", role, here, there)
		}
	}
	if _, err := s.CheckDuty(visit(s.body), &identityv1.CheckDutyRequest{Phone: mobile()}); err != nil {
		t.Errorf("nobody: %v", err)
	}
}

func TestSeparatedDutiesStayFilled(t *testing.T) {
	t.Parallel()
	s := open(t)
	phones := map[string]string{}
	for _, role := range []string{"admin", SystemAdmin, SecurityAdmin, AuditAdmin} {
		phones[role] = mobile()
		s.enrol(t, s.body, role, "三员"+role, phones[role], nil)
	}
	separate := func(on bool) {
		err := s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
			_, err := tx.Exec(ctx, `insert into platform.body_policy (body_id, separated) values ($1, $2)
				on conflict (body_id) do update set separated = excluded.separated`, s.body.ID, on)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	separate(true)
	admin := s.signIn(t, s.body, phones["admin"])
	found, err := s.ListHolders(admin, &identityv1.ListHoldersRequest{Role: AuditAdmin})
	if err != nil || len(found.Holders) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	auditor := found.Holders[0]
	end := &identityv1.EndHolderPlaceRequest{PersonId: auditor.PersonId, IdentityId: auditor.Places[0].IdentityId, Reason: "轮岗"}
	if _, err := s.EndHolderPlace(admin, end); reason(err) != "LAST_DUTY" {
		t.Errorf("the last audit administrator is dismissed: %v", err)
	}
	if _, err := s.LockHolder(admin, &identityv1.LockHolderRequest{PersonId: auditor.PersonId, Reason: "轮岗"}); reason(err) != "LAST_DUTY" {
		t.Errorf("the last audit administrator is locked: %v", err)
	}
	me := s.holding(t, phones[AuditAdmin])
	code := s.code(t, me, &identityv1.SendCodeRequest{Purpose: "close"}, phones[AuditAdmin])
	if _, err := s.CloseAccount(me, &identityv1.CloseAccountRequest{Code: code}); reason(err) != "LAST_DUTY" {
		t.Errorf("the last audit administrator closes the account: %v", err)
	}
	// Two go at once, and one stays.
	second := mobile()
	s.enrol(t, s.body, AuditAdmin, "审计乙", second, nil)
	both, err := s.ListHolders(admin, &identityv1.ListHoldersRequest{Role: AuditAdmin})
	if err != nil || len(both.Holders) != 2 {
		t.Fatalf("%v %v", both, err)
	}
	var wg sync.WaitGroup
	outcome := make(chan error, 2)
	for _, h := range both.Holders {
		wg.Go(func() {
			_, err := s.EndHolderPlace(admin, &identityv1.EndHolderPlaceRequest{PersonId: h.PersonId, IdentityId: h.Places[0].IdentityId, Reason: "轮岗"})
			outcome <- err
		})
	}
	wg.Wait()
	a, b := reason(<-outcome), reason(<-outcome)
	if (a == "LAST_DUTY") == (b == "LAST_DUTY") {
		t.Errorf("two go at once: %s and %s", a, b)
	}
	separate(false)
	rest, err := s.ListHolders(admin, &identityv1.ListHoldersRequest{Role: AuditAdmin})
	if err != nil || len(rest.Holders) != 1 {
		t.Fatalf("%v %v", rest, err)
	}
	h := rest.Holders[0]
	if _, err := s.EndHolderPlace(admin, &identityv1.EndHolderPlaceRequest{PersonId: h.PersonId, IdentityId: h.Places[0].IdentityId, Reason: "撤销"}); err != nil {
		t.Errorf("without separation the last one may go: %v", err)
	}
}

// holding is a call of the person with the phone, whose role asks for a second factor at sign-in.
func (s *stage) holding(t *testing.T, phone string) context.Context {
	t.Helper()
	who := &tenant.Subject{Body: s.body.ID, Session: tenant.NewID()}
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, `select a.id, p.id, p.name, i.id, i.role from platform.person p join platform.account a on a.person_id = p.id
			join platform.identity i on i.person_id = p.id and i.body_id = $2 where p.phone_digest = $1`, s.env.Keys.Digest("phone", phone), s.body.ID).
			Scan(&who.Account, &who.Person, &who.Name, &who.Identity, &who.Role)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tenant.WithSubject(visit(s.body), who)
}
