package factor

import (
	"context"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/pquerna/otp/totp"

	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// The vectors of RFC 6238, appendix B, SHA-1, their last six digits.
func TestTotpVectors(t *testing.T) {
	secret := "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // "12345678901234567890"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		now := time.Unix(at, 0)
		if got := stepOf(secret, code, now); got != at/30 {
			t.Errorf("at %d: step %d, want %d", at, got, at/30)
		}
		if stepOf(secret, code, now.Add(30*time.Second)) != at/30 || stepOf(secret, code, now.Add(-30*time.Second)) != at/30 {
			t.Errorf("at %d: a clock that is half a minute off is refused", at)
		}
		if stepOf(secret, code, now.Add(91*time.Second)) != 0 || stepOf(secret, code, now.Add(-91*time.Second)) != 0 {
			t.Errorf("at %d: good for too long", at)
		}
	}
	if stepOf(secret, "", time.Now()) != 0 {
		t.Error("no code is good")
	}
}

func TestSecretIsThatOfItsAddress(t *testing.T) {
	secret, url, err := newSecret("工会网上工作平台", "李明 138****5678")
	if err != nil || len(secret) != 32 || !strings.HasPrefix(url, "otpauth://totp/") || !strings.Contains(url, "secret="+secret) {
		t.Fatalf("secret %q, address %q, %v", secret, url, err)
	}
	now := time.Now()
	code, err := totp.GenerateCode(secret, now)
	if err != nil || stepOf(secret, code, now) == 0 {
		t.Errorf("an app's code %s is refused (%v)", code, err)
	}
}

func TestRecoveryCodes(t *testing.T) {
	codes := newRecoveryCodes()
	seen := map[string]bool{}
	for _, c := range codes {
		if len(c) != 11 || c[5] != '-' || seen[c] {
			t.Errorf("a code is %q", c)
		}
		seen[c] = true
	}
	if len(codes) != 10 {
		t.Errorf("%d codes", len(codes))
	}
	for typed, want := range map[string]string{"7K2MQ-X9P4D": "7k2mqx9p4d", " 7k2mq x9p4d ": "7k2mqx9p4d", "OIL00-11111": "0110011111"} {
		if got := normalRecovery(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestPuzzle(t *testing.T) {
	t.Parallel()
	env := pgtest.Open(t)
	p := Puzzle{Redis: pgtest.Redis(t), Keys: env.Keys}
	ctx, now := context.Background(), time.Now()
	refusal := kerrors.FromError(p.Required(3, now))
	puzzle := refusal.Metadata["puzzle"]
	if refusal.Code != 403 || refusal.Reason != "CAPTCHA_REQUIRED" || refusal.Metadata["bits"] != "13" || refusal.Metadata["parts"] != "8" {
		t.Fatalf("the refusal is %v", refusal)
	}
	if kerrors.FromError(p.Required(100, now)).Metadata["bits"] != "16" {
		t.Error("the puzzle does not get harder")
	}
	right := Solve(puzzle, 13, 8)
	own := "AAAAAAAAAAAAAAAA.1.99999999999." + strings.Repeat("A", 22)
	for name, solution := range map[string]string{
		"nothing": "", "no numbers": puzzle, "one number short": right[:strings.LastIndex(right, ":")],
		"a wrong number": right[:strings.LastIndex(right, ":")] + ":x", "an easier puzzle of one's own": Solve(own, 1, 8),
		"bits changed": strings.Replace(right, ".13.", ".01.", 1), "colons": ":::::::::", "points": "....:1:2:3:4:5:6:7:8",
	} {
		if ok, err := p.Solved(ctx, solution, now); ok || err != nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
	if ok, _ := p.Solved(ctx, right, now.Add(puzzleLife+2*time.Second)); ok {
		t.Error("an old puzzle")
	}
	if ok, err := p.Solved(ctx, right, now); !ok || err != nil {
		t.Errorf("the right solution: %v, %v", ok, err)
	}
	if ok, _ := p.Solved(ctx, right, now); ok {
		t.Error("the right solution for a second time")
	}
}

func BenchmarkSolve(b *testing.B) {
	for b.Loop() {
		Solve("si4ZZE2G9ETFJry0.13.1795357298.-LNo0VcMKEnCrWexQzB1vg", 13, 8)
	}
}
