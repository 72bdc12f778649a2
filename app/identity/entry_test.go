package identity

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// token proves a phone on the host of the body.
func (s *stage) token(t *testing.T, b *pgtest.Body, phone string) (string, context.Context) {
	t.Helper()
	reply, ctx := s.byCode(t, b, phone, legal().version)
	if reply.PhoneToken == "" || reply.Me != nil || cookie(t, ctx) != "" {
		t.Fatalf("the phone has a place already: %v", reply)
	}
	return reply.PhoneToken, ctx
}

// take claims a file as somebody whose phone is not known at the body.
func (s *stage) take(t *testing.T, b *pgtest.Body, phone, name, digest string, file uuid.UUID) (context.Context, error) {
	t.Helper()
	token, ctx := s.token(t, b, phone)
	_, err := s.TakePlace(ctx, &identityv1.TakePlaceRequest{PhoneToken: token, MemberId: file.String(), Name: name, IdDigest: digest})
	return ctx, err
}

func TestTakePlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone, file := mobile(), tenant.NewID()
	token, ctx := s.token(t, s.body, phone)
	look, err := s.PhoneOfToken(ctx, &identityv1.PhoneOfTokenRequest{PhoneToken: token})
	if err != nil || look.Phone != phone {
		t.Fatalf("the token proves %v, %v", look, err)
	}
	ask := &identityv1.TakePlaceRequest{PhoneToken: token, MemberId: file.String(), Name: "林初见", IdDigest: "digest of 林初见"}
	if _, err := s.TakePlace(visit(s.other), ask); reason(err) != "PHONE_TOKEN_INVALID" {
		t.Errorf("a token of another body: %v", err)
	}
	if _, err := s.PhoneOfToken(visit(s.other), &identityv1.PhoneOfTokenRequest{PhoneToken: token}); reason(err) != "PHONE_TOKEN_INVALID" {
		t.Errorf("a token shown to another body: %v", err)
	}
	in, err := s.TakePlace(ctx, ask)
	if err != nil {
		t.Fatal(err)
	}
	if in.Me.Name != "林初见" || in.Me.Place.Role != "member" || in.Me.Place.BodyCode != s.body.Code || in.Me.ConsentDue || in.Me.PasswordSet {
		t.Errorf("came in as %v", in.Me)
	}
	me := tenant.SubjectFrom(s.as(t, ctx))
	if me.Ref != file {
		t.Errorf("the place is of file %s, want %s", me.Ref, file)
	}
	if _, err := s.TakePlace(ctx, ask); reason(err) != "PHONE_TOKEN_INVALID" {
		t.Errorf("the token was good twice: %v", err)
	}
	// From now on the code is enough, and the same person finds the own file at the next body.
	again, _ := s.byCode(t, s.body, phone, "")
	if again.Me.GetPersonId() != in.Me.PersonId || again.PhoneToken != "" {
		t.Errorf("the next code lets in %v", again)
	}
	there, err := s.take(t, s.other, phone, "林初见", "digest of 林初见", tenant.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if p := tenant.SubjectFrom(s.as(t, there)); p.Person.String() != in.Me.PersonId || p.Body != s.other.ID {
		t.Errorf("at the second body the person is %v", p)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'place.take' and reason like $1", "%"+file.String()); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

// Two facts name a person, the phone and the ID number. When they do not name the same one, nothing moves between persons.
func TestTakePlaceRefusesConflicts(t *testing.T) {
	t.Parallel()
	s := open(t)
	holder, file := mobile(), tenant.NewID()
	if _, err := s.take(t, s.body, holder, "原主", "digest of 原主", file); err != nil {
		t.Fatal(err)
	}
	officer := mobile()
	s.enrol(t, s.body, "admin", "管理员", officer, nil)
	before := s.env.Count(t, "select count(*) from platform.identity where body_id = any($1)", []uuid.UUID{s.body.ID, s.other.ID})
	for name, try := range map[string]struct {
		body                *pgtest.Body
		phone, name, digest string
		file                uuid.UUID
	}{
		"an ID number that has another phone":         {s.other, mobile(), "原主", "digest of 原主", tenant.NewID()},
		"a phone that has another ID number":          {s.other, holder, "新主", "digest of 新主", tenant.NewID()},
		"the same, with the same name":                {s.other, holder, "原主", "digest of a namesake", tenant.NewID()},
		"a phone of somebody with another name":       {s.other, officer, "别人", "digest of 别人", tenant.NewID()},
		"a file that is another phone's":              {s.body, mobile(), "同名", "digest of 同名", file},
		"an ID number that is another phone's person": {s.other, officer, "管理员", "digest of 原主", tenant.NewID()},
	} {
		token, ctx := s.token(t, try.body, try.phone)
		ask := &identityv1.TakePlaceRequest{PhoneToken: token, MemberId: try.file.String(), Name: try.name, IdDigest: try.digest}
		for range 2 { // the token is not used up by a refusal
			if _, err := s.TakePlace(ctx, ask); reason(err) != "PLACE_CONFLICT" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if cookie(t, ctx) != "" {
			t.Errorf("%s: a session was opened", name)
		}
	}
	if after := s.env.Count(t, "select count(*) from platform.identity where body_id = any($1)", []uuid.UUID{s.body.ID, s.other.ID}); after != before {
		t.Errorf("from %d to %d identities", before, after)
	}
	// The officer whose name and phone are those of the file gets the place beside the other one, and can go from one to the other.
	ctx, err := s.take(t, s.other, officer, "管理员", "digest of 管理员", tenant.NewID())
	if err != nil {
		t.Fatal(err)
	}
	me, err := s.GetMe(s.as(t, ctx), nil)
	if err != nil || me.Place.Role != "member" || len(me.Places) != 1 || me.Places[0].Role != "admin" {
		t.Errorf("the officer is %v, %v", me, err)
	}
}

// One file, many phones at once: one gets it.
func TestTakePlaceByManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := tenant.NewID()
	type try struct {
		token string
		ctx   context.Context
	}
	tries := make([]try, 8)
	for n := range tries {
		tries[n].token, tries[n].ctx = s.token(t, s.body, mobile())
	}
	results := make([]error, len(tries))
	var wg sync.WaitGroup
	for n, c := range tries {
		wg.Go(func() {
			_, results[n] = s.TakePlace(c.ctx, &identityv1.TakePlaceRequest{
				PhoneToken: c.token, MemberId: file.String(), Name: "争抢", IdDigest: c.token[:20],
			})
		})
	}
	wg.Wait()
	in := 0
	for _, err := range results {
		if err == nil {
			in++
		} else if reason(err) != "PLACE_CONFLICT" {
			t.Error(err)
		}
	}
	if held := s.env.Count(t, "select count(*) from platform.identity where ref_id = $1 and valid_to is null", file); in != 1 || held != 1 {
		t.Errorf("%d got in, %d hold the file", in, held)
	}
}

func TestProofOfPhoneLastsTenMinutes(t *testing.T) {
	t.Parallel()
	s := open(t)
	token, ctx := s.token(t, s.body, mobile())
	left, err := s.proofs.redis.PTTL(ctx, proofKey(token)).Result()
	if err != nil || left > proofLife || left < proofLife-10*time.Second {
		t.Errorf("a fresh token has %s, want ten minutes (%v)", left, err)
	}
	if err := s.proofs.redis.Del(ctx, proofKey(token)).Err(); err != nil {
		t.Fatal(err)
	}
	_, err = s.TakePlace(ctx, &identityv1.TakePlaceRequest{PhoneToken: token, MemberId: tenant.NewID().String(), Name: "迟到", IdDigest: "late"})
	if reason(err) != "PHONE_TOKEN_INVALID" || field(err) != "phoneToken" {
		t.Errorf("a token that has expired: %v", err)
	}
}

func TestEndPlaceIsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone, file := mobile(), tenant.NewID()
	in, err := s.take(t, s.body, phone, "退会人", "digest of 退会人", file)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := s.take(t, s.other, phone, "退会人", "digest of 退会人", tenant.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.OfferPlace(s.body.Ctx, &identityv1.OfferPlaceRequest{MemberId: file.String(), Name: "退会人", Phone: phone}); err != nil {
		t.Fatal(err)
	}
	s.as(t, in)
	// Another body has no say.
	if _, err := s.EndPlace(s.other.Ctx, &identityv1.EndPlaceRequest{MemberId: file.String()}); err != nil {
		t.Fatal(err)
	}
	if s.out(t, in) {
		t.Error("another body ended the place")
	}
	for range 2 {
		if _, err := s.EndPlace(s.body.Ctx, &identityv1.EndPlaceRequest{MemberId: file.String()}); err != nil {
			t.Fatal(err)
		}
	}
	if !s.out(t, in) {
		t.Error("the session goes on")
	}
	if s.out(t, elsewhere) {
		t.Error("the session at another body ended too")
	}
	if n := s.env.Count(t, "select count(*) from platform.invitation where ref_id = $1 and state = 'pending'", file); n != 0 {
		t.Error("the invitation is still open")
	}
	if reply, _ := s.byCode(t, s.body, phone, ""); reply.Me != nil {
		t.Error("a code still opens the place")
	}
	// Whoever is admitted again may take the place again.
	if _, err := s.take(t, s.body, phone, "退会人", "digest of 退会人", file); err != nil {
		t.Error(err)
	}
}

func TestInvitationOfAMember(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone, file := mobile(), tenant.NewID()
	offer := func(phone string) string {
		t.Helper()
		made, err := s.OfferPlace(s.body.Ctx, &identityv1.OfferPlaceRequest{MemberId: file.String(), Name: "欧阳明月", Phone: phone})
		if err != nil {
			t.Fatal(err)
		}
		return tokenOf(t, made, "/join")
	}
	first := offer(phone)
	token := offer(phone)
	if _, err := s.GetInvitation(visit(s.body), &identityv1.GetInvitationRequest{Token: first}); reason(err) != "INVITATION_INVALID" {
		t.Errorf("the link before the last: %v", err)
	}
	ctx := visit(s.body)
	card, err := s.GetInvitation(ctx, &identityv1.GetInvitationRequest{Token: token})
	if err != nil || card.BodyName != s.body.Name || card.Name != "欧***" || card.Phone != phone || card.Role != "member" {
		t.Errorf("the link tells %v, %v", card, err)
	}
	for name, bad := range map[string]struct {
		ctx context.Context
		in  *identityv1.AcceptInvitationRequest
		why string
	}{
		"only the link":           {ctx, &identityv1.AcceptInvitationRequest{Token: token}, "INVALID_ARGUMENT"},
		"a password, as officers": {ctx, &identityv1.AcceptInvitationRequest{Token: token, Password: "Good-passw0rd"}, "INVALID_ARGUMENT"},
		"a code never sent":       {ctx, &identityv1.AcceptInvitationRequest{Token: token, Code: "123456"}, "CODE_WRONG"},
		"at another body":         {visit(s.other), &identityv1.AcceptInvitationRequest{Token: token, Code: "123456"}, "INVITATION_INVALID"},
	} {
		if _, err := s.AcceptInvitation(bad.ctx, bad.in); reason(err) != bad.why {
			t.Errorf("%s: %v, want %s", name, err, bad.why)
		}
	}
	if _, err := s.SendCode(ctx, &identityv1.SendCodeRequest{Purpose: sms.Invitation, Token: first}); reason(err) != "INVITATION_INVALID" {
		t.Errorf("a code for a link that is void: %v", err)
	}
	// A code for signing in does not accept.
	signIn := s.code(t, ctx, &identityv1.SendCodeRequest{Purpose: sms.SignIn, Phone: phone}, phone)
	if _, err := s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: token, Code: signIn}); reason(err) != "CODE_WRONG" {
		t.Errorf("a code for signing in: %v", err)
	}
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Purpose: sms.Invitation, Token: token}, phone)
	in, err := s.AcceptInvitation(ctx, &identityv1.AcceptInvitationRequest{Token: token, Code: code})
	if err != nil || in.Me.Name != "欧阳明月" || in.Me.Place.Role != "member" || !in.Me.ConsentDue {
		t.Fatalf("accepted as %v, %v", in, err)
	}
	if me := tenant.SubjectFrom(s.as(t, ctx)); me.Ref != file {
		t.Errorf("the place is of file %s, want %s", me.Ref, file)
	}
	if _, err := s.GetInvitation(visit(s.body), &identityv1.GetInvitationRequest{Token: token}); reason(err) != "INVITATION_INVALID" {
		t.Errorf("the link after it was used: %v", err)
	}

	// With a new phone the member comes in by a new link; the old phone's place ends.
	next := mobile()
	token = offer(next)
	there := visit(s.body)
	code = s.code(t, there, &identityv1.SendCodeRequest{Purpose: sms.Invitation, Token: token}, next)
	if _, err := s.AcceptInvitation(there, &identityv1.AcceptInvitationRequest{Token: token, Code: code}); err != nil {
		t.Fatal(err)
	}
	if !s.out(t, ctx) || s.out(t, there) {
		t.Error("the old phone is still in, or the new one is not")
	}

	// A phone that is another member of the body already is not taken from them.
	file = tenant.NewID()
	token = offer(next)
	code = s.code(t, there, &identityv1.SendCodeRequest{Purpose: sms.Invitation, Token: token}, next)
	if _, err := s.AcceptInvitation(visit(s.body), &identityv1.AcceptInvitationRequest{Token: token, Code: code}); reason(err) != "PLACE_CONFLICT" {
		t.Errorf("a phone of another member: %v", err)
	}
}
