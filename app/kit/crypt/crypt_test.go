package crypt

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func ring(t *testing.T) (*Ring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys", "master.json")
	r, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return r, path
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r, _ := ring(t)
	for _, plain := range []string{"", "11010519491231002X", "张三丰", strings.Repeat("长", 500)} {
		sealed := r.Seal("member.id_number", plain)
		if got, err := r.Open("member.id_number", sealed); err != nil || got != plain {
			t.Errorf("%q came back as %q, %v", plain, got, err)
		}
		if plain != "" && strings.Contains(sealed, plain) {
			t.Errorf("%q stands in the sealed text", plain)
		}
		if sealed == r.Seal("member.id_number", plain) {
			t.Errorf("%q is sealed twice to the same text", plain)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	r, _ := ring(t)
	other, _ := ring(t)
	good := r.Seal("member.phone", "13800138000")
	kid, data, _ := strings.Cut(good, "|A|")
	flip := func(s string, i int) string {
		b := []byte(s)
		if b[i] == 'A' {
			b[i] = 'B'
		} else {
			b[i] = 'A'
		}
		return string(b)
	}
	for _, tt := range []struct{ name, where, sealed string }{
		{"another column", "member.id_number", good},
		{"another ring", "member.phone", other.Seal("member.phone", "13800138000")},
		{"nonce changed", "member.phone", kid + "|A|" + flip(data, 0)},
		{"text changed", "member.phone", kid + "|A|" + flip(data, 20)},
		{"mark changed", "member.phone", kid + "|A|" + flip(data, len(data)-3)},
		{"cut short", "member.phone", good[:len(good)-4]},
		{"no text", "member.phone", kid + "|A|"},
		{"no base64", "member.phone", kid + "|A|***"},
		{"unknown algorithm", "member.phone", kid + "|B|" + data},
		{"unknown key", "member.phone", "00000000x|A|" + data},
		{"plain", "member.phone", "13800138000"},
		{"empty", "member.phone", ""},
	} {
		if plain, err := r.Open(tt.where, tt.sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: opened as %q, %v", tt.name, plain, err)
		}
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	before, path := ring(t)
	old := before.Seal("member.phone", "13800138000")
	digest, secret := before.Digest("phone", "13800138000"), before.Secret()
	after, err := Rotate(path)
	if err != nil {
		t.Fatal(err)
	}
	if after.Current(old) {
		t.Error("the old text passes for current")
	}
	if got, err := after.Open("member.phone", old); err != nil || got != "13800138000" {
		t.Errorf("old text: %q, %v", got, err)
	}
	if after.Digest("phone", "13800138000") != digest || string(after.Secret()) != string(secret) {
		t.Error("rotation changed a digest or the secret")
	}
	young := after.Seal("member.phone", "1")
	if !after.Current(young) {
		t.Error("a new text is not current")
	}
	// A ring that was loaded before opens the new text at once and follows within a second.
	if _, err := before.Open("member.phone", young); err != nil {
		t.Errorf("the old ring does not open a new text: %v", err)
	}
	if !before.Current(young) {
		t.Error("the old ring did not follow the file")
	}
	if _, err := Rotate(path); err != nil {
		t.Fatal(err)
	}
	before.checked.Store(time.Now().Add(-CheckEvery).UnixNano())
	if before.Current(young) {
		t.Error("the ring did not look at the file again")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode after rotation: %v, %v", info.Mode(), err)
	}
}

func TestRotateTwiceAtOnce(t *testing.T) {
	t.Parallel()
	_, path := ring(t)
	if err := os.WriteFile(path+".next", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Rotate(path); err == nil {
		t.Error("a rotation ran beside another")
	}
	if _, err := Load(path); err != nil {
		t.Errorf("the file was harmed: %v", err)
	}
}

func TestBrokenFileLeavesKeysInUse(t *testing.T) {
	t.Parallel()
	r, path := ring(t)
	sealed := r.Seal("x", "y")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.checked.Store(0)
	if got, err := r.Open("x", sealed); err != nil || got != "y" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestFileRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o644, 0o640, 0o660, 0o602, 0o601} {
		_, path := ring(t)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); err == nil {
			t.Errorf("mode %04o was accepted", mode)
		}
		if _, err := Rotate(path); err == nil {
			t.Errorf("mode %04o was accepted for a rotation", mode)
		}
		if _, err := os.Stat(path + ".next"); err == nil {
			t.Errorf("mode %04o: the refused rotation left its file", mode)
		}
	}
	_, path := ring(t)
	if _, err := Create(path); err == nil {
		t.Error("an existing file was overwritten")
	}
	for _, text := range []string{"", "{}", `{"current":"a","keys":[{"id":"a","key":"AAAA"}]}`} {
		p := filepath.Join(t.TempDir(), "k")
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(p); err == nil {
			t.Errorf("file %q was accepted", text)
		}
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	r, _ := ring(t)
	a := r.Digest("id_number", "x")
	if a != r.Digest("id_number", "x") || a == r.Digest("phone", "x") || a == r.Digest("id_number", "y") || len(a) != 43 {
		t.Errorf("digest %q", a)
	}
}

func BenchmarkSeal(b *testing.B) {
	r, err := Create(filepath.Join(b.TempDir(), "k"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r.Seal("member.phone", "13800138000")
	}
}
