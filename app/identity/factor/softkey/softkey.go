// Package softkey is an authenticator in software: it makes passkeys and signs with them as a browser and a security key together
// do (Web Authentication Level 3). It is for tests, which drive the product without a browser.
package softkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/fxamacker/cbor/v2"
)

// Key is one passkey.
type Key struct {
	ID      []byte
	Handle  []byte // whose it is
	Counter uint32
	RPID    string
	private *ecdsa.PrivateKey
}

// Flags of authenticator data, 6.1: user present, user verified, attested data included.
const (
	present  = 1 << 0
	verified = 1 << 2
	attested = 1 << 6
)

var b64 = base64.RawURLEncoding

func clientData(kind, challenge, origin string) []byte {
	raw, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	return raw
}

func (k *Key) data(flags byte) []byte {
	sum := sha256.Sum256([]byte(k.RPID))
	out := append(sum[:], flags)
	return binary.BigEndian.AppendUint32(out, k.Counter)
}

// Create answers the options of a registration on a page of the origin with a new passkey.
func Create(options, origin string) (*Key, string, error) {
	var o struct {
		Challenge string
		RP        struct{ ID string }
		User      struct{ ID string }
	}
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return nil, "", err
	}
	handle, err := b64.DecodeString(o.User.ID)
	if err != nil {
		return nil, "", err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, "", err
	}
	k := &Key{ID: make([]byte, 32), Handle: handle, Counter: 1, RPID: o.RP.ID, private: private}
	_, _ = rand.Read(k.ID)
	point, err := private.PublicKey.Bytes()
	if err != nil {
		return nil, "", err
	}
	// COSE_Key of an EC2 key for ES256, RFC 9053.
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		return nil, "", err
	}
	data := k.data(present | verified | attested)
	data = append(data, make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.ID)))
	data = append(append(data, k.ID...), public...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		return nil, "", err
	}
	raw, err := json.Marshal(map[string]any{
		"id": b64.EncodeToString(k.ID), "rawId": b64.EncodeToString(k.ID), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{
			"clientDataJSON":    b64.EncodeToString(clientData("webauthn.create", o.Challenge, origin)),
			"attestationObject": b64.EncodeToString(object), "transports": []string{"internal"},
		},
	})
	return k, string(raw), err
}

// ErrNotAsked is returned by Sign when the options do not allow the passkey.
var ErrNotAsked = errors.New("softkey: the passkey is not asked for")

// Sign answers the options of an assertion on a page of the origin. The counter goes up by one.
func (k *Key) Sign(options, origin string) (string, error) {
	var o struct {
		Challenge        string
		AllowCredentials []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return "", err
	}
	allowed := len(o.AllowCredentials) == 0
	for _, c := range o.AllowCredentials {
		id, err := b64.DecodeString(c.ID)
		allowed = allowed || err == nil && bytes.Equal(id, k.ID)
	}
	if !allowed {
		return "", ErrNotAsked
	}
	k.Counter++
	data, client := k.data(present|verified), clientData("webauthn.get", o.Challenge, origin)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, signed[:])
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(map[string]any{
		"id": b64.EncodeToString(k.ID), "rawId": b64.EncodeToString(k.ID), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{
			"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
			"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(k.Handle),
		},
	})
	return string(raw), err
}
