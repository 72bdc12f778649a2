package lan

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Authority is a certificate authority of one machine, for addresses of private networks only: whoever trusts it trusts it for
// nothing else.
type Authority struct {
	Certificate *x509.Certificate
	key         crypto.Signer
	dir         string
}

const (
	authorityYears = 10
	// leafDays is how long the server's certificate lasts: iOS takes at most 825 days (Apple, support article 103769), browsers that
	// follow the CA/Browser Forum 398.
	leafDays = 397
	// renew is how long before its end a certificate is made anew.
	renew = 30 * 24 * time.Hour
)

// private are the networks that an authority may speak for: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 and this machine.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("::1/128"),
}

// local is the one domain that the authority may speak for: with a list of addresses alone, every name would be allowed.
const local = "gonghui.localhost"

func isPrivate(a netip.Addr) bool {
	for _, p := range private {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// OpenAuthority reads the authority of a directory, or makes it there once: ca.key for nobody else to read, ca.crt.
func OpenAuthority(dir string, now time.Time) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lan: %w", err)
	}
	a := &Authority{dir: dir}
	certificate, key, err := read(dir, "ca")
	if errors.Is(err, fs.ErrNotExist) {
		if certificate, key, err = a.make(now); err != nil {
			return nil, fmt.Errorf("lan: making the authority: %w", err)
		}
	} else if err != nil {
		return nil, err
	}
	if now.Add(leafDays * 24 * time.Hour).After(certificate.NotAfter) {
		return nil, fmt.Errorf("lan: the authority in %s ends on %s: delete it, and install the new one on every phone", dir, certificate.NotAfter.Format(time.DateOnly))
	}
	a.Certificate, a.key = certificate, key
	return a, nil
}

func (a *Authority) make(now time.Time) (*x509.Certificate, crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: cut("Gonghui LAN " + host), Organization: []string{"工会网上工作平台 局域网演示"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{local},
	}
	for _, p := range private {
		template.PermittedIPRanges = append(template.PermittedIPRanges, &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())})
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	if err := keep(a.dir, "ca", der, key); err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return certificate, key, err
}

// cut keeps a name within X.520's bound of 64 characters.
func cut(s string) string {
	if r := []rune(s); len(r) > 64 {
		return string(r[:64])
	}
	return s
}

// Serve is a certificate for that address: the one of last time while it is good, else a new one.
func (a *Authority) Serve(address netip.Addr, now time.Time) (tls.Certificate, error) {
	if !isPrivate(address) {
		return tls.Certificate{}, fmt.Errorf("lan: %s is not an address of a private network", address)
	}
	certificate, key, err := read(a.dir, "server")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, err
	}
	if err != nil || certificate.VerifyHostname(address.String()) != nil || certificate.CheckSignatureFrom(a.Certificate) != nil || now.Add(renew).After(certificate.NotAfter) {
		if certificate, key, err = a.issue(address, now); err != nil {
			return tls.Certificate{}, fmt.Errorf("lan: making a certificate: %w", err)
		}
	}
	return tls.Certificate{Certificate: [][]byte{certificate.Raw, a.Certificate.Raw}, PrivateKey: key, Leaf: certificate}, nil
}

func (a *Authority) issue(address netip.Addr, now time.Time) (*x509.Certificate, crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		// No address stands in the subject: OpenSSL would hold it for a domain, which the authority may not speak for.
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Gonghui LAN server"}, IPAddresses: []net.IP{address.AsSlice()},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, leafDays),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.Certificate, key.Public(), a.key)
	if err != nil {
		return nil, nil, err
	}
	if err := keep(a.dir, "server", der, key); err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return certificate, key, err
}

// Fingerprint is what a person compares before trusting it: the SHA-256 of the certificate.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.Certificate.Raw)
	var b strings.Builder
	for i, c := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02X", c)
	}
	return b.String()
}

func serialNumber() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	return n.Add(n, big.NewInt(1)), nil
}

// keep writes a certificate and its key, the key first, so that a certificate never stands without.
func keep(dir, name string, der []byte, key crypto.Signer) error {
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(dir, name+".key"), "PRIVATE KEY", raw); err != nil {
		return err
	}
	return replace(filepath.Join(dir, name+".crt"), "CERTIFICATE", der)
}

// replace writes a whole file or none, mode 0600.
func replace(path, kind string, der []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// read takes a certificate and its key. None of the two there is fs.ErrNotExist; anything else that is wrong is told, not mended.
func read(dir, name string) (*x509.Certificate, crypto.Signer, error) {
	path := filepath.Join(dir, name+".key")
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("lan: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, nil, fmt.Errorf("lan: others may read %s: chmod 600 it, and if they did, delete the folder", path)
	}
	key, err := block(path, "PRIVATE KEY")
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("lan: %s: %w", path, err)
	}
	signer, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("lan: %s holds a %T", path, parsed)
	}
	path = filepath.Join(dir, name+".crt")
	der, err := block(path, "CERTIFICATE")
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, fmt.Errorf("lan: %s: %w", path, err)
	}
	if !signer.PublicKey.Equal(certificate.PublicKey) {
		return nil, nil, fmt.Errorf("lan: %s is of another key: delete the folder, and install the new authority on every phone", path)
	}
	return certificate, signer, nil
}

func block(path, kind string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("lan: %w", err)
	}
	b, rest := pem.Decode(raw)
	if b == nil || b.Type != kind || len(bytes.TrimSpace(rest)) > 0 {
		return nil, fmt.Errorf("lan: %s is no %s", path, strings.ToLower(kind))
	}
	return b.Bytes, nil
}
