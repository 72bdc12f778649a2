package identity

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gonghui/app/identity/factor/softkey"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant/pgtest"
)

func origin(b *pgtest.Body) string { return "https://" + b.Code + ".gonghui.test" }

// withPasskey makes a passkey for who makes the call, on the host of the body.
func (s *stage) withPasskey(t *testing.T, me context.Context, b *pgtest.Body, name string) (*softkey.Key, *identityv1.CreatePasskeyReply) {
	t.Helper()
	q, err := s.factors.StartPasskey(me, nil)
	if err != nil {
		t.Fatal(err)
	}
	key, answer, err := softkey.Create(q.Options, origin(b))
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.factors.CreatePasskey(me, &identityv1.CreatePasskeyRequest{Passkey: &identityv1.PasskeyAnswer{Id: q.Id, Credential: answer}, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return key, made
}

func sign(t *testing.T, key *softkey.Key, q *identityv1.PasskeyQuestion, origin string) *identityv1.PasskeyAnswer {
	t.Helper()
	answer, err := key.Sign(q.Options, origin)
	if err != nil {
		t.Fatal(err)
	}
	return &identityv1.PasskeyAnswer{Id: q.Id, Credential: answer}
}

func TestPasskeys(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "钥匙人", phone, nil)
	s.enrol(t, s.other, "member", "钥匙人", phone, nil)
	me := s.signIn(t, s.body, phone)
	key, made := s.withPasskey(t, me, s.body, "")
	if made.Passkey.Name != "Chrome · Windows" || len(made.RecoveryCodes) != 10 || key.RPID != "gonghui.test" {
		t.Fatalf("made %v for %s", made, key.RPID)
	}
	if _, made := s.withPasskey(t, me, s.body, "钥匙扣"); made.Passkey.Name != "钥匙扣" || len(made.RecoveryCodes) != 0 {
		t.Errorf("the second one answers %v", made)
	}

	// Alone, on every host where the person has a place.
	for _, b := range []*pgtest.Body{s.body, s.other} {
		ctx := visit(b)
		q, err := s.AskPasskey(ctx, &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		in, err := s.SignInWithPasskey(ctx, &identityv1.SignInWithPasskeyRequest{Passkey: sign(t, key, q, origin(b))})
		if err != nil || in.Me == nil || cookie(t, ctx) == "" {
			t.Fatalf("at %s: %v, %v", b.Code, in, err)
		}
	}
	hq := visit(nil)
	q, err := s.AskPasskey(hq, &identityv1.AskPasskeyRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if in, err := s.SignInWithPasskey(hq, &identityv1.SignInWithPasskeyRequest{Passkey: sign(t, key, q, "https://hq.gonghui.test")}); err != nil || in.Me == nil {
		t.Fatalf("at the supervision host: %v, %v", in, err)
	}

	refused := func(what string, change func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer) {
		t.Helper()
		ctx := visit(s.body)
		q, err := s.AskPasskey(ctx, &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SignInWithPasskey(ctx, &identityv1.SignInWithPasskeyRequest{Passkey: change(q)}); reason(err) != "PASSKEY_REFUSED" || cookie(t, ctx) != "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("from another site", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		return sign(t, key, q, "https://evil.example")
	})
	refused("from another body's page", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer { return sign(t, key, q, origin(s.other)) })
	refused("a copy whose counter lags", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		copied := *key
		copied.Counter = 1
		return sign(t, &copied, q, origin(s.body))
	})
	refused("for another account", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		other := *key
		id := uuid.New()
		other.Handle = id[:]
		key.Counter += 2
		other.Counter = key.Counter
		return sign(t, &other, q, origin(s.body))
	})
	refused("nonsense", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		return &identityv1.PasskeyAnswer{Id: q.Id, Credential: "{}"}
	})
	refused("an answer to another question", func(*identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		old, err := s.AskPasskey(visit(s.body), &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		answer := sign(t, key, old, origin(s.body))
		other, err := s.AskPasskey(visit(s.body), &identityv1.AskPasskeyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return &identityv1.PasskeyAnswer{Id: other.Id, Credential: answer.Credential}
	})
	refused("of an unknown question", func(*identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer {
		return &identityv1.PasskeyAnswer{Id: strings.Repeat("x", 30), Credential: "{}"}
	})

	// As the second step after the password.
	ctx := visit(s.body)
	step := s.begin(t, ctx, phone)
	if strings.Join(step.Ways, " ") != "passkey recovery" {
		t.Errorf("the ways are %v", step.Ways)
	}
	q, err = s.AskPasskey(ctx, &identityv1.AskPasskeyRequest{Ticket: step.Ticket})
	if err != nil {
		t.Fatal(err)
	}
	answer := sign(t, key, q, origin(s.body))
	if _, err := s.ContinueSignIn(ctx, &identityv1.ContinueSignInRequest{Ticket: step.Ticket, Passkey: answer}); err != nil {
		t.Fatalf("as the second step: %v", err)
	}
	me = s.as(t, ctx)

	// A stranger's passkey is nothing to the account, nor the account's to a stranger.
	other := mobile()
	s.enrol(t, s.body, "officer", "外人", other, nil)
	stranger := s.signIn(t, s.body, other)
	list, err := s.factors.ListPasskeys(me, &identityv1.ListPasskeysRequest{PageSize: 1})
	if err != nil || len(list.Passkeys) != 1 || list.NextPageToken == "" || list.Passkeys[0].Name != "钥匙扣" {
		t.Fatalf("the first page is %v, %v", list, err)
	}
	list, err = s.factors.ListPasskeys(me, &identityv1.ListPasskeysRequest{PageSize: 1, PageToken: list.NextPageToken})
	if err != nil || len(list.Passkeys) != 1 || list.NextPageToken != "" || list.Passkeys[0].UsedAt == nil {
		t.Fatalf("the second page is %v, %v", list, err)
	}
	id := list.Passkeys[0].Id
	if _, err := s.factors.RenamePasskey(stranger, &identityv1.RenamePasskeyRequest{Id: id, Name: "夺走"}); reason(err) != "PASSKEY_NOT_FOUND" {
		t.Errorf("a stranger renames it: %v", err)
	}
	if _, err := s.factors.RemovePasskey(stranger, &identityv1.RemovePasskeyRequest{Id: id}); reason(err) != "PASSKEY_NOT_FOUND" {
		t.Errorf("a stranger removes it: %v", err)
	}
	if _, err := s.factors.RenamePasskey(me, &identityv1.RenamePasskeyRequest{Id: id, Name: "  "}); field(err) != "name" {
		t.Errorf("renamed to nothing: %v", err)
	}
	if k, err := s.factors.RenamePasskey(me, &identityv1.RenamePasskeyRequest{Id: id, Name: " 办公电脑 "}); err != nil || k.Name != "办公电脑" {
		t.Errorf("renamed to %v, %v", k, err)
	}
	if _, err := s.factors.RemovePasskey(me, &identityv1.RemovePasskeyRequest{Id: id}); err != nil {
		t.Fatal(err)
	}
	refused("a removed one", func(q *identityv1.PasskeyQuestion) *identityv1.PasskeyAnswer { return sign(t, key, q, origin(s.body)) })
}
