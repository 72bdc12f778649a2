package signer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"gonghui/app/kit/crypt"
	"gonghui/builder/sign"
)

// stage is a signer at work on a socket.
type stage struct {
	*Client
	ring   *crypt.Ring
	file   string
	socket string
	log    *bytes.Buffer
	stop   func()
}

func start(t *testing.T) *stage {
	t.Helper()
	dir, err := os.MkdirTemp("", "signer-") // the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &stage{file: filepath.Join(dir, "signer.json"), socket: filepath.Join(dir, "run", "signer.sock"), log: &bytes.Buffer{}}
	if s.ring, err = crypt.Create(s.file); err != nil {
		t.Fatal(err)
	}
	s.Client = Dial(s.socket)
	s.serve(t)
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *stage) serve(t *testing.T) {
	t.Helper()
	l, err := Listen(s.socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, s.ring, slog.New(slog.NewTextHandler(s.log, nil))) }()
	s.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		s.stop = func() {}
	}
}

func (s *stage) owned(t *testing.T, owner, name string) (sealed string, certificate []byte) {
	t.Helper()
	spare, err := s.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sealed, certificate, err = s.Adopt(t.Context(), spare, owner, name)
	if err != nil {
		t.Fatal(err)
	}
	return sealed, certificate
}

func TestSigns(t *testing.T) {
	t.Parallel()
	s := start(t)
	sealed, certificate := s.owned(t, "body-a", "甲市总工会")
	id, err := s.Identity(t.Context(), "body-a", sealed, certificate)
	if err != nil {
		t.Fatal(err)
	}
	if got := id.Certificate.Subject.CommonName; got != "甲市总工会" {
		t.Errorf("the certificate is of %q", got)
	}
	sum := sha256.Sum256([]byte("a package"))
	signature, err := id.Key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if err := rsa.VerifyPKCS1v15(id.Certificate.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
	if err := id.Certificate.CheckSignature(x509.SHA256WithRSA, []byte("a package"), signature); err != nil {
		t.Error(err)
	}
	again, err := id.Key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil || !bytes.Equal(signature, again) {
		t.Errorf("the same digest is signed otherwise: %v", err)
	}
	if _, err := id.Key.Sign(nil, sum[:20], crypto.SHA1); err == nil {
		t.Error("a SHA-1 digest was signed")
	}
}

// A sealed text is of use in the row of its owner alone.
func TestKeysAreBoundToTheirOwner(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	spare, err := s.Make(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sealed, certificate := s.owned(t, "body-a", "甲")
	foreign, foreignCertificate := s.owned(t, "body-b", "乙")
	sum := sha256.Sum256(nil)
	for name, f := range map[string]func() error{
		"another owner's key":      func() error { return s.signs(ctx, "body-a", foreign, sum[:]) },
		"a key of nobody":          func() error { return s.signs(ctx, "body-a", spare, sum[:]) },
		"a changed text":           func() error { return s.signs(ctx, "body-a", sealed[:len(sealed)-6]+"AAAAAA", sum[:]) },
		"no text":                  func() error { return s.signs(ctx, "body-a", "", sum[:]) },
		"a digest cut short":       func() error { return s.signs(ctx, "body-a", sealed, sum[:31]) },
		"adopting an owned key":    func() error { _, _, err := s.Adopt(ctx, sealed, "body-b", "乙"); return err },
		"another's certificate":    func() error { _, err := s.Export(ctx, "body-a", sealed, foreignCertificate, "password"); return err },
		"another owner's export":   func() error { _, err := s.Export(ctx, "body-b", sealed, certificate, "password"); return err },
		"an export in the clear":   func() error { _, err := s.Export(ctx, "body-a", sealed, certificate, ""); return err },
		"renewing another's":       func() error { _, err := s.Renew(ctx, "body-b", "00000000|A|"+strings.Repeat("A", 80)); return err },
		"a question without bound": func() error { return s.signs(ctx, "body-a", strings.Repeat("x", 2*maxQuestion), sum[:]) },
	} {
		if err := f(); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.signs(ctx, "body-a", sealed, sum[:]); err != nil {
		t.Errorf("after all of that its own key: %v", err)
	}
}

func (s *stage) signs(ctx context.Context, owner, sealed string, digest []byte) error {
	_, err := (&key{ctx: ctx, client: s.Client, owner: owner, sealed: sealed}).Sign(nil, digest, crypto.SHA256)
	return err
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := start(t)
	sealed, certificate := s.owned(t, "body-a", "甲市总工会")
	file, err := s.Export(t.Context(), "body-a", sealed, certificate, "离开时用 2026")
	if err != nil {
		t.Fatal(err)
	}
	private, c, err := pkcs12.Decode(file, "离开时用 2026")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(c.Raw, certificate) || !private.(*rsa.PrivateKey).PublicKey.Equal(c.PublicKey) || private.(*rsa.PrivateKey).N.BitLen() != sign.KeyBits {
		t.Error("the file holds another key or certificate")
	}
	if _, _, err := pkcs12.Decode(file, "another"); err == nil {
		t.Error("another password opens the file")
	}
	s.stop()
	if log := s.log.String(); strings.Contains(log, "2026\"") || strings.Contains(log, "离开时用") || !strings.Contains(log, "act=export owner=body-a") {
		t.Errorf("the log: %s", log)
	}
}

// After a rotation old texts sign on, and renewed ones are of the new master key.
func TestRenew(t *testing.T) {
	t.Parallel()
	s := start(t)
	sealed, certificate := s.owned(t, "body-a", "甲")
	spare, err := s.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.stop()
	if s.ring, err = crypt.Rotate(s.file); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	sum := sha256.Sum256(nil)
	if err := s.signs(t.Context(), "body-a", sealed, sum[:]); err != nil {
		t.Errorf("the old text: %v", err)
	}
	for owner, old := range map[string]string{"body-a": sealed, "": spare} {
		young, err := s.Renew(t.Context(), owner, old)
		if err != nil || s.ring.Current(old) || !s.ring.Current(young) {
			t.Fatalf("%q renewed: %v", owner, err)
		}
		if again, err := s.Renew(t.Context(), owner, young); err != nil || again != young {
			t.Errorf("%q renewed twice: %v", owner, err)
		}
		if owner == "" {
			continue
		}
		file, err := s.Export(t.Context(), owner, young, certificate, "password")
		if err != nil {
			t.Fatal(err)
		}
		if _, c, err := pkcs12.Decode(file, "password"); err != nil || !bytes.Equal(c.Raw, certificate) {
			t.Errorf("the renewed key is another one: %v", err)
		}
	}
}

func TestSocket(t *testing.T) {
	t.Parallel()
	s := start(t)
	if info, err := os.Stat(s.socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", info.Mode(), err)
	}
	if _, err := Listen(s.socket); err == nil {
		t.Error("a second signer took the socket of the first")
	}
	if err := s.Health(t.Context()); err != nil {
		t.Error(err)
	}
	s.stop()
	if err := s.Health(t.Context()); !errors.Is(err, ErrAway) {
		t.Errorf("without a signer: %v", err)
	}
	// What the stopped one left is no obstacle to the next.
	s.serve(t)
	if err := s.Health(t.Context()); err != nil {
		t.Error(err)
	}
	file := filepath.Join(filepath.Dir(s.socket), "file")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(file); err == nil {
		t.Error("a file was taken for a socket")
	}
	if raw, _ := os.ReadFile(file); string(raw) != "kept" {
		t.Error("a file that is no socket was removed")
	}
}
