package oidc

import (
	"net/url"
	"testing"
	"time"
)

func TestAddresses(t *testing.T) {
	for raw, want := range map[string]kindOfAddress{
		"https://rp.example/back":          web,
		"https://rp.example:8443/back?a=b": web,
		"http://rp.example/back":           unfit,
		"http://localhost:3000/back":       loopback,
		"http://127.0.0.1/back":            loopback,
		"http://[::1]:8080/back":           loopback,
		"http://app.localhost:8080/back":   loopback,
		"http://127.0.0.1.evil.example/":   unfit,
		"http://localhost.evil.example/":   unfit,
		"https://user@rp.example/back":     unfit,
		"https://rp.example/back#x":        unfit,
		"https://rp.example/back#":         unfit,
		"https://*.rp.example/back":        unfit,
		"https:rp.example":                 unfit,
		"https:///back":                    unfit,
		"//rp.example/back":                unfit,
		"/back":                            unfit,
		"":                                 unfit,
		"javascript:alert(1)":              unfit,
		"data:text/html,x":                 unfit,
		"com.example.app:/back":            private,
		"com.example.app://back":           private,
		"com.example.app:":                 unfit,
		"example:/back":                    unfit,
		"https://rp.example\\@evil/":       unfit,
		"https://rp.example/a b":           unfit,
	} {
		if _, got := address(raw); got != want {
			t.Errorf("%q is of kind %d, want %d", raw, got, want)
		}
	}
	if got := sector(address("https://RP.example:8443/x")); got != "rp.example" {
		t.Errorf("sector %q", got)
	}
	if got := sector(address("com.example.app:/x")); got != "com.example.app" {
		t.Errorf("sector %q", got)
	}
}

// At every moment of four years exactly one key signs, it was published a week before, and it stays for a month after.
func TestKeysFollowEachOther(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	var all []signingKey
	for day := range 4 * 365 {
		at := now.AddDate(0, 0, day)
		if from, due := next(all, at); due {
			all = append(all, signingKey{id: from.Format(time.DateOnly), from: from, to: from.Add(keyUse)})
		}
		k, ok := signing(all, at)
		if !ok {
			t.Fatalf("nobody signs on %s", at)
		}
		if n := 0; day > 0 {
			for _, o := range all {
				if !o.from.After(at) && o.to.After(at) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d keys sign on %s", n, at)
			}
		}
		if last := all[len(all)-1]; last.to.Sub(at) < keyAhead {
			t.Errorf("on %s the next key is not published yet", at)
		}
		if k.to.Sub(k.from) != keyUse {
			t.Errorf("%s signs for %s", k.id, k.to.Sub(k.from))
		}
	}
	if len(all) < 48 || len(all) > 50 {
		t.Errorf("%d keys in four years", len(all))
	}
	// After a year without anybody asking, there is a key again at once.
	later := now.AddDate(6, 0, 0)
	from, due := next(all, later)
	if !due || !from.Equal(later) {
		t.Errorf("after a pause the next key signs from %s", from)
	}
	if keyAfter < keyUse {
		t.Error("a key goes before what it signed at the end can be shown again")
	}
}

func TestNoticesWaitLongerEachTime(t *testing.T) {
	before := time.Duration(0)
	for tries := int16(1); tries < 100; tries++ {
		got := wait(tries)
		if got < before || got > 4*time.Hour {
			t.Errorf("after try %d: %s", tries, got)
		}
		before = got
	}
	if wait(1) != time.Minute {
		t.Errorf("after the first try: %s", wait(1))
	}
}

func TestTheApplicationHearsOfARefusal(t *testing.T) {
	r := &authRequest{}
	r.Redirect, r.State = "https://rp.example/back?a=b", "s&t"
	u, err := url.Parse(denied(r))
	if err != nil || u.Query().Get("a") != "b" || u.Query().Get("error") != "access_denied" || u.Query().Get("state") != "s&t" {
		t.Errorf("%s: %v", u, err)
	}
}
