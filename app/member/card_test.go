package member

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// The same vector stands in the tests of the members' app.
func TestCardCode(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef")
	if got := cardCode(secret, "GH1.440105.AZZ.2900", 58000000); got != "GH1.440105.AZZ.2900.58000000.F3S5MPQe9vsrWFGo" {
		t.Error(got)
	}
}

func asMember(t *testing.T, b *pgtest.Body, id string) context.Context {
	t.Helper()
	ctx := pgtest.As(tenant.With(context.Background(), b.Tenant), b.Tenant, "member")
	tenant.SubjectFrom(ctx).Ref = uuid.MustParse(id)
	return ctx
}

func TestCard(t *testing.T) {
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), mobile(1)))
	card, err := s.GetOwnCard(asMember(t, s.body, m.Id), &memberv1.GetOwnCardRequest{})
	if err != nil || card.Name != "张三" || card.MemberNo != m.MemberNo || card.Life != 60 {
		t.Fatalf("%v, %v", card, err)
	}
	secret, err := base64.RawURLEncoding.DecodeString(card.Secret)
	if err != nil {
		t.Fatal(err)
	}
	step := func(ago time.Duration) int64 { return time.Now().Add(-ago).Unix() / 30 }
	fresh := cardCode(secret, card.Head, step(0))
	verify := func(b *pgtest.Body, code, want string) *memberv1.VerifyCardReply {
		t.Helper()
		reply, err := s.VerifyCard(b.Ctx, &memberv1.VerifyCardRequest{Code: code})
		if err != nil || reply.Outcome != want {
			t.Errorf("%s: %v, %v; want %s", code, reply, err, want)
		}
		return reply
	}
	if r := verify(s.body, fresh, "valid"); r.Name != "张三" || !r.Own || r.MemberId != m.Id {
		t.Errorf("%v", r)
	}
	s.catchUp(t)
	other := s.env.Body(t, nil)
	if r := verify(other, fresh, "valid"); r.Name != "" || r.MemberNo != "" || r.MemberId != "" || r.Own || r.BodyName != s.body.Name {
		t.Errorf("another body is told %v", r)
	}
	verify(s.body, cardCode(secret, card.Head, step(20*time.Second)), "valid")
	verify(s.body, cardCode(secret, card.Head, step(95*time.Second)), "expired")
	verify(s.body, cardCode(secret, card.Head, step(-90*time.Second)), "expired")
	for name, code := range map[string]string{
		"no code":        "hello",
		"another secret": cardCode([]byte("x"), card.Head, step(0)),
		"another body":   strings.Replace(fresh, s.body.Code, other.Code, 1),
		"another step":   strings.Replace(fresh, fresh[strings.LastIndexByte(fresh, '.')-3:strings.LastIndexByte(fresh, '.')], "999", 1),
		"cut":            fresh[:len(fresh)-1],
		"long":           fresh + ".1",
	} {
		reply, err := s.VerifyCard(s.body.Ctx, &memberv1.VerifyCardRequest{Code: code})
		if err != nil || reply.Outcome != "unknown" || reply.BodyName != "" {
			t.Errorf("%s: %v, %v", name, reply, err)
		}
	}
	if _, _, outcome := s.readCard(cardCode(s.cardSecret(cardHead(s.body.Code, uuid.MustParse(m.Id), 1)), cardHead(s.body.Code, uuid.MustParse(m.Id), 1), step(0)), time.Now()); outcome != "expired" {
		t.Errorf("a secret of an old week is %s", outcome)
	}

	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: m.Id, State: "withdrawn"}); err != nil {
		t.Fatal(err)
	}
	s.catchUp(t)
	verify(s.body, fresh, "ended")
	verify(other, fresh, "ended")
	card, err = s.GetOwnCard(asMember(t, s.body, m.Id), &memberv1.GetOwnCardRequest{})
	if err != nil || card.State != "withdrawn" || card.Secret != "" {
		t.Errorf("%v, %v", card, err)
	}
}
