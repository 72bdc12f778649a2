package member

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/app/member/claim"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
	"gonghui/tenant/rollup"
)

// catchUp drains the outbox and lets the claims' consumer take up what is in the log.
func (s *stage) catchUp(t *testing.T) {
	t.Helper()
	for {
		n, err := rollup.NewDrainer(s.env.DB).Drain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	for {
		if s.env.Count(t, "select coalesce((select max(seq) from cell.event_log), 0) - coalesce((select seq from cell.consumer where name = 'member.claim'), 0)") <= 0 {
			stop()
			<-done
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal("the consumer did not catch up")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// state is how a person is registered nationwide: "", "pending" or "live".
func (s *stage) registered(t *testing.T, idNumber string) string {
	t.Helper()
	found, err := claim.Find(t.Context(), s.db, []string{s.keys.Digest(idDigest, idNumber)})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range found {
		if h.Pending {
			return "pending"
		}
		return "live"
	}
	return ""
}

func TestClaimFollowsTheMembership(t *testing.T) {
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), mobile(1)))
	s.catchUp(t)
	if got := s.registered(t, citizen(1)); got != "live" {
		t.Fatalf("after the admission the claim is %q", got)
	}

	other := s.env.Body(t, nil)
	_, err := s.CreateMember(other.Ctx, &memberv1.CreateMemberRequest{Fields: fields("张三", citizen(1), mobile(1))})
	if reason(err) != "MEMBER_ELSEWHERE" {
		t.Fatalf("a second body: %v", err)
	}
	listed, err := s.ListDuplicates(other.Ctx, &memberv1.ListDuplicatesRequest{})
	if err != nil || len(listed.Duplicates) != 1 || listed.Duplicates[0].State != "elsewhere" || listed.Duplicates[0].BodyName != "" {
		t.Fatalf("duplicates of the second body: %v, %v", listed, err)
	}

	// Another number: the old person is free, the new one is not.
	f := fields("张三", citizen(2), "")
	m, err = s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: m.Id, Fields: f, Version: m.Version})
	if err != nil {
		t.Fatal(err)
	}
	s.catchUp(t)
	if a, b := s.registered(t, citizen(1)), s.registered(t, citizen(2)); a != "" || b != "live" {
		t.Fatalf("after the change the claims are %q and %q", a, b)
	}
	listed, err = s.ListDuplicates(other.Ctx, &memberv1.ListDuplicatesRequest{})
	if err != nil || len(listed.Duplicates) != 1 || listed.Duplicates[0].State != "free" {
		t.Fatalf("duplicates of the second body: %v, %v", listed, err)
	}
	if _, err := s.CreateMember(other.Ctx, &memberv1.CreateMemberRequest{Fields: fields("张三", citizen(1), mobile(1))}); err != nil {
		t.Fatal(err)
	}
	if listed, err = s.ListDuplicates(other.Ctx, &memberv1.ListDuplicatesRequest{}); err != nil || len(listed.Duplicates) != 0 {
		t.Fatalf("an admitted person is a duplicate still: %v, %v", listed, err)
	}

	// Ended and restored before anybody has read the events: the claim stays.
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: m.Id, State: "withdrawn"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RestoreMembership(s.ctx, &memberv1.RestoreMembershipRequest{Id: m.Id}); err != nil {
		t.Fatal(err)
	}
	s.catchUp(t)
	if got := s.registered(t, citizen(2)); got != "live" {
		t.Fatalf("ended and restored, the claim is %q", got)
	}
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: m.Id, State: "withdrawn"}); err != nil {
		t.Fatal(err)
	}
	s.catchUp(t)
	if got := s.registered(t, citizen(2)); got != "" {
		t.Fatalf("after the end the claim is %q", got)
	}
	if _, err := s.CreateMember(other.Ctx, &memberv1.CreateMemberRequest{Fields: fields("张三", citizen(2), mobile(1))}); err != nil {
		t.Fatal(err)
	}
	_, err = s.RestoreMembership(s.ctx, &memberv1.RestoreMembershipRequest{Id: m.Id})
	if reason(err) != "MEMBER_ELSEWHERE" {
		t.Fatalf("restored beside another membership: %v", err)
	}
}

func TestClaimIsGivenBack(t *testing.T) {
	s := open(t)
	s.create(t, fields("张三", citizen(1), mobile(1)))
	if _, err := s.CreateMember(s.ctx, &memberv1.CreateMemberRequest{Fields: fields("张三", citizen(1), mobile(1))}); reason(err) != "MEMBER_DUPLICATE" {
		t.Fatalf("twice in one body: %v", err)
	}
	m := s.create(t, fields("李四", citizen(2), mobile(2)))
	_, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: m.Id, Fields: fields("李四", citizen(3), ""), Version: 99})
	if reason(err) != "MEMBER_STALE" {
		t.Fatalf("a stale change: %v", err)
	}
	if got := s.registered(t, citizen(3)); got != "" {
		t.Errorf("the claim of a change that failed is %q", got)
	}
	s.catchUp(t)
	if got := s.registered(t, citizen(2)); got != "live" {
		t.Errorf("the claim of the member is %q", got)
	}
}

// Claims whose process died are settled by the roll of the body.
func TestLapsedClaims(t *testing.T) {
	s := open(t)
	entered := s.create(t, fields("张三", citizen(1), mobile(1)))
	lost := claim.Claim{Digest: s.keys.Digest(idDigest, citizen(2)), Member: uuid.New()}
	if refused, err := claim.Take(s.ctx, s.db, uuid.New(), []claim.Claim{lost}); err != nil || len(refused) != 0 {
		t.Fatalf("%v, %v", refused, err)
	}
	err := s.db.Platform(t.Context(), func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, "update platform.membership set expires_at = now() - interval '1 second' where body_id = $1", s.body.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := claim.SettleOnce(t.Context(), s.db, s.inForce); err != nil {
		t.Fatal(err)
	}
	if a, b := s.registered(t, citizen(1)), s.registered(t, citizen(2)); a != "live" || b != "" {
		t.Errorf("the entered is %q, the lost one %q", a, b)
	}
	found, err := claim.Find(t.Context(), s.db, []string{s.keys.Digest(idDigest, citizen(1))})
	for _, h := range found {
		if err != nil || h.Member.String() != entered.Id {
			t.Errorf("%v, %v", h, err)
		}
	}
}

// TestRaceForPersons lets many bodies claim the same people at once: each is in exactly one of them.
func TestRaceForPersons(t *testing.T) {
	const bodies, people, each = 50, 1000, 250
	s := open(t)
	var all []*pgtest.Body
	for range bodies {
		all = append(all, s.env.Registered(t))
	}
	won := make([]map[string]bool, bodies)
	var wg sync.WaitGroup
	for b := range bodies {
		won[b] = map[string]bool{}
		wg.Go(func() {
			for from := 0; from < people; from += each {
				var claims []claim.Claim
				for i := range each {
					// Every body goes through them in another order.
					n := from + (i*7+b*13)%each
					claims = append(claims, claim.Claim{Digest: fmt.Sprintf("%s-%04d", t.Name(), n), Member: tenant.NewID()})
				}
				refused, err := claim.Take(all[b].Ctx, s.db, tenant.NewID(), claims)
				if err != nil {
					t.Error(err)
					return
				}
				for _, c := range claims {
					if _, lost := refused[c.Digest]; !lost {
						won[b][c.Digest] = true
					}
				}
			}
		})
	}
	wg.Wait()
	owners := map[string]int{}
	for _, w := range won {
		for digest := range w {
			owners[digest]++
		}
	}
	for digest, n := range owners {
		if n != 1 {
			t.Fatalf("%s is in %d bodies", digest, n)
		}
	}
	if len(owners) != people {
		t.Errorf("%d of %d persons found a body", len(owners), people)
	}
}
