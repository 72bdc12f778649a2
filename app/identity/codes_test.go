package identity

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/redis/go-redis/v9"

	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

func TestCodeOpensOnceAndForItsPurpose(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "码上到", phone, nil)
	ctx := visit(s.body)
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: "+86 " + phone, Purpose: sms.SignIn}, phone)
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		t.Fatalf("the code is %q", code)
	}
	try := func(phone, code string) error {
		return s.tryCode(ctx, phone, code)
	}
	if err := try(mobile(), code); reason(err) != "CODE_WRONG" || field(err) != "code" {
		t.Errorf("for another phone: %v", err)
	}
	if _, err := s.ResetPassword(ctx, &identityv1.ResetPasswordRequest{Phone: phone, Code: code, NewPassword: "Other-passw0rd"}); reason(err) != "CODE_WRONG" {
		t.Errorf("for another purpose: %v", err)
	}
	if err := try(phone, wrong(code)); reason(err) != "CODE_WRONG" {
		t.Errorf("a wrong code: %v", err)
	}
	if err := try(phone, code); err != nil {
		t.Fatalf("the right code: %v", err)
	}
	if cookie(t, ctx) == "" {
		t.Error("no session was opened")
	}
	if err := try(phone, code); reason(err) != "CODE_WRONG" {
		t.Errorf("a second time: %v", err)
	}
}

func TestNewerCodeTakesThePlaceOfTheOlder(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "新替旧", phone, nil)
	ctx := visit(s.body)
	first := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	second := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	if first == second {
		second = s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	}
	if _, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: first}); reason(err) != "CODE_WRONG" {
		t.Errorf("the older code: %v", err)
	}
	if _, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: second}); err != nil {
		t.Errorf("the newer code: %v", err)
	}
}

func TestCodeDiesOfAgeAndOfGuesses(t *testing.T) {
	t.Parallel()
	s := open(t)
	digest := func(phone string) string { return s.env.Keys.Digest("phone", phone) }
	phone := mobile()
	ctx := visit(s.body)
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	left, err := s.codes.redis.PTTL(ctx, codeKey(sms.SignIn, digest(phone))).Result()
	if err != nil || left > codeLife || left < codeLife-10*time.Second {
		t.Errorf("a fresh code has %s, want five minutes (%v)", left, err)
	}
	if err := s.codes.redis.PExpire(ctx, codeKey(sms.SignIn, digest(phone)), time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	for s.codes.redis.Exists(ctx, codeKey(sms.SignIn, digest(phone))).Val() > 0 {
	}
	if _, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: code}); reason(err) != "CODE_WRONG" {
		t.Errorf("an old code: %v", err)
	}

	phone = mobile()
	code = s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	for n := range codeTries {
		if err := s.proven(ctx, sms.SignIn, digest(phone), visitSource(ctx), wrong(code)); reason(err) != "CODE_WRONG" {
			t.Fatalf("guess %d: %v", n+1, err)
		}
	}
	if err := s.guard.pass(ctx, "code:"+digest(phone)); err != nil {
		t.Fatal(err)
	}
	if err := s.proven(ctx, sms.SignIn, digest(phone), visitSource(ctx), code); reason(err) != "CODE_WRONG" {
		t.Errorf("the right code after five wrong ones: %v", err)
	}
}

func visitSource(ctx context.Context) string { return tenant.CallFrom(ctx).Source }

// Guesses are slowed down like those of passwords, and a phone whose password was guessed at can still use codes.
func TestWrongCodesAreCounted(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "officer", "猜不中", phone, nil)
	ctx := visit(s.body)
	for range failuresOfPhone {
		if err := s.tryPassword(ctx, phone, "wrong"); reason(err) != "SIGN_IN_REFUSED" {
			t.Fatal(err)
		}
	}
	if err := s.tryPassword(ctx, phone, password); reason(err) != "SIGN_IN_LOCKED" {
		t.Errorf("the password after five wrong ones: %v", err)
	}
	s.byCode(t, s.body, phone, "")

	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	for range failuresOfPhone {
		if err := s.tryCode(ctx, phone, wrong(code)); reason(err) != "CODE_WRONG" {
			t.Fatal(err)
		}
	}
	code = s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	_, err := s.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: code})
	if reason(err) != "SIGN_IN_LOCKED" || kerrors.FromError(err).Metadata["retry_after"] == "" {
		t.Errorf("the code after five wrong ones: %v", err)
	}
	// Who failed too often is refused for other phones too.
	crowd := visit(s.body)
	for range failuresOfSource {
		if err := s.guard.fail(crowd, mobile(), visitSource(crowd)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn(crowd, &identityv1.SignInRequest{Phone: mobile(), Password: "wrong"}); reason(err) != "SIGN_IN_LOCKED" {
		t.Errorf("the source after fifty failures: %v", err)
	}
}

func TestCodesAreLimited(t *testing.T) {
	t.Parallel()
	s := open(t)
	ask := func(ctx context.Context, phone string) error {
		_, err := s.SendCode(ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn})
		return err
	}
	wait := func(err error) int {
		t.Helper()
		if reason(err) != "CODE_TOO_OFTEN" {
			t.Fatalf("got %v, want CODE_TOO_OFTEN", err)
		}
		n, _ := strconv.Atoi(kerrors.FromError(err).Metadata["retry_after"])
		return n
	}
	phone := mobile()
	if err := ask(visit(s.body), phone); err != nil {
		t.Fatal(err)
	}
	if n := wait(ask(visit(s.body), phone)); n < 50 || n > 60 {
		t.Errorf("the second code may be asked for in %d s, want a minute", n)
	}
	for range codesOfPhone - 1 {
		s.againNow(t, sms.SignIn, phone)
		if err := ask(visit(s.body), phone); err != nil {
			t.Fatal(err)
		}
	}
	s.againNow(t, sms.SignIn, phone)
	for range 2 {
		if n := wait(ask(visit(s.body), phone)); n < 86000 || n > 86400 {
			t.Errorf("the eleventh code may be asked for in %d s, want a day", n)
		}
	}
	office := visit(s.body)
	for n := range codesOfSource {
		if err := ask(office, mobile()); err != nil {
			t.Fatalf("code %d of an office: %v", n+1, err)
		}
	}
	barred := mobile()
	if n := wait(ask(office, barred)); n < 3500 || n > 3600 {
		t.Errorf("the office's next code may be asked for in %d s, want an hour", n)
	}
	if err := ask(visit(s.body), barred); err != nil {
		t.Errorf("the same phone from elsewhere: %v", err)
	}
}

// A known and an unknown phone get the same answer, and each gets a message.
func TestSendCodeDoesNotTellWhoIsKnown(t *testing.T) {
	t.Parallel()
	s := open(t)
	known, unknown := mobile(), mobile()
	s.enrol(t, s.body, "member", "有档案", known, nil)
	for _, purpose := range []string{sms.SignIn, sms.Reset} {
		var answers []string
		for _, phone := range []string{known, unknown} {
			reply, err := s.SendCode(visit(s.body), &identityv1.SendCodeRequest{Phone: phone, Purpose: purpose})
			answers = append(answers, fmt.Sprint(reply, err))
			if s.phones.last[purpose+phone] == "" {
				t.Errorf("%s: no message for %s", purpose, phone)
			}
		}
		if answers[0] != answers[1] {
			t.Errorf("%s: %s for a known phone, %s for an unknown one", purpose, answers[0], answers[1])
		}
	}
}

func TestFailingProviderIsSaidAndCostsNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	ctx := visit(s.body)
	s.phones.fail = errors.New("the gateway is on fire")
	for range codesOfPhone + 1 {
		_, err := s.SendCode(ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn})
		if reason(err) != "CODE_NOT_SENT" || kerrors.Code(err) != 503 || strings.Contains(err.Error(), "fire") {
			t.Fatalf("a message that cannot be sent: %v", err)
		}
	}
	s.phones.fail = sms.ErrNone
	if _, err := s.SendCode(ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}); reason(err) != "CODE_NOT_SENT" {
		t.Errorf("without a provider: %v", err)
	}
	s.phones.fail = nil
	if _, err := s.SendCode(ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}); err != nil {
		t.Errorf("when it works again: %v", err)
	}
}

// Of a hundred who give the right code at once, one gets in.
func TestCodeIsUsedOnceByManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	digest := s.env.Keys.Digest("phone", phone)
	ctx := visit(s.body)
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if s.proven(ctx, sms.SignIn, digest, "", code) == nil {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("the code was good %d times", in.Load())
	}
}

// Nothing in Redis tells a phone or a code.
func TestRedisHoldsNoPhoneAndNoCode(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	reply, ctx := s.byCode(t, s.body, phone, "")
	if reply.PhoneToken == "" {
		t.Fatal("no token")
	}
	code := s.code(t, ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn}, phone)
	keys, err := s.codes.redis.Keys(ctx, "gonghui:*").Result()
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys: %v", len(keys), err)
	}
	for _, k := range keys {
		dump, err := s.codes.redis.Dump(ctx, k).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			t.Fatal(err)
		}
		for _, secret := range []string{phone, reply.PhoneToken} {
			if strings.Contains(k, secret) || strings.Contains(dump, secret) {
				t.Errorf("key %s tells %s", k, secret)
			}
		}
	}
	stored, err := s.codes.redis.HGetAll(ctx, codeKey(sms.SignIn, s.env.Keys.Digest("phone", phone))).Result()
	if err != nil || stored["digest"] == "" || strings.Contains(fmt.Sprint(stored), code) {
		t.Errorf("a code is kept as %v (%v)", stored, err)
	}
}

// Without Redis nobody is let in by guessing: every way in fails, and not as if the guess were wrong.
func TestWithoutRedisNobodyGetsIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	phone := mobile()
	s.enrol(t, s.body, "admin", "断了线", phone, nil)
	gone, err := New(host{env: s.env, sms: s.phones, looks: s.looks, redis: redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})})
	if err != nil {
		t.Fatal(err)
	}
	ctx := visit(s.body)
	for name, call := range map[string]func() error{
		"password": func() error {
			_, err := gone.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password})
			return err
		},
		"code": func() error {
			_, err := gone.SendCode(ctx, &identityv1.SendCodeRequest{Phone: phone, Purpose: sms.SignIn})
			return err
		},
		"sign-in by code": func() error {
			_, err := gone.SignInWithCode(ctx, &identityv1.SignInWithCodeRequest{Phone: phone, Code: "123456"})
			return err
		},
		"reset": func() error {
			_, err := gone.ResetPassword(ctx, &identityv1.ResetPasswordRequest{Phone: phone, Code: "123456", NewPassword: "Other-passw0rd"})
			return err
		},
	} {
		var away *net.OpError
		if err := call(); !errors.As(err, &away) {
			t.Errorf("%s without Redis: %v", name, err)
		}
	}
	if cookie(t, ctx) != "" {
		t.Error("a session was opened")
	}
}
