// Package srtp encrypts and decrypts RTP and RTCP (RFC 3711, RFC 7714) with keys agreed on by DTLS (RFC 5764). It encrypts from
// the packet cache straight into the buffer that is sent, without a copy and without an allocation, and it never uses a nonce
// twice, whatever it is asked for: with GCM one repetition would give the key away.
package srtp

import (
	"bytes"
	"crypto/aes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"sync"

	"github.com/pion/dtls/v3/pkg/crypto/prf"
)

// Profile is a protection profile by its number in DTLS.
type Profile uint16

// Profiles that are offered, best first: the GCM ones cost a sixth of the other's time.
const (
	AES128GCM   Profile = 0x0007
	AES256GCM   Profile = 0x0008
	AES128CMSHA Profile = 0x0001 // with a tag of 80 bits; what every endpoint has
)

// Overhead is how much longer than the packet an encrypted one is at most: a tag, and RTCP's index.
const Overhead = 20

// ErrProfile says that a profile is none of ours.
var ErrProfile = errors.New("srtp: no such protection profile")

func (p Profile) lengths() (key, salt int, err error) {
	switch p {
	case AES128GCM:
		return 16, 12, nil
	case AES256GCM:
		return 32, 12, nil
	case AES128CMSHA:
		return 16, 14, nil
	}
	return 0, 0, fmt.Errorf("%w: %#04x", ErrProfile, uint16(p))
}

// Keys are the master keys and salts of both directions.
type Keys struct {
	ClientKey, ServerKey, ClientSalt, ServerSalt []byte
}

// Split cuts what DTLS exports into keys, in the order of RFC 5764 section 4.2.
func (p Profile) Split(material []byte) (Keys, error) {
	k, s, err := p.lengths()
	if err != nil {
		return Keys{}, err
	}
	if len(material) != 2*(k+s) {
		return Keys{}, fmt.Errorf("srtp: %d bytes of keys, not %d", len(material), 2*(k+s))
	}
	cut := func(n int) []byte {
		out := material[:n:n]
		material = material[n:]
		return out
	}
	return Keys{cut(k), cut(k), cut(s), cut(s)}, nil
}

// derive is the key derivation of RFC 3711 section 4.3 with a rate of 0.
func derive(label byte, key, salt []byte, n int) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	var in [16]byte
	copy(in[:14], salt)
	in[7] ^= label
	out := make([]byte, (n+15)/16*16)
	for i := 0; i < len(out); i += 16 {
		in[14], in[15] = byte(i/16>>8), byte(i/16)
		block.Encrypt(out[i:], in[:])
	}
	return out[:n], nil
}

// Exporter finds the keys of a DTLS 1.2 connection in which we are the server from what passes by during its handshake: the line
// of the key log (the client's random number and the master secret) and the server's random number. It holds for cipher suites
// that hash by SHA-256. The zero value is ready; it may be written to from any goroutine.
type Exporter struct {
	mu           sync.Mutex
	client       []byte
	master       []byte
	server       []byte
	profile      Profile
	serverHello  bool
	masterSecret bool
}

// Write takes a line of the key log.
func (e *Exporter) Write(line []byte) (int, error) {
	f := bytes.Fields(line)
	if len(f) == 3 && string(f[0]) == "CLIENT_RANDOM" {
		client, err := hex.DecodeString(string(f[1]))
		master, err2 := hex.DecodeString(string(f[2]))
		if err == nil && err2 == nil {
			e.mu.Lock()
			e.client, e.master, e.masterSecret = client, master, true
			e.mu.Unlock()
		}
	}
	return len(line), nil
}

// Hello takes the server's random number and the profile that it chose.
func (e *Exporter) Hello(random [32]byte, profile Profile) {
	e.mu.Lock()
	e.server, e.profile, e.serverHello = random[:], profile, true
	e.mu.Unlock()
}

// Keys are the keys of the connection, and are forgotten by this; an error when the handshake has not passed by.
func (e *Exporter) Keys() (Profile, Keys, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.serverHello || !e.masterSecret {
		return 0, Keys{}, errors.New("srtp: the handshake has not come to its keys")
	}
	k, s, err := e.profile.lengths()
	if err != nil {
		return 0, Keys{}, err
	}
	seed := append(append([]byte("EXTRACTOR-dtls_srtp"), e.client...), e.server...)
	material, err := prf.PHash(e.master, seed, 2*(k+s), func() hash.Hash { return sha256.New() })
	if err != nil {
		return 0, Keys{}, fmt.Errorf("srtp: exporting keys: %w", err)
	}
	clear(e.master)
	e.master, e.masterSecret = nil, false
	keys, err := e.profile.Split(material)
	return e.profile, keys, err
}
