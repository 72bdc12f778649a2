package token

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

var (
	secret = bytes.Repeat([]byte{5}, 32)
	noon   = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)
	claims = Claims{Person: "p1", Home: "body-a", Tenant: "body-b", Room: "r1", Expires: noon.Add(time.Minute), Send: true, Places: 9}
)

func TestOnceAndRight(t *testing.T) {
	tokens, err := New(secret)
	if err != nil {
		t.Fatal(err)
	}
	text, err := tokens.Make(claims, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][2]string{{"body-a", "r1"}, {"body-b", "r2"}} {
		if _, err := tokens.Use(text, wrong[0], wrong[1], noon); !errors.Is(err, ErrOther) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	got, err := tokens.Use(text, "body-b", "r1", noon.Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if got.ID = ""; got != claims {
		t.Errorf("%+v, not %+v", got, claims)
	}
	if _, err := tokens.Use(text, "body-b", "r1", noon.Add(31*time.Second)); !errors.Is(err, ErrUsed) {
		t.Errorf("again: %v", err)
	}
}

func TestExpired(t *testing.T) {
	tokens, _ := New(secret)
	text, _ := tokens.Make(claims, noon)
	if _, err := tokens.Use(text, "body-b", "r1", claims.Expires); !errors.Is(err, ErrExpired) {
		t.Errorf("at its end: %v", err)
	}
	if _, err := tokens.Use(text, "body-b", "r1", claims.Expires.Add(-time.Second)); err != nil {
		t.Errorf("before it: %v", err)
	}
}

// Whatever is changed in a token, it is refused; and so is that of another key.
func TestForged(t *testing.T) {
	tokens, _ := New(secret)
	text, _ := tokens.Make(claims, noon)
	for i := range text {
		b := []byte(text)
		b[i] ^= 1
		if _, err := tokens.Use(string(b), "body-b", "r1", noon); !errors.Is(err, ErrForged) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	others, _ := New(bytes.Repeat([]byte{6}, 32))
	theirs, _ := others.Make(claims, noon)
	body := base64.RawURLEncoding.EncodeToString([]byte("[1]"))
	for what, c := range map[string]string{
		"another key": theirs, "empty": "", "no mark": strings.Split(text, ".")[0], "no body": ".", "too long": text + strings.Repeat("A", longestText),
		"not an object": body + "." + tokens.sign(body), "not base64": "!." + tokens.sign("!"),
	} {
		if _, err := tokens.Use(c, "body-b", "r1", noon); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWhatIsNotSigned(t *testing.T) {
	tokens, _ := New(secret)
	for what, change := range map[string]func(*Claims){
		"nobody":      func(c *Claims) { c.Person = "" },
		"no home":     func(c *Claims) { c.Home = "" },
		"no meeting":  func(c *Claims) { c.Tenant = "" },
		"no room":     func(c *Claims) { c.Room = "" },
		"no end":      func(c *Claims) { c.Expires = time.Time{} },
		"ended":       func(c *Claims) { c.Expires = noon },
		"for an hour": func(c *Claims) { c.Expires = noon.Add(time.Hour) },
		"a long name": func(c *Claims) { c.Person = strings.Repeat("x", longestText) },
	} {
		c := claims
		change(&c)
		if text, err := tokens.Make(c, noon); !errors.Is(err, ErrClaims) {
			t.Errorf("%s: %q, %v", what, text, err)
		}
	}
	if _, err := New(secret[1:]); !errors.Is(err, ErrSecret) {
		t.Errorf("a short secret: %v", err)
	}
}

// What was used is forgotten when it has run out: memory is bounded by what is made in two minutes.
func TestForgets(t *testing.T) {
	tokens, _ := New(secret)
	for i := range 100 {
		now := noon.Add(time.Duration(i) * 10 * time.Second)
		c := claims
		c.Expires = now.Add(time.Minute)
		text, _ := tokens.Make(c, now)
		if _, err := tokens.Use(text, "body-b", "r1", now); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(tokens.used); n > 25 {
		t.Errorf("%d are remembered", n)
	}
}

func FuzzUse(f *testing.F) {
	tokens, _ := New(secret)
	text, _ := tokens.Make(claims, noon)
	// Each process that fuzzes makes a token of its own: what is tried are its beginnings with something behind.
	for _, at := range []int{-1, 0, strings.IndexByte(text, '.'), len(text) - 1, len(text)} {
		f.Add(at, "A")
	}
	f.Fuzz(func(t *testing.T, at int, end string) {
		s := end
		if at >= 0 && at <= len(text) {
			s = text[:at] + end
		}
		if _, err := tokens.Use(s, "body-b", "r1", noon); err == nil && s != text {
			t.Errorf("%q is taken", s)
		}
	})
}
