// Package check verifies the signatures of an Android package. It shares no code with the signer, so that a mistake in how the
// signer lays things out is not made twice.
package check

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrUnsigned is wrapped by every error: the package is not signed as the product signs.
var ErrUnsigned = errors.New("the package is not validly signed")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsigned, fmt.Sprintf(format, args...))
}

// Package verifies v1, v2 and v3, each over the whole package and all of one certificate, which it returns. It is stricter than
// Android: only the schemes, algorithms and attributes that the product writes are accepted, and nothing beside them.
func Package(p []byte) (*x509.Certificate, error) {
	l, err := locate(p)
	if err != nil {
		return nil, err
	}
	pairs, err := l.pairs()
	if err != nil {
		return nil, err
	}
	if len(pairs) != 2 || pairs[0].id != 0x7109871a || pairs[1].id != 0xf05368c0 {
		return nil, bad("the signing block does not hold v2 and v3 and nothing else")
	}
	want := l.digest()
	var first *x509.Certificate
	for i, pair := range pairs {
		cert, err := scheme(pair.value, i == 1, want)
		if err != nil {
			return nil, err
		}
		if first != nil && !first.Equal(cert) {
			return nil, bad("v2 and v3 are of different certificates")
		}
		first = cert
	}
	third, err := oldest(l)
	if err != nil {
		return nil, err
	}
	if !first.Equal(third) {
		return nil, bad("v1 is of another certificate")
	}
	return first, nil
}

// layout is where the parts of a package are.
type layout struct {
	files, block, directory, end []byte
}

const endSize = 22

func locate(p []byte) (layout, error) {
	if len(p) < endSize || !bytes.Equal(p[len(p)-endSize:][:4], []byte("PK\x05\x06")) {
		return layout{}, bad("it does not end as a zip file without a comment")
	}
	end := p[len(p)-endSize:]
	size, at := uint64(binary.LittleEndian.Uint32(end[12:])), uint64(binary.LittleEndian.Uint32(end[16:]))
	if at+size != uint64(len(p)-endSize) || at < 32 {
		return layout{}, bad("the directory is not where the end says")
	}
	tail := p[at-24 : at]
	if string(tail[8:]) != "APK Sig Block 42" {
		return layout{}, bad("there is no signing block")
	}
	n := binary.LittleEndian.Uint64(tail)
	if n < 24 || n > at-8 || binary.LittleEndian.Uint64(p[at-8-n:]) != n {
		return layout{}, bad("the signing block has two sizes")
	}
	return layout{files: p[:at-8-n], block: p[at-n : at-24], directory: p[at : at+size], end: end}, nil
}

type pair struct {
	id    uint32
	value []byte
}

func (l layout) pairs() ([]pair, error) {
	var out []pair
	for b := l.block; len(b) > 0; {
		if len(b) < 12 {
			return nil, bad("the signing block ends in a pair")
		}
		n := binary.LittleEndian.Uint64(b)
		if n < 4 || n > uint64(len(b)-8) {
			return nil, bad("a pair of %d bytes", n)
		}
		out = append(out, pair{binary.LittleEndian.Uint32(b[8:]), b[12 : 8+n]})
		b = b[8+n:]
	}
	return out, nil
}

// digest is what the schemes sign of the content: of each part's chunks of a mebibyte, with the directory's place as it was
// before the block came in.
func (l layout) digest() [32]byte {
	end := bytes.Clone(l.end)
	binary.LittleEndian.PutUint32(end[16:], uint32(len(l.files)))
	var chunks [][32]byte
	for _, part := range [][]byte{l.files, l.directory, end} {
		for from := 0; from < len(part); from += 1 << 20 {
			to := min(from+1<<20, len(part))
			head := make([]byte, 5, 5+to-from)
			head[0] = 0xa5
			binary.LittleEndian.PutUint32(head[1:], uint32(to-from))
			chunks = append(chunks, sha256.Sum256(append(head, part[from:to]...)))
		}
	}
	all := make([]byte, 5)
	all[0] = 0x5a
	binary.LittleEndian.PutUint32(all[1:], uint32(len(chunks)))
	for _, c := range chunks {
		all = append(all, c[:]...)
	}
	return sha256.Sum256(all)
}

// fields reads parts that are prefixed by their length; after an error it gives nothing more.
type fields struct {
	rest []byte
	err  error
}

func (f *fields) part() *fields {
	n := f.number()
	if f.err == nil && uint64(n) > uint64(len(f.rest)) {
		f.err = bad("a field of %d bytes among %d", n, len(f.rest))
	}
	if f.err != nil {
		return &fields{err: f.err}
	}
	out := &fields{rest: f.rest[:n]}
	f.rest = f.rest[n:]
	return out
}

func (f *fields) number() uint32 {
	if f.err == nil && len(f.rest) < 4 {
		f.err = bad("a field of %d bytes", len(f.rest))
	}
	if f.err != nil {
		return 0
	}
	n := binary.LittleEndian.Uint32(f.rest)
	f.rest = f.rest[4:]
	return n
}

// done notes whatever a field holds beside what has been read.
func (f *fields) done(inner ...*fields) error {
	for _, i := range append(inner, f) {
		if i.err != nil {
			return i.err
		}
	}
	for _, i := range append(inner, f) {
		if len(i.rest) > 0 {
			return bad("%d bytes too many in a signature", len(i.rest))
		}
	}
	return nil
}

// scheme verifies the value of v2 or v3, which differ in what is signed beside digests and certificates.
func scheme(value []byte, v3 bool, want [32]byte) (*x509.Certificate, error) {
	whole := &fields{rest: value}
	signers := whole.part()
	signer := signers.part()
	signed := signer.part()
	message := signed.rest
	var outside [2]uint32
	if v3 {
		outside = [2]uint32{signer.number(), signer.number()}
	}
	signatures := signer.part()
	signature := signatures.part()
	algorithm := signature.number()
	sum := signature.part()
	key := signer.part()
	publicKey, signatureBytes := key.rest, sum.rest
	key.rest, sum.rest = nil, nil

	digests := signed.part()
	digest := digests.part()
	digestAlgorithm := digest.number()
	content := digest.part()
	got := content.rest
	content.rest = nil
	certs := signed.part()
	cert := certs.part()
	der := cert.rest
	cert.rest = nil
	var inside [2]uint32
	if v3 {
		inside = [2]uint32{signed.number(), signed.number()}
	}
	attributes := signed.part()
	if !v3 {
		a := attributes.part()
		if a.number() != 0xbeeff00d || a.number() != 3 {
			return nil, bad("v2 does not tell of v3")
		}
		if err := a.done(); err != nil {
			return nil, err
		}
	}
	err := whole.done(signers, signer, signed, signatures, signature, key, sum, digests, digest, content, certs, cert, attributes)
	if err != nil {
		return nil, err
	}
	if outside != inside || v3 && inside != [2]uint32{28, 1<<31 - 1} {
		return nil, bad("v3 is for API levels %v and %v", outside, inside)
	}
	if algorithm != 0x0103 || digestAlgorithm != algorithm {
		return nil, bad("algorithms %#x and %#x", algorithm, digestAlgorithm)
	}
	if !bytes.Equal(got, want[:]) {
		return nil, bad("the content is not what was signed")
	}
	c, err := certificate(der)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(c.RawSubjectPublicKeyInfo, publicKey) {
		return nil, bad("the key is not the certificate's")
	}
	return c, signedBy(c, message, signatureBytes)
}

func certificate(der []byte) (*x509.Certificate, error) {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, bad("certificate: %v", err)
	}
	// A key of a hundred thousand bits would keep a core busy for minutes.
	if key, ok := c.PublicKey.(*rsa.PublicKey); !ok || key.N.BitLen() < 2048 || key.N.BitLen() > 8192 {
		return nil, bad("the certificate's key is not RSA of 2048 to 8192 bits")
	}
	return c, nil
}

func signedBy(c *x509.Certificate, message, signature []byte) error {
	sum := sha256.Sum256(message)
	if err := rsa.VerifyPKCS1v15(c.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], signature); err != nil {
		return bad("the signature is not of the certificate's key")
	}
	return nil
}
