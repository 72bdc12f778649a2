// Package signer keeps the private keys of bodies' apps in a process of its own. Whoever builds apps holds sealed texts of keys and
// asks over a socket for what needs the key itself: a signature of a digest, or the file with which a body leaves. [Serve] is that
// process, [Client] asks it.
package signer

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"gonghui/app/kit/crypt"
	"gonghui/app/kit/recent"
	"gonghui/builder/sign"
)

// spare is the owner of a key that was made ahead and belongs to nobody yet.
const spare = "spare"

// Parsed keys that stay at hand: opening one costs about as much as a signature. They are gone after a minute.
const (
	keptKeys = 256
	keptFor  = time.Minute
)

var errKey = errors.New("the text is no key of this owner, or was sealed by another signer")

// vault does what needs private keys in the clear. They leave it in one way only: as the file that export makes.
type vault struct {
	ring   *crypt.Ring
	opened *recent.Cache[[sha256.Size]byte, *rsa.PrivateKey]
}

func newVault(ring *crypt.Ring) *vault {
	return &vault{ring: ring, opened: recent.New[[sha256.Size]byte, *rsa.PrivateKey](func() time.Duration { return keptFor }, keptKeys)}
}

// seal binds a key to its owner: a text in another owner's row does not open.
func (v *vault) seal(owner string, key *rsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return v.ring.Seal("app_key."+owner, base64.StdEncoding.EncodeToString(der)), nil
}

func (v *vault) open(owner, sealed string) (*rsa.PrivateKey, error) {
	id := sha256.Sum256([]byte(owner + "\x00" + sealed))
	if key, ok := v.opened.Get(id); ok {
		return key, nil
	}
	asked := v.opened.Ask()
	text, err := v.ring.Open("app_key."+owner, sealed)
	if err != nil {
		return nil, errKey
	}
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errKey
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errKey
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errKey
	}
	v.opened.Put(id, key, asked)
	return key, nil
}

// make is a new key that belongs to nobody yet. It takes some tenths of a second.
func (v *vault) make() (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, sign.KeyBits)
	if err != nil {
		return "", err
	}
	return v.seal(spare, key)
}

// adopt gives a spare key to an owner, with a certificate in that name.
func (v *vault) adopt(sealed, owner, name string) (string, []byte, error) {
	key, err := v.open(spare, sealed)
	if err != nil {
		return "", nil, err
	}
	certificate, err := sign.Certify(name, key, time.Now())
	if err != nil {
		return "", nil, err
	}
	sealed, err = v.seal(owner, key)
	return sealed, certificate.Raw, err
}

// digest signs a SHA-256 digest, by PKCS #1 v1.5.
func (v *vault) digest(owner, sealed string, digest []byte) ([]byte, error) {
	if len(digest) != sha256.Size {
		return nil, fmt.Errorf("a digest of %d bytes", len(digest))
	}
	key, err := v.open(owner, sealed)
	if err != nil {
		return nil, err
	}
	return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest)
}

// export is the key with its certificate as a PKCS #12 file under a password.
func (v *vault) export(owner, sealed string, certificate []byte, password string) ([]byte, error) {
	key, err := v.open(owner, sealed)
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, err
	}
	return sign.Export(key, c, password)
}

// renew seals a key anew with the master key in use.
func (v *vault) renew(owner, sealed string) (string, error) {
	if v.ring.Current(sealed) {
		return sealed, nil
	}
	key, err := v.open(owner, sealed)
	if err != nil {
		return "", err
	}
	return v.seal(owner, key)
}
