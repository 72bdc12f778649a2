package webclip

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"github.com/smallstep/pkcs7"
	"howett.net/plist"

	"gonghui/builder/sign"
)

// ErrUnsigned is wrapped by every error of Verify.
var ErrUnsigned = errors.New("not a profile signed by that certificate")

// Sign wraps a profile in a CMS message (RFC 5652) of an RSA key and its certificate, with the certificates that stand above it, the nearest
// first. The key may live in another process. There are no signed attributes, which would bring the time in: the same profile and
// key give the same bytes.
func Sign(profile []byte, id sign.Identity, chain ...*x509.Certificate) ([]byte, error) {
	data, err := pkcs7.NewSignedData(profile)
	if err != nil {
		return nil, fmt.Errorf("webclip: %w", err)
	}
	data.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	data.SetEncryptionAlgorithm(pkcs7.OIDEncryptionAlgorithmRSASHA256)
	if err := data.SignWithoutAttr(id.Certificate, id.Key, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, fmt.Errorf("webclip: sign: %w", err)
	}
	for _, c := range chain {
		data.AddCertificate(c)
	}
	out, err := data.Finish()
	if err != nil {
		return nil, fmt.Errorf("webclip: %w", err)
	}
	return out, nil
}

// Facts are what a signed profile says of itself.
type Facts struct {
	ID, Name, URL, UUID string
	Icon                []byte
}

// Verify reads a profile that Sign has made with that certificate and chain; one that differs by a byte is refused.
func Verify(signed []byte, certificate *x509.Certificate, chain ...*x509.Certificate) (Facts, error) {
	message, err := pkcs7.Parse(signed)
	if err != nil {
		return Facts{}, fmt.Errorf("%w: %v", ErrUnsigned, err)
	}
	if len(message.Signers) != 1 {
		return Facts{}, fmt.Errorf("%w: %d signers", ErrUnsigned, len(message.Signers))
	}
	signature := message.Signers[0].EncryptedDigest
	if err := certificate.CheckSignature(x509.SHA256WithRSA, message.Content, signature); err != nil {
		return Facts{}, fmt.Errorf("%w: %v", ErrUnsigned, err)
	}
	// Written again around the same signature, every byte must be as it is: nothing stands beside what is signed.
	again, err := Sign(message.Content, sign.Identity{Key: given{certificate.PublicKey, signature}, Certificate: certificate}, chain...)
	if err != nil || !bytes.Equal(again, signed) {
		return Facts{}, fmt.Errorf("%w: another form", ErrUnsigned)
	}
	var p profile
	if _, err := plist.Unmarshal(message.Content, &p); err != nil {
		return Facts{}, fmt.Errorf("%w: %v", ErrUnsigned, err)
	}
	if p.PayloadType != profileType || len(p.PayloadContent) != 1 || p.PayloadContent[0].PayloadType != clipType {
		return Facts{}, fmt.Errorf("%w: no web clip", ErrUnsigned)
	}
	c := p.PayloadContent[0]
	return Facts{ID: p.PayloadIdentifier, Name: c.Label, URL: c.URL, UUID: p.PayloadUUID, Icon: c.Icon}, nil
}

// given is a signer whose signature is known already.
type given struct {
	public    crypto.PublicKey
	signature []byte
}

func (g given) Public() crypto.PublicKey { return g.public }

func (g given) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return g.signature, nil }
