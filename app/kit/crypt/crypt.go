// Package crypt seals personal data with keys from a file.
//
// A sealed text reads "kid|A|data": the id of its key, the algorithm (A is AES-256-GCM), and base64url of nonce and
// ciphertext. The column it was made for is bound to it as associated data, so a text moved to another column does not open.
package crypt

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// CheckEvery bounds how often the key file is looked at for a rotation by another process: so long after a rotation some
// texts may still be sealed with the key before.
const CheckEvery = time.Second

// ErrSealed is returned for a text that does not open: not sealed, sealed for another column, changed, or of an unknown key.
var ErrSealed = errors.New("crypt: the text does not open")

var encoding = base64.RawURLEncoding

// Ring is a key file in use. It follows the file: after a rotation every process uses the new key within a second.
type Ring struct {
	path    string
	keys    atomic.Pointer[keys]
	mu      sync.Mutex   // held while the file is read
	checked atomic.Int64 // Unix time in ns of the last look at the file
}

// keys is what one version of the file holds.
type keys struct {
	current string
	aead    map[string]cipher.AEAD
	digest  []byte
	secret  []byte
	modTime time.Time
	size    int64
}

// Create makes a new key file and opens it. It never overwrites one.
func Create(path string) (*Ring, error) {
	f, err := newFile()
	if err != nil {
		return nil, err
	}
	if err := f.create(path); err != nil {
		return nil, err
	}
	return Load(path)
}

// Load opens a key file. A file that others than its owner may touch is refused.
func Load(path string) (*Ring, error) {
	k, err := read(path)
	if err != nil {
		return nil, err
	}
	r := &Ring{path: path}
	r.keys.Store(k)
	r.checked.Store(time.Now().UnixNano())
	return r, nil
}

// Rotate adds a key to the file and makes it the current one. Old texts stay readable; digests and the secret stay as
// they are.
func Rotate(path string) (*Ring, error) {
	if err := rotate(path); err != nil {
		return nil, err
	}
	return Load(path)
}

// Seal encrypts plain for the column named where: "member.phone".
func (r *Ring) Seal(where, plain string) string {
	k := r.inUse()
	a := k.aead[k.current]
	head := k.current + "|A|"
	buf := make([]byte, a.NonceSize(), a.NonceSize()+len(plain)+a.Overhead())
	_, _ = rand.Read(buf) // never fails: it ends the program instead
	return head + encoding.EncodeToString(a.Seal(buf, buf, []byte(plain), []byte(head+where)))
}

// Open decrypts what Seal made for the same column, with whichever key of the file.
func (r *Ring) Open(where, sealed string) (string, error) {
	kid, rest, ok := strings.Cut(sealed, "|")
	data, isA := strings.CutPrefix(rest, "A|")
	if !ok || !isA {
		return "", ErrSealed
	}
	a := r.inUse().aead[kid]
	if a == nil {
		// The key may be younger than our last look at the file.
		r.reload()
		if a = r.keys.Load().aead[kid]; a == nil {
			return "", fmt.Errorf("%w: no key %q", ErrSealed, kid)
		}
	}
	raw, err := encoding.DecodeString(data)
	if err != nil || len(raw) < a.NonceSize() {
		return "", ErrSealed
	}
	plain, err := a.Open(nil, raw[:a.NonceSize()], raw[a.NonceSize():], []byte(kid+"|A|"+where))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

// Digest is HMAC-SHA256 of plain under the file's digest key, 43 characters of base64url. It is the same before and after
// a rotation, and different for every purpose.
func (r *Ring) Digest(purpose, plain string) string {
	mac := hmac.New(sha256.New, r.inUse().digest)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(plain))
	return encoding.EncodeToString(mac.Sum(nil))
}

// Current reports whether sealed was made with the key in use.
func (r *Ring) Current(sealed string) bool {
	kid, _, ok := strings.Cut(sealed, "|")
	return ok && kid == r.inUse().current
}

// Secret is the stable secret from which passwords of database logins come.
func (r *Ring) Secret() []byte { return append([]byte(nil), r.inUse().secret...) }

func (r *Ring) inUse() *keys {
	now := time.Now().UnixNano()
	if last := r.checked.Load(); now-last >= int64(CheckEvery) && r.checked.CompareAndSwap(last, now) {
		r.reload()
	}
	return r.keys.Load()
}

// reload reads the file when it has changed. A file that cannot be read leaves the keys in use as they are.
func (r *Ring) reload() {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.keys.Load()
	info, err := os.Stat(r.path)
	if err == nil && info.ModTime().Equal(old.modTime) && info.Size() == old.size {
		return
	}
	k, err := read(r.path)
	if err != nil {
		slog.Error("key file is not readable, the keys in use stay", "error", err)
		return
	}
	r.keys.Store(k)
}
