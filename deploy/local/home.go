package local

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// elsewhere is where data goes when the servers' account cannot enter the state directory.
const (
	elsewhere       = "/var/tmp"
	elsewherePrefix = "gonghui-"
)

// servers names the folders inside a state directory that belong to the servers' account.
var servers = []string{postgresFolder, redisFolder}

// home is a state directory that this process has locked.
type home struct {
	dir   string // absolute, without symbolic links
	as    account
	locks []*os.File
}

// openHome locks dir and makes sure that its data folders can be used by the account of the servers.
func openHome(dir string, say teller) (_ *home, err error) {
	as, err := runAs()
	if err != nil {
		return nil, err
	}
	h := &home{as: as}
	if h.dir, err = settle(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if err := h.lock(); err != nil {
		return nil, err
	}
	if away := h.away(); away != "" {
		return h, h.settleAway(away)
	}
	if h.as.reaches(h.dir) && h.ownAll(h.dir) == nil {
		return h, nil
	}
	for _, name := range servers {
		if empty, err := isEmpty(filepath.Join(h.dir, name)); err != nil {
			return nil, badDir(h.dir, err)
		} else if !empty {
			return nil, badDir(h.dir, fmt.Errorf("user %s cannot use the data in %s", h.as.name, filepath.Join(h.dir, name)))
		}
	}
	away := awayOf(h.dir)
	if err := h.settleAway(away); err != nil {
		return nil, err
	}
	for _, name := range servers {
		link := filepath.Join(h.dir, name)
		if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, badDir(h.dir, err)
		}
		if err := os.Symlink(filepath.Join(away, name), link); err != nil {
			return nil, badDir(h.dir, err)
		}
	}
	say.placedElsewhere(h.dir, away, h.as.name)
	return h, nil
}

// settle makes dir and returns its one true path, which names it in the lock and in the hash.
func settle(dir string) (string, error) {
	if dir == "" {
		return "", badDir(dir, errors.New("no directory given"))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", badDir(dir, err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return "", badDir(dir, err)
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", badDir(dir, err)
	}
	return abs, nil
}

func (h *home) lock() error {
	f, err := os.OpenFile(filepath.Join(h.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return badDir(h.dir, err)
	}
	if err := h.hold(f); err != nil {
		return err
	}
	// The number is only for the message that a second process prints.
	if err := f.Truncate(0); err != nil {
		return badDir(h.dir, err)
	}
	_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// hold keeps f locked until close; the kernel lets go of it when the process dies in whatever way.
func (h *home) hold(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return badDir(h.dir, err)
		}
		zh, en := h.dir+" 正被另一个进程使用", h.dir+" is in use by another process"
		text, _ := os.ReadFile(filepath.Join(h.dir, "lock"))
		if pid := strings.TrimSpace(string(text)); pid != "" {
			zh, en = zh+"（进程号 "+pid+"）", en+" (pid "+pid+")"
		}
		return &Error{Reason: ReasonInUse, Zh: zh, En: en}
	}
	h.locks = append(h.locks, f)
	return nil
}

// holdFolder locks the place of the data itself, for there may be two links to it. The lock also keeps cleaners of temporary
// files out while the servers run, tmpfiles.d(5).
func (h *home) holdFolder(at string) error {
	f, err := os.Open(at)
	if err != nil {
		return badDir(at, err)
	}
	return h.hold(f)
}

func (h *home) close() {
	for _, f := range h.locks {
		// A child that is just being started holds the file, too: closing alone would let go of it only when that child is itself.
		_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
		f.Close()
	}
	h.locks = nil
}

// awayOf is the place outside dir that belongs to dir alone.
func awayOf(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(elsewhere, elsewherePrefix+hex.EncodeToString(sum[:8]))
}

// away answers where the links of the directory lead, or "" when its data lies in it.
func (h *home) away() string {
	for _, name := range servers {
		target, err := os.Readlink(filepath.Join(h.dir, name))
		if err != nil {
			continue
		}
		at := filepath.Dir(target)
		if filepath.Dir(at) == elsewhere && strings.HasPrefix(filepath.Base(at), elsewherePrefix) {
			return at
		}
	}
	return ""
}

// settleAway makes the place, or takes it back when it is really ours: anyone may write in the folder that holds it.
func (h *home) settleAway(at string) error {
	linked := h.away() == at
	if err := os.Mkdir(at, 0o711); err != nil && !errors.Is(err, fs.ErrExist) {
		return badDir(at, err)
	}
	info, err := os.Lstat(at)
	if err != nil {
		return badDir(at, err)
	}
	if !info.IsDir() || owner(info) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return badDir(at, errors.New("it belongs to somebody else"))
	}
	if err := h.holdFolder(at); err != nil {
		return err
	}
	if err := os.Chmod(at, 0o711); err != nil { // umask
		return badDir(at, err)
	}
	if !linked {
		// Remains of a state directory that was deleted by hand, with the passwords to them.
		if err := h.clear(at); err != nil {
			return badDir(at, err)
		}
	}
	if err := h.ownAll(at); err != nil {
		return badDir(at, err)
	}
	return nil
}

func (h *home) ownAll(at string) error {
	for _, name := range servers {
		if err := h.as.own(filepath.Join(at, name)); err != nil {
			return err
		}
	}
	return nil
}

// data is the true path of a server's data folder.
func (h *home) data(name string) (string, error) {
	path, err := filepath.EvalSymlinks(filepath.Join(h.dir, name))
	if err != nil {
		return "", badDir(h.dir, err)
	}
	return path, nil
}

// password reads the secret of that name, or draws one when fresh is allowed.
func (h *home) password(name string, fresh bool) (string, error) {
	path := filepath.Join(h.dir, name+".password")
	text, err := os.ReadFile(path)
	if err == nil && len(strings.TrimSpace(string(text))) > 0 {
		return strings.TrimSpace(string(text)), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", badDir(h.dir, err)
	}
	if !fresh {
		return "", &Error{
			Reason: ReasonNoPassword,
			Zh:     "数据还在，但密码文件 " + path + " 不见了：请恢复该文件，或清除整个目录重新开始",
			En:     "the data is there but its password file " + path + " is gone: restore the file, or clean the directory to start afresh",
		}
	}
	secret := rand.Text()
	return secret, writeFile(path, []byte(secret+"\n"), 0o600)
}

// writeFile replaces path in one step: a reader sees the old text or the new.
func writeFile(path string, text []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func isEmpty(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return len(entries) == 0, err
}

func badDir(dir string, err error) error {
	return &Error{
		Reason: ReasonBadDir,
		Zh:     "目录 " + strconv.Quote(dir) + " 无法使用",
		En:     "directory " + strconv.Quote(dir) + " cannot be used",
		Err:    err,
	}
}
