package identity

import (
	"testing"

	identityv1 "gonghui/app/identity/v1"
)

// After three failures a try costs the solution of a puzzle, whether or not there is such an account.
func TestPuzzleAfterFailures(t *testing.T) {
	t.Parallel()
	s := open(t)
	known, unknown := mobile(), mobile()
	s.enrol(t, s.body, "officer", "会忘", known, nil)
	for _, phone := range []string{known, unknown} {
		for range failuresFree {
			if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: "wrong"}); reason(err) != "SIGN_IN_REFUSED" {
				t.Fatal(err)
			}
		}
		if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: password}); reason(err) != "CAPTCHA_REQUIRED" {
			t.Errorf("after three failures: %v", err)
		}
		if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phone, Password: password, Captcha: "made up"}); reason(err) != "CAPTCHA_REQUIRED" {
			t.Errorf("with a made-up solution: %v", err)
		}
	}
	var solution string
	used := visit(s.body)
	err := solving(func(captcha string) error {
		solution = captcha
		_, err := s.SignIn(used, &identityv1.SignInRequest{Phone: known, Password: "wrong", Captcha: captcha})
		return err
	})
	if reason(err) != "SIGN_IN_REFUSED" || solution == "" {
		t.Errorf("a wrong password with a solution: %v", err)
	}
	if _, err := s.SignIn(used, &identityv1.SignInRequest{Phone: known, Password: password, Captcha: solution}); reason(err) != "CAPTCHA_REQUIRED" {
		t.Errorf("a solution for the second time: %v", err)
	}
	if err := s.tryPassword(visit(s.body), known, password); err != nil {
		t.Errorf("the right password with a solution: %v", err)
	}
	// A source that failed is asked for any phone.
	source := visit(s.body)
	for range failuresFree {
		if _, err := s.SignIn(source, &identityv1.SignInRequest{Phone: mobile(), Password: "wrong"}); reason(err) != "SIGN_IN_REFUSED" {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn(source, &identityv1.SignInRequest{Phone: known, Password: password}); reason(err) != "CAPTCHA_REQUIRED" {
		t.Errorf("a source after three failures: %v", err)
	}
}
