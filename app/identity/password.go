package identity

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"unicode"

	"github.com/alexedwards/argon2id"

	"gonghui/app/kit/fault"

	identityv1 "gonghui/app/identity/v1"
)

// params follow the OWASP Password Storage Cheat Sheet for Argon2id: 19 MiB, two passes, one lane.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashing bounds the memory of password hashing: at most this many at a time, 19 MiB each.
var hashing = make(chan struct{}, 4)

// nobody is the hash that is compared against when there is no such account, so that the answer takes as long.
var nobody = sync.OnceValue(func() string {
	h, err := HashPassword("a password that nobody has")
	if err != nil {
		panic(err) // no randomness: nothing can be safe
	}
	return h
})

// HashPassword returns the argon2id hash of a password in PHC form.
func HashPassword(password string) (string, error) {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2id.CreateHash(password, params)
}

// PasswordMatches reports whether the password is that of the hash. Without a hash it takes as long, and is false. Who goes away
// while others are served is not served.
func PasswordMatches(ctx context.Context, password, hash string) (bool, error) {
	if hash == "" {
		hash = nobody()
	}
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// common are passwords that every guesser tries first, of those long enough to pass the other rules.
var common = map[string]bool{
	"password1": true, "password123": true, "a1234567": true, "a12345678": true, "a123456789": true, "abc12345": true,
	"abc123456": true, "qwer1234": true, "1qaz2wsx": true, "1q2w3e4r": true, "q1w2e3r4": true, "abcd1234": true,
	"aa123456": true, "asd12345": true, "woaini1314": true, "woaini520": true, "gonghui123": true, "admin123": true,
	"admin888": true, "iloveyou1": true, "qwerty123": true, "zxcvbnm1": true, "p@ssw0rd": true, "passw0rd": true,
}

// checkPassword refuses passwords that are easily guessed. field is the field of the request.
func checkPassword(field, password, phone string) error {
	weak := func(zh, en string) error {
		return fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_WEAK, field, zh, en)
	}
	var letter, digit, other bool
	for _, r := range password {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsDigit(r):
			digit = true
		default:
			other = true
		}
	}
	kinds := 0
	for _, has := range []bool{letter, digit, other} {
		if has {
			kinds++
		}
	}
	switch {
	case len([]rune(password)) < 8:
		return weak("密码至少 8 个字符", "use at least 8 characters")
	case kinds < 2:
		return weak("密码须含字母、数字、符号中的两类", "mix at least two of letters, digits and signs")
	case common[strings.ToLower(password)]:
		return weak("这个密码太常见，请换一个", "this password is too common; choose another")
	case phone != "" && strings.Contains(password, phone):
		return weak("密码不能包含手机号", "the password must not hold the phone number")
	}
	return nil
}
