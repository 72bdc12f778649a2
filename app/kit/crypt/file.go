package crypt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// keySize is that of AES-256, in bytes; digest key and secret have it too.
const keySize = 32

// file is the key file as it is stored.
type file struct {
	Current string    `json:"current"`
	Keys    []fileKey `json:"keys"`
	Digest  []byte    `json:"digest"`
	Secret  []byte    `json:"secret"`
}

type fileKey struct {
	ID   string    `json:"id"`
	Key  []byte    `json:"key"`
	Made time.Time `json:"made"`
}

func newFile() (*file, error) {
	f := &file{Digest: random(keySize), Secret: random(keySize)}
	return f, f.addKey()
}

// addKey makes a new key the current one.
func (f *file) addKey() error {
	k := fileKey{ID: hex.EncodeToString(random(4)), Key: random(keySize), Made: time.Now().UTC().Truncate(time.Second)}
	for _, old := range f.Keys {
		if old.ID == k.ID {
			return fmt.Errorf("crypt: key id %s came up twice", k.ID)
		}
	}
	f.Keys = append(f.Keys, k)
	f.Current = k.ID
	return nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	return b
}

func readFile(path string) (*file, fs.FileInfo, error) {
	h, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("crypt: %w", err)
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("crypt: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, nil, fmt.Errorf("crypt: key file %s has mode %04o, want 0600", path, mode)
	}
	f := &file{}
	if err := json.NewDecoder(h).Decode(f); err != nil {
		return nil, nil, fmt.Errorf("crypt: key file %s: %w", path, err)
	}
	return f, info, nil
}

// read opens a key file for use.
func read(path string) (*keys, error) {
	f, info, err := readFile(path)
	if err != nil {
		return nil, err
	}
	k := &keys{
		current: f.Current, aead: map[string]cipher.AEAD{}, digest: f.Digest, secret: f.Secret,
		modTime: info.ModTime(), size: info.Size(),
	}
	for _, key := range f.Keys {
		if len(key.Key) != keySize {
			return nil, fmt.Errorf("crypt: key %s has %d bytes, want %d", key.ID, len(key.Key), keySize)
		}
		block, err := aes.NewCipher(key.Key)
		if err != nil {
			return nil, fmt.Errorf("crypt: key %s: %w", key.ID, err)
		}
		if k.aead[key.ID], err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("crypt: key %s: %w", key.ID, err)
		}
	}
	if k.aead[k.current] == nil || len(k.digest) != keySize || len(k.secret) != keySize {
		return nil, fmt.Errorf("crypt: key file %s is not complete", path)
	}
	return k, nil
}

// create writes a file that must not exist yet.
func (f *file) create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("crypt: %w", err)
	}
	return f.write(path)
}

// rotate writes the next version beside the file and puts it in the file's place. The name of the next version is also
// the lock: of two rotations at once, one is refused.
func rotate(path string) error {
	next := path + ".next"
	h, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("crypt: %s exists: another rotation runs or was broken off", next)
	}
	if err != nil {
		return fmt.Errorf("crypt: %w", err)
	}
	err = func() error {
		defer h.Close()
		f, _, err := readFile(path)
		if err != nil {
			return err
		}
		if err := f.addKey(); err != nil {
			return err
		}
		return f.encode(h)
	}()
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return syncDir(path)
}

func (f *file) write(path string) error {
	h, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("crypt: %w", err)
	}
	err = f.encode(h)
	if cerr := h.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return errors.Join(fmt.Errorf("crypt: %w", err), os.Remove(path))
	}
	return syncDir(path)
}

// encode writes the file through to the disk: a key that is lost is data that is lost.
func (f *file) encode(h *os.File) error {
	enc := json.NewEncoder(h)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		return err
	}
	return h.Sync()
}

func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("crypt: %w", err)
	}
	defer d.Close()
	return d.Sync()
}
