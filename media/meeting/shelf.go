package meeting

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/google/uuid"

	"gonghui/tenant"
)

// shelf is the folder of this machine in which tapes lie until they are in the store: a folder a segment. Who writes on a tape, or stores
// it, holds a lock on its folder, which ends with the process: what nobody holds was left by one that went down.
type shelf struct{ dir string }

// shelfFromEnv is the folder of GONGHUI_TAPES, or else tapes in GONGHUI_DIR.
func shelfFromEnv() shelf {
	dir := os.Getenv("GONGHUI_TAPES")
	if dir == "" {
		if dir = os.Getenv("GONGHUI_DIR"); dir == "" {
			dir = ".run"
		}
		dir = filepath.Join(dir, "tapes")
	}
	return shelf{dir}
}

// place is a tape on the shelf, locked.
type place struct {
	Body      uuid.UUID `json:"body"`
	Code      string    `json:"code"`
	Name      string    `json:"name"`
	Meeting   uuid.UUID `json:"meeting"`
	Recording uuid.UUID `json:"recording"`
	Segment   int       `json:"segment"`

	dir  string
	lock *os.File
}

const placeFile = "place.json"

// tape is the folder of the tape itself.
func (p *place) tape() string { return filepath.Join(p.dir, "tape") }

func (p *place) tenant() *tenant.Tenant {
	return &tenant.Tenant{ID: p.Body, Code: p.Code, Name: p.Name, Active: true}
}

// put makes a place for a tape.
func (s shelf) put(p *place) error {
	p.dir = filepath.Join(s.dir, p.Recording.String()+"."+strconv.Itoa(p.Segment))
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return fmt.Errorf("meeting: a place for a tape: %w", err)
	}
	if held, err := p.hold(); err != nil || !held {
		return fmt.Errorf("meeting: a place for a tape: held %t, %w", held, err)
	}
	raw, err := json.Marshal(p)
	if err == nil {
		err = os.WriteFile(filepath.Join(p.dir, placeFile), raw, 0o600)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("meeting: a place for a tape: %w", err), p.clear())
	}
	return nil
}

// hold takes the lock; false when somebody else has it.
func (p *place) hold() (bool, error) {
	f, err := os.OpenFile(filepath.Join(p.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return false, nil
		}
		return false, err
	}
	p.lock = f
	return true, nil
}

// release leaves the tape to whoever stores it later.
func (p *place) release() {
	if p.lock != nil {
		_ = p.lock.Close()
		p.lock = nil
	}
}

// clear takes the tape off the shelf.
func (p *place) clear() error {
	err := os.RemoveAll(p.dir)
	p.release()
	return err
}

// left are the tapes that nobody holds, held now.
func (s shelf) left() (out []*place, err error) {
	all, err := os.ReadDir(s.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("meeting: tapes: %w", err)
	}
	for _, e := range all {
		p := &place{dir: filepath.Join(s.dir, e.Name())}
		raw, err := os.ReadFile(filepath.Join(p.dir, placeFile))
		if err != nil || json.Unmarshal(raw, p) != nil {
			continue // being made, or not ours
		}
		if held, err := p.hold(); err != nil || !held {
			continue
		}
		if _, err := os.Stat(filepath.Join(p.dir, placeFile)); err != nil {
			p.release() // cleared while it was read
			continue
		}
		out = append(out, p)
	}
	return out, nil
}
