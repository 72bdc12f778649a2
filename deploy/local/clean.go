package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Clean forgets a state directory: it ends servers left over from an earlier run and removes the directory with the data,
// wherever that was put. It refuses while a process uses the directory, and a directory that no stack was ever started in. A
// directory that is not there is clean.
func Clean(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	h := &home{}
	defer h.close()
	var err error
	if h.dir, err = settle(dir); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(h.dir, "lock")); err != nil {
		if empty, err := isEmpty(h.dir); err != nil || !empty {
			return badDir(h.dir, errors.Join(errors.New("no servers were ever started here"), err))
		}
		return os.Remove(h.dir)
	}
	if err := h.lock(); err != nil {
		return err
	}
	at := h.away()
	if at == "" {
		return errors.Join(h.clear(h.dir), os.RemoveAll(h.dir))
	}
	err = h.holdFolder(at)
	if err == nil {
		err = errors.Join(h.clear(at), os.RemoveAll(at))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // somebody tidied up before us
		return err
	}
	return os.RemoveAll(h.dir)
}

// clear ends what still runs on the data in at, then removes it.
func (h *home) clear(at string) error {
	quiet := teller{notice: func(string, string) {}}
	for _, p := range []program{
		{name: postgresName, comm: postgresComm, dir: filepath.Join(at, postgresFolder, postgresData)},
		{name: redisName, comm: redisComm, dir: filepath.Join(at, redisFolder)},
	} {
		if real, err := filepath.EvalSymlinks(p.dir); err == nil {
			p.dir = real
		}
		p.ending = abrupt
		if err := p.evict(context.Background(), quiet); err != nil {
			return err
		}
	}
	for _, name := range servers {
		if err := os.RemoveAll(filepath.Join(at, name)); err != nil {
			return err
		}
	}
	return nil
}
