package sign

import (
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
	"unicode/utf8"

	"software.sslmate.com/src/go-pkcs12"
)

// Identity is the key and the certificate that all packages of one body are signed with, as long as the app lives: Android
// takes an update only from the same certificate.
type Identity struct {
	Key         crypto.Signer // RSA
	Certificate *x509.Certificate
}

// KeyBits is the length of the keys: what Android of every version in use takes for v1, and what filing authorities expect.
const KeyBits = 2048

// years is how long a certificate lasts: app shops ask for the time past October 2033 and advise 25 years and more.
const years = 50

// maxCommonName is X.520's upper bound, in characters.
const maxCommonName = 64

// NewIdentity makes a key and a certificate that it signs itself, from that time on. It takes some tenths of a second.
func NewIdentity(name string, from time.Time) (Identity, *rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, KeyBits)
	if err != nil {
		return Identity{}, nil, fmt.Errorf("sign: key: %w", err)
	}
	certificate, err := Certify(name, key, from)
	if err != nil {
		return Identity{}, nil, err
	}
	return Identity{key, certificate}, key, nil
}

// Certify makes a certificate in that name for a key, which signs it itself, from that time on.
func Certify(name string, key *rsa.PrivateKey, from time.Time) (*x509.Certificate, error) {
	if name == "" || !utf8.ValidString(name) {
		return nil, fmt.Errorf("sign: a certificate for %q", name)
	}
	if r := []rune(name); len(r) > maxCommonName {
		name = string(r[:maxCommonName])
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("sign: serial: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:       serial.Add(serial, big.NewInt(1)),
		Subject:            pkix.Name{CommonName: name},
		NotBefore:          from.UTC().Truncate(time.Second),
		NotAfter:           from.UTC().Truncate(time.Second).AddDate(years, 0, 0),
		SignatureAlgorithm: x509.SHA256WithRSA,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign: certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("sign: certificate: %w", err)
	}
	return certificate, nil
}

// Export is the key and the certificate as a PKCS #12 file (RFC 7292) under a password, so that a body can go on with its app
// elsewhere. Java's keytool from 8u301 on and OpenSSL from 1.1 on read it.
func Export(key *rsa.PrivateKey, certificate *x509.Certificate, password string) ([]byte, error) {
	if password == "" {
		return nil, fmt.Errorf("sign: export without a password")
	}
	if !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, fmt.Errorf("sign: the certificate is of another key")
	}
	b, err := pkcs12.Modern.Encode(key, certificate, nil, password)
	if err != nil {
		return nil, fmt.Errorf("sign: export: %w", err)
	}
	return b, nil
}

// Fingerprints are what authorities and shops file of a certificate.
type Fingerprints struct {
	MD5, SHA1, SHA256 []byte
	Modulus           []byte // of the public key, the highest byte first
}

// FingerprintsOf are those of a certificate with an RSA key. The MD5 and SHA-1 identify, as the forms ask; they protect nothing.
func FingerprintsOf(c *x509.Certificate) (Fingerprints, error) {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	if !ok {
		return Fingerprints{}, fmt.Errorf("sign: a certificate of %T, not RSA", c.PublicKey)
	}
	m, s1, s2 := md5.Sum(c.Raw), sha1.Sum(c.Raw), sha256.Sum256(c.Raw)
	return Fingerprints{m[:], s1[:], s2[:], key.N.Bytes()}, nil
}
