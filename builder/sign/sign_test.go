package sign_test

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"gonghui/builder/apk/zipfile"
	"gonghui/builder/internal/frugal"
	"gonghui/builder/sign"
	"gonghui/builder/sign/check"
)

type keyed struct {
	sign.Identity
	key *rsa.PrivateKey
}

var made = sync.OnceValues(func() (a, b keyed) {
	var err error
	from := time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)
	if a.Identity, a.key, err = sign.NewIdentity("杭州市总工会", from); err != nil {
		panic(err)
	}
	if b.Identity, b.key, err = sign.NewIdentity("other", from); err != nil {
		panic(err)
	}
	return a, b
})

// unsigned is an archive of several kinds of files; with large, of more than one chunk of the digests.
func unsigned(t testing.TB, large bool) []byte {
	t.Helper()
	files := []zipfile.File{
		zipfile.Deflated("AndroidManifest.xml", bytes.Repeat([]byte("x"), 300)),
		zipfile.Stored("resources.arsc", []byte{1, 2, 3, 4, 5}),
		zipfile.Stored("res/mipmap-xxxhdpi/"+strings.Repeat("n", 120)+"/图标.png", []byte("png")),
	}
	if large {
		files = append(files, zipfile.Stored("assets/big", bytes.Repeat([]byte("0123456789abcdef"), 3<<16)))
	}
	b, err := zipfile.Encode(files)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func signed(t testing.TB, large bool) []byte {
	t.Helper()
	id, _ := made()
	b, err := sign.Package(unsigned(t, large), id.Identity)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSignAndCheck(t *testing.T) {
	id, _ := made()
	for _, large := range []bool{false, true} {
		b := signed(t, large)
		if !bytes.Equal(b, signed(t, large)) {
			t.Error("signing the same gives other bytes")
		}
		c, err := check.Package(b)
		if err != nil || !c.Equal(id.Certificate) {
			t.Errorf("large %v: %v", large, err)
		}
	}
}

func TestNotSignedTwice(t *testing.T) {
	id, _ := made()
	if _, err := sign.Package(signed(t, false), id.Identity); err == nil {
		t.Error("a signed package was signed again")
	}
	own, err := zipfile.Encode([]zipfile.File{zipfile.Stored("META-INF/X.SF", nil)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sign.Package(own, id.Identity); err == nil {
		t.Error("a package with a signature's file was signed")
	}
	if _, err := sign.Package([]byte("PK"), id.Identity); !errors.Is(err, zipfile.ErrMalformed) {
		t.Error(err)
	}
}

// What others sign may be made to hurt: files that unfold to far too much, keys that take minutes to try.
func TestHostilePackagesAreRefused(t *testing.T) {
	var files []zipfile.File
	for i := range 40 {
		files = append(files, zipfile.Deflated(fmt.Sprint("bomb", i), make([]byte, 1<<20)))
	}
	raw, err := zipfile.Encode(files)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := made()
	bombs, err := sign.Package(raw, id.Identity)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := check.Package(bombs); !errors.Is(err, check.ErrUnsigned) {
		t.Error(err)
	}

	n := new(big.Int).Lsh(big.NewInt(1), 100_000)
	n.Add(n, big.NewInt(1))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &rsa.PublicKey{N: n, E: 1<<31 - 1}, id.key)
	if err != nil {
		t.Fatal(err)
	}
	huge := id.Identity
	if huge.Certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	heavy, err := sign.Package(unsigned(t, false), huge)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := check.Package(heavy); !errors.Is(err, check.ErrUnsigned) || !strings.Contains(err.Error(), "8192") {
		t.Error(err)
	}
}

// Every byte of a package is under a signature or has one form only.
func TestFlippedByteIsRefused(t *testing.T) {
	b := signed(t, false)
	for i := range b {
		for _, x := range []byte{1, 0x40, 0xff} {
			c := bytes.Clone(b)
			c[i] ^= x
			if _, err := check.Package(c); !errors.Is(err, check.ErrUnsigned) {
				t.Fatalf("byte %d with %#x: %v", i, x, err)
			}
		}
	}
	for i := range b {
		if _, err := check.Package(b[:i]); !errors.Is(err, check.ErrUnsigned) {
			t.Fatalf("the first %d bytes: %v", i, err)
		}
	}
	if _, err := check.Package(append(bytes.Clone(b), 0)); !errors.Is(err, check.ErrUnsigned) {
		t.Error("a byte too many", err)
	}
}

// Without the block of the later schemes the first one must not be enough.
func TestStrippedIsRefused(t *testing.T) {
	a, err := zipfile.Decode(signed(t, false))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := zipfile.Encode(a.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := check.Package(plain); !errors.Is(err, check.ErrUnsigned) {
		t.Error(err)
	}
	sf, _ := a.File("META-INF/CERT.SF")
	content, err := sf.Content()
	if err != nil || !strings.Contains(string(content), "\r\nX-Android-APK-Signed: 2, 3\r\n") {
		t.Errorf("%s, %v", content, err)
	}
	if !bytes.Contains(a.Between, []byte{0x0d, 0xf0, 0xef, 0xbe, 3, 0, 0, 0}) {
		t.Error("v2 does not tell of v3")
	}
}

// The block of one package does not fit on another, nor do two keys mix.
func TestMixedIsRefused(t *testing.T) {
	one := signed(t, false)
	_, other := made()
	two, err := sign.Package(unsigned(t, false), other.Identity)
	if err != nil {
		t.Fatal(err)
	}
	a, err := zipfile.Decode(one)
	if err != nil {
		t.Fatal(err)
	}
	b, err := zipfile.Decode(two)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Between) != len(b.Between) {
		t.Skipf("blocks of %d and %d bytes do not fit into one another", len(a.Between), len(b.Between))
	}
	mixed := bytes.Clone(one)
	copy(mixed[a.FilesEnd:], b.Between)
	if _, err := check.Package(mixed); !errors.Is(err, check.ErrUnsigned) {
		t.Error(err)
	}
}

func TestLinesOfTheManifestAreShort(t *testing.T) {
	b := signed(t, false)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	long := 0
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".MF") && !strings.HasSuffix(f.Name, ".SF") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(text), "\r\n") {
			if len(line) > 70 {
				t.Errorf("%s: a line of %d bytes", f.Name, len(line))
			}
			if strings.HasPrefix(line, " ") {
				long++
			}
		}
	}
	if long == 0 {
		t.Error("no line was broken: the test sees nothing")
	}
}

func TestIdentity(t *testing.T) {
	a, b := made()
	if a.key.N.BitLen() != 2048 || a.key.Equal(b.key) {
		t.Error("keys are short or the same")
	}
	c := a.Certificate
	if c.Subject.CommonName != "杭州市总工会" || c.NotAfter.Year() != 2076 || c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil {
		t.Errorf("%s until %s", c.Subject, c.NotAfter)
	}
	long, _, err := sign.NewIdentity(strings.Repeat("会", 200), time.Now())
	if err != nil || len([]rune(long.Certificate.Subject.CommonName)) != 64 {
		t.Error(err)
	}
	for _, name := range []string{"", "\xff"} {
		if _, _, err := sign.NewIdentity(name, time.Now()); err == nil {
			t.Errorf("%q has a certificate", name)
		}
	}
}

func TestExport(t *testing.T) {
	a, b := made()
	p12, err := sign.Export(a.key, a.Certificate, "口令 pass")
	if err != nil {
		t.Fatal(err)
	}
	key, cert, err := pkcs12.Decode(p12, "口令 pass")
	if err != nil || !a.key.Equal(key.(*rsa.PrivateKey)) || !cert.Equal(a.Certificate) {
		t.Error(err)
	}
	if _, _, err := pkcs12.Decode(p12, "other"); !errors.Is(err, pkcs12.ErrIncorrectPassword) {
		t.Error(err)
	}
	if _, err := sign.Export(a.key, a.Certificate, ""); err == nil {
		t.Error("exported without a password")
	}
	if _, err := sign.Export(a.key, b.Certificate, "x"); err == nil {
		t.Error("exported with the certificate of another")
	}
}

func TestFingerprints(t *testing.T) {
	a, _ := made()
	f, err := sign.FingerprintsOf(a.Certificate)
	if err != nil || fmt.Sprintf("%x", f.MD5) != fmt.Sprintf("%x", md5.Sum(a.Certificate.Raw)) || !bytes.Equal(f.Modulus, a.key.N.Bytes()) || len(f.SHA1) != 20 || len(f.SHA256) != 32 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := sign.FingerprintsOf(&x509.Certificate{}); err == nil {
		t.Error("fingerprints of no key")
	}
}

// The package in testdata was signed once by a key that is gone: whatever else is accepted nobody can have signed.
func FuzzCheck(f *testing.F) {
	one, err := os.ReadFile("testdata/signed.apk")
	if err != nil {
		f.Fatal(err)
	}
	if _, err := check.Package(one); err != nil {
		f.Fatal(err)
	}
	f.Add(one)
	f.Fuzz(func(t *testing.T, b []byte) {
		frugal.Check(t, len(b)+zipfile.MaxContent, 6, func() {
			c, err := check.Package(b)
			switch {
			case err == nil && !bytes.Equal(b, one):
				t.Fatalf("a package signed by %s that nobody made", c.Subject)
			case err != nil && !errors.Is(err, check.ErrUnsigned):
				t.Fatal(err)
			}
		})
	})
}
