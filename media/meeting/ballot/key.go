// Package ballot is the secret ballot of a meeting, without SQL and network: keys that sign what they cannot see, the box that holds
// ballots until they are written, and the rules by which they are counted. README.md tells the protocol and what it does not hide.
package ballot

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"math/big"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

const (
	// Bits of the modulus. A key lives as long as its ballot.
	Bits = 2048
	// TokenSize is the length of a token, in bytes. It is random, so the variant of RFC 9474 that adds no randomness is enough.
	TokenSize = 32

	variant  = blindrsa.SHA384PSSDeterministic
	exponent = 65537
)

// Errors of what a page sends.
var (
	ErrToken     = errors.New("ballot: no token")
	ErrSignature = errors.New("ballot: the signature is not of this ballot's key")
	ErrBlinded   = errors.New("ballot: this is no blinded token")
	ErrKey       = errors.New("ballot: this is no key")
)

// Key is the key pair of one ballot: it signs each right to vote once, and is destroyed at the closing.
type Key struct{ private *rsa.PrivateKey }

// NewKey makes one. It takes some tenths of a second of CPU.
func NewKey() (*Key, error) {
	k, err := rsa.GenerateKey(rand.Reader, Bits)
	if err != nil {
		return nil, fmt.Errorf("ballot: %w", err)
	}
	return &Key{k}, nil
}

// Text is the key as it is sealed: the bytes of its two primes.
func (k *Key) Text() string {
	raw := make([]byte, Bits/8)
	k.private.Primes[0].FillBytes(raw[:Bits/16])
	k.private.Primes[1].FillBytes(raw[Bits/16:])
	return string(raw)
}

// ReadKey reads what [Key.Text] wrote.
func ReadKey(text string) (*Key, error) {
	raw := []byte(text)
	if len(raw) != Bits/8 {
		return nil, ErrKey
	}
	one := big.NewInt(1)
	p, q := new(big.Int).SetBytes(raw[:Bits/16]), new(big.Int).SetBytes(raw[Bits/16:])
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(exponent), phi)
	if d == nil {
		return nil, ErrKey
	}
	k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent}, D: d, Primes: []*big.Int{p, q}}
	k.Precompute()
	return &Key{k}, nil
}

// Modulus is the public half, of Bits/8 bytes; the exponent is 65537.
func (k *Key) Modulus() []byte { return k.private.N.FillBytes(make([]byte, Bits/8)) }

// Sign signs a blinded token (RFC 9474, BlindSign). The same one gets the same signature.
func (k *Key) Sign(blinded []byte) ([]byte, error) {
	if len(blinded) != Bits/8 || new(big.Int).SetBytes(blinded).Cmp(k.private.N) >= 0 {
		return nil, ErrBlinded
	}
	signature, err := blindrsa.NewSigner(k.private).BlindSign(blinded)
	if err != nil {
		return nil, fmt.Errorf("ballot: %w", err)
	}
	return signature, nil
}

// Check checks that the key has signed a token, without having seen it.
func (k *Key) Check(token, signature []byte) error {
	if len(token) != TokenSize {
		return ErrToken
	}
	v, err := blindrsa.NewVerifier(variant, &k.private.PublicKey)
	if err != nil {
		return fmt.Errorf("ballot: %w", err)
	}
	if v.Verify(token, signature) != nil {
		return ErrSignature
	}
	return nil
}

// Receipt is by which who cast a token finds that it was counted: 24 letters and digits, 120 bits of its digest. It tells the token to
// nobody.
func Receipt(token []byte) string {
	sum := sha256.Sum256(append([]byte("gonghui ballot receipt\x00"), token...))
	return base32.StdEncoding.EncodeToString(sum[:15])
}
